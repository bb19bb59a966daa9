/* release/ipc/release-ipc-server-connections.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-server-private.h"

#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-channel-private.h"

#include <sys/socket.h>

/* What may wait for one client to read it. */
#define MAX_QUEUE_SIZE (1024 * 1024)

/* A place of a server, from the moment when a client is admitted until its channel ends. */
typedef struct
{
  GList              link;          /* data: the connection */
  ReleaseIpcServer  *server;        /* (unowned) */
  ReleaseIpcChannel *channel;       /* (owned) */
  uid_t              uid;           /* -1 if the system cannot tell */
  guint64            n_sent;        /* as it was at the last look */
  ReleaseIoTimer     idle_timer;
  ReleaseIoTimer     end_timer;
} Connection;

static void
arm_msec (Connection         *connection,
          ReleaseIoTimer     *timer,
          int                 msec,
          ReleaseIoTimerFunc  func)
{
  if (msec >= 0)
    release_io_timer_arm (timer, connection->server->poller,
                          g_get_monotonic_time () + (gint64) msec * G_TIME_SPAN_MILLISECOND,
                          func, connection);
}

/* Gives the place free. The channel, which may live on, is the caller's. (transfer full) */
static ReleaseIpcChannel *
connection_free (Connection *connection)
{
  ReleaseIpcChannel *channel = connection->channel;

  release_io_timer_disarm (&connection->idle_timer);
  release_io_timer_disarm (&connection->end_timer);
  g_queue_unlink (&connection->server->connections, &connection->link);
  g_signal_handlers_disconnect_by_data (channel, connection);
  g_free (connection);

  return channel;
}

static void
connection_closed_cb (ReleaseIpcChannel *channel,
                      const GError      *error,
                      Connection        *connection)
{
  ReleaseIpcServer *self = connection->server;
  G_GNUC_UNUSED g_autoptr(ReleaseIpcChannel) ended = connection_free (connection);

  release_ipc_server_notify_n_connections (self);
}

/* Whether the client has got anything since the last look. A handler that serves or reads the
 * channel by itself leaves no other trace. */
static gboolean
connection_has_moved (Connection *connection)
{
  guint64 before = connection->n_sent;

  connection->n_sent = release_ipc_channel_get_n_sent (connection->channel);
  return connection->n_sent != before;
}

static void
idle_timeout_cb (gpointer user_data)
{
  Connection *connection = user_data;
  gboolean has_moved = connection_has_moved (connection);

  if (release_ipc_channel_is_idle (connection->channel) && !has_moved)
    release_ipc_channel_close (connection->channel);
  else
    arm_msec (connection, &connection->idle_timer, connection->server->idle_timeout,
              idle_timeout_cb);
}

static void
end_timeout_cb (gpointer user_data)
{
  Connection *connection = user_data;

  release_ipc_channel_close (connection->channel);
}

/* The client has done something: it is the last to make room, and its idle time begins anew. */
static void
connection_touch (Connection *connection)
{
  ReleaseIpcServer *self = connection->server;

  g_queue_unlink (&self->connections, &connection->link);
  g_queue_push_tail_link (&self->connections, &connection->link);
  connection->n_sent = release_ipc_channel_get_n_sent (connection->channel);
  arm_msec (connection, &connection->idle_timer, self->idle_timeout, idle_timeout_cb);
}

static gboolean
connection_request_cb (ReleaseIpcChannel    *channel,
                       ReleaseIpcInvocation *invocation,
                       Connection           *connection)
{
  connection_touch (connection);
  return release_ipc_server_emit_request (connection->server, invocation);
}

/* Brings the queue up to date with what handlers have served by themselves. */
static void
sort_connections (ReleaseIpcServer *self)
{
  GList *link = self->connections.head;

  for (guint i = self->connections.length; i > 0; i--)
    {
      GList *next = link->next;

      if (connection_has_moved (link->data))
        {
          g_queue_unlink (&self->connections, link);
          g_queue_push_tail_link (&self->connections, link);
        }
      link = next;
    }
}

/* Ends the connection that has been idle longest, of @uid or, with -1, of anybody. */
static gboolean
make_room (ReleaseIpcServer *self,
           uid_t             uid)
{
  sort_connections (self);
  for (GList *link = self->connections.head; link != NULL; link = link->next)
    {
      Connection *connection = link->data;

      if ((uid == (uid_t) -1 || connection->uid == uid) &&
          release_ipc_channel_is_idle (connection->channel))
        {
          release_ipc_channel_close (connection->channel);
          return TRUE;
        }
    }

  return FALSE;
}

