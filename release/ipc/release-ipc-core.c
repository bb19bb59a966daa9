/* release/ipc/release-ipc-core.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/base/release-error-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-error.h"

/* Frames come in three steps. Reading takes what the kernel has. Accepting gives every frame its
 * meaning, checks it against the rules and runs no callback. Dispatching hands it over: the frame
 * is off the queue and all state is advanced before any callback, so a callback may do anything,
 * from a nested main loop to the end of the channel. */

#define FRAMES_PER_DISPATCH 128

/* How many dispatches the last words of a dead peer may take. */
#define DRAIN_ROUNDS 64

/* A message about a peer's misbehaviour appears once in so many microseconds. */
#define COMPLAINT_INTERVAL_USEC G_USEC_PER_SEC

/* Numbers of messages that are counted, not sent: 0 is left out. */
guint32
release_ipc_core_count_up (guint32 *serial)
{
  guint32 value = *serial;

  *serial = value == G_MAXUINT32 ? 1 : value + 1;
  return value;
}

static gboolean
is_plain (ReleaseIpcChannel *self)
{
  return self->framing == RELEASE_IPC_FRAMING_PLAIN;
}


static gboolean
is_raw (ReleaseIpcChannel *self)
{
  return self->use == RELEASE_IPC_USE_RAW;
}

/* Until the peer's hello says what it takes, nothing but our own hello leaves. */
gboolean
release_ipc_core_may_flush (ReleaseIpcChannel *self)
{
  return !self->closed && (is_plain (self) || self->hello_received);
}

/* Past half of the limit, its own or the one that it shares, this side stops reading, so that the
 * peer has to. What waits for the peer's hello does not count: that has to be read. */
static gboolean
is_above_high_mark (ReleaseIpcChannel *self)
{
  ReleaseIpcBudget *budget = self->writer.budget;

  return self->pauses && release_ipc_core_may_flush (self) && self->writer.queued > 0 &&
         (self->writer.queued > self->max_queue_size / 2 ||
          (budget != NULL && budget->used > budget->max / 2));
}

/* A plain peer cannot be told a limit of requests in flight: it is not read from until it falls. */
static gboolean
is_full_of_requests (ReleaseIpcChannel *self)
{
  return is_plain (self) && self->role == RELEASE_IPC_ROLE_ANSWERS && !self->hung_up &&
         self->incoming.n_used >= self->max_in_flight;
}

/* Answers grow the queue, so what waits to be dispatched waits for the peer to read, too. */
static gboolean
may_dispatch (ReleaseIpcChannel *self)
{
  return !is_full_of_requests (self) && (self->hung_up || !is_above_high_mark (self));
}

static gboolean
may_read (ReleaseIpcChannel *self)
{
  if (self->closed || self->end_reason != NULL || self->finishing)
    return FALSE;
  if (is_raw (self))
    return self->raw_reads.length > 0 || self->hung_up;

  return self->frames.length == 0 && may_dispatch (self);
}

/* Whether nothing can be sent any more. A plain peer that has closed its end of the connection may
 * still read ours; otherwise a reason to end is one to send no more. */
gboolean
release_ipc_core_set_closed_error (ReleaseIpcChannel  *self,
                                   GError            **error)
{
  if (!self->closed && !self->hung_up && !self->finishing &&
      (self->end_reason == NULL || is_plain (self)))
    return FALSE;

  if (self->end_reason != NULL)
    g_propagate_error (error, g_error_copy (self->end_reason));
  else
    g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED,
                         "The channel is closed");
  return TRUE;
}

/* The first reason stays; the channel ends when the frames before it are dispatched. */
void
release_ipc_core_fail (ReleaseIpcChannel *self,
                       GError            *reason)
{
  if (self->end_reason == NULL && !self->closed)
    self->end_reason = reason;
  else
    g_error_free (reason);
}

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

/* The peer can no longer read: what is queued for it is void, what it sent before is not. */
static void
hang_up (ReleaseIpcChannel *self)
{
  self->hung_up = TRUE;
  release_ipc_writer_clear (&self->writer);
}

static void
stall_cb (gpointer user_data)
{
  ReleaseIpcChannel *self = user_data;

  if (self->writer.queued == 0)
    return;

  if (!release_ipc_core_may_flush (self))
    release_ipc_core_end (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_STALLED,
                                             "The peer has said no hello for %d ms while %"
                                             G_GSIZE_FORMAT " bytes wait for it; if it speaks "
                                             "PLAIN, set the framing of the channel or of the group",
                                             self->stall_timeout, self->writer.queued));
  else if (self->writer.written == self->stall_mark)
    release_ipc_core_end (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_STALLED,
                                             "The peer has read nothing for %d ms while %"
                                             G_GSIZE_FORMAT " bytes wait for it",
                                             self->stall_timeout, self->writer.queued));
  else
    release_ipc_core_settle (self);
}

