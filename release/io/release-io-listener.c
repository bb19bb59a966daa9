/* release/io/release-io-listener.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-listener-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/io/release-lock-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The lock is what tells two listeners apart: it is held from before the first look at the socket
 * file until after its removal. A connection attempt alone would not do, for between the look and
 * the unlink somebody else may have come. */

struct _ReleaseIoListener
{
  char            *path;            /* (nullable): absolute; NULL if no file belongs to it */
  char            *display_path;    /* for messages: UTF-8 */
  ReleaseLockFile *lock;
  int              fd;
  dev_t            dev;             /* of our socket file, so that nobody else's is removed */
  ino_t            ino;
  pid_t            owner;           /* a child of ours that ends must not remove anything */
  int              type;            /* SOCK_STREAM or SOCK_SEQPACKET */
};

/* Sets @error to what the system says of the socket file. Always returns %FALSE. */
static gboolean
set_error (ReleaseIoListener  *self,
           int                 errsv,
           GError            **error)
{
  return release_set_error_from_errno (error, errsv, _("Socket “%s”"), self->display_path);
}

static gboolean
fill_address (ReleaseIoListener   *self,
              struct sockaddr_un  *address,
              GError             **error)
{
  gsize length = strlen (self->path);

  if (length >= sizeof address->sun_path)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                   _("Socket “%s”: a path of %" G_GSIZE_FORMAT
                     " bytes, a Unix socket takes %" G_GSIZE_FORMAT),
                   self->display_path, length, sizeof address->sun_path - 1);
      return FALSE;
    }

  memset (address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy (address->sun_path, self->path, length);
  return TRUE;
}

static gboolean
hold_lock (ReleaseIoListener  *self,
           GError            **error)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);

  self->lock = release_lock_file_new_private (path);
  if (release_lock_file_acquire (self->lock, error))
    return TRUE;

  g_prefix_error (error, _("Socket “%s”: "), self->display_path);
  return FALSE;
}

/* Whether nobody listens at the socket file any more: only a refused connection proves it. */
static gboolean
check_stale (ReleaseIoListener   *self,
             struct sockaddr_un  *address,
             GError             **error)
{
  int fd = socket (AF_UNIX, self->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int result = fd < 0 ? -1 : connect (fd, (struct sockaddr *) address, sizeof *address);
  int errsv = errno;

  release_io_close (&fd);
  if (result < 0 && errsv == ECONNREFUSED)
    return TRUE;

  /* Its queue may be full, and it may be a socket of another type. */
  if (result < 0 && errsv != EAGAIN && errsv != EPROTOTYPE)
    return set_error (self, errsv, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
               _("Socket “%s”: another process listens there"), self->display_path);
  return FALSE;
}

/* Makes the path free, if what lies there is a socket that nobody listens at. */
static gboolean
clear_path (ReleaseIoListener   *self,
            struct sockaddr_un  *address,
            GError             **error)
{
  struct stat before, after;
  int errsv;

  if (lstat (self->path, &before) < 0)
    {
      errsv = errno;
      return errsv == ENOENT || set_error (self, errsv, error);
    }
  if (!S_ISSOCK (before.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                   _("Socket “%s”: something that is no socket lies there"),
                   self->display_path);
      return FALSE;
    }
  if (!check_stale (self, address, error))
    return FALSE;

  /* It is still the one that was found stale. */
  if (lstat (self->path, &after) < 0 ||
      before.st_dev != after.st_dev || before.st_ino != after.st_ino)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                   _("Socket “%s”: another process has just changed it"),
                   self->display_path);
      return FALSE;
    }

  if (unlink (self->path) == 0)
    return TRUE;

  errsv = errno;
  return release_set_error_from_errno (error, errsv,
                                       _("Cannot remove the stale socket “%s”"),
                                       self->display_path);
}

static gboolean
is_ours (ReleaseIoListener *self,
         const struct stat *st)
{
  return S_ISSOCK (st->st_mode) && st->st_dev == self->dev && st->st_ino == self->ino;
}

