/* release/io/release-io-rest.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-rest-private.h"

/* A modest turn is late if it took so many times as long as usual to come, and so many
 * microseconds. What is usual is the least of late; it grows by a part of itself with each turn. */
#define LATE_FACTOR 8
#define LATE_USEC 64
#define USUAL_GROWTH 64

/* How many modest turns a rest lasts: so many for each time the usual too late. */
#define TURNS_PER_FACTOR 16
#define TURNS_MAX 512

/* But no longer than this. */
#define REST_USEC (20 * G_TIME_SPAN_MILLISECOND)

/* After so many modest turns without anybody greedy time is not measured any more. */
#define RECENT_TURNS (2 * TURNS_MAX)

/* Somebody who asks for much has read. */
void
release_io_rest_greedy_read (ReleaseIoRest *self)
{
  self->last_read = self->n_turns;
}

/* Whether the next modest turn needs no clock: nobody greedy has read for long, and nobody
 * rests. */
gboolean
release_io_rest_is_needless (ReleaseIoRest *self)
{
  return !self->is_on && self->n_turns - self->last_read > RECENT_TURNS;
}

static ReleaseIoRestChange
end (ReleaseIoRest *self)
{
  self->is_on = FALSE;
  return RELEASE_IO_REST_ENDS;
}

static ReleaseIoRestChange
begin (ReleaseIoRest *self,
       gint64         now,
       gint64         factor)
{
  /* Whoever joins a rest does not make it longer for those who began it. */
  if (!self->is_on)
    {
      self->end = now + REST_USEC;
      self->seen_turn = self->n_turns;
    }
  self->is_on = TRUE;
  self->end_turn = self->n_turns + MIN ((factor - LATE_FACTOR + 1) * TURNS_PER_FACTOR, TURNS_MAX);
  return RELEASE_IO_REST_BEGINS;
}

/* Somebody who asks for little has had a turn, @now; 0 if release_io_rest_is_needless (). */
ReleaseIoRestChange
release_io_rest_modest_turn (ReleaseIoRest *self,
                             gint64         now)
{
  gboolean was_read = self->last_read == self->n_turns;
  gint64 span = now - self->last_turn;
  gint64 usual = self->usual;
  gboolean is_measured = now > 0 && self->last_turn > 0;

  self->n_turns++;
  self->last_turn = now;
  if (is_measured)
    self->usual = usual == 0 ? span : MIN (span, usual + usual / USUAL_GROWTH + 1);

  if (is_measured && was_read && usual > 0 && span > LATE_USEC && span >= LATE_FACTOR * usual)
    return begin (self, now, span / usual);
  if (self->is_on && (gint) (self->n_turns - self->end_turn) >= 0)
    return end (self);
  return RELEASE_IO_REST_AS_BEFORE;
}

/* Whether a rest ends for want of anybody to rest for, or because it has lasted long enough. To be
 * asked every RELEASE_IO_REST_LOOK_USEC. */
ReleaseIoRestChange
release_io_rest_look (ReleaseIoRest *self,
                      gint64         now)
{
  if (self->is_on && (self->seen_turn == self->n_turns || now >= self->end))
    return end (self);

  self->seen_turn = self->n_turns;
  return RELEASE_IO_REST_AS_BEFORE;
}
