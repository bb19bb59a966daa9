/* release-tests/ipc/cancel.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define N_CALLS 50
#define N_ROUNDS 300

static ReleaseIpcChannel *
new_ready_channel (int *peer)
{
  ReleaseIpcChannel *channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, peer);

  peer_send_hello (*peer);
  return channel;
}

static void
test_cancel_before (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Outcome) task = { 0 };
  g_auto(Outcome) lean = { 0 };
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A call that is cancelled before it is made ends with CANCELLED, sends nothing, "
                  "and ends after the function that made it");

  channel = new_ready_channel (&peer);
  g_cancellable_cancel (cancellable);
  g_assert_null (release_ipc_channel_call_string (channel, "one", -1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  release_ipc_channel_call_string_async (channel, "one", -1, cancellable, outcome_cb, &task);
  release_ipc_channel_call_data (channel, "one", 3, -1, cancellable, outcome_data_cb, &lean);
  g_assert_cmpuint (task.n + lean.n, ==, 0);
  wait_until (task.n > 0 && lean.n > 0);
  g_assert_error (task.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (lean.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  free_channel (channel);

  peer_expect (peer, RELEASE_IPC_KIND_HELLO, NULL);
  peer_expect_eof (peer);
  close (peer);
  g_assert_finalize_object (g_steal_pointer (&cancellable));
}

static void
test_cancel_during (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  g_auto(Outcome) first = { 0 };
  g_auto(Outcome) second = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A call that is cancelled ends once, with CANCELLED; the peer is told, and its "
                  "answer is dropped; a call without the cancellable goes on");

  channel = new_ready_channel (&peer);
  release_ipc_channel_call_string_async (channel, "one", 60000, cancellable, outcome_cb, &first);
  release_ipc_channel_call_string_async (channel, "two", 60000, NULL, outcome_cb, &second);
  peer_expect (peer, RELEASE_IPC_KIND_HELLO, NULL);
  g_assert_cmpuint (peer_expect (peer, RELEASE_IPC_KIND_REQUEST, NULL), ==, 1);
  g_assert_cmpuint (peer_expect (peer, RELEASE_IPC_KIND_REQUEST, NULL), ==, 2);

  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (first.n, ==, 0);
  wait_until (first.n > 0);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (peer_expect (peer, RELEASE_IPC_KIND_CANCEL, NULL), ==, 1);

  peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 1, "late");
  peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 2, "good");
  wait_until (second.n > 0);
  g_assert_cmpstr (second.text, ==, "good");
  g_assert_cmpuint (first.n, ==, 1);
  g_assert_cmpuint (channel->outgoing.n_used, ==, 0);

  free_channel (channel);
  close (peer);
  g_assert_finalize_object (cancellable);
}

static void
test_cancel_after (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("To cancel what has ended does nothing, with the channel open or gone");

  channel = new_ready_channel (&peer);
  release_ipc_channel_call_string_async (channel, "one", -1, cancellable, outcome_cb, &outcome);
  peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 1, "eins");
  wait_until (outcome.n > 0);
  g_assert_cmpstr (outcome.text, ==, "eins");
  g_cancellable_cancel (cancellable);
  settle ();
  g_assert_cmpuint (outcome.n, ==, 1);

  g_cancellable_reset (cancellable);
  free_channel (channel);
  g_cancellable_cancel (cancellable);
  settle ();
  close (peer);
  g_assert_finalize_object (cancellable);
}

static void
test_cancel_many (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  Outcome outcomes[N_CALLS] = { { 0 } };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("One cancellable ends all calls that it was given to, with one handler");

  channel = new_ready_channel (&peer);
  for (guint i = 0; i < N_CALLS; i++)
    release_ipc_channel_call_string_async (channel, "one", 60000, cancellable, outcome_cb,
                                           &outcomes[i]);
  g_assert_cmpuint (channel->hooks.length, ==, 1);
  g_cancellable_cancel (cancellable);
  wait_until (outcomes[N_CALLS - 1].n > 0);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_assert_cmpuint (outcomes[i].n, ==, 1);
      g_assert_error (outcomes[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      outcome_clear (&outcomes[i]);
    }

  free_channel (channel);
  close (peer);
  g_assert_finalize_object (cancellable);
}

static void
test_cancel_distinct (void)
{
  GCancellable *cancellables[N_CALLS];
  Outcome outcomes[N_CALLS] = { { 0 } };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Calls with a cancellable each end one by one; nothing is left of those that "
                  "nobody needs any more");

  channel = new_ready_channel (&peer);
  for (guint i = 0; i < N_CALLS; i++)
    {
      cancellables[i] = g_cancellable_new ();
      release_ipc_channel_call_string_async (channel, "one", -1, cancellables[i], outcome_cb,
                                             &outcomes[i]);
    }
  for (guint i = 0; i < N_CALLS; i++)
    {
      guint at = (i * 7) % N_CALLS;

      g_cancellable_cancel (cancellables[at]);
      wait_until (outcomes[at].n > 0);
      g_assert_error (outcomes[at].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      if (i + 1 < N_CALLS)
        g_assert_cmpuint (outcomes[((i + 1) * 7) % N_CALLS].n, ==, 0);
      outcome_clear (&outcomes[at]);
    }
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autoptr(GCancellable) next = g_cancellable_new ();

      release_ipc_channel_call_string_async (channel, "one", 0, next, outcome_cb, &outcomes[i]);
      wait_until (outcomes[i].n > 0);
      g_assert_cmpuint (channel->hooks.length, ==, 1);
      outcome_clear (&outcomes[i]);
    }

  free_channel (channel);
  close (peer);
  for (guint i = 0; i < N_CALLS; i++)
    g_assert_finalize_object (cancellables[i]);
}

static gpointer
cancel_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_from_thread (void)
{
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A call is cancelled from another thread while the main loop waits");

  channel = new_ready_channel (&peer);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_auto(Outcome) outcome = { 0 };
      GThread *thread;

      release_ipc_channel_call_string_async (channel, "one", -1, cancellable, outcome_cb, &outcome);
      thread = g_thread_new ("cancel", cancel_thread, cancellable);
      wait_until (outcome.n > 0);
      g_thread_join (thread);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, i + 1, "late");
      settle ();
      g_assert_cmpuint (outcome.n, ==, 1);
    }
  free_channel (channel);
  close (peer);
}

static void
test_cancel_races_answer (void)
{
  ReleaseIpcChannel *channel;
  guint n_cancelled = 0;
  int peer;

  g_test_summary ("Cancelled from another thread while the answer arrives a call still ends once");

  channel = new_ready_channel (&peer);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_auto(Outcome) outcome = { 0 };
      GThread *thread;

      release_ipc_channel_call_string_async (channel, "one", -1, cancellable, outcome_cb, &outcome);
      thread = g_thread_new ("cancel", cancel_thread, cancellable);
      /* So that now the one, now the other is first. */
      if (i % 2 == 0)
        g_usleep (i % 100);
      peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, i + 1, "answer");
      wait_until (outcome.n > 0);
      g_thread_join (thread);
      settle ();
      g_assert_cmpuint (outcome.n, ==, 1);
      if (outcome.error != NULL)
        {
          g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n_cancelled++;
        }
    }
  g_test_message ("%u of %u were cancelled", n_cancelled, N_ROUNDS);
  free_channel (channel);
  close (peer);
}

