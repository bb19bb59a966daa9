/* release-tests/ipc/reentry.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a callback may do: run a main loop, call, close the channel, let go of it.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

static ReleaseIpcChannel *
new_ready_channel (int *peer)
{
  ReleaseIpcChannel *channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, peer);

  peer_send_hello (*peer);
  return channel;
}

typedef struct
{
  Outcome outcome;
  guint   n_events;
  guint   n_nested;
} Nested;

static gboolean
nested_request_cb (ReleaseIpcChannel    *channel,
                   ReleaseIpcInvocation *invocation,
                   gpointer              user_data)
{
  Nested *nested = user_data;

  /* A second request that comes meanwhile is answered in the nested loop. */
  if (nested->n_nested++ == 0)
    {
      release_ipc_channel_call_string_async (channel, "from inside", -1, NULL, outcome_cb,
                                             &nested->outcome);
      wait_until (nested->outcome.n > 0);
    }
  return echo_cb (channel, invocation, NULL);
}

static void
test_reentry_nested_call (void)
{
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
  Nested nested = { { 0 } };
  Outcome outcomes[2] = { { 0 } };

  g_test_summary ("A handler that runs a main loop can call there, and be called");

  release_ipc_channel_serve (pair.asker, echo_cb, NULL, NULL);
  release_ipc_channel_serve (pair.server, nested_request_cb, &nested, NULL);
  for (guint i = 0; i < 2; i++)
    release_ipc_channel_call_string_async (pair.asker, "x", 60000, NULL, outcome_cb, &outcomes[i]);
  wait_until (outcomes[0].n > 0 && outcomes[1].n > 0);
  g_assert_cmpstr (nested.outcome.text, ==, "from inside");
  g_assert_cmpuint (nested.n_nested, ==, 2);
  free_pair (&pair);
  outcome_clear (&nested.outcome);
  for (guint i = 0; i < 2; i++)
    outcome_clear (&outcomes[i]);
}

static void
nested_event_cb (ReleaseIpcChannel *channel,
                 ReleaseIpcMessage *message,
                 gpointer           user_data)
{
  Nested *nested = user_data;

  if (nested->n_events++ == 0)
    wait_until (nested->n_events == 3);
}

static void
test_reentry_nested_rest (void)
{
  ReleaseIpcChannel *channel;
  Nested nested = { { 0 } };
  int peer;

  g_test_summary ("A main loop inside a callback goes on with the frames that came with this one");

  channel = new_ready_channel (&peer);
  g_signal_connect (channel, "event", G_CALLBACK (nested_event_cb), &nested);
  for (guint i = 0; i < 3; i++)
    peer_send_message (peer, RELEASE_IPC_KIND_EVENT, 0, "x");
  release_ipc_channel_start (channel);
  wait_until (nested.n_events == 3);
  settle ();
  close (peer);
  free_channel (channel);
}

static gpointer
echo_thread (gpointer data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;

  g_main_context_push_thread_default (context);
  channel = release_ipc_channel_new (GPOINTER_TO_INT (data), RELEASE_IPC_FRAMING_MULTIPLEXED, NULL,
                                     &error);
  g_assert_no_error (error);
  release_ipc_channel_serve (channel, echo_cb, NULL, NULL);
  while (!release_ipc_channel_is_closed (channel))
    g_main_context_iteration (context, TRUE);
  g_assert_finalize_object (channel);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static gboolean
sync_request_cb (ReleaseIpcChannel    *channel,
                 ReleaseIpcInvocation *invocation,
                 gpointer              user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  /* On this channel and on another one, whose peer is in another thread. */
  text = release_ipc_channel_call_string (user_data, "asked inside", -1, NULL, &error);
  g_assert_no_error (error);
  release_ipc_invocation_return_string (invocation, text, NULL);
  return TRUE;
}

static void
test_reentry_sync_call (void)
{
  ReleaseIpcChannel *channel, *other;
  GThread *thread;
  int peer, fd;

  g_test_summary ("A handler can call another channel synchronously, again and again");

  channel = new_ready_channel (&peer);
  other = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &fd);
  thread = g_thread_new ("echo", echo_thread, GINT_TO_POINTER (fd));
  release_ipc_channel_serve (channel, sync_request_cb, other, NULL);
  peer_expect (peer, RELEASE_IPC_KIND_HELLO, NULL);
  for (guint i = 1; i <= 50; i++)
    {
      g_autofree char *body = NULL;

      peer_send_message (peer, RELEASE_IPC_KIND_REQUEST, i, "x");
      g_assert_cmpuint (peer_expect (peer, RELEASE_IPC_KIND_RESPONSE, &body), ==, i);
      g_assert_cmpstr (body, ==, "asked inside");
    }
  free_channel (other);
  g_thread_join (thread);
  close (peer);
  free_channel (channel);
}

