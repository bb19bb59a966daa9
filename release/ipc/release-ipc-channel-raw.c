/* release/ipc/release-ipc-channel-raw.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-channel-raw.h"

#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-core-private.h"
#include "release/ipc/release-ipc-error.h"

/**
 * SECTION:release-ipc-channel-raw
 * @title: Raw channels
 * @short_description: whole messages, one at a time
 *
 * The functions of the OCaml library that read and write single messages:
 * `read` and `write` with bytes, `read_request`, `read_response`,
 * `write_request` and `write_response` with values of the codec. They are for
 * channels of %RELEASE_IPC_FRAMING_PLAIN that are used in no other way.
 *
 * The end of file between two messages is %RELEASE_IPC_ERROR_CLOSED, in the
 * middle of one %RELEASE_IPC_ERROR_TRUNCATED, a timeout %G_IO_ERROR_TIMED_OUT. A
 * timeout and a cancellation lose no bytes: the half of a message that has
 * arrived is kept for the next read, and what was queued for writing still
 * leaves, as a whole.
 */

/* A read or a write that waits. */
typedef struct
{
  GList           link;       /* in channel->raw_reads or raw_writes; data: the operation */
  GQueue         *queue;
  GTask          *task;       /* (owned) */
  GSource        *cancel;     /* (nullable) */
  ReleaseIoTimer  timer;
  guint64         target;     /* of a write: it is done when so many bytes have left */
} Operation;

/* Ends the wait: from here on the caller alone completes it. (transfer full) */
static GTask *
operation_take (Operation *operation)
{
  GTask *task = operation->task;

  release_io_timer_disarm (&operation->timer);
  if (operation->cancel != NULL)
    {
      g_source_destroy (operation->cancel);
      g_source_unref (operation->cancel);
    }
  g_queue_unlink (operation->queue, &operation->link);
  g_free (operation);

  return task;
}

static void
operation_timeout_cb (gpointer user_data)
{
  g_autoptr(GTask) task = operation_take (user_data);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The time is over");
}

static gboolean
operation_cancelled_cb (GCancellable *cancellable,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = operation_take (user_data);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The operation was cancelled");
  return G_SOURCE_REMOVE;
}

/* @task: (transfer full) */
static void
operation_wait (ReleaseIpcChannel *self,
                GQueue            *queue,
                GTask             *task,
                guint64            target,
                int                timeout_msec)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Operation *operation = g_new0 (Operation, 1);

  operation->link.data = operation;
  operation->queue = queue;
  operation->task = task;
  operation->target = target;
  g_queue_push_tail_link (queue, &operation->link);
  g_task_set_check_cancellable (task, FALSE);

  if (timeout_msec >= 0)
    release_io_timer_arm (&operation->timer, self->poller,
                          g_get_monotonic_time () + (gint64) timeout_msec * G_TIME_SPAN_MILLISECOND,
                          operation_timeout_cb, operation);
  if (cancellable != NULL)
    {
      operation->cancel = g_cancellable_source_new (cancellable);
      g_source_set_static_name (operation->cancel, "[release] raw operation cancelled");
      g_source_set_callback (operation->cancel, G_SOURCE_FUNC (operation_cancelled_cb), operation,
                             NULL);
      g_source_attach (operation->cancel, release_io_poller_get_context (self->poller));
    }
}

/* (transfer full) (nullable) */
static GBytes *
take_message (ReleaseIpcChannel *self)
{
  g_autoptr(ReleaseIpcFrame) frame = NULL;

  if (self->frames.length == 0)
    return NULL;

  frame = release_ipc_core_take_frame (self, self->frames.head->data);
  return g_bytes_ref (release_ipc_frame_get_bytes (frame));
}

/* Hands out the messages that have arrived, and completes the writes that have left. */
void
release_ipc_raw_run (ReleaseIpcChannel *self)
{
  while (self->raw_reads.length > 0 && self->frames.length > 0)
    {
      g_autoptr(GBytes) message = take_message (self);
      g_autoptr(GTask) task = operation_take (self->raw_reads.head->data);

      g_task_return_pointer (task, g_steal_pointer (&message), (GDestroyNotify) g_bytes_unref);
    }

  while (self->raw_writes.length > 0 &&
         ((Operation *) self->raw_writes.head->data)->target <= self->writer.written)
    {
      g_autoptr(GTask) task = operation_take (self->raw_writes.head->data);

      g_task_return_boolean (task, TRUE);
    }
}

