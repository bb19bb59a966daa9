/* release/ipc/release-ipc-frame.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-frame-private.h"

#include "release/base/release-error-private.h"
#include "release/ipc/release-ipc-block-private.h"
#include "release/ipc/release-ipc-error.h"
#include "release/ipc/release-ipc-memfd-private.h"

#include <string.h>

static const guint8 hello_magic[4] = { 'R', 'L', 'S', 'E' };

/* @capacity: the sizes of its frames, in sum. They own it together. */
ReleaseIpcBatch *
release_ipc_batch_new (ReleasePool *pool,
                       gsize        capacity)
{
  ReleaseIpcBatch *self = release_pool_take (pool, sizeof (ReleaseIpcBatch) + capacity);

  self->pool = pool;
  self->n_frames = 0;
  self->ref_count = 1;
  self->capacity = capacity;
  self->fill = 0;

  return self;
}

/* In any thread. */
static void
batch_unref (gpointer data)
{
  ReleaseIpcBatch *self = data;

  if (g_atomic_int_dec_and_test (&self->ref_count))
    g_free (self);
}

/* The last of its frames has gone. Where no bytes are left either, nobody else knows it. */
static void
batch_let_go (ReleaseIpcBatch *self)
{
  if (g_atomic_int_get (&self->ref_count) == 1)
    release_pool_give (self->pool, self, sizeof (ReleaseIpcBatch) + self->capacity);
  else
    batch_unref (self);
}

/* Copies @data, and ends it with a NUL: a body that is text can be used as it is. */
ReleaseIpcFrame *
release_ipc_batch_add (ReleaseIpcBatch *self,
                       gconstpointer    data,
                       gsize            length)
{
  ReleaseIpcFrame *frame = (ReleaseIpcFrame *) (gpointer) (self->memory + self->fill);

  self->fill += release_ipc_frame_get_size (length);
  g_assert (self->fill <= self->capacity);

  self->n_frames++;
  *frame = (ReleaseIpcFrame) { .link.data = frame, .batch = self, .length = length };
  frame->data = frame->small;
  if (length > 0)
    memcpy (frame->data, data, length);
  frame->data[length] = '\0';

  return frame;
}

/* A batch of one. */
ReleaseIpcFrame *
release_ipc_frame_new (ReleasePool   *pool,
                       gconstpointer  data,
                       gsize          length)
{
  return release_ipc_batch_add (release_ipc_batch_new (pool, release_ipc_frame_get_size (length)),
                                data, length);
}

/* @data: (transfer full): a block, with a NUL behind @length bytes */
ReleaseIpcFrame *
release_ipc_frame_new_take (ReleasePool *pool,
                            guint8      *data,
                            gsize        length)
{
  ReleaseIpcFrame *self = release_ipc_frame_new (pool, NULL, 0);

  self->length = length;
  self->data = self->memory = data;

  return self;
}

void
release_ipc_frame_free (ReleaseIpcFrame *self)
{
  if (self->memory != NULL)
    release_ipc_block_free (self->memory);
  if (self->bytes != NULL)
    g_bytes_unref (self->bytes);
  if (self->copy != NULL)
    release_ipc_memfd_drop_copy (self);
  if (--self->batch->n_frames == 0)
    batch_let_go (self->batch);
}

/* The body as bytes that outlive the frame: a copy only if they would keep other frames' memory.
 * (transfer none) */
GBytes *
release_ipc_frame_get_bytes (ReleaseIpcFrame *self)
{
  if (self->bytes != NULL)
    return self->bytes;

  if (self->memory == NULL && release_ipc_frame_get_size (self->length) < self->batch->capacity)
    self->bytes = g_bytes_new (self->data + self->offset, self->length - self->offset);

  return release_ipc_frame_share_bytes (self);
}

/* As release_ipc_frame_get_bytes (), but never a copy: for bytes that are mostly gone in a moment.
 * (transfer none) */
GBytes *
release_ipc_frame_share_bytes (ReleaseIpcFrame *self)
{
  gconstpointer body = self->data + self->offset;
  gsize length = self->length - self->offset;

  if (self->bytes != NULL)
    return self->bytes;

  if (self->memory != NULL)
    {
      self->bytes = g_bytes_new_with_free_func (body, length, release_ipc_block_free,
                                                g_steal_pointer (&self->memory));
    }
  else
    {
      g_atomic_int_inc (&self->batch->ref_count);
      self->bytes = g_bytes_new_with_free_func (body, length, batch_unref, self->batch);
    }

  return self->bytes;
}

