/* release-tests/fuzz/fuzz-uint128.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A number that release_uint128_parse () or release_int128_parse () takes is the same after it was
 * written and read again; what they refuse has a message that can be printed.
 */

#include "config.h"

#include "release-tests/fuzz/fuzz.h"
#include "release/buffer/release-int128.h"
#include "release/buffer/release-uint128.h"

static void
check_unsigned (const char *text)
{
  g_autoptr(GError) error = NULL;
  ReleaseUint128 value;
  ReleaseUint128 again;
  g_autofree char *decimal = NULL;
  g_autofree char *hex = NULL;

  if (!release_uint128_parse (text, &value, &error))
    {
      g_assert_true (error->domain == G_NUMBER_PARSER_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }

  decimal = release_uint128_to_string (&value);
  g_assert_true (release_uint128_parse (decimal, &again, NULL));
  g_assert_true (release_uint128_equal (&value, &again));
  hex = release_uint128_to_hex_string (&value);
  g_assert_true (release_uint128_parse (hex, &again, NULL));
  g_assert_true (release_uint128_equal (&value, &again));
}

static void
check_signed (const char *text)
{
  g_autoptr(GError) error = NULL;
  ReleaseInt128 value;
  ReleaseInt128 again;
  g_autofree char *decimal = NULL;
  g_autofree char *hex = NULL;

  if (!release_int128_parse (text, &value, &error))
    {
      g_assert_true (error->domain == G_NUMBER_PARSER_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }

  decimal = release_int128_to_string (&value);
  g_assert_true (release_int128_parse (decimal, &again, NULL));
  g_assert_true (release_int128_equal (&value, &again));
  hex = release_int128_to_hex_string (&value);
  g_assert_true (release_int128_parse (hex, &again, NULL));
  g_assert_true (release_int128_equal (&value, &again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  check_unsigned (text);
  check_signed (text);
  return 0;
}
