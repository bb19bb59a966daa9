/* release/ipc/release-ipc-channel.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-channel.h"

#include "release/base/release-error-private.h"
#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-core-private.h"
#include "release/ipc/release-ipc-error.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/**
 * SECTION:release-ipc-channel
 * @title: ReleaseIpcChannel
 * @short_description: one connection that carries requests, responses and events
 *
 * A #ReleaseIpcChannel is one end of a stream socket. Both ends can ask and
 * answer at the same time, any number of requests can be on their way, and
 * every request ends exactly once: with a response, with an error of the peer,
 * by a timeout, by cancellation, or with the end of the channel.
 *
 * A master and its slaves get their channels ready made, see
 * #ReleaseSlaveGroup::connected and release_slave_get_channel(). A program that
 * has a socket of its own makes one:
 *
 * |[<!-- language="C" -->
 *   channel = release_ipc_channel_new (fd, RELEASE_IPC_FRAMING_PLAIN,
 *                                      release_ipc_string_codec_get_default (), &error);
 *   if (channel != NULL)
 *     answer = release_ipc_channel_call_string (channel, "status", 1000, NULL, &error);
 * ]|
 *
 * A channel is used in one of two ways, and its first use decides which. A
 * dispatching channel matches answers to requests and emits signals; that is
 * what release_ipc_channel_start(), the call family and
 * release_ipc_channel_serve() are for. A raw channel, of plain framing only,
 * reads and writes whole messages: release_ipc_channel_read() and
 * release_ipc_channel_write().
 *
 * With %RELEASE_IPC_FRAMING_PLAIN, the protocol of the OCaml library, nothing
 * on the wire tells a request from an answer. So such a channel has one role,
 * fixed by its first use: it asks, or it answers, in order. On the side that
 * asks, a message that no request waits for is an event.
 *
 * A channel belongs to the thread-default main context of the moment when it
 * was made, and all its functions are for the thread that runs that context.
 * Cancellables may be cancelled in any thread. Synchronous functions neither
 * iterate the context nor run callbacks; what else arrives meanwhile is kept
 * and dispatched later.
 *
 * However much a peer sends, the other channels of the context have their turn:
 * what one channel gets of an iteration is bounded, and one that sends much
 * comes after those that send little, and less often. If they have to wait all
 * the same, as when its peer and theirs share a processor, nothing more of it is
 * read for a while, of at most 20 milliseconds, and again and again.
 */

#define DEFAULT_MAX_MESSAGE_SIZE (16 * 1024 * 1024)
#define DEFAULT_MAX_IN_FLIGHT 256
#define DEFAULT_MAX_QUEUE_SIZE (32 * 1024 * 1024)
#define DEFAULT_STALL_TIMEOUT_MSEC (30 * 1000)

enum
{
  PROP_FRAMING = 1,
  PROP_CODEC,
  PROP_PEER_CREDENTIALS,
  PROP_MAX_MESSAGE_SIZE,
  PROP_MAX_IN_FLIGHT,
  PROP_MAX_QUEUE_SIZE,
  PROP_STALL_TIMEOUT,
  PROP_MAX_MEMFDS,
  PROP_MAX_MEMFD_SIZE,
  PROP_COPY_MEMFDS,
  N_PROPS
};

enum
{
  SIGNAL_REQUEST,
  SIGNAL_EVENT,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReleaseIpcChannel, release_ipc_channel, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (ReleaseIpcFraming, release_ipc_framing,
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_FRAMING_PLAIN, "plain"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_FRAMING_MULTIPLEXED, "multiplexed"))

static void
release_ipc_channel_dispose (GObject *object)
{
  ReleaseIpcChannel *self = RELEASE_IPC_CHANNEL (object);

  release_ipc_core_end (self, NULL);
  if (self->serve_destroy != NULL)
    {
      GDestroyNotify destroy = g_steal_pointer (&self->serve_destroy);

      self->serve_func = NULL;
      destroy (self->serve_data);
    }

  G_OBJECT_CLASS (release_ipc_channel_parent_class)->dispose (object);
}

