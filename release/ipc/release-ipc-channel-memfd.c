/* release/ipc/release-ipc-channel-memfd.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/ipc/release-ipc-payload.h"

/* What a channel accepts of payloads that travel as descriptors. */

/* Whether the socket can carry descriptors at all: on others they would be lost without a word. */
gboolean
release_ipc_channel_can_pass (ReleaseIpcChannel *self)
{
  int domain = AF_UNSPEC;
  socklen_t length = sizeof domain;

  return self->framing == RELEASE_IPC_FRAMING_MULTIPLEXED &&
         getsockopt (self->fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX;
}

/* Whether the peer is told that it may send descriptors. */
gboolean
release_ipc_channel_takes_memfds (ReleaseIpcChannel *self)
{
  return release_ipc_channel_can_pass (self) && self->memfds.max_n > 0 &&
         self->max_message_size >= RELEASE_IPC_PAYLOAD_MEMFD_MIN + RELEASE_IPC_ENVELOPE_SIZE;
}

/**
 * release_ipc_channel_get_max_memfds:
 * @self: a #ReleaseIpcChannel
 *
 * Gets #ReleaseIpcChannel:max-memfds.
 *
 * Returns: a number of payloads
 *
 * Since: 0.1
 */
guint
release_ipc_channel_get_max_memfds (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), 0);

  return self->memfds.max_n;
}

/**
 * release_ipc_channel_set_max_memfds:
 * @self: a #ReleaseIpcChannel
 * @max_memfds: a number of payloads, 0 to take none
 *
 * Sets #ReleaseIpcChannel:max-memfds, before the first use of the channel.
 *
 * Since: 0.1
 */
void
release_ipc_channel_set_max_memfds (ReleaseIpcChannel *self,
                                    guint              max_memfds)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));
  g_return_if_fail (self->use == RELEASE_IPC_USE_NONE);
  g_return_if_fail (max_memfds <= G_MAXINT);

  if (self->memfds.max_n == max_memfds)
    return;

  self->memfds.max_n = max_memfds;
  g_object_notify (G_OBJECT (self), "max-memfds");
}

/**
 * release_ipc_channel_get_max_memfd_size:
 * @self: a #ReleaseIpcChannel
 *
 * Gets #ReleaseIpcChannel:max-memfd-size.
 *
 * Returns: a number of bytes
 *
 * Since: 0.1
 */
gsize
release_ipc_channel_get_max_memfd_size (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), 0);

  return self->memfds.max_size;
}

/**
 * release_ipc_channel_set_max_memfd_size:
 * @self: a #ReleaseIpcChannel
 * @max_memfd_size: a number of bytes
 *
 * Sets #ReleaseIpcChannel:max-memfd-size, at any time.
 *
 * Since: 0.1
 */
void
release_ipc_channel_set_max_memfd_size (ReleaseIpcChannel *self,
                                        gsize              max_memfd_size)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));

  if (self->memfds.max_size == max_memfd_size)
    return;

  self->memfds.max_size = max_memfd_size;
  g_object_notify (G_OBJECT (self), "max-memfd-size");
}

/**
 * release_ipc_channel_get_copy_memfds:
 * @self: a #ReleaseIpcChannel
 *
 * Gets #ReleaseIpcChannel:copy-memfds.
 *
 * Returns: %TRUE if payloads that come as a descriptor are copied, %FALSE if
 *   they are mapped
 *
 * Since: 0.1
 */
gboolean
release_ipc_channel_get_copy_memfds (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), FALSE);

  return self->memfds.copies;
}

/**
 * release_ipc_channel_set_copy_memfds:
 * @self: a #ReleaseIpcChannel
 * @copy_memfds: whether to copy what comes as a descriptor
 *
 * Sets #ReleaseIpcChannel:copy-memfds, at any time, for what arrives from then
 * on.
 *
 * Since: 0.1
 */
void
release_ipc_channel_set_copy_memfds (ReleaseIpcChannel *self,
                                     gboolean           copy_memfds)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (self));

  copy_memfds = copy_memfds != FALSE;
  if (self->memfds.copies == copy_memfds)
    return;

  self->memfds.copies = copy_memfds;
  g_object_notify (G_OBJECT (self), "copy-memfds");
}

/**
 * release_ipc_channel_get_n_refused_fds:
 * @self: a #ReleaseIpcChannel
 *
 * Gets how many descriptors the peer has sent that were not accepted, and so
 * were closed: unannounced, too many, never claimed by a message, or no memfd
 * such as release_ipc_payload_new_memfd() makes. The first of them ends the
 * channel; those that came with it count, too.
 *
 * Returns: a number of descriptors
 *
 * Since: 0.1
 */
guint64
release_ipc_channel_get_n_refused_fds (ReleaseIpcChannel *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (self), 0);

  return self->reader.descriptors.n_refused;
}
