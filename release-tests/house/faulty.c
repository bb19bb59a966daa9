/* release-tests/house/faulty.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Does one thing wrong on purpose, so that a test can see the sanitizers report it.
 */

#include <stdlib.h>
#include <string.h>

/* Volatile, so that the compiler does not see through the faults. */
static char *volatile block;
static volatile int amount = 40;

int
main (int    argc,
      char **argv)
{
  const char *fault = argc == 2 ? argv[1] : "";

  block = calloc (1, 10);
  if (strcmp (fault, "leak") == 0)
    block = NULL;
  else if (strcmp (fault, "overflow") == 0)
    return block[10];
  else if (strcmp (fault, "shift") == 0)
    return 1 << amount;

  free (block);
  return 0;
}
