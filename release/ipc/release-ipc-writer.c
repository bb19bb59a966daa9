/* release/ipc/release-ipc-writer.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-writer-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-queue-private.h"
#include "release/ipc/release-ipc-block-private.h"
#include "release/ipc/release-ipc-frame-private.h"
#include "release/ipc/release-ipc-payload-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Small frames are gathered in segments, larger ones have a segment of their own. The first is as
 * large as the pool has at hand; each is twice as large as the one before it. */
#define FIRST_SEGMENT_SIZE (RELEASE_POOL_BLOCK_MAX - sizeof (Segment))
#define SEGMENT_SIZE_MAX (32 * 1024)

/* A frame of up to this length leaves as one piece. */
#define JOINED_LENGTH 512

/* How many segments leave in one sendmsg (). */
#define SEGMENTS_AT_ONCE 64

typedef struct
{
  GList          link;
  GBytes        *owner;      /* (nullable): of data, else it is buffer */
  const guint8  *data;
  int            memfd;      /* of the whole of owner, which is the body of the frame whose head is
                              * data; else -1. How it travels is decided when its turn comes */
  gsize          start;      /* what is before has been written */
  gsize          end;
  gsize          capacity;
  guint8         buffer[];
} Segment;

static gboolean
is_pooled (gsize capacity)
{
  return sizeof (Segment) + capacity <= RELEASE_POOL_BLOCK_MAX;
}

static Segment *
segment_new (ReleaseIpcWriter *self,
             gsize             capacity)
{
  Segment *segment = is_pooled (capacity)
                       ? release_pool_take (self->pool, sizeof (Segment) + capacity)
                       : release_ipc_block_new (sizeof (Segment) + capacity);

  if (segment == NULL)
    g_error ("No memory for %" G_GSIZE_FORMAT " bytes that wait for a peer", capacity);

  *segment = (Segment) { .link.data = segment, .data = segment->buffer, .memfd = -1,
                         .capacity = capacity };
  release_queue_push_tail_link (&self->segments, &segment->link);

  return segment;
}

/* Takes @segment off the queue. */
static void
segment_free (ReleaseIpcWriter *self,
              Segment          *segment)
{
  release_queue_unlink (&self->segments, &segment->link);
  g_clear_pointer (&segment->owner, g_bytes_unref);
  if (is_pooled (segment->capacity))
    release_pool_give (self->pool, segment, sizeof (Segment) + segment->capacity);
  else
    release_ipc_block_free (segment);
}

static void
count_queued (ReleaseIpcWriter *self,
              gssize            n)
{
  self->queued += n;
  if (self->budget != NULL)
    self->budget->used += n;
}

void
release_ipc_writer_init (ReleaseIpcWriter *self)
{
  memset (self, 0, sizeof *self);
}

void
release_ipc_writer_clear (ReleaseIpcWriter *self)
{
  while (self->segments.head != NULL)
    segment_free (self, self->segments.head->data);
  count_queued (self, -(gssize) self->queued);
  self->is_full = FALSE;
}

/* From here on what is queued also counts in @budget. */
void
release_ipc_writer_share (ReleaseIpcWriter *self,
                          ReleaseIpcBudget *budget)
{
  gsize queued = self->queued;

  count_queued (self, -(gssize) queued);
  g_clear_pointer (&self->budget, g_rc_box_release);
  if (budget != NULL)
    self->budget = g_rc_box_acquire (budget);
  count_queued (self, queued);
}

gboolean
release_ipc_writer_is_empty (ReleaseIpcWriter *self)
{
  return self->queued == 0;
}

/* Makes room for @length bytes, which count as queued, at the end. */
static guint8 *
make_room (ReleaseIpcWriter *self,
           gsize             length)
{
  Segment *last = self->segments.tail != NULL ? self->segments.tail->data : NULL;

  if (last == NULL || last->owner != NULL || last->capacity - last->end < length)
    {
      gsize capacity = last != NULL ? MIN (2 * last->capacity, SEGMENT_SIZE_MAX) : 0;

      last = segment_new (self, MAX (MAX (length, FIRST_SEGMENT_SIZE), capacity));
    }

  last->end += length;
  count_queued (self, length);
  return last->buffer + last->end - length;
}

/* Queues a frame, small and without an owner, that the caller writes to what is returned. */
guint8 *
release_ipc_writer_reserve (ReleaseIpcWriter *self,
                            gsize             length)
{
  self->accepted += length;
  return make_room (self, length);
}

static void
append_copy (ReleaseIpcWriter *self,
             gconstpointer     data,
             gsize             length)
{
  if (length > 0)
    memcpy (make_room (self, length), data, length);
}

