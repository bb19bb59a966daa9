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

static gboolean
uint128_read_at (ReleaseBuffer     *buffer,
                 gsize              offset,
                 ReleaseByteOrder   order,
                 char             **text,
                 GError           **error)
{
  ReleaseUint128 value;

  if (!release_buffer_read_uint128_at (buffer, offset, order, &value, error))
    return FALSE;

  *text = release_uint128_to_string (&value);
  return TRUE;
}

static gboolean
uint128_read (ReleaseBuffer     *buffer,
              ReleaseByteOrder   order,
              char             **text,
              GError           **error)
{
  ReleaseUint128 value;

  if (!release_buffer_read_uint128 (buffer, order, &value, error))
    return FALSE;

  *text = release_uint128_to_string (&value);
  return TRUE;
}

static gboolean
uint128_write_at (ReleaseBuffer     *buffer,
                  gsize              offset,
                  const char        *text,
                  ReleaseByteOrder   order,
                  GError           **error)
{
  ReleaseUint128 value;

  g_assert_true (release_uint128_parse (text, &value, NULL));
  return release_buffer_write_uint128_at (buffer, offset, &value, order, error);
}

static gboolean
uint128_write (ReleaseBuffer     *buffer,
               const char        *text,
               ReleaseByteOrder   order,
               GError           **error)
{
  ReleaseUint128 value;

  g_assert_true (release_uint128_parse (text, &value, NULL));
  return release_buffer_write_uint128 (buffer, &value, order, error);
}

#define KIND(name, size) \
  { #name, size, name##_read_at, name##_read, name##_write_at, name##_write }

static const Kind kinds[] = {
  KIND (uint8, 1), KIND (int8, 1), KIND (uint16, 2), KIND (int16, 2), KIND (uint32, 4),
  KIND (int32, 4), KIND (uint64, 8), KIND (int64, 8), KIND (uint128, 16),
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

static void
test_integers_addresses (void)
{
  gboolean (*read) (ReleaseBuffer *, ReleaseByteOrder, guint32 *, GError **) =
    release_buffer_read_uint32;
  gboolean (*write) (ReleaseBuffer *, guint32, ReleaseByteOrder, GError **) =
    release_buffer_write_uint32;
  gboolean (*read_at) (const ReleaseBuffer *, gsize, ReleaseByteOrder, guint32 *, GError **) =
    release_buffer_read_uint32_at;
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  guint32 value = 0;

  g_test_summary ("The functions of the library do what the inline ones do");

  g_assert_true (write (buffer, 0x01020304, RELEASE_BYTE_ORDER_LITTLE, NULL));
  assert_hex (buffer, "04030201");
  g_assert_true (read_at (buffer, 0, RELEASE_BYTE_ORDER_BIG, &value, NULL));
  g_assert_cmphex (value, ==, 0x04030201);
  g_assert_true (read (buffer, RELEASE_BYTE_ORDER_LITTLE, &value, NULL));
  g_assert_cmphex (value, ==, 0x01020304);
  g_assert_false (read (buffer, RELEASE_BYTE_ORDER_LITTLE, &value, NULL));
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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/integers/bytes-of-another-implementation", test_integers_vectors);
  g_test_add_func ("/integers/past-the-end-is-an-error", test_integers_ends);
  g_test_add_func ("/integers/functions-have-addresses", test_integers_addresses);
  g_test_add_func ("/integers/shared-memory-stays", test_integers_shared);

  return g_test_run ();
}