static gpointer
call_back_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  guint8 hello[40];

  g_assert_cmpint (recv (fd, hello, sizeof hello, MSG_WAITALL), ==, 40);
  for (guint i = 1; i <= 20; i++)
    {
      guint8 request[] = { 0, 0, 0, 13, 2, 0, 0, 0, 0, 0, 0, i, 0, 0, 0, 0, 'x' };
      guint8 event[] = { 0, 0, 0, 12, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
      guint8 inner[16 + 12];
      guint8 outer[16 + 5];

      g_assert_cmpint (send (fd, request, sizeof request, MSG_NOSIGNAL), ==, sizeof request);
      /* The handler asks in turn; an event comes before its answer. */
      g_assert_cmpint (recv (fd, inner, sizeof inner, MSG_WAITALL), ==, sizeof inner);
      g_assert_cmpmem (inner + 16, 12, "asked inside", 12);
      g_assert_cmpint (send (fd, event, sizeof event, MSG_NOSIGNAL), ==, sizeof event);
      inner[3] = 17;
      inner[4] = RELEASE_IPC_KIND_RESPONSE;
      g_assert_cmpint (send (fd, inner, 16 + 5, MSG_NOSIGNAL), ==, 16 + 5);
      g_assert_cmpint (recv (fd, outer, sizeof outer, MSG_WAITALL), ==, sizeof outer);
      g_assert_cmpuint (outer[4], ==, RELEASE_IPC_KIND_RESPONSE);
      g_assert_cmpmem (outer + 16, 5, "asked", 5);
    }
  close (fd);

  return NULL;
}

static void
count_event_cb (ReleaseIpcChannel *channel,
                ReleaseIpcMessage *message,
                gpointer           user_data)
{
  guint *n = user_data;

  (*n)++;
}

static void
test_reentry_sync_call_back (void)
{
  ReleaseIpcChannel *channel;
  GThread *thread;
  guint n_events = 0;
  int peer;

  g_test_summary ("A handler can call back synchronously on the channel that asked it; events that "
                  "come meanwhile are kept");

  channel = new_ready_channel (&peer);
  g_signal_connect (channel, "event", G_CALLBACK (count_event_cb), &n_events);
  release_ipc_channel_serve (channel, sync_request_cb, channel, NULL);
  thread = g_thread_new ("call-back", call_back_thread, GINT_TO_POINTER (peer));
  wait_until (release_ipc_channel_is_closed (channel));
  g_thread_join (thread);
  g_assert_cmpuint (n_events, ==, 20);
  g_assert_finalize_object (channel);
}

typedef enum
{
  END_CLOSE,
  END_UNREF,
  END_CLOSE_NESTED,
  N_ENDS,
} End;

typedef struct
{
  ReleaseIpcChannel *channel;
  End                end;
  guint              n;
} Ender;

static gboolean
close_in_idle_cb (gpointer user_data)
{
  Ender *ender = user_data;

  release_ipc_channel_close (ender->channel);
  g_clear_object (&ender->channel);
  return G_SOURCE_REMOVE;
}

/* Ends the channel in one of three ways. */
static void
end_channel (Ender *ender)
{
  if (ender->n++ > 0)
    return;

  if (ender->end == END_CLOSE)
    release_ipc_channel_close (ender->channel);
  if (ender->end != END_CLOSE_NESTED)
    {
      g_clear_object (&ender->channel);
      return;
    }

  g_idle_add (close_in_idle_cb, ender);
  wait_until (ender->channel == NULL);
}

static gboolean
end_serve_cb (ReleaseIpcChannel    *channel,
              ReleaseIpcInvocation *invocation,
              gpointer              user_data)
{
  end_channel (user_data);
  return FALSE;
}

static void
end_event_cb (ReleaseIpcChannel *channel,
              ReleaseIpcMessage *message,
              gpointer           user_data)
{
  end_channel (user_data);
}

static void
end_closed_cb (ReleaseIpcChannel *channel,
               const GError      *error,
               gpointer           user_data)
{
  end_channel (user_data);
}

static void
end_task_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_free (release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (source), result, NULL));
  end_channel (user_data);
}

static void
end_data_cb (ReleaseIpcChannel *channel,
             gconstpointer      data,
             gsize              length,
             const GError      *error,
             gpointer           user_data)
{
  end_channel (user_data);
}

static void
end_destroy_cb (gpointer user_data)
{
  Ender *ender = user_data;

  if (ender->channel != NULL)
    release_ipc_channel_close (ender->channel);
}

