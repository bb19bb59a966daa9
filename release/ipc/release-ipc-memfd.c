/* release/ipc/release-ipc-memfd.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-block-private.h"
#include "release/ipc/release-ipc-memfd-private.h"

#include "release/base/release-error-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-error.h"
#include "release/ipc/release-ipc-payload-private.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A payload that is alive. */
typedef struct
{
  ReleaseIpcMemfdTally *tally;
  gpointer              data;
  gsize                 size;
  gboolean              is_copy;
  int                   fd;         /* -1 unless it is being copied */
  gsize                 copied;     /* bytes */
} Held;

void
release_ipc_memfds_init (ReleaseIpcMemfds *self)
{
  self->max_n = RELEASE_IPC_MEMFDS_DEFAULT_MAX_N;
  self->max_size = RELEASE_IPC_MEMFDS_DEFAULT_MAX_SIZE;
  self->copies = geteuid () == 0;
  self->tally = g_atomic_rc_box_new0 (ReleaseIpcMemfdTally);
}

void
release_ipc_memfds_clear (ReleaseIpcMemfds *self)
{
  g_clear_pointer (&self->tally, g_atomic_rc_box_release);
}

/* Checks that @fd cannot block, change or shrink. Only a memfd, on tmpfs or hugetlbfs, has seals,
 * and to ask for them works on any descriptor: that comes first. */
static gboolean
check_memfd (int      fd,
             gsize    size,
             GError **error)
{
  int seals = fcntl (fd, F_GET_SEALS);
  struct stat status;

  if (seals < 0)
    g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                         "The descriptor of a payload is no memfd");
  else if ((seals & RELEASE_IPC_PAYLOAD_SEALS) != RELEASE_IPC_PAYLOAD_SEALS)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "The memfd of a payload is not sealed: it has the seals 0x%x and lacks 0x%x",
                 seals, RELEASE_IPC_PAYLOAD_SEALS & ~seals);
  else if (!release_ipc_payload_is_on_tmpfs (fd))
    g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                         "The memfd of a payload is not on tmpfs");
  else if ((fcntl (fd, F_GETFL) & O_ACCMODE) == O_WRONLY)
    g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                         "The memfd of a payload is not open for reading");
  else if (fstat (fd, &status) < 0)
    release_set_error_from_errno (error, errno, "Cannot get the size of the memfd of a payload");
  else if ((guint64) status.st_size != size)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "The memfd of a payload has %" G_GINT64_FORMAT " bytes, and %" G_GSIZE_FORMAT
                 " were announced", (gint64) status.st_size, size);
  else
    return TRUE;

  return FALSE;
}

static void
held_free (gpointer user_data)
{
  Held *self = user_data;

  if (self->is_copy)
    g_free (self->data);
  else
    munmap (self->data, self->size);
  release_io_close (&self->fd);

  g_atomic_pointer_add (&self->tally->size, -(gssize) self->size);
  g_atomic_int_add (&self->tally->n, -1);
  g_atomic_rc_box_release (self->tally);
  g_free (self);
}

/* Whether one payload of @size bytes more can be held. Nobody else adds to the tally. */
static gboolean
check_limits (ReleaseIpcMemfds  *self,
              gsize              size,
              GError           **error)
{
  guint n = g_atomic_int_get (&self->tally->n);
  gsize held = (gsize) g_atomic_pointer_get (&self->tally->size);

  if (n >= self->max_n)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT,
                 "A payload came in a memfd while %u are held, which is the limit", n);
  else if (size > self->max_size || held > self->max_size - size)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT,
                 "A payload of %" G_GSIZE_FORMAT " bytes came in a memfd while %" G_GSIZE_FORMAT
                 " bytes are held, and the limit is %" G_GSIZE_FORMAT,
                 size, held, self->max_size);
  else
    return TRUE;

  return FALSE;
}

/* @fd: stolen on success, checked */
static Held *
hold (ReleaseIpcMemfds  *self,
      int               *fd,
      gsize              size,
      GError           **error)
{
  gpointer data;
  Held *held;

  if (!self->copies)
    data = release_ipc_payload_map (*fd, size, error);
  else if ((data = g_try_malloc (size)) == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "No memory for %" G_GSIZE_FORMAT " bytes of a payload", size);
  if (data == NULL)
    return NULL;

  held = g_new0 (Held, 1);
  held->tally = g_atomic_rc_box_acquire (self->tally);
  held->data = data;
  held->size = size;
  held->is_copy = self->copies;
  held->fd = g_steal_fd (fd);
  g_atomic_int_inc (&self->tally->n);
  g_atomic_pointer_add (&self->tally->size, size);

  return held;
}

