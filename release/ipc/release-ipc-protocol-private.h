/* release/ipc/release-ipc-protocol-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/ipc/release-ipc-protocol.h"

G_BEGIN_DECLS

/* A typed handler as data for release_ipc_protocol_serve_cb (), a ReleaseIpcServeFunc. */
gpointer  release_ipc_protocol_server_new   (const ReleaseIpcProtocol *protocol,
                                             ReleaseIpcProtocolFunc    func,
                                             gpointer                  user_data,
                                             GDestroyNotify            destroy);
void      release_ipc_protocol_server_free  (gpointer                  server);
gboolean  release_ipc_protocol_serve_cb     (ReleaseIpcChannel        *channel,
                                             ReleaseIpcInvocation     *invocation,
                                             gpointer                  server);

G_END_DECLS
