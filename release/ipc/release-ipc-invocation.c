/* release/ipc/release-ipc-invocation.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-error.h"

#include <pthread.h>
#include <string.h>

/**
 * SECTION:release-ipc-invocation
 * @title: ReleaseIpcInvocation
 * @short_description: a request that is being answered
 *
 * A handler of requests receives a #ReleaseIpcInvocation, reads the request
 * from it and answers it with one of the functions whose names contain
 * “return”: at once, or later, if it keeps a reference.
 *
 * |[<!-- language="C" -->
 * static gboolean
 * on_request (ReleaseIpcChannel    *channel,
 *             ReleaseIpcInvocation *invocation,
 *             gpointer              user_data)
 * {
 *   g_autofree char *answer = g_utf8_strup (release_ipc_invocation_get_string (invocation), -1);
 *
 *   return release_ipc_invocation_return_string (invocation, answer, NULL);
 * }
 * ]|
 *
 * Every request is answered exactly once. A second answer is refused with
 * %RELEASE_IPC_ERROR_ANSWERED. An invocation whose last reference goes away
 * unanswered answers with an error, as the last net only: in a language with a
 * garbage collector nobody knows when that is.
 *
 * On a plain channel answers leave in the order of the requests, whatever the
 * order in which they are given; and since an error cannot be told from an
 * answer there, answering with one ends the connection once the answers before
 * it have left.
 *
 * An invocation belongs to the thread of its channel. References may be dropped
 * in any thread.
 */

struct _ReleaseIpcInvocation
{
  int                ref_count;     /* (atomic) */
  ReleaseIpcChannel *channel;       /* (held) */
  ReleaseIpcFrame   *frame;         /* (owned) */
  ReleaseIpcMessage *message;       /* (nullable): once decoded */
  guint32            serial;
  gint64             deadline;      /* monotonic, in microseconds; 0 for none */
  GCancellable      *cancellable;   /* (nullable): once asked for */
  ReleaseIoTimer     timer;         /* of the deadline, armed once somebody could notice */
  pthread_t          thread;        /* of the channel; cheaper to ask for than g_thread_self () */
  guint              is_answered : 1;
  guint              is_cancelled : 1;
};

G_DEFINE_BOXED_TYPE (ReleaseIpcInvocation, release_ipc_invocation,
                     release_ipc_invocation_ref, release_ipc_invocation_unref)

/* @frame: (transfer full) */
ReleaseIpcInvocation *
release_ipc_invocation_new (ReleaseIpcChannel *channel,
                            ReleaseIpcFrame   *frame)
{
  ReleaseIpcInvocation *self = release_pool_take (channel->pool, sizeof (ReleaseIpcInvocation));

  *self = (ReleaseIpcInvocation) {
    .ref_count = 1,
    .channel = release_ipc_channel_hold (channel),
    .frame = frame,
    .serial = frame->envelope.serial,
    .thread = pthread_self (),
  };
  if (frame->envelope.timeout_msec > 0)
    self->deadline = g_get_monotonic_time () +
                     (gint64) frame->envelope.timeout_msec * G_TIME_SPAN_MILLISECOND;
  release_ipc_serials_set (&channel->incoming, self->serial, self);

  return self;
}

/* Decodes the request, if the channel has a codec. */
gboolean
release_ipc_invocation_decode (ReleaseIpcInvocation  *self,
                               GError               **error)
{
  g_autoptr(ReleaseIpcMessage) message = NULL;

  if (self->channel->codec == NULL || self->message != NULL)
    return TRUE;

  message = release_ipc_message_new (release_ipc_frame_get_bytes (self->frame));
  if (!release_ipc_codec_decode_request (self->channel->codec,
                                         release_ipc_message_get_bytes (message), message, error))
    return FALSE;

  self->message = g_steal_pointer (&message);
  return TRUE;
}

/* The request, for a conversion: see release_ipc_frame_share_bytes (). */
GBytes *
release_ipc_invocation_share_bytes (ReleaseIpcInvocation *self)
{
  return release_ipc_frame_share_bytes (self->frame);
}

/* Nobody waits for the answer any more. */
void
release_ipc_invocation_cancel (ReleaseIpcInvocation *self)
{
  self->is_cancelled = TRUE;
  release_io_timer_disarm (&self->timer);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
deadline_cb (gpointer user_data)
{
  release_ipc_invocation_cancel (user_data);
}

static void
set_answered (ReleaseIpcInvocation *self)
{
  self->is_answered = TRUE;
  release_io_timer_disarm (&self->timer);
}

/* No answer can leave any more: the request is over. */
static void
set_unanswerable (ReleaseIpcInvocation *self)
{
  set_answered (self);
  release_ipc_core_request_done (self->channel, self->serial);
}

/* On a plain channel: the next in turn has failed. What was answered before leaves; that is all. */
static void
finish_channel (ReleaseIpcChannel *channel)
{
  release_ipc_core_fail (channel, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_FAILED,
                                               "A request on a plain channel could not be "
                                               "answered"));
  channel->finishing = TRUE;
  if (channel->watch != NULL)
    release_io_watch_wake (channel->watch);
}

