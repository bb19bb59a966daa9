/* release/ipc/release-ipc-frame-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/base/release-pool-private.h"
#include "release/buffer/release-bytes.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The bytes on the wire. All integers are big endian.
 *
 * A frame:     length u32, then that many bytes of payload.
 * PLAIN:       the payload is the codec's bytes.
 * MULTIPLEXED: the payload is an envelope and a body:
 *
 *   0 kind u8   1 flags u8   2 n_fds u8   3 reserved u8, zero
 *   4 serial u32             8 timeout_msec u32, 0 for none
 *
 * The body of a hello:
 *
 *   0 magic "RLSE"           4 lowest version u16     6 highest version u16
 *   8 features u32          12 max message u32       16 max in flight u32    20 max descriptors u32
 *
 * A later version may append to it. The body of an error:
 *
 *   0 code i32               4 domain length u16      6 message length u16   8 domain, message
 *
 * The bodies of requests, responses and events are the codec's bytes; that of a cancel is empty.
 *
 * With the flag 0x01 and one descriptor, the body of a request, a response or an event is the whole
 * of that memfd, and in its place stands:
 *
 *   0 length of the memfd u32
 *
 * It is sent only to a peer whose hello has the feature 0x01 and max descriptors of 1 or more. */

#define RELEASE_IPC_LENGTH_SIZE 4
#define RELEASE_IPC_ENVELOPE_SIZE 12
#define RELEASE_IPC_HELLO_SIZE 24
#define RELEASE_IPC_MEMFD_BODY_SIZE 4
#define RELEASE_IPC_MEMFD_FRAME_SIZE \
  (RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE + RELEASE_IPC_MEMFD_BODY_SIZE)
#define RELEASE_IPC_VERSION 1
#define RELEASE_IPC_ERROR_DOMAIN_MAX 128
#define RELEASE_IPC_ERROR_MESSAGE_MAX 4096
#define RELEASE_IPC_ERROR_SIZE_MAX (8 + RELEASE_IPC_ERROR_DOMAIN_MAX + RELEASE_IPC_ERROR_MESSAGE_MAX)

/* The least that max message may be: an envelope, a hello and some more, or an error cut short. */
#define RELEASE_IPC_MAX_MESSAGE_MIN 64

/* An unknown flag in this half must be understood, one in the other half may be ignored. */
#define RELEASE_IPC_FLAGS_MANDATORY 0x0f
#define RELEASE_IPC_FLAG_MEMFD 0x01

/* Of a hello: its sender takes bodies in a memfd. */
#define RELEASE_IPC_FEATURE_MEMFD 0x00000001

typedef enum
{
  RELEASE_IPC_KIND_NONE,        /* not on the wire: a plain frame whose role is not decided yet */
  RELEASE_IPC_KIND_HELLO,
  RELEASE_IPC_KIND_REQUEST,
  RELEASE_IPC_KIND_RESPONSE,
  RELEASE_IPC_KIND_ERROR,
  RELEASE_IPC_KIND_EVENT,
  RELEASE_IPC_KIND_CANCEL,
} ReleaseIpcKind;

typedef struct
{
  guint8  kind;           /* ReleaseIpcKind */
  guint8  flags;
  guint8  n_fds;
  guint32 serial;
  guint32 timeout_msec;   /* 0 for none */
} ReleaseIpcEnvelope;

typedef struct
{
  guint16 lowest;
  guint16 highest;
  guint32 features;
  guint32 max_message;     /* of a payload, in bytes, the envelope included */
  guint32 max_in_flight;
  guint32 max_fds;
} ReleaseIpcHello;

/* The memory of frames that arrived together: it goes when the last of them has gone, and the last
 * bytes that share it. Frames come and go in one thread; bytes may go in any. */
typedef struct
{
  ReleasePool *pool;       /* (nullable) (unowned): where it came from, while there are frames */
  guint        n_frames;
  int          ref_count;  /* (atomic): one for all frames, one for each bytes */
  gsize        capacity;
  gsize        fill;
  guint8       memory[] __attribute__ ((aligned));
} ReleaseIpcBatch;

/* The most memory of a batch of several frames, since one frame can keep all of it. */
#define RELEASE_IPC_BATCH_SIZE_MAX (16 * 1024)

