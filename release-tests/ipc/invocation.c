/* release-tests/ipc/invocation.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define LARGE_BYTES (1024 * 1024)

typedef struct
{
  ReleaseIpcChannel *channel;
  int                peer;
  GPtrArray         *invocations;
} Fixture;

static void
set_up (Fixture         *self,
        ReleaseIpcCodec *codec)
{
  self->channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, codec, &self->peer);
  self->invocations = new_invocations ();
  release_ipc_channel_serve (self->channel, keep_cb, self->invocations, NULL);
  peer_send_hello (self->peer);
  peer_expect (self->peer, RELEASE_IPC_KIND_HELLO, NULL);
}

static void
tear_down (Fixture *self)
{
  g_ptr_array_unref (self->invocations);
  free_channel (self->channel);
  if (self->peer >= 0)
    close (self->peer);
}

static ReleaseIpcInvocation *
ask (Fixture    *self,
     guint32     serial,
     guint32     timeout_msec,
     const char *text)
{
  guint before = self->invocations->len;
  guint8 payload[100] = { RELEASE_IPC_KIND_REQUEST };

  release_ipc_length_pack (serial, payload + 4);
  release_ipc_length_pack (timeout_msec, payload + 8);
  memcpy (payload + 12, text, strlen (text));
  peer_send (self->peer, payload, 12 + strlen (text));
  wait_until (self->invocations->len > before);

  return g_ptr_array_index (self->invocations, before);
}

/* The answer to @serial is an error that reads so. */
static void
expect_error (Fixture    *self,
              guint32     serial,
              const char *text)
{
  g_autofree char *domain = NULL;
  g_autofree char *message = NULL;
  ReleaseIpcEnvelope envelope;
  gsize length = 0;
  g_autofree char *payload = peer_read (self->peer, &length);
  int code;

  g_assert_true (release_ipc_envelope_unpack (&envelope, (guint8 *) payload, length, NULL));
  g_assert_cmpuint (envelope.kind, ==, RELEASE_IPC_KIND_ERROR);
  g_assert_cmpuint (envelope.serial, ==, serial);
  g_assert_true (release_ipc_error_body_unpack ((guint8 *) payload + 12, length - 12, &domain,
                                                &code, &message, NULL));
  g_assert_cmpstr (message, ==, text);
}

static void
test_invocation_request (void)
{
  Fixture f;
  ReleaseIpcInvocation *invocation;
  gconstpointer data;
  gsize length;

  g_test_summary ("A request is there as text, bytes, data and value");

  set_up (&f, release_ipc_string_codec_get_default ());
  invocation = ask (&f, 1, 0, "text");
  g_assert_true (release_ipc_invocation_get_channel (invocation) == f.channel);
  g_assert_null (release_ipc_invocation_get_peer_credentials (invocation));
  g_assert_cmpstr (release_ipc_invocation_get_string (invocation), ==, "text");
  g_assert_cmpstr (g_value_get_string (release_ipc_invocation_get_value (invocation)), ==, "text");
  data = release_ipc_invocation_get_data (invocation, &length);
  g_assert_cmpmem (data, length, "text", 4);
  g_assert_cmpuint (g_bytes_get_size (release_ipc_invocation_get_bytes (invocation)), ==, 4);

  invocation = ask (&f, 2, 0, "");
  g_assert_cmpstr (release_ipc_invocation_get_string (invocation), ==, "");
  g_assert_cmpstr (g_value_get_string (release_ipc_invocation_get_value (invocation)), ==, "");
  invocation = ask (&f, 3, 0, "\xff");
  g_assert_null (release_ipc_invocation_get_string (invocation));
  g_assert_null (release_ipc_invocation_get_value (invocation));
  tear_down (&f);
}

static void
test_invocation_answer (void)
{
  Fixture f;
  static const char *const answers[] = { "7", "data", "" };
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A request is answered with a value, with data, with nothing");

  set_up (&f, release_ipc_string_codec_get_default ());
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 7);
  g_assert_true (release_ipc_invocation_return_value (ask (&f, 1, 0, ""), &value, &error));
  g_assert_true (release_ipc_invocation_return_data (ask (&f, 2, 0, ""), "data", 4, &error));
  g_assert_true (release_ipc_invocation_return_data (ask (&f, 3, 0, ""), NULL, 0, &error));
  g_assert_no_error (error);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *body = NULL;

      g_assert_cmpuint (peer_expect (f.peer, RELEASE_IPC_KIND_RESPONSE, &body), ==, i);
      g_assert_cmpstr (body, ==, answers[i - 1]);
    }
  tear_down (&f);
}

