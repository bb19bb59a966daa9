/* release/ipc/release-ipc-serials.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-serials-private.h"

#define FIRST_N_SLOTS 8

typedef struct ReleaseIpcSerialSlot Slot;

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

/* The slot of @serial, or NULL. */
static Slot *
find_slot (ReleaseIpcSerials *self,
           guint32            serial)
{
  guint mask = self->n_slots - 1;

  if (self->n_used == 0 || serial == 0)
    return NULL;

  for (guint i = serial & mask; self->slots[i].serial != 0; i = (i + 1) & mask)
    if (self->slots[i].serial == serial)
      return &self->slots[i];

  return NULL;
}

/* Whether @serial is there; @value, which may be NULL, gets its value. */
gboolean
release_ipc_serials_lookup (ReleaseIpcSerials *self,
                            guint32            serial,
                            gpointer          *value)
{
  Slot *slot = find_slot (self, serial);

  if (slot != NULL && value != NULL)
    *value = slot->value;
  return slot != NULL;
}

/* Who stands farther from its place keeps the slot, so that those behind an element that stands
 * at its place are all at theirs or beyond it. */
static void
insert (ReleaseIpcSerials *self,
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
      insert (self, old[i]);
  g_free (old);
}

/* Adds @serial, which is not 0, or changes its value. */
void
release_ipc_serials_set (ReleaseIpcSerials *self,
                         guint32            serial,
                         gpointer           value)
{
  Slot *slot = find_slot (self, serial);

  if (slot != NULL)
    {
      slot->value = value;
      return;
    }

  if (2 * (self->n_used + 1) > self->n_slots)
    grow (self);
  insert (self, (Slot) { serial, value });
  self->n_used++;
}

gboolean
release_ipc_serials_remove (ReleaseIpcSerials *self,
                            guint32            serial)
{
  Slot *slot = find_slot (self, serial);
  guint mask = self->n_slots - 1;
  guint hole, next;

  if (slot == NULL)
    return FALSE;

  /* Those behind move one up, until the first that stands at its place. */
  hole = slot - self->slots;
  while (next = (hole + 1) & mask, self->slots[next].serial != 0 && get_distance (self, next) > 0)
    {
      self->slots[hole] = self->slots[next];
      hole = next;
    }

  self->slots[hole] = (Slot) { 0 };
  self->n_used--;
  return TRUE;
}
