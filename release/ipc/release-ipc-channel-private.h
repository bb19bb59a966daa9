/* release/ipc/release-ipc-channel-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/ipc/release-ipc-channel.h"
#include "release/ipc/release-ipc-writer-private.h"

G_BEGIN_DECLS

/* What a master and a server know of a channel beyond its users. */

/* Past the high mark of the queue this side stops reading until the peer has read. */
void      release_ipc_channel_set_pauses      (ReleaseIpcChannel  *self,
                                               gboolean            pauses);
/* What is queued here counts in @budget, too, until the channel ends. */
void      release_ipc_channel_set_budget      (ReleaseIpcChannel  *self,
                                               ReleaseIpcBudget   *budget);
/* On a plain channel: the peer asks, so frames are requests and events cannot be sent. */
void      release_ipc_channel_set_answers     (ReleaseIpcChannel  *self);
/* Sends the payload of an event; @queued tells whether some of it waits for the peer to read.
 * Fails with G_IO_ERROR_NOT_SUPPORTED (a plain peer that asks), RELEASE_IPC_ERROR_LIMIT (the
 * queue is full) or RELEASE_IPC_ERROR_CLOSED. */
gboolean  release_ipc_channel_post_event      (ReleaseIpcChannel  *self,
                                               GBytes             *payload,
                                               gboolean           *queued,
                                               GError            **error);
/* The peer's process is dead: reads what it had sent (bounded), ends every pending request, closes. */
void      release_ipc_channel_peer_died       (ReleaseIpcChannel  *self);

/* How long a frame may take from its first byte to its last, in milliseconds; -1 for ever. */
void      release_ipc_channel_set_frame_timeout     (ReleaseIpcChannel  *self,
                                                     int                 timeout_msec);
/* @credentials: (transfer full) (nullable): who connected */
void      release_ipc_channel_set_peer_credentials  (ReleaseIpcChannel  *self,
                                                     GCredentials       *credentials);
/* Nothing is open and nothing is half way. */
gboolean  release_ipc_channel_is_idle               (ReleaseIpcChannel  *self);
/* How many bytes this side has ever sent or queued: it grows with every answer. */
guint64   release_ipc_channel_get_n_sent            (ReleaseIpcChannel  *self);

G_END_DECLS