static void
test_invocation_twice (void)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) failure = g_error_new (G_FILE_ERROR, 1, "No");
  ReleaseIpcInvocation *invocation;

  g_test_summary ("A second answer is refused with an error, and the peer sees the first alone");

  set_up (&f, NULL);
  invocation = ask (&f, 1, 0, "x");
  g_assert_false (release_ipc_invocation_is_answered (invocation));
  answer_at (f.invocations, 0, "first");
  g_assert_true (release_ipc_invocation_is_answered (invocation));
  g_assert_false (release_ipc_invocation_return_string (invocation, "second", &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ANSWERED);
  g_assert_false (release_ipc_invocation_return_error (invocation, failure, NULL));
  peer_expect (f.peer, RELEASE_IPC_KIND_RESPONSE, NULL);
  settle ();
  g_assert_cmpint (recv (f.peer, &(char) { 0 }, 1, MSG_DONTWAIT), ==, -1);
  tear_down (&f);
}

static void
test_invocation_failed_answer (void)
{
  Fixture f;
  g_autofree char *large = g_strnfill (200, 'x');
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  ReleaseIpcInvocation *invocation;

  g_test_summary ("After an answer that the codec or the limit refused another one can be given");

  f.channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &f.peer);
  f.invocations = new_invocations ();
  release_ipc_channel_serve (f.channel, keep_cb, f.invocations, NULL);
  peer_send_hello_of (f.peer, 1, 1, 100, 1);
  peer_expect (f.peer, RELEASE_IPC_KIND_HELLO, NULL);
  invocation = ask (&f, 1, 0, "x");
  g_assert_false (release_ipc_invocation_return_string (invocation, large, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
  g_clear_error (&error);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_false (release_ipc_invocation_return_value (invocation, &value, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_clear_error (&error);

  /* An error is cut to what the peer takes. */
  error = g_error_new_literal (G_FILE_ERROR, 1, large);
  g_assert_true (release_ipc_invocation_return_error (invocation, error, NULL));
  large[88 - 8 - strlen ("g-file-error-quark")] = '\0';
  expect_error (&f, 1, large);
  tear_down (&f);
}

static void
test_invocation_dropped (void)
{
  Fixture f;

  g_test_summary ("A request that is let go of without an answer is answered with an error, once");

  set_up (&f, NULL);
  ask (&f, 1, 0, "x");
  ask (&f, 2, 0, "x");
  g_ptr_array_remove_index (f.invocations, 0);
  expect_error (&f, 1, "The request was dropped without an answer");
  answer_at (f.invocations, 0, "good");
  g_ptr_array_set_size (f.invocations, 0);
  peer_expect (f.peer, RELEASE_IPC_KIND_RESPONSE, NULL);
  settle ();
  g_assert_cmpint (recv (f.peer, &(char) { 0 }, 1, MSG_DONTWAIT), ==, -1);
  g_assert_cmpuint (f.channel->incoming.n_used, ==, 0);
  tear_down (&f);
}

static void
test_invocation_dropped_hung_up (void)
{
  Fixture f;

  g_test_summary ("Let go of when the peer has just gone it leaves nothing behind");

  set_up (&f, NULL);
  ask (&f, 1, 0, "x");
  ask (&f, 2, 0, "x");
  close (f.peer);
  /* The attempt to answer is the first to notice. */
  g_ptr_array_remove_index (f.invocations, 0);
  g_assert_cmpuint (f.channel->incoming.n_used, ==, 1);
  wait_until (release_ipc_channel_is_closed (f.channel));
  f.peer = -1;
  tear_down (&f);
}

static gboolean
false_cb (ReleaseIpcChannel    *channel,
          ReleaseIpcInvocation *invocation,
          gpointer              user_data)
{
  const char *text = release_ipc_invocation_get_string (invocation);

  if (g_str_equal (text, "answered"))
    release_ipc_invocation_return_string (invocation, "all the same", NULL);
  else if (g_str_equal (text, "kept"))
    g_ptr_array_add (user_data, release_ipc_invocation_ref (invocation));
  return FALSE;
}

static void
test_invocation_not_handled (void)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
  g_auto(Outcome) outcome = { 0 };

  g_test_summary ("A handler that returns FALSE without an answer has the request answered with "
                  "NOT_HANDLED at once; so has a channel without a handler");

  set_up (&f, NULL);
  release_ipc_channel_serve (f.channel, false_cb, f.invocations, NULL);
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 1, "left");
  expect_error (&f, 1, "Nobody handles this request");
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 2, "answered");
  g_assert_cmpuint (peer_expect (f.peer, RELEASE_IPC_KIND_RESPONSE, NULL), ==, 2);
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 3, "kept");
  expect_error (&f, 3, "Nobody handles this request");
  g_assert_false (release_ipc_invocation_return_string (g_ptr_array_index (f.invocations, 0), "x",
                                                        &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ANSWERED);
  tear_down (&f);

  release_ipc_channel_start (pair.server);
  release_ipc_channel_call_string_async (pair.asker, "x", -1, NULL, outcome_cb, &outcome);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_NOT_HANDLED);
  g_assert_true (release_ipc_error_is_remote (outcome.error));
  free_pair (&pair);
}

