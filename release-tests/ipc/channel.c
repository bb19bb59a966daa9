/* release-tests/ipc/channel.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#include <fcntl.h>

static void
test_channel_bad_descriptor (void)
{
  g_autoptr(GError) closed_error = NULL;
  g_autoptr(GError) file_error = NULL;
  g_autoptr(GError) datagram_error = NULL;
  int file = open ("/dev/null", O_RDWR | O_CLOEXEC);
  int datagram = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_test_summary ("What is no open stream socket makes no channel, and stays the caller's");

  g_assert_null (release_ipc_channel_new (-1, RELEASE_IPC_FRAMING_PLAIN, NULL, &closed_error));
  g_assert_error (closed_error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_null (release_ipc_channel_new (file, RELEASE_IPC_FRAMING_PLAIN, NULL, &file_error));
  g_assert_error (file_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_null (release_ipc_channel_new (datagram, RELEASE_IPC_FRAMING_PLAIN, NULL,
                                          &datagram_error));
  g_assert_error (datagram_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_no_errno (close (file));
  g_assert_no_errno (close (datagram));
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  g_string_append_printf (user_data, "%s;", pspec->name);
}

static void
test_channel_properties (void)
{
  ReleaseIpcCodec *codec = release_ipc_bytes_codec_get_default ();
  g_autoptr(GString) notified = g_string_new (NULL);
  g_autoptr(ReleaseIpcCodec) got_codec = NULL;
  g_autoptr(GCredentials) credentials = NULL;
  ReleaseIpcFraming framing;
  guint max_message_size, max_in_flight;
  guint64 max_queue_size;
  int stall_timeout;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("The properties have the values that the reference says, and tell of changes");

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, codec, &peer);
  g_signal_connect (channel, "notify", G_CALLBACK (notify_cb), notified);
  g_object_get (channel,
                "framing", &framing, "codec", &got_codec, "peer-credentials", &credentials,
                "max-message-size", &max_message_size, "max-in-flight", &max_in_flight,
                "max-queue-size", &max_queue_size, "stall-timeout", &stall_timeout,
                NULL);
  g_assert_cmpint (framing, ==, RELEASE_IPC_FRAMING_MULTIPLEXED);
  g_assert_cmpint (release_ipc_channel_get_framing (channel), ==, framing);
  g_assert_true (got_codec == codec && release_ipc_channel_get_codec (channel) == codec);
  g_assert_null (credentials);
  g_assert_null (release_ipc_channel_get_peer_credentials (channel));
  g_assert_cmpuint (max_message_size, ==, 16 * 1024 * 1024);
  g_assert_cmpuint (max_in_flight, ==, 256);
  g_assert_cmpuint (max_queue_size, ==, 32 * 1024 * 1024);
  g_assert_cmpint (stall_timeout, ==, 30000);

  g_object_set (channel, "max-message-size", 1000, NULL);
  g_object_set (channel, "max-in-flight", 3, NULL);
  g_object_set (channel, "max-queue-size", (guint64) 5000, NULL);
  g_object_set (channel, "stall-timeout", -1, NULL);
  g_object_set (channel, "max-in-flight", 3, NULL);
  g_assert_cmpuint (release_ipc_channel_get_max_message_size (channel), ==, 1000);
  g_assert_cmpuint (release_ipc_channel_get_max_in_flight (channel), ==, 3);
  g_assert_cmpuint (release_ipc_channel_get_max_queue_size (channel), ==, 5000);
  g_assert_cmpint (release_ipc_channel_get_stall_timeout (channel), ==, -1);
  g_assert_cmpstr (notified->str, ==,
                   "max-message-size;max-in-flight;max-queue-size;stall-timeout;");
  close (peer);
  free_channel (channel);
}

static void
test_channel_credentials (void)
{
  GCredentials *credentials = g_credentials_new ();
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Credentials are those that the channel was given");

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_set_peer_credentials (channel, credentials);
  g_assert_true (release_ipc_channel_get_peer_credentials (channel) == credentials);
  release_ipc_channel_set_peer_credentials (channel, NULL);
  g_assert_null (release_ipc_channel_get_peer_credentials (channel));
  close (peer);
  free_channel (channel);
}

static void
test_channel_unused (void)
{
  ReleaseIpcChannel *channel;
  g_auto(Closed) closed = { 0 };
  int peer;

  g_test_summary ("A channel that was never used says nothing and reads nothing; let go of it "
                  "closes");

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &peer);
  g_signal_connect (channel, "closed", G_CALLBACK (closed_cb), &closed);
  peer_send_hello (peer);
  settle ();
  g_assert_cmpint (recv (peer, &(char) { 0 }, 1, MSG_DONTWAIT), ==, -1);
  g_assert_false (release_ipc_channel_is_closed (channel));
  g_assert_finalize_object (channel);
  g_assert_cmpuint (closed.n, ==, 1);
  g_assert_null (closed.reason);
  peer_expect_eof (peer);
  close (peer);
}

static void
test_channel_without_descriptor (void)
{
  ReleaseIpcChannel *channel = g_object_new (RELEASE_TYPE_IPC_CHANNEL, NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A channel that was made without a descriptor is a closed one");

  g_assert_true (release_ipc_channel_is_closed (channel));
  release_ipc_channel_start (channel);
  g_assert_null (release_ipc_channel_call_string (channel, "x", -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  g_assert_finalize_object (channel);
}

static void
test_channel_flags (void)
{
  ReleaseIpcChannel *channel;
  int peer, flags;

  g_test_summary ("The descriptor stays blocking: it may be shared with a foreign master");

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &peer);
  flags = fcntl (channel->fd, F_GETFL);
  release_ipc_channel_start (channel);
  settle ();
  g_assert_cmpint (fcntl (channel->fd, F_GETFL), ==, flags);
  g_assert_cmpint (flags & O_NONBLOCK, ==, 0);
  close (peer);
  free_channel (channel);
}

static void
test_channel_early (void)
{
  g_auto(Outcome) outcome = { 0 };
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);

  g_test_summary ("A request that came before the channel was started is not lost");

  release_ipc_channel_call_string_async (pair.asker, "early", -1, NULL, outcome_cb, &outcome);
  settle ();
  g_assert_cmpuint (outcome.n, ==, 0);
  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  release_ipc_channel_start (pair.server);
  wait_until (outcome.n > 0);
  g_assert_cmpstr (outcome.text, ==, "early");
  free_pair (&pair);
}

static void
event_cb (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          gpointer           user_data)
{
  const GValue *value = release_ipc_message_get_value (message);

  g_string_append_printf (user_data, "%s;", value != NULL ? g_value_get_string (value) : "none");
}

static void
test_channel_events (void)
{
  ReleaseIpcCodec *codec = release_ipc_string_codec_get_default ();
  g_autoptr(GString) events = g_string_new (NULL);
  g_autoptr(GString) bare = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new ("two", 3);
  g_auto(GValue) value = G_VALUE_INIT;
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, codec);
  Pair without = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);

  g_test_summary ("Events arrive in order, decoded by the codec; without a codec only bytes can be "
                  "sent, and no value comes");

  g_signal_connect (pair.server, "event", G_CALLBACK (event_cb), events);
  release_ipc_channel_start (pair.server);
  release_ipc_channel_start (pair.asker);
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "one");
  g_assert_true (release_ipc_channel_send_event (pair.asker, &value, &error));
  g_assert_true (release_ipc_channel_send_event_bytes (pair.asker, bytes, &error));
  g_assert_true (release_ipc_channel_send_event_string (pair.asker, "", &error));
  g_assert_true (release_ipc_channel_send_event_string (pair.asker, "four", &error));
  g_assert_no_error (error);
  wait_until (g_str_has_suffix (events->str, "four;"));
  g_assert_cmpstr (events->str, ==, "one;two;;four;");
  free_pair (&pair);

  g_signal_connect (without.server, "event", G_CALLBACK (event_cb), bare);
  release_ipc_channel_start (without.server);
  release_ipc_channel_start (without.asker);
  g_assert_false (release_ipc_channel_send_event (without.asker, &value, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_true (release_ipc_channel_send_event_bytes (without.asker, bytes, NULL));
  wait_until (bare->len > 0);
  g_assert_cmpstr (bare->str, ==, "none;");
  free_pair (&without);
}

static guint n_logged = 0;

static GLogWriterOutput
log_cb (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_assert_cmpstr (fields[i].value, ==, "Dropped an event: Message of 2 bytes is not text");
  n_logged++;

  return G_LOG_WRITER_HANDLED;
}

static void
test_channel_bad_events (void)
{
  g_autoptr(GString) events = g_string_new (NULL);
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Events that the codec refuses are dropped, and logged no more than once a "
                  "second");

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, release_ipc_string_codec_get_default (),
                         &peer);
  g_signal_connect (channel, "event", G_CALLBACK (event_cb), events);
  release_ipc_channel_start (channel);
  peer_send_hello (peer);
  for (guint i = 0; i < 50; i++)
    peer_send_message (peer, RELEASE_IPC_KIND_EVENT, 0, "\xff\n");
  peer_send_message (peer, RELEASE_IPC_KIND_EVENT, 0, "good");
  wait_until (events->len > 0);
  g_assert_cmpstr (events->str, ==, "good;");
  g_assert_cmpuint (n_logged, ==, 1);
  close (peer);
  free_channel (channel);
}

static void
test_channel_closed_events (void)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int peer;

  g_test_summary ("Nothing can be sent on a channel that has ended; the error is what ended it");

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &peer);
  release_ipc_channel_start (channel);
  peer_send_text (peer, "a frame that is no hello");
  wait_until (release_ipc_channel_is_closed (channel));
  g_assert_false (release_ipc_channel_send_event_string (channel, "x", &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
  close (peer);
  free_channel (channel);
}

static gpointer
thread_func (gpointer data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_auto(Outcome) outcome = { 0 };
  Pair pair;

  g_main_context_push_thread_default (context);
  pair = new_pair (GPOINTER_TO_INT (data), NULL);
  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  for (guint i = 1; i <= 200; i++)
    {
      release_ipc_channel_call_string_async (pair.asker, "x", 60000, NULL, outcome_cb, &outcome);
      while (outcome.n < i)
        g_main_context_iteration (context, TRUE);
    }
  release_ipc_channel_close (pair.asker);
  release_ipc_channel_close (pair.server);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_finalize_object (pair.asker);
  g_assert_finalize_object (pair.server);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_channel_threads (void)
{
  GThread *threads[6];

  g_test_summary ("Threads with main contexts of their own have channels of their own");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("channels", thread_func, GINT_TO_POINTER (i % 2));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (log_cb, NULL, NULL);

  g_test_add_func ("/channel/bad-descriptor", test_channel_bad_descriptor);
  g_test_add_func ("/channel/properties", test_channel_properties);
  g_test_add_func ("/channel/credentials", test_channel_credentials);
  g_test_add_func ("/channel/unused", test_channel_unused);
  g_test_add_func ("/channel/without-descriptor", test_channel_without_descriptor);
  g_test_add_func ("/channel/flags", test_channel_flags);
  g_test_add_func ("/channel/early", test_channel_early);
  g_test_add_func ("/channel/events", test_channel_events);
  g_test_add_func ("/channel/bad-events", test_channel_bad_events);
  g_test_add_func ("/channel/closed-events", test_channel_closed_events);
  g_test_add_func ("/channel/threads", test_channel_threads);

  return g_test_run ();
}
