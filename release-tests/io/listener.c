/* release-tests/io/listener.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-listener-private.h"

#include "release/io/release-lock-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACKLOG 16

typedef struct
{
  char *folder;
  char *path;
  char *lock_path;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("release-listener-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "control", NULL);
  fixture->lock_path = g_strconcat (fixture->path, ".lock", NULL);
}

/* The folder must be empty: whatever a test makes, it removes. */
static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->lock_path);
}

static ReleaseIoListener *
listener_new (const char *path)
{
  g_autoptr(GError) error = NULL;
  ReleaseIoListener *listener = release_io_listener_new (path, 0600, BACKLOG, &error);

  g_assert_no_error (error);
  g_assert_nonnull (listener);
  return listener;
}

static GError *
refused_error (const char *path)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (release_io_listener_new (path, 0600, BACKLOG, &error));
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  return g_steal_pointer (&error);
}

static void
assert_mentions (const GError *error,
                 const char   *text)
{
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” does not mention “%s”", error->message, text);
}

static void
assert_gone (const char *path)
{
  struct stat st;

  g_assert_cmpint (lstat (path, &st), <, 0);
  g_assert_cmpint (errno, ==, ENOENT);
}

static struct sockaddr_un
make_address (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  g_assert_cmpuint (strlen (path), <, sizeof address.sun_path);
  strcpy (address.sun_path, path);
  return address;
}

/* A socket of somebody who does not know of the lock. */
static int
bind_stranger (const char *path,
               int         type)
{
  struct sockaddr_un address = make_address (path);
  int fd = socket (AF_UNIX, type | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  if (type != SOCK_DGRAM)
    g_assert_cmpint (listen (fd, 0), ==, 0);
  return fd;
}

static int
try_connect (const char *path)
{
  struct sockaddr_un address = make_address (path);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    return fd;

  close (fd);
  return -1;
}

/* What lies at the path is refused with @code, and stays as it is. */
static void
assert_refused_untouched (Fixture    *fixture,
                          int         code)
{
  g_autoptr(GError) error = NULL;
  struct stat before, after;

  g_assert_cmpint (lstat (fixture->path, &before), ==, 0);
  error = refused_error (fixture->path);
  g_assert_error (error, G_IO_ERROR, code);
  assert_mentions (error, fixture->path);

  g_assert_cmpint (lstat (fixture->path, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_cmpuint (before.st_mode, ==, after.st_mode);
  g_assert_cmpint (before.st_size, ==, after.st_size);
  g_assert_cmpint (before.st_mtim.tv_nsec, ==, after.st_mtim.tv_nsec);
  g_assert_cmpint (before.st_ctim.tv_nsec, ==, after.st_ctim.tv_nsec);
  assert_gone (fixture->lock_path);
}

static void
test_listener_fresh (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(ReleaseIoListener) listener = NULL;
  struct stat st;
  int client;

  g_test_summary ("A listener makes a socket and a lock file, takes connections, removes both");

  listener = listener_new (fixture->path);
  g_assert_cmpint (lstat (fixture->path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode, ==, S_IFSOCK | 0600);
  g_assert_cmpint (lstat (fixture->lock_path, &st), ==, 0);
  g_assert_true (S_ISREG (st.st_mode));
  g_assert_cmpint (fcntl (release_io_listener_get_fd (listener), F_GETFD), ==, FD_CLOEXEC);

  client = try_connect (fixture->path);
  g_assert_cmpint (client, >=, 0);
  close (client);

  g_clear_pointer (&listener, release_io_listener_free);
  assert_gone (fixture->path);
  assert_gone (fixture->lock_path);
}

static void
test_listener_again (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("A path can be listened at again and again");

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(ReleaseIoListener) listener = listener_new (fixture->path);
      int client = try_connect (fixture->path);

      g_assert_cmpint (client, >=, 0);
      close (client);
    }
}

static void
test_listener_stale (Fixture       *fixture,
                     gconstpointer  data)
{
  static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM };

  g_test_summary ("A socket file that nobody listens at is replaced");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(ReleaseIoListener) listener = NULL;
      int client;

      close (bind_stranger (fixture->path, types[i]));
      listener = listener_new (fixture->path);
      client = try_connect (fixture->path);
      g_assert_cmpint (client, >=, 0);
      close (client);
    }
}

static void
test_listener_live (Fixture       *fixture,
                    gconstpointer  data)
{
  static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM };

  g_test_summary ("A socket that somebody without the lock has open is refused and lives on");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      int stranger = bind_stranger (fixture->path, types[i]);

      assert_refused_untouched (fixture, G_IO_ERROR_ADDRESS_IN_USE);
      close (stranger);
      g_assert_cmpint (g_unlink (fixture->path), ==, 0);
    }
}

