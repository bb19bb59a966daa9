/* release-tests/process/surroundings.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the process of a slave looks like to its program. */

#include "config.h"

#include "release-tests/process/master-harness.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void
test_report (void)
{
  World world;
  g_autofree char *ids = g_strdup_printf ("ids:%d:%d", getuid (), getgid ());
  struct rlimit before;
  struct rlimit after;
  g_autofree char *limit = NULL;

  g_test_summary ("A slave has /dev/null as descriptor 0, the old limit, and is in /");

  getrlimit (RLIMIT_NOFILE, &before);
  before.rlim_cur = MIN (before.rlim_cur, 512);
  setrlimit (RLIMIT_NOFILE, &before);
  limit = g_strdup_printf ("nofile:%" G_GUINT64_FORMAT, (guint64) before.rlim_cur);

  world_init (&world, "report", 1);
  world_start (&world);
  getrlimit (RLIMIT_NOFILE, &after);
  g_assert_cmpuint (after.rlim_cur, ==, before.rlim_max);
  g_assert_cmpstr (world_get_event (&world, 0), ==, "fds: /dev/null socket");
  g_assert_cmpstr (world_get_event (&world, 1), ==, ids);
  g_assert_cmpstr (world_get_event (&world, 2), ==, limit);
  g_assert_cmpstr (world_get_event (&world, 3), ==, "cwd:/");
  world_stop (&world);
  getrlimit (RLIMIT_NOFILE, &after);
  g_assert_cmpuint (after.rlim_cur, ==, before.rlim_cur);
  world_clear (&world);
}

static void
test_descriptors (void)
{
  World world;
  g_autofree char *control = NULL;
  struct sigaction action = { .sa_handler = SIG_IGN };
  struct sigaction before;
  sigset_t mask;

  g_test_summary ("A program starts with what it was given and nothing else of the master");

  world_init (&world, "descriptors", 1);
  control = world_path (&world, "control");
  release_slave_group_set_framing (world.group, RELEASE_IPC_FRAMING_PLAIN);
  release_slave_group_set_control (world.group, control);
  sigaction (SIGUSR1, &action, &before);
  sigemptyset (&mask);
  sigaddset (&mask, SIGUSR1);
  sigprocmask (SIG_BLOCK, &mask, NULL);
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==,
                   "start: 0 1 2 3 ipc=plain passed=control=3 session=1 group=1 "
                   "usr1-ignored=0 usr1-blocked=0");
  g_assert_true (g_file_test (control, G_FILE_TEST_EXISTS));
  world_stop (&world);
  g_assert_false (g_file_test (control, G_FILE_TEST_EXISTS));
  sigprocmask (SIG_UNBLOCK, &mask, NULL);
  sigaction (SIGUSR1, &before, NULL);
  world_clear (&world);
}

static void
test_environment (void)
{
  World world;

  g_test_summary ("Slaves get what the policy says, what was set, and nothing that is private");

  g_setenv ("LC_TEST", "kept", TRUE);
  g_setenv ("OTHER_TEST", "inherited", TRUE);
  g_setenv ("NOTIFY_SOCKET", "/nowhere", TRUE);
  g_setenv ("LISTEN_FDS", "3", TRUE);
  g_setenv ("WATCHDOG_USEC", "3", TRUE);
  g_setenv ("RELEASE_DAEMONIZE", "3", TRUE);
  g_setenv ("RELEASE_VERSION", "12", TRUE);
  g_setenv ("LISTEN_ADDRESS", "::1", TRUE);

  world_init (&world, "report", 1);
  release_slave_group_setenv (world.group, "SET_TEST", "yes");
  release_slave_group_setenv (world.group, "RELEASE_FDS", "fake=3");
  world_start (&world);
  g_assert_nonnull (strstr (world_get_event (&world, 4), "\nLC_TEST=kept\n"));
  g_assert_nonnull (strstr (world_get_event (&world, 4), "\nOTHER_TEST=inherited\n"));
  g_assert_nonnull (strstr (world_get_event (&world, 4), "\nSET_TEST=yes\n"));
  g_assert_null (strstr (world_get_event (&world, 4), "\nNOTIFY_SOCKET="));
  g_assert_null (strstr (world_get_event (&world, 4), "\nLISTEN_FDS="));
  g_assert_null (strstr (world_get_event (&world, 4), "\nWATCHDOG_"));
  g_assert_null (strstr (world_get_event (&world, 4), "\nRELEASE_DAEMONIZE="));
  g_assert_null (strstr (world_get_event (&world, 4), "\nRELEASE_EXEC="));
  g_assert_null (strstr (world_get_event (&world, 4), "\nRELEASE_FDS="));
  g_assert_nonnull (strstr (world_get_event (&world, 4), "\nRELEASE_VERSION=12\n"));
  g_assert_nonnull (strstr (world_get_event (&world, 4), "\nLISTEN_ADDRESS=::1\n"));

  release_slave_group_set_environment_policy (world.group, RELEASE_ENVIRONMENT_KEEP);
  release_slave_process_signal (world_peek_slave (&world, 0), SIGKILL, NULL);
  g_assert_nonnull (strstr (world_get_event (&world, 9), "\nLC_TEST=kept\n"));
  g_assert_null (strstr (world_get_event (&world, 9), "\nOTHER_TEST="));
  g_assert_nonnull (strstr (world_get_event (&world, 9), "\nSET_TEST=yes\n"));
  g_assert_null (strstr (world_get_event (&world, 9), "\nRELEASE_"));

  world_stop (&world);
  world_clear (&world);
  g_unsetenv ("LC_TEST");
  g_unsetenv ("OTHER_TEST");
  g_unsetenv ("NOTIFY_SOCKET");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("RELEASE_DAEMONIZE");
  g_unsetenv ("RELEASE_VERSION");
  g_unsetenv ("LISTEN_ADDRESS");
}

