/* release/io/release-io.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/io/release-io-operation-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/**
 * SECTION:release-io
 * @title: Input and output
 * @short_description: buffers in and out of descriptors
 *
 * These functions read from a descriptor into a #ReleaseBuffer and write one to
 * it. The descriptor may be a socket, a pipe, a terminal or a file, blocking or
 * not; it stays the caller's, with all of its flags. Interruptions by signals
 * (`EINTR`) and temporary shortages (`EAGAIN`) are none of the caller's concern,
 * and a socket whose peer is gone gives an error and never `SIGPIPE`.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
 *   guint32 length;
 *
 *   if (!release_io_read (fd, buffer, 4, 5000, cancellable, &error))
 *     {
 *       if (g_error_matches (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_EOF))
 *         return TRUE;    // the peer has said all that it had to say
 *       return FALSE;
 *     }
 *   release_buffer_read_uint32 (buffer, RELEASE_BYTE_ORDER_BIG, &length, NULL);
 * ]|
 *
 * A timeout is a span, in milliseconds, and a deadline for the whole of what was
 * asked for: a peer that sends one byte a second does not get around it. What has
 * arrived when an operation fails is in the buffer. Memory grows with the bytes
 * that arrive, not with those that were asked for.
 *
 * Each function has a form that blocks, and an asynchronous one that works from
 * the thread-default main context of the moment when it is called. That one does
 * not block its main loop either, whatever the descriptor is: files are read and
 * written in another thread. A buffer that is read into belongs to the operation
 * until that ends. A descriptor must not be closed before, unless the operation
 * has been cancelled from the same thread, which lets go of it at once.
 *
 * Descriptors that a peer sends unasked are closed, in another thread, since
 * closing what a stranger has made may take as long as the stranger likes.
 */

/* How much one system call reads at most. */
#define CHUNK_BYTES (64 * 1024)

G_DEFINE_QUARK (release-io-error-quark, release_io_error)
G_DEFINE_ENUM_TYPE (ReleaseIoError, release_io_error,
                    G_DEFINE_ENUM_VALUE (RELEASE_IO_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IO_ERROR_EOF, "eof"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IO_ERROR_TRUNCATED, "truncated"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IO_ERROR_TOO_MANY_FDS, "too-many-fds"))

/* What a failed system call means for the operation. */
static ReleaseIoProgress
judge_errno (ReleaseIoOperation  *self,
             int                  errsv,
             GError             **error)
{
  if (errsv == EINTR)
    return RELEASE_IO_PROGRESS_MORE;
  if (errsv == EAGAIN)
    return RELEASE_IO_PROGRESS_WAIT;

  release_set_error_from_errno (error, errsv,
                                self->events == EPOLLIN ? _("Cannot read from descriptor %d")
                                                        : _("Cannot write to descriptor %d"),
                                self->fd);
  return RELEASE_IO_PROGRESS_FAILED;
}

static ReleaseIoProgress
set_eof (ReleaseIoOperation  *self,
         GError             **error)
{
  if (self->done == 0)
    g_set_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_EOF,
                 _("Descriptor %d: end of file"), self->fd);
  else
    g_set_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TRUNCATED,
                 _("Descriptor %d: end of file after %zu of %zu bytes"),
                 self->fd, self->done, self->wanted);
  return RELEASE_IO_PROGRESS_FAILED;
}

/* How many of @length bytes may come at @offset of the buffer without exceeding its limit; if none
 * may, all, and then the buffer complains. */
static gsize
fit (ReleaseBuffer *buffer,
     gsize          offset,
     gsize          length)
{
  gsize limit = release_buffer_get_limit (buffer);

  if (limit == 0)
    return length;

  limit = MAX (limit, release_buffer_get_length (buffer));
  return limit > offset ? MIN (length, limit - offset) : length;
}

static ReleaseIoProgress
step_read_once (ReleaseIoOperation  *self,
                GError             **error)
{
  gsize before = release_buffer_get_length (self->buffer);
  gsize n = fit (self->buffer, self->offset, MIN (self->wanted, CHUNK_BYTES));
  gsize end;
  guint8 *out;
  gssize n_read;
  int errsv;

  if (!release_buffer_check_range (self->buffer, self->offset, 0, error))
    return RELEASE_IO_PROGRESS_FAILED;
  if (n > before - self->offset &&
      release_buffer_extend (self->buffer, n - (before - self->offset), error) == NULL)
    return RELEASE_IO_PROGRESS_FAILED;

  out = release_buffer_map (self->buffer, self->offset, n, NULL);
  n_read = release_io_operation_read (self, out, n);
  errsv = errno;
  end = self->offset + MAX (n_read, 0);
  release_buffer_truncate (self->buffer, MAX (before, end), NULL);
  if (n_read < 0)
    return judge_errno (self, errsv, error);

  self->done = n_read;
  return RELEASE_IO_PROGRESS_DONE;
}

