/* release/ipc/release-ipc-memfd-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/ipc/release-ipc-descriptors-private.h"
#include "release/ipc/release-ipc-frame-private.h"

G_BEGIN_DECLS

#define RELEASE_IPC_MEMFDS_DEFAULT_MAX_N 256
#define RELEASE_IPC_MEMFDS_DEFAULT_MAX_SIZE (256 * 1024 * 1024)

/* How many payloads that came as a memfd are alive, of one channel. They count until the last user
 * lets go of their bytes, which may be in another thread, and after the channel has ended. */
typedef struct
{
  int   n;        /* atomic */
  gsize size;     /* atomic: in bytes, all together */
} ReleaseIpcMemfdTally;

/* What a channel takes. */
typedef struct
{
  guint                 max_n;
  gsize                 max_size;     /* in bytes, all together */
  gboolean              copies;       /* else they are mapped */
  ReleaseIpcMemfdTally *tally;        /* (owned): a g_atomic_rc_box */
} ReleaseIpcMemfds;

void      release_ipc_memfds_init        (ReleaseIpcMemfds       *self);
void      release_ipc_memfds_clear       (ReleaseIpcMemfds       *self);
gboolean  release_ipc_memfds_open_frame  (ReleaseIpcMemfds       *self,
                                          ReleaseIpcFrame        *frame,
                                          ReleaseIpcDescriptors  *descriptors,
                                          gsize                   max_message_size,
                                          GError                **error);
gboolean  release_ipc_memfd_copy_on      (ReleaseIpcFrame        *frame,
                                          gsize                   max,
                                          GError                **error);
void      release_ipc_memfd_drop_copy    (ReleaseIpcFrame        *frame);

G_END_DECLS
