/* release-tests/ipc/neighbours.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a peer that floods, stalls or lies does to the other channels of the same process: nothing.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define FRAMES_PER_TURN 128
#define N_TURNS 80

/* A channel that a test floods, and one that it asks through. Both peers are the test itself. */
typedef struct
{
  ReleaseIpcChannel *noisy;
  ReleaseIpcChannel *quiet;
  int                noisy_peer;
  int                quiet_peer;
  GString           *log;          /* an n for each event of the one, a q for each of the other */
  guint              slow_usec;    /* that each event of the noisy one takes */
  gsize              poke_at;      /* length of log at which the quiet peer sends an event; 0 never */
  gboolean           kills;        /* the quiet peer's event says that the noisy peer has died */
  Closed             closed;       /* the noisy one */
} World;

static void
noisy_event_cb (ReleaseIpcChannel *channel,
                ReleaseIpcMessage *message,
                World             *world)
{
  gint64 end = g_get_monotonic_time () + world->slow_usec;

  g_string_append_c (world->log, 'n');
  if (world->log->len == world->poke_at)
    peer_send_message (world->quiet_peer, RELEASE_IPC_KIND_EVENT, 0, "x");
  while (g_get_monotonic_time () < end)
    continue;
}

static void
quiet_event_cb (ReleaseIpcChannel *channel,
                ReleaseIpcMessage *message,
                World             *world)
{
  g_string_append_c (world->log, 'q');
  if (world->kills)
    release_ipc_channel_peer_died (world->noisy);
}

static ReleaseIpcChannel *
greet (int *peer)
{
  ReleaseIpcChannel *channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, peer);

  peer_send_hello (*peer);
  release_ipc_channel_start (channel);
  peer_expect (*peer, RELEASE_IPC_KIND_HELLO, NULL);
  settle ();
  return channel;
}

static void
set_up (World *world)
{
  memset (world, 0, sizeof *world);
  world->log = g_string_new (NULL);
  world->noisy = greet (&world->noisy_peer);
  world->quiet = greet (&world->quiet_peer);
  g_signal_connect (world->noisy, "event", G_CALLBACK (noisy_event_cb), world);
  g_signal_connect (world->noisy, "closed", G_CALLBACK (closed_cb), &world->closed);
  g_signal_connect (world->quiet, "event", G_CALLBACK (quiet_event_cb), world);
}

static void
tear_down (World *world)
{
  free_channel (world->noisy);
  free_channel (world->quiet);
  if (world->noisy_peer >= 0)
    close (world->noisy_peer);
  close (world->quiet_peer);
  g_string_free (world->log, TRUE);
  closed_clear (&world->closed);
}

/* Sends as many small events as the socket takes, in pieces that end between two of them. */
static void
flood (int peer)
{
  guint8 frames[64][RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE] = { 0 };
  gssize n;

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      frames[i][3] = RELEASE_IPC_ENVELOPE_SIZE;
      frames[i][4] = RELEASE_IPC_KIND_EVENT;
    }
  do
    {
      n = send (peer, frames, sizeof frames, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n > 0)
        peer_send_bytes (peer, (guint8 *) frames + n, sizeof frames - n);
    }
  while (n == sizeof frames);
}

/* One iteration, and what it has brought. */
static const char *
turn (World *world)
{
  g_string_truncate (world->log, 0);
  g_main_context_iteration (NULL, FALSE);
  return world->log->str;
}

static void
test_neighbours_first (void)
{
  guint n_noisy = 0;
  World world;

  g_test_summary ("Whoever sends little is served in each iteration, and before whoever floods, "
                  "who gets no more than a turn in it, but does get turns");

  set_up (&world);
  flood (world.noisy_peer);
  turn (&world);
  /* On a busy machine those who flood rest; then it takes more turns. */
  for (guint i = 0; i < N_TURNS || n_noisy < N_TURNS / 10; i++)
    {
      flood (world.noisy_peer);
      peer_send_message (world.quiet_peer, RELEASE_IPC_KIND_EVENT, 0, "x");
      g_assert_cmpint (turn (&world)[0], ==, 'q');
      g_assert_null (strchr (world.log->str + 1, 'q'));
      g_assert_cmpuint (world.log->len, <=, 1 + FRAMES_PER_TURN);
      n_noisy += world.log->len - 1;
    }
  tear_down (&world);
}

