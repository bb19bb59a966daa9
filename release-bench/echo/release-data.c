/* release-bench/echo/release-data.c
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
  gconstpointer data;
  gsize length;

  data = release_ipc_invocation_get_data (invocation, &length);
  if (!release_ipc_invocation_return_data (invocation, data, length, &error))
    echo_fail ("%s", error->message);
  return TRUE;
}

void
serve_data (Echo *echo,
            int   fd,
            int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  release_ipc_channel_serve (channel, served_cb, NULL, NULL);
  serve_until_closed (channel);
}

static void
answered_cb (ReleaseIpcChannel *channel,
             gconstpointer      data,
             gsize              length,
             const GError      *error,
             gpointer           user_data)
{
  EchoSlot *slot = user_data;

  if (error != NULL)
    echo_fail ("%s", error->message);
  echo_answer (slot, data, length);
  if (echo_ask (slot))
    release_ipc_channel_call_data (channel, slot->payload, slot->echo->size, NO_TIMEOUT, NULL,
                                   answered_cb, slot);
}

void
ask_data (Echo *echo,
          int   fd,
          int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  for (guint i = 0; i < echo->in_flight && echo_ask (&echo->slots[i]); i++)
    release_ipc_channel_call_data (channel, echo->slots[i].payload, echo->size, NO_TIMEOUT, NULL,
                                   answered_cb, &echo->slots[i]);
  ask_until_over (channel, echo);
}

static void
ask_for_bytes (ReleaseIpcChannel  *channel,
               EchoSlot           *slot,
               ReleaseIpcDataFunc  callback)
{
  g_autoptr(GBytes) request = g_bytes_new_static (slot->payload, slot->echo->size);

  release_ipc_channel_call_bytes_func (channel, request, NO_TIMEOUT, NULL, callback, slot);
}

static void
answered_bytes_cb (ReleaseIpcChannel *channel,
                   gconstpointer      data,
                   gsize              length,
                   const GError      *error,
                   gpointer           user_data)
{
  EchoSlot *slot = user_data;

  if (error != NULL)
    echo_fail ("%s", error->message);
  echo_answer (slot, data, length);
  if (echo_ask (slot))
    ask_for_bytes (channel, slot, answered_bytes_cb);
}

void
ask_bytes_func (Echo *echo,
                int   fd,
                int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  for (guint i = 0; i < echo->in_flight && echo_ask (&echo->slots[i]); i++)
    ask_for_bytes (channel, &echo->slots[i], answered_bytes_cb);
  ask_until_over (channel, echo);
}
