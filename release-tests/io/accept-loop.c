/* release-tests/io/accept-loop.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define N_CLIENTS 50
#define FLOOD 200

/* Descriptors that are left to the loop under the flood. */
#define SPARE_FDS 20

typedef struct
{
  char              *folder;
  char              *path;
  GSocketAddress    *address;
  ReleaseAcceptLoop *loop;
  guint              n_accepted;
  guint              n_most;         /* connections at once */
  guint              n_echoed;
  guint              n_cancelled;
} Fixture;

/* One connection of a handler that sends back whatever eight bytes come. */
typedef struct
{
  Fixture                 *fixture;
  ReleaseAcceptConnection *connection;
  ReleaseBuffer           *buffer;
} Echo;

static void
echo_free (Echo *echo)
{
  g_object_unref (echo->connection);
  release_buffer_unref (echo->buffer);
  g_free (echo);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Echo, echo_free)

static void
echo_written_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Echo) echo = user_data;

  if (release_io_write_finish (result, NULL))
    echo->fixture->n_echoed++;
}

static void
echo_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Echo) echo = user_data;
  g_autoptr(GError) error = NULL;

  if (!release_io_read_finish (result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        echo->fixture->n_cancelled++;
      return;
    }

  release_io_write_async (release_accept_connection_get_fd (echo->connection), echo->buffer, -1,
                          release_accept_connection_get_cancellable (echo->connection),
                          echo_written_cb, echo);
  g_steal_pointer (&echo);
}

static gboolean
echo_accepted_cb (ReleaseAcceptLoop       *loop,
                  ReleaseAcceptConnection *connection,
                  gpointer                 user_data)
{
  Fixture *fixture = user_data;
  Echo *echo = g_new0 (Echo, 1);

  fixture->n_accepted++;
  fixture->n_most = MAX (fixture->n_most, release_accept_loop_get_n_connections (loop));
  echo->fixture = fixture;
  echo->connection = g_object_ref (connection);
  echo->buffer = release_buffer_new (8);
  release_io_read_async (release_accept_connection_get_fd (connection), echo->buffer, 8, -1,
                         release_accept_connection_get_cancellable (connection),
                         echo_read_cb, echo);
  return TRUE;
}

static gboolean
failing_accepted_cb (ReleaseAcceptLoop       *loop,
                     ReleaseAcceptConnection *connection,
                     gpointer                 user_data)
{
  Fixture *fixture = user_data;

  return fixture->n_accepted++ % 2 == 0 ? FALSE : echo_accepted_cb (loop, connection, user_data);
}

static GLogWriterOutput
count_lines (GLogLevelFlags   level,
             const GLogField *fields,
             gsize            n_fields,
             gpointer         user_data)
{
  g_autofree char *text = g_log_writer_format_fields (level, fields, n_fields, FALSE);
  guint *n_lines = user_data;

  if (strstr (text, "Cannot accept connections at") != NULL)
    *n_lines += 1;
  return g_log_writer_default (level, fields, n_fields, NULL);
}

static guint n_log_lines = 0;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("release-accept-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "socket", NULL);
  fixture->address = g_unix_socket_address_new (fixture->path);
  fixture->loop = release_accept_loop_new (fixture->address, G_SOCKET_TYPE_STREAM);
  g_signal_connect (fixture->loop, "accepted", G_CALLBACK (echo_accepted_cb), fixture);
}

/* Neither a connection nor a file is left. */
static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  release_accept_loop_stop (fixture->loop);
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_finalize_object (fixture->loop);
  g_object_unref (fixture->address);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
start (ReleaseAcceptLoop *loop)
{
  g_autoptr(GError) error = NULL;

  release_accept_loop_start (loop, &error);
  g_assert_no_error (error);
}

static int
connect_to (GSocketAddress *address,
            int             type)
{
  struct sockaddr_storage native;
  int fd;

  g_assert_true (g_socket_address_to_native (address, &native, sizeof native, NULL));
  fd = socket (native.ss_family, type | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, (struct sockaddr *) &native, g_socket_address_get_native_size (address)) < 0)
    {
      close (fd);
      return -1;
    }

  return fd;
}

