/* release/ipc/release-ipc-protocol.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-protocol.h"

#include "release/ipc/release-ipc-call-private.h"
#include "release/ipc/release-ipc-codec-private.h"
#include "release/ipc/release-ipc-core-private.h"
#include "release/ipc/release-ipc-error.h"
#include "release/ipc/release-ipc-protocol-private.h"

/**
 * SECTION:release-ipc-protocol
 * @title: Typed protocols
 * @short_description: requests and responses that the compiler checks
 *
 * A C program describes its requests and responses as two types of its own and
 * the four functions that turn them into bytes and back, and gets functions to
 * ask, to serve and to answer that take and return nothing but these types. It
 * is the counterpart of the OCaml library's functor `Release_ipc.Make`.
 *
 * |[<!-- language="C" -->
 * typedef struct { int a, b; } AddRequest;
 * typedef struct { int sum; } AddResponse;
 *
 * RELEASE_DECLARE_IPC_PROTOCOL (AddIpc, add_ipc, AddRequest, AddResponse)
 *
 * RELEASE_DEFINE_IPC_PROTOCOL (AddIpc, add_ipc, AddRequest, AddResponse,
 *                              add_request_to_bytes, add_request_from_bytes, g_free,
 *                              add_response_to_bytes, add_response_from_bytes, g_free)
 *
 * static void
 * on_add (AddIpcInvocation *invocation, const AddRequest *request, gpointer user_data)
 * {
 *   AddResponse response = { request->a + request->b };
 *
 *   add_ipc_return (invocation, &response, NULL);
 * }
 *
 *   add_ipc_serve (channel, on_add, NULL, NULL);
 *   response = add_ipc_call (channel, &(AddRequest) { 1, 2 }, 1000, NULL, &error);
 * ]|
 *
 * The bytes that a conversion is given may share memory with messages that came
 * together, at most 16 KiB: one that keeps a few bytes for long copies them.
 *
 * The functions whose names begin with `release_ipc_protocol_` are what the
 * macros call; programs do not need them.
 */

typedef struct
{
  const ReleaseIpcProtocol *protocol;
  ReleaseIpcProtocolFunc    func;
  gpointer                  user_data;
  GDestroyNotify            destroy;    /* (nullable) */
} Server;

/* A conversion that failed without a word still gives an error. */
static void
ensure_error (const ReleaseIpcProtocol  *protocol,
              const char                *what,
              GError                   **error,
              GError                    *reason)
{
  if (reason == NULL)
    reason = g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC,
                          "%s cannot convert a %s", protocol->name, what);
  g_propagate_error (error, reason);
}

static GBytes *
to_bytes (const ReleaseIpcProtocol  *protocol,
          GBytes                  *(*convert) (gconstpointer, GError **),
          gconstpointer              value,
          const char                *what,
          GError                   **error)
{
  GError *reason = NULL;
  GBytes *bytes = convert (value, &reason);

  if (bytes == NULL)
    ensure_error (protocol, what, error, reason);
  return bytes;
}

static gpointer
from_bytes (const ReleaseIpcProtocol  *protocol,
            gpointer                 (*convert) (GBytes *, GError **),
            GBytes                    *bytes,
            const char                *what,
            GError                   **error)
{
  GError *reason = NULL;
  gpointer value = convert (bytes, &reason);

  if (value == NULL)
    ensure_error (protocol, what, error, reason);
  return value;
}

/**
 * release_ipc_protocol_call: (skip)
 * @protocol: a protocol
 * @channel: a #ReleaseIpcChannel
 * @request: the request, of the protocol's type
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for a #GError, or %NULL
 *
 * Asks the peer and waits, as release_ipc_channel_call() does. Called by the
 * `_call ()` of a typed protocol.
 *
 * Returns: (transfer full): the response, of the protocol's type, or %NULL with
 *   @error set
 *
 * Since: 0.1
 */
gpointer
release_ipc_protocol_call (const ReleaseIpcProtocol  *protocol,
                           ReleaseIpcChannel         *channel,
                           gconstpointer              request,
                           int                        timeout_msec,
                           GCancellable              *cancellable,
                           GError                   **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) answer = NULL;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (channel), NULL);

  bytes = to_bytes (protocol, protocol->request_to_bytes, request, "request", error);
  if (bytes == NULL)
    return NULL;

  answer = release_ipc_channel_call_bytes (channel, bytes, timeout_msec, cancellable, error);
  if (answer == NULL)
    return NULL;

  return from_bytes (protocol, protocol->response_from_bytes, answer, "response", error);
}

