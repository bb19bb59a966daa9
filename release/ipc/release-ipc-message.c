/* release/ipc/release-ipc-message.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-message.h"

#include "release/ipc/release-ipc-codec-private.h"

/**
 * SECTION:release-ipc-message
 * @title: ReleaseIpcMessage
 * @short_description: a message and the value that it stands for
 *
 * A #ReleaseIpcMessage carries the bytes of a message that has arrived and,
 * once a #ReleaseIpcCodec has decoded them, the value. A codec receives one
 * to put the value in; a handler of #ReleaseIpcChannel::event receives one to
 * read.
 */

struct _ReleaseIpcMessage
{
  GObject  parent_instance;

  GBytes  *bytes;
  GValue   value;    /* unset until a codec has set it */
};

G_DEFINE_FINAL_TYPE (ReleaseIpcMessage, release_ipc_message, G_TYPE_OBJECT)

static void
release_ipc_message_finalize (GObject *object)
{
  ReleaseIpcMessage *self = RELEASE_IPC_MESSAGE (object);

  g_bytes_unref (self->bytes);
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);

  G_OBJECT_CLASS (release_ipc_message_parent_class)->finalize (object);
}

static void
release_ipc_message_class_init (ReleaseIpcMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = release_ipc_message_finalize;
}

static void
release_ipc_message_init (ReleaseIpcMessage *self)
{
}

ReleaseIpcMessage *
release_ipc_message_new (GBytes *bytes)
{
  ReleaseIpcMessage *self = g_object_new (RELEASE_TYPE_IPC_MESSAGE, NULL);

  self->bytes = g_bytes_ref (bytes);
  return self;
}

/**
 * release_ipc_message_get_bytes:
 * @self: a #ReleaseIpcMessage
 *
 * Gets the message as it came over the wire.
 *
 * Returns: (transfer none): the bytes
 *
 * Since: 0.1
 */
GBytes *
release_ipc_message_get_bytes (ReleaseIpcMessage *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_MESSAGE (self), NULL);

  return self->bytes;
}

/**
 * release_ipc_message_get_value:
 * @self: a #ReleaseIpcMessage
 *
 * Gets what the codec decoded.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL if there is none
 *
 * Since: 0.1
 */
const GValue *
release_ipc_message_get_value (ReleaseIpcMessage *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_MESSAGE (self), NULL);

  return G_IS_VALUE (&self->value) ? &self->value : NULL;
}

/**
 * release_ipc_message_set_value:
 * @self: a #ReleaseIpcMessage
 * @value: what the message means
 *
 * Sets the value, in the place of one set before. Codecs call it from their
 * decoding functions.
 *
 * Since: 0.1
 */
void
release_ipc_message_set_value (ReleaseIpcMessage *self,
                               const GValue      *value)
{
  g_return_if_fail (RELEASE_IS_IPC_MESSAGE (self));
  g_return_if_fail (G_IS_VALUE (value));

  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_value_init (&self->value, G_VALUE_TYPE (value));
  g_value_copy (value, &self->value);
}

/**
 * release_ipc_message_get_string:
 * @self: a #ReleaseIpcMessage
 *
 * Gets the value if it is a string.
 *
 * Returns: (transfer none) (nullable): the text, or %NULL if the value is
 *   something else
 *
 * Since: 0.1
 */
const char *
release_ipc_message_get_string (ReleaseIpcMessage *self)
{
  g_return_val_if_fail (RELEASE_IS_IPC_MESSAGE (self), NULL);

  return G_VALUE_HOLDS_STRING (&self->value) ? g_value_get_string (&self->value) : NULL;
}
