/* release/process/release-receipt-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/process/release-receipt.h"

G_BEGIN_DECLS

ReleaseReceipt *release_receipt_new_for_post (ReleaseSlaveProcess *slave,
                                              GBytes              *payload,
                                              const GError        *encode_error);

G_END_DECLS
