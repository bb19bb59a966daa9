/* release/ipc/release-ipc-protocol.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <release/ipc/release-ipc-channel.h>

G_BEGIN_DECLS

/**
 * ReleaseIpcProtocol: (skip)
 * @name: the name of the protocol
 * @request_to_bytes: turns a request into bytes
 * @request_from_bytes: turns bytes into a request
 * @request_free: frees a request
 * @response_to_bytes: turns a response into bytes
 * @response_from_bytes: turns bytes into a response
 * @response_free: frees a response
 *
 * What RELEASE_DEFINE_IPC_PROTOCOL() makes of the functions that it is given.
 * Programs use the typed functions instead.
 *
 * Since: 0.1
 */
typedef struct _ReleaseIpcProtocol ReleaseIpcProtocol;

struct _ReleaseIpcProtocol
{
  const char *name;
  GBytes   *(*request_to_bytes)    (gconstpointer   request,
                                    GError        **error);
  gpointer  (*request_from_bytes)  (GBytes         *bytes,
                                    GError        **error);
  void      (*request_free)        (gpointer        request);
  GBytes   *(*response_to_bytes)   (gconstpointer   response,
                                    GError        **error);
  gpointer  (*response_from_bytes) (GBytes         *bytes,
                                    GError        **error);
  void      (*response_free)       (gpointer        response);
};

/**
 * ReleaseIpcProtocolFunc: (skip)
 * @invocation: (transfer none): the request being answered
 * @request: the request, valid during the call
 * @user_data: what the serving function was given
 *
 * Handles a typed request. It answers @invocation, at once or, if it keeps a
 * reference, later.
 *
 * Since: 0.1
 */
typedef void (*ReleaseIpcProtocolFunc) (ReleaseIpcInvocation *invocation,
                                        gconstpointer         request,
                                        gpointer              user_data);

/**
 * ReleaseIpcProtocolCallFunc: (skip)
 * @channel: the channel that was asked
 * @response: (nullable) (transfer none): the response, valid during the call, or %NULL
 * @error: (nullable): why there is no response
 * @user_data: what the call was given
 *
 * Receives the end of a typed request, exactly once: either @response or @error
 * is set.
 *
 * Since: 0.1
 */
typedef void (*ReleaseIpcProtocolCallFunc) (ReleaseIpcChannel *channel,
                                            gconstpointer      response,
                                            const GError      *error,
                                            gpointer           user_data);

RELEASE_AVAILABLE_IN_ALL
gpointer         release_ipc_protocol_call          (const ReleaseIpcProtocol  *protocol,
                                                     ReleaseIpcChannel         *channel,
                                                     gconstpointer              request,
                                                     int                        timeout_msec,
                                                     GCancellable              *cancellable,
                                                     GError                   **error);
RELEASE_AVAILABLE_IN_ALL
void             release_ipc_protocol_call_async    (const ReleaseIpcProtocol  *protocol,
                                                     ReleaseIpcChannel         *channel,
                                                     gconstpointer              request,
                                                     int                        timeout_msec,
                                                     GCancellable              *cancellable,
                                                     GAsyncReadyCallback        callback,
                                                     gpointer                   user_data);
RELEASE_AVAILABLE_IN_ALL
gpointer         release_ipc_protocol_call_finish   (const ReleaseIpcProtocol  *protocol,
                                                     ReleaseIpcChannel         *channel,
                                                     GAsyncResult              *result,
                                                     GError                   **error);
RELEASE_AVAILABLE_IN_ALL
void             release_ipc_protocol_call_func     (const ReleaseIpcProtocol  *protocol,
                                                     ReleaseIpcChannel         *channel,
                                                     gconstpointer              request,
                                                     int                        timeout_msec,
                                                     GCancellable              *cancellable,
                                                     ReleaseIpcProtocolCallFunc callback,
                                                     gpointer                   user_data);
