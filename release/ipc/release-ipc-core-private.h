/* release/ipc/release-ipc-core-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/base/release-queue-private.h"
#include "release/io/release-io-poller-private.h"
#include "release/ipc/release-ipc-channel-private.h"
#include "release/ipc/release-ipc-frame-private.h"
#include "release/ipc/release-ipc-memfd-private.h"
#include "release/ipc/release-ipc-reader-private.h"
#include "release/ipc/release-ipc-serials-private.h"
#include "release/ipc/release-ipc-writer-private.h"

G_BEGIN_DECLS

/* The inside of a channel, shared by the files of this folder alone:
 *
 *   release-ipc-channel.c       the object: properties, signals, start and close
 *   release-ipc-core.c          what a channel may do now; frames out; how it ends
 *   release-ipc-accept.c        frames in, and what they mean
 *   release-ipc-dispatch.c      frames are handed over, and everybody has a turn
 *   release-ipc-pending.c       requests that wait for their answer
 *   release-ipc-invocation.c    requests that are being answered
 *   release-ipc-wait.c          how synchronous functions wait
 *   release-ipc-channel-call.c  the call family
 *   release-ipc-call.c          calls that end in a GAsyncReadyCallback
 *   release-ipc-call-func.c     calls that end in a plain callback
 *   release-ipc-channel-memfd.c payloads as descriptors: what is accepted
 *   release-ipc-channel-raw.c   whole messages, without dispatch
 *   release-ipc-channel-raw-value.c  the same with values of the codec */

typedef enum
{
  RELEASE_IPC_USE_NONE,
  RELEASE_IPC_USE_RAW,
  RELEASE_IPC_USE_DISPATCH,
} ReleaseIpcUse;

/* Of a plain channel, where nothing on the wire tells a request from an answer. */
typedef enum
{
  RELEASE_IPC_ROLE_NONE,
  RELEASE_IPC_ROLE_ASKS,
  RELEASE_IPC_ROLE_ANSWERS,
  RELEASE_IPC_ROLE_NOTIFIES,
} ReleaseIpcRole;

typedef struct _ReleaseIpcPending ReleaseIpcPending;
typedef struct _ReleaseIpcCancelHook ReleaseIpcCancelHook;
typedef struct _ReleaseIpcCall ReleaseIpcCall;

/* The end of a request, which is the function's from here on: either @frame, which stays the
 * caller's, or @error is set. */
typedef void (*ReleaseIpcPendingFunc) (ReleaseIpcPending *pending,
                                       ReleaseIpcFrame   *frame,
                                       const GError      *error);

struct _ReleaseIpcPending
{
  GList                  link;         /* in channel->open; data: the pending */
  ReleaseIpcChannel     *channel;      /* (held), or kept by whatever the pending lives in */
  guint32                serial;
  ReleaseIoTimer         timer;
  ReleaseIpcCancelHook  *hook;         /* (nullable) (unowned) */
  GList                  hook_link;    /* in hook->pendings */
  ReleaseIpcPendingFunc  func;
  gconstpointer          protocol;     /* (nullable): of a typed call */
  gpointer               callback;     /* whatever func needs */
  gpointer               user_data;
};

struct _ReleaseIpcChannel
{
  GObject              parent_instance;

  int                  fd;
  pid_t                owner;             /* the process that it belongs to */
  ReleaseIpcFraming    framing;
  ReleaseIpcCodec     *codec;             /* (nullable) */
  GCredentials        *credentials;       /* (nullable): of an accepted connection */
  guint                max_message_size;
  guint                max_in_flight;
  gsize                max_queue_size;
  int                  stall_timeout;     /* milliseconds, -1 for none */
  int                  frame_timeout;     /* milliseconds, -1 for none */
  ReleaseIpcMemfds     memfds;

  ReleaseIoPoller     *poller;
  ReleasePool         *pool;              /* (unowned): the poller's */
  ReleaseIoWatch      *watch;             /* (nullable): once started */
  ReleaseIpcUse        use;
  ReleaseIpcRole       role;
  ReleaseIpcServeFunc  serve_func;        /* (nullable) */
  gpointer             serve_data;
  GDestroyNotify       serve_destroy;

  ReleaseIpcReader     reader;
  GQueue               frames;            /* arrived and not dispatched: ReleaseIpcFrame.link */
  gsize                frames_size;       /* bytes that frames takes up */
  ReleaseIpcWriter     writer;
  guint                depth;             /* of nested dispatches; output waits for the end of one */
  guint                n_holds;           /* together they are one reference */
  gsize                largest_held;      /* of the messages that wait for the peer's hello */
  guint64              stall_mark;        /* writer.written when stall_timer was armed */
  ReleaseIoTimer       stall_timer;
  ReleaseIoTimer       frame_timer;
  ReleaseIoTimer       patience_timer;    /* armed while requests wait for answers to leave */

