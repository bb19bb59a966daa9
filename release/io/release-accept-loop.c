/* release/io/release-accept-loop.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-accept-loop.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-accept-connection-private.h"
#include "release/io/release-io-acceptor-private.h"
#include "release/io/release-io-fd-private.h"

#include <errno.h>
#include <sys/socket.h>

/**
 * SECTION:release-accept-loop
 * @title: ReleaseAcceptLoop
 * @short_description: a server's connections, side by side
 *
 * A #ReleaseAcceptLoop listens at an address, or at a descriptor that listens
 * already, and emits #ReleaseAcceptLoop::accepted for each client that connects.
 * The handlers run side by side in one main loop: each begins an asynchronous
 * operation and returns.
 *
 * |[<!-- language="C" -->
 * static gboolean
 * on_accepted (ReleaseAcceptLoop       *loop,
 *              ReleaseAcceptConnection *connection,
 *              gpointer                 user_data)
 * {
 *   g_autoptr(ReleaseBuffer) greeting = release_buffer_new (0);
 *
 *   release_buffer_append_string (greeting, "hello\n", NULL);
 *   release_io_write_async (release_accept_connection_get_fd (connection), greeting, -1,
 *                           release_accept_connection_get_cancellable (connection),
 *                           on_written, g_object_ref (connection));
 *   return TRUE;
 * }
 *
 *   loop = release_accept_loop_new (address, G_SOCKET_TYPE_STREAM);
 *   g_object_set (loop, "timeout", 10000, NULL);
 *   g_signal_connect (loop, "accepted", G_CALLBACK (on_accepted), NULL);
 *   if (!release_accept_loop_start (loop, &error))
 *     …
 * ]|
 *
 * Whatever happens to one connection leaves the others alone. When
 * #ReleaseAcceptLoop:max-connections are open, accepting pauses: who connects
 * then waits in the backlog until there is a place. A server for strangers sets
 * #ReleaseAcceptLoop:timeout, so that places do become free. When there are no
 * descriptors left, the loop says so once in the log and tries again every tenth
 * of a second.
 *
 * The file of a Unix socket has the mode #ReleaseAcceptLoop:mode, 0600 unless
 * set. Beside it lies a lock file of the same name with `.lock` behind it. A file
 * that a dead process left is replaced, one that somebody listens at is refused;
 * both files are removed at the end.
 *
 * A loop belongs to the thread-default main context of the moment when it is
 * started, and its functions to the thread that iterates it.
 */

#define DEFAULT_BACKLOG 128
#define DEFAULT_MODE 0600
#define DEFAULT_MAX_CONNECTIONS 1024

struct _ReleaseAcceptLoop
{
  GObject             parent_instance;

  GSocketAddress     *address;           /* (nullable) */
  int                 given_fd;          /* of release_accept_loop_new_for_fd (), or -1 */
  GSocketType         socket_type;
  int                 backlog;
  guint               mode;
  int                 timeout;           /* milliseconds, -1 for none */
  guint               max_connections;

  ReleaseIoPoller    *poller;            /* (nullable): while there is something to watch */
  ReleaseIoAcceptor  *acceptor;          /* (nullable): while started */
  int                 listening_fd;      /* the acceptor's, or -1 */
  GQueue              connections;       /* links of ReleaseAcceptConnection, none of them owned */
  GTask              *stop_task;         /* (nullable) (owned) */
  GSource            *cancel_source;     /* (nullable): of the stop task */
  ReleaseIoTimer      stop_timer;
};

enum
{
  PROP_ADDRESS = 1,
  PROP_SOCKET_TYPE,
  PROP_BACKLOG,
  PROP_MODE,
  PROP_TIMEOUT,
  PROP_MAX_CONNECTIONS,
  PROP_N_CONNECTIONS,
  N_PROPS
};

enum
{
  SIGNAL_ACCEPTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReleaseAcceptLoop, release_accept_loop, G_TYPE_OBJECT)

