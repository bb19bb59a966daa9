/* release/ipc/release-ipc-variant-codec.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <release/ipc/release-ipc-codec.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_IPC_VARIANT_CODEC (release_ipc_variant_codec_get_type ())

/**
 * ReleaseIpcVariantCodec:
 *
 * A codec whose values are #GVariant.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseIpcVariantCodec, release_ipc_variant_codec,
                      RELEASE, IPC_VARIANT_CODEC, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec *release_ipc_variant_codec_new (const char  *request_type,
                                                const char  *response_type,
                                                GError     **error);

G_END_DECLS
