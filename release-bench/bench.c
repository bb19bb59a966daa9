/* release-bench/bench.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/bench.h"

#include <stdlib.h>

/* The contenders take turns, and of each the best one counts: what else runs on the machine only
 * ever makes a round slower. */
#define N_ROUNDS 7

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
  g_autofree double *best = g_new0 (double, n_contenders);

  for (guint round = 0; round < (once ? 1 : N_ROUNDS); round++)
    for (guint i = 0; i < n_contenders; i++)
      {
        guint64 done = contenders[i].func (once ? 1 : n_turns);
        gint64 taken = MAX (g_get_monotonic_time () - begun, 1);

        best[i] = MAX (best[i], done * (double) G_USEC_PER_SEC / taken);
      }

  for (guint i = 0; i < n_contenders; i++)
    g_print ("%-28s %-44s %12.1f %-8s %8.2f\n", i == 0 ? name : "", contenders[i].name,
             best[i] / (g_str_equal (unit, "MB/s") ? 1e6 : 1.0), unit, best[0] / best[i]);
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

  g_print ("%-28s %-44s %12s %-8s %8s\n", "benchmark", "contender", "rate", "", "ours/it");
  bench_buffer ();
  bench_integers ();
  bench_accept ();

  return EXIT_SUCCESS;
}
