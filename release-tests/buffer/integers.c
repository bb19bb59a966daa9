/* release-tests/buffer/integers.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <stdio.h>
#include <string.h>

/* One kind of integer, its functions seen as if all integers were text. */
typedef struct
{
  const char  *name;
  gsize        size;
  gboolean   (*read_at)  (ReleaseBuffer *buffer, gsize offset, ReleaseByteOrder order,
                          char **text, GError **error);
  gboolean   (*read)     (ReleaseBuffer *buffer, ReleaseByteOrder order,
                          char **text, GError **error);
  gboolean   (*write_at) (ReleaseBuffer *buffer, gsize offset, const char *text,
                          ReleaseByteOrder order, GError **error);
  gboolean   (*write)    (ReleaseBuffer *buffer, const char *text,
                          ReleaseByteOrder order, GError **error);
} Kind;

#define DEFINE_KIND(name, type, format, parse, ...)                                               \
  static gboolean                                                                                 \
  name##_read_at (ReleaseBuffer *buffer, gsize offset, ReleaseByteOrder order, char **text,       \
                  GError **error)                                                                 \
  {                                                                                               \
    type value = 0;                                                                               \
                                                                                                  \
    if (!release_buffer_read_##name##_at (buffer, offset __VA_OPT__ (,) __VA_ARGS__, &value,      \
                                          error))                                                 \
      return FALSE;                                                                               \
    *text = g_strdup_printf ("%" format, value);                                                  \
    return TRUE;                                                                                  \
  }                                                                                               \
  static gboolean                                                                                 \
  name##_read (ReleaseBuffer *buffer, ReleaseByteOrder order, char **text, GError **error)        \
  {                                                                                               \
    type value = 0;                                                                               \
                                                                                                  \
    if (!release_buffer_read_##name (buffer __VA_OPT__ (,) __VA_ARGS__, &value, error))           \
      return FALSE;                                                                               \
    *text = g_strdup_printf ("%" format, value);                                                  \
    return TRUE;                                                                                  \
  }                                                                                               \
  static gboolean                                                                                 \
  name##_write_at (ReleaseBuffer *buffer, gsize offset, const char *text, ReleaseByteOrder order, \
                   GError **error)                                                                \
  {                                                                                               \
    return release_buffer_write_##name##_at (buffer, offset, parse (text, NULL, 10)               \
                                             __VA_OPT__ (,) __VA_ARGS__, error);                  \
  }                                                                                               \
  static gboolean                                                                                 \
  name##_write (ReleaseBuffer *buffer, const char *text, ReleaseByteOrder order, GError **error)  \
  {                                                                                               \
    return release_buffer_write_##name (buffer, parse (text, NULL, 10)                            \
                                        __VA_OPT__ (,) __VA_ARGS__, error);                       \
  }

DEFINE_KIND (uint8, guint8, "u", g_ascii_strtoull)
DEFINE_KIND (int8, gint8, "d", g_ascii_strtoll)
DEFINE_KIND (uint16, guint16, "u", g_ascii_strtoull, order)
DEFINE_KIND (int16, gint16, "d", g_ascii_strtoll, order)
DEFINE_KIND (uint32, guint32, "u", g_ascii_strtoull, order)
DEFINE_KIND (int32, gint32, "d", g_ascii_strtoll, order)
DEFINE_KIND (uint64, guint64, G_GUINT64_FORMAT, g_ascii_strtoull, order)
DEFINE_KIND (int64, gint64, G_GINT64_FORMAT, g_ascii_strtoll, order)

