/* release-bench/echo/echo.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One measurement that every contender takes in the same way: two processes, of which one asks and
 * the other sends back what it got. Each request bears its number, each answer is verified, and
 * what was measured leaves on standard output as one line of JSON.
 */

#pragma once

#include <glib.h>

/* In front of a payload there is room for the header of a frame, so that whoever frames by himself
 * writes both at once: a length and as much again as our own envelope has. */
#define ECHO_HEADER_SIZE 16

typedef struct _Echo Echo;

/* A request under way. */
typedef struct
{
  Echo     *echo;
  guint64   number;
  guint8   *frame;        /* ECHO_HEADER_SIZE bytes, then the payload */
  guint8   *payload;      /* Echo.size bytes, which are not touched before the answer is there */
  gint64    asked_nsec;
  gboolean  is_open;
} EchoSlot;

struct _Echo
{
  /* What to measure. */
  gsize      size;         /* of a payload, in bytes; at least ECHO_SIZE_MIN */
  guint      in_flight;    /* requests at once */
  guint64    n_warm_up;    /* requests before the clock starts */
  guint64    n_wanted;     /* requests after that, 0 for as many as fit in the time */
  gint64     span_nsec;    /* the time, if n_wanted is 0 */

  /* As many as are in flight; the frames lie one behind the other. */
  EchoSlot  *slots;
  gsize      frame_size;

  /*< private >*/
  guint64    n_asked;
  guint64    n_answered;
  gboolean   is_enough;
  gint64     begun_nsec;
  gint64     ended_nsec;
  GArray    *laps_nsec;    /* guint32; of every request, if there is one at a time */
};

#define ECHO_SIZE_MIN 16

/* Both functions get their end of a socketpair, which is theirs, and @style. */
typedef void (*EchoFunc) (Echo *echo,
                          int   fd,
                          int   style);

typedef struct
{
  const char  *name;
  EchoFunc     ask;
  EchoFunc     serve;
  int          style;
} EchoContender;

int       echo_main    (int                   argc,
                        char                **argv,
                        const EchoContender  *contenders,
                        guint                 n_contenders);

/* Makes the next request in @slot. Returns FALSE when enough were made. */
gboolean  echo_ask     (EchoSlot             *slot);

/* Takes the answer to the request in @slot. */
void      echo_answer  (EchoSlot             *slot,
                        gconstpointer         data,
                        gsize                 length);

/* For whoever blocks until the answer is there, and so cannot have two requests in flight. */
EchoSlot *echo_get_only_slot (Echo           *echo);

/* Whether enough were made and all are answered. */
gboolean  echo_is_over (Echo                 *echo);

/* The monotonic clock, in nanoseconds. */
gint64    echo_now     (void);

/* The median of gint64, which it sorts. */
gint64    echo_median  (GArray               *values);

/* Ends the process: a benchmark that fails has no result. */
G_NORETURN
void      echo_fail    (const char           *format,
                        ...) G_GNUC_PRINTF (1, 2);

/* Ends the process, with errno, unless it worked. */
#define echo_check(what) \
  G_STMT_START \
    if (!(what)) \
      echo_fail ("%s: %s", #what, g_strerror (errno)); \
  G_STMT_END