static gboolean
take_second_cb (ReleaseIpcChannel    *channel,
                ReleaseIpcInvocation *invocation,
                gpointer              user_data)
{
  const char *text = release_ipc_invocation_get_string (invocation);

  if (!g_str_equal (text, user_data))
    return FALSE;

  release_ipc_invocation_return_string (invocation, user_data, NULL);
  return TRUE;
}

static void
test_invocation_signal (void)
{
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, release_ipc_string_codec_get_default ());
  g_auto(Outcome) outcome = { 0 };

  g_test_summary ("Handlers of the signal are asked in turn until one takes the request");

  g_signal_connect (pair.server, "request", G_CALLBACK (take_second_cb), (gpointer) "a");
  g_signal_connect (pair.server, "request", G_CALLBACK (take_second_cb), (gpointer) "b");
  release_ipc_channel_start (pair.server);
  release_ipc_channel_call_string_async (pair.asker, "b", -1, NULL, outcome_cb, &outcome);
  wait_until (outcome.n == 1);
  g_assert_cmpstr (outcome.text, ==, "b");
  release_ipc_channel_call_string_async (pair.asker, "c", -1, NULL, outcome_cb, &outcome);
  wait_until (outcome.n == 2);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_NOT_HANDLED);
  free_pair (&pair);
}

static void
test_invocation_after_close (void)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  ReleaseIpcInvocation *invocation;

  g_test_summary ("An answer after the end of the channel is dropped: that is no failure of the "
                  "handler's; a second one still is");

  set_up (&f, NULL);
  invocation = ask (&f, 1, 0, "x");
  release_ipc_channel_close (f.channel);
  g_assert_true (g_cancellable_is_cancelled (release_ipc_invocation_get_cancellable (invocation)));
  g_assert_true (release_ipc_invocation_return_string (invocation, "late", &error));
  g_assert_no_error (error);
  g_assert_true (release_ipc_invocation_is_answered (invocation));
  g_assert_false (release_ipc_invocation_return_string (invocation, "later", &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ANSWERED);
  tear_down (&f);
}

static void
count_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  guint *n = user_data;

  (*n)++;
}

static void
test_invocation_cancelled (void)
{
  Fixture f;
  g_autoptr(GCancellable) cancellable = NULL;
  ReleaseIpcInvocation *invocation;
  guint n = 0;

  g_test_summary ("A cancel of the peer cancels the cancellable, asked for before or after; the "
                  "request is still answered");

  set_up (&f, NULL);
  invocation = ask (&f, 1, 0, "x");
  cancellable = g_object_ref (release_ipc_invocation_get_cancellable (invocation));
  g_signal_connect (cancellable, "cancelled", G_CALLBACK (count_cancelled_cb), &n);
  ask (&f, 2, 0, "x");
  for (guint i = 1; i <= 2; i++)
    peer_send_envelope (f.peer, RELEASE_IPC_KIND_CANCEL, 0, 0, 0, i, NULL, 0);
  wait_until (n > 0);
  settle ();
  g_assert_true (g_cancellable_is_cancelled (
    release_ipc_invocation_get_cancellable (g_ptr_array_index (f.invocations, 1))));
  answer_at (f.invocations, 0, "good");
  peer_expect (f.peer, RELEASE_IPC_KIND_RESPONSE, NULL);
  /* A cancel that crossed with the answer. */
  peer_send_envelope (f.peer, RELEASE_IPC_KIND_CANCEL, 0, 0, 0, 1, NULL, 0);
  settle ();
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (release_ipc_channel_is_closed (f.channel));
  tear_down (&f);
}

