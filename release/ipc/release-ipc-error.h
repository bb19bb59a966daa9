/* release/ipc/release-ipc-error.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>

G_BEGIN_DECLS

/**
 * RELEASE_IPC_ERROR:
 *
 * The domain of the errors of #ReleaseIpcError.
 *
 * Since: 0.1
 */
#define RELEASE_IPC_ERROR (release_ipc_error_quark ())

/**
 * ReleaseIpcError:
 * @RELEASE_IPC_ERROR_FAILED: any other failure
 * @RELEASE_IPC_ERROR_CLOSED: the connection has ended between two messages: the end of file of
 *   the OCaml library
 * @RELEASE_IPC_ERROR_TRUNCATED: the connection has ended in the middle of a message
 * @RELEASE_IPC_ERROR_TOO_BIG: a message exceeds the limit of the channel
 * @RELEASE_IPC_ERROR_PROTOCOL: the peer broke the rules of the protocol
 * @RELEASE_IPC_ERROR_LIMIT: too many requests are open, or too many bytes are queued
 * @RELEASE_IPC_ERROR_STALLED: the peer has not read for too long
 * @RELEASE_IPC_ERROR_CODEC: a message could not be encoded or decoded
 * @RELEASE_IPC_ERROR_ROLE: a channel is used both raw and dispatching, or a plain one both
 *   asks and answers
 * @RELEASE_IPC_ERROR_ANSWERED: the invocation was answered before
 * @RELEASE_IPC_ERROR_NOT_HANDLED: nobody at the peer handles such a request
 * @RELEASE_IPC_ERROR_REMOTE: the peer answered with an error of a domain that the codec does
 *   not know
 *
 * What can go wrong on a channel, besides %G_IO_ERROR_TIMED_OUT,
 * %G_IO_ERROR_CANCELLED and the errors of the system.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_IPC_ERROR_FAILED,
  RELEASE_IPC_ERROR_CLOSED,
  RELEASE_IPC_ERROR_TRUNCATED,
  RELEASE_IPC_ERROR_TOO_BIG,
  RELEASE_IPC_ERROR_PROTOCOL,
  RELEASE_IPC_ERROR_LIMIT,
  RELEASE_IPC_ERROR_STALLED,
  RELEASE_IPC_ERROR_CODEC,
  RELEASE_IPC_ERROR_ROLE,
  RELEASE_IPC_ERROR_ANSWERED,
  RELEASE_IPC_ERROR_NOT_HANDLED,
  RELEASE_IPC_ERROR_REMOTE,
} ReleaseIpcError;

#define RELEASE_TYPE_IPC_ERROR (release_ipc_error_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType     release_ipc_error_get_type  (void);
RELEASE_AVAILABLE_IN_ALL
GQuark    release_ipc_error_quark     (void);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_error_is_remote (const GError *error);

G_END_DECLS
