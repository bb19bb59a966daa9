/* release/ipc/release-ipc-listener.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-listener-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/io/release-lock-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The lock is what tells two listeners apart: it is held from before the first look at the socket
 * file until after its removal. A connection attempt alone would not do, for between the look and
 * the unlink somebody else may have come. */

struct _ReleaseIpcListener
{
  char            *path;            /* absolute */
  char            *display_path;    /* for messages: UTF-8 */
  ReleaseLockFile *lock;
  int              fd;
  dev_t            dev;             /* of our socket file, so that nobody else's is removed */
  ino_t            ino;
  pid_t            owner;           /* a child of ours that ends must not remove anything */
};

/* Sets @error to what the system says of the socket file. Always returns %FALSE. */
static gboolean
set_error (ReleaseIpcListener  *self,
           int                  errsv,
           GError             **error)
{
  return release_set_error_from_errno (error, errsv, _("Control socket “%s”"), self->display_path);
}

static gboolean
fill_address (ReleaseIpcListener  *self,
              struct sockaddr_un  *address,
              GError             **error)
{
  gsize length = strlen (self->path);

  if (length >= sizeof address->sun_path)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                   _("Control socket “%s”: a path of %" G_GSIZE_FORMAT
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
hold_lock (ReleaseIpcListener  *self,
           GError             **error)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);

  self->lock = release_lock_file_new_private (path);
  if (release_lock_file_acquire (self->lock, error))
    return TRUE;

  g_prefix_error (error, _("Control socket “%s”: "), self->display_path);
  return FALSE;
}

/* Whether nobody listens at the socket file any more: only a refused connection proves it. */
static gboolean
check_stale (ReleaseIpcListener  *self,
             struct sockaddr_un  *address,
             GError             **error)
{
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int result = fd < 0 ? -1 : connect (fd, (struct sockaddr *) address, sizeof *address);
  int errsv = errno;

  release_io_close (&fd);
  if (result < 0 && errsv == ECONNREFUSED)
    return TRUE;

  /* Its queue may be full, and it may be a socket of another type. */
  if (result < 0 && errsv != EAGAIN && errsv != EPROTOTYPE)
    return set_error (self, errsv, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
               _("Control socket “%s”: another process listens there"), self->display_path);
  return FALSE;
}

/* Makes the path free, if what lies there is a socket that nobody listens at. */
static gboolean
clear_path (ReleaseIpcListener  *self,
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
                   _("Control socket “%s”: something that is no socket lies there"),
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
                   _("Control socket “%s”: another process has just changed it"),
                   self->display_path);
      return FALSE;
    }

  if (unlink (self->path) == 0)
    return TRUE;

  errsv = errno;
  return release_set_error_from_errno (error, errsv,
                                       _("Cannot remove the stale control socket “%s”"),
                                       self->display_path);
}

static gboolean
is_ours (ReleaseIpcListener *self,
         const struct stat  *st)
{
  return S_ISSOCK (st->st_mode) && st->st_dev == self->dev && st->st_ino == self->ino;
}

/* The umask may have taken bits away; what is given back goes to our own inode, not to a path. */
static gboolean
widen_mode (ReleaseIpcListener  *self,
            guint                mode,
            GError             **error)
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

  return release_set_error_from_errno (error, errsv,
                                       _("Cannot set the mode of control socket “%s”"),
                                       self->display_path);
}

static gboolean
bind_and_listen (ReleaseIpcListener  *self,
                 struct sockaddr_un  *address,
                 guint                mode,
                 int                  backlog,
                 GError             **error)
{
  struct stat st;
  int errsv;

  self->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  /* The mode before the bind: from its first moment on the file has no bit too many. */
  if (self->fd < 0 || fchmod (self->fd, mode) < 0 ||
      bind (self->fd, (struct sockaddr *) address, sizeof *address) < 0 ||
      lstat (self->path, &st) < 0)
    {
      errsv = errno;
      return release_set_error_from_errno (error, errsv, _("Cannot bind control socket “%s”"),
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
  return release_set_error_from_errno (error, errsv, _("Cannot listen at control socket “%s”"),
                                       self->display_path);
}

/* A path that later changes of the directory do not touch. Names are left as they are: taking out
 * `..` could lead elsewhere, past a symbolic link. (transfer full) */
char *
release_ipc_listener_make_absolute (const char *path)
{
  g_autofree char *folder = NULL;

  if (g_path_is_absolute (path))
    return g_strdup (path);

  folder = g_get_current_dir ();
  return g_build_filename (folder, path, NULL);
}

/* Listens at @path. The file never has a permission bit that is not in @mode, and has all of them
 * by the time that somebody can connect. */
ReleaseIpcListener *
release_ipc_listener_new (const char  *path,
                          guint        mode,
                          int          backlog,
                          GError     **error)
{
  g_autoptr(ReleaseIpcListener) self = g_new0 (ReleaseIpcListener, 1);
  struct sockaddr_un address;

  self->fd = -1;
  self->path = release_ipc_listener_make_absolute (path);
  self->display_path = g_filename_display_name (self->path);
  if (!fill_address (self, &address, error) ||
      !hold_lock (self, error) ||
      !clear_path (self, &address, error) ||
      !bind_and_listen (self, &address, mode, backlog, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Stops listening and removes the socket file, if it is still ours, and the lock file. */
void
release_ipc_listener_free (ReleaseIpcListener *self)
{
  struct stat st;

  if (self->owner == getpid () && lstat (self->path, &st) == 0 && is_ours (self, &st))
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
release_ipc_listener_get_fd (ReleaseIpcListener *self)
{
  return self->fd;
}
