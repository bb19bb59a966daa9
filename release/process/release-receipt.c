/* release/process/release-receipt.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-receipt-private.h"

#include "release/base/release-i18n-private.h"
#include "release/ipc/release-ipc-channel-private.h"
#include "release/ipc/release-ipc-error.h"


/**
 * SECTION:release-receipt
 * @title: ReleaseReceipt
 * @short_description: what became of a broadcast at one slave
 *
 * release_master_broadcast() and release_slave_group_broadcast() return one
 * #ReleaseReceipt for each slave that runs. A slave that does not read never
 * delays a broadcast to the others: its receipt says %RELEASE_RECEIPT_QUEUED,
 * and at the limit of its queue %RELEASE_RECEIPT_REFUSED.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(GPtrArray) receipts = release_master_broadcast_string (master, "reload");
 *
 *   for (guint i = 0; i < receipts->len; i++)
 *     {
 *       ReleaseReceipt *receipt = g_ptr_array_index (receipts, i);
 *
 *       if (!release_receipt_is_accepted (receipt))
 *         g_message ("Slave %d: %s",
 *                    release_slave_process_get_pid (release_receipt_get_slave (receipt)),
 *                    release_receipt_get_error (receipt)->message);
 *     }
 * ]|
 *
 * A receipt never changes and may be used from any thread.
 */

struct _ReleaseReceipt
{
  ReleaseSlaveProcess  *slave;
  ReleaseReceiptStatus  status;
  GError               *error;     /* (nullable): set unless sent or queued */
};

G_DEFINE_BOXED_TYPE (ReleaseReceipt, release_receipt, release_receipt_ref, release_receipt_unref)
G_DEFINE_ENUM_TYPE (ReleaseReceiptStatus, release_receipt_status,
                    G_DEFINE_ENUM_VALUE (RELEASE_RECEIPT_SENT, "sent"),
                    G_DEFINE_ENUM_VALUE (RELEASE_RECEIPT_QUEUED, "queued"),
                    G_DEFINE_ENUM_VALUE (RELEASE_RECEIPT_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (RELEASE_RECEIPT_NOT_SUPPORTED, "not-supported"),
                    G_DEFINE_ENUM_VALUE (RELEASE_RECEIPT_DEAD, "dead"))

static void
release_receipt_clear (gpointer data)
{
  ReleaseReceipt *self = data;

  g_clear_object (&self->slave);
  g_clear_error (&self->error);
}

/* Sends @payload, or does not because it could not be encoded, and tells what came of it. */
ReleaseReceipt *
release_receipt_new_for_post (ReleaseSlaveProcess *slave,
                              GBytes              *payload,
                              const GError        *encode_error)
{
  ReleaseIpcChannel *channel = release_slave_process_get_channel (slave);
  ReleaseReceipt *self = g_atomic_rc_box_new0 (ReleaseReceipt);
  gboolean queued = FALSE;

  self->slave = g_object_ref (slave);
  if (channel == NULL || release_ipc_channel_is_closed (channel))
    g_set_error (&self->error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED,
                 _("Slave %d has no open channel"), release_slave_process_get_pid (slave));
  else if (payload == NULL)
    self->error = g_error_copy (encode_error);
  else
    release_ipc_channel_post_event (channel, payload, &queued, &self->error);

  if (self->error == NULL)
    self->status = queued ? RELEASE_RECEIPT_QUEUED : RELEASE_RECEIPT_SENT;
  else if (g_error_matches (self->error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED))
    self->status = RELEASE_RECEIPT_DEAD;
  else if (g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    self->status = RELEASE_RECEIPT_NOT_SUPPORTED;
  else
    self->status = RELEASE_RECEIPT_REFUSED;

  return self;
}

/**
 * release_receipt_ref:
 * @self: a #ReleaseReceipt
 *
 * Adds a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
ReleaseReceipt *
release_receipt_ref (ReleaseReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * release_receipt_unref:
 * @self: (transfer full): a #ReleaseReceipt
 *
 * Drops a reference; with the last one @self is freed.
 *
 * Since: 0.1
 */
void
release_receipt_unref (ReleaseReceipt *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, release_receipt_clear);
}

/**
 * release_receipt_get_slave:
 * @self: a #ReleaseReceipt
 *
 * Gets the slave that the receipt is about.
 *
 * Returns: (transfer none): the slave
 *
 * Since: 0.1
 */
ReleaseSlaveProcess *
release_receipt_get_slave (ReleaseReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->slave;
}

/**
 * release_receipt_get_status:
 * @self: a #ReleaseReceipt
 *
 * Gets what became of the message.
 *
 * Returns: the status
 *
 * Since: 0.1
 */
ReleaseReceiptStatus
release_receipt_get_status (ReleaseReceipt *self)
{
  g_return_val_if_fail (self != NULL, RELEASE_RECEIPT_DEAD);

  return self->status;
}

/**
 * release_receipt_get_error:
 * @self: a #ReleaseReceipt
 *
 * Gets why the message was not taken.
 *
 * Returns: (transfer none) (nullable): the error, %NULL if the message was sent
 *   or queued
 *
 * Since: 0.1
 */
const GError *
release_receipt_get_error (ReleaseReceipt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}

/**
 * release_receipt_is_accepted:
 * @self: a #ReleaseReceipt
 *
 * Tells whether the message was sent or queued. That the slave has handled it
 * only an answer of the slave can tell.
 *
 * Returns: %TRUE if it was sent or queued
 *
 * Since: 0.1
 */
gboolean
release_receipt_is_accepted (ReleaseReceipt *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->status == RELEASE_RECEIPT_SENT || self->status == RELEASE_RECEIPT_QUEUED;
}
