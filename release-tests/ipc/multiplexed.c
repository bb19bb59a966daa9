/* release-tests/ipc/multiplexed.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is particular to multiplexed framing, and what a peer that breaks its rules gets.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#include <sys/uio.h>

typedef struct
{
  ReleaseIpcChannel *channel;
  int                peer;
  GPtrArray         *invocations;
  GString           *events;
  Closed             closed;
  Outcome            outcome;       /* of a call that is open while the peer misbehaves */
} Fixture;

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
set_up (Fixture *self)
{
  memset (self, 0, sizeof *self);
  self->channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &self->peer);
  self->invocations = new_invocations ();
  self->events = g_string_new (NULL);
  release_ipc_channel_set_max_in_flight (self->channel, 4);
  g_signal_connect (self->channel, "closed", G_CALLBACK (closed_cb), &self->closed);
  g_signal_connect (self->channel, "event", G_CALLBACK (event_cb), self->events);
  release_ipc_channel_serve (self->channel, keep_cb, self->invocations, NULL);
}

static void
set_up_greeted (Fixture *self)
{
  set_up (self);
  peer_send_hello (self->peer);
  peer_expect (self->peer, RELEASE_IPC_KIND_HELLO, NULL);
}

static void
tear_down (Fixture *self)
{
  g_ptr_array_unref (self->invocations);
  g_string_free (self->events, TRUE);
  if (self->peer >= 0)
    close (self->peer);
  free_channel (self->channel);
  closed_clear (&self->closed);
  outcome_clear (&self->outcome);
}