static void
append_owned (ReleaseIpcWriter *self,
              GBytes           *owner,
              gconstpointer     data,
              gsize             length)
{
  Segment *segment = segment_new (self, 0);

  segment->owner = g_bytes_ref (owner);
  segment->data = data;
  segment->end = length;
  count_queued (self, length);
}

static void
append_body (ReleaseIpcWriter *self,
             gconstpointer     body,
             gsize             length,
             GBytes           *owner)
{
  if (length == 0)
    return;

  if (owner != NULL && length >= RELEASE_IPC_WRITER_OWNED_LENGTH)
    append_owned (self, owner, body, length);
  else
    append_copy (self, body, length);
}

/* The memfd that @body lies in, if it may travel as one, else -1. */
static int
find_memfd (ReleaseIpcWriter *self,
            gconstpointer     body,
            gsize             length,
            GBytes           *owner)
{
  if (length < RELEASE_IPC_PAYLOAD_MEMFD_MIN || owner == NULL || !self->may_pass)
    return -1;

  return release_ipc_payload_find_memfd (body, length);
}

/* It counts with all its bytes, however it is going to travel. @head: a length and an envelope */
static void
append_memfd (ReleaseIpcWriter *self,
              gconstpointer     head,
              gsize             head_length,
              GBytes           *owner,
              int               memfd)
{
  Segment *segment = segment_new (self, RELEASE_IPC_MEMFD_FRAME_SIZE);

  g_assert (head_length <= segment->capacity);
  memcpy (segment->buffer, head, head_length);
  segment->end = head_length;
  segment->owner = g_bytes_ref (owner);
  segment->memfd = memfd;
  count_queued (self, head_length + g_bytes_get_size (owner));
}

/* Queues a frame. @owner, which may be NULL, keeps @body alive: then it is not copied if large. */
void
release_ipc_writer_append (ReleaseIpcWriter *self,
                           gconstpointer     head,
                           gsize             head_length,
                           gconstpointer     body,
                           gsize             body_length,
                           GBytes           *owner)
{
  int memfd = find_memfd (self, body, body_length, owner);

  self->accepted += head_length + body_length;
  if (memfd >= 0)
    {
      append_memfd (self, head, head_length, owner, memfd);
      return;
    }

  if (body_length > 0 && body_length < RELEASE_IPC_WRITER_OWNED_LENGTH)
    {
      guint8 *frame = make_room (self, head_length + body_length);

      memcpy (frame, head, head_length);
      memcpy (frame + head_length, body, body_length);
      return;
    }

  append_copy (self, head, head_length);
  append_body (self, body, body_length, owner);
}

static gssize
send_now (ReleaseIpcWriter  *self,
          int                fd,
          struct iovec      *iov,
          gsize              n_iov,
          gsize              length,
          GError           **error)
{
  struct msghdr message = { .msg_iov = iov, .msg_iovlen = n_iov };
  gssize n;

  /* One piece costs less without a header. */
  do
    n = n_iov == 1 ? send (fd, iov->iov_base, iov->iov_len, MSG_DONTWAIT | MSG_NOSIGNAL)
                   : sendmsg (fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);

  if (n < 0 && errno == EAGAIN)
    n = 0;
  self->is_full = n >= 0 && (gsize) n < length;
  if (n < 0)
    release_set_error_from_errno (error, errno, "Cannot write to the channel");

  return n;
}

/* Writes a frame: straight to the socket if nothing is queued before it; the rest is queued. */
gboolean
release_ipc_writer_write (ReleaseIpcWriter  *self,
                          int                fd,
                          gconstpointer      head,
                          gsize              head_length,
                          gconstpointer      body,
                          gsize              body_length,
                          GBytes            *owner,
                          GError           **error)
{
  struct iovec iov[2] = {
    { .iov_base = (gpointer) head, .iov_len = head_length },
    { .iov_base = (gpointer) body, .iov_len = body_length },
  };
  guint8 joined[JOINED_LENGTH];
  gsize n_iov = body_length > 0 ? 2 : 1;
  gsize n_head, n_body;
  gssize n;

  if (self->queued > 0 && !self->is_full && !release_ipc_writer_flush (self, fd, error))
    return FALSE;
  if (self->queued > 0 || find_memfd (self, body, body_length, owner) >= 0)
    {
      release_ipc_writer_append (self, head, head_length, body, body_length, owner);
      return self->is_full || release_ipc_writer_flush (self, fd, error);
    }

  if (n_iov == 2 && head_length + body_length <= sizeof joined)
    {
      memcpy (joined, head, head_length);
      memcpy (joined + head_length, body, body_length);
      iov[0].iov_base = joined;
      iov[0].iov_len = head_length + body_length;
      n_iov = 1;
    }
  n = send_now (self, fd, iov, n_iov, head_length + body_length, error);
  if (n < 0)
    return FALSE;

  self->accepted += head_length + body_length;
  self->written += n;
  n_head = MIN ((gsize) n, head_length);
  n_body = n - n_head;
  append_copy (self, (const guint8 *) head + n_head, head_length - n_head);
  if (n_body < body_length)
    append_body (self, (const guint8 *) body + n_body, body_length - n_body, owner);
  return TRUE;
}