static void
release_ipc_channel_finalize (GObject *object)
{
  ReleaseIpcChannel *self = RELEASE_IPC_CHANNEL (object);

  g_assert (self->open.length == 0);
  g_assert (self->frames.length == 0);
  g_assert (self->n_holds == 0);
  g_assert (self->spare_call == NULL);
  release_ipc_serials_clear (&self->outgoing);
  release_ipc_serials_clear (&self->incoming);
  release_ipc_memfds_clear (&self->memfds);
  g_clear_error (&self->end_reason);
  g_clear_object (&self->codec);
  g_clear_object (&self->credentials);
  g_clear_pointer (&self->poller, release_io_poller_unref);

  G_OBJECT_CLASS (release_ipc_channel_parent_class)->finalize (object);
}

static void
release_ipc_channel_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  ReleaseIpcChannel *self = RELEASE_IPC_CHANNEL (object);

  switch (prop_id)
    {
    case PROP_FRAMING:
      g_value_set_enum (value, self->framing);
      break;

    case PROP_CODEC:
      g_value_set_object (value, self->codec);
      break;

    case PROP_PEER_CREDENTIALS:
      g_value_set_object (value, self->credentials);
      break;

    case PROP_MAX_MESSAGE_SIZE:
      g_value_set_uint (value, self->max_message_size);
      break;

    case PROP_MAX_IN_FLIGHT:
      g_value_set_uint (value, self->max_in_flight);
      break;

    case PROP_MAX_QUEUE_SIZE:
      g_value_set_uint64 (value, self->max_queue_size);
      break;

    case PROP_STALL_TIMEOUT:
      g_value_set_int (value, self->stall_timeout);
      break;

    case PROP_MAX_MEMFDS:
      g_value_set_uint (value, self->memfds.max_n);
      break;

    case PROP_MAX_MEMFD_SIZE:
      g_value_set_uint64 (value, self->memfds.max_size);
      break;

    case PROP_COPY_MEMFDS:
      g_value_set_boolean (value, self->memfds.copies);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_ipc_channel_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  ReleaseIpcChannel *self = RELEASE_IPC_CHANNEL (object);

  switch (prop_id)
    {
    case PROP_MAX_MESSAGE_SIZE:
      release_ipc_channel_set_max_message_size (self, g_value_get_uint (value));
      break;

    case PROP_MAX_IN_FLIGHT:
      release_ipc_channel_set_max_in_flight (self, g_value_get_uint (value));
      break;

    case PROP_MAX_QUEUE_SIZE:
      release_ipc_channel_set_max_queue_size (self, g_value_get_uint64 (value));
      break;

    case PROP_STALL_TIMEOUT:
      release_ipc_channel_set_stall_timeout (self, g_value_get_int (value));
      break;

    case PROP_MAX_MEMFDS:
      release_ipc_channel_set_max_memfds (self, g_value_get_uint (value));
      break;

    case PROP_MAX_MEMFD_SIZE:
      release_ipc_channel_set_max_memfd_size (self, g_value_get_uint64 (value));
      break;

    case PROP_COPY_MEMFDS:
      release_ipc_channel_set_copy_memfds (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_ipc_channel_class_init (ReleaseIpcChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = release_ipc_channel_dispose;
  object_class->finalize = release_ipc_channel_finalize;
  object_class->get_property = release_ipc_channel_get_property;
  object_class->set_property = release_ipc_channel_set_property;

  /**
   * ReleaseIpcChannel:framing:
   *
   * How messages stand on the wire.
   *
   * Since: 0.1
   */
  properties[PROP_FRAMING] =
    g_param_spec_enum ("framing", "", "",
                       RELEASE_TYPE_IPC_FRAMING, RELEASE_IPC_FRAMING_PLAIN,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:codec:
   *
   * The codec that turns values into messages, or %NULL if only bytes and
   * strings are used.
   *
   * Since: 0.1
   */
  properties[PROP_CODEC] =
    g_param_spec_object ("codec", "", "",
                         RELEASE_TYPE_IPC_CODEC,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:peer-credentials:
   *
   * Who connected, see release_ipc_channel_get_peer_credentials().
   *
   * Since: 0.1
   */
  properties[PROP_PEER_CREDENTIALS] =
    g_param_spec_object ("peer-credentials", "", "",
                         G_TYPE_CREDENTIALS,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:max-message-size:
   *
   * The most bytes that a message may have, both ways; 16 MiB unless set. With
   * %RELEASE_IPC_FRAMING_MULTIPLEXED this includes an envelope of 12 bytes, and
   * the lower limit of both ends holds for what is sent. A larger message that
   * arrives ends the channel with %RELEASE_IPC_ERROR_TOO_BIG.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_MESSAGE_SIZE] =
    g_param_spec_uint ("max-message-size", "", "",
                       RELEASE_IPC_MAX_MESSAGE_MIN, G_MAXINT32, DEFAULT_MAX_MESSAGE_SIZE,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:max-in-flight:
   *
   * How many requests may be open at once in each direction; 256 unless set. A
   * call above it fails with %RELEASE_IPC_ERROR_LIMIT. A request that timed out
   * counts until the peer has answered it.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_IN_FLIGHT] =
    g_param_spec_uint ("max-in-flight", "", "",
                       1, 65536, DEFAULT_MAX_IN_FLIGHT,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:max-queue-size:
   *
   * How many bytes may wait for the peer to read them; 32 MiB unless set. A
   * request or an event above it fails with %RELEASE_IPC_ERROR_LIMIT.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_QUEUE_SIZE] =
    g_param_spec_uint64 ("max-queue-size", "", "",
                         1, G_MAXSSIZE, DEFAULT_MAX_QUEUE_SIZE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:stall-timeout:
   *
   * How long, in milliseconds, a peer for whom bytes wait may read nothing
   * before the channel ends with %RELEASE_IPC_ERROR_STALLED; 30 seconds unless
   * set, -1 for ever.
   *
   * Since: 0.1
   */
  properties[PROP_STALL_TIMEOUT] =
    g_param_spec_int ("stall-timeout", "", "",
                      -1, G_MAXINT, DEFAULT_STALL_TIMEOUT_MSEC,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:max-memfds:
   *
   * How many payloads that came as a descriptor may be held at once, see
   * release_ipc_payload_new_memfd(); 256 unless set, 0 to take none. Each counts
   * until the last reference to its bytes is gone. One more ends the channel
   * with %RELEASE_IPC_ERROR_LIMIT; but if the limit is 0 the peer knows, and
   * sends bytes.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_MEMFDS] =
    g_param_spec_uint ("max-memfds", "", "",
                       0, G_MAXINT, RELEASE_IPC_MEMFDS_DEFAULT_MAX_N,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:max-memfd-size:
   *
   * How many bytes the payloads that #ReleaseIpcChannel:max-memfds counts may
   * have together; 256 MiB unless set. More end the channel with
   * %RELEASE_IPC_ERROR_LIMIT.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_MEMFD_SIZE] =
    g_param_spec_uint64 ("max-memfd-size", "", "",
                         0, G_MAXSSIZE, RELEASE_IPC_MEMFDS_DEFAULT_MAX_SIZE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcChannel:copy-memfds:
   *
   * Whether a payload that comes as a descriptor is copied when it arrives, else
   * it is mapped. Unless set, a process whose effective user is root copies, and
   * others map; a #ReleaseSlave maps what its master sends. To map is faster,
   * and safe against a peer that changes or shortens its payload; to copy is
   * safe also when the system has no memory left for pages that the peer did not
   * write.
   *
   * Since: 0.1
   */
  properties[PROP_COPY_MEMFDS] =
    g_param_spec_boolean ("copy-memfds", "", "",
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ReleaseIpcChannel::request:
   * @self: the channel
   * @invocation: the request
   *
   * Emitted when the peer asks. A handler answers @invocation, at once or later
   * if it keeps a reference, and returns %TRUE; the other handlers are then not
   * called. A request that no handler takes is answered with
   * %RELEASE_IPC_ERROR_NOT_HANDLED.
   *
   * Not emitted while release_ipc_channel_serve() has set a function.
   *
   * Returns: %TRUE if the request is taken
   *
   * Since: 0.1
   */
  signals[SIGNAL_REQUEST] =
    g_signal_new ("request",
                  G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL,
                  NULL,
                  G_TYPE_BOOLEAN, 1, RELEASE_TYPE_IPC_INVOCATION);

  /**
   * ReleaseIpcChannel::event:
   * @self: the channel
   * @message: the event
   *
   * Emitted when the peer sent an event: a message that wants no answer. One
   * that the codec cannot decode is dropped and logged.
   *
   * Since: 0.1
   */
  signals[SIGNAL_EVENT] =
    g_signal_new ("event",
                  G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, RELEASE_TYPE_IPC_MESSAGE);

  /**
   * ReleaseIpcChannel::closed:
   * @self: the channel
   * @error: (nullable): why, or %NULL if release_ipc_channel_close() was called
   *
   * Emitted once, when the channel has ended and every call on it has, too. The
   * callbacks of those calls have run, but for calls that were begun in the same
   * iteration of the main loop, and if the channel was closed outside of the
   * main loop: then a #GAsyncReadyCallback runs after. %RELEASE_IPC_ERROR_CLOSED
   * is the peer's orderly end.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed",
                  G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
release_ipc_channel_init (ReleaseIpcChannel *self)
{
  self->fd = -1;
  self->closed = TRUE;
  self->max_message_size = self->peer_max_message = DEFAULT_MAX_MESSAGE_SIZE;
  self->max_in_flight = DEFAULT_MAX_IN_FLIGHT;
  self->peer_max_in_flight = G_MAXUINT32;
  self->max_queue_size = DEFAULT_MAX_QUEUE_SIZE;
  self->stall_timeout = DEFAULT_STALL_TIMEOUT_MSEC;
  self->frame_timeout = -1;
  self->next_serial = self->next_answer = self->next_request = self->next_response = 1;
  self->poller = release_io_poller_ref_default ();
  self->pool = release_io_poller_get_pool (self->poller);
  release_ipc_reader_init (&self->reader, self->max_message_size);
  release_ipc_writer_init (&self->writer);
  self->reader.pool = self->writer.pool = self->pool;
  release_ipc_memfds_init (&self->memfds);
}

/* Fixes how the channel is used, by its first use. */
gboolean
release_ipc_channel_fix_use (ReleaseIpcChannel  *self,
                             ReleaseIpcUse       use,
                             GError            **error)
{
  if (self->use != RELEASE_IPC_USE_NONE)
    {
      g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE,
                           use == RELEASE_IPC_USE_RAW
                             ? "The channel dispatches messages and cannot be read raw"
                             : "The channel is read raw and cannot dispatch messages");
      return FALSE;
    }
  if (use == RELEASE_IPC_USE_RAW && self->framing != RELEASE_IPC_FRAMING_PLAIN)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "Only a channel of plain framing can be read raw");
      return FALSE;
    }

  self->use = use;
  return TRUE;
}

gboolean
release_ipc_channel_has_handler (ReleaseIpcChannel *self)
{
  return self->serve_func != NULL ||
         g_signal_has_handler_pending (self, signals[SIGNAL_REQUEST], 0, FALSE);
}

gboolean
release_ipc_channel_emit_request (ReleaseIpcChannel    *self,
                                  ReleaseIpcInvocation *invocation)
{
  gboolean handled = FALSE;

  g_signal_emit (self, signals[SIGNAL_REQUEST], 0, invocation, &handled);
  return handled;
}

void
release_ipc_channel_emit_event (ReleaseIpcChannel *self,
                                GBytes            *bytes)
{
  g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);
  g_autoptr(GError) error = NULL;

  if (self->codec != NULL &&
      !release_ipc_codec_decode_request (self->codec, bytes, message, &error))
    release_ipc_core_complain (self, "Dropped an event", error);
  else
    g_signal_emit (self, signals[SIGNAL_EVENT], 0, message);
}

void
release_ipc_channel_emit_closed (ReleaseIpcChannel *self,
                                 const GError      *reason)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, reason);
}

void
release_ipc_channel_set_pauses (ReleaseIpcChannel *self,
                                gboolean           pauses)
{
  self->pauses = pauses;
}

void
release_ipc_channel_set_budget (ReleaseIpcChannel *self,
                                ReleaseIpcBudget  *budget)
{
  release_ipc_writer_share (&self->writer, budget);
}

void
release_ipc_channel_set_answers (ReleaseIpcChannel *self)
{
  if (self->role == RELEASE_IPC_ROLE_NONE)
    self->role = RELEASE_IPC_ROLE_ANSWERS;
}

void
release_ipc_channel_set_frame_timeout (ReleaseIpcChannel *self,
                                       int                timeout_msec)
{
  self->frame_timeout = timeout_msec;
}

/* @credentials: (transfer full) (nullable) */
void
release_ipc_channel_set_peer_credentials (ReleaseIpcChannel *self,
                                          GCredentials      *credentials)
{
  g_clear_object (&self->credentials);
  self->credentials = credentials;
}

/* Nothing is open and nothing is half way: nobody misses the channel if it ends now. */
gboolean
release_ipc_channel_is_idle (ReleaseIpcChannel *self)
{
  int unread = 0;

  return ioctl (self->fd, FIONREAD, &unread) == 0 && unread == 0 &&
         self->incoming.n_used == 0 && self->outgoing.n_used == 0 && self->frames.length == 0 &&
         self->writer.queued == 0 && release_ipc_reader_is_between (&self->reader);
}

guint64
release_ipc_channel_get_n_sent (ReleaseIpcChannel *self)
{
  return self->writer.accepted;
}

gboolean
release_ipc_channel_post_event (ReleaseIpcChannel  *self,
                                GBytes             *payload,
                                gboolean           *queued,
                                GError            **error)
{
  ReleaseIpcEnvelope envelope = { .kind = RELEASE_IPC_KIND_EVENT };
  gsize length;
  gconstpointer body = g_bytes_get_data (payload, &length);

  if (release_ipc_core_set_closed_error (self, error) ||
      !release_ipc_channel_use (self, RELEASE_IPC_USE_DISPATCH, error))
    return FALSE;

  if (self->role == RELEASE_IPC_ROLE_ASKS || self->role == RELEASE_IPC_ROLE_ANSWERS ||
      (self->role == RELEASE_IPC_ROLE_NONE && self->framing == RELEASE_IPC_FRAMING_PLAIN &&
       release_ipc_channel_has_handler (self)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           self->role == RELEASE_IPC_ROLE_ASKS
                             ? "Requests are sent on this plain channel: its peer would take an "
                               "event for one of them"
                             : "Requests are answered on this plain channel: its peer would take "
                               "an event for an answer");
      return FALSE;
    }
  if (!release_ipc_core_has_room (self, length, error) ||
      !release_ipc_core_send (self, &envelope, body, length, payload, error))
    return FALSE;

  if (self->framing == RELEASE_IPC_FRAMING_PLAIN)
    self->role = RELEASE_IPC_ROLE_NOTIFIES;
  if (queued != NULL)
    *queued = self->writer.queued > 0;
  return TRUE;
}

void
release_ipc_channel_peer_died (ReleaseIpcChannel *self)
{
  release_ipc_core_drain (self);
}

/**
 * release_ipc_channel_new:
 * @fd: a connected stream socket
 * @framing: how messages stand on the wire; both ends must agree
 * @codec: (nullable): turns values into messages; %NULL if only bytes and strings are used
 * @error: return location for a #GError, or %NULL
 *
 * Makes a channel of a socket. On success the channel owns @fd and closes it;
 * on failure it stays the caller's. The descriptor's file status flags are not
 * touched: it may be blocking, and shared.
 *
 * The channel does nothing by itself before release_ipc_channel_start() or
 * another first use.
 *
 * Fails with the #GIOErrorEnum of the system if @fd is not open, and with
 * %G_IO_ERROR_INVALID_ARGUMENT if it is no stream socket.
 *
 * Returns: (transfer full): the channel, or %NULL with @error set
 *
 * Since: 0.1
 */
ReleaseIpcChannel *
release_ipc_channel_new (int                 fd,
                         ReleaseIpcFraming   framing,
                         ReleaseIpcCodec    *codec,
                         GError            **error)
{
  ReleaseIpcChannel *self;
  int type = 0;
  socklen_t length = sizeof type;

  g_return_val_if_fail (codec == NULL || RELEASE_IS_IPC_CODEC (codec), NULL);

  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0 && errno != ENOTSOCK)
    {
      release_set_error_from_errno (error, errno, "Cannot use descriptor %d as a channel", fd);
      return NULL;
    }
  if (type != SOCK_STREAM)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "Descriptor %d is no stream socket", fd);
      return NULL;
    }

  self = g_object_new (RELEASE_TYPE_IPC_CHANNEL, NULL);
  self->fd = fd;
  self->owner = getpid ();
  self->closed = FALSE;
  self->framing = framing;
  self->writer.may_pass = release_ipc_channel_can_pass (self);
  g_set_object (&self->codec, codec);

  return self;
}

