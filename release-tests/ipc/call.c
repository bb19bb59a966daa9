/* release-tests/ipc/call.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Calls as they end, in both framings.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define N_MANY 200
#define N_SYNC_CALLS 3000
#define LARGE_BYTES (1024 * 1024)

static void
add (const char    *path,
     GTestDataFunc  func)
{
  g_autofree char *plain = g_strconcat (path, "/plain", NULL);
  g_autofree char *multiplexed = g_strconcat (path, "/multiplexed", NULL);

  g_test_add_data_func (plain, GINT_TO_POINTER (RELEASE_IPC_FRAMING_PLAIN), func);
  g_test_add_data_func (multiplexed, GINT_TO_POINTER (RELEASE_IPC_FRAMING_MULTIPLEXED), func);
}

static gboolean
is_plain (gconstpointer framing)
{
  return GPOINTER_TO_INT (framing) == RELEASE_IPC_FRAMING_PLAIN;
}

/* The peer answers, in order or by serial. */
static void
answer (gconstpointer  framing,
        int            peer,
        guint32        serial,
        const char    *text)
{
  if (is_plain (framing))
    peer_send_text (peer, text);
  else
    peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, serial, text);
}

static void
expect_request (gconstpointer  framing,
                int            peer,
                guint32        serial,
                const char    *text)
{
  g_autofree char *body = NULL;

  if (is_plain (framing))
    {
      peer_expect_text (peer, text);
      return;
    }
  g_assert_cmpuint (peer_expect (peer, RELEASE_IPC_KIND_REQUEST, &body), ==, serial);
  g_assert_cmpstr (body, ==, text);
}

static ReleaseIpcChannel *
new_ready_channel (gconstpointer  framing,
                   int           *peer)
{
  ReleaseIpcChannel *channel = new_channel (GPOINTER_TO_INT (framing),
                                            release_ipc_string_codec_get_default (), peer);

  if (!is_plain (framing))
    peer_send_hello (*peer);
  return channel;
}

static void
expect_hello (gconstpointer framing,
              int           peer)
{
  if (!is_plain (framing))
    peer_expect (peer, RELEASE_IPC_KIND_HELLO, NULL);
}

static void
test_call_sync (gconstpointer framing)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GBytes) request = g_bytes_new ("two", 3);
  g_autoptr(GBytes) bytes = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) response = G_VALUE_INIT;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A synchronous call returns the answer, as text, bytes and value, without a main "
                  "loop");

  channel = new_ready_channel (framing, &peer);
  answer (framing, peer, 1, "eins");
  text = release_ipc_channel_call_string (channel, "one", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "eins");

  answer (framing, peer, 2, "zwei");
  bytes = release_ipc_channel_call_bytes (channel, request, 10000, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "zwei", 4);

  answer (framing, peer, 3, "drei");
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "three");
  g_assert_true (release_ipc_channel_call (channel, &value, &response, -1, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_value_get_string (&response), ==, "drei");
  g_assert_false (g_main_context_pending (NULL));

  expect_hello (framing, peer);
  expect_request (framing, peer, 1, "one");
  expect_request (framing, peer, 2, "two");
  expect_request (framing, peer, 3, "three");
  close (peer);
  free_channel (channel);
}

static void
value_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_auto(GValue) response = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  Outcome *outcome = user_data;

  g_assert_true (release_ipc_channel_call_finish (RELEASE_IPC_CHANNEL (source), result, &response,
                                                  &error));
  g_assert_no_error (error);
  outcome->n++;
  outcome->text = g_value_dup_string (&response);
}