static void
test_reentry_end (gconstpointer user_data)
{
  const char *where = user_data;

  g_test_summary ("A channel can be closed, let go of, or closed inside a nested main loop, in "
                  "every kind of callback, with frames and calls left");

  for (End end = 0; end < N_ENDS; end++)
    {
      GCancellable *cancellable = g_cancellable_new ();
      g_autoptr(GPtrArray) invocations = new_invocations ();
      Ender ender = { NULL, end };
      g_auto(Outcome) open = { 0 };
      gpointer weak;
      int peer;

      ender.channel = weak = new_ready_channel (&peer);
      g_object_add_weak_pointer (weak, &weak);
      if (g_str_equal (where, "serve"))
        release_ipc_channel_serve (ender.channel, end_serve_cb, &ender, NULL);
      else
        release_ipc_channel_serve (ender.channel, keep_cb, invocations, NULL);
      if (g_str_equal (where, "event"))
        g_signal_connect (ender.channel, "event", G_CALLBACK (end_event_cb), &ender);
      if (g_str_equal (where, "closed"))
        g_signal_connect (ender.channel, "closed", G_CALLBACK (end_closed_cb), &ender);
      if (g_str_equal (where, "task"))
        release_ipc_channel_call_string_async (ender.channel, "x", -1, NULL, end_task_cb, &ender);
      else if (g_str_equal (where, "data"))
        release_ipc_channel_call_data (ender.channel, "x", 1, -1, NULL, end_data_cb, &ender);
      else if (g_str_equal (where, "timeout"))
        release_ipc_channel_call_data (ender.channel, "x", 1, 1, NULL, end_data_cb, &ender);
      else if (g_str_equal (where, "cancelled"))
        release_ipc_channel_call_data (ender.channel, "x", 1, -1, cancellable, end_data_cb, &ender);
      for (guint i = 0; i < 3; i++)
        release_ipc_channel_call_string_async (ender.channel, "y", 5000, cancellable, outcome_cb,
                                               &open);

      settle ();
      if (g_str_equal (where, "cancelled"))
        g_cancellable_cancel (cancellable);
      if (g_str_equal (where, "task") || g_str_equal (where, "data"))
        peer_send_message (peer, RELEASE_IPC_KIND_RESPONSE, 1, "answer");
      peer_send_message (peer, RELEASE_IPC_KIND_EVENT, 0, "event");
      for (guint i = 1; i < 4; i++)
        peer_send_message (peer, RELEASE_IPC_KIND_REQUEST, i, "request");
      if (g_str_equal (where, "closed"))
        shutdown (peer, SHUT_RDWR);

      wait_until (ender.n > 0 && ender.channel == NULL);
      if (end == END_UNREF)
        {
          /* The open calls keep it. */
          close (peer);
          peer = -1;
        }
      wait_until (open.n == 3);
      settle ();
      g_assert_nonnull (open.error);
      g_ptr_array_set_size (invocations, 0);
      settle ();
      g_assert_null (weak);
      if (peer >= 0)
        close (peer);
      g_assert_finalize_object (cancellable);
    }
}

static void
test_reentry_replace_handler (void)
{
  ReleaseIpcChannel *channel;
  Ender first = { NULL }, second = { NULL };
  int peer;

  g_test_summary ("A second handler takes the place of the first, whose data is freed, also if "
                  "that closes the channel");

  channel = new_ready_channel (&peer);
  release_ipc_channel_serve (channel, echo_cb, &first, end_destroy_cb);
  first.channel = channel;
  release_ipc_channel_serve (channel, echo_cb, &second, end_destroy_cb);
  g_assert_true (release_ipc_channel_is_closed (channel));
  close (peer);
  g_assert_finalize_object (channel);
}

static void
peer_died_event_cb (ReleaseIpcChannel *channel,
                    ReleaseIpcMessage *message,
                    gpointer           user_data)
{
  Nested *nested = user_data;

  nested->n_events++;
  release_ipc_channel_peer_died (channel);
}

static void
test_reentry_peer_died (void)
{
  ReleaseIpcChannel *channel;
  Nested nested = { { 0 } };
  int peer;

  g_test_summary ("The news that the peer has died may come in a callback; the frames left are "
                  "handed over once each");

  channel = new_ready_channel (&peer);
  g_signal_connect (channel, "event", G_CALLBACK (peer_died_event_cb), &nested);
  for (guint i = 0; i < 5; i++)
    peer_send_message (peer, RELEASE_IPC_KIND_EVENT, 0, "x");
  release_ipc_channel_start (channel);
  wait_until (release_ipc_channel_is_closed (channel));
  g_assert_cmpuint (nested.n_events, ==, 5);
  settle ();
  close (peer);
  g_assert_finalize_object (channel);
}

int
main (int    argc,
      char **argv)
{
  static const char *const places[] = {
    "serve", "event", "closed", "task", "data", "timeout", "cancelled",
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reentry/nested-call", test_reentry_nested_call);
  g_test_add_func ("/reentry/nested-rest", test_reentry_nested_rest);
  g_test_add_func ("/reentry/sync-call", test_reentry_sync_call);
  g_test_add_func ("/reentry/sync-call-back", test_reentry_sync_call_back);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_strconcat ("/reentry/end/", places[i], NULL);

      g_test_add_data_func (path, places[i], test_reentry_end);
    }
  g_test_add_func ("/reentry/replace-handler", test_reentry_replace_handler);
  g_test_add_func ("/reentry/peer-died", test_reentry_peer_died);

  return g_test_run ();
}