/**
 * release_ipc_protocol_call_async: (skip)
 * @protocol: a protocol
 * @channel: a #ReleaseIpcChannel
 * @request: the request, of the protocol's type
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when the call has ended
 * @user_data: data for @callback
 *
 * Asks the peer, as release_ipc_channel_call_async() does. Called by the
 * `_call_async ()` of a typed protocol.
 *
 * Since: 0.1
 */
void
release_ipc_protocol_call_async (const ReleaseIpcProtocol  *protocol,
                                 ReleaseIpcChannel         *channel,
                                 gconstpointer              request,
                                 int                        timeout_msec,
                                 GCancellable              *cancellable,
                                 GAsyncReadyCallback        callback,
                                 gpointer                   user_data)
{
  g_autoptr(GBytes) bytes = NULL;
  GError *error = NULL;
  ReleaseIpcCall *call;
  gconstpointer data;
  gsize length;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (channel));

  call = release_ipc_call_new (channel, callback, user_data, (gpointer) protocol);
  bytes = to_bytes (protocol, protocol->request_to_bytes, request, "request", &error);
  if (bytes == NULL)
    {
      release_ipc_call_refuse (call, error);
      return;
    }

  data = g_bytes_get_data (bytes, &length);
  release_ipc_call_begin (call, data, length, bytes, timeout_msec, cancellable);
}

/**
 * release_ipc_protocol_call_finish: (skip)
 * @protocol: a protocol
 * @channel: a #ReleaseIpcChannel
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a call that release_ipc_protocol_call_async() began. Called by the
 * `_call_finish ()` of a typed protocol.
 *
 * Returns: (transfer full): the response, of the protocol's type, or %NULL with
 *   @error set
 *
 * Since: 0.1
 */
gpointer
release_ipc_protocol_call_finish (const ReleaseIpcProtocol  *protocol,
                                  ReleaseIpcChannel         *channel,
                                  GAsyncResult              *result,
                                  GError                   **error)
{
  ReleaseIpcCall *call;

  g_return_val_if_fail (RELEASE_IS_IPC_CHANNEL (channel), NULL);

  call = release_ipc_call_finish (channel, result, (gpointer) protocol, error);
  if (call == NULL)
    return NULL;

  return from_bytes (protocol, protocol->response_from_bytes,
                     release_ipc_call_share_bytes (call), "response", error);
}

static void
response_cb (ReleaseIpcPending *pending,
             ReleaseIpcFrame   *frame,
             const GError      *error)
{
  const ReleaseIpcProtocol *protocol = pending->protocol;
  ReleaseIpcProtocolCallFunc callback = (ReleaseIpcProtocolCallFunc) (GCallback) pending->callback;
  g_autoptr(GError) malformed = NULL;
  gpointer response = NULL;

  if (frame != NULL)
    response = from_bytes (protocol, protocol->response_from_bytes,
                           release_ipc_frame_share_bytes (frame), "response", &malformed);
  callback (pending->channel, response, frame != NULL ? malformed : error, pending->user_data);
  if (response != NULL)
    protocol->response_free (response);
  release_ipc_pending_free (pending);
}

/**
 * release_ipc_protocol_call_func: (skip)
 * @protocol: a protocol
 * @channel: a #ReleaseIpcChannel
 * @request: the request, of the protocol's type
 * @timeout_msec: how long to wait for the answer, in milliseconds; -1 for ever
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when the call has ended
 * @user_data: data for @callback
 *
 * Asks the peer, as release_ipc_channel_call_data() does: with a plain callback.
 * Called by the `_call_func ()` of a typed protocol.
 *
 * Since: 0.1
 */
void
release_ipc_protocol_call_func (const ReleaseIpcProtocol   *protocol,
                                ReleaseIpcChannel          *channel,
                                gconstpointer               request,
                                int                         timeout_msec,
                                GCancellable               *cancellable,
                                ReleaseIpcProtocolCallFunc  callback,
                                gpointer                    user_data)
{
  g_autoptr(GBytes) bytes = NULL;
  GError *error = NULL;
  ReleaseIpcPending *pending;
  gconstpointer data;
  gsize length;

  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (channel));
  g_return_if_fail (callback != NULL);

  pending = release_ipc_pending_new (channel, response_cb, (gpointer) (GCallback) callback,
                                     user_data);
  pending->protocol = protocol;
  bytes = to_bytes (protocol, protocol->request_to_bytes, request, "request", &error);
  if (bytes == NULL)
    {
      release_ipc_pending_refuse (pending, error);
      return;
    }

  data = g_bytes_get_data (bytes, &length);
  release_ipc_call_func_begin (pending, data, length, bytes, timeout_msec, cancellable);
}

