/* release/io/release-accept-loop.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/io/release-accept-connection.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_ACCEPT_LOOP (release_accept_loop_get_type ())

/**
 * ReleaseAcceptLoop:
 *
 * Listens at a socket, and hands the connections to handlers.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseAcceptLoop, release_accept_loop, RELEASE, ACCEPT_LOOP, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseAcceptLoop  *release_accept_loop_new                (GSocketAddress       *address,
                                                            GSocketType           socket_type);
RELEASE_AVAILABLE_IN_ALL
ReleaseAcceptLoop  *release_accept_loop_new_for_fd         (int                   fd);

RELEASE_AVAILABLE_IN_ALL
guint               release_accept_loop_get_n_connections  (ReleaseAcceptLoop    *self);
RELEASE_AVAILABLE_IN_ALL
GSocketAddress     *release_accept_loop_get_local_address  (ReleaseAcceptLoop    *self,
                                                            GError              **error);

RELEASE_AVAILABLE_IN_ALL
gboolean            release_accept_loop_start              (ReleaseAcceptLoop    *self,
                                                            GError              **error);
RELEASE_AVAILABLE_IN_ALL
void                release_accept_loop_stop               (ReleaseAcceptLoop    *self);
RELEASE_AVAILABLE_IN_ALL
void                release_accept_loop_stop_async         (ReleaseAcceptLoop    *self,
                                                            int                   timeout_msec,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean            release_accept_loop_stop_finish        (ReleaseAcceptLoop    *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

G_END_DECLS
