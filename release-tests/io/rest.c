/* release-tests/io/rest.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * When those who ask for much rest, in virtual time.
 */

#include "config.h"

#include "release/io/release-io-rest-private.h"

#define USUAL_USEC 20
#define LATE_USEC 1000
#define LONG_USEC (20 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  ReleaseIoRest rest;
  gint64        now;
} World;

static ReleaseIoRestChange
turn (World  *world,
      gint64  span)
{
  world->now += span;
  return release_io_rest_modest_turn (&world->rest, world->now);
}

/* A world in which it is known what is usual. */
static World
new_world (guint n_turns)
{
  World world = { .rest = { .n_turns = n_turns, .last_read = n_turns - 1 }, .now = 1000 };

  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (turn (&world, USUAL_USEC), ==, RELEASE_IO_REST_AS_BEFORE);

  return world;
}

/* How many modest turns a rest lasts that begins because one came so late. */
static guint
count_turns (World  *world,
             gint64  span)
{
  guint n = 1;

  release_io_rest_greedy_read (&world->rest);
  g_assert_cmpint (turn (world, span), ==, RELEASE_IO_REST_BEGINS);
  while (turn (world, USUAL_USEC) == RELEASE_IO_REST_AS_BEFORE)
    n++;
  g_assert_false (world->rest.is_on);

  return n;
}

static void
test_rest_late (void)
{
  World world = new_world (0);
  guint n_little, n_much;

  g_test_summary ("A turn that comes late after somebody greedy has read begins a rest, the longer "
                  "the later, up to a limit");

  n_little = count_turns (&world, 10 * USUAL_USEC);
  n_much = count_turns (&world, 30 * USUAL_USEC);
  g_assert_cmpuint (n_little, >, 10);
  g_assert_cmpuint (n_much, >, 2 * n_little);
  g_assert_cmpuint (count_turns (&world, G_TIME_SPAN_MINUTE), <=, 1000);
}

static void
test_rest_not_late (void)
{
  World world = new_world (0);
  World quick = { .now = 1000 };

  g_test_summary ("Without anybody greedy, or if what is late is still a short time, nobody rests");

  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_AS_BEFORE);
  release_io_rest_greedy_read (&world.rest);
  g_assert_cmpint (turn (&world, 2 * USUAL_USEC), ==, RELEASE_IO_REST_AS_BEFORE);
  /* Who read before the last turn has no part in the next. */
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_AS_BEFORE);

  for (guint i = 0; i < 10; i++)
    turn (&quick, 1);
  release_io_rest_greedy_read (&quick.rest);
  g_assert_cmpint (turn (&quick, 50), ==, RELEASE_IO_REST_AS_BEFORE);
}

static void
test_rest_unknown (void)
{
  World world = { .now = 1000 };

  g_test_summary ("Before it is known what is usual nobody rests");

  release_io_rest_greedy_read (&world.rest);
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_AS_BEFORE);
  release_io_rest_greedy_read (&world.rest);
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_AS_BEFORE);
}

static void
test_rest_slower (void)
{
  World world = new_world (0);
  guint n = 0;

  g_test_summary ("What is usual follows those who become slower");

  do
    {
      release_io_rest_greedy_read (&world.rest);
      g_assert_cmpuint (n++, <, 10000);
    }
  while (turn (&world, 10 * USUAL_USEC) == RELEASE_IO_REST_BEGINS);
}

static void
test_rest_look (void)
{
  World world = new_world (0);
  gint64 begun;

  g_test_summary ("A rest ends when there is nobody to rest for, and after a while in any case");

  release_io_rest_greedy_read (&world.rest);
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_BEGINS);
  g_assert_cmpint (turn (&world, USUAL_USEC), ==, RELEASE_IO_REST_AS_BEFORE);
  g_assert_cmpint (release_io_rest_look (&world.rest, world.now), ==, RELEASE_IO_REST_AS_BEFORE);
  g_assert_cmpint (release_io_rest_look (&world.rest, world.now), ==, RELEASE_IO_REST_ENDS);

  release_io_rest_greedy_read (&world.rest);
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_BEGINS);
  begun = world.now;
  do
    g_assert_cmpint (turn (&world, RELEASE_IO_REST_LOOK_USEC), ==, RELEASE_IO_REST_AS_BEFORE);
  while (release_io_rest_look (&world.rest, world.now) == RELEASE_IO_REST_AS_BEFORE);
  g_assert_cmpint (world.now - begun, ==, LONG_USEC);
}

static void
test_rest_joined (void)
{
  World world = new_world (0);
  gint64 begun;

  g_test_summary ("Those who join a rest, one after the other, do not make it longer");

  release_io_rest_greedy_read (&world.rest);
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_BEGINS);
  begun = world.now;
  do
    {
      release_io_rest_greedy_read (&world.rest);
      turn (&world, RELEASE_IO_REST_LOOK_USEC);
    }
  while (release_io_rest_look (&world.rest, world.now) == RELEASE_IO_REST_AS_BEFORE);
  g_assert_cmpint (world.now - begun, ==, LONG_USEC);
}

static void
test_rest_needless (void)
{
  World world = new_world (0);
  guint n = 0;

  g_test_summary ("Long after the last who was greedy no clock is needed, until the next");

  release_io_rest_greedy_read (&world.rest);
  while (!release_io_rest_is_needless (&world.rest))
    {
      turn (&world, USUAL_USEC);
      g_assert_cmpuint (n++, <, 10000);
    }
  g_assert_cmpint (release_io_rest_modest_turn (&world.rest, 0), ==, RELEASE_IO_REST_AS_BEFORE);
  release_io_rest_greedy_read (&world.rest);
  g_assert_false (release_io_rest_is_needless (&world.rest));
  /* When the turn before was, is not known. */
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_AS_BEFORE);
  release_io_rest_greedy_read (&world.rest);
  g_assert_cmpint (turn (&world, LATE_USEC), ==, RELEASE_IO_REST_BEGINS);
}

static void
test_rest_wrap (void)
{
  World world = new_world (G_MAXUINT - 30);

  g_test_summary ("It goes on where the count of turns begins anew");

  g_assert_cmpuint (count_turns (&world, LATE_USEC), <, 1000);
  g_assert_cmpuint (world.rest.n_turns, <, 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rest/late", test_rest_late);
  g_test_add_func ("/rest/not-late", test_rest_not_late);
  g_test_add_func ("/rest/unknown", test_rest_unknown);
  g_test_add_func ("/rest/slower", test_rest_slower);
  g_test_add_func ("/rest/look", test_rest_look);
  g_test_add_func ("/rest/joined", test_rest_joined);
  g_test_add_func ("/rest/needless", test_rest_needless);
  g_test_add_func ("/rest/wrap", test_rest_wrap);

  return g_test_run ();
}