static void
test_invocation_deadline (void)
{
  Fixture f;
  ReleaseIpcInvocation *invocation;
  GCancellable *cancellable;
  gint64 start = g_get_monotonic_time ();

  g_test_summary ("The cancellable is cancelled when the time of the caller is over, not before, "
                  "and not once the request is answered");

  set_up (&f, NULL);
  invocation = ask (&f, 1, 20, "x");
  cancellable = release_ipc_invocation_get_cancellable (invocation);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  wait_until (g_cancellable_is_cancelled (cancellable));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 20 * 1000);

  invocation = ask (&f, 2, 1, "x");
  cancellable = release_ipc_invocation_get_cancellable (invocation);
  answer_at (f.invocations, 1, "good");
  count_iterations (5);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  tear_down (&f);
}

static void
test_invocation_closed_cancels (void)
{
  Fixture f;
  guint n = 0;

  g_test_summary ("The end of the channel cancels the cancellables of all requests");

  set_up (&f, NULL);
  for (guint i = 1; i <= 3; i++)
    g_signal_connect (release_ipc_invocation_get_cancellable (ask (&f, i, 60000, "x")), "cancelled",
                      G_CALLBACK (count_cancelled_cb), &n);
  shutdown (f.peer, SHUT_RDWR);
  wait_until (release_ipc_channel_is_closed (f.channel));
  g_assert_cmpuint (n, ==, 3);
  tear_down (&f);
}

static void
drop_cb (GCancellable *cancellable,
         gpointer      user_data)
{
  g_ptr_array_set_size (user_data, 0);
}

static void
test_invocation_drop_in_cancel (void)
{
  Fixture f;

  g_test_summary ("A handler may let go of its request while that is being cancelled");

  for (guint i = 0; i < 3; i++)
    {
      set_up (&f, NULL);
      g_signal_connect (release_ipc_invocation_get_cancellable (ask (&f, 1, i == 2 ? 1 : 0, "x")),
                        "cancelled", G_CALLBACK (drop_cb), f.invocations);
      if (i == 0)
        peer_send_envelope (f.peer, RELEASE_IPC_KIND_CANCEL, 0, 0, 0, 1, NULL, 0);
      else if (i == 1)
        release_ipc_channel_close (f.channel);
      wait_until (f.invocations->len == 0);
      tear_down (&f);
    }
}

static gpointer
unref_thread (gpointer data)
{
  release_ipc_invocation_unref (data);
  return NULL;
}

static void
test_invocation_unref_in_thread (void)
{
  Fixture f;
  ReleaseIpcInvocation *invocation;

  g_test_summary ("The last reference may be dropped in another thread, as a garbage collector "
                  "does: the error still leaves from the thread of the channel");

  set_up (&f, NULL);
  invocation = release_ipc_invocation_ref (ask (&f, 1, 0, "x"));
  g_ptr_array_set_size (f.invocations, 0);
  g_thread_join (g_thread_new ("unref", unref_thread, invocation));
  /* Not in that thread, though no other was iterating the context. */
  g_assert_cmpint (recv (f.peer, &(char) { 0 }, 1, MSG_DONTWAIT), ==, -1);
  expect_error (&f, 1, "The request was dropped without an answer");

  /* The channel ends before the reference gets there. */
  invocation = release_ipc_invocation_ref (ask (&f, 2, 0, "x"));
  g_ptr_array_set_size (f.invocations, 0);
  g_thread_join (g_thread_new ("unref", unref_thread, invocation));
  release_ipc_channel_close (f.channel);
  tear_down (&f);
}

/* Answers with the request itself. Somebody, as a codec does, may have asked for its bytes
 * before. */
static gboolean
return_request_cb (ReleaseIpcChannel    *channel,
                   ReleaseIpcInvocation *invocation,
                   gpointer              user_data)
{
  gsize length;
  gconstpointer data = release_ipc_invocation_get_data (invocation, &length);

  if (user_data != NULL)
    release_ipc_invocation_get_bytes (invocation);
  return release_ipc_invocation_return_data (invocation, data, length, NULL);
}

