/* release/io/release-io-listener-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A listening socket. One at a path holds a lock file, from before the bind until after the removal
 * of both files. */
typedef struct _ReleaseIoListener ReleaseIoListener;

ReleaseIoListener *release_io_listener_new              (const char         *path,
                                                         guint               mode,
                                                         int                 backlog,
                                                         GError            **error);
ReleaseIoListener *release_io_listener_new_for_address  (GSocketAddress     *address,
                                                         GSocketType         type,
                                                         guint               mode,
                                                         int                 backlog,
                                                         GError            **error);
ReleaseIoListener *release_io_listener_new_for_fd       (int                 fd,
                                                         GError            **error);
void               release_io_listener_free             (ReleaseIoListener  *self);
int                release_io_listener_get_fd           (ReleaseIoListener  *self);
int                release_io_listener_get_socket_type  (ReleaseIoListener  *self);
int                release_io_listener_steal_fd         (ReleaseIoListener  *self);
char              *release_io_listener_make_absolute    (const char         *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseIoListener, release_io_listener_free)

G_END_DECLS
