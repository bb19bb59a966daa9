/* release-tests/ipc/lingering.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A descriptor that blocks whoever closes it last.
 */

#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A TCP socket whose close () takes more than any test's time, until *@peer is closed. */
static int
make_lingering (int *peer)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  struct linger linger = { .l_onoff = 1, .l_linger = 3600 };
  guint8 bytes[4096] = { 0 };
  int listening = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_no_errno (bind (listening, (struct sockaddr *) &address, sizeof address));
  g_assert_no_errno (listen (listening, 1));
  g_assert_no_errno (getsockname (listening, (struct sockaddr *) &address, &length));
  g_assert_no_errno (connect (fd, (struct sockaddr *) &address, sizeof address));
  *peer = accept4 (listening, NULL, NULL, SOCK_CLOEXEC);
  g_assert_no_errno (*peer);
  close (listening);

  while (send (fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0);
  g_assert_no_errno (setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
  return fd;
}

/* Sends @data, and with it the last reference to a socket whose close () blocks. */
static void
send_lingering (int           to,
                gconstpointer data,
                gsize         length,
                int          *peer)
{
  _Alignas (struct cmsghdr) char control[CMSG_SPACE (sizeof (int))] = { 0 };
  struct iovec iov = { (gpointer) data, length };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1,
                            .msg_control = control, .msg_controllen = sizeof control };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);
  int fd = make_lingering (peer);

  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof fd);
  memcpy (CMSG_DATA (header), &fd, sizeof fd);
  g_assert_cmpint (sendmsg (to, &message, MSG_NOSIGNAL), ==, length);
  close (fd);
}
