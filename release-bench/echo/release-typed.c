/* release-bench/echo/release-typed.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A message is a block of memory of its own, and its conversions copy it, as those of a program
 * would do that reads and writes fields.
 */

#include "config.h"

#include "release-bench/echo/release.h"

#include <string.h>

typedef struct
{
  gsize   length;
  guint8  data[];
} Block;

static Block *
block_new (gconstpointer data,
           gsize         length)
{
  Block *block = g_malloc (sizeof *block + length);

  block->length = length;
  memcpy (block->data, data, length);
  return block;
}

static GBytes *
block_to_bytes (const Block  *block,
                GError      **error)
{
  return g_bytes_new (block->data, block->length);
}

static Block *
block_from_bytes (GBytes  *bytes,
                  GError **error)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  if (length < ECHO_SIZE_MIN)
    {
      g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC, "Too short a block");
      return NULL;
    }

  return block_new (data, length);
}

static void
block_free (Block *block)
{
  g_free (block);
}

RELEASE_DECLARE_IPC_PROTOCOL (BlockIpc, block_ipc, Block, Block)
RELEASE_DEFINE_IPC_PROTOCOL (BlockIpc, block_ipc, Block, Block,
                             block_to_bytes, block_from_bytes, block_free,
                             block_to_bytes, block_from_bytes, block_free)

static void
served_cb (BlockIpcInvocation *invocation,
           const Block        *request,
           gpointer            user_data)
{
  g_autoptr(GError) error = NULL;

  if (!block_ipc_return (invocation, request, &error))
    echo_fail ("%s", error->message);
}

void
serve_typed (Echo *echo,
             int   fd,
             int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  block_ipc_serve (channel, served_cb, NULL, NULL);
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
  Block *response = block_ipc_call_finish (channel, result, &error);

  if (response == NULL)
    echo_fail ("%s", error->message);
  echo_answer (slot, response->data, response->length);
  block_free (response);
  ask_with (channel, slot);
}

static void
ask_with (ReleaseIpcChannel *channel,
          EchoSlot          *slot)
{
  Block *request;

  if (!echo_ask (slot))
    return;

  request = block_new (slot->payload, slot->echo->size);
  block_ipc_call_async (channel, request, NO_TIMEOUT, NULL, answered_cb, slot);
  block_free (request);
}

void
ask_typed (Echo *echo,
           int   fd,
           int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  for (guint i = 0; i < echo->in_flight; i++)
    ask_with (channel, &echo->slots[i]);
  ask_until_over (channel, echo);
}

static void lean_ask_with (ReleaseIpcChannel *channel,
                           EchoSlot          *slot);

static void
lean_answered_cb (ReleaseIpcChannel *channel,
                  const Block       *response,
                  const GError      *error,
                  gpointer           user_data)
{
  EchoSlot *slot = user_data;

  if (response == NULL)
    echo_fail ("%s", error->message);
  echo_answer (slot, response->data, response->length);
  lean_ask_with (channel, slot);
}

static void
lean_ask_with (ReleaseIpcChannel *channel,
               EchoSlot          *slot)
{
  Block *request;

  if (!echo_ask (slot))
    return;

  request = block_new (slot->payload, slot->echo->size);
  block_ipc_call_func (channel, request, NO_TIMEOUT, NULL, lean_answered_cb, slot);
  block_free (request);
}

void
ask_typed_lean (Echo *echo,
                int   fd,
                int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);

  for (guint i = 0; i < echo->in_flight; i++)
    lean_ask_with (channel, &echo->slots[i]);
  ask_until_over (channel, echo);
}

void
ask_typed_sync (Echo *echo,
                int   fd,
                int   style)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (echo, fd, style);
  EchoSlot *slot = echo_get_only_slot (echo);

  while (echo_ask (slot))
    {
      g_autoptr(GError) error = NULL;
      Block *request = block_new (slot->payload, echo->size);
      Block *response = block_ipc_call (channel, request, NO_TIMEOUT, NULL, &error);

      if (response == NULL)
        echo_fail ("%s", error->message);
      echo_answer (slot, response->data, response->length);
      block_free (response);
      block_free (request);
    }
  release_ipc_channel_close (channel);
}
