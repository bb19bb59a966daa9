/* release-tests/ipc/plain.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is particular to plain framing: roles, order, and how it ends.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define N_PIPELINED 1000

static GString *logged = NULL;    /* what the library has logged */

static GLogWriterOutput
log_cb (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (logged, "%s;", (const char *) fields[i].value);

  return G_LOG_WRITER_HANDLED;
}

static void
event_cb (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          gpointer           user_data)
{
  GBytes *bytes = release_ipc_message_get_bytes (message);

  g_string_append_len (user_data, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_string_append_c (user_data, ';');
}

static void
test_plain_order (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Answers leave in the order of the requests, whatever the order they are given "
                  "in");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  peer_send_text (peer, "one");
  peer_send_text (peer, "two");
  peer_send_text (peer, "three");
  wait_until (invocations->len == 3);
  answer_at (invocations, 2, "drei");
  answer_at (invocations, 1, "zwei");
  settle ();
  g_assert_cmpint (recv (peer, &(char) { 0 }, 1, MSG_DONTWAIT), ==, -1);
  answer_at (invocations, 0, "eins");
  peer_expect_text (peer, "eins");
  peer_expect_text (peer, "zwei");
  peer_expect_text (peer, "drei");
  g_assert_true (release_ipc_channel_is_idle (channel));
  g_ptr_array_set_size (invocations, 0);
  close (peer);
  free_channel (channel);
}

static void
test_plain_pipelined (void)
{
  ReleaseIpcChannel *channel;
  g_autoptr(GByteArray) requests = g_byte_array_new ();
  int peer;

  g_test_summary ("More requests in one piece than may be in flight are all answered, in order");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_set_max_in_flight (channel, 3);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  for (guint i = 0; i < N_PIPELINED; i++)
    {
      guint8 frame[8] = { 0, 0, 0, 4, 'r', i / 100, i / 10 % 10, i % 10 };

      g_byte_array_append (requests, frame, sizeof frame);
    }
  /* With the first the channel knows that frames are requests. */
  peer_send_text (peer, "first");
  peer_expect_text (peer, "first");
  peer_send_bytes (peer, requests->data, requests->len);
  for (guint i = 0; i < N_PIPELINED; i++)
    {
      gsize length = 0;
      g_autofree char *answer = peer_read (peer, &length);

      g_assert_cmpmem (answer, length, requests->data + 8 * i + 4, 4);
    }
  close (peer);
  free_channel (channel);
}

static void
test_plain_in_flight (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("No more requests are handed out at once than may be in flight; the others wait, "
                  "without spinning");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_set_max_in_flight (channel, 3);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  for (guint i = 0; i < 10; i++)
    peer_send_text (peer, "request");
  settle ();
  g_assert_cmpuint (invocations->len, ==, 3);
  peer_send_text (peer, "more");
  g_assert_cmpuint (count_iterations (30), <=, 2);
  for (guint i = 0; i < 11; i++)
    {
      answer_at (invocations, i, "answer");
      settle ();
      g_assert_cmpuint (invocations->len, ==, MIN (11, i + 4));
      peer_expect_text (peer, "answer");
    }
  g_ptr_array_set_size (invocations, 0);
  close (peer);
  free_channel (channel);
}

static void
test_plain_failure (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  g_autoptr(GError) failure = g_error_new (G_FILE_ERROR, 1, "No");
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A handler that fails ends the connection, after the answers before it have "
                  "left");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  for (guint i = 0; i < 4; i++)
    peer_send_text (peer, "request");
  wait_until (invocations->len == 4);
  g_assert_true (release_ipc_invocation_return_error (g_ptr_array_index (invocations, 2), failure,
                                                      NULL));
  answer_at (invocations, 3, "four");
  answer_at (invocations, 1, "two");
  settle ();
  g_assert_cmpuint (closed.n, ==, 0);
  answer_at (invocations, 0, "one");
  peer_expect_text (peer, "one");
  peer_expect_text (peer, "two");
  peer_expect_eof (peer);
  wait_until (closed.n > 0);
  g_assert_error (closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_FAILED);
  g_ptr_array_set_size (invocations, 0);
  settle ();
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_plain_failure_large (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  g_autofree char *large = g_strnfill (1024 * 1024, 'x');
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("The same where the answer before it is larger than the socket takes at once");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  peer_send_text (peer, "one");
  peer_send_text (peer, "two");
  wait_until (invocations->len == 2);
  answer_at (invocations, 0, large);
  /* Nobody answers the second: to let go of it is to fail. */
  g_ptr_array_set_size (invocations, 0);
  settle ();
  /* Its patience may end, once. */
  g_assert_cmpuint (count_iterations (20), <=, 1);
  g_assert_cmpuint (closed.n, ==, 0);
  peer_expect_text (peer, large);
  peer_expect_eof (peer);
  g_assert_cmpuint (closed.n, ==, 1);
  close (peer);
  g_assert_finalize_object (channel);
}

