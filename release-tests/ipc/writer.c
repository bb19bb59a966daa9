/* release-tests/ipc/writer.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define N_FRAMES 300
#define LARGE_BYTES (256 * 1024)

static void
shrink_buffer (int fd)
{
  int size = 1;

  g_assert_no_errno (setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
}

/* Takes what has arrived. */
static void
take (int         fd,
      GByteArray *arrived,
      gsize       max)
{
  guint8 chunk[4096];
  gssize n;

  while (max > 0 && (n = recv (fd, chunk, MIN (max, sizeof chunk), MSG_DONTWAIT)) > 0)
    {
      g_byte_array_append (arrived, chunk, n);
      max -= n;
    }
}

static void
test_writer_at_once (void)
{
  ReleaseIpcWriter writer;
  g_autoptr(GError) error = NULL;
  char arrived[16];
  int fds[2];

  g_test_summary ("With nothing queued a frame leaves at once");

  make_sockets (fds);
  release_ipc_writer_init (&writer);
  g_assert_true (release_ipc_writer_write (&writer, fds[0], "head", 4, "body", 4, NULL, &error));
  g_assert_true (release_ipc_writer_write (&writer, fds[0], "head", 4, NULL, 0, NULL, &error));
  g_assert_true (release_ipc_writer_is_empty (&writer));
  g_assert_cmpuint (writer.written, ==, 12);
  g_assert_cmpuint (writer.accepted, ==, 12);
  g_assert_cmpint (recv (fds[1], arrived, sizeof arrived, 0), ==, 12);
  g_assert_cmpmem (arrived, 12, "headbodyhead", 12);
  close (fds[0]);
  close (fds[1]);
}

static void
test_writer_order (void)
{
  ReleaseIpcWriter writer;
  g_autoptr(GByteArray) sent = g_byte_array_new ();
  g_autoptr(GByteArray) arrived = g_byte_array_new ();
  int fds[2];

  g_test_summary ("Through a socket that takes little at a time every byte arrives once and in "
                  "order, small and large, copied and owned");

  make_sockets (fds);
  shrink_buffer (fds[0]);
  release_ipc_writer_init (&writer);

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gsize length = i % 50 == 49 ? LARGE_BYTES : (gsize) g_test_rand_int_range (0, 9000);
      g_autofree guint8 *body = g_malloc (length + 1);
      g_autoptr(GBytes) owner = NULL;
      guint8 head[4];

      for (gsize j = 0; j < length; j++)
        body[j] = i + j;
      release_ipc_length_pack (length, head);
      g_byte_array_append (sent, head, sizeof head);
      g_byte_array_append (sent, body, length);

      if (i % 2 == 0)
        owner = g_bytes_new (body, length);
      if (i % 3 == 0)
        release_ipc_writer_append (&writer, head, sizeof head,
                                   owner != NULL ? g_bytes_get_data (owner, NULL) : body, length,
                                   owner);
      else
        g_assert_true (release_ipc_writer_write (&writer, fds[0], head, sizeof head,
                                                 owner != NULL ? g_bytes_get_data (owner, NULL)
                                                               : body,
                                                 length, owner, NULL));
      g_assert_cmpuint (writer.accepted, ==, sent->len);
      g_assert_cmpuint (writer.accepted - writer.written, ==, writer.queued);
      take (fds[1], arrived, g_test_rand_int_range (0, 20000));
    }

  while (!release_ipc_writer_is_empty (&writer))
    {
      g_assert_true (release_ipc_writer_flush (&writer, fds[0], NULL));
      take (fds[1], arrived, g_test_rand_int_range (1, 20000));
    }
  take (fds[1], arrived, G_MAXSIZE);

  g_assert_cmpuint (writer.segments.length, ==, 0);
  g_assert_cmpmem (arrived->data, arrived->len, sent->data, sent->len);
  close (fds[0]);
  close (fds[1]);
}

static void
test_writer_no_copy (void)
{
  ReleaseIpcWriter writer;
  g_autoptr(GBytes) owner = g_bytes_new_take (g_malloc0 (LARGE_BYTES), LARGE_BYTES);
  gconstpointer data = g_bytes_get_data (owner, NULL);

  g_test_summary ("A large body that has an owner is kept and not copied, and let go when dropped");

  release_ipc_writer_init (&writer);
  release_ipc_writer_append (&writer, "head", 4, data, LARGE_BYTES, owner);
  g_assert_cmpuint (writer.queued, ==, 4 + LARGE_BYTES);
  g_assert_cmpuint (writer.segments.length, ==, 2);
  release_ipc_writer_clear (&writer);
  g_assert_true (release_ipc_writer_is_empty (&writer));
  /* Nobody else holds it: now its memory can be stolen instead of copied. */
  g_assert_true (g_bytes_unref_to_data (g_steal_pointer (&owner), &(gsize) { 0 }) == data);
  g_free ((gpointer) data);
}

static void
test_writer_gathers (void)
{
  ReleaseIpcWriter writer;

  g_test_summary ("Small frames share memory while they wait");

  release_ipc_writer_init (&writer);
  for (guint i = 0; i < 100000; i++)
    release_ipc_writer_append (&writer, "head", 4, "body", 4, NULL);
  g_assert_cmpuint (writer.queued, ==, 800000);
  g_assert_cmpuint (writer.segments.length, <=, 32);
  release_ipc_writer_clear (&writer);
}

static void
test_writer_peer_gone (void)
{
  ReleaseIpcWriter writer;
  g_autoptr(GError) direct = NULL;
  g_autoptr(GError) queued = NULL;
  int fds[2];

  g_test_summary ("A peer that is gone is an error, and no signal");

  make_sockets (fds);
  close (fds[1]);
  release_ipc_writer_init (&writer);
  g_assert_false (release_ipc_writer_write (&writer, fds[0], "head", 4, "body", 4, NULL, &direct));
  g_assert_error (direct, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  release_ipc_writer_append (&writer, "head", 4, "body", 4, NULL);
  g_assert_false (release_ipc_writer_flush (&writer, fds[0], &queued));
  g_assert_error (queued, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  release_ipc_writer_clear (&writer);
  close (fds[0]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/writer/at-once", test_writer_at_once);
  g_test_add_func ("/writer/order", test_writer_order);
  g_test_add_func ("/writer/no-copy", test_writer_no_copy);
  g_test_add_func ("/writer/gathers", test_writer_gathers);
  g_test_add_func ("/writer/peer-gone", test_writer_peer_gone);

  return g_test_run ();
}
