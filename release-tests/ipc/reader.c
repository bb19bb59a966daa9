/* release-tests/ipc/reader.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define LIMIT_BYTES (4 * 1024 * 1024)
#define LARGE_BYTES (3 * 1024 * 1024)

static void
append_frame (GByteArray   *stream,
              gconstpointer data,
              gsize         length)
{
  guint8 head[RELEASE_IPC_LENGTH_SIZE];

  release_ipc_length_pack (length, head);
  g_byte_array_append (stream, head, sizeof head);
  g_byte_array_append (stream, data, length);
}

static void
expect_frame (GQueue       *frames,
              gconstpointer data,
              gsize         length)
{
  g_autoptr(ReleaseIpcFrame) frame = NULL;
  gconstpointer body;
  gsize body_len;

  g_assert_cmpuint (frames->length, >, 0);
  frame = g_queue_pop_head_link (frames)->data;
  body = release_ipc_frame_get_body (frame, &body_len);
  g_assert_cmpmem (body, body_len, data, length);
  g_assert_cmpint (((const char *) body)[body_len], ==, '\0');
}

/* A stream with a frame of every sort. */
static GByteArray *
new_stream (void)
{
  GByteArray *stream = g_byte_array_new ();

  append_frame (stream, "", 0);
  append_frame (stream, "a", 1);
  append_frame (stream, "", 0);
  append_frame (stream, "\0\0\0\5", 4);
  append_frame (stream, "some text in a frame", 20);

  return stream;
}

static void
expect_stream (GQueue *frames)
{
  expect_frame (frames, "", 0);
  expect_frame (frames, "a", 1);
  expect_frame (frames, "", 0);
  expect_frame (frames, "\0\0\0\5", 4);
  expect_frame (frames, "some text in a frame", 20);
  g_assert_cmpuint (frames->length, ==, 0);
}

static void
test_reader_cut_anywhere (void)
{
  g_autoptr(GByteArray) stream = new_stream ();

  g_test_summary ("However a stream is cut into two or three pieces, the same frames come out");

  for (guint i = 0; i <= stream->len; i++)
    for (guint j = i; j <= stream->len; j++)
      {
        ReleaseIpcReader reader;
        GQueue frames = G_QUEUE_INIT;
        g_autoptr(GError) error = NULL;

        release_ipc_reader_init (&reader, 100);
        release_ipc_reader_feed (&reader, stream->data, i, &frames, &error);
        release_ipc_reader_feed (&reader, stream->data + i, j - i, &frames, &error);
        release_ipc_reader_feed (&reader, stream->data + j, stream->len - j, &frames, &error);
        g_assert_no_error (error);
        g_assert_true (release_ipc_reader_is_between (&reader));
        expect_stream (&frames);
        release_ipc_reader_clear (&reader);
      }
}