static void
test_neighbours_memory (void)
{
  World world;
  guint n = 0;

  g_test_summary ("A peer that floods with small messages has few of them read ahead");

  set_up (&world);
  /* The first read cannot know. */
  do
    {
      flood (world.noisy_peer);
      n += strlen (turn (&world));
    }
  while (n < 64 * 1024 / 16);
  for (guint i = 0; i < N_TURNS; i++)
    {
      flood (world.noisy_peer);
      turn (&world);
      g_assert_cmpuint (world.noisy->frames.length, <=, 2 * FRAMES_PER_TURN);
    }
  tear_down (&world);
}

static void
test_neighbours_large (void)
{
  g_autofree char *text = g_strnfill (64 * 1024, 'x');
  guint n_sent = 1;
  guint n_turns = 0;
  guint n_noisy;
  World world;

  g_test_summary ("Whoever sends large messages waits for whoever sends little, too, and gets "
                  "turns, too");

  set_up (&world);
  peer_send_message (world.noisy_peer, RELEASE_IPC_KIND_EVENT, 0, text);
  n_noisy = strlen (turn (&world));
  g_assert_cmpuint (n_noisy, ==, 1);
  for (; n_turns < N_TURNS || n_noisy < N_TURNS / 10; n_turns++)
    {
      if (n_sent == n_noisy)
        {
          peer_send_message (world.noisy_peer, RELEASE_IPC_KIND_EVENT, 0, text);
          n_sent++;
        }
      peer_send_message (world.quiet_peer, RELEASE_IPC_KIND_EVENT, 0, "x");
      g_assert_cmpint (turn (&world)[0], ==, 'q');
      n_noisy += world.log->len - 1;
    }
  g_assert_cmpuint (n_noisy, <=, n_turns / 4);
  tear_down (&world);
}

static void
test_neighbours_large_after_small (void)
{
  World world;
  g_autofree char *text = g_strnfill (300 * 1024, 'x');

  g_test_summary ("Large messages arrive whole after many small ones, and small ones after them");

  set_up (&world);
  for (guint i = 0; i < 3; i++)
    {
      flood (world.noisy_peer);
      settle ();
      g_string_truncate (world.log, 0);
      peer_send_message (world.noisy_peer, RELEASE_IPC_KIND_EVENT, 0, text);
      wait_until (world.log->len > 0);
      g_assert_cmpuint (world.log->len, ==, 1);
    }
  g_assert_cmpuint (world.closed.n, ==, 0);
  tear_down (&world);
}

static void
test_neighbours_slow (void)
{
  World world;

  g_test_summary ("Handlers that take their time end a turn early, beside somebody who sends "
                  "little, and as soon as somebody waits");

  set_up (&world);
  world.slow_usec = 50;
  flood (world.noisy_peer);
  /* Nobody waits: the whole turn. */
  g_assert_cmpuint (strlen (turn (&world)), ==, FRAMES_PER_TURN);

  /* Somebody comes in the middle of it. */
  world.poke_at = 5;
  g_assert_cmpuint (strlen (turn (&world)), <=, FRAMES_PER_TURN / 4);
  world.poke_at = 0;
  g_assert_cmpint (turn (&world)[0], ==, 'q');

  for (guint i = 0; i < N_TURNS; i++)
    {
      flood (world.noisy_peer);
      peer_send_message (world.quiet_peer, RELEASE_IPC_KIND_EVENT, 0, "x");
      g_assert_cmpint (turn (&world)[0], ==, 'q');
      g_assert_cmpuint (world.log->len, <=, 1 + FRAMES_PER_TURN / 32);
    }
  tear_down (&world);
}

