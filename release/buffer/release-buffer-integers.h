/* release/buffer/release-buffer-integers.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <release/base/release-version-macros.h>
#include <release/buffer/release-buffer.h>
#include <release/buffer/release-bytes.h>

G_BEGIN_DECLS

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint8_at     (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            guint8                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint8        (ReleaseBuffer          *self,
                                            guint8                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint8_at    (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            guint8                  value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint8       (ReleaseBuffer          *self,
                                            guint8                  value,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int8_at      (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            gint8                  *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int8         (ReleaseBuffer          *self,
                                            gint8                  *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int8_at     (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            gint8                   value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int8        (ReleaseBuffer          *self,
                                            gint8                   value,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint16_at    (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            guint16                *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint16       (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            guint16                *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint16_at   (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            guint16                 value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint16      (ReleaseBuffer          *self,
                                            guint16                 value,
                                            ReleaseByteOrder        order,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int16_at     (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            gint16                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int16        (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            gint16                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int16_at    (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            gint16                  value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int16       (ReleaseBuffer          *self,
                                            gint16                  value,
                                            ReleaseByteOrder        order,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint32_at    (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            guint32                *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint32       (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            guint32                *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint32_at   (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            guint32                 value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint32      (ReleaseBuffer          *self,
                                            guint32                 value,
                                            ReleaseByteOrder        order,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int32_at     (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            gint32                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int32        (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            gint32                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int32_at    (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            gint32                  value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int32       (ReleaseBuffer          *self,
                                            gint32                  value,
                                            ReleaseByteOrder        order,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint64_at    (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            guint64                *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint64       (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            guint64                *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint64_at   (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            guint64                 value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint64      (ReleaseBuffer          *self,
                                            guint64                 value,
                                            ReleaseByteOrder        order,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int64_at     (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            gint64                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int64        (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            gint64                 *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int64_at    (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            gint64                  value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int64       (ReleaseBuffer          *self,
                                            gint64                  value,
                                            ReleaseByteOrder        order,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint128_at   (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            ReleaseUint128         *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_uint128      (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            ReleaseUint128         *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint128_at  (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            const ReleaseUint128   *value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_uint128     (ReleaseBuffer          *self,
                                            const ReleaseUint128   *value,
                                            ReleaseByteOrder        order,
                                            GError                **error);

RELEASE_AVAILABLE_IN_ALL
const guint8 *release_buffer_peek (const ReleaseBuffer  *self,
                                   gsize                 offset,
                                   gsize                 length,
                                   GError              **error);

#if defined (__GNUC__) && !defined (__GI_SCANNER__)

/* What follows are the same functions once more, for the compiler to put where they are called; the
 * library has them too, for those who want an address. release-buffer-integers.c is where they go
 * into the library. */
#ifndef _RELEASE_BUFFER_INLINE
# define _RELEASE_BUFFER_INLINE extern __inline__ __attribute__ ((__gnu_inline__))
#endif

#ifndef __GTK_DOC_IGNORE__

#define _RELEASE_BUFFER_DEFINE_INTEGER(name, type, NAME)                                          \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_read_##name##_at (const ReleaseBuffer  *self,                                    \
                                   gsize                 offset,                                  \
                                   ReleaseByteOrder      order,                                   \
                                   type                 *value,                                   \
                                   GError              **error)                                   \
  {                                                                                               \
    type raw;                                                                                     \
                                                                                                  \
    if (G_UNLIKELY (offset > self->length || self->length - offset < sizeof raw))                 \
      {                                                                                           \
        release_buffer_check_range (self, offset, sizeof raw, error);                             \
        return FALSE;                                                                             \
      }                                                                                           \
                                                                                                  \
    memcpy (&raw, self->data + offset, sizeof raw);                                               \
    *value = order == RELEASE_BYTE_ORDER_BIG ? NAME##_FROM_BE (raw) : NAME##_FROM_LE (raw);       \
    return TRUE;                                                                                  \
  }                                                                                               \
                                                                                                  \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_read_##name (ReleaseBuffer     *self,                                            \
                              ReleaseByteOrder   order,                                           \
                              type              *value,                                           \
                              GError           **error)                                           \
  {                                                                                               \
    if (!release_buffer_read_##name##_at (self, 0, order, value, error))                          \
      return FALSE;                                                                               \
    if (G_UNLIKELY (self->length == sizeof (type)))                                               \
      return release_buffer_consume (self, sizeof (type), error);                                 \
                                                                                                  \
    self->data += sizeof (type);                                                                  \
    self->length -= sizeof (type);                                                                \
    self->room -= sizeof (type);                                                                  \
    return TRUE;                                                                                  \
  }                                                                                               \
                                                                                                  \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_write_##name (ReleaseBuffer     *self,                                           \
                               type               value,                                          \
                               ReleaseByteOrder   order,                                          \
                               GError           **error)                                          \
  {                                                                                               \
    guint8 *added;                                                                                \
    type raw = order == RELEASE_BYTE_ORDER_BIG ? NAME##_TO_BE (value) : NAME##_TO_LE (value);     \
                                                                                                  \
    if (G_UNLIKELY (self->room - self->length < sizeof raw))                                      \
      {                                                                                           \
        added = release_buffer_extend (self, sizeof raw, error);                                  \
        if (added == NULL)                                                                        \
          return FALSE;                                                                           \
      }                                                                                           \
    else                                                                                          \
      {                                                                                           \
        added = self->data + self->length;                                                        \
        self->length += sizeof raw;                                                               \
      }                                                                                           \
                                                                                                  \
    memcpy (added, &raw, sizeof raw);                                                             \
    return TRUE;                                                                                  \
  }

_RELEASE_BUFFER_DEFINE_INTEGER (uint16, guint16, GUINT16)
_RELEASE_BUFFER_DEFINE_INTEGER (int16, gint16, GINT16)
_RELEASE_BUFFER_DEFINE_INTEGER (uint32, guint32, GUINT32)
_RELEASE_BUFFER_DEFINE_INTEGER (int32, gint32, GINT32)
_RELEASE_BUFFER_DEFINE_INTEGER (uint64, guint64, GUINT64)
_RELEASE_BUFFER_DEFINE_INTEGER (int64, gint64, GINT64)

_RELEASE_BUFFER_INLINE const guint8 *
release_buffer_peek (const ReleaseBuffer  *self,
                     gsize                 offset,
                     gsize                 length,
                     GError              **error)
{
  if (G_UNLIKELY (offset > self->length || self->length - offset < length))
    {
      release_buffer_check_range (self, offset, length, error);
      return NULL;
    }

  /* Nothing, asked of an empty buffer, has an address too. */
  return self->data != NULL ? self->data + offset : (const guint8 *) "";
}

#undef _RELEASE_BUFFER_DEFINE_INTEGER
#endif

#undef _RELEASE_BUFFER_INLINE

#endif

G_END_DECLS
