/* release-tests/process/exec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-drop-private.h"
#include "release/process/release-exec-protocol-private.h"
#include "release/process/release-privileges-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nobody's: whether they have names does not matter to release-exec. */
#define UID  54321
#define GID  54322
#define IDS  "--ids=54321:54322:54323,54324"

#define DEATH_MSEC 30000

/* The highest number that a test gives to a descriptor. */
#define LAST_TARGET 250

/* A release-exec, seen by its master. */
typedef struct
{
  GSubprocessLauncher *launcher;
  GSubprocess         *process;
  char                *directory;       /* of the probe, open to every user */
  char                *probe;
  GPtrArray           *prefix;          /* what runs before release-exec, in the same process */
  int                  report;
  int                  their_report;
  int                  report_target;   /* the number that it has for release-exec */
  int                  channel;
  int                  their_channel;
  int                  pidfd;
  ReleaseExecReport    first;
  ReleaseExecReport    last;            /* all zero: the program was executed */
  GHashTable          *state;           /* what the probe told */
} Child;

static void
child_setup (Child *child)
{
  g_autofree char *built = g_test_build_filename (G_TEST_BUILT, "process", "exec-probe", NULL);
  g_autoptr(GFile) from = g_file_new_for_path (built);
  g_autoptr(GFile) to = NULL;
  g_autoptr(GError) error = NULL;
  int sockets[2];

  child->directory = g_dir_make_tmp ("release-exec-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (child->directory, 0755), ==, 0);
  child->probe = g_build_filename (child->directory, "probe", NULL);
  to = g_file_new_for_path (child->probe);
  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (child->probe, 0755), ==, 0);

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), ==, 0);
  child->report = sockets[0];
  child->their_report = sockets[1];
  child->report_target = 3;
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), ==, 0);
  child->channel = sockets[0];
  child->their_channel = sockets[1];
  child->pidfd = -1;

  child->prefix = g_ptr_array_new_with_free_func (g_free);
  child->launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_INHERIT_FDS |
                                               G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                               G_SUBPROCESS_FLAGS_STDERR_PIPE);
}

static void
child_teardown (Child *child)
{
  /* A test that was skipped. */
  if (child->directory == NULL)
    return;

  if (child->process != NULL)
    {
      g_subprocess_force_exit (child->process);
      g_subprocess_wait (child->process, NULL, NULL);
    }
  g_assert_cmpint (g_unlink (child->probe), ==, 0);
  g_assert_cmpint (g_rmdir (child->directory), ==, 0);
  g_clear_pointer (&child->state, g_hash_table_unref);
  g_clear_pointer (&child->prefix, g_ptr_array_unref);
  g_clear_object (&child->process);
  g_clear_object (&child->launcher);
  g_clear_pointer (&child->directory, g_free);
  g_clear_pointer (&child->probe, g_free);
  close (child->report);
  close (child->channel);
  if (child->pidfd >= 0)
    close (child->pidfd);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Child, child_teardown)

/* Receives a packet, all zero at the end of file, and the pidfd that comes with it. */
static void
receive_report (Child             *child,
                ReleaseExecReport *report)
{
  struct iovec data = { report, sizeof *report };
  char control[CMSG_SPACE (4 * sizeof (int))];
  struct msghdr message = { NULL, 0, &data, 1, control, sizeof control, 0 };
  struct cmsghdr *header;
  ssize_t n;

  memset (report, 0, sizeof *report);
  n = recvmsg (child->report, &message, MSG_CMSG_CLOEXEC);
  g_assert_true (n == 0 || n == sizeof *report);
  g_assert_cmpint (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC), ==, 0);
  header = CMSG_FIRSTHDR (&message);
  if (header == NULL)
    return;

  g_assert_cmpint (header->cmsg_type, ==, SCM_RIGHTS);
  g_assert_cmpint (header->cmsg_len, ==, CMSG_LEN (sizeof (int)));
  g_assert_cmpint (child->pidfd, ==, -1);
  memcpy (&child->pidfd, CMSG_DATA (header), sizeof (int));
}

/* Has the probe run before release-exec, in the same process, in @mode with up to two arguments. */
static void
child_run_before (Child      *child,
                  const char *mode,
                  const char *first,
                  const char *second)
{
  g_ptr_array_add (child->prefix, g_strdup (child->probe));
  g_ptr_array_add (child->prefix, g_strdup (mode));
  if (first != NULL)
    g_ptr_array_add (child->prefix, g_strdup (first));
  if (second != NULL)
    g_ptr_array_add (child->prefix, g_strdup (second));
}

