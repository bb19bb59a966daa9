/* release-tests/buffer/buffer.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <string.h>

static void
assert_text (const ReleaseBuffer *buffer,
             const char          *expected)
{
  gsize length;
  const guint8 *data = release_buffer_get_data (buffer, &length);

  g_assert_cmpmem (data, length, expected, strlen (expected));
}

static ReleaseBuffer *
from_text (const char *text)
{
  return release_buffer_new_from_data ((const guint8 *) text, strlen (text));
}

static void
test_buffer_basics (void)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (10);
  g_autoptr(ReleaseBuffer) filled = release_buffer_new_filled (3, '-');
  g_autoptr(ReleaseBuffer) owned = release_buffer_new_take ((guint8 *) g_strdup ("xyz"), 3);
  gssize index = 7;

  g_test_summary ("Bytes, data, strings and buffers are added, inserted, set, copied and found");

  g_assert_cmpuint (release_buffer_get_length (buffer), ==, 0);
  g_assert_true (release_buffer_append_string (buffer, "hell", NULL));
  g_assert_cmpuint (release_buffer_get_capacity (buffer), >=, 10);
  g_assert_true (release_buffer_append_byte (buffer, 'o', NULL));
  g_assert_true (release_buffer_append_data (buffer, (const guint8 *) " world", 6, NULL));
  assert_text (buffer, "hello world");
  g_assert_true (release_buffer_append_buffer (buffer, filled, NULL));
  g_assert_true (release_buffer_insert (buffer, 5, (const guint8 *) ",", 1, NULL));
  assert_text (buffer, "hello, world---");
  g_assert_true (release_buffer_insert (buffer, 0, (const guint8 *) ">", 1, NULL));
  g_assert_true (release_buffer_insert (buffer, 16, (const guint8 *) "<", 1, NULL));
  assert_text (buffer, ">hello, world---<");

  release_buffer_set_byte (buffer, 0, 'J');
  g_assert_cmpint (release_buffer_get_byte (buffer, 0), ==, 'J');
  g_assert_true (release_buffer_fill (buffer, 13, 3, '!', NULL));
  g_assert_true (release_buffer_blit (owned, 1, buffer, 1, 2, NULL));
  assert_text (buffer, "Jyzllo, world!!!<");

  g_assert_cmpint (release_buffer_index (buffer, 'o'), ==, 5);
  g_assert_true (release_buffer_index_from (buffer, 6, 'o', &index, NULL));
  g_assert_cmpint (index, ==, 9);
  g_assert_true (release_buffer_index_from (buffer, 17, 'o', &index, NULL));
  g_assert_cmpint (index, ==, -1);
  g_assert_cmpint (release_buffer_index (buffer, 'q'), ==, -1);

  g_assert_true (release_buffer_truncate (buffer, 13, NULL));
  g_assert_true (release_buffer_consume (buffer, 8, NULL));
  assert_text (buffer, "world");
  g_assert_true (release_buffer_append_buffer (buffer, buffer, NULL));
  assert_text (buffer, "worldworld");
}

static void
test_buffer_blit_overlap (void)
{
  g_autoptr(ReleaseBuffer) forth = from_text ("abcdefgh");
  g_autoptr(ReleaseBuffer) back = from_text ("abcdefgh");
  g_autoptr(ReleaseBuffer) view = release_buffer_sub (back, 2, 6, NULL);

  g_test_summary ("Parts that overlap are copied as if read before written");

  g_assert_true (release_buffer_blit (forth, 0, forth, 2, 6, NULL));
  assert_text (forth, "ababcdef");
  g_assert_true (release_buffer_blit (view, 0, back, 0, 6, NULL));
  assert_text (back, "cdefghgh");
  assert_text (view, "efghgh");
}

static void
test_buffer_compare (void)
{
  static const char *const ordered[] = { "", "a", "aa", "ab", "b", "\xff" };

  g_test_summary ("Buffers compare byte by byte, the shorter first");

  for (guint i = 0; i < G_N_ELEMENTS (ordered); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ordered); j++)
      {
        g_autoptr(ReleaseBuffer) a = from_text (ordered[i]);
        g_autoptr(ReleaseBuffer) b = from_text (ordered[j]);
        int result = release_buffer_compare (a, b);

        g_assert_cmpint (CLAMP (result, -1, 1), ==, i < j ? -1 : i > j ? 1 : 0);
        g_assert_cmpint (release_buffer_equal (a, b), ==, i == j);
      }
}

static void
test_buffer_view (void)
{
  g_autoptr(ReleaseBuffer) buffer = from_text ("hello world");
  g_autoptr(ReleaseBuffer) view = release_buffer_sub (buffer, 6, 5, NULL);
  g_autoptr(ReleaseBuffer) inner = release_buffer_sub (view, 1, 3, NULL);
  g_autoptr(ReleaseBuffer) empty = release_buffer_sub (buffer, 11, 0, NULL);

  g_test_summary ("A view shares memory until one of both gets longer, and keeps it alive");

  g_assert_cmpuint (release_buffer_get_length (empty), ==, 0);
  release_buffer_set_byte (view, 0, 'W');
  assert_text (buffer, "hello World");
  g_assert_true (release_buffer_fill (buffer, 7, 3, '*', NULL));
  assert_text (view, "W***d");
  assert_text (inner, "***");

  g_assert_true (release_buffer_truncate (view, 2, NULL));
  g_assert_true (release_buffer_append_string (view, "!!", NULL));
  assert_text (view, "W*!!");
  assert_text (buffer, "hello W***d");
  release_buffer_set_byte (buffer, 7, '+');
  assert_text (view, "W*!!");
  assert_text (inner, "+**");

  g_assert_true (release_buffer_consume (buffer, 11, NULL));
  g_assert_true (release_buffer_append_string (buffer, "completely different", NULL));
  assert_text (inner, "+**");
  g_clear_pointer (&buffer, release_buffer_unref);
  g_clear_pointer (&view, release_buffer_unref);
  assert_text (inner, "+**");
}

static void
count_free (gpointer data)
{
  guint *n_freed = data;

  *n_freed += 1;
}

static void
test_buffer_from_bytes (void)
{
  static guint8 data[] = "hello";
  guint n_freed = 0;
  g_autoptr(GBytes) bytes = g_bytes_new_with_free_func (data, 5, count_free, &n_freed);
  g_autoptr(GBytes) back = NULL;
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_from_bytes (bytes);

  g_test_summary ("Bytes become a buffer without a copy, and never change");

  g_assert_true (release_buffer_get_data (buffer, NULL) == data);
  back = release_buffer_to_bytes (buffer);
  g_assert_true (g_bytes_get_data (back, NULL) == data);

  release_buffer_set_byte (buffer, 0, 'J');
  assert_text (buffer, "Jello");
  g_assert_cmpmem (data, 5, "hello", 5);

  g_clear_pointer (&bytes, g_bytes_unref);
  g_assert_cmpuint (n_freed, ==, 0);
  g_clear_pointer (&back, g_bytes_unref);
  g_assert_cmpuint (n_freed, ==, 1);
}

static void
test_buffer_from_large_bytes (void)
{
  g_autoptr(GBytes) large = g_bytes_new_take (g_malloc0 (100000), 100000);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_from_bytes (large);
  g_autoptr(ReleaseBuffer) view = release_buffer_sub (buffer, 10, 100, NULL);
  g_autoptr(GBytes) most = release_buffer_to_bytes (buffer);
  g_autoptr(GBytes) few = release_buffer_to_bytes (view);

  g_test_summary ("A few bytes of many do not hold the rest, whoever the rest belongs to");

  g_assert_true (g_bytes_get_data (most, NULL) == g_bytes_get_data (large, NULL));
  g_assert_cmpuint (g_bytes_get_size (few), ==, 100);
  g_assert_true (g_bytes_get_data (few, NULL) != release_buffer_get_data (view, NULL));
}

static void
test_buffer_to_bytes (void)
{
  g_autoptr(ReleaseBuffer) buffer = from_text ("hello world");
  g_autoptr(GBytes) bytes = release_buffer_to_bytes (buffer);
  const guint8 *data = release_buffer_get_data (buffer, NULL);
  g_autoptr(ReleaseBuffer) view = release_buffer_sub (buffer, 0, 5, NULL);
  g_autoptr(GBytes) small = NULL;

  g_test_summary ("A buffer becomes bytes without a copy, and what changes then is the buffer");

  g_assert_true (g_bytes_get_data (bytes, NULL) == data);
  release_buffer_set_byte (view, 0, 'J');
  g_assert_true (release_buffer_append_string (buffer, "!", NULL));
  assert_text (buffer, "hello world!");
  assert_text (view, "Jello");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "hello world", 11);
  g_clear_pointer (&buffer, release_buffer_unref);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "hello world", 11);

  /* Once the bytes are gone, nobody minds a change in place. */
  buffer = from_text ("again");
  data = release_buffer_get_data (buffer, NULL);
  g_bytes_unref (release_buffer_to_bytes (buffer));
  release_buffer_set_byte (buffer, 0, 'A');
  g_assert_true (release_buffer_get_data (buffer, NULL) == data);

  /* A few bytes do not hold a lot of memory. */
  g_clear_pointer (&buffer, release_buffer_unref);
  buffer = release_buffer_new_filled (10000, 'x');
  g_assert_true (release_buffer_truncate (buffer, 3, NULL));
  small = release_buffer_to_bytes (buffer);
  g_assert_true (g_bytes_get_data (small, NULL) != release_buffer_get_data (buffer, NULL));
  g_assert_cmpmem (g_bytes_get_data (small, NULL), g_bytes_get_size (small), "xxx", 3);
}