static void
test_user_of_group (void)
{
  World world;
  g_autofree char *program = NULL;
  const char *argv[] = { NULL, "report", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("The slaves of a group run as its user, whatever program they are");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  world_init (&world, "nothing", 0);
  program = world_copy_slave (&world);
  argv[0] = program;
  group = world_add_group (&world, argv, 1);
  release_slave_group_set_user (group, "nobody");
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 1), ==, "ids:65534:65534");
  world_stop (&world);
  g_assert_cmpint (g_unlink (program), ==, 0);
  world_clear (&world);
}

static void
test_home_of_user (void)
{
  World world;
  g_autofree char *program = NULL;
  g_autofree char *home = NULL;
  const char *argv[] = { NULL, "report", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("The slaves of a group with a user have its HOME, USER and LOGNAME, unless set");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  home = g_strdup_printf ("\nHOME=%s\n", getpwnam ("nobody")->pw_dir);
  world_init (&world, "nothing", 0);
  program = world_copy_slave (&world);
  argv[0] = program;
  group = world_add_group (&world, argv, 1);
  release_slave_group_set_user (group, "nobody");
  release_slave_group_set_environment_policy (group, RELEASE_ENVIRONMENT_KEEP);
  release_slave_group_setenv (group, "LOGNAME", "somebody");
  world_start (&world);
  g_assert_nonnull (strstr (world_get_event (&world, 4), home));
  g_assert_nonnull (strstr (world_get_event (&world, 4), "\nUSER=nobody\n"));
  g_assert_nonnull (strstr (world_get_event (&world, 4), "\nLOGNAME=somebody\n"));
  world_stop (&world);
  g_assert_cmpint (g_unlink (program), ==, 0);
  world_clear (&world);
}

static void
test_hidden (void)
{
  World world;
  g_autofree char *program = NULL;
  const char *argv[] = { NULL, "dumpable", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("The slave of a group with a user is closed to other processes of that user");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  world_init (&world, "nothing", 0);
  program = world_copy_slave (&world);
  argv[0] = program;
  group = world_add_group (&world, argv, 1);
  release_slave_group_set_user (group, "nobody");
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==, "dumpable:0");
  world_stop (&world);
  g_assert_cmpint (g_unlink (program), ==, 0);
  world_clear (&world);
}

static void
test_closed_to_user (void)
{
  World world;
  g_autofree char *program = NULL;
  const char *argv[] = { NULL, "nothing", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("If the user of a group may not execute its program, the error names the user");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  world_init (&world, "nothing", 0);
  program = world_copy_slave (&world);
  argv[0] = program;
  g_assert_cmpint (g_chmod (program, 0700), ==, 0);
  group = world_add_group (&world, argv, 1);
  release_slave_group_set_user (group, "nobody");
  g_assert_false (release_master_start (world.master, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, program));
  g_assert_nonnull (strstr (error->message, "as the user “nobody”"));
  g_assert_cmpint (release_master_get_exit_status (world.master), ==, 72);
  g_assert_cmpint (g_unlink (program), ==, 0);
  world_clear (&world);
}

static void
test_user_of_slave (void)
{
  World world;
  const char *argv[] = { g_getenv ("SLAVE_PROBE"), "user", "nobody", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("A slave becomes another user by itself; under a master without privileges not");

  world_init (&world, "nothing", 0);
  group = world_add_group (&world, argv, 1);
  world_start (&world);
  if (geteuid () == 0)
    g_assert_cmpstr (world_get_event (&world, 1), ==, "ids:65534:65534");
  else
    {
      world_wait (world.n_exited >= 1);
      g_assert_cmpint (WEXITSTATUS (world.wait_status), ==, 77);
    }
  world_stop (&world);
  world_clear (&world);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surroundings/as-master-says", test_report);
  g_test_add_func ("/surroundings/slave-gets-nothing-else", test_descriptors);
  g_test_add_func ("/surroundings/environment-follows-policy", test_environment);
  g_test_add_func ("/surroundings/user-of-group", test_user_of_group);
  g_test_add_func ("/surroundings/home-of-user", test_home_of_user);
  g_test_add_func ("/surroundings/slave-of-user-is-hidden", test_hidden);
  g_test_add_func ("/surroundings/program-closed-to-user-is-named", test_closed_to_user);
  g_test_add_func ("/surroundings/user-of-slave", test_user_of_slave);

  return g_test_run ();
}
