/* release/ipc/release-ipc-variant-codec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-variant-codec.h"

#include "release/base/release-error-private.h"
#include "release/ipc/release-ipc-error.h"

/**
 * SECTION:release-ipc-variant-codec
 * @title: ReleaseIpcVariantCodec
 * @short_description: messages that are typed data
 *
 * The codec whose values are #GVariant of one type for requests and events and
 * one for responses. On the wire is the serialized form in little endian, as
 * GVariant defines it, without its type: both ends know it. A message that is
 * not in normal form is refused.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(GError) error = NULL;
 *   g_autoptr(ReleaseIpcCodec) codec = release_ipc_variant_codec_new ("(su)", "a{sv}", &error);
 * ]|
 */

struct _ReleaseIpcVariantCodec
{
  GObject       parent_instance;

  GVariantType *request_type;
  GVariantType *response_type;
};

static void release_ipc_variant_codec_iface_init (ReleaseIpcCodecInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReleaseIpcVariantCodec, release_ipc_variant_codec, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELEASE_TYPE_IPC_CODEC,
                                                      release_ipc_variant_codec_iface_init))

static GType
release_ipc_variant_codec_get_value_type (ReleaseIpcCodec *codec)
{
  return G_TYPE_VARIANT;
}

static GBytes *
encode (const GValue        *value,
        const GVariantType  *type,
        GError             **error)
{
  GVariant *variant = g_value_get_variant (value);
  g_autoptr(GVariant) ordered = NULL;

  if (variant == NULL || !g_variant_is_of_type (variant, type))
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                   "A variant of type %s was given where the codec takes %.*s",
                   variant != NULL ? g_variant_get_type_string (variant) : "none",
                   (int) g_variant_type_get_string_length (type), g_variant_type_peek_string (type));
      return NULL;
    }

  ordered = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_get_normal_form (variant)
                                            : g_variant_byteswap (variant);
  return g_variant_get_data_as_bytes (ordered);
}

static gboolean
decode (GBytes              *bytes,
        const GVariantType  *type,
        ReleaseIpcMessage   *message,
        GError             **error)
{
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new_from_bytes (type, bytes, FALSE));
  g_autoptr(GVariant) ordered = NULL;
  g_auto(GValue) value = G_VALUE_INIT;

  if (!g_variant_is_normal_form (variant))
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                   "Message of %" G_GSIZE_FORMAT " bytes is no variant of type %.*s",
                   g_bytes_get_size (bytes), (int) g_variant_type_get_string_length (type),
                   g_variant_type_peek_string (type));
      return FALSE;
    }

  ordered = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (variant)
                                            : g_variant_byteswap (variant);
  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, ordered);
  release_ipc_message_set_value (message, &value);
  return TRUE;
}

static GBytes *
release_ipc_variant_codec_encode_request (ReleaseIpcCodec  *codec,
                                          const GValue     *value,
                                          GError          **error)
{
  return encode (value, RELEASE_IPC_VARIANT_CODEC (codec)->request_type, error);
}

static gboolean
release_ipc_variant_codec_decode_request (ReleaseIpcCodec    *codec,
                                          GBytes             *bytes,
                                          ReleaseIpcMessage  *message,
                                          GError            **error)
{
  return decode (bytes, RELEASE_IPC_VARIANT_CODEC (codec)->request_type, message, error);
}

static GBytes *
release_ipc_variant_codec_encode_response (ReleaseIpcCodec  *codec,
                                           const GValue     *value,
                                           GError          **error)
{
  return encode (value, RELEASE_IPC_VARIANT_CODEC (codec)->response_type, error);
}

static gboolean
release_ipc_variant_codec_decode_response (ReleaseIpcCodec    *codec,
                                           GBytes             *bytes,
                                           ReleaseIpcMessage  *message,
                                           GError            **error)
{
  return decode (bytes, RELEASE_IPC_VARIANT_CODEC (codec)->response_type, message, error);
}

static void
release_ipc_variant_codec_iface_init (ReleaseIpcCodecInterface *iface)
{
  iface->get_request_type = release_ipc_variant_codec_get_value_type;
  iface->get_response_type = release_ipc_variant_codec_get_value_type;
  iface->encode_request = release_ipc_variant_codec_encode_request;
  iface->decode_request = release_ipc_variant_codec_decode_request;
  iface->encode_response = release_ipc_variant_codec_encode_response;
  iface->decode_response = release_ipc_variant_codec_decode_response;
}

static void
release_ipc_variant_codec_finalize (GObject *object)
{
  ReleaseIpcVariantCodec *self = RELEASE_IPC_VARIANT_CODEC (object);

  g_clear_pointer (&self->request_type, g_variant_type_free);
  g_clear_pointer (&self->response_type, g_variant_type_free);

  G_OBJECT_CLASS (release_ipc_variant_codec_parent_class)->finalize (object);
}

static void
release_ipc_variant_codec_class_init (ReleaseIpcVariantCodecClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = release_ipc_variant_codec_finalize;
}

static void
release_ipc_variant_codec_init (ReleaseIpcVariantCodec *self)
{
}

static GVariantType *
parse_type (const char  *text,
            GError     **error)
{
  g_autofree char *shown = NULL;

  if (g_variant_type_string_is_valid (text) &&
      g_variant_type_is_definite (G_VARIANT_TYPE (text)))
    return g_variant_type_new (text);

  shown = release_escape (text, -1);
  g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
               "“%s” is no definite variant type", shown);
  return NULL;
}

/**
 * release_ipc_variant_codec_new:
 * @request_type: the variant type of requests and events, a definite one
 * @response_type: the variant type of responses, a definite one
 * @error: return location for a #GError, or %NULL
 *
 * Makes a codec of two variant types. Fails with %RELEASE_IPC_ERROR_CODEC if
 * one of them is not valid.
 *
 * Returns: (transfer full): the codec, or %NULL with @error set
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_ipc_variant_codec_new (const char  *request_type,
                               const char  *response_type,
                               GError     **error)
{
  g_autoptr(ReleaseIpcVariantCodec) self = NULL;

  g_return_val_if_fail (request_type != NULL, NULL);
  g_return_val_if_fail (response_type != NULL, NULL);

  self = g_object_new (RELEASE_TYPE_IPC_VARIANT_CODEC, NULL);
  self->request_type = parse_type (request_type, error);
  if (self->request_type == NULL)
    return NULL;
  self->response_type = parse_type (response_type, error);
  if (self->response_type == NULL)
    return NULL;

  return RELEASE_IPC_CODEC (g_steal_pointer (&self));
}