/* Makes a system call do nothing but fail, or with an @errsv of 0 claim that it worked. */
static void
child_deny (Child      *child,
            const char *call,
            int         errsv)
{
  g_autofree char *number = g_strdup_printf ("%d", errsv);

  child_run_before (child, "deny", call, number);
}

/* Starts release-exec with @options, words in which "@" stands for our PID, then "--" and @program
 * (unless %NULL: then "--" is up to @options), and waits until it has become the program or has
 * failed. */
static void
child_start (Child             *child,
             const char        *options,
             const char *const *program)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) words = g_strsplit (options, " ", -1);
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  g_autoptr(GError) error = NULL;

  g_ptr_array_extend_and_steal (argv, g_ptr_array_ref (child->prefix));
  g_ptr_array_add (argv, g_strdup (g_getenv ("RELEASE_EXEC")));
  if (child->report_target >= 0)
    g_ptr_array_add (argv, g_strdup_printf ("--report=%d", child->report_target));
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (words[i], "@", -1);

      g_ptr_array_add (argv, g_strjoinv (pid, parts));
    }
  if (program != NULL)
    g_ptr_array_add (argv, g_strdup ("--"));
  for (guint i = 0; program != NULL && program[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (program[i]));
  g_ptr_array_add (argv, NULL);

  g_subprocess_launcher_take_stdin_fd (child->launcher, child->their_channel);
  if (child->report_target >= 0)
    g_subprocess_launcher_take_fd (child->launcher, child->their_report, child->report_target);
  else
    close (child->their_report);
  child->process = g_subprocess_launcher_spawnv (child->launcher,
                                                 (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  /* Our copies of their ends go, as a master's do. */
  g_clear_object (&child->launcher);

  receive_report (child, &child->first);
  if (child->first.step == RELEASE_EXEC_STEP_STARTED && child->first.error == 0)
    receive_report (child, &child->last);
}

static void
child_read_state (Child *child)
{
  g_autoptr(GDataInputStream) lines = NULL;
  g_autoptr(GError) error = NULL;

  child->state = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child->process));
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
      char *colon;

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (g_str_equal (line, "end"))
        break;
      colon = strchr (line, ':');
      g_assert_nonnull (colon);
      g_hash_table_insert (child->state, g_strndup (line, colon - line),
                           g_strdup (g_strstrip (colon + 1)));
    }
}

static void
assert_state (Child      *child,
              const char *key,
              const char *expected)
{
  const char *value = g_hash_table_lookup (child->state, key);

  if (g_strcmp0 (value, expected) != 0)
    g_test_message ("%s", key);
  g_assert_cmpstr (value, ==, expected);
}

static gint64
get_state (Child      *child,
           const char *key)
{
  const char *value = g_hash_table_lookup (child->state, key);
  gint64 number = -1;

  g_assert_nonnull (value);
  g_assert_true (g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL));
  return number;
}

/* Runs the probe in @mode and reads what it tells. */
static void
child_probe (Child      *child,
             const char *options,
             const char *mode)
{
  const char *program[] = { child->probe, mode, NULL };

  child_start (child, options, program);
  g_assert_cmpint (child->first.step, ==, RELEASE_EXEC_STEP_STARTED);
  g_assert_cmpint (child->first.error, ==, 0);
  g_assert_cmpint (child->last.step, ==, 0);
  g_assert_cmpint (child->last.error, ==, 0);
  child_read_state (child);
}

static void
assert_exit_status (Child *child,
                    int    status)
{
  g_autoptr(GError) error = NULL;

  g_subprocess_wait (child->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (child->process));
  g_assert_cmpint (g_subprocess_get_exit_status (child->process), ==, status);
}

static void
assert_failed (Child           *child,
               ReleaseExecStep  step,
               int              errsv)
{
  ReleaseExecReport end = { -1, -1 };

  g_assert_cmpint (child->first.step, ==, RELEASE_EXEC_STEP_STARTED);
  g_assert_cmpint (child->first.error, ==, 0);
  g_assert_cmpint (child->pidfd, >=, 0);
  g_assert_cmpint (child->last.step, ==, step);
  g_assert_cmpint (child->last.error, ==, errsv);
  receive_report (child, &end);
  g_assert_cmpint (end.step, ==, 0);
  assert_exit_status (child, RELEASE_EXEC_EXIT_FAILED);
}

static int
make_memory (const char *content)
{
  int fd = memfd_create (content, MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, content, strlen (content)), ==, (gssize) strlen (content));
  return fd;
}

static gboolean
is_over (int pidfd,
         int timeout_msec)
{
  struct pollfd poller = { pidfd, POLLIN, 0 };

  return poll (&poller, 1, timeout_msec) == 1 && (poller.revents & POLLIN) != 0;
}

