/* release-tests/io/lock-file.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

/* What happens right before the library locks a file, once. */
static void (*before_flock) (void) = NULL;

/* In place of libc's. */
int
flock (int fd,
       int operation)
{
  int (*real_flock) (int, int) = (int (*) (int, int)) dlsym (RTLD_NEXT, "flock");
  void (*hook) (void) = before_flock;

  before_flock = NULL;
  if (hook != NULL)
    hook ();

  return real_flock (fd, operation);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("release-lock-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "lock", NULL);
}

/* The folder must be empty but for the file itself. */
static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_remove (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_file (const char *path,
            const char *content)
{
  g_autoptr(GError) error = NULL;

  g_remove (path);
  g_file_set_contents_full (path, content, -1, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

static void
write_pid (const char *path,
           int         pid)
{
  g_autofree char *text = g_strdup_printf ("%d\n", pid);

  write_file (path, text);
}

static void
assert_content (const char *path,
                const char *expected)
{
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

static void
assert_content_is_pid (const char *path,
                       int         pid)
{
  g_autofree char *expected = g_strdup_printf ("%d\n", pid);

  assert_content (path, expected);
}

static void
assert_acquired (const char *path)
{
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (path);
  g_autoptr(GError) error = NULL;

  g_assert_false (release_lock_file_is_held (lock));
  g_assert_true (release_lock_file_acquire (lock, &error));
  g_assert_no_error (error);
  g_assert_true (release_lock_file_is_held (lock));
  g_assert_cmpint (release_lock_file_get_holder_pid (lock), ==, getpid ());
  assert_content_is_pid (path, getpid ());

  g_assert_finalize_object (g_steal_pointer (&lock));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
assert_held_by (const char *path,
                int         pid)
{
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (path);
  g_autofree char *text = g_strdup_printf ("already running (PID %d)", pid);
  g_autoptr(GError) error = NULL;

  g_assert_false (release_lock_file_acquire (lock, &error));
  g_assert_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpint (release_lock_file_get_holder_pid (lock), ==, pid);
  g_assert_false (release_lock_file_is_held (lock));
}

static void
assert_refused (const char *path,
                const char *reason)
{
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (path);
  g_autoptr(GError) error = NULL;
  struct stat before, after;

  g_assert_cmpint (lstat (path, &before), ==, 0);
  g_assert_false (release_lock_file_acquire (lock, &error));
  g_assert_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_false (release_lock_file_is_held (lock));
  g_assert_finalize_object (g_steal_pointer (&lock));

  g_assert_cmpint (lstat (path, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_cmpint (before.st_size, ==, after.st_size);
  g_assert_cmpint (before.st_mtim.tv_sec, ==, after.st_mtim.tv_sec);
  g_assert_cmpint (before.st_mtim.tv_nsec, ==, after.st_mtim.tv_nsec);
}

/* A process that sleeps until it is killed. */
static pid_t
fork_sleeper (void)
{
  pid_t parent = getpid ();
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      /* It must not outlive a test that failed. */
      while (getppid () == parent)
        g_usleep (10000);
      _exit (0);
    }

  return pid;
}

static void
end_child (pid_t pid)
{
  kill (pid, SIGKILL);
  g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pid, NULL, 0)), ==, pid);
}

static void
test_lock_fresh (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (fixture->path);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  struct stat st;

  g_test_summary ("A missing file is made, holds the PID while it is held, and is gone after");

  g_assert_cmpstr (release_lock_file_get_path (lock), ==, fixture->path);
  g_object_get (lock, "path", &path, NULL);
  g_assert_cmpstr (path, ==, fixture->path);

  g_assert_true (release_lock_file_acquire (lock, &error));
  g_assert_no_error (error);
  g_assert_true (release_lock_file_acquire (lock, &error));
  g_assert_no_error (error);
  assert_content_is_pid (fixture->path, getpid ());
  g_assert_cmpint (stat (fixture->path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & 0777 & ~0644, ==, 0);

  release_lock_file_release (lock);
  g_assert_false (release_lock_file_is_held (lock));
  g_assert_cmpint (release_lock_file_get_holder_pid (lock), ==, 0);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  release_lock_file_release (lock);

  g_assert_true (release_lock_file_acquire (lock, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (g_steal_pointer (&lock));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_lock_relative (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *real = realpath (fixture->folder, NULL);
  g_autofree char *expected = g_build_filename (real, "lock", NULL);
  g_autoptr(ReleaseLockFile) lock = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A relative path means the directory in which the object was made");

  g_assert_cmpint (chdir (fixture->folder), ==, 0);
  lock = release_lock_file_new ("lock");
  g_assert_cmpint (chdir (before), ==, 0);

  g_assert_cmpstr (release_lock_file_get_path (lock), ==, expected);
  g_assert_true (release_lock_file_acquire (lock, &error));
  g_assert_no_error (error);
  assert_content_is_pid (fixture->path, getpid ());
  g_assert_finalize_object (g_steal_pointer (&lock));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_lock_stale (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char *long_pid = "2147483647\n";
  pid_t gone = fork_sleeper ();
  siginfo_t info;
  pid_t zombie;

  g_test_summary ("Empty content, own PID, no process and a zombie do not stand in the way");

  write_file (fixture->path, "");
  assert_acquired (fixture->path);

  write_pid (fixture->path, getpid ());
  assert_acquired (fixture->path);

  end_child (gone);
  write_pid (fixture->path, gone);
  assert_acquired (fixture->path);

  /* Longer than any PID that is written over it. */
  write_file (fixture->path, long_pid);
  assert_acquired (fixture->path);

  zombie = fork ();
  g_assert_cmpint (zombie, >=, 0);
  if (zombie == 0)
    _exit (0);
  g_assert_cmpint (TEMP_FAILURE_RETRY (waitid (P_PID, zombie, &info, WEXITED | WNOWAIT)), ==, 0);
  g_assert_cmpint (kill (zombie, 0), ==, 0);
  write_pid (fixture->path, zombie);
  assert_acquired (fixture->path);
  end_child (zombie);
}

static void
test_lock_running (Fixture       *fixture,
                   gconstpointer  data)
{
  pid_t pid = fork_sleeper ();
  g_autofree char *bare = g_strdup_printf ("%d", pid);

  g_test_summary ("The PID of a running process refuses the start, though nobody locked the file");

  write_pid (fixture->path, pid);
  assert_held_by (fixture->path, pid);
  assert_content_is_pid (fixture->path, pid);

  write_file (fixture->path, bare);
  assert_held_by (fixture->path, pid);
  assert_content (fixture->path, bare);

  end_child (pid);
  assert_acquired (fixture->path);
}

static void
test_lock_reused_pid (Fixture       *fixture,
                      gconstpointer  data)
{
  pid_t pid = fork_sleeper ();
  struct timespec times[2];

  g_test_summary ("A process that started after the file was written is not its writer");

  /* The process has just started; one second after the file could be rounding, ten are not. */
  write_pid (fixture->path, pid);
  clock_gettime (CLOCK_REALTIME, &times[0]);
  times[0].tv_sec -= 10;
  times[1] = times[0];
  g_assert_cmpint (utimensat (AT_FDCWD, fixture->path, times, 0), ==, 0);
  assert_acquired (fixture->path);

  end_child (pid);
}

static void
test_lock_garbage (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char *const contents[] = {
    "root:x:0:0:\n", "12 13\n", "-5\n", "+5\n", "0x10\n", "0\n", "99999999999999999999\n",
    "2147483648\n", "\n", " 5\n", "5\n\x1b[2J",
  };

  g_test_summary ("A file with anything else than a PID is refused and not touched");

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      write_file (fixture->path, contents[i]);
      assert_refused (fixture->path, "its content is no PID");
      assert_content (fixture->path, contents[i]);
    }
}

static void
test_lock_kinds (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd;

  g_test_summary ("What is not a regular file is refused at once and stays");

  write_file (other, "");
  g_assert_cmpint (symlink (other, fixture->path), ==, 0);
  assert_refused (fixture->path, "symbolic link");
  assert_content (other, "");
  g_assert_cmpint (g_remove (other), ==, 0);
  assert_refused (fixture->path, "symbolic link");
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_remove (fixture->path), ==, 0);

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_refused (fixture->path, "named pipe");
  g_assert_cmpint (g_remove (fixture->path), ==, 0);

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_refused (fixture->path, "directory");
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);

  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_strlcpy (address.sun_path, fixture->path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  assert_refused (fixture->path, "socket");
  close (fd);

  assert_refused ("/dev/null", "device");
}

static void
test_lock_shared (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autofree char *limit = g_strnfill (4096, ' ');
  g_autofree char *large = g_strnfill (4097, ' ');

  g_test_summary ("A file that others can change, or that is large, is refused");

  write_file (fixture->path, "");
  g_assert_cmpint (link (fixture->path, other), ==, 0);
  assert_refused (fixture->path, "hard links");
  g_assert_cmpint (g_remove (other), ==, 0);

  g_assert_cmpint (chmod (fixture->path, 0646), ==, 0);
  assert_refused (fixture->path, "written by other users");
  g_assert_cmpint (chmod (fixture->path, 0664), ==, 0);
  assert_refused (fixture->path, "written by other users");
  g_assert_cmpint (chmod (fixture->path, 0644), ==, 0);
  assert_acquired (fixture->path);

  limit[0] = '1';
  memcpy (limit, "2147483647", 10);
  write_file (fixture->path, limit);
  assert_acquired (fixture->path);

  memcpy (large, "2147483647", 10);
  write_file (fixture->path, large);
  assert_refused (fixture->path, "4096 bytes");
}

static void
test_lock_foreign_owner (Fixture       *fixture,
                         gconstpointer  data)
{
  g_test_summary ("A file of another user is refused, by root too");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  write_file (fixture->path, "");
  g_assert_cmpint (chown (fixture->path, 65534, 65534), ==, 0);
  assert_refused (fixture->path, "another user");
}

static void
test_lock_system_errors (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", "lock", NULL);
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (missing);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A missing folder and a file without permission are errors of the system");

  g_assert_false (release_lock_file_acquire (lock, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, missing));
  g_clear_error (&error);

  if (geteuid () != 0)
    {
      g_autoptr(ReleaseLockFile) unreadable = release_lock_file_new (fixture->path);

      write_file (fixture->path, "");
      g_assert_cmpint (chmod (fixture->path, 0), ==, 0);
      g_assert_false (release_lock_file_acquire (unreadable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
      g_assert_nonnull (strstr (error->message, fixture->path));
    }
}

static void
test_lock_replaced_file (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (fixture->path);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A file that took the place of ours is not removed");

  g_assert_true (release_lock_file_acquire (lock, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  write_file (fixture->path, "another's\n");

  g_assert_finalize_object (g_steal_pointer (&lock));
  assert_content (fixture->path, "another's\n");
}

static const char *replaced_path;
static pid_t replacing_pid;

static void
replace_file (void)
{
  g_assert_cmpint (g_remove (replaced_path), ==, 0);
  write_pid (replaced_path, replacing_pid);
}

static void
test_lock_replaced_before_lock (Fixture       *fixture,
                                gconstpointer  data)
{
  g_test_summary ("A lock on a file that was removed since it was opened is no lock");

  replacing_pid = fork_sleeper ();
  replaced_path = fixture->path;
  before_flock = replace_file;
  assert_held_by (fixture->path, replacing_pid);
  g_assert_null (before_flock);
  assert_content_is_pid (fixture->path, replacing_pid);

  end_child (replacing_pid);
}

/* Runs in a child: ends it with 0 if all holds. */
static void
child_checks_inherited_lock (ReleaseLockFile *lock)
{
  g_autofree char *text = g_strdup_printf ("(PID %d)", getppid ());
  g_autoptr(GError) error = NULL;

  if (release_lock_file_is_held (lock))
    _exit (1);
  if (release_lock_file_acquire (lock, &error)
      || !g_error_matches (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD)
      || strstr (error->message, text) == NULL)
    _exit (2);
  g_object_unref (lock);
  _exit (0);
}

static void
test_lock_forked (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (fixture->path);
  g_autoptr(GError) error = NULL;
  pid_t pid;
  int status;

  g_test_summary ("A forked process neither holds the lock nor removes the file, in any way");

  g_assert_true (release_lock_file_acquire (lock, &error));
  g_assert_no_error (error);

  for (int round = 0; round < 3; round++)
    {
      pid = fork ();
      g_assert_cmpint (pid, >=, 0);
      if (pid == 0)
        {
          if (round == 0)
            child_checks_inherited_lock (lock);
          if (round == 1)
            release_lock_file_release (lock);
          else
            g_object_unref (lock);
          _exit (0);
        }
      g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pid, &status, 0)), ==, pid);
      g_assert_cmpint (status, ==, 0);
      g_assert_true (release_lock_file_is_held (lock));
      assert_content_is_pid (fixture->path, getpid ());
    }

  /* The kernel's lock is still there as well: another process does not get it. */
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      g_autoptr(ReleaseLockFile) other = release_lock_file_new (fixture->path);

      _exit (release_lock_file_acquire (other, NULL) ? 1 : 0);
    }
  g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pid, &status, 0)), ==, pid);
  g_assert_cmpint (status, ==, 0);
  g_assert_finalize_object (g_steal_pointer (&lock));
}

static void
test_lock_executed (Fixture       *fixture,
                    gconstpointer  data)
{
  int ready[2], life[2];
  pid_t holder;
  char byte;

  g_test_summary ("The lock ends with its holder, though programs that it executed live on");

  g_assert_cmpint (pipe (ready), ==, 0);
  g_assert_cmpint (pipe (life), ==, 0);

  holder = fork ();
  g_assert_cmpint (holder, >=, 0);
  if (holder == 0)
    {
      g_autoptr(ReleaseLockFile) lock = release_lock_file_new (fixture->path);
      int executed[2];

      if (!release_lock_file_acquire (lock, NULL) || pipe2 (executed, O_CLOEXEC) < 0)
        _exit (1);
      if (fork () == 0)
        {
          /* cat lives until the test closes its end of the pipe. */
          dup2 (life[0], 0);
          dup2 (ready[1], 1);
          close (life[1]);
          close (ready[1]);
          execlp ("cat", "cat", NULL);
          _exit (1);
        }
      close (executed[1]);
      if (read (executed[0], &byte, 1) != 0 || write (ready[1], "r", 1) != 1)
        _exit (1);
      pause ();
      _exit (1);
    }

  close (ready[1]);
  close (life[0]);
  g_assert_cmpint (TEMP_FAILURE_RETRY (read (ready[0], &byte, 1)), ==, 1);
  assert_held_by (fixture->path, holder);
  end_child (holder);
  assert_content_is_pid (fixture->path, holder);

  g_assert_cmpint (write (life[1], "c", 1), ==, 1);
  g_assert_cmpint (TEMP_FAILURE_RETRY (read (ready[0], &byte, 1)), ==, 1);
  g_assert_cmpint (byte, ==, 'c');
  assert_acquired (fixture->path);
  close (life[1]);
  g_assert_cmpint (TEMP_FAILURE_RETRY (read (ready[0], &byte, 1)), ==, 0);
  close (ready[0]);
}

#define N_CONTENDERS 50

static void
test_lock_contenders (Fixture       *fixture,
                      gconstpointer  data)
{
  int start[2], end[2], results[2];
  pid_t pids[N_CONTENDERS];
  int outcomes[N_CONTENDERS];
  int winner = 0;
  char byte;

  g_test_summary ("Of fifty processes at once one gets the lock, and the others name it");

  /* A stale PID to begin with, so that a loser could name the wrong process. */
  write_file (fixture->path, "2147483647\n");
  g_assert_cmpint (pipe (start), ==, 0);
  g_assert_cmpint (pipe (end), ==, 0);
  g_assert_cmpint (pipe (results), ==, 0);

  for (int i = 0; i < N_CONTENDERS; i++)
    {
      pids[i] = fork ();
      g_assert_cmpint (pids[i], >=, 0);
      if (pids[i] == 0)
        {
          g_autoptr(ReleaseLockFile) lock = NULL;
          g_autoptr(GError) error = NULL;
          int outcome = -1;

          close (start[1]);
          close (end[1]);
          if (read (start[0], &byte, 1) != 0)
            _exit (1);

          lock = release_lock_file_new (fixture->path);
          if (release_lock_file_acquire (lock, &error))
            outcome = 0;
          else if (g_error_matches (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD))
            outcome = release_lock_file_get_holder_pid (lock);
          if (write (results[1], &outcome, sizeof outcome) != sizeof outcome)
            _exit (1);
          if (outcome == 0 && read (end[0], &byte, 1) != 0)
            _exit (1);
          g_clear_object (&lock);
          _exit (outcome == 0 ? 0 : 75);
        }
    }

  close (start[1]);
  close (results[1]);
  for (int i = 0; i < N_CONTENDERS; i++)
    g_assert_cmpint (TEMP_FAILURE_RETRY (read (results[0], &outcomes[i], sizeof (int))), ==,
                     sizeof (int));
  close (end[1]);

  for (int i = 0; i < N_CONTENDERS; i++)
    {
      int status;

      g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pids[i], &status, 0)), ==, pids[i]);
      g_assert_true (WIFEXITED (status));
      if (WEXITSTATUS (status) == 0)
        {
          g_assert_cmpint (winner, ==, 0);
          winner = pids[i];
        }
      else
        g_assert_cmpint (WEXITSTATUS (status), ==, 75);
    }
  g_assert_cmpint (winner, >, 0);
  for (int i = 0; i < N_CONTENDERS; i++)
    g_assert_true (outcomes[i] == 0 || outcomes[i] == winner);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));

  close (start[0]);
  close (end[0]);
  close (results[0]);
}