/**
 * release_ipc_protocol_handle: (skip)
 * @protocol: a protocol
 * @invocation: a request
 * @func: handles the request
 * @user_data: data for @func
 *
 * Decodes a request and hands it to @func. One that cannot be decoded is
 * answered with the error.
 *
 * Returns: %TRUE: the request is taken
 *
 * Since: 0.1
 */
gboolean
release_ipc_protocol_handle (const ReleaseIpcProtocol *protocol,
                             ReleaseIpcInvocation     *invocation,
                             ReleaseIpcProtocolFunc    func,
                             gpointer                  user_data)
{
  g_autoptr(GError) error = NULL;
  gpointer request;

  g_return_val_if_fail (invocation != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  request = from_bytes (protocol, protocol->request_from_bytes,
                        release_ipc_invocation_share_bytes (invocation), "request", &error);
  if (request != NULL)
    {
      func (invocation, request, user_data);
      protocol->request_free (request);
    }
  else
    {
      release_ipc_invocation_return_error (invocation, error, NULL);
    }

  return TRUE;
}

gboolean
release_ipc_protocol_serve_cb (ReleaseIpcChannel    *channel,
                               ReleaseIpcInvocation *invocation,
                               gpointer              user_data)
{
  Server *server = user_data;

  return release_ipc_protocol_handle (server->protocol, invocation, server->func,
                                      server->user_data);
}

gpointer
release_ipc_protocol_server_new (const ReleaseIpcProtocol *protocol,
                                 ReleaseIpcProtocolFunc    func,
                                 gpointer                  user_data,
                                 GDestroyNotify            destroy)
{
  Server *server = g_new (Server, 1);

  server->protocol = protocol;
  server->func = func;
  server->user_data = user_data;
  server->destroy = destroy;

  return server;
}

void
release_ipc_protocol_server_free (gpointer data)
{
  Server *server = data;

  if (server->destroy != NULL)
    server->destroy (server->user_data);
  g_free (server);
}

/**
 * release_ipc_protocol_serve: (skip)
 * @protocol: a protocol
 * @channel: a #ReleaseIpcChannel
 * @func: handles each request
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Has @func handle all requests, as release_ipc_channel_serve() does. Called by
 * the `_serve ()` of a typed protocol.
 *
 * Since: 0.1
 */
void
release_ipc_protocol_serve (const ReleaseIpcProtocol *protocol,
                            ReleaseIpcChannel        *channel,
                            ReleaseIpcProtocolFunc    func,
                            gpointer                  user_data,
                            GDestroyNotify            destroy)
{
  g_return_if_fail (RELEASE_IS_IPC_CHANNEL (channel));
  g_return_if_fail (func != NULL);

  release_ipc_channel_serve (channel, release_ipc_protocol_serve_cb,
                             release_ipc_protocol_server_new (protocol, func, user_data, destroy),
                             release_ipc_protocol_server_free);
}

/**
 * release_ipc_protocol_return: (skip)
 * @protocol: a protocol
 * @invocation: a request
 * @response: the response, of the protocol's type
 * @error: return location for a #GError, or %NULL
 *
 * Answers a request, as release_ipc_invocation_return_bytes() does. Called by
 * the `_return ()` of a typed protocol.
 *
 * Returns: %TRUE if the answer is on its way, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_ipc_protocol_return (const ReleaseIpcProtocol  *protocol,
                             ReleaseIpcInvocation      *invocation,
                             gconstpointer              response,
                             GError                   **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (invocation != NULL, FALSE);

  bytes = to_bytes (protocol, protocol->response_to_bytes, response, "response", error);
  return bytes != NULL && release_ipc_invocation_return_bytes (invocation, bytes, error);
}

/* A protocol as a codec: its values are the bytes of messages that the protocol understands. */

#define RELEASE_TYPE_IPC_PROTOCOL_CODEC (release_ipc_protocol_codec_get_type ())
G_DECLARE_FINAL_TYPE (ReleaseIpcProtocolCodec, release_ipc_protocol_codec,
                      RELEASE, IPC_PROTOCOL_CODEC, GObject)

struct _ReleaseIpcProtocolCodec
{
  GObject                   parent_instance;

  const ReleaseIpcProtocol *protocol;
};

static void release_ipc_protocol_codec_iface_init (ReleaseIpcCodecInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ReleaseIpcProtocolCodec, release_ipc_protocol_codec, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RELEASE_TYPE_IPC_CODEC,
                                                      release_ipc_protocol_codec_iface_init))

