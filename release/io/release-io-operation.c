/* release/io/release-io-operation.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-operation-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* After so many steps others in the same main loop have their turn. */
#define STEPS_PER_DISPATCH 16

/* @timeout_msec: -1 for none */
ReleaseIoOperation *
release_io_operation_new (int           fd,
                          guint         events,
                          ReleaseIoStep step,
                          gsize         wanted,
                          int           timeout_msec)
{
  ReleaseIoOperation *self = g_new0 (ReleaseIoOperation, 1);

  self->fd = fd;
  self->events = events;
  self->step = step;
  self->wanted = wanted;
  self->deadline = -1;
  if (timeout_msec >= 0)
    self->deadline = g_get_monotonic_time () + (gint64) timeout_msec * G_TIME_SPAN_MILLISECOND;

  return self;
}

void
release_io_operation_free (ReleaseIoOperation *self)
{
  g_assert (self->task == NULL);

  g_clear_pointer (&self->buffer, release_buffer_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->fds);
  g_free (self);
}

/* Looks at what the descriptor is. */
gboolean
release_io_operation_prepare (ReleaseIoOperation  *self,
                              GError             **error)
{
  struct stat st;
  int flags = fcntl (self->fd, F_GETFL);

  if (flags < 0 || fstat (self->fd, &st) < 0)
    return release_set_error_from_errno (error, errno, _("Descriptor %d"), self->fd);

  if (S_ISDIR (st.st_mode))
    return release_set_error_from_errno (error, EISDIR, _("Descriptor %d"), self->fd);

  if (S_ISSOCK (st.st_mode))
    self->kind = RELEASE_IO_KIND_SOCKET;
  else if (S_ISREG (st.st_mode) || S_ISBLK (st.st_mode))
    self->kind = RELEASE_IO_KIND_FILE;
  else
    self->kind = (flags & O_NONBLOCK) != 0 ? RELEASE_IO_KIND_NONBLOCKING
                                           : RELEASE_IO_KIND_BLOCKING;
  return TRUE;
}

/* For descriptors that know no RWF_NOWAIT. */
static gboolean
is_ready (ReleaseIoOperation *self)
{
  struct pollfd pollfd = { .fd = self->fd, .events = self->events };

  if (poll (&pollfd, 1, 0) != 0)
    return TRUE;

  errno = EAGAIN;
  return FALSE;
}

/* Nobody has asked for descriptors, so those that came are closed. */
static gssize
receive_bytes (int     fd,
               guint8 *out,
               gsize   length)
{
  ReleaseIoDescriptors descriptors;
  gssize n = release_io_receive (fd, out, length, &descriptors);

  release_io_close_elsewhere (descriptors.fds, descriptors.n_fds);
  return n;
}

/* As read(2), but never blocks unless the descriptor is a file's. */
gssize
release_io_operation_read (ReleaseIoOperation *self,
                           guint8             *out,
                           gsize               length)
{
  struct iovec iov = { .iov_base = out, .iov_len = length };
  gssize n;

  if (self->kind == RELEASE_IO_KIND_SOCKET)
    return receive_bytes (self->fd, out, length);
  if (self->kind != RELEASE_IO_KIND_BLOCKING)
    return read (self->fd, out, length);

  n = preadv2 (self->fd, &iov, 1, -1, RWF_NOWAIT);
  if (n >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS && errno != ESPIPE))
    return n;

  return is_ready (self) ? read (self->fd, out, length) : -1;
}

/* As write(2), but never blocks unless the descriptor is a file's. A socket gives no SIGPIPE. */
gssize
release_io_operation_write (ReleaseIoOperation *self,
                            const guint8       *in,
                            gsize               length)
{
  struct iovec iov = { .iov_base = (void *) in, .iov_len = length };
  gssize n;

  if (self->kind == RELEASE_IO_KIND_SOCKET)
    return send (self->fd, in, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (self->kind != RELEASE_IO_KIND_BLOCKING)
    return write (self->fd, in, length);

  n = pwritev2 (self->fd, &iov, 1, -1, RWF_NOWAIT);
  if (n >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS && errno != ESPIPE))
    return n;
  if (!is_ready (self))
    return -1;

  /* A pipe that is ready takes a page, a terminal may take a single byte. */
  return write (self->fd, in, MIN (length, isatty (self->fd) ? 1 : PIPE_BUF));
}

static gboolean
set_timed_out (ReleaseIoOperation  *self,
               GError             **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
               _("Descriptor %d: timed out after %zu of %zu bytes"),
               self->fd, self->done, self->wanted);
  return FALSE;
}

static gboolean
is_late (ReleaseIoOperation *self)
{
  return self->deadline >= 0 && g_get_monotonic_time () >= self->deadline;
}