/* The channel ends with a protocol error that reads so, and an open call with it. */
static void
expect_end (Fixture    *self,
            const char *pattern)
{
  wait_until (self->closed.n > 0);
  g_assert_error (self->closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
  if (!g_pattern_match_simple (pattern, self->closed.reason->message))
    g_error ("“%s” does not match “%s”", self->closed.reason->message, pattern);
  settle ();
  if (self->outcome.n > 0)
    g_assert_error (self->outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
  g_assert_cmpuint (self->channel->outgoing.n_used, ==, 0);
}

static void
test_multiplexed_hello_first (void)
{
  Fixture f;
  gsize length = 0;
  g_autofree char *payload = NULL;

  g_test_summary ("The first frame is our hello, byte for byte; nothing else leaves before the "
                  "peer's");

  set_up (&f);
  release_ipc_channel_call_string_async (f.channel, "one", -1, NULL, outcome_cb, &f.outcome);
  g_assert_true (release_ipc_channel_send_event_string (f.channel, "event", NULL));
  payload = peer_read (f.peer, &length);
  g_assert_cmpmem (payload, length,
                   "\1\0\0\0" "\0\0\0\0" "\0\0\0\0"
                   "RLSE" "\0\1\0\1" "\0\0\0\1" "\1\0\0\0" "\0\0\0\4" "\0\0\0\1", 36);
  settle ();
  g_assert_cmpint (recv (f.peer, &(char) { 0 }, 1, MSG_DONTWAIT), ==, -1);

  peer_send_hello (f.peer);
  g_assert_cmpuint (peer_expect (f.peer, RELEASE_IPC_KIND_REQUEST, NULL), ==, 1);
  peer_expect (f.peer, RELEASE_IPC_KIND_EVENT, NULL);
  tear_down (&f);
}

static void
test_multiplexed_hello_paused (void)
{
  Fixture f;
  g_autofree char *text = g_strnfill (60, 'x');

  g_test_summary ("What waits for the hello does not keep a channel that pauses from reading it");

  set_up (&f);
  release_ipc_channel_set_pauses (f.channel, TRUE);
  release_ipc_channel_set_max_queue_size (f.channel, 100);
  g_assert_true (release_ipc_channel_send_event_string (f.channel, text, NULL));
  settle ();
  peer_send_hello (f.peer);
  peer_expect (f.peer, RELEASE_IPC_KIND_HELLO, NULL);
  peer_expect (f.peer, RELEASE_IPC_KIND_EVENT, NULL);
  tear_down (&f);
}

static void
test_multiplexed_hello_limits (void)
{
  Fixture f;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strnfill (200, 'x');
  Outcome outcomes[3] = { { 0 } };

  g_test_summary ("The peer's hello lowers our limits of size and number, and raises none");

  set_up (&f);
  peer_send_hello_of (f.peer, 1, 7, 100, 2);
  settle ();
  g_assert_false (release_ipc_channel_send_event_string (f.channel, text, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_TOO_BIG);
  for (guint i = 0; i < 3; i++)
    release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &outcomes[i]);
  wait_until (outcomes[2].n > 0);
  g_assert_error (outcomes[2].error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_assert_cmpuint (outcomes[0].n + outcomes[1].n, ==, 0);
  tear_down (&f);
  for (guint i = 0; i < 3; i++)
    outcome_clear (&outcomes[i]);

  set_up (&f);
  peer_send_hello_of (f.peer, 1, 1, G_MAXUINT32, G_MAXUINT32);
  settle ();
  for (guint i = 0; i < 4; i++)
    release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
  g_clear_error (&error);
  g_assert_null (release_ipc_channel_call_string (f.channel, "x", -1, NULL, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_assert_cmpuint (f.channel->peer_max_message, ==, f.channel->max_message_size);
  tear_down (&f);
}

static void
test_multiplexed_hello_too_late (void)
{
  Fixture f;
  g_autofree char *text = g_strnfill (200, 'x');

  g_test_summary ("A hello that does not take what waits for it ends the channel with LIMIT");

  for (guint i = 0; i < 2; i++)
    {
      set_up (&f);
      if (i == 0)
        g_assert_true (release_ipc_channel_send_event_string (f.channel, text, NULL));
      for (guint j = 0; j < 3; j++)
        release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
      peer_send_hello_of (f.peer, 1, 1, 100, i == 0 ? 8 : 2);
      wait_until (f.closed.n > 0);
      g_assert_error (f.closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
      wait_until (f.outcome.n == 3);
      tear_down (&f);
    }
}

static void
test_multiplexed_bad_hello (void)
{
  static const struct
  {
    guint16     lowest, highest;
    guint32     max_message, max_in_flight;
    const char *pattern;
  } cases[] = {
    { 2, 3, 1000, 1, "The peer speaks no version below 2, this side none above 1" },
    { 0, 3, 1000, 1, "Hello has the versions 0 to 3" },
    { 1, 1, 63, 1, "Hello has impossible limits*" },
    { 1, 1, 1000, 0, "Hello has impossible limits*" },
  };
  Fixture f;

  g_test_summary ("A hello of another version, or with impossible limits, ends the channel");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_up (&f);
      release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
      peer_send_hello_of (f.peer, cases[i].lowest, cases[i].highest, cases[i].max_message,
                          cases[i].max_in_flight);
      expect_end (&f, cases[i].pattern);
      tear_down (&f);
    }

  set_up_greeted (&f);
  peer_send_hello (f.peer);
  expect_end (&f, "The peer said hello twice");
  tear_down (&f);
}

static void
test_multiplexed_plain_peer (void)
{
  static const char *const first[] = { "", "req1+1234", "a first frame of a plain peer, long",
                                       "\2\0\0\0\0\0\0\1\0\0\0\0" };
  Fixture f;

  g_test_summary ("A peer that speaks PLAIN is told so in words");

  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    {
      set_up (&f);
      release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
      peer_send (f.peer, first[i], i == 3 ? 12 : strlen (first[i]));
      expect_end (&f, "The peer's first frame is no hello: it speaks PLAIN; set the framing*");
      tear_down (&f);
    }
}

static void
test_multiplexed_bad_frames (void)
{
  static const struct
  {
    guint8      kind, flags, n_fds, reserved;
    guint32     serial;
    const char *body;
    const char *pattern;
  } cases[] = {
    { 0, 0, 0, 0, 1, "", "Envelope is of unknown kind 0" },
    { 9, 0, 0, 0, 1, "", "Envelope is of unknown kind 9" },
    { 2, 4, 0, 0, 1, "", "Envelope has the unknown flags 0x04" },
    { 2, 0, 0, 1, 1, "", "Envelope has 1 in its reserved byte" },
    { 2, 0, 1, 0, 1, "", "The peer announced 1 descriptors*" },
    { 2, 0, 0, 0, 0, "", "The peer used 0 as the serial of a new request" },
    { 3, 0, 0, 0, 0, "", "The peer answered a request 0 that is not open" },
    { 3, 0, 0, 0, 2, "", "The peer answered a request 2 that is not open" },
    { 4, 0, 0, 0, 2, "", "The peer answered a request 2 that is not open" },
    { 4, 0, 0, 0, 1, "short", "Error of 5 bytes is malformed" },
    { 6, 0, 0, 0, 1, "body", "Cancel has a body of 4 bytes" },
  };
  Fixture f;

  g_test_summary ("A frame that breaks a rule ends that channel, with an error that says which");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_up_greeted (&f);
      release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
      peer_expect (f.peer, RELEASE_IPC_KIND_REQUEST, NULL);
      peer_send_envelope (f.peer, cases[i].kind, cases[i].flags, cases[i].n_fds, cases[i].reserved,
                          cases[i].serial, cases[i].body, strlen (cases[i].body));
      expect_end (&f, cases[i].pattern);
      g_assert_cmpuint (f.outcome.n, ==, 1);
      peer_expect_eof (f.peer);
      tear_down (&f);
    }
}

static void
test_multiplexed_too_short (void)
{
  Fixture f;

  g_test_summary ("A frame too short for an envelope ends the channel");

  set_up_greeted (&f);
  peer_send (f.peer, "\2\0\0\0", 4);
  expect_end (&f, "Frame of 4 bytes is too short for an envelope of 12");
  tear_down (&f);
}

static void
test_multiplexed_ignorable (void)
{
  Fixture f;

  g_test_summary ("Unknown flags of the high half, and a cancel for nothing, are ignored");

  set_up_greeted (&f);
  peer_send_envelope (f.peer, RELEASE_IPC_KIND_EVENT, 0xf0, 0, 0, 0, "a", 1);
  peer_send_envelope (f.peer, RELEASE_IPC_KIND_CANCEL, 0, 0, 0, 77, NULL, 0);
  peer_send_envelope (f.peer, RELEASE_IPC_KIND_EVENT, 0x10, 0, 0, 5, "b", 1);
  settle ();
  g_assert_cmpstr (f.events->str, ==, "a;b;");
  g_assert_cmpuint (f.closed.n, ==, 0);
  tear_down (&f);
}

static void
test_multiplexed_answered_twice (void)
{
  Fixture f;

  g_test_summary ("A request answered twice ends the channel; the first answer counts, also where "
                  "both come in one piece");

  set_up_greeted (&f);
  release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
  settle ();
  peer_send_message (f.peer, RELEASE_IPC_KIND_RESPONSE, 1, "first");
  peer_send_message (f.peer, RELEASE_IPC_KIND_RESPONSE, 1, "second");
  wait_until (f.closed.n > 0);
  g_assert_error (f.closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);
  g_assert_cmpuint (f.outcome.n, ==, 1);
  g_assert_cmpstr (f.outcome.text, ==, "first");
  tear_down (&f);
}

static void
test_multiplexed_serial_reused (void)
{
  Fixture f;

  g_test_summary ("A serial that is still open cannot be that of a new request; later it can");

  set_up_greeted (&f);
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 5, "one");
  wait_until (f.invocations->len == 1);
  answer_at (f.invocations, 0, "eins");
  g_assert_cmpuint (peer_expect (f.peer, RELEASE_IPC_KIND_RESPONSE, NULL), ==, 5);
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 5, "two");
  wait_until (f.invocations->len == 2);
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 5, "three");
  expect_end (&f, "The peer used 5 as the serial of a new request");
  tear_down (&f);
}

static void
test_multiplexed_too_many (void)
{
  Fixture f;

  g_test_summary ("As many requests as agreed are open at once, one more ends the channel");

  set_up_greeted (&f);
  for (guint i = 1; i <= 4; i++)
    peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, i, "x");
  wait_until (f.invocations->len == 4);
  answer_at (f.invocations, 2, "three");
  g_assert_cmpuint (peer_expect (f.peer, RELEASE_IPC_KIND_RESPONSE, NULL), ==, 3);
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 5, "x");
  settle ();
  g_assert_cmpuint (f.invocations->len, ==, 5);
  peer_send_message (f.peer, RELEASE_IPC_KIND_REQUEST, 6, "x");
  expect_end (&f, "The peer opened more than the 4 requests that it may");
  tear_down (&f);
}

