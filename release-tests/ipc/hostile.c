/* release-tests/ipc/hostile.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Peers that try to block the process, or that read nothing before they have sent everything.
 */

#include "config.h"

#include "release-tests/ipc/lingering.h"
#include "release-tests/ipc/memfd-harness.h"

static void
test_hostile_unread (void)
{
  Fixture fixture;
  guint8 frame[RELEASE_IPC_MEMFD_FRAME_SIZE];
  int peers[3];

  g_test_summary ("Sockets that nobody takes, whose close takes for ever, do not block the end");

  set_up (&fixture);
  pack_frame (frame, RELEASE_IPC_KIND_EVENT, 0, SIZE_BYTES);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    send_lingering (fixture.peer, frame, sizeof frame, &peers[i]);

  /* The first is no memfd; the others are never read. */
  wait_until (fixture.closed.n > 0);
  g_assert_error (fixture.closed.reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL);

  /* A peer that resets the connection ends the wait of whoever is closing it. */
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    close (peers[i]);
  tear_down (&fixture);
}

static void
test_hostile_unread_by_choice (void)
{
  Fixture fixture;
  int peer;

  g_test_summary ("This side can close a channel at any time, whatever is in its socket");

  set_up_for (&fixture, RELEASE_IPC_FRAMING_PLAIN);
  release_ipc_channel_start (fixture.channel);
  send_lingering (fixture.peer, "x", 1, &peer);
  release_ipc_channel_close (fixture.channel);
  g_assert_cmpuint (fixture.closed.n, ==, 1);
  close (peer);
  tear_down (&fixture);
}

static void
test_hostile_eager (void)
{
  guint8 message[20] = { 0, 0, 0, 16 };
  g_autoptr(GByteArray) requests = g_byte_array_new ();
  g_autofree guint8 *answers = NULL;
  ReleaseIpcChannel *channel;
  guint n_waits = 0;
  gsize sent = 0;
  int peer;

  g_test_summary ("One that sends everything before it reads anything is waited for once at most");

  for (guint i = 0; i < 50000; i++)
    g_byte_array_append (requests, message, sizeof message);

  channel = new_channel (RELEASE_IPC_FRAMING_PLAIN, NULL, &peer);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  while (sent < requests->len || channel->writer.accepted < requests->len)
    {
      gboolean waited = release_io_timer_is_armed (&channel->patience_timer);
      gssize n = send (peer, requests->data + sent, requests->len - sent,
                       MSG_DONTWAIT | MSG_NOSIGNAL);

      sent += MAX (n, 0);
      g_main_context_iteration (NULL, n < 0);
      n_waits += !waited && release_io_timer_is_armed (&channel->patience_timer);
    }
  g_assert_cmpuint (n_waits, <=, 1);

  answers = g_malloc (requests->len);
  g_assert_true (peer_read_bytes (peer, answers, requests->len));
  g_assert_cmpmem (answers, requests->len, requests->data, requests->len);
  close (peer);
  free_channel (channel);
}

static void
test_hostile_asked (void)
{
  g_autofree guint8 *body = g_malloc0 (64 * 1024);
  ReleaseIpcChannel *channel;
  Outcome outcome = { 0 };
  int peer;

  g_test_summary ("Whoever asks a peer that does not read reads at once, to find the answer");

  channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &peer);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  peer_send_hello (peer);
  for (guint serial = 1; !release_io_timer_is_armed (&channel->patience_timer); serial++)
    {
      /* On a slow machine the patience may be over already: then the peer has to read. */
      while (channel->is_impatient && recv (peer, body, 64 * 1024, MSG_DONTWAIT) > 0)
        settle ();
      peer_send_envelope (peer, RELEASE_IPC_KIND_REQUEST, 0, 0, 0, serial, body, 64 * 1024);
      while (!release_io_timer_is_armed (&channel->patience_timer) &&
             g_main_context_iteration (NULL, FALSE));
    }

  release_ipc_channel_call_data (channel, "x", 1, -1, NULL, outcome_data_cb, &outcome);
  settle ();
  g_assert_false (release_io_timer_is_armed (&channel->patience_timer));

  close (peer);
  wait_until (outcome.n > 0);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  outcome_clear (&outcome);
  free_channel (channel);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hostile/unread-descriptors", test_hostile_unread);
  g_test_add_func ("/hostile/unread-descriptors-of-our-own-accord", test_hostile_unread_by_choice);
  g_test_add_func ("/hostile/eager", test_hostile_eager);
  g_test_add_func ("/hostile/asked", test_hostile_asked);

  return g_test_run ();
}