/**
 * release_ipc_channel_get_framing:
 * @self: a #ReleaseIpcChannel
 *
 * Gets how messages stand on the wire.
 *
 * Returns: the framing
 *
 * Since: 0.1
 */
ReleaseIpcFraming
release_ipc_channel_get_framing (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), RELEASE_IPC_FRAMING_PLAIN);

  return self->framing;
}

/**
 * release_ipc_channel_get_codec:
 * @self: a #ReleaseIpcChannel
 *
 * Gets the codec that turns values into messages.
 *
 * Returns: (transfer none) (nullable): the codec, or %NULL if there is none
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_ipc_channel_get_codec (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), NULL);

  return self->codec;
}

/**
 * release_ipc_channel_get_peer_credentials:
 * @self: a #ReleaseIpcChannel
 *
 * Gets who connected: user, group and PID as they were at that moment. Only
 * connections that a #ReleaseIpcServer accepted have them. A slave is known by
 * its #ReleaseSlaveProcess instead, for the system would name the master as the
 * maker of both ends.
 *
 * Returns: (transfer none) (nullable): the credentials, or %NULL if there are none
 *
 * Since: 0.1
 */
GCredentials *
release_ipc_channel_get_peer_credentials (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), NULL);

  return self->credentials;
}

/**
 * release_ipc_channel_get_max_message_size:
 * @self: a #ReleaseIpcChannel
 *
 * Gets #ReleaseIpcChannel:max-message-size.
 *
 * Returns: a number of bytes
 *
 * Since: 0.1
 */