/* Sends the responses whose turn has come. */
static void
send_early_responses (ReleaseIpcChannel *channel)
{
  ReleaseIpcEnvelope envelope = { .kind = RELEASE_IPC_KIND_RESPONSE };
  gpointer value;

  while (channel->early_responses != NULL &&
         g_hash_table_lookup_extended (channel->early_responses,
                                       GUINT_TO_POINTER (channel->next_response), NULL, &value))
    {
      g_autoptr(GBytes) bytes = value != NULL ? g_bytes_ref (value) : NULL;
      gsize length = 0;
      gconstpointer body = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

      g_hash_table_remove (channel->early_responses, GUINT_TO_POINTER (channel->next_response));
      if (bytes == NULL ||
          !release_ipc_core_send (channel, &envelope, body, length, bytes, NULL))
        {
          finish_channel (channel);
          return;
        }
      release_ipc_core_request_done (channel, release_ipc_core_count_up (&channel->next_response));
    }
}

static void
unref_bytes (gpointer bytes)
{
  if (bytes != NULL)
    g_bytes_unref (bytes);
}

/* Keeps a response, or with @bytes of NULL a failure, until its turn comes. */
static void
keep_response (ReleaseIpcInvocation *self,
               GBytes               *bytes)
{
  ReleaseIpcChannel *channel = self->channel;

  if (channel->early_responses == NULL)
    channel->early_responses = g_hash_table_new_full (NULL, NULL, NULL, unref_bytes);
  g_hash_table_insert (channel->early_responses, GUINT_TO_POINTER (self->serial), bytes);
  release_ipc_serials_set (&channel->incoming, self->serial, NULL);
}

static gboolean
answer_plain (ReleaseIpcInvocation  *self,
              ReleaseIpcKind         kind,
              gconstpointer          body,
              gsize                  length,
              GBytes                *owner,
              GError               **error)
{
  ReleaseIpcChannel *channel = self->channel;
  ReleaseIpcEnvelope envelope = { .kind = kind };

  if (kind == RELEASE_IPC_KIND_ERROR)
    {
      keep_response (self, NULL);
    }
  else if (self->serial == channel->next_response)
    {
      if (!release_ipc_core_send (channel, &envelope, body, length, owner, error))
        return FALSE;
      release_ipc_core_request_done (channel, release_ipc_core_count_up (&channel->next_response));
    }
  else
    {
      if (!release_ipc_core_check_size (channel, length, error))
        return FALSE;
      keep_response (self, owner != NULL ? g_bytes_ref (owner) : g_bytes_new (body, length));
    }

  set_answered (self);
  send_early_responses (channel);
  return TRUE;
}

static gboolean
answer (ReleaseIpcInvocation  *self,
        ReleaseIpcKind         kind,
        gconstpointer          body,
        gsize                  length,
        GBytes                *owner,
        GError               **error)
{
  ReleaseIpcEnvelope envelope = { .kind = kind, .serial = self->serial };
  ReleaseIpcChannel *channel = self->channel;
  g_autoptr(GError) reason = NULL;

  if (self->is_answered)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ANSWERED,
                   "Request %u was answered before", self->serial);
      return FALSE;
    }

  if (!release_ipc_core_set_closed_error (channel, NULL))
    {
      if (channel->framing == RELEASE_IPC_FRAMING_PLAIN)
        {
          if (answer_plain (self, kind, body, length, owner, &reason))
            return TRUE;
        }
      else if (release_ipc_core_send (channel, &envelope, body, length, owner, &reason))
        {
          set_answered (self);
          release_ipc_core_request_done (channel, self->serial);
          return TRUE;
        }
    }

  /* The peer is gone, as the attempt may have shown: nobody misses the answer. */
  if (release_ipc_core_set_closed_error (channel, NULL))
    {
      set_unanswerable (self);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static void
free_invocation (ReleaseIpcInvocation *self)
{
  ReleaseIpcChannel *channel = self->channel;

  if (!self->is_answered)
    {
      g_autoptr(GError) error = NULL;

      error = g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_FAILED,
                           "The request was dropped without an answer");
      release_ipc_invocation_return_error (self, error, NULL);
    }

  release_io_timer_disarm (&self->timer);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->message);
  release_ipc_frame_free (self->frame);
  release_pool_give (channel->pool, self, sizeof (ReleaseIpcInvocation));
  release_ipc_channel_release (channel);
}

static void
unref_here (ReleaseIpcInvocation *self)
{
  if (g_atomic_int_dec_and_test (&self->ref_count))
    free_invocation (self);
}

