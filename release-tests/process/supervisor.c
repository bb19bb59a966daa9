/* release-tests/process/supervisor.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-supervisor-private.h"

#define MSEC ((gint64) 1000)
#define SECOND ((gint64) G_USEC_PER_SEC)
#define GRACE (3 * SECOND)
#define SEED 42

static void
assert_next (ReleaseSupervisor *supervisor,
             gint64             now,
             ReleaseActionKind  kind,
             guint              slot)
{
  ReleaseAction action = { 0 };

  g_assert_true (release_supervisor_next (supervisor, now, &action));
  g_assert_cmpint (action.kind, ==, kind);
  g_assert_cmpuint (action.slot, ==, slot);
}

static void
assert_nothing (ReleaseSupervisor *supervisor,
                gint64             now)
{
  ReleaseAction action = { 0 };

  g_assert_false (release_supervisor_next (supervisor, now, &action));
}

/* A supervisor whose slots all run. */
static ReleaseSupervisor *
new_running (guint  n_slots,
             gint64 now)
{
  ReleaseSupervisor *supervisor = release_supervisor_new (n_slots, GRACE, SEED);

  release_supervisor_start (supervisor, now);
  for (guint i = 0; i < n_slots; i++)
    {
      assert_next (supervisor, now, RELEASE_ACTION_SPAWN, i);
      release_supervisor_executed (supervisor, i);
      release_supervisor_connected (supervisor, i);
      g_assert_cmpint (release_supervisor_get_slot_state (supervisor, i), ==,
                       RELEASE_SLOT_RUNNING);
    }
  assert_nothing (supervisor, now);

  return supervisor;
}

static void
test_life (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = release_supervisor_new (1, GRACE, SEED);

  g_test_summary ("A slot goes from starting over ready to running, and stands still there");

  assert_nothing (supervisor, 0);
  release_supervisor_start (supervisor, 5);
  assert_next (supervisor, 5, RELEASE_ACTION_SPAWN, 0);
  g_assert_cmpint (release_supervisor_get_slot_state (supervisor, 0), ==, RELEASE_SLOT_STARTING);
  release_supervisor_connected (supervisor, 0);
  g_assert_cmpint (release_supervisor_get_slot_state (supervisor, 0), ==, RELEASE_SLOT_STARTING);
  release_supervisor_executed (supervisor, 0);
  g_assert_cmpint (release_supervisor_get_slot_state (supervisor, 0), ==, RELEASE_SLOT_READY);
  release_supervisor_connected (supervisor, 0);
  g_assert_cmpint (release_supervisor_get_slot_state (supervisor, 0), ==, RELEASE_SLOT_RUNNING);
  assert_nothing (supervisor, G_MAXINT64);
  g_assert_cmpint (release_supervisor_get_deadline (supervisor), ==, -1);
}

static void
test_back_off (void)
{
  static const gint64 delays[] = { 0, 10, 20, 40, 80, 160, 320, 640, 1000 };
  g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);
  gint64 now = 0;

  g_test_summary ("Nine early deaths are followed by growing delays, the tenth by the stop");

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      gint64 due;

      now += SECOND - 1;
      release_supervisor_died (supervisor, 0, now);
      due = release_supervisor_get_deadline (supervisor);
      g_assert_cmpint (due - now, <=, delays[i] * MSEC);
      g_assert_cmpint (due - now, >=, delays[i] * MSEC * 3 / 4);
      if (due > now)
        assert_nothing (supervisor, due - 1);
      now = due;
      assert_next (supervisor, now, RELEASE_ACTION_SPAWN, 0);
      release_supervisor_executed (supervisor, 0);
    }

  now += SECOND - 1;
  release_supervisor_died (supervisor, 0, now);
  assert_next (supervisor, now, RELEASE_ACTION_GIVE_UP, 0);
  g_assert_cmpint (release_supervisor_get_slot_state (supervisor, 0), ==, RELEASE_SLOT_GIVEN_UP);
  assert_next (supervisor, now, RELEASE_ACTION_FINISH, 0);
  assert_nothing (supervisor, G_MAXINT64);
}