static void
test_reader_byte_by_byte (void)
{
  g_autoptr(GByteArray) stream = new_stream ();
  ReleaseIpcReader reader;
  GQueue frames = G_QUEUE_INIT;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A stream that comes byte by byte gives the same frames, each at its last byte");

  release_ipc_reader_init (&reader, 100);
  for (guint i = 0; i < stream->len; i++)
    {
      release_ipc_reader_feed (&reader, stream->data + i, 1, &frames, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (frames.length, ==,
                        i < 3 ? 0 : i < 8 ? 1 : i < 12 ? 2 : i < 20 ? 3 : i < 44 ? 4 : 5);
      g_assert_true (release_ipc_reader_is_between (&reader) ==
                     (i == 3 || i == 8 || i == 12 || i == 20 || i == 44));
    }
  expect_stream (&frames);
  release_ipc_reader_clear (&reader);
}

static void
test_reader_cut_in_socket (void)
{
  g_autoptr(GByteArray) stream = new_stream ();

  g_test_summary ("The same from a socket, whose end is told apart from a mere pause");

  for (guint i = 0; i <= stream->len; i++)
    {
      ReleaseIpcReader reader;
      GQueue frames = G_QUEUE_INIT;
      g_autoptr(GError) error = NULL;
      int fds[2];

      make_sockets (fds);
      release_ipc_reader_init (&reader, 100);
      peer_send_bytes (fds[1], stream->data, i);
      if (i > 0)
        g_assert_cmpint (release_ipc_reader_read (&reader, fds[0], FALSE, &frames, &error), ==,
                         RELEASE_IPC_READ_SOME);
      g_assert_cmpint (release_ipc_reader_read (&reader, fds[0], FALSE, &frames, &error), ==,
                       RELEASE_IPC_READ_NOTHING);
      peer_send_bytes (fds[1], stream->data + i, stream->len - i);
      close (fds[1]);
      if (i < stream->len)
        g_assert_cmpint (release_ipc_reader_read (&reader, fds[0], FALSE, &frames, &error), ==,
                         RELEASE_IPC_READ_SOME);
      g_assert_cmpint (release_ipc_reader_read (&reader, fds[0], FALSE, &frames, &error), ==,
                       RELEASE_IPC_READ_EOF);
      g_assert_no_error (error);
      g_assert_true (release_ipc_reader_is_between (&reader));
      expect_stream (&frames);
      release_ipc_reader_clear (&reader);
      close (fds[0]);
    }
}

static void
test_reader_too_big (void)
{
  static const guint32 lengths[] = { 101, 65536, 0x7fffffff, 0x80000000, 0xffffffff };

  g_test_summary ("A length above the limit is an error that names both, and nothing is allocated; "
                  "one at the limit is not");

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      ReleaseIpcReader reader;
      GQueue frames = G_QUEUE_INIT;
      g_autoptr(GError) error = NULL;
      g_autofree char *expected = NULL;
      guint8 stream[9] = { 0, 0, 0, 1, 'x' };

      expected = g_strdup_printf ("Frame of %u bytes exceeds the limit of 100", lengths[i]);
      release_ipc_length_pack (lengths[i], stream + 5);
      release_ipc_reader_init (&reader, 100);
      g_assert_false (release_ipc_reader_feed (&reader, stream, sizeof stream, &frames, &error));
      g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
      g_assert_cmpstr (error->message, ==, expected);
      g_assert_null (reader.body);
      expect_frame (&frames, "x", 1);
      release_ipc_reader_clear (&reader);
    }
}

static void
test_reader_at_limit (void)
{
  ReleaseIpcReader reader;
  GQueue frames = G_QUEUE_INIT;
  g_autoptr(GByteArray) stream = g_byte_array_new ();
  g_autofree char *text = g_strnfill (100, 'x');

  g_test_summary ("A frame as long as the limit is none too long");

  append_frame (stream, text, 100);
  release_ipc_reader_init (&reader, 100);
  g_assert_true (release_ipc_reader_feed (&reader, stream->data, stream->len, &frames, NULL));
  expect_frame (&frames, text, 100);
  release_ipc_reader_clear (&reader);
}

static void
test_reader_memory (void)
{
  ReleaseIpcReader reader;
  GQueue frames = G_QUEUE_INIT;
  g_autofree guint8 *data = g_malloc0 (LARGE_BYTES);
  guint8 head[RELEASE_IPC_LENGTH_SIZE];
  gsize sent = 0;

  g_test_summary ("Memory grows with the bytes that have arrived, not with the length announced");

  release_ipc_reader_init (&reader, 0xffffffff);
  release_ipc_length_pack (0xfffffff0, head);
  g_assert_true (release_ipc_reader_feed (&reader, head, sizeof head, &frames, NULL));
  g_assert_null (reader.body);

  for (gsize n = 1; sent + n <= LARGE_BYTES; n = n * 3 / 2 + 1)
    {
      g_assert_true (release_ipc_reader_feed (&reader, data, n, &frames, NULL));
      sent += n;
      g_assert_cmpuint (reader.body_fill, ==, sent);
      g_assert_cmpuint (reader.body_capacity, <=, MAX (4096, 2 * sent));
    }
  g_assert_cmpuint (frames.length, ==, 0);
  release_ipc_reader_clear (&reader);
  g_assert_true (release_ipc_reader_is_between (&reader));
}

static gpointer
send_thread (gpointer data)
{
  GByteArray *stream = data;
  int fd;

  memcpy (&fd, stream->data, sizeof fd);
  for (gsize at = sizeof fd; at < stream->len;)
    {
      gssize n = send (fd, stream->data + at, stream->len - at, MSG_NOSIGNAL);

      g_assert_cmpint (n, >, 0);
      at += n;
    }
  close (fd);

  return NULL;
}

