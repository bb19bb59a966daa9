/* release/buffer/release-buffer.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/buffer/release-buffer.h"

#include "release/base/release-i18n-private.h"

#include <string.h>

/**
 * SECTION:release-buffer
 * @title: ReleaseBuffer
 * @short_description: bytes for binary protocols
 *
 * A #ReleaseBuffer holds bytes. They are added behind, changed in place, and
 * taken off in front, which costs nothing: what is left is not moved. It is what
 * the input and output functions of the library read into and write from, and
 * what integers are written to and read from.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
 *   guint32 length;
 *
 *   if (!release_buffer_write_uint32 (buffer, 5, RELEASE_BYTE_ORDER_BIG, &error) ||
 *       !release_buffer_append_string (buffer, "hello", &error))
 *     return FALSE;
 *
 *   if (!release_buffer_read_uint32 (buffer, RELEASE_BYTE_ORDER_BIG, &length, &error))
 *     return FALSE;
 *   // now the buffer holds "hello"
 * ]|
 *
 * Every offset and every length is checked. One that goes past the end is an
 * error, %RELEASE_BUFFER_ERROR_OUT_OF_RANGE; in release_buffer_get_byte() and
 * release_buffer_set_byte(), which have no place for an error, it is a mistake
 * of the programmer that is logged as critical. A function that fails has
 * changed nothing. The memory grows with what is in it, at least by half of it
 * at a time, up to a limit if one is set: more than that is the error
 * %RELEASE_BUFFER_ERROR_LIMIT.
 *
 * release_buffer_sub() makes a view: a buffer whose bytes are those of another
 * one, and which keeps them alive. What is changed in place through one of them
 * is seen through the other. Either can be truncated and consumed on its own.
 * As soon as one of them gets longer, it gets memory of its own first, and they
 * share nothing any more: a view never writes past its end into the buffer that
 * it was made of.
 *
 * release_buffer_to_bytes() and release_buffer_new_from_bytes() do not copy
 * either. Since a #GBytes never changes, the buffer that is changed while such a
 * #GBytes lives gets memory of its own first.
 *
 * A buffer, with all that shares its memory, is used by one thread at a time.
 * References can be taken and dropped in any thread.
 */

#define MIN_CAPACITY_BYTES 64

/* A GBytes of less than one part in so many of the memory is a copy that does not hold the rest. */
#define WORTH_SHARING 4

typedef struct
{
  gatomicrefcount  ref_count;   /* buffers and GBytes that show it */
  int              n_bytes;     /* (atomic): GBytes that show it: meanwhile nobody writes */
  GBytes          *bytes;       /* (nullable) (owned): those whose memory it is */
  guint8          *data;
  gsize            capacity;
} Memory;

/* What an empty buffer without memory shows: it has an address like any other. */
static guint8 nothing[1];

G_DEFINE_BOXED_TYPE (ReleaseBuffer, release_buffer, release_buffer_ref, release_buffer_unref)
G_DEFINE_QUARK (release-buffer-error-quark, release_buffer_error)
G_DEFINE_ENUM_TYPE (ReleaseBufferError, release_buffer_error,
                    G_DEFINE_ENUM_VALUE (RELEASE_BUFFER_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RELEASE_BUFFER_ERROR_OUT_OF_RANGE, "out-of-range"),
                    G_DEFINE_ENUM_VALUE (RELEASE_BUFFER_ERROR_LIMIT, "limit"))

/* @data: (transfer full): of @capacity bytes */
static Memory *
memory_new (guint8 *data,
            gsize   capacity)
{
  Memory *self = g_new0 (Memory, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->data = data;
  self->capacity = capacity;

  return self;
}

static void
memory_unref (Memory *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->bytes != NULL)
    g_bytes_unref (self->bytes);
  else
    g_free (self->data);
  g_free (self);
}