guint
release_ipc_channel_get_max_message_size (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), 0);

  return self->max_message_size;
}

/**
 * release_ipc_channel_set_max_message_size:
 * @self: a #ReleaseIpcChannel
 * @max_message_size: a number of bytes, at least 64
 *
 * Sets #ReleaseIpcChannel:max-message-size, before the first use of the channel.
 *
 * Since: 0.1
 */
void
release_ipc_channel_set_max_message_size (ReleaseIpcChannel *self,
                                          guint              max_message_size)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (self->use == RELEASE_IPC_USE_NONE);
  g_return_if_fail (max_message_size >= RELEASE_IPC_MAX_MESSAGE_MIN &&
                    max_message_size <= G_MAXINT32);

  if (self->max_message_size == max_message_size)
    return;

  self->max_message_size = self->peer_max_message = max_message_size;
  self->reader.max_message_size = max_message_size;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_MESSAGE_SIZE]);
}

/**
 * release_ipc_channel_get_max_in_flight:
 * @self: a #ReleaseIpcChannel
 *
 * Gets #ReleaseIpcChannel:max-in-flight.
 *
 * Returns: a number of requests
 *
 * Since: 0.1
 */
guint
release_ipc_channel_get_max_in_flight (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), 0);

  return self->max_in_flight;
}