/* The body of @frame is whole. @held: (transfer full) */
static void
finish_frame (ReleaseIpcFrame *frame,
              Held            *held)
{
  release_io_close (&held->fd);
  frame->bytes = g_bytes_new_with_free_func (held->data, held->size, held_free, held);
}

/* Checks what a frame says of its descriptors, and gets the length of the payload. */
static gboolean
check_announcement (ReleaseIpcFrame  *frame,
                    gsize             max_message_size,
                    gsize            *size,
                    GError          **error)
{
  const ReleaseIpcEnvelope *envelope = &frame->envelope;
  gsize body_len;
  const guint8 *body = release_ipc_frame_get_body (frame, &body_len);

  if (envelope->kind != RELEASE_IPC_KIND_REQUEST && envelope->kind != RELEASE_IPC_KIND_RESPONSE &&
      envelope->kind != RELEASE_IPC_KIND_EVENT)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "A message of kind %u came with descriptors", envelope->kind);
  else if ((envelope->flags & RELEASE_IPC_FLAG_MEMFD) == 0 || envelope->n_fds != 1)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "The peer announced %u descriptors on a message that %s", envelope->n_fds,
                 (envelope->flags & RELEASE_IPC_FLAG_MEMFD) != 0 ? "has one" : "has none");
  else if (body_len != RELEASE_IPC_MEMFD_BODY_SIZE)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "Announcement of a memfd has %" G_GSIZE_FORMAT " bytes", body_len);
  else if ((*size = release_ipc_length_unpack (body)) < RELEASE_IPC_PAYLOAD_MEMFD_MIN)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "A payload of %" G_GSIZE_FORMAT " bytes is too small for a memfd", *size);
  else if (*size > max_message_size - RELEASE_IPC_ENVELOPE_SIZE)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG,
                 "Message of %" G_GSIZE_FORMAT " bytes exceeds the limit of %" G_GSIZE_FORMAT,
                 *size + RELEASE_IPC_ENVELOPE_SIZE, max_message_size);
  else
    return TRUE;

  return FALSE;
}

/* Gives @frame, whose envelope is open and announces descriptors, its body. If that has to be
 * copied, frame->copy is set until release_ipc_memfd_copy_on () has done so. */
gboolean
release_ipc_memfds_open_frame (ReleaseIpcMemfds       *self,
                               ReleaseIpcFrame        *frame,
                               ReleaseIpcDescriptors  *descriptors,
                               gsize                   max_message_size,
                               GError                **error)
{
  gsize size = 0;
  Held *held = NULL;
  int fd;

  if (!check_announcement (frame, max_message_size, &size, error))
    return FALSE;

  fd = release_ipc_descriptors_claim (descriptors);
  if (fd < 0)
    {
      g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                           "The descriptor of a message did not come with it");
      return FALSE;
    }

  if (check_memfd (fd, size, error) && check_limits (self, size, error))
    held = hold (self, &fd, size, error);
  if (held == NULL)
    {
      release_ipc_descriptors_refuse (descriptors, fd);
      return FALSE;
    }

  g_clear_pointer (&frame->memory, release_ipc_block_free);
  frame->data = held->data;
  frame->length = size;
  frame->offset = 0;
  if (held->is_copy)
    frame->copy = held;
  else
    finish_frame (frame, held);
  return TRUE;
}

/* Copies at most @max bytes more of the body of @frame. When it is whole, frame->copy is NULL. It
 * takes system calls, since they fail where to touch a mapping would end the process. */
gboolean
release_ipc_memfd_copy_on (ReleaseIpcFrame  *frame,
                           gsize             max,
                           GError          **error)
{
  Held *held = frame->copy;
  gsize end = held->copied + MIN (max, held->size - held->copied);

  while (held->copied < end)
    {
      gssize n = pread (held->fd, (guint8 *) held->data + held->copied, end - held->copied,
                        held->copied);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return release_set_error_from_errno (error, n < 0 ? errno : EIO,
                                             "Cannot read the memfd of a payload");
      held->copied += n;
    }

  if (held->copied == held->size)
    finish_frame (frame, g_steal_pointer (&frame->copy));
  return TRUE;
}

/* Nobody wants the body of @frame any more, and half of it is of no use. */
void
release_ipc_memfd_drop_copy (ReleaseIpcFrame *frame)
{
  held_free (g_steal_pointer (&frame->copy));
}
