/* release/ipc/release-ipc-channel-call.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-channel.h"

#include "release/ipc/release-ipc-call-private.h"
#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-core-private.h"
#include "release/ipc/release-ipc-error.h"

#include <string.h>

/* All forms of a call meet in two places: call_sync (), which works on the descriptor, and
 * ReleaseIpcCall. What is left to each form is to turn its request into bytes and the bytes of the
 * answer into what it returns. */

typedef struct
{
  ReleaseIpcFrame *frame;    /* (owned) (nullable) */
  GError          *error;    /* (owned) (nullable) */
} Answer;

static void
answer_cb (ReleaseIpcPending *pending,
           ReleaseIpcFrame   *frame,
           const GError      *error)
{
  Answer *answer = pending->callback;

  if (error != NULL)
    answer->error = g_error_copy (error);
  else
    answer->frame = frame;
}

/* The answer of @pending among the frames that have arrived. (transfer full) (nullable) */
static ReleaseIpcFrame *
take_answer (ReleaseIpcChannel *self,
             ReleaseIpcPending *pending)
{
  for (GList *link = self->frames.tail; link != NULL; link = link->prev)
    {
      ReleaseIpcFrame *frame = link->data;

      if (frame->pending == pending)
        return release_ipc_core_take_frame (self, frame);
    }

  return NULL;
}

/* Reads until the answer is there. The request ends here in any case. */
static ReleaseIpcFrame *
wait_answer (ReleaseIpcChannel  *self,
             ReleaseIpcPending  *pending,
             Answer             *answer,
             int                 timeout_msec,
             GCancellable       *cancellable,
             GError            **error)
{
  ReleaseIpcWait wait;
  g_autoptr(GError) failure = NULL;
  ReleaseIpcFrame *frame = NULL;

  release_ipc_wait_begin (&wait, self, timeout_msec, cancellable);
  while (frame == NULL && release_ipc_wait_once (&wait, &failure))
    {
      frame = take_answer (self, pending);
      if (frame == NULL && self->end_reason != NULL)
        {
          failure = g_error_copy (self->end_reason);
          break;
        }
    }

  if (frame == NULL)
    {
      release_ipc_pending_abandon (pending);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  /* Through the same door as all others, so that an error of the peer is read in one place. */
  release_ipc_core_dispatch_answer (self, frame);
  if (answer->error != NULL)
    {
      release_ipc_frame_free (frame);
      g_propagate_error (error, g_steal_pointer (&answer->error));
      return NULL;
    }

  return frame;
}

/* Asks and waits, on the descriptor: no callback runs. All that belongs to the thread of the
 * context is done before that may be another's. (transfer full) (nullable) */
static GBytes *
call_sync (ReleaseIpcChannel  *self,
           gconstpointer       data,
           gsize               length,
           GBytes             *owner,
           int                 timeout_msec,
           GCancellable       *cancellable,
           GError            **error)
{
  G_GNUC_UNUSED g_autoptr(ReleaseIpcChannel) keep = g_object_ref (self);
  GMainContext *context = release_io_poller_get_context (self->poller);
  Answer answer = { NULL };
  ReleaseIpcPending pending;
  ReleaseIpcFrame *frame = NULL;
  GBytes *bytes = NULL;

  if (!g_main_context_acquire (context))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           "Another thread runs the main context of the channel");
      return NULL;
    }

  release_ipc_pending_init (&pending, self, answer_cb, &answer, NULL);
  if (release_ipc_pending_send (&pending, data, length, owner, timeout_msec, cancellable, error))
    frame = wait_answer (self, &pending, &answer, timeout_msec, cancellable, error);
  if (frame != NULL)
    {
      bytes = g_bytes_ref (release_ipc_frame_get_bytes (frame));
      release_ipc_frame_free (frame);
    }

  /* Whatever else has arrived, what has not left, and an end, are the main loop's. */
  if (self->watch != NULL && (self->frames.length > 0 || self->writer.queued > 0 ||
                              self->end_reason != NULL || self->hung_up))
    release_io_watch_wake (self->watch);
  g_main_context_release (context);

  return bytes;
}

static char *
dup_text (gconstpointer   data,
          gsize           length,
          GError        **error)
{
  if (length == 0)
    return g_strdup ("");
  if (g_utf8_validate_len (data, length, NULL))
    return g_strndup (data, length);

  g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
               "Answer of %" G_GSIZE_FORMAT " bytes is not text", length);
  return NULL;
}

