/* release-tests/fuzz/fuzz-escape.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What release_escape () makes of any bytes is short and printable.
 */

#include "config.h"

#include "release-tests/fuzz/fuzz.h"
#include "release/base/release-error-private.h"

#include <string.h>

/* The first 256 bytes, at most four characters each, and the dots that say that there is more. */
#define LONGEST_ESCAPE (256 * 4 + 3)

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = release_escape (data, size);

  g_assert_cmpuint (strlen (text), <=, LONGEST_ESCAPE);
  for (const char *p = text; *p != '\0'; p++)
    g_assert_true (g_ascii_isprint (*p));

  return 0;
}