static void
test_ten_in_one_second (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);
  gint64 now = 100 * SECOND;
  guint n_deaths = 1;

  g_test_summary ("A slave that ran long and then dies and dies may do so ten times, not more");

  release_supervisor_died (supervisor, 0, now);
  for (;;)
    {
      ReleaseAction action;

      now = MAX (now, release_supervisor_get_deadline (supervisor));
      g_assert_true (release_supervisor_next (supervisor, now, &action));
      if (action.kind == RELEASE_ACTION_GIVE_UP)
        break;
      g_assert_cmpint (action.kind, ==, RELEASE_ACTION_SPAWN);
      n_deaths++;
      release_supervisor_died (supervisor, 0, now);
    }

  g_assert_cmpuint (n_deaths, ==, 11);
}

static void
test_row_ends (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);
  gint64 now = 0;

  g_test_summary ("Nine early deaths and one that is not, over and over, are no reason to give up");

  for (guint i = 0; i < 50; i++)
    {
      now += i % 10 == 9 ? SECOND : 0;
      release_supervisor_died (supervisor, 0, now);
      now = MAX (now, release_supervisor_get_deadline (supervisor));
      assert_next (supervisor, now, RELEASE_ACTION_SPAWN, 0);
      release_supervisor_executed (supervisor, 0);
    }
}

static void
test_recovers (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);
  gint64 now = 0;

  g_test_summary ("The delay stays while a slave lives less than five seconds, then it is zero");

  for (guint i = 0; i < 5; i++)
    {
      release_supervisor_died (supervisor, 0, now);
      now = release_supervisor_get_deadline (supervisor);
      assert_next (supervisor, now, RELEASE_ACTION_SPAWN, 0);
      release_supervisor_executed (supervisor, 0);
    }

  now += 5 * SECOND - 1;
  release_supervisor_died (supervisor, 0, now);
  g_assert_cmpint (release_supervisor_get_deadline (supervisor) - now, >=, 120 * MSEC);
  now = release_supervisor_get_deadline (supervisor);
  assert_next (supervisor, now, RELEASE_ACTION_SPAWN, 0);
  release_supervisor_executed (supervisor, 0);

  now += 5 * SECOND;
  release_supervisor_died (supervisor, 0, now);
  g_assert_cmpint (release_supervisor_get_deadline (supervisor), ==, now);
}

static void
test_failed_exec (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);
  gint64 now = 0;

  g_test_summary ("A program that cannot be executed counts as an early death, however slow");

  for (guint i = 0; i < 9; i++)
    {
      release_supervisor_died (supervisor, 0, now);
      now = release_supervisor_get_deadline (supervisor);
      assert_next (supervisor, now, RELEASE_ACTION_SPAWN, 0);
      now += 10 * SECOND;
    }

  release_supervisor_died (supervisor, 0, now);
  assert_next (supervisor, now, RELEASE_ACTION_GIVE_UP, 0);
}

static void
test_slots_apart (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (20, 0);

  g_test_summary ("Deaths are counted per slot: twenty slaves may die together");

  for (guint i = 0; i < 20; i++)
    release_supervisor_died (supervisor, i, 1);
  for (guint i = 0; i < 20; i++)
    assert_next (supervisor, 1, RELEASE_ACTION_SPAWN, i);
  assert_nothing (supervisor, 1);
}

static void
test_closed (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (2, 0);

  g_test_summary ("A slave that closes its channel is asked to end, then killed, then respawned");

  release_supervisor_closed (supervisor, 1, 7);
  assert_next (supervisor, 7, RELEASE_ACTION_TERMINATE, 1);
  assert_nothing (supervisor, 7 + GRACE - 1);
  g_assert_cmpint (release_supervisor_get_deadline (supervisor), ==, 7 + GRACE);
  assert_next (supervisor, 7 + GRACE, RELEASE_ACTION_KILL, 1);
  assert_nothing (supervisor, G_MAXINT64);
  release_supervisor_died (supervisor, 1, 8 + GRACE);
  assert_next (supervisor, 8 + GRACE, RELEASE_ACTION_SPAWN, 1);
}