/* A GBytes that showed the memory is gone; in whatever thread. */
static void
memory_unpin (gpointer data)
{
  Memory *self = data;

  g_atomic_int_add (&self->n_bytes, -1);
  memory_unref (self);
}

/* Whether the memory shows in no other buffer and no GBytes. */
static gboolean
is_alone (const ReleaseBuffer *self)
{
  Memory *memory = self->memory;

  return memory != NULL && memory->bytes == NULL &&
         g_atomic_ref_count_compare (&memory->ref_count, 1);
}

static gsize
length_of (const ReleaseBuffer *self)
{
  return self->end - self->data;
}

/* Room behind the end is only in memory that is the buffer's alone: what the inline functions find
 * there they write to. So this comes after whatever changes the end, the memory or who shares it;
 * only bytes that fill the room, or leave in front, need it not. */
static void
update_room (ReleaseBuffer *self)
{
  Memory *memory = self->memory;
  gsize room = length_of (self);

  if (is_alone (self))
    room = MAX (room, MIN (self->limit, memory->capacity - (gsize) (self->data - memory->data)));

  self->room_end = self->data + room;
}

/* @memory: (transfer full) (nullable): its first @length bytes are what is in the buffer */
static void
take_memory (ReleaseBuffer *self,
             Memory        *memory,
             gsize          length)
{
  g_clear_pointer ((Memory **) &self->memory, memory_unref);
  self->memory = memory;
  self->data = memory != NULL ? memory->data : nothing;
  self->end = self->data + length;
  update_room (self);
}

/* Before a change in place: nobody has been promised that these bytes stay as they are. */
static void
make_writable (ReleaseBuffer *self)
{
  Memory *memory = self->memory;
  gsize length = length_of (self);

  if (length == 0 || (memory->bytes == NULL && g_atomic_int_get (&memory->n_bytes) == 0))
    return;

  take_memory (self, memory_new (g_memdup2 (self->data, length), length), length);
}

static gboolean
reallocate (ReleaseBuffer  *self,
            gsize           needed,
            GError        **error)
{
  Memory *memory = self->memory;
  gsize length = length_of (self);
  gsize capacity = MAX (MAX (needed, length + length / 2),
                        MAX (self->min_capacity, MIN_CAPACITY_BYTES));
  gboolean in_place = is_alone (self) && self->data == memory->data;
  guint8 *data;

  capacity = MIN (capacity, self->limit);
  data = in_place ? g_try_realloc (memory->data, capacity) : g_try_malloc (capacity);
  if (data == NULL)
    {
      g_set_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_FAILED,
                   _("Cannot allocate a buffer of %zu bytes"), capacity);
      return FALSE;
    }

  if (in_place)
    {
      memory->data = data;
      memory->capacity = capacity;
      self->data = data;
      self->end = data + length;
      update_room (self);
      return TRUE;
    }

  memcpy (data, self->data, length);
  take_memory (self, memory_new (data, capacity), length);
  return TRUE;
}

/* Makes room for @length more bytes behind what there is, in memory that is the buffer's alone. */
static gboolean
make_room (ReleaseBuffer  *self,
           gsize           length,
           GError        **error)
{
  Memory *memory = self->memory;
  gsize present = length_of (self);
  gsize needed;

  if (length > self->limit || present > self->limit - length)
    {
      g_set_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT,
                   _("%zu bytes more in a buffer of %zu exceed its limit of %zu"),
                   length, present, self->limit);
      return FALSE;
    }

  needed = present + length;
  if (is_alone (self))
    {
      gsize consumed = self->data - memory->data;

      /* The bytes that were consumed have paid for the move of at most as many. */
      if (needed > memory->capacity - consumed && consumed >= present &&
          needed <= memory->capacity)
        {
          memmove (memory->data, self->data, present);
          self->data = memory->data;
          self->end = memory->data + present;
        }

      update_room (self);
      if (needed <= (gsize) (self->room_end - self->data))
        return TRUE;
    }

  return reallocate (self, needed, error);
}