static void
end_all (GQueue       *queue,
         const GError *reason)
{
  while (queue->length > 0)
    {
      g_autoptr(GTask) task = operation_take (queue->head->data);

      g_task_return_error (task, g_error_copy (reason));
    }
}

/* The channel has ended. */
void
release_ipc_raw_end (ReleaseIpcChannel *self,
                     const GError      *reason)
{
  end_all (&self->raw_reads, reason);
  end_all (&self->raw_writes, reason);
}

GTask *
release_ipc_raw_new_task (ReleaseIpcChannel   *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data,
                          gpointer             tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  (g_task_set_source_tag) (task, tag);
  return task;
}

/* Nothing is there to read, and nothing will come. What the peer sent before it went still counts. */
static gboolean
is_at_end (ReleaseIpcChannel  *self,
           GError            **error)
{
  if (self->frames.length > 0 || (self->end_reason == NULL && !self->closed))
    return FALSE;

  if (self->end_reason != NULL)
    g_propagate_error (error, g_error_copy (self->end_reason));
  else
    release_ipc_core_set_closed_error (self, error);
  return TRUE;
}

/* @task: (transfer full): returns the bytes of a message */
void
release_ipc_raw_read (ReleaseIpcChannel *self,
                      GTask             *task,
                      int                timeout_msec)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;

  if (!release_ipc_channel_use (self, RELEASE_IPC_USE_RAW, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;

  if (is_at_end (self, &error))
    {
      g_task_return_error (task, error);
      release_ipc_core_settle (self);
      return;
    }

  /* Also if a message is there: its turn comes after that of those before it. */
  operation_wait (self, &self->raw_reads, g_steal_pointer (&owned), 0, timeout_msec);
  release_ipc_core_watch (self);
  release_ipc_core_settle (self);
}

/* Queues a message; returns where in the stream it ends, or 0 on failure. */
static guint64
queue_message (ReleaseIpcChannel  *self,
               GBytes             *bytes,
               GError            **error)
{
  ReleaseIpcEnvelope envelope = { 0 };
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  if (!release_ipc_channel_use (self, RELEASE_IPC_USE_RAW, error) ||
      !release_ipc_core_has_room (self, length, error) ||
      !release_ipc_core_send (self, &envelope, data, length, bytes, error))
    return 0;

  return self->writer.accepted;
}

/* @task: (transfer full): returns a boolean */
void
release_ipc_raw_write (ReleaseIpcChannel *self,
                       GTask             *task,
                       GBytes            *bytes,
                       int                timeout_msec)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;
  guint64 target;

  if (g_task_return_error_if_cancelled (task))
    return;

  target = queue_message (self, bytes, &error);
  if (target == 0)
    {
      g_task_return_error (task, error);
    }
  else if (target <= self->writer.written)
    {
      g_task_return_boolean (task, TRUE);
    }
  else
    {
      operation_wait (self, &self->raw_writes, g_steal_pointer (&owned), target, timeout_msec);
      release_ipc_core_watch (self);
      release_ipc_core_settle (self);
    }
}

static gboolean
acquire (ReleaseIpcChannel  *self,
         GError            **error)
{
  if (g_main_context_acquire (release_io_poller_get_context (self->poller)))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                       "Another thread runs the main context of the channel");
  return FALSE;
}

static void
release (ReleaseIpcChannel *self)
{
  if (self->watch != NULL)
    release_io_watch_wake (self->watch);
  g_main_context_release (release_io_poller_get_context (self->poller));
}

