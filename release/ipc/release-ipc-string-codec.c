/* release/ipc/release-ipc-string-codec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-string-codec.h"

#include "release/ipc/release-ipc-error.h"

#include <string.h>

/**
 * SECTION:release-ipc-string-codec
 * @title: ReleaseIpcStringCodec
 * @short_description: messages that are text
 *
 * The codec whose values are strings: UTF-8 without NUL. A message that is
 * anything else is refused with %RELEASE_IPC_ERROR_CODEC.
 */

struct _ReleaseIpcStringCodec
{
  GObject parent_instance;
};

static void release_ipc_string_codec_iface_init (ReleaseIpcCodecInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReleaseIpcStringCodec, release_ipc_string_codec, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELEASE_TYPE_IPC_CODEC,
                                                      release_ipc_string_codec_iface_init))

static GType
release_ipc_string_codec_get_value_type (ReleaseIpcCodec *codec)
{
  return G_TYPE_STRING;
}

static GBytes *
release_ipc_string_codec_encode (ReleaseIpcCodec  *codec,
                                const GValue     *value,
                                GError          **error)
{
  const char *text = g_value_get_string (value);

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                   "%s cannot be sent as text", text == NULL ? "NULL" : "What is not UTF-8");
      return NULL;
    }

  return g_bytes_new (text, strlen (text));
}

static gboolean
release_ipc_string_codec_decode (ReleaseIpcCodec    *codec,
                                GBytes             *bytes,
                                ReleaseIpcMessage  *message,
                                GError            **error)
{
  g_auto(GValue) value = G_VALUE_INIT;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (length > 0 && !g_utf8_validate_len (text, length, NULL))
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                   "Message of %" G_GSIZE_FORMAT " bytes is not text", length);
      return FALSE;
    }

  g_value_init (&value, G_TYPE_STRING);
  g_value_take_string (&value, length > 0 ? g_strndup (text, length) : g_strdup (""));
  release_ipc_message_set_value (message, &value);
  return TRUE;
}

static void
release_ipc_string_codec_iface_init (ReleaseIpcCodecInterface *iface)
{
  iface->get_request_type = release_ipc_string_codec_get_value_type;
  iface->get_response_type = release_ipc_string_codec_get_value_type;
  iface->encode_request = release_ipc_string_codec_encode;
  iface->decode_request = release_ipc_string_codec_decode;
  iface->encode_response = release_ipc_string_codec_encode;
  iface->decode_response = release_ipc_string_codec_decode;
}

static void
release_ipc_string_codec_class_init (ReleaseIpcStringCodecClass *klass)
{
}

static void
release_ipc_string_codec_init (ReleaseIpcStringCodec *self)
{
}

/**
 * release_ipc_string_codec_get_default:
 *
 * Gets the codec whose values are strings. All callers share it.
 *
 * Returns: (transfer none): the codec
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_ipc_string_codec_get_default (void)
{
  static gsize codec = 0;

  if (g_once_init_enter (&codec))
    g_once_init_leave (&codec, (gsize) g_object_new (RELEASE_TYPE_IPC_STRING_CODEC, NULL));

  return (ReleaseIpcCodec *) codec;
}
