/* release-tests/process/run.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/process/master-harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* A master in a process of its own, which a test may kill. */
typedef struct
{
  char              *folder;
  GSubprocess       *process;
  GDataInputStream  *lines;
  int                pid;        /* once it runs */
  int                slaves[8];
  guint              n_slaves;
} Probe;

static char *
probe_read_line (Probe *probe)
{
  return g_data_input_stream_read_line (probe->lines, NULL, NULL, NULL);
}

/* Starts @command and master-probe with its options and command lines, all separated by "|". The
 * child calls @setup first. */
static void
probe_start_with (Probe                *probe,
                  const char           *command,
                  const char           *arguments,
                  GSubprocessFlags      flags,
                  GSpawnChildSetupFunc  setup,
                  gpointer              data)
{
  g_autofree char *line = g_strdup_printf ("%s%s|%s", command, g_getenv ("MASTER_PROBE"),
                                           arguments);
  g_auto(GStrv) argv = g_strsplit (line, "|", -1);
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) error = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | flags);
  g_subprocess_launcher_set_child_setup (launcher, setup, data, NULL);
  probe->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  probe->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (probe->process));
}

static void
probe_start (Probe            *probe,
             const char       *arguments,
             GSubprocessFlags  flags)
{
  probe_start_with (probe, "", arguments, flags, NULL, NULL);
}

/* Reads on until everything runs, or the end. */
static void
probe_wait_main (Probe *probe)
{
  for (;;)
    {
      g_autofree char *line = probe_read_line (probe);

      g_assert_nonnull (line);
      if (sscanf (line, "slave %d", &probe->slaves[probe->n_slaves]) == 1)
        probe->n_slaves++;
      else if (sscanf (line, "main %d", &probe->pid) == 1)
        return;
    }
}

static int
probe_wait_end (Probe *probe)
{
  g_subprocess_wait (probe->process, NULL, NULL);
  return g_subprocess_get_if_exited (probe->process)
         ? g_subprocess_get_exit_status (probe->process)
         : -g_subprocess_get_term_sig (probe->process);
}

static void
probe_clear (Probe *probe)
{
  g_clear_object (&probe->lines);
  g_clear_object (&probe->process);
  if (probe->folder != NULL)
    g_assert_cmpint (g_rmdir (probe->folder), ==, 0);
  g_free (probe->folder);
}

/* Waits until @path is there; the test's timeout is the limit. */
static void
wait_file (const char *path)
{
  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_usleep (1000);
}

/* Waits until the process has executed /bin/sleep. */
static void
wait_sleeps (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/comm", pid);
  g_autofree char *name = NULL;

  do
    {
      g_clear_pointer (&name, g_free);
      g_assert_true (g_file_get_contents (path, &name, NULL, NULL));
    }
  while (strcmp (name, "sleep\n") != 0);
}

static unsigned long
read_cpu_ticks (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  unsigned long user, system;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpint (sscanf (strrchr (text, ')'),
                           ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                           &user, &system), ==, 2);

  return user + system;
}

/* Waits for a while in which the process has used no time: one that spins has none. */
static void
wait_idle (int pid)
{
  unsigned long before, after = read_cpu_ticks (pid);

  do
    {
      before = after;
      g_usleep (G_USEC_PER_SEC / 5);
      after = read_cpu_ticks (pid);
    }
  while (after != before);
}

static int
read_pid (const char *lock_file)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (lock_file, &contents, NULL, NULL));
  return atoi (contents);
}

static void
close_fd (gpointer data)
{
  close (GPOINTER_TO_INT (data));
}

