/* release-tests/process/daemonize.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/process/daemonize-harness.h"

#include <signal.h>
#include <sysexits.h>

#define EXIT_NO_DAEMON 9

static const char *probe;

static void
assert_suffix (const char *text,
               const char *suffix)
{
  if (!g_str_has_suffix (text, suffix))
    g_error ("“%s” does not end with “%s”", text, suffix);
}

static void
test_daemonize_steps (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;
  g_autofree char *launch_pid = NULL;

  g_test_summary ("Without waiting, the launch ends with 0 and the daemon stands as the steps say");

  harness_start (&harness, probe, "umask", "daemonize", NULL);
  launch_pid = g_strdup (g_subprocess_get_identifier (harness.launch));
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpstr (harness.output, ==, "");
  g_assert_cmpstr (harness.errors, ==, "");

  facts = harness_read_facts (&harness);
  assert_is_daemon (facts, "/dev/null");
  assert_fact (facts, "fds", "0 1 2 3");
  g_assert_cmpint (fact_int (facts, "pid"), !=, atoi (launch_pid));
  g_assert_cmpint (fact_int (facts, "sid"), !=, atoi (launch_pid));

  harness_end (&harness);
}

static void
test_daemonize_success (void)
{
  g_autoptr(GKeyFile) before = NULL;
  g_autoptr(GKeyFile) after = NULL;
  Harness harness;

  g_test_summary ("A good verdict: text on standard output, status 0, standard error is let go");

  harness_start (&harness, probe, "umask", "wait", NULL);
  before = harness_read_facts (&harness);
  assert_is_daemon (before, "pipe:");
  assert_fact (before, "inherited-fds", "0 1 2 3");

  harness_send (&harness, "report 0 running");
  after = harness_read_facts (&harness);
  assert_is_daemon (after, "/dev/null");
  assert_fact (after, "fds", "0 1 2 3");

  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpstr (harness.output, ==, "running\n");
  g_assert_cmpstr (harness.errors, ==, "");

  harness_end (&harness);
}

static void
test_daemonize_failure (void)
{
  Harness harness;

  g_test_summary ("A bad verdict: its text on standard error, its status; the first one counts");

  harness_start (&harness, probe, "wait", NULL);
  harness_send (&harness, "report 255 already running (PID 1)");
  harness_send (&harness, "report 0 it was nothing");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 255);
  g_assert_cmpstr (harness.output, ==, "");
  assert_suffix (harness.errors, "daemonize-probe: already running (PID 1)\n");

  harness_end (&harness);
}

static void
test_daemonize_second_verdict (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;

  g_test_summary ("A second verdict touches no descriptor that got a number of the first one's");

  harness_start (&harness, probe, "wait", NULL);
  harness_send (&harness, "report 0 running");
  harness_send (&harness, "open");
  harness_send (&harness, "report 1 not running");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);

  for (int i = 0; i < 4; i++)
    {
      g_clear_pointer (&facts, g_key_file_unref);
      facts = harness_read_facts (&harness);
    }
  assert_fact (facts, "fds", "0 1 2 3 4 5 6");
  harness_end (&harness);
}

static void
test_daemonize_silent (void)
{
  Harness harness;

  g_test_summary ("A verdict without a text prints nothing if good, and that it is bad if not");

  harness_start (&harness, probe, "wait", NULL);
  harness_send (&harness, "report 0");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpstr (harness.output, ==, "");
  g_assert_cmpstr (harness.errors, ==, "");
  harness_end (&harness);

  harness_start (&harness, probe, "wait", NULL);
  harness_send (&harness, "report 3");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 3);
  g_assert_cmpstr (harness.output, ==, "");
  assert_suffix (harness.errors, "daemonize-probe: The start failed\n");
  harness_end (&harness);
}

static void
test_daemonize_long (void)
{
  g_autofree char *text = g_strnfill (10000, 'x');
  g_autofree char *command = g_strconcat ("report 0 ", text, NULL);
  Harness harness;

  g_test_summary ("A long text is cut off, not lost");

  harness_start (&harness, probe, "wait", NULL);
  harness_send (&harness, command);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpuint (strlen (harness.output), ==, 4096 + 1);
  harness_end (&harness);
}

static void
test_daemonize_death (void)
{
  Harness harness;

  g_test_summary ("A daemon that dies without a verdict is a failure with a message");

  harness_start (&harness, probe, "wait", NULL);
  harness_send (&harness, "die");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, EX_SOFTWARE);
  g_assert_cmpstr (harness.output, ==, "");
  assert_suffix (harness.errors, "The daemon ended before it said whether it runs\n");
  harness_end (&harness);
}

static void
test_daemonize_launch_killed (void)
{
  g_autoptr(GKeyFile) before = NULL;
  g_autoptr(GKeyFile) after = NULL;
  g_autoptr(GError) error = NULL;
  Harness harness;

  g_test_summary ("If the launching process is killed, the daemon carries on");

  harness_start (&harness, probe, "wait", NULL);
  before = harness_read_facts (&harness);
  g_subprocess_force_exit (harness.launch);
  g_subprocess_wait (harness.launch, NULL, &error);
  g_assert_no_error (error);

  harness_send (&harness, "report 0 running");
  after = harness_read_facts (&harness);
  g_assert_cmpint (fact_int (after, "pid"), ==, fact_int (before, "pid"));
  assert_is_daemon (after, "/dev/null");

  harness_end (&harness);
}

/* Waits until the process has dealt with every signal and sleeps, or has ended. */
static void
wait_until_asleep (const char *pid)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "status", NULL);

  while (TRUE)
    {
      g_autofree char *status = NULL;

      if (!g_file_get_contents (path, &status, NULL, NULL)
          || strstr (status, "State:\tZ") != NULL
          || (strstr (status, "State:\tS") != NULL
              && strstr (status, "SigPnd:\t0000000000000000\n") != NULL
              && strstr (status, "ShdPnd:\t0000000000000000\n") != NULL))
        return;
      g_usleep (1000);
    }
}

