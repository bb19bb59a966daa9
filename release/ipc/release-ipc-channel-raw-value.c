/* release/ipc/release-ipc-channel-raw-value.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-channel-raw.h"

#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-core-private.h"

/* Writes a value that may not fit the codec. @task: (transfer full) */
static void
write_value_task (ReleaseIpcChannel *self,
                  GTask             *task,
                  const GValue      *value,
                  GBytes          *(*encode) (ReleaseIpcCodec *, const GValue *, GError **),
                  int                timeout_msec)
{
  GError *error = NULL;
  g_autoptr(GBytes) bytes = release_ipc_codec_encode_value (self->codec, value, encode, &error);

  if (bytes != NULL)
    {
      release_ipc_raw_write (self, task, bytes, timeout_msec);
    }
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

/**
 * release_ipc_channel_read_request:
 * @self: a #ReleaseIpcChannel
 * @request: (out caller-allocates) (optional): a zero-filled value for the request
 * @timeout_msec: how long to wait for a message, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Reads one message and decodes it as a request: the OCaml library's
 * `read_request`. Fails as release_ipc_channel_read() does, and as the codec
 * says.
 *
 * Returns: %TRUE if a request was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_read_request (ReleaseIpcChannel  *self,
                                  GValue             *request,
                                  int                 timeout_msec,
                                  GCancellable       *cancellable,
                                  GError            **error)
{
  g_autoptr(GBytes) message = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);

  message = release_ipc_channel_read (self, timeout_msec, cancellable, error);
  return message != NULL &&
         release_ipc_codec_decode_value (self->codec, message, request,
                                         release_ipc_codec_decode_request, error);
}

/**
 * release_ipc_channel_read_request_async:
 * @self: a #ReleaseIpcChannel
 * @timeout_msec: how long to wait for a message, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the read has ended
 * @user_data: data for @callback
 *
 * Reads one request. @callback ends the read with
 * release_ipc_channel_read_request_finish().
 *
 * Since: 0.1
 */
void
release_ipc_channel_read_request_async (ReleaseIpcChannel   *self,
                                        int                  timeout_msec,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));

  task = release_ipc_raw_new_task (self, cancellable, callback, user_data,
                                   release_ipc_channel_read_request_async);
  release_ipc_raw_read (self, task, timeout_msec);
}

/**
 * release_ipc_channel_read_request_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @request: (out caller-allocates) (optional): a zero-filled value for the request
 * @error: return location for a #GError, or %NULL
 *
 * Ends a read that release_ipc_channel_read_request_async() began. Fails as
 * release_ipc_channel_read_request() does.
 *
 * Returns: %TRUE if a request was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_read_request_finish (ReleaseIpcChannel  *self,
                                         GAsyncResult       *result,
                                         GValue             *request,
                                         GError            **error)
{
  g_autoptr(GBytes) message = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_ipc_channel_read_request_async),
                        FALSE);

  message = g_task_propagate_pointer (G_TASK (result), error);
  return message != NULL &&
         release_ipc_codec_decode_value (self->codec, message, request,
                                         release_ipc_codec_decode_request, error);
}

/**
 * release_ipc_channel_write_request:
 * @self: a #ReleaseIpcChannel
 * @request: the request, for the codec of the channel
 * @timeout_msec: how long to wait for the peer to take it, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Encodes a request and writes it as one message: the OCaml library's
 * `write_request`. Fails as release_ipc_channel_write() does, and as the codec
 * says.
 *
 * Returns: %TRUE if the request was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_write_request (ReleaseIpcChannel  *self,
                                   const GValue       *request,
                                   int                 timeout_msec,
                                   GCancellable       *cancellable,
                                   GError            **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (request), FALSE);

  bytes = release_ipc_codec_encode_value (self->codec, request, release_ipc_codec_encode_request,
                                          error);
  return bytes != NULL &&
         release_ipc_channel_write (self, bytes, timeout_msec, cancellable, error);
}

/**
 * release_ipc_channel_write_request_async:
 * @self: a #ReleaseIpcChannel
 * @request: the request, for the codec of the channel
 * @timeout_msec: how long to wait for the peer to take it, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the write has ended
 * @user_data: data for @callback
 *
 * Writes one request. @callback ends the write with
 * release_ipc_channel_write_request_finish().
 *
 * Since: 0.1
 */
void
release_ipc_channel_write_request_async (ReleaseIpcChannel   *self,
                                         const GValue        *request,
                                         int                  timeout_msec,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (G_IS_VALUE (request));

  task = release_ipc_raw_new_task (self, cancellable, callback, user_data,
                                   release_ipc_channel_write_request_async);
  write_value_task (self, task, request, release_ipc_codec_encode_request, timeout_msec);
}