/**
 * release_ipc_channel_call:
 * @self: a #ReleaseIpcChannel
 * @request: the request, for the codec of the channel
 * @response: (out caller-allocates) (optional): a zero-filled value for the response
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Asks the peer and waits for the answer: the OCaml library's `make_request`.
 * It works on the descriptor alone: no main loop runs and no callback is
 * called; what else arrives meanwhile is kept for the main loop.
 *
 * Fails with %G_IO_ERROR_TIMED_OUT, %G_IO_ERROR_CANCELLED,
 * %RELEASE_IPC_ERROR_CLOSED or %RELEASE_IPC_ERROR_TRUNCATED if the peer is
 * gone, %RELEASE_IPC_ERROR_CODEC, %RELEASE_IPC_ERROR_TOO_BIG,
 * %RELEASE_IPC_ERROR_LIMIT, %RELEASE_IPC_ERROR_ROLE, with %G_IO_ERROR_BUSY if
 * another thread runs the main context of the channel, and with the error that
 * the peer answered. An answer that comes after a timeout or a cancellation is
 * thrown away.
 *
 * Returns: %TRUE if the peer answered with a response, %FALSE with @error set
 *   otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_call (ReleaseIpcChannel  *self,
                          const GValue       *request,
                          GValue             *response,
                          int                 timeout_msec,
                          GCancellable       *cancellable,
                          GError            **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) answer = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (request), FALSE);

  bytes = release_ipc_codec_encode_value (self->codec, request, release_ipc_codec_encode_request,
                                          error);
  if (bytes == NULL)
    return FALSE;

  answer = release_ipc_channel_call_bytes (self, bytes, timeout_msec, cancellable, error);
  return answer != NULL &&
         release_ipc_codec_decode_value (self->codec, answer, response,
                                         release_ipc_codec_decode_response, error);
}

/**
 * release_ipc_channel_call_async:
 * @self: a #ReleaseIpcChannel
 * @request: the request, for the codec of the channel
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the call has ended
 * @user_data: data for @callback
 *
 * Asks the peer. @callback is called once, from the main context of the
 * channel, and ends the call with release_ipc_channel_call_finish(). The call
 * keeps @self alive. Neither the timeout nor the cancellable costs a timer or a
 * source of its own.
 *
 * The result that the callback is given ends the call once, in the callback or
 * later, and in any thread, if one has a reference to it.
 *
 * Since: 0.1
 */
void
release_ipc_channel_call_async (ReleaseIpcChannel   *self,
                                const GValue        *request,
                                int                  timeout_msec,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GBytes) bytes = NULL;
  GError *error = NULL;
  ReleaseIpcCall *call;
  gconstpointer data;
  gsize length;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (G_IS_VALUE (request));

  call = release_ipc_call_new (self, callback, user_data, release_ipc_channel_call_async);
  bytes = release_ipc_codec_encode_value (self->codec, request, release_ipc_codec_encode_request,
                                          &error);
  if (bytes == NULL)
    {
      release_ipc_call_refuse (call, error);
      return;
    }

  data = g_bytes_get_data (bytes, &length);
  release_ipc_call_begin (call, data, length, bytes, timeout_msec, cancellable);
}

/**
 * release_ipc_channel_call_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @response: (out caller-allocates) (optional): a zero-filled value for the response
 * @error: return location for a #GError, or %NULL
 *
 * Ends a call that release_ipc_channel_call_async() began. Fails as
 * release_ipc_channel_call() does.
 *
 * Returns: %TRUE if the peer answered with a response, %FALSE with @error set
 *   otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_call_finish (ReleaseIpcChannel  *self,
                                 GAsyncResult       *result,
                                 GValue             *response,
                                 GError            **error)
{
  ReleaseIpcCall *call;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);

  call = release_ipc_call_finish (self, result, release_ipc_channel_call_async, error);
  return call != NULL &&
         release_ipc_codec_decode_value (self->codec, release_ipc_call_get_bytes (call), response,
                                         release_ipc_codec_decode_response, error);
}

/**
 * release_ipc_channel_call_bytes:
 * @self: a #ReleaseIpcChannel
 * @request: the request as it goes over the wire
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Asks the peer and waits, as release_ipc_channel_call() does, with bytes
 * instead of values. Large bytes are not copied.
 *
 * Returns: (transfer full): the response, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_channel_call_bytes (ReleaseIpcChannel  *self,
                                GBytes             *request,
                                int                 timeout_msec,
                                GCancellable       *cancellable,
                                GError            **error)
{
  gconstpointer data;
  gsize length;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), NULL);
  g_return_val_if_fail (request != NULL, NULL);

  data = g_bytes_get_data (request, &length);
  return call_sync (self, data, length, request, timeout_msec, cancellable, error);
}

/**
 * release_ipc_channel_call_bytes_async:
 * @self: a #ReleaseIpcChannel
 * @request: the request as it goes over the wire
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the call has ended
 * @user_data: data for @callback
 *
 * Asks the peer, as release_ipc_channel_call_async() does, with bytes instead
 * of a value.
 *
 * Since: 0.1
 */
void
release_ipc_channel_call_bytes_async (ReleaseIpcChannel   *self,
                                      GBytes              *request,
                                      int                  timeout_msec,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  gconstpointer data;
  gsize length;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (request != NULL);

  data = g_bytes_get_data (request, &length);
  release_ipc_call_begin (release_ipc_call_new (self, callback, user_data,
                                                release_ipc_channel_call_bytes_async),
                          data, length, request, timeout_msec, cancellable);
}