static void
test_multiplexed_good_before_bad (void)
{
  Fixture f;

  g_test_summary ("Frames before a bad one are still handed over, those behind it are not");

  set_up_greeted (&f);
  peer_send_message (f.peer, RELEASE_IPC_KIND_EVENT, 0, "good");
  peer_send_message (f.peer, 9, 0, "bad");
  peer_send_message (f.peer, RELEASE_IPC_KIND_EVENT, 0, "behind");
  expect_end (&f, "*unknown kind 9");
  g_assert_cmpstr (f.events->str, ==, "good;");
  tear_down (&f);
}

static void
test_multiplexed_out_of_order (void)
{
  Fixture f;
  Outcome outcomes[4] = { { 0 } };

  g_test_summary ("Answers in any order find their requests");

  set_up_greeted (&f);
  for (guint i = 0; i < 4; i++)
    release_ipc_channel_call_string_async (f.channel, "x", 60000, NULL, outcome_cb, &outcomes[i]);
  settle ();
  peer_send_message (f.peer, RELEASE_IPC_KIND_RESPONSE, 3, "3");
  peer_send_message (f.peer, RELEASE_IPC_KIND_RESPONSE, 1, "1");
  peer_send_message (f.peer, RELEASE_IPC_KIND_EVENT, 0, "between");
  peer_send_message (f.peer, RELEASE_IPC_KIND_RESPONSE, 4, "4");
  settle ();
  g_assert_cmpuint (outcomes[1].n, ==, 0);
  peer_send_message (f.peer, RELEASE_IPC_KIND_RESPONSE, 2, "2");
  wait_until (outcomes[1].n > 0);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (outcomes[i].text[0], ==, '1' + i);
      outcome_clear (&outcomes[i]);
    }
  g_assert_cmpstr (f.events->str, ==, "between;");
  tear_down (&f);
}