  guint32              next_serial;       /* of the next request that goes out */
  guint32              next_answer;       /* plain: the request that the next answer belongs to */
  guint32              next_request;      /* plain: the number of the next request that comes in */
  guint32              next_response;     /* plain: the request that must be answered next */
  ReleaseIpcSerials    outgoing;          /* ReleaseIpcPending; NULL once abandoned */
  ReleaseIpcSerials    incoming;          /* ReleaseIpcInvocation; NULL while it is in frames */
  GQueue               open;              /* ReleaseIpcPending.link: those that still wait */
  GQueue               hooks;             /* ReleaseIpcCancelHook.link */
  ReleaseIpcCall      *spare_call;        /* (nullable): for the next to begin */
  GHashTable          *early_responses;   /* plain (nullable): serial -> GBytes, NULL for a failure */
  GQueue               raw_reads;
  GQueue               raw_writes;

  guint32              peer_max_message;
  guint32              peer_max_in_flight;
  GError              *end_reason;        /* (nullable): the channel ends once frames is empty */
  gint64               last_complaint;    /* monotonic time of the last message about the peer */

  guint                hello_sent : 1;
  guint                hello_received : 1;
  guint                pauses : 1;        /* stops reading while too much is queued */
  guint                owes : 1;          /* there are answers in what is queued */
  guint                is_impatient : 1;  /* reads whatever waits, until the peer reads, too */
  guint                hung_up : 1;       /* the peer can no longer read */
  guint                finishing : 1;     /* ends once what is queued has left */
  guint                closed : 1;
};

/* release-ipc-channel.c */
gboolean              release_ipc_channel_fix_use          (ReleaseIpcChannel         *self,
                                                            ReleaseIpcUse              use,
                                                            GError                   **error);
gboolean              release_ipc_channel_has_handler      (ReleaseIpcChannel         *self);
gboolean              release_ipc_channel_emit_request     (ReleaseIpcChannel         *self,
                                                            ReleaseIpcInvocation      *invocation);
void                  release_ipc_channel_emit_event       (ReleaseIpcChannel         *self,
                                                            GBytes                    *bytes);
void                  release_ipc_channel_emit_closed      (ReleaseIpcChannel         *self,
                                                            const GError              *reason);

/* Whether the channel may be used in this way. */
static inline gboolean
release_ipc_channel_use (ReleaseIpcChannel  *self,
                         ReleaseIpcUse       use,
                         GError            **error)
{
  return self->use == use || release_ipc_channel_fix_use (self, use, error);
}

/* Keeps a channel alive, in its own thread, for less than a reference costs. */
static inline ReleaseIpcChannel *
release_ipc_channel_hold (ReleaseIpcChannel *self)
{
  return self->n_holds++ == 0 ? g_object_ref (self) : self;
}

static inline void
release_ipc_channel_release (ReleaseIpcChannel *self)
{
  if (--self->n_holds == 0)
    g_object_unref (self);
}

/* release-ipc-channel-memfd.c */
gboolean              release_ipc_channel_can_pass         (ReleaseIpcChannel         *self);
gboolean              release_ipc_channel_takes_memfds     (ReleaseIpcChannel         *self);

static inline gboolean
release_ipc_core_is_plain (ReleaseIpcChannel *self)
{
  return self->framing == RELEASE_IPC_FRAMING_PLAIN;
}

static inline gboolean
release_ipc_core_is_raw (ReleaseIpcChannel *self)
{
  return self->use == RELEASE_IPC_USE_RAW;
}

/* Until the peer's hello says what it takes, nothing but our own hello leaves. */
static inline gboolean
release_ipc_core_may_flush (ReleaseIpcChannel *self)
{
  return !self->closed && (release_ipc_core_is_plain (self) || self->hello_received);
}

/* A plain peer cannot be told a limit of requests in flight: it is not read from until it falls. */
static inline gboolean
release_ipc_core_is_full (ReleaseIpcChannel *self)
{
  return self->incoming.n_used >= self->max_in_flight && release_ipc_core_is_plain (self) &&
         self->role == RELEASE_IPC_ROLE_ANSWERS && !self->hung_up;
}