static void
say (int         fd,
     const char *text)
{
  g_assert_cmpint (send (fd, text, strlen (text), MSG_NOSIGNAL), ==, strlen (text));
}

static void
assert_echo (int fd)
{
  char answer[8];
  gssize n;

  while ((n = recv (fd, answer, sizeof answer, MSG_DONTWAIT)) < 0 && errno == EAGAIN)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpmem (answer, MAX (n, 0), "12345678", 8);
}

/* Lets the loop run until the other end has closed, and closes this one. */
static void
assert_closed (int fd)
{
  char answer[8];
  gssize n;

  while ((n = recv (fd, answer, sizeof answer, MSG_DONTWAIT)) < 0 && errno == EAGAIN)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (n, <=, 0);
  close (fd);
}

static void
test_accept_loop_addresses (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GInetAddress) ipv4 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GInetAddress) ipv6 = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  g_autofree char *name = g_strdup_printf ("release-accept-%d", getpid ());
  GSocketAddress *addresses[] = {
    g_object_ref (fixture->address),
    g_unix_socket_address_new_with_type (name, -1, G_UNIX_SOCKET_ADDRESS_ABSTRACT),
    g_inet_socket_address_new (ipv4, 0),
    g_inet_socket_address_new (ipv6, 0),
  };

  g_test_summary ("A path, an abstract name, IPv4 and IPv6 are listened at, and again");

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(ReleaseAcceptLoop) loop = release_accept_loop_new (addresses[i],
                                                                   G_SOCKET_TYPE_STREAM);
      g_autoptr(GError) error = NULL;

      g_signal_connect (loop, "accepted", G_CALLBACK (echo_accepted_cb), fixture);
      for (guint j = 0; j < 2; j++)
        {
          g_autoptr(GSocketAddress) local = NULL;
          int fd;

          if (!release_accept_loop_start (loop, &error) && i == 3)
            {
              g_test_message ("No IPv6 here: %s", error->message);
              break;
            }
          g_assert_no_error (error);
          local = release_accept_loop_get_local_address (loop, &error);
          g_assert_no_error (error);
          fd = connect_to (local, SOCK_STREAM);
          say (fd, "12345678");
          assert_echo (fd);
          assert_closed (fd);
          release_accept_loop_stop (loop);
          g_assert_null (release_accept_loop_get_local_address (loop, &error));
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
          g_clear_error (&error);
          g_assert_cmpint (connect_to (local, SOCK_STREAM), ==, -1);
        }
      g_object_unref (addresses[i]);
    }
}

