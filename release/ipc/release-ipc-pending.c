/* release/ipc/release-ipc-pending.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/ipc/release-ipc-error.h"

/* A request that waits. Whatever ends it (an answer, a timeout, a cancellation, the end of the
 * channel) first takes it, so that nothing else can, and then calls its function. */

/* One for each cancellable in use on a channel, however many requests share it. Its handler may
 * run in any thread and does no more than to wake the channel up. */
struct _ReleaseIpcCancelHook
{
  gatomicrefcount  ref_count;     /* one for the channel, one for the handler */
  GList            link;          /* in channel->hooks */
  GCancellable    *cancellable;
  gulong           handler_id;
  GQueue           pendings;      /* ReleaseIpcPending.hook_link */

  GMutex           lock;
  ReleaseIoWatch  *watch;         /* (nullable): guarded by lock; NULL once the channel let go */
};

static void
hook_unref (ReleaseIpcCancelHook *hook)
{
  if (!g_atomic_ref_count_dec (&hook->ref_count))
    return;

  g_mutex_clear (&hook->lock);
  g_object_unref (hook->cancellable);
  g_free (hook);
}

static void
hook_cancelled_cb (GCancellable         *cancellable,
                   ReleaseIpcCancelHook *hook)
{
  g_mutex_lock (&hook->lock);
  if (hook->watch != NULL)
    release_io_watch_wake_from_any_thread (hook->watch);
  g_mutex_unlock (&hook->lock);
}

/* g_cancellable_disconnect () would wait for a handler that may be the caller's caller. */
static void
hook_release (ReleaseIpcChannel    *channel,
              ReleaseIpcCancelHook *hook)
{
  release_queue_unlink (&channel->hooks, &hook->link);
  g_mutex_lock (&hook->lock);
  hook->watch = NULL;
  g_mutex_unlock (&hook->lock);
  g_signal_handler_disconnect (hook->cancellable, hook->handler_id);
  hook_unref (hook);
}

/* The hook of @cancellable. One that nobody waits for is kept until another is made, since
 * whoever asks again and again mostly does so with the same cancellable. */
static ReleaseIpcCancelHook *
hook_get (ReleaseIpcChannel *channel,
          GCancellable      *cancellable)
{
  ReleaseIpcCancelHook *hook;

  for (GList *link = channel->hooks.head, *next; link != NULL; link = next)
    {
      hook = link->data;
      next = link->next;
      if (hook->cancellable == cancellable)
        return hook;
      if (hook->pendings.length == 0)
        hook_release (channel, hook);
    }

  hook = g_new0 (ReleaseIpcCancelHook, 1);
  g_atomic_ref_count_init (&hook->ref_count);
  g_atomic_ref_count_inc (&hook->ref_count);
  g_mutex_init (&hook->lock);
  hook->link.data = hook;
  hook->cancellable = g_object_ref (cancellable);
  hook->watch = channel->watch;
  hook->handler_id = g_signal_connect_data (cancellable, "cancelled",
                                            G_CALLBACK (hook_cancelled_cb), hook,
                                            (GClosureNotify) (GCallback) hook_unref, 0);
  release_queue_push_tail_link (&channel->hooks, &hook->link);
  /* Between the caller's look and the connection it may have been cancelled. */
  if (g_cancellable_is_cancelled (cancellable))
    hook_cancelled_cb (cancellable, hook);

  return hook;
}

void
release_ipc_pending_forget_hooks (ReleaseIpcChannel *channel)
{
  while (channel->hooks.head != NULL)
    hook_release (channel, channel->hooks.head->data);
}

typedef struct
{
  ReleaseIpcPending *pending;
  GError            *error;
} Refusal;

static gboolean
refuse_cb (gpointer user_data)
{
  Refusal *refusal = user_data;

  refusal->pending->func (refusal->pending, NULL, refusal->error);
  return G_SOURCE_REMOVE;
}

static void
refusal_free (gpointer user_data)
{
  Refusal *refusal = user_data;

  g_error_free (refusal->error);
  g_free (refusal);
}

/* Has the main loop end a request that was never sent, or was taken: a callback is never called
 * before the function that it was given to has returned. @error: (transfer full) */
void
release_ipc_pending_refuse (ReleaseIpcPending *self,
                            GError            *error)
{
  g_autoptr(GSource) source = g_idle_source_new ();
  Refusal *refusal = g_new (Refusal, 1);

  refusal->pending = self;
  refusal->error = error;
  g_source_set_static_name (source, "[release] refused call");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, refuse_cb, refusal, refusal_free);
  g_source_attach (source, release_io_poller_get_context (self->channel->poller));
}

/* Ends the wait: from here on only the caller can end the request. Its serial is the caller's,
 * too. */
void
release_ipc_pending_take (ReleaseIpcPending *self)
{
  release_io_timer_disarm (&self->timer);
  if (self->hook != NULL)
    release_queue_unlink (&self->hook->pendings, &self->hook_link);
  self->hook = NULL;
  release_queue_unlink (&self->channel->open, &self->link);
}

/* Takes one whose answer is not awaited any more: the serial stays known until that comes, to be
 * dropped then, and the peer is told. */
void
release_ipc_pending_abandon (ReleaseIpcPending *self)
{
  ReleaseIpcChannel *channel = self->channel;
  ReleaseIpcEnvelope envelope = { .kind = RELEASE_IPC_KIND_CANCEL, .serial = self->serial };

  release_ipc_pending_take (self);
  release_ipc_serials_set (&channel->outgoing, self->serial, NULL);
  /* If it does not leave, the channel is ending anyway. */
  if (!release_ipc_core_is_plain (channel))
    release_ipc_core_send (channel, &envelope, NULL, 0, NULL, NULL);
}