/* Numbers of messages that are counted, not sent: 0 is left out. */
static inline guint32
release_ipc_core_count_up (guint32 *serial)
{
  guint32 value = *serial;

  *serial = value == G_MAXUINT32 ? 1 : value + 1;
  return value;
}

/* release-ipc-core.c */
gboolean              release_ipc_core_is_above_high_mark  (ReleaseIpcChannel         *self);
gboolean              release_ipc_core_may_read            (ReleaseIpcChannel         *self);
gboolean              release_ipc_core_needs_no_watch      (ReleaseIpcChannel         *self);
gboolean              release_ipc_core_copy_end_reason     (ReleaseIpcChannel         *self,
                                                            GError                   **error);
gboolean              release_ipc_core_has_room            (ReleaseIpcChannel         *self,
                                                            gsize                      length,
                                                            GError                   **error);
gboolean              release_ipc_core_check_size          (ReleaseIpcChannel         *self,
                                                            gsize                      total,
                                                            GError                   **error);
gboolean              release_ipc_core_send                (ReleaseIpcChannel         *self,
                                                            const ReleaseIpcEnvelope  *envelope,
                                                            gconstpointer              body,
                                                            gsize                      length,
                                                            GBytes                    *owner,
                                                            GError                   **error);
void                  release_ipc_core_flush               (ReleaseIpcChannel         *self);
void                  release_ipc_core_settle              (ReleaseIpcChannel         *self);
void                  release_ipc_core_fail                (ReleaseIpcChannel         *self,
                                                            GError                    *reason);
void                  release_ipc_core_hang_up             (ReleaseIpcChannel         *self);
void                  release_ipc_core_end                 (ReleaseIpcChannel         *self,
                                                            GError                    *reason);
void                  release_ipc_core_drain               (ReleaseIpcChannel         *self);

/* Answers grow the queue, so what waits to be dispatched waits for the peer to read, too. */
static inline gboolean
release_ipc_core_may_dispatch (ReleaseIpcChannel *self)
{
  return !release_ipc_core_is_full (self) &&
         (self->hung_up || self->writer.queued == 0 || !release_ipc_core_is_above_high_mark (self));
}

/* Whether nothing can be sent any more. A plain peer that has closed its end of the connection may
 * still read ours; otherwise a reason to end is one to send no more. */
static inline gboolean
release_ipc_core_set_closed_error (ReleaseIpcChannel  *self,
                                   GError            **error)
{
  if (!self->closed && !self->hung_up && !self->finishing &&
      (self->end_reason == NULL || release_ipc_core_is_plain (self)))
    return FALSE;

  return release_ipc_core_copy_end_reason (self, error);
}

/* release-ipc-accept.c */
void                  release_ipc_core_send_hello          (ReleaseIpcChannel         *self);

/* Our hello leaves before anything else, and does not wait for the peer's. */
static inline void
release_ipc_core_say_hello (ReleaseIpcChannel *self)
{
  if (!release_ipc_core_is_plain (self) && !self->hello_sent && !self->closed)
    release_ipc_core_send_hello (self);
}

gboolean              release_ipc_core_accept_plain        (ReleaseIpcChannel         *self,
                                                            ReleaseIpcFrame           *frame);
gboolean              release_ipc_core_read                (ReleaseIpcChannel         *self,
                                                            gboolean                   blocks);

/* Takes @frame off the queue. (transfer full) */
static inline ReleaseIpcFrame *
release_ipc_core_take_frame (ReleaseIpcChannel *self,
                             ReleaseIpcFrame   *frame)
{
  release_queue_unlink (&self->frames, &frame->link);
  self->frames_size -= sizeof (ReleaseIpcFrame) + frame->length;

  return frame;
}

/* release-ipc-dispatch.c */
void                  release_ipc_core_watch               (ReleaseIpcChannel         *self);
void                  release_ipc_core_complain            (ReleaseIpcChannel         *self,
                                                            const char                *what,
                                                            const GError              *error);
void                  release_ipc_core_dispatch_answer     (ReleaseIpcChannel         *self,
                                                            ReleaseIpcFrame           *frame);
void                  release_ipc_core_dispatch            (ReleaseIpcChannel         *self,
                                                            gboolean                   yields);
void                  release_ipc_core_request_done        (ReleaseIpcChannel         *self,
                                                            guint32                    serial);

/* release-ipc-pending.c */
gboolean              release_ipc_pending_send             (ReleaseIpcPending         *self,
                                                            gconstpointer              body,
                                                            gsize                      length,
                                                            GBytes                    *owner,
                                                            int                        timeout_msec,
                                                            GCancellable              *cancellable,
                                                            GError                   **error);