static void
frame_timeout_cb (gpointer user_data)
{
  ReleaseIpcChannel *self = user_data;

  release_ipc_core_end (self, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                           "A frame was not complete %d ms after its first byte",
                                           self->frame_timeout));
}

static void
arm_msec (ReleaseIpcChannel  *self,
          ReleaseIoTimer     *timer,
          int                 msec,
          ReleaseIoTimerFunc  func)
{
  if (msec >= 0 && !release_io_timer_is_armed (timer))
    release_io_timer_arm (timer, self->poller,
                          g_get_monotonic_time () + (gint64) msec * G_TIME_SPAN_MILLISECOND,
                          func, self);
}

static void
settle_timers (ReleaseIpcChannel *self)
{
  if (self->writer.queued == 0)
    {
      release_io_timer_disarm (&self->stall_timer);
    }
  else if (!release_io_timer_is_armed (&self->stall_timer))
    {
      self->stall_mark = self->writer.written;
      arm_msec (self, &self->stall_timer, self->stall_timeout, stall_cb);
    }

  /* Nor does time run while it is this side that does not read. */
  if (release_ipc_reader_is_between (&self->reader) || !may_read (self))
    release_io_timer_disarm (&self->frame_timer);
  else
    arm_msec (self, &self->frame_timer, self->frame_timeout, frame_timeout_cb);
}

/* A plain peer that has said all it had to say still gets its answers. */
static gboolean
lingers (ReleaseIpcChannel *self)
{
  if (!is_plain (self) || self->hung_up)
    return FALSE;
  if (self->writer.queued > 0)
    return TRUE;

  return !self->finishing && self->incoming.n_used > 0 &&
         g_error_matches (self->end_reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
}

/* All has been read and waits for somebody to take it: a hang-up would be reported for ever. */
static gboolean
needs_no_watch (ReleaseIpcChannel *self)
{
  return is_raw (self) && self->end_reason != NULL && self->raw_reads.length == 0 &&
         self->writer.queued == 0;
}

/* Brings what the poller watches for, and the timers, in line with the state; ends the channel if
 * its time has come. */
void
release_ipc_core_settle (ReleaseIpcChannel *self)
{
  guint events = 0;

  if (self->closed)
    return;

  if (self->end_reason != NULL && (self->frames.length == 0 || self->finishing) && !lingers (self))
    {
      release_ipc_core_end (self, g_steal_pointer (&self->end_reason));
      return;
    }

  settle_timers (self);
  if (needs_no_watch (self))
    g_clear_pointer (&self->watch, release_io_watch_free);
  if (self->watch == NULL)
    return;

  if (may_read (self))
    events |= EPOLLIN;
  if (self->writer.queued > 0 && release_ipc_core_may_flush (self))
    events |= EPOLLOUT;
  release_io_watch_set_events (self->watch, events);

  if (self->frames.length > 0 &&
      (is_raw (self) ? self->raw_reads.length > 0 : may_dispatch (self)))
    release_io_watch_wake (self->watch);
}

void
release_ipc_core_flush (ReleaseIpcChannel *self)
{
  if (self->writer.queued == 0 || !release_ipc_core_may_flush (self))
    return;

  if (!release_ipc_writer_flush (&self->writer, self->fd, NULL))
    hang_up (self);
}

/* Checks that @length more bytes may be queued. Answers are not asked: what bounds them is that
 * the peer's requests are not read. */
gboolean
release_ipc_core_has_room (ReleaseIpcChannel  *self,
                           gsize               length,
                           GError            **error)
{
  ReleaseIpcBudget *budget = self->writer.budget;

  if (self->writer.queued == 0)
    return TRUE;

  if (self->writer.queued + length > self->max_queue_size)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT,
                 "%" G_GSIZE_FORMAT " bytes wait for the peer to read already, the limit is %"
                 G_GSIZE_FORMAT, self->writer.queued, self->max_queue_size);
  else if (budget != NULL && budget->used + length > budget->max)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT,
                 "%" G_GSIZE_FORMAT " bytes wait for all peers together to read, the limit is %"
                 G_GSIZE_FORMAT, budget->used, budget->max);
  else
    return TRUE;

  return FALSE;
}