static void
test_closed_is_early (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);
  gint64 now = 0;

  g_test_summary ("Closing the channel at once is an early death, however long the dying takes");

  for (guint i = 0; i < 9; i++)
    {
      release_supervisor_closed (supervisor, 0, now);
      now += 100 * SECOND;
      release_supervisor_died (supervisor, 0, now);
      now = release_supervisor_get_deadline (supervisor);
      assert_next (supervisor, now, RELEASE_ACTION_SPAWN, 0);
      release_supervisor_executed (supervisor, 0);
    }

  release_supervisor_closed (supervisor, 0, now);
  release_supervisor_died (supervisor, 0, now + 100 * SECOND);
  assert_next (supervisor, now + 100 * SECOND, RELEASE_ACTION_GIVE_UP, 0);
}

static void
test_stop (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (3, 0);

  g_test_summary ("A stop is TERM to all, the grace period, KILL to who is left, the end");

  release_supervisor_stop (supervisor, 10);
  assert_next (supervisor, 10, RELEASE_ACTION_TERMINATE, 0);
  assert_next (supervisor, 10, RELEASE_ACTION_TERMINATE, 1);
  assert_next (supervisor, 10, RELEASE_ACTION_TERMINATE, 2);
  release_supervisor_died (supervisor, 1, 20);
  assert_nothing (supervisor, 10 + GRACE - 1);
  assert_next (supervisor, 10 + GRACE, RELEASE_ACTION_KILL, 0);
  assert_next (supervisor, 10 + GRACE, RELEASE_ACTION_KILL, 2);
  release_supervisor_died (supervisor, 0, 10 + GRACE);
  assert_nothing (supervisor, 10 + GRACE);
  release_supervisor_died (supervisor, 2, 11 + GRACE);
  assert_next (supervisor, 11 + GRACE, RELEASE_ACTION_FINISH, 0);
  assert_nothing (supervisor, G_MAXINT64);
}

static void
test_stop_again (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);

  g_test_summary ("A second stop kills at once");

  release_supervisor_stop (supervisor, 10);
  assert_next (supervisor, 10, RELEASE_ACTION_TERMINATE, 0);
  release_supervisor_stop (supervisor, 11);
  assert_next (supervisor, 11, RELEASE_ACTION_KILL, 0);
  release_supervisor_stop (supervisor, 12);
  assert_nothing (supervisor, 12);
}

static void
test_stop_before_spawn (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = new_running (2, 0);

  g_test_summary ("A stop takes back a spawn that is due");

  release_supervisor_died (supervisor, 0, 100 * SECOND);
  g_assert_cmpint (release_supervisor_get_deadline (supervisor), ==, 100 * SECOND);
  release_supervisor_stop (supervisor, 100 * SECOND);
  assert_next (supervisor, 100 * SECOND, RELEASE_ACTION_TERMINATE, 1);
  release_supervisor_died (supervisor, 1, 100 * SECOND);
  assert_next (supervisor, 100 * SECOND, RELEASE_ACTION_FINISH, 0);
}

static void
test_stop_without_slaves (void)
{
  g_autoptr(ReleaseSupervisor) supervisor = release_supervisor_new (0, GRACE, SEED);

  g_test_summary ("A master without slaves stops too");

  release_supervisor_start (supervisor, 0);
  assert_nothing (supervisor, 0);
  release_supervisor_stop (supervisor, 0);
  assert_next (supervisor, 0, RELEASE_ACTION_FINISH, 0);
}

/* The world as a master would see it, with its own and simpler book-keeping. */

#define WORLD_SLOTS 4

typedef struct
{
  gboolean  lives;
  gboolean  executed;
  gboolean  closed;
  gboolean  termed;
  gboolean  killed;
  gint64    spawned_at;
  gint64    useless_at;        /* when it closed its channel or was told to end */
  gint64    died_at;
  guint     n_early;
  gint64    deaths[11];        /* the last unwanted ones */
  guint     n_deaths;
} Place;

typedef struct
{
  ReleaseSupervisor *supervisor;
  gint64             now;
  Place              places[WORLD_SLOTS];
  gboolean           stopped;
  gint64             hurry_at;  /* the second stop, or -1 */
  gboolean           must_give_up;
  gboolean           gave_up;
  gboolean           finished;
} World;

