/* release/ipc/release-ipc-codec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-codec.h"

#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-error.h"

/**
 * SECTION:release-ipc-codec
 * @title: ReleaseIpcCodec
 * @short_description: turns values into the bytes of messages, and back
 *
 * A codec is what makes a channel typed: it knows how requests and responses
 * become bytes. It is the counterpart of the OCaml library's module `Ops`.
 *
 * Three are ready made: release_ipc_string_codec_get_default(),
 * release_ipc_bytes_codec_get_default() and release_ipc_variant_codec_new().
 * A program writes its own by implementing the interface, from C, Python or
 * JavaScript:
 *
 * |[<!-- language="Python" -->
 * class NumberCodec(GObject.Object, Release.IpcCodec):
 *     def do_encode_request(self, value):
 *         return GLib.Bytes.new(str(value).encode())
 *
 *     def do_decode_request(self, data, message):
 *         message.set_value(int(data.get_data()))
 *         return True
 *
 *     do_encode_response = do_encode_request
 *     do_decode_response = do_decode_request
 * ]|
 *
 * A C program that wants its types checked by the compiler uses
 * RELEASE_DEFINE_IPC_PROTOCOL() instead.
 *
 * What arrives is hostile until a codec has checked it: a codec sets an error
 * for whatever it does not understand, and never trusts a length.
 */

/* The names and quarks of the error domains that a codec has registered. */
#define DOMAINS_KEY "release-ipc-codec-error-domains"

G_DEFINE_INTERFACE (ReleaseIpcCodec, release_ipc_codec, G_TYPE_OBJECT)

static void
release_ipc_codec_default_init (ReleaseIpcCodecInterface *iface)
{
}

/**
 * release_ipc_codec_get_request_type:
 * @self: a #ReleaseIpcCodec
 *
 * Gets the type of the values that requests and events stand for.
 *
 * Returns: the type, or %G_TYPE_INVALID if the codec takes any
 *
 * Since: 0.1
 */
GType
release_ipc_codec_get_request_type (ReleaseIpcCodec *self)
{
  ReleaseIpcCodecInterface *iface;

  g_return_val_if_fail (RELEASE_IS_IPC_CODEC (self), G_TYPE_INVALID);

  iface = RELEASE_IPC_CODEC_GET_IFACE (self);
  return iface->get_request_type != NULL ? iface->get_request_type (self) : G_TYPE_INVALID;
}

/**
 * release_ipc_codec_get_response_type:
 * @self: a #ReleaseIpcCodec
 *
 * Gets the type of the values that responses stand for.
 *
 * Returns: the type, or %G_TYPE_INVALID if the codec takes any
 *
 * Since: 0.1
 */
GType
release_ipc_codec_get_response_type (ReleaseIpcCodec *self)
{
  ReleaseIpcCodecInterface *iface;

  g_return_val_if_fail (RELEASE_IS_IPC_CODEC (self), G_TYPE_INVALID);

  iface = RELEASE_IPC_CODEC_GET_IFACE (self);
  return iface->get_response_type != NULL ? iface->get_response_type (self) : G_TYPE_INVALID;
}

/* The value as the codec wants it: itself if it holds the type, @converted if it transforms. */
static const GValue *
convert_value (const GValue  *value,
               GType          type,
               GValue        *converted,
               GError       **error)
{
  if (type == G_TYPE_INVALID || G_VALUE_HOLDS (value, type))
    return value;

  g_value_init (converted, type);
  if (g_value_transform (value, converted))
    return converted;

  g_value_unset (converted);
  g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
               "A value of type %s was given where the codec takes %s",
               G_VALUE_TYPE_NAME (value), g_type_name (type));
  return NULL;
}

static GBytes *
encode (ReleaseIpcCodec  *self,
        const GValue     *value,
        GType             type,
        GBytes         *(*func) (ReleaseIpcCodec *, const GValue *, GError **),
        GError          **error)
{
  g_auto(GValue) converted = G_VALUE_INIT;
  const GValue *wanted = convert_value (value, type, &converted, error);
  g_autoptr(GError) reason = NULL;
  GBytes *bytes = NULL;

  if (wanted == NULL)
    return NULL;

  if (func != NULL)
    bytes = func (self, wanted, &reason);
  if (bytes != NULL)
    return bytes;

  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                 "%s cannot encode a value of type %s", G_OBJECT_TYPE_NAME (self),
                 G_VALUE_TYPE_NAME (value));
  return NULL;
}

static gboolean
decode (ReleaseIpcCodec    *self,
        GBytes             *bytes,
        ReleaseIpcMessage  *message,
        gboolean          (*func) (ReleaseIpcCodec *, GBytes *, ReleaseIpcMessage *, GError **),
        GError            **error)
{
  g_autoptr(GError) reason = NULL;

  if (func != NULL && func (self, bytes, message, &reason))
    {
      if (release_ipc_message_get_value (message) != NULL)
        return TRUE;

      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                   "%s decoded a message and set no value", G_OBJECT_TYPE_NAME (self));
      return FALSE;
    }

  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                 "%s cannot decode a message of %" G_GSIZE_FORMAT " bytes",
                 G_OBJECT_TYPE_NAME (self), g_bytes_get_size (bytes));
  return FALSE;
}