/**
 * release_buffer_new:
 * @capacity: how many bytes there will be room for at first, 0 if unknown
 *
 * Makes an empty buffer. The memory is allocated when the first byte comes.
 *
 * Returns: (transfer full): the buffer
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_new (gsize capacity)
{
  ReleaseBuffer *self = g_new0 (ReleaseBuffer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->data = self->end = self->room_end = nothing;
  self->limit = G_MAXSSIZE;
  self->min_capacity = capacity;

  return self;
}

/**
 * release_buffer_new_filled:
 * @length: how many bytes
 * @byte: the value of each
 *
 * Makes a buffer of equal bytes.
 *
 * Returns: (transfer full): the buffer
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_new_filled (gsize  length,
                           guint8 byte)
{
  guint8 *data;

  g_return_val_if_fail (length <= G_MAXSSIZE, NULL);

  data = g_malloc (length);
  if (length > 0)
    memset (data, byte, length);

  return release_buffer_new_take (data, length);
}

/**
 * release_buffer_new_from_data:
 * @data: (array length=length) (element-type guint8) (nullable): bytes
 * @length: how many
 *
 * Makes a buffer with a copy of @data.
 *
 * Returns: (transfer full): the buffer
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_new_from_data (const guint8 *data,
                              gsize         length)
{
  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (length <= G_MAXSSIZE, NULL);

  return release_buffer_new_take (g_memdup2 (data, length), length);
}

/**
 * release_buffer_new_from_bytes:
 * @bytes: bytes
 *
 * Makes a buffer of @bytes. They are not copied until the buffer is changed.
 *
 * Returns: (transfer full): the buffer
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_new_from_bytes (GBytes *bytes)
{
  ReleaseBuffer *self;
  gconstpointer data;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = release_buffer_new (0);
  data = g_bytes_get_data (bytes, &length);
  if (length > 0)
    {
      Memory *memory = memory_new ((guint8 *) data, length);

      memory->bytes = g_bytes_ref (bytes);
      take_memory (self, memory, length);
    }

  return self;
}

/**
 * release_buffer_new_take: (skip)
 * @data: (array length=length) (transfer full) (nullable): bytes, allocated with
 *   g_malloc()
 * @length: how many
 *
 * Makes a buffer of memory that becomes its own.
 *
 * Returns: (transfer full): the buffer
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_new_take (guint8 *data,
                         gsize   length)
{
  ReleaseBuffer *self;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (length <= G_MAXSSIZE, NULL);

  self = release_buffer_new (0);
  if (data != NULL)
    take_memory (self, memory_new (data, length), length);

  return self;
}

/**
 * release_buffer_dup:
 * @self: a #ReleaseBuffer
 *
 * Copies a buffer, the bytes and the limit.
 *
 * Returns: (transfer full): a buffer that shares nothing with @self
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_dup (const ReleaseBuffer *self)
{
  ReleaseBuffer *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = release_buffer_new_from_data (self->data, length_of (self));
  copy->limit = self->limit;
  update_room (copy);

  return copy;
}

/**
 * release_buffer_ref:
 * @self: a #ReleaseBuffer
 *
 * Takes a reference. Safe in any thread.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_ref (ReleaseBuffer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * release_buffer_unref:
 * @self: (transfer full): a #ReleaseBuffer
 *
 * Drops a reference. With the last one the buffer is freed; its memory, when
 * nothing else shares it. Safe in any thread.
 *
 * Since: 0.1
 */
void
release_buffer_unref (ReleaseBuffer *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer ((Memory **) &self->memory, memory_unref);
  g_free (self);
}

/**
 * release_buffer_get_length:
 * @self: a #ReleaseBuffer
 *
 * Gets how many bytes are in the buffer.
 *
 * Returns: a number of bytes
 *
 * Since: 0.1
 */
gsize
release_buffer_get_length (const ReleaseBuffer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return length_of (self);
}