static ReleaseIoProgress
step_read (ReleaseIoOperation  *self,
           GError             **error)
{
  gsize before = release_buffer_get_length (self->buffer);
  gsize n = MIN (self->wanted - self->done, CHUNK_BYTES);
  guint8 *out;
  gssize n_read;
  int errsv;

  if (n == 0)
    return RELEASE_IO_PROGRESS_DONE;

  out = release_buffer_extend (self->buffer, n, error);
  if (out == NULL)
    return RELEASE_IO_PROGRESS_FAILED;

  n_read = release_io_operation_read (self, out, n);
  errsv = errno;
  release_buffer_truncate (self->buffer, before + MAX (n_read, 0), NULL);
  if (n_read < 0)
    return judge_errno (self, errsv, error);
  if (n_read == 0)
    return set_eof (self, error);

  self->done += n_read;
  return self->done == self->wanted ? RELEASE_IO_PROGRESS_DONE : RELEASE_IO_PROGRESS_MORE;
}

static ReleaseIoProgress
step_write (ReleaseIoOperation  *self,
            GError             **error)
{
  const guint8 *data = g_bytes_get_data (self->bytes, NULL);
  gssize n_written;

  if (self->done == self->wanted)
    return RELEASE_IO_PROGRESS_DONE;

  n_written = release_io_operation_write (self, data + self->done, self->wanted - self->done);
  if (n_written < 0)
    return judge_errno (self, errno, error);

  self->done += n_written;
  return self->done == self->wanted ? RELEASE_IO_PROGRESS_DONE : RELEASE_IO_PROGRESS_MORE;
}

/* The descriptors go with the first byte, and the rest follows. */
static ReleaseIoProgress
step_send_fds (ReleaseIoOperation  *self,
               GError             **error)
{
  union
  {
    struct cmsghdr header;
    guint8         space[CMSG_SPACE (RELEASE_IO_MAX_FDS * sizeof (int))];
  } control = { 0 };
  int n_fds = 0;
  const int *fds = g_unix_fd_list_peek_fds (self->fds, &n_fds);
  struct iovec iov = { 0 };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
  gssize n_written;

  if (n_fds == 0 || self->done > 0)
    return step_write (self, error);

  iov.iov_base = (void *) g_bytes_get_data (self->bytes, &iov.iov_len);
  message.msg_control = &control;
  message.msg_controllen = CMSG_SPACE (n_fds * sizeof (int));
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.header.cmsg_len = CMSG_LEN (n_fds * sizeof (int));
  memcpy (CMSG_DATA (&control.header), fds, n_fds * sizeof (int));

  n_written = sendmsg (self->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n_written < 0)
    return judge_errno (self, errno, error);

  self->done = n_written;
  return self->done == self->wanted ? RELEASE_IO_PROGRESS_DONE : RELEASE_IO_PROGRESS_MORE;
}

static ReleaseIoProgress
step_receive_fds (ReleaseIoOperation  *self,
                  GError             **error)
{
  ReleaseIoDescriptors descriptors;
  gsize before = release_buffer_get_length (self->buffer);
  gsize n = fit (self->buffer, before, MIN (self->wanted, CHUNK_BYTES));
  guint8 *out = release_buffer_extend (self->buffer, n, error);
  gssize n_read;
  int errsv;

  if (out == NULL)
    return RELEASE_IO_PROGRESS_FAILED;

  n_read = release_io_receive (self->fd, out, n, &descriptors);
  errsv = errno;
  release_buffer_truncate (self->buffer, before + MAX (n_read, 0), NULL);
  if (n_read < 0)
    return judge_errno (self, errsv, error);

  if (descriptors.n_fds > self->max_fds || descriptors.is_truncated)
    {
      release_buffer_truncate (self->buffer, before, NULL);
      release_io_close_elsewhere (descriptors.fds, descriptors.n_fds);
      if (descriptors.n_fds > self->max_fds)
        g_set_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TOO_MANY_FDS,
                     _("Descriptor %d: a message with %u descriptors, %u are allowed"),
                     self->fd, descriptors.n_fds, self->max_fds);
      else
        g_set_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TOO_MANY_FDS,
                     _("Descriptor %d: a message with more descriptors than this process can open"),
                     self->fd);
      return RELEASE_IO_PROGRESS_FAILED;
    }
  /* A packet may bring descriptors and no byte. */
  if (n_read == 0 && descriptors.n_fds == 0)
    return set_eof (self, error);

  self->done = n_read;
  self->fds = g_unix_fd_list_new_from_array (descriptors.fds, descriptors.n_fds);
  return RELEASE_IO_PROGRESS_DONE;
}

