/* release-tests/fuzz/initialize.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What libFuzzer calls first. GLib ends a process by a trap, of which libFuzzer would know nothing:
 * the input that did it would be lost.
 */

#include "config.h"

#include "release-tests/fuzz/fuzz.h"

#include <signal.h>
#include <stdlib.h>

int LLVMFuzzerInitialize (int    *argc,
                          char ***argv);

static void
abort_cb (int number)
{
  abort ();
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  signal (SIGTRAP, abort_cb);
  return 0;
}
