/* release/ipc/release-ipc-channel-raw.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <release/ipc/release-ipc-channel.h>

G_BEGIN_DECLS

RELEASE_AVAILABLE_IN_ALL
GBytes   *release_ipc_channel_read                  (ReleaseIpcChannel  *self,
                                                     int                 timeout_msec,
                                                     GCancellable       *cancellable,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
void      release_ipc_channel_read_async            (ReleaseIpcChannel    *self,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
GBytes   *release_ipc_channel_read_finish           (ReleaseIpcChannel  *self,
                                                     GAsyncResult       *result,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_write                 (ReleaseIpcChannel  *self,
                                                     GBytes             *message,
                                                     int                 timeout_msec,
                                                     GCancellable       *cancellable,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
void      release_ipc_channel_write_async           (ReleaseIpcChannel    *self,
                                                     GBytes               *message,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_write_finish          (ReleaseIpcChannel  *self,
                                                     GAsyncResult       *result,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_read_request          (ReleaseIpcChannel  *self,
                                                     GValue             *request,
                                                     int                 timeout_msec,
                                                     GCancellable       *cancellable,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
void      release_ipc_channel_read_request_async    (ReleaseIpcChannel    *self,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_read_request_finish   (ReleaseIpcChannel  *self,
                                                     GAsyncResult       *result,
                                                     GValue             *request,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_write_request         (ReleaseIpcChannel  *self,
                                                     const GValue       *request,
                                                     int                 timeout_msec,
                                                     GCancellable       *cancellable,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
void      release_ipc_channel_write_request_async   (ReleaseIpcChannel    *self,
                                                     const GValue         *request,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_write_request_finish  (ReleaseIpcChannel  *self,
                                                     GAsyncResult       *result,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_read_response         (ReleaseIpcChannel  *self,
                                                     GValue             *response,
                                                     int                 timeout_msec,
                                                     GCancellable       *cancellable,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
void      release_ipc_channel_read_response_async   (ReleaseIpcChannel    *self,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_read_response_finish  (ReleaseIpcChannel  *self,
                                                     GAsyncResult       *result,
                                                     GValue             *response,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_write_response        (ReleaseIpcChannel  *self,
                                                     const GValue       *response,
                                                     int                 timeout_msec,
                                                     GCancellable       *cancellable,
                                                     GError            **error);
RELEASE_AVAILABLE_IN_ALL
void      release_ipc_channel_write_response_async  (ReleaseIpcChannel    *self,
                                                     const GValue         *response,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean  release_ipc_channel_write_response_finish (ReleaseIpcChannel  *self,
                                                     GAsyncResult       *result,
                                                     GError            **error);

G_END_DECLS
