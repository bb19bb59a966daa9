/* release/ipc/release-ipc-call.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-call-private.h"

#include "release/ipc/release-ipc-core-private.h"

struct _ReleaseIpcCall
{
  GObject              parent_instance;

  ReleaseIpcChannel   *channel;      /* (owned) (nullable): NULL while it is channel->spare_call */
  GAsyncReadyCallback  callback;     /* (nullable) */
  gpointer             user_data;
  gpointer             tag;
  guint                begun;        /* the iteration of the main context in which it was begun */
  ReleaseIpcPending    pending;      /* while it waits it has a reference */
  ReleaseIpcFrame     *frame;        /* (nullable): the answer, while the callback runs */
  GBytes              *bytes;        /* (nullable): the answer, once somebody else has us */
  GError              *error;        /* (nullable) */
  guint                is_finished : 1;
};

/* Guards frame and bytes of results that others have, perhaps in other threads. */
static GMutex answers_lock;

static void release_ipc_call_iface_init (GAsyncResultIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReleaseIpcCall, release_ipc_call, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT,
                                                      release_ipc_call_iface_init))

static gpointer
release_ipc_call_get_user_data (GAsyncResult *result)
{
  return RELEASE_IPC_CALL (result)->user_data;
}

static GObject *
release_ipc_call_get_source_object (GAsyncResult *result)
{
  return G_OBJECT (g_object_ref (RELEASE_IPC_CALL (result)->channel));
}

static gboolean
release_ipc_call_is_tagged (GAsyncResult *result,
                            gpointer      tag)
{
  return RELEASE_IPC_CALL (result)->tag == tag;
}

static void
release_ipc_call_iface_init (GAsyncResultIface *iface)
{
  iface->get_user_data = release_ipc_call_get_user_data;
  iface->get_source_object = release_ipc_call_get_source_object;
  iface->is_tagged = release_ipc_call_is_tagged;
}

/* In any thread. */
static void
release_ipc_call_finalize (GObject *object)
{
  ReleaseIpcCall *self = RELEASE_IPC_CALL (object);

  g_assert (self->frame == NULL);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->channel);

  G_OBJECT_CLASS (release_ipc_call_parent_class)->finalize (object);
}

static void
release_ipc_call_class_init (ReleaseIpcCallClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = release_ipc_call_finalize;
}

static void
release_ipc_call_init (ReleaseIpcCall *self)
{
}

static void
call_back (ReleaseIpcCall *self)
{
  /* Casts that are checked would cost as much as all else here. */
  if (self->callback != NULL)
    self->callback ((GObject *) self->channel, (GAsyncResult *) self, self->user_data);
}

/* Whether the main context calls us, and whoever began the call has returned to it since. */
static gboolean
may_call_back (ReleaseIpcCall *self)
{
  ReleaseIoPoller *poller = self->channel->poller;
  GSource *current = g_main_current_source ();

  return current != NULL &&
         g_source_get_context (current) == release_io_poller_get_context (poller) &&
         self->begun != release_io_poller_get_n_iterations (poller);
}

/* While there is but one reference, it is of whoever calls back, or is called. */
static gboolean
is_shared (ReleaseIpcCall *self)
{
  return g_atomic_int_get (&self->parent_instance.ref_count) > 1;
}

/* Has the answer outlive the callback. To be called with the lock. */
static void
keep_bytes (ReleaseIpcCall *self)
{
  if (self->bytes == NULL && self->frame != NULL)
    self->bytes = g_bytes_ref (release_ipc_frame_get_bytes (self->frame));
}

/* The callback has returned: the frame goes. */
static void
drop_frame (ReleaseIpcCall *self)
{
  if (!is_shared (self))
    {
      self->frame = NULL;
      return;
    }

  g_mutex_lock (&answers_lock);
  keep_bytes (self);
  self->frame = NULL;
  g_mutex_unlock (&answers_lock);
}

/* The object can serve another call: to make one anew costs more than all the rest. Not if
 * something is attached to it, for that would have to end with this one. GObject keeps all of it
 * in qdata, weak references and closures too, but for signal handlers, and it has nothing to
 * notify of. @self: (transfer full) */
