/* release/ipc/release-ipc-bytes-codec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-bytes-codec.h"

/**
 * SECTION:release-ipc-bytes-codec
 * @title: ReleaseIpcBytesCodec
 * @short_description: messages that are bytes
 *
 * The codec whose values are #GBytes, passed on as they are.
 */

struct _ReleaseIpcBytesCodec
{
  GObject parent_instance;
};

static void release_ipc_bytes_codec_iface_init (ReleaseIpcCodecInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReleaseIpcBytesCodec, release_ipc_bytes_codec, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELEASE_TYPE_IPC_CODEC,
                                                      release_ipc_bytes_codec_iface_init))

static GType
release_ipc_bytes_codec_get_value_type (ReleaseIpcCodec *codec)
{
  return G_TYPE_BYTES;
}

static GBytes *
release_ipc_bytes_codec_encode (ReleaseIpcCodec  *codec,
                                const GValue     *value,
                                GError          **error)
{
  return g_value_dup_boxed (value);
}

static gboolean
release_ipc_bytes_codec_decode (ReleaseIpcCodec    *codec,
                                GBytes             *bytes,
                                ReleaseIpcMessage  *message,
                                GError            **error)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_BYTES);
  g_value_set_boxed (&value, bytes);
  release_ipc_message_set_value (message, &value);
  return TRUE;
}

static void
release_ipc_bytes_codec_iface_init (ReleaseIpcCodecInterface *iface)
{
  iface->get_request_type = release_ipc_bytes_codec_get_value_type;
  iface->get_response_type = release_ipc_bytes_codec_get_value_type;
  iface->encode_request = release_ipc_bytes_codec_encode;
  iface->decode_request = release_ipc_bytes_codec_decode;
  iface->encode_response = release_ipc_bytes_codec_encode;
  iface->decode_response = release_ipc_bytes_codec_decode;
}

static void
release_ipc_bytes_codec_class_init (ReleaseIpcBytesCodecClass *klass)
{
}

static void
release_ipc_bytes_codec_init (ReleaseIpcBytesCodec *self)
{
}

/**
 * release_ipc_bytes_codec_get_default:
 *
 * Gets the codec whose values are #GBytes. All callers share it.
 *
 * Returns: (transfer none): the codec
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_ipc_bytes_codec_get_default (void)
{
  static gsize codec = 0;

  if (g_once_init_enter (&codec))
    g_once_init_leave (&codec, (gsize) g_object_new (RELEASE_TYPE_IPC_BYTES_CODEC, NULL));

  return (ReleaseIpcCodec *) codec;
}
