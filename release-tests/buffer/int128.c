/* release-tests/buffer/int128.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Built twice, as uint128.c is.
 */

#include "config.h"

#include <release/release.h>

#include <string.h>

typedef struct
{
  gint64      high;
  guint64     low;
  const char *decimal;
  const char *hex;
} Known;

static const Known known[] = {
  { G_MININT64, 0, "-170141183460469231731687303715884105728",
    "-0x80000000000000000000000000000000" },
  { G_MININT64, 1, "-170141183460469231731687303715884105727",
    "-0x7fffffffffffffffffffffffffffffff" },
  { -2, G_MAXUINT64, "-18446744073709551617", "-0x10000000000000001" },
  { -1, 0, "-18446744073709551616", "-0x10000000000000000" },
  { -1, 1, "-18446744073709551615", "-0xffffffffffffffff" },
  { -1, G_MAXUINT64, "-1", "-0x1" },
  { 0, 0, "0", "0x0" },
  { 0, 1, "1", "0x1" },
  { 0, G_MAXUINT64, "18446744073709551615", "0xffffffffffffffff" },
  { 1, 0, "18446744073709551616", "0x10000000000000000" },
  { G_MAXINT64, G_MAXUINT64, "170141183460469231731687303715884105727",
    "0x7fffffffffffffffffffffffffffffff" },
};

static void
test_int128_text (void)
{
  g_test_summary ("Known numbers read and write as decimal and hexadecimal text");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      ReleaseInt128 expected = { known[i].high, known[i].low };
      g_autofree char *decimal = release_int128_to_string (&expected);
      g_autofree char *hex = release_int128_to_hex_string (&expected);
      g_autofree char *upper = g_ascii_strup (known[i].hex, -1);
      const char *texts[] = { known[i].decimal, known[i].hex, upper };

      g_assert_cmpstr (decimal, ==, known[i].decimal);
      g_assert_cmpstr (hex, ==, known[i].hex);
      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        {
          ReleaseInt128 value = { 7, 7 };
          g_autoptr(GError) error = NULL;

          g_assert_true (release_int128_parse (texts[j], &value, &error));
          g_assert_no_error (error);
          g_assert_true (release_int128_equal (&value, &expected));
        }
    }
}

static void
test_int128_zero (void)
{
  static const char *const texts[] = { "-0", "-0x0", "-000", "0", "000", "0x000" };

  g_test_summary ("There is one zero");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ReleaseInt128 value = { 7, 7 };
      g_autofree char *text = NULL;

      g_assert_true (release_int128_parse (texts[i], &value, NULL));
      text = release_int128_to_string (&value);
      g_assert_cmpstr (text, ==, "0");
    }
}

static void
test_int128_refusals (void)
{
  static const char *const invalid[] = {
    "", "-", "--1", "-+1", "+1", " -1", "- 1", "-1 ", "-0x", "0x", "0x-1", "-0xg", "-12a", "-1.5",
    "-\xff", "-99999999999999999999999999999999999999999999999x",
  };
  static const char *const too_large[] = {
    "170141183460469231731687303715884105728", "-170141183460469231731687303715884105729",
    "0x80000000000000000000000000000000", "-0x80000000000000000000000000000001",
    "340282366920938463463374607431768211455", "-340282366920938463463374607431768211455",
    "340282366920938463463374607431768211456", "-340282366920938463463374607431768211456",
    "-0x100000000000000000000000000000000",
  };

  g_test_summary ("What is no number, or too large a one, is a named error and sets nothing");

  for (guint i = 0; i < G_N_ELEMENTS (invalid) + G_N_ELEMENTS (too_large); i++)
    {
      gboolean is_number = i >= G_N_ELEMENTS (invalid);
      const char *text = is_number ? too_large[i - G_N_ELEMENTS (invalid)] : invalid[i];
      ReleaseInt128 value = { 7, 7 };
      g_autoptr(GError) error = NULL;

      g_assert_false (release_int128_parse (text, &value, &error));
      g_assert_error (error, G_NUMBER_PARSER_ERROR,
                      is_number ? G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS
                                : G_NUMBER_PARSER_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      if (is_number)
        g_assert_nonnull (strstr (error->message, text));
      g_assert_cmpint (value.high, ==, 7);
      g_assert_cmpuint (value.low, ==, 7);
    }
}

static void
test_int128_compare (void)
{
  g_test_summary ("Negative numbers come before others, equal ones have equal hashes");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    for (guint j = 0; j < G_N_ELEMENTS (known); j++)
      {
        ReleaseInt128 a = { known[i].high, known[i].low };
        ReleaseInt128 b = { known[j].high, known[j].low };

        g_assert_cmpint (release_int128_compare (&a, &b), ==, i < j ? -1 : i > j ? 1 : 0);
        g_assert_cmpint (release_int128_equal (&a, &b), ==, i == j);
        if (i == j)
          g_assert_cmpuint (release_int128_hash (&a), ==, release_int128_hash (&b));
      }
}

static void
test_int128_boxed (void)
{
  g_autoptr(ReleaseInt128) value = release_int128_new (-1, 2);
  g_auto(GValue) boxed = G_VALUE_INIT;
  const ReleaseInt128 *copy;

  g_test_summary ("The type is a boxed one, sixteen bytes large");

  g_assert_cmpuint (sizeof (ReleaseInt128), ==, 16);
  g_value_init (&boxed, RELEASE_TYPE_INT128);
  g_value_set_boxed (&boxed, value);
  copy = g_value_get_boxed (&boxed);
  g_assert_true (copy != value);
  g_assert_true (release_int128_equal (copy, value));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/int128/text-both-ways", test_int128_text);
  g_test_add_func ("/int128/one-zero", test_int128_zero);
  g_test_add_func ("/int128/other-text-is-refused", test_int128_refusals);
  g_test_add_func ("/int128/compares", test_int128_compare);
  g_test_add_func ("/int128/boxed", test_int128_boxed);

  return g_test_run ();
}
