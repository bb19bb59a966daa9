/* release-bench/echo/release-bytes.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/echo/release.h"

static gboolean
served_cb (ReleaseIpcChannel    *channel,
           ReleaseIpcInvocation *invocation,
           gpointer              user_data)
{
  g_autoptr(GError) error = NULL;

  if (!release_ipc_invocation_return_bytes (invocation,
                                            release_ipc_invocation_get_bytes (invocation), &error))
    echo_fail ("%s", error->message);
  return TRUE;
}

void
serve_bytes (Echo *echo,
             int   fd,
             int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  release_ipc_channel_serve (channel, served_cb, NULL, NULL);
  serve_until_closed (channel);
}

static void ask_with (ReleaseIpcChannel *channel,
                      EchoSlot          *slot);

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  ReleaseIpcChannel *channel = RELEASE_IPC_CHANNEL (source);
  EchoSlot *slot = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) response = NULL;

  response = release_ipc_channel_call_bytes_finish (channel, result, &error);
  if (response == NULL)
    echo_fail ("%s", error->message);
  echo_answer (slot, g_bytes_get_data (response, NULL), g_bytes_get_size (response));
  ask_with (channel, slot);
}

/* The slot lives until the answer is there, so nothing need be copied. */
static void
ask_with (ReleaseIpcChannel *channel,
          EchoSlot          *slot)
{
  g_autoptr(GBytes) request = NULL;

  if (!echo_ask (slot))
    return;

  request = g_bytes_new_static (slot->payload, slot->echo->size);
  release_ipc_channel_call_bytes_async (channel, request, NO_TIMEOUT, NULL, answered_cb, slot);
}

void
ask_bytes (Echo *echo,
           int   fd,
           int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  for (guint i = 0; i < echo->in_flight; i++)
    ask_with (channel, &echo->slots[i]);
  ask_until_over (channel, echo);
}
