/* release/buffer/release-buffer.h
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

#define RELEASE_TYPE_BUFFER (release_buffer_get_type ())

/**
 * RELEASE_BUFFER_ERROR:
 *
 * The error domain of #ReleaseBuffer. Its codes are #ReleaseBufferError.
 *
 * Since: 0.1
 */
#define RELEASE_BUFFER_ERROR (release_buffer_error_quark ())
#define RELEASE_TYPE_BUFFER_ERROR (release_buffer_error_get_type ())

/**
 * ReleaseBufferError:
 * @RELEASE_BUFFER_ERROR_FAILED: there is not so much memory
 * @RELEASE_BUFFER_ERROR_OUT_OF_RANGE: an offset or a length goes past the end
 * @RELEASE_BUFFER_ERROR_LIMIT: the buffer would get longer than its limit
 *
 * What can be wrong with the use of a buffer.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_BUFFER_ERROR_FAILED,
  RELEASE_BUFFER_ERROR_OUT_OF_RANGE,
  RELEASE_BUFFER_ERROR_LIMIT,
} ReleaseBufferError;

/**
 * ReleaseBuffer:
 *
 * Bytes that can be changed, added behind and taken off in front.
 *
 * Since: 0.1
 */
typedef struct _ReleaseBuffer ReleaseBuffer;

#ifndef __GI_SCANNER__
struct _ReleaseBuffer
{
  /*< private >*/
  guint8           *data;       /* the first byte */
  guint8           *end;        /* behind the last one */
  guint8           *room_end;   /* behind the bytes after end that are free; none if shared */
  gpointer          memory;
  gsize             limit;
  gsize             min_capacity;
  gatomicrefcount   ref_count;
};
#endif

RELEASE_AVAILABLE_IN_ALL
GType             release_buffer_error_get_type   (void);
RELEASE_AVAILABLE_IN_ALL
GQuark            release_buffer_error_quark      (void);
RELEASE_AVAILABLE_IN_ALL
GType             release_buffer_get_type         (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_new              (gsize                 capacity);
RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_new_filled       (gsize                 length,
                                                   guint8                byte);
RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_new_from_data    (const guint8         *data,
                                                   gsize                 length);
RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_new_from_bytes   (GBytes               *bytes);
RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_new_take         (guint8               *data,
                                                   gsize                 length);
RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_dup              (const ReleaseBuffer  *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_ref              (ReleaseBuffer        *self);
RELEASE_AVAILABLE_IN_ALL
void              release_buffer_unref            (ReleaseBuffer        *self);

RELEASE_AVAILABLE_IN_ALL
gsize             release_buffer_get_length       (const ReleaseBuffer  *self);
RELEASE_AVAILABLE_IN_ALL
gsize             release_buffer_get_capacity     (const ReleaseBuffer  *self);
RELEASE_AVAILABLE_IN_ALL
gsize             release_buffer_get_limit        (const ReleaseBuffer  *self);
RELEASE_AVAILABLE_IN_ALL
void              release_buffer_set_limit        (ReleaseBuffer        *self,
                                                   gsize                 limit);
RELEASE_AVAILABLE_IN_ALL
const guint8     *release_buffer_get_data         (const ReleaseBuffer  *self,
                                                   gsize                *length);
RELEASE_AVAILABLE_IN_ALL
GBytes           *release_buffer_to_bytes         (ReleaseBuffer        *self);

RELEASE_AVAILABLE_IN_ALL
guint8            release_buffer_get_byte         (const ReleaseBuffer  *self,
                                                   gsize                 offset);
RELEASE_AVAILABLE_IN_ALL
void              release_buffer_set_byte         (ReleaseBuffer        *self,
                                                   gsize                 offset,
                                                   guint8                byte);

RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_append_byte      (ReleaseBuffer        *self,
                                                   guint8                byte,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_append_data      (ReleaseBuffer        *self,
                                                   const guint8         *data,
                                                   gsize                 length,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_append_buffer    (ReleaseBuffer        *self,
                                                   const ReleaseBuffer  *other,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_append_string    (ReleaseBuffer        *self,
                                                   const char           *text,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_insert           (ReleaseBuffer        *self,
                                                   gsize                 offset,
                                                   const guint8         *data,
                                                   gsize                 length,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
guint8           *release_buffer_extend           (ReleaseBuffer        *self,
                                                   gsize                 length,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
guint8           *release_buffer_map              (ReleaseBuffer        *self,
                                                   gsize                 offset,
                                                   gsize                 length,
                                                   GError              **error);

RELEASE_AVAILABLE_IN_ALL
ReleaseBuffer    *release_buffer_sub              (ReleaseBuffer        *self,
                                                   gsize                 offset,
                                                   gsize                 length,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_blit             (const ReleaseBuffer  *self,
                                                   gsize                 offset,
                                                   ReleaseBuffer        *target,
                                                   gsize                 target_offset,
                                                   gsize                 length,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_fill             (ReleaseBuffer        *self,
                                                   gsize                 offset,
                                                   gsize                 length,
                                                   guint8                byte,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_truncate         (ReleaseBuffer        *self,
                                                   gsize                 length,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_consume          (ReleaseBuffer        *self,
                                                   gsize                 length,
                                                   GError              **error);

RELEASE_AVAILABLE_IN_ALL
gssize            release_buffer_index            (const ReleaseBuffer  *self,
                                                   guint8                byte);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_index_from       (const ReleaseBuffer  *self,
                                                   gsize                 offset,
                                                   guint8                byte,
                                                   gssize               *index,
                                                   GError              **error);
RELEASE_AVAILABLE_IN_ALL
int               release_buffer_compare          (const ReleaseBuffer  *self,
                                                   const ReleaseBuffer  *other);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_equal            (const ReleaseBuffer  *self,
                                                   const ReleaseBuffer  *other);
RELEASE_AVAILABLE_IN_ALL
gboolean          release_buffer_check_range      (const ReleaseBuffer  *self,
                                                   gsize                 offset,
                                                   gsize                 length,
                                                   GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseBuffer, release_buffer_unref)

G_END_DECLS
