/* release/ipc/release-ipc-bytes-codec.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <release/ipc/release-ipc-codec.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_IPC_BYTES_CODEC (release_ipc_bytes_codec_get_type ())

/**
 * ReleaseIpcBytesCodec:
 *
 * The codec whose values are #GBytes.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseIpcBytesCodec, release_ipc_bytes_codec, RELEASE, IPC_BYTES_CODEC, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec *release_ipc_bytes_codec_get_default (void);

G_END_DECLS