static void
test_accept_loop_mode (Fixture       *fixture,
                       gconstpointer  data)
{
  struct stat st;

  g_test_summary ("The file of a socket has its mode, 0600 unless set, and is gone at the end");

  start (fixture->loop);
  g_assert_cmpint (g_lstat (fixture->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode, ==, S_IFSOCK | 0600);
  release_accept_loop_stop (fixture->loop);
  g_assert_cmpint (g_lstat (fixture->path, &st), ==, -1);

  g_object_set (fixture->loop, "mode", 0666, NULL);
  start (fixture->loop);
  g_assert_cmpint (g_lstat (fixture->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode, ==, S_IFSOCK | 0666);
}

static void
test_accept_loop_occupied (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(ReleaseAcceptLoop) second = release_accept_loop_new (fixture->address,
                                                                 G_SOCKET_TYPE_STREAM);
  g_autoptr(GError) error = NULL;
  struct sockaddr_storage native;
  int fd;

  g_test_summary ("A live socket is refused, a stale one replaced");

  start (fixture->loop);
  g_assert_false (release_accept_loop_start (second, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_clear_error (&error);
  fd = connect_to (fixture->address, SOCK_STREAM);
  say (fd, "12345678");
  assert_echo (fd);
  assert_closed (fd);
  release_accept_loop_stop (fixture->loop);

  /* Somebody without the lock, first alive, then dead. */
  g_assert_true (g_socket_address_to_native (fixture->address, &native, sizeof native, NULL));
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &native,
                         g_socket_address_get_native_size (fixture->address)), ==, 0);
  g_assert_cmpint (listen (fd, 1), ==, 0);
  g_assert_false (release_accept_loop_start (second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  close (fd);
  start (second);
}

static void
test_accept_loop_descriptor (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(ReleaseAcceptLoop) deaf = NULL;
  g_autoptr(ReleaseAcceptLoop) loop = NULL;
  g_autoptr(GError) error = NULL;
  struct sockaddr_storage native;
  int listening = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int fd;

  g_test_summary ("A listening descriptor is served, any other refused; its file stays");

  deaf = release_accept_loop_new_for_fd (dup (listening));
  g_assert_false (release_accept_loop_start (deaf, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  g_assert_true (g_socket_address_to_native (fixture->address, &native, sizeof native, NULL));
  g_assert_cmpint (bind (listening, (struct sockaddr *) &native,
                         g_socket_address_get_native_size (fixture->address)), ==, 0);
  g_assert_cmpint (listen (listening, 8), ==, 0);
  loop = release_accept_loop_new_for_fd (listening);
  g_signal_connect (loop, "accepted", G_CALLBACK (echo_accepted_cb), fixture);
  for (guint i = 0; i < 2; i++)
    {
      start (loop);
      fd = connect_to (fixture->address, SOCK_STREAM);
      say (fd, "12345678");
      assert_echo (fd);
      assert_closed (fd);
      release_accept_loop_stop (loop);
    }
  g_assert_finalize_object (g_steal_pointer (&loop));
  g_assert_cmpint (fcntl (listening, F_GETFD), ==, -1);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
}

static void
test_accept_loop_types (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(ReleaseAcceptLoop) packets = release_accept_loop_new (fixture->address,
                                                                  G_SOCKET_TYPE_SEQPACKET);
  g_autoptr(ReleaseAcceptLoop) datagrams = release_accept_loop_new (fixture->address,
                                                                    G_SOCKET_TYPE_DATAGRAM);
  g_autoptr(GError) error = NULL;
  int fd;

  g_test_summary ("Sequential packets do, datagrams do not");

  g_assert_false (release_accept_loop_start (datagrams, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_signal_connect (packets, "accepted", G_CALLBACK (echo_accepted_cb), fixture);
  start (packets);
  fd = connect_to (fixture->address, SOCK_SEQPACKET);
  say (fd, "12345678");
  assert_echo (fd);
  assert_closed (fd);
}

static void
test_accept_loop_side_by_side (Fixture       *fixture,
                               gconstpointer  data)
{
  int fds[N_CLIENTS];

  g_test_summary ("Connections are served side by side: the first to speak is the last to connect");

  start (fixture->loop);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      fds[i] = connect_to (fixture->address, SOCK_STREAM);
      g_assert_cmpint (fds[i], >=, 0);
      say (fds[i], "1234");
    }
  for (guint i = N_CLIENTS; i-- > 0;)
    {
      say (fds[i], "5678");
      assert_echo (fds[i]);
      assert_closed (fds[i]);
    }
  g_assert_cmpuint (fixture->n_most, >, N_CLIENTS / 2);
  g_assert_cmpuint (release_accept_loop_get_n_connections (fixture->loop), ==, 0);
}

static void
test_accept_loop_timeout (Fixture       *fixture,
                          gconstpointer  data)
{
  int silent, dripping, honest;
  gint64 deadline;

  g_test_summary ("Who says nothing, or a byte now and then, is cut off; others are served");

  g_object_set (fixture->loop, "timeout", 100, NULL);
  start (fixture->loop);
  silent = connect_to (fixture->address, SOCK_STREAM);
  dripping = connect_to (fixture->address, SOCK_STREAM);
  honest = connect_to (fixture->address, SOCK_STREAM);
  say (honest, "12345678");
  assert_echo (honest);
  assert_closed (honest);

  /* As slowly as it wants: the time of the connection does not begin anew. */
  deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  while (send (dripping, ".", 1, MSG_NOSIGNAL) == 1)
    {
      gint64 next = g_get_monotonic_time () + 30 * 1000;

      while (g_get_monotonic_time () < next)
        g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (next, <, deadline);
    }
  assert_closed (silent);
  close (dripping);
  while (release_accept_loop_get_n_connections (fixture->loop) > 0 || fixture->n_cancelled < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_cancelled, ==, 2);
  g_assert_cmpuint (fixture->n_echoed, ==, 1);
}

static void
test_accept_loop_max_connections (Fixture       *fixture,
                                  gconstpointer  data)
{
  int fds[N_CLIENTS];

  g_test_summary ("At most so many are open at once; who waits is served when there is a place");

  g_object_set (fixture->loop, "max-connections", 3, NULL);
  start (fixture->loop);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      fds[i] = connect_to (fixture->address, SOCK_STREAM);
      g_assert_cmpint (fds[i], >=, 0);
    }
  while (fixture->n_accepted < 3)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (fixture->n_accepted, ==, 3);

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      say (fds[i], "12345678");
      assert_echo (fds[i]);
      assert_closed (fds[i]);
    }
  g_assert_cmpuint (fixture->n_most, ==, 3);
  g_assert_cmpuint (fixture->n_accepted, ==, N_CLIENTS);
}

static guint
count_descriptors (void)
{
  g_autoptr(GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;

  return n - 1;
}

static void
test_accept_loop_flood (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "io", "flood.py", NULL);
  g_autofree char *count = g_strdup_printf ("%d", FLOOD);
  g_autoptr(GSubprocess) flood = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autoptr(GError) error = NULL;
  struct rlimit old, low;
  clock_t before;
  int honest;

  g_test_summary ("A flood takes all descriptors: one log line, no spinning, service afterwards");

  if (strstr (g_getenv ("LD_PRELOAD") != NULL ? g_getenv ("LD_PRELOAD") : "", "vgpreload") != NULL)
    {
      g_test_skip ("valgrind accepts a connection and closes it where the system lets it wait");
      return;
    }

  g_object_set (fixture->loop, "backlog", 2 * FLOOD, NULL);
  start (fixture->loop);
  flood = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                            g_getenv ("PYTHON"), script, fixture->path, count, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (flood));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, count);

  honest = connect_to (fixture->address, SOCK_STREAM);
  g_assert_cmpint (honest, >=, 0);
  say (honest, "12345678");
  n_log_lines = 0;
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &old), ==, 0);
  low = old;
  low.rlim_cur = count_descriptors () + SPARE_FDS;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);

  while (n_log_lines == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_accepted, <, FLOOD);
  before = clock ();
  for (gint64 end = g_get_monotonic_time () + 500 * 1000; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (clock () - before, <, CLOCKS_PER_SEC / 5);

  /* The flood ends, and so does the trouble: all who waited have their turn. */
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (flood), NULL, NULL));
  assert_echo (honest);
  assert_closed (honest);
  g_assert_cmpuint (fixture->n_accepted, ==, FLOOD + 1);
  g_assert_cmpuint (n_log_lines, ==, 1);
  g_assert_true (g_subprocess_wait_check (flood, NULL, &error));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &old), ==, 0);
}

