/* examples/demo/demo-helper.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <release/release.h>

/* Serves a control socket of its own, which the master has opened for it, and logs broadcasts. */

static gboolean
on_request (ReleaseIpcServer     *server,
            ReleaseIpcInvocation *invocation,
            gpointer              user_data)
{
  g_autofree char *answer = g_ascii_strup (release_ipc_invocation_get_string (invocation), -1);

  return release_ipc_invocation_return_string (invocation, answer, NULL);
}

static void
on_event (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          gpointer           user_data)
{
  g_message ("Broadcast received: %s", release_ipc_message_get_string (message));
}

static void
on_main (ReleaseSlave *slave,
         gpointer      user_data)
{
  ReleaseIpcServer **server = user_data;
  g_autoptr(GError) error = NULL;
  int fd = release_slave_steal_fd (slave, "control");

  g_signal_connect (release_slave_get_channel (slave), "event", G_CALLBACK (on_event), NULL);
  if (fd < 0)
    return;

  *server = release_ipc_server_new_for_fd (fd, release_ipc_string_codec_get_default ());
  g_signal_connect (*server, "request", G_CALLBACK (on_request), NULL);
  if (!release_ipc_server_start (*server, &error))
    g_warning ("%s", error->message);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(ReleaseSlave) slave = NULL;
  g_autoptr(ReleaseIpcServer) server = NULL;

  g_set_prgname ("demo-helper");
  slave = release_slave_new (NULL, release_ipc_string_codec_get_default ());
  g_signal_connect (slave, "main", G_CALLBACK (on_main), &server);

  return release_slave_run (slave);
}
