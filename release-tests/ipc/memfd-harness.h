/* release-tests/ipc/memfd-harness.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the tests of payloads in memfds share: a channel, and a peer that greets it as it likes and
 * sends any frame with any descriptors.
 */

#pragma once

#include "release-tests/ipc/ipc-test.h"
#include "release/ipc/release-ipc-payload-private.h"

#include <sys/mman.h>
#include <sys/stat.h>

#define SIZE_BYTES RELEASE_IPC_PAYLOAD_MEMFD_MIN
#define ALL_SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

typedef struct
{
  ReleaseIpcChannel *channel;
  int                peer;
  GPtrArray         *events;        /* GBytes */
  GPtrArray         *invocations;
  Closed             closed;
  guint              n_fds;         /* of the process, before; 0 if others come and go meanwhile */
} Fixture;

G_GNUC_UNUSED static void
event_cb (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          gpointer           user_data)
{
  g_ptr_array_add (user_data, g_bytes_ref (release_ipc_message_get_bytes (message)));
}

G_GNUC_UNUSED static void
set_up_for (Fixture           *self,
            ReleaseIpcFraming  framing)
{
  memset (self, 0, sizeof *self);
  settle ();
  self->n_fds = count_fds ();
  self->channel = new_channel (framing, NULL, &self->peer);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->invocations = new_invocations ();
  release_ipc_channel_set_copy_memfds (self->channel, FALSE);
  g_signal_connect (self->channel, "closed", G_CALLBACK (closed_cb), &self->closed);
  g_signal_connect (self->channel, "event", G_CALLBACK (event_cb), self->events);
}

G_GNUC_UNUSED static void
say_hello (int     peer,
           guint32 features,
           guint32 max_fds)
{
  ReleaseIpcHello hello = { .lowest = 1, .highest = 1, .features = features,
                            .max_message = 16 * 1024 * 1024, .max_in_flight = 64,
                            .max_fds = max_fds };
  guint8 body[RELEASE_IPC_HELLO_SIZE];

  release_ipc_hello_pack (&hello, body);
  peer_send_envelope (peer, RELEASE_IPC_KIND_HELLO, 0, 0, 0, 0, body, sizeof body);
}

/* A channel that has greeted a peer that takes memfds. */
G_GNUC_UNUSED static void
set_up (Fixture *self)
{
  set_up_for (self, RELEASE_IPC_FRAMING_MULTIPLEXED);
  release_ipc_channel_serve (self->channel, keep_cb, self->invocations, NULL);
  say_hello (self->peer, RELEASE_IPC_FEATURE_MEMFD, 1);
  peer_expect (self->peer, RELEASE_IPC_KIND_HELLO, NULL);
  settle ();
}

/* No descriptor is left over. Those of strangers are closed in another thread. */
G_GNUC_UNUSED static void
tear_down (Fixture *self)
{
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->invocations);
  if (self->peer >= 0)
    close (self->peer);
  free_channel (self->channel);
  closed_clear (&self->closed);
  while (self->n_fds > 0 && count_fds () > self->n_fds)
    g_usleep (1000);
  if (self->n_fds > 0)
    g_assert_cmpuint (count_fds (), ==, self->n_fds);
}

G_GNUC_UNUSED static guint8 *
make_pattern (gsize size)
{
  guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = i * 31 + i / 4096;

  return data;
}

G_GNUC_UNUSED static int
make_memfd (gsize size,
            guint flags,
            int   seals)
{
  g_autofree guint8 *data = make_pattern (size);
  int fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);

  g_assert_no_errno (fd);
  g_assert_cmpint (pwrite (fd, data, size, 0), ==, size);
  g_assert_no_errno (fcntl (fd, F_ADD_SEALS, seals));

  return fd;
}

G_GNUC_UNUSED static void
assert_pattern (GBytes *bytes,
                gsize   size)
{
  g_autofree guint8 *data = make_pattern (size);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, size);
}

/* How many mappings of memfds the process has. */
G_GNUC_UNUSED static guint
count_mappings (void)
{
  g_autofree char *maps = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  for (const char *p = maps; (p = strstr (p, "/memfd:")) != NULL; p++)
    n++;

  return n;
}

/* Sends @data, and with its first byte descriptors. */
G_GNUC_UNUSED static void
send_fds (int           peer,
          gconstpointer data,
          gsize         length,
          const int    *fds,
          guint         n_fds)
{
  _Alignas (struct cmsghdr) char control[CMSG_SPACE (sizeof (int) * 253)] = { 0 };
  struct iovec iov = { (gpointer) data, length };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

  if (n_fds > 0)
    {
      struct cmsghdr *cmsg;

      message.msg_control = control;
      message.msg_controllen = CMSG_SPACE (sizeof (int) * n_fds);
      cmsg = CMSG_FIRSTHDR (&message);
      cmsg->cmsg_level = SOL_SOCKET;
      cmsg->cmsg_type = SCM_RIGHTS;
      cmsg->cmsg_len = CMSG_LEN (sizeof (int) * n_fds);
      memcpy (CMSG_DATA (cmsg), fds, sizeof (int) * n_fds);
    }
  g_assert_cmpint (sendmsg (peer, &message, MSG_NOSIGNAL), ==, length);
}

/* A frame that announces a memfd of @size bytes. */
G_GNUC_UNUSED static void
pack_frame (guint8         *frame,
            ReleaseIpcKind  kind,
            guint32         serial,
            guint32         size)
{
  ReleaseIpcEnvelope envelope = { .kind = kind, .flags = RELEASE_IPC_FLAG_MEMFD, .n_fds = 1,
                                  .serial = serial };

  release_ipc_length_pack (16, frame);
  release_ipc_envelope_pack (&envelope, frame + 4);
  release_ipc_length_pack (size, frame + 16);
}