static ReleaseIoOperation *
read_once_new (int            fd,
               ReleaseBuffer *buffer,
               gsize          offset,
               gsize          max_length)
{
  ReleaseIoOperation *self = release_io_operation_new (fd, EPOLLIN, step_read_once, max_length, -1);

  self->buffer = release_buffer_ref (buffer);
  self->offset = offset;
  return self;
}

static ReleaseIoOperation *
read_new (int            fd,
          ReleaseBuffer *buffer,
          gsize          length,
          int            timeout_msec)
{
  ReleaseIoOperation *self = release_io_operation_new (fd, EPOLLIN, step_read, length,
                                                       timeout_msec);

  self->buffer = release_buffer_ref (buffer);
  return self;
}

static ReleaseIoOperation *
write_new (int            fd,
           ReleaseBuffer *buffer,
           int            timeout_msec)
{
  ReleaseIoOperation *self = release_io_operation_new (fd, EPOLLOUT, step_write,
                                                       release_buffer_get_length (buffer),
                                                       timeout_msec);

  self->bytes = release_buffer_to_bytes (buffer);
  return self;
}

static ReleaseIoOperation *
send_fds_new (int            fd,
              ReleaseBuffer *buffer,
              GUnixFDList   *fds,
              int            timeout_msec)
{
  ReleaseIoOperation *self = write_new (fd, buffer, timeout_msec);

  self->step = step_send_fds;
  self->fds = g_object_ref (fds);
  return self;
}

static ReleaseIoOperation *
receive_fds_new (int            fd,
                 ReleaseBuffer *buffer,
                 gsize          max_length,
                 guint          max_fds,
                 int            timeout_msec)
{
  ReleaseIoOperation *self = release_io_operation_new (fd, EPOLLIN, step_receive_fds, max_length,
                                                       timeout_msec);

  self->buffer = release_buffer_ref (buffer);
  self->max_fds = max_fds;
  return self;
}

static gboolean
check_send_fds (ReleaseBuffer  *buffer,
                GUnixFDList    *fds,
                GError        **error)
{
  int n_fds = g_unix_fd_list_get_length (fds);

  if (n_fds > RELEASE_IO_MAX_FDS)
    {
      g_set_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TOO_MANY_FDS,
                   _("A message with %d descriptors, %d are possible"), n_fds, RELEASE_IO_MAX_FDS);
      return FALSE;
    }
  if (n_fds > 0 && release_buffer_get_length (buffer) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("Descriptors travel with at least one byte"));
      return FALSE;
    }

  return TRUE;
}

/* @operation: (transfer full) */
static void
start (ReleaseIoOperation  *operation,
       gpointer             tag,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  (g_task_set_source_tag) (task, tag);
  g_task_set_task_data (task, operation, (GDestroyNotify) release_io_operation_free);
  release_io_operation_start (operation, task);
}

/* (transfer none) (nullable): NULL with @error set if it failed */
static ReleaseIoOperation *
finish (GAsyncResult  *result,
        gpointer       tag,
        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_task_get_task_data (G_TASK (result));
}

/**
 * release_io_read_once:
 * @fd: a descriptor
 * @buffer: a #ReleaseBuffer
 * @offset: where in @buffer, at most its length
 * @max_length: how many bytes at most, not 0
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @error: return location for a #GError, or %NULL
 *
 * Waits for bytes and reads what there is. They replace what is at @offset, and
 * make the buffer longer if they go past its end; with its length as @offset they
 * are added behind. Not more than the buffer's limit allows are read.
 *
 * Fails with %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for an offset past the end, with
 * %RELEASE_BUFFER_ERROR_LIMIT if the limit allows none, with
 * %G_IO_ERROR_CANCELLED if it was cancelled, with %G_IO_ERROR_IS_DIRECTORY for a
 * directory, and with the #GIOErrorEnum of the system otherwise.
 *
 * Returns: how many bytes were read, 0 at the end of the file, -1 with @error set
 *   otherwise
 *
 * Since: 0.1
 */
