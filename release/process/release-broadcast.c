/* release/process/release-broadcast.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-master-private.h"
#include "release/process/release-receipt-private.h"
#include "release/process/release-slave-group-private.h"

#include <string.h>

/* Broadcasts, from a master to all slaves and to those of one group. */

/* Sends @value, or if that is %NULL @bytes, to all slaves of @group and adds their receipts. */
static void
post_to_group (ReleaseSlaveGroup *group,
               const GValue      *value,
               GBytes            *bytes,
               GPtrArray         *receipts)
{
  g_autoptr(GPtrArray) slaves = release_slave_group_copy_slaves (group);
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(GError) error = NULL;

  if (value != NULL)
    payload = release_ipc_codec_encode_request (release_slave_group_get_codec (group), value,
                                                &error);
  else
    payload = g_bytes_ref (bytes);

  for (guint i = 0; i < slaves->len; i++)
    g_ptr_array_add (receipts, release_receipt_new_for_post (slaves->pdata[i], payload, error));
}

static GPtrArray *
post_to_all (ReleaseMaster *self,
             const GValue  *value,
             GBytes        *bytes)
{
  GPtrArray *receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) release_receipt_unref);

  for (guint i = 0; i < self->groups->len; i++)
    post_to_group (self->groups->pdata[i], value, bytes, receipts);

  return receipts;
}

/**
 * release_master_broadcast:
 * @self: a #ReleaseMaster
 * @value: the message
 *
 * Sends a message that wants no answer to all slaves that run, encoded by the
 * codec of each group. release_slave_group_broadcast() is for one group.
 *
 * Returns: (transfer container) (element-type ReleaseReceipt): what became of it at
 *   each of them
 *
 * Since: 0.1
 */
GPtrArray *
release_master_broadcast (ReleaseMaster *self,
                          const GValue  *value)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);
  g_return_val_if_fail (G_IS_VALUE (value), NULL);

  return post_to_all (self, value, NULL);
}

/**
 * release_master_broadcast_bytes:
 * @self: a #ReleaseMaster
 * @bytes: the message, as the codec would have encoded it
 *
 * Sends bytes to all slaves that run, past the codecs. Large ones cost least if
 * release_ipc_payload_new_memfd() made them.
 *
 * Returns: (transfer container) (element-type ReleaseReceipt): what became of it at
 *   each of them
 *
 * Since: 0.1
 */
GPtrArray *
release_master_broadcast_bytes (ReleaseMaster *self,
                                GBytes        *bytes)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  return post_to_all (self, NULL, bytes);
}

/**
 * release_master_broadcast_string:
 * @self: a #ReleaseMaster
 * @text: the message
 *
 * Sends a string to all slaves that run, past the codecs.
 *
 * Returns: (transfer container) (element-type ReleaseReceipt): what became of it at
 *   each of them
 *
 * Since: 0.1
 */
GPtrArray *
release_master_broadcast_string (ReleaseMaster *self,
                                 const char    *text)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  bytes = g_bytes_new (text, strlen (text));
  return post_to_all (self, NULL, bytes);
}

/**
 * release_slave_group_broadcast:
 * @self: a #ReleaseSlaveGroup
 * @value: the message
 *
 * Sends a message that wants no answer to all slaves of the group that run.
 *
 * Returns: (transfer container) (element-type ReleaseReceipt): what became of it at
 *   each of them
 *
 * Since: 0.1
 */
GPtrArray *
release_slave_group_broadcast (ReleaseSlaveGroup *self,
                               const GValue      *value)
{
  GPtrArray *receipts;

  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);
  g_return_val_if_fail (G_IS_VALUE (value), NULL);

  receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) release_receipt_unref);
  post_to_group (self, value, NULL, receipts);
  return receipts;
}

/**
 * release_slave_group_broadcast_bytes:
 * @self: a #ReleaseSlaveGroup
 * @bytes: the message, as the codec would have encoded it
 *
 * Sends bytes to all slaves of the group that run, past the codec.
 *
 * Returns: (transfer container) (element-type ReleaseReceipt): what became of it at
 *   each of them
 *
 * Since: 0.1
 */
GPtrArray *
release_slave_group_broadcast_bytes (ReleaseSlaveGroup *self,
                                     GBytes            *bytes)
{
  GPtrArray *receipts;

  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) release_receipt_unref);
  post_to_group (self, NULL, bytes, receipts);
  return receipts;
}

/**
 * release_slave_group_broadcast_string:
 * @self: a #ReleaseSlaveGroup
 * @text: the message
 *
 * Sends a string to all slaves of the group that run, past the codec.
 *
 * Returns: (transfer container) (element-type ReleaseReceipt): what became of it at
 *   each of them
 *
 * Since: 0.1
 */
GPtrArray *
release_slave_group_broadcast_string (ReleaseSlaveGroup *self,
                                      const char        *text)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  bytes = g_bytes_new (text, strlen (text));
  return release_slave_group_broadcast_bytes (self, bytes);
}
