/* release-bench/process/memory.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an idle connection keeps of its process's memory: how much the resident set grows by many
 * of them, after some that paid for what they share.
 */

#include "config.h"

#include "release-bench/echo/echo.h"
#include "release-bench/process/crew.h"

#include <errno.h>
#include <gio/gunixconnection.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_FIRST_SLAVES 10

static gsize
resident_bytes (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  gulong pages;

  echo_check (file != NULL);
  echo_check (fscanf (file, "%*u %lu", &pages) == 1);
  fclose (file);

  return pages * sysconf (_SC_PAGESIZE);
}


static GObject *
connect_channel (int               fd,
                 ReleaseIpcFraming framing)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel = release_ipc_channel_new (fd, framing, NULL, &error);

  if (channel == NULL)
    echo_fail ("%s", error->message);

  return G_OBJECT (channel);
}

static gboolean
served_cb (ReleaseIpcChannel    *channel,
           ReleaseIpcInvocation *invocation,
           gpointer              user_data)
{
  gsize length;
  gconstpointer data = release_ipc_invocation_get_data (invocation, &length);

  return release_ipc_invocation_return_data (invocation, data, length, NULL);
}

static void
answered_cb (ReleaseIpcChannel *channel,
             gconstpointer      data,
             gsize              length,
             const GError      *error,
             gpointer           user_data)
{
  guint *n_answered = user_data;

  if (error != NULL)
    echo_fail ("%s", error->message);
  (*n_answered)++;
}

/* Channels that have been used once. */
static void
add_channels (GPtrArray         *ends,
              guint              n,
              ReleaseIpcFraming  framing)
{
  guint n_answered = 0;

  for (guint i = 0; i < n; i++)
    {
      GObject *asker, *server;
      int fds[2];

      echo_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
      asker = connect_channel (fds[0], framing);
      server = connect_channel (fds[1], framing);
      g_ptr_array_add (ends, asker);
      g_ptr_array_add (ends, server);
      release_ipc_channel_serve (RELEASE_IPC_CHANNEL (server), served_cb, NULL, NULL);
      release_ipc_channel_call_data (RELEASE_IPC_CHANNEL (asker), "x", 1, -1, NULL, answered_cb,
                                     &n_answered);
    }
  while (n_answered < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
add_plain (GPtrArray *ends,
           guint      n)
{
  add_channels (ends, n, RELEASE_IPC_FRAMING_PLAIN);
}

static void
add_multiplexed (GPtrArray *ends,
                 guint      n)
{
  add_channels (ends, n, RELEASE_IPC_FRAMING_MULTIPLEXED);
}

static GObject *
connect_stream (int fd)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) bare = g_socket_new_from_fd (fd, &error);

  if (bare == NULL)
    echo_fail ("%s", error->message);

  return G_OBJECT (g_socket_connection_factory_create_connection (bare));
}

/* With nothing but the read that is always under way. */
static void
add_streams (GPtrArray *ends,
             guint      n)
{
  static char byte;

  for (guint i = 0; i < n; i++)
    {
      int fds[2];

      echo_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
      for (guint j = 0; j < 2; j++)
        {
          GObject *stream = connect_stream (fds[j]);

          g_ptr_array_add (ends, stream);
          g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (stream)), &byte, 1,
                                     G_PRIORITY_DEFAULT, NULL, NULL, NULL);
        }
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GPtrArray *ends = user_data;
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_finish (result, &error);

  if (connection == NULL)
    echo_fail ("%s", error->message);
  g_ptr_array_add (ends, connection);
}

static void
add_gdbus (GPtrArray *ends,
           guint      n)
{
  guint wanted = ends->len + 2 * n;
  g_autofree char *guid = g_dbus_generate_guid ();

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GIOStream) client = NULL;
      g_autoptr(GIOStream) server = NULL;
      int fds[2];

      echo_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
      client = G_IO_STREAM (connect_stream (fds[0]));
      server = G_IO_STREAM (connect_stream (fds[1]));
      g_dbus_connection_new (server, guid, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER, NULL,
                             NULL, connected_cb, ends);
      g_dbus_connection_new (client, NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                             NULL, connected_cb, ends);
    }
  while (ends->len < wanted)
    g_main_context_iteration (NULL, TRUE);
}

static const struct
{
  const char  *name;
  void       (*add) (GPtrArray *ends, guint n);
} contenders[] = {
  { "streams", add_streams },
  { "gdbus", add_gdbus },
  { "plain", add_plain },
  { "multiplexed", add_multiplexed },
};

static gsize
measure_slaves (const char *program,
                guint       n)
{
  Crew first, crew;
  gsize before, after;

  crew_init (&first, program, N_FIRST_SLAVES);
  crew_start (&first);
  before = resident_bytes ();
  crew_init (&crew, program, n);
  crew_start (&crew);
  after = resident_bytes ();
  crew_clear (&crew);
  crew_clear (&first);

  return (after - before) / n;
}

static gsize
measure_ends (const char *name,
              guint       n)
{
  g_autoptr(GPtrArray) ends = g_ptr_array_new ();
  gsize before;

  for (guint i = 0; i < G_N_ELEMENTS (contenders); i++)
    if (g_str_equal (contenders[i].name, name))
      {
        contenders[i].add (ends, n / 10 + 1);
        before = resident_bytes ();
        contenders[i].add (ends, n);
        return (resident_bytes () - before) / (2 * n);
      }

  echo_fail ("There is no %s", name);
}

int
main (int    argc,
      char **argv)
{
  struct rlimit limit;
  gsize bytes;
  guint n;

  if (argc != 4)
    echo_fail ("Usage: %s CONTENDER SLAVE N", argv[0]);
  n = atoi (argv[3]);

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  echo_check (getrlimit (RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  echo_check (setrlimit (RLIMIT_NOFILE, &limit) == 0);

  bytes = g_str_equal (argv[1], "slave") ? measure_slaves (argv[2], n) : measure_ends (argv[1], n);
  printf ("{\"contender\": \"%s\", \"n\": %u, \"kibibytes\": %.2f}\n", argv[1], n, bytes / 1024.0);

  /* What is open ends with the process. */
  _exit (fflush (stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}