/* Whether this process can do what a privileged master does. */
static gboolean
skip_unless_privileged (void)
{
  g_autoptr(GError) error = NULL;

  if (release_privileges_check_master (&error))
    return FALSE;

  g_test_skip (error->message);
  return TRUE;
}

static void
test_program (void)
{
  g_auto(Child) child = { 0 };
  const char *program[] = { NULL, "two words", "", "--fd=9", "--", NULL };

  g_test_summary ("release-exec becomes the program: same process, its arguments, its environment");

  child_setup (&child);
  program[0] = child.probe;
  g_subprocess_launcher_setenv (child.launcher, "PROBE", "in = here", TRUE);
  child_start (&child, "--parent=@", program);
  g_assert_cmpint (child.last.step, ==, 0);
  g_assert_cmpint (child.pidfd, >=, 0);
  child_read_state (&child);

  assert_state (&child, "arg 0", child.probe);
  assert_state (&child, "arg 1", "two words");
  assert_state (&child, "arg 2", "");
  assert_state (&child, "arg 3", "--fd=9");
  assert_state (&child, "arg 4", "--");
  assert_state (&child, "arg 5", NULL);
  assert_state (&child, "environment", "in = here");
  assert_exit_status (&child, 0);
}

static void
test_session (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("A slave leads a session and a process group, and its parent's death is a signal");

  child_setup (&child);
  child_probe (&child, "--parent=@", "state");

  g_assert_cmpint (get_state (&child, "session"), ==, get_state (&child, "pid"));
  g_assert_cmpint (get_state (&child, "process group"), ==, get_state (&child, "pid"));
  g_assert_cmpint (get_state (&child, "parent"), ==, getpid ());
  g_assert_cmpint (get_state (&child, "parent-death signal"), ==, SIGKILL);
}

/* The C library refuses its own two signals, of which 32 is the first; the kernel does not. */
static void
set_action (int         number,
            const void *handler)
{
  const struct
  {
    const void    *handler;
    unsigned long  rest[16];
  } action = { handler, { 0 } };

  g_assert_cmpint (syscall (SYS_rt_sigaction, number, &action, NULL, (gsize) _NSIG / 8), ==, 0);
}