static gboolean
refuse_cb (ReleaseIpcChannel    *channel,
           ReleaseIpcInvocation *invocation,
           gpointer              user_data)
{
  return FALSE;
}

static void
test_plain_not_handled (void)
{
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A request that no handler takes ends the connection: an error cannot be told "
                  "from an answer");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_serve (channel, refuse_cb, NULL, NULL);
  peer_send_text (peer, "request");
  peer_expect_eof (peer);
  settle ();
  g_assert_cmpuint (closed.n, ==, 1);
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_plain_bad_request (void)
{
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A request that the codec refuses ends the connection, after earlier answers");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, release_ipc_string_codec_get_default (), &peer);
  g_signal_connect (channel, "request", G_CALLBACK (echo_cb), NULL);
  release_ipc_channel_start (channel);
  peer_send_text (peer, "good");
  peer_send_text (peer, "\xff");
  peer_send_text (peer, "good again");
  peer_expect_text (peer, "good");
  peer_expect_eof (peer);
  settle ();
  g_assert_cmpstr (logged->str, ==, "Refused a request: Message of 1 bytes is not text;");
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_plain_half_close (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A client that has said all it had to say, and closed its end, still gets its "
                  "answers; meanwhile nothing spins");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  peer_send_text (peer, "one");
  peer_send_text (peer, "two");
  g_assert_no_errno (shutdown (peer, SHUT_WR));
  wait_until (invocations->len == 2);
  g_assert_cmpuint (count_iterations (30), <=, 3);
  g_assert_cmpuint (closed.n, ==, 0);
  answer_at (invocations, 1, "zwei");
  answer_at (invocations, 0, "eins");
  peer_expect_text (peer, "eins");
  peer_expect_text (peer, "zwei");
  peer_expect_eof (peer);
  settle ();
  g_assert_cmpuint (closed.n, ==, 1);
  g_assert_error (closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  g_ptr_array_set_size (invocations, 0);
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_plain_half_close_gone (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  g_autoptr(GError) error = NULL;
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Such a client that then goes away ends the channel; the answer is dropped");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  peer_send_text (peer, "one");
  g_assert_no_errno (shutdown (peer, SHUT_WR));
  wait_until (invocations->len == 1);
  settle ();
  close (peer);
  wait_until (closed.n > 0);
  g_assert_true (release_ipc_invocation_return_string (g_ptr_array_index (invocations, 0), "x",
                                                       &error));
  g_assert_no_error (error);
  g_ptr_array_set_size (invocations, 0);
  settle ();
  g_assert_finalize_object (channel);
}

static void
test_plain_role_asks (void)
{
  g_autoptr(GString) events = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("On the side that asks a message that no request waits for is an event, also one "
                  "after a late answer; events cannot be sent there");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "event", G_CALLBACK (event_cb), events);
  release_ipc_channel_call_string_async (channel, "one", 0, NULL, outcome_cb, &outcome);
  wait_until (outcome.n > 0);
  peer_send_text (peer, "late");
  peer_send_text (peer, "first");
  peer_send_text (peer, "");
  settle ();
  g_assert_cmpstr (events->str, ==, "first;;");
  release_ipc_channel_call_string_async (channel, "two", -1, NULL, outcome_cb, &outcome);
  peer_send_text (peer, "zwei");
  peer_send_text (peer, "third");
  wait_until (outcome.n == 2);
  g_assert_cmpstr (outcome.text, ==, "zwei");
  settle ();
  g_assert_cmpstr (events->str, ==, "first;;third;");

  g_assert_false (release_ipc_channel_send_event_string (channel, "event", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  close (peer);
  free_channel (channel);
}

static void
test_plain_role_answers (void)
{
  g_autoptr(GError) call_error = NULL;
  g_autoptr(GError) event_error = NULL;
  g_auto(Outcome) outcome = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("On the side that answers neither calls nor events can be sent");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  /* Even before the first request: the peer would take it for an answer. */
  g_assert_false (release_ipc_channel_send_event_string (channel, "event", &event_error));
  g_assert_error (event_error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  peer_send_text (peer, "one");
  peer_expect_text (peer, "one");
  g_assert_null (release_ipc_channel_call_string (channel, "two", -1, NULL, &call_error));
  g_assert_error (call_error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  release_ipc_channel_call_data (channel, "two", 3, -1, NULL, outcome_data_cb, &outcome);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  g_clear_error (&event_error);
  g_assert_false (release_ipc_channel_send_event_string (channel, "event", &event_error));
  g_assert_error (event_error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  close (peer);
  free_channel (channel);
}

static void
test_plain_role_notifies (void)
{
  g_autoptr(GString) events = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A side that has sent an event cannot ask; what comes is events, too");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  g_signal_connect (channel, "event", G_CALLBACK (event_cb), events);
  release_ipc_channel_start (channel);
  g_assert_true (release_ipc_channel_send_event_string (channel, "event", &error));
  g_assert_no_error (error);
  peer_expect_text (peer, "event");
  g_assert_null (release_ipc_channel_call_string (channel, "two", -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  peer_send_text (peer, "back");
  settle ();
  g_assert_cmpstr (events->str, ==, "back;");
  close (peer);
  free_channel (channel);
}

static void
test_plain_set_answers (void)
{
  g_auto(Closed) closed = { 0 };
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A channel of which it is known that the peer asks takes the first frame for a "
                  "request, handler or not");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_set_answers (channel);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_start (channel);
  g_assert_false (release_ipc_channel_send_event_string (channel, "event", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  peer_send_text (peer, "one");
  peer_expect_eof (peer);
  settle ();
  g_assert_error (closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_FAILED);
  close (peer);
  g_assert_finalize_object (channel);
}

static void
test_plain_serial_wraps (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  Outcome outcomes[6] = { { 0 } };
  Pair pair = new_pair (RELEASE_IPC_FRAMING_PLAIN, NULL);

  g_test_summary ("Answers find their requests where the count of either side begins anew");

  release_ipc_channel_serve (pair.server, keep_cb, invocations, NULL);
  pair.asker->next_serial = pair.asker->next_answer = G_MAXUINT32 - 2;
  pair.server->next_request = pair.server->next_response = G_MAXUINT32 - 1;
  for (guint i = 0; i < 6; i++)
    release_ipc_channel_call_string_async (pair.asker, "x", -1, NULL, outcome_cb, &outcomes[i]);
  wait_until (invocations->len == 6);
  for (guint i = 6; i-- > 0;)
    answer_at (invocations, i, (const char *const[]) { "a", "b", "c", "d", "e", "f" }[i]);
  wait_until (outcomes[5].n > 0);
  for (guint i = 0; i < 6; i++)
    {
      g_assert_cmpint (outcomes[i].text[0], ==, 'a' + i);
      outcome_clear (&outcomes[i]);
    }
  g_ptr_array_set_size (invocations, 0);
  free_pair (&pair);
}

static void
test_plain_too_big_answer (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  g_autofree char *large = g_strnfill (101, 'x');
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("An answer above the limit is refused, whether its turn has come or not, and "
                  "another one can be given");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_set_max_message_size (channel, 100);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  peer_send_text (peer, "one");
  peer_send_text (peer, "two");
  wait_until (invocations->len == 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (release_ipc_invocation_return_string (
        g_ptr_array_index (invocations, 1 - i), large, &error));
      g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
      answer_at (invocations, 1 - i, "good");
    }
  peer_expect_text (peer, "good");
  peer_expect_text (peer, "good");
  g_ptr_array_set_size (invocations, 0);
  close (peer);
  free_channel (channel);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  logged = g_string_new (NULL);
  g_log_set_writer_func (log_cb, NULL, NULL);

  g_test_add_func ("/plain/order", test_plain_order);
  g_test_add_func ("/plain/pipelined", test_plain_pipelined);
  g_test_add_func ("/plain/in-flight", test_plain_in_flight);
  g_test_add_func ("/plain/failure", test_plain_failure);
  g_test_add_func ("/plain/failure-large", test_plain_failure_large);
  g_test_add_func ("/plain/not-handled", test_plain_not_handled);
  g_test_add_func ("/plain/bad-request", test_plain_bad_request);
  g_test_add_func ("/plain/half-close", test_plain_half_close);
  g_test_add_func ("/plain/half-close-gone", test_plain_half_close_gone);
  g_test_add_func ("/plain/role-asks", test_plain_role_asks);
  g_test_add_func ("/plain/role-answers", test_plain_role_answers);
  g_test_add_func ("/plain/role-notifies", test_plain_role_notifies);
  g_test_add_func ("/plain/set-answers", test_plain_set_answers);
  g_test_add_func ("/plain/serial-wraps", test_plain_serial_wraps);
  g_test_add_func ("/plain/too-big-answer", test_plain_too_big_answer);

  status = g_test_run ();
  g_string_free (logged, TRUE);
  return status;
}
