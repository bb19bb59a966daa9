/* release-tests/ipc/raw.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define LARGE_BYTES (1024 * 1024)

typedef struct
{
  ReleaseIpcChannel *channel;
  guint              n;
  GString           *text;     /* messages that were read, each with a semicolon */
  GError            *error;    /* (nullable): of the last */
  gboolean           again;    /* reads on in the callback */
} Reads;

static void
reads_clear (Reads *reads)
{
  g_string_free (reads->text, TRUE);
  g_clear_error (&reads->error);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reads *reads = user_data;
  g_autoptr(GBytes) bytes = NULL;

  g_clear_error (&reads->error);
  bytes = release_ipc_channel_read_finish (RELEASE_IPC_CHANNEL (source), result, &reads->error);
  g_assert_true ((bytes != NULL) != (reads->error != NULL));
  reads->n++;
  if (bytes == NULL)
    return;

  g_string_append_len (reads->text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_string_append_c (reads->text, ';');
  if (reads->again)
    release_ipc_channel_read_async (RELEASE_IPC_CHANNEL (source), -1, NULL, read_cb, reads);
}

typedef struct
{
  guint   n;
  GError *error;    /* (nullable): of the last */
} Writes;

static void
write_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Writes *writes = user_data;

  g_clear_error (&writes->error);
  release_ipc_channel_write_finish (RELEASE_IPC_CHANNEL (source), result, &writes->error);
  writes->n++;
}

static ReleaseIpcChannel *
new_raw (int *peer)
{
  return new_channel (RELEASE_IPC_FRAMING_PLAIN, release_ipc_string_codec_get_default (), peer);
}

static void
test_raw_sync (void)
{
  g_autoptr(GBytes) message = g_bytes_new ("out", 3);
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Messages are read and written one by one, an empty one is a message");

  channel = new_raw (&peer);
  peer_send_text (peer, "one");
  peer_send_text (peer, "");
  peer_send_text (peer, "three");
  for (guint i = 0; i < 3; i++)
    {
      static const char *const expected[] = { "one", "", "three" };
      g_autoptr(GBytes) bytes = release_ipc_channel_read (channel, -1, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected[i],
                       strlen (expected[i]));
    }
  g_assert_true (release_ipc_channel_write (channel, message, -1, NULL, &error));
  g_assert_no_error (error);
  peer_expect_text (peer, "out");
  close (peer);
  free_channel (channel);
}

