/* release/io/release-accept-connection-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/io/release-accept-connection.h"
#include "release/io/release-io-poller-private.h"

G_BEGIN_DECLS

/* Called once, when a connection is over. */
typedef void (*ReleaseAcceptEndFunc) (ReleaseAcceptConnection *connection,
                                      gpointer                 user_data);

ReleaseAcceptConnection *release_accept_connection_new       (int                      fd,
                                                              ReleaseIoPoller         *poller,
                                                              int                      timeout_msec,
                                                              ReleaseAcceptEndFunc     ended,
                                                              gpointer                 user_data);
GList                   *release_accept_connection_get_link  (ReleaseAcceptConnection *self);

G_END_DECLS
