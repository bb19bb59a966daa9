/* release/ipc/release-ipc-error.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-error.h"

/**
 * SECTION:release-ipc-error
 * @title: IPC errors
 * @short_description: what can go wrong on a channel
 *
 * A channel reports its own failures in the domain %RELEASE_IPC_ERROR, timeouts
 * as %G_IO_ERROR_TIMED_OUT, cancellation as %G_IO_ERROR_CANCELLED and failures
 * of the system as the #GIOErrorEnum of their errno.
 *
 * A peer can answer a request with an error. It keeps its domain if the codec
 * knows that domain, see release_ipc_codec_register_error_domain(), else it
 * becomes %RELEASE_IPC_ERROR_REMOTE. A peer can therefore fake neither a
 * timeout nor any other failure of the channel.
 */

G_DEFINE_QUARK (release-ipc-error-quark, release_ipc_error)
G_DEFINE_ENUM_TYPE (ReleaseIpcError, release_ipc_error,
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_TRUNCATED, "truncated"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_TOO_BIG, "too-big"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_PROTOCOL, "protocol"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_LIMIT, "limit"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_STALLED, "stalled"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_CODEC, "codec"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_ROLE, "role"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_ANSWERED, "answered"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_NOT_HANDLED, "not-handled"),
                    G_DEFINE_ENUM_VALUE (RELEASE_IPC_ERROR_REMOTE, "remote"))

/**
 * release_ipc_error_is_remote:
 * @error: an error that a call ended with
 *
 * Tells whether @error is an answer of the peer, rather than a failure of the
 * channel.
 *
 * Returns: %TRUE if the peer sent @error
 *
 * Since: 0.1
 */
gboolean
release_ipc_error_is_remote (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  if (error->domain == RELEASE_IPC_ERROR)
    return error->code == RELEASE_IPC_ERROR_REMOTE || error->code == RELEASE_IPC_ERROR_NOT_HANDLED;

  return error->domain != G_IO_ERROR;
}