static void
timeout_cb (gpointer user_data)
{
  ReleaseIpcPending *self = user_data;
  g_autoptr(GError) error = NULL;

  g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer came in time");
  release_ipc_pending_abandon (self);
  self->func (self, NULL, error);
}

/* The first request whose cancellable was cancelled, or NULL. */
static ReleaseIpcPending *
find_cancelled (ReleaseIpcChannel *channel)
{
  for (GList *link = channel->hooks.head; link != NULL; link = link->next)
    {
      ReleaseIpcCancelHook *hook = link->data;

      if (hook->pendings.head != NULL && g_cancellable_is_cancelled (hook->cancellable))
        return hook->pendings.head->data;
    }

  return NULL;
}

/* Ends all whose cancellable was cancelled. A main loop that a callback runs goes on with the
 * rest. */
void
release_ipc_pending_run_cancelled (ReleaseIpcChannel *channel)
{
  ReleaseIpcPending *pending;

  while ((pending = find_cancelled (channel)) != NULL)
    {
      g_autoptr(GError) error = NULL;

      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The call was cancelled");
      release_ipc_pending_abandon (pending);
      if (channel->watch != NULL)
        release_io_watch_wake (channel->watch);
      pending->func (pending, NULL, error);
    }
}

/* Gives it a serial: the next, but 0 and what is still known from the last time round. */
static void
enlist (ReleaseIpcPending *self)
{
  ReleaseIpcChannel *channel = self->channel;

  do
    self->serial = channel->next_serial++;
  while (self->serial == 0 ||
         !release_ipc_serials_add (&channel->outgoing, self->serial, self));
}

static gboolean
check_sendable (ReleaseIpcChannel  *channel,
                gsize               length,
                GError            **error)
{
  guint max = MIN (channel->max_in_flight, channel->peer_max_in_flight);

  /* The peer may still read on a plain channel, but an answer cannot come. */
  if (channel->end_reason != NULL)
    {
      g_propagate_error (error, g_error_copy (channel->end_reason));
      return FALSE;
    }
  if (channel->role == RELEASE_IPC_ROLE_ANSWERS || channel->role == RELEASE_IPC_ROLE_NOTIFIES)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE,
                   "A plain channel that %s cannot ask",
                   channel->role == RELEASE_IPC_ROLE_ANSWERS ? "answers" : "sends events");
      return FALSE;
    }
  if (channel->outgoing.n_used >= max)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT,
                   "%u requests are open already", channel->outgoing.n_used);
      return FALSE;
    }

  return release_ipc_core_has_room (channel, length, error);
}

/* Sends the request. On failure @self stays the caller's. */
gboolean
release_ipc_pending_send (ReleaseIpcPending  *self,
                          gconstpointer       body,
                          gsize               length,
                          GBytes             *owner,
                          int                 timeout_msec,
                          GCancellable       *cancellable,
                          GError            **error)
{
  ReleaseIpcChannel *channel = self->channel;
  ReleaseIpcEnvelope envelope = { .kind = RELEASE_IPC_KIND_REQUEST };

  if ((cancellable != NULL && g_cancellable_set_error_if_cancelled (cancellable, error)) ||
      release_ipc_core_set_closed_error (channel, error) ||
      !release_ipc_channel_use (channel, RELEASE_IPC_USE_DISPATCH, error) ||
      !check_sendable (channel, length, error))
    return FALSE;

  enlist (self);
  envelope.serial = self->serial;
  envelope.timeout_msec = timeout_msec < 0 ? 0 : MAX (timeout_msec, 1);
  if (!release_ipc_core_send (channel, &envelope, body, length, owner, error))
    {
      /* On a plain channel the peer counts, too. */
      release_ipc_serials_remove (&channel->outgoing, self->serial);
      channel->next_serial = self->serial;
      return FALSE;
    }

  if (release_ipc_core_is_plain (channel))
    channel->role = RELEASE_IPC_ROLE_ASKS;
  release_queue_push_tail_link (&channel->open, &self->link);
  /* Whoever asks is not patient any more. */
  if (release_io_timer_is_armed (&channel->patience_timer) && channel->watch != NULL)
    release_io_watch_wake (channel->watch);

  return TRUE;
}

/* Has the main loop end a request that was sent when it times out or is cancelled. */
static void
arm (ReleaseIpcPending *self,
     int                timeout_msec,
     GCancellable      *cancellable)
{
  ReleaseIpcChannel *channel = self->channel;

  if (timeout_msec >= 0)
    release_io_timer_arm (&self->timer, channel->poller,
                          g_get_monotonic_time () + (gint64) timeout_msec * G_TIME_SPAN_MILLISECOND,
                          timeout_cb, self);
  if (cancellable != NULL)
    {
      self->hook = hook_get (channel, cancellable);
      release_queue_push_tail_link (&self->hook->pendings, &self->hook_link);
    }
}

/* Sends the request and leaves the rest to the main loop. On failure @self stays the caller's. */
gboolean
release_ipc_pending_begin (ReleaseIpcPending  *self,
                           gconstpointer       body,
                           gsize               length,
                           GBytes             *owner,
                           int                 timeout_msec,
                           GCancellable       *cancellable,
                           GError            **error)
{
  if (self->channel->watch == NULL)
    release_ipc_channel_start (self->channel);
  if (!release_ipc_pending_send (self, body, length, owner, timeout_msec, cancellable, error))
    return FALSE;

  if (timeout_msec >= 0 || cancellable != NULL)
    arm (self, timeout_msec, cancellable);
  return TRUE;
}