static void
test_reader_large (void)
{
  ReleaseIpcReader reader;
  ReleaseIpcReadStatus status;
  GQueue frames = G_QUEUE_INIT;
  g_autoptr(GByteArray) stream = g_byte_array_new ();
  g_autofree guint8 *large = g_malloc (LARGE_BYTES);
  g_autoptr(GError) error = NULL;
  GThread *thread;
  int fds[2];

  g_test_summary ("Large frames between small ones come out of a socket as they went in");

  for (gsize i = 0; i < LARGE_BYTES; i++)
    large[i] = i * 7 + i / 251;
  make_sockets (fds);
  g_byte_array_append (stream, (const guint8 *) &fds[1], sizeof (int));
  append_frame (stream, "small", 5);
  append_frame (stream, large, LARGE_BYTES);
  append_frame (stream, "", 0);
  append_frame (stream, large, 70000);
  append_frame (stream, large, LARGE_BYTES);
  append_frame (stream, "end", 3);

  thread = g_thread_new ("send", send_thread, stream);
  release_ipc_reader_init (&reader, LIMIT_BYTES);
  do
    {
      struct pollfd poll_fd = { .fd = fds[0], .events = POLLIN };

      poll (&poll_fd, 1, -1);
      status = release_ipc_reader_read (&reader, fds[0], FALSE, &frames, &error);
      g_assert_no_error (error);
    }
  while (status != RELEASE_IPC_READ_EOF);
  g_thread_join (thread);

  g_assert_true (release_ipc_reader_is_between (&reader));
  expect_frame (&frames, "small", 5);
  expect_frame (&frames, large, LARGE_BYTES);
  expect_frame (&frames, "", 0);
  expect_frame (&frames, large, 70000);
  expect_frame (&frames, large, LARGE_BYTES);
  expect_frame (&frames, "end", 3);
  g_assert_cmpuint (frames.length, ==, 0);
  close (fds[0]);
  release_ipc_reader_clear (&reader);
}

static void
test_reader_eof_in_message (void)
{
  static const char stream[] = "\0\0\0\5hello";

  g_test_summary ("After an end of file in the middle of a frame the reader says that it was so");

  for (gsize i = 0; i < sizeof stream; i++)
    {
      ReleaseIpcReader reader;
      GQueue frames = G_QUEUE_INIT;
      int fds[2];

      make_sockets (fds);
      release_ipc_reader_init (&reader, 100);
      peer_send_bytes (fds[1], stream, i);
      close (fds[1]);
      while (release_ipc_reader_read (&reader, fds[0], FALSE, &frames, NULL) == RELEASE_IPC_READ_SOME)
        ;
      g_assert_true (release_ipc_reader_is_between (&reader) == (i == 0 || i == 9));
      g_assert_cmpuint (frames.length, ==, i == 9 ? 1 : 0);
      if (i == 9)
        expect_frame (&frames, "hello", 5);
      release_ipc_reader_clear (&reader);
      close (fds[0]);
    }
}

static void
test_reader_not_a_socket (void)
{
  ReleaseIpcReader reader;
  GQueue frames = G_QUEUE_INIT;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A failure of the system is an error");

  release_ipc_reader_init (&reader, 100);
  g_assert_cmpint (release_ipc_reader_read (&reader, -1, FALSE, &frames, &error), ==,
                   RELEASE_IPC_READ_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  release_ipc_reader_clear (&reader);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reader/cut-anywhere", test_reader_cut_anywhere);
  g_test_add_func ("/reader/byte-by-byte", test_reader_byte_by_byte);
  g_test_add_func ("/reader/cut-in-socket", test_reader_cut_in_socket);
  g_test_add_func ("/reader/too-big", test_reader_too_big);
  g_test_add_func ("/reader/at-limit", test_reader_at_limit);
  g_test_add_func ("/reader/memory", test_reader_memory);
  g_test_add_func ("/reader/large", test_reader_large);
  g_test_add_func ("/reader/eof-in-message", test_reader_eof_in_message);
  g_test_add_func ("/reader/not-a-socket", test_reader_not_a_socket);

  return g_test_run ();
}
