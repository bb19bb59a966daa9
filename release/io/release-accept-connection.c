/* release/io/release-accept-connection.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-accept-connection-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"

#include <errno.h>
#include <sys/socket.h>

/**
 * SECTION:release-accept-connection
 * @title: ReleaseAcceptConnection
 * @short_description: one client of an accept loop
 *
 * A #ReleaseAcceptConnection is what a handler of #ReleaseAcceptLoop::accepted
 * works with: a descriptor to read and write, and a #GCancellable to give to
 * every operation on it.
 *
 * The connection ends when release_accept_connection_close() is called, when its
 * time is over, when the loop stops, or when nobody holds a reference to it any
 * more. Then the cancellable is cancelled, and after it the descriptor closed.
 * Operations of this library let go of a descriptor at once when they are
 * cancelled, and report %G_IO_ERROR_CANCELLED from the main loop.
 * What a client of a Unix socket has sent and nobody has read may take long to
 * close, so that happens in another thread.
 *
 * A handler in a language with a garbage collector had better close the
 * connection, since the collector takes its time.
 *
 * A connection belongs to the thread of its loop.
 */

struct _ReleaseAcceptConnection
{
  GObject               parent_instance;

  GList                 link;            /* of the loop */
  int                   fd;              /* -1 once stolen or closed */
  GCancellable         *cancellable;     /* (nullable): until somebody asks */
  ReleaseIoPoller      *poller;          /* (owned) */
  ReleaseIoTimer        timer;
  ReleaseAcceptEndFunc  ended;           /* (nullable): NULL once closed */
  gpointer              user_data;
};

G_DEFINE_FINAL_TYPE (ReleaseAcceptConnection, release_accept_connection, G_TYPE_OBJECT)

static void
release_accept_connection_dispose (GObject *object)
{
  release_accept_connection_close (RELEASE_ACCEPT_CONNECTION (object));

  G_OBJECT_CLASS (release_accept_connection_parent_class)->dispose (object);
}

static void
release_accept_connection_finalize (GObject *object)
{
  ReleaseAcceptConnection *self = RELEASE_ACCEPT_CONNECTION (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->poller, release_io_poller_unref);

  G_OBJECT_CLASS (release_accept_connection_parent_class)->finalize (object);
}

static void
release_accept_connection_class_init (ReleaseAcceptConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = release_accept_connection_dispose;
  object_class->finalize = release_accept_connection_finalize;
}

static void
release_accept_connection_init (ReleaseAcceptConnection *self)
{
  self->fd = -1;
  self->link.data = self;
}

static void
timeout_cb (gpointer user_data)
{
  g_autoptr(ReleaseAcceptConnection) self = g_object_ref (user_data);

  release_accept_connection_close (self);
}

/* @fd: (transfer full); @timeout_msec: -1 for none */
ReleaseAcceptConnection *
release_accept_connection_new (int                   fd,
                               ReleaseIoPoller      *poller,
                               int                   timeout_msec,
                               ReleaseAcceptEndFunc  ended,
                               gpointer              user_data)
{
  ReleaseAcceptConnection *self = g_object_new (RELEASE_TYPE_ACCEPT_CONNECTION, NULL);

  self->fd = fd;
  self->poller = release_io_poller_ref (poller);
  self->ended = ended;
  self->user_data = user_data;
  if (timeout_msec >= 0)
    release_io_timer_arm (&self->timer, poller,
                          g_get_monotonic_time () + (gint64) timeout_msec * G_TIME_SPAN_MILLISECOND,
                          timeout_cb, self);

  return self;
}

GList *
release_accept_connection_get_link (ReleaseAcceptConnection *self)
{
  return &self->link;
}

/**
 * release_accept_connection_get_fd:
 * @self: a #ReleaseAcceptConnection
 *
 * Gets the descriptor. It blocks, which does not matter to the functions of this
 * library.
 *
 * Returns: the descriptor, which @self closes; -1 if it is closed or stolen
 *
 * Since: 0.1
 */
int
release_accept_connection_get_fd (ReleaseAcceptConnection *self)
{
  g_return_val_if_fail (RELEASE_IS_ACCEPT_CONNECTION (self), -1);

  return self->fd;
}

/**
 * release_accept_connection_steal_fd:
 * @self: a #ReleaseAcceptConnection
 *
 * Takes the descriptor, for something that closes it by itself, such as a
 * #GSocket or a #ReleaseIpcChannel. The loop goes on counting the connection,
 * and cancelling it when its time is over, until
 * release_accept_connection_close() is called.
 *
 * Returns: the descriptor, which is the caller's; -1 if it is closed or stolen
 *
 * Since: 0.1
 */
