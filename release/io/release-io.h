/* release/io/release-io.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#include <release/base/release-version-macros.h>
#include <release/buffer/release-buffer.h>

G_BEGIN_DECLS

/**
 * RELEASE_IO_ERROR:
 *
 * The error domain of input and output. Its codes are #ReleaseIoError.
 *
 * Since: 0.1
 */
#define RELEASE_IO_ERROR (release_io_error_quark ())
#define RELEASE_TYPE_IO_ERROR (release_io_error_get_type ())

/**
 * ReleaseIoError:
 * @RELEASE_IO_ERROR_FAILED: something else
 * @RELEASE_IO_ERROR_EOF: the end of the file, or of the peer, before the first
 *   byte
 * @RELEASE_IO_ERROR_TRUNCATED: the same in the middle of what was asked for; the
 *   message says how much had come
 * @RELEASE_IO_ERROR_TOO_MANY_FDS: more descriptors than allowed
 *
 * What can be wrong with input and output beside what the system says, which
 * comes as a #GIOErrorEnum.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_IO_ERROR_FAILED,
  RELEASE_IO_ERROR_EOF,
  RELEASE_IO_ERROR_TRUNCATED,
  RELEASE_IO_ERROR_TOO_MANY_FDS,
} ReleaseIoError;

/**
 * RELEASE_IO_MAX_FDS:
 *
 * How many descriptors can travel in one message: what the kernel allows.
 *
 * Since: 0.1
 */
#define RELEASE_IO_MAX_FDS 253

RELEASE_AVAILABLE_IN_ALL
GType         release_io_error_get_type       (void);
RELEASE_AVAILABLE_IN_ALL
GQuark        release_io_error_quark          (void);

RELEASE_AVAILABLE_IN_ALL
gssize        release_io_read_once            (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               gsize                 offset,
                                               gsize                 max_length,
                                               GCancellable         *cancellable,
                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void          release_io_read_once_async      (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               gsize                 offset,
                                               gsize                 max_length,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gssize        release_io_read_once_finish     (GAsyncResult         *result,
                                               GError              **error);

RELEASE_AVAILABLE_IN_ALL
gboolean      release_io_read                 (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               gsize                 length,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void          release_io_read_async           (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               gsize                 length,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean      release_io_read_finish          (GAsyncResult         *result,
                                               GError              **error);

RELEASE_AVAILABLE_IN_ALL
gboolean      release_io_write                (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void          release_io_write_async          (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean      release_io_write_finish         (GAsyncResult         *result,
                                               GError              **error);

RELEASE_AVAILABLE_IN_ALL
gboolean      release_io_send_fds             (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               GUnixFDList          *fds,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void          release_io_send_fds_async       (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               GUnixFDList          *fds,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean      release_io_send_fds_finish      (GAsyncResult         *result,
                                               GError              **error);

RELEASE_AVAILABLE_IN_ALL
GUnixFDList  *release_io_receive_fds          (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               gsize                 max_length,
                                               guint                 max_fds,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void          release_io_receive_fds_async    (int                   fd,
                                               ReleaseBuffer        *buffer,
                                               gsize                 max_length,
                                               guint                 max_fds,
                                               int                   timeout_msec,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
GUnixFDList  *release_io_receive_fds_finish   (GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
