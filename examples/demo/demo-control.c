/* examples/demo/demo-control.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <release/release.h>

#include <gio/gunixsocketaddress.h>
#include <unistd.h>

/* Sends one request to a control socket and prints the answer. */

#define TIMEOUT_MSEC 5000

static ReleaseIpcChannel *
connect_to (const char  *path,
            GError     **error)
{
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(ReleaseIpcChannel) channel = NULL;
  int fd;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                         error);
  if (socket == NULL || !g_socket_connect (socket, address, NULL, error))
    return NULL;

  /* The socket object closes its descriptor, and so does the channel. */
  fd = dup (g_socket_get_fd (socket));
  channel = release_ipc_channel_new (fd, RELEASE_IPC_FRAMING_PLAIN,
                                     release_ipc_string_codec_get_default (), error);
  return g_steal_pointer (&channel);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(ReleaseIpcChannel) channel = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;

  if (argc != 3)
    {
      g_printerr ("Usage: %s SOCKET REQUEST\n", argv[0]);
      return 64;
    }

  channel = connect_to (argv[1], &error);
  if (channel != NULL)
    answer = release_ipc_channel_call_string (channel, argv[2], TIMEOUT_MSEC, NULL, &error);
  if (answer == NULL)
    {
      g_printerr ("%s: %s\n", argv[1], error->message);
      return 1;
    }

  g_print ("%s\n", answer);
  return 0;
}
