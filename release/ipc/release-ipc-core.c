/* release/ipc/release-ipc-core.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/base/release-error-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-error.h"

#include <string.h>
#include <unistd.h>

/* A body of this length leaves at once: what a system call costs is less than what a copy costs. */
#define LARGE_LENGTH (16 * 1024)

/* When so many bytes of answers wait for the peer to read, more requests stay in its own queue, or
 * in the kernel: memory that is touched once, late, costs twice. But not for ever, for the peer may
 * be one that reads nothing before it has sent everything; then not again before it has read. */
#define PATIENT_ABOVE (64 * 1024)
#define PATIENCE_USEC (20 * G_TIME_SPAN_MILLISECOND)

/* How many dispatches the last words of a dead peer may take. */
#define DRAIN_ROUNDS 64

/* Past half of the limit, its own or the one that it shares, this side stops reading, so that the
 * peer has to. What waits for the peer's hello does not count: that has to be read. */
gboolean
release_ipc_core_is_above_high_mark (ReleaseIpcChannel *self)
{
  ReleaseIpcBudget *budget = self->writer.budget;

  return self->pauses && release_ipc_core_may_flush (self) &&
         (self->writer.queued > self->max_queue_size / 2 ||
          (budget != NULL && budget->used > budget->max / 2));
}

/* Whoever waits for an answer itself is never patient: two that are would both be. */
static gboolean
is_patient (ReleaseIpcChannel *self)
{
  return self->owes && self->writer.queued > PATIENT_ABOVE && self->outgoing.n_used == 0 &&
         !self->is_impatient && !self->hung_up && self->end_reason == NULL;
}

gboolean
release_ipc_core_may_read (ReleaseIpcChannel *self)
{
  if (self->closed || self->end_reason != NULL || self->finishing)
    return FALSE;
  if (release_ipc_core_is_raw (self))
    return self->raw_reads.length > 0 || self->hung_up;

  return self->frames.length == 0 && release_ipc_core_may_dispatch (self) && !is_patient (self);
}

/* Why nothing can be sent any more. */
gboolean
release_ipc_core_copy_end_reason (ReleaseIpcChannel  *self,
                                  GError            **error)
{
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

/* The peer can no longer read: what is queued for it is void, what it sent before is not. */
void
release_ipc_core_hang_up (ReleaseIpcChannel *self)
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
patience_cb (gpointer user_data)
{
  ReleaseIpcChannel *self = user_data;

  self->is_impatient = TRUE;
  release_ipc_core_settle (self);
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
      self->owes = self->is_impatient = FALSE;
      release_io_timer_disarm (&self->stall_timer);
    }
  else if (!release_io_timer_is_armed (&self->stall_timer))
    {
      self->stall_mark = self->writer.written;
      arm_msec (self, &self->stall_timer, self->stall_timeout, stall_cb);
    }

  if (!is_patient (self))
    release_io_timer_disarm (&self->patience_timer);
  else if (!release_io_timer_is_armed (&self->patience_timer))
    release_io_timer_arm (&self->patience_timer, self->poller,
                          g_get_monotonic_time () + PATIENCE_USEC, patience_cb, self);

  /* Nor does time run while it is this side that does not read. */
  if (release_ipc_reader_is_between (&self->reader) || !release_ipc_core_may_read (self))
    release_io_timer_disarm (&self->frame_timer);
  else
    arm_msec (self, &self->frame_timer, self->frame_timeout, frame_timeout_cb);
}

