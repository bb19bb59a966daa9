/* release-bench/echo/release-channel.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/echo/release.h"

ReleaseIpcChannel *
new_channel (Echo *echo,
             int   fd,
             int   style)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel = release_ipc_channel_new (fd, style, NULL, &error);
  gsize needed = 2 * echo->in_flight * echo->size;

  if (channel == NULL)
    echo_fail ("%s", error->message);

  /* Large requests, many in flight, are more than a channel queues unless told to. */
  if (release_ipc_channel_get_max_queue_size (channel) < needed)
    release_ipc_channel_set_max_queue_size (channel, needed);

  return channel;
}

void
serve_until_closed (ReleaseIpcChannel *channel)
{
  while (!release_ipc_channel_is_closed (channel))
    g_main_context_iteration (NULL, TRUE);
}

void
ask_until_over (ReleaseIpcChannel *channel,
                Echo              *echo)
{
  while (!echo_is_over (echo))
    g_main_context_iteration (NULL, TRUE);
  release_ipc_channel_close (channel);
}