/* The body as text with a NUL at its end, or NULL if it is not UTF-8 or contains a NUL. */
const char *
release_ipc_frame_get_text (ReleaseIpcFrame *self)
{
  gsize length;
  const char *text = release_ipc_frame_get_body (self, &length);

  if (length == 0)
    return "";
  if (!g_utf8_validate_len (text, length, NULL))
    return NULL;
  if ((self->envelope.flags & RELEASE_IPC_FLAG_MEMFD) == 0)
    return text;

  if (self->memory == NULL)
    {
      self->memory = release_ipc_block_new (length + 1);
      if (self->memory == NULL)
        return NULL;
      memcpy (self->memory, text, length);
      self->memory[length] = '\0';
    }

  return (const char *) self->memory;
}

/* Whether @in begins with an envelope that this version understands. */
static inline gboolean
is_envelope (const guint8 *in,
             gsize         length)
{
  return length >= RELEASE_IPC_ENVELOPE_SIZE &&
         in[0] >= RELEASE_IPC_KIND_HELLO && in[0] <= RELEASE_IPC_KIND_CANCEL &&
         (in[1] & RELEASE_IPC_FLAGS_MANDATORY & ~RELEASE_IPC_FLAG_MEMFD) == 0 && in[3] == 0 &&
         (in[0] != RELEASE_IPC_KIND_CANCEL || length == RELEASE_IPC_ENVELOPE_SIZE);
}

/* Says why is_envelope () is FALSE. */
G_NO_INLINE static gboolean
refuse_envelope (const guint8  *in,
                 gsize          length,
                 GError       **error)
{
  if (length < RELEASE_IPC_ENVELOPE_SIZE)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "Frame of %" G_GSIZE_FORMAT " bytes is too short for an envelope of %d",
                 length, RELEASE_IPC_ENVELOPE_SIZE);
  else if (in[0] < RELEASE_IPC_KIND_HELLO || in[0] > RELEASE_IPC_KIND_CANCEL)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "Envelope is of unknown kind %u", in[0]);
  else if ((in[1] & RELEASE_IPC_FLAGS_MANDATORY & ~RELEASE_IPC_FLAG_MEMFD) != 0)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "Envelope has the unknown flags 0x%02x",
                 in[1] & RELEASE_IPC_FLAGS_MANDATORY & ~RELEASE_IPC_FLAG_MEMFD);
  else if (in[3] != 0)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "Envelope has %u in its reserved byte", in[3]);
  else
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "Cancel has a body of %" G_GSIZE_FORMAT " bytes",
                 length - RELEASE_IPC_ENVELOPE_SIZE);

  return FALSE;
}

gboolean
release_ipc_envelope_unpack (ReleaseIpcEnvelope  *self,
                             const guint8        *in,
                             gsize                length,
                             GError             **error)
{
  if (!is_envelope (in, length))
    return refuse_envelope (in, length, error);

  self->kind = in[0];
  self->flags = in[1];
  self->n_fds = in[2];
  self->serial = release_bytes_read_uint32 (in + 4, RELEASE_IPC_WIRE_ORDER);
  self->timeout_msec = release_bytes_read_uint32 (in + 8, RELEASE_IPC_WIRE_ORDER);
  return TRUE;
}

/* Reads the envelope off the payload: from here on the body is what follows it. */
gboolean
release_ipc_frame_open_envelope (ReleaseIpcFrame  *self,
                                 GError          **error)
{
  if (!release_ipc_envelope_unpack (&self->envelope, self->data, self->length, error))
    return FALSE;

  self->offset = RELEASE_IPC_ENVELOPE_SIZE;
  return TRUE;
}

/* The frame of a message whose body travels in a memfd, made from @head: the length and the envelope
 * of the same message with its body behind it. @out has RELEASE_IPC_MEMFD_FRAME_SIZE bytes. */
void
release_ipc_memfd_frame_pack (const guint8 *head,
                              guint8       *out)
{
  guint8 *envelope = out + RELEASE_IPC_LENGTH_SIZE;

  release_ipc_length_pack (RELEASE_IPC_MEMFD_FRAME_SIZE - RELEASE_IPC_LENGTH_SIZE, out);
  memcpy (envelope, head + RELEASE_IPC_LENGTH_SIZE, RELEASE_IPC_ENVELOPE_SIZE);
  envelope[1] |= RELEASE_IPC_FLAG_MEMFD;
  envelope[2] = 1;
  release_ipc_length_pack (release_ipc_length_unpack (head) - RELEASE_IPC_ENVELOPE_SIZE,
                           envelope + RELEASE_IPC_ENVELOPE_SIZE);
}