static void
test_buffer_ranges (void)
{
  /* Offsets and lengths of which no pair is inside of five bytes. */
  static const gsize outside[][2] = {
    { 0, 6 }, { 5, 1 }, { 6, 0 }, { 3, 3 }, { G_MAXSIZE, 0 }, { G_MAXSIZE, 1 }, { 1, G_MAXSIZE },
    { 0, G_MAXSIZE }, { G_MAXSIZE - 2, 5 }, { G_MAXSSIZE, G_MAXSSIZE }, { G_MAXSIZE, G_MAXSIZE },
  };
  g_autoptr(ReleaseBuffer) buffer = from_text ("hello");
  g_autoptr(ReleaseBuffer) other = release_buffer_new_filled (100, '-');

  g_test_summary ("What goes past the end is an error, overflow included, and changes nothing");

  for (guint i = 0; i < G_N_ELEMENTS (outside); i++)
    {
      gsize offset = outside[i][0];
      gsize length = outside[i][1];
      GError *errors[7] = { NULL };
      gssize index = 7;

      g_assert_null (release_buffer_sub (buffer, offset, length, &errors[0]));
      g_assert_false (release_buffer_fill (buffer, offset, length, 0, &errors[1]));
      g_assert_false (release_buffer_blit (buffer, offset, other, 0, length, &errors[2]));
      g_assert_false (release_buffer_blit (other, 0, buffer, offset, length, &errors[3]));
      g_assert_null (release_buffer_map (buffer, offset, length, &errors[4]));
      g_assert_false (release_buffer_check_range (buffer, offset, length, &errors[5]));
      g_assert_null (release_buffer_peek (buffer, offset, length, &errors[6]));
      for (guint j = 0; j < G_N_ELEMENTS (errors); j++)
        {
          g_assert_error (errors[j], RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);
          g_clear_error (&errors[j]);
        }

      if (offset > 5)
        {
          g_assert_false (release_buffer_insert (buffer, offset, NULL, 0, &errors[0]));
          g_assert_false (release_buffer_index_from (buffer, offset, 'l', &index, &errors[1]));
          g_assert_false (release_buffer_truncate (buffer, offset, &errors[2]));
          g_assert_false (release_buffer_consume (buffer, offset, &errors[3]));
          for (guint j = 0; j < 4; j++)
            {
              g_assert_error (errors[j], RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);
              g_clear_error (&errors[j]);
            }
          g_assert_cmpint (index, ==, 7);
        }
    }
  assert_text (buffer, "hello");
}

