/* release-tests/ipc/server-harness.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* What the tests of control sockets have in common. */

#include <release/release.h>

#include "release-tests/count-fds.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A condition that does not come true by then never will. */
#define LIMIT_USEC (30 * G_USEC_PER_SEC)

/* How long, in milliseconds, a main loop is watched, and how often it may wake up for nothing. */
#define QUIET_MSEC 150
#define QUIET_ITERATIONS 20

#define wait_for(condition) \
  G_STMT_START { \
    gint64 wait_end = g_get_monotonic_time () + LIMIT_USEC; \
    while (!(condition)) \
      { \
        if (g_get_monotonic_time () > wait_end) \
          g_error ("%s:%d: waited in vain for: %s", __FILE__, __LINE__, #condition); \
        iterate (); \
      } \
  } G_STMT_END

typedef struct
{
  char             *folder;
  char             *path;
  ReleaseIpcServer *server;
  GPtrArray        *kept;            /* invocations of the requests "later" */
  guint             n_requests;
  int               uid, pid;        /* of the last request */
  int               stall_timeout;   /* for new connections; -1 as it is */
} Fixture;

static inline void
iterate (void)
{
  if (!g_main_context_iteration (NULL, FALSE))
    g_usleep (500);
}

static inline gboolean
on_request (ReleaseIpcServer     *server,
            ReleaseIpcInvocation *invocation,
            Fixture              *fixture)
{
  const char *text = release_ipc_invocation_get_string (invocation);
  GCredentials *credentials = release_ipc_invocation_get_peer_credentials (invocation);
  g_autofree char *answer = NULL;

  fixture->n_requests++;
  if (credentials != NULL)
    {
      fixture->uid = g_credentials_get_unix_user (credentials, NULL);
      fixture->pid = g_credentials_get_unix_pid (credentials, NULL);
    }

  if (g_strcmp0 (text, "refused") == 0)
    return FALSE;

  if (g_strcmp0 (text, "later") == 0)
    {
      g_ptr_array_add (fixture->kept, release_ipc_invocation_ref (invocation));
      return TRUE;
    }

  if (g_strcmp0 (text, "large") == 0)
    {
      answer = g_strnfill (60000, 'x');
      return release_ipc_invocation_return_string (invocation, answer, NULL);
    }

  answer = g_ascii_strup (text != NULL ? text : "(no text)", -1);
  return release_ipc_invocation_return_string (invocation, answer, NULL);
}

static inline void
on_connected (ReleaseIpcServer  *server,
              ReleaseIpcChannel *channel,
              Fixture           *fixture)
{
  if (fixture->stall_timeout >= 0)
    release_ipc_channel_set_stall_timeout (channel, fixture->stall_timeout);
}

static inline void
fixture_make_server (Fixture *fixture)
{
  fixture->server = release_ipc_server_new (fixture->path, NULL);
  g_signal_connect (fixture->server, "request", G_CALLBACK (on_request), fixture);
  g_signal_connect (fixture->server, "connected", G_CALLBACK (on_connected), fixture);
}

static inline void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("release-server-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "control", NULL);
  fixture->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) release_ipc_invocation_unref);
  fixture->stall_timeout = -1;
  fixture_make_server (fixture);
}

/* The folder must be empty, whatever happened. */
static inline void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->server != NULL)
    release_ipc_server_stop (fixture->server);
  g_ptr_array_unref (fixture->kept);
  if (fixture->server != NULL)
    g_assert_finalize_object (fixture->server);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static inline void
start (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (release_ipc_server_start (fixture->server, &error));
  g_assert_no_error (error);
}

static inline void
answer_kept (Fixture *fixture,
             guint    index)
{
  g_autoptr(GError) error = NULL;

  release_ipc_invocation_return_string (g_ptr_array_index (fixture->kept, index), "at last",
                                        &error);
  g_assert_no_error (error);
}

/* The clients know nothing of the library: plain sockets and the protocol of the README. */

