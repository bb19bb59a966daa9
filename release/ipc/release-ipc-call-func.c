/* release/ipc/release-ipc-call-func.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

/* Calls that end in a plain callback: no object is made for the request, the answer or the wait. */

/* Sends the request of @pending, (transfer full), or has the main loop refuse it. */
void
release_ipc_call_func_begin (ReleaseIpcPending *pending,
                             gconstpointer      body,
                             gsize              length,
                             GBytes            *owner,
                             int                timeout_msec,
                             GCancellable      *cancellable)
{
  GError *error = NULL;

  if (!release_ipc_pending_begin (pending, body, length, owner, timeout_msec, cancellable, &error))
    release_ipc_pending_refuse (pending, error);
}

static void
data_cb (ReleaseIpcPending *pending,
         ReleaseIpcFrame   *frame,
         const GError      *error)
{
  ReleaseIpcDataFunc callback = (ReleaseIpcDataFunc) (GCallback) pending->callback;
  gconstpointer data = NULL;
  gsize length = 0;

  if (frame != NULL)
    data = release_ipc_frame_get_body (frame, &length);
  callback (pending->channel, data, length, error, pending->user_data);
  release_ipc_pending_free (pending);
}

/**
 * release_ipc_channel_call_data: (skip)
 * @self: a #ReleaseIpcChannel
 * @data: (nullable): the request as it goes over the wire; copied if it cannot leave at once
 * @length: how many bytes
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when the call has ended
 * @user_data: data for @callback
 *
 * Asks the peer in the leanest form there is: no object is made for the
 * request, the answer or the wait. @callback is called once, from the main
 * context of the channel and never before this function has returned. The call
 * keeps @self alive. Of a large request release_ipc_channel_call_bytes_func()
 * makes no copy. Bindings use release_ipc_channel_call_bytes_async().
 *
 * Since: 0.1
 */
void
release_ipc_channel_call_data (ReleaseIpcChannel  *self,
                               gconstpointer       data,
                               gsize               length,
                               int                 timeout_msec,
                               GCancellable       *cancellable,
                               ReleaseIpcDataFunc  callback,
                               gpointer            user_data)
{
  ReleaseIpcPending *pending;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (data != NULL || length == 0);
  g_return_if_fail (callback != NULL);

  pending = release_ipc_pending_new (self, data_cb, (gpointer) (GCallback) callback, user_data);
  release_ipc_call_func_begin (pending, data, length, NULL, timeout_msec, cancellable);
}

/**
 * release_ipc_channel_call_bytes_func: (skip)
 * @self: a #ReleaseIpcChannel
 * @request: the request as it goes over the wire
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when the call has ended
 * @user_data: data for @callback
 *
 * Asks the peer, as release_ipc_channel_call_data() does, with bytes that are
 * kept, not copied, if they are large and cannot leave at once.
 *
 * Since: 0.1
 */
void
release_ipc_channel_call_bytes_func (ReleaseIpcChannel  *self,
                                     GBytes             *request,
                                     int                 timeout_msec,
                                     GCancellable       *cancellable,
                                     ReleaseIpcDataFunc  callback,
                                     gpointer            user_data)
{
  ReleaseIpcPending *pending;
  gconstpointer data;
  gsize length;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (callback != NULL);

  data = g_bytes_get_data (request, &length);
  pending = release_ipc_pending_new (self, data_cb, (gpointer) (GCallback) callback, user_data);
  release_ipc_call_func_begin (pending, data, length, request, timeout_msec, cancellable);
}