#define DEFINE_LARGE_KIND(name, type)                                                             \
  static gboolean                                                                                 \
  name##_read_at (ReleaseBuffer *buffer, gsize offset, ReleaseByteOrder order, char **text,       \
                  GError **error)                                                                 \
  {                                                                                               \
    type value;                                                                                   \
                                                                                                  \
    if (!release_buffer_read_##name##_at (buffer, offset, order, &value, error))                  \
      return FALSE;                                                                               \
    *text = release_##name##_to_string (&value);                                                  \
    return TRUE;                                                                                  \
  }                                                                                               \
  static gboolean                                                                                 \
  name##_read (ReleaseBuffer *buffer, ReleaseByteOrder order, char **text, GError **error)        \
  {                                                                                               \
    type value;                                                                                   \
                                                                                                  \
    if (!release_buffer_read_##name (buffer, order, &value, error))                               \
      return FALSE;                                                                               \
    *text = release_##name##_to_string (&value);                                                  \
    return TRUE;                                                                                  \
  }                                                                                               \
  static gboolean                                                                                 \
  name##_write_at (ReleaseBuffer *buffer, gsize offset, const char *text, ReleaseByteOrder order, \
                   GError **error)                                                                \
  {                                                                                               \
    type value;                                                                                   \
                                                                                                  \
    g_assert_true (release_##name##_parse (text, &value, NULL));                                  \
    return release_buffer_write_##name##_at (buffer, offset, &value, order, error);               \
  }                                                                                               \
  static gboolean                                                                                 \
  name##_write (ReleaseBuffer *buffer, const char *text, ReleaseByteOrder order, GError **error)  \
  {                                                                                               \
    type value;                                                                                   \
                                                                                                  \
    g_assert_true (release_##name##_parse (text, &value, NULL));                                  \
    return release_buffer_write_##name (buffer, &value, order, error);                            \
  }

DEFINE_LARGE_KIND (uint128, ReleaseUint128)
DEFINE_LARGE_KIND (int128, ReleaseInt128)

#define KIND(name, size) \
  { #name, size, name##_read_at, name##_read, name##_write_at, name##_write }

static const Kind kinds[] = {
  KIND (uint8, 1), KIND (int8, 1), KIND (uint16, 2), KIND (int16, 2), KIND (uint32, 4),
  KIND (int32, 4), KIND (uint64, 8), KIND (int64, 8), KIND (uint128, 16),
  KIND (int128, 16),
};

static const Kind *
find_kind (const char *bits,
           const char *sign)
{
  g_autofree char *name = g_strconcat (strcmp (sign, "signed") == 0 ? "int" : "uint", bits, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0)
      return &kinds[i];

  g_assert_not_reached ();
}

static void
assert_hex (const ReleaseBuffer *buffer,
            const char          *expected)
{
  GString *hex = g_string_new (NULL);
  gsize length;
  const guint8 *data = release_buffer_get_data (buffer, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", data[i]);
  g_assert_cmpstr (hex->str, ==, expected);
  g_string_free (hex, TRUE);
}

static void
check_vector (const Kind       *kind,
              ReleaseByteOrder  order,
              const char       *number,
              const char       *hex)
{
  g_autoptr(ReleaseBuffer) written = release_buffer_new (0);
  g_autoptr(ReleaseBuffer) placed = release_buffer_new_filled (kind->size + 2, 0xee);
  g_autofree char *framed = g_strconcat ("ee", hex, "ee", NULL);
  g_autofree char *at = NULL;
  g_autofree char *front = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (kind->write (written, number, order, &error));
  g_assert_no_error (error);
  assert_hex (written, hex);

  g_assert_true (kind->write_at (placed, 1, number, order, &error));
  g_assert_no_error (error);
  assert_hex (placed, framed);
  g_assert_true (kind->read_at (placed, 1, order, &at, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (at, ==, number);

  g_assert_true (release_buffer_consume (placed, 1, NULL));
  g_assert_true (kind->read (placed, order, &front, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (front, ==, number);
  assert_hex (placed, "ee");
}

static void
test_integers_vectors (void)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "buffer", "integers.py", NULL);
  g_autofree char *seed = g_strdup_printf ("%d", g_test_rand_int_range (0, G_MAXINT));
  const char *argv[] = { g_getenv ("PYTHON"), script, seed, NULL };
  g_autofree char *output = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;
  guint n = 0;
  int status;

  g_test_summary ("Integers have the bytes that Python gives them, and are read from those bytes");

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output,
                               NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);

  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i][0] != '\0'; i++, n++)
    {
      g_auto(GStrv) fields = g_strsplit (lines[i], " ", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, 5);
      check_vector (find_kind (fields[0], fields[1]),
                    strcmp (fields[2], "big") == 0 ? RELEASE_BYTE_ORDER_BIG
                                                   : RELEASE_BYTE_ORDER_LITTLE,
                    fields[3], fields[4]);
    }
  g_assert_cmpuint (n, >, 500);
}

static void
test_integers_ends (void)
{
  g_test_summary ("An integer that does not fit is an error and changes nothing");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const Kind *kind = &kinds[i];
      g_autoptr(ReleaseBuffer) shorter = release_buffer_new_filled (kind->size - 1, 1);
      g_autoptr(ReleaseBuffer) before = release_buffer_dup (shorter);
      g_autoptr(ReleaseBuffer) fits = release_buffer_new_filled (kind->size, 1);
      const gsize offsets[] = { 1, kind->size, kind->size + 1, G_MAXSIZE - kind->size + 1,
                                G_MAXSIZE };
      g_autofree char *text = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_false (kind->read (shorter, RELEASE_BYTE_ORDER_BIG, &text, &error));
      g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);
      g_assert_true (release_buffer_equal (shorter, before));

      release_buffer_set_limit (shorter, kind->size == 1 ? 1 : kind->size);
      if (kind->size == 1)
        g_assert_true (release_buffer_append_byte (shorter, 1, NULL));
      g_clear_error (&error);
      g_assert_false (kind->write (shorter, "1", RELEASE_BYTE_ORDER_BIG, &error));
      g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);

      for (guint j = 0; j < G_N_ELEMENTS (offsets); j++)
        {
          g_clear_error (&error);
          g_assert_false (kind->read_at (fits, offsets[j], RELEASE_BYTE_ORDER_BIG, &text, &error));
          g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);
          g_clear_error (&error);
          g_assert_false (kind->write_at (fits, offsets[j], "1", RELEASE_BYTE_ORDER_BIG, &error));
          g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);
        }
      g_assert_null (text);
    }
}

