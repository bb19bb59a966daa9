/* release-tests/ipc/limits.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bounds of memory and time, and that nothing spins or blocks at them.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define LARGE_BYTES (64 * 1024)
#define N_FLOOD 120
#define N_ECHOED 40

static ReleaseIpcChannel *
new_ready_channel (int *peer)
{
  ReleaseIpcChannel *channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, peer);

  peer_send_hello (*peer);
  release_ipc_channel_start (channel);
  peer_expect (*peer, RELEASE_IPC_KIND_HELLO, NULL);
  settle ();
  return channel;
}

static void
shrink_buffer (int fd)
{
  int size = 1;

  g_assert_no_errno (setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
}

/* Queues events until some of the bytes have to wait. */
static void
fill (ReleaseIpcChannel *channel)
{
  g_autofree char *text = g_strnfill (LARGE_BYTES, 'x');

  while (channel->writer.queued == 0)
    g_assert_true (release_ipc_channel_send_event_string (channel, text, NULL));
}

static void
test_limits_queue (void)
{
  g_autofree char *text = g_strnfill (LARGE_BYTES, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (text, LARGE_BYTES);
  g_autoptr(GError) event_error = NULL;
  g_autoptr(GError) call_error = NULL;
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  gboolean queued = TRUE;
  guint n_sent = 0;
  int peer;

  g_test_summary ("A request or event above the limit of the queue is refused with LIMIT and costs "
                  "nothing; once the peer has read there is room again");

  channel = new_ready_channel (&peer);
  release_ipc_channel_set_max_queue_size (channel, 3 * LARGE_BYTES);
  g_assert_true (release_ipc_channel_post_event (channel, bytes, &queued, NULL));
  g_assert_false (queued);
  n_sent++;
  while (release_ipc_channel_post_event (channel, bytes, &queued, &event_error))
    n_sent++;
  g_assert_true (queued);
  g_assert_error (event_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_assert_cmpuint (channel->writer.queued, <=, 3 * LARGE_BYTES + 100);
  release_ipc_channel_call_string_async (channel, text, -1, NULL, outcome_cb, &outcome);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_assert_null (release_ipc_channel_call_string (channel, text, -1, NULL, &call_error));
  g_assert_error (call_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_assert_cmpuint (channel->outgoing.n_used, ==, 0);

  for (guint i = 0; i < n_sent; i++)
    peer_expect (peer, RELEASE_IPC_KIND_EVENT, NULL);
  settle ();
  g_assert_true (release_ipc_channel_is_idle (channel));
  g_assert_true (release_ipc_channel_post_event (channel, bytes, &queued, NULL));
  peer_expect (peer, RELEASE_IPC_KIND_EVENT, NULL);
  close (peer);
  free_channel (channel);
}

static void
test_limits_budget (void)
{
  g_autofree char *text = g_strnfill (LARGE_BYTES, 'x');
  ReleaseIpcBudget *budget = g_rc_box_new0 (ReleaseIpcBudget);
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *greedy, *other;
  int greedy_peer, other_peer;

  g_test_summary ("What waits on one channel leaves less for the others that share its budget, but "
                  "each takes one message, and what has left or was dropped counts no more");

  greedy = new_ready_channel (&greedy_peer);
  other = new_ready_channel (&other_peer);
  budget->max = 3 * LARGE_BYTES;
  release_ipc_channel_set_budget (greedy, budget);
  release_ipc_channel_set_budget (other, budget);
  while (release_ipc_channel_send_event_string (greedy, text, &error))
    ;
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_cmpuint (budget->used, ==, greedy->writer.queued);

  shrink_buffer (other->fd);
  fill (other);
  g_assert_false (release_ipc_channel_send_event_string (other, text, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_assert_cmpuint (budget->used, ==, greedy->writer.queued + other->writer.queued);

  close (greedy_peer);
  free_channel (greedy);
  g_assert_cmpuint (budget->used, ==, other->writer.queued);
  g_assert_true (release_ipc_channel_send_event_string (other, text, NULL));
  close (other_peer);
  free_channel (other);
  g_assert_cmpuint (budget->used, ==, 0);
  g_rc_box_release (budget);
}

static void
test_limits_one_always (void)
{
  g_autofree char *text = g_strnfill (LARGE_BYTES, 'x');
  g_autofree char *body = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("One message is taken whatever the limit of the queue, while nothing waits");

  channel = new_ready_channel (&peer);
  shrink_buffer (channel->fd);
  release_ipc_channel_set_max_queue_size (channel, 1);
  g_assert_true (release_ipc_channel_send_event_string (channel, text, NULL));
  g_assert_cmpuint (channel->writer.queued, >, 1);
  g_assert_false (release_ipc_channel_send_event_string (channel, "x", NULL));
  peer_expect (peer, RELEASE_IPC_KIND_EVENT, &body);
  g_assert_cmpstr (body, ==, text);
  close (peer);
  free_channel (channel);
}

static void
test_limits_stall (void)
{
  g_auto(Outcome) outcome = { 0 };
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  gint64 start;
  int peer;

  g_test_summary ("A peer that reads nothing while bytes wait for it is given up after the stall "
                  "timeout, without spinning until then");

  channel = new_ready_channel (&peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_set_stall_timeout (channel, 40);
  release_ipc_channel_call_string_async (channel, "x", -1, NULL, outcome_cb, &outcome);
  start = g_get_monotonic_time ();
  fill (channel);
  g_assert_cmpuint (count_iterations (20), <=, 1);
  wait_until (closed.n > 0);
  g_assert_error (closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_STALLED);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 40 * 1000);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_STALLED);
  settle ();
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_limits_no_hello (void)
{
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A peer that never says hello may live as long as nothing waits for it; then the "
                  "error says what to look at");

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_set_stall_timeout (channel, 20);
  release_ipc_channel_start (channel);
  count_iterations (60);
  g_assert_cmpuint (closed.n, ==, 0);

  g_assert_true (release_ipc_channel_send_event_string (channel, "x", NULL));
  wait_until (closed.n > 0);
  g_assert_error (closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_STALLED);
  g_assert_nonnull (strstr (closed.reason->message, "set the framing"));
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_limits_no_stall (void)
{
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  gint64 end;
  int peer;

  g_test_summary ("A peer that reads little by little is not given up, nor one for whom nothing "
                  "waits any more");

  channel = new_ready_channel (&peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  shrink_buffer (channel->fd);
  release_ipc_channel_set_stall_timeout (channel, 400);
  fill (channel);
  end = g_get_monotonic_time () + 1000 * 1000;
  while (g_get_monotonic_time () < end)
    {
      char chunk[2000];

      count_iterations (5);
      if (recv (peer, chunk, sizeof chunk, MSG_DONTWAIT) < 0)
        g_assert_cmpint (errno, ==, EAGAIN);
      g_assert_cmpuint (closed.n, ==, 0);
      if (channel->writer.queued == 0 && end - g_get_monotonic_time () > 500 * 1000)
        fill (channel);
    }
  close (peer);
  free_channel (channel);
}

static void
test_limits_pauses (void)
{
  ReleaseIpcChannel *channel;
  gsize before;
  guint8 request[17] = { 0, 0, 0, 13, RELEASE_IPC_KIND_REQUEST };
  guint n_sent = 0;
  int peer;

  g_test_summary ("A channel that pauses reads no more requests while the peer does not read the "
                  "answers, does not spin, and goes on when the peer does");

  channel = new_ready_channel (&peer);
  shrink_buffer (channel->fd);
  release_ipc_channel_set_pauses (channel, TRUE);
  release_ipc_channel_set_max_queue_size (channel, 10000);
  /* The other limit is out of the way: this peer counts what it has read as answered. */
  channel->max_in_flight = 65536;
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  /* Until the socket is full: then the channel has stopped reading. */
  for (guint n_idle = 0; n_idle < 3;)
    {
      request[10] = (n_sent + 1) >> 8;
      request[11] = (n_sent + 1) & 0xff;
      if (send (peer, request, sizeof request, MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof request)
        {
          n_sent++;
          n_idle = 0;
          settle ();
        }
      else
        {
          settle ();
          n_idle++;
        }
      g_assert_cmpuint (n_sent, <, 65000);
    }
  before = channel->writer.queued;
  g_assert_cmpuint (before, >, 5000);
  g_assert_cmpuint (before, <, 5000 + 2 * 64 * 1024);
  g_assert_cmpuint (count_iterations (20), ==, 0);

  for (guint i = 1; i <= n_sent; i++)
    g_assert_cmpuint (peer_expect (peer, RELEASE_IPC_KIND_RESPONSE, NULL), ==, i);
  close (peer);
  free_channel (channel);
}

static void
count_cb (ReleaseIpcChannel *channel,
          gconstpointer      data,
          gsize              length,
          const GError      *error,
          gpointer           user_data)
{
  guint *n = user_data;

  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, LARGE_BYTES);
  (*n)++;
}

static void
test_limits_flood (gconstpointer user_data)
{
  gboolean is_small = GPOINTER_TO_INT (user_data);
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
  g_autofree guint8 *data = g_malloc0 (LARGE_BYTES);
  guint n_there = 0, n_back = 0;

  g_test_summary ("Two peers that flood each other both get all their answers, though one of them "
                  "pauses, and though the socket takes little at a time");

  if (is_small)
    {
      shrink_buffer (pair.asker->fd);
      shrink_buffer (pair.server->fd);
    }
  release_ipc_channel_set_stall_timeout (pair.asker, -1);
  release_ipc_channel_set_stall_timeout (pair.server, -1);
  release_ipc_channel_set_pauses (pair.asker, TRUE);
  release_ipc_channel_serve (pair.asker, echo_cb, NULL, NULL);
  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  for (guint i = 0; i < N_FLOOD; i++)
    {
      release_ipc_channel_call_data (pair.asker, data, LARGE_BYTES, -1, NULL, count_cb, &n_there);
      release_ipc_channel_call_data (pair.server, data, LARGE_BYTES, -1, NULL, count_cb, &n_back);
    }
  release_ipc_channel_set_max_queue_size (pair.asker, LARGE_BYTES);
  wait_until (n_there == N_FLOOD && n_back == N_FLOOD);
  free_pair (&pair);
}

static void
test_limits_frame_timeout (void)
{
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A frame that is not complete in time ends the channel");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_set_frame_timeout (channel, 20);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  count_iterations (40);
  g_assert_cmpuint (closed.n, ==, 0);
  peer_send_bytes (peer, "\0", 1);
  wait_until (closed.n > 0);
  g_assert_error (closed.reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  settle ();
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_limits_frame_timeout_each (void)
{
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  gint64 end = g_get_monotonic_time () + 400 * 1000;
  int peer;

  g_test_summary ("The time is counted for each frame anew, also where a read always ends in the "
                  "middle of one");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_set_frame_timeout (channel, 150);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  peer_send_bytes (peer, "\0", 1);
  while (g_get_monotonic_time () < end)
    {
      count_iterations (5);
      peer_send_bytes (peer, "\0\0\1x\0", 5);
      peer_expect_text (peer, "x");
      g_assert_cmpuint (closed.n, ==, 0);
    }
  close (peer);
  free_channel (channel);
}

static void
test_limits_idle (gconstpointer user_data)
{
  Pair pair = new_pair (GPOINTER_TO_INT (user_data), NULL);
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(GPtrArray) invocations = new_invocations ();

  g_test_summary ("A channel on which nothing happens wakes nobody, idle or with a request open");

  release_ipc_channel_serve (pair.server, keep_cb, invocations, NULL);
  release_ipc_channel_call_string_async (pair.asker, "x", 60000, NULL, outcome_cb, &outcome);
  wait_until (invocations->len == 1);
  settle ();
  g_assert_cmpuint (count_iterations (20), ==, 0);
  g_assert_false (release_ipc_channel_is_idle (pair.asker));
  g_assert_false (release_ipc_channel_is_idle (pair.server));
  answer_at (invocations, 0, "y");
  wait_until (outcome.n > 0);
  settle ();
  g_assert_cmpuint (count_iterations (20), ==, 0);
  g_assert_true (release_ipc_channel_is_idle (pair.asker));
  g_assert_true (release_ipc_channel_is_idle (pair.server));
  g_ptr_array_set_size (invocations, 0);
  free_pair (&pair);
}

static void
event_cb (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          gpointer           user_data)
{
  guint *n = user_data;

  (*n)++;
}

static void
test_limits_peer_died (void)
{
  g_auto(Outcome) answered = { 0 };
  g_auto(Outcome) open = { 0 };
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  guint n_events = 0;
  int peer;

  g_test_summary ("When the peer's process is dead what it had sent still counts, its other calls "
                  "end, and the channel closes, though another process holds the socket open");

  channel = new_ready_channel (&peer);
  g_signal_connect (channel, "event", G_CALLBACK (event_cb), &n_events);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_call_string_async (channel, "x", -1, NULL, outcome_cb, &answered);
  release_ipc_channel_call_string_async (channel, "x", -1, NULL, outcome_cb, &open);
  for (guint i = 0; i < 500; i++)
    peer_send_message (peer, RELEASE_IPC_KIND_EVENT, 0, "x");
  peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 1, "last words");
  release_ipc_channel_peer_died (channel);
  g_assert_cmpuint (n_events, ==, 500);
  g_assert_cmpuint (closed.n, ==, 1);
  g_assert_error (closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  release_ipc_channel_peer_died (channel);
  wait_until (open.n > 0 && answered.n > 0);
  g_assert_cmpstr (answered.text, ==, "last words");
  g_assert_error (open.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  settle ();
  close (peer);
  g_assert_finalize_object (channel);
}

static gpointer
flood_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  guint8 frames[16 * 64] = { 0 };

  for (guint i = 0; i < 64; i++)
    {
      frames[16 * i + 3] = 12;
      frames[16 * i + 4] = RELEASE_IPC_KIND_EVENT;
    }
  while (send (fd, frames, sizeof frames, MSG_NOSIGNAL) > 0)
    ;

  return NULL;
}

static void
test_limits_peer_died_flood (void)
{
  ReleaseIpcChannel *channel;
  GThread *thread;
  int peer;

  g_test_summary ("Last words without end, from whoever still holds the socket, come to one");

  channel = new_ready_channel (&peer);
  thread = g_thread_new ("flood", flood_thread, GINT_TO_POINTER (peer));
  release_ipc_channel_peer_died (channel);
  g_assert_true (release_ipc_channel_is_closed (channel));
  g_thread_join (thread);
  settle ();
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_limits_fair (void)
{
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  GThread *thread;
  int peer;

  g_test_summary ("A peer that floods does not keep another channel, or a timer, from its turn");

  channel = new_ready_channel (&peer);
  thread = g_thread_new ("flood", flood_thread, GINT_TO_POINTER (peer));
  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  for (guint i = 1; i <= 200; i++)
    {
      release_ipc_channel_call_string_async (pair.asker, "x", -1, NULL, outcome_cb, &outcome);
      wait_until (outcome.n == i);
      g_assert_cmpstr (outcome.text, ==, "x");
    }
  release_ipc_channel_call_string_async (channel, "x", 5, NULL, outcome_cb, &outcome);
  wait_until (outcome.n == 201);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  release_ipc_channel_close (channel);
  g_thread_join (thread);
  close (peer);
  free_channel (channel);
  free_pair (&pair);
}

static void
test_limits_descriptors (void)
{
  guint before;

  g_test_summary ("A channel that has ended leaves no descriptor behind, however it ended");

  /* One stays, for the wake-ups of the main context. */
  count_iterations (1);
  before = count_fds ();
  for (guint i = 0; i < 40; i++)
    {
      ReleaseIpcChannel *channel;
      int peer;

      channel = new_channel (i % 2, NULL, &peer);
      if (i % 4 != 0)
        release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
      settle ();
      if (i % 3 == 0)
        close (peer);
      settle ();
      if (i % 5 == 0)
        release_ipc_channel_peer_died (channel);
      settle ();
      g_assert_finalize_object (channel);
      if (i % 3 != 0)
        close (peer);
    }
  g_assert_cmpuint (count_fds (), ==, before);
}

static void
test_limits_patience (void)
{
  g_autofree guint8 *frame = g_malloc0 (RELEASE_IPC_LENGTH_SIZE + LARGE_BYTES);
  gsize frame_size = RELEASE_IPC_LENGTH_SIZE + LARGE_BYTES;
  ReleaseIpcChannel *channel;
  gsize most = 0;
  int peer;

  g_test_summary ("While large answers wait for the peer, more requests are read slowly, but they "
                  "are: a peer that sends all before it reads gets all its answers");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  release_ipc_length_pack (LARGE_BYTES, frame);
  for (guint i = 0; i < N_ECHOED; i++)
    {
      frame[RELEASE_IPC_LENGTH_SIZE] = i;
      peer_send_bytes (peer, frame, frame_size);
      most = MAX (most, channel->writer.queued);
    }
  /* It really was backed up, and did wait. */
  g_assert_cmpuint (most, >, 64 * 1024);
  g_assert_true (channel->owes);

  for (guint i = 0; i < N_ECHOED; i++)
    {
      gsize length = 0;
      g_autofree char *payload = peer_read (peer, &length);

      g_assert_cmpuint (length, ==, LARGE_BYTES);
      g_assert_cmpuint ((guint8) payload[0], ==, i);
    }
  settle ();
  g_assert_cmpuint (channel->writer.queued, ==, 0);
  g_assert_false (channel->owes);
  g_assert_false (release_io_timer_is_armed (&channel->patience_timer));

  close (peer);
  free_channel (channel);
}

static void
test_limits_both_flood (void)
{
  g_autofree char *text = g_strnfill (LARGE_BYTES, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (text, LARGE_BYTES);
  g_auto(Outcome) outcome = { 0 };
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
  const guint n = 64;

  g_test_summary ("Two that flood each other with large requests both get all their answers");

  release_ipc_channel_serve (pair.asker, echo_cb, NULL, NULL);
  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  for (guint i = 0; i < n; i++)
    {
      release_ipc_channel_call_bytes_func (pair.asker, bytes, -1, NULL, outcome_data_cb, &outcome);
      release_ipc_channel_call_bytes_func (pair.server, bytes, -1, NULL, outcome_data_cb, &outcome);
    }
  wait_until (outcome.n == 2 * n);
  g_assert_no_error (outcome.error);
  free_pair (&pair);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/limits/queue", test_limits_queue);
  g_test_add_func ("/limits/budget", test_limits_budget);
  g_test_add_func ("/limits/one-always", test_limits_one_always);
  g_test_add_func ("/limits/stall", test_limits_stall);
  g_test_add_func ("/limits/no-hello", test_limits_no_hello);
  g_test_add_func ("/limits/no-stall", test_limits_no_stall);
  g_test_add_func ("/limits/pauses", test_limits_pauses);
  g_test_add_data_func ("/limits/flood/large-buffer", GINT_TO_POINTER (FALSE), test_limits_flood);
  g_test_add_data_func ("/limits/flood/small-buffer", GINT_TO_POINTER (TRUE), test_limits_flood);
  g_test_add_func ("/limits/frame-timeout", test_limits_frame_timeout);
  g_test_add_func ("/limits/frame-timeout-each", test_limits_frame_timeout_each);
  g_test_add_data_func ("/limits/idle/plain", GINT_TO_POINTER (RELEASE_IPC_FRAMING_PLAIN),
                        test_limits_idle);
  g_test_add_data_func ("/limits/idle/multiplexed",
                        GINT_TO_POINTER (RELEASE_IPC_FRAMING_MULTIPLEXED), test_limits_idle);
  g_test_add_func ("/limits/peer-died", test_limits_peer_died);
  g_test_add_func ("/limits/peer-died-flood", test_limits_peer_died_flood);
  g_test_add_func ("/limits/fair", test_limits_fair);
  g_test_add_func ("/limits/descriptors", test_limits_descriptors);

  g_test_add_func ("/limits/patience", test_limits_patience);
  g_test_add_func ("/limits/both-flood", test_limits_both_flood);

  return g_test_run ();
}
