/* release-tests/base/log.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_log_line (void)
{
  g_test_summary ("In the foreground a message is one line with time, program and PID");

  if (g_test_subprocess ())
    {
      g_set_prgname ("teller");
      release_log_init ();
      release_log_init ();
      g_message ("two\nlines \x1b[2J");
      g_debug ("not asked for");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*-*-* *:*:*.* teller[*] message: two\\x0alines \\x1b[2J\n");
  g_test_trap_assert_stderr_unmatched ("*not asked for*");
}

static GLogWriterOutput
own_writer (GLogLevelFlags   log_level,
            const GLogField *fields,
            gsize            n_fields,
            gpointer         user_data)
{
  g_assert_cmpint (release_log_writer (log_level, fields, n_fields, NULL), ==,
                   G_LOG_WRITER_UNHANDLED);
  return g_log_writer_standard_streams (log_level, fields, n_fields, user_data);
}

static void
test_log_application (void)
{
  g_test_summary ("A program that logs by itself keeps its own writer");

  if (g_test_subprocess ())
    {
      release_log_set_target (RELEASE_LOG_TARGET_APPLICATION);
      g_log_set_writer_func (own_writer, NULL, NULL);
      release_log_init ();
      g_message ("mine");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*mine*");
}

/* Gives this process a /dev of its own. */
static gboolean
make_own_dev (void)
{
  return unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("none", "/dev", "tmpfs", 0, NULL) == 0;
}

/* Whether some process may do so; containers often forbid it. */
static gboolean
can_make_own_dev (void)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    _exit (make_own_dev () ? 0 : 1);

  return waitpid (pid, &status, 0) == pid && status == 0;
}

/* A system log of our own. */
static int
open_system_log (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
  int fd;

  g_assert_true (make_own_dev ());
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, sizeof address));
  return fd;
}

static void
test_log_syslog (void)
{
  g_test_summary ("The system log gets the message with facility, severity, program and PID");

  if (g_test_subprocess ())
    {
      int fd = open_system_log ();
      char line[1000] = "";
      g_autofree char *sender = g_strdup_printf ("teller[%d]: ", getpid ());

      g_set_prgname ("teller");
      release_log_set_target (RELEASE_LOG_TARGET_SYSLOG);
      release_log_init ();
      g_message ("all\nis well");
      g_assert_cmpint (recv (fd, line, sizeof line - 1, MSG_DONTWAIT), >, 0);
      /* Facility daemon (3), severity notice (5). */
      g_assert_true (g_str_has_prefix (line, "<29>"));
      g_assert_nonnull (strstr (line, sender));
      g_assert_true (g_str_has_suffix (line, "all\\x0ais well"));
      close (fd);
      return;
    }

  if (!can_make_own_dev ())
    {
      g_test_skip ("needs root and mount namespaces");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/one-line-with-time-program-pid", test_log_line);
  g_test_add_func ("/log/syslog", test_log_syslog);
  g_test_add_func ("/log/application-keeps-its-writer", test_log_application);

  return g_test_run ();
}