static void
bytes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  Outcome *outcome = user_data;

  bytes = release_ipc_channel_call_bytes_finish (RELEASE_IPC_CHANNEL (source), result, &error);
  g_assert_no_error (error);
  outcome->n++;
  outcome->text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_call_async (gconstpointer framing)
{
  Outcome outcomes[4] = { { 0 } };
  g_autoptr(GBytes) request = g_bytes_new ("two", 3);
  g_auto(GValue) value = G_VALUE_INIT;
  Pair pair = new_pair (GPOINTER_TO_INT (framing), release_ipc_string_codec_get_default ());

  g_test_summary ("An asynchronous call returns the answer, as text, bytes, value and plain data, "
                  "and never before it was made");

  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "three");
  release_ipc_channel_call_string_async (pair.asker, "one", -1, NULL, outcome_cb, &outcomes[0]);
  release_ipc_channel_call_bytes_async (pair.asker, request, -1, NULL, bytes_cb, &outcomes[1]);
  release_ipc_channel_call_async (pair.asker, &value, -1, NULL, value_cb, &outcomes[2]);
  release_ipc_channel_call_data (pair.asker, "four", 4, -1, NULL, outcome_data_cb, &outcomes[3]);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (outcomes[i].n, ==, 0);
  wait_until (outcomes[3].n > 0);
  g_assert_cmpstr (outcomes[0].text, ==, "one");
  g_assert_cmpstr (outcomes[1].text, ==, "two");
  g_assert_cmpstr (outcomes[2].text, ==, "three");
  g_assert_cmpstr (outcomes[3].text, ==, "four");
  free_pair (&pair);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (outcomes[i].n, ==, 1);
      outcome_clear (&outcomes[i]);
    }
}

static void
test_call_empty (gconstpointer framing)
{
  g_auto(Outcome) outcome = { 0 };
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) response = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A message without bytes is a message: an empty text, not an end of file");

  channel = new_ready_channel (framing, &peer);
  answer (framing, peer, 1, "");
  text = release_ipc_channel_call_string (channel, "", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "");

  answer (framing, peer, 2, "");
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "");
  g_assert_true (release_ipc_channel_call (channel, &value, &response, -1, NULL, &error));
  g_assert_cmpstr (g_value_get_string (&response), ==, "");

  release_ipc_channel_call_string_async (channel, "", -1, NULL, outcome_cb, &outcome);
  answer (framing, peer, 3, "");
  wait_until (outcome.n > 0);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.text, ==, "");
  close (peer);
  free_channel (channel);
}

static void
test_call_many (gconstpointer framing)
{
  g_autofree Outcome *outcomes = g_new0 (Outcome, N_MANY);
  Pair pair = new_pair (GPOINTER_TO_INT (framing), NULL);

  g_test_summary ("Many calls at once each get their own answer");

  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  for (guint i = 0; i < N_MANY; i++)
    {
      g_autofree char *text = g_strdup_printf ("request %u", i);

      release_ipc_channel_call_string_async (pair.asker, text, 60000, NULL, outcome_cb,
                                             &outcomes[i]);
    }
  wait_until (outcomes[N_MANY - 1].n > 0);
  for (guint i = 0; i < N_MANY; i++)
    {
      g_autofree char *text = g_strdup_printf ("request %u", i);

      g_assert_cmpuint (outcomes[i].n, ==, 1);
      g_assert_cmpstr (outcomes[i].text, ==, text);
      outcome_clear (&outcomes[i]);
    }
  free_pair (&pair);
}

static void
large_cb (ReleaseIpcChannel *channel,
          gconstpointer      data,
          gsize              length,
          const GError      *error,
          gpointer           user_data)
{
  GBytes *sent = user_data;

  g_assert_no_error (error);
  g_assert_cmpmem (data, length, g_bytes_get_data (sent, NULL), g_bytes_get_size (sent));
  g_bytes_unref (sent);
}

static void
test_call_large (gconstpointer framing)
{
  Pair pair = new_pair (GPOINTER_TO_INT (framing), NULL);
  g_auto(Outcome) last = { 0 };

  g_test_summary ("Large messages among small ones do not mix on the wire");

  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  for (guint i = 0; i < 24; i++)
    {
      gsize length = i % 2 == 0 ? LARGE_BYTES + i : i;
      guint8 *data = g_malloc (length + 1);
      GBytes *bytes;

      for (gsize j = 0; j < length; j++)
        data[j] = i * 31 + j + j / 251;
      bytes = g_bytes_new_take (data, length);
      release_ipc_channel_call_data (pair.asker, data, length, 60000, NULL, large_cb, bytes);
    }
  release_ipc_channel_call_string_async (pair.asker, "last", -1, NULL, outcome_cb, &last);
  wait_until (last.n > 0);
  g_assert_cmpstr (last.text, ==, "last");
  free_pair (&pair);
}

