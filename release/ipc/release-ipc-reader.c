/* release/ipc/release-ipc-reader.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-reader-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-queue-private.h"
#include "release/ipc/release-ipc-block-private.h"
#include "release/ipc/release-ipc-error.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* One read takes what the kernel has, up to this, or less once a peer has shown that its messages
 * are so small that the read holds more of them than others should wait for. */
#define CHUNK_SIZE (128 * 1024)
#define CHUNK_SIZE_MIN 4096
#define FRAMES_PER_CHUNK 128

/* After a frame of this length there may be another: then one read takes no more than its header
 * and its beginning, and the rest arrives where it stays. */
#define LARGE_LENGTH (16 * 1024)
#define SMALL_CHUNK_SIZE 1024

/* The first memory for a body that did not arrive with its header. */
#define FIRST_CAPACITY 4096

/* How much of large frames is read at once before others have their turn: as much as a socket mostly
 * holds, so that the peer can go on; a very large one a little further. */
#define BYTES_AT_ONCE (256 * 1024)
#define READS_AT_ONCE 16

void
release_ipc_reader_init (ReleaseIpcReader *self,
                         gsize             max_message_size)
{
  memset (self, 0, sizeof *self);
  self->max_message_size = max_message_size;
  self->chunk_size = CHUNK_SIZE;
}