static void
assert_runs_without (int      fd,
                     gboolean background)
{
  Probe probe = { NULL };
  g_autofree char *arguments = NULL;
  g_autofree char *lock_file = NULL;
  g_autofree char *up = NULL;
  int pidfd;

  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  lock_file = g_build_filename (probe.folder, "lock", NULL);
  up = g_build_filename (probe.folder, "up", NULL);
  arguments = g_strdup_printf ("%s--lock-file=%s|/bin/sh -c :>%s;exec${IFS}sleep${IFS}1000",
                               background ? "--background|" : "", lock_file, up);
  probe_start_with (&probe, "", arguments, 0, close_fd, GINT_TO_POINTER (fd));
  if (background)
    g_assert_cmpint (probe_wait_end (&probe), ==, 0);

  wait_file (up);
  probe.pid = read_pid (lock_file);
  pidfd = open_pidfd (probe.pid);
  wait_idle (probe.pid);
  for (int i = 0; i <= 2; i++)
    {
      g_autofree char *link = g_strdup_printf ("/proc/%d/fd/%d", probe.pid, i);
      g_autofree char *target = g_file_read_link (link, NULL);

      g_assert_nonnull (target);
      g_assert_false (g_str_has_prefix (target, "anon_inode:"));
      if (i == fd)
        g_assert_cmpstr (target, ==, "/dev/null");
    }

  kill (probe.pid, SIGTERM);
  wait_gone (pidfd);
  if (!background)
    g_assert_cmpint (probe_wait_end (&probe), ==, 0);
  g_assert_cmpint (g_unlink (up), ==, 0);
  probe_clear (&probe);
}

static void
test_closed_descriptors (void)
{
  g_test_summary ("Whichever standard descriptor is closed at the start, a master works, and idles");

  for (int fd = 0; fd <= 2; fd++)
    {
      assert_runs_without (fd, FALSE);
      assert_runs_without (fd, TRUE);
    }
}

static void
default_pipe (gpointer data)
{
  signal (SIGPIPE, SIG_DFL);
}

static void
test_broken_pipe (void)
{
  Probe probe = { NULL };
  g_autofree char *arguments = NULL;
  g_autofree char *last = NULL;

  g_test_summary ("A master whose log nobody reads any more stops in order");

  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  arguments = g_strdup_printf ("--lock-file=%s/lock|/bin/sleep 1000", probe.folder);
  probe_start_with (&probe, "", arguments, G_SUBPROCESS_FLAGS_STDERR_PIPE, default_pipe, NULL);
  probe_wait_main (&probe);
  g_assert_true (g_input_stream_close (g_subprocess_get_stderr_pipe (probe.process), NULL, NULL));
  kill (probe.pid, SIGTERM);
  last = probe_read_line (&probe);
  g_assert_cmpstr (last, ==, "end 0 handler-restored");
  g_assert_cmpint (probe_wait_end (&probe), ==, 0);
  probe_clear (&probe);
}

static void
block_signals (gpointer data)
{
  sigset_t mask;

  sigemptyset (&mask);
  sigaddset (&mask, SIGTERM);
  sigaddset (&mask, SIGINT);
  sigprocmask (SIG_BLOCK, &mask, NULL);
}

static void
test_blocked (void)
{
  Probe probe = { NULL };
  g_autofree char *last = NULL;

  g_test_summary ("A master whose parent has blocked the signals can be stopped");

  probe_start_with (&probe, "", "/bin/sleep 1000", 0, block_signals, NULL);
  probe_wait_main (&probe);
  kill (probe.pid, SIGTERM);
  last = probe_read_line (&probe);
  g_assert_cmpstr (last, ==, "end 0 handler-restored");
  g_assert_cmpint (probe_wait_end (&probe), ==, 0);
  probe_clear (&probe);
}

static void
test_other_signals (void)
{
  Probe probe = { NULL };
  g_autofree char *arguments = NULL;
  g_autofree char *last = NULL;

  g_test_summary ("SIGUSR1, SIGUSR2 and SIGALRM do nothing; SIGQUIT does not wait for slaves");

  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  arguments = g_strdup_printf ("--grace=100000000|--lock-file=%s/lock|"
                               "/bin/sh -c trap${IFS}''${IFS}TERM;exec${IFS}sleep${IFS}1000",
                               probe.folder);
  probe_start (&probe, arguments, 0);
  probe_wait_main (&probe);
  wait_sleeps (probe.slaves[0]);
  kill (probe.pid, SIGUSR1);
  kill (probe.pid, SIGUSR2);
  kill (probe.pid, SIGALRM);
  kill (probe.pid, SIGQUIT);
  last = probe_read_line (&probe);
  g_assert_cmpstr (last, ==, "end 0 handler-restored");
  g_assert_cmpint (probe_wait_end (&probe), ==, 0);
  probe_clear (&probe);
}

