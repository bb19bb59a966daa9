/* release/process/release-receipt.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/process/release-slave-process.h>

G_BEGIN_DECLS

/**
 * ReleaseReceiptStatus:
 * @RELEASE_RECEIPT_SENT: the message is in the slave's socket
 * @RELEASE_RECEIPT_QUEUED: the message waits until the slave has read earlier ones
 * @RELEASE_RECEIPT_REFUSED: the message was not sent: too much waits already, or it could not be
 *   encoded
 * @RELEASE_RECEIPT_NOT_SUPPORTED: the slave speaks the plain protocol and asks, so it would take
 *   the message for an answer
 * @RELEASE_RECEIPT_DEAD: the slave is dead or has closed its channel
 *
 * What became of a broadcast at one slave.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_RECEIPT_SENT,
  RELEASE_RECEIPT_QUEUED,
  RELEASE_RECEIPT_REFUSED,
  RELEASE_RECEIPT_NOT_SUPPORTED,
  RELEASE_RECEIPT_DEAD,
} ReleaseReceiptStatus;

#define RELEASE_TYPE_RECEIPT_STATUS (release_receipt_status_get_type ())
#define RELEASE_TYPE_RECEIPT (release_receipt_get_type ())

/**
 * ReleaseReceipt:
 *
 * Tells what became of a broadcast at one slave.
 *
 * Since: 0.1
 */
typedef struct _ReleaseReceipt ReleaseReceipt;

RELEASE_AVAILABLE_IN_ALL
GType                 release_receipt_status_get_type (void);
RELEASE_AVAILABLE_IN_ALL
GType                 release_receipt_get_type        (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseReceipt       *release_receipt_ref             (ReleaseReceipt *self);
RELEASE_AVAILABLE_IN_ALL
void                  release_receipt_unref           (ReleaseReceipt *self);

RELEASE_AVAILABLE_IN_ALL
ReleaseSlaveProcess  *release_receipt_get_slave       (ReleaseReceipt *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseReceiptStatus  release_receipt_get_status      (ReleaseReceipt *self);
RELEASE_AVAILABLE_IN_ALL
const GError         *release_receipt_get_error       (ReleaseReceipt *self);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_receipt_is_accepted     (ReleaseReceipt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseReceipt, release_receipt_unref)

G_END_DECLS
