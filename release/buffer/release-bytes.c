/* release/buffer/release-bytes.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/buffer/release-bytes.h"

/**
 * SECTION:release-bytes
 * @title: Integers in memory
 * @short_description: reading and writing integers at an address
 *
 * These functions read and write one integer at an address that need not be
 * aligned. They are inline, and check nothing: the memory is the caller's, who
 * has made sure of its size once for all that stands in it.
 *
 * |[<!-- language="C" -->
 *   guint8 *header = release_buffer_extend (buffer, 12, &error);
 *
 *   if (header == NULL)
 *     return FALSE;
 *   release_bytes_write_uint32 (header, length, RELEASE_BYTE_ORDER_BIG);
 *   release_bytes_write_uint64 (header + 4, serial, RELEASE_BYTE_ORDER_BIG);
 * ]|
 *
 * release_buffer_peek() is the counterpart for reading, release_buffer_map() the
 * one for changing what is there. Where a check for each integer does no harm,
 * and in other languages than C, the functions of #ReleaseBuffer of the same
 * names are the ones to take.
 */

G_DEFINE_ENUM_TYPE (ReleaseByteOrder, release_byte_order,
                    G_DEFINE_ENUM_VALUE (RELEASE_BYTE_ORDER_BIG, "big"),
                    G_DEFINE_ENUM_VALUE (RELEASE_BYTE_ORDER_LITTLE, "little"))
