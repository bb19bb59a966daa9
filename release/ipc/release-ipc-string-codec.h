/* release/ipc/release-ipc-string-codec.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <release/ipc/release-ipc-codec.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_IPC_STRING_CODEC (release_ipc_string_codec_get_type ())

/**
 * ReleaseIpcStringCodec:
 *
 * The codec whose values are strings.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseIpcStringCodec, release_ipc_string_codec, RELEASE, IPC_STRING_CODEC, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec *release_ipc_string_codec_get_default (void);

G_END_DECLS