gboolean              release_ipc_pending_begin            (ReleaseIpcPending         *self,
                                                            gconstpointer              body,
                                                            gsize                      length,
                                                            GBytes                    *owner,
                                                            int                        timeout_msec,
                                                            GCancellable              *cancellable,
                                                            GError                   **error);
void                  release_ipc_pending_refuse           (ReleaseIpcPending         *self,
                                                            GError                    *error);
void                  release_ipc_pending_take             (ReleaseIpcPending         *self);
void                  release_ipc_pending_abandon          (ReleaseIpcPending         *self);
void                  release_ipc_pending_run_cancelled    (ReleaseIpcChannel         *channel);
void                  release_ipc_pending_forget_hooks     (ReleaseIpcChannel         *channel);

/* Of one that lives in something else, which keeps @channel alive. */
static inline void
release_ipc_pending_init (ReleaseIpcPending     *self,
                          ReleaseIpcChannel     *channel,
                          ReleaseIpcPendingFunc  func,
                          gpointer               callback,
                          gpointer               user_data)
{
  self->link.data = self;
  self->hook_link.data = self;
  self->channel = channel;
  self->timer.poller = NULL;
  self->hook = NULL;
  self->func = func;
  self->callback = callback;
  self->user_data = user_data;
}

static inline ReleaseIpcPending *
release_ipc_pending_new (ReleaseIpcChannel     *channel,
                         ReleaseIpcPendingFunc  func,
                         gpointer               callback,
                         gpointer               user_data)
{
  ReleaseIpcPending *self = release_pool_take (channel->pool, sizeof (ReleaseIpcPending));

  release_ipc_pending_init (self, release_ipc_channel_hold (channel), func, callback, user_data);
  return self;
}

/* Of one that release_ipc_pending_new () made, and that was never sent, or was taken. */
static inline void
release_ipc_pending_free (ReleaseIpcPending *self)
{
  ReleaseIpcChannel *channel = self->channel;

  release_pool_give (channel->pool, self, sizeof (ReleaseIpcPending));
  release_ipc_channel_release (channel);
}

/* release-ipc-call-func.c */
void                  release_ipc_call_func_begin          (ReleaseIpcPending         *pending,
                                                            gconstpointer              body,
                                                            gsize                      length,
                                                            GBytes                    *owner,
                                                            int                        timeout_msec,
                                                            GCancellable              *cancellable);

/* release-ipc-invocation.c */
ReleaseIpcInvocation *release_ipc_invocation_new           (ReleaseIpcChannel         *channel,
                                                            ReleaseIpcFrame           *frame);
gboolean              release_ipc_invocation_decode        (ReleaseIpcInvocation      *self,
                                                            GError                   **error);
GBytes               *release_ipc_invocation_share_bytes   (ReleaseIpcInvocation      *self);
void                  release_ipc_invocation_cancel        (ReleaseIpcInvocation      *self);

/* release-ipc-wait.c */
typedef struct
{
  ReleaseIpcChannel *channel;
  gint64             deadline;       /* monotonic, in microseconds; -1 for none */
  gboolean           is_late;        /* the deadline has passed, and there was one more look */
  GCancellable      *cancellable;    /* (nullable) (unowned) */
} ReleaseIpcWait;

void                  release_ipc_wait_begin               (ReleaseIpcWait            *self,
                                                            ReleaseIpcChannel         *channel,
                                                            int                        timeout_msec,
                                                            GCancellable              *cancellable);
gboolean              release_ipc_wait_once                (ReleaseIpcWait            *self,
                                                            GError                   **error);
gboolean              release_ipc_wait_writable            (ReleaseIpcWait            *self,
                                                            GError                   **error);

/* release-ipc-channel-raw.c */
GTask                *release_ipc_raw_new_task             (ReleaseIpcChannel         *self,
                                                            GCancellable              *cancellable,
                                                            GAsyncReadyCallback        callback,
                                                            gpointer                   user_data,
                                                            gpointer                   tag);
void                  release_ipc_raw_read                 (ReleaseIpcChannel         *self,
                                                            GTask                     *task,
                                                            int                        timeout_msec);
void                  release_ipc_raw_write                (ReleaseIpcChannel         *self,
                                                            GTask                     *task,
                                                            GBytes                    *bytes,
                                                            int                        timeout_msec);
void                  release_ipc_raw_run                  (ReleaseIpcChannel         *self);
void                  release_ipc_raw_end                  (ReleaseIpcChannel         *self,
                                                            const GError              *reason);

G_END_DECLS