/* Through a pointer that the compiler cannot see through it is the library's function. */
#define CHECK_ADDRESSES(name, type, size, ...)                                                    \
  G_STMT_START                                                                                    \
    {                                                                                             \
      __typeof__ (&release_buffer_read_##name) volatile read = release_buffer_read_##name;        \
      __typeof__ (&release_buffer_read_##name##_at) volatile read_at =                            \
        release_buffer_read_##name##_at;                                                          \
      __typeof__ (&release_buffer_write_##name) volatile write = release_buffer_write_##name;     \
      __typeof__ (&release_buffer_write_##name##_at) volatile write_at =                          \
        release_buffer_write_##name##_at;                                                         \
      g_autoptr(ReleaseBuffer) ours = release_buffer_new (0);                                     \
      g_autoptr(ReleaseBuffer) theirs = release_buffer_new (0);                                   \
      type value = 0;                                                                             \
                                                                                                  \
      release_buffer_set_limit (theirs, 2 * size);                                                \
      for (int i = 1; i <= 2; i++)                                                                \
        {                                                                                         \
          g_assert_true (release_buffer_write_##name (ours, i * 0x11 __VA_OPT__ (,) __VA_ARGS__,  \
                                                      NULL));                                     \
          g_assert_true (write (theirs, i * 0x11 __VA_OPT__ (,) __VA_ARGS__, NULL));              \
        }                                                                                         \
      g_assert_true (release_buffer_equal (ours, theirs));                                        \
      g_assert_false (write (theirs, 3 __VA_OPT__ (,) __VA_ARGS__, NULL));                        \
      g_assert_true (write_at (theirs, size, 0x33 __VA_OPT__ (,) __VA_ARGS__, NULL));             \
      g_assert_false (write_at (theirs, size + 1, 0x33 __VA_OPT__ (,) __VA_ARGS__, NULL));        \
      g_assert_true (read_at (theirs, size __VA_OPT__ (,) __VA_ARGS__, &value, NULL));            \
      g_assert_cmphex (value, ==, 0x33);                                                          \
      g_assert_false (read_at (theirs, G_MAXSIZE __VA_OPT__ (,) __VA_ARGS__, &value, NULL));      \
      g_assert_true (read (theirs __VA_OPT__ (,) __VA_ARGS__, &value, NULL));                     \
      g_assert_cmphex (value, ==, 0x11);                                                          \
      g_assert_true (read (theirs __VA_OPT__ (,) __VA_ARGS__, &value, NULL));                     \
      g_assert_false (read (theirs __VA_OPT__ (,) __VA_ARGS__, &value, NULL));                    \
    }                                                                                             \
  G_STMT_END

static void
test_integers_addresses (void)
{
  g_test_summary ("The functions of the library do what the inline ones do");

  CHECK_ADDRESSES (uint8, guint8, 1);
  CHECK_ADDRESSES (int8, gint8, 1);
  CHECK_ADDRESSES (uint16, guint16, 2, RELEASE_BYTE_ORDER_BIG);
  CHECK_ADDRESSES (int16, gint16, 2, RELEASE_BYTE_ORDER_LITTLE);
  CHECK_ADDRESSES (uint32, guint32, 4, RELEASE_BYTE_ORDER_LITTLE);
  CHECK_ADDRESSES (int32, gint32, 4, RELEASE_BYTE_ORDER_BIG);
  CHECK_ADDRESSES (uint64, guint64, 8, RELEASE_BYTE_ORDER_BIG);
  CHECK_ADDRESSES (int64, gint64, 8, RELEASE_BYTE_ORDER_LITTLE);
}

static void
test_integers_shared (void)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_filled (8, 0);
  g_autoptr(ReleaseBuffer) view = release_buffer_sub (buffer, 0, 4, NULL);
  g_autoptr(GBytes) bytes = NULL;

  g_test_summary ("An integer written behind a view or over bytes leaves the rest alone");

  g_assert_true (release_buffer_write_uint16 (view, 0xffff, RELEASE_BYTE_ORDER_BIG, NULL));
  assert_hex (view, "00000000ffff");
  assert_hex (buffer, "0000000000000000");

  bytes = release_buffer_to_bytes (buffer);
  g_assert_true (release_buffer_write_uint16_at (buffer, 6, 0xffff, RELEASE_BYTE_ORDER_BIG, NULL));
  assert_hex (buffer, "000000000000ffff");
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (bytes, NULL))[7], ==, 0);
}

