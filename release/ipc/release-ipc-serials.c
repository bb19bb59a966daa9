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

/* The slot of @serial, or the empty one where it belongs. There is always an empty one. */
static Slot *
find_slot (ReleaseIpcSerials *self,
           guint32            serial)
{
  guint mask = self->n_slots - 1;
  guint i = serial & mask;

  while (self->slots[i].serial != 0 && self->slots[i].serial != serial)
    i = (i + 1) & mask;

  return &self->slots[i];
}

/* Whether @serial is there; @value, which may be NULL, gets its value. */
gboolean
release_ipc_serials_lookup (ReleaseIpcSerials *self,
                            guint32            serial,
                            gpointer          *value)
{
  Slot *slot;

  if (self->n_used == 0 || serial == 0)
    return FALSE;

  slot = find_slot (self, serial);
  if (slot->serial == 0)
    return FALSE;

  if (value != NULL)
    *value = slot->value;
  return TRUE;
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
      *find_slot (self, old[i].serial) = old[i];
  g_free (old);
}

/* Adds @serial, which is not 0, or changes its value. */
void
release_ipc_serials_set (ReleaseIpcSerials *self,
                         guint32            serial,
                         gpointer           value)
{
  Slot *slot;

  if (2 * (self->n_used + 1) > self->n_slots)
    grow (self);

  slot = find_slot (self, serial);
  if (slot->serial == 0)
    self->n_used++;
  slot->serial = serial;
  slot->value = value;
}

gboolean
release_ipc_serials_remove (ReleaseIpcSerials *self,
                            guint32            serial)
{
  guint mask = self->n_slots - 1;
  guint hole;

  if (!release_ipc_serials_lookup (self, serial, NULL))
    return FALSE;

  /* Whoever was pushed past the hole moves back into it, so that a probe still finds it. */
  hole = find_slot (self, serial) - self->slots;
  for (guint i = (hole + 1) & mask; self->slots[i].serial != 0; i = (i + 1) & mask)
    {
      guint home = self->slots[i].serial & mask;

      if (((i - home) & mask) >= ((i - hole) & mask))
        {
          self->slots[hole] = self->slots[i];
          hole = i;
        }
    }

  self->slots[hole].serial = 0;
  self->slots[hole].value = NULL;
  self->n_used--;
  return TRUE;
}
