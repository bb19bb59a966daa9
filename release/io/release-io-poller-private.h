/* release/io/release-io-poller-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/base/release-pool-private.h"
#include "release/io/release-io-timers-private.h"

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

/* One source per main context carries every descriptor and every deadline of the library. All
 * functions but release_io_watch_wake_from_any_thread () are for the thread of the context. */

typedef struct _ReleaseIoWatch ReleaseIoWatch;

/* @events: EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR; 0 if release_io_watch_wake () asked. */
typedef void (*ReleaseIoWatchFunc) (guint    events,
                                    gpointer user_data);

ReleaseIoPoller *release_io_poller_ref_default           (void);
ReleaseIoPoller *release_io_poller_ref                   (ReleaseIoPoller    *self);
void             release_io_poller_unref                 (ReleaseIoPoller    *self);
GMainContext    *release_io_poller_get_context           (ReleaseIoPoller    *self);
guint            release_io_poller_get_n_iterations      (ReleaseIoPoller    *self);
ReleasePool     *release_io_poller_get_pool              (ReleaseIoPoller    *self);

ReleaseIoWatch  *release_io_watch_new                    (ReleaseIoPoller    *poller,
                                                          int                 fd,
                                                          guint               events,
                                                          ReleaseIoWatchFunc  func,
                                                          gpointer            user_data);
void             release_io_watch_free                   (ReleaseIoWatch     *self);
void             release_io_watch_set_events             (ReleaseIoWatch     *self,
                                                          guint               events);
void             release_io_watch_wake                   (ReleaseIoWatch     *self);
void             release_io_watch_unwake                 (ReleaseIoWatch     *self);
gboolean         release_io_watch_is_in_company          (ReleaseIoWatch     *self);
void             release_io_watch_set_heavy              (ReleaseIoWatch     *self);
gboolean         release_io_watch_is_waited_for          (ReleaseIoWatch     *self);
void             release_io_watch_wake_from_any_thread   (ReleaseIoWatch     *self);

void             release_io_timer_arm                    (ReleaseIoTimer     *self,
                                                          ReleaseIoPoller    *poller,
                                                          gint64              deadline,
                                                          ReleaseIoTimerFunc  func,
                                                          gpointer            user_data);
void             release_io_timer_remove                 (ReleaseIoTimer     *self);

static inline gboolean
release_io_timer_is_armed (ReleaseIoTimer *self)
{
  return self->poller != NULL;
}

static inline void
release_io_timer_disarm (ReleaseIoTimer *self)
{
  if (release_io_timer_is_armed (self))
    release_io_timer_remove (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseIoPoller, release_io_poller_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseIoWatch, release_io_watch_free)

G_END_DECLS
