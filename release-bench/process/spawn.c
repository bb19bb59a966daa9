/* release-bench/process/spawn.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How long it takes until a new process runs, by the size of the process that starts it: from the
 * call to the first instruction of the program, which tells the time.
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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static gint64
spawn_bare (const char *program)
{
  gint64 begun = echo_now ();
  int fd;
  pid_t pid = bare_spawn (program, &fd);
  gint64 began = bare_read_number (fd);

  bare_end (pid, fd);
  return began - begun;
}

static gint64
spawn_subprocess (const char      *program,
                  GSubprocessFlags flags)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  gint64 begun = echo_now ();
  gint64 began;
  int fds[2];

  echo_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  g_subprocess_launcher_take_stdin_fd (launcher, fds[1]);
  process = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  if (process == NULL)
    echo_fail ("%s", error->message);

  /* It holds the other end until then, and so would we. */
  g_subprocess_launcher_close (launcher);
  began = bare_read_number (fds[0]);
  close (fds[0]);
  if (!g_subprocess_wait_check (process, NULL, &error))
    echo_fail ("%s", error->message);

  return began - begun;
}

static gint64
spawn_gsubprocess (const char *program)
{
  return spawn_subprocess (program, G_SUBPROCESS_FLAGS_NONE);
}

static gint64
spawn_gsubprocess_inherit (const char *program)
{
  return spawn_subprocess (program, G_SUBPROCESS_FLAGS_INHERIT_FDS);
}

/* A master that is asked to start, and all that belongs to that. */
static gint64
spawn_release (const char *program)
{
  Crew crew;
  gint64 begun;
  gint64 began;

  crew_init (&crew, program, 1);
  begun = echo_now ();
  crew_start (&crew);
  began = g_array_index (crew.numbers, gint64, 0);
  crew_clear (&crew);

  return began - begun;
}

static const struct
{
  const char  *name;
  gint64     (*spawn) (const char *program);
} contenders[] = {
  { "posix_spawn", spawn_bare },
  { "gsubprocess", spawn_gsubprocess },
  { "gsubprocess-inherit", spawn_gsubprocess_inherit },
  { "release", spawn_release },
};

int
main (int    argc,
      char **argv)
{
  g_autoptr(GArray) laps = g_array_new (FALSE, FALSE, sizeof (gint64));
  gsize mebibytes, size;
  guint n_spawns;
  void *memory;

  if (argc != 5)
    echo_fail ("Usage: %s CONTENDER SLAVE MEBIBYTES SPAWNS", argv[0]);
  mebibytes = atoi (argv[3]);
  n_spawns = atoi (argv[4]);

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  size = mebibytes * 1024 * 1024;
  if (size > 0)
    {
      memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      echo_check (memory != MAP_FAILED);
      memset (memory, 1, size);
    }

  for (guint i = 0; i < G_N_ELEMENTS (contenders); i++)
    for (guint j = 0; g_str_equal (contenders[i].name, argv[1]) && j < n_spawns; j++)
      {
        gint64 lap = contenders[i].spawn (argv[2]);

        g_array_append_val (laps, lap);
      }
  if (laps->len == 0)
    echo_fail ("Nothing to do for %s", argv[1]);

  printf ("{\"contender\": \"%s\", \"mebibytes\": %" G_GSIZE_FORMAT ", \"median_usec\": %.1f}\n",
          argv[1], mebibytes, echo_median (laps) / 1000.0);
  return EXIT_SUCCESS;
}
