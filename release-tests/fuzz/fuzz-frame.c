/* release-tests/fuzz/fuzz-frame.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A stream of bytes gives the same frames however it is cut, and what the decoders of envelopes,
 * hellos and errors accept they encode again to the same bytes. The first byte says how to cut.
 */

#include "config.h"

#include "release-tests/fuzz/fuzz.h"
#include "release/ipc/release-ipc-reader-private.h"

#include <string.h>

#define LIMIT_BYTES 5000

static void
check_hello (const guint8 *body,
             gsize         length)
{
  ReleaseIpcHello hello;
  guint8 again[RELEASE_IPC_HELLO_SIZE];

  if (!release_ipc_hello_unpack (&hello, body, length, NULL))
    return;

  release_ipc_hello_pack (&hello, again);
  g_assert_cmpmem (again, sizeof again, body, sizeof again);
}

static void
check_error (const guint8 *body,
             gsize         length)
{
  g_autofree char *domain = NULL;
  g_autofree char *message = NULL;
  g_autoptr(GError) failure = NULL;
  guint8 again[RELEASE_IPC_ERROR_SIZE_MAX];
  const char *known;
  gsize again_len;
  int code;

  if (!release_ipc_error_body_unpack (body, length, &domain, &code, &message, NULL))
    return;

  /* A quark is never freed: the domain is not made one, its place is checked by hand. */
  failure = g_error_new_literal (G_FILE_ERROR, code, message);
  known = g_quark_to_string (G_FILE_ERROR);
  again_len = release_ipc_error_body_pack (failure, again, sizeof again);
  g_assert_cmpuint (again_len, ==, 8 + strlen (known) + strlen (message));
  g_assert_cmpmem (again, 4, body, 4);
  g_assert_cmpmem (again + 6, 2, body + 6, 2);
  g_assert_cmpmem (again + 8 + strlen (known), strlen (message),
                   body + 8 + strlen (domain), length - 8 - strlen (domain));
}

static void
check_frame (ReleaseIpcFrame *frame)
{
  g_autoptr(GError) error = NULL;
  guint8 again[RELEASE_IPC_ENVELOPE_SIZE];
  gsize length;
  const guint8 *body;

  /* What stands in a frame without an envelope goes to the other decoders as it is. */
  body = release_ipc_frame_get_body (frame, &length);
  g_assert_cmpint (body[length], ==, '\0');
  check_hello (body, length);
  check_error (body, length);
  if (!release_ipc_frame_open_envelope (frame, &error))
    {
      g_assert_nonnull (error);
      return;
    }

  release_ipc_envelope_pack (&frame->envelope, again);
  g_assert_cmpmem (again, sizeof again, body, sizeof again);
  body = release_ipc_frame_get_body (frame, &length);
  g_assert_cmpuint (g_bytes_get_size (release_ipc_frame_get_bytes (frame)), ==, length);
  check_hello (body, length);
  check_error (body, length);
}

/* Feeds @data in pieces whose lengths @seed decides; 0 feeds it at once. */
static gboolean
feed (ReleaseIpcReader  *reader,
      const guint8      *data,
      gsize              size,
      guint              seed,
      GQueue            *frames,
      GError           **error)
{
  for (gsize at = 0; at < size;)
    {
      gsize n = seed == 0 ? size : 1 + seed % 13;

      n = MIN (n, size - at);
      if (!release_ipc_reader_feed (reader, data + at, n, frames, error))
        return FALSE;
      g_assert_cmpuint (reader->body_capacity, <=, LIMIT_BYTES);
      at += n;
      seed = seed != 0 ? seed * 1103515245 + 12345 : 0;
    }

  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  ReleaseIpcReader whole, cut;
  GQueue whole_frames = G_QUEUE_INIT, cut_frames = G_QUEUE_INIT;
  g_autoptr(GError) whole_error = NULL;
  g_autoptr(GError) cut_error = NULL;
  gboolean is_good;

  if (size == 0)
    return 0;

  release_ipc_reader_init (&whole, LIMIT_BYTES);
  release_ipc_reader_init (&cut, LIMIT_BYTES);
  is_good = feed (&whole, data + 1, size - 1, 0, &whole_frames, &whole_error);
  g_assert_true (feed (&cut, data + 1, size - 1, 1 + data[0], &cut_frames, &cut_error) == is_good);
  g_assert_true (is_good == (whole_error == NULL));
  if (!is_good)
    g_assert_cmpstr (whole_error->message, ==, cut_error->message);
  else
    g_assert_true (release_ipc_reader_is_between (&whole) == release_ipc_reader_is_between (&cut));

  g_assert_cmpuint (whole_frames.length, ==, cut_frames.length);
  while (whole_frames.length > 0)
    {
      g_autoptr(ReleaseIpcFrame) a = g_queue_pop_head_link (&whole_frames)->data;
      g_autoptr(ReleaseIpcFrame) b = g_queue_pop_head_link (&cut_frames)->data;

      g_assert_cmpmem (a->data, a->length, b->data, b->length);
      check_frame (a);
      check_frame (b);
    }
  release_ipc_reader_clear (&whole);
  release_ipc_reader_clear (&cut);

  return 0;
}
