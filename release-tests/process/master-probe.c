/* release-tests/process/master-probe.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A master for tests that kill one. It has a group of one slave for each of its arguments, which
 * are command lines, and tells on standard output what happens. */

#include <release/release.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

/* In place of libc's: appends to the file that the test names, if it does. */
void
syslog (int         priority,
        const char *format,
        ...)
{
  const char *path = g_getenv ("SYSLOG_FILE");
  FILE *file = path != NULL ? fopen (path, "a") : NULL;
  va_list args;

  if (file == NULL)
    return;
  va_start (args, format);
  vfprintf (file, format, args);
  va_end (args);
  fputc ('\n', file);
  fclose (file);
}

static void
started_cb (ReleaseMaster       *master,
            ReleaseSlaveProcess *slave)
{
  printf ("slave %d\n", release_slave_process_get_pid (slave));
  fflush (stdout);
}

static void
main_cb (ReleaseMaster *master)
{
  printf ("main %d\n", getpid ());
  fflush (stdout);
}

static void
reload_cb (ReleaseMaster *master)
{
  printf ("reload\n");
  fflush (stdout);
}

static void
own_handler (int signum)
{
}

static int
run (GStrv *arguments)
{
  g_autofree char *control = NULL;
  g_autofree char *lock_file = NULL;
  gboolean background = FALSE;
  gboolean use_syslog = FALSE;
  int grace = 5000;
  GOptionEntry entries[] = {
    { "lock-file", 0, 0, G_OPTION_ARG_FILENAME, &lock_file, NULL, NULL },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &control, NULL, NULL },
    { "background", 0, 0, G_OPTION_ARG_NONE, &background, NULL, NULL },
    { "syslog", 0, 0, G_OPTION_ARG_NONE, &use_syslog, NULL, NULL },
    { "grace", 0, 0, G_OPTION_ARG_INT, &grace, NULL, NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(ReleaseMaster) master = NULL;
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, arguments, &error))
    {
      g_printerr ("%s\n", error->message);
      return 64;
    }

  master = release_master_new (lock_file);
  release_master_set_control (master, control);
  release_master_set_background (master, background);
  release_master_set_syslog (master, use_syslog);
  release_master_set_privileged (master, geteuid () == 0);
  release_master_set_grace_timeout (master, grace);
  g_signal_connect (master, "slave-started", G_CALLBACK (started_cb), NULL);
  g_signal_connect (master, "main", G_CALLBACK (main_cb), NULL);
  if (g_getenv ("WIRE_RELOAD") != NULL)
    g_signal_connect (master, "reload", G_CALLBACK (reload_cb), NULL);

  for (char **argument = *arguments + 1; *argument != NULL; argument++)
    {
      g_auto(GStrv) words = g_strsplit (*argument, " ", -1);
      g_autoptr(ReleaseSlaveGroup) group = NULL;

      group = release_slave_group_new ((const char *const *) words, 1, NULL);
      release_master_add_group (master, group);
    }

  return release_master_run (master);
}

int
main (int    argc,
      char **argv)
{
  g_auto(GStrv) arguments = g_strdupv (argv);
  struct sigaction action = { .sa_handler = own_handler };
  struct sigaction after, pipe_before, pipe_after;
  sigset_t mask_before, mask_after;
  gboolean restored;
  int status;

  /* As a program does that adds a source first: it opens a descriptor. */
  g_main_context_default ();

  sigaction (SIGINT, &action, NULL);
  sigaction (SIGPIPE, NULL, &pipe_before);
  sigprocmask (SIG_BLOCK, NULL, &mask_before);
  status = run (&arguments);
  sigaction (SIGINT, NULL, &after);
  sigaction (SIGPIPE, NULL, &pipe_after);
  sigprocmask (SIG_BLOCK, NULL, &mask_after);
  restored = after.sa_handler == own_handler && pipe_after.sa_handler == pipe_before.sa_handler &&
             sigismember (&mask_after, SIGTERM) == sigismember (&mask_before, SIGTERM);
  printf ("end %d handler-%s\n", status, restored ? "restored" : "lost");

  return status;
}
