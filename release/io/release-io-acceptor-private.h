/* release/io/release-io-acceptor-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/io/release-io-listener-private.h"
#include "release/io/release-io-poller-private.h"

G_BEGIN_DECLS

/* Accepts connections at a listener, in the thread-default main context of the moment when it is
 * made. Both functions may do anything, free the acceptor too. */

typedef struct _ReleaseIoAcceptor ReleaseIoAcceptor;

typedef void (*ReleaseIoAcceptedFunc) (int       fd,        /* (transfer full): closed on exec */
                                       gpointer  user_data);

/* Called once until all who waited have been accepted; meanwhile the acceptor backs off. */
typedef void (*ReleaseIoTroubleFunc)  (int       errsv,
                                       gpointer  user_data);

ReleaseIoAcceptor *release_io_acceptor_new            (ReleaseIoListener      *listener,
                                                       ReleaseIoAcceptedFunc   accepted,
                                                       ReleaseIoTroubleFunc    trouble,
                                                       gpointer                user_data);
ReleaseIoListener *release_io_acceptor_free           (ReleaseIoAcceptor      *self);
void               release_io_acceptor_set_paused     (ReleaseIoAcceptor      *self,
                                                       gboolean                paused);

G_END_DECLS