/* Checks a payload of @total bytes against what the peer takes. */
gboolean
release_ipc_core_check_size (ReleaseIpcChannel  *self,
                             gsize               total,
                             GError            **error)
{
  if (total <= self->peer_max_message)
    return TRUE;

  g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG,
               "Message of %" G_GSIZE_FORMAT " bytes exceeds the limit of %u",
               total, self->peer_max_message);
  return FALSE;
}

/* Sends one message, or queues it. @owner, which may be NULL, keeps @body alive. */
gboolean
release_ipc_core_send (ReleaseIpcChannel         *self,
                       const ReleaseIpcEnvelope  *envelope,
                       gconstpointer              body,
                       gsize                      length,
                       GBytes                    *owner,
                       GError                   **error)
{
  guint8 head[RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE];
  gsize head_length = RELEASE_IPC_LENGTH_SIZE;
  gsize total = length;

  if (release_ipc_core_set_closed_error (self, error))
    return FALSE;

  if (!is_plain (self))
    {
      head_length += RELEASE_IPC_ENVELOPE_SIZE;
      total += RELEASE_IPC_ENVELOPE_SIZE;
      release_ipc_envelope_pack (envelope, head + RELEASE_IPC_LENGTH_SIZE);
    }
  if (!release_ipc_core_check_size (self, total, error))
    return FALSE;

  release_ipc_length_pack (total, head);
  release_ipc_core_say_hello (self);
  if (!release_ipc_core_may_flush (self))
    {
      release_ipc_writer_append (&self->writer, head, head_length, body, length, owner);
      self->largest_held = MAX (self->largest_held, total);
      settle_timers (self);
    }
  else if (self->depth > 0)
    {
      /* It leaves with the others at the end of the dispatch, or of a nested one. */
      release_ipc_writer_append (&self->writer, head, head_length, body, length, owner);
      if (self->watch != NULL)
        release_io_watch_wake (self->watch);
    }
  else
    {
      if (!release_ipc_writer_write (&self->writer, self->fd, head, head_length, body, length,
                                     owner, NULL))
        {
          hang_up (self);
          if (self->watch != NULL)
            release_io_watch_wake (self->watch);
          return !release_ipc_core_set_closed_error (self, error);
        }
      if (self->writer.queued > 0)
        release_ipc_core_settle (self);
    }

  return TRUE;
}

/* Our hello leaves before anything else, and does not wait for the peer's. */
void
release_ipc_core_say_hello (ReleaseIpcChannel *self)
{
  guint8 frame[RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE + RELEASE_IPC_HELLO_SIZE];
  ReleaseIpcEnvelope envelope = { .kind = RELEASE_IPC_KIND_HELLO };
  ReleaseIpcHello hello = {
    .lowest = RELEASE_IPC_VERSION,
    .highest = RELEASE_IPC_VERSION,
    .max_message = self->max_message_size,
    .max_in_flight = self->max_in_flight,
  };

  if (is_plain (self) || self->hello_sent || self->closed)
    return;

  self->hello_sent = TRUE;
  release_ipc_length_pack (sizeof frame - RELEASE_IPC_LENGTH_SIZE, frame);
  release_ipc_envelope_pack (&envelope, frame + RELEASE_IPC_LENGTH_SIZE);
  release_ipc_hello_pack (&hello, frame + RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE);
  if (!release_ipc_writer_write (&self->writer, self->fd, frame, sizeof frame, NULL, 0, NULL, NULL))
    hang_up (self);
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

  if (!release_ipc_serials_lookup (&self->outgoing, serial, &pending))
    {
      fail_protocol (self, "The peer answered a request %u that is not open", serial);
      return FALSE;
    }

  if (pending == NULL)
    {
      release_ipc_serials_remove (&self->outgoing, serial);
      return FALSE;
    }

  release_ipc_pending_take (pending, FALSE);
  frame->pending = pending;
  return TRUE;
}

static gboolean
accept_request (ReleaseIpcChannel *self,
                ReleaseIpcFrame   *frame)
{
  guint32 serial = frame->envelope.serial;

  if (serial == 0 || release_ipc_serials_lookup (&self->incoming, serial, NULL))
    {
      fail_protocol (self, "The peer used %u as the serial of a new request", serial);
      return FALSE;
    }
  if (self->incoming.n_used >= self->max_in_flight)
    {
      fail_protocol (self, "The peer opened more than the %u requests that it may",
                     self->max_in_flight);
      return FALSE;
    }

  release_ipc_serials_set (&self->incoming, serial, NULL);
  return TRUE;
}

