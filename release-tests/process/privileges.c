/* release-tests/process/privileges.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-drop-private.h"
#include "release/process/release-privileges-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define USER "nobody"

/* Without summer time. */
#define ZONE         "Asia/Kolkata"
#define ZONE_SECONDS 19800

/* Nobody's: whether they have names does not matter to a drop. */
static gid_t some_groups[] = { 54323, 54324 };
static const ReleaseUser some_user = {
  .name = (char *) "somebody",
  .uid = 54321,
  .gid = 54322,
  .groups = some_groups,
  .n_groups = G_N_ELEMENTS (some_groups),
  .home = (char *) "/",
};

static gboolean
skip_unless_privileged (void)
{
  g_autoptr(GError) error = NULL;

  if (release_privileges_check_master (&error))
    return FALSE;

  g_test_skip (error->message);
  return TRUE;
}

/* Ends a process that has dropped its privileges. A sanitizer's look for leaks would fail: it
 * traces the process, which is not dumpable. */
static void G_GNUC_NORETURN
end_dropped (void)
{
  _exit (0);
}

static void
assert_passes_in_subprocess (void)
{
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_lookup (void)
{
  g_autoptr(ReleaseUser) user = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) ids = g_string_new (NULL);
  g_autofree char *value = NULL;
  struct passwd *entry = getpwnam (USER);
  gid_t groups[64];
  int n = G_N_ELEMENTS (groups);

  g_test_summary ("A user is found with id, groups and home, and becomes the argument of --ids");

  if (entry == NULL || entry->pw_uid == 0 || entry->pw_gid == 0)
    {
      g_test_skip ("needs an unprivileged user " USER);
      return;
    }

  user = release_user_lookup (USER, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (user->name, ==, USER);
  g_assert_cmpuint (user->uid, ==, entry->pw_uid);
  g_assert_cmpuint (user->gid, ==, entry->pw_gid);
  g_assert_cmpstr (user->home, ==, entry->pw_dir);

  g_assert_cmpint (getgrouplist (USER, entry->pw_gid, groups, &n), >=, 1);
  g_assert_cmpuint (user->n_groups, ==, n);
  g_string_printf (ids, "%u:%u:", user->uid, user->gid);
  for (int i = 0; i < n; i++)
    {
      if (i > 0)
        g_assert_cmpuint (user->groups[i], >, user->groups[i - 1]);
      g_string_append_printf (ids, i == 0 ? "%u" : ",%u", user->groups[i]);
    }

  value = release_user_dup_ids (user);
  g_assert_cmpstr (value, ==, ids->str);
}

static void
test_ids (void)
{
  g_autofree char *several = release_user_dup_ids (&some_user);
  g_autofree char *none = NULL;
  ReleaseUser alone = some_user;

  g_test_summary ("The argument of --ids lists the groups between commas, and may list none");

  alone.n_groups = 0;
  none = release_user_dup_ids (&alone);
  g_assert_cmpstr (several, ==, "54321:54322:54323,54324");
  g_assert_cmpstr (none, ==, "54321:54322:");
}

static void
test_unknown (void)
{
  static const char *const names[] = { "no-such-user-here", "", "no\nsuch:\x1b[2J" };
  static const char *const shown[] = { "“no-such-user-here”", "“”", "“no\\nsuch:\\x1b[2J”" };

  g_test_summary ("An unknown user gives an error that names it, whatever its name is");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (release_user_lookup (names[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (error->message, shown[i]));
    }
}

static void
test_root (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("Root is no user for a slave");

  g_assert_null (release_user_lookup ("root", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "“root”"));
}

static void
test_plan (void)
{
  static const gid_t twice[] = { 7, 7 };
  static const gid_t falling[] = { 8, 7 };
  static const gid_t zero[] = { 0, 7 };
  static const gid_t none[] = { 7, (gid_t) -1 };
  static const ReleaseDropPlan cases[] = {
    { .uid = 0, .gid = 5 },
    { .uid = 5, .gid = 0 },
    { .uid = (uid_t) -1, .gid = 5 },
    { .uid = 5, .gid = (gid_t) -1 },
    { .uid = 5, .gid = 5, .groups = twice, .n_groups = 2 },
    { .uid = 5, .gid = 5, .groups = falling, .n_groups = 2 },
    { .uid = 5, .gid = 5, .groups = zero, .n_groups = 2 },
    { .uid = 5, .gid = 5, .groups = none, .n_groups = 2 },
    { .uid = 5, .gid = 5, .groups = falling, .n_groups = RELEASE_DROP_MAX_GROUPS + 1 },
    { .uid = 5, .gid = 5, .root_dir = "tmp" },
  };

  g_test_summary ("A plan that leaves something privileged, or an id that means none, is refused");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ReleaseDropStep failed_step;

      g_assert_cmpint (release_drop_privileges (&cases[i], &failed_step), ==, EINVAL);
      g_assert_cmpint (failed_step, ==, RELEASE_DROP_STEP_PLAN);
    }
}

static void
test_drop_ordinary (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("Who is not root cannot drop to another user");

  if (geteuid () == 0)
    {
      g_test_skip ("needs an ordinary user");
      return;
    }

  g_assert_false (release_privileges_drop (&some_user, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, "“somebody”"));
}

typedef struct
{
  GMutex mutex;
  int    runs;      /* (atomic) */
} Wait;

static gpointer
wait_in_thread (gpointer data)
{
  Wait *wait = data;

  g_atomic_int_set (&wait->runs, TRUE);
  g_mutex_lock (&wait->mutex);
  g_mutex_unlock (&wait->mutex);
  return NULL;
}

static void
test_drop_threads (void)
{
  g_autoptr(GError) error = NULL;
  GThread *thread;
  Wait wait = { 0 };

  g_test_summary ("A process with threads is refused, unchanged, with their names and an advice");

  if (skip_unless_privileged ())
    return;

  g_mutex_init (&wait.mutex);
  g_mutex_lock (&wait.mutex);
  thread = g_thread_new ("in-the-way", wait_in_thread, &wait);
  /* A thread takes its name when it runs. */
  while (!g_atomic_int_get (&wait.runs))
    g_thread_yield ();
  g_assert_false (release_privileges_drop (&some_user, NULL, &error));
  g_mutex_unlock (&wait.mutex);
  g_thread_join (thread);
  g_mutex_clear (&wait.mutex);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "in-the-way"));
  g_assert_nonnull (strstr (error->message, "slave group"));
  g_assert_cmpuint (geteuid (), ==, 0);
  g_assert_true (release_capabilities_are_bound ());
}

