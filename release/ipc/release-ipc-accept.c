/* release/ipc/release-ipc-accept.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/base/release-error-private.h"
#include "release/ipc/release-ipc-error.h"

/* Frames come in three steps. Reading takes what the kernel has. Accepting gives every frame its
 * meaning, checks it against the rules and runs no callback. Dispatching hands it over: the frame
 * is off the queue and all state is advanced before any callback, so a callback may do anything,
 * from a nested main loop to the end of the channel. */

/* To have read so many bytes in a turn is to have had much. */
#define HEAVY_TURN_BYTES (16 * 1024)

static void
fail_protocol (ReleaseIpcChannel *self,
               const char        *format,
               ...) G_GNUC_PRINTF (2, 3);

static void
fail_protocol (ReleaseIpcChannel *self,
               const char        *format,
               ...)
{
  GError *reason;
  va_list args;

  va_start (args, format);
  reason = g_error_new_valist (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL, format, args);
  va_end (args);
  release_ipc_core_fail (self, reason);
}

void
release_ipc_core_send_hello (ReleaseIpcChannel *self)
{
  guint8 frame[RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE + RELEASE_IPC_HELLO_SIZE];
  ReleaseIpcEnvelope envelope = { .kind = RELEASE_IPC_KIND_HELLO };
  ReleaseIpcHello hello = {
    .lowest = RELEASE_IPC_VERSION,
    .highest = RELEASE_IPC_VERSION,
    .max_message = self->max_message_size,
    .max_in_flight = self->max_in_flight,
  };

  self->hello_sent = TRUE;
  if (release_ipc_channel_takes_memfds (self))
    {
      hello.features = RELEASE_IPC_FEATURE_MEMFD;
      hello.max_fds = self->reader.descriptors.max = RELEASE_IPC_DESCRIPTORS_PER_FRAME;
    }
  release_ipc_length_pack (sizeof frame - RELEASE_IPC_LENGTH_SIZE, frame);
  release_ipc_envelope_pack (&envelope, frame + RELEASE_IPC_LENGTH_SIZE);
  release_ipc_hello_pack (&hello, frame + RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE);
  if (!release_ipc_writer_write (&self->writer, self->fd, frame, sizeof frame, NULL, 0, NULL, NULL))
    release_ipc_core_hang_up (self);
}

static void
accept_hello (ReleaseIpcChannel *self,
              ReleaseIpcFrame   *frame)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcHello hello;
  gsize length;
  const guint8 *body = release_ipc_frame_get_body (frame, &length);

  if (!release_ipc_hello_unpack (&hello, body, length, &error))
    {
      release_ipc_core_fail (self, g_steal_pointer (&error));
      return;
    }

  self->hello_received = TRUE;
  self->peer_max_message = MIN (self->max_message_size, hello.max_message);
  self->peer_max_in_flight = hello.max_in_flight;
  if ((hello.features & RELEASE_IPC_FEATURE_MEMFD) == 0 || hello.max_fds == 0)
    self->writer.may_pass = FALSE;
  if (self->largest_held > self->peer_max_message ||
      self->outgoing.n_used > self->peer_max_in_flight)
    {
      release_ipc_core_fail (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT,
                                                "The peer takes messages of %u bytes and %u "
                                                "requests, and more were sent before it said so",
                                                hello.max_message, hello.max_in_flight));
      return;
    }

  release_ipc_core_flush (self);
}

/* An answer: its request is found and can end in no other way from here on. */
static gboolean
accept_answer (ReleaseIpcChannel *self,
               ReleaseIpcFrame   *frame)
{
  guint32 serial = frame->envelope.serial;
  gpointer pending = NULL;

  if (!release_ipc_serials_steal (&self->outgoing, serial, &pending))
    {
      fail_protocol (self, "The peer answered a request %u that is not open", serial);
      return FALSE;
    }

  /* Nobody waits for the answer of one that was abandoned. */
  if (pending == NULL)
    return FALSE;

  release_ipc_pending_take (pending);
  frame->pending = pending;
  return TRUE;
}

static gboolean
accept_request (ReleaseIpcChannel *self,
                ReleaseIpcFrame   *frame)
{
  guint32 serial = frame->envelope.serial;

  if (self->incoming.n_used >= self->max_in_flight)
    {
      fail_protocol (self, "The peer opened more than the %u requests that it may",
                     self->max_in_flight);
      return FALSE;
    }
  if (serial == 0 || !release_ipc_serials_add (&self->incoming, serial, NULL))
    {
      fail_protocol (self, "The peer used %u as the serial of a new request", serial);
      return FALSE;
    }

  return TRUE;
}

