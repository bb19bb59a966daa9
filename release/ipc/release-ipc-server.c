/* release/ipc/release-ipc-server.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-server-private.h"

#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"

#include <sys/socket.h>

/**
 * SECTION:release-ipc-server
 * @title: ReleaseIpcServer
 * @short_description: a control socket
 *
 * A #ReleaseIpcServer listens at a Unix socket and makes a #ReleaseIpcChannel of
 * every connection: the OCaml library's `control_socket`. Any process can open
 * one; the master's is #ReleaseMaster:control.
 *
 * It speaks the plain protocol unless told otherwise, so that a few lines of any
 * language can talk to it: a 4-byte big-endian length, then the message.
 *
 * |[<!-- language="C" -->
 * static gboolean
 * on_request (ReleaseIpcServer     *server,
 *             ReleaseIpcInvocation *invocation,
 *             gpointer              user_data)
 * {
 *   return release_ipc_invocation_return_string (invocation, "up", NULL);
 * }
 *
 *   server = release_ipc_server_new ("/run/hello.control",
 *                                    release_ipc_string_codec_get_default ());
 *   g_signal_connect (server, "request", G_CALLBACK (on_request), NULL);
 *   if (!release_ipc_server_start (server, &error))
 *     …
 * ]|
 *
 * The socket file has the mode #ReleaseIpcServer:mode, 0600 unless set, and at no
 * moment a permission beyond it. Beside it lies a lock file of the same name
 * with `.lock` behind it. A file that a dead process left is replaced, one that
 * somebody listens at is refused; both files are removed at the end.
 *
 * Every client is hostile until it has proved otherwise: connections, messages
 * and times are bounded, and whatever a client does ends its own connection
 * only. When all places are taken, the connection that has been idle longest
 * makes room for a new one.
 *
 * A server belongs to the thread-default main context of the moment when it is
 * started.
 */

#define DEFAULT_MODE 0600
#define DEFAULT_MAX_CONNECTIONS 64
#define DEFAULT_MAX_CONNECTIONS_PER_USER 16
#define DEFAULT_MAX_MESSAGE_SIZE (64 * 1024)
#define DEFAULT_FRAME_TIMEOUT_MSEC (5 * 1000)

#define BACKLOG 128

/* A complaint appears once in so many microseconds, however often its cause does. */
#define COMPLAINT_INTERVAL_USEC (5 * G_USEC_PER_SEC)

enum
{
  PROP_PATH = 1,
  PROP_CODEC,
  PROP_FRAMING,
  PROP_MODE,
  PROP_MAX_CONNECTIONS,
  PROP_MAX_CONNECTIONS_PER_USER,
  PROP_MAX_MESSAGE_SIZE,
  PROP_FRAME_TIMEOUT,
  PROP_IDLE_TIMEOUT,
  PROP_CONNECTION_TIMEOUT,
  PROP_N_CONNECTIONS,
  N_PROPS
};

enum
{
  SIGNAL_CONNECTED,
  SIGNAL_REQUEST,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReleaseIpcServer, release_ipc_server, G_TYPE_OBJECT)

/* Tells the log of a client's misbehaviour, but not as often as the client may like. */
void
release_ipc_server_complain (ReleaseIpcServer *self,
                             const char       *format,
                             ...)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  va_list args;

  if (self->last_complaint != 0 && now - self->last_complaint < COMPLAINT_INTERVAL_USEC)
    return;

  self->last_complaint = now;
  path = g_filename_display_name (self->path != NULL ? self->path : "(passed on)");
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_message ("Control socket %s: %s", path, text);
}

void
release_ipc_server_notify_n_connections (ReleaseIpcServer *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CONNECTIONS]);
}

void
release_ipc_server_emit_connected (ReleaseIpcServer  *self,
                                   ReleaseIpcChannel *channel)
{
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0, channel);
}

gboolean
release_ipc_server_emit_request (ReleaseIpcServer     *self,
                                 ReleaseIpcInvocation *invocation)
{
  gboolean handled = FALSE;

  g_signal_emit (self, signals[SIGNAL_REQUEST], 0, invocation, &handled);
  return handled;
}

static void
accepted_cb (int      fd,
             gpointer user_data)
{
  g_autoptr(ReleaseIpcServer) self = g_object_ref (user_data);

  release_ipc_server_add_connection (self, fd);
}

static void
trouble_cb (int      errsv,
            gpointer user_data)
{
  release_ipc_server_complain (user_data, "cannot accept a connection: %s", g_strerror (errsv));
}