static void
test_invocation_returned (gconstpointer user_data)
{
  const gsize sizes[] = { 5000, 5000, 10, LARGE_BYTES, LARGE_BYTES };
  g_autofree guint8 *body = g_malloc (LARGE_BYTES);
  g_autoptr(GByteArray) stream = g_byte_array_new ();
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A request is an answer that outlives its invocation, and those that came with "
                  "it, while it waits for the peer to read");

  for (gsize i = 0; i < LARGE_BYTES; i++)
    body[i] = i * 7;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      guint8 head[RELEASE_IPC_LENGTH_SIZE];

      release_ipc_length_pack (sizes[i], head);
      g_byte_array_append (stream, head, sizeof head);
      g_byte_array_append (stream, body, sizes[i]);
    }
  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_serve (channel, return_request_cb, (gpointer) user_data, NULL);
  peer_send_bytes (peer, stream->data, stream->len);
  settle ();
  g_assert_cmpuint (channel->writer.queued, >, 0);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      gsize length;
      g_autofree char *answer = peer_read (peer, &length);

      g_assert_cmpmem (answer, length, body, sizes[i]);
    }
  close (peer);
  free_channel (channel);
}

static void
test_invocation_part (void)
{
  g_autoptr(GPtrArray) invocations = new_invocations ();
  g_autofree guint8 *body = g_malloc0 (LARGE_BYTES);
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A part of a request is an answer, in the order of the requests");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_serve (channel, keep_cb, invocations, NULL);
  peer_send (peer, body, LARGE_BYTES);
  peer_send (peer, body, LARGE_BYTES);
  wait_until (invocations->len == 2);

  for (guint i = 2; i-- > 0;)
    {
      ReleaseIpcInvocation *invocation = g_ptr_array_index (invocations, i);
      gsize length;
      const guint8 *data = release_ipc_invocation_get_data (invocation, &length);

      g_assert_true (release_ipc_invocation_return_data (invocation, data + 1, 5000 + i, NULL));
    }
  g_ptr_array_set_size (invocations, 0);
  for (guint i = 0; i < 2; i++)
    {
      gsize length;
      g_autofree char *answer = peer_read (peer, &length);

      g_assert_cmpuint (length, ==, 5000 + i);
    }
  close (peer);
  free_channel (channel);
}

static void
test_invocation_outlives (void)
{
  Fixture f;
  ReleaseIpcInvocation *invocation;
  gpointer weak;

  g_test_summary ("A request that is kept keeps its channel alive, and its data valid");

  set_up (&f, NULL);
  invocation = release_ipc_invocation_ref (ask (&f, 1, 0, "text"));
  g_ptr_array_unref (f.invocations);
  weak = f.channel;
  g_object_add_weak_pointer (weak, &weak);
  release_ipc_channel_close (f.channel);
  g_object_unref (f.channel);
  g_assert_nonnull (weak);
  g_assert_cmpstr (release_ipc_invocation_get_string (invocation), ==, "text");
  release_ipc_invocation_unref (invocation);
  g_assert_null (weak);
  close (f.peer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/invocation/request", test_invocation_request);
  g_test_add_func ("/invocation/answer", test_invocation_answer);
  g_test_add_func ("/invocation/twice", test_invocation_twice);
  g_test_add_func ("/invocation/failed-answer", test_invocation_failed_answer);
  g_test_add_func ("/invocation/dropped", test_invocation_dropped);
  g_test_add_func ("/invocation/dropped-hung-up", test_invocation_dropped_hung_up);
  g_test_add_func ("/invocation/not-handled", test_invocation_not_handled);
  g_test_add_func ("/invocation/signal", test_invocation_signal);
  g_test_add_func ("/invocation/after-close", test_invocation_after_close);
  g_test_add_func ("/invocation/cancelled", test_invocation_cancelled);
  g_test_add_func ("/invocation/deadline", test_invocation_deadline);
  g_test_add_func ("/invocation/closed-cancels", test_invocation_closed_cancels);
  g_test_add_func ("/invocation/drop-in-cancel", test_invocation_drop_in_cancel);
  g_test_add_func ("/invocation/unref-in-thread", test_invocation_unref_in_thread);
  g_test_add_data_func ("/invocation/returned/data", NULL, test_invocation_returned);
  g_test_add_data_func ("/invocation/returned/bytes", "bytes", test_invocation_returned);
  g_test_add_func ("/invocation/part", test_invocation_part);
  g_test_add_func ("/invocation/outlives", test_invocation_outlives);

  return g_test_run ();
}
