/* release-bench/process/broadcast.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How long a master needs to send one message to all its slaves, beside a loop of sendmsg () over
 * as many sockets. At the end every slave must have counted all messages.
 */

#include "config.h"

#include "release-bench/echo/echo.h"
#include "release-bench/process/bare.h"
#include "release-bench/process/crew.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* So that each broadcast finds empty sockets: the slaves get this time to read, each. */
#define PAUSE_USEC_PER_SLAVE 20
#define PAUSE_USEC_MIN 1000

typedef struct
{
  const char  *program;
  guint        n_slaves;
  guint        n_broadcasts;
  gsize        size;
  guint8      *payload;
  GArray      *laps;        /* gint64, in nanoseconds */
} Task;

static void
pause_for_slaves (Task *task)
{
  g_usleep (MAX (PAUSE_USEC_MIN, task->n_slaves * PAUSE_USEC_PER_SLAVE));
}

static void
verify_count (Task   *task,
              gint64  n_messages)
{
  if (n_messages != task->n_broadcasts)
    echo_fail ("A slave got %" G_GINT64_FORMAT " of %u messages", n_messages, task->n_broadcasts);
}

static void
send_bare (int           fd,
           const guint8 *payload,
           gsize         size)
{
  guint32 length = GUINT32_TO_BE (size);
  struct iovec vectors[] = {
    { &length, sizeof length },
    { (void *) payload, size },
  };
  struct msghdr message = { .msg_iov = vectors, .msg_iovlen = G_N_ELEMENTS (vectors) };

  echo_check (sendmsg (fd, &message, MSG_NOSIGNAL) == (gssize) (sizeof length + size));
}

static void
broadcast_bare (Task *task)
{
  g_autofree pid_t *pids = g_new (pid_t, task->n_slaves);
  g_autofree int *fds = g_new (int, task->n_slaves);

  for (guint i = 0; i < task->n_slaves; i++)
    pids[i] = bare_spawn (task->program, &fds[i]);
  for (guint i = 0; i < task->n_slaves; i++)
    bare_read_number (fds[i]);

  for (guint i = 0; i < task->n_broadcasts; i++)
    {
      gint64 begun, lap;

      pause_for_slaves (task);
      begun = echo_now ();
      for (guint j = 0; j < task->n_slaves; j++)
        send_bare (fds[j], task->payload, task->size);
      lap = echo_now () - begun;
      g_array_append_val (task->laps, lap);
    }

  for (guint i = 0; i < task->n_slaves; i++)
    send_bare (fds[i], (const guint8 *) "?", 1);
  for (guint i = 0; i < task->n_slaves; i++)
    {
      verify_count (task, bare_read_number (fds[i]));
      bare_end (pids[i], fds[i]);
    }
}

static void
broadcast_once (Task   *task,
                Crew   *crew,
                GBytes *message)
{
  g_autoptr(GPtrArray) receipts = release_master_broadcast_bytes (crew->master, message);

  if (receipts->len != task->n_slaves)
    echo_fail ("%u receipts for %u slaves", receipts->len, task->n_slaves);
  for (guint i = 0; i < receipts->len; i++)
    if (!release_receipt_is_accepted (receipts->pdata[i]))
      echo_fail ("%s", release_receipt_get_error (receipts->pdata[i])->message);
}

static void
broadcast_release (Task *task)
{
  g_autoptr(GBytes) message = g_bytes_new_static (task->payload, task->size);
  g_autoptr(GBytes) question = g_bytes_new_static ("?", 1);
  Crew crew;

  crew_init (&crew, task->program, task->n_slaves);
  crew_start (&crew);

  for (guint i = 0; i < task->n_broadcasts; i++)
    {
      gint64 begun, lap;

      pause_for_slaves (task);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      begun = echo_now ();
      broadcast_once (task, &crew, message);
      lap = echo_now () - begun;
      g_array_append_val (task->laps, lap);
    }

  broadcast_once (task, &crew, question);
  crew_wait (&crew, 2 * task->n_slaves);
  for (guint i = 0; i < task->n_slaves; i++)
    verify_count (task, g_array_index (crew.numbers, gint64, task->n_slaves + i));
  crew_clear (&crew);
}

int
main (int    argc,
      char **argv)
{
  Task task = { 0 };
  struct rlimit limit;

  if (argc != 6)
    echo_fail ("Usage: %s raw|release SLAVE SLAVES BYTES BROADCASTS", argv[0]);
  task.program = argv[2];
  task.n_slaves = atoi (argv[3]);
  task.size = atoi (argv[4]);
  task.n_broadcasts = atoi (argv[5]);
  task.payload = g_malloc (task.size);
  memset (task.payload, 'x', task.size);
  task.laps = g_array_new (FALSE, FALSE, sizeof (gint64));

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  echo_check (getrlimit (RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  echo_check (setrlimit (RLIMIT_NOFILE, &limit) == 0);

  if (g_str_equal (argv[1], "raw"))
    broadcast_bare (&task);
  else
    broadcast_release (&task);

  printf ("{\"contender\": \"%s\", \"slaves\": %u, \"size\": %" G_GSIZE_FORMAT
          ", \"median_usec\": %.2f}\n", argv[1], task.n_slaves, task.size,
          echo_median (task.laps) / 1000.0);
  g_array_unref (task.laps);
  g_free (task.payload);
  return EXIT_SUCCESS;
}
