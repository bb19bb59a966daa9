/* release/io/release-io-rest-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When those who ask for much (greedy) have to rest for the sake of those who ask for little
 * (modest). On a shared processor a flood does not cost its turns alone: whenever some of it is
 * read, its sender goes on, and everybody else waits until the socket is full again. So how late
 * the next modest turn comes is measured, and if it was late, nothing of the greedy is read for
 * a while, the longer the later it was. Where nobody has to wait, on another processor, nobody
 * rests.
 *
 * It reads no clock and knows no descriptor: times, monotonic and in microseconds, come in. */
typedef struct
{
  guint     n_turns;     /* of the modest */
  gint64    last_turn;   /* when the last of them was; 0 if that is not known */
  gint64    usual;       /* from one to the next, if nothing holds them up; 0 if not known */
  guint     last_read;   /* n_turns when somebody greedy last read */
  gboolean  is_on;
  gint64    end;         /* of the rest, at the latest */
  guint     end_turn;    /* the same in n_turns */
  guint     seen_turn;   /* n_turns at the last look */
} ReleaseIoRest;

/* A rest is looked at so often, in microseconds. */
#define RELEASE_IO_REST_LOOK_USEC G_TIME_SPAN_MILLISECOND

typedef enum
{
  RELEASE_IO_REST_AS_BEFORE,
  RELEASE_IO_REST_BEGINS,    /* for those who have read since the last modest turn */
  RELEASE_IO_REST_ENDS,      /* for all */
} ReleaseIoRestChange;

void                 release_io_rest_greedy_read  (ReleaseIoRest  *self);
gboolean             release_io_rest_is_needless  (ReleaseIoRest  *self);
ReleaseIoRestChange  release_io_rest_modest_turn  (ReleaseIoRest  *self,
                                                   gint64          now);
ReleaseIoRestChange  release_io_rest_look         (ReleaseIoRest  *self,
                                                   gint64          now);

G_END_DECLS