static void
release_ipc_server_dispose (GObject *object)
{
  ReleaseIpcServer *self = RELEASE_IPC_SERVER (object);

  release_ipc_server_stop (self);
  release_io_close (&self->given_fd);
  g_clear_object (&self->codec);

  G_OBJECT_CLASS (release_ipc_server_parent_class)->dispose (object);
}

static void
release_ipc_server_finalize (GObject *object)
{
  ReleaseIpcServer *self = RELEASE_IPC_SERVER (object);

  g_assert (self->connections.length == 0);
  g_free (self->path);

  G_OBJECT_CLASS (release_ipc_server_parent_class)->finalize (object);
}

static void
release_ipc_server_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ReleaseIpcServer *self = RELEASE_IPC_SERVER (object);

  switch (prop_id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;

    case PROP_CODEC:
      g_value_set_object (value, self->codec);
      break;

    case PROP_FRAMING:
      g_value_set_enum (value, self->framing);
      break;

    case PROP_MODE:
      g_value_set_uint (value, self->mode);
      break;

    case PROP_MAX_CONNECTIONS:
      g_value_set_uint (value, self->max_connections);
      break;

    case PROP_MAX_CONNECTIONS_PER_USER:
      g_value_set_uint (value, self->max_connections_per_user);
      break;

    case PROP_MAX_MESSAGE_SIZE:
      g_value_set_uint (value, self->max_message_size);
      break;

    case PROP_FRAME_TIMEOUT:
      g_value_set_int (value, self->frame_timeout);
      break;

    case PROP_IDLE_TIMEOUT:
      g_value_set_int (value, self->idle_timeout);
      break;

    case PROP_CONNECTION_TIMEOUT:
      g_value_set_int (value, self->connection_timeout);
      break;

    case PROP_N_CONNECTIONS:
      g_value_set_uint (value, self->connections.length);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_ipc_server_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ReleaseIpcServer *self = RELEASE_IPC_SERVER (object);
  const char *path;

  switch (prop_id)
    {
    case PROP_PATH:
      path = g_value_get_string (value);
      self->path = path != NULL ? release_io_listener_make_absolute (path) : NULL;
      break;

    case PROP_CODEC:
      g_set_object (&self->codec, g_value_get_object (value));
      break;

    case PROP_FRAMING:
      self->framing = g_value_get_enum (value);
      break;

    case PROP_MODE:
      self->mode = g_value_get_uint (value);
      break;

    case PROP_MAX_CONNECTIONS:
      self->max_connections = g_value_get_uint (value);
      break;

    case PROP_MAX_CONNECTIONS_PER_USER:
      self->max_connections_per_user = g_value_get_uint (value);
      break;

    case PROP_MAX_MESSAGE_SIZE:
      self->max_message_size = g_value_get_uint (value);
      break;

    case PROP_FRAME_TIMEOUT:
      self->frame_timeout = g_value_get_int (value);
      break;

    case PROP_IDLE_TIMEOUT:
      self->idle_timeout = g_value_get_int (value);
      break;

    case PROP_CONNECTION_TIMEOUT:
      self->connection_timeout = g_value_get_int (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_ipc_server_class_init (ReleaseIpcServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = release_ipc_server_dispose;
  object_class->finalize = release_ipc_server_finalize;
  object_class->get_property = release_ipc_server_get_property;
  object_class->set_property = release_ipc_server_set_property;

  /**
   * ReleaseIpcServer:path:
   *
   * The path of the socket, made absolute; %NULL for a server on a descriptor.
   *
   * Since: 0.1
   */
  properties[PROP_PATH] =
    g_param_spec_string ("path", "", "",
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:codec:
   *
   * The codec of the connections that are made from now on, or %NULL if only
   * bytes and strings are used.
   *
   * Since: 0.1
   */
  properties[PROP_CODEC] =
    g_param_spec_object ("codec", "", "",
                         RELEASE_TYPE_IPC_CODEC,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:framing:
   *
   * How messages stand on the wire of the connections that are made from now on.
   *
   * Since: 0.1
   */
  properties[PROP_FRAMING] =
    g_param_spec_enum ("framing", "", "",
                       RELEASE_TYPE_IPC_FRAMING, RELEASE_IPC_FRAMING_PLAIN,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:mode:
   *
   * The permission bits of the socket file, whatever the umask; set it before
   * release_ipc_server_start(). Who may write to the file may connect. At no
   * moment does the file have a bit that is not asked for.
   *
   * Since: 0.1
   */
  properties[PROP_MODE] =
    g_param_spec_uint ("mode", "", "",
                       0, 0777, DEFAULT_MODE,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:max-connections:
   *
   * How many connections there may be at once.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_CONNECTIONS] =
    g_param_spec_uint ("max-connections", "", "",
                       1, G_MAXUINT, DEFAULT_MAX_CONNECTIONS,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:max-connections-per-user:
   *
   * How many connections of one user ID there may be at once.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_CONNECTIONS_PER_USER] =
    g_param_spec_uint ("max-connections-per-user", "", "",
                       1, G_MAXUINT, DEFAULT_MAX_CONNECTIONS_PER_USER,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:max-message-size:
   *
   * The most bytes that a message may have on the connections that are made
   * from now on, both ways. See #ReleaseIpcChannel:max-message-size.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_MESSAGE_SIZE] =
    g_param_spec_uint ("max-message-size", "", "",
                       64, G_MAXINT32, DEFAULT_MAX_MESSAGE_SIZE,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:frame-timeout:
   *
   * How long a client may take from the first byte of a message to its last, in
   * milliseconds; -1 for ever.
   *
   * Since: 0.1
   */
  properties[PROP_FRAME_TIMEOUT] =
    g_param_spec_int ("frame-timeout", "", "",
                      -1, G_MAXINT, DEFAULT_FRAME_TIMEOUT_MSEC,
                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:idle-timeout:
   *
   * How long a client may ask nothing, in milliseconds; -1, the default, for
   * ever. A connection with a request that waits for its answer is not idle. One
   * that a handler serves or reads by itself may stay for twice as long.
   *
   * Since: 0.1
   */
  properties[PROP_IDLE_TIMEOUT] =
    g_param_spec_int ("idle-timeout", "", "",
                      -1, G_MAXINT, -1,
                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:connection-timeout:
   *
   * How long a connection may last in all, in milliseconds; -1, the default, for
   * ever.
   *
   * Since: 0.1
   */
  properties[PROP_CONNECTION_TIMEOUT] =
    g_param_spec_int ("connection-timeout", "", "",
                      -1, G_MAXINT, -1,
                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseIpcServer:n-connections:
   *
   * How many connections there are now.
   *
   * Since: 0.1
   */
  properties[PROP_N_CONNECTIONS] =
    g_param_spec_uint ("n-connections", "", "",
                       0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ReleaseIpcServer::connected:
   * @self: the server
   * @channel: the new connection
   *
   * Emitted when a client has connected, before anything is read from it. The
   * handler may look at its credentials and close it, serve it by itself with
   * release_ipc_channel_serve(), or read it raw.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CONNECTED] =
    g_signal_new ("connected",
                  G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, RELEASE_TYPE_IPC_CHANNEL);

  /**
   * ReleaseIpcServer::request:
   * @self: the server
   * @invocation: the request
   *
   * Emitted when a client asks, as #ReleaseIpcChannel::request is.
   * release_ipc_invocation_get_peer_credentials() tells who it is.
   *
   * Returns: %TRUE if the request is taken
   *
   * Since: 0.1
   */
  signals[SIGNAL_REQUEST] =
    g_signal_new ("request",
                  G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 1, RELEASE_TYPE_IPC_INVOCATION);
}

static void
release_ipc_server_init (ReleaseIpcServer *self)
{
  self->given_fd = -1;
}

/**
 * release_ipc_server_new:
 * @path: the path of the socket; a relative one is made absolute now
 * @codec: (nullable): the codec of the connections; %NULL if only bytes and strings are used
 *
 * Makes a server of a path. It listens once release_ipc_server_start() is
 * called.
 *
 * Returns: (transfer full): the server
 *
 * Since: 0.1
 */
ReleaseIpcServer *
release_ipc_server_new (const char      *path,
                        ReleaseIpcCodec *codec)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (codec == NULL || RELEASE_IS_IPC_CODEC (codec), NULL);

  return g_object_new (RELEASE_TYPE_IPC_SERVER, "path", path, "codec", codec, NULL);
}

/**
 * release_ipc_server_new_for_fd:
 * @fd: a listening stream socket; the server closes it
 * @codec: (nullable): the codec of the connections; %NULL if only bytes and strings are used
 *
 * Makes a server of a socket that listens already, such as the one that a
 * master passes to a slave, see release_slave_steal_fd(). The socket becomes
 * non-blocking, and is closed when the process executes another program. Its
 * file, if it has one, stays with whoever made it.
 *
 * Returns: (transfer full): the server
 *
 * Since: 0.1
 */
ReleaseIpcServer *
release_ipc_server_new_for_fd (int              fd,
                               ReleaseIpcCodec *codec)
{
  ReleaseIpcServer *self;

  g_return_val_if_fail (fd >= 0, NULL);
  g_return_val_if_fail (codec == NULL || RELEASE_IS_IPC_CODEC (codec), NULL);

  self = g_object_new (RELEASE_TYPE_IPC_SERVER, "codec", codec, NULL);
  self->given_fd = fd;
  return self;
}

/**
 * release_ipc_server_get_path:
 * @self: a #ReleaseIpcServer
 *
 * Gets the path of the socket.
 *
 * Returns: (transfer none) (nullable): the absolute path, or %NULL for a server
 *   on a descriptor
 *
 * Since: 0.1
 */
const char *
release_ipc_server_get_path (ReleaseIpcServer *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_SERVER (self), NULL);

  return self->path;
}

/**
 * release_ipc_server_get_codec:
 * @self: a #ReleaseIpcServer
 *
 * Gets the codec of the connections.
 *
 * Returns: (transfer none) (nullable): the codec, or %NULL if there is none
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_ipc_server_get_codec (ReleaseIpcServer *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_SERVER (self), NULL);

  return self->codec;
}

/**
 * release_ipc_server_get_n_connections:
 * @self: a #ReleaseIpcServer
 *
 * Gets how many connections there are now.
 *
 * Returns: a number of connections
 *
 * Since: 0.1
 */
guint
release_ipc_server_get_n_connections (ReleaseIpcServer *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_SERVER (self), 0);

  return self->connections.length;
}

static ReleaseIoListener *
listen_at_given_fd (ReleaseIpcServer  *self,
                    GError           **error)
{
  g_autoptr(ReleaseIoListener) listener = release_io_listener_new_for_fd (self->given_fd, error);

  if (listener == NULL)
    return NULL;

  if (release_io_listener_get_socket_type (listener) != SOCK_STREAM)
    {
      release_io_listener_steal_fd (listener);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("Descriptor %d is no stream socket"), self->given_fd);
      return NULL;
    }

  return g_steal_pointer (&listener);
}

/**
 * release_ipc_server_start:
 * @self: a #ReleaseIpcServer
 * @error: return location for a #GError, or %NULL
 *
 * Begins to listen. A stale socket file is replaced. Starting a server that has
 * started does nothing.
 *
 * Fails with %RELEASE_LOCK_ERROR_HELD if another process serves the path, with
 * %G_IO_ERROR_ADDRESS_IN_USE if somebody without the lock listens there, with
 * %G_IO_ERROR_EXISTS if something that is no socket lies there, with
 * %G_IO_ERROR_FILENAME_TOO_LONG for a path of more than 107 bytes, with
 * %G_IO_ERROR_INVALID_ARGUMENT for a descriptor that does not listen, and with
 * the #GIOErrorEnum of the system otherwise. Nothing is left behind then.
 *
 * Returns: %TRUE if the server listens, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_server_start (ReleaseIpcServer  *self,
                          GError           **error)
{
  ReleaseIoListener *listener;

  g_return_val_if_fail (RELEASE_IS_IPC_SERVER (self), FALSE);
  g_return_val_if_fail (self->path != NULL || self->given_fd >= 0, FALSE);

  if (self->acceptor != NULL)
    return TRUE;

  listener = self->path != NULL ? release_io_listener_new (self->path, self->mode, BACKLOG, error)
                                : listen_at_given_fd (self, error);
  if (listener == NULL)
    return FALSE;

  self->poller = release_io_poller_ref_default ();
  self->acceptor = release_io_acceptor_new (listener, accepted_cb, trouble_cb, self);
  return TRUE;
}

/**
 * release_ipc_server_stop:
 * @self: a #ReleaseIpcServer
 *
 * Stops listening, removes the socket file and ends all connections. Stopping a
 * server that has not started does nothing; one that has stopped can be started
 * again.
 *
 * Since: 0.1
 */
void
release_ipc_server_stop (ReleaseIpcServer *self)
{
  g_autoptr(ReleaseIpcServer) keep = NULL;
  g_autoptr(ReleaseIoPoller) poller = NULL;
  g_autoptr(ReleaseIoListener) listener = NULL;

  g_return_if_fail (RELEASE_IS_IPC_SERVER (self));

  if (self->acceptor == NULL)
    return;

  keep = g_object_ref (self);
  poller = g_steal_pointer (&self->poller);
  listener = release_io_acceptor_free (g_steal_pointer (&self->acceptor));
  /* It can listen at a descriptor again. */
  if (self->path == NULL)
    release_io_listener_steal_fd (listener);
  g_clear_pointer (&listener, release_io_listener_free);
  release_ipc_server_end_connections (self);
}