static void
keep_or_unref (ReleaseIpcCall *self)
{
  ReleaseIpcChannel *channel = self->channel;

  if (!RELEASE_KEEPS_MEMORY || channel->spare_call != NULL || channel->closed ||
      self->bytes != NULL || is_shared (self) || self->parent_instance.qdata != NULL)
    {
      g_object_unref (self);
      return;
    }

  self->is_finished = FALSE;
  self->channel = NULL;
  channel->spare_call = self;
  g_object_unref (channel);
}

static void
ended_cb (ReleaseIpcPending *pending,
          ReleaseIpcFrame   *frame,
          const GError      *error)
{
  ReleaseIpcCall *self = pending->user_data;

  if (error != NULL)
    {
      if (!may_call_back (self))
        {
          release_ipc_pending_refuse (pending, g_error_copy (error));
          return;
        }
      self->error = g_error_copy (error);
      call_back (self);
      g_object_unref (self);
      return;
    }

  self->frame = frame;
  call_back (self);
  drop_frame (self);
  keep_or_unref (self);
}

/* A call that is not begun yet. (transfer full) */
ReleaseIpcCall *
release_ipc_call_new (ReleaseIpcChannel   *channel,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data,
                      gpointer             tag)
{
  ReleaseIpcCall *self = channel->spare_call;

  if (self == NULL)
    self = g_object_new (RELEASE_TYPE_IPC_CALL, NULL);
  channel->spare_call = NULL;
  self->channel = g_object_ref (channel);
  self->callback = callback;
  self->user_data = user_data;
  self->tag = tag;
  self->begun = release_io_poller_get_n_iterations (channel->poller);
  release_ipc_pending_init (&self->pending, channel, ended_cb, NULL, self);

  return self;
}

/* Sends the request. @self: (transfer full): the callback ends it */
void
release_ipc_call_begin (ReleaseIpcCall *self,
                        gconstpointer   data,
                        gsize           length,
                        GBytes         *owner,
                        int             timeout_msec,
                        GCancellable   *cancellable)
{
  GError *error = NULL;

  if (!release_ipc_pending_begin (&self->pending, data, length, owner, timeout_msec, cancellable,
                                  &error))
    release_ipc_call_refuse (self, error);
}

/* Ends a call that was never sent. Both are (transfer full). */
void
release_ipc_call_refuse (ReleaseIpcCall *self,
                         GError         *error)
{
  release_ipc_pending_refuse (&self->pending, error);
}

/* What @result has of an answer, or NULL. (transfer none) */
ReleaseIpcCall *
release_ipc_call_finish (ReleaseIpcChannel  *channel,
                         GAsyncResult       *result,
                         gpointer            tag,
                         GError            **error)
{
  ReleaseIpcCall *self;

  g_return_val_if_fail (RELEASE_IS_IPC_CALL (result), NULL);

  self = (ReleaseIpcCall *) result;
  g_return_val_if_fail (self->channel == channel && self->tag == tag, NULL);
  g_return_val_if_fail (!self->is_finished, NULL);

  self->is_finished = TRUE;
  if (is_shared (self))
    {
      g_mutex_lock (&answers_lock);
      keep_bytes (self);
      g_mutex_unlock (&answers_lock);
    }
  if (self->error == NULL)
    return self;

  g_propagate_error (error, g_steal_pointer (&self->error));
  return NULL;
}

gconstpointer
release_ipc_call_get_data (ReleaseIpcCall *self,
                           gsize          *length)
{
  return self->bytes != NULL ? g_bytes_get_data (self->bytes, length)
                             : release_ipc_frame_get_body (self->frame, length);
}

/* Bytes that may be kept. (transfer none) */
GBytes *
release_ipc_call_get_bytes (ReleaseIpcCall *self)
{
  return self->bytes != NULL ? self->bytes : release_ipc_frame_get_bytes (self->frame);
}

/* Bytes that are mostly gone in a moment. (transfer none) */
GBytes *
release_ipc_call_share_bytes (ReleaseIpcCall *self)
{
  return self->bytes != NULL ? self->bytes : release_ipc_frame_share_bytes (self->frame);
}