static void
test_daemonize_signals (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;

  g_test_summary ("Signals neither end the wait by accident nor fail to end it");

  harness_start (&harness, probe, "handle-signals", "wait", NULL);
  facts = harness_read_facts (&harness);
  wait_until_asleep (g_subprocess_get_identifier (harness.launch));
  g_subprocess_send_signal (harness.launch, SIGUSR1);
  wait_until_asleep (g_subprocess_get_identifier (harness.launch));
  harness_send (&harness, "report 4 after the signal");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 4);
  harness_end (&harness);
  g_clear_pointer (&facts, g_key_file_unref);

  harness_start (&harness, probe, "handle-signals", "wait", NULL);
  facts = harness_read_facts (&harness);
  g_subprocess_send_signal (harness.launch, SIGTERM);
  g_subprocess_wait (harness.launch, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (harness.launch));
  g_assert_cmpint (g_subprocess_get_term_sig (harness.launch), ==, SIGTERM);
  harness_end (&harness);
}

static void
test_daemonize_threads (void)
{
  Harness harness;

  g_test_summary ("A process with threads is refused, the threads are named, and what to do");

  harness_start (&harness, probe, "umask", "thread", "wait", NULL);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, EXIT_NO_DAEMON);
  g_assert_true (g_str_has_prefix (harness.errors, "umask 27, release-daemonize-error-quark 1: "));
  g_assert_nonnull (strstr (harness.errors, "(worker bee)"));
  g_assert_nonnull (strstr (harness.errors, "releasectl daemonize -- COMMAND"));
  harness_end (&harness);
}

static void
test_daemonize_failed_steps (void)
{
  static const char *const modes[] = { "daemonize", "wait" };

  g_test_summary ("A step that fails is an error of the launching process, with its reason");

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      Harness harness;

      harness_start (&harness, probe, "umask", "first-fork-fails", modes[i], NULL);
      harness_wait_launch (&harness);
      g_assert_cmpint (harness.status, ==, EXIT_NO_DAEMON);
      g_assert_true (g_str_has_prefix (harness.errors, "umask 27, g-io-error-quark "));
      g_assert_nonnull (strstr (harness.errors, "Cannot fork: "));
      harness_end (&harness);

      harness_start (&harness, probe, "second-fork-fails", modes[i], NULL);
      harness_wait_launch (&harness);
      g_assert_cmpint (harness.status, ==, EX_OSERR);
      g_assert_nonnull (strstr (harness.errors, "daemonize-probe: Cannot fork: "));
      harness_end (&harness);

      harness_start (&harness, probe, "chdir-fails", modes[i], NULL);
      harness_wait_launch (&harness);
      g_assert_cmpint (harness.status, ==, EX_OSERR);
      g_assert_nonnull (strstr (harness.errors, "daemonize-probe: Cannot change to"));
      harness_end (&harness);
    }
}

