/* release-tests/ipc/codec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-codec-private.h"
#include "release/release.h"

#include <string.h>

typedef enum
{
  MISBEHAVES_NOT,
  MISBEHAVES_WITH_ERROR,
  MISBEHAVES_WITHOUT_ERROR,
  MISBEHAVES_WITHOUT_VALUE,
} Misbehaviour;

/* A codec of any value that fails as it is told. */
#define TYPE_BAD_CODEC (bad_codec_get_type ())
G_DECLARE_FINAL_TYPE (BadCodec, bad_codec, BAD, CODEC, GObject)

struct _BadCodec
{
  GObject      parent_instance;

  Misbehaviour misbehaviour;
};

static void bad_codec_iface_init (ReleaseIpcCodecInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BadCodec, bad_codec, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELEASE_TYPE_IPC_CODEC, bad_codec_iface_init))

static GBytes *
bad_codec_encode (ReleaseIpcCodec  *codec,
                  const GValue     *value,
                  GError          **error)
{
  if (BAD_CODEC (codec)->misbehaviour == MISBEHAVES_WITH_ERROR)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAULT, "My own reason");
  return NULL;
}

static gboolean
bad_codec_decode (ReleaseIpcCodec    *codec,
                  GBytes             *bytes,
                  ReleaseIpcMessage  *message,
                  GError            **error)
{
  if (BAD_CODEC (codec)->misbehaviour == MISBEHAVES_WITH_ERROR)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAULT, "My own reason");
  return BAD_CODEC (codec)->misbehaviour == MISBEHAVES_WITHOUT_VALUE;
}

static void
bad_codec_iface_init (ReleaseIpcCodecInterface *iface)
{
  iface->encode_request = bad_codec_encode;
  iface->decode_request = bad_codec_decode;
  iface->encode_response = bad_codec_encode;
  iface->decode_response = bad_codec_decode;
}

static void
bad_codec_class_init (BadCodecClass *klass)
{
}

static void
bad_codec_init (BadCodec *self)
{
}

/* A codec without a single function. */
#define TYPE_EMPTY_CODEC (empty_codec_get_type ())
G_DECLARE_FINAL_TYPE (EmptyCodec, empty_codec, EMPTY, CODEC, GObject)

struct _EmptyCodec
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (EmptyCodec, empty_codec, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELEASE_TYPE_IPC_CODEC, NULL))

static void
empty_codec_class_init (EmptyCodecClass *klass)
{
}

static void
empty_codec_init (EmptyCodec *self)
{
}

static GBytes *
encode_string (ReleaseIpcCodec  *codec,
               const char       *text,
               GError          **error)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  return release_ipc_codec_encode_request (codec, &value, error);
}

static void
test_codec_string (void)
{
  static const char *const texts[] = { "", "a", "ÄÖ €", "two\nlines" };
  ReleaseIpcCodec *codec = release_ipc_string_codec_get_default ();

  g_test_summary ("The string codec sends the text without its NUL, and an empty text stays one");

  g_assert_true (codec == release_ipc_string_codec_get_default ());
  g_assert_true (release_ipc_codec_get_request_type (codec) == G_TYPE_STRING);
  g_assert_true (release_ipc_codec_get_response_type (codec) == G_TYPE_STRING);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = encode_string (codec, texts[i], &error);
      g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, strlen (texts[i]));
      g_assert_true (release_ipc_codec_decode_response (codec, bytes, message, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (release_ipc_message_get_string (message), ==, texts[i]);
      g_assert_true (release_ipc_message_get_bytes (message) == bytes);
    }
}

