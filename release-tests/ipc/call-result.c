/* release-tests/ipc/call-result.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the callback of an asynchronous call is given: a GAsyncResult that can be kept, finished
 * later and in any thread, although the channel uses it again when nobody has it any more.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define N_CALLS 5
#define N_ROUNDS 50

static ReleaseIpcChannel *
new_asker (int *peer)
{
  return new_channel (RELEASE_IPC_FRAMING_PLAIN, release_ipc_string_codec_get_default (), peer);
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_ptr_array_add (user_data, g_object_ref (result));
}

static char *
finish (ReleaseIpcChannel *channel,
        GAsyncResult      *result)
{
  g_autoptr(GError) error = NULL;
  char *text = release_ipc_channel_call_string_finish (channel, result, &error);

  g_assert_no_error (error);
  return text;
}

static void
test_call_result_later (void)
{
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Results that are kept are finished after their callbacks, in any order, each "
                  "with its own answer");

  channel = new_asker (&peer);
  for (guint i = 0; i < N_CALLS; i++)
    release_ipc_channel_call_string_async (channel, "ask", -1, NULL, keep_result_cb, results);
  /* All arrive with one read. */
  peer_send_bytes (peer, "\0\0\0\1" "0" "\0\0\0\1" "1" "\0\0\0\1" "2" "\0\0\0\1" "3"
                         "\0\0\0\1" "4", N_CALLS * 5);
  wait_until (results->len == N_CALLS);
  settle ();

  for (guint i = N_CALLS; i-- > 0;)
    {
      g_autofree char *text = finish (channel, g_ptr_array_index (results, i));
      char expected[] = { '0' + i, '\0' };

      g_assert_cmpstr (text, ==, expected);
    }
  g_ptr_array_set_size (results, 0);
  close (peer);
  free_channel (channel);
}

static gpointer
finish_in_thread (gpointer user_data)
{
  g_autoptr(GAsyncResult) result = user_data;
  g_autoptr(GObject) source = g_async_result_get_source_object (result);

  return finish (RELEASE_IPC_CHANNEL (source), result);
}

static void
test_call_result_thread (void)
{
  g_autoptr(GPtrArray) results = g_ptr_array_new ();
  g_autofree char *text = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A result can be finished, and let go, in another thread");

  channel = new_asker (&peer);
  release_ipc_channel_call_string_async (channel, "ask", -1, NULL, keep_result_cb, results);
  peer_send_text (peer, "answer");
  wait_until (results->len == 1);

  text = g_thread_join (g_thread_new ("finish", finish_in_thread, g_ptr_array_index (results, 0)));
  g_assert_cmpstr (text, ==, "answer");
  close (peer);
  free_channel (channel);
}

static void
hand_over_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_ptr_array_add (user_data, g_thread_new ("finish", finish_in_thread, g_object_ref (result)));
}

static void
test_call_result_hand_over (void)
{
  g_autoptr(GPtrArray) threads = g_ptr_array_new ();
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A callback can hand its result to a thread that finishes it at the same time");

  channel = new_asker (&peer);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      for (guint j = 0; j < N_CALLS; j++)
        release_ipc_channel_call_string_async (channel, "ask", -1, NULL, hand_over_cb, threads);
      peer_send_bytes (peer, "\0\0\0\1" "0" "\0\0\0\1" "1" "\0\0\0\1" "2" "\0\0\0\1" "3"
                             "\0\0\0\1" "4", N_CALLS * 5);
      wait_until (threads->len == N_CALLS);
      for (guint j = 0; j < N_CALLS; j++)
        {
          g_autofree char *text = g_thread_join (g_ptr_array_index (threads, j));

          g_assert_cmpint (text[0], ==, '0' + j);
        }
      g_ptr_array_set_size (threads, 0);
    }
  close (peer);
  free_channel (channel);
}

typedef struct
{
  GAsyncResult *weak;
  GAsyncResult *held;
  gboolean      is_held;
  guint         n;
} Holder;

static void
hold_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Holder *holder = user_data;
  g_autofree char *text = finish (RELEASE_IPC_CHANNEL (source), result);

  holder->n++;
  if (holder->is_held)
    holder->held = g_object_ref (result);
  else if (holder->weak == NULL)
    g_set_weak_pointer (&holder->weak, result);
}

