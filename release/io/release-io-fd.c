/* release/io/release-io-fd.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-fd-private.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* For so long a wait with a cancellable does without a descriptor to be woken up by: most end. */
#define CANCEL_GRACE_MSEC 1

/* How late a cancellation may be seen when there is no such descriptor left. */
#define CANCEL_DELAY_MSEC 100

/* Closes the descriptor that @fd points to, if there is one, and forgets it. */
void
release_io_close (int *fd)
{
  if (*fd >= 0)
    close (*fd);

  *fd = -1;
}

static gpointer
close_all (gpointer data)
{
  g_autoptr(GArray) fds = data;

  for (guint i = 0; i < fds->len; i++)
    close (g_array_index (fds, int, i));

  return NULL;
}

/* Closes descriptors that a stranger sent. Their close () may block for as long as the stranger
 * chose (a socket that lingers), so it happens in a thread of its own. */
void
release_io_close_elsewhere (const int *fds,
                            guint      n_fds)
{
  GArray *copy;
  GThread *thread;

  if (n_fds == 0)
    return;

  copy = g_array_sized_new (FALSE, FALSE, sizeof (int), n_fds);
  g_array_append_vals (copy, fds, n_fds);
  thread = g_thread_try_new ("release-close", close_all, copy, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    close_all (copy);
}

/* Closes a connection. What its peer has sent over a Unix socket and nobody has read goes with it,
 * descriptors too; so if there may be some, this happens elsewhere as well. */
void
release_io_close_connection (int *fd)
{
  int domain = 0;
  int type = 0;
  int n_unread = 0;
  socklen_t length = sizeof (int);

  if (*fd >= 0 &&
      getsockopt (*fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX &&
      getsockopt (*fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0)
    {
      shutdown (*fd, SHUT_RD);
      /* Packets that have no bytes do not show. */
      if (type != SOCK_STREAM || (ioctl (*fd, FIONREAD, &n_unread) == 0 && n_unread > 0))
        {
          release_io_close_elsewhere (fd, 1);
          *fd = -1;
        }
    }

  release_io_close (fd);
}

static void
wake_cb (GCancellable *cancellable,
         gpointer      user_data)
{
  eventfd_write (GPOINTER_TO_INT (user_data), 1);
}

/* As poll(2) for one descriptor, but ends, with 0, when @cancellable, which may be NULL, is
 * cancelled; with a cancellable it may also end too early. g_cancellable_make_pollfd () would end
 * the process when all descriptors are in use. */
int
release_io_poll (struct pollfd *pollfd,
                 int            timeout_msec,
                 GCancellable  *cancellable)
{
  struct pollfd fds[2] = { *pollfd, { .fd = -1, .events = POLLIN } };
  gulong cancel_id = 0;
  int n, errsv;

  if (cancellable == NULL)
    return poll (pollfd, 1, timeout_msec);

  n = poll (pollfd, 1, timeout_msec < 0 ? CANCEL_GRACE_MSEC : MIN (timeout_msec, CANCEL_GRACE_MSEC));
  if (n != 0 || (timeout_msec >= 0 && timeout_msec <= CANCEL_GRACE_MSEC))
    return n;

  fds[1].fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fds[1].fd >= 0)
    cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (wake_cb),
                                       GINT_TO_POINTER (fds[1].fd), NULL);
  else if (timeout_msec < 0 || timeout_msec > CANCEL_DELAY_MSEC)
    timeout_msec = CANCEL_DELAY_MSEC;

  n = poll (fds, G_N_ELEMENTS (fds), timeout_msec);
  errsv = errno;
  pollfd->revents = n > 0 ? fds[0].revents : 0;

  g_cancellable_disconnect (cancellable, cancel_id);
  release_io_close (&fds[1].fd);
  errno = errsv;

  return n > 0 && pollfd->revents == 0 ? 0 : n;
}

/* As recv(2), but never blocks, and keeps the descriptors that came with the bytes: those that
 * nobody takes the kernel closes at once, in this thread. They are closed on exec. */
gssize
release_io_receive (int                    fd,
                    guint8                *out,
                    gsize                  length,
                    ReleaseIoDescriptors  *descriptors)
{
  union
  {
    struct cmsghdr header;
    guint8         space[CMSG_SPACE (RELEASE_IO_MAX_FDS * sizeof (int)) +
                         CMSG_SPACE (sizeof (struct ucred))];
  } control;
  struct iovec iov = { .iov_base = out, .iov_len = length };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
                            .msg_controllen = sizeof control };
  gssize n = recvmsg (fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

  descriptors->n_fds = 0;
  descriptors->is_truncated = FALSE;
  if (n < 0)
    return n;

  descriptors->is_truncated = (message.msg_flags & MSG_CTRUNC) != 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR (&message); header != NULL;
       header = CMSG_NXTHDR (&message, header))
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
      {
        gsize size = header->cmsg_len - CMSG_LEN (0);

        /* The kernel puts all of a message into one header. */
        g_assert (size <= sizeof descriptors->fds);
        memcpy (descriptors->fds, CMSG_DATA (header), size);
        descriptors->n_fds = size / sizeof (int);
      }

  return n;
}
