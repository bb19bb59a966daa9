/* release/ipc/release-ipc-codec-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/ipc/release-ipc-codec.h"

G_BEGIN_DECLS

typedef GBytes   *(*ReleaseIpcEncodeFunc) (ReleaseIpcCodec    *codec,
                                           const GValue       *value,
                                           GError            **error);
typedef gboolean  (*ReleaseIpcDecodeFunc) (ReleaseIpcCodec    *codec,
                                           GBytes             *bytes,
                                           ReleaseIpcMessage  *message,
                                           GError            **error);

/* For a channel that may have no codec; @func is one of the public functions for requests or
 * responses. @value, if not NULL, is zero-filled and gets a copy of what was decoded. */
GBytes            *release_ipc_codec_encode_value       (ReleaseIpcCodec       *self,
                                                         const GValue          *value,
                                                         ReleaseIpcEncodeFunc   func,
                                                         GError               **error);
gboolean           release_ipc_codec_decode_value       (ReleaseIpcCodec       *self,
                                                         GBytes                *bytes,
                                                         GValue                *value,
                                                         ReleaseIpcDecodeFunc   func,
                                                         GError               **error);

GQuark             release_ipc_codec_find_error_domain  (ReleaseIpcCodec  *self,
                                                         const char       *name);
ReleaseIpcMessage *release_ipc_message_new              (GBytes           *bytes);

G_END_DECLS