static void
world_act (World *world)
{
  ReleaseAction action;

  while (release_supervisor_next (world->supervisor, world->now, &action))
    {
      Place *place = &world->places[action.slot];

      g_assert_false (world->finished);
      switch (action.kind)
        {
        case RELEASE_ACTION_SPAWN:
          g_assert_false (place->lives);
          g_assert_false (world->stopped);
          g_assert_cmpint (world->now - place->died_at, <=, SECOND);
          place->lives = TRUE;
          place->executed = place->closed = place->termed = place->killed = FALSE;
          place->spawned_at = world->now;
          break;
        case RELEASE_ACTION_TERMINATE:
          g_assert_true (place->lives);
          g_assert_false (place->termed);
          g_assert_true (world->stopped || place->closed);
          place->termed = TRUE;
          break;
        case RELEASE_ACTION_KILL:
          g_assert_true (place->lives);
          g_assert_true (place->termed);
          g_assert_false (place->killed);
          g_assert_true (world->hurry_at >= 0 || world->now - place->useless_at >= GRACE);
          place->killed = TRUE;
          break;
        case RELEASE_ACTION_GIVE_UP:
          g_assert_true (world->must_give_up);
          g_assert_false (world->gave_up);
          world->gave_up = TRUE;
          break;
        case RELEASE_ACTION_FINISH:
          g_assert_true (world->stopped);
          for (guint i = 0; i < WORLD_SLOTS; i++)
            g_assert_false (world->places[i].lives);
          world->finished = TRUE;
          break;
        default:
          g_assert_not_reached ();
        }
    }

  g_assert_cmpint (world->gave_up, ==, world->must_give_up);
}

static void
world_stop (World *world)
{
  if (world->stopped)
    world->hurry_at = world->now;
  world->stopped = TRUE;
  for (guint i = 0; i < WORLD_SLOTS; i++)
    if (!world->places[i].closed)
      world->places[i].useless_at = world->now;
}

static void
world_die (World *world,
           guint  slot)
{
  Place *place = &world->places[slot];
  gint64 end = place->closed ? place->useless_at : world->now;

  place->lives = FALSE;
  place->died_at = world->now;
  if (!world->stopped)
    {
      gboolean early = end - place->spawned_at < SECOND || (!place->executed && !place->closed);

      place->n_early = early ? place->n_early + 1 : 0;
      if (place->n_early == 10)
        world->must_give_up = TRUE;
      if (place->n_deaths >= 10 &&
          world->now - place->deaths[(place->n_deaths - 10) % 11] < SECOND)
        g_assert_true (world->must_give_up);
      place->deaths[place->n_deaths++ % 11] = world->now;
    }

  release_supervisor_died (world->supervisor, slot, world->now);
  if (world->must_give_up && !world->stopped)
    world_stop (world);
}

/* Time passes; a timer goes off when it is due. */
static void
world_wait (World  *world,
            gint64  span)
{
  gint64 end = world->now + span;
  gint64 deadline;

  while (deadline = release_supervisor_get_deadline (world->supervisor),
         deadline >= 0 && deadline <= end)
    {
      world->now = MAX (world->now, deadline);
      world_act (world);
    }

  world->now = end;
}

static void
world_step (World *world)
{
  guint slot = g_test_rand_int_range (0, WORLD_SLOTS);
  Place *place = &world->places[slot];
  gint64 deadline = release_supervisor_get_deadline (world->supervisor);

  switch (g_test_rand_int_range (0, 40))
    {
    case 0:
      world_wait (world, g_test_rand_int_range (0, 7 * SECOND));
      break;
    case 1:
      if (g_test_rand_int_range (0, 10) == 0)
        {
          world_stop (world);
          release_supervisor_stop (world->supervisor, world->now);
        }
      break;
    case 2:
    case 3:
      if (place->lives)
        {
          if (!place->closed && !place->termed)
            {
              place->closed = TRUE;
              place->useless_at = world->now;
            }
          release_supervisor_closed (world->supervisor, slot, world->now);
        }
      break;
    default:
      if (!place->lives && deadline >= 0)
        world->now = MAX (world->now, deadline - g_test_rand_int_range (0, 2));
      else if (place->lives && !place->executed && g_test_rand_bit ())
        {
          place->executed = TRUE;
          release_supervisor_executed (world->supervisor, slot);
          release_supervisor_connected (world->supervisor, slot);
        }
      else if (place->lives)
        world_die (world, slot);
      break;
    }

  world_act (world);
}

