/* release-tests/process/daemonize-probe.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A program that becomes a daemon and tells on descriptor 3, a SOCK_SEQPACKET socket, what it is.
 * Its arguments are what it does first, one after the other; then it sends its facts, and once more
 * after every command that it is sent:
 *
 *   report STATUS TEXT    gives the verdict; no TEXT is none at all
 *   open                  opens three descriptors
 *   die                   ends at once
 *
 * End of file on the socket ends it, so it never outlives the test. */

#define CONTROL_FD 3
#define EXIT_NO_DAEMON 9

static int n_forks = 0;
static int failing_fork = 0;
static gboolean chdir_fails = FALSE;

/* In place of libc's, so that steps can fail. */
pid_t
fork (void)
{
  pid_t (*real_fork) (void) = (pid_t (*) (void)) dlsym (RTLD_NEXT, "fork");

  if (++n_forks == failing_fork)
    {
      errno = EAGAIN;
      return -1;
    }

  return real_fork ();
}

int
chdir (const char *path)
{
  int (*real_chdir) (const char *) = (int (*) (const char *)) dlsym (RTLD_NEXT, "chdir");

  if (chdir_fails)
    {
      errno = EACCES;
      return -1;
    }

  return real_chdir (path);
}

static int thread_runs = FALSE; /* (atomic) */

static gpointer
sleep_for_ever (gpointer data)
{
  g_atomic_int_set (&thread_runs, TRUE);
  while (pause () < 0)
    continue;

  return NULL;
}

/* Returns when the thread has its name, which it gives itself. */
static void
start_thread (void)
{
  g_thread_unref (g_thread_new ("worker bee", sleep_for_ever, NULL));
  while (!g_atomic_int_get (&thread_runs))
    g_thread_yield ();
}

static void
handle_nothing (int signal_number)
{
}

static gboolean
is_ignored (int signal_number)
{
  struct sigaction action;

  return sigaction (signal_number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Those that are open, or only those of them that an executed program gets. */
static char *
list_fds (gboolean only_inherited)
{
  GString *list = g_string_new (NULL);

  for (int fd = 0; fd < 64; fd++)
    {
      int flags = fcntl (fd, F_GETFD);

      if (flags >= 0 && !(only_inherited && (flags & FD_CLOEXEC) != 0))
        g_string_append_printf (list, "%s%d", list->len > 0 ? " " : "", fd);
    }

  return g_string_free (list, FALSE);
}

static void
send_facts (void)
{
  g_autoptr(GKeyFile) facts = g_key_file_new ();
  g_autofree char *fds = list_fds (FALSE);
  g_autofree char *inherited_fds = list_fds (TRUE);
  g_autofree char *cwd = g_get_current_dir ();
  g_autofree char *text = NULL;
  mode_t mask = umask (0);
  gsize length;

  umask (mask);
  g_key_file_set_integer (facts, "facts", "pid", getpid ());
  g_key_file_set_integer (facts, "facts", "ppid", getppid ());
  g_key_file_set_integer (facts, "facts", "sid", getsid (0));
  g_key_file_set_integer (facts, "facts", "umask", mask);
  g_key_file_set_string (facts, "facts", "cwd", cwd);
  g_key_file_set_string (facts, "facts", "fds", fds);
  g_key_file_set_string (facts, "facts", "inherited-fds", inherited_fds);
  g_key_file_set_boolean (facts, "facts", "ignores-hup", is_ignored (SIGHUP));
  g_key_file_set_boolean (facts, "facts", "ignores-pipe", is_ignored (SIGPIPE));
  g_key_file_set_boolean (facts, "facts", "has-variable", g_getenv ("RELEASE_DAEMONIZE") != NULL);
  for (int fd = 0; fd <= 2; fd++)
    {
      g_autofree char *key = g_strdup_printf ("fd-%d", fd);
      g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
      g_autofree char *target = g_file_read_link (link, NULL);

      g_key_file_set_string (facts, "facts", key, target != NULL ? target : "closed");
    }

  text = g_key_file_to_data (facts, &length, NULL);
  if (send (CONTROL_FD, text, length, MSG_NOSIGNAL) < 0)
    exit (1);
}

static void
obey (void)
{
  char command[16384];
  gssize n;

  send_facts ();
  while ((n = TEMP_FAILURE_RETRY (recv (CONTROL_FD, command, sizeof command - 1, 0))) > 0)
    {
      command[n] = '\0';
      if (g_str_has_prefix (command, "report "))
        {
          char *text;
          int status = strtol (command + strlen ("report "), &text, 10);

          release_daemonize_report (status, *text == ' ' ? text + 1 : NULL);
        }
      else if (strcmp (command, "open") == 0)
        {
          for (int i = 0; i < 3; i++)
            if (dup (STDIN_FILENO) < 0)
              _exit (EXIT_FAILURE);
        }
      else
        {
          _exit (EXIT_FAILURE);
        }
      send_facts ();
    }
}

static void
become_daemon (ReleaseDaemonizeFlags flags)
{
  g_autoptr(GError) error = NULL;

  if (!release_daemonize (flags, &error))
    {
      mode_t mask = umask (0);

      g_printerr ("umask %o, %s %d: %s\n", mask, g_quark_to_string (error->domain), error->code,
                  error->message);
      exit (EXIT_NO_DAEMON);
    }
}

static void
do_first (const char *what)
{
  sigset_t mask;

  if (strcmp (what, "daemonize") == 0)
    become_daemon (RELEASE_DAEMONIZE_NONE);
  else if (strcmp (what, "wait") == 0)
    become_daemon (RELEASE_DAEMONIZE_WAIT);
  else if (strcmp (what, "thread") == 0)
    start_thread ();
  else if (strcmp (what, "first-fork-fails") == 0)
    failing_fork = n_forks + 1;
  else if (strcmp (what, "second-fork-fails") == 0)
    failing_fork = n_forks + 2;
  else if (strcmp (what, "chdir-fails") == 0)
    chdir_fails = TRUE;
  else if (strcmp (what, "umask") == 0)
    umask (027);
  else if (strcmp (what, "close") == 0)
    for (int fd = 0; fd <= 2; fd++)
      close (fd);
  else if (strcmp (what, "print") == 0)
    printf ("printed");
  else if (strcmp (what, "handle-signals") == 0)
    {
      sigemptyset (&mask);
      sigaddset (&mask, SIGTERM);
      sigprocmask (SIG_BLOCK, &mask, NULL);
      sigaction (SIGTERM, &(struct sigaction) { .sa_handler = handle_nothing }, NULL);
      sigaction (SIGUSR1, &(struct sigaction) { .sa_handler = handle_nothing }, NULL);
    }
  else
    exit (EXIT_FAILURE);
}

int
main (int    argc,
      char **argv)
{
  for (int i = 1; i < argc; i++)
    do_first (argv[i]);
  obey ();

  return EXIT_SUCCESS;
}