/* Takes @n written bytes off the queue. */
static void
consume (ReleaseIpcWriter *self,
         gsize             n)
{
  count_queued (self, -(gssize) n);
  self->written += n;
  while (n > 0)
    {
      Segment *segment = self->segments.head->data;
      gsize taken = MIN (n, segment->end - segment->start);

      segment->start += taken;
      n -= taken;
      if (segment->start == segment->end)
        segment_free (self, segment);
    }
}

/* The bytes of @segment's payload travel after all, behind its head. */
static void
unfold_memfd (ReleaseIpcWriter *self,
              Segment          *segment)
{
  Segment *body = segment_new (self, 0);

  body->data = g_bytes_get_data (segment->owner, &body->end);
  body->owner = g_steal_pointer (&segment->owner);
  segment->memfd = -1;
  release_queue_unlink (&self->segments, &body->link);
  g_queue_insert_after_link (&self->segments, &segment->link, &body->link);
}

/* Sends the frame at the head of the queue with its descriptor, and nothing else: the descriptor
 * arrives with the first byte of what is sent at once. */
static gboolean
flush_memfd (ReleaseIpcWriter  *self,
             int                fd,
             GError           **error)
{
  Segment *segment = self->segments.head->data;
  gsize size = g_bytes_get_size (segment->owner);
  gsize skipped = segment->end + size - RELEASE_IPC_MEMFD_FRAME_SIZE;
  guint8 frame[RELEASE_IPC_MEMFD_FRAME_SIZE];
  gssize n;

  if (!self->may_pass || !release_ipc_passed_has_room (&self->passed, fd, size))
    {
      unfold_memfd (self, segment);
      return TRUE;
    }

  release_ipc_memfd_frame_pack (segment->buffer, frame);
  n = release_ipc_passed_send (fd, segment->memfd, frame, sizeof frame);
  /* The user of this process has sent too many that were not read yet, by whatever program. */
  if (n < 0 && errno == ETOOMANYREFS)
    {
      unfold_memfd (self, segment);
      return TRUE;
    }
  if (n < 0 && errno == EAGAIN)
    {
      self->is_full = TRUE;
      return TRUE;
    }
  if (n < 0)
    return release_set_error_from_errno (error, errno, "Cannot write to the channel");

  release_ipc_passed_add (&self->passed, size);
  memcpy (segment->buffer, frame, sizeof frame);
  segment->end = sizeof frame;
  segment->memfd = -1;
  count_queued (self, -(gssize) skipped);
  self->written += skipped;
  consume (self, n);
  return TRUE;
}

/* Writes what the kernel takes of the queue, without blocking. */
gboolean
release_ipc_writer_flush (ReleaseIpcWriter  *self,
                          int                fd,
                          GError           **error)
{
  while (self->queued > 0)
    {
      struct iovec iov[SEGMENTS_AT_ONCE];
      gsize n_iov = 0;
      gsize wanted = 0;
      gssize n;

      if (((Segment *) self->segments.head->data)->memfd >= 0)
        {
          self->is_full = FALSE;
          if (!flush_memfd (self, fd, error))
            return FALSE;
          if (self->is_full)
            return TRUE;
          continue;
        }

      for (GList *link = self->segments.head; link != NULL && n_iov < SEGMENTS_AT_ONCE;
           link = link->next)
        {
          Segment *segment = link->data;

          if (segment->memfd >= 0)
            break;
          iov[n_iov].iov_base = (gpointer) (segment->data + segment->start);
          iov[n_iov].iov_len = segment->end - segment->start;
          wanted += iov[n_iov++].iov_len;
        }

      n = send_now (self, fd, iov, n_iov, wanted, error);
      if (n < 0)
        return FALSE;

      consume (self, n);
      if ((gsize) n < wanted)
        return TRUE;
    }

  return TRUE;
}
