/* release/ipc/release-ipc-serials-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is open in one direction, by serial: a hash table with linear probing (Robin Hood), made
 * for serials that count up: then all stand at their places, and each step is a single look. A
 * serial can be there with no value: then it is known, and that is all. */
typedef struct
{
  struct ReleaseIpcSerialSlot
  {
    guint32   serial;    /* 0: empty */
    gpointer  value;     /* (nullable) */
  }       *slots;        /* (nullable) */
  guint    n_slots;      /* a power of two */
  guint    n_used;
} ReleaseIpcSerials;

typedef struct ReleaseIpcSerialSlot ReleaseIpcSerialSlot;

void                   release_ipc_serials_clear      (ReleaseIpcSerials     *self);
void                   release_ipc_serials_set        (ReleaseIpcSerials     *self,
                                                       guint32                serial,
                                                       gpointer               value);

/* What the inline functions leave to others: serials that do not stand at their places. */
ReleaseIpcSerialSlot  *release_ipc_serials_find_far   (ReleaseIpcSerials     *self,
                                                       guint32                serial);
void                   release_ipc_serials_insert_far (ReleaseIpcSerials     *self,
                                                       guint32                serial,
                                                       gpointer               value);
void                   release_ipc_serials_close_gap  (ReleaseIpcSerials     *self,
                                                       ReleaseIpcSerialSlot  *hole);

/* The slot of @serial, or NULL. */
static inline ReleaseIpcSerialSlot *
release_ipc_serials_find (ReleaseIpcSerials *self,
                          guint32            serial)
{
  ReleaseIpcSerialSlot *home;

  if (self->n_used == 0 || serial == 0)
    return NULL;

  home = &self->slots[serial & (self->n_slots - 1)];
  if (home->serial == serial)
    return home;
  return home->serial == 0 ? NULL : release_ipc_serials_find_far (self, serial);
}

/* Whether @serial is there; @value, which may be NULL, gets its value. */
static inline gboolean
release_ipc_serials_lookup (ReleaseIpcSerials *self,
                            guint32            serial,
                            gpointer          *value)
{
  ReleaseIpcSerialSlot *slot = release_ipc_serials_find (self, serial);

  if (slot != NULL && value != NULL)
    *value = slot->value;
  return slot != NULL;
}

/* Adds @serial, which is neither 0 nor there. */
static inline void
release_ipc_serials_insert (ReleaseIpcSerials *self,
                            guint32            serial,
                            gpointer           value)
{
  ReleaseIpcSerialSlot *home = NULL;

  if (2 * (self->n_used + 1) <= self->n_slots)
    home = &self->slots[serial & (self->n_slots - 1)];
  if (home == NULL || home->serial != 0)
    {
      release_ipc_serials_insert_far (self, serial, value);
      return;
    }

  home->serial = serial;
  home->value = value;
  self->n_used++;
}

/* Adds @serial, which is not 0, unless it is there. */
static inline gboolean
release_ipc_serials_add (ReleaseIpcSerials *self,
                         guint32            serial,
                         gpointer           value)
{
  if (release_ipc_serials_find (self, serial) != NULL)
    return FALSE;

  release_ipc_serials_insert (self, serial, value);
  return TRUE;
}

/* As release_ipc_serials_lookup (), and removes it. */
static inline gboolean
release_ipc_serials_steal (ReleaseIpcSerials *self,
                           guint32            serial,
                           gpointer          *value)
{
  ReleaseIpcSerialSlot *slot = release_ipc_serials_find (self, serial);
  guint mask = self->n_slots - 1;
  guint next;

  if (slot == NULL)
    return FALSE;

  if (value != NULL)
    *value = slot->value;
  next = (slot - self->slots + 1) & mask;
  if (self->slots[next].serial == 0 || (self->slots[next].serial & mask) == next)
    {
      slot->serial = 0;
      slot->value = NULL;
      self->n_used--;
    }
  else
    {
      release_ipc_serials_close_gap (self, slot);
    }
  return TRUE;
}

static inline gboolean
release_ipc_serials_remove (ReleaseIpcSerials *self,
                            guint32            serial)
{
  return release_ipc_serials_steal (self, serial, NULL);
}

G_END_DECLS