gssize
release_io_read_once (int             fd,
                      ReleaseBuffer  *buffer,
                      gsize           offset,
                      gsize           max_length,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_autoptr(ReleaseIoOperation) operation = NULL;

  g_return_val_if_fail (buffer != NULL, -1);
  g_return_val_if_fail (max_length > 0, -1);

  operation = read_once_new (fd, buffer, offset, max_length);
  if (!release_io_operation_prepare (operation, error) ||
      !release_io_operation_run (operation, cancellable, error))
    return -1;

  return operation->done;
}

/**
 * release_io_read_once_async:
 * @fd: a descriptor
 * @buffer: a #ReleaseBuffer
 * @offset: where in @buffer, at most its length
 * @max_length: how many bytes at most, not 0
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @callback: (scope async) (closure user_data) (nullable): called at the end
 * @user_data: passed to @callback
 *
 * The asynchronous form of release_io_read_once().
 *
 * Since: 0.1
 */
void
release_io_read_once_async (int                  fd,
                            ReleaseBuffer       *buffer,
                            gsize                offset,
                            gsize                max_length,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (buffer != NULL);
  g_return_if_fail (max_length > 0);

  start (read_once_new (fd, buffer, offset, max_length), release_io_read_once_async,
         cancellable, callback, user_data);
}

/**
 * release_io_read_once_finish:
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends what release_io_read_once_async() began. Fails as release_io_read_once()
 * does.
 *
 * Returns: how many bytes were read, 0 at the end of the file, -1 with @error set
 *   otherwise
 *
 * Since: 0.1
 */
gssize
release_io_read_once_finish (GAsyncResult  *result,
                             GError       **error)
{
  ReleaseIoOperation *operation = finish (result, release_io_read_once_async, error);

  return operation != NULL ? (gssize) operation->done : -1;
}

/**
 * release_io_read:
 * @fd: a descriptor
 * @buffer: a #ReleaseBuffer
 * @length: how many bytes
 * @timeout_msec: how long it may take in all, in milliseconds, -1 for as long as
 *   it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @error: return location for a #GError, or %NULL
 *
 * Reads exactly @length bytes and adds them behind. If it fails, what had arrived
 * is in the buffer.
 *
 * Fails with %RELEASE_IO_ERROR_EOF at the end of the file, with
 * %RELEASE_IO_ERROR_TRUNCATED if that comes in the middle, with
 * %G_IO_ERROR_TIMED_OUT if they did not all come in time, with
 * %RELEASE_BUFFER_ERROR_LIMIT if they do not fit into the buffer, with
 * %G_IO_ERROR_CANCELLED if it was cancelled, with %G_IO_ERROR_IS_DIRECTORY for a
 * directory, and with the #GIOErrorEnum of the system otherwise.
 *
 * Returns: (skip): %TRUE if all of them came, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_io_read (int             fd,
                 ReleaseBuffer  *buffer,
                 gsize           length,
                 int             timeout_msec,
                 GCancellable   *cancellable,
                 GError        **error)
{
  g_autoptr(ReleaseIoOperation) operation = NULL;

  g_return_val_if_fail (buffer != NULL, FALSE);
  g_return_val_if_fail (timeout_msec >= -1, FALSE);

  operation = read_new (fd, buffer, length, timeout_msec);
  return release_io_operation_prepare (operation, error) &&
         release_io_operation_run (operation, cancellable, error);
}

/**
 * release_io_read_async:
 * @fd: a descriptor
 * @buffer: a #ReleaseBuffer
 * @length: how many bytes
 * @timeout_msec: how long it may take in all, in milliseconds, -1 for as long as
 *   it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @callback: (scope async) (closure user_data) (nullable): called at the end
 * @user_data: passed to @callback
 *
 * The asynchronous form of release_io_read().
 *
 * Since: 0.1
 */
void
release_io_read_async (int                  fd,
                       ReleaseBuffer       *buffer,
                       gsize                length,
                       int                  timeout_msec,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_return_if_fail (buffer != NULL);
  g_return_if_fail (timeout_msec >= -1);

  start (read_new (fd, buffer, length, timeout_msec), release_io_read_async,
         cancellable, callback, user_data);
}