int
release_accept_connection_steal_fd (ReleaseAcceptConnection *self)
{
  g_return_val_if_fail (RELEASE_IS_ACCEPT_CONNECTION (self), -1);

  return g_steal_fd (&self->fd);
}

/**
 * release_accept_connection_get_cancellable:
 * @self: a #ReleaseAcceptConnection
 *
 * Gets what is cancelled when the connection ends.
 *
 * Returns: (transfer none): the cancellable of the connection
 *
 * Since: 0.1
 */
GCancellable *
release_accept_connection_get_cancellable (ReleaseAcceptConnection *self)
{
  g_return_val_if_fail (RELEASE_IS_ACCEPT_CONNECTION (self), NULL);

  if (self->cancellable == NULL)
    {
      self->cancellable = g_cancellable_new ();
      if (self->ended == NULL)
        g_cancellable_cancel (self->cancellable);
    }

  return self->cancellable;
}

/**
 * release_accept_connection_get_remote_address:
 * @self: a #ReleaseAcceptConnection
 * @error: return location for a #GError, or %NULL
 *
 * Asks the system for the address of the client. Fails with the #GIOErrorEnum of
 * the system.
 *
 * Returns: (transfer full): the address, %NULL with @error set otherwise
 *
 * Since: 0.1
 */
GSocketAddress *
release_accept_connection_get_remote_address (ReleaseAcceptConnection  *self,
                                              GError                  **error)
{
  struct sockaddr_storage native = { 0 };
  socklen_t length = sizeof native;
  int errsv;

  g_return_val_if_fail (RELEASE_IS_ACCEPT_CONNECTION (self), NULL);

  if (getpeername (self->fd, (struct sockaddr *) &native, &length) == 0)
    return g_socket_address_new_from_native (&native, length);

  errsv = errno;
  release_set_error_from_errno (error, errsv, _("Cannot get the address of a client"));
  return NULL;
}

/**
 * release_accept_connection_get_credentials:
 * @self: a #ReleaseAcceptConnection
 * @error: return location for a #GError, or %NULL
 *
 * Asks the system who the client of a Unix socket was when it connected. Fails
 * with %G_IO_ERROR_NOT_SUPPORTED for sockets of other kinds, and with the
 * #GIOErrorEnum of the system otherwise.
 *
 * Returns: (transfer full): process, user and group, %NULL with @error set
 *   otherwise
 *
 * Since: 0.1
 */
GCredentials *
release_accept_connection_get_credentials (ReleaseAcceptConnection  *self,
                                           GError                  **error)
{
  struct ucred ucred;
  socklen_t length = sizeof ucred;
  GCredentials *credentials;
  int errsv;

  g_return_val_if_fail (RELEASE_IS_ACCEPT_CONNECTION (self), NULL);

  if (getsockopt (self->fd, SOL_SOCKET, SO_PEERCRED, &ucred, &length) < 0)
    {
      errsv = errno;
      release_set_error_from_errno (error, errsv, _("Cannot get the credentials of a client"));
      return NULL;
    }
  if (ucred.uid == (uid_t) -1)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("The client of this socket has no credentials"));
      return NULL;
    }

  credentials = g_credentials_new ();
  g_credentials_set_native (credentials, G_CREDENTIALS_TYPE_LINUX_UCRED, &ucred);
  return credentials;
}

/**
 * release_accept_connection_is_closed:
 * @self: a #ReleaseAcceptConnection
 *
 * Tells whether the connection has ended.
 *
 * Returns: %TRUE if it has
 *
 * Since: 0.1
 */
gboolean
release_accept_connection_is_closed (ReleaseAcceptConnection *self)
{
  g_return_val_if_fail (RELEASE_IS_ACCEPT_CONNECTION (self), TRUE);

  return self->ended == NULL;
}

/**
 * release_accept_connection_close:
 * @self: a #ReleaseAcceptConnection
 *
 * Ends the connection: cancels what is under way and closes the descriptor. What
 * the kernel has taken of the last answer still goes to the client. Closing a
 * connection that has ended does nothing.
 *
 * Since: 0.1
 */
void
release_accept_connection_close (ReleaseAcceptConnection *self)
{
  ReleaseAcceptEndFunc ended;

  g_return_if_fail (RELEASE_IS_ACCEPT_CONNECTION (self));

  ended = g_steal_pointer (&self->ended);
  if (ended == NULL)
    return;

  release_io_timer_disarm (&self->timer);
  /* In this order: what is cancelled lets go of the descriptor. */
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  release_io_close_connection (&self->fd);
  ended (self, self->user_data);
}
