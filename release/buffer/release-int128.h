/* release/buffer/release-int128.h
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

#define RELEASE_TYPE_INT128 (release_int128_get_type ())

typedef struct _ReleaseInt128 ReleaseInt128;

/**
 * ReleaseInt128:
 * @high: the upper 64 bits, with the sign
 * @low: the lower 64 bits
 *
 * A signed integer of 128 bits, in two's complement: its value is @high times
 * 2 to the power of 64, plus @low. It is a plain value: it may stand on the
 * stack, be assigned, and be filled field by field.
 *
 * Since: 0.1
 */
struct _ReleaseInt128
{
  gint64  high;
  guint64 low;
};

RELEASE_AVAILABLE_IN_ALL
GType           release_int128_get_type       (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseInt128  *release_int128_new            (gint64                high,
                                               guint64               low);
RELEASE_AVAILABLE_IN_ALL
ReleaseInt128  *release_int128_copy           (const ReleaseInt128  *self);
RELEASE_AVAILABLE_IN_ALL
void            release_int128_free           (ReleaseInt128        *self);

RELEASE_AVAILABLE_IN_ALL
gboolean        release_int128_parse          (const char           *text,
                                               ReleaseInt128        *value,
                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
char           *release_int128_to_string      (const ReleaseInt128  *self);
RELEASE_AVAILABLE_IN_ALL
char           *release_int128_to_hex_string  (const ReleaseInt128  *self);

RELEASE_AVAILABLE_IN_ALL
int             release_int128_compare        (const ReleaseInt128  *self,
                                               const ReleaseInt128  *other);
RELEASE_AVAILABLE_IN_ALL
gboolean        release_int128_equal          (const ReleaseInt128  *self,
                                               const ReleaseInt128  *other);
RELEASE_AVAILABLE_IN_ALL
guint           release_int128_hash           (const ReleaseInt128  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseInt128, release_int128_free)

G_END_DECLS
