/* release-bench/bench.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/bench.h"

#include <stdlib.h>

/* What needs no second process: one round of each contender, a line of JSON for each. bench.py has
 * the rounds. */
static gboolean once = FALSE;
static gint64 begun = 0;

void
bench_begin (void)
{
  begun = g_get_monotonic_time ();
}

void
bench_run (const char           *name,
           const char           *unit,
           guint                 n_turns,
           const BenchContender *contenders,
           guint                 n_contenders)
{
  for (guint i = 0; i < n_contenders; i++)
    {
      guint64 done = contenders[i].func (once ? 1 : n_turns);
      gint64 taken = MAX (g_get_monotonic_time () - begun, 1);
      double rate = done * (double) G_USEC_PER_SEC / taken;

      g_print ("{\"case\": \"%s\", \"contender\": \"%s\", \"unit\": \"%s\", \"rate\": %.1f}\n",
               name, contenders[i].name, unit, g_str_equal (unit, "MB/s") ? rate / 1e6 : rate);
    }
}

int
main (int    argc,
      char **argv)
{
  const GOptionEntry entries[] = {
    { "once", 0, 0, G_OPTION_ARG_NONE, &once, "A single turn of each", NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("Error: %s\n", error->message);
      return EXIT_FAILURE;
    }

  bench_buffer ();
  bench_integers ();
  bench_accept ();

  return EXIT_SUCCESS;
}