static void
test_cancel_races_close (void)
{
  g_test_summary ("Cancelled from another thread while the channel ends a call still ends once");

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_auto(Outcome) outcome = { 0 };
      ReleaseIpcChannel *channel;
      GThread *thread;
      int peer;

      channel = new_ready_channel (&peer);
      release_ipc_channel_call_string_async (channel, "one", -1, cancellable, outcome_cb, &outcome);
      settle ();
      thread = g_thread_new ("cancel", cancel_thread, cancellable);
      if (i % 2 == 0)
        g_thread_yield ();
      free_channel (channel);
      g_assert_cmpuint (outcome.n, ==, 1);
      g_assert_nonnull (outcome.error);
      g_thread_join (thread);
      close (peer);
    }
}

static gpointer
cancel_later_thread (gpointer data)
{
  g_usleep (5000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_sync (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  ReleaseIpcChannel *channel;
  GThread *thread;
  int peer;

  g_test_summary ("A synchronous call is cancelled from another thread; the next is not disturbed");

  channel = new_ready_channel (&peer);
  thread = g_thread_new ("cancel", cancel_later_thread, cancellable);
  g_assert_null (release_ipc_channel_call_string (channel, "one", -1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_clear_error (&error);

  peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 1, "late");
  peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 2, "zwei");
  text = release_ipc_channel_call_string (channel, "two", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "zwei");
  free_channel (channel);
  close (peer);
  g_assert_finalize_object (g_steal_pointer (&cancellable));
}

static void
cancel_again_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  gpointer *both = user_data;

  outcome_cb (source, result, both[1]);
  g_cancellable_cancel (both[0]);
  release_ipc_channel_close (RELEASE_IPC_CHANNEL (source));
}

static void
test_cancel_in_callback (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_auto(Outcome) first = { 0 };
  g_auto(Outcome) second = { 0 };
  gpointer both[] = { cancellable, &first };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A callback that cancels another call and closes the channel ends that call "
                  "once");

  channel = new_ready_channel (&peer);
  release_ipc_channel_call_string_async (channel, "one", -1, NULL, cancel_again_cb, both);
  release_ipc_channel_call_string_async (channel, "two", -1, cancellable, outcome_cb, &second);
  peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 1, "eins");
  wait_until (second.n > 0);
  settle ();
  g_assert_cmpstr (first.text, ==, "eins");
  g_assert_cmpuint (second.n, ==, 1);
  g_assert_error (second.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  g_assert_finalize_object (channel);
  close (peer);
}