/**
 * release_buffer_get_capacity:
 * @self: a #ReleaseBuffer
 *
 * Gets how many bytes the buffer can hold before it needs other memory. For one
 * that shares its memory that is its length.
 *
 * Returns: a number of bytes, not less than the length
 *
 * Since: 0.1
 */
gsize
release_buffer_get_capacity (const ReleaseBuffer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->room_end - self->data;
}

/**
 * release_buffer_get_limit:
 * @self: a #ReleaseBuffer
 *
 * Gets the length that the buffer cannot exceed.
 *
 * Returns: a number of bytes, 0 for none
 *
 * Since: 0.1
 */
gsize
release_buffer_get_limit (const ReleaseBuffer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->limit == G_MAXSSIZE ? 0 : self->limit;
}

/**
 * release_buffer_set_limit:
 * @self: a #ReleaseBuffer
 * @limit: a number of bytes, 0 for none
 *
 * Sets the length that the buffer cannot exceed: what would make it longer fails
 * with %RELEASE_BUFFER_ERROR_LIMIT. A buffer that is longer already stays as it
 * is. Views made from then on have the same limit.
 *
 * Since: 0.1
 */
void
release_buffer_set_limit (ReleaseBuffer *self,
                          gsize          limit)
{
  g_return_if_fail (self != NULL);

  self->limit = limit == 0 ? G_MAXSSIZE : MIN (limit, G_MAXSSIZE);
  update_room (self);
}

/**
 * release_buffer_get_data:
 * @self: a #ReleaseBuffer
 * @length: (out) (optional): how many bytes
 *
 * Gets the contents.
 *
 * Returns: (transfer none) (array length=length) (element-type guint8): the
 *   bytes, until the buffer is changed; there may be none
 *
 * Since: 0.1
 */
const guint8 *
release_buffer_get_data (const ReleaseBuffer *self,
                         gsize               *length)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (length != NULL)
    *length = length_of (self);

  return self->data;
}

/**
 * release_buffer_to_bytes:
 * @self: a #ReleaseBuffer
 *
 * Makes a #GBytes of the contents. It shares the memory of the buffer, unless
 * most of that would be held for nothing.
 *
 * Returns: (transfer full): the contents, which later changes of the buffer do
 *   not change
 *
 * Since: 0.1
 */
GBytes *
release_buffer_to_bytes (ReleaseBuffer *self)
{
  Memory *memory;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);

  memory = self->memory;
  length = length_of (self);
  if (length == 0 || length < memory->capacity / WORTH_SHARING)
    return g_bytes_new (self->data, length);
  if (memory->bytes != NULL)
    return g_bytes_new_from_bytes (memory->bytes, self->data - memory->data, length);

  g_atomic_ref_count_inc (&memory->ref_count);
  g_atomic_int_inc (&memory->n_bytes);
  update_room (self);
  return g_bytes_new_with_free_func (self->data, length, memory_unpin, memory);
}

/**
 * release_buffer_get_byte:
 * @self: a #ReleaseBuffer
 * @offset: the place of the byte, less than the length
 *
 * Gets a byte. An offset past the end is a mistake of the programmer: where it
 * comes from outside, use release_buffer_read_uint8_at().
 *
 * Returns: the byte
 *
 * Since: 0.1
 */
guint8
release_buffer_get_byte (const ReleaseBuffer *self,
                         gsize                offset)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (offset < release_buffer_get_length (self), 0);

  return self->data[offset];
}

/**
 * release_buffer_set_byte:
 * @self: a #ReleaseBuffer
 * @offset: the place of the byte, less than the length
 * @byte: its new value
 *
 * Sets a byte. An offset past the end is a mistake of the programmer: where it
 * comes from outside, use release_buffer_write_uint8_at().
 *
 * Since: 0.1
 */
void
release_buffer_set_byte (ReleaseBuffer *self,
                         gsize          offset,
                         guint8         byte)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (offset < release_buffer_get_length (self));

  make_writable (self);
  self->data[offset] = byte;
}