/**
 * release_ipc_channel_read:
 * @self: a #ReleaseIpcChannel
 * @timeout_msec: how long to wait for a message, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Reads one message and waits for it: the OCaml library's `read`. A message
 * without bytes is a message. Works on the descriptor alone, like
 * release_ipc_channel_call().
 *
 * Fails with %RELEASE_IPC_ERROR_CLOSED at the end of file, with
 * %RELEASE_IPC_ERROR_TRUNCATED if it comes in the middle of a message, with
 * %G_IO_ERROR_TIMED_OUT, %G_IO_ERROR_CANCELLED, %RELEASE_IPC_ERROR_TOO_BIG, with
 * %RELEASE_IPC_ERROR_ROLE if the channel dispatches, and with
 * %G_IO_ERROR_NOT_SUPPORTED if its framing is not plain.
 *
 * Returns: (transfer full): the message, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_channel_read (ReleaseIpcChannel  *self,
                          int                 timeout_msec,
                          GCancellable       *cancellable,
                          GError            **error)
{
  ReleaseIpcWait wait;
  GBytes *message = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), NULL);

  if (!release_ipc_channel_use (self, RELEASE_IPC_USE_RAW, error) || !acquire (self, error))
    return NULL;

  release_ipc_wait_begin (&wait, self, timeout_msec, cancellable);
  for (;;)
    {
      message = take_message (self);
      if (message != NULL || is_at_end (self, error) || !release_ipc_wait_once (&wait, error))
        break;
    }
  release (self);

  return message;
}

/**
 * release_ipc_channel_read_async:
 * @self: a #ReleaseIpcChannel
 * @timeout_msec: how long to wait for a message, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the read has ended
 * @user_data: data for @callback
 *
 * Reads one message. Several reads may wait; messages go to them in order.
 * @callback ends the read with release_ipc_channel_read_finish().
 *
 * Since: 0.1
 */
void
release_ipc_channel_read_async (ReleaseIpcChannel   *self,
                                int                  timeout_msec,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));

  task = release_ipc_raw_new_task (self, cancellable, callback, user_data,
                                   release_ipc_channel_read_async);
  release_ipc_raw_read (self, task, timeout_msec);
}

/**
 * release_ipc_channel_read_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a read that release_ipc_channel_read_async() began. Fails as
 * release_ipc_channel_read() does.
 *
 * Returns: (transfer full): the message, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_channel_read_finish (ReleaseIpcChannel  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_ipc_channel_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * release_ipc_channel_write:
 * @self: a #ReleaseIpcChannel
 * @message: the message
 * @timeout_msec: how long to wait for the peer to take it, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Writes one message and waits until the system has taken all of it: the OCaml
 * library's `write`. After %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED the
 * rest of the message is still queued and leaves before the next.
 *
 * Returns: %TRUE if the message was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_write (ReleaseIpcChannel  *self,
                           GBytes             *message,
                           int                 timeout_msec,
                           GCancellable       *cancellable,
                           GError            **error)
{
  ReleaseIpcWait wait;
  gboolean good = FALSE;
  guint64 target;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !acquire (self, error))
    return FALSE;

  target = queue_message (self, message, error);
  if (target != 0)
    {
      release_ipc_wait_begin (&wait, self, timeout_msec, cancellable);
      do
        good = target <= self->writer.written;
      while (!good && !release_ipc_core_set_closed_error (self, error) &&
             release_ipc_wait_writable (&wait, error));
        }
  release (self);

  return good;
}

/**
 * release_ipc_channel_write_async:
 * @self: a #ReleaseIpcChannel
 * @message: the message
 * @timeout_msec: how long to wait for the peer to take it, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): called when the write has ended
 * @user_data: data for @callback
 *
 * Writes one message. Messages leave whole and in the order of the calls,
 * however large they are. @callback ends the write with
 * release_ipc_channel_write_finish().
 *
 * Since: 0.1
 */
void
release_ipc_channel_write_async (ReleaseIpcChannel   *self,
                                 GBytes              *message,
                                 int                  timeout_msec,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (message != NULL);

  task = release_ipc_raw_new_task (self, cancellable, callback, user_data,
                                   release_ipc_channel_write_async);
  release_ipc_raw_write (self, task, message, timeout_msec);
}

/**
 * release_ipc_channel_write_finish:
 * @self: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a write that release_ipc_channel_write_async() began. Fails as
 * release_ipc_channel_write() does.
 *
 * Returns: %TRUE if the message was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_write_finish (ReleaseIpcChannel  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_ipc_channel_write_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
