/* release/ipc/release-ipc-writer-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/base/release-pool-private.h"
#include "release/ipc/release-ipc-passed-private.h"

G_BEGIN_DECLS

/* What the queues of several channels may hold together: counted by all of them, kept by none. */
typedef struct
{
  gsize used;
  gsize max;
} ReleaseIpcBudget;

/* From this length on a body that has an owner is not copied. */
#define RELEASE_IPC_WRITER_OWNED_LENGTH 4096

/* The bytes that wait for the peer to read. */
typedef struct
{
  ReleasePool       *pool;         /* (nullable) (unowned): of small segments */
  GQueue             segments;
  gsize              queued;       /* bytes in segments */
  guint64            accepted;     /* bytes that ever entered */
  guint64            written;      /* bytes that the kernel ever took */
  gboolean           is_full;      /* the kernel took less than it was given the last time */
  ReleaseIpcBudget  *budget;       /* (nullable) (owned): a g_rc_box, shared with other writers */
  gboolean           may_pass;     /* a body that lies in a memfd may travel as its descriptor */
  ReleaseIpcPassed   passed;
} ReleaseIpcWriter;

void      release_ipc_writer_init      (ReleaseIpcWriter  *self);
void      release_ipc_writer_clear     (ReleaseIpcWriter  *self);
void      release_ipc_writer_share     (ReleaseIpcWriter  *self,
                                        ReleaseIpcBudget  *budget);
gboolean  release_ipc_writer_is_empty  (ReleaseIpcWriter  *self);
guint8   *release_ipc_writer_reserve   (ReleaseIpcWriter  *self,
                                        gsize              length);
void      release_ipc_writer_append    (ReleaseIpcWriter  *self,
                                        gconstpointer      head,
                                        gsize              head_length,
                                        gconstpointer      body,
                                        gsize              body_length,
                                        GBytes            *owner);
gboolean  release_ipc_writer_write     (ReleaseIpcWriter  *self,
                                        int                fd,
                                        gconstpointer      head,
                                        gsize              head_length,
                                        gconstpointer      body,
                                        gsize              body_length,
                                        GBytes            *owner,
                                        GError           **error);
gboolean  release_ipc_writer_flush     (ReleaseIpcWriter  *self,
                                        int                fd,
                                        GError           **error);

G_END_DECLS
