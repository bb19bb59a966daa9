/* release-tests/buffer/uint128.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Built twice: with the compiler's integers of 128 bits, and with the arithmetic that does without.
 */

#include "config.h"

#include <release/release.h>

#include <string.h>

typedef struct
{
  guint64     high;
  guint64     low;
  const char *decimal;
  const char *hex;
} Known;

static const Known known[] = {
  { 0, 0, "0", "0x0" },
  { 0, 1, "1", "0x1" },
  { 0, 10, "10", "0xa" },
  { 0, G_MAXUINT32, "4294967295", "0xffffffff" },
  { 0, G_MAXUINT64, "18446744073709551615", "0xffffffffffffffff" },
  { 1, 0, "18446744073709551616", "0x10000000000000000" },
  { 0x0123456789abcdef, 0xfedcba9876543210, "1512366075204170947332355369683137040",
    "0x123456789abcdeffedcba9876543210" },
  { G_MAXUINT64, G_MAXUINT64, "340282366920938463463374607431768211455",
    "0xffffffffffffffffffffffffffffffff" },
};

static void
test_uint128_text (void)
{
  g_test_summary ("Known numbers read and write as decimal and hexadecimal text");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      ReleaseUint128 expected = { known[i].high, known[i].low };
      ReleaseUint128 value = { 7, 7 };
      g_autofree char *decimal = release_uint128_to_string (&expected);
      g_autofree char *hex = release_uint128_to_hex_string (&expected);
      g_autofree char *upper = g_ascii_strup (known[i].hex, -1);
      g_autofree char *padded = g_strconcat ("0000000000000000000000000000000000000000000000",
                                             known[i].decimal, NULL);
      const char *texts[] = { known[i].decimal, known[i].hex, upper, padded };

      g_assert_cmpstr (decimal, ==, known[i].decimal);
      g_assert_cmpstr (hex, ==, known[i].hex);
      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        {
          g_autoptr(GError) error = NULL;

          g_assert_true (release_uint128_parse (texts[j], &value, &error));
          g_assert_no_error (error);
          g_assert_true (release_uint128_equal (&value, &expected));
        }
    }
}

static void
test_uint128_refusals (void)
{
  static const char *const invalid[] = {
    "", " ", "-1", "+1", " 1", "1 ", "1_000", "0x", "0X", "x1", "0x-1", "0xg", "12a", "1.5", "1e3",
    "0b1", "\xff", "1\n", "99999999999999999999999999999999999999999999999x",
  };
  static const char *const too_large[] = {
    "340282366920938463463374607431768211456", "0x100000000000000000000000000000000",
    "3402823669209384634633746074317682114550", "999999999999999999999999999999999999999",
  };

  g_test_summary ("What is no number, or too large a one, is a named error and sets nothing");

  for (guint i = 0; i < G_N_ELEMENTS (invalid) + G_N_ELEMENTS (too_large); i++)
    {
      gboolean is_number = i >= G_N_ELEMENTS (invalid);
      const char *text = is_number ? too_large[i - G_N_ELEMENTS (invalid)] : invalid[i];
      ReleaseUint128 value = { 7, 7 };
      g_autoptr(GError) error = NULL;

      g_assert_false (release_uint128_parse (text, &value, &error));
      g_assert_error (error, G_NUMBER_PARSER_ERROR,
                      is_number ? G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS
                                : G_NUMBER_PARSER_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\n'));
      g_assert_cmpuint (value.high, ==, 7);
      g_assert_cmpuint (value.low, ==, 7);
    }
}

static void
test_uint128_compare (void)
{
  g_test_summary ("Numbers compare by all of their bits, equal ones have equal hashes");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    for (guint j = 0; j < G_N_ELEMENTS (known); j++)
      {
        ReleaseUint128 a = { known[i].high, known[i].low };
        ReleaseUint128 b = { known[j].high, known[j].low };

        g_assert_cmpint (release_uint128_compare (&a, &b), ==, i < j ? -1 : i > j ? 1 : 0);
        g_assert_cmpint (release_uint128_equal (&a, &b), ==, i == j);
        if (i == j)
          g_assert_cmpuint (release_uint128_hash (&a), ==, release_uint128_hash (&b));
      }
}

static void
test_uint128_random (void)
{
  g_test_summary ("Any number comes back from its text");

  for (guint i = 0; i < 2000; i++)
    {
      guint n_bits = g_test_rand_int_range (0, 129);
      ReleaseUint128 value = { 0, 0 };
      ReleaseUint128 back;
      g_autofree char *decimal = NULL;
      g_autofree char *hex = NULL;

      for (guint j = 0; j < n_bits; j++)
        {
          value.high = value.high << 1 | value.low >> 63;
          value.low = value.low << 1 | (g_test_rand_bit () ? 1 : 0);
        }

      decimal = release_uint128_to_string (&value);
      g_assert_true (release_uint128_parse (decimal, &back, NULL));
      g_assert_true (release_uint128_equal (&value, &back));
      hex = release_uint128_to_hex_string (&value);
      g_assert_true (release_uint128_parse (hex, &back, NULL));
      g_assert_true (release_uint128_equal (&value, &back));
    }
}

static void
test_uint128_boxed (void)
{
  g_autoptr(ReleaseUint128) value = release_uint128_new (1, 2);
  g_auto(GValue) boxed = G_VALUE_INIT;
  const ReleaseUint128 *copy;

  g_test_summary ("The type is a boxed one, sixteen bytes large");

  g_assert_cmpuint (sizeof (ReleaseUint128), ==, 16);
  g_value_init (&boxed, RELEASE_TYPE_UINT128);
  g_value_set_boxed (&boxed, value);
  copy = g_value_get_boxed (&boxed);
  g_assert_true (copy != value);
  g_assert_true (release_uint128_equal (copy, value));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uint128/text-both-ways", test_uint128_text);
  g_test_add_func ("/uint128/other-text-is-refused", test_uint128_refusals);
  g_test_add_func ("/uint128/compares", test_uint128_compare);
  g_test_add_func ("/uint128/any-comes-back", test_uint128_random);
  g_test_add_func ("/uint128/boxed", test_uint128_boxed);

  return g_test_run ();
}