/**
 * release_ipc_channel_set_max_in_flight:
 * @self: a #ReleaseIpcChannel
 * @max_in_flight: a number of requests, 1 to 65536
 *
 * Sets #ReleaseIpcChannel:max-in-flight, before the first use of the channel.
 *
 * Since: 0.1
 */
void
release_ipc_channel_set_max_in_flight (ReleaseIpcChannel *self,
                                       guint              max_in_flight)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (self->use == RELEASE_IPC_USE_NONE);
  g_return_if_fail (max_in_flight >= 1 && max_in_flight <= 65536);

  if (self->max_in_flight == max_in_flight)
    return;

  self->max_in_flight = max_in_flight;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_IN_FLIGHT]);
}

/**
 * release_ipc_channel_get_max_queue_size:
 * @self: a #ReleaseIpcChannel
 *
 * Gets #ReleaseIpcChannel:max-queue-size.
 *
 * Returns: a number of bytes
 *
 * Since: 0.1
 */
gsize
release_ipc_channel_get_max_queue_size (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), 0);

  return self->max_queue_size;
}

/**
 * release_ipc_channel_set_max_queue_size:
 * @self: a #ReleaseIpcChannel
 * @max_queue_size: a number of bytes, at least 1
 *
 * Sets #ReleaseIpcChannel:max-queue-size, at any time. A single message is
 * always taken while nothing is queued.
 *
 * Since: 0.1
 */
