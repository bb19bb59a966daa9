/* release/ipc/release-ipc-passed-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RELEASE_IPC_PASSED_MAX 32

/* The descriptors that were sent and may not have been read yet, the oldest first. Each keeps its
 * payload in memory, whoever else has let go of it. */
typedef struct
{
  gsize sizes[RELEASE_IPC_PASSED_MAX];    /* a ring: in bytes, of the payloads */
  guint first;
  guint n;
  gsize size;                             /* of all together */
} ReleaseIpcPassed;

gboolean  release_ipc_passed_has_room  (ReleaseIpcPassed  *self,
                                        int                socket,
                                        gsize              size);
void      release_ipc_passed_add       (ReleaseIpcPassed  *self,
                                        gsize              size);
gssize    release_ipc_passed_send      (int                socket,
                                        int                fd,
                                        gconstpointer      data,
                                        gsize              length);

G_END_DECLS