/* A plain peer that has said all it had to say still gets its answers. */
static gboolean
lingers (ReleaseIpcChannel *self)
{
  if (!release_ipc_core_is_plain (self) || self->hung_up)
    return FALSE;
  if (self->writer.queued > 0)
    return TRUE;

  return !self->finishing && self->incoming.n_used > 0 &&
         g_error_matches (self->end_reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
}

/* All has been read and waits for somebody to take it: a hang-up would be reported for ever. */
gboolean
release_ipc_core_needs_no_watch (ReleaseIpcChannel *self)
{
  return release_ipc_core_is_raw (self) && self->end_reason != NULL &&
         self->raw_reads.length == 0 && self->writer.queued == 0;
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
  if (release_ipc_core_needs_no_watch (self))
    g_clear_pointer (&self->watch, release_io_watch_free);
  if (self->watch == NULL)
    return;

  if (release_ipc_core_may_read (self))
    events |= EPOLLIN;
  if (self->writer.queued > 0 && release_ipc_core_may_flush (self))
    events |= EPOLLOUT;
  release_io_watch_set_events (self->watch, events);

  if (self->frames.length > 0 &&
      (release_ipc_core_is_raw (self) ? self->raw_reads.length > 0
                                      : release_ipc_core_may_dispatch (self)))
    release_io_watch_wake (self->watch);
}

void
release_ipc_core_flush (ReleaseIpcChannel *self)
{
  guint64 written = self->writer.written;

  if (self->writer.queued == 0 || !release_ipc_core_may_flush (self))
    return;

  if (!release_ipc_writer_flush (&self->writer, self->fd, NULL))
    release_ipc_core_hang_up (self);
  if (self->writer.written != written)
    self->is_impatient = FALSE;
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

/* The length, and on a multiplexed channel the envelope, of a payload of @total bytes. */
static void
pack_head (ReleaseIpcChannel        *self,
           const ReleaseIpcEnvelope *envelope,
           gsize                     total,
           guint8                   *out)
{
  release_ipc_length_pack (total, out);
  if (!release_ipc_core_is_plain (self))
    release_ipc_envelope_pack (envelope, out + RELEASE_IPC_LENGTH_SIZE);
}

/* It leaves with the others, at the end of the dispatch or of a nested one, or when the peer has
 * said hello. */
static void
send_later (ReleaseIpcChannel        *self,
            const ReleaseIpcEnvelope *envelope,
            gsize                     total,
            gconstpointer             body,
            gsize                     length,
            GBytes                   *owner)
{
  gsize head_length = RELEASE_IPC_LENGTH_SIZE + total - length;
  guint8 head[RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE];

  if (length > 0 && length < RELEASE_IPC_WRITER_OWNED_LENGTH)
    {
      guint8 *frame = release_ipc_writer_reserve (&self->writer, head_length + length);

      pack_head (self, envelope, total, frame);
      memcpy (frame + head_length, body, length);
    }
  else
    {
      pack_head (self, envelope, total, head);
      release_ipc_writer_append (&self->writer, head, head_length, body, length, owner);
    }
}

static gboolean
send_at_once (ReleaseIpcChannel         *self,
              const ReleaseIpcEnvelope  *envelope,
              gsize                      total,
              gconstpointer              body,
              gsize                      length,
              GBytes                    *owner,
              GError                   **error)
{
  guint8 head[RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE];

  pack_head (self, envelope, total, head);
  if (!release_ipc_writer_write (&self->writer, self->fd, head,
                                 RELEASE_IPC_LENGTH_SIZE + total - length, body, length, owner,
                                 NULL))
    {
      release_ipc_core_hang_up (self);
      if (self->watch != NULL)
        release_io_watch_wake (self->watch);
      return !release_ipc_core_set_closed_error (self, error);
    }

  if (self->writer.queued > 0 && self->depth == 0)
    release_ipc_core_settle (self);
  else if (self->writer.queued > 0 && self->watch != NULL)
    release_io_watch_wake (self->watch);
  return TRUE;
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
  gsize total = length;

  if (!release_ipc_core_is_plain (self))
    total += RELEASE_IPC_ENVELOPE_SIZE;
  if (release_ipc_core_set_closed_error (self, error) ||
      !release_ipc_core_check_size (self, total, error))
    return FALSE;

  self->owes |= envelope->kind == RELEASE_IPC_KIND_RESPONSE;
  release_ipc_core_say_hello (self);
  if (!release_ipc_core_may_flush (self))
    {
      send_later (self, envelope, total, body, length, owner);
      self->largest_held = MAX (self->largest_held, total);
      settle_timers (self);
      return TRUE;
    }
  if (self->depth == 0 || length >= LARGE_LENGTH)
    return send_at_once (self, envelope, total, body, length, owner, error);

  send_later (self, envelope, total, body, length, owner);
  if (self->watch != NULL)
    release_io_watch_wake (self->watch);
  return TRUE;
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
        release_queue_push_tail_link (pendings, &((ReleaseIpcPending *) frame->pending)->link);
      release_ipc_frame_free (frame);
    }

  while (self->open.head != NULL)
    {
      ReleaseIpcPending *pending = self->open.head->data;

      release_ipc_pending_take (pending);
      release_queue_push_tail_link (pendings, &pending->link);
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
  g_clear_object (&self->spare_call);
  g_clear_pointer (&self->watch, release_io_watch_free);
  release_io_timer_disarm (&self->stall_timer);
  release_io_timer_disarm (&self->frame_timer);
  release_io_timer_disarm (&self->patience_timer);
  release_ipc_writer_clear (&self->writer);
  release_ipc_writer_share (&self->writer, NULL);
  release_ipc_reader_clear (&self->reader);
  g_clear_pointer (&self->early_responses, g_hash_table_unref);
  /* A child that this process forked leaves the connection to it. */
  if (self->owner == getpid ())
    release_io_close_connection (&self->fd);
  else
    release_io_close (&self->fd);
  g_clear_error (&self->end_reason);
  if (error != NULL)
    self->end_reason = g_error_copy (error);
  else
    error = g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED, "The channel was closed");

  while ((link = g_queue_pop_head_link (&pendings)) != NULL)
    {
      ReleaseIpcPending *pending = link->data;

      pending->func (pending, NULL, error);
    }
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

  release_ipc_core_hang_up (self);
  for (guint i = 0; i < DRAIN_ROUNDS && !self->closed; i++)
    {
      if (self->end_reason == NULL && (self->frames.length == 0 || release_ipc_core_is_raw (self)))
        release_ipc_core_read (self, FALSE);
      else if (self->frames.length == 0 || release_ipc_core_is_raw (self))
        break;
      release_ipc_core_dispatch (self, FALSE);
    }

  release_ipc_core_fail (self, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED,
                                            "The process of the peer has ended"));
  /* What nobody has read yet can still be read; then it ends. */
  if (release_ipc_core_is_raw (self) && self->frames.length > 0)
    release_ipc_core_settle (self);
  else
    release_ipc_core_end (self, g_steal_pointer (&self->end_reason));
}