static void
test_listener_live_full (Fixture       *fixture,
                         gconstpointer  data)
{
  int stranger = bind_stranger (fixture->path, SOCK_STREAM);
  int clients[8];
  guint n = 0;

  g_test_summary ("A socket whose queue is full is not taken for a stale one");

  while ((clients[n] = try_connect (fixture->path)) >= 0)
    g_assert_cmpuint (++n, <, G_N_ELEMENTS (clients));
  assert_refused_untouched (fixture, G_IO_ERROR_ADDRESS_IN_USE);

  while (n > 0)
    close (clients[--n]);
  close (stranger);
  g_unlink (fixture->path);
}

static void
test_listener_other_files (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *target = g_build_filename (fixture->folder, "target", NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A file, a folder, a pipe or a symbolic link is refused and stays as it is");

  g_assert_true (g_file_set_contents (fixture->path, "precious", -1, &error));
  assert_refused_untouched (fixture, G_IO_ERROR_EXISTS);
  g_unlink (fixture->path);

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  assert_refused_untouched (fixture, G_IO_ERROR_EXISTS);
  g_rmdir (fixture->path);

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_refused_untouched (fixture, G_IO_ERROR_EXISTS);
  g_unlink (fixture->path);

  g_assert_cmpint (symlink (target, fixture->path), ==, 0);
  assert_refused_untouched (fixture, G_IO_ERROR_EXISTS);
  assert_gone (target);

  /* Not even if it leads to a stale socket. */
  close (bind_stranger (target, SOCK_STREAM));
  assert_refused_untouched (fixture, G_IO_ERROR_EXISTS);
  g_assert_cmpint (g_unlink (target), ==, 0);
  g_unlink (fixture->path);
}

static void
test_listener_foreign_lock (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A lock file that is none is refused, named, and left alone; no socket is made");

  g_assert_true (g_file_set_contents (fixture->lock_path, "precious", -1, NULL));
  error = refused_error (fixture->path);
  g_assert_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_REFUSED);
  assert_mentions (error, fixture->lock_path);
  assert_gone (fixture->path);
  g_assert_true (g_file_get_contents (fixture->lock_path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "precious");
  g_unlink (fixture->lock_path);
}

static void
test_listener_path_length (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(ReleaseIoListener) listener = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *fits = NULL;
  g_autofree char *too_long = NULL;
  g_autofree char *lock = NULL;
  GString *path = g_string_new (fixture->folder);
  int client;

  g_test_summary ("A path of 107 bytes works, one of 108 is refused with both numbers");

  g_string_append_c (path, '/');
  while (path->len < 107)
    g_string_append_c (path, 'x');
  too_long = g_strconcat (path->str, "x", NULL);
  fits = g_string_free (path, FALSE);

  listener = listener_new (fits);
  client = try_connect (fits);
  g_assert_cmpint (client, >=, 0);
  close (client);
  g_clear_pointer (&listener, release_io_listener_free);
  assert_gone (fits);

  error = refused_error (too_long);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
  assert_mentions (error, "108");
  assert_mentions (error, "107");
  assert_mentions (error, too_long);
  lock = g_strconcat (too_long, ".lock", NULL);
  assert_gone (lock);
}

static void
test_listener_odd_paths (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", "control", NULL);
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *inner = g_build_filename (elsewhere, "inner", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *through = g_build_filename (link, "..", "control", NULL);
  g_autofree char *expected = g_build_filename (elsewhere, "control", NULL);
  g_autofree char *odd = g_build_filename (fixture->folder, "odd\xff", NULL);
  g_autoptr(ReleaseIoListener) listener = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) odd_error = NULL;
  g_autoptr(GError) folder_error = NULL;

  g_test_summary ("A missing folder is named; `..` means what the system means by it");

  error = refused_error (missing);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_mentions (error, missing);

  /* An error message is UTF-8 even where a path is not. */
  g_assert_cmpint (g_mkdir (odd, 0700), ==, 0);
  odd_error = refused_error (odd);
  g_assert_error (odd_error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_rmdir (odd);

  folder_error = refused_error (fixture->folder);
  g_assert_error (folder_error, G_IO_ERROR, G_IO_ERROR_EXISTS);

  g_assert_cmpint (g_mkdir (elsewhere, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  g_assert_cmpint (symlink (inner, link), ==, 0);
  listener = listener_new (through);
  g_assert_true (g_file_test (expected, G_FILE_TEST_EXISTS));
  assert_gone (fixture->path);
  g_clear_pointer (&listener, release_io_listener_free);
  assert_gone (expected);

  g_unlink (link);
  g_rmdir (inner);
  g_rmdir (elsewhere);
}

static void
test_listener_relative (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autoptr(ReleaseIoListener) listener = NULL;

  g_test_summary ("A relative path is made absolute, so its files are found after a chdir");

  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  listener = listener_new ("control");
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_clear_pointer (&listener, release_io_listener_free);
  g_assert_cmpint (g_chdir (before), ==, 0);
}

typedef struct
{
  const char *path;
  guint       mode;
  int         ready;            /* (atomic) */
  int         stop;             /* (atomic) */
  guint       excess;           /* permissions seen that nobody asked for */
  guint       at_connect;       /* the mode when a connection first succeeded */
  guint       n_seen;
} ModeWatch;

static gpointer
watch_mode_thread (gpointer data)
{
  ModeWatch *watch = data;
  struct stat st;

  g_atomic_int_set (&watch->ready, TRUE);
  while (!g_atomic_int_get (&watch->stop))
    {
      int client;

      if (lstat (watch->path, &st) < 0)
        continue;

      watch->n_seen++;
      watch->excess |= st.st_mode & 07777 & ~watch->mode;
      client = watch->at_connect == 0 ? try_connect (watch->path) : -1;
      if (client < 0)
        continue;
      if (lstat (watch->path, &st) == 0)
        watch->at_connect = st.st_mode;
      close (client);
    }

  return NULL;
}

static void
test_listener_mode (Fixture       *fixture,
                    gconstpointer  data)
{
  static const guint masks[] = { 0, 022, 077, 0177 };
  static const guint modes[] = { 0600, 0660, 0666, 0620, 0777 };
  guint n_seen = 0;

  g_test_summary ("The mode is the one asked for, at no moment more, whatever the umask");

  for (guint i = 0; i < G_N_ELEMENTS (masks) * G_N_ELEMENTS (modes); i++)
    {
      mode_t mask = umask (masks[i % G_N_ELEMENTS (masks)]);
      ModeWatch watch = { .path = fixture->path, .mode = modes[i / G_N_ELEMENTS (masks)] };
      GThread *thread = g_thread_new ("watch", watch_mode_thread, &watch);

      while (!g_atomic_int_get (&watch.ready))
        g_thread_yield ();
      for (guint round = 0; round < 20; round++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(ReleaseIoListener) listener = NULL;
          struct stat st;

          listener = release_io_listener_new (fixture->path, watch.mode, BACKLOG, &error);
          g_assert_no_error (error);
          g_assert_cmpint (lstat (fixture->path, &st), ==, 0);
          g_assert_cmpuint (st.st_mode, ==, S_IFSOCK | watch.mode);
        }

      g_atomic_int_set (&watch.stop, TRUE);
      g_thread_join (thread);
      umask (mask);
      g_assert_cmpuint (watch.excess, ==, 0);
      if (watch.at_connect != 0)
        g_assert_cmpuint (watch.at_connect, ==, S_IFSOCK | watch.mode);
      n_seen += watch.n_seen;
    }

  g_test_message ("looked %u times", n_seen);
}

static void
test_listener_replaced (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(ReleaseIoListener) listener = listener_new (fixture->path);
  int stranger;

  g_test_summary ("A socket or a file that somebody put in the place of ours stays");

  g_unlink (fixture->path);
  stranger = bind_stranger (fixture->path, SOCK_STREAM);
  g_clear_pointer (&listener, release_io_listener_free);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  assert_gone (fixture->lock_path);
  close (stranger);

  listener = listener_new (fixture->path);
  g_unlink (fixture->path);
  g_assert_true (g_file_set_contents (fixture->path, "precious", -1, NULL));
  g_clear_pointer (&listener, release_io_listener_free);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_REGULAR));
  g_unlink (fixture->path);

  listener = listener_new (fixture->path);
  g_unlink (fixture->path);
  g_clear_pointer (&listener, release_io_listener_free);
  assert_gone (fixture->path);
}

static void
end_child (pid_t pid,
           int   expected_status)
{
  int status = 0;

  g_assert_cmpint (TEMP_FAILURE_RETRY (waitpid (pid, &status, 0)), ==, pid);
  g_assert_cmpint (status, ==, expected_status);
}

static void
test_listener_child (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(ReleaseIoListener) listener = listener_new (fixture->path);
  pid_t pid;
  int client;

  g_test_summary ("A child of the owner that frees its copy removes nothing");

  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      release_io_listener_free (listener);
      _exit (0);
    }

  end_child (pid, 0);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fixture->lock_path, G_FILE_TEST_EXISTS));
  client = try_connect (fixture->path);
  g_assert_cmpint (client, >=, 0);
  close (client);
}

