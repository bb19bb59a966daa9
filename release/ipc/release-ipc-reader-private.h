/* release/ipc/release-ipc-reader-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/ipc/release-ipc-descriptors-private.h"
#include "release/ipc/release-ipc-frame-private.h"

G_BEGIN_DECLS

/* Turns a stream of bytes into frames. Memory grows with the bytes that have arrived, in the frame
 * or in the one before it, never with the length that was announced. */
typedef struct
{
  ReleasePool           *pool;             /* (nullable) (unowned): of the frames */
  gsize                  max_message_size;
  gsize                  n_bytes;          /* that the last read has brought */
  gsize                  chunk_size;       /* how much the next read takes besides what a body still
                                            * misses */
  guint8                 header[RELEASE_IPC_LENGTH_SIZE];
  guint                  header_fill;
  guint8                *body;             /* (nullable): of the frame that is arriving, once
                                            * something has */
  gsize                  body_length;      /* as announced */
  gsize                  body_fill;
  gsize                  body_capacity;
  gsize                  last_length;      /* of the last whole frame: the peer has shown that it
                                            * sends so much */
  ReleaseIpcDescriptors  descriptors;
} ReleaseIpcReader;

typedef enum
{
  RELEASE_IPC_READ_SOME,     /* bytes have arrived; there may be more */
  RELEASE_IPC_READ_NOTHING,  /* nothing there now */
  RELEASE_IPC_READ_EOF,      /* nothing will come any more */
  RELEASE_IPC_READ_FAILED,   /* the error is set; frames before it are good */
} ReleaseIpcReadStatus;

void                  release_ipc_reader_init        (ReleaseIpcReader  *self,
                                                      gsize              max_message_size);
void                  release_ipc_reader_clear       (ReleaseIpcReader  *self);
gboolean              release_ipc_reader_is_between  (ReleaseIpcReader  *self);
gboolean              release_ipc_reader_feed        (ReleaseIpcReader  *self,
                                                      const guint8      *data,
                                                      gsize              length,
                                                      GQueue            *frames,
                                                      GError           **error);
ReleaseIpcReadStatus  release_ipc_reader_read        (ReleaseIpcReader  *self,
                                                      int                fd,
                                                      gboolean           blocks,
                                                      GQueue            *frames,
                                                      GError           **error);

G_END_DECLS