static void
test_integers_shared_with_room (void)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (64);
  g_autoptr(ReleaseBuffer) view = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_test_summary ("Room behind a buffer is no leave to change what its bytes have become");

  g_assert_true (release_buffer_write_uint64 (buffer, 0, RELEASE_BYTE_ORDER_BIG, NULL));
  g_assert_true (release_buffer_write_uint64 (buffer, 0, RELEASE_BYTE_ORDER_BIG, NULL));
  g_assert_cmpuint (release_buffer_get_capacity (buffer), >, 16);

  /* A view of the room's owner may come and go, and bytes be made of either. */
  view = release_buffer_sub (buffer, 0, 8, NULL);
  bytes = release_buffer_to_bytes (view);
  g_clear_pointer (&view, release_buffer_unref);
  g_assert_true (release_buffer_write_uint8_at (buffer, 0, 0xff, NULL));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\0\0\0\0\0\0", 8);
  assert_hex (buffer, "ff000000000000000000000000000000");

  g_clear_pointer (&bytes, g_bytes_unref);
  g_assert_true (release_buffer_write_uint8 (buffer, 1, NULL));
  bytes = release_buffer_to_bytes (buffer);
  g_assert_true (release_buffer_truncate (buffer, 8, NULL));
  g_assert_true (release_buffer_write_uint64 (buffer, G_MAXUINT64, RELEASE_BYTE_ORDER_BIG, NULL));
  g_assert_true (release_buffer_write_uint8_at (buffer, 0, 0xee, NULL));
  assert_hex (buffer, "ee00000000000000ffffffffffffffff");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   "\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 17);
}

static void
test_integers_emptied (void)
{
  static guint8 data[8];
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, sizeof data);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_from_bytes (bytes);
  guint64 value = 1;

  g_test_summary ("A buffer that reading has emptied is as good as a new one");

  g_assert_true (release_buffer_read_uint64 (buffer, RELEASE_BYTE_ORDER_BIG, &value, NULL));
  g_assert_cmpuint (value, ==, 0);
  g_assert_cmpuint (release_buffer_get_length (buffer), ==, 0);
  g_assert_nonnull (release_buffer_map (buffer, 0, 0, NULL));
  g_assert_true (release_buffer_fill (buffer, 0, 0, 1, NULL));
  g_assert_true (release_buffer_consume (buffer, 0, NULL));
  g_assert_false (release_buffer_write_uint8_at (buffer, 0, 1, NULL));
  g_assert_true (release_buffer_write_uint16 (buffer, 0x0102, RELEASE_BYTE_ORDER_BIG, NULL));
  assert_hex (buffer, "0102");
  for (gsize i = 0; i < sizeof data; i++)
    g_assert_cmpuint (data[i], ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/integers/bytes-of-another-implementation", test_integers_vectors);
  g_test_add_func ("/integers/past-the-end-is-an-error", test_integers_ends);
  g_test_add_func ("/integers/functions-have-addresses", test_integers_addresses);
  g_test_add_func ("/integers/shared-memory-stays", test_integers_shared);
  g_test_add_func ("/integers/shared-memory-with-room-stays", test_integers_shared_with_room);
  g_test_add_func ("/integers/emptied-buffer-is-usable", test_integers_emptied);

  return g_test_run ();
}