/* A process that listens until it is killed. */
static pid_t
fork_owner (const char *path)
{
  pid_t parent = getpid ();
  int ready[2];
  pid_t pid;
  char byte;

  g_assert_cmpint (pipe2 (ready, O_CLOEXEC), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      g_autoptr(ReleaseIoListener) listener = NULL;

      close (ready[0]);
      listener = release_io_listener_new (path, 0600, BACKLOG, NULL);
      if (listener == NULL || write (ready[1], "", 1) != 1)
        _exit (1);
      while (getppid () == parent)
        g_usleep (10000);
      _exit (0);
    }

  close (ready[1]);
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  return pid;
}

static void
test_listener_two (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ReleaseIoListener) listener = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *pid_text = NULL;
  pid_t pid = fork_owner (fixture->path);
  int client;

  g_test_summary ("The second process is told the PID of the first; once that is killed it may");

  error = refused_error (fixture->path);
  g_assert_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD);
  pid_text = g_strdup_printf ("PID %d", pid);
  assert_mentions (error, pid_text);
  assert_mentions (error, fixture->path);
  client = try_connect (fixture->path);
  g_assert_cmpint (client, >=, 0);
  close (client);

  kill (pid, SIGKILL);
  end_child (pid, SIGKILL);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fixture->lock_path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (try_connect (fixture->path), <, 0);

  listener = listener_new (fixture->path);
  client = try_connect (fixture->path);
  g_assert_cmpint (client, >=, 0);
  close (client);
}