void
release_ipc_hello_pack (const ReleaseIpcHello *self,
                        guint8                *out)
{
  memcpy (out, hello_magic, sizeof hello_magic);
  release_bytes_write_uint16 (out + 4, self->lowest, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint16 (out + 6, self->highest, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint32 (out + 8, self->features, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint32 (out + 12, self->max_message, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint32 (out + 16, self->max_in_flight, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint32 (out + 20, self->max_fds, RELEASE_IPC_WIRE_ORDER);
}

gboolean
release_ipc_hello_unpack (ReleaseIpcHello  *self,
                          const guint8     *in,
                          gsize             length,
                          GError          **error)
{
  ReleaseIpcHello hello = { 0 };

  if (length < RELEASE_IPC_HELLO_SIZE || memcmp (in, hello_magic, sizeof hello_magic) != 0)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                   "Hello of %" G_GSIZE_FORMAT " bytes is none of this protocol", length);
      return FALSE;
    }

  hello.lowest = release_bytes_read_uint16 (in + 4, RELEASE_IPC_WIRE_ORDER);
  hello.highest = release_bytes_read_uint16 (in + 6, RELEASE_IPC_WIRE_ORDER);
  hello.features = release_bytes_read_uint32 (in + 8, RELEASE_IPC_WIRE_ORDER);
  hello.max_message = release_bytes_read_uint32 (in + 12, RELEASE_IPC_WIRE_ORDER);
  hello.max_in_flight = release_bytes_read_uint32 (in + 16, RELEASE_IPC_WIRE_ORDER);
  hello.max_fds = release_bytes_read_uint32 (in + 20, RELEASE_IPC_WIRE_ORDER);

  if (hello.lowest == 0 || hello.lowest > hello.highest)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                   "Hello has the versions %u to %u", hello.lowest, hello.highest);
      return FALSE;
    }
  if (hello.lowest > RELEASE_IPC_VERSION)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                   "The peer speaks no version below %u, this side none above %u",
                   hello.lowest, RELEASE_IPC_VERSION);
      return FALSE;
    }
  if (hello.max_message < RELEASE_IPC_MAX_MESSAGE_MIN || hello.max_in_flight == 0)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                   "Hello has impossible limits: messages of %u bytes, %u in flight",
                   hello.max_message, hello.max_in_flight);
      return FALSE;
    }

  *self = hello;
  return TRUE;
}

/* How many bytes of @text fit into @max without cutting a character. */
static gsize
fitting_length (const char *text,
                gsize       max)
{
  gsize length = strlen (text);

  if (length <= max)
    return length;

  while (max > 0 && ((guint8) text[max] & 0xc0) == 0x80)
    max--;

  return max;
}

/* @out has room for RELEASE_IPC_ERROR_SIZE_MAX bytes; @max_length, which may be less but not less
 * than 8, is what the peer takes. Returns how many were written. */
gsize
release_ipc_error_body_pack (const GError *failure,
                             guint8       *out,
                             gsize         max_length)
{
  const char *domain = g_quark_to_string (failure->domain);
  g_autofree char *message = g_utf8_make_valid (failure->message, -1);
  gsize room = MIN (max_length, RELEASE_IPC_ERROR_SIZE_MAX) - 8;
  gsize domain_len = fitting_length (domain, MIN (room, RELEASE_IPC_ERROR_DOMAIN_MAX));
  gsize message_len = fitting_length (message,
                                      MIN (room - domain_len, RELEASE_IPC_ERROR_MESSAGE_MAX));

  release_bytes_write_uint32 (out, failure->code, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint16 (out + 4, domain_len, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint16 (out + 6, message_len, RELEASE_IPC_WIRE_ORDER);
  memcpy (out + 8, domain, domain_len);
  memcpy (out + 8 + domain_len, message, message_len);

  return 8 + domain_len + message_len;
}

static char *
dup_text (const guint8 *in,
          gsize         length)
{
  if (!g_utf8_validate_len ((const char *) in, length, NULL))
    return NULL;

  return g_strndup ((const char *) in, length);
}

gboolean
release_ipc_error_body_unpack (const guint8  *in,
                               gsize          length,
                               char         **domain,
                               int           *code,
                               char         **message,
                               GError       **error)
{
  g_autofree char *domain_text = NULL;
  g_autofree char *message_text = NULL;
  gsize domain_len = length >= 8 ? release_bytes_read_uint16 (in + 4, RELEASE_IPC_WIRE_ORDER) : 0;
  gsize message_len = length >= 8 ? release_bytes_read_uint16 (in + 6, RELEASE_IPC_WIRE_ORDER) : 0;

  if (length < 8 || length != 8 + domain_len + message_len ||
      domain_len > RELEASE_IPC_ERROR_DOMAIN_MAX || message_len > RELEASE_IPC_ERROR_MESSAGE_MAX)
    {
      g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                   "Error of %" G_GSIZE_FORMAT " bytes is malformed", length);
      return FALSE;
    }

  domain_text = dup_text (in + 8, domain_len);
  message_text = dup_text (in + 8 + domain_len, message_len);
  if (domain_text == NULL || message_text == NULL)
    {
      g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                           "Error holds text that is not UTF-8");
      return FALSE;
    }

  *domain = g_steal_pointer (&domain_text);
  *code = (gint32) release_bytes_read_uint32 (in, RELEASE_IPC_WIRE_ORDER);
  *message = g_steal_pointer (&message_text);
  return TRUE;
}