static void
test_signals (void)
{
  static const int ignored[] = { SIGHUP, SIGUSR1, SIGTTOU, 32, 40, 64 };
  g_auto(Child) child = { 0 };
  g_autoptr(GSubprocess) direct = NULL;
  g_autofree char *text = NULL;
  sigset_t blocked, old;

  g_test_summary ("Ignored and blocked signals of the master are gone, realtime ones too");

  child_setup (&child);
  sigemptyset (&blocked);
  sigaddset (&blocked, SIGTERM);
  sigaddset (&blocked, SIGRTMAX);
  g_assert_cmpint (sigprocmask (SIG_BLOCK, &blocked, &old), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    set_action (ignored[i], SIG_IGN);

  child_probe (&child, "--parent=@", "state");
  /* The same without release-exec: the signals do pass to a child. */
  direct = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, child.probe, NULL);
  g_assert_true (g_subprocess_communicate_utf8 (direct, NULL, NULL, &text, NULL, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    set_action (ignored[i], SIG_DFL);
  g_assert_cmpint (sigprocmask (SIG_SETMASK, &old, NULL), ==, 0);

  g_assert_null (strstr (text, "SigIgn:\t0000000000000000"));
  assert_state (&child, "SigIgn", "0000000000000000");
  assert_state (&child, "SigBlk", "0000000000000000");
  assert_state (&child, "SigCgt", "0000000000000000");
}

static void
test_descriptors (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("Nothing but 0, 1, 2 and what was passed on purpose is open, in the order given");

  child_setup (&child);
  child.report_target = 40;
  g_subprocess_launcher_take_fd (child.launcher, make_memory ("stray"), 3);
  g_subprocess_launcher_take_fd (child.launcher, make_memory ("first"), 30);
  g_subprocess_launcher_take_fd (child.launcher, make_memory ("second"), 4);
  g_subprocess_launcher_take_fd (child.launcher, make_memory ("stray"), 39);
  g_subprocess_launcher_take_fd (child.launcher, make_memory ("stray"), LAST_TARGET);
  child_probe (&child, "--fd=30 --parent=@ --fd=4", "state");

  assert_state (&child, "fds", "0 1 2 3 4");
  assert_state (&child, "fd 3", "first");
  assert_state (&child, "fd 4", "second");
}

static void
test_descriptors_overlap (void)
{
  g_test_summary ("Every way in which sources, targets and the report can overlap comes out right");

  /* Three passed descriptors and the report, on the numbers 3 to 6 in each order. */
  for (int a = 3; a <= 6; a++)
    for (int b = 3; b <= 6; b++)
      for (int c = 3; c <= 6; c++)
        {
          g_auto(Child) child = { 0 };
          g_autofree char *options = NULL;

          if (a == b || a == c || b == c)
            continue;

          child_setup (&child);
          child.report_target = 3 + 4 + 5 + 6 - a - b - c;
          g_subprocess_launcher_take_fd (child.launcher, make_memory ("a"), a);
          g_subprocess_launcher_take_fd (child.launcher, make_memory ("b"), b);
          g_subprocess_launcher_take_fd (child.launcher, make_memory ("c"), c);
          options = g_strdup_printf ("--parent=@ --fd=%d --fd=%d --fd=%d", a, b, c);
          child_probe (&child, options, "state");

          assert_state (&child, "fds", "0 1 2 3 4 5");
          assert_state (&child, "fd 3", "a");
          assert_state (&child, "fd 4", "b");
          assert_state (&child, "fd 5", "c");
        }
}

static void
test_old_kernel (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("Without close_range(2) the descriptors are closed all the same");

  child_setup (&child);
  child_deny (&child, "close_range", ENOSYS);
  g_subprocess_launcher_take_fd (child.launcher, make_memory ("mine"), 5);
  for (int fd = 6; fd < LAST_TARGET; fd++)
    g_subprocess_launcher_take_fd (child.launcher, make_memory ("stray"), fd);
  child_probe (&child, "--parent=@ --fd=5", "state");

  assert_state (&child, "fds", "0 1 2 3");
  assert_state (&child, "fd 3", "mine");
}

static void
test_old_kernel_report (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("Without close_range(2) the report stays open until the end all the same");

  child_setup (&child);
  child_deny (&child, "close_range", ENOSYS);
  child_start (&child, "--parent=@ -- /proc/none", NULL);
  assert_failed (&child, RELEASE_EXEC_STEP_EXEC, ENOENT);
}

static void
test_no_pidfd (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("Without pidfd_open(2) nothing starts, and the first packet says so");

  child_setup (&child);
  child_deny (&child, "pidfd_open", ENOSYS);
  child_start (&child, "--parent=@ -- /bin/true", NULL);

  g_assert_cmpint (child.first.step, ==, RELEASE_EXEC_STEP_STARTED);
  g_assert_cmpint (child.first.error, ==, ENOSYS);
  g_assert_cmpint (child.pidfd, ==, -1);
  assert_exit_status (&child, RELEASE_EXEC_EXIT_FAILED);
}

static void
test_defaults (void)
{
  g_auto(Child) child = { 0 };
  mode_t old_umask;

  g_test_summary ("Unless told otherwise, the umask is 022 and the working directory /");

  child_setup (&child);
  old_umask = umask (0);
  child_probe (&child, "--parent=@", "state");
  umask (old_umask);

  assert_state (&child, "umask", "022");
  assert_state (&child, "directory", "/");
}

static void
test_options (void)
{
  g_auto(Child) child = { 0 };
  g_autofree char *options = NULL;

  g_test_summary ("umask, limit of descriptors and working directory are as told");

  child_setup (&child);
  options = g_strdup_printf ("--parent=@ --umask=0137 --nofile=100:200 --chdir=%s",
                             child.directory);
  child_probe (&child, options, "state");

  assert_state (&child, "umask", "137");
  assert_state (&child, "nofile", "100:200");
  assert_state (&child, "directory", child.directory);
}

static void
test_pidfd (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("The pidfd in the report is the program's: it signals it and tells its death");

  child_setup (&child);
  child_probe (&child, "--parent=@", "wait");
  g_assert_false (is_over (child.pidfd, 0));

  g_assert_cmpint (syscall (SYS_pidfd_send_signal, child.pidfd, SIGUSR2, NULL, 0), ==, 0);
  g_assert_true (is_over (child.pidfd, DEATH_MSEC));
  g_subprocess_wait (child.process, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (child.process));
  g_assert_cmpint (g_subprocess_get_term_sig (child.process), ==, SIGUSR2);
}

static void
test_exec_fails (void)
{
  static const struct
  {
    const char *name;
    int         mode;      /* -1: it does not exist */
    int         errsv;
  } cases[] = {
    { "missing", -1, ENOENT },
    { "probe/below-a-file", -1, ENOTDIR },
    { "not-executable", 0644, EACCES },
    { "no-format", 0755, ENOEXEC },
    { "", -1, EACCES },
  };

  g_test_summary ("A program that cannot be executed is reported with the reason");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Child) child = { 0 };
      g_autofree char *path = NULL;
      const char *program[] = { NULL, NULL };

      child_setup (&child);
      program[0] = path = g_build_filename (child.directory, cases[i].name, NULL);
      if (cases[i].mode >= 0)
        {
          g_assert_true (g_file_set_contents (path, "neither #! nor ELF", -1, NULL));
          g_assert_cmpint (g_chmod (path, cases[i].mode), ==, 0);
        }
      child_start (&child, "--parent=@", program);
      if (cases[i].mode >= 0)
        g_unlink (path);

      assert_failed (&child, RELEASE_EXEC_STEP_EXEC, cases[i].errsv);
    }
}