static void
test_multiplexed_serial_wraps (void)
{
  Fixture f;
  guint32 serial;

  g_test_summary ("Serials begin anew after the last, and skip 0 and those that are still open");

  set_up_greeted (&f);
  release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
  g_assert_cmpuint (peer_expect (f.peer, RELEASE_IPC_KIND_REQUEST, NULL), ==, 1);
  f.channel->next_serial = G_MAXUINT32;
  release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
  serial = peer_expect (f.peer, RELEASE_IPC_KIND_REQUEST, NULL);
  g_assert_cmpuint (serial, ==, G_MAXUINT32);
  release_ipc_channel_call_string_async (f.channel, "x", -1, NULL, outcome_cb, &f.outcome);
  g_assert_cmpuint (peer_expect (f.peer, RELEASE_IPC_KIND_REQUEST, NULL), ==, 2);
  tear_down (&f);
}

static void
test_multiplexed_both_ways (void)
{
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
  g_auto(Outcome) there = { 0 };
  g_auto(Outcome) back = { 0 };

  g_test_summary ("Both sides ask and answer at once, with the same serials");

  release_ipc_channel_serve (pair.asker, echo_cb, NULL, NULL);
  release_ipc_channel_serve (pair.server, echo_cb, NULL, NULL);
  for (guint i = 0; i < 20; i++)
    {
      release_ipc_channel_call_string_async (pair.asker, "there", -1, NULL, outcome_cb, &there);
      release_ipc_channel_call_string_async (pair.server, "back", -1, NULL, outcome_cb, &back);
    }
  wait_until (there.n == 20 && back.n == 20);
  g_assert_cmpstr (there.text, ==, "there");
  g_assert_cmpstr (back.text, ==, "back");
  free_pair (&pair);
}

static void
test_multiplexed_remote_error (void)
{
  g_autoptr(ReleaseIpcCodec) codec = release_ipc_variant_codec_new ("s", "s", NULL);
  GError *failures[3];
  g_autoptr(GPtrArray) invocations = new_invocations ();
  Outcome outcomes[4] = { { 0 } };
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, codec);

  g_test_summary ("An error of the peer keeps its domain only if the codec knows that; a timeout "
                  "cannot be faked");

  failures[0] = g_error_new (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "Full");
  failures[1] = g_error_new (G_MARKUP_ERROR, 2, "Odd");
  failures[2] = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Faked");
  release_ipc_codec_register_error_domain (codec, G_FILE_ERROR);
  release_ipc_channel_serve (pair.server, keep_cb, invocations, NULL);
  for (guint i = 0; i < 4; i++)
    release_ipc_channel_call_string_async (pair.asker, "x", -1, NULL, outcome_cb, &outcomes[i]);
  wait_until (invocations->len == 4);
  for (guint i = 0; i < 3; i++)
    g_assert_true (release_ipc_invocation_return_error (g_ptr_array_index (invocations, i),
                                                        failures[i], NULL));
  for (guint i = 0; i < 3; i++)
    g_error_free (failures[i]);
  g_ptr_array_set_size (invocations, 0);
  wait_until (outcomes[3].n > 0);

  g_assert_error (outcomes[0].error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_cmpstr (outcomes[0].error->message, ==, "Full");
  g_assert_error (outcomes[1].error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_REMOTE);
  g_assert_cmpstr (outcomes[1].error->message, ==, "Odd (g-markup-error-quark, 2)");
  g_assert_error (outcomes[2].error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_REMOTE);
  g_assert_error (outcomes[3].error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_REMOTE);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (release_ipc_error_is_remote (outcomes[i].error));
      outcome_clear (&outcomes[i]);
    }
  free_pair (&pair);
}

