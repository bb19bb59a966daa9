/* release/buffer/release-uint128.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <glib-object.h>

#include <release/base/release-version-macros.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_UINT128 (release_uint128_get_type ())

typedef struct _ReleaseUint128 ReleaseUint128;

/**
 * ReleaseUint128:
 * @high: the upper 64 bits
 * @low: the lower 64 bits
 *
 * An unsigned integer of 128 bits. It is a plain value: it may stand on the
 * stack, be assigned, and be filled field by field.
 *
 * Since: 0.1
 */
struct _ReleaseUint128
{
  guint64 high;
  guint64 low;
};

RELEASE_AVAILABLE_IN_ALL
GType            release_uint128_get_type       (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseUint128  *release_uint128_new            (guint64                high,
                                                 guint64                low);
RELEASE_AVAILABLE_IN_ALL
ReleaseUint128  *release_uint128_copy           (const ReleaseUint128  *self);
RELEASE_AVAILABLE_IN_ALL
void             release_uint128_free           (ReleaseUint128        *self);

RELEASE_AVAILABLE_IN_ALL
gboolean         release_uint128_parse          (const char            *text,
                                                 ReleaseUint128        *value,
                                                 GError               **error);
RELEASE_AVAILABLE_IN_ALL
char            *release_uint128_to_string      (const ReleaseUint128  *self);
RELEASE_AVAILABLE_IN_ALL
char            *release_uint128_to_hex_string  (const ReleaseUint128  *self);

RELEASE_AVAILABLE_IN_ALL
int              release_uint128_compare        (const ReleaseUint128  *self,
                                                 const ReleaseUint128  *other);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_uint128_equal          (const ReleaseUint128  *self,
                                                 const ReleaseUint128  *other);
RELEASE_AVAILABLE_IN_ALL
guint            release_uint128_hash           (const ReleaseUint128  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseUint128, release_uint128_free)

G_END_DECLS