static void
test_buffer_byte_mistakes (void)
{
  g_autoptr(ReleaseBuffer) buffer = from_text ("hello");

  g_test_summary ("A single byte past the end is a critical message, never memory");

  g_test_expect_message ("Release", G_LOG_LEVEL_CRITICAL, "*offset < *");
  g_assert_cmpint (release_buffer_get_byte (buffer, 5), ==, 0);
  g_test_assert_expected_messages ();
  g_test_expect_message ("Release", G_LOG_LEVEL_CRITICAL, "*offset < *");
  release_buffer_set_byte (buffer, G_MAXSIZE, 1);
  g_test_assert_expected_messages ();
  assert_text (buffer, "hello");
}

static void
test_buffer_limit (void)
{
  g_autoptr(ReleaseBuffer) buffer = from_text ("hello");
  g_autoptr(GError) error = NULL;

  g_test_summary ("A buffer does not exceed its limit, nor what memory there is");

  g_assert_cmpuint (release_buffer_get_limit (buffer), ==, 0);
  release_buffer_set_limit (buffer, 8);
  g_assert_cmpuint (release_buffer_get_limit (buffer), ==, 8);
  g_assert_true (release_buffer_append_string (buffer, "123", NULL));
  g_assert_cmpuint (release_buffer_get_capacity (buffer), ==, 8);
  g_assert_false (release_buffer_append_byte (buffer, '4', &error));
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (release_buffer_insert (buffer, 0, (const guint8 *) "4", 1, &error));
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);
  g_clear_error (&error);
  assert_text (buffer, "hello123");

  /* What is longer already stays, until it is short enough. */
  release_buffer_set_limit (buffer, 4);
  assert_text (buffer, "hello123");
  g_assert_true (release_buffer_consume (buffer, 5, NULL));
  g_assert_true (release_buffer_append_byte (buffer, '4', NULL));
  assert_text (buffer, "1234");
  g_assert_false (release_buffer_append_byte (buffer, '5', NULL));

  release_buffer_set_limit (buffer, 0);
  g_assert_null (release_buffer_extend (buffer, G_MAXSIZE, &error));
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (release_buffer_extend (buffer, G_MAXSSIZE - 4, &error));
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_FAILED);
  assert_text (buffer, "1234");
}

