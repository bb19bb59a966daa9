/* release/io/release-io-operation-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#include "release/buffer/release-buffer.h"
#include "release/io/release-io-poller-private.h"

G_BEGIN_DECLS

/* Something that is done with a descriptor in steps, none of which blocks. The same steps are run
 * by a synchronous function and by an asynchronous one. */

typedef struct _ReleaseIoOperation ReleaseIoOperation;

typedef enum
{
  RELEASE_IO_PROGRESS_FAILED,   /* with an error set */
  RELEASE_IO_PROGRESS_DONE,
  RELEASE_IO_PROGRESS_MORE,     /* some of it is done */
  RELEASE_IO_PROGRESS_WAIT,     /* until the descriptor is ready */
} ReleaseIoProgress;

typedef ReleaseIoProgress (*ReleaseIoStep) (ReleaseIoOperation  *self,
                                            GError             **error);

/* What keeps a read or a write from blocking depends on what the descriptor is. */
typedef enum
{
  RELEASE_IO_KIND_SOCKET,       /* MSG_DONTWAIT */
  RELEASE_IO_KIND_FILE,         /* nothing: it is always ready, and may yet wait for a disk */
  RELEASE_IO_KIND_NONBLOCKING,  /* O_NONBLOCK */
  RELEASE_IO_KIND_BLOCKING,     /* a pipe, terminal or other device: RWF_NOWAIT, or care */
} ReleaseIoKind;

struct _ReleaseIoOperation
{
  int              fd;
  ReleaseIoKind    kind;
  guint            events;        /* EPOLLIN or EPOLLOUT: for what to wait */
  ReleaseIoStep    step;
  gint64           deadline;      /* monotonic, in microseconds, -1 for none */

  ReleaseBuffer   *buffer;        /* (owned) (nullable): what is read goes there */
  gsize            offset;
  GBytes          *bytes;         /* (owned) (nullable): what is written */
  GUnixFDList     *fds;           /* (owned) (nullable) */
  guint            max_fds;
  gsize            wanted;        /* bytes */
  gsize            done;

  /*< private >*/
  GTask           *task;          /* (owned) (nullable): while it waits in a main loop */
  GThread         *thread;        /* (unowned): whose main loop that is */
  ReleaseIoPoller *poller;        /* (owned) (nullable) */
  ReleaseIoWatch  *watch;         /* (owned) (nullable) */
  ReleaseIoTimer   timer;
  gulong           cancel_id;
};

ReleaseIoOperation *release_io_operation_new      (int                   fd,
                                                   guint                 events,
                                                   ReleaseIoStep         step,
                                                   gsize                 wanted,
                                                   int                   timeout_msec);
void                release_io_operation_free     (ReleaseIoOperation   *self);
gboolean            release_io_operation_prepare  (ReleaseIoOperation   *self,
                                                   GError              **error);
gboolean            release_io_operation_run      (ReleaseIoOperation   *self,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
void                release_io_operation_start    (ReleaseIoOperation   *self,
                                                   GTask                *task);
gssize              release_io_operation_read     (ReleaseIoOperation   *self,
                                                   guint8               *out,
                                                   gsize                 length);
gssize              release_io_operation_write    (ReleaseIoOperation   *self,
                                                   const guint8         *in,
                                                   gsize                 length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseIoOperation, release_io_operation_free)

G_END_DECLS
