/* release-bench/echo/release-sync.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/echo/release.h"

void
serve_sync (Echo *echo,
            int   fd,
            int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  for (;;)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) request = NULL;

      request = release_ipc_channel_read (channel, NO_TIMEOUT, NULL, &error);
      if (g_error_matches (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED))
        return;
      if (request == NULL ||
          !release_ipc_channel_write (channel, request, NO_TIMEOUT, NULL, &error))
        echo_fail ("%s", error->message);
    }
}

void
ask_sync (Echo *echo,
          int   fd,
          int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);
  EchoSlot *slot = echo_get_only_slot (echo);

  while (echo_ask (slot))
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) request = g_bytes_new_static (slot->payload, echo->size);
      g_autoptr(GBytes) response = NULL;

      response = release_ipc_channel_call_bytes (channel, request, NO_TIMEOUT, NULL, &error);
      if (response == NULL)
        echo_fail ("%s", error->message);
      echo_answer (slot, g_bytes_get_data (response, NULL), g_bytes_get_size (response));
    }
  release_ipc_channel_close (channel);
}
