/* release-tests/ipc/frame.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-block-private.h"
#include "release-tests/ipc/ipc-test.h"

static void
assert_protocol_error (GError     *error,
                       const char *pattern)
{
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

static void
test_frame_length (void)
{
  const guint8 bytes[] = { 0x01, 0x02, 0xfe, 0xff };
  guint8 out[4];

  g_test_summary ("A length is four bytes, big endian, unsigned");

  g_assert_cmpuint (release_ipc_length_unpack (bytes), ==, 0x0102feff);
  release_ipc_length_pack (0xfffefdfc, out);
  g_assert_cmpmem (out, 4, "\xff\xfe\xfd\xfc", 4);
  g_assert_cmpuint (release_ipc_length_unpack (out), ==, 0xfffefdfc);
}

static void
test_frame_envelope (void)
{
  const guint8 bytes[] = { 2, 0x50, 3, 0, 0x01, 0x02, 0xfd, 0xfe, 0x80, 0x00, 0x00, 0x07, 'x' };
  ReleaseIpcEnvelope envelope = { 0 };
  g_autoptr(GError) error = NULL;
  guint8 out[RELEASE_IPC_ENVELOPE_SIZE];

  g_test_summary ("An envelope is the twelve bytes that the design says");

  g_assert_true (release_ipc_envelope_unpack (&envelope, bytes, sizeof bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (envelope.kind, ==, RELEASE_IPC_KIND_REQUEST);
  g_assert_cmpuint (envelope.flags, ==, 0x50);
  g_assert_cmpuint (envelope.n_fds, ==, 3);
  g_assert_cmpuint (envelope.serial, ==, 0x0102fdfe);
  g_assert_cmpuint (envelope.timeout_msec, ==, 0x80000007);

  release_ipc_envelope_pack (&envelope, out);
  g_assert_cmpmem (out, sizeof out, bytes, sizeof out);
}

static void
test_frame_bad_envelope (void)
{
  static const struct
  {
    guint8      bytes[13];
    gsize       length;
    const char *pattern;
  } cases[] = {
    { { 2 }, 0, "Frame of 0 bytes is too short*" },
    { { 2 }, 11, "Frame of 11 bytes is too short*" },
    { { 0 }, 12, "*unknown kind 0" },
    { { 7 }, 12, "*unknown kind 7" },
    { { 255 }, 12, "*unknown kind 255" },
    { { 2, 0x03 }, 12, "*unknown flags 0x02" },
    { { 2, 0x88 }, 12, "*unknown flags 0x08" },
    { { 2, 0, 0, 9 }, 12, "*9 in its reserved byte" },
    { { 6 }, 13, "Cancel has a body of 1 bytes" },
  };

  g_test_summary ("An envelope that breaks a rule is refused, and the error says what is wrong");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ReleaseIpcEnvelope envelope = { .serial = 77 };
      g_autoptr(GError) error = NULL;

      g_assert_false (release_ipc_envelope_unpack (&envelope, cases[i].bytes, cases[i].length,
                                                   &error));
      assert_protocol_error (error, cases[i].pattern);
      g_assert_cmpuint (envelope.serial, ==, 77);
    }
}

static void
test_frame_memfd (void)
{
  const guint8 head[] = { 0, 1, 0, 12, 3, 0x50, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 };
  const guint8 bytes[] = { 0, 0, 0, 16, 3, 0x51, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 0 };
  guint8 out[RELEASE_IPC_MEMFD_FRAME_SIZE];

  g_test_summary ("A frame whose body is in a memfd says so, and how long the body is");

  release_ipc_memfd_frame_pack (head, out);
  g_assert_cmpmem (out, sizeof out, bytes, sizeof bytes);
}

static void
test_frame_hello (void)
{
  const guint8 bytes[] = { 'R', 'L', 'S', 'E', 0, 1, 0x12, 0x34, 0, 0, 0, 5, 0, 1, 0, 0,
                           0, 0, 1, 0, 0, 0, 0, 9, 'm', 'o', 'r', 'e' };
  ReleaseIpcHello hello;
  g_autoptr(GError) error = NULL;
  guint8 out[RELEASE_IPC_HELLO_SIZE];

  g_test_summary ("A hello is the 24 bytes that the design says; a later version may append to it");

  g_assert_true (release_ipc_hello_unpack (&hello, bytes, sizeof bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (hello.lowest, ==, 1);
  g_assert_cmpuint (hello.highest, ==, 0x1234);
  g_assert_cmpuint (hello.features, ==, 5);
  g_assert_cmpuint (hello.max_message, ==, 65536);
  g_assert_cmpuint (hello.max_in_flight, ==, 256);
  g_assert_cmpuint (hello.max_fds, ==, 9);

  release_ipc_hello_pack (&hello, out);
  g_assert_cmpmem (out, sizeof out, bytes, sizeof out);
}

static void
test_frame_bad_hello (void)
{
  static const struct
  {
    ReleaseIpcHello hello;
    gsize           length;
    const char     *pattern;
  } cases[] = {
    { { 1, 1, 0, 64, 1, 0 }, 23, "Hello of 23 bytes*" },
    { { 0, 1, 0, 64, 1, 0 }, 24, "Hello has the versions 0 to 1" },
    { { 2, 1, 0, 64, 1, 0 }, 24, "Hello has the versions 2 to 1" },
    { { 2, 3, 0, 64, 1, 0 }, 24, "*no version below 2*none above 1" },
    { { 1, 1, 0, 63, 1, 0 }, 24, "*messages of 63 bytes, 1 in flight" },
    { { 1, 1, 0, 64, 0, 0 }, 24, "*messages of 64 bytes, 0 in flight" },
  };
  ReleaseIpcHello hello = cases[1].hello;
  g_autoptr(GError) magic = NULL;
  guint8 bytes[RELEASE_IPC_HELLO_SIZE];

  g_test_summary ("A hello of another protocol, version or with impossible limits is refused");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      release_ipc_hello_pack (&cases[i].hello, bytes);
      g_assert_false (release_ipc_hello_unpack (&hello, bytes, cases[i].length, &error));
      assert_protocol_error (error, cases[i].pattern);
    }

  release_ipc_hello_pack (&cases[0].hello, bytes);
  bytes[3] = 'X';
  g_assert_false (release_ipc_hello_unpack (&hello, bytes, sizeof bytes, &magic));
  assert_protocol_error (magic, "Hello of 24 bytes is none*");
}

static void
test_frame_error (void)
{
  g_autoptr(GError) failure = g_error_new (G_FILE_ERROR, -3, "No “file”");
  g_autoptr(GError) error = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *message = NULL;
  guint8 body[RELEASE_IPC_ERROR_SIZE_MAX];
  gsize length;
  int code;

  g_test_summary ("An error keeps its domain, code and message");

  length = release_ipc_error_body_pack (failure, body, sizeof body);
  g_assert_cmpmem (body, 4, "\xff\xff\xff\xfd", 4);
  g_assert_cmpuint (length, ==, 8 + strlen ("g-file-error-quark") + strlen (failure->message));
  g_assert_true (release_ipc_error_body_unpack (body, length, &domain, &code, &message, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (domain, ==, "g-file-error-quark");
  g_assert_cmpint (code, ==, -3);
  g_assert_cmpstr (message, ==, failure->message);
}

static void
test_frame_long_error (void)
{
  g_autofree char *name = g_strnfill (300, 'd');
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) failure = NULL;
  guint8 body[RELEASE_IPC_ERROR_SIZE_MAX];

  g_test_summary ("A long error is cut off between two characters, to what the peer takes");

  while (text->len < 6000)
    g_string_append (text, "€");
  failure = g_error_new_literal (g_quark_from_string (name), 1, text->str);

  for (gsize max = 8; max < sizeof body + 20; max += max < 300 ? 1 : 97)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *domain = NULL;
      g_autofree char *message = NULL;
      gsize length = release_ipc_error_body_pack (failure, body, max);
      int code;

      g_assert_cmpuint (length, <=, max);
      g_assert_true (release_ipc_error_body_unpack (body, length, &domain, &code, &message,
                                                    &error));
      g_assert_cmpuint (strlen (domain), <=, RELEASE_IPC_ERROR_DOMAIN_MAX);
      g_assert_cmpuint (strlen (message), <=, RELEASE_IPC_ERROR_MESSAGE_MAX);
      g_assert_true (g_str_has_prefix (name, domain));
      g_assert_true (g_str_has_prefix (text->str, message));
      if (max >= sizeof body)
        g_assert_cmpuint (strlen (message), >, RELEASE_IPC_ERROR_MESSAGE_MAX - 3);
    }
}

static void
test_frame_error_not_utf8 (void)
{
  g_autoptr(GError) failure = g_error_new_literal (G_FILE_ERROR, 1, "bad \xff byte");
  g_autoptr(GError) error = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *message = NULL;
  guint8 body[RELEASE_IPC_ERROR_SIZE_MAX];
  gsize length;
  int code;

  g_test_summary ("A message that is no UTF-8 is made so before it leaves");

  length = release_ipc_error_body_pack (failure, body, sizeof body);
  g_assert_true (release_ipc_error_body_unpack (body, length, &domain, &code, &message, &error));
  g_assert_cmpstr (message, ==, "bad \xef\xbf\xbd byte");
}

static void
test_frame_bad_error (void)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
  } cases[] = {
    { "", 0 },
    { "\0\0\0\1\0\0\0", 7 },
    { "\0\0\0\1\0\1\0\1d", 9 },
    { "\0\0\0\1\0\1\0\1dmx", 11 },
    { "\0\0\0\1\0\1\0\1\xffm", 10 },
    { "\0\0\0\1\0\1\0\1d\xff", 10 },
    { "\0\0\0\1\0\1\0\1d\0", 10 },
    { "\0\0\0\1\0\2\0\1\0dm", 11 },
    { "\0\0\0\1\xff\xff\xff\xff", 8 },
  };
  g_autofree guint8 *big = g_malloc0 (8 + 129 + 4097);

  g_test_summary ("An error that is cut off, too long, or holds anything but text is refused");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      char *domain = NULL, *message = NULL;
      int code;

      g_assert_false (release_ipc_error_body_unpack ((const guint8 *) cases[i].bytes,
                                                     cases[i].length, &domain, &code, &message,
                                                     &error));
      assert_protocol_error (error, "Error *");
      g_assert_null (domain);
      g_assert_null (message);
    }

  memset (big, 'x', 8 + 129 + 4097);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      char *domain, *message;
      guint16 domain_len = i == 0 ? 129 : 1, message_len = i == 0 ? 1 : 4097;
      int code;

      big[4] = domain_len >> 8;
      big[5] = domain_len & 0xff;
      big[6] = message_len >> 8;
      big[7] = message_len & 0xff;
      g_assert_false (release_ipc_error_body_unpack (big, 8 + domain_len + message_len, &domain,
                                                     &code, &message, &error));
      assert_protocol_error (error, "Error of * is malformed");
    }
}

static void
test_frame_body (gconstpointer user_data)
{
  gboolean is_large = GPOINTER_TO_INT (user_data);
  const char payload[] = "\2\0\0\0\0\0\0\1\0\0\0\0body";
  gsize payload_len = sizeof payload - 1;
  ReleaseIpcFrame *frame;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  gconstpointer body;
  gsize length;

  g_test_summary ("The body of a frame is what follows its envelope, ends with a NUL, and as bytes "
                  "outlives the frame");

  if (is_large)
    frame = release_ipc_frame_new_take (NULL, memcpy (release_ipc_block_new (sizeof payload),
                                                      payload, sizeof payload), payload_len);
  else
    frame = release_ipc_frame_new (NULL, payload, payload_len);
  g_assert_true (release_ipc_frame_open_envelope (frame, &error));
  g_assert_cmpuint (frame->envelope.serial, ==, 1);

  body = release_ipc_frame_get_body (frame, &length);
  g_assert_cmpuint (length, ==, 4);
  g_assert_cmpstr (body, ==, "body");
  bytes = g_bytes_ref (release_ipc_frame_get_bytes (frame));
  g_assert_true (bytes == release_ipc_frame_get_bytes (frame));
  body = release_ipc_frame_get_body (frame, &length);
  g_assert_cmpstr (body, ==, "body");
  release_ipc_frame_free (frame);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "body", 4);
}

static void
test_frame_batch (gconstpointer user_data)
{
  static const char *const texts[] = { "one", "", "three, which is longer" };
  gboolean is_shared = GPOINTER_TO_INT (user_data);
  ReleasePool pool = { { NULL } };
  gsize kept_size;
  ReleaseIpcFrame *frames[G_N_ELEMENTS (texts)];
  g_autoptr(GBytes) bytes = NULL;
  ReleaseIpcBatch *batch;
  gsize size = 0;

  g_test_summary ("Frames of a batch go one by one, in any order, and bytes of one outlive all");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    size += release_ipc_frame_get_size (strlen (texts[i]));
  batch = release_ipc_batch_new (&pool, size);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    frames[i] = release_ipc_batch_add (batch, texts[i], strlen (texts[i]));
  g_assert_cmpuint (batch->fill, ==, batch->capacity);

  release_ipc_frame_free (frames[1]);
  g_assert_cmpstr ((const char *) frames[2]->data, ==, texts[2]);
  if (is_shared)
    {
      bytes = g_bytes_ref (release_ipc_frame_share_bytes (frames[0]));
      g_assert_true (g_bytes_get_data (bytes, NULL) == frames[0]->data);
    }
  else
    {
      bytes = g_bytes_ref (release_ipc_frame_get_bytes (frames[0]));
      g_assert_true (g_bytes_get_data (bytes, NULL) != frames[0]->data);
    }
  g_assert_true (bytes == release_ipc_frame_get_bytes (frames[0]));
  release_ipc_frame_free (frames[0]);
  release_ipc_frame_free (frames[2]);
  /* What bytes still need, nobody else gets. */
  kept_size = release_pool_round_up (sizeof (ReleaseIpcBatch) + size);
  g_assert_cmpuint (pool.kept_size, ==,
                    is_shared || RELEASE_POOL_KEPT_MAX == 0 ? 0 : kept_size);
  release_pool_clear (&pool);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "one", 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frame/length", test_frame_length);
  g_test_add_func ("/frame/envelope", test_frame_envelope);
  g_test_add_func ("/frame/bad-envelope", test_frame_bad_envelope);
  g_test_add_func ("/frame/memfd", test_frame_memfd);
  g_test_add_func ("/frame/hello", test_frame_hello);
  g_test_add_func ("/frame/bad-hello", test_frame_bad_hello);
  g_test_add_func ("/frame/error", test_frame_error);
  g_test_add_func ("/frame/long-error", test_frame_long_error);
  g_test_add_func ("/frame/error-not-utf8", test_frame_error_not_utf8);
  g_test_add_func ("/frame/bad-error", test_frame_bad_error);
  g_test_add_data_func ("/frame/body/small", GINT_TO_POINTER (FALSE), test_frame_body);
  g_test_add_data_func ("/frame/body/large", GINT_TO_POINTER (TRUE), test_frame_body);
  g_test_add_data_func ("/frame/batch/copied", GINT_TO_POINTER (FALSE), test_frame_batch);
  g_test_add_data_func ("/frame/batch/shared", GINT_TO_POINTER (TRUE), test_frame_batch);

  return g_test_run ();
}