RELEASE_AVAILABLE_IN_ALL
void             release_ipc_protocol_serve         (const ReleaseIpcProtocol  *protocol,
                                                     ReleaseIpcChannel         *channel,
                                                     ReleaseIpcProtocolFunc     func,
                                                     gpointer                   user_data,
                                                     GDestroyNotify             destroy);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_ipc_protocol_handle        (const ReleaseIpcProtocol  *protocol,
                                                     ReleaseIpcInvocation      *invocation,
                                                     ReleaseIpcProtocolFunc     func,
                                                     gpointer                   user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_ipc_protocol_return        (const ReleaseIpcProtocol  *protocol,
                                                     ReleaseIpcInvocation      *invocation,
                                                     gconstpointer              response,
                                                     GError                   **error);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec *release_ipc_protocol_new_codec     (const ReleaseIpcProtocol  *protocol);

/* gcc 12 takes a pointer of the wrong type for a mere warning; in code that uses a typed protocol
 * it is an error. */
#if defined (__GNUC__) && !defined (__cplusplus)
# define _RELEASE_IPC_TYPES_ARE_ERRORS \
  _Pragma ("GCC diagnostic error \"-Wincompatible-pointer-types\"")
#else
# define _RELEASE_IPC_TYPES_ARE_ERRORS
#endif

/**
 * RELEASE_DECLARE_IPC_PROTOCOL:
 * @Proto: the name of the protocol in camel case, such as `FooIpc`
 * @proto: the name in lower case, such as `foo_ipc`
 * @Request: the type of requests
 * @Response: the type of responses
 *
 * Declares a typed protocol: the counterpart of the OCaml library's functor
 * `Release_ipc.Make`. It declares, for `FooIpc`,
 *
 * |[<!-- language="C" -->
 * typedef struct _FooIpcInvocation FooIpcInvocation;
 * typedef void (*FooIpcServeFunc) (FooIpcInvocation *invocation,
 *                                  const FooRequest *request, gpointer user_data);
 * typedef void (*FooIpcCallFunc)  (ReleaseIpcChannel *channel, const FooResponse *response,
 *                                  const GError *error, gpointer user_data);
 *
 * FooResponse *foo_ipc_call        (ReleaseIpcChannel *channel, const FooRequest *request,
 *                                   int timeout_msec, GCancellable *cancellable, GError **error);
 * void         foo_ipc_call_async  (ReleaseIpcChannel *channel, const FooRequest *request,
 *                                   int timeout_msec, GCancellable *cancellable,
 *                                   GAsyncReadyCallback callback, gpointer user_data);
 * FooResponse *foo_ipc_call_finish (ReleaseIpcChannel *channel, GAsyncResult *result,
 *                                   GError **error);
 * void         foo_ipc_call_func   (ReleaseIpcChannel *channel, const FooRequest *request,
 *                                   int timeout_msec, GCancellable *cancellable,
 *                                   FooIpcCallFunc callback, gpointer user_data);
 * void         foo_ipc_serve       (ReleaseIpcChannel *channel, FooIpcServeFunc func,
 *                                   gpointer user_data, GDestroyNotify destroy);
 * gboolean     foo_ipc_return      (FooIpcInvocation *invocation, const FooResponse *response,
 *                                   GError **error);
 * gboolean     foo_ipc_return_error (FooIpcInvocation *invocation, const GError *failure,
 *                                   GError **error);
 * FooIpcInvocation *foo_ipc_invocation_ref (FooIpcInvocation *invocation);
 * void         foo_ipc_invocation_unref (FooIpcInvocation *invocation);
 * void         foo_ipc_serve_group (ReleaseSlaveGroup *group, FooIpcServeFunc func,
 *                                   gpointer user_data, GDestroyNotify destroy);
 * ReleaseIpcChannel *foo_ipc_invocation_get_channel (FooIpcInvocation *invocation);
 * ReleaseIpcCodec *foo_ipc_new_codec (void);
 * ]|
 *
 * `foo_ipc_call_func ()` is the lean form of `foo_ipc_call_async ()`: there is
 * no #GAsyncResult, the callback gets either the response, valid while it runs,
 * or the error, and runs once, from the main context of the channel, never
 * before the function has returned.
 *
 * `g_autoptr (FooIpcInvocation)` works. A value of the wrong type is a
 * compile-time error. No GValue and no signal is involved.
 *
 * Since: 0.1
 */
#define RELEASE_DECLARE_IPC_PROTOCOL(Proto, proto, Request, Response) \
  _RELEASE_IPC_TYPES_ARE_ERRORS \
  typedef struct _##Proto##Invocation Proto##Invocation; \
  typedef void (*Proto##ServeFunc) (Proto##Invocation *invocation, const Request *request, \
                                    gpointer user_data); \
  typedef void (*Proto##CallFunc) (ReleaseIpcChannel *channel, const Response *response, \
                                   const GError *error, gpointer user_data); \
  extern const ReleaseIpcProtocol proto##_protocol; \
  G_GNUC_UNUSED static inline Response * \
  proto##_call (ReleaseIpcChannel *channel, const Request *request, int timeout_msec, \
                GCancellable *cancellable, GError **error) \
  { \
    return (Response *) release_ipc_protocol_call (&proto##_protocol, channel, request, \
                                                   timeout_msec, cancellable, error); \
  } \
  G_GNUC_UNUSED static inline void \
  proto##_call_async (ReleaseIpcChannel *channel, const Request *request, int timeout_msec, \
                      GCancellable *cancellable, GAsyncReadyCallback callback, \
                      gpointer user_data) \
  { \
    release_ipc_protocol_call_async (&proto##_protocol, channel, request, timeout_msec, \
                                     cancellable, callback, user_data); \
  } \
  G_GNUC_UNUSED static inline Response * \
  proto##_call_finish (ReleaseIpcChannel *channel, GAsyncResult *result, GError **error) \
  { \
    return (Response *) release_ipc_protocol_call_finish (&proto##_protocol, channel, result, \
                                                          error); \
  } \
  G_GNUC_UNUSED static inline void \
  proto##_call_func (ReleaseIpcChannel *channel, const Request *request, int timeout_msec, \
                     GCancellable *cancellable, Proto##CallFunc callback, gpointer user_data) \
  { \
    release_ipc_protocol_call_func (&proto##_protocol, channel, request, timeout_msec, \
                                    cancellable, \
                                    (ReleaseIpcProtocolCallFunc) (GCallback) callback, \
                                    user_data); \
  } \
  G_GNUC_UNUSED static inline void \
  proto##_serve (ReleaseIpcChannel *channel, Proto##ServeFunc func, gpointer user_data, \
                 GDestroyNotify destroy) \
  { \
    release_ipc_protocol_serve (&proto##_protocol, channel, \
                                (ReleaseIpcProtocolFunc) (GCallback) func, user_data, destroy); \
  } \
  G_GNUC_UNUSED static inline void \
  proto##_serve_group (ReleaseSlaveGroup *group, Proto##ServeFunc func, gpointer user_data, \
                       GDestroyNotify destroy) \
  { \
    release_slave_group_serve_protocol (group, &proto##_protocol, \
                                        (ReleaseIpcProtocolFunc) (GCallback) func, user_data, \
                                        destroy); \
  } \
  G_GNUC_UNUSED static inline gboolean \
  proto##_return (Proto##Invocation *invocation, const Response *response, GError **error) \
  { \
    return release_ipc_protocol_return (&proto##_protocol, (ReleaseIpcInvocation *) invocation, \
                                        response, error); \
  } \
  G_GNUC_UNUSED static inline gboolean \
  proto##_return_error (Proto##Invocation *invocation, const GError *failure, GError **error) \
  { \
    return release_ipc_invocation_return_error ((ReleaseIpcInvocation *) invocation, failure, \
                                                error); \
  } \
  G_GNUC_UNUSED static inline Proto##Invocation * \
  proto##_invocation_ref (Proto##Invocation *invocation) \
  { \
    return (Proto##Invocation *) \
      release_ipc_invocation_ref ((ReleaseIpcInvocation *) invocation); \
  } \
  G_GNUC_UNUSED static inline void \
  proto##_invocation_unref (Proto##Invocation *invocation) \
  { \
    release_ipc_invocation_unref ((ReleaseIpcInvocation *) invocation); \
  } \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (Proto##Invocation, proto##_invocation_unref) \
  G_GNUC_UNUSED static inline ReleaseIpcChannel * \
  proto##_invocation_get_channel (Proto##Invocation *invocation) \
  { \
    return release_ipc_invocation_get_channel ((ReleaseIpcInvocation *) invocation); \
  } \
  G_GNUC_UNUSED static inline ReleaseIpcCodec * \
  proto##_new_codec (void) \
  { \
    return release_ipc_protocol_new_codec (&proto##_protocol); \
  }

/* The arguments of the next macro stand on one line, for the reference manual's sake. */

/**
 * RELEASE_DEFINE_IPC_PROTOCOL:
 * @Proto: the name of the protocol in camel case
 * @proto: the name in lower case
 * @Request: the type of requests
 * @Response: the type of responses
 * @request_to: `GBytes *request_to (const Request *request, GError **error)`
 * @request_from: `Request *request_from (GBytes *bytes, GError **error)`
 * @request_free_func: `void request_free_func (Request *request)`
 * @response_to: `GBytes *response_to (const Response *response, GError **error)`
 * @response_from: `Response *response_from (GBytes *bytes, GError **error)`
 * @response_free_func: `void response_free_func (Response *response)`
 *
 * Defines what RELEASE_DECLARE_IPC_PROTOCOL() declared, in one source file. The
 * four conversions are the OCaml library's `string_of_request`,
 * `request_of_string`, `string_of_response` and `response_of_string`. What they
 * read is hostile: they set @error for whatever they do not understand.
 *
 * Since: 0.1
 */
#define RELEASE_DEFINE_IPC_PROTOCOL(Proto, proto, Request, Response, request_to, request_from, request_free_func, response_to, response_from, response_free_func) \
  static GBytes * \
  proto##__request_to_bytes (gconstpointer value, GError **error) \
  { \
    const Request *request = (const Request *) value; \
    return request_to (request, error); \
  } \
  static gpointer \
  proto##__request_from_bytes (GBytes *bytes, GError **error) \
  { \
    Request *request = request_from (bytes, error); \
    return request; \
  } \
  static void \
  proto##__request_free (gpointer value) \
  { \
    Request *request = (Request *) value; \
    request_free_func (request); \
  } \
  static GBytes * \
  proto##__response_to_bytes (gconstpointer value, GError **error) \
  { \
    const Response *response = (const Response *) value; \
    return response_to (response, error); \
  } \
  static gpointer \
  proto##__response_from_bytes (GBytes *bytes, GError **error) \
  { \
    Response *response = response_from (bytes, error); \
    return response; \
  } \
  static void \
  proto##__response_free (gpointer value) \
  { \
    Response *response = (Response *) value; \
    response_free_func (response); \
  } \
  const ReleaseIpcProtocol proto##_protocol = { \
    #Proto, \
    proto##__request_to_bytes, proto##__request_from_bytes, proto##__request_free, \
    proto##__response_to_bytes, proto##__response_from_bytes, proto##__response_free, \
  };

G_END_DECLS