gboolean
release_ipc_core_accept_plain (ReleaseIpcChannel *self,
                               ReleaseIpcFrame   *frame)
{
  if (self->role == RELEASE_IPC_ROLE_ANSWERS)
    {
      frame->envelope.kind = RELEASE_IPC_KIND_REQUEST;
      frame->envelope.serial = release_ipc_core_count_up (&self->next_request);
      return TRUE;
    }

  if (self->role == RELEASE_IPC_ROLE_ASKS && self->outgoing.n_used > 0)
    {
      frame->envelope.kind = RELEASE_IPC_KIND_RESPONSE;
      frame->envelope.serial = release_ipc_core_count_up (&self->next_answer);
      return accept_answer (self, frame);
    }

  if (self->role != RELEASE_IPC_ROLE_NONE)
    frame->envelope.kind = RELEASE_IPC_KIND_EVENT;
  return TRUE;
}

static gboolean
accept_multiplexed (ReleaseIpcChannel *self,
                    ReleaseIpcFrame   *frame)
{
  g_autoptr(GError) error = NULL;
  gboolean good = release_ipc_frame_open_envelope (frame, &error);

  if (!self->hello_received && (!good || frame->envelope.kind != RELEASE_IPC_KIND_HELLO))
    {
      fail_protocol (self, "The peer's first frame is no hello: it speaks PLAIN; set the framing "
                     "of the channel or of the group");
      return FALSE;
    }
  if (!good)
    {
      release_ipc_core_fail (self, g_steal_pointer (&error));
      return FALSE;
    }
  if ((frame->envelope.n_fds > 0 || (frame->envelope.flags & RELEASE_IPC_FLAG_MEMFD) != 0) &&
      !release_ipc_memfds_open_frame (&self->memfds, frame, &self->reader.descriptors,
                                      self->max_message_size, &error))
    {
      release_ipc_core_fail (self, g_steal_pointer (&error));
      return FALSE;
    }

  switch (frame->envelope.kind)
    {
    case RELEASE_IPC_KIND_HELLO:
      if (self->hello_received)
        fail_protocol (self, "The peer said hello twice");
      else
        accept_hello (self, frame);
      return FALSE;

    case RELEASE_IPC_KIND_REQUEST:
      return accept_request (self, frame);

    case RELEASE_IPC_KIND_RESPONSE:
    case RELEASE_IPC_KIND_ERROR:
      return accept_answer (self, frame);

    default:
      return TRUE;
    }
}

/* Gives a frame its meaning. Returns FALSE if it means nothing more. */
static gboolean
accept_frame (ReleaseIpcChannel *self,
              ReleaseIpcFrame   *frame)
{
  if (self->end_reason != NULL)
    return FALSE;
  if (release_ipc_core_is_raw (self))
    return TRUE;

  return release_ipc_core_is_plain (self) ? release_ipc_core_accept_plain (self, frame)
                                          : accept_multiplexed (self, frame);
}

/* Keeps those of @arrived that mean something. */
static void
accept_frames (ReleaseIpcChannel *self,
               GQueue            *arrived)
{
  for (GList *link = arrived->head, *next; link != NULL; link = next)
    {
      ReleaseIpcFrame *frame = link->data;

      next = link->next;
      if (accept_frame (self, frame))
        {
          self->frames_size += sizeof (ReleaseIpcFrame) + frame->length;
        }
      else
        {
          release_queue_unlink (arrived, link);
          release_ipc_frame_free (frame);
        }
    }

  release_queue_append (&self->frames, arrived);
}

/* Reads what there is, or with @blocks waits for it, and accepts it. Runs no callback.
 * Returns FALSE if there was nothing. */
gboolean
release_ipc_core_read (ReleaseIpcChannel *self,
                       gboolean           blocks)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcReadStatus status;
  GQueue arrived = G_QUEUE_INIT;

  status = release_ipc_reader_read (&self->reader, self->fd, blocks, &arrived, &error);
  if (self->reader.n_bytes > HEAVY_TURN_BYTES && self->watch != NULL)
    release_io_watch_set_heavy (self->watch);
  /* The time that a frame may take is counted for each anew. */
  if (arrived.length > 0)
    release_io_timer_disarm (&self->frame_timer);
  accept_frames (self, &arrived);
  if (self->reader.descriptors.n > 0 && status == RELEASE_IPC_READ_SOME &&
      self->end_reason == NULL &&
      !release_ipc_descriptors_check (&self->reader.descriptors,
                                      release_ipc_reader_is_between (&self->reader), &error))
    status = RELEASE_IPC_READ_FAILED;

  if (status == RELEASE_IPC_READ_FAILED)
    release_ipc_core_fail (self, g_steal_pointer (&error));
  else if (status == RELEASE_IPC_READ_EOF && release_ipc_reader_is_between (&self->reader))
    release_ipc_core_fail (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED,
                                              "The peer closed the connection"));
  else if (status == RELEASE_IPC_READ_NOTHING && self->hung_up)
    release_ipc_core_fail (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED,
                                              "The peer no longer reads"));
  else if (status == RELEASE_IPC_READ_EOF)
    release_ipc_core_fail (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TRUNCATED,
                                              "The connection ended in the middle of a message"));

  return status != RELEASE_IPC_READ_NOTHING;
}