static void
test_neighbours_last_words (void)
{
  guint8 events[1000][RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE] = { 0 };
  World world;

  g_test_summary ("What a dead peer had sent is heard to its end, whoever else is there");

  set_up (&world);
  world.slow_usec = 5;
  world.kills = TRUE;
  /* In one piece: the socket takes it, and nothing is read before the turn. */
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      events[i][3] = RELEASE_IPC_ENVELOPE_SIZE;
      events[i][4] = RELEASE_IPC_KIND_EVENT;
    }
  peer_send_bytes (world.noisy_peer, events, sizeof events);
  peer_send_message (world.quiet_peer, RELEASE_IPC_KIND_EVENT, 0, "x");
  turn (&world);
  g_assert_cmpuint (world.closed.n, ==, 1);
  g_assert_cmpuint (world.log->len, ==, 1001);
  tear_down (&world);
}

/* The other channel works. */
static void
check_quiet (World *world)
{
  g_auto(Outcome) outcome = { 0 };
  guint32 serial;

  release_ipc_channel_call_string_async (world->quiet, "up?", -1, NULL, outcome_cb, &outcome);
  serial = peer_expect (world->quiet_peer, RELEASE_IPC_KIND_REQUEST, NULL);
  peer_send_message (world->quiet_peer, RELEASE_IPC_KIND_RESPONSE, serial, "up");
  wait_until (outcome.n > 0);
  g_assert_cmpstr (outcome.text, ==, "up");
  g_assert_false (release_ipc_channel_is_closed (world->quiet));
}

static void
test_neighbours_stops (void)
{
  guint8 head[RELEASE_IPC_LENGTH_SIZE];
  World world;

  g_test_summary ("A peer that announces the largest message and stops costs the memory of what it "
                  "has sent, wakes nobody and keeps nobody waiting");

  set_up (&world);
  release_ipc_length_pack (release_ipc_channel_get_max_message_size (world.noisy), head);
  peer_send_bytes (world.noisy_peer, head, sizeof head);
  settle ();
  g_assert_null (world.noisy->reader.body);
  check_quiet (&world);

  peer_send_bytes (world.noisy_peer, "0123456789", 10);
  settle ();
  g_assert_cmpuint (world.noisy->reader.body_capacity, <=, 4096);
  check_quiet (&world);
  g_assert_cmpuint (count_iterations (20), ==, 0);
  g_assert_cmpuint (world.closed.n, ==, 0);

  close (world.noisy_peer);
  wait_until (world.closed.n > 0);
  g_assert_error (world.closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TRUNCATED);
  check_quiet (&world);
  world.noisy_peer = -1;
  tear_down (&world);
}