/**
 * release_buffer_append_byte:
 * @self: a #ReleaseBuffer
 * @byte: a byte
 * @error: return location for a #GError, or %NULL
 *
 * Adds a byte behind. Fails with %RELEASE_BUFFER_ERROR_LIMIT if the buffer would
 * exceed its limit.
 *
 * Returns: (skip): %TRUE if it was added, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_append_byte (ReleaseBuffer  *self,
                            guint8          byte,
                            GError        **error)
{
  return release_buffer_append_data (self, &byte, 1, error);
}

/**
 * release_buffer_append_data:
 * @self: a #ReleaseBuffer
 * @data: (array length=length) (element-type guint8) (nullable): bytes that are
 *   not in @self
 * @length: how many
 * @error: return location for a #GError, or %NULL
 *
 * Adds bytes behind. Fails with %RELEASE_BUFFER_ERROR_LIMIT if the buffer would
 * exceed its limit.
 *
 * Returns: (skip): %TRUE if they were added, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_append_data (ReleaseBuffer  *self,
                            const guint8   *data,
                            gsize           length,
                            GError        **error)
{
  guint8 *added;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  if (length == 0)
    return TRUE;

  added = release_buffer_extend (self, length, error);
  if (added == NULL)
    return FALSE;

  memcpy (added, data, length);
  return TRUE;
}

/**
 * release_buffer_append_buffer:
 * @self: a #ReleaseBuffer
 * @other: another one, or the same
 * @error: return location for a #GError, or %NULL
 *
 * Adds the contents of @other behind. Fails with %RELEASE_BUFFER_ERROR_LIMIT if
 * the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if they were added, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_append_buffer (ReleaseBuffer        *self,
                              const ReleaseBuffer  *other,
                              GError              **error)
{
  gsize length;
  guint8 *added;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  length = length_of (other);
  if (length == 0)
    return TRUE;

  added = release_buffer_extend (self, length, error);
  if (added == NULL)
    return FALSE;

  /* Only now, for @other may be @self, which has just moved. */
  memcpy (added, other->data, length);
  return TRUE;
}

/**
 * release_buffer_append_string:
 * @self: a #ReleaseBuffer
 * @text: a string
 * @error: return location for a #GError, or %NULL
 *
 * Adds the bytes of @text behind, without the NUL at its end. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if they were added, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_append_string (ReleaseBuffer  *self,
                              const char     *text,
                              GError        **error)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return release_buffer_append_data (self, (const guint8 *) text, strlen (text), error);
}

/**
 * release_buffer_insert:
 * @self: a #ReleaseBuffer
 * @offset: where, at most the length
 * @data: (array length=length) (element-type guint8) (nullable): bytes that are
 *   not in @self
 * @length: how many
 * @error: return location for a #GError, or %NULL
 *
 * Inserts bytes before the one at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for an offset past the end, and with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if they were inserted, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_insert (ReleaseBuffer  *self,
                       gsize           offset,
                       const guint8   *data,
                       gsize           length,
                       GError        **error)
{
  guint8 *at;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  if (!release_buffer_check_range (self, offset, 0, error))
    return FALSE;
  if (length == 0)
    return TRUE;
  if (release_buffer_extend (self, length, error) == NULL)
    return FALSE;

  at = self->data + offset;
  memmove (at + length, at, length_of (self) - length - offset);
  memcpy (at, data, length);
  return TRUE;
}

/**
 * release_buffer_extend: (skip)
 * @self: a #ReleaseBuffer
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Makes the buffer longer, for the caller to write to. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit, and with
 * %RELEASE_BUFFER_ERROR_FAILED if there is not so much memory.
 *
 * Returns: (transfer none): the @length new bytes, of any value, until the buffer
 *   is changed in any other way; %NULL with @error set otherwise
 *
 * Since: 0.1
 */
