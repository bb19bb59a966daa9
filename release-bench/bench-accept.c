/* release-bench/bench-accept.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Connections that another process makes as fast as it can, accepted and closed.
 */

#include "config.h"

#include "release-bench/bench.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONNECTIONS_PER_TURN 200
#define BACKLOG 128

static guint n_accepted = 0;

/* Without a file: there is nothing to remove. */
static GSocketAddress *
make_address (void)
{
  g_autofree char *name = g_strdup_printf ("release-bench-%d", getpid ());

  return g_unix_socket_address_new_with_type (name, -1, G_UNIX_SOCKET_ADDRESS_ABSTRACT);
}

/* A process that connects until it is killed. */
static pid_t
start_client (GSocketAddress *address)
{
  struct sockaddr_storage native;
  socklen_t size = g_socket_address_get_native_size (address);
  pid_t pid;

  g_assert_true (g_socket_address_to_native (address, &native, sizeof native, NULL));
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid > 0)
    return pid;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  for (;;)
    {
      int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

      if (fd < 0 || connect (fd, (struct sockaddr *) &native, size) < 0)
        _exit (0);
      close (fd);
    }
}

static void
stop_client (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

static guint64
run_main_loop (GSocketAddress *address,
               guint           n_turns)
{
  pid_t client = start_client (address);

  while (n_accepted == 0)
    g_main_context_iteration (NULL, TRUE);
  n_accepted = 0;
  bench_begin ();
  while (n_accepted < n_turns * CONNECTIONS_PER_TURN)
    g_main_context_iteration (NULL, TRUE);
  stop_client (client);

  return n_accepted;
}

static gboolean
accepted_cb (ReleaseAcceptLoop       *loop,
             ReleaseAcceptConnection *connection,
             gpointer                 user_data)
{
  n_accepted++;
  release_accept_connection_close (connection);
  return TRUE;
}

static guint64
accept_release (guint n_turns)
{
  g_autoptr(GSocketAddress) address = make_address ();
  g_autoptr(ReleaseAcceptLoop) loop = release_accept_loop_new (address, G_SOCKET_TYPE_STREAM);
  g_autoptr(GError) error = NULL;

  n_accepted = 0;
  g_signal_connect (loop, "accepted", G_CALLBACK (accepted_cb), NULL);
  release_accept_loop_start (loop, &error);
  g_assert_no_error (error);
  return run_main_loop (address, n_turns);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source_object,
             gpointer           user_data)
{
  n_accepted++;
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  return TRUE;
}

static guint64
accept_service (guint n_turns)
{
  g_autoptr(GSocketAddress) address = make_address ();
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(GError) error = NULL;
  guint64 done;

  n_accepted = 0;
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (service), BACKLOG);
  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), NULL);
  g_socket_service_start (service);
  done = run_main_loop (address, n_turns);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  return done;
}

static guint64
accept_bare (guint n_turns)
{
  g_autoptr(GSocketAddress) address = make_address ();
  int listening = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_storage native;
  pid_t client;

  g_assert_true (g_socket_address_to_native (address, &native, sizeof native, NULL));
  g_assert_cmpint (bind (listening, (struct sockaddr *) &native,
                         g_socket_address_get_native_size (address)), ==, 0);
  g_assert_cmpint (listen (listening, BACKLOG), ==, 0);
  client = start_client (address);
  close (accept4 (listening, NULL, NULL, SOCK_CLOEXEC));
  bench_begin ();
  for (guint i = 0; i < n_turns * CONNECTIONS_PER_TURN; i++)
    close (accept4 (listening, NULL, NULL, SOCK_CLOEXEC));
  stop_client (client);
  close (listening);

  return (guint64) n_turns * CONNECTIONS_PER_TURN;
}

void
bench_accept (void)
{
  static const BenchContender contenders[] = {
    { "ReleaseAcceptLoop", accept_release },
    { "GSocketService", accept_service },
    { "bare accept4 loop", accept_bare },
  };

  bench_run ("accept and close", "conn/s", 100, contenders, G_N_ELEMENTS (contenders));
}
