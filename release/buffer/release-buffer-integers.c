/* release/buffer/release-buffer-integers.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

/* The functions that the header offers inline become real ones here. */
#define _RELEASE_BUFFER_INLINE

#include "release/buffer/release-buffer-integers.h"

/**
 * SECTION:release-buffer-integers
 * @title: Integers in buffers
 * @short_description: 8 to 128 bits, signed and unsigned, big and little endian
 *
 * Each kind of integer has four functions: `read_…` takes one off the front of a
 * #ReleaseBuffer, `write_…` adds one behind, and `read_…_at` and `write_…_at`
 * read and change one at an offset. What was written is read in the same order.
 *
 * |[<!-- language="C" -->
 *   guint16 kind;
 *   gint64 balance;
 *
 *   if (!release_buffer_read_uint16 (buffer, RELEASE_BYTE_ORDER_BIG, &kind, error) ||
 *       !release_buffer_read_int64 (buffer, RELEASE_BYTE_ORDER_BIG, &balance, error))
 *     return FALSE;
 * ]|
 *
 * Reading fails with %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer has fewer
 * bytes than the integer, and leaves the buffer as it is. Writing at an offset
 * fails likewise; adding behind fails with %RELEASE_BUFFER_ERROR_LIMIT at the
 * limit of the buffer. Signed integers are in two's complement.
 *
 * In C those of 8 to 64 bits are inline: a comparison, a load or a store, and the
 * new start or end of the buffer. That store is what they cost beside memcpy() and
 * a byte swap: nothing to speak of for most programs, a second store for each
 * integer where the compiler unrolls a loop that does nothing else. There
 * release_buffer_peek() and release_buffer_extend() check once for many integers,
 * which release_bytes_read_uint32() and its kin read and write. What reading has
 * emptied keeps its memory until it is filled again or freed;
 * release_buffer_consume() lets go of memory that others share.
 */

/**
 * release_buffer_read_uint8_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads an unsigned integer of 8 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint8:
 * @self: a #ReleaseBuffer
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes an unsigned integer of 8 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint8:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @error: return location for a #GError, or %NULL
 *
 * Adds an unsigned integer of 8 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint8_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @error: return location for a #GError, or %NULL
 *
 * Writes an unsigned integer of 8 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int8_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads a signed integer of 8 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int8:
 * @self: a #ReleaseBuffer
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes a signed integer of 8 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int8:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @error: return location for a #GError, or %NULL
 *
 * Adds a signed integer of 8 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int8_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @error: return location for a #GError, or %NULL
 *
 * Writes a signed integer of 8 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint16_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads an unsigned integer of 16 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint16:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes an unsigned integer of 16 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint16:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds an unsigned integer of 16 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint16_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes an unsigned integer of 16 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int16_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads a signed integer of 16 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int16:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes a signed integer of 16 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int16:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds a signed integer of 16 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int16_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes a signed integer of 16 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint32_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads an unsigned integer of 32 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint32:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes an unsigned integer of 32 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint32:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds an unsigned integer of 32 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint32_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes an unsigned integer of 32 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int32_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads a signed integer of 32 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int32:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes a signed integer of 32 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int32:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds a signed integer of 32 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int32_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes a signed integer of 32 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint64_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads an unsigned integer of 64 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint64:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes an unsigned integer of 64 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint64:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds an unsigned integer of 64 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_uint64_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes an unsigned integer of 64 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int64_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads a signed integer of 64 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_int64:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes a signed integer of 64 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int64:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds a signed integer of 64 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_write_int64_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes a signed integer of 64 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */

/**
 * release_buffer_read_uint128_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out caller-allocates): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads an unsigned integer of 128 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_read_uint128_at (const ReleaseBuffer  *self,
                                gsize                 offset,
                                ReleaseByteOrder      order,
                                ReleaseUint128       *value,
                                GError              **error)
{
  guint8 bytes[16];

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!_release_buffer_get (self, offset, bytes, sizeof bytes, error))
    return FALSE;

  *value = release_bytes_read_uint128 (bytes, order);
  return TRUE;
}

/**
 * release_buffer_read_uint128:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out caller-allocates): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes an unsigned integer of 128 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_read_uint128 (ReleaseBuffer     *self,
                             ReleaseByteOrder   order,
                             ReleaseUint128    *value,
                             GError           **error)
{
  guint8 bytes[16];

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!_release_buffer_take (self, bytes, sizeof bytes, error))
    return FALSE;

  *value = release_bytes_read_uint128 (bytes, order);
  return TRUE;
}

/**
 * release_buffer_write_uint128:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds an unsigned integer of 128 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_write_uint128 (ReleaseBuffer         *self,
                              const ReleaseUint128  *value,
                              ReleaseByteOrder       order,
                              GError               **error)
{
  guint8 bytes[16];

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  release_bytes_write_uint128 (bytes, *value, order);
  return _release_buffer_add (self, bytes, sizeof bytes, error);
}

/**
 * release_buffer_write_uint128_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes an unsigned integer of 128 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_write_uint128_at (ReleaseBuffer         *self,
                                 gsize                  offset,
                                 const ReleaseUint128  *value,
                                 ReleaseByteOrder       order,
                                 GError               **error)
{
  guint8 bytes[16];

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  release_bytes_write_uint128 (bytes, *value, order);
  return _release_buffer_set (self, offset, bytes, sizeof bytes, error);
}

/**
 * release_buffer_read_int128_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @order: the order of its bytes
 * @value: (out caller-allocates): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Reads a signed integer of 128 bits at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_read_int128_at (const ReleaseBuffer  *self,
                               gsize                 offset,
                               ReleaseByteOrder      order,
                               ReleaseInt128        *value,
                               GError              **error)
{
  ReleaseUint128 raw;

  g_return_val_if_fail (value != NULL, FALSE);

  if (!release_buffer_read_uint128_at (self, offset, order, &raw, error))
    return FALSE;

  value->high = raw.high;
  value->low = raw.low;
  return TRUE;
}

/**
 * release_buffer_read_int128:
 * @self: a #ReleaseBuffer
 * @order: the order of its bytes
 * @value: (out caller-allocates): the integer
 * @error: return location for a #GError, or %NULL
 *
 * Takes a signed integer of 128 bits off the front. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was read, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_read_int128 (ReleaseBuffer     *self,
                            ReleaseByteOrder   order,
                            ReleaseInt128     *value,
                            GError           **error)
{
  ReleaseUint128 raw;

  g_return_val_if_fail (value != NULL, FALSE);

  if (!release_buffer_read_uint128 (self, order, &raw, error))
    return FALSE;

  value->high = raw.high;
  value->low = raw.low;
  return TRUE;
}

/**
 * release_buffer_write_int128:
 * @self: a #ReleaseBuffer
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Adds a signed integer of 128 bits behind. Fails with
 * %RELEASE_BUFFER_ERROR_LIMIT if the buffer would exceed its limit.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_write_int128 (ReleaseBuffer        *self,
                             const ReleaseInt128  *value,
                             ReleaseByteOrder      order,
                             GError              **error)
{
  g_return_val_if_fail (value != NULL, FALSE);

  return release_buffer_write_uint128 (self, &(ReleaseUint128) { value->high, value->low }, order,
                                       error);
}

/**
 * release_buffer_write_int128_at:
 * @self: a #ReleaseBuffer
 * @offset: where
 * @value: the integer
 * @order: the order of its bytes
 * @error: return location for a #GError, or %NULL
 *
 * Writes a signed integer of 128 bits over what is at @offset. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE if the buffer ends before its last byte.
 *
 * Returns: (skip): %TRUE if it was written, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_buffer_write_int128_at (ReleaseBuffer        *self,
                                gsize                 offset,
                                const ReleaseInt128  *value,
                                ReleaseByteOrder      order,
                                GError              **error)
{
  g_return_val_if_fail (value != NULL, FALSE);

  return release_buffer_write_uint128_at (self, offset,
                                          &(ReleaseUint128) { value->high, value->low }, order,
                                          error);
}

/**
 * release_buffer_peek: (skip)
 * @self: a #ReleaseBuffer
 * @offset: where
 * @length: how many bytes
 * @error: return location for a #GError, or %NULL
 *
 * Lends bytes of the buffer, for the caller to read. Fails with
 * %RELEASE_BUFFER_ERROR_OUT_OF_RANGE for bytes past the end.
 *
 * Returns: (transfer none): the bytes, until the buffer is changed; %NULL with
 *   @error set otherwise
 *
 * Since: 0.1
 */