/**
 * release_ipc_channel_write_request_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a write that release_ipc_channel_write_request_async() began. Fails as
 * release_ipc_channel_write_request() does.
 *
 * Returns: %TRUE if the request was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_write_request_finish (ReleaseIpcChannel  *self,
                                          GAsyncResult       *result,
                                          GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_ipc_channel_write_request_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * release_ipc_channel_read_response:
 * @self: a #ReleaseIpcChannel
 * @response: (out caller-allocates) (optional): a zero-filled value for the response
 * @timeout_msec: how long to wait for a message, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Reads one message and decodes it as a response: the OCaml library's
 * `read_response`. Fails as release_ipc_channel_read() does, and as the codec
 * says.
 *
 * Returns: %TRUE if a response was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_read_response (ReleaseIpcChannel  *self,
                                   GValue             *response,
                                   int                 timeout_msec,
                                   GCancellable       *cancellable,
                                   GError            **error)
{
  g_autoptr(GBytes) message = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);

  message = release_ipc_channel_read (self, timeout_msec, cancellable, error);
  return message != NULL &&
         release_ipc_codec_decode_value (self->codec, message, response,
                                         release_ipc_codec_decode_response, error);
}

/**
 * release_ipc_channel_read_response_async:
 * @self: a #ReleaseIpcChannel
 * @timeout_msec: how long to wait for a message, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the read has ended
 * @user_data: data for @callback
 *
 * Reads one response. @callback ends the read with
 * release_ipc_channel_read_response_finish().
 *
 * Since: 0.1
 */
void
release_ipc_channel_read_response_async (ReleaseIpcChannel   *self,
                                         int                  timeout_msec,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));

  task = release_ipc_raw_new_task (self, cancellable, callback, user_data,
                                   release_ipc_channel_read_response_async);
  release_ipc_raw_read (self, task, timeout_msec);
}

/**
 * release_ipc_channel_read_response_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @response: (out caller-allocates) (optional): a zero-filled value for the response
 * @error: return location for a #GError, or %NULL
 *
 * Ends a read that release_ipc_channel_read_response_async() began. Fails as
 * release_ipc_channel_read_response() does.
 *
 * Returns: %TRUE if a response was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_read_response_finish (ReleaseIpcChannel  *self,
                                          GAsyncResult       *result,
                                          GValue             *response,
                                          GError            **error)
{
  g_autoptr(GBytes) message = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_ipc_channel_read_response_async),
                        FALSE);

  message = g_task_propagate_pointer (G_TASK (result), error);
  return message != NULL &&
         release_ipc_codec_decode_value (self->codec, message, response,
                                         release_ipc_codec_decode_response, error);
}

/**
 * release_ipc_channel_write_response:
 * @self: a #ReleaseIpcChannel
 * @response: the response, for the codec of the channel
 * @timeout_msec: how long to wait for the peer to take it, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Encodes a response and writes it as one message: the OCaml library's
 * `write_response`. Fails as release_ipc_channel_write() does, and as the codec
 * says.
 *
 * Returns: %TRUE if the response was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_write_response (ReleaseIpcChannel  *self,
                                    const GValue       *response,
                                    int                 timeout_msec,
                                    GCancellable       *cancellable,
                                    GError            **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (response), FALSE);

  bytes = release_ipc_codec_encode_value (self->codec, response, release_ipc_codec_encode_response,
                                          error);
  return bytes != NULL &&
         release_ipc_channel_write (self, bytes, timeout_msec, cancellable, error);
}

/**
 * release_ipc_channel_write_response_async:
 * @self: a #ReleaseIpcChannel
 * @response: the response, for the codec of the channel
 * @timeout_msec: how long to wait for the peer to take it, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the write has ended
 * @user_data: data for @callback
 *
 * Writes one response. @callback ends the write with
 * release_ipc_channel_write_response_finish().
 *
 * Since: 0.1
 */
void
release_ipc_channel_write_response_async (ReleaseIpcChannel   *self,
                                          const GValue        *response,
                                          int                  timeout_msec,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (G_IS_VALUE (response));

  task = release_ipc_raw_new_task (self, cancellable, callback, user_data,
                                   release_ipc_channel_write_response_async);
  write_value_task (self, task, response, release_ipc_codec_encode_response, timeout_msec);
}

/**
 * release_ipc_channel_write_response_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a write that release_ipc_channel_write_response_async() began. Fails as
 * release_ipc_channel_write_response() does.
 *
 * Returns: %TRUE if the response was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_write_response_finish (ReleaseIpcChannel  *self,
                                           GAsyncResult       *result,
                                           GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_ipc_channel_write_response_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