static gboolean
unref_here_cb (gpointer user_data)
{
  unref_here (user_data);
  return G_SOURCE_REMOVE;
}

/* Hands the reference to the thread of the channel, where it may be the last: as long as it is on
 * its way the invocation is whole. g_main_context_invoke () would not do: it calls at once if no
 * thread happens to iterate the context. */
static void
unref_there (ReleaseIpcInvocation *self)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_static_name (source, "[release] invocation unref");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, unref_here_cb, self, NULL);
  g_source_attach (source, release_io_poller_get_context (self->channel->poller));
}

/**
 * release_ipc_invocation_ref:
 * @self: a #ReleaseIpcInvocation
 *
 * Takes a reference, to answer the request later.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
ReleaseIpcInvocation *
release_ipc_invocation_ref (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

/**
 * release_ipc_invocation_unref:
 * @self: (transfer full): a #ReleaseIpcInvocation
 *
 * Drops a reference. With the last one a request that was not answered is
 * answered with an error.
 *
 * Since: 0.1
 */
void
release_ipc_invocation_unref (ReleaseIpcInvocation *self)
{
  g_return_if_fail (self != NULL);

  if (pthread_equal (self->thread, pthread_self ()))
    unref_here (self);
  else
    unref_there (self);
}

/**
 * release_ipc_invocation_get_channel:
 * @self: a #ReleaseIpcInvocation
 *
 * Gets the channel that the request came on.
 *
 * Returns: (transfer none): the channel
 *
 * Since: 0.1
 */
ReleaseIpcChannel *
release_ipc_invocation_get_channel (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->channel;
}

/**
 * release_ipc_invocation_get_peer_credentials:
 * @self: a #ReleaseIpcInvocation
 *
 * Gets who asks, as release_ipc_channel_get_peer_credentials() does.
 *
 * Returns: (transfer none) (nullable): the credentials, or %NULL if there are none
 *
 * Since: 0.1
 */
GCredentials *
release_ipc_invocation_get_peer_credentials (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->channel->credentials;
}

/**
 * release_ipc_invocation_get_cancellable:
 * @self: a #ReleaseIpcInvocation
 *
 * Gets the cancellable that is cancelled when nobody waits for the answer any
 * more: the peer gave up, its timeout has passed, or the channel has ended. The
 * request is to be answered all the same.
 *
 * Returns: (transfer none): the cancellable
 *
 * Since: 0.1
 */
GCancellable *
release_ipc_invocation_get_cancellable (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->cancellable != NULL)
    return self->cancellable;

  self->cancellable = g_cancellable_new ();
  if (self->is_cancelled || self->channel->closed)
    g_cancellable_cancel (self->cancellable);
  else if (self->deadline > 0 && !self->is_answered)
    release_io_timer_arm (&self->timer, self->channel->poller, self->deadline, deadline_cb, self);

  return self->cancellable;
}

/**
 * release_ipc_invocation_get_value:
 * @self: a #ReleaseIpcInvocation
 *
 * Gets the request as the codec of the channel decoded it.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL if the channel has no
 *   codec or the request does not fit it
 *
 * Since: 0.1
 */
const GValue *
release_ipc_invocation_get_value (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (!release_ipc_invocation_decode (self, NULL) || self->message == NULL)
    return NULL;

  return release_ipc_message_get_value (self->message);
}

/**
 * release_ipc_invocation_get_bytes:
 * @self: a #ReleaseIpcInvocation
 *
 * Gets the request as it came over the wire.
 *
 * Returns: (transfer none): the bytes
 *
 * Since: 0.1
 */
GBytes *
release_ipc_invocation_get_bytes (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return release_ipc_frame_get_bytes (self->frame);
}

/**
 * release_ipc_invocation_get_string:
 * @self: a #ReleaseIpcInvocation
 *
 * Gets the request as text.
 *
 * Returns: (transfer none) (nullable): the text, or %NULL if the request is not
 *   UTF-8 or contains a NUL
 *
 * Since: 0.1
 */
const char *
release_ipc_invocation_get_string (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return release_ipc_frame_get_text (self->frame);
}

/**
 * release_ipc_invocation_get_data: (skip)
 * @self: a #ReleaseIpcInvocation
 * @length: (out): how many bytes
 *
 * Gets the bytes of the request without making an object of them. They are
 * valid as long as @self is. Bindings use release_ipc_invocation_get_bytes().
 *
 * Returns: (transfer none): the bytes
 *
 * Since: 0.1
 */
gconstpointer
release_ipc_invocation_get_data (ReleaseIpcInvocation *self,
                                 gsize                *length)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (length != NULL, NULL);

  return release_ipc_frame_get_body (self->frame, length);
}