/* From here on nobody dies of anything but a KILL. */
static void
world_end (World *world)
{
  gint64 limit;

  if (!world->stopped)
    {
      world_stop (world);
      release_supervisor_stop (world->supervisor, world->now);
      world_act (world);
    }

  limit = world->now + GRACE;
  while (!world->finished)
    {
      gint64 deadline = release_supervisor_get_deadline (world->supervisor);

      for (guint i = 0; i < WORLD_SLOTS; i++)
        {
          if (world->places[i].lives && world->places[i].killed)
            {
              world_die (world, i);
              deadline = world->now;
            }
        }
      g_assert_cmpint (deadline, >=, 0);
      g_assert_cmpint (deadline, <=, limit);
      world->now = MAX (world->now, deadline);
      world_act (world);
    }

  g_assert_cmpint (release_supervisor_get_deadline (world->supervisor), ==, -1);
  world->now += 100 * SECOND;
  world_act (world);
}

static void
test_random_histories (void)
{
  guint n_gave_up = 0;
  guint n_hurried = 0;

  g_test_summary ("Whatever happens: one process a slot, no spawn after a stop, every stop ends");

  for (guint i = 0; i < 20000; i++)
    {
      World world = { .hurry_at = -1 };
      g_autoptr(ReleaseSupervisor) supervisor = NULL;

      supervisor = release_supervisor_new (WORLD_SLOTS, GRACE, g_test_rand_int ());
      world.supervisor = supervisor;
      release_supervisor_start (supervisor, 0);
      world_act (&world);
      for (guint step = 0; step < 400 && !world.finished; step++)
        world_step (&world);
      world_end (&world);
      n_gave_up += world.gave_up;
      n_hurried += world.hurry_at >= 0;
    }

  g_assert_cmpuint (n_gave_up, >, 100);
  g_assert_cmpuint (n_hurried, >, 100);
}

static void
test_replay (void)
{
  gint64 first = -1;

  g_test_summary ("The same history with the same seed gives the same delays");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(ReleaseSupervisor) supervisor = new_running (1, 0);
      gint64 now = 0;

      for (guint n = 0; n < 9; n++)
        {
          release_supervisor_died (supervisor, 0, now);
          now = release_supervisor_get_deadline (supervisor);
          assert_next (supervisor, now, RELEASE_ACTION_SPAWN, 0);
        }
      if (first < 0)
        first = now;
      g_assert_cmpint (now, ==, first);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/supervisor/starting-ready-running", test_life);
  g_test_add_func ("/supervisor/backs-off-then-gives-up", test_back_off);
  g_test_add_func ("/supervisor/eleven-deaths-in-a-second", test_ten_in_one_second);
  g_test_add_func ("/supervisor/late-death-ends-the-row", test_row_ends);
  g_test_add_func ("/supervisor/recovers-after-five-seconds", test_recovers);
  g_test_add_func ("/supervisor/failed-exec-counts", test_failed_exec);
  g_test_add_func ("/supervisor/counts-per-slot", test_slots_apart);
  g_test_add_func ("/supervisor/closed-channel-ends-slave", test_closed);
  g_test_add_func ("/supervisor/closed-channel-is-early-death", test_closed_is_early);
  g_test_add_func ("/supervisor/stop-terminates-waits-kills", test_stop);
  g_test_add_func ("/supervisor/second-stop-kills", test_stop_again);
  g_test_add_func ("/supervisor/stop-takes-back-spawn", test_stop_before_spawn);
  g_test_add_func ("/supervisor/stop-without-slaves", test_stop_without_slaves);
  g_test_add_func ("/supervisor/invariants-hold-in-random-histories", test_random_histories);
  g_test_add_func ("/supervisor/same-seed-same-history", test_replay);

  return g_test_run ();
}