static void
test_master_killed (void)
{
  Probe probe = { NULL };
  g_autofree char *arguments = NULL;
  int pidfds[3];

  g_test_summary ("When the master is killed, its slaves die, also those that know nothing of it");

  arguments = g_strdup_printf ("%s serve|%s deaf|/bin/sleep 1000",
                               g_getenv ("SLAVE_PROBE"), g_getenv ("SLAVE_PROBE"));
  probe_start (&probe, arguments, 0);
  probe_wait_main (&probe);
  g_assert_cmpuint (probe.n_slaves, ==, 3);
  for (guint i = 0; i < 3; i++)
    pidfds[i] = open_pidfd (probe.slaves[i]);

  g_assert_cmpint (kill (probe.pid, SIGKILL), ==, 0);
  for (guint i = 0; i < 3; i++)
    wait_gone (pidfds[i]);
  g_assert_cmpint (probe_wait_end (&probe), ==, -SIGKILL);
  probe_clear (&probe);
}

static void
test_next_start_cleans_up (void)
{
  g_autofree char *folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  g_autofree char *arguments = NULL;

  g_test_summary ("After a master was killed, the next one takes lock file and socket over");

  arguments = g_strdup_printf ("--lock-file=%s/lock|--control=%s/control|/bin/sleep 1000",
                               folder, folder);
  for (guint i = 0; i < 3; i++)
    {
      Probe probe = { NULL };
      int pidfd;

      probe_start (&probe, arguments, 0);
      probe_wait_main (&probe);
      pidfd = open_pidfd (probe.slaves[0]);
      g_assert_cmpint (kill (probe.pid, i < 2 ? SIGKILL : SIGTERM), ==, 0);
      wait_gone (pidfd);
      g_assert_cmpint (probe_wait_end (&probe), ==, i < 2 ? -SIGKILL : 0);
      probe_clear (&probe);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

#define N_MASTERS 50

static void
test_fifty_masters (void)
{
  g_autofree char *folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  g_autofree char *arguments = NULL;
  Probe probes[N_MASTERS] = { { NULL } };
  Probe *winner = NULL;
  guint n_refused = 0;
  g_autofree char *last = NULL;

  g_test_summary ("Of fifty masters on one lock file one runs; the others name it and end with 75");

  arguments = g_strdup_printf ("--lock-file=%s/lock|/bin/sleep 1000", folder);
  for (guint i = 0; i < N_MASTERS; i++)
    probe_start (&probes[i], arguments, G_SUBPROCESS_FLAGS_STDERR_PIPE);

  for (guint i = 0; i < N_MASTERS; i++)
    {
      Probe *probe = &probes[i];
      g_autofree char *line = probe_read_line (probe);

      if (g_str_has_prefix (line, "slave "))
        {
          g_assert_null (winner);
          winner = probe;
          probe_wait_main (probe);
          continue;
        }
      g_assert_cmpstr (line, ==, "end 75 handler-restored");
      g_assert_cmpint (probe_wait_end (probe), ==, 75);
      n_refused++;
    }

  g_assert_nonnull (winner);
  g_assert_cmpuint (n_refused, ==, N_MASTERS - 1);
  for (guint i = 0; i < N_MASTERS; i++)
    {
      g_autoptr(GDataInputStream) errors = NULL;
      g_autofree char *text = NULL;
      g_autofree char *pid = g_strdup_printf ("%d", winner->pid);

      if (&probes[i] == winner)
        continue;
      errors = g_data_input_stream_new (g_subprocess_get_stderr_pipe (probes[i].process));
      text = g_data_input_stream_read_upto (errors, "", 0, NULL, NULL, NULL);
      g_assert_nonnull (strstr (text, pid));
    }

  kill (winner->pid, SIGTERM);
  last = probe_read_line (winner);
  g_assert_cmpstr (last, ==, "end 0 handler-restored");
  for (guint i = 0; i < N_MASTERS; i++)
    {
      probe_wait_end (&probes[i]);
      probe_clear (&probes[i]);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_terminated (void)
{
  static const int signums[] = { SIGTERM, SIGINT, SIGHUP };
  g_autofree char *arguments = NULL;

  g_test_summary ("SIGTERM, SIGINT and an unwired SIGHUP stop a master; actions are restored");

  arguments = g_strdup_printf ("%s serve|/bin/sleep 1000", g_getenv ("SLAVE_PROBE"));
  for (guint i = 0; i < G_N_ELEMENTS (signums); i++)
    {
      Probe probe = { NULL };
      g_autofree char *last = NULL;

      probe_start (&probe, arguments, 0);
      probe_wait_main (&probe);
      g_assert_cmpint (kill (probe.pid, signums[i]), ==, 0);
      last = probe_read_line (&probe);
      g_assert_cmpstr (last, ==, "end 0 handler-restored");
      g_assert_cmpint (probe_wait_end (&probe), ==, 0);
      probe_clear (&probe);
    }
}

static void
test_reload (void)
{
  Probe probe = { NULL };
  g_autofree char *line = NULL;
  g_autofree char *last = NULL;

  g_test_summary ("SIGHUP emits reload where a handler is connected");

  g_setenv ("WIRE_RELOAD", "1", TRUE);
  probe_start (&probe, "/bin/sleep 1000", 0);
  g_unsetenv ("WIRE_RELOAD");
  probe_wait_main (&probe);
  kill (probe.pid, SIGHUP);
  line = probe_read_line (&probe);
  g_assert_cmpstr (line, ==, "reload");
  kill (probe.pid, SIGTERM);
  last = probe_read_line (&probe);
  g_assert_cmpstr (last, ==, "end 0 handler-restored");
  probe_wait_end (&probe);
  probe_clear (&probe);
}

static void
test_second_term (void)
{
  Probe probe = { NULL };
  g_autofree char *arguments = NULL;
  g_autofree char *last = NULL;

  g_test_summary ("A second SIGTERM does not wait for the grace period");

  /* The shell ignores SIGTERM, and so does what it executes. */
  arguments = g_strdup ("--grace=100000000|/bin/sh -c trap${IFS}''${IFS}TERM;exec${IFS}sleep"
                        "${IFS}1000");
  probe_start (&probe, arguments, 0);
  probe_wait_main (&probe);
  wait_sleeps (probe.slaves[0]);

  kill (probe.pid, SIGTERM);
  kill (probe.pid, SIGINT);
  last = probe_read_line (&probe);
  g_assert_cmpstr (last, ==, "end 0 handler-restored");
  probe_wait_end (&probe);
  probe_clear (&probe);
}

static void
test_background (void)
{
  Probe probe = { NULL };
  g_autofree char *arguments = NULL;
  g_autofree char *lock_file = NULL;
  g_autofree char *here = g_get_current_dir ();
  int pidfds[2];

  g_test_summary ("In the background the shell gets its status when all runs; paths stay relative "
                  "to where it was");

  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  g_assert_cmpint (g_chdir (probe.folder), ==, 0);
  arguments = g_strdup_printf ("--background|--lock-file=lock|%s serve", g_getenv ("SLAVE_PROBE"));
  probe_start (&probe, arguments, 0);
  g_assert_cmpint (g_chdir (here), ==, 0);
  g_assert_cmpint (probe_wait_end (&probe), ==, 0);

  lock_file = g_build_filename (probe.folder, "lock", NULL);
  probe.pid = read_pid (lock_file);
  g_assert_cmpint (probe.pid, >, 1);
  pidfds[0] = open_pidfd (probe.pid);
  kill (probe.pid, SIGTERM);
  wait_gone (pidfds[0]);
  g_assert_false (g_file_test (lock_file, G_FILE_TEST_EXISTS));
  probe_clear (&probe);
}

static void
test_background_fails (void)
{
  Probe probe = { NULL };
  g_autoptr(GBytes) text = NULL;
  g_autoptr(GError) error = NULL;
  const char *data;

  g_test_summary ("A start in the background that fails is told to the shell, with its status");

  probe_start (&probe, "--background|/no/such/slave", G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_communicate (probe.process, NULL, NULL, NULL, &text, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (text, NULL);
  g_assert_nonnull (g_strstr_len (data, g_bytes_get_size (text), "/no/such/slave"));
  g_assert_cmpint (probe_wait_end (&probe), ==, 72);
  probe_clear (&probe);
}

/* Reads all that the process says on standard error, and waits for its end. */
static char *
probe_read_errors (Probe *probe)
{
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_subprocess_communicate_utf8 (probe->process, NULL, NULL, NULL, &text, &error);
  g_assert_no_error (error);

  return text;
}

static void
test_foreground_syslog_fails (void)
{
  Probe probe = { NULL };
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *log = NULL;

  g_test_summary ("A start that fails is told on standard error beside the system log");

  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  path = g_build_filename (probe.folder, "syslog", NULL);
  g_setenv ("SYSLOG_FILE", path, TRUE);
  probe_start (&probe, "--syslog|/no/such/slave", G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_unsetenv ("SYSLOG_FILE");
  text = probe_read_errors (&probe);
  g_assert_nonnull (strstr (text, "/no/such/slave"));
  g_assert_cmpint (probe_wait_end (&probe), ==, 72);
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "/no/such/slave"));
  g_assert_cmpint (g_unlink (path), ==, 0);
  probe_clear (&probe);
}

static void
test_background_interrupted (void)
{
  Probe probe = { NULL };
  g_autofree char *script = NULL;
  g_autofree char *lock_file = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *release_exec = g_strdup (g_getenv ("RELEASE_EXEC"));
  g_autofree char *text = NULL;

  g_test_summary ("A start in the background that a signal interrupts is no success for the shell");

  /* A start that never comes to its end. */
  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  script = g_build_filename (probe.folder, "release-exec", NULL);
  lock_file = g_build_filename (probe.folder, "lock", NULL);
  g_assert_true (g_file_set_contents_full (script, "#!/bin/sh\nexec sleep 1000\n", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_setenv ("RELEASE_EXEC", script, TRUE);
  arguments = g_strdup_printf ("--background|--lock-file=%s|/bin/sleep 1000", lock_file);
  probe_start (&probe, arguments, G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_setenv ("RELEASE_EXEC", release_exec, TRUE);

  wait_file (lock_file);
  while ((probe.pid = read_pid (lock_file)) == 0)
    g_usleep (1000);
  kill (probe.pid, SIGTERM);
  text = probe_read_errors (&probe);
  g_assert_nonnull (strstr (text, "interrupted"));
  g_assert_cmpint (probe_wait_end (&probe), ==, 75);
  g_assert_cmpint (g_unlink (script), ==, 0);
  probe_clear (&probe);
}

static void
test_socket_taken (void)
{
  Probe first = { NULL };
  Probe second = { NULL };
  Probe third = { NULL };
  g_autofree char *arguments = NULL;
  g_autofree char *path = NULL;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_test_summary ("A control socket that another master holds is 75, one of a stranger 73");

  first.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  path = g_build_filename (first.folder, "control", NULL);
  arguments = g_strdup_printf ("--control=%s|/bin/sleep 1000", path);
  probe_start (&first, arguments, 0);
  probe_wait_main (&first);
  probe_start (&second, arguments, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_assert_cmpint (probe_wait_end (&second), ==, 75);
  kill (first.pid, SIGTERM);
  g_assert_cmpint (probe_wait_end (&first), ==, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 1), ==, 0);
  probe_start (&third, arguments, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_assert_cmpint (probe_wait_end (&third), ==, 73);
  close (fd);
  g_assert_cmpint (g_unlink (path), ==, 0);
  probe_clear (&third);
  probe_clear (&second);
  probe_clear (&first);
}

static void
test_background_gives_up (void)
{
  Probe probe = { NULL };
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *arguments = NULL;

  g_test_summary ("A master in the background that gives up says so in the system log");

  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  path = g_build_filename (probe.folder, "syslog", NULL);
  arguments = g_strdup_printf ("--background|%s die", g_getenv ("SLAVE_PROBE"));
  g_setenv ("SYSLOG_FILE", path, TRUE);
  probe_start (&probe, arguments, 0);
  g_unsetenv ("SYSLOG_FILE");
  g_assert_cmpint (probe_wait_end (&probe), ==, 0);

  do
    {
      g_clear_pointer (&text, g_free);
      wait_file (path);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    }
  while (strstr (text, "Stopped\n") == NULL);
  g_assert_nonnull (strstr (text, "giving up"));
  g_assert_cmpint (g_unlink (path), ==, 0);
  probe_clear (&probe);
}

static void
test_releasectl (void)
{
  Probe probe = { NULL };
  g_autofree char *command = NULL;
  g_autofree char *lock_file = NULL;
  g_autofree char *here = g_get_current_dir ();
  int pidfd;

  g_test_summary ("A master that releasectl starts finds relative paths where that was started");

  probe.folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  command = g_strdup_printf ("%s|daemonize|--|", g_getenv ("RELEASECTL"));
  g_assert_cmpint (g_chdir (probe.folder), ==, 0);
  probe_start_with (&probe, command, "--lock-file=lock|/bin/sleep 1000", 0, NULL, NULL);
  g_assert_cmpint (g_chdir (here), ==, 0);
  g_assert_cmpint (probe_wait_end (&probe), ==, 0);

  lock_file = g_build_filename (probe.folder, "lock", NULL);
  probe.pid = read_pid (lock_file);
  pidfd = open_pidfd (probe.pid);
  kill (probe.pid, SIGTERM);
  wait_gone (pidfd);
  g_assert_false (g_file_test (lock_file, G_FILE_TEST_EXISTS));
  probe_clear (&probe);
}

/* Runs slave-probe as a foreign master would: with a socket as standard input and nothing else. */
static GSubprocess *
start_foreign (const char           *mode,
               int                   fd,
               GSpawnChildSetupFunc  setup)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, setup, NULL, NULL);
  g_subprocess_launcher_take_stdin_fd (launcher, fd);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("SLAVE_PROBE"), mode, NULL);
  g_assert_no_error (error);

  return process;
}

static void
test_foreign_master (void)
{
  g_autoptr(GSubprocess) process = NULL;
  guint8 frame[] = { 0, 0, 0, 4, 'l', 'o', 'u', 'd' };
  int fds[2];

  g_test_summary ("Under a foreign master a slave speaks plain, and ends with the connection");

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  process = start_foreign ("serve", fds[1], NULL);
  g_assert_cmpint (write (fds[0], frame, sizeof frame), ==, sizeof frame);
  memset (frame, 0, sizeof frame);
  g_assert_cmpint (recv (fds[0], frame, sizeof frame, MSG_WAITALL), ==, sizeof frame);
  g_assert_cmpmem (frame, sizeof frame, "\0\0\0\4LOUD", 8);
  close (fds[0]);
  g_subprocess_wait (process, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

static void
test_foreign_master_terminates (void)
{
  g_autoptr(GSubprocess) process = NULL;
  guint8 frame[] = { 0, 0, 0, 4, 'l', 'o', 'u', 'd' };
  int fds[2];

  g_test_summary ("SIGTERM ends a slave with status 0, even if its parent has blocked it");

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  process = start_foreign ("serve", fds[1], block_signals);
  g_assert_cmpint (write (fds[0], frame, sizeof frame), ==, sizeof frame);
  g_assert_cmpint (recv (fds[0], frame, sizeof frame, MSG_WAITALL), ==, sizeof frame);
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  close (fds[0]);
}

static void
test_no_master (void)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A slave that is started by hand says so and ends with status 64");

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("SLAVE_PROBE"),
                              "serve", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &text, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "master"));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 64);
}

static void
test_master_gone (void)
{
  g_autoptr(GSubprocess) process = NULL;
  int fds[2];

  g_test_summary ("A slave whose master is gone before it begins does not run");

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  close (fds[0]);
  process = start_foreign ("serve", fds[1], NULL);
  g_subprocess_wait (process, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 71);
}

/* What the handlers of release_master_slaves () have seen. */
typedef struct
{
  guint n_connected;
  guint n_slaves;
} Seen;

static void
event_cb (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          gpointer           user_data)
{
  g_assert_cmpstr (release_ipc_message_get_string (message), ==, "me");
  raise (SIGTERM);
}

static void
handle_slave (ReleaseIpcChannel *channel,
              gpointer           user_data)
{
  Seen *seen = user_data;

  seen->n_connected++;
  g_signal_connect (channel, "event", G_CALLBACK (event_cb), NULL);
}

static void
handle_main (GListModel *slaves,
             gpointer    user_data)
{
  Seen *seen = user_data;

  seen->n_slaves = g_list_model_get_n_items (slaves);
}

static void
test_one_call (void)
{
  Seen seen = { 0 };
  g_autofree char *script = NULL;
  g_autofree char *folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  g_autofree char *lock_file = g_build_filename (folder, "lock", NULL);
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;
  ReleaseSlaveSpec slaves[] = { { NULL, handle_slave, 1 }, { NULL, NULL, 2 }, { NULL } };
  ReleaseMasterOptions options = {
    .privileged = geteuid () == 0,
    .lock_file = lock_file,
    .main = handle_main,
    .user_data = &seen,
  };

  g_test_summary ("Master and slave in one call each work together");

  script = g_build_filename (folder, "slave", NULL);
  contents = g_strdup_printf ("#!/bin/sh\nexec %s me\n", g_getenv ("SLAVE_PROBE"));
  g_assert_true (g_file_set_contents_full (script, contents, -1, G_FILE_SET_CONTENTS_NONE, 0700,
                                           &error));
  slaves[0].executable = slaves[1].executable = script;

  g_assert_cmpint (release_master_slaves (slaves, &options), ==, 0);
  g_assert_cmpuint (seen.n_connected, >=, 1);
  g_assert_cmpuint (seen.n_slaves, ==, 3);
  g_assert_cmpint (g_unlink (script), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* A shell that runs this in the background ignores them, and what is ignored stays so. */
  signal (SIGQUIT, SIG_DFL);
  signal (SIGINT, SIG_DFL);

  g_test_add_func ("/run/closed-descriptors-stay-free", test_closed_descriptors);
  g_test_add_func ("/run/broken-pipe-is-survived", test_broken_pipe);
  g_test_add_func ("/run/blocked-signals-stop", test_blocked);
  g_test_add_func ("/run/other-signals", test_other_signals);
  g_test_add_func ("/run/killed-master-leaves-no-slave", test_master_killed);
  g_test_add_func ("/run/next-start-cleans-up", test_next_start_cleans_up);
  g_test_add_func ("/run/one-of-fifty-runs", test_fifty_masters);
  g_test_add_func ("/run/signals-stop", test_terminated);
  g_test_add_func ("/run/hangup-reloads", test_reload);
  g_test_add_func ("/run/second-signal-kills", test_second_term);
  g_test_add_func ("/run/background-tells-shell", test_background);
  g_test_add_func ("/run/background-failure-is-told", test_background_fails);
  g_test_add_func ("/run/failure-is-told-beside-syslog", test_foreground_syslog_fails);
  g_test_add_func ("/run/background-interrupted", test_background_interrupted);
  g_test_add_func ("/run/background-gives-up-audibly", test_background_gives_up);
  g_test_add_func ("/run/releasectl-keeps-folder", test_releasectl);
  g_test_add_func ("/run/socket-is-taken", test_socket_taken);
  g_test_add_func ("/run/slave-of-foreign-master", test_foreign_master);
  g_test_add_func ("/run/slave-ends-on-term", test_foreign_master_terminates);
  g_test_add_func ("/run/slave-without-master", test_no_master);
  g_test_add_func ("/run/slave-of-dead-master", test_master_gone);
  g_test_add_func ("/run/one-call", test_one_call);

  return g_test_run ();
}