/* (transfer full): what messages call the place where the loop listens */
static char *
dup_name (ReleaseAcceptLoop *self)
{
  if (self->address == NULL)
    return g_strdup_printf ("descriptor %d", self->listening_fd);

  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (self->address));
}

static void
update_paused (ReleaseAcceptLoop *self)
{
  if (self->acceptor != NULL)
    release_io_acceptor_set_paused (self->acceptor,
                                    self->connections.length >= self->max_connections);
}

/* Takes the stop task away and disarms it: from here on the caller alone ends it. */
static GTask *
take_stop_task (ReleaseAcceptLoop *self)
{
  release_io_timer_disarm (&self->stop_timer);
  if (self->cancel_source != NULL)
    {
      g_source_destroy (self->cancel_source);
      g_clear_pointer (&self->cancel_source, g_source_unref);
    }

  return g_steal_pointer (&self->stop_task);
}

static void
connection_ended_cb (ReleaseAcceptConnection *connection,
                     gpointer                 user_data)
{
  g_autoptr(ReleaseAcceptLoop) self = g_object_ref (user_data);
  g_autoptr(GTask) task = NULL;

  g_queue_unlink (&self->connections, release_accept_connection_get_link (connection));
  update_paused (self);
  if (self->connections.length == 0 && self->stop_task != NULL)
    task = take_stop_task (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CONNECTIONS]);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
accepted_cb (int      fd,
             gpointer user_data)
{
  g_autoptr(ReleaseAcceptLoop) self = g_object_ref (user_data);
  g_autoptr(ReleaseAcceptConnection) connection = NULL;
  gboolean taken = FALSE;

  connection = release_accept_connection_new (fd, self->poller, self->timeout, connection_ended_cb,
                                              self);
  g_queue_push_tail_link (&self->connections, release_accept_connection_get_link (connection));
  update_paused (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CONNECTIONS]);

  g_signal_emit (self, signals[SIGNAL_ACCEPTED], 0, connection, &taken);
  if (!taken)
    release_accept_connection_close (connection);
}

static void
trouble_cb (int      errsv,
            gpointer user_data)
{
  g_autofree char *name = dup_name (user_data);

  g_message ("Cannot accept connections at %s: %s", name, g_strerror (errsv));
}

/* Stops accepting; the connections stay. */
static void
close_listener (ReleaseAcceptLoop *self)
{
  g_autoptr(ReleaseIoListener) listener = NULL;

  if (self->acceptor == NULL)
    return;

  listener = release_io_acceptor_free (g_steal_pointer (&self->acceptor));
  self->listening_fd = -1;
  /* It can be started again. */
  if (self->given_fd >= 0)
    release_io_listener_steal_fd (listener);
}

static void
close_connections (ReleaseAcceptLoop *self)
{
  while (self->connections.head != NULL)
    {
      g_autoptr(ReleaseAcceptConnection) connection = g_object_ref (self->connections.head->data);

      release_accept_connection_close (connection);
    }
}

static void
stop_timeout_cb (gpointer user_data)
{
  g_autoptr(ReleaseAcceptLoop) self = g_object_ref (user_data);
  g_autoptr(GTask) task = take_stop_task (self);
  guint n = self->connections.length;

  close_connections (self);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           _("%u connections were not over in time"), n);
}

static gboolean
stop_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = take_stop_task (g_task_get_source_object (user_data));

  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
release_accept_loop_dispose (GObject *object)
{
  ReleaseAcceptLoop *self = RELEASE_ACCEPT_LOOP (object);

  release_accept_loop_stop (self);
  release_io_close (&self->given_fd);
  g_clear_object (&self->address);
  g_clear_pointer (&self->poller, release_io_poller_unref);

  G_OBJECT_CLASS (release_accept_loop_parent_class)->dispose (object);
}