static void
test_step_fails (void)
{
  static const struct
  {
    const char      *options;
    ReleaseExecStep  step;
    int              errsv;
    gboolean         as_root;
  } cases[] = {
    { "--parent=@ --fd=77", RELEASE_EXEC_STEP_DESCRIPTORS, EBADF, FALSE },
    /* Above fs.nr_open, which binds root too. */
    { "--parent=@ --nofile=0:18446744073709551615", RELEASE_EXEC_STEP_LIMITS, EPERM, FALSE },
    { "--parent=@ --chdir=/proc/none", RELEASE_EXEC_STEP_DIRECTORY, ENOENT, FALSE },
    { "--parent=@ --chroot=/proc/none " IDS, RELEASE_EXEC_STEP_PRIVILEGES, ENOENT, TRUE },
    { "--parent=@ --chroot=/dev/null " IDS, RELEASE_EXEC_STEP_PRIVILEGES, ENOTDIR, TRUE },
  };

  g_test_summary ("A step that fails is reported by name, with its errno, and nothing is executed");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Child) child = { 0 };
      const char *program[] = { NULL, NULL };

      if (cases[i].as_root && !release_privileges_check_master (NULL))
        continue;

      child_setup (&child);
      program[0] = child.probe;
      child_start (&child, cases[i].options, program);
      assert_failed (&child, cases[i].step, cases[i].errsv);
    }
}

static void
test_closed (void)
{
  g_test_summary ("A standard descriptor that is closed is refused, not filled by chance");

  for (int fd = 0; fd < 3; fd++)
    {
      g_auto(Child) child = { 0 };
      g_autofree char *number = g_strdup_printf ("%d", fd);

      child_setup (&child);
      child_run_before (&child, "close", number, NULL);
      child_start (&child, "--parent=@ -- /bin/true", NULL);
      assert_failed (&child, RELEASE_EXEC_STEP_DESCRIPTORS, EBADF);
    }
}

static void
assert_refused (const char *options)
{
  g_auto(Child) child = { 0 };

  g_test_message ("%.200s", options);
  child_setup (&child);
  child_start (&child, options, NULL);
  assert_failed (&child, RELEASE_EXEC_STEP_ARGUMENTS, EINVAL);
}

