/* release/ipc/release-ipc-call-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/ipc/release-ipc-channel.h"

G_BEGIN_DECLS

/* An asynchronous call: the request that waits and the GAsyncResult of its callback in one object.
 * A GTask would cost more than all the rest of the call. It behaves as one: the callback runs in
 * the main context of the channel and never before the function that began the call has returned,
 * and the result may be finished in the callback or later, by whoever has a reference, in any
 * thread. */
#define RELEASE_TYPE_IPC_CALL (release_ipc_call_get_type ())
G_DECLARE_FINAL_TYPE (ReleaseIpcCall, release_ipc_call, RELEASE, IPC_CALL, GObject)

ReleaseIpcCall  *release_ipc_call_new          (ReleaseIpcChannel    *channel,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data,
                                                gpointer              tag);
void             release_ipc_call_begin        (ReleaseIpcCall       *self,
                                                gconstpointer         data,
                                                gsize                 length,
                                                GBytes               *owner,
                                                int                   timeout_msec,
                                                GCancellable         *cancellable);
void             release_ipc_call_refuse       (ReleaseIpcCall       *self,
                                                GError               *error);
ReleaseIpcCall  *release_ipc_call_finish       (ReleaseIpcChannel    *channel,
                                                GAsyncResult         *result,
                                                gpointer              tag,
                                                GError              **error);

/* The answer of what release_ipc_call_finish () returned, valid until the end of the callback. */
gconstpointer    release_ipc_call_get_data     (ReleaseIpcCall       *self,
                                                gsize                *length);
GBytes          *release_ipc_call_get_bytes    (ReleaseIpcCall       *self);
GBytes          *release_ipc_call_share_bytes  (ReleaseIpcCall       *self);

G_END_DECLS