/**
 * release_io_read_finish:
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends what release_io_read_async() began. Fails as release_io_read() does.
 *
 * Returns: (skip): %TRUE if all of them came, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_io_read_finish (GAsyncResult  *result,
                        GError       **error)
{
  return finish (result, release_io_read_async, error) != NULL;
}

/**
 * release_io_write:
 * @fd: a descriptor
 * @buffer: a #ReleaseBuffer
 * @timeout_msec: how long it may take in all, in milliseconds, -1 for as long as
 *   it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @error: return location for a #GError, or %NULL
 *
 * Writes all that is in @buffer, which stays as it is. On a pipe whose reader is
 * gone the system sends `SIGPIPE`, as it does for write(2); on a socket it does
 * not.
 *
 * Fails with %G_IO_ERROR_BROKEN_PIPE if the reader is gone, with
 * %G_IO_ERROR_TIMED_OUT if it did not take all in time, with
 * %G_IO_ERROR_CANCELLED if it was cancelled, with %G_IO_ERROR_IS_DIRECTORY for a
 * directory, and with the #GIOErrorEnum of the system otherwise. Some may have
 * been written then.
 *
 * Returns: (skip): %TRUE if all was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_io_write (int             fd,
                  ReleaseBuffer  *buffer,
                  int             timeout_msec,
                  GCancellable   *cancellable,
                  GError        **error)
{
  g_autoptr(ReleaseIoOperation) operation = NULL;

  g_return_val_if_fail (buffer != NULL, FALSE);
  g_return_val_if_fail (timeout_msec >= -1, FALSE);

  operation = write_new (fd, buffer, timeout_msec);
  return release_io_operation_prepare (operation, error) &&
         release_io_operation_run (operation, cancellable, error);
}

/**
 * release_io_write_async:
 * @fd: a descriptor
 * @buffer: a #ReleaseBuffer
 * @timeout_msec: how long it may take in all, in milliseconds, -1 for as long as
 *   it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @callback: (scope async) (closure user_data) (nullable): called at the end
 * @user_data: passed to @callback
 *
 * The asynchronous form of release_io_write(). What is written is what is in
 * @buffer now; it can be changed at once.
 *
 * Since: 0.1
 */
void
release_io_write_async (int                  fd,
                        ReleaseBuffer       *buffer,
                        int                  timeout_msec,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (buffer != NULL);
  g_return_if_fail (timeout_msec >= -1);

  start (write_new (fd, buffer, timeout_msec), release_io_write_async,
         cancellable, callback, user_data);
}

/**
 * release_io_write_finish:
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends what release_io_write_async() began. Fails as release_io_write() does.
 *
 * Returns: (skip): %TRUE if all was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_io_write_finish (GAsyncResult  *result,
                         GError       **error)
{
  return finish (result, release_io_write_async, error) != NULL;
}

/**
 * release_io_send_fds:
 * @fd: a Unix socket
 * @buffer: a #ReleaseBuffer, not empty
 * @fds: descriptors, at most %RELEASE_IO_MAX_FDS
 * @timeout_msec: how long it may take in all, in milliseconds, -1 for as long as
 *   it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @error: return location for a #GError, or %NULL
 *
 * Writes all that is in @buffer, and sends descriptors with it. The receiver has
 * them with the first byte. They stay open here.
 *
 * Fails with %RELEASE_IO_ERROR_TOO_MANY_FDS if there are too many of them, with
 * %G_IO_ERROR_INVALID_ARGUMENT if @buffer is empty, and as release_io_write()
 * does.
 *
 * Returns: (skip): %TRUE if all was sent, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_io_send_fds (int             fd,
                     ReleaseBuffer  *buffer,
                     GUnixFDList    *fds,
                     int             timeout_msec,
                     GCancellable   *cancellable,
                     GError        **error)
{
  g_autoptr(ReleaseIoOperation) operation = NULL;

  g_return_val_if_fail (buffer != NULL, FALSE);
  g_return_val_if_fail (G_IS_UNIX_FD_LIST (fds), FALSE);
  g_return_val_if_fail (timeout_msec >= -1, FALSE);

  if (!check_send_fds (buffer, fds, error))
    return FALSE;

  operation = send_fds_new (fd, buffer, fds, timeout_msec);
  return release_io_operation_prepare (operation, error) &&
         release_io_operation_run (operation, cancellable, error);
}

/**
 * release_io_send_fds_async:
 * @fd: a Unix socket
 * @buffer: a #ReleaseBuffer, not empty
 * @fds: descriptors, at most %RELEASE_IO_MAX_FDS
 * @timeout_msec: how long it may take in all, in milliseconds, -1 for as long as
 *   it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @callback: (scope async) (closure user_data) (nullable): called at the end
 * @user_data: passed to @callback
 *
 * The asynchronous form of release_io_send_fds().
 *
 * Since: 0.1
 */