static void
test_daemonize_closed (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;

  g_test_summary ("Descriptors 0 to 2 exist in the daemon, though it was started without them");

  harness_start (&harness, probe, "close", "wait", NULL);
  facts = harness_read_facts (&harness);
  assert_is_daemon (facts, "/dev/null");
  harness_send (&harness, "report 5 unheard");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 5);
  harness_end (&harness);
}

static void
test_daemonize_buffered (void)
{
  Harness harness;

  g_test_summary ("What was printed before is printed once");

  harness_start (&harness, probe, "print", "wait", NULL);
  harness_send (&harness, "report 0 and more");
  harness_wait_launch (&harness);
  g_assert_cmpstr (harness.output, ==, "printedand more\n");
  harness_end (&harness);
}

static void
test_daemonize_again (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;

  g_test_summary ("A daemon stays what it is; not to wait any more is a good verdict");

  harness_start (&harness, probe, "wait", "wait", "thread", "daemonize", NULL);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  facts = harness_read_facts (&harness);
  assert_is_daemon (facts, "/dev/null");
  harness_end (&harness);
}

static void
test_daemonize_foreground (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;

  g_test_summary ("In the foreground a verdict does nothing");

  harness_start (&harness, probe, NULL);
  facts = harness_read_facts (&harness);
  g_clear_pointer (&facts, g_key_file_unref);
  harness_send (&harness, "report 3 unheard");
  facts = harness_read_facts (&harness);
  assert_fact (facts, "fds", "0 1 2 3");
  g_assert_cmpint (fact_int (facts, "pid"), ==,
                   atoi (g_subprocess_get_identifier (harness.launch)));

  g_assert_no_errno (shutdown (harness.control, SHUT_WR));
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpstr (harness.errors, ==, "");
  harness_end (&harness);
}

static void
test_daemonize_variable (void)
{
  static const char *const values[] = { "", "x", "-1", "0", "2", "4", "4x", "99", "99999999999",
                                        ":/", "3:", "3:relative", "4:/" };
  const char *argv[] = { probe, NULL };

  g_test_summary ("RELEASE_DAEMONIZE that names no verdict socket is ignored, and never passed on");

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(GKeyFile) before = NULL;
      g_autoptr(GKeyFile) after = NULL;
      Harness harness;
      int streams[2];

      g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, streams));
      harness_start_with (&harness, argv, values[i], streams[0]);
      before = harness_read_facts (&harness);
      g_assert_true (fact_boolean (before, "has-variable"));

      harness_send (&harness, "report 3 unheard");
      after = harness_read_facts (&harness);
      g_assert_false (fact_boolean (after, "has-variable"));
      assert_fact (after, "fds", "0 1 2 3 4");

      g_assert_no_errno (shutdown (harness.control, SHUT_WR));
      harness_wait_launch (&harness);
      g_assert_cmpint (harness.status, ==, 0);
      harness_end (&harness);
      close (streams[1]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  probe = g_getenv ("DAEMONIZE_PROBE");
  g_assert_nonnull (probe);

  g_test_add_func ("/daemonize/five-steps", test_daemonize_steps);
  g_test_add_func ("/daemonize/good-verdict", test_daemonize_success);
  g_test_add_func ("/daemonize/bad-verdict-first-counts", test_daemonize_failure);
  g_test_add_func ("/daemonize/second-verdict-touches-nothing", test_daemonize_second_verdict);
  g_test_add_func ("/daemonize/verdict-without-text", test_daemonize_silent);
  g_test_add_func ("/daemonize/long-text-is-cut", test_daemonize_long);
  g_test_add_func ("/daemonize/death-without-verdict", test_daemonize_death);
  g_test_add_func ("/daemonize/launch-killed-daemon-lives", test_daemonize_launch_killed);
  g_test_add_func ("/daemonize/signals-while-waiting", test_daemonize_signals);
  g_test_add_func ("/daemonize/threads-are-refused", test_daemonize_threads);
  g_test_add_func ("/daemonize/failed-steps-are-told", test_daemonize_failed_steps);
  g_test_add_func ("/daemonize/closed-descriptors-exist", test_daemonize_closed);
  g_test_add_func ("/daemonize/output-comes-once", test_daemonize_buffered);
  g_test_add_func ("/daemonize/twice-is-once", test_daemonize_again);
  g_test_add_func ("/daemonize/foreground-verdict-is-nothing", test_daemonize_foreground);
  g_test_add_func ("/daemonize/variable-is-checked", test_daemonize_variable);

  return g_test_run ();
}