static void
test_raw_values (void)
{
  g_auto(GValue) out = G_VALUE_INIT;
  g_auto(GValue) request = G_VALUE_INIT;
  g_auto(GValue) response = G_VALUE_INIT;
  g_auto(GValue) bad = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("The same with values of the codec");

  channel = new_raw (&peer);
  g_value_init (&out, G_TYPE_STRING);
  g_value_set_string (&out, "text");
  g_assert_true (release_ipc_channel_write_request (channel, &out, -1, NULL, &error));
  g_assert_true (release_ipc_channel_write_response (channel, &out, -1, NULL, &error));
  g_assert_no_error (error);
  peer_expect_text (peer, "text");
  peer_expect_text (peer, "text");
  peer_send_text (peer, "request");
  peer_send_text (peer, "response");
  peer_send_text (peer, "\xff");
  g_assert_true (release_ipc_channel_read_request (channel, &request, -1, NULL, &error));
  g_assert_cmpstr (g_value_get_string (&request), ==, "request");
  g_assert_true (release_ipc_channel_read_response (channel, &response, -1, NULL, &error));
  g_assert_cmpstr (g_value_get_string (&response), ==, "response");
  g_assert_no_error (error);
  g_assert_false (release_ipc_channel_read_request (channel, &bad, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  close (peer);
  free_channel (channel);
}

typedef struct
{
  guint n;
  char *text;
} Values;

static void
read_request_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  Values *values = user_data;
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_assert_true (release_ipc_channel_read_request_finish (RELEASE_IPC_CHANNEL (source), result,
                                                          &value, &error));
  g_assert_no_error (error);
  g_free (values->text);
  values->text = g_value_dup_string (&value);
  values->n++;
}

static void
read_response_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Values *values = user_data;
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_assert_false (release_ipc_channel_read_response_finish (RELEASE_IPC_CHANNEL (source), result,
                                                            &value, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  values->n++;
}

static void
write_request_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (release_ipc_channel_write_request_finish (RELEASE_IPC_CHANNEL (source), result,
                                                           &error));
  g_assert_no_error (error);
  ((Values *) user_data)->n++;
}

static void
write_response_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (release_ipc_channel_write_response_finish (RELEASE_IPC_CHANNEL (source), result,
                                                             &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  ((Values *) user_data)->n++;
}

static void
test_raw_values_async (void)
{
  g_auto(GValue) good = G_VALUE_INIT;
  g_auto(GValue) bad = G_VALUE_INIT;
  Values values = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("The same asynchronously; a value or a message that does not fit is an error");

  channel = new_raw (&peer);
  g_value_init (&good, G_TYPE_STRING);
  g_value_set_string (&good, "text");
  g_value_init (&bad, G_TYPE_STRING);
  release_ipc_channel_write_request_async (channel, &good, -1, NULL, write_request_cb, &values);
  release_ipc_channel_write_response_async (channel, &bad, -1, NULL, write_response_cb, &values);
  release_ipc_channel_read_request_async (channel, -1, NULL, read_request_cb, &values);
  release_ipc_channel_read_response_async (channel, -1, NULL, read_response_cb, &values);
  peer_expect_text (peer, "text");
  peer_send_text (peer, "request");
  peer_send_text (peer, "\xff");
  wait_until (values.n == 4);
  g_assert_cmpstr (values.text, ==, "request");
  g_free (values.text);
  close (peer);
  free_channel (channel);
}

static void
test_raw_read_async (void)
{
  Reads reads = { NULL, 0, g_string_new (NULL) };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Reads that wait get the messages in order; what nobody reads stays where it is, "
                  "without spinning");

  channel = new_raw (&peer);
  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  peer_send_text (peer, "one");
  peer_send_text (peer, "two");
  peer_send_text (peer, "three");
  wait_until (reads.n == 2);
  g_assert_cmpstr (reads.text->str, ==, "one;two;");
  peer_send_text (peer, "four");
  g_assert_cmpuint (count_iterations (20), <=, 2);

  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  wait_until (reads.n == 4);
  g_assert_cmpstr (reads.text->str, ==, "one;two;three;four;");
  close (peer);
  settle ();
  reads_clear (&reads);
  free_channel (channel);
}

static void
test_raw_timeout (void)
{
  Reads reads = { NULL, 0, g_string_new (NULL) };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A timeout and a cancellation lose no bytes: the half that has come is kept");

  channel = new_raw (&peer);
  peer_send_bytes (peer, "\0\0\0\11hal", 7);
  g_assert_null (release_ipc_channel_read (channel, 5, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  peer_send_bytes (peer, "f", 1);
  release_ipc_channel_read_async (channel, 5, NULL, read_cb, &reads);
  wait_until (reads.n == 1);
  g_assert_error (reads.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  peer_send_bytes (peer, " an", 3);
  release_ipc_channel_read_async (channel, -1, cancellable, read_cb, &reads);
  settle ();
  g_cancellable_cancel (cancellable);
  wait_until (reads.n == 2);
  g_assert_error (reads.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (release_ipc_channel_read (channel, -1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  release_ipc_channel_read_async (channel, -1, cancellable, read_cb, &reads);
  wait_until (reads.n == 3);
  g_assert_error (reads.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  peer_send_bytes (peer, "d.", 2);
  bytes = release_ipc_channel_read (channel, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "half and.", 9);
  close (peer);
  settle ();
  reads_clear (&reads);
  free_channel (channel);
}

static void
test_raw_eof (gconstpointer user_data)
{
  gsize cut = GPOINTER_TO_SIZE (user_data);
  gint code = cut == 0 ? RELEASE_IPC_ERROR_CLOSED : RELEASE_IPC_ERROR_TRUNCATED;

  g_test_summary ("The end of file is CLOSED between messages and TRUNCATED in one, after all that "
                  "came before");

  for (guint is_async = 0; is_async < 2; is_async++)
    {
      Reads reads = { NULL, 0, g_string_new (NULL), NULL, TRUE };
      g_auto(Closed) closed = { 0 };
      ReleaseIpcChannel *channel;
      int peer;

      channel = new_raw (&peer);
      g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
      peer_send_text (peer, "one");
      peer_send_text (peer, "two");
      peer_send_bytes (peer, "\0\0\0\2x", cut);
      close (peer);
      if (is_async)
        {
          release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
          wait_until (reads.error != NULL);
          g_assert_cmpstr (reads.text->str, ==, "one;two;");
          g_assert_error (reads.error, RELEASE_IPC_ERROR, code);
          settle ();
          g_assert_cmpuint (closed.n, ==, 1);
        }
      for (guint i = 0; i < (is_async ? 2 : 4); i++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(GBytes) bytes = release_ipc_channel_read (channel, -1, NULL, &error);

          g_assert_true ((bytes != NULL) == (error == NULL));
          if (!is_async && i < 2)
            g_assert_no_error (error);
          else
            g_assert_error (error, RELEASE_IPC_ERROR, code);
        }
      reads_clear (&reads);
      free_channel (channel);
    }
}

static void
test_raw_unread_eof (void)
{
  Reads reads = { NULL, 0, g_string_new (NULL), NULL, TRUE };
  g_auto(Closed) closed = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A peer that is gone does not take away what nobody has read yet, and nothing "
                  "spins until somebody does");

  channel = new_raw (&peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  release_ipc_channel_read_async (channel, 0, NULL, read_cb, &reads);
  wait_until (reads.n == 1);
  peer_send_text (peer, "one");
  peer_send_text (peer, "two");
  close (peer);
  settle ();
  g_assert_cmpuint (count_iterations (20), <=, 1);
  g_assert_cmpuint (closed.n, ==, 0);
  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  wait_until (closed.n > 0);
  settle ();
  g_assert_cmpstr (reads.text->str, ==, "one;two;");
  g_assert_error (reads.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  reads_clear (&reads);
  g_assert_finalize_object (channel);
}

static void
test_raw_peer_died (void)
{
  Reads reads = { NULL, 0, g_string_new (NULL), NULL, TRUE };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Nor does the news that its process has died");

  for (guint i = 0; i < 2; i++)
    {
      g_auto(Closed) closed = { 0 };

      channel = new_raw (&peer);
      g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
      release_ipc_channel_read_async (channel, i == 0 ? -1 : 0, NULL, read_cb, &reads);
      if (i == 1)
        {
          wait_until (reads.error != NULL);
          g_clear_error (&reads.error);
        }
      peer_send_text (peer, "one");
      peer_send_text (peer, "two");
      release_ipc_channel_peer_died (channel);
      if (i == 1)
        release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
      wait_until (reads.error != NULL);
      settle ();
      g_assert_cmpstr (reads.text->str, ==, "one;two;");
      g_assert_error (reads.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
      g_assert_cmpuint (closed.n, ==, 1);
      g_string_truncate (reads.text, 0);
      g_clear_error (&reads.error);
      close (peer);
      g_assert_finalize_object (channel);
    }
  reads_clear (&reads);
}

static void
test_raw_write_large (gconstpointer user_data)
{
  gboolean is_half_closed = GPOINTER_TO_INT (user_data);
  g_autofree char *large = g_strnfill (LARGE_BYTES, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (large, LARGE_BYTES);
  g_autoptr(GBytes) small = g_bytes_new ("small", 5);
  Reads reads = { NULL, 0, g_string_new (NULL), NULL, TRUE };
  Writes writes = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Writes that wait are done when the peer has taken them, each in its turn, also "
                  "for a peer that has closed its own end");

  channel = new_raw (&peer);
  peer_send_text (peer, "question");
  if (is_half_closed)
    {
      g_assert_no_errno (shutdown (peer, SHUT_WR));
      reads.again = FALSE;
      release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
      wait_until (reads.n == 1);
      /* The end of file is known before anything is written. */
      peer_send_bytes (peer, NULL, 0);
      g_assert_null (release_ipc_channel_read (channel, -1, NULL, NULL));
    }
  for (guint i = 0; i < 3; i++)
    release_ipc_channel_write_async (channel, i == 1 ? small : bytes, -1, NULL, write_cb, &writes);
  settle ();
  g_assert_cmpuint (count_iterations (20), ==, 0);
  g_assert_cmpuint (writes.n, ==, 0);
  peer_expect_text (peer, large);
  peer_expect_text (peer, "small");
  settle ();
  g_assert_cmpuint (writes.n, >=, 2);
  peer_expect_text (peer, large);
  wait_until (writes.n == 3);
  g_assert_no_error (writes.error);
  close (peer);
  settle ();
  reads_clear (&reads);
  free_channel (channel);
}

static void
test_raw_write_timeout (void)
{
  g_autofree char *large = g_strnfill (LARGE_BYTES, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (large, LARGE_BYTES);
  g_autoptr(GBytes) small = g_bytes_new ("small", 5);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Writes writes = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A write that times out or is cancelled leaves no half message behind: the rest "
                  "still leaves, before the next");

  channel = new_raw (&peer);
  g_assert_false (release_ipc_channel_write (channel, bytes, 5, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  release_ipc_channel_write_async (channel, small, 5, NULL, write_cb, &writes);
  release_ipc_channel_write_async (channel, small, -1, cancellable, write_cb, &writes);
  wait_until (writes.n == 1);
  g_assert_error (writes.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_cancellable_cancel (cancellable);
  wait_until (writes.n == 2);
  g_assert_error (writes.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  release_ipc_channel_write_async (channel, small, -1, cancellable, write_cb, &writes);
  wait_until (writes.n == 3);
  g_assert_error (writes.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  peer_expect_text (peer, large);
  peer_expect_text (peer, "small");
  peer_expect_text (peer, "small");
  close (peer);
  settle ();
  g_clear_error (&writes.error);
  free_channel (channel);
}

static void
test_raw_write_gone (void)
{
  g_autofree char *large = g_strnfill (LARGE_BYTES, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (large, LARGE_BYTES);
  g_autoptr(GError) error = NULL;
  Writes writes = { 0 };
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A write to a peer that goes away fails, waiting or not");

  channel = new_raw (&peer);
  release_ipc_channel_write_async (channel, bytes, -1, NULL, write_cb, &writes);
  settle ();
  close (peer);
  wait_until (writes.n == 1);
  g_assert_error (writes.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  g_assert_false (release_ipc_channel_write (channel, bytes, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  release_ipc_channel_write_async (channel, bytes, -1, NULL, write_cb, &writes);
  wait_until (writes.n == 2);
  g_clear_error (&writes.error);
  free_channel (channel);
}

static void
test_raw_use (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  Reads reads = { NULL, 0, g_string_new (NULL) };
  Writes writes = { 0 };
  g_auto(Outcome) outcome = { 0 };
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A channel is raw or dispatches, by its first use; multiplexed ones are never "
                  "raw");

  channel = new_raw (&peer);
  g_assert_true (release_ipc_channel_write (channel, bytes, -1, NULL, &error));
  g_assert_null (release_ipc_channel_call_string (channel, "x", -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  g_clear_error (&error);
  g_assert_false (release_ipc_channel_send_event_string (channel, "x", &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  g_clear_error (&error);
  release_ipc_channel_start (channel);
  release_ipc_channel_call_string_async (channel, "x", -1, NULL, outcome_cb, &outcome);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  close (peer);
  free_channel (channel);

  channel = new_raw (&peer);
  release_ipc_channel_start (channel);
  g_assert_null (release_ipc_channel_read (channel, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  g_clear_error (&error);
  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  release_ipc_channel_write_async (channel, bytes, -1, NULL, write_cb, &writes);
  wait_until (reads.n > 0 && writes.n > 0);
  g_assert_error (reads.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  g_assert_error (writes.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ROLE);
  close (peer);
  free_channel (channel);
  reads_clear (&reads);
  g_clear_error (&writes.error);

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &peer);
  g_assert_null (release_ipc_channel_read (channel, -1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  close (peer);
  free_channel (channel);
}

static void
test_raw_too_big (void)
{
  g_autofree char *large = g_strnfill (101, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new (large, 101);
  g_autoptr(GBytes) good = NULL;
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("A message above the limit is refused both ways; the one before it is read");

  channel = new_raw (&peer);
  release_ipc_channel_set_max_message_size (channel, 100);
  g_assert_false (release_ipc_channel_write (channel, bytes, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
  g_clear_error (&error);
  peer_send_text (peer, "good");
  peer_send_text (peer, large);
  good = release_ipc_channel_read (channel, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (good), ==, 4);
  g_assert_null (release_ipc_channel_read (channel, -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
  close (peer);
  free_channel (channel);
}

static void
close_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Reads *reads = user_data;

  read_cb (source, result, reads);
  g_clear_object (&reads->channel);
}

static void
test_raw_close_in_callback (void)
{
  Reads reads = { NULL, 0, g_string_new (NULL) };
  ReleaseIpcChannel *channel;
  gpointer weak;
  int peer;

  g_test_summary ("A channel can be let go of in the callback of a read, and closed under others");

  reads.channel = weak = new_raw (&peer);
  g_object_add_weak_pointer (weak, &weak);
  release_ipc_channel_read_async (reads.channel, -1, NULL, close_read_cb, &reads);
  peer_send_text (peer, "one");
  peer_send_text (peer, "two");
  wait_until (reads.n == 1);
  settle ();
  g_assert_null (weak);
  close (peer);

  channel = new_raw (&peer);
  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  release_ipc_channel_read_async (channel, -1, NULL, read_cb, &reads);
  release_ipc_channel_close (channel);
  wait_until (reads.n == 3);
  g_assert_error (reads.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  close (peer);
  settle ();
  g_assert_finalize_object (channel);
  reads_clear (&reads);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/raw/sync", test_raw_sync);
  g_test_add_func ("/raw/values", test_raw_values);
  g_test_add_func ("/raw/values-async", test_raw_values_async);
  g_test_add_func ("/raw/read-async", test_raw_read_async);
  g_test_add_func ("/raw/timeout", test_raw_timeout);
  for (gsize cut = 0; cut < 5; cut++)
    {
      g_autofree char *path = g_strdup_printf ("/raw/eof/%" G_GSIZE_FORMAT, cut);

      g_test_add_data_func (path, GSIZE_TO_POINTER (cut), test_raw_eof);
    }
  g_test_add_func ("/raw/unread-eof", test_raw_unread_eof);
  g_test_add_func ("/raw/peer-died", test_raw_peer_died);
  g_test_add_data_func ("/raw/write-large/open", GINT_TO_POINTER (FALSE), test_raw_write_large);
  g_test_add_data_func ("/raw/write-large/half-closed", GINT_TO_POINTER (TRUE),
                        test_raw_write_large);
  g_test_add_func ("/raw/write-timeout", test_raw_write_timeout);
  g_test_add_func ("/raw/write-gone", test_raw_write_gone);
  g_test_add_func ("/raw/use", test_raw_use);
  g_test_add_func ("/raw/too-big", test_raw_too_big);
  g_test_add_func ("/raw/close-in-callback", test_raw_close_in_callback);

  return g_test_run ();
}