#define N_RACERS 6
#define N_LAPS 400

typedef struct
{
  int  holders;
  int  doubles;
  int  wins;
} Race;

/* One life of a daemon: it starts, holds the lock or not, and ends. */
static void
race_lap (const char *path,
          Race       *shared)
{
  g_autoptr(ReleaseLockFile) lock = release_lock_file_new (path);
  g_autoptr(GError) error = NULL;

  if (release_lock_file_acquire (lock, &error))
    {
      if (__atomic_add_fetch (&shared->holders, 1, __ATOMIC_SEQ_CST) != 1)
        __atomic_add_fetch (&shared->doubles, 1, __ATOMIC_SEQ_CST);
      __atomic_add_fetch (&shared->wins, 1, __ATOMIC_SEQ_CST);
      /* Long enough for another to come in, if it can. */
      g_usleep (100);
      __atomic_sub_fetch (&shared->holders, 1, __ATOMIC_SEQ_CST);
      g_clear_object (&lock);
      _exit (0);
    }

  _exit (g_error_matches (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD) ? 0 : 1);
}

static void
race (const char *path,
      Race       *shared)
{
  for (int lap = 0; lap < N_LAPS; lap++)
    {
      pid_t pid = fork ();
      int status;

      if (pid == 0)
        race_lap (path, shared);
      if (TEMP_FAILURE_RETRY (waitpid (pid, &status, 0)) != pid || status != 0)
        _exit (1);
    }
}