static void
test_buffer_queue (void)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  guint32 put = 0;
  guint32 taken = 0;
  gsize largest = 0;

  g_test_summary ("A buffer that is filled behind and emptied in front needs bounded memory");

  for (guint i = 0; i < 200000; i++)
    {
      guint32 value = 0;

      g_assert_true (release_buffer_write_uint32 (buffer, put++, RELEASE_BYTE_ORDER_BIG, NULL));
      if (put - taken < 50)
        continue;
      g_assert_true (release_buffer_read_uint32 (buffer, RELEASE_BYTE_ORDER_BIG, &value, NULL));
      g_assert_cmpuint (value, ==, taken++);
      largest = MAX (largest, release_buffer_get_capacity (buffer));
    }
  g_assert_cmpuint (largest, <=, 3 * 50 * sizeof (guint32));
}

static void
test_buffer_geometric (void)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  gsize capacity = 0;
  guint n_growths = 0;

  g_test_summary ("A million bytes, added one at a time, need but a few other pieces of memory");

  for (guint i = 0; i < 1000000; i++)
    {
      g_assert_true (release_buffer_append_byte (buffer, i, NULL));
      if (release_buffer_get_capacity (buffer) != capacity)
        n_growths++;
      capacity = release_buffer_get_capacity (buffer);
    }
  g_assert_cmpuint (n_growths, <, 30);
  g_assert_cmpuint (capacity, <, 2000000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/buffer/basics", test_buffer_basics);
  g_test_add_func ("/buffer/blit-overlap", test_buffer_blit_overlap);
  g_test_add_func ("/buffer/compare", test_buffer_compare);
  g_test_add_func ("/buffer/view-shares", test_buffer_view);
  g_test_add_func ("/buffer/from-bytes", test_buffer_from_bytes);
  g_test_add_func ("/buffer/from-large-bytes", test_buffer_from_large_bytes);
  g_test_add_func ("/buffer/to-bytes", test_buffer_to_bytes);
  g_test_add_func ("/buffer/past-the-end-is-an-error", test_buffer_ranges);
  g_test_add_func ("/buffer/byte-past-the-end-is-critical", test_buffer_byte_mistakes);
  g_test_add_func ("/buffer/limit", test_buffer_limit);
  g_test_add_func ("/buffer/queue-is-bounded", test_buffer_queue);
  g_test_add_func ("/buffer/grows-geometrically", test_buffer_geometric);

  return g_test_run ();
}