guint8 *
release_buffer_extend (ReleaseBuffer  *self,
                       gsize           length,
                       GError        **error)
{
  guint8 *added;

  g_return_val_if_fail (self != NULL, NULL);

  if ((gsize) (self->room_end - self->end) < length && !make_room (self, length, error))
    return NULL;

  added = self->end;
  self->end += length;
  return added;
}

/**
 * release_buffer_map: (skip)
 * @self: a #ReleaseBuffer
 * @offset: where
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Lends bytes of the buffer, for the caller to read and write. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for bytes past the end.
 *
 * Returns: (transfer none): the bytes, until the buffer is changed in any other
 *   way; %NULL with @error set otherwise
 *
 * Since: 0.1
 */
guint8 *
release_buffer_map (ReleaseBuffer  *self,
                    gsize           offset,
                    gsize           length,
                    GError        **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (!release_buffer_check_range (self, offset, length, error))
    return NULL;

  make_writable (self);
  return self->data + offset;
}

/**
 * release_buffer_sub:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Makes a view of a part of the buffer, which shares its memory and keeps it
 * alive. See above for what is seen through whom. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for bytes past the end.
 *
 * Returns: (transfer full): the view, %NULL with @error set otherwise
 *
 * Since: 0.1
 */
ReleaseBuffer *
release_buffer_sub (ReleaseBuffer  *self,
                    gsize           offset,
                    gsize           length,
                    GError        **error)
{
  ReleaseBuffer *view;

  g_return_val_if_fail (self != NULL, NULL);

  if (!release_buffer_check_range (self, offset, length, error))
    return NULL;

  view = release_buffer_new (0);
  view->limit = self->limit;
  if (length > 0)
    {
      view->memory = self->memory;
      g_atomic_ref_count_inc (&((Memory *) view->memory)->ref_count);
      view->data = self->data + offset;
      view->end = view->room_end = view->data + length;
      update_room (self);
    }

  return view;
}

/**
 * release_buffer_blit:
 * @self: a #ReleaseBuffer
 * @offset: where in @self
 * @target: another buffer, or the same
 * @target_offset: where in @target
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Copies bytes over others. Where both overlap, the copy is as if all had been
 * read before the first was written. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for bytes past the end of either.
 *
 * Returns: (skip): %TRUE if they were copied, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_blit (const ReleaseBuffer  *self,
                     gsize                 offset,
                     ReleaseBuffer        *target,
                     gsize                 target_offset,
                     gsize                 length,
                     GError              **error)
{
  guint8 *out;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (target != NULL, FALSE);

  if (!release_buffer_check_range (self, offset, length, error))
    return FALSE;
  out = release_buffer_map (target, target_offset, length, error);
  if (out == NULL)
    return FALSE;

  memmove (out, self->data + offset, length);
  return TRUE;
}

/**
 * release_buffer_fill:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @length: how many bytes
 * @byte: their new value
 * @error: return location for a #GError, or %NULL
 *
 * Sets bytes to one value. Fails with %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for
 * bytes past the end.
 *
 * Returns: (skip): %TRUE if they were set, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_fill (ReleaseBuffer  *self,
                     gsize           offset,
                     gsize           length,
                     guint8          byte,
                     GError        **error)
{
  guint8 *out = release_buffer_map (self, offset, length, error);

  if (out == NULL)
    return FALSE;

  memset (out, byte, length);
  return TRUE;
}

/**
 * release_buffer_truncate:
 * @self: a #ReleaseBuffer
 * @length: the new length, not more than the present one
 * @error: return location for a #GError, or %NULL
 *
 * Takes bytes off behind. Fails with %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if there
 * are not so many.
 *
 * Returns: (skip): %TRUE if it has this length now, %FALSE with @error set
 *   otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_truncate (ReleaseBuffer  *self,
                         gsize           length,
                         GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!release_buffer_check_range (self, 0, length, error))
    return FALSE;

  self->end = self->data + length;
  update_room (self);
  return TRUE;
}

/**
 * release_buffer_consume:
 * @self: a #ReleaseBuffer
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Takes bytes off in front. What is left is not moved; its memory is used again
 * once as much was consumed as is left. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if there are not so many.
 *
 * Returns: (skip): %TRUE if they are gone, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_consume (ReleaseBuffer  *self,
                        gsize           length,
                        GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!release_buffer_check_range (self, 0, length, error))
    return FALSE;
  if (length == 0)
    return TRUE;

  self->data += length;
  if (self->data == self->end)
    {
      if (!is_alone (self))
        {
          take_memory (self, NULL, 0);
        }
      else
        {
          self->data = self->end = ((Memory *) self->memory)->data;
          update_room (self);
        }
    }

  return TRUE;
}

/**
 * release_buffer_index:
 * @self: a #ReleaseBuffer
 * @byte: a byte
 *
 * Finds the first byte of a value.
 *
 * Returns: its offset, -1 if there is none
 *
 * Since: 0.1
 */