void
release_ipc_channel_set_max_queue_size (ReleaseIpcChannel *self,
                                        gsize              max_queue_size)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (max_queue_size >= 1);

  if (self->max_queue_size == max_queue_size)
    return;

  self->max_queue_size = max_queue_size;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_QUEUE_SIZE]);
}

/**
 * release_ipc_channel_get_stall_timeout:
 * @self: a #ReleaseIpcChannel
 *
 * Gets #ReleaseIpcChannel:stall-timeout.
 *
 * Returns: a time in milliseconds, or -1 for none
 *
 * Since: 0.1
 */
int
release_ipc_channel_get_stall_timeout (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), -1);

  return self->stall_timeout;
}

/**
 * release_ipc_channel_set_stall_timeout:
 * @self: a #ReleaseIpcChannel
 * @timeout_msec: a time in milliseconds, or -1 for none
 *
 * Sets #ReleaseIpcChannel:stall-timeout. It takes effect when bytes next begin
 * to wait.
 *
 * Since: 0.1
 */
void
release_ipc_channel_set_stall_timeout (ReleaseIpcChannel *self,
                                       int                timeout_msec)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (timeout_msec >= -1);

  if (self->stall_timeout == timeout_msec)
    return;

  self->stall_timeout = timeout_msec;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STALL_TIMEOUT]);
}

