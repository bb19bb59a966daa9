/* release/io/release-io-timers-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ReleaseIoPoller ReleaseIoPoller;
typedef struct _ReleaseIoTimer ReleaseIoTimer;

typedef void (*ReleaseIoTimerFunc) (gpointer user_data);

/* Lives inside its owner; zero-filled is disarmed. */
struct _ReleaseIoTimer
{
  /*< private >*/
  ReleaseIoPoller    *poller;       /* (unowned): set while armed */
  gint64              deadline;     /* monotonic, in microseconds */
  guint               heap_index;
  ReleaseIoTimerFunc  func;
  gpointer            user_data;
};

/* Deadlines in a heap, the earliest first. It reads no clock. */
typedef struct
{
  GPtrArray *heap;    /* ReleaseIoTimer */
} ReleaseIoTimers;

void             release_io_timers_init    (ReleaseIoTimers  *self);
void             release_io_timers_clear   (ReleaseIoTimers  *self);
void             release_io_timers_add     (ReleaseIoTimers  *self,
                                            ReleaseIoTimer   *timer);
void             release_io_timers_remove  (ReleaseIoTimers  *self,
                                            ReleaseIoTimer   *timer);

static inline guint
release_io_timers_count (ReleaseIoTimers *self)
{
  return self->heap->len;
}

/* The earliest, or NULL. */
static inline ReleaseIoTimer *
release_io_timers_get_first (ReleaseIoTimers *self)
{
  return self->heap->len > 0 ? g_ptr_array_index (self->heap, 0) : NULL;
}

G_END_DECLS
