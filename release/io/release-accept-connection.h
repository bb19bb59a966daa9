/* release/io/release-accept-connection.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_ACCEPT_CONNECTION (release_accept_connection_get_type ())

/**
 * ReleaseAcceptConnection:
 *
 * One client of a #ReleaseAcceptLoop.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseAcceptConnection, release_accept_connection,
                      RELEASE, ACCEPT_CONNECTION, GObject)

RELEASE_AVAILABLE_IN_ALL
int              release_accept_connection_get_fd              (ReleaseAcceptConnection   *self);
RELEASE_AVAILABLE_IN_ALL
int              release_accept_connection_steal_fd            (ReleaseAcceptConnection   *self);
RELEASE_AVAILABLE_IN_ALL
GCancellable    *release_accept_connection_get_cancellable     (ReleaseAcceptConnection   *self);
RELEASE_AVAILABLE_IN_ALL
GSocketAddress  *release_accept_connection_get_remote_address  (ReleaseAcceptConnection   *self,
                                                                GError                   **error);
RELEASE_AVAILABLE_IN_ALL
GCredentials    *release_accept_connection_get_credentials     (ReleaseAcceptConnection   *self,
                                                                GError                   **error);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_accept_connection_is_closed           (ReleaseAcceptConnection   *self);
RELEASE_AVAILABLE_IN_ALL
void             release_accept_connection_close               (ReleaseAcceptConnection   *self);

G_END_DECLS