static gboolean
accept_plain (ReleaseIpcChannel *self,
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
  if (frame->envelope.n_fds > 0)
    {
      fail_protocol (self, "The peer announced %u descriptors on a channel that accepts none",
                     frame->envelope.n_fds);
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

/* Gives a frame its meaning. Those that mean nothing more are freed. */
static void
accept_frame (ReleaseIpcChannel *self,
              ReleaseIpcFrame   *frame)
{
  gboolean keep = TRUE;

  if (self->end_reason != NULL)
    keep = FALSE;
  else if (!is_raw (self))
    keep = is_plain (self) ? accept_plain (self, frame) : accept_multiplexed (self, frame);

  if (!keep)
    {
      release_ipc_frame_free (frame);
      return;
    }

  self->frames_size += sizeof (ReleaseIpcFrame) + frame->length;
  g_queue_push_tail_link (&self->frames, &frame->link);
}

/* Takes @frame off the queue. (transfer full) */
ReleaseIpcFrame *
release_ipc_core_take_frame (ReleaseIpcChannel *self,
                             ReleaseIpcFrame   *frame)
{
  g_queue_unlink (&self->frames, &frame->link);
  self->frames_size -= sizeof (ReleaseIpcFrame) + frame->length;

  return frame;
}

/* Reads what there is and accepts it. Runs no callback. */
void
release_ipc_core_read (ReleaseIpcChannel *self)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcReadStatus status;
  GQueue arrived = G_QUEUE_INIT;
  GList *link;

  status = release_ipc_reader_read (&self->reader, self->fd, &arrived, &error);
  /* The time that a frame may take is counted for each anew. */
  if (arrived.length > 0)
    release_io_timer_disarm (&self->frame_timer);
  while ((link = g_queue_pop_head_link (&arrived)) != NULL)
    accept_frame (self, link->data);

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
}

/* Tells the log of a message that is dropped, but not as often as a peer may like. */
void
release_ipc_core_complain (ReleaseIpcChannel *self,
                           const char        *what,
                           const GError      *error)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *reason = NULL;

  if (self->last_complaint != 0 && now - self->last_complaint < COMPLAINT_INTERVAL_USEC)
    return;

  self->last_complaint = now;
  reason = release_escape (error->message, -1);
  g_message ("%s: %s", what, reason);
}

static void
dispatch_request (ReleaseIpcChannel *self,
                  ReleaseIpcFrame   *frame)
{
  g_autoptr(ReleaseIpcInvocation) invocation = release_ipc_invocation_new (self, frame);
  g_autoptr(GError) error = NULL;
  gboolean handled;

  if (self->serve_func != NULL)
    {
      handled = self->serve_func (self, invocation, self->serve_data);
    }
  else if (release_ipc_invocation_decode (invocation, &error))
    {
      handled = release_ipc_channel_emit_request (self, invocation);
    }
  else
    {
      release_ipc_core_complain (self, "Refused a request", error);
      release_ipc_invocation_return_error (invocation, error, NULL);
      handled = TRUE;
    }

  if (!handled && !release_ipc_invocation_is_answered (invocation))
    {
      error = g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_NOT_HANDLED,
                           "Nobody handles this request");
      release_ipc_invocation_return_error (invocation, error, NULL);
    }
}

/* The error that a peer answered with, as the caller sees it. */
static GError *
read_remote_error (ReleaseIpcChannel  *self,
                   ReleaseIpcFrame    *frame,
                   GError            **error)
{
  g_autofree char *domain = NULL;
  g_autofree char *message = NULL;
  gsize length;
  const guint8 *body = release_ipc_frame_get_body (frame, &length);
  GQuark quark;
  int code;

  if (!release_ipc_error_body_unpack (body, length, &domain, &code, &message, error))
    return NULL;

  quark = self->codec != NULL ? release_ipc_codec_find_error_domain (self->codec, domain) : 0;
  if (quark != 0)
    return g_error_new_literal (quark, code, message);
  if (g_strcmp0 (domain, g_quark_to_string (RELEASE_IPC_ERROR)) == 0 &&
      code == RELEASE_IPC_ERROR_NOT_HANDLED)
    return g_error_new_literal (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_NOT_HANDLED, message);

  return g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_REMOTE, "%s (%s, %d)",
                      message, domain, code);
}