static void
hold_one (ReleaseIpcChannel *channel,
          int                peer,
          Holder            *holder)
{
  guint before = holder->n;

  release_ipc_channel_call_string_async (channel, "ask", -1, NULL, hold_cb, holder);
  peer_send_text (peer, "answer");
  wait_until (holder->n > before);
}

static void
test_call_result_own (void)
{
  Holder weak = { NULL };
  Holder first = { .is_held = TRUE };
  Holder second = { .is_held = TRUE };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A result that somebody has, or has a weak reference to, serves no other call");

  channel = new_asker (&peer);
  hold_one (channel, peer, &weak);
  g_assert_null (weak.weak);

  hold_one (channel, peer, &first);
  hold_one (channel, peer, &second);
  g_assert_true (first.held != second.held);
  g_assert_true (g_async_result_get_user_data (first.held) == &first);
  g_assert_true (g_async_result_get_user_data (second.held) == &second);
  g_object_unref (first.held);
  g_object_unref (second.held);
  close (peer);
  free_channel (channel);
}

static void
look_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GObject) asked = g_async_result_get_source_object (result);
  g_autoptr(GError) error = NULL;

  g_assert_true (asked == source);
  g_assert_true (g_async_result_get_user_data (result) == user_data);
  g_assert_true (g_async_result_is_tagged (result, release_ipc_channel_call_string_async));
  g_assert_false (g_async_result_is_tagged (result, release_ipc_channel_call_bytes_async));
  g_assert_false (g_async_result_legacy_propagate_error (result, &error));
  g_free (finish (RELEASE_IPC_CHANNEL (source), result));
  g_main_loop_quit (user_data);
}

static void
test_call_result_interface (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("The result knows who was asked, with what data and by which function");

  channel = new_asker (&peer);
  release_ipc_channel_call_string_async (channel, "ask", -1, NULL, look_cb, loop);
  peer_send_text (peer, "answer");
  g_main_loop_run (loop);
  close (peer);
  free_channel (channel);
}

static void
test_call_result_misused (void)
{
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(ReleaseIpcChannel) other = NULL;
  ReleaseIpcChannel *channel;
  int peer, other_peer;

  g_test_summary ("A result is finished once, by the function of its call, on its channel");

  channel = new_asker (&peer);
  other = new_asker (&other_peer);
  release_ipc_channel_call_string_async (channel, "ask", -1, NULL, keep_result_cb, results);
  peer_send_text (peer, "answer");
  wait_until (results->len == 1);

  g_test_expect_message ("Release", G_LOG_LEVEL_CRITICAL, "*tag*");
  g_assert_null (release_ipc_channel_call_bytes_finish (channel, g_ptr_array_index (results, 0),
                                                        NULL));
  g_test_expect_message ("Release", G_LOG_LEVEL_CRITICAL, "*channel*");
  g_assert_null (release_ipc_channel_call_string_finish (other, g_ptr_array_index (results, 0),
                                                         NULL));
  g_free (finish (channel, g_ptr_array_index (results, 0)));
  g_test_expect_message ("Release", G_LOG_LEVEL_CRITICAL, "*is_finished*");
  g_assert_null (release_ipc_channel_call_string_finish (channel, g_ptr_array_index (results, 0),
                                                         NULL));
  g_test_assert_expected_messages ();

  g_ptr_array_set_size (results, 0);
  close (peer);
  close (other_peer);
  release_ipc_channel_close (other);
  free_channel (channel);
}

static void
test_call_result_close (void)
{
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Whoever closes the channel outside of the main loop is not called back from "
                  "within, but by the main loop");

  channel = new_asker (&peer);
  release_ipc_channel_call_string_async (channel, "ask", -1, NULL, outcome_cb, &outcome);
  settle ();
  release_ipc_channel_close (channel);
  g_assert_cmpuint (outcome.n, ==, 0);
  wait_until (outcome.n == 1);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  close (peer);
  free_channel (channel);
}