/* Waits until the descriptor is ready, the operation is late, or cancelled; at times for less. */
static void
wait_for (ReleaseIoOperation *self,
          GCancellable       *cancellable)
{
  struct pollfd pollfd = { .fd = self->fd, .events = self->events };
  int timeout_msec = -1;

  /* Rounded up: waking up early would make a busy loop of the last millisecond. */
  if (self->deadline >= 0)
    timeout_msec = CLAMP ((self->deadline - g_get_monotonic_time () + 999) / 1000, 0, G_MAXINT);

  release_io_poll (&pollfd, timeout_msec, cancellable);
}

/* Does all of it, and blocks meanwhile. */
gboolean
release_io_operation_run (ReleaseIoOperation  *self,
                          GCancellable        *cancellable,
                          GError             **error)
{
  for (;;)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      switch (self->step (self, error))
        {
        case RELEASE_IO_PROGRESS_FAILED:
          return FALSE;

        case RELEASE_IO_PROGRESS_DONE:
          return TRUE;

        case RELEASE_IO_PROGRESS_MORE:
          if (is_late (self))
            return set_timed_out (self, error);
          break;

        case RELEASE_IO_PROGRESS_WAIT:
          if (is_late (self))
            return set_timed_out (self, error);
          wait_for (self, cancellable);
          break;

        default:
          g_assert_not_reached ();
        }
    }
}

/* Takes the operation out of the main loop: from here on the caller alone ends the task. */
static GTask *
take (ReleaseIoOperation *self)
{
  /* First of all: a handler in another thread that is under way uses the watch. */
  g_cancellable_disconnect (g_task_get_cancellable (self->task), self->cancel_id);
  self->cancel_id = 0;
  release_io_timer_disarm (&self->timer);
  g_clear_pointer (&self->watch, release_io_watch_free);
  g_clear_pointer (&self->poller, release_io_poller_unref);

  return g_steal_pointer (&self->task);
}

static void
fail (ReleaseIoOperation *self,
      GError             *error)
{
  g_autoptr(GTask) task = take (self);

  g_task_return_error (task, error);
}

static gboolean
fail_if_cancelled (ReleaseIoOperation *self)
{
  g_autoptr(GError) error = NULL;

  if (!g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error))
    return FALSE;

  fail (self, g_steal_pointer (&error));
  return TRUE;
}

static void
timer_cb (gpointer user_data)
{
  ReleaseIoOperation *self = user_data;
  GError *error = NULL;

  if (fail_if_cancelled (self))
    return;

  set_timed_out (self, &error);
  fail (self, error);
}

/* In the operation's own thread the descriptor is let go of at once: whoever has cancelled may
 * close it next. Elsewhere the main loop is woken up to see. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  ReleaseIoOperation *self = user_data;

  if (g_thread_self () != self->thread)
    {
      release_io_watch_wake_from_any_thread (self->watch);
      return;
    }

  g_clear_pointer (&self->watch, release_io_watch_free);
  release_io_timer_arm (&self->timer, self->poller, 0, timer_cb, self);
}

/* Goes on for a while. Returns whether the operation is over, and gone. */
static gboolean
advance (ReleaseIoOperation *self)
{
  GError *error = NULL;

  for (guint i = 0; i < STEPS_PER_DISPATCH; i++)
    switch (self->step (self, &error))
      {
      case RELEASE_IO_PROGRESS_FAILED:
        fail (self, error);
        return TRUE;

      case RELEASE_IO_PROGRESS_DONE:
        {
          g_autoptr(GTask) task = take (self);

          g_task_return_boolean (task, TRUE);
          return TRUE;
        }

      case RELEASE_IO_PROGRESS_MORE:
        break;

      case RELEASE_IO_PROGRESS_WAIT:
        return FALSE;

      default:
        g_assert_not_reached ();
      }

  return FALSE;
}

static void
ready_cb (guint    events,
          gpointer user_data)
{
  ReleaseIoOperation *self = user_data;

  if (!fail_if_cancelled (self))
    advance (self);
}

static void
run_in_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;

  if (release_io_operation_run (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Does all of it from the thread-default main context; @task, whose data the operation is, ends
 * with TRUE or an error. */
void
release_io_operation_start (ReleaseIoOperation *self,
                            GTask              *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  /* What has been done is done, even if it is cancelled a moment later. */
  g_task_set_check_cancellable (task, FALSE);
  if (!release_io_operation_prepare (self, &error) ||
      g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->kind == RELEASE_IO_KIND_FILE)
    {
      g_task_run_in_thread (task, run_in_thread);
      return;
    }

  self->task = g_object_ref (task);
  self->thread = g_thread_self ();
  if (advance (self))
    return;

  self->poller = release_io_poller_ref_default ();
  self->watch = release_io_watch_new (self->poller, self->fd, self->events, ready_cb, self);
  if (self->deadline >= 0)
    release_io_timer_arm (&self->timer, self->poller, self->deadline, timer_cb, self);
  if (cancellable != NULL)
    self->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
}