static void
test_codec_string_refuses (void)
{
  static const struct { const char *bytes; gsize length; } cases[] = {
    { "\xff", 1 }, { "a\0b", 3 }, { "a\0", 2 }, { "\0", 1 }, { "\xc3", 1 }, { "\xed\xa0\x80", 3 },
  };
  ReleaseIpcCodec *codec = release_ipc_string_codec_get_default ();
  g_autoptr(GError) null_error = NULL;
  g_autoptr(GError) bad_error = NULL;

  g_test_summary ("What is no text, or contains a NUL, is refused, both ways");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = g_bytes_new (cases[i].bytes, cases[i].length);
      g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);

      g_assert_false (release_ipc_codec_decode_request (codec, bytes, message, &error));
      g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
      g_assert_null (release_ipc_message_get_value (message));
    }

  g_assert_null (encode_string (codec, NULL, &null_error));
  g_assert_error (null_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_null (encode_string (codec, "\xff", &bad_error));
  g_assert_error (bad_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
}

static void
test_codec_bytes (void)
{
  ReleaseIpcCodec *codec = release_ipc_bytes_codec_get_default ();
  g_autoptr(GBytes) bytes = g_bytes_new ("a\0b", 3);
  g_autoptr(GBytes) encoded = NULL;
  g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) null = G_VALUE_INIT;

  g_test_summary ("The bytes codec passes bytes on as they are; NULL is none");

  g_value_init (&value, G_TYPE_BYTES);
  g_value_set_boxed (&value, bytes);
  encoded = release_ipc_codec_encode_response (codec, &value, &error);
  g_assert_no_error (error);
  g_assert_true (encoded == bytes);
  g_assert_true (release_ipc_codec_decode_response (codec, bytes, message, &error));
  g_assert_true (g_value_get_boxed (release_ipc_message_get_value (message)) == bytes);
  g_assert_null (release_ipc_message_get_string (message));

  g_value_init (&null, G_TYPE_BYTES);
  g_assert_null (release_ipc_codec_encode_request (codec, &null, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
}

static void
test_codec_transform (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_auto(GValue) number = G_VALUE_INIT;
  g_auto(GValue) object = G_VALUE_INIT;

  g_test_summary ("A value of another type is transformed if GObject knows how, else the error "
                  "names both types");

  g_value_init (&number, G_TYPE_INT);
  g_value_set_int (&number, -42);
  bytes = release_ipc_codec_encode_request (release_ipc_string_codec_get_default (), &number,
                                            &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "-42", 3);

  g_value_init (&object, G_TYPE_OBJECT);
  g_assert_null (release_ipc_codec_encode_request (release_ipc_bytes_codec_get_default (), &object,
                                                   &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_nonnull (strstr (error->message, "GObject"));
  g_assert_nonnull (strstr (error->message, "GBytes"));
}

static GBytes *
encode_variant (ReleaseIpcCodec  *codec,
                GVariant         *variant,
                GError          **error)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, variant);
  return release_ipc_codec_encode_request (codec, &value, error);
}

static void
test_codec_variant (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseIpcCodec) codec = release_ipc_variant_codec_new ("(sua{sv})", "s", &error);
  g_autoptr(GVariant) variant = g_variant_ref_sink (
    g_variant_new_parsed ("('text', uint32 7, {'key': <[1, 2, 3]>})"));
  g_autoptr(GBytes) bytes = encode_variant (codec, variant, &error);

  g_test_summary ("The variant codec carries a value of its type, from memory of any alignment");

  g_assert_no_error (error);
  for (guint shift = 0; shift < 8; shift++)
    {
      g_autofree guint8 *memory = g_malloc (g_bytes_get_size (bytes) + shift);
      g_autoptr(GBytes) shifted = NULL;
      g_autoptr(ReleaseIpcMessage) message = NULL;

      memcpy (memory + shift, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      shifted = g_bytes_new_static (memory + shift, g_bytes_get_size (bytes));
      message = release_ipc_message_new (shifted);
      g_assert_true (release_ipc_codec_decode_request (codec, shifted, message, &error));
      g_assert_no_error (error);
      g_assert_true (g_variant_equal (
        g_value_get_variant (release_ipc_message_get_value (message)), variant));
    }
}

static void
test_codec_variant_refuses (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseIpcCodec) codec = release_ipc_variant_codec_new ("as", "b", &error);
  g_autoptr(GVariant) other = g_variant_ref_sink (g_variant_new_uint32 (1));
  static const struct { const char *bytes; gsize length; } requests[] = {
    { "abc", 3 }, { "a\0b\0\2\7", 6 }, { "ab\xff\0\4", 5 },
  };

  g_test_summary ("A value of another type, and a message that is not in normal form, are refused");

  g_assert_null (encode_variant (codec, other, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_nonnull (strstr (error->message, "type u was given where the codec takes as"));
  g_clear_error (&error);
  g_assert_null (encode_variant (codec, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (requests[i].bytes, requests[i].length);
      g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);

      g_clear_error (&error);
      g_assert_false (release_ipc_codec_decode_request (codec, bytes, message, &error));
      g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
    }
}

static void
test_codec_variant_normalizes (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseIpcCodec) codec = release_ipc_variant_codec_new ("b", "b", &error);
  g_autoptr(GBytes) odd = g_bytes_new ("\5", 1);
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("b"),
                                                                              odd, FALSE));
  g_autoptr(GBytes) bytes = encode_variant (codec, variant, &error);
  g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);

  g_test_summary ("A value that is not in normal form is sent in normal form, so the peer takes "
                  "it");

  g_assert_no_error (error);
  g_assert_true (release_ipc_codec_decode_request (codec, bytes, message, &error));
  g_assert_no_error (error);
}

static void
test_codec_variant_types (void)
{
  static const char *const bad[] = { "", "a", "(s", "ss", "*", "a*", "r", "s\xff" };

  g_test_summary ("A type that is not valid, or stands for several, makes no codec");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) request_error = NULL;
      g_autoptr(GError) response_error = NULL;

      g_assert_null (release_ipc_variant_codec_new (bad[i], "s", &request_error));
      g_assert_error (request_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
      g_assert_null (release_ipc_variant_codec_new ("s", bad[i], &response_error));
      g_assert_error (response_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
      g_assert_true (g_utf8_validate (response_error->message, -1, NULL));
    }
}