/**
 * release_ipc_invocation_is_answered:
 * @self: a #ReleaseIpcInvocation
 *
 * Tells whether the request has been answered.
 *
 * Returns: %TRUE if it has
 *
 * Since: 0.1
 */
gboolean
release_ipc_invocation_is_answered (ReleaseIpcInvocation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_answered;
}

/**
 * release_ipc_invocation_return_value:
 * @self: a #ReleaseIpcInvocation
 * @value: the response, for the codec of the channel
 * @error: return location for a #GError, or %NULL
 *
 * Answers the request with a value. Fails with %RELEASE_IPC_ERROR_ANSWERED if
 * it was answered before, with %RELEASE_IPC_ERROR_CODEC if the channel has no
 * codec or the codec refuses @value, and with %RELEASE_IPC_ERROR_TOO_BIG if the
 * message is too large; after the latter two the request can still be answered
 * with something else.
 *
 * That the peer is gone is no failure: the answer is dropped then.
 *
 * Returns: %TRUE if the request is answered, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_invocation_return_value (ReleaseIpcInvocation  *self,
                                     const GValue          *value,
                                     GError               **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_IS_VALUE (value), FALSE);

  bytes = release_ipc_codec_encode_value (self->channel->codec, value,
                                          release_ipc_codec_encode_response, error);
  return bytes != NULL && release_ipc_invocation_return_bytes (self, bytes, error);
}

/**
 * release_ipc_invocation_return_bytes:
 * @self: a #ReleaseIpcInvocation
 * @bytes: the response as it goes over the wire
 * @error: return location for a #GError, or %NULL
 *
 * Answers the request with bytes, whatever the codec. Fails as
 * release_ipc_invocation_return_value() does.
 *
 * Returns: %TRUE if the request is answered, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_invocation_return_bytes (ReleaseIpcInvocation  *self,
                                     GBytes                *bytes,
                                     GError               **error)
{
  gconstpointer data;
  gsize length;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  data = g_bytes_get_data (bytes, &length);
  return answer (self, RELEASE_IPC_KIND_RESPONSE, data, length, bytes, error);
}

/**
 * release_ipc_invocation_return_string:
 * @self: a #ReleaseIpcInvocation
 * @text: the response
 * @error: return location for a #GError, or %NULL
 *
 * Answers the request with text, whatever the codec. The NUL at its end is not
 * sent. Fails as release_ipc_invocation_return_value() does.
 *
 * Returns: %TRUE if the request is answered, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_invocation_return_string (ReleaseIpcInvocation  *self,
                                      const char            *text,
                                      GError               **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  return answer (self, RELEASE_IPC_KIND_RESPONSE, text, strlen (text), NULL, error);
}

/**
 * release_ipc_invocation_return_data: (skip)
 * @self: a #ReleaseIpcInvocation
 * @data: (nullable): the response as it goes over the wire; copied if it cannot leave at once
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Answers the request with bytes without making an object of them. The request
 * itself, see release_ipc_invocation_get_data(), is kept if it is large, not
 * copied. Fails as release_ipc_invocation_return_value() does. Bindings use
 * release_ipc_invocation_return_bytes().
 *
 * Returns: %TRUE if the request is answered, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_invocation_return_data (ReleaseIpcInvocation  *self,
                                    gconstpointer          data,
                                    gsize                  length,
                                    GError               **error)
{
  gsize body_length;
  gconstpointer body;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  body = release_ipc_frame_get_body (self->frame, &body_length);
  if (length >= RELEASE_IPC_WRITER_OWNED_LENGTH && data == body && length == body_length)
    return release_ipc_invocation_return_bytes (self, release_ipc_frame_share_bytes (self->frame),
                                                error);

  return answer (self, RELEASE_IPC_KIND_RESPONSE, data, length, NULL, error);
}

/**
 * release_ipc_invocation_return_error:
 * @self: a #ReleaseIpcInvocation
 * @failure: why there is no response
 * @error: return location for a #GError, or %NULL
 *
 * Answers the request with an error. The caller sees its domain, code and
 * message if its codec knows the domain, see
 * release_ipc_codec_register_error_domain(), else %RELEASE_IPC_ERROR_REMOTE.
 * The names of domains are cut off at 128 bytes, messages at 4096.
 *
 * On a plain channel this ends the connection once the answers before it have
 * left.
 *
 * Returns: %TRUE if the request is answered, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_invocation_return_error (ReleaseIpcInvocation  *self,
                                     const GError          *failure,
                                     GError               **error)
{
  guint8 body[RELEASE_IPC_ERROR_SIZE_MAX];
  gsize length;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (failure != NULL, FALSE);

  length = release_ipc_error_body_pack (failure, body,
                                        self->channel->peer_max_message - RELEASE_IPC_ENVELOPE_SIZE);
  return answer (self, RELEASE_IPC_KIND_ERROR, body, length, NULL, error);
}