/* A frame that has arrived. A small payload stands behind it, in the batch, a large one has memory
 * of its own; a NUL follows either. No NUL follows a body that came in a memfd. */
typedef struct
{
  GList               link;        /* data: the frame */
  ReleaseIpcBatch    *batch;       /* where the frame stands */
  ReleaseIpcEnvelope  envelope;
  gsize               offset;      /* where the body begins in data */
  gsize               length;      /* of data */
  guint8             *data;
  guint8             *memory;      /* (nullable): data, if it is a block of its own */
  GBytes             *bytes;       /* (nullable): the body, once somebody asked for it */
  gpointer            copy;        /* (nullable): while the body is being copied from a memfd */
  gpointer            pending;     /* (nullable): the request that an answer belongs to */
  guint8              small[];
} ReleaseIpcFrame;

/* How much of a batch a payload of @length bytes takes up. */
static inline gsize
release_ipc_frame_get_size (gsize length)
{
  gsize alignment = _Alignof (ReleaseIpcFrame);

  return (sizeof (ReleaseIpcFrame) + length + 1 + alignment - 1) / alignment * alignment;
}

static inline gconstpointer
release_ipc_frame_get_body (ReleaseIpcFrame *self,
                            gsize           *length)
{
  *length = self->length - self->offset;
  return self->data + self->offset;
}

ReleaseIpcBatch *release_ipc_batch_new             (ReleasePool               *pool,
                                                    gsize                      capacity);
ReleaseIpcFrame *release_ipc_batch_add             (ReleaseIpcBatch           *self,
                                                    gconstpointer              data,
                                                    gsize                      length);

ReleaseIpcFrame *release_ipc_frame_new             (ReleasePool               *pool,
                                                    gconstpointer              data,
                                                    gsize                      length);
ReleaseIpcFrame *release_ipc_frame_new_take        (ReleasePool               *pool,
                                                    guint8                    *data,
                                                    gsize                      length);
void             release_ipc_frame_free            (ReleaseIpcFrame           *self);
GBytes          *release_ipc_frame_get_bytes       (ReleaseIpcFrame           *self);
GBytes          *release_ipc_frame_share_bytes     (ReleaseIpcFrame           *self);
const char      *release_ipc_frame_get_text        (ReleaseIpcFrame           *self);
gboolean         release_ipc_frame_open_envelope   (ReleaseIpcFrame           *self,
                                                    GError                   **error);

/* Of all integers on the wire. */
#define RELEASE_IPC_WIRE_ORDER RELEASE_BYTE_ORDER_BIG

static inline void
release_ipc_length_pack (guint32  length,
                         guint8  *out)
{
  release_bytes_write_uint32 (out, length, RELEASE_IPC_WIRE_ORDER);
}

static inline guint32
release_ipc_length_unpack (const guint8 *in)
{
  return release_bytes_read_uint32 (in, RELEASE_IPC_WIRE_ORDER);
}

static inline void
release_ipc_envelope_pack (const ReleaseIpcEnvelope *self,
                           guint8                   *out)
{
  out[0] = self->kind;
  out[1] = self->flags;
  out[2] = self->n_fds;
  out[3] = 0;
  release_bytes_write_uint32 (out + 4, self->serial, RELEASE_IPC_WIRE_ORDER);
  release_bytes_write_uint32 (out + 8, self->timeout_msec, RELEASE_IPC_WIRE_ORDER);
}

gboolean         release_ipc_envelope_unpack       (ReleaseIpcEnvelope        *self,
                                                    const guint8              *in,
                                                    gsize                      length,
                                                    GError                   **error);
void             release_ipc_memfd_frame_pack      (const guint8              *head,
                                                    guint8                    *out);
void             release_ipc_hello_pack            (const ReleaseIpcHello     *self,
                                                    guint8                    *out);
gboolean         release_ipc_hello_unpack          (ReleaseIpcHello           *self,
                                                    const guint8              *in,
                                                    gsize                      length,
                                                    GError                   **error);
gsize            release_ipc_error_body_pack       (const GError              *failure,
                                                    guint8                    *out,
                                                    gsize                      max_length);
gboolean         release_ipc_error_body_unpack     (const guint8              *in,
                                                    gsize                      length,
                                                    char                     **domain,
                                                    int                       *code,
                                                    char                     **message,
                                                    GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseIpcFrame, release_ipc_frame_free)

G_END_DECLS
