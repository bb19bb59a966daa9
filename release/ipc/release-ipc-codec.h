/* release/ipc/release-ipc-codec.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/ipc/release-ipc-message.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_IPC_CODEC (release_ipc_codec_get_type ())

/**
 * ReleaseIpcCodec:
 *
 * What turns values into the bytes of messages, and back.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_INTERFACE (ReleaseIpcCodec, release_ipc_codec, RELEASE, IPC_CODEC, GObject)

/**
 * ReleaseIpcCodecInterface:
 * @parent_iface: the parent interface
 * @get_request_type: (nullable): tells the type of requests and events;
 *   %G_TYPE_INVALID, or no function at all, means any
 * @get_response_type: (nullable): the same for responses
 * @encode_request: turns a value into the bytes of a request or an event
 * @decode_request: turns the bytes of a request or an event into a value and hands it over with
 *   release_ipc_message_set_value()
 * @encode_response: the same as @encode_request for responses
 * @decode_response: the same as @decode_request for responses
 *
 * What a codec implements. A function that returns %NULL or %FALSE sets the error; one that
 * does not gives %RELEASE_IPC_ERROR_CODEC.
 *
 * Since: 0.1
 */
struct _ReleaseIpcCodecInterface
{
  GTypeInterface parent_iface;

  GType    (*get_request_type)  (ReleaseIpcCodec    *self);
  GType    (*get_response_type) (ReleaseIpcCodec    *self);
  GBytes  *(*encode_request)    (ReleaseIpcCodec    *self,
                                 const GValue       *value,
                                 GError            **error);
  gboolean (*decode_request)    (ReleaseIpcCodec    *self,
                                 GBytes             *bytes,
                                 ReleaseIpcMessage  *message,
                                 GError            **error);
  GBytes  *(*encode_response)   (ReleaseIpcCodec    *self,
                                 const GValue       *value,
                                 GError            **error);
  gboolean (*decode_response)   (ReleaseIpcCodec    *self,
                                 GBytes             *bytes,
                                 ReleaseIpcMessage  *message,
                                 GError            **error);

  /*< private >*/
  gpointer _reserved[8];
};

RELEASE_AVAILABLE_IN_ALL
GType            release_ipc_codec_get_request_type      (ReleaseIpcCodec    *self);
RELEASE_AVAILABLE_IN_ALL
GType            release_ipc_codec_get_response_type     (ReleaseIpcCodec    *self);
RELEASE_AVAILABLE_IN_ALL
GBytes          *release_ipc_codec_encode_request        (ReleaseIpcCodec    *self,
                                                          const GValue       *value,
                                                          GError            **error);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_ipc_codec_decode_request        (ReleaseIpcCodec    *self,
                                                          GBytes             *bytes,
                                                          ReleaseIpcMessage  *message,
                                                          GError            **error);
RELEASE_AVAILABLE_IN_ALL
GBytes          *release_ipc_codec_encode_response       (ReleaseIpcCodec    *self,
                                                          const GValue       *value,
                                                          GError            **error);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_ipc_codec_decode_response       (ReleaseIpcCodec    *self,
                                                          GBytes             *bytes,
                                                          ReleaseIpcMessage  *message,
                                                          GError            **error);
RELEASE_AVAILABLE_IN_ALL
void             release_ipc_codec_register_error_domain (ReleaseIpcCodec    *self,
                                                          GQuark              domain);

G_END_DECLS
