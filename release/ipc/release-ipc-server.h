/* release/ipc/release-ipc-server.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/ipc/release-ipc-channel.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_IPC_SERVER (release_ipc_server_get_type ())

/**
 * ReleaseIpcServer:
 *
 * A control socket.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseIpcServer, release_ipc_server, RELEASE, IPC_SERVER, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseIpcServer  *release_ipc_server_new                      (const char         *path,
                                                                ReleaseIpcCodec    *codec);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcServer  *release_ipc_server_new_for_fd               (int                 fd,
                                                                ReleaseIpcCodec    *codec);

RELEASE_AVAILABLE_IN_ALL
const char        *release_ipc_server_get_path                 (ReleaseIpcServer   *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec   *release_ipc_server_get_codec                (ReleaseIpcServer   *self);
RELEASE_AVAILABLE_IN_ALL
guint              release_ipc_server_get_n_connections        (ReleaseIpcServer   *self);

RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_server_start                    (ReleaseIpcServer   *self,
                                                                GError            **error);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_server_stop                     (ReleaseIpcServer   *self);

G_END_DECLS