static void
test_call_timeout_sync (gconstpointer framing)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  ReleaseIpcChannel *channel;
  gint64 start = g_get_monotonic_time ();
  int peer;

  g_test_summary ("A call that timed out has an error of its own; its late answer is thrown away "
                  "and never handed to the next call");

  channel = new_ready_channel (framing, &peer);
  g_assert_null (release_ipc_channel_call_string (channel, "one", 30, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_false (release_ipc_error_is_remote (error));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 30 * 1000);
  g_clear_error (&error);

  answer (framing, peer, 1, "eins");
  answer (framing, peer, 2, "zwei");
  text = release_ipc_channel_call_string (channel, "two", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "zwei");

  expect_hello (framing, peer);
  expect_request (framing, peer, 1, "one");
  if (!is_plain (framing))
    g_assert_cmpuint (peer_expect (peer, RELEASE_IPC_KIND_CANCEL, NULL), ==, 1);
  expect_request (framing, peer, 2, "two");
  g_assert_cmpuint (channel->outgoing.n_used, ==, 0);
  close (peer);
  free_channel (channel);
}

static void
test_call_timeout_async (gconstpointer framing)
{
  g_auto(Outcome) first = { 0 };
  g_auto(Outcome) second = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("The same, asynchronously, with the late answer before and after the next call");

  channel = new_ready_channel (framing, &peer);
  release_ipc_channel_call_string_async (channel, "one", 10, NULL, outcome_cb, &first);
  release_ipc_channel_call_data (channel, "two", 3, 20, NULL, outcome_data_cb, &second);
  wait_until (first.n > 0 && second.n > 0);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (channel->outgoing.n_used, ==, 2);

  answer (framing, peer, 1, "eins");
  settle ();
  g_assert_cmpuint (channel->outgoing.n_used, ==, 1);
  outcome_clear (&first);
  release_ipc_channel_call_string_async (channel, "three", 60000, NULL, outcome_cb, &first);
  answer (framing, peer, 2, "zwei");
  settle ();
  g_assert_cmpuint (first.n, ==, 0);
  answer (framing, peer, 3, "drei");
  wait_until (first.n > 0);
  g_assert_cmpstr (first.text, ==, "drei");
  g_assert_cmpuint (second.n, ==, 1);
  close (peer);
  free_channel (channel);
}

