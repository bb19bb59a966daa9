/* release-tests/integration/version.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <release/release.h>

int
main (void)
{
  g_print ("Release %u.%u.%u\n", release_get_major_version (), release_get_minor_version (),
           release_get_micro_version ());

  return RELEASE_CHECK_VERSION (0, 1, 0) &&
         release_get_major_version () == RELEASE_MAJOR_VERSION ? 0 : 1;
}
