/* release/ipc/release-ipc-serials.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-serials-private.h"

#define FIRST_N_SLOTS 8

typedef ReleaseIpcSerialSlot Slot;

void
release_ipc_serials_clear (ReleaseIpcSerials *self)
{
  g_clear_pointer (&self->slots, g_free);
  self->n_slots = self->n_used = 0;
}

/* How far the slot at @i stands behind the place where its serial belongs. */
static guint
get_distance (ReleaseIpcSerials *self,
              guint              i)
{
  return (i - self->slots[i].serial) & (self->n_slots - 1);
}

/* The slot of @serial if it does not stand at its place, or NULL. */
Slot *
release_ipc_serials_find_far (ReleaseIpcSerials *self,
                              guint32            serial)
{
  guint mask = self->n_slots - 1;

  for (guint i = serial & mask; self->slots[i].serial != 0; i = (i + 1) & mask)
    if (self->slots[i].serial == serial)
      return &self->slots[i];

  return NULL;
}

/* Who stands farther from its place keeps the slot, so that those behind an element that stands
 * at its place are all at theirs or beyond it. */
static void
place (ReleaseIpcSerials *self,
       Slot               slot)
{
  guint mask = self->n_slots - 1;
  guint i = slot.serial & mask;

  while (self->slots[i].serial != 0)
    {
      if (get_distance (self, i) < ((i - slot.serial) & mask))
        {
          Slot other = self->slots[i];

          self->slots[i] = slot;
          slot = other;
        }
      i = (i + 1) & mask;
    }
  self->slots[i] = slot;
}

static void
grow (ReleaseIpcSerials *self)
{
  Slot *old = self->slots;
  guint n_old = self->n_slots;

  self->n_slots = MAX (2 * n_old, FIRST_N_SLOTS);
  self->slots = g_new0 (Slot, self->n_slots);
  for (guint i = 0; i < n_old; i++)
    if (old[i].serial != 0)
      place (self, old[i]);
  g_free (old);
}

/* Adds @serial, which is neither 0 nor there. */
void
release_ipc_serials_insert_far (ReleaseIpcSerials *self,
                                guint32            serial,
                                gpointer           value)
{
  if (2 * (self->n_used + 1) > self->n_slots)
    grow (self);
  place (self, (Slot) { serial, value });
  self->n_used++;
}

/* Adds @serial, which is not 0, or changes its value. */
void
release_ipc_serials_set (ReleaseIpcSerials *self,
                         guint32            serial,
                         gpointer           value)
{
  Slot *slot = release_ipc_serials_find (self, serial);

  if (slot != NULL)
    slot->value = value;
  else
    release_ipc_serials_insert (self, serial, value);
}

/* Empties @hole. Those behind it move one up, until the first that stands at its place. */
void
release_ipc_serials_close_gap (ReleaseIpcSerials *self,
                               Slot              *hole)
{
  guint mask = self->n_slots - 1;
  guint at = hole - self->slots;
  guint next;

  while (next = (at + 1) & mask, self->slots[next].serial != 0 && get_distance (self, next) > 0)
    {
      self->slots[at] = self->slots[next];
      at = next;
    }

  self->slots[at] = (Slot) { 0 };
  self->n_used--;
}
