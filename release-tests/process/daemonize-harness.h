/* release-tests/process/daemonize-harness.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Starts programs that become daemons, and is told by daemonize-probe what became of it. */

typedef struct
{
  GSubprocess  *launch;         /* what was started */
  int           control;        /* to the probe */
  char         *output;         /* what the launching process printed, once it ended */
  char         *errors;
  int           status;         /* its exit status, -1 if it was killed */
} Harness;

/* Starts @argv, with @variable in RELEASE_DAEMONIZE and, if it is no -1, @fd as descriptor 4. */
static inline void
harness_start_with (Harness           *harness,
                    const char *const *argv,
                    const char        *variable,
                    int                fd)
{
  g_autoptr(GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                               | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr(GError) error = NULL;
  int sockets[2];

  memset (harness, 0, sizeof *harness);
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets));
  harness->control = sockets[0];
  g_subprocess_launcher_take_fd (launcher, sockets[1], 3);
  if (fd >= 0)
    g_subprocess_launcher_take_fd (launcher, fd, 4);
  if (variable != NULL)
    g_subprocess_launcher_setenv (launcher, "RELEASE_DAEMONIZE", variable, TRUE);
  harness->launch = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
}

static inline void
harness_start (Harness    *harness,
               const char *program,
               ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  va_list args;

  va_start (args, program);
  for (const char *arg = program; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  harness_start_with (harness, (const char *const *) argv->pdata, NULL, -1);
}

static inline GKeyFile *
harness_read_facts (Harness *harness)
{
  g_autoptr(GKeyFile) facts = g_key_file_new ();
  g_autoptr(GError) error = NULL;
  char text[4096];
  gssize n;

  n = TEMP_FAILURE_RETRY (recv (harness->control, text, sizeof text, 0));
  g_assert_cmpint (n, >, 0);
  g_key_file_load_from_data (facts, text, n, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&facts);
}

static inline int
fact_int (GKeyFile   *facts,
          const char *key)
{
  g_autoptr(GError) error = NULL;
  int value = g_key_file_get_integer (facts, "facts", key, &error);

  g_assert_no_error (error);
  return value;
}

static inline gboolean
fact_boolean (GKeyFile   *facts,
              const char *key)
{
  g_autoptr(GError) error = NULL;
  gboolean value = g_key_file_get_boolean (facts, "facts", key, &error);

  g_assert_no_error (error);
  return value;
}

static inline void
assert_fact (GKeyFile   *facts,
             const char *key,
             const char *expected)
{
  g_autofree char *value = g_key_file_get_string (facts, "facts", key, NULL);

  g_assert_cmpstr (value, ==, expected);
}

static inline void
harness_send (Harness    *harness,
              const char *command)
{
  g_assert_cmpint (send (harness->control, command, strlen (command), MSG_NOSIGNAL), ==,
                   strlen (command));
}

/* Waits until the launching process has ended and neither it nor the daemon holds its standard
 * output and error any more. */
static inline void
harness_wait_launch (Harness *harness)
{
  g_autoptr(GError) error = NULL;

  g_subprocess_communicate_utf8 (harness->launch, NULL, NULL, &harness->output, &harness->errors,
                                 &error);
  g_assert_no_error (error);
  harness->status = g_subprocess_get_if_exited (harness->launch)
                    ? g_subprocess_get_exit_status (harness->launch) : -1;
}

/* Waits until the daemon has ended: nothing of it may be left. */
static inline void
harness_end (Harness *harness)
{
  char text[4096];

  g_assert_no_errno (shutdown (harness->control, SHUT_WR));
  while (TEMP_FAILURE_RETRY (recv (harness->control, text, sizeof text, 0)) > 0)
    continue;
  close (harness->control);
  g_clear_object (&harness->launch);
  g_clear_pointer (&harness->output, g_free);
  g_clear_pointer (&harness->errors, g_free);
}

/* What the five steps promise, before the verdict or (@errors "/dev/null") after it. */
static inline void
assert_is_daemon (GKeyFile   *facts,
                  const char *errors)
{
  g_autofree char *standard_error = g_key_file_get_string (facts, "facts", "fd-2", NULL);

  g_assert_cmpint (fact_int (facts, "sid"), !=, getsid (0));
  g_assert_cmpint (fact_int (facts, "sid"), !=, fact_int (facts, "pid"));
  g_assert_cmpint (fact_int (facts, "umask"), ==, 0);
  assert_fact (facts, "cwd", "/");
  g_assert_true (fact_boolean (facts, "ignores-hup"));
  g_assert_true (fact_boolean (facts, "ignores-pipe"));
  assert_fact (facts, "fd-0", "/dev/null");
  assert_fact (facts, "fd-1", "/dev/null");
  g_assert_true (g_str_has_prefix (standard_error, errors));
}
