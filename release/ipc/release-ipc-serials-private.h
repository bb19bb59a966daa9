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

void      release_ipc_serials_clear   (ReleaseIpcSerials  *self);
gboolean  release_ipc_serials_lookup  (ReleaseIpcSerials  *self,
                                       guint32             serial,
                                       gpointer           *value);
void      release_ipc_serials_set     (ReleaseIpcSerials  *self,
                                       guint32             serial,
                                       gpointer            value);
gboolean  release_ipc_serials_remove  (ReleaseIpcSerials  *self,
                                       guint32             serial);

G_END_DECLS