typedef struct
{
  guint     n;
  gboolean  is_nested;    /* whether the first waits for the second */
} Nested;

static void
wait_for_next_cb (ReleaseIpcChannel *channel,
                  gconstpointer      data,
                  gsize              length,
                  const GError      *error,
                  gpointer           user_data)
{
  Nested *nested = user_data;

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (nested->n++ == 0)
    {
      wait_until (nested->n == 2);
      nested->is_nested = TRUE;
    }
}

static void
test_cancel_nested (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Nested nested = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A callback of a cancelled call may run a main loop until the next one is told");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  for (guint i = 0; i < 2; i++)
    release_ipc_channel_call_data (channel, "x", 1, -1, cancellable, wait_for_next_cb, &nested);
  g_cancellable_cancel (cancellable);
  wait_until (nested.is_nested);
  g_assert_cmpuint (nested.n, ==, 2);
  close (peer);
  free_channel (channel);
}

static void
test_cancel_plain (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  g_auto(Outcome) first = { 0 };
  g_auto(Outcome) second = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("On a plain channel nothing is said to the peer, and the late answer is dropped");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_call_string_async (channel, "one", -1, cancellable, outcome_cb, &first);
  release_ipc_channel_call_string_async (channel, "two", -1, NULL, outcome_cb, &second);
  g_cancellable_cancel (cancellable);
  wait_until (first.n > 0);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  peer_expect_text (peer, "one");
  peer_expect_text (peer, "two");
  peer_send_text (peer, "eins");
  peer_send_text (peer, "zwei");
  wait_until (second.n > 0);
  g_assert_cmpstr (second.text, ==, "zwei");
  free_channel (channel);
  peer_expect_eof (peer);
  close (peer);
  g_assert_finalize_object (cancellable);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cancel/before", test_cancel_before);
  g_test_add_func ("/cancel/during", test_cancel_during);
  g_test_add_func ("/cancel/after", test_cancel_after);
  g_test_add_func ("/cancel/many", test_cancel_many);
  g_test_add_func ("/cancel/distinct", test_cancel_distinct);
  g_test_add_func ("/cancel/from-thread", test_cancel_from_thread);
  g_test_add_func ("/cancel/races-answer", test_cancel_races_answer);
  g_test_add_func ("/cancel/races-close", test_cancel_races_close);
  g_test_add_func ("/cancel/sync", test_cancel_sync);
  g_test_add_func ("/cancel/in-callback", test_cancel_in_callback);
  g_test_add_func ("/cancel/nested", test_cancel_nested);
  g_test_add_func ("/cancel/plain", test_cancel_plain);

  return g_test_run ();
}