static GType
release_ipc_protocol_codec_get_value_type (ReleaseIpcCodec *codec)
{
  return G_TYPE_BYTES;
}

static gboolean
check_request (ReleaseIpcCodec  *codec,
               GBytes           *bytes,
               GError          **error)
{
  const ReleaseIpcProtocol *protocol = RELEASE_IPC_PROTOCOL_CODEC (codec)->protocol;
  gpointer request = from_bytes (protocol, protocol->request_from_bytes, bytes, "request", error);

  if (request == NULL)
    return FALSE;

  protocol->request_free (request);
  return TRUE;
}

static gboolean
check_response (ReleaseIpcCodec  *codec,
                GBytes           *bytes,
                GError          **error)
{
  const ReleaseIpcProtocol *protocol = RELEASE_IPC_PROTOCOL_CODEC (codec)->protocol;
  gpointer response = from_bytes (protocol, protocol->response_from_bytes, bytes, "response",
                                  error);

  if (response == NULL)
    return FALSE;

  protocol->response_free (response);
  return TRUE;
}

static void
set_bytes (ReleaseIpcMessage *message,
           GBytes            *bytes)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_BYTES);
  g_value_set_boxed (&value, bytes);
  release_ipc_message_set_value (message, &value);
}

static GBytes *
release_ipc_protocol_codec_encode_request (ReleaseIpcCodec  *codec,
                                           const GValue     *value,
                                           GError          **error)
{
  GBytes *bytes = g_value_get_boxed (value);

  return bytes != NULL && check_request (codec, bytes, error) ? g_bytes_ref (bytes) : NULL;
}

static gboolean
release_ipc_protocol_codec_decode_request (ReleaseIpcCodec    *codec,
                                           GBytes             *bytes,
                                           ReleaseIpcMessage  *message,
                                           GError            **error)
{
  if (!check_request (codec, bytes, error))
    return FALSE;

  set_bytes (message, bytes);
  return TRUE;
}

static GBytes *
release_ipc_protocol_codec_encode_response (ReleaseIpcCodec  *codec,
                                            const GValue     *value,
                                            GError          **error)
{
  GBytes *bytes = g_value_get_boxed (value);

  return bytes != NULL && check_response (codec, bytes, error) ? g_bytes_ref (bytes) : NULL;
}

static gboolean
release_ipc_protocol_codec_decode_response (ReleaseIpcCodec    *codec,
                                            GBytes             *bytes,
                                            ReleaseIpcMessage  *message,
                                            GError            **error)
{
  if (!check_response (codec, bytes, error))
    return FALSE;

  set_bytes (message, bytes);
  return TRUE;
}

static void
release_ipc_protocol_codec_iface_init (ReleaseIpcCodecInterface *iface)
{
  iface->get_request_type = release_ipc_protocol_codec_get_value_type;
  iface->get_response_type = release_ipc_protocol_codec_get_value_type;
  iface->encode_request = release_ipc_protocol_codec_encode_request;
  iface->decode_request = release_ipc_protocol_codec_decode_request;
  iface->encode_response = release_ipc_protocol_codec_encode_response;
  iface->decode_response = release_ipc_protocol_codec_decode_response;
}

static void
release_ipc_protocol_codec_class_init (ReleaseIpcProtocolCodecClass *klass)
{
}

static void
release_ipc_protocol_codec_init (ReleaseIpcProtocolCodec *self)
{
}

/**
 * release_ipc_protocol_new_codec: (skip)
 * @protocol: a protocol, which stays where it is
 *
 * Makes a codec of a typed protocol, for code that knows codecs alone, such as
 * a binding. Its values are #GBytes that the protocol has checked. Called by
 * the `_new_codec ()` of a typed protocol.
 *
 * Returns: (transfer full): the codec
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_ipc_protocol_new_codec (const ReleaseIpcProtocol *protocol)
{
  ReleaseIpcProtocolCodec *self = g_object_new (RELEASE_TYPE_IPC_PROTOCOL_CODEC, NULL);

  self->protocol = protocol;
  return RELEASE_IPC_CODEC (self);
}
