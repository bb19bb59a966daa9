/* release/ipc/release-ipc-writer.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-writer-private.h"

#include "release/base/release-error-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Small frames are gathered in segments of this size, larger ones have a segment of their own. */
#define SEGMENT_SIZE 4096

/* How many segments leave in one sendmsg (). */
#define SEGMENTS_AT_ONCE 64

typedef struct
{
  GList          link;
  GBytes        *owner;      /* (nullable): of data, else it is buffer */
  const guint8  *data;
  gsize          start;      /* what is before has been written */
  gsize          end;
  gsize          capacity;
  guint8         buffer[];
} Segment;

static Segment *
segment_new (gsize capacity)
{
  Segment *segment = g_malloc (sizeof (Segment) + capacity);

  memset (segment, 0, sizeof (Segment));
  segment->link.data = segment;
  segment->data = segment->buffer;
  segment->capacity = capacity;

  return segment;
}

static void
segment_free (Segment *segment)
{
  g_clear_pointer (&segment->owner, g_bytes_unref);
  g_free (segment);
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
  GList *link;

  while ((link = g_queue_pop_head_link (&self->segments)) != NULL)
    segment_free (link->data);
  count_queued (self, -(gssize) self->queued);
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

static void
append_copy (ReleaseIpcWriter *self,
             gconstpointer     data,
             gsize             length)
{
  Segment *last = self->segments.tail != NULL ? self->segments.tail->data : NULL;

  if (length == 0)
    return;

  if (last == NULL || last->owner != NULL || last->capacity - last->end < length)
    {
      last = segment_new (MAX (length, SEGMENT_SIZE));
      g_queue_push_tail_link (&self->segments, &last->link);
    }

  memcpy (last->buffer + last->end, data, length);
  last->end += length;
  count_queued (self, length);
}

static void
append_owned (ReleaseIpcWriter *self,
              GBytes           *owner,
              gconstpointer     data,
              gsize             length)
{
  Segment *segment = segment_new (0);

  segment->owner = g_bytes_ref (owner);
  segment->data = data;
  segment->end = length;
  g_queue_push_tail_link (&self->segments, &segment->link);
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

  if (owner != NULL && length >= SEGMENT_SIZE)
    append_owned (self, owner, body, length);
  else
    append_copy (self, body, length);
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
  self->accepted += head_length + body_length;
  append_copy (self, head, head_length);
  append_body (self, body, body_length, owner);
}

static gssize
send_now (int            fd,
          struct iovec  *iov,
          gsize          n_iov,
          GError       **error)
{
  struct msghdr message = { .msg_iov = iov, .msg_iovlen = n_iov };
  gssize n;

  do
    n = sendmsg (fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);

  if (n < 0 && errno == EAGAIN)
    return 0;
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
  gsize n_head, n_body;
  gssize n;

  if (self->queued > 0)
    {
      release_ipc_writer_append (self, head, head_length, body, body_length, owner);
      return release_ipc_writer_flush (self, fd, error);
    }

  n = send_now (fd, iov, body_length > 0 ? 2 : 1, error);
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
        {
          g_queue_unlink (&self->segments, &segment->link);
          segment_free (segment);
        }
    }
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

      for (GList *link = self->segments.head; link != NULL && n_iov < SEGMENTS_AT_ONCE;
           link = link->next)
        {
          Segment *segment = link->data;

          iov[n_iov].iov_base = (gpointer) (segment->data + segment->start);
          iov[n_iov].iov_len = segment->end - segment->start;
          wanted += iov[n_iov++].iov_len;
        }

      n = send_now (fd, iov, n_iov, error);
      if (n < 0)
        return FALSE;

      consume (self, n);
      if ((gsize) n < wanted)
        return TRUE;
    }

  return TRUE;
}