void
release_ipc_reader_clear (ReleaseIpcReader *self)
{
  ReleaseIpcDescriptors descriptors;
  ReleasePool *pool = self->pool;

  g_clear_pointer (&self->body, release_ipc_block_free);
  release_ipc_descriptors_clear (&self->descriptors);
  descriptors = self->descriptors;
  release_ipc_reader_init (self, self->max_message_size);
  self->descriptors = descriptors;
  self->pool = pool;
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

/* Makes room for more of the body: as much again as has arrived, or as much as the frame before had,
 * at most what is missing. */
static gboolean
grow_body (ReleaseIpcReader  *self,
           gsize              at_least,
           GError           **error)
{
  gsize capacity = MAX (MAX (FIRST_CAPACITY, self->last_length),
                        MAX (2 * self->body_fill, self->body_fill + at_least));
  guint8 *body;

  if (self->body_fill + at_least <= self->body_capacity)
    return TRUE;

  capacity = MIN (capacity, self->body_length);
  body = release_ipc_block_grow (self->body, self->body_fill, capacity + 1);
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
  frame = release_ipc_frame_new_take (self->pool, g_steal_pointer (&self->body), self->body_length);
  release_queue_push_tail_link (frames, &frame->link);
  self->last_length = self->body_length;
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

/* The memory for the frames that @data begins with and has whole, as many as go into a batch. 0 if
 * there is none, or if the first makes a batch of its own. */
static gsize
measure_batch (ReleaseIpcReader *self,
               const guint8     *data,
               gsize             length)
{
  gsize size = 0;

  while (length >= RELEASE_IPC_LENGTH_SIZE)
    {
      gsize body_length = release_ipc_length_unpack (data);
      gsize frame_size = release_ipc_frame_get_size (body_length);

      length -= RELEASE_IPC_LENGTH_SIZE;
      if (body_length > MIN (length, self->max_message_size) ||
          size + frame_size > RELEASE_IPC_BATCH_SIZE_MAX)
        break;
      size += frame_size;
      data += RELEASE_IPC_LENGTH_SIZE + body_length;
      length -= body_length;
    }

  return size;
}

/* Takes whole frames off @data. */
static void
feed_batch (ReleaseIpcReader  *self,
            const guint8     **data,
            gsize             *length,
            gsize              size,
            GQueue            *frames)
{
  ReleaseIpcBatch *batch = release_ipc_batch_new (self->pool, size);

  while (batch->fill < batch->capacity)
    {
      gsize body_length = release_ipc_length_unpack (*data);
      ReleaseIpcFrame *frame;

      *data += RELEASE_IPC_LENGTH_SIZE;
      frame = release_ipc_batch_add (batch, *data, body_length);
      release_queue_push_tail_link (frames, &frame->link);
      self->last_length = body_length;
      *data += body_length;
      *length -= RELEASE_IPC_LENGTH_SIZE + body_length;
    }
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
      gsize batch_size = 0;

      if (release_ipc_reader_is_between (self))
        batch_size = measure_batch (self, data, length);
      if (batch_size > 0)
        {
          feed_batch (self, &data, &length, batch_size, frames);
          continue;
        }

      if (!is_in_body (self) && !feed_header (self, &data, &length, error))
        return FALSE;
      if (!is_in_body (self))
        return TRUE;

      if (self->body == NULL && length >= self->body_length)
        {
          ReleaseIpcFrame *frame = release_ipc_frame_new (self->pool, data, self->body_length);

          release_queue_push_tail_link (frames, &frame->link);
          self->last_length = self->body_length;
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

/* The next read is to hold FRAMES_PER_CHUNK messages like those of this one. */
static void
adapt_chunk (ReleaseIpcReader *self,
             gsize             n_bytes,
             guint             n_frames)
{
  /* One read brings less than 2 GiB; and to divide 64 bits takes much longer. */
  gsize size = n_frames > 0 ? (gsize) ((guint) n_bytes / n_frames) * FRAMES_PER_CHUNK : CHUNK_SIZE;

  self->chunk_size = self->last_length >= LARGE_LENGTH ? SMALL_CHUNK_SIZE
                                                       : CLAMP (size, CHUNK_SIZE_MIN, CHUNK_SIZE);
}

/* Reads what @fd, a socket, has now. @blocks: whether to wait until there is something, if the socket
 * itself is one that blocks */
ReleaseIpcReadStatus
release_ipc_reader_read (ReleaseIpcReader  *self,
                         int                fd,
                         gboolean           blocks,
                         GQueue            *frames,
                         GError           **error)
{
  guint8 chunk[CHUNK_SIZE];
  guint n_frames = frames->length;

  self->n_bytes = 0;
  for (guint i = 0; i < READS_AT_ONCE; i++)
    {
      _Alignas (struct cmsghdr) char control[RELEASE_IPC_DESCRIPTORS_CONTROL_SIZE];
      struct iovec iov[2];
      struct msghdr message = { .msg_control = control, .msg_controllen = sizeof control };
      int flags = MSG_CMSG_CLOEXEC | (blocks && i == 0 ? 0 : MSG_DONTWAIT);
      gsize room = 0;
      gsize in_chunk;
      gssize n;

      if (self->body != NULL)
        {
          if (!grow_body (self, 1, error))
            return RELEASE_IPC_READ_FAILED;
          room = self->body_capacity - self->body_fill;
        }

      iov[0].iov_base = room > 0 ? self->body + self->body_fill : NULL;
      iov[0].iov_len = room;
      iov[1].iov_base = chunk;
      iov[1].iov_len = self->chunk_size;
      message.msg_iov = room > 0 ? iov : iov + 1;
      message.msg_iovlen = room > 0 ? 2 : 1;

      do
        n = recvmsg (fd, &message, flags);
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
      if ((message.msg_controllen > 0 || (message.msg_flags & MSG_CTRUNC) != 0) &&
          !release_ipc_descriptors_collect (&self->descriptors, &message, error))
        return RELEASE_IPC_READ_FAILED;
      if (n == 0)
        return RELEASE_IPC_READ_EOF;

      in_chunk = (gsize) n > room ? n - room : 0;
      self->body_fill += n - in_chunk;
      if (self->body != NULL && self->body_fill == self->body_length)
        finish_body (self, frames);
      if (!release_ipc_reader_feed (self, chunk, in_chunk, frames, error))
        return RELEASE_IPC_READ_FAILED;
      adapt_chunk (self, n, frames->length - n_frames);
      self->n_bytes += n;

      /* A short read means that the kernel has no more; a frame means that there is work. */
      if ((gsize) n < room + iov[1].iov_len ||
          (frames->length > n_frames &&
           (self->last_length < LARGE_LENGTH || self->n_bytes >= BYTES_AT_ONCE)))
        break;
    }

  return RELEASE_IPC_READ_SOME;
}