static guint
count_user (ReleaseIpcServer *self,
            uid_t             uid)
{
  guint n = 0;

  for (GList *link = self->connections.head; link != NULL; link = link->next)
    if (((Connection *) link->data)->uid == uid)
      n++;

  return n;
}

/* Making room calls handlers, which may do anything: stop the server, too. */
static gboolean
admit (ReleaseIpcServer *self,
       uid_t             uid)
{
  if (uid != (uid_t) -1 && count_user (self, uid) >= self->max_connections_per_user &&
      !make_room (self, uid))
    {
      release_ipc_server_complain (self, "turned away a connection of user %u: %u are busy",
                                   (guint) uid, self->max_connections_per_user);
      return FALSE;
    }
  if (self->connections.length >= self->max_connections && !make_room (self, (uid_t) -1))
    {
      release_ipc_server_complain (self, "turned away a connection, %u are busy",
                                   self->max_connections);
      return FALSE;
    }

  return self->poller != NULL;
}

/* (transfer full) (nullable): NULL if the system cannot tell, as of a peer at another machine */
static GCredentials *
get_credentials (int    fd,
                 uid_t *uid)
{
  struct ucred ucred;
  socklen_t length = sizeof ucred;
  GCredentials *credentials;

  *uid = (uid_t) -1;
  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &ucred, &length) < 0 || ucred.uid == (uid_t) -1)
    return NULL;

  *uid = ucred.uid;
  credentials = g_credentials_new ();
  g_credentials_set_native (credentials, G_CREDENTIALS_TYPE_LINUX_UCRED, &ucred);
  return credentials;
}

static Connection *
connection_new (ReleaseIpcServer  *self,
                ReleaseIpcChannel *channel,
                uid_t              uid)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->link.data = connection;
  connection->server = self;
  connection->channel = g_object_ref (channel);
  connection->uid = uid;
  g_queue_push_tail_link (&self->connections, &connection->link);
  connection_touch (connection);
  arm_msec (connection, &connection->end_timer, self->connection_timeout, end_timeout_cb);
  g_signal_connect (channel, "closed", G_CALLBACK (connection_closed_cb), connection);

  return connection;
}

/* Makes a connection of what was accepted, or turns it away. @fd: (transfer full) */
void
release_ipc_server_add_connection (ReleaseIpcServer *self,
                                   int               fd)
{
  g_autoptr(GCredentials) credentials = NULL;
  g_autoptr(ReleaseIpcChannel) channel = NULL;
  g_autoptr(GError) error = NULL;
  Connection *connection;
  uid_t uid;

  credentials = get_credentials (fd, &uid);
  if (admit (self, uid))
    {
      /* The channel belongs where the server does, whatever iterates the context. */
      g_main_context_push_thread_default (release_io_poller_get_context (self->poller));
      channel = release_ipc_channel_new (fd, self->framing, self->codec, &error);
      g_main_context_pop_thread_default (release_io_poller_get_context (self->poller));
      if (channel == NULL)
        release_ipc_server_complain (self, "%s", error->message);
    }
  if (channel == NULL)
    {
      release_io_close_connection (&fd);
      return;
    }

  release_ipc_channel_set_peer_credentials (channel, g_steal_pointer (&credentials));
  release_ipc_channel_set_max_message_size (channel, self->max_message_size);
  release_ipc_channel_set_max_queue_size (channel, MAX_QUEUE_SIZE);
  release_ipc_channel_set_frame_timeout (channel, self->frame_timeout);
  release_ipc_channel_set_pauses (channel, TRUE);

  connection = connection_new (self, channel, uid);
  release_ipc_server_notify_n_connections (self);
  if (!release_ipc_channel_is_closed (channel))
    release_ipc_server_emit_connected (self, channel);
  if (release_ipc_channel_is_closed (channel))
    return;

  g_signal_connect (channel, "request", G_CALLBACK (connection_request_cb), connection);
  /* A peer of multiplexed framing can be asked, too. */
  if (release_ipc_channel_get_framing (channel) == RELEASE_IPC_FRAMING_PLAIN)
    release_ipc_channel_set_answers (channel);
  release_ipc_channel_start (channel);
}

/* All places are free before the first handler is called, so handlers may do anything. */
void
release_ipc_server_end_connections (ReleaseIpcServer *self)
{
  g_autoptr(GPtrArray) channels = g_ptr_array_new_with_free_func (g_object_unref);

  while (self->connections.head != NULL)
    g_ptr_array_add (channels, connection_free (self->connections.head->data));

  if (channels->len > 0)
    release_ipc_server_notify_n_connections (self);
  for (guint i = 0; i < channels->len; i++)
    release_ipc_channel_close (g_ptr_array_index (channels, i));
}