static void
test_lock_race (Fixture       *fixture,
                gconstpointer  data)
{
  Race *shared = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                       -1, 0);
  pid_t pids[N_RACERS];

  g_test_summary ("However files come and go, two processes never hold the lock at once");

  g_assert_true (shared != MAP_FAILED);
  for (int i = 0; i < N_RACERS; i++)
    {
      pids[i] = fork ();
      g_assert_cmpint (pids[i], >=, 0);
      if (pids[i] == 0)
        {
          race (fixture->path, shared);
          _exit (0);
        }
    }
  for (int i = 0; i < N_RACERS; i++)
    {
      int status;

      g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pids[i], &status, 0)), ==, pids[i]);
      g_assert_cmpint (status, ==, 0);
    }

  g_test_message ("%d wins in %d attempts", shared->wins, N_RACERS * N_LAPS);
  g_assert_cmpint (shared->wins, >, 0);
  g_assert_cmpint (shared->doubles, ==, 0);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  munmap (shared, sizeof *shared);
}

#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/lock-file/made-held-and-removed", test_lock_fresh);
  ADD ("/lock-file/relative-path-is-kept", test_lock_relative);
  ADD ("/lock-file/stale-content-is-replaced", test_lock_stale);
  ADD ("/lock-file/running-process-refuses", test_lock_running);
  ADD ("/lock-file/reused-pid-is-stale", test_lock_reused_pid);
  ADD ("/lock-file/garbage-is-untouched", test_lock_garbage);
  ADD ("/lock-file/other-kinds-are-refused", test_lock_kinds);
  ADD ("/lock-file/shared-or-large-is-refused", test_lock_shared);
  ADD ("/lock-file/foreign-owner-is-refused", test_lock_foreign_owner);
  ADD ("/lock-file/system-errors", test_lock_system_errors);
  ADD ("/lock-file/replaced-file-stays", test_lock_replaced_file);
  ADD ("/lock-file/removed-before-lock-begins-again", test_lock_replaced_before_lock);
  ADD ("/lock-file/forked-process-does-not-hold", test_lock_forked);
  ADD ("/lock-file/executed-program-does-not-hold", test_lock_executed);
  ADD ("/lock-file/fifty-at-once-one-wins", test_lock_contenders);
  ADD ("/lock-file/race-has-no-double-holder", test_lock_race);

  return g_test_run ();
}