void
release_io_send_fds_async (int                  fd,
                           ReleaseBuffer       *buffer,
                           GUnixFDList         *fds,
                           int                  timeout_msec,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (buffer != NULL);
  g_return_if_fail (G_IS_UNIX_FD_LIST (fds));
  g_return_if_fail (timeout_msec >= -1);

  if (!check_send_fds (buffer, fds, &error))
    g_task_report_error (NULL, callback, user_data, release_io_send_fds_async,
                         g_steal_pointer (&error));
  else
    start (send_fds_new (fd, buffer, fds, timeout_msec), release_io_send_fds_async,
           cancellable, callback, user_data);
}

/**
 * release_io_send_fds_finish:
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends what release_io_send_fds_async() began. Fails as release_io_send_fds()
 * does.
 *
 * Returns: (skip): %TRUE if all was sent, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_io_send_fds_finish (GAsyncResult  *result,
                            GError       **error)
{
  return finish (result, release_io_send_fds_async, error) != NULL;
}

/**
 * release_io_receive_fds:
 * @fd: a Unix socket
 * @buffer: a #ReleaseBuffer
 * @max_length: how many bytes at most, not 0
 * @max_fds: how many descriptors at most
 * @timeout_msec: how long it may take, in milliseconds, -1 for as long as it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @error: return location for a #GError, or %NULL
 *
 * Waits for bytes, adds what there is behind, and takes the descriptors that came
 * with them. They are closed on exec from their first moment on.
 *
 * Fails with %RELEASE_IO_ERROR_TOO_MANY_FDS if more came than allowed, or than
 * this process can open, which are all closed then and the bytes dropped; with
 * %RELEASE_IO_ERROR_EOF at the end of the file; and as release_io_read() does.
 *
 * Returns: (transfer full): the descriptors, maybe none; %NULL with @error set if
 *   it failed
 *
 * Since: 0.1
 */
GUnixFDList *
release_io_receive_fds (int             fd,
                        ReleaseBuffer  *buffer,
                        gsize           max_length,
                        guint           max_fds,
                        int             timeout_msec,
                        GCancellable   *cancellable,
                        GError        **error)
{
  g_autoptr(ReleaseIoOperation) operation = NULL;

  g_return_val_if_fail (buffer != NULL, NULL);
  g_return_val_if_fail (max_length > 0, NULL);
  g_return_val_if_fail (timeout_msec >= -1, NULL);

  operation = receive_fds_new (fd, buffer, max_length, max_fds, timeout_msec);
  if (!release_io_operation_prepare (operation, error) ||
      !release_io_operation_run (operation, cancellable, error))
    return NULL;

  return g_steal_pointer (&operation->fds);
}

/**
 * release_io_receive_fds_async:
 * @fd: a Unix socket
 * @buffer: a #ReleaseBuffer
 * @max_length: how many bytes at most, not 0
 * @max_fds: how many descriptors at most
 * @timeout_msec: how long it may take, in milliseconds, -1 for as long as it takes
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @callback: (scope async) (closure user_data) (nullable): called at the end
 * @user_data: passed to @callback
 *
 * The asynchronous form of release_io_receive_fds().
 *
 * Since: 0.1
 */
void
release_io_receive_fds_async (int                  fd,
                              ReleaseBuffer       *buffer,
                              gsize                max_length,
                              guint                max_fds,
                              int                  timeout_msec,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (buffer != NULL);
  g_return_if_fail (max_length > 0);
  g_return_if_fail (timeout_msec >= -1);

  start (receive_fds_new (fd, buffer, max_length, max_fds, timeout_msec),
         release_io_receive_fds_async, cancellable, callback, user_data);
}

/**
 * release_io_receive_fds_finish:
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends what release_io_receive_fds_async() began. Fails as
 * release_io_receive_fds() does.
 *
 * Returns: (transfer full): the descriptors, maybe none; %NULL with @error set if
 *   it failed
 *
 * Since: 0.1
 */
GUnixFDList *
release_io_receive_fds_finish (GAsyncResult  *result,
                               GError       **error)
{
  ReleaseIoOperation *operation = finish (result, release_io_receive_fds_async, error);

  return operation != NULL ? g_steal_pointer (&operation->fds) : NULL;
}
