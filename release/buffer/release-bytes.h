/* release/buffer/release-bytes.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <glib-object.h>
#include <string.h>

#include <release/base/release-version-macros.h>
#include <release/buffer/release-uint128.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_BYTE_ORDER (release_byte_order_get_type ())

/**
 * ReleaseByteOrder:
 * @RELEASE_BYTE_ORDER_BIG: big endian: the most significant byte comes first, as
 *   in most network protocols
 * @RELEASE_BYTE_ORDER_LITTLE: little endian: the least significant byte comes
 *   first, as in the memory of most machines
 *
 * In which order the bytes of an integer stand.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_BYTE_ORDER_BIG,
  RELEASE_BYTE_ORDER_LITTLE,
} ReleaseByteOrder;

RELEASE_AVAILABLE_IN_ALL
GType release_byte_order_get_type (void);

/**
 * release_bytes_read_uint16:
 * @bytes: 2 bytes, at any address
 * @order: their order
 *
 * Reads an integer of 16 bits. A signed one is this one cast to #gint16.
 *
 * Returns: the integer
 *
 * Since: 0.1
 */
static inline guint16
release_bytes_read_uint16 (const guint8     *bytes,
                           ReleaseByteOrder  order)
{
  guint16 value;

  memcpy (&value, bytes, sizeof value);
  return order == RELEASE_BYTE_ORDER_BIG ? GUINT16_FROM_BE (value) : GUINT16_FROM_LE (value);
}

/**
 * release_bytes_read_uint32:
 * @bytes: 4 bytes, at any address
 * @order: their order
 *
 * Reads an integer of 32 bits. A signed one is this one cast to #gint32.
 *
 * Returns: the integer
 *
 * Since: 0.1
 */
static inline guint32
release_bytes_read_uint32 (const guint8     *bytes,
                           ReleaseByteOrder  order)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return order == RELEASE_BYTE_ORDER_BIG ? GUINT32_FROM_BE (value) : GUINT32_FROM_LE (value);
}

/**
 * release_bytes_read_uint64:
 * @bytes: 8 bytes, at any address
 * @order: their order
 *
 * Reads an integer of 64 bits. A signed one is this one cast to #gint64.
 *
 * Returns: the integer
 *
 * Since: 0.1
 */
static inline guint64
release_bytes_read_uint64 (const guint8     *bytes,
                           ReleaseByteOrder  order)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return order == RELEASE_BYTE_ORDER_BIG ? GUINT64_FROM_BE (value) : GUINT64_FROM_LE (value);
}

/**
 * release_bytes_read_uint128:
 * @bytes: 16 bytes, at any address
 * @order: their order
 *
 * Reads an integer of 128 bits. A signed one is a #ReleaseInt128 of the same
 * halves.
 *
 * Returns: the integer
 *
 * Since: 0.1
 */
static inline ReleaseUint128
release_bytes_read_uint128 (const guint8     *bytes,
                            ReleaseByteOrder  order)
{
  ReleaseUint128 value;

  value.high = release_bytes_read_uint64 (bytes + (order == RELEASE_BYTE_ORDER_BIG ? 0 : 8), order);
  value.low = release_bytes_read_uint64 (bytes + (order == RELEASE_BYTE_ORDER_BIG ? 8 : 0), order);
  return value;
}

/**
 * release_bytes_write_uint16:
 * @bytes: room for 2 bytes, at any address
 * @value: an integer, signed or not
 * @order: the order that its bytes get
 *
 * Writes an integer of 16 bits.
 *
 * Since: 0.1
 */
static inline void
release_bytes_write_uint16 (guint8           *bytes,
                            guint16           value,
                            ReleaseByteOrder  order)
{
  value = order == RELEASE_BYTE_ORDER_BIG ? GUINT16_TO_BE (value) : GUINT16_TO_LE (value);
  memcpy (bytes, &value, sizeof value);
}

/**
 * release_bytes_write_uint32:
 * @bytes: room for 4 bytes, at any address
 * @value: an integer, signed or not
 * @order: the order that its bytes get
 *
 * Writes an integer of 32 bits.
 *
 * Since: 0.1
 */
static inline void
release_bytes_write_uint32 (guint8           *bytes,
                            guint32           value,
                            ReleaseByteOrder  order)
{
  value = order == RELEASE_BYTE_ORDER_BIG ? GUINT32_TO_BE (value) : GUINT32_TO_LE (value);
  memcpy (bytes, &value, sizeof value);
}

/**
 * release_bytes_write_uint64:
 * @bytes: room for 8 bytes, at any address
 * @value: an integer, signed or not
 * @order: the order that its bytes get
 *
 * Writes an integer of 64 bits.
 *
 * Since: 0.1
 */
static inline void
release_bytes_write_uint64 (guint8           *bytes,
                            guint64           value,
                            ReleaseByteOrder  order)
{
  value = order == RELEASE_BYTE_ORDER_BIG ? GUINT64_TO_BE (value) : GUINT64_TO_LE (value);
  memcpy (bytes, &value, sizeof value);
}

/**
 * release_bytes_write_uint128:
 * @bytes: room for 16 bytes, at any address
 * @value: an integer
 * @order: the order that its bytes get
 *
 * Writes an integer of 128 bits. A signed one has the halves of a #ReleaseInt128.
 *
 * Since: 0.1
 */
static inline void
release_bytes_write_uint128 (guint8           *bytes,
                             ReleaseUint128    value,
                             ReleaseByteOrder  order)
{
  release_bytes_write_uint64 (bytes + (order == RELEASE_BYTE_ORDER_BIG ? 0 : 8), value.high, order);
  release_bytes_write_uint64 (bytes + (order == RELEASE_BYTE_ORDER_BIG ? 8 : 0), value.low, order);
}

G_END_DECLS