/**
 * release_ipc_channel_call_bytes_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a call that release_ipc_channel_call_bytes_async() began. Fails as
 * release_ipc_channel_call() does.
 *
 * Returns: (transfer full): the response, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_channel_call_bytes_finish (ReleaseIpcChannel  *self,
                                       GAsyncResult       *result,
                                       GError            **error)
{
  ReleaseIpcCall *call;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), NULL);

  call = release_ipc_call_finish (self, result, release_ipc_channel_call_bytes_async, error);
  return call != NULL ? g_bytes_ref (release_ipc_call_get_bytes (call)) : NULL;
}

/**
 * release_ipc_channel_call_string:
 * @self: a #ReleaseIpcChannel
 * @request: the request
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Asks the peer and waits, as release_ipc_channel_call() does, with text
 * instead of values. A response that is not UTF-8, or contains a NUL, is
 * %RELEASE_IPC_ERROR_CODEC.
 *
 * Returns: (transfer full): the response, or %NULL with @error set
 *
 * Since: 0.1
 */
char *
release_ipc_channel_call_string (ReleaseIpcChannel  *self,
                                 const char         *request,
                                 int                 timeout_msec,
                                 GCancellable       *cancellable,
                                 GError            **error)
{
  g_autoptr(GBytes) answer = NULL;
  gconstpointer data;
  gsize length;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), NULL);
  g_return_val_if_fail (request != NULL, NULL);

  answer = call_sync (self, request, strlen (request), NULL, timeout_msec, cancellable, error);
  if (answer == NULL)
    return NULL;

  data = g_bytes_get_data (answer, &length);
  return dup_text (data, length, error);
}

/**
 * release_ipc_channel_call_string_async:
 * @self: a #ReleaseIpcChannel
 * @request: the request
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the call has ended
 * @user_data: data for @callback
 *
 * Asks the peer, as release_ipc_channel_call_async() does, with text instead of
 * a value.
 *
 * Since: 0.1
 */
void
release_ipc_channel_call_string_async (ReleaseIpcChannel   *self,
                                       const char          *request,
                                       int                  timeout_msec,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (request != NULL);

  release_ipc_call_begin (release_ipc_call_new (self, callback, user_data,
                                                release_ipc_channel_call_string_async),
                          request, strlen (request), NULL, timeout_msec, cancellable);
}

/**
 * release_ipc_channel_call_string_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a call that release_ipc_channel_call_string_async() began. Fails as
 * release_ipc_channel_call_string() does.
 *
 * Returns: (transfer full): the response, or %NULL with @error set
 *
 * Since: 0.1
 */
char *
release_ipc_channel_call_string_finish (ReleaseIpcChannel  *self,
                                        GAsyncResult       *result,
                                        GError            **error)
{
  ReleaseIpcCall *call;
  gconstpointer data;
  gsize length;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), NULL);

  call = release_ipc_call_finish (self, result, release_ipc_channel_call_string_async, error);
  if (call == NULL)
    return NULL;

  data = release_ipc_call_get_data (call, &length);
  return dup_text (data, length, error);
}

/**
 * release_ipc_channel_send_event:
 * @self: a #ReleaseIpcChannel
 * @value: the event, for the codec of the channel
 * @error: return location for a #GError, or %NULL
 *
 * Sends a message that wants no answer. The peer sees it as
 * #ReleaseIpcChannel::event. Events arrive in the order in which they are sent.
 *
 * On a plain channel the peer could not tell an event from a request or an
 * answer: there it fails with %G_IO_ERROR_NOT_SUPPORTED once the channel asks or
 * answers. Fails otherwise as release_ipc_channel_call() does, without waiting.
 *
 * Returns: %TRUE if the event is on its way, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_send_event (ReleaseIpcChannel  *self,
                                const GValue       *value,
                                GError            **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  bytes = release_ipc_codec_encode_value (self->codec, value, release_ipc_codec_encode_request,
                                          error);
  return bytes != NULL && release_ipc_channel_post_event (self, bytes, NULL, error);
}

/**
 * release_ipc_channel_send_event_bytes:
 * @self: a #ReleaseIpcChannel
 * @bytes: the event as it goes over the wire
 * @error: return location for a #GError, or %NULL
 *
 * Sends an event, as release_ipc_channel_send_event() does, with bytes instead
 * of a value.
 *
 * Returns: %TRUE if the event is on its way, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_send_event_bytes (ReleaseIpcChannel  *self,
                                      GBytes             *bytes,
                                      GError            **error)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  return release_ipc_channel_post_event (self, bytes, NULL, error);
}

/**
 * release_ipc_channel_send_event_string:
 * @self: a #ReleaseIpcChannel
 * @text: the event
 * @error: return location for a #GError, or %NULL
 *
 * Sends an event, as release_ipc_channel_send_event() does, with text instead
 * of a value.
 *
 * Returns: %TRUE if the event is on its way, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_send_event_string (ReleaseIpcChannel  *self,
                                       const char         *text,
                                       GError            **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  bytes = g_bytes_new (text, strlen (text));
  return release_ipc_channel_post_event (self, bytes, NULL, error);
}