static void
send_with_fds (int        fd,
               const int *fds,
               guint      n_fds,
               gboolean   is_first_byte)
{
  guint8 frame[] = { 0, 0, 0, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  _Alignas (struct cmsghdr) char control[CMSG_SPACE (sizeof (int) * 16)] = { 0 };
  struct iovec iov = { frame + (is_first_byte ? 0 : 5), is_first_byte ? sizeof frame : 11 };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1,
                            .msg_control = control,
                            .msg_controllen = CMSG_SPACE (sizeof (int) * n_fds) };
  struct cmsghdr *cmsg = CMSG_FIRSTHDR (&message);

  if (!is_first_byte)
    peer_send_bytes (fd, frame, 5);
  cmsg->cmsg_level = SOL_SOCKET;
  cmsg->cmsg_type = SCM_RIGHTS;
  cmsg->cmsg_len = CMSG_LEN (sizeof (int) * n_fds);
  memcpy (CMSG_DATA (cmsg), fds, sizeof (int) * n_fds);
  g_assert_cmpint (sendmsg (fd, &message, MSG_NOSIGNAL), ==, iov.iov_len);
}

static void
test_multiplexed_descriptors (void)
{
  g_test_summary ("Descriptors that nobody asked for are closed, and end the channel");

  /* One stays, for the wake-ups of the main context. */
  settle ();
  for (guint i = 0; i < 4; i++)
    {
      guint before = count_fds ();
      Fixture f;
      int fds[16];

      set_up_greeted (&f);
      make_sockets (fds);
      for (guint j = 2; j < 16; j++)
        fds[j] = fds[0];
      if (i % 2 == 1)
        {
          peer_send_message (f.peer, RELEASE_IPC_KIND_EVENT, 0, "before");
          settle ();
        }
      send_with_fds (f.peer, fds, i < 2 ? 2 : 16, i != 3);
      expect_end (&f, "* descriptors came where the limit is 1");
      g_assert_cmpuint (release_ipc_channel_get_n_refused_fds (f.channel), ==, i < 2 ? 2 : 16);
      close (fds[0]);
      close (fds[1]);
      tear_down (&f);
      /* They are closed in another thread. */
      while (count_fds () > before)
        g_usleep (1000);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/multiplexed/hello-first", test_multiplexed_hello_first);
  g_test_add_func ("/multiplexed/hello-paused", test_multiplexed_hello_paused);
  g_test_add_func ("/multiplexed/hello-limits", test_multiplexed_hello_limits);
  g_test_add_func ("/multiplexed/hello-too-late", test_multiplexed_hello_too_late);
  g_test_add_func ("/multiplexed/bad-hello", test_multiplexed_bad_hello);
  g_test_add_func ("/multiplexed/plain-peer", test_multiplexed_plain_peer);
  g_test_add_func ("/multiplexed/bad-frames", test_multiplexed_bad_frames);
  g_test_add_func ("/multiplexed/too-short", test_multiplexed_too_short);
  g_test_add_func ("/multiplexed/ignorable", test_multiplexed_ignorable);
  g_test_add_func ("/multiplexed/answered-twice", test_multiplexed_answered_twice);
  g_test_add_func ("/multiplexed/serial-reused", test_multiplexed_serial_reused);
  g_test_add_func ("/multiplexed/too-many", test_multiplexed_too_many);
  g_test_add_func ("/multiplexed/good-before-bad", test_multiplexed_good_before_bad);
  g_test_add_func ("/multiplexed/out-of-order", test_multiplexed_out_of_order);
  g_test_add_func ("/multiplexed/serial-wraps", test_multiplexed_serial_wraps);
  g_test_add_func ("/multiplexed/both-ways", test_multiplexed_both_ways);
  g_test_add_func ("/multiplexed/remote-error", test_multiplexed_remote_error);
  g_test_add_func ("/multiplexed/descriptors", test_multiplexed_descriptors);

  return g_test_run ();
}
