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
#include <release/buffer/release-int128.h>

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
gboolean  release_buffer_read_int128_at    (const ReleaseBuffer    *self,
                                            gsize                   offset,
                                            ReleaseByteOrder        order,
                                            ReleaseInt128          *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_read_int128       (ReleaseBuffer          *self,
                                            ReleaseByteOrder        order,
                                            ReleaseInt128          *value,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int128_at   (ReleaseBuffer          *self,
                                            gsize                   offset,
                                            const ReleaseInt128    *value,
                                            ReleaseByteOrder        order,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_buffer_write_int128      (ReleaseBuffer          *self,
                                            const ReleaseInt128    *value,
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

#define _RELEASE_BUFFER_PART extern __inline__ __attribute__ ((__gnu_inline__, __always_inline__))

/* All of them are made of these four, with a size that the compiler knows. They call nothing unless
 * bytes or room are missing, and store one field of the buffer at most, after the bytes: whatever
 * those overwrite, the next integer finds the field in a register. */

_RELEASE_BUFFER_PART gboolean
_release_buffer_get (const ReleaseBuffer  *self,
                     gsize                 offset,
                     void                 *bytes,
                     gsize                 size,
                     GError              **error)
{
  gsize length = (gsize) (self->end - self->data);

  /* The first comparison is the same for all that follow. */
  if (G_UNLIKELY (length < size || offset > length - size))
    {
      release_buffer_check_range (self, offset, size, error);
      return FALSE;
    }

  memcpy (bytes, self->data + offset, size);
  return TRUE;
}

_RELEASE_BUFFER_PART gboolean
_release_buffer_take (ReleaseBuffer  *self,
                      void           *bytes,
                      gsize           size,
                      GError        **error)
{
  guint8 *front = self->data;

  /* As numbers, for an address that far past the end is not a pointer. */
  if (G_UNLIKELY ((guintptr) front + size > (guintptr) self->end))
    {
      release_buffer_check_range (self, 0, size, error);
      return FALSE;
    }

  memcpy (bytes, front, size);
  self->data = front + size;
  return TRUE;
}

_RELEASE_BUFFER_PART gboolean
_release_buffer_add (ReleaseBuffer  *self,
                     const void     *bytes,
                     gsize           size,
                     GError        **error)
{
  guint8 *added = self->end;

  if (G_UNLIKELY ((gsize) (self->room_end - added) < size))
    {
      added = release_buffer_extend (self, size, error);
      if (added == NULL)
        return FALSE;
    }

  memcpy (added, bytes, size);
  self->end = added + size;
  return TRUE;
}

_RELEASE_BUFFER_PART gboolean
_release_buffer_set (ReleaseBuffer  *self,
                     gsize           offset,
                     const void     *bytes,
                     gsize           size,
                     GError        **error)
{
  gsize length = (gsize) (self->end - self->data);
  guint8 *changed;

  /* Bytes with room behind them are the buffer's alone. */
  if (G_LIKELY (self->end < self->room_end && length >= size && offset <= length - size))
    changed = self->data + offset;
  else
    changed = release_buffer_map (self, offset, size, error);
  if (changed == NULL)
    return FALSE;

  memcpy (changed, bytes, size);
  return TRUE;
}

#define _RELEASE_BUFFER_DEFINE_BYTE(name, type)                                                   \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_read_##name##_at (const ReleaseBuffer  *self,                                    \
                                   gsize                 offset,                                  \
                                   type                 *value,                                   \
                                   GError              **error)                                   \
  {                                                                                               \
    return _release_buffer_get (self, offset, value, 1, error);                                   \
  }                                                                                               \
                                                                                                  \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_read_##name (ReleaseBuffer  *self,                                               \
                              type           *value,                                              \
                              GError        **error)                                              \
  {                                                                                               \
    return _release_buffer_take (self, value, 1, error);                                          \
  }                                                                                               \
                                                                                                  \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_write_##name##_at (ReleaseBuffer  *self,                                         \
                                    gsize           offset,                                       \
                                    type            value,                                        \
                                    GError        **error)                                        \
  {                                                                                               \
    return _release_buffer_set (self, offset, &value, 1, error);                                  \
  }                                                                                               \
                                                                                                  \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_write_##name (ReleaseBuffer  *self,                                              \
                               type            value,                                             \
                               GError        **error)                                             \
  {                                                                                               \
    return _release_buffer_add (self, &value, 1, error);                                          \
  }

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
    if (!_release_buffer_get (self, offset, &raw, sizeof raw, error))                             \
      return FALSE;                                                                               \
                                                                                                  \
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
    type raw;                                                                                     \
                                                                                                  \
    if (!_release_buffer_take (self, &raw, sizeof raw, error))                                    \
      return FALSE;                                                                               \
                                                                                                  \
    *value = order == RELEASE_BYTE_ORDER_BIG ? NAME##_FROM_BE (raw) : NAME##_FROM_LE (raw);       \
    return TRUE;                                                                                  \
  }                                                                                               \
                                                                                                  \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_write_##name##_at (ReleaseBuffer     *self,                                      \
                                    gsize              offset,                                    \
                                    type               value,                                     \
                                    ReleaseByteOrder   order,                                     \
                                    GError           **error)                                     \
  {                                                                                               \
    type raw = order == RELEASE_BYTE_ORDER_BIG ? NAME##_TO_BE (value) : NAME##_TO_LE (value);     \
                                                                                                  \
    return _release_buffer_set (self, offset, &raw, sizeof raw, error);                           \
  }                                                                                               \
                                                                                                  \
  _RELEASE_BUFFER_INLINE gboolean                                                                 \
  release_buffer_write_##name (ReleaseBuffer     *self,                                           \
                               type               value,                                          \
                               ReleaseByteOrder   order,                                          \
                               GError           **error)                                          \
  {                                                                                               \
    type raw = order == RELEASE_BYTE_ORDER_BIG ? NAME##_TO_BE (value) : NAME##_TO_LE (value);     \
                                                                                                  \
    return _release_buffer_add (self, &raw, sizeof raw, error);                                   \
  }

_RELEASE_BUFFER_DEFINE_BYTE (uint8, guint8)
_RELEASE_BUFFER_DEFINE_BYTE (int8, gint8)
_RELEASE_BUFFER_DEFINE_INTEGER (uint16, guint16, GUINT16)
_RELEASE_BUFFER_DEFINE_INTEGER (int16, gint16, GINT16)
_RELEASE_BUFFER_DEFINE_INTEGER (uint32, guint32, GUINT32)
_RELEASE_BUFFER_DEFINE_INTEGER (int32, gint32, GINT32)
_RELEASE_BUFFER_DEFINE_INTEGER (uint64, guint64, GUINT64)
_RELEASE_BUFFER_DEFINE_INTEGER (int64, gint64, GINT64)

#undef _RELEASE_BUFFER_PART
#undef _RELEASE_BUFFER_DEFINE_BYTE
#undef _RELEASE_BUFFER_DEFINE_INTEGER

_RELEASE_BUFFER_INLINE const guint8 *
release_buffer_peek (const ReleaseBuffer  *self,
                     gsize                 offset,
                     gsize                 length,
                     GError              **error)
{
  gsize present = (gsize) (self->end - self->data);

  if (G_UNLIKELY (offset > present || present - offset < length))
    {
      release_buffer_check_range (self, offset, length, error);
      return NULL;
    }

  return self->data + offset;
}

#endif

#undef _RELEASE_BUFFER_INLINE

#endif

G_END_DECLS