/**
 * release_ipc_channel_start:
 * @self: a #ReleaseIpcChannel
 *
 * Has the main context of the channel dispatch what arrives: from here on
 * #ReleaseIpcChannel::request and #ReleaseIpcChannel::event are emitted. Connect
 * them before. Asynchronous calls and release_ipc_channel_serve() start a
 * channel by themselves; a second start does nothing.
 *
 * The channel must be kept alive by its user; an open call keeps it alive, too.
 *
 * Since: 0.1
 */
void
release_ipc_channel_start (ReleaseIpcChannel *self)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));

  if (!release_ipc_channel_use (self, RELEASE_IPC_USE_DISPATCH, NULL))
    return;

  release_ipc_core_say_hello (self);
  release_ipc_core_watch (self);
}

/**
 * release_ipc_channel_close:
 * @self: a #ReleaseIpcChannel
 *
 * Ends the channel now. Open calls fail with %RELEASE_IPC_ERROR_CLOSED, what is
 * queued is dropped, #ReleaseIpcChannel::closed is emitted. A second call does
 * nothing.
 *
 * Since: 0.1
 */
void
release_ipc_channel_close (ReleaseIpcChannel *self)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));

  release_ipc_core_end (self, NULL);
}

/**
 * release_ipc_channel_is_closed:
 * @self: a #ReleaseIpcChannel
 *
 * Tells whether the channel has ended.
 *
 * Returns: %TRUE if it has
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_is_closed (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), TRUE);

  return self->closed;
}

/**
 * release_ipc_channel_serve:
 * @self: a #ReleaseIpcChannel
 * @func: (scope notified) (closure user_data) (destroy destroy): handles each request
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Has @func handle all requests in place of #ReleaseIpcChannel::request, and
 * starts the channel. It costs less than the signal: the codec is not asked
 * unless release_ipc_invocation_get_value() is. This is the OCaml library's
 * `handle_request`. A second call replaces the function of the first.
 *
 * Since: 0.1
 */
void
release_ipc_channel_serve (ReleaseIpcChannel   *self,
                           ReleaseIpcServeFunc  func,
                           gpointer             user_data,
                           GDestroyNotify       destroy)
{
  gpointer old_data;
  GDestroyNotify old_destroy;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (func != NULL);

  old_data = self->serve_data;
  old_destroy = self->serve_destroy;
  self->serve_func = func;
  self->serve_data = user_data;
  self->serve_destroy = destroy;
  if (old_destroy != NULL)
    old_destroy (old_data);

  release_ipc_channel_start (self);
}