static void
test_call_timeout_zero (gconstpointer framing)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A timeout of nothing ends at once, but not before the call was made");

  channel = new_ready_channel (framing, &peer);
  g_assert_null (release_ipc_channel_call_string (channel, "one", 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  release_ipc_channel_call_string_async (channel, "two", 0, NULL, outcome_cb, &outcome);
  g_assert_cmpuint (outcome.n, ==, 0);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  close (peer);
  free_channel (channel);
}

static gpointer
flood_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  /* Frames of one byte, or events of none. */
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
test_call_flooded (void)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  GThread *thread;
  gint64 start;
  int peer;

  g_test_summary ("A peer that sends events without end does not stretch the time of a call");

  channel = new_ready_channel (GINT_TO_POINTER (RELEASE_IPC_FRAMING_MULTIPLEXED), &peer);
  release_ipc_channel_set_max_queue_size (channel, G_MAXSSIZE / 2);
  thread = g_thread_new ("flood", flood_thread, GINT_TO_POINTER (peer));
  start = g_get_monotonic_time ();
  g_assert_null (release_ipc_channel_call_string (channel, "one", 20, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);

  release_ipc_channel_close (channel);
  g_thread_join (thread);
  close (peer);
  free_channel (channel);
}

static void
test_call_flood_bounded (void)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  GThread *thread;
  int peer;

  g_test_summary ("What such a peer sends while a call waits is bounded, and then the channel "
                  "ends");

  channel = new_ready_channel (GINT_TO_POINTER (RELEASE_IPC_FRAMING_MULTIPLEXED), &peer);
  release_ipc_channel_set_max_queue_size (channel, 100 * 1000);
  release_ipc_channel_set_max_message_size (channel, 1000);
  thread = g_thread_new ("flood", flood_thread, GINT_TO_POINTER (peer));
  g_assert_null (release_ipc_channel_call_string (channel, "one", -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  /* Each counts with what it takes up here, not only with its bytes on the wire. */
  g_assert_cmpuint (channel->frames.length * sizeof (ReleaseIpcFrame), <, 2 * 1000 * 1000);

  release_ipc_channel_close (channel);
  g_thread_join (thread);
  close (peer);
  free_channel (channel);
}

static void
test_call_eof (gconstpointer framing)
{
  Outcome outcomes[2] = { { 0 } };
  g_auto(Closed) closed = { 0 };
  g_autoptr(GError) sync_error = NULL;
  g_autoptr(GError) later_error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("The peer's end ends all calls with CLOSED, those that are open and those after; "
                  "then the channel says so, once");

  channel = new_ready_channel (framing, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  for (guint i = 0; i < 2; i++)
    release_ipc_channel_call_string_async (channel, "one", -1, NULL, outcome_cb, &outcomes[i]);
  close (peer);
  g_assert_null (release_ipc_channel_call_string (channel, "two", -1, NULL, &sync_error));
  g_assert_error (sync_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  g_assert_cmpuint (closed.n, ==, 0);

  wait_until (closed.n > 0);
  settle ();
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (outcomes[i].n, ==, 1);
      g_assert_error (outcomes[i].error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
      outcome_clear (&outcomes[i]);
    }
  g_assert_error (closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  g_assert_true (release_ipc_channel_is_closed (channel));

  g_assert_null (release_ipc_channel_call_string (channel, "three", -1, NULL, &later_error));
  g_assert_error (later_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  release_ipc_channel_call_string_async (channel, "four", -1, NULL, outcome_cb, &outcomes[0]);
  release_ipc_channel_call_data (channel, "five", 4, -1, NULL, outcome_data_cb, &outcomes[1]);
  wait_until (outcomes[0].n > 0 && outcomes[1].n > 0);
  g_assert_error (outcomes[0].error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  g_assert_error (outcomes[1].error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  for (guint i = 0; i < 2; i++)
    outcome_clear (&outcomes[i]);
  g_assert_finalize_object (channel);
}

static void
test_call_eof_in_message (gconstpointer framing)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(GError) error = NULL;

  g_test_summary ("The peer's end in the middle of a message is TRUNCATED, and no shorter message, "
                  "wherever it is cut");

  for (gsize cut = 1; cut < 20; cut++)
    {
      ReleaseIpcChannel *channel;
      guint8 frame[20] = { 0, 0, 0, 16, 3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 'o', 'k', 'a', 'y' };
      int peer;

      channel = new_ready_channel (framing, &peer);
      release_ipc_channel_call_string_async (channel, "one", -1, NULL, outcome_cb, &outcome);
      peer_send_bytes (peer, frame, cut);
      close (peer);
      if (cut % 2 == 0)
        {
          g_assert_null (release_ipc_channel_call_string (channel, "two", -1, NULL, &error));
          /* The write may be the first to see that the peer is gone. */
          if (error->code != RELEASE_IPC_ERROR_CLOSED)
            g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TRUNCATED);
          g_clear_error (&error);
        }
      wait_until (outcome.n > 0);
      g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TRUNCATED);
      outcome_clear (&outcome);
      settle ();
      g_assert_finalize_object (channel);
    }
}

static void
test_call_answer_then_eof (gconstpointer framing)
{
  Outcome outcomes[2] = { { 0 } };
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Answers that came before the end of file still count");

  channel = new_ready_channel (framing, &peer);
  for (guint i = 0; i < 2; i++)
    release_ipc_channel_call_string_async (channel, "one", -1, NULL, outcome_cb, &outcomes[i]);
  answer (framing, peer, 1, "eins");
  answer (framing, peer, 2, "zwei");
  answer (framing, peer, 3, "drei");
  g_assert_no_errno (shutdown (peer, SHUT_WR));
  text = release_ipc_channel_call_string (channel, "three", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "drei");
  wait_until (release_ipc_channel_is_closed (channel));
  g_assert_cmpstr (outcomes[0].text, ==, "eins");
  g_assert_cmpstr (outcomes[1].text, ==, "zwei");
  close (peer);
  settle ();
  g_assert_finalize_object (channel);
  for (guint i = 0; i < 2; i++)
    outcome_clear (&outcomes[i]);
}

static void
test_call_closed (gconstpointer framing)
{
  g_auto(Outcome) outcome = { 0 };
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Closing ends the open calls with CLOSED, then says so without a reason");

  channel = new_ready_channel (framing, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_call_string_async (channel, "one", -1, NULL, outcome_cb, &outcome);
  settle ();
  release_ipc_channel_close (channel);
  release_ipc_channel_close (channel);
  g_assert_cmpuint (closed.n, ==, 1);
  g_assert_null (closed.reason);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  expect_hello (framing, peer);
  expect_request (framing, peer, 1, "one");
  peer_expect_eof (peer);
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_call_keeps_alive (gconstpointer framing)
{
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  gpointer weak;
  int peer;

  g_test_summary ("An open call keeps the channel alive, and nothing else does");

  channel = weak = new_ready_channel (framing, &peer);
  g_object_add_weak_pointer (G_OBJECT (channel), &weak);
  release_ipc_channel_call_string_async (channel, "one", -1, NULL, outcome_cb, &outcome);
  g_object_unref (channel);
  g_assert_nonnull (weak);
  answer (framing, peer, 1, "eins");
  wait_until (outcome.n > 0);
  g_assert_cmpstr (outcome.text, ==, "eins");
  settle ();
  g_assert_null (weak);
  expect_hello (framing, peer);
  expect_request (framing, peer, 1, "one");
  peer_expect_eof (peer);
  close (peer);
}

static void
test_call_not_text (gconstpointer framing)
{
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) response = G_VALUE_INIT;
  g_autofree char *text = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("An answer that does not fit is CODEC for that call alone");

  channel = new_ready_channel (framing, &peer);
  answer (framing, peer, 1, "\xff");
  g_assert_null (release_ipc_channel_call_string (channel, "one", -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_clear_error (&error);

  answer (framing, peer, 2, "\xff");
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "two");
  g_assert_false (release_ipc_channel_call (channel, &value, &response, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_false (G_IS_VALUE (&response));
  g_clear_error (&error);

  /* Neither did a value that could not be encoded leave anything behind. */
  g_value_set_string (&value, NULL);
  g_assert_false (release_ipc_channel_call (channel, &value, NULL, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_clear_error (&error);

  release_ipc_channel_call_string_async (channel, "three", -1, NULL, outcome_cb, &outcome);
  answer (framing, peer, 3, "\xff");
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);

  answer (framing, peer, 4, "vier");
  text = release_ipc_channel_call_string (channel, "four", -1, NULL, &error);
  g_assert_cmpstr (text, ==, "vier");
  close (peer);
  free_channel (channel);
}

static void
test_call_too_big (gconstpointer framing)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strnfill (101, 'x');
  g_autofree char *good = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A request above the limit fails by itself, costs no serial, and the next works");

  channel = new_ready_channel (framing, &peer);
  release_ipc_channel_set_max_message_size (channel, 100);
  g_assert_null (release_ipc_channel_call_string (channel, text, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
  g_clear_error (&error);
  answer (framing, peer, 1, "eins");
  good = release_ipc_channel_call_string (channel, "one", -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (good, ==, "eins");
  close (peer);
  free_channel (channel);
}

static gpointer
sync_thread (gpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (release_ipc_channel_call_string (data, "one", -1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);

  return NULL;
}

static void
test_call_wrong_thread (gconstpointer framing)
{
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A synchronous call from a thread beside the one that runs the context is BUSY, "
                  "and sends nothing");

  channel = new_ready_channel (framing, &peer);
  g_assert_true (g_main_context_acquire (NULL));
  g_thread_join (g_thread_new ("sync", sync_thread, channel));
  g_main_context_release (NULL);
  free_channel (channel);
  peer_expect_eof (peer);
  close (peer);
}

static void
test_call_unsent (gconstpointer framing)
{
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A call that could not be sent leaves no request open, and fails");

  channel = new_ready_channel (framing, &peer);
  release_ipc_channel_start (channel);
  settle ();
  close (peer);
  release_ipc_channel_call_data (channel, "one", 3, -1, NULL, outcome_data_cb, &outcome);
  g_assert_cmpuint (channel->outgoing.n_used, ==, 0);
  g_assert_cmpuint (channel->open.length, ==, 0);
  g_assert_cmpuint (outcome.n, ==, 0);
  wait_until (outcome.n == 1);
  g_assert_nonnull (outcome.error);
  free_channel (channel);
}

/* A peer that answers every request with itself, until the end of file. */
static gpointer
serve_in_thread (gpointer user_data)
{
  int fd = GPOINTER_TO_INT (user_data);
  guint8 bytes[256];
  gssize n;

  while ((n = recv (fd, bytes, sizeof bytes, 0)) > 0)
    g_assert_cmpint (send (fd, bytes, n, MSG_NOSIGNAL), ==, n);
  close (fd);

  return NULL;
}

static gpointer
ask_in_thread (gpointer user_data)
{
  ReleaseIpcChannel *channel = user_data;

  for (guint i = 0; i < N_SYNC_CALLS; i++)
    {
      g_autofree char *request = g_strdup_printf ("%u", i);
      g_autofree char *answer = NULL;
      g_autoptr(GError) error = NULL;

      do
        {
          g_clear_error (&error);
          answer = release_ipc_channel_call_string (channel, request, -1, NULL, &error);
        }
      while (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY));
      g_assert_no_error (error);
      g_assert_cmpstr (answer, ==, request);
    }

  return NULL;
}

static void
test_call_sync_in_threads (void)
{
  ReleaseIpcChannel *channels[2];
  GThread *servers[2];
  GThread *askers[4];

  g_test_summary ("Threads that take turns may ask through channels of a context that none runs");

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      int peer;

      channels[i] = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
      servers[i] = g_thread_new ("server", serve_in_thread, GINT_TO_POINTER (peer));
    }
  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    askers[i] = g_thread_new ("asker", ask_in_thread, channels[i % G_N_ELEMENTS (channels)]);
  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    g_thread_join (askers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_assert_cmpuint (channels[i]->n_holds, ==, 0);
      free_channel (channels[i]);
      g_thread_join (servers[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/call/sync", test_call_sync);
  add ("/call/async", test_call_async);
  add ("/call/empty", test_call_empty);
  add ("/call/many", test_call_many);
  add ("/call/large", test_call_large);
  add ("/call/timeout-sync", test_call_timeout_sync);
  add ("/call/timeout-async", test_call_timeout_async);
  add ("/call/timeout-zero", test_call_timeout_zero);
  add ("/call/unsent", test_call_unsent);
  g_test_add_func ("/call/sync-in-threads", test_call_sync_in_threads);
  g_test_add_func ("/call/flooded", test_call_flooded);
  g_test_add_func ("/call/flood-bounded", test_call_flood_bounded);
  add ("/call/eof", test_call_eof);
  add ("/call/eof-in-message", test_call_eof_in_message);
  add ("/call/answer-then-eof", test_call_answer_then_eof);
  add ("/call/closed", test_call_closed);
  add ("/call/keeps-alive", test_call_keeps_alive);
  add ("/call/not-text", test_call_not_text);
  add ("/call/too-big", test_call_too_big);
  add ("/call/wrong-thread", test_call_wrong_thread);

  return g_test_run ();
}