static void
test_arguments (void)
{
  static const char *const cases[] = {
    "",
    "--",
    "--parent=@",
    "--parent=@ --",
    "--parent=@ /bin/true",
    "--parent=@ -- bin/true",
    "--parent=@ -- ",
    "-- /bin/true",
    "--parent= -- /bin/true",
    "--parent=0 -- /bin/true",
    "--parent=-1 -- /bin/true",
    "--parent=+@ -- /bin/true",
    "--parent=0@ -- /bin/true",
    "--parent=@x -- /bin/true",
    "--parent=2147483648 -- /bin/true",
    "--parent=18446744073709551617 -- /bin/true",
    "--parent=@ --parent=@ -- /bin/true",
    "--parent=@ --report=3 -- /bin/true",
    "--parent=@ --report=x -- /bin/true",
    "--parent=@ --unknown -- /bin/true",
    "--parent=@ --umask -- /bin/true",
    "--parent=@ -x -- /bin/true",
    "--parent=@ --umask= -- /bin/true",
    "--parent=@ --umask=8 -- /bin/true",
    "--parent=@ --umask=-1 -- /bin/true",
    "--parent=@ --umask=1777 -- /bin/true",
    "--parent=@ --umask=00022 -- /bin/true",
    "--parent=@ --umask=022 --umask=022 -- /bin/true",
    "--parent=@ --nofile=100 -- /bin/true",
    "--parent=@ --nofile=100: -- /bin/true",
    "--parent=@ --nofile=:100 -- /bin/true",
    "--parent=@ --nofile=200:100 -- /bin/true",
    "--parent=@ --nofile=1:18446744073709551616 -- /bin/true",
    "--parent=@ --nofile=1:99999999999999999999999999 -- /bin/true",
    "--parent=@ --chdir= -- /bin/true",
    "--parent=@ --chdir=tmp -- /bin/true",
    "--parent=@ --chroot=/tmp -- /bin/true",
    "--parent=@ --chroot=tmp " IDS " -- /bin/true",
    "--parent=@ --fd= -- /bin/true",
    "--parent=@ --fd=2 -- /bin/true",
    "--parent=@ --fd=-1 -- /bin/true",
    "--parent=@ --fd=3 -- /bin/true",
    "--parent=@ --fd=4 --fd=4 -- /bin/true",
    "--parent=@ --fd=4294967300 -- /bin/true",
    "--parent=@ --ids= -- /bin/true",
    "--parent=@ --ids=5:5 -- /bin/true",
    "--parent=@ --ids=5::5 -- /bin/true",
    "--parent=@ --ids=:5:5 -- /bin/true",
    "--parent=@ --ids=0:5: -- /bin/true",
    "--parent=@ --ids=5:0: -- /bin/true",
    "--parent=@ --ids=5:5:0 -- /bin/true",
    "--parent=@ --ids=4294967295:5: -- /bin/true",
    "--parent=@ --ids=5:4294967295: -- /bin/true",
    "--parent=@ --ids=5:5:4294967295 -- /bin/true",
    "--parent=@ --ids=4294967301:5: -- /bin/true",
    "--parent=@ --ids=-5:5: -- /bin/true",
    "--parent=@ --ids=5:5:5, -- /bin/true",
    "--parent=@ --ids=5:5:,5 -- /bin/true",
    "--parent=@ --ids=5:5:5,,6 -- /bin/true",
    "--parent=@ --ids=5:5:5,5 -- /bin/true",
    "--parent=@ --ids=5:5:6,5 -- /bin/true",
    "--parent=@ --ids=5:5:5:5 -- /bin/true",
    "--parent=@ --ids=5:5: --ids=5:5: -- /bin/true",
  };
  g_autoptr(GString) many = g_string_new ("--parent=@ --ids=5:5:1");
  g_autofree char *zeros = g_strnfill (100000, '0');
  g_autofree char *overlong = g_strdup_printf ("--parent=@ --umask=%s -- /bin/true", zeros);

  g_test_summary ("A malformed command line is refused before anything is done");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i]);

  assert_refused (overlong);

  for (int i = 2; i <= RELEASE_DROP_MAX_GROUPS + 1; i++)
    g_string_append_printf (many, ",%d", i);
  g_string_append (many, " -- /bin/true");
  assert_refused (many->str);

  g_string_assign (many, "--parent=@");
  for (int i = 0; i <= RELEASE_EXEC_MAX_FDS; i++)
    g_string_append_printf (many, " --fd=%d", 4 + i);
  g_string_append (many, " -- /bin/true");
  assert_refused (many->str);
}

static void
test_no_report (void)
{
  static const char *const cases[] = {
    "--parent=@ -- /bin/true",
    "--parent=@ --report=2 -- /bin/true",
    "--parent=@ --report=999 -- /bin/true",
    "--parent=@ -- /bin/true --report=3",
  };

  g_test_summary ("Without a socket to report to, it says so on standard error and fails");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Child) child = { 0 };
      g_autofree char *text = NULL;

      child_setup (&child);
      child.report_target = -1;
      child_start (&child, cases[i], NULL);
      g_assert_true (g_subprocess_communicate_utf8 (child.process, NULL, NULL, NULL, &text, NULL));
      g_assert_true (g_str_has_prefix (text, "release-exec: "));
      assert_exit_status (&child, RELEASE_EXEC_EXIT_FAILED);
    }
}

static void
test_other_parent (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("With another parent than it was told, it does not start: the master died");

  child_setup (&child);
  child_start (&child, "--parent=1 -- /bin/true", NULL);
  assert_failed (&child, RELEASE_EXEC_STEP_PARENT, ESRCH);
}

static void
test_hung_up (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("With nobody at the other end of the channel it does not start");

  child_setup (&child);
  g_assert_cmpint (shutdown (child.channel, SHUT_RDWR), ==, 0);
  child_start (&child, "--parent=@ -- /bin/true", NULL);
  assert_failed (&child, RELEASE_EXEC_STEP_PARENT, EPIPE);
}

/* Starts the probe under a master that is killed, and expects the probe to be killed with it. Both
 * ends that would tell it otherwise stay open: the channel is ours. */