/* Completes the request that @frame, which stays the caller's, is the answer of. */
void
release_ipc_core_dispatch_answer (ReleaseIpcChannel *self,
                                  ReleaseIpcFrame   *frame)
{
  ReleaseIpcPending *pending = g_steal_pointer (&frame->pending);
  g_autoptr(GError) malformed = NULL;
  g_autoptr(GError) remote = NULL;

  if (frame->envelope.kind == RELEASE_IPC_KIND_RESPONSE)
    {
      release_ipc_pending_complete (pending, frame, NULL);
      return;
    }

  remote = read_remote_error (self, frame, &malformed);
  if (malformed != NULL)
    release_ipc_core_fail (self, g_error_copy (malformed));
  release_ipc_pending_complete (pending, NULL, remote != NULL ? remote : malformed);
}

static void
dispatch_cancel (ReleaseIpcChannel *self,
                 guint32            serial)
{
  gpointer invocation = NULL;

  /* One that is answered already crossed with the answer. */
  if (release_ipc_serials_lookup (&self->incoming, serial, &invocation) && invocation != NULL)
    release_ipc_invocation_cancel (invocation);
}

/* The first frame on a plain channel decides: a request if somebody here answers requests. */
static void
decide_role (ReleaseIpcChannel *self,
             ReleaseIpcFrame   *frame)
{
  if (self->role == RELEASE_IPC_ROLE_NONE && release_ipc_channel_has_handler (self))
    self->role = RELEASE_IPC_ROLE_ANSWERS;

  if (self->role == RELEASE_IPC_ROLE_ANSWERS)
    accept_plain (self, frame);
  else
    frame->envelope.kind = RELEASE_IPC_KIND_EVENT;
}

static void
dispatch_frame (ReleaseIpcChannel *self,
                ReleaseIpcFrame   *frame)
{
  if (frame->envelope.kind == RELEASE_IPC_KIND_NONE)
    decide_role (self, frame);

  switch (frame->envelope.kind)
    {
    case RELEASE_IPC_KIND_REQUEST:
      /* The invocation takes the frame over. */
      dispatch_request (self, frame);
      return;

    case RELEASE_IPC_KIND_RESPONSE:
    case RELEASE_IPC_KIND_ERROR:
      release_ipc_core_dispatch_answer (self, frame);
      break;

    case RELEASE_IPC_KIND_EVENT:
      release_ipc_channel_emit_event (self, release_ipc_frame_get_bytes (frame));
      break;

    case RELEASE_IPC_KIND_CANCEL:
      dispatch_cancel (self, frame->envelope.serial);
      break;

    default:
      g_assert_not_reached ();
    }

  release_ipc_frame_free (frame);
}

static void
dispatch_frames (ReleaseIpcChannel *self)
{
  if (is_raw (self))
    {
      release_ipc_raw_run (self);
      return;
    }

  for (guint i = 0; i < FRAMES_PER_DISPATCH; i++)
    {
      ReleaseIpcFrame *frame;

      if (self->closed || self->finishing || self->frames.length == 0 || !may_dispatch (self))
        return;

      frame = release_ipc_core_take_frame (self, self->frames.head->data);
      /* A main loop that the callback runs goes on with the rest. */
      if (self->frames.length > 0 && self->watch != NULL)
        release_io_watch_wake (self->watch);
      dispatch_frame (self, frame);
    }
}

static void
ready_cb (guint    events,
          gpointer user_data)
{
  g_autoptr(ReleaseIpcChannel) self = g_object_ref (user_data);

  if ((events & EPOLLOUT) != 0)
    release_ipc_core_flush (self);
  if ((events & (EPOLLHUP | EPOLLERR)) != 0)
    hang_up (self);

  self->depth++;
  release_ipc_pending_run_cancelled (self);
  if (may_read (self) && ((events & EPOLLIN) != 0 || self->hung_up))
    release_ipc_core_read (self);
  dispatch_frames (self);
  self->depth--;

  if (self->closed)
    return;

  if (self->watch != NULL)
    release_io_watch_unwake (self->watch);
  release_ipc_core_flush (self);
  if (is_raw (self))
    release_ipc_raw_run (self);
  release_ipc_core_settle (self);
}

/* From here on the main loop serves the channel. */
void
release_ipc_core_watch (ReleaseIpcChannel *self)
{
  if (self->watch != NULL || self->closed || needs_no_watch (self))
    return;

  self->watch = release_io_watch_new (self->poller, self->fd, EPOLLIN, ready_cb, self);
  /* What came before, by a sync call, may have left something to do. */
  release_io_watch_wake (self->watch);
}