static void
test_codec_failing (gconstpointer user_data)
{
  g_autoptr(BadCodec) bad = g_object_new (TYPE_BAD_CODEC, NULL);
  ReleaseIpcCodec *codec = RELEASE_IPC_CODEC (bad);
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);
  g_autoptr(GError) encode_error = NULL;
  g_autoptr(GError) decode_error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;

  g_test_summary ("A codec that fails gives its own error; one that fails without, or succeeds "
                  "without a value, gives ours with its name");

  bad->misbehaviour = GPOINTER_TO_INT (user_data);
  g_value_init (&value, G_TYPE_INT);
  g_assert_true (release_ipc_codec_get_request_type (codec) == G_TYPE_INVALID);
  g_assert_null (release_ipc_codec_encode_response (codec, &value, &encode_error));
  g_assert_false (release_ipc_codec_decode_response (codec, bytes, message, &decode_error));

  if (bad->misbehaviour == MISBEHAVES_WITH_ERROR)
    {
      g_assert_error (encode_error, G_FILE_ERROR, G_FILE_ERROR_FAULT);
      g_assert_error (decode_error, G_FILE_ERROR, G_FILE_ERROR_FAULT);
      return;
    }
  g_assert_error (encode_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_error (decode_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_nonnull (strstr (encode_error->message, "BadCodec"));
  g_assert_nonnull (strstr (decode_error->message, "BadCodec"));
}

static void
test_codec_empty (void)
{
  g_autoptr(EmptyCodec) empty = g_object_new (TYPE_EMPTY_CODEC, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr(ReleaseIpcMessage) message = release_ipc_message_new (bytes);
  g_autoptr(GError) encode_error = NULL;
  g_autoptr(GError) decode_error = NULL;

  g_test_summary ("A codec that implements nothing fails with an error");

  g_assert_null (encode_string (RELEASE_IPC_CODEC (empty), "x", &encode_error));
  g_assert_error (encode_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_false (release_ipc_codec_decode_request (RELEASE_IPC_CODEC (empty), bytes, message,
                                                    &decode_error));
  g_assert_error (decode_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
}

static void
test_codec_domains (void)
{
  g_autoptr(BadCodec) bad = g_object_new (TYPE_BAD_CODEC, NULL);
  ReleaseIpcCodec *codec = RELEASE_IPC_CODEC (bad);
  GQuark unknown;

  g_test_summary ("Only domains that were registered are found, and looking makes no quark");

  g_assert_cmpuint (release_ipc_codec_find_error_domain (codec, "g-file-error-quark"), ==, 0);
  release_ipc_codec_register_error_domain (codec, G_FILE_ERROR);
  release_ipc_codec_register_error_domain (codec, G_FILE_ERROR);
  g_assert_cmpuint (release_ipc_codec_find_error_domain (codec, "g-file-error-quark"), ==,
                    G_FILE_ERROR);
  g_assert_cmpuint (release_ipc_codec_find_error_domain (codec, "no-such-domain-yet"), ==, 0);
  unknown = g_quark_try_string ("no-such-domain-yet");
  g_assert_cmpuint (unknown, ==, 0);
}

static void
test_message_value (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  ReleaseIpcMessage *message = release_ipc_message_new (bytes);
  g_auto(GValue) number = G_VALUE_INIT;
  g_auto(GValue) text = G_VALUE_INIT;

  g_test_summary ("A message has no value until one is set; a second takes the place of the first");

  g_assert_null (release_ipc_message_get_value (message));
  g_assert_null (release_ipc_message_get_string (message));
  g_value_init (&number, G_TYPE_INT);
  release_ipc_message_set_value (message, &number);
  g_assert_true (G_VALUE_HOLDS_INT (release_ipc_message_get_value (message)));
  g_value_init (&text, G_TYPE_STRING);
  g_value_set_string (&text, "text");
  release_ipc_message_set_value (message, &text);
  g_assert_cmpstr (release_ipc_message_get_string (message), ==, "text");
  g_assert_finalize_object (message);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/codec/string", test_codec_string);
  g_test_add_func ("/codec/string-refuses", test_codec_string_refuses);
  g_test_add_func ("/codec/bytes", test_codec_bytes);
  g_test_add_func ("/codec/transform", test_codec_transform);
  g_test_add_func ("/codec/variant", test_codec_variant);
  g_test_add_func ("/codec/variant-refuses", test_codec_variant_refuses);
  g_test_add_func ("/codec/variant-normalizes", test_codec_variant_normalizes);
  g_test_add_func ("/codec/variant-types", test_codec_variant_types);
  g_test_add_data_func ("/codec/failing/with-error", GINT_TO_POINTER (MISBEHAVES_WITH_ERROR),
                        test_codec_failing);
  g_test_add_data_func ("/codec/failing/without-error", GINT_TO_POINTER (MISBEHAVES_WITHOUT_ERROR),
                        test_codec_failing);
  g_test_add_data_func ("/codec/failing/without-value", GINT_TO_POINTER (MISBEHAVES_WITHOUT_VALUE),
                        test_codec_failing);
  g_test_add_func ("/codec/empty", test_codec_empty);
  g_test_add_func ("/codec/domains", test_codec_domains);
  g_test_add_func ("/message/value", test_message_value);

  return g_test_run ();
}