static void
assert_dies_with_parent (const char *options)
{
  g_auto(Child) child = { 0 };
  siginfo_t info = { 0 };

  /* The orphan becomes ours: we see how it ended, and it does not stay a zombie. */
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), ==, 0);
  child_setup (&child);
  child_run_before (&child, "parent", NULL, NULL);
  child_probe (&child, options, "wait");
  g_assert_false (is_over (child.pidfd, 0));

  g_subprocess_force_exit (child.process);
  g_assert_true (is_over (child.pidfd, DEATH_MSEC));
  g_subprocess_wait (child.process, NULL, NULL);
  g_assert_cmpint (waitid (P_PIDFD, child.pidfd, &info, WEXITED), ==, 0);
  g_assert_cmpint (info.si_code, ==, CLD_KILLED);
  g_assert_cmpint (info.si_status, ==, SIGKILL);
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), ==, 0);
}

static void
test_parent_dies (void)
{
  g_test_summary ("A slave is killed when its master is, though its channel stays open");

  assert_dies_with_parent ("--umask=022");
}

static void
test_parent_dies_dropped (void)
{
  g_test_summary ("So is a slave that runs as another user");

  if (skip_unless_privileged ())
    return;

  assert_dies_with_parent (IDS);
}

static void
test_ids_need_root (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("Who is not root cannot start a slave as another user");

  if (geteuid () == 0)
    {
      g_test_skip ("needs an ordinary user");
      return;
    }

  child_setup (&child);
  child_start (&child, "--parent=@ " IDS " -- /bin/true", NULL);
  assert_failed (&child, RELEASE_EXEC_STEP_PRIVILEGES, EPERM);
}

static void
test_ids (void)
{
  static const char *const empty[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };
  static const char *const denied[] = {
    "setuid", "seteuid", "setgid", "setegid", "setgroups", "chroot", "kill",
  };
  g_auto(Child) child = { 0 };
  long keyring;

  g_test_summary ("A slave with --ids has these ids, no other group, no capability, no way back");

  if (skip_unless_privileged ())
    return;

  keyring = syscall (SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
  child_setup (&child);
  child_run_before (&child, "burden", NULL, NULL);
  child_probe (&child, "--parent=@ " IDS, "regain");

  assert_state (&child, "Uid", "54321\t54321\t54321\t54321");
  assert_state (&child, "Gid", "54322\t54322\t54322\t54322");
  assert_state (&child, "Groups", "54323 54324");
  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    assert_state (&child, empty[i], "0000000000000000");
  assert_state (&child, "NoNewPrivs", "1");
  for (guint i = 0; i < G_N_ELEMENTS (denied); i++)
    assert_state (&child, denied[i], "Operation not permitted");
  g_assert_cmpint (get_state (&child, "parent-death signal"), ==, SIGKILL);
  assert_state (&child, "fds", "0 1 2");
  if (keyring >= 0)
    g_assert_cmpint (get_state (&child, "keyring"), !=, keyring);
}

static void
test_ids_lie (void)
{
  static const char *const calls[] = {
    "capset", "chroot", "prctl-capbset-drop", "prctl-no-new-privs", "setgroups", "setresgid",
    "setresuid",
  };

  g_test_summary ("A step that claims to have worked and did not is found by the proof");

  if (skip_unless_privileged ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_auto(Child) child = { 0 };
      g_autofree char *options = NULL;

      g_test_message ("%s", calls[i]);
      child_setup (&child);
      child_run_before (&child, "burden", NULL, NULL);
      child_deny (&child, calls[i], 0);
      options = g_strdup_printf ("--parent=@ %s --chroot=%s -- /probe", IDS, child.directory);
      child_start (&child, options, NULL);
      assert_failed (&child, RELEASE_EXEC_STEP_PRIVILEGES, ENOTRECOVERABLE);
    }
}

static void
test_ids_keyring (void)
{
  static const struct
  {
    int      errsv;
    gboolean starts;
  } cases[] = { { ENOSYS, TRUE }, { EPERM, TRUE }, { EDQUOT, FALSE } };

  g_test_summary ("A system without keys is no obstacle, a keyring that cannot be had is one");

  if (skip_unless_privileged ())
    return;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto(Child) child = { 0 };

      child_setup (&child);
      child_deny (&child, "keyctl", cases[i].errsv);
      child_start (&child, "--parent=@ " IDS " -- /bin/true", NULL);
      if (cases[i].starts)
        assert_exit_status (&child, 0);
      else
        assert_failed (&child, RELEASE_EXEC_STEP_PRIVILEGES, cases[i].errsv);
    }
}

