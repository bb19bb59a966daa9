/* release/ipc/release-ipc-passed.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-passed-private.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The most bytes of payloads that wait in the socket of one peer; a single one always may. */
#define SIZE_MAX_BYTES (32 * 1024 * 1024)

/* A message that waits to be read takes up more than this of the socket's buffer, however short it
 * is: the kernel counts its own structures. */
#define UNREAD_MIN_BYTES 512

static gboolean
is_full (ReleaseIpcPassed *self,
         gsize             size)
{
  return self->n == RELEASE_IPC_PASSED_MAX ||
         (self->n > 0 && (size > SIZE_MAX_BYTES || self->size > SIZE_MAX_BYTES - size));
}

/* Whether the descriptor of a payload of @size bytes may be sent. The kernel does not say which
 * messages the peer has read, but how much waits to be read, and with it how many at most. */
gboolean
release_ipc_passed_has_room (ReleaseIpcPassed *self,
                             int               socket,
                             gsize             size)
{
  int unread = 0;

  if (!is_full (self, size))
    return TRUE;
  if (ioctl (socket, SIOCOUTQ, &unread) < 0)
    return FALSE;

  while (self->n > (guint) unread / UNREAD_MIN_BYTES)
    {
      self->size -= self->sizes[self->first];
      self->first = (self->first + 1) % RELEASE_IPC_PASSED_MAX;
      self->n--;
    }

  return !is_full (self, size);
}

/* There has to be room. */
void
release_ipc_passed_add (ReleaseIpcPassed *self,
                        gsize             size)
{
  g_assert (self->n < RELEASE_IPC_PASSED_MAX);
  self->sizes[(self->first + self->n++) % RELEASE_IPC_PASSED_MAX] = size;
  self->size += size;
}

/* Sends @data, and with its first byte @fd. Returns as sendmsg () does. */
gssize
release_ipc_passed_send (int           socket,
                         int           fd,
                         gconstpointer data,
                         gsize         length)
{
  union
  {
    struct cmsghdr header;
    guint8         space[CMSG_SPACE (sizeof (int))];
  } control = { 0 };
  struct iovec iov = { .iov_base = (gpointer) data, .iov_len = length };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1,
                            .msg_control = &control, .msg_controllen = sizeof control };
  gssize n;

  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.header.cmsg_len = CMSG_LEN (sizeof fd);
  memcpy (CMSG_DATA (&control.header), &fd, sizeof fd);

  do
    n = sendmsg (socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);

  return n;
}