/**
 * release_ipc_codec_encode_request:
 * @self: a #ReleaseIpcCodec
 * @value: a request or an event
 * @error: return location for a #GError, or %NULL
 *
 * Turns a request or an event into bytes. A value that is not of the type of
 * release_ipc_codec_get_request_type() is transformed if GObject knows how.
 * Fails with what the codec says, else with %RELEASE_IPC_ERROR_CODEC.
 *
 * Returns: (transfer full): the bytes, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_codec_encode_request (ReleaseIpcCodec  *self,
                                  const GValue     *value,
                                  GError          **error)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CODEC (self), NULL);
  g_return_val_if_fail (G_IS_VALUE (value), NULL);

  return encode (self, value, release_ipc_codec_get_request_type (self),
                 RELEASE_IPC_CODEC_GET_IFACE (self)->encode_request, error);
}

/**
 * release_ipc_codec_decode_request:
 * @self: a #ReleaseIpcCodec
 * @bytes: a request or an event
 * @message: where the value goes
 * @error: return location for a #GError, or %NULL
 *
 * Turns the bytes of a request or an event into a value. Fails with what the
 * codec says, else with %RELEASE_IPC_ERROR_CODEC.
 *
 * Returns: %TRUE if @message has its value, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_codec_decode_request (ReleaseIpcCodec    *self,
                                  GBytes             *bytes,
                                  ReleaseIpcMessage  *message,
                                  GError            **error)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CODEC (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (RELEASE_IS_IPC_MESSAGE (message), FALSE);

  return decode (self, bytes, message, RELEASE_IPC_CODEC_GET_IFACE (self)->decode_request, error);
}

/**
 * release_ipc_codec_encode_response:
 * @self: a #ReleaseIpcCodec
 * @value: a response
 * @error: return location for a #GError, or %NULL
 *
 * Turns a response into bytes, as release_ipc_codec_encode_request() does with
 * a request.
 *
 * Returns: (transfer full): the bytes, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_codec_encode_response (ReleaseIpcCodec  *self,
                                   const GValue     *value,
                                   GError          **error)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CODEC (self), NULL);
  g_return_val_if_fail (G_IS_VALUE (value), NULL);

  return encode (self, value, release_ipc_codec_get_response_type (self),
                 RELEASE_IPC_CODEC_GET_IFACE (self)->encode_response, error);
}

/**
 * release_ipc_codec_decode_response:
 * @self: a #ReleaseIpcCodec
 * @bytes: a response
 * @message: where the value goes
 * @error: return location for a #GError, or %NULL
 *
 * Turns the bytes of a response into a value, as
 * release_ipc_codec_decode_request() does with a request.
 *
 * Returns: %TRUE if @message has its value, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_codec_decode_response (ReleaseIpcCodec    *self,
                                   GBytes             *bytes,
                                   ReleaseIpcMessage  *message,
                                   GError            **error)
{
  g_return_val_if_fail (RELEASE_IS_IPC_CODEC (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (RELEASE_IS_IPC_MESSAGE (message), FALSE);

  return decode (self, bytes, message, RELEASE_IPC_CODEC_GET_IFACE (self)->decode_response, error);
}

/**
 * release_ipc_codec_register_error_domain:
 * @self: a #ReleaseIpcCodec
 * @domain: an error domain
 *
 * Lets errors of @domain that a peer answers with keep their domain and code.
 * Errors of all other domains arrive as %RELEASE_IPC_ERROR_REMOTE, so that a
 * peer can neither make up domains, which are never freed, nor fake a failure
 * of the channel: %G_IO_ERROR and %RELEASE_IPC_ERROR cannot be registered.
 * Both ends of a channel need to know the domain by the same name.
 *
 * Since: 0.1
 */
void
release_ipc_codec_register_error_domain (ReleaseIpcCodec *self,
                                         GQuark           domain)
{
  GHashTable *domains;

  g_return_if_fail (RELEASE_IS_IPC_CODEC (self));
  g_return_if_fail (domain != 0);
  g_return_if_fail (domain != G_IO_ERROR && domain != RELEASE_IPC_ERROR);

  domains = g_object_get_data (G_OBJECT (self), DOMAINS_KEY);
  if (domains == NULL)
    {
      domains = g_hash_table_new (g_str_hash, g_str_equal);
      g_object_set_data_full (G_OBJECT (self), DOMAINS_KEY, domains,
                              (GDestroyNotify) g_hash_table_unref);
    }

  g_hash_table_insert (domains, (gpointer) g_quark_to_string (domain), GUINT_TO_POINTER (domain));
}

/* The quark of a registered domain, or 0. */
GQuark
release_ipc_codec_find_error_domain (ReleaseIpcCodec *self,
                                     const char      *name)
{
  GHashTable *domains = g_object_get_data (G_OBJECT (self), DOMAINS_KEY);

  return domains != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (domains, name)) : 0;
}

static gboolean
check_present (ReleaseIpcCodec  *self,
               GError          **error)
{
  if (self != NULL)
    return TRUE;

  g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                       "The channel has no codec");
  return FALSE;
}

GBytes *
release_ipc_codec_encode_value (ReleaseIpcCodec       *self,
                                const GValue          *value,
                                ReleaseIpcEncodeFunc   func,
                                GError               **error)
{
  return check_present (self, error) ? func (self, value, error) : NULL;
}

gboolean
release_ipc_codec_decode_value (ReleaseIpcCodec       *self,
                                GBytes                *bytes,
                                GValue                *value,
                                ReleaseIpcDecodeFunc   func,
                                GError               **error)
{
  g_autoptr(ReleaseIpcMessage) message = NULL;
  const GValue *decoded;

  if (!check_present (self, error))
    return FALSE;

  message = release_ipc_message_new (bytes);
  if (!func (self, bytes, message, error))
    return FALSE;

  decoded = release_ipc_message_get_value (message);
  if (value != NULL)
    {
      g_value_init (value, G_VALUE_TYPE (decoded));
      g_value_copy (decoded, value);
    }

  return TRUE;
}
