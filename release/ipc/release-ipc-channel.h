/* release/ipc/release-ipc-channel.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/ipc/release-ipc-codec.h>
#include <release/ipc/release-ipc-invocation.h>

G_BEGIN_DECLS

/**
 * ReleaseIpcFraming:
 * @RELEASE_IPC_FRAMING_PLAIN: the protocol of the OCaml library: a length, then the message
 * @RELEASE_IPC_FRAMING_MULTIPLEXED: messages in an envelope, so that both sides ask and answer
 *   at once
 *
 * How messages stand on the wire.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_IPC_FRAMING_PLAIN,
  RELEASE_IPC_FRAMING_MULTIPLEXED,
} ReleaseIpcFraming;

#define RELEASE_TYPE_IPC_FRAMING (release_ipc_framing_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType              release_ipc_framing_get_type               (void);

/**
 * ReleaseIpcServeFunc:
 * @channel: the channel that the request came on
 * @invocation: (transfer none): the request
 * @user_data: what release_ipc_channel_serve() was given
 *
 * Handles a request. It answers @invocation at once, or keeps a reference and answers later.
 *
 * Returns: %TRUE if the request is or will be answered, %FALSE to have it answered with
 *   %RELEASE_IPC_ERROR_NOT_HANDLED
 *
 * Since: 0.1
 */
typedef gboolean (*ReleaseIpcServeFunc) (ReleaseIpcChannel    *channel,
                                         ReleaseIpcInvocation *invocation,
                                         gpointer              user_data);

/**
 * ReleaseIpcDataFunc:
 * @channel: the channel that was asked
 * @data: (nullable): the bytes of the answer, valid during the call; %NULL if @error is set
 * @length: how many bytes
 * @error: (nullable): why there is no answer
 * @user_data: what the call was given
 *
 * Receives the end of a request, exactly once.
 *
 * Since: 0.1
 */
typedef void (*ReleaseIpcDataFunc) (ReleaseIpcChannel *channel,
                                    gconstpointer      data,
                                    gsize              length,
                                    const GError      *error,
                                    gpointer           user_data);

#define RELEASE_TYPE_IPC_CHANNEL (release_ipc_channel_get_type ())

/**
 * ReleaseIpcChannel:
 *
 * One end of a connection that carries requests, responses and events.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseIpcChannel, release_ipc_channel, RELEASE, IPC_CHANNEL, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseIpcChannel *release_ipc_channel_new                    (int                   fd,
                                                               ReleaseIpcFraming     framing,
                                                               ReleaseIpcCodec      *codec,
                                                               GError              **error);

RELEASE_AVAILABLE_IN_ALL
ReleaseIpcFraming  release_ipc_channel_get_framing            (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec   *release_ipc_channel_get_codec              (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
GCredentials      *release_ipc_channel_get_peer_credentials   (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
guint              release_ipc_channel_get_max_message_size   (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_set_max_message_size   (ReleaseIpcChannel    *self,
                                                               guint                 max_message_size);
RELEASE_AVAILABLE_IN_ALL
guint              release_ipc_channel_get_max_in_flight      (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_set_max_in_flight      (ReleaseIpcChannel    *self,
                                                               guint                 max_in_flight);
RELEASE_AVAILABLE_IN_ALL
gsize              release_ipc_channel_get_max_queue_size     (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_set_max_queue_size     (ReleaseIpcChannel    *self,
                                                               gsize                 max_queue_size);
RELEASE_AVAILABLE_IN_ALL
int                release_ipc_channel_get_stall_timeout      (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_set_stall_timeout      (ReleaseIpcChannel    *self,
                                                               int                   timeout_msec);
RELEASE_AVAILABLE_IN_ALL
guint              release_ipc_channel_get_max_memfds         (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_set_max_memfds         (ReleaseIpcChannel    *self,
                                                               guint                 max_memfds);
RELEASE_AVAILABLE_IN_ALL
gsize              release_ipc_channel_get_max_memfd_size     (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_set_max_memfd_size     (ReleaseIpcChannel    *self,
                                                               gsize                 max_memfd_size);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_channel_get_copy_memfds        (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_set_copy_memfds        (ReleaseIpcChannel    *self,
                                                               gboolean              copy_memfds);
RELEASE_AVAILABLE_IN_ALL
guint64            release_ipc_channel_get_n_refused_fds      (ReleaseIpcChannel    *self);

RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_start                  (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_close                  (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_channel_is_closed              (ReleaseIpcChannel    *self);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_serve                  (ReleaseIpcChannel    *self,
                                                               ReleaseIpcServeFunc   func,
                                                               gpointer              user_data,
                                                               GDestroyNotify        destroy);

RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_channel_call                   (ReleaseIpcChannel    *self,
                                                               const GValue         *request,
                                                               GValue               *response,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_call_async             (ReleaseIpcChannel    *self,
                                                               const GValue         *request,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GAsyncReadyCallback   callback,
                                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_channel_call_finish            (ReleaseIpcChannel    *self,
                                                               GAsyncResult         *result,
                                                               GValue               *response,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
GBytes            *release_ipc_channel_call_bytes             (ReleaseIpcChannel    *self,
                                                               GBytes               *request,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_call_bytes_async       (ReleaseIpcChannel    *self,
                                                               GBytes               *request,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GAsyncReadyCallback   callback,
                                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
GBytes            *release_ipc_channel_call_bytes_finish      (ReleaseIpcChannel    *self,
                                                               GAsyncResult         *result,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
char              *release_ipc_channel_call_string            (ReleaseIpcChannel    *self,
                                                               const char           *request,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_call_string_async      (ReleaseIpcChannel    *self,
                                                               const char           *request,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GAsyncReadyCallback   callback,
                                                               gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
char              *release_ipc_channel_call_string_finish     (ReleaseIpcChannel    *self,
                                                               GAsyncResult         *result,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_call_data              (ReleaseIpcChannel    *self,
                                                               gconstpointer         data,
                                                               gsize                 length,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               ReleaseIpcDataFunc    callback,
                                                               gpointer              user_data);

RELEASE_AVAILABLE_IN_ALL
void               release_ipc_channel_call_bytes_func        (ReleaseIpcChannel    *self,
                                                               GBytes               *request,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               ReleaseIpcDataFunc    callback,
                                                               gpointer              user_data);

RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_channel_send_event             (ReleaseIpcChannel    *self,
                                                               const GValue         *value,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_channel_send_event_bytes       (ReleaseIpcChannel    *self,
                                                               GBytes               *bytes,
                                                               GError              **error);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_ipc_channel_send_event_string      (ReleaseIpcChannel    *self,
                                                               const char           *text,
                                                               GError              **error);

G_END_DECLS