static inline int
new_socket (void)
{
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static inline void
connect_socket (int         fd,
                const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  strcpy (address.sun_path, path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
}

static inline int
client_new (Fixture *fixture)
{
  int fd = new_socket ();

  connect_socket (fd, fixture->path);
  return fd;
}

static inline void
send_bytes (int           fd,
            gconstpointer data,
            gsize         length)
{
  g_assert_cmpint (send (fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT), ==, length);
}

static inline void
send_length (int     fd,
             guint32 length)
{
  guint32 header = GUINT32_TO_BE (length);

  send_bytes (fd, &header, sizeof header);
}

static inline void
ask (int         fd,
     const char *text)
{
  gsize length = strlen (text);
  g_autofree guint8 *frame = g_malloc (4 + length);
  guint32 header = GUINT32_TO_BE (length);

  memcpy (frame, &header, 4);
  memcpy (frame + 4, text, length);
  send_bytes (fd, frame, 4 + length);
}

/* Reads @length bytes while the server runs; FALSE if the connection ends before. */
static inline gboolean
read_bytes (int      fd,
            gpointer data,
            gsize    length)
{
  gint64 end = g_get_monotonic_time () + LIMIT_USEC;
  gsize fill = 0;

  while (fill < length)
    {
      gssize n = recv (fd, (char *) data + fill, length - fill, MSG_DONTWAIT);

      if (n == 0 || (n < 0 && errno == ECONNRESET))
        return FALSE;
      if (n < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          g_assert_cmpint (g_get_monotonic_time (), <, end);
          iterate ();
          continue;
        }
      fill += n;
    }

  return TRUE;
}

/* The next answer, or NULL if there is none any more. */
static inline char *
read_answer (int fd)
{
  g_autofree char *text = NULL;
  guint32 header;

  if (!read_bytes (fd, &header, sizeof header))
    return NULL;

  text = g_malloc0 (GUINT32_FROM_BE (header) + 1);
  return read_bytes (fd, text, GUINT32_FROM_BE (header)) ? g_steal_pointer (&text) : NULL;
}

static inline void
assert_answer (int         fd,
               const char *expected)
{
  g_autofree char *answer = read_answer (fd);

  g_assert_cmpstr (answer, ==, expected);
}

static inline void
assert_ended (int fd)
{
  assert_answer (fd, NULL);
}

static inline gboolean
is_ended (int fd)
{
  char byte;
  gssize n = recv (fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);

  return n == 0 || (n < 0 && errno == ECONNRESET);
}

/* A client that comes, asks and goes is served. */
static inline void
assert_serves (Fixture *fixture)
{
  int fd = client_new (fixture);

  ask (fd, "hello");
  assert_answer (fd, "HELLO");
  close (fd);
}

static inline guint
n_connections (Fixture *fixture)
{
  return release_ipc_server_get_n_connections (fixture->server);
}

static inline void
wait_for_connections (Fixture *fixture,
                      guint    n)
{
  wait_for (n_connections (fixture) == n);
}

static inline gboolean
set_flag_cb (gpointer flag)
{
  *(gboolean *) flag = TRUE;
  return G_SOURCE_REMOVE;
}

/* The main loop sleeps, instead of being woken by something that nobody takes care of. */
static inline void
assert_quiet (void)
{
  gboolean over = FALSE;
  guint n = 0;

  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpuint (++n, <, 10000);

  n = 0;
  g_timeout_add (QUIET_MSEC, set_flag_cb, &over);
  while (!over)
    {
      g_main_context_iteration (NULL, TRUE);
      n++;
    }
  g_assert_cmpuint (n, <=, QUIET_ITERATIONS);
}

static inline void
end_child (pid_t pid,
           int   expected_status)
{
  int status = 0;
  pid_t ended = 0;

  wait_for ((ended = waitpid (pid, &status, WNOHANG)) != 0);
  g_assert_cmpint (ended, ==, pid);
  g_assert_cmpint (status, ==, expected_status);
}

/* In a forked process: asks once, as another user if there is one, and checks the answer. */
static inline void
run_client (Fixture *fixture,
            uid_t    uid,
            guint    n)
{
  const guint8 expected[] = { 0, 0, 0, 2, 'M', 'E' };

  if (geteuid () == 0 && (setgid (uid) < 0 || setuid (uid) < 0))
    _exit (1);
  for (guint i = 0; i < n; i++)
    {
      guint8 answer[sizeof expected];
      int fd = client_new (fixture);

      ask (fd, "me");
      if (recv (fd, answer, sizeof answer, MSG_WAITALL) != sizeof answer ||
          memcmp (answer, expected, sizeof answer) != 0)
        _exit (2);
    }
  _exit (0);
}

static inline pid_t
fork_client (Fixture *fixture,
             uid_t    uid,
             guint    n)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    run_client (fixture, uid, n);

  return pid;
}

#define add(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