#define N_RACERS 20

typedef struct
{
  pid_t pid;
  int   won;        /* 1 won, 0 told that it is held, -1 anything else */
} Report;

static void
race (const char *path,
      int         start,
      int         report_fd,
      int         end)
{
  g_autoptr(ReleaseIoListener) listener = NULL;
  g_autoptr(GError) error = NULL;
  Report report = { .pid = getpid () };
  char byte;

  if (read (start, &byte, 1) != 0)
    _exit (1);
  listener = release_io_listener_new (path, 0600, BACKLOG, &error);
  report.won = listener != NULL ? 1
               : g_error_matches (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD) ? 0 : -1;
  if (write (report_fd, &report, sizeof report) != sizeof report || read (end, &byte, 1) != 0)
    _exit (1);
  g_clear_pointer (&listener, release_io_listener_free);
  _exit (0);
}

static void
test_listener_race (Fixture       *fixture,
                    gconstpointer  data)
{
  pid_t pids[N_RACERS];
  int start[2], reports[2], end[2];
  guint n_won = 0;
  int client;

  g_test_summary ("Of twenty processes at once, over what a dead one left, exactly one wins");

  close (bind_stranger (fixture->path, SOCK_STREAM));
  g_assert_cmpint (pipe2 (start, O_CLOEXEC), ==, 0);
  g_assert_cmpint (pipe2 (reports, O_CLOEXEC), ==, 0);
  g_assert_cmpint (pipe2 (end, O_CLOEXEC), ==, 0);
  for (guint i = 0; i < N_RACERS; i++)
    {
      pids[i] = fork ();
      g_assert_cmpint (pids[i], >=, 0);
      if (pids[i] == 0)
        {
          close (start[1]);
          close (end[1]);
          race (fixture->path, start[0], reports[1], end[0]);
        }
    }

  close (start[1]);
  for (guint i = 0; i < N_RACERS; i++)
    {
      Report report;

      g_assert_cmpint (read (reports[0], &report, sizeof report), ==, sizeof report);
      g_assert_cmpint (report.won, >=, 0);
      n_won += report.won;
    }
  g_assert_cmpuint (n_won, ==, 1);
  client = try_connect (fixture->path);
  g_assert_cmpint (client, >=, 0);
  close (client);

  close (end[1]);
  for (guint i = 0; i < N_RACERS; i++)
    end_child (pids[i], 0);
  assert_gone (fixture->path);
  assert_gone (fixture->lock_path);
  close (start[0]);
  close (reports[0]);
  close (reports[1]);
  close (end[0]);
}

#define add(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/listener/fresh", test_listener_fresh);
  add ("/listener/again", test_listener_again);
  add ("/listener/stale", test_listener_stale);
  add ("/listener/live", test_listener_live);
  add ("/listener/live-full", test_listener_live_full);
  add ("/listener/other-files", test_listener_other_files);
  add ("/listener/foreign-lock", test_listener_foreign_lock);
  add ("/listener/path-length", test_listener_path_length);
  add ("/listener/odd-paths", test_listener_odd_paths);
  add ("/listener/relative", test_listener_relative);
  add ("/listener/mode", test_listener_mode);
  add ("/listener/replaced", test_listener_replaced);
  add ("/listener/child", test_listener_child);
  add ("/listener/two", test_listener_two);
  add ("/listener/race", test_listener_race);

  return g_test_run ();
}