static void
test_ids_no_groups (void)
{
  g_auto(Child) child = { 0 };

  g_test_summary ("An empty list of groups leaves no supplementary group at all");

  if (skip_unless_privileged ())
    return;

  child_setup (&child);
  child_run_before (&child, "burden", NULL, NULL);
  child_probe (&child, "--parent=@ --ids=54321:54322:", "state");
  assert_state (&child, "Groups", "");
}

static void
test_ids_directory (void)
{
  g_auto(Child) child = { 0 };
  g_autofree char *options = NULL;

  g_test_summary ("The working directory must be one that the slave's user may enter");

  if (skip_unless_privileged ())
    return;

  child_setup (&child);
  g_assert_cmpint (g_chmod (child.directory, 0700), ==, 0);
  options = g_strdup_printf ("--parent=@ %s --chdir=%s -- /bin/true", IDS, child.directory);
  child_start (&child, options, NULL);
  assert_failed (&child, RELEASE_EXEC_STEP_DIRECTORY, EACCES);
}

static void
test_chroot (void)
{
  const char *program[] = { "/probe", "state", NULL };
  g_auto(Child) child = { 0 };
  g_autofree char *options = NULL;
  g_autofree char *root = NULL;
  struct stat info;

  g_test_summary ("With --chroot, the slave sees nothing but what is in that directory");

  if (skip_unless_privileged ())
    return;

  child_setup (&child);
  g_assert_cmpint (stat (child.directory, &info), ==, 0);
  root = g_strdup_printf ("%ju:%ju", (uintmax_t) info.st_dev, (uintmax_t) info.st_ino);
  options = g_strdup_printf ("--parent=@ %s --chroot=%s", IDS, child.directory);
  child_start (&child, options, program);
  if (child.last.step == RELEASE_EXEC_STEP_EXEC && child.last.error == ENOENT)
    {
      g_test_skip ("needs a static C library");
      return;
    }

  g_assert_cmpint (child.last.step, ==, 0);
  child_read_state (&child);
  assert_state (&child, "root", root);
  assert_state (&child, "directory", "/");
  assert_state (&child, "arg 0", "/probe");
}

/* GLib (2.74) closes the number that standard input had here in the child, after it has placed the
 * others there. So the numbers that the tests want there must not be in use here. */
static void
reserve_targets (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && fd < LAST_TARGET);
}

int
main (int    argc,
      char **argv)
{
  reserve_targets ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exec/becomes-the-program", test_program);
  g_test_add_func ("/exec/leads-a-session", test_session);
  g_test_add_func ("/exec/signals-are-default", test_signals);
  g_test_add_func ("/exec/descriptors-are-those-passed", test_descriptors);
  g_test_add_func ("/exec/descriptors-may-overlap", test_descriptors_overlap);
  g_test_add_func ("/exec/descriptors-on-old-kernel", test_old_kernel);
  g_test_add_func ("/exec/report-on-old-kernel", test_old_kernel_report);
  g_test_add_func ("/exec/no-pidfd-no-start", test_no_pidfd);
  g_test_add_func ("/exec/defaults", test_defaults);
  g_test_add_func ("/exec/umask-limit-directory", test_options);
  g_test_add_func ("/exec/pidfd-tells-death", test_pidfd);
  g_test_add_func ("/exec/failed-exec-is-reported", test_exec_fails);
  g_test_add_func ("/exec/failed-step-is-reported", test_step_fails);
  g_test_add_func ("/exec/closed-descriptor-is-refused", test_closed);
  g_test_add_func ("/exec/malformed-arguments-are-refused", test_arguments);
  g_test_add_func ("/exec/no-report-no-start", test_no_report);
  g_test_add_func ("/exec/other-parent-no-start", test_other_parent);
  g_test_add_func ("/exec/hung-up-channel-no-start", test_hung_up);
  g_test_add_func ("/exec/dies-with-parent", test_parent_dies);
  g_test_add_func ("/exec/dies-with-parent-after-drop", test_parent_dies_dropped);
  g_test_add_func ("/exec/ids-need-root", test_ids_need_root);
  g_test_add_func ("/exec/ids-leave-no-way-back", test_ids);
  g_test_add_func ("/exec/ids-are-proven", test_ids_lie);
  g_test_add_func ("/exec/ids-without-keyring", test_ids_keyring);
  g_test_add_func ("/exec/ids-without-groups", test_ids_no_groups);
  g_test_add_func ("/exec/ids-enter-directory-as-user", test_ids_directory);
  g_test_add_func ("/exec/chroot-hides-the-rest", test_chroot);

  return g_test_run ();
}