static void
test_neighbours_too_big (void)
{
  guint8 head[RELEASE_IPC_LENGTH_SIZE];
  World world;

  g_test_summary ("A length above the limit ends that channel before anything is allocated for it");

  set_up (&world);
  release_ipc_length_pack (0xffffffff, head);
  peer_send_bytes (world.noisy_peer, head, sizeof head);
  wait_until (world.closed.n > 0);
  g_assert_error (world.closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
  peer_expect_eof (world.noisy_peer);
  check_quiet (&world);
  tear_down (&world);
}

/* How the peer of the noisy channel answers its one request, which has the serial 1. */
typedef enum
{
  LIE_NEVER_ASKED,
  LIE_TWICE,
  LIE_TWICE_LATER,
  LIE_TWICE_AFTER_TIMEOUT,
} Lie;

static void
test_neighbours_lies (gconstpointer user_data)
{
  Lie lie = GPOINTER_TO_INT (user_data);
  g_auto(Outcome) outcome = { 0 };
  g_auto(Outcome) open = { 0 };
  World world;

  g_test_summary ("An answer to what was never asked, or a second one, ends that channel, with an "
                  "error that names the serial, and ends each of its requests once");

  set_up (&world);
  release_ipc_channel_call_string_async (world.noisy, "x",
                                         lie == LIE_TWICE_AFTER_TIMEOUT ? 0 : -1, NULL, outcome_cb,
                                         &outcome);
  g_assert_cmpuint (peer_expect (world.noisy_peer, RELEASE_IPC_KIND_REQUEST, NULL), ==, 1);
  if (lie == LIE_TWICE_AFTER_TIMEOUT)
    wait_until (outcome.n > 0);
  release_ipc_channel_call_string_async (world.noisy, "y", -1, NULL, outcome_cb, &open);

  if (lie != LIE_NEVER_ASKED)
    peer_send_message (world.noisy_peer, RELEASE_IPC_KIND_RESPONSE, 1, "first");
  if (lie == LIE_TWICE_LATER)
    wait_until (outcome.n > 0);
  settle ();
  if (lie != LIE_TWICE)
    g_assert_cmpuint (world.closed.n, ==, 0);
  peer_send_message (world.noisy_peer, RELEASE_IPC_KIND_RESPONSE,
                     lie == LIE_NEVER_ASKED ? 7 : 1, "lie");
  wait_until (world.closed.n > 0 && outcome.n > 0 && open.n > 0);

  g_assert_error (world.closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
  g_assert_cmpstr (world.closed.reason->message, ==,
                   lie == LIE_NEVER_ASKED ? "The peer answered a request 7 that is not open"
                                          : "The peer answered a request 1 that is not open");
  switch (lie)
    {
    case LIE_NEVER_ASKED:
      g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
      break;

    case LIE_TWICE_AFTER_TIMEOUT:
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      break;

    default:
      g_assert_cmpstr (outcome.text, ==, "first");
    }
  g_assert_error (open.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
  check_quiet (&world);
  g_assert_cmpuint (outcome.n, ==, 1);
  g_assert_cmpuint (open.n, ==, 1);
  tear_down (&world);
}

static void
test_neighbours_deaf (void)
{
  ReleaseIpcBudget *budget = g_rc_box_new0 (ReleaseIpcBudget);
  g_autoptr(GBytes) payload = g_bytes_new_take (g_malloc0 (16 * 1024), 16 * 1024);
  gsize peak = 0;
  guint n_refused = 0;
  World world;

  g_test_summary ("What waits for a peer that does not read stays within the limit of its queue, "
                  "however much more is sent; its neighbour gets everything at once");

  set_up (&world);
  budget->max = 1024 * 1024;
  release_ipc_channel_set_budget (world.noisy, budget);
  release_ipc_channel_set_budget (world.quiet, budget);
  release_ipc_channel_set_max_queue_size (world.noisy, 256 * 1024);
  for (guint i = 0; i < 300; i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean queued = TRUE;

      if (!release_ipc_channel_post_event (world.noisy, payload, &queued, &error))
        {
          g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
          n_refused++;
        }
      g_assert_true (release_ipc_channel_post_event (world.quiet, payload, &queued, NULL));
      g_assert_false (queued);
      peer_expect (world.quiet_peer, RELEASE_IPC_KIND_EVENT, NULL);
      peak = MAX (peak, budget->used);
    }
  g_assert_cmpuint (n_refused, >, 0);
  g_assert_cmpuint (peak, >, 0);
  g_assert_cmpuint (peak, <=, 256 * 1024);
  tear_down (&world);
  g_assert_cmpuint (budget->used, ==, 0);
  g_rc_box_release (budget);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/neighbours/first", test_neighbours_first);
  g_test_add_func ("/neighbours/memory", test_neighbours_memory);
  g_test_add_func ("/neighbours/large", test_neighbours_large);
  g_test_add_func ("/neighbours/large-after-small", test_neighbours_large_after_small);
  g_test_add_func ("/neighbours/slow", test_neighbours_slow);
  g_test_add_func ("/neighbours/last-words", test_neighbours_last_words);
  g_test_add_func ("/neighbours/stops", test_neighbours_stops);
  g_test_add_func ("/neighbours/too-big", test_neighbours_too_big);
  g_test_add_data_func ("/neighbours/lies/never-asked", GINT_TO_POINTER (LIE_NEVER_ASKED),
                        test_neighbours_lies);
  g_test_add_data_func ("/neighbours/lies/twice", GINT_TO_POINTER (LIE_TWICE),
                        test_neighbours_lies);
  g_test_add_data_func ("/neighbours/lies/twice-later", GINT_TO_POINTER (LIE_TWICE_LATER),
                        test_neighbours_lies);
  g_test_add_data_func ("/neighbours/lies/twice-after-timeout",
                        GINT_TO_POINTER (LIE_TWICE_AFTER_TIMEOUT), test_neighbours_lies);
  g_test_add_func ("/neighbours/deaf", test_neighbours_deaf);

  return g_test_run ();
}