static void
assert_status (const char *status,
               const char *key,
               const char *expected)
{
  g_autofree char *line = g_strdup_printf ("\n%s:\t%s\n", key, expected);

  if (strstr (status, line) == NULL)
    g_error ("%s is not %s in %s", key, expected, status);
}

static void
test_drop (void)
{
  static const char *const empty[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };
  g_autoptr(GError) error = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *status = NULL;

  g_test_summary ("After a drop the process has the user's ids and groups, nothing else, for good");

  if (!g_test_subprocess ())
    {
      if (!skip_unless_privileged ())
        assert_passes_in_subprocess ();
      return;
    }

  g_assert_true (release_privileges_drop (&some_user, NULL, &error));
  g_assert_no_error (error);

  /* By the kernel's own account. */
  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  assert_status (status, "Uid", "54321\t54321\t54321\t54321");
  assert_status (status, "Gid", "54322\t54322\t54322\t54322");
  assert_status (status, "Groups", "54323 54324 ");
  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    assert_status (status, empty[i], "0000000000000000");
  assert_status (status, "NoNewPrivs", "1");
  g_assert_cmpint (prctl (PR_GET_DUMPABLE), ==, 0);

  g_assert_cmpint (setuid (0), <, 0);
  g_assert_cmpint (seteuid (0), <, 0);
  g_assert_cmpint (setgid (0), <, 0);
  g_assert_cmpint (setegid (0), <, 0);
  g_assert_cmpint (setgroups (0, NULL), <, 0);
  g_assert_cmpint (chroot ("/"), <, 0);

  directory = g_get_current_dir ();
  g_assert_cmpstr (directory, ==, "/");
  /* Root's rights to what is root's are gone too. */
  g_assert_cmpint (g_access ("/proc/1/environ", R_OK), <, 0);

  end_dropped ();
}

