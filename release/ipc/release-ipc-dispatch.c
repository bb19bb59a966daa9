/* release/ipc/release-ipc-dispatch.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/base/release-error-private.h"
#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-error.h"

/* What a channel gets before others have their turn: so many frames, and so much time beside others
 * that ask for little, or until others wait. The clock is looked at after every few frames. To have
 * dispatched so many is to have had much. */
#define FRAMES_PER_DISPATCH 128
#define SHARED_TURN_USEC 2
#define SHARED_TURN_FRAMES 4
#define HEAVY_TURN_FRAMES 16
#define LONE_TURN_USEC 32
#define LONE_TURN_FRAMES 32

/* How much of a large body is copied from a memfd before others have their turn. */
#define COPY_BYTES_PER_DISPATCH (1024 * 1024)

/* A message about a peer's misbehaviour appears once in so many microseconds. */
#define COMPLAINT_INTERVAL_USEC G_USEC_PER_SEC

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

  /* A synchronous call waits for nothing but this. */
  if (frame->copy != NULL && !release_ipc_memfd_copy_on (frame, G_MAXSIZE, &malformed))
    {
      pending->func (pending, NULL, malformed);
      return;
    }
  if (frame->envelope.kind == RELEASE_IPC_KIND_RESPONSE)
    {
      pending->func (pending, frame, NULL);
      return;
    }

  remote = read_remote_error (self, frame, &malformed);
  if (malformed != NULL)
    release_ipc_core_fail (self, g_error_copy (malformed));
  pending->func (pending, NULL, remote != NULL ? remote : malformed);
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
    release_ipc_core_accept_plain (self, frame);
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

/* Whether all of the body of @frame is there. If not, more of it is when the turn of the channel
 * comes again; if it never will be, the channel has ended. */
static gboolean
is_whole (ReleaseIpcChannel *self,
          ReleaseIpcFrame   *frame)
{
  GError *error = NULL;

  if (frame->copy == NULL)
    return TRUE;

  if (release_ipc_memfd_copy_on (frame, COPY_BYTES_PER_DISPATCH, &error))
    return frame->copy == NULL;

  release_ipc_core_end (self, error);
  return FALSE;
}

/* Whether a turn that began at @begin has to end for the sake of others; moves @begin if not. */
static gboolean
is_turn_over (ReleaseIpcChannel *self,
              gboolean           is_shared,
              gint64            *begin)
{
  gint64 now = g_get_monotonic_time ();

  if (*begin == 0)
    *begin = now;
  if (is_shared)
    return now - *begin >= SHARED_TURN_USEC;
  if (now - *begin < LONE_TURN_USEC)
    return FALSE;

  *begin = now;
  return release_io_watch_is_waited_for (self->watch);
}

/* @yields: whether others are to have their turn before all of FRAMES_PER_DISPATCH */
void
release_ipc_core_dispatch (ReleaseIpcChannel *self,
                           gboolean           yields)
{
  gboolean is_shared = yields && release_io_watch_is_in_company (self->watch);
  guint n_unseen = is_shared ? SHARED_TURN_FRAMES : LONE_TURN_FRAMES;
  gint64 begin = 0;

  if (release_ipc_core_is_raw (self))
    {
      release_ipc_raw_run (self);
      return;
    }

  for (guint i = 0; i < FRAMES_PER_DISPATCH; i++)
    {
      ReleaseIpcFrame *frame;

      if (self->closed || self->finishing || self->frames.length == 0 ||
          !release_ipc_core_may_dispatch (self))
        return;
      if (yields && i == HEAVY_TURN_FRAMES)
        release_io_watch_set_heavy (self->watch);
      if (yields && i % n_unseen == 0 && (begin != 0 || self->frames.length > n_unseen) &&
          is_turn_over (self, is_shared, &begin))
        return;

      if (!is_whole (self, self->frames.head->data))
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
  ReleaseIpcChannel *self = release_ipc_channel_hold (user_data);

  if ((events & EPOLLOUT) != 0)
    release_ipc_core_flush (self);
  if ((events & (EPOLLHUP | EPOLLERR)) != 0)
    release_ipc_core_hang_up (self);

  self->depth++;
  release_ipc_pending_run_cancelled (self);
  if (release_ipc_core_may_read (self) && ((events & EPOLLIN) != 0 || self->hung_up))
    release_ipc_core_read (self, FALSE);
  release_ipc_core_dispatch (self, self->watch != NULL);
  self->depth--;

  if (!self->closed)
    {
      if (self->watch != NULL)
        release_io_watch_unwake (self->watch);
      if (!self->writer.is_full)
        release_ipc_core_flush (self);
      if (release_ipc_core_is_raw (self))
        release_ipc_raw_run (self);
      release_ipc_core_settle (self);
    }
  release_ipc_channel_release (self);
}

/* From here on the main loop serves the channel. */
void
release_ipc_core_watch (ReleaseIpcChannel *self)
{
  if (self->watch != NULL || self->closed || release_ipc_core_needs_no_watch (self))
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
  gboolean was_full = release_ipc_core_is_full (self);

  release_ipc_serials_remove (&self->incoming, serial);
  if (self->watch != NULL && (was_full || self->end_reason != NULL))
    release_io_watch_wake (self->watch);
}
