/* release-bench/fairness/fairness.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How long a request to one slave takes, from the call to the end of the main loop iteration that
 * brought the answer: while nothing else happens (idle), beside a slave that sends events as fast
 * as it can (flood, flood-small, flood-large), and beside one that reads nothing while there is a
 * broadcast to it before each request (deaf). All processes share one processor, where the
 * software's own cost shows.
 *
 * Prints two quantiles of it as a line of JSON.
 */

#include "config.h"

#include <release/release.h>

#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define N_WARM_UP 100
#define BROADCAST_SIZE 4096

typedef struct
{
  ReleaseMaster     *master;
  ReleaseIpcChannel *channel;       /* to the slave that is watched */
  ReleaseSlaveGroup *neighbour;     /* (nullable) */
  GBytes            *broadcast;     /* (nullable): to the neighbour, before each request */
} World;

/* What the library tells the log would be measured, too. */
static GLogWriterOutput
drop_messages (GLogLevelFlags   level,
               const GLogField *fields,
               gsize            n_fields,
               gpointer         user_data)
{
  return (level & G_LOG_LEVEL_MESSAGE) != 0
         ? G_LOG_WRITER_HANDLED
         : g_log_writer_default (level, fields, n_fields, user_data);
}

/* This process, and all that it starts, runs on the last of its processors. */
static void
share_processor (void)
{
  cpu_set_t allowed, last;

  if (sched_getaffinity (0, sizeof allowed, &allowed) < 0)
    g_error ("Cannot ask for the processors");
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET (cpu, &allowed))
      {
        CPU_ZERO (&last);
        CPU_SET (cpu, &last);
      }
  if (sched_setaffinity (0, sizeof last, &last) < 0)
    g_error ("Cannot stay on a processor");
}

static double
now_usec (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static ReleaseSlaveGroup *
add_group (ReleaseMaster *master,
           const char    *program,
           const char    *mode)
{
  const char *argv[] = { program, mode, NULL };
  ReleaseSlaveGroup *group = release_slave_group_new (argv, 1,
                                                      release_ipc_bytes_codec_get_default ());

  release_master_add_group (master, group);
  return group;
}

static void
world_init (World      *world,
            const char *program,
            const char *neighbour)
{
  g_autoptr(ReleaseSlaveGroup) watched = NULL;
  g_autoptr(ReleaseSlaveProcess) slave = NULL;
  g_autoptr(GError) error = NULL;
  GListModel *slaves;

  world->master = release_master_new (NULL);
  release_master_set_privileged (world->master, geteuid () == 0);
  watched = add_group (world->master, program, "echo");
  world->neighbour = neighbour != NULL ? add_group (world->master, program, neighbour) : NULL;
  world->broadcast = g_strcmp0 (neighbour, "deaf") == 0
                     ? g_bytes_new_take (g_malloc0 (BROADCAST_SIZE), BROADCAST_SIZE)
                     : NULL;
  if (!release_master_start (world->master, &error))
    g_error ("Cannot start: %s", error->message);

  slaves = release_master_get_slaves (world->master);
  while (g_list_model_get_n_items (slaves) < (neighbour != NULL ? 2 : 1))
    g_main_context_iteration (NULL, TRUE);
  slave = g_list_model_get_item (slaves, 0);
  world->channel = release_slave_process_get_channel (slave);
}

static void
world_clear (World *world)
{
  release_master_stop_async (world->master, NULL, NULL, NULL);
  while (release_master_is_running (world->master))
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (world->master);
  g_clear_object (&world->neighbour);
  g_clear_pointer (&world->broadcast, g_bytes_unref);
}

static void
answered_cb (ReleaseIpcChannel *channel,
             gconstpointer      data,
             gsize              length,
             const GError      *error,
             gpointer           user_data)
{
  gboolean *done = user_data;

  if (error != NULL)
    g_error ("No answer: %s", error->message);
  *done = TRUE;
}

static double
ask (World *world)
{
  gboolean done = FALSE;
  double begin;

  if (world->broadcast != NULL)
    g_ptr_array_unref (release_slave_group_broadcast_bytes (world->neighbour, world->broadcast));

  begin = now_usec ();
  release_ipc_channel_call_data (world->channel, "0123456789abcdef", 16, -1, NULL, answered_cb,
                                 &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);

  return now_usec () - begin;
}

static void
measure (const char *program,
         const char *neighbour,
         guint       n_requests,
         GArray     *samples)
{
  World world;

  world_init (&world, program, neighbour);
  for (guint i = 0; i < N_WARM_UP; i++)
    ask (&world);
  for (guint i = 0; i < n_requests; i++)
    {
      double usec = ask (&world);

      g_array_append_val (samples, usec);
    }
  world_clear (&world);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_quantile (GArray *samples,
              guint   percent)
{
  return g_array_index (samples, double, (samples->len - 1) * percent / 100);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));
  static const char *const neighbours[] = { "flood", "flood-small", "flood-large", "deaf", NULL };
  gboolean is_idle = argc == 4 && g_str_equal (argv[2], "idle");
  guint n_requests = argc == 4 ? atoi (argv[3]) : 0;

  if (n_requests == 0 || (!is_idle && !g_strv_contains (neighbours, argv[2])))
    {
      g_printerr ("Usage: %s SLAVE idle|flood|flood-small|flood-large|deaf REQUESTS\n", argv[0]);
      return EXIT_FAILURE;
    }

  g_log_set_writer_func (drop_messages, NULL, NULL);
  share_processor ();
  measure (argv[1], is_idle ? NULL : argv[2], n_requests, samples);
  g_array_sort (samples, compare_doubles);
  g_print ("{\"contender\": \"%s\", \"p50_usec\": %.1f, \"p99_usec\": %.1f}\n",
           argv[2], get_quantile (samples, 50), get_quantile (samples, 99));

  return EXIT_SUCCESS;
}