/* The umask may have taken bits away; what is given back goes to our own inode, not to a path. */
static gboolean
widen_mode (ReleaseIoListener  *self,
            guint               mode,
            GError            **error)
{
  g_autofree char *link = NULL;
  struct stat st;
  gboolean done;
  int fd, errsv;

  fd = open (self->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  link = g_strdup_printf ("/proc/self/fd/%d", fd);
  done = fd >= 0 && fstat (fd, &st) == 0 && (!is_ours (self, &st) || chmod (link, mode) == 0);
  errsv = errno;
  release_io_close (&fd);
  if (done)
    return TRUE;

  return release_set_error_from_errno (error, errsv, _("Cannot set the mode of socket “%s”"),
                                       self->display_path);
}

static gboolean
bind_and_listen (ReleaseIoListener   *self,
                 struct sockaddr_un  *address,
                 guint                mode,
                 int                  backlog,
                 GError             **error)
{
  struct stat st;
  int errsv;

  self->fd = socket (AF_UNIX, self->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  /* The mode before the bind: from its first moment on the file has no bit too many. */
  if (self->fd < 0 || fchmod (self->fd, mode) < 0 ||
      bind (self->fd, (struct sockaddr *) address, sizeof *address) < 0 ||
      lstat (self->path, &st) < 0)
    {
      errsv = errno;
      return release_set_error_from_errno (error, errsv, _("Cannot bind socket “%s”"),
                                           self->display_path);
    }

  self->dev = st.st_dev;
  self->ino = st.st_ino;
  self->owner = getpid ();
  if ((st.st_mode & 07777) != mode && !widen_mode (self, mode, error))
    return FALSE;

  if (listen (self->fd, backlog) == 0)
    return TRUE;

  errsv = errno;
  return release_set_error_from_errno (error, errsv, _("Cannot listen at socket “%s”"),
                                       self->display_path);
}

/* A path that later changes of the directory do not touch. Names are left as they are: taking out
 * `..` could lead elsewhere, past a symbolic link. (transfer full) */
char *
release_io_listener_make_absolute (const char *path)
{
  g_autofree char *folder = NULL;

  if (g_path_is_absolute (path))
    return g_strdup (path);

  folder = g_get_current_dir ();
  return g_build_filename (folder, path, NULL);
}

static ReleaseIoListener *
listener_alloc (GSocketType type)
{
  ReleaseIoListener *self = g_new0 (ReleaseIoListener, 1);

  self->fd = -1;
  self->type = type == G_SOCKET_TYPE_SEQPACKET ? SOCK_SEQPACKET : SOCK_STREAM;
  return self;
}

static ReleaseIoListener *
listen_at_path (const char   *path,
                GSocketType   type,
                guint         mode,
                int           backlog,
                GError      **error)
{
  g_autoptr(ReleaseIoListener) self = listener_alloc (type);
  struct sockaddr_un address;

  self->path = release_io_listener_make_absolute (path);
  self->display_path = g_filename_display_name (self->path);
  if (!fill_address (self, &address, error) ||
      !hold_lock (self, error) ||
      !clear_path (self, &address, error) ||
      !bind_and_listen (self, &address, mode, backlog, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Listens at @path. The file never has a permission bit that is not in @mode, and has all of them
 * by the time that somebody can connect. */
ReleaseIoListener *
release_io_listener_new (const char  *path,
                         guint        mode,
                         int          backlog,
                         GError     **error)
{
  return listen_at_path (path, G_SOCKET_TYPE_STREAM, mode, backlog, error);
}

/* Listens at @address; @mode is for the file of a Unix socket, if it has one. */
ReleaseIoListener *
release_io_listener_new_for_address (GSocketAddress  *address,
                                     GSocketType      type,
                                     guint            mode,
                                     int              backlog,
                                     GError         **error)
{
  g_autoptr(ReleaseIoListener) self = NULL;
  g_autofree char *name = NULL;
  struct sockaddr_storage native;
  gssize size = g_socket_address_get_native_size (address);
  int on = 1;
  int errsv;

  if (G_IS_UNIX_SOCKET_ADDRESS (address) &&
      g_unix_socket_address_get_address_type (G_UNIX_SOCKET_ADDRESS (address)) ==
      G_UNIX_SOCKET_ADDRESS_PATH)
    return listen_at_path (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address)),
                           type, mode, backlog, error);

  if (!g_socket_address_to_native (address, &native, sizeof native, error))
    return NULL;

  name = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
  self = listener_alloc (type);
  self->fd = socket (native.ss_family, self->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  /* What the last process has left of its connections does not keep the next from listening. */
  if (self->fd < 0 ||
      (native.ss_family != AF_UNIX &&
       setsockopt (self->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) ||
      bind (self->fd, (struct sockaddr *) &native, size) < 0 ||
      listen (self->fd, backlog) < 0)
    {
      errsv = errno;
      release_set_error_from_errno (error, errsv, _("Cannot listen at %s"), name);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/* Takes over a socket that listens already, and makes it non-blocking. @fd becomes the listener's
 * if that succeeds. */
ReleaseIoListener *
release_io_listener_new_for_fd (int      fd,
                                GError **error)
{
  ReleaseIoListener *self;
  int listening = 0;
  int type = 0;
  socklen_t length = sizeof (int);
  int flags = fcntl (fd, F_GETFL);
  int errsv = errno;

  if (flags < 0)
    {
      release_set_error_from_errno (error, errsv, _("Cannot listen at descriptor %d"), fd);
      return NULL;
    }
  if (getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) < 0 ||
      getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0 ||
      !listening || (type != SOCK_STREAM && type != SOCK_SEQPACKET))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("Descriptor %d is no listening socket"), fd);
      return NULL;
    }
  if (fcntl (fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl (fd, F_SETFD, FD_CLOEXEC) < 0)
    {
      errsv = errno;
      release_set_error_from_errno (error, errsv, _("Cannot listen at descriptor %d"), fd);
      return NULL;
    }

  self = listener_alloc (G_SOCKET_TYPE_STREAM);
  self->type = type;
  self->fd = fd;
  return self;
}

/* Stops listening and removes the socket file, if it is still ours, and the lock file. */
void
release_io_listener_free (ReleaseIoListener *self)
{
  struct stat st;

  if (self->path != NULL && self->owner == getpid () &&
      lstat (self->path, &st) == 0 && is_ours (self, &st))
    unlink (self->path);

  release_io_close (&self->fd);
  if (self->lock != NULL)
    release_lock_file_release (self->lock);
  g_clear_object (&self->lock);
  g_free (self->path);
  g_free (self->display_path);
  g_free (self);
}

int
release_io_listener_get_fd (ReleaseIoListener *self)
{
  return self->fd;
}

/* SOCK_STREAM or SOCK_SEQPACKET */
int
release_io_listener_get_socket_type (ReleaseIoListener *self)
{
  return self->type;
}

/* Gives the descriptor back: it goes on listening, and is the caller's. */
int
release_io_listener_steal_fd (ReleaseIoListener *self)
{
  return g_steal_fd (&self->fd);
}
