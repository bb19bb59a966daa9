/* release/io/release-io-fd-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <poll.h>

#include "release/io/release-io.h"

G_BEGIN_DECLS

/* Descriptors that came with bytes; they are the receiver's to close. */
typedef struct
{
  int       fds[RELEASE_IO_MAX_FDS];
  guint     n_fds;
  gboolean  is_truncated;     /* there were more than this process can open */
} ReleaseIoDescriptors;

void    release_io_close             (int                   *fd);
void    release_io_close_elsewhere   (const int             *fds,
                                      guint                  n_fds);
void    release_io_close_connection  (int                   *fd);
int     release_io_poll              (struct pollfd         *pollfd,
                                      int                    timeout_msec,
                                      GCancellable          *cancellable);
gssize  release_io_receive           (int                    fd,
                                      guint8                *out,
                                      gsize                  length,
                                      ReleaseIoDescriptors  *descriptors);

G_END_DECLS