static void
release_accept_loop_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  ReleaseAcceptLoop *self = RELEASE_ACCEPT_LOOP (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_object (value, self->address);
      break;

    case PROP_SOCKET_TYPE:
      g_value_set_enum (value, self->socket_type);
      break;

    case PROP_BACKLOG:
      g_value_set_int (value, self->backlog);
      break;

    case PROP_MODE:
      g_value_set_uint (value, self->mode);
      break;

    case PROP_TIMEOUT:
      g_value_set_int (value, self->timeout);
      break;

    case PROP_MAX_CONNECTIONS:
      g_value_set_uint (value, self->max_connections);
      break;

    case PROP_N_CONNECTIONS:
      g_value_set_uint (value, self->connections.length);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_accept_loop_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  ReleaseAcceptLoop *self = RELEASE_ACCEPT_LOOP (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      self->address = g_value_dup_object (value);
      break;

    case PROP_SOCKET_TYPE:
      self->socket_type = g_value_get_enum (value);
      break;

    case PROP_BACKLOG:
      self->backlog = g_value_get_int (value);
      break;

    case PROP_MODE:
      self->mode = g_value_get_uint (value);
      break;

    case PROP_TIMEOUT:
      self->timeout = g_value_get_int (value);
      break;

    case PROP_MAX_CONNECTIONS:
      self->max_connections = g_value_get_uint (value);
      update_paused (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_accept_loop_class_init (ReleaseAcceptLoopClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = release_accept_loop_dispose;
  object_class->get_property = release_accept_loop_get_property;
  object_class->set_property = release_accept_loop_set_property;

  /**
   * ReleaseAcceptLoop:address:
   *
   * Where the loop listens: a Unix path, an abstract Unix name, IPv4 or IPv6;
   * %NULL for a loop on a descriptor.
   *
   * Since: 0.1
   */
  properties[PROP_ADDRESS] =
    g_param_spec_object ("address", "", "",
                         G_TYPE_SOCKET_ADDRESS,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseAcceptLoop:socket-type:
   *
   * Stream, or sequential packets; others take no connections.
   *
   * Since: 0.1
   */
  properties[PROP_SOCKET_TYPE] =
    g_param_spec_enum ("socket-type", "", "",
                       G_TYPE_SOCKET_TYPE, G_SOCKET_TYPE_STREAM,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseAcceptLoop:backlog:
   *
   * How many clients may wait to be accepted; set it before
   * release_accept_loop_start().
   *
   * Since: 0.1
   */
  properties[PROP_BACKLOG] =
    g_param_spec_int ("backlog", "", "",
                      1, G_MAXINT, DEFAULT_BACKLOG,
                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseAcceptLoop:mode:
   *
   * The permission bits of the file of a Unix socket, whatever the umask; set it
   * before release_accept_loop_start(). Who may write to the file may connect.
   *
   * Since: 0.1
   */
  properties[PROP_MODE] =
    g_param_spec_uint ("mode", "", "",
                       0, 0777, DEFAULT_MODE,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseAcceptLoop:timeout:
   *
   * How long a connection that is accepted from now on may last, in
   * milliseconds; -1, the default, for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] =
    g_param_spec_int ("timeout", "", "",
                      -1, G_MAXINT, -1,
                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseAcceptLoop:max-connections:
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
   * ReleaseAcceptLoop:n-connections:
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
   * ReleaseAcceptLoop::accepted:
   * @self: the loop
   * @connection: the new connection
   *
   * Emitted when a client has connected. A handler that takes the connection
   * holds a reference to it for as long as it works.
   *
   * Returns: %TRUE if the connection is taken; it is closed otherwise, as it is
   *   when a handler in another language fails
   *
   * Since: 0.1
   */
  signals[SIGNAL_ACCEPTED] =
    g_signal_new ("accepted",
                  G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL,
                  G_TYPE_BOOLEAN, 1, RELEASE_TYPE_ACCEPT_CONNECTION);
}

static void
release_accept_loop_init (ReleaseAcceptLoop *self)
{
  self->given_fd = -1;
  self->listening_fd = -1;
}

/**
 * release_accept_loop_new:
 * @address: where to listen
 * @socket_type: %G_SOCKET_TYPE_STREAM or %G_SOCKET_TYPE_SEQPACKET
 *
 * Makes a loop of an address. It listens once release_accept_loop_start() is
 * called.
 *
 * Returns: (transfer full): the loop
 *
 * Since: 0.1
 */
ReleaseAcceptLoop *
release_accept_loop_new (GSocketAddress *address,
                         GSocketType     socket_type)
{
  g_return_val_if_fail (G_IS_SOCKET_ADDRESS (address), NULL);

  return g_object_new (RELEASE_TYPE_ACCEPT_LOOP,
                       "address", address,
                       "socket-type", socket_type,
                       NULL);
}

/**
 * release_accept_loop_new_for_fd:
 * @fd: a listening socket; the loop closes it
 *
 * Makes a loop of a socket that listens already. The socket becomes
 * non-blocking. Its file, if it has one, is whose who made it.
 *
 * Returns: (transfer full): the loop
 *
 * Since: 0.1
 */
ReleaseAcceptLoop *
release_accept_loop_new_for_fd (int fd)
{
  ReleaseAcceptLoop *self;

  g_return_val_if_fail (fd >= 0, NULL);

  self = g_object_new (RELEASE_TYPE_ACCEPT_LOOP, NULL);
  self->given_fd = fd;
  return self;
}

/**
 * release_accept_loop_get_n_connections:
 * @self: a #ReleaseAcceptLoop
 *
 * Gets how many connections there are now.
 *
 * Returns: a number of connections
 *
 * Since: 0.1
 */
guint
release_accept_loop_get_n_connections (ReleaseAcceptLoop *self)
{
  g_return_val_if_fail (RELEASE_IS_ACCEPT_LOOP (self), 0);

  return self->connections.length;
}

/**
 * release_accept_loop_get_local_address:
 * @self: a #ReleaseAcceptLoop
 * @error: return location for a #GError, or %NULL
 *
 * Asks the system where the loop listens: with port 0 as #ReleaseAcceptLoop:address,
 * which port it has got. Fails with %G_IO_ERROR_CLOSED if it does not listen, and
 * with the #GIOErrorEnum of the system otherwise.
 *
 * Returns: (transfer full): the address, %NULL with @error set otherwise
 *
 * Since: 0.1
 */
GSocketAddress *
release_accept_loop_get_local_address (ReleaseAcceptLoop  *self,
                                       GError            **error)
{
  struct sockaddr_storage native = { 0 };
  socklen_t length = sizeof native;
  int errsv;

  g_return_val_if_fail (RELEASE_IS_ACCEPT_LOOP (self), NULL);

  if (self->listening_fd < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                           _("The accept loop does not listen"));
      return NULL;
    }
  if (getsockname (self->listening_fd, (struct sockaddr *) &native, &length) == 0)
    return g_socket_address_new_from_native (&native, length);

  errsv = errno;
  release_set_error_from_errno (error, errsv, _("Cannot get the address of an accept loop"));
  return NULL;
}

/**
 * release_accept_loop_start:
 * @self: a #ReleaseAcceptLoop
 * @error: return location for a #GError, or %NULL
 *
 * Begins to listen. Starting a loop that has started does nothing.
 *
 * For a Unix path it fails with %RELEASE_LOCK_ERROR_HELD if another process
 * serves the path, with %G_IO_ERROR_ADDRESS_IN_USE if somebody without the lock
 * listens there, with %G_IO_ERROR_EXISTS if something that is no socket lies
 * there, and with %G_IO_ERROR_FILENAME_TOO_LONG for a path of more than 107
 * bytes. For any address it fails with %G_IO_ERROR_INVALID_ARGUMENT if the socket
 * type or the descriptor takes no connections, with %G_IO_ERROR_PENDING while
 * release_accept_loop_stop_async() is under way, and with the #GIOErrorEnum of
 * the system otherwise. Nothing is left behind then.
 *
 * Returns: %TRUE if the loop listens, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_accept_loop_start (ReleaseAcceptLoop  *self,
                           GError            **error)
{
  ReleaseIoListener *listener;

  g_return_val_if_fail (RELEASE_IS_ACCEPT_LOOP (self), FALSE);
  g_return_val_if_fail (self->address != NULL || self->given_fd >= 0, FALSE);

  if (self->acceptor != NULL)
    return TRUE;

  if (self->stop_task != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, _("The accept loop is stopping"));
      return FALSE;
    }
  if (self->socket_type != G_SOCKET_TYPE_STREAM && self->socket_type != G_SOCKET_TYPE_SEQPACKET)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("Sockets of this type take no connections"));
      return FALSE;
    }

  listener = self->address != NULL
    ? release_io_listener_new_for_address (self->address, self->socket_type, self->mode,
                                           self->backlog, error)
    : release_io_listener_new_for_fd (self->given_fd, error);
  if (listener == NULL)
    return FALSE;

  g_clear_pointer (&self->poller, release_io_poller_unref);
  self->poller = release_io_poller_ref_default ();
  self->listening_fd = release_io_listener_get_fd (listener);
  self->acceptor = release_io_acceptor_new (listener, accepted_cb, trouble_cb, self);
  return TRUE;
}

/**
 * release_accept_loop_stop:
 * @self: a #ReleaseAcceptLoop
 *
 * Stops at once: listens no more, removes the file of a Unix socket and ends all
 * connections. What release_accept_loop_stop_async() has begun ends with it.
 * Stopping a loop that has not started does nothing; one that has stopped can be
 * started again.
 *
 * Since: 0.1
 */
void
release_accept_loop_stop (ReleaseAcceptLoop *self)
{
  g_return_if_fail (RELEASE_IS_ACCEPT_LOOP (self));

  close_listener (self);
  close_connections (self);
}

/**
 * release_accept_loop_stop_async:
 * @self: a #ReleaseAcceptLoop
 * @timeout_msec: how long handlers may take to finish, in milliseconds, -1 for as
 *   long as they take
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @callback: (scope async) (closure user_data) (nullable): called at the end
 * @user_data: passed to @callback
 *
 * Stops gracefully: listens no more and removes the file of a Unix socket, both
 * at once, and lets the connections that there are come to their end. Those that
 * have not by the deadline are ended. Only one such stop may be under way.
 *
 * Since: 0.1
 */
void
release_accept_loop_stop_async (ReleaseAcceptLoop   *self,
                                int                  timeout_msec,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (RELEASE_IS_ACCEPT_LOOP (self));
  g_return_if_fail (timeout_msec >= -1);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, release_accept_loop_stop_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->stop_task != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                               _("The accept loop is stopping"));
      return;
    }

  close_listener (self);
  if (self->connections.length == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->stop_task = g_object_ref (task);
  if (timeout_msec >= 0)
    release_io_timer_arm (&self->stop_timer, self->poller,
                          g_get_monotonic_time () + (gint64) timeout_msec * G_TIME_SPAN_MILLISECOND,
                          stop_timeout_cb, self);
  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_static_name (self->cancel_source, "[release] accept loop stop cancelled");
      g_task_attach_source (task, self->cancel_source, G_SOURCE_FUNC (stop_cancelled_cb));
    }
}

/**
 * release_accept_loop_stop_finish:
 * @self: a #ReleaseAcceptLoop
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends what release_accept_loop_stop_async() began. Fails with
 * %G_IO_ERROR_TIMED_OUT if connections had to be ended, with
 * %G_IO_ERROR_CANCELLED if it was cancelled, which leaves the connections as they
 * are, and with %G_IO_ERROR_PENDING if another stop was under way.
 *
 * Returns: %TRUE if all connections came to their end, %FALSE with @error set
 *   otherwise
 *
 * Since: 0.1
 */
gboolean
release_accept_loop_stop_finish (ReleaseAcceptLoop  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_accept_loop_stop_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
