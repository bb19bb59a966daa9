/* release/ipc/release-ipc-descriptors-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

#include <sys/socket.h>

G_BEGIN_DECLS

/* Room for as many descriptors as the kernel passes with one message (SCM_MAX_FD). */
#define RELEASE_IPC_DESCRIPTORS_CONTROL_SIZE CMSG_SPACE (sizeof (int) * 253)

/* The most descriptors that a frame can claim. */
#define RELEASE_IPC_DESCRIPTORS_PER_FRAME 1

/* Descriptors that have arrived and that no frame has claimed yet. They come with the first byte of
 * their frame. One read may bring the rest of a frame, whose descriptors came before, and the
 * beginning of the next, with its own: there are never more than those of two frames. */
typedef struct
{
  int     fds[2 * RELEASE_IPC_DESCRIPTORS_PER_FRAME];
  guint   n;
  guint   max;          /* that one message may bring; 0: none is accepted */
  guint64 n_refused;    /* those that were closed, ever */
} ReleaseIpcDescriptors;

gboolean  release_ipc_descriptors_collect  (ReleaseIpcDescriptors  *self,
                                            struct msghdr          *message,
                                            GError                **error);
gboolean  release_ipc_descriptors_check    (ReleaseIpcDescriptors  *self,
                                            gboolean                is_between_frames,
                                            GError                **error);
int       release_ipc_descriptors_claim    (ReleaseIpcDescriptors  *self);
void      release_ipc_descriptors_refuse   (ReleaseIpcDescriptors  *self,
                                            int                     fd);
void      release_ipc_descriptors_clear    (ReleaseIpcDescriptors  *self);

G_END_DECLS
