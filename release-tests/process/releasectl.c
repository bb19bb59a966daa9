/* release-tests/process/releasectl.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/process/daemonize-harness.h"

#include <glib/gstdio.h>
#include <sysexits.h>

static const char *probe;
static const char *releasectl;

static void
test_releasectl_usage (void)
{
  static const char *const wrong[][4] = {
    { NULL }, { "--nonsense" }, { "nonsense" }, { "daemonize" }, { "daemonize", "--" },
    { "daemonize", "--nonsense", "true" },
  };

  g_test_summary ("Wrong usage ends with 64 and a message on standard error");

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      Harness harness;

      harness_start (&harness, releasectl, wrong[i][0], wrong[i][1], wrong[i][2], NULL);
      harness_wait_launch (&harness);
      g_assert_cmpint (harness.status, ==, EX_USAGE);
      g_assert_cmpstr (harness.output, ==, "");
      g_assert_true (g_str_has_prefix (harness.errors, "releasectl"));
      g_assert_nonnull (strstr (harness.errors, "--help"));
      harness_end (&harness);
    }
}

static void
test_releasectl_help (void)
{
  Harness harness;

  g_test_summary ("Help and version go to standard output");

  harness_start (&harness, releasectl, "--version", NULL);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpstr (harness.output, ==, "releasectl " PACKAGE_VERSION "\n");
  harness_end (&harness);

  harness_start (&harness, releasectl, "--help", NULL);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_nonnull (strstr (harness.output, "daemonize"));
  harness_end (&harness);

  harness_start (&harness, releasectl, "daemonize", "--help", NULL);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_nonnull (strstr (harness.output, "releasectl daemonize "));
  g_assert_nonnull (strstr (harness.output, "--no-wait"));
  harness_end (&harness);
}

static void
test_releasectl_verdict (void)
{
  g_autoptr(GKeyFile) before = NULL;
  g_autoptr(GKeyFile) after = NULL;
  Harness harness;

  g_test_summary ("A command that has threads from the start is a daemon and gives the verdict");

  harness_start (&harness, releasectl, "daemonize", "--", probe, "thread", NULL);
  before = harness_read_facts (&harness);
  assert_is_daemon (before, "pipe:");
  g_assert_true (fact_boolean (before, "has-variable"));

  harness_send (&harness, "report 0 running");
  after = harness_read_facts (&harness);
  assert_is_daemon (after, "/dev/null");
  assert_fact (after, "fds", "0 1 2 3");
  g_assert_false (fact_boolean (after, "has-variable"));

  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpstr (harness.output, ==, "running\n");
  g_assert_cmpstr (harness.errors, ==, "");
  harness_end (&harness);

  harness_start (&harness, releasectl, "daemonize", probe, "thread", NULL);
  harness_send (&harness, "report 75 already running");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, EX_TEMPFAIL);
  g_assert_cmpstr (harness.output, ==, "");
  g_assert_cmpstr (harness.errors, ==, "releasectl: already running\n");
  harness_end (&harness);

  harness_start (&harness, releasectl, "daemonize", probe, "thread", NULL);
  harness_send (&harness, "die");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, EX_SOFTWARE);
  g_assert_nonnull (strstr (harness.errors, "before it said"));
  harness_end (&harness);
}

static void
test_releasectl_background (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;

  g_test_summary ("In such a command daemonizing is done already, threads or not");

  harness_start (&harness, releasectl, "daemonize", probe, "thread", "wait", NULL);
  facts = harness_read_facts (&harness);
  assert_is_daemon (facts, "pipe:");
  g_assert_false (fact_boolean (facts, "has-variable"));
  assert_fact (facts, "inherited-fds", "0 1 2 3");
  harness_send (&harness, "report 6 heard");
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 6);
  g_assert_cmpstr (harness.errors, ==, "releasectl: heard\n");
  harness_end (&harness);

  harness_start (&harness, releasectl, "daemonize", probe, "thread", "daemonize", NULL);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  harness_end (&harness);
}

static void
test_releasectl_no_wait (void)
{
  g_autoptr(GKeyFile) facts = NULL;
  Harness harness;

  g_test_summary ("Without waiting, to be executed is enough");

  harness_start (&harness, releasectl, "daemonize", "--no-wait", "--", probe, "thread", NULL);
  harness_wait_launch (&harness);
  g_assert_cmpint (harness.status, ==, 0);
  g_assert_cmpstr (harness.output, ==, "");
  g_assert_cmpstr (harness.errors, ==, "");

  facts = harness_read_facts (&harness);
  assert_is_daemon (facts, "/dev/null");
  assert_fact (facts, "fds", "0 1 2 3");
  g_assert_false (fact_boolean (facts, "has-variable"));
  harness_end (&harness);
}

static void
assert_not_executed (const char *command,
                     int         status)
{
  static const char *const options[] = { "--", "--no-wait" };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      Harness harness;

      harness_start (&harness, releasectl, "daemonize", options[i], command, NULL);
      harness_wait_launch (&harness);
      g_assert_cmpint (harness.status, ==, status);
      g_assert_cmpstr (harness.output, ==, "");
      g_assert_true (g_str_has_prefix (harness.errors, "releasectl: "));
      g_assert_nonnull (strstr (harness.errors, command));
      harness_end (&harness);
    }
}

static void
test_releasectl_not_executed (void)
{
  g_test_summary ("A command that is not found is 127, one that cannot be executed 126");

  assert_not_executed ("no-such-command-anywhere", 127);
  assert_not_executed ("/no/such/command", 127);
  assert_not_executed ("/etc/passwd", 126);
  assert_not_executed ("/", 126);
}

static void
test_releasectl_relative (void)
{
  g_autofree char *folder = g_dir_make_tmp ("release-ctl-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "command", NULL);
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *before_path = g_strdup (g_getenv ("PATH"));
  g_autofree char *relative_path = g_strconcat (".:", before_path, NULL);
  static const char *const commands[] = { "./command", "command" };

  g_test_summary ("A command of a relative path, or in a relative PATH, is found for the daemon in /");

  g_assert_nonnull (folder);
  g_assert_no_errno (symlink (probe, path));
  g_assert_no_errno (chdir (folder));
  g_setenv ("PATH", relative_path, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr(GKeyFile) facts = NULL;
      Harness harness;

      harness_start (&harness, releasectl, "daemonize", commands[i], NULL);
      facts = harness_read_facts (&harness);
      assert_is_daemon (facts, "pipe:");
      harness_send (&harness, "report 7 heard");
      harness_wait_launch (&harness);
      g_assert_cmpint (harness.status, ==, 7);
      harness_end (&harness);
    }

  g_setenv ("PATH", before_path, TRUE);
  g_assert_no_errno (chdir (before));
  g_assert_no_errno (g_remove (path));
  g_assert_no_errno (g_rmdir (folder));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  probe = g_getenv ("DAEMONIZE_PROBE");
  releasectl = g_getenv ("RELEASECTL");
  g_assert_nonnull (probe);
  g_assert_nonnull (releasectl);
  /* The messages below are those that are in the source. */
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);

  g_test_add_func ("/releasectl/wrong-usage-is-64", test_releasectl_usage);
  g_test_add_func ("/releasectl/help-and-version", test_releasectl_help);
  g_test_add_func ("/releasectl/command-gives-verdict", test_releasectl_verdict);
  g_test_add_func ("/releasectl/daemonizing-is-done", test_releasectl_background);
  g_test_add_func ("/releasectl/no-wait-executed-is-enough", test_releasectl_no_wait);
  g_test_add_func ("/releasectl/not-executed-is-126-or-127", test_releasectl_not_executed);
  g_test_add_func ("/releasectl/relative-command-is-found", test_releasectl_relative);

  return g_test_run ();
}