/* A request that came in has got its answer, or never will. */
void
release_ipc_core_request_done (ReleaseIpcChannel *self,
                               guint32            serial)
{
  gboolean was_full = is_full_of_requests (self);

  release_ipc_serials_remove (&self->incoming, serial);
  if (self->watch != NULL && (was_full || self->end_reason != NULL))
    release_io_watch_wake (self->watch);
}

/* Takes what still waits, in the order in which it was asked. */
static void
take_pendings (ReleaseIpcChannel *self,
                   GQueue            *pendings)
{
  while (self->frames.head != NULL)
    {
      ReleaseIpcFrame *frame = release_ipc_core_take_frame (self, self->frames.head->data);

      if (frame->pending != NULL)
        g_queue_push_tail_link (pendings, &((ReleaseIpcPending *) frame->pending)->link);
      release_ipc_frame_free (frame);
    }

  while (self->open.head != NULL)
    {
      ReleaseIpcPending *pending = self->open.head->data;

      release_ipc_pending_take (pending, FALSE);
      g_queue_push_tail_link (pendings, &pending->link);
    }
}

/* Those who work on an answer learn that nobody waits for it. */
static void
cancel_invocations (ReleaseIpcChannel *self)
{
  g_autoptr(GPtrArray) invocations = NULL;

  invocations = g_ptr_array_new_with_free_func ((GDestroyNotify) release_ipc_invocation_unref);
  for (guint i = 0; i < self->incoming.n_slots; i++)
    if (self->incoming.slots[i].serial != 0 && self->incoming.slots[i].value != NULL)
      g_ptr_array_add (invocations, release_ipc_invocation_ref (self->incoming.slots[i].value));
  release_ipc_serials_clear (&self->incoming);

  for (guint i = 0; i < invocations->len; i++)
    release_ipc_invocation_cancel (g_ptr_array_index (invocations, i));
}

/* Ends the channel, once. @reason: (transfer full) (nullable): NULL if this side wanted it */
void
release_ipc_core_end (ReleaseIpcChannel *self,
                      GError            *reason)
{
  G_GNUC_UNUSED g_autoptr(ReleaseIpcChannel) keep = g_object_ref (self);
  g_autoptr(GError) error = reason;
  GQueue pendings = G_QUEUE_INIT;
  GList *link;

  if (self->closed)
    return;

  self->closed = TRUE;
  take_pendings (self, &pendings);
  release_ipc_serials_clear (&self->outgoing);
  release_ipc_pending_forget_hooks (self);
  g_clear_pointer (&self->watch, release_io_watch_free);
  release_io_timer_disarm (&self->stall_timer);
  release_io_timer_disarm (&self->frame_timer);
  release_ipc_writer_clear (&self->writer);
  release_ipc_writer_share (&self->writer, NULL);
  release_ipc_reader_clear (&self->reader);
  g_clear_pointer (&self->early_responses, g_hash_table_unref);
  release_io_close (&self->fd);
  g_clear_error (&self->end_reason);
  if (error != NULL)
    self->end_reason = g_error_copy (error);
  else
    error = g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED, "The channel was closed");

  while ((link = g_queue_pop_head_link (&pendings)) != NULL)
    release_ipc_pending_complete (link->data, NULL, error);
  release_ipc_raw_end (self, error);
  cancel_invocations (self);
  release_ipc_channel_emit_closed (self, self->end_reason);
}

/* The peer's process is gone: what it had sent still counts, within bounds, and then it is over. */
void
release_ipc_core_drain (ReleaseIpcChannel *self)
{
  G_GNUC_UNUSED g_autoptr(ReleaseIpcChannel) keep = g_object_ref (self);

  if (self->closed)
    return;

  hang_up (self);
  for (guint i = 0; i < DRAIN_ROUNDS && !self->closed; i++)
    {
      if (self->end_reason == NULL && (self->frames.length == 0 || is_raw (self)))
        release_ipc_core_read (self);
      else if (self->frames.length == 0 || is_raw (self))
        break;
      dispatch_frames (self);
    }

  release_ipc_core_fail (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED,
                                            "The process of the peer has ended"));
  /* What nobody has read yet can still be read; then it ends. */
  if (is_raw (self) && self->frames.length > 0)
    release_ipc_core_settle (self);
  else
    release_ipc_core_end (self, g_steal_pointer (&self->end_reason));
}