static void
test_drop_signal (void)
{
  static const int signals[] = { SIGKILL, 0 };
  g_autoptr(GError) error = NULL;
  const char *chosen = g_getenv ("RELEASE_TEST_SIGNAL");
  int signal = -1;

  g_test_summary ("The parent-death signal is after a drop what it was before");

  if (!g_test_subprocess ())
    {
      if (skip_unless_privileged ())
        return;
      for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
        {
          g_autofree char *value = g_strdup_printf ("%d", signals[i]);

          g_setenv ("RELEASE_TEST_SIGNAL", value, TRUE);
          assert_passes_in_subprocess ();
        }
      g_unsetenv ("RELEASE_TEST_SIGNAL");
      return;
    }

  g_assert_nonnull (chosen);
  g_assert_cmpint (prctl (PR_SET_PDEATHSIG, atoi (chosen)), ==, 0);
  g_assert_true (release_privileges_drop (&some_user, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (prctl (PR_GET_PDEATHSIG, &signal), ==, 0);
  g_assert_cmpint (signal, ==, atoi (chosen));

  end_dropped ();
}

static void
test_drop_root_dir (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDateTime) date = NULL;
  g_autofree char *directory = NULL;
  const char *inside = g_getenv ("RELEASE_TEST_DIRECTORY");
  gboolean has_zone = g_access ("/usr/share/zoneinfo/" ZONE, R_OK) == 0;
  time_t now = time (NULL);
  struct tm local;
  struct stat before, after;

  g_test_summary ("In another root directory nothing else is seen, but the time zone stays");

  if (!g_test_subprocess ())
    {
      if (skip_unless_privileged ())
        return;
      directory = g_dir_make_tmp ("release-privileges-XXXXXX", &error);
      g_assert_no_error (error);
      g_setenv ("RELEASE_TEST_DIRECTORY", directory, TRUE);
      g_setenv ("TZ", ZONE, TRUE);
      assert_passes_in_subprocess ();
      g_unsetenv ("TZ");
      g_unsetenv ("RELEASE_TEST_DIRECTORY");
      g_assert_cmpint (g_rmdir (directory), ==, 0);
      return;
    }

  g_assert_nonnull (inside);
  g_assert_cmpint (stat (inside, &before), ==, 0);
  g_assert_true (release_privileges_drop (&some_user, inside, &error));
  g_assert_no_error (error);

  g_assert_cmpint (stat ("/", &after), ==, 0);
  g_assert_cmpuint (after.st_ino, ==, before.st_ino);
  g_assert_cmpuint (after.st_dev, ==, before.st_dev);
  g_assert_cmpint (g_access ("/etc", F_OK), <, 0);

  date = g_date_time_new_from_unix_local (now);
  g_assert_nonnull (localtime_r (&now, &local));
  if (has_zone)
    {
      g_assert_cmpint (local.tm_gmtoff, ==, ZONE_SECONDS);
      g_assert_cmpint (g_date_time_get_utc_offset (date), ==, ZONE_SECONDS * G_TIME_SPAN_SECOND);
    }

  end_dropped ();
}

static void
test_drop_fails (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A drop that fails names the user, the step and the reason");

  if (!g_test_subprocess ())
    {
      if (!skip_unless_privileged ())
        assert_passes_in_subprocess ();
      return;
    }

  g_assert_false (release_privileges_drop (&some_user, "/proc/none", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“somebody” (root directory): "));
  _exit (0);
}

static void
test_master (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("Who is not root cannot be a privileged master");

  if (geteuid () == 0)
    {
      g_test_skip ("needs an ordinary user");
      return;
    }

  g_assert_false (release_privileges_check_master (&error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

/* Gives up capabilities that are in force, but not the right to take them again. */
static void
lower_capabilities (guint32 mask)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

  g_assert_cmpint (syscall (SYS_capget, &header, data), ==, 0);
  data[0].effective &= ~mask;
  g_assert_cmpint (syscall (SYS_capset, &header, data), ==, 0);
}

static void
test_master_lacks (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("Root without the capabilities of a master is told which ones are missing");

  if (!g_test_subprocess ())
    {
      if (!skip_unless_privileged ())
        assert_passes_in_subprocess ();
      return;
    }

  g_assert_true (release_privileges_check_master (&error));
  g_assert_no_error (error);

  lower_capabilities (1u << CAP_KILL | 1u << CAP_SETPCAP);
  g_assert_false (release_privileges_check_master (&error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (g_str_has_suffix (error->message, ": CAP_KILL, CAP_SETPCAP"));
  g_clear_error (&error);

  lower_capabilities (1u << CAP_SETUID | 1u << CAP_SETGID);
  g_assert_false (release_privileges_check_master (&error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (g_str_has_suffix (error->message,
                                   ": CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP"));
}

static void
test_master_unbound (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("With nothing in the bounding set a master can do without CAP_SETPCAP");

  if (!g_test_subprocess ())
    {
      if (!skip_unless_privileged ())
        assert_passes_in_subprocess ();
      return;
    }

  for (int i = 0; prctl (PR_CAPBSET_READ, i) >= 0; i++)
    g_assert_cmpint (prctl (PR_CAPBSET_DROP, i), ==, 0);
  lower_capabilities (1u << CAP_SETPCAP);
  g_assert_true (release_privileges_check_master (&error));
  g_assert_no_error (error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/privileges/user-is-looked-up", test_lookup);
  g_test_add_func ("/privileges/user-becomes-argument", test_ids);
  g_test_add_func ("/privileges/unknown-user-is-named", test_unknown);
  g_test_add_func ("/privileges/root-is-refused", test_root);
  g_test_add_func ("/privileges/bad-plan-is-refused", test_plan);
  g_test_add_func ("/privileges/drop-needs-root", test_drop_ordinary);
  g_test_add_func ("/privileges/drop-refuses-threads", test_drop_threads);
  g_test_add_func ("/privileges/drop-leaves-no-way-back", test_drop);
  g_test_add_func ("/privileges/drop-keeps-parent-death-signal", test_drop_signal);
  g_test_add_func ("/privileges/drop-in-root-directory", test_drop_root_dir);
  g_test_add_func ("/privileges/failed-drop-is-explained", test_drop_fails);
  g_test_add_func ("/privileges/master-needs-root", test_master);
  g_test_add_func ("/privileges/master-needs-capabilities", test_master_lacks);
  g_test_add_func ("/privileges/master-without-bounding-set", test_master_unbound);

  return g_test_run ();
}
