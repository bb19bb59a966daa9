/* release/ipc/release-ipc-reader.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-reader-private.h"

#include "release/base/release-error-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-error.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* One read takes what the kernel has, up to this. */
#define CHUNK_SIZE (64 * 1024)

/* The first memory for a body that did not arrive with its header. */
#define FIRST_CAPACITY 4096

/* How often a large body is read on at once before others have their turn. */
#define READS_AT_ONCE 16

/* The most descriptors that the kernel passes with one message (SCM_MAX_FD). */
#define MAX_FDS 253

void
release_ipc_reader_init (ReleaseIpcReader *self,
                         gsize             max_message_size)
{
  memset (self, 0, sizeof *self);
  self->max_message_size = max_message_size;
}

void
release_ipc_reader_clear (ReleaseIpcReader *self)
{
  g_clear_pointer (&self->body, g_free);
  release_ipc_reader_init (self, self->max_message_size);
}

/* Whether the stream stands between two frames, so that an end of file is not in the middle. */
gboolean
release_ipc_reader_is_between (ReleaseIpcReader *self)
{
  return self->header_fill == 0;
}

static gboolean
is_in_body (ReleaseIpcReader *self)
{
  return self->header_fill == RELEASE_IPC_LENGTH_SIZE;
}

/* Makes room for more of the body: as much again as has arrived, at most what is missing. */
static gboolean
grow_body (ReleaseIpcReader  *self,
           gsize              at_least,
           GError           **error)
{
  gsize capacity = MAX (MAX (FIRST_CAPACITY, 2 * self->body_fill), self->body_fill + at_least);
  guint8 *body;

  if (self->body_fill + at_least <= self->body_capacity)
    return TRUE;

  capacity = MIN (capacity, self->body_length);
  body = g_try_realloc (self->body, capacity + 1);
  if (body == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "No memory for %" G_GSIZE_FORMAT " bytes of a frame", capacity);
      return FALSE;
    }

  self->body = body;
  self->body_capacity = capacity;
  return TRUE;
}

/* The body is complete: it becomes a frame, and the next header is awaited. */
static void
finish_body (ReleaseIpcReader *self,
             GQueue           *frames)
{
  ReleaseIpcFrame *frame;

  self->body[self->body_length] = '\0';
  frame = release_ipc_frame_new_take (g_steal_pointer (&self->body), self->body_length);
  g_queue_push_tail_link (frames, &frame->link);
  self->header_fill = 0;
  self->body_fill = self->body_capacity = 0;
}

/* Takes the header off @data as far as it has arrived. */
static gboolean
feed_header (ReleaseIpcReader  *self,
             const guint8     **data,
             gsize             *length,
             GError           **error)
{
  gsize n = MIN (*length, RELEASE_IPC_LENGTH_SIZE - self->header_fill);

  memcpy (self->header + self->header_fill, *data, n);
  self->header_fill += n;
  *data += n;
  *length -= n;
  if (!is_in_body (self))
    return TRUE;

  self->body_length = release_ipc_length_unpack (self->header);
  if (self->body_length > self->max_message_size)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG,
                   "Frame of %" G_GSIZE_FORMAT " bytes exceeds the limit of %" G_GSIZE_FORMAT,
                   self->body_length, self->max_message_size);
      return FALSE;
    }

  return TRUE;
}

/* Appends to @frames every frame that @data completes. */
gboolean
release_ipc_reader_feed (ReleaseIpcReader  *self,
                         const guint8      *data,
                         gsize              length,
                         GQueue            *frames,
                         GError           **error)
{
  for (;;)
    {
      gsize n;

      if (!is_in_body (self) && !feed_header (self, &data, &length, error))
        return FALSE;
      if (!is_in_body (self))
        return TRUE;

      if (self->body == NULL && length >= self->body_length)
        {
          ReleaseIpcFrame *frame = release_ipc_frame_new (data, self->body_length);

          g_queue_push_tail_link (frames, &frame->link);
          self->header_fill = 0;
          data += self->body_length;
          length -= self->body_length;
          continue;
        }

      if (length == 0)
        return TRUE;

      n = MIN (length, self->body_length - self->body_fill);
      if (!grow_body (self, n, error))
        return FALSE;

      memcpy (self->body + self->body_fill, data, n);
      self->body_fill += n;
      data += n;
      length -= n;
      if (self->body_fill == self->body_length)
        finish_body (self, frames);
    }
}

/* Descriptors that nobody asked for: closed at once, and the channel ends. */
static gboolean
check_control (struct msghdr  *message,
               GError        **error)
{
  guint n_fds = 0;

  for (struct cmsghdr *cmsg = CMSG_FIRSTHDR (message); cmsg != NULL;
       cmsg = CMSG_NXTHDR (message, cmsg))
    {
      if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS)
        {
          guint n = (cmsg->cmsg_len - CMSG_LEN (0)) / sizeof (int);

          release_io_close_elsewhere ((gconstpointer) CMSG_DATA (cmsg), n);
          n_fds += n;
        }
    }

  if (n_fds == 0 && (message->msg_flags & MSG_CTRUNC) == 0)
    return TRUE;

  g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
               "%u descriptors came on a channel that accepts none", n_fds);
  return FALSE;
}

/* Reads what @fd, a socket, has now, without blocking. */
ReleaseIpcReadStatus
release_ipc_reader_read (ReleaseIpcReader  *self,
                         int                fd,
                         GQueue            *frames,
                         GError           **error)
{
  guint8 chunk[CHUNK_SIZE];
  guint n_frames = frames->length;

  for (guint i = 0; i < READS_AT_ONCE; i++)
    {
      _Alignas (struct cmsghdr) char control[CMSG_SPACE (sizeof (int) * MAX_FDS)];
      struct iovec iov[2];
      struct msghdr message = { .msg_iov = iov, .msg_iovlen = 2,
                                .msg_control = control, .msg_controllen = sizeof control };
      gsize room = 0;
      gsize in_chunk;
      gssize n;

      if (self->body != NULL)
        {
          if (!grow_body (self, 1, error))
            return RELEASE_IPC_READ_FAILED;
          room = self->body_capacity - self->body_fill;
        }

      iov[0].iov_base = self->body != NULL ? self->body + self->body_fill : chunk;
      iov[0].iov_len = room;
      iov[1].iov_base = chunk;
      iov[1].iov_len = sizeof chunk;

      do
        n = recvmsg (fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      while (n < 0 && errno == EINTR);

      if (n < 0 && errno == EAGAIN)
        return i > 0 ? RELEASE_IPC_READ_SOME : RELEASE_IPC_READ_NOTHING;
      if (n < 0 && errno == ECONNRESET)
        return RELEASE_IPC_READ_EOF;
      if (n < 0)
        {
          release_set_error_from_errno (error, errno, "Cannot read from the channel");
          return RELEASE_IPC_READ_FAILED;
        }
      if (!check_control (&message, error))
        return RELEASE_IPC_READ_FAILED;
      if (n == 0)
        return RELEASE_IPC_READ_EOF;

      in_chunk = (gsize) n > room ? n - room : 0;
      self->body_fill += n - in_chunk;
      if (self->body != NULL && self->body_fill == self->body_length)
        finish_body (self, frames);
      if (!release_ipc_reader_feed (self, chunk, in_chunk, frames, error))
        return RELEASE_IPC_READ_FAILED;

      /* A short read means that the kernel has no more; a frame means that there is work. */
      if ((gsize) n < room + sizeof chunk || frames->length > n_frames)
        break;
    }

  return RELEASE_IPC_READ_SOME;
}
