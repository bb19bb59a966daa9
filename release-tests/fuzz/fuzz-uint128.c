/* release-tests/fuzz/fuzz-uint128.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A number that release_uint128_parse () takes is the same after it was written and read again; what
 * it refuses has a message that can be printed.
 */

#include "config.h"

#include "release-tests/fuzz/fuzz.h"
#include "release/buffer/release-uint128.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr(GError) error = NULL;
  ReleaseUint128 value;
  ReleaseUint128 again;
  g_autofree char *decimal = NULL;
  g_autofree char *hex = NULL;

  if (!release_uint128_parse (text, &value, &error))
    {
      g_assert_true (error->domain == G_NUMBER_PARSER_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  decimal = release_uint128_to_string (&value);
  g_assert_true (release_uint128_parse (decimal, &again, NULL));
  g_assert_true (release_uint128_equal (&value, &again));
  hex = release_uint128_to_hex_string (&value);
  g_assert_true (release_uint128_parse (hex, &again, NULL));
  g_assert_true (release_uint128_equal (&value, &again));

  return 0;
}