static void
test_accept_loop_failing (Fixture       *fixture,
                          gconstpointer  data)
{
  int fds[4];

  g_test_summary ("A handler that does not take its connection ends that one alone");

  g_signal_handlers_disconnect_by_func (fixture->loop, echo_accepted_cb, fixture);
  g_signal_connect (fixture->loop, "accepted", G_CALLBACK (failing_accepted_cb), fixture);
  start (fixture->loop);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = connect_to (fixture->address, SOCK_STREAM);
      assert_closed (fds[i]);
      fds[i] = connect_to (fixture->address, SOCK_STREAM);
      say (fds[i], "12345678");
      assert_echo (fds[i]);
      assert_closed (fds[i]);
      /* The counter goes on by two for a connection that is served. */
      fixture->n_accepted = 0;
    }
  g_assert_cmpuint (fixture->n_echoed, ==, G_N_ELEMENTS (fds));
}

static gboolean
keep_accepted_cb (ReleaseAcceptLoop       *loop,
                  ReleaseAcceptConnection *connection,
                  gpointer                 user_data)
{
  *(ReleaseAcceptConnection **) user_data = g_object_ref (connection);
  return TRUE;
}

static void
test_accept_loop_connection (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(ReleaseAcceptConnection) connection = NULL;
  g_autoptr(GSocketAddress) remote = NULL;
  g_autoptr(GCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable;
  int client, stolen;

  g_test_summary ("A connection knows its client, ends with its last reference, can be stolen");

  g_signal_handlers_disconnect_by_func (fixture->loop, echo_accepted_cb, fixture);
  g_signal_connect (fixture->loop, "accepted", G_CALLBACK (keep_accepted_cb), &connection);
  start (fixture->loop);
  client = connect_to (fixture->address, SOCK_STREAM);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (fcntl (release_accept_connection_get_fd (connection), F_GETFD), ==, FD_CLOEXEC);
  credentials = release_accept_connection_get_credentials (connection, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_credentials_get_unix_pid (credentials, NULL), ==, getpid ());
  remote = release_accept_connection_get_remote_address (connection, &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_UNIX_SOCKET_ADDRESS (remote));
  g_assert_finalize_object (g_steal_pointer (&connection));
  assert_closed (client);
  g_assert_cmpuint (release_accept_loop_get_n_connections (fixture->loop), ==, 0);

  client = connect_to (fixture->address, SOCK_STREAM);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  stolen = release_accept_connection_steal_fd (connection);
  g_assert_cmpint (release_accept_connection_get_fd (connection), ==, -1);
  g_assert_cmpuint (release_accept_loop_get_n_connections (fixture->loop), ==, 1);
  release_accept_connection_close (connection);
  g_assert_cmpuint (release_accept_loop_get_n_connections (fixture->loop), ==, 0);
  g_assert_true (release_accept_connection_is_closed (connection));
  cancellable = release_accept_connection_get_cancellable (connection);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  say (stolen, "12345678");
  assert_echo (client);
  close (stolen);
  assert_closed (client);
}

static void
store_result_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_accept_loop_graceful (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autoptr(GError) error = NULL;
  int client;

  g_test_summary ("A graceful stop accepts no more, and waits for what is under way");

  start (fixture->loop);
  client = connect_to (fixture->address, SOCK_STREAM);
  say (client, "1234");
  while (fixture->n_accepted == 0)
    g_main_context_iteration (NULL, TRUE);

  release_accept_loop_stop_async (fixture->loop, 60000, NULL, store_result_cb, &result);
  g_assert_cmpint (connect_to (fixture->address, SOCK_STREAM), ==, -1);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_false (release_accept_loop_start (fixture->loop, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  release_accept_loop_stop_async (fixture->loop, 60000, NULL, store_result_cb, &second);
  while (second == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (release_accept_loop_stop_finish (fixture->loop, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  g_assert_null (result);

  say (client, "5678");
  assert_echo (client);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (release_accept_loop_stop_finish (fixture->loop, result, &error));
  g_assert_no_error (error);
  assert_closed (client);
  g_assert_cmpuint (fixture->n_echoed, ==, 1);
}

static void
test_accept_loop_graceful_deadline (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) cancelled = NULL;
  g_autoptr(GAsyncResult) late = NULL;
  g_autoptr(GError) error = NULL;
  int client;

  g_test_summary ("The deadline of a stop cuts off who is not done; a cancelled stop cuts nobody");

  start (fixture->loop);
  client = connect_to (fixture->address, SOCK_STREAM);
  while (fixture->n_accepted == 0)
    g_main_context_iteration (NULL, TRUE);

  release_accept_loop_stop_async (fixture->loop, -1, cancellable, store_result_cb, &cancelled);
  g_cancellable_cancel (cancellable);
  while (cancelled == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (release_accept_loop_stop_finish (fixture->loop, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (release_accept_loop_get_n_connections (fixture->loop), ==, 1);

  release_accept_loop_stop_async (fixture->loop, 20, NULL, store_result_cb, &late);
  while (late == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (release_accept_loop_stop_finish (fixture->loop, late, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_closed (client);
  while (fixture->n_cancelled == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
add (const char  *path,
     void       (*func) (Fixture *, gconstpointer))
{
  g_autofree char *full = g_strconcat ("/accept-loop/", path, NULL);

  g_test_add (full, Fixture, NULL, fixture_set_up, func, fixture_tear_down);
}

/* A TCP socket whose close () takes more than any test's time, until *@peer is closed. */
static int
make_lingering (int *peer)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;
  struct sockaddr_storage native = { 0 };
  socklen_t length = sizeof native;
  struct linger linger = { .l_onoff = 1, .l_linger = 3600 };
  guint8 bytes[4096] = { 0 };
  int listening = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int fd;

  g_assert_true (g_socket_address_to_native (any_port, &native, sizeof native, NULL));
  g_assert_cmpint (bind (listening, (struct sockaddr *) &native,
                         g_socket_address_get_native_size (any_port)), ==, 0);
  g_assert_cmpint (listen (listening, 1), ==, 0);
  g_assert_cmpint (getsockname (listening, (struct sockaddr *) &native, &length), ==, 0);
  address = g_socket_address_new_from_native (&native, length);
  fd = connect_to (address, SOCK_STREAM);
  *peer = accept4 (listening, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (*peer, >=, 0);
  close (listening);

  while (send (fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0);
  g_assert_cmpint (setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), ==, 0);
  return fd;
}

/* Sends @text, and with it the last reference to @fd. */
static void
say_with (int         to,
          const char *text,
          int         fd)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);

  g_assert_true (release_buffer_append_string (buffer, text, NULL));
  g_assert_true (release_io_send_fds (to, buffer, fds, -1, NULL, NULL));
}

static void
test_accept_loop_lingering (Fixture       *fixture,
                            gconstpointer  data)
{
  int talker, mute, honest;
  int peers[2];

  g_test_summary ("Sockets that a client sends along, whose close takes for ever, delay nobody");

  start (fixture->loop);
  talker = connect_to (fixture->address, SOCK_STREAM);
  say_with (talker, "12345678", make_lingering (&peers[0]));
  assert_echo (talker);

  /* This one is cut off before its second message is read. */
  mute = connect_to (fixture->address, SOCK_STREAM);
  say (mute, "12345678");
  say_with (mute, "unread", make_lingering (&peers[1]));
  assert_echo (mute);
  assert_closed (mute);

  honest = connect_to (fixture->address, SOCK_STREAM);
  say (honest, "12345678");
  assert_echo (honest);
  assert_closed (honest);
  assert_closed (talker);

  /* A peer that resets the connection ends the wait of whoever is closing it. */
  close (peers[0]);
  close (peers[1]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_lines, &n_log_lines, NULL);
  add ("addresses", test_accept_loop_addresses);
  add ("mode", test_accept_loop_mode);
  add ("live-refused-stale-replaced", test_accept_loop_occupied);
  add ("descriptor", test_accept_loop_descriptor);
  add ("socket-types", test_accept_loop_types);
  add ("side-by-side", test_accept_loop_side_by_side);
  add ("timeout", test_accept_loop_timeout);
  add ("max-connections", test_accept_loop_max_connections);
  add ("flood", test_accept_loop_flood);
  add ("failing-handler", test_accept_loop_failing);
  add ("connection", test_accept_loop_connection);
  add ("lingering-descriptors", test_accept_loop_lingering);
  add ("graceful-stop", test_accept_loop_graceful);
  add ("graceful-deadline", test_accept_loop_graceful_deadline);

  return g_test_run ();
}