gssize
release_buffer_index (const ReleaseBuffer *self,
                      guint8               byte)
{
  gssize index = -1;

  release_buffer_index_from (self, 0, byte, &index, NULL);
  return index;
}

/**
 * release_buffer_index_from:
 * @self: a #ReleaseBuffer
 * @offset: where to begin, at most the length
 * @byte: a byte
 * @index: (out): its offset from the start of the buffer, -1 if there is none
 * @error: return location for a #GError, or %NULL
 *
 * Finds the first byte of a value from @offset on. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for an offset past the end.
 *
 * Returns: (skip): %TRUE if @index was set, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_index_from (const ReleaseBuffer  *self,
                           gsize                 offset,
                           guint8                byte,
                           gssize               *index,
                           GError              **error)
{
  const guint8 *found;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (index != NULL, FALSE);

  if (!release_buffer_check_range (self, offset, 0, error))
    return FALSE;

  found = memchr (self->data + offset, byte, length_of (self) - offset);
  *index = found != NULL ? found - self->data : -1;
  return TRUE;
}

/**
 * release_buffer_compare:
 * @self: a #ReleaseBuffer
 * @other: another one
 *
 * Compares the contents of two buffers, byte by byte. Of two that are equal for
 * as long as the shorter goes, the shorter comes first.
 *
 * Returns: a number less than, equal to or greater than 0 as @self comes before,
 *   equals or comes after @other
 *
 * Since: 0.1
 */
int
release_buffer_compare (const ReleaseBuffer *self,
                        const ReleaseBuffer *other)
{
  gsize length;
  gsize other_length;
  int result;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (other != NULL, 0);

  length = length_of (self);
  other_length = length_of (other);
  result = memcmp (self->data, other->data, MIN (length, other_length));
  if (result == 0 && length != other_length)
    result = length < other_length ? -1 : 1;

  return result;
}

/**
 * release_buffer_equal:
 * @self: a #ReleaseBuffer
 * @other: another one
 *
 * Tells whether two buffers have the same contents.
 *
 * Returns: %TRUE if they have
 *
 * Since: 0.1
 */
gboolean
release_buffer_equal (const ReleaseBuffer *self,
                      const ReleaseBuffer *other)
{
  return release_buffer_compare (self, other) == 0;
}

/**
 * release_buffer_check_range:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Checks that the buffer has @length bytes from @offset on. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if it has not.
 *
 * Returns: (skip): %TRUE if it has, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_check_range (const ReleaseBuffer  *self,
                            gsize                 offset,
                            gsize                 length,
                            GError              **error)
{
  gsize present;

  g_return_val_if_fail (self != NULL, FALSE);

  present = length_of (self);
  if (offset <= present && length <= present - offset)
    return TRUE;

  g_set_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE,
               _("%zu bytes at offset %zu are not in a buffer of %zu"),
               length, offset, present);
  return FALSE;
}