typedef struct
{
  Outcome  first;
  Outcome  second;
  guint    n_within;    /* calls that had ended when close () returned */
} Closing;

static void
ask_and_close_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  ReleaseIpcChannel *channel = RELEASE_IPC_CHANNEL (source);
  Closing *closing = user_data;

  outcome_cb (source, result, &closing->first);
  release_ipc_channel_call_string_async (channel, "again", -1, NULL, outcome_cb, &closing->second);
  release_ipc_channel_close (channel);
  closing->n_within = closing->second.n;
}

static void
test_call_result_ask_and_close (void)
{
  Closing closing = { { 0 } };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Whoever asks in a callback and closes the channel at once is called back after "
                  "that callback");

  channel = new_asker (&peer);
  release_ipc_channel_call_string_async (channel, "ask", -1, NULL, ask_and_close_cb, &closing);
  peer_send_text (peer, "answer");
  wait_until (closing.second.n == 1);
  g_assert_cmpstr (closing.first.text, ==, "answer");
  g_assert_cmpuint (closing.n_within, ==, 0);
  g_assert_error (closing.second.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  outcome_clear (&closing.first);
  outcome_clear (&closing.second);
  close (peer);
  free_channel (channel);
}

typedef struct
{
  ReleaseIpcChannel *channel;
  GString           *order;    /* an a for the end of the call, a c for that of the channel */
} Order;

static void
note_answer_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Order *order = user_data;
  g_autofree char *text = NULL;

  text = release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (source), result, NULL);
  g_assert_null (text);
  g_string_append_c (order->order, 'a');
}

static void
note_closed_cb (ReleaseIpcChannel *channel,
                const GError      *reason,
                gpointer           user_data)
{
  Order *order = user_data;

  g_string_append_c (order->order, 'c');
}

static gboolean
ask_source_cb (gpointer user_data)
{
  Order *order = user_data;

  release_ipc_channel_call_string_async (order->channel, "ask", -1, NULL, note_answer_cb, order);
  return G_SOURCE_REMOVE;
}

static gboolean
close_source_cb (gpointer user_data)
{
  Order *order = user_data;

  release_ipc_channel_close (order->channel);
  return G_SOURCE_REMOVE;
}

static void
test_call_result_order (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  Order order = { .order = text };
  int peer;

  g_test_summary ("In a later iteration than that of the call its callback runs before the channel "
                  "says that it is closed, whoever closes it");

  order.channel = new_asker (&peer);
  g_signal_connect (order.channel, "closed", G_CALLBACK (note_closed_cb), &order);
  release_ipc_channel_start (order.channel);
  settle ();
  g_idle_add (ask_source_cb, &order);
  settle ();
  g_idle_add (close_source_cb, &order);
  wait_until (text->len == 2);
  g_assert_cmpstr (text->str, ==, "ac");
  close (peer);
  free_channel (order.channel);
}

static void
test_call_result_no_callback (void)
{
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A call without a callback is answered, and fails, without a trace");

  channel = new_asker (&peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_call_string_async (channel, "one", -1, NULL, NULL, NULL);
  release_ipc_channel_call_string_async (channel, "two", -1, NULL, NULL, NULL);
  peer_send_text (peer, "answer");
  peer_expect_text (peer, "one");
  peer_expect_text (peer, "two");
  close (peer);
  wait_until (closed.n == 1);
  release_ipc_channel_call_string_async (channel, "three", -1, NULL, NULL, NULL);
  free_channel (channel);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/call-result/later", test_call_result_later);
  g_test_add_func ("/call-result/thread", test_call_result_thread);
  g_test_add_func ("/call-result/hand-over", test_call_result_hand_over);
  g_test_add_func ("/call-result/own", test_call_result_own);
  g_test_add_func ("/call-result/interface", test_call_result_interface);
  g_test_add_func ("/call-result/misused", test_call_result_misused);
  g_test_add_func ("/call-result/close", test_call_result_close);
  g_test_add_func ("/call-result/ask-and-close", test_call_result_ask_and_close);
  g_test_add_func ("/call-result/order", test_call_result_order);
  g_test_add_func ("/call-result/no-callback", test_call_result_no_callback);

  return g_test_run ();
}
