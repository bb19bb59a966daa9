/* release-tests/ipc/ipc-test.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the tests of channels share: a channel whose peer is a bare descriptor, so that a test
 * decides every byte; a pair of channels; and how a call ended.
 */

#pragma once

#include "release-tests/count-fds.h"
#include "release/ipc/release-ipc-core-private.h"
#include "release/ipc/release-ipc-error.h"
#include "release/ipc/release-ipc-string-codec.h"
#include "release/release.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Runs the main context until @condition holds; the time limit of the test ends it otherwise. */
#define wait_until(condition) \
  G_STMT_START { \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
  } G_STMT_END

/* Runs what is due now. Fails if there is no end of it: then something spins. */
#define SETTLE_ITERATIONS 2000

G_GNUC_UNUSED static guint
settle (void)
{
  guint n = 0;

  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpuint (n++, <, SETTLE_ITERATIONS);

  return n;
}

/* Lets a time pass in which nothing must be dispatched but what a test waits for. */
G_GNUC_UNUSED static guint
count_iterations (guint msec)
{
  gint64 end = g_get_monotonic_time () + msec * G_TIME_SPAN_MILLISECOND;
  guint n = 0;

  while (g_get_monotonic_time () < end)
    {
      if (g_main_context_iteration (NULL, FALSE))
        n++;
      else
        g_usleep (1000);
    }

  return n;
}

G_GNUC_UNUSED static void
make_sockets (int *fds)
{
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
}

/* A channel, and the descriptor of its peer. */
G_GNUC_UNUSED static ReleaseIpcChannel *
new_channel (ReleaseIpcFraming  framing,
             ReleaseIpcCodec   *codec,
             int               *peer)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int fds[2];

  make_sockets (fds);
  channel = release_ipc_channel_new (fds[0], framing, codec, &error);
  g_assert_no_error (error);
  *peer = fds[1];

  return channel;
}

typedef struct
{
  ReleaseIpcChannel *asker;
  ReleaseIpcChannel *server;
} Pair;

G_GNUC_UNUSED static Pair
new_pair (ReleaseIpcFraming  framing,
          ReleaseIpcCodec   *codec)
{
  g_autoptr(GError) error = NULL;
  Pair pair;
  int fd;

  pair.asker = new_channel (framing, codec, &fd);
  pair.server = release_ipc_channel_new (fd, framing, codec, &error);
  g_assert_no_error (error);

  return pair;
}

/* Nobody but the test holds the channels any more. */
G_GNUC_UNUSED static void
free_channel (ReleaseIpcChannel *channel)
{
  release_ipc_channel_close (channel);
  settle ();
  g_assert_finalize_object (channel);
}

G_GNUC_UNUSED static void
free_pair (Pair *pair)
{
  release_ipc_channel_close (pair->asker);
  release_ipc_channel_close (pair->server);
  settle ();
  g_assert_finalize_object (pair->asker);
  g_assert_finalize_object (pair->server);
}

/* The peer's side. All of these run the main context while they wait. What is sent to a channel
 * that has ended already is lost. */
G_GNUC_UNUSED static void
peer_send_bytes (int           fd,
                 gconstpointer data,
                 gsize         length)
{
  const guint8 *p = data;

  while (length > 0)
    {
      gssize n = send (fd, p, length, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0 && errno == EPIPE)
        return;
      if (n < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          if (!g_main_context_iteration (NULL, FALSE))
            g_usleep (100);
          continue;
        }
      p += n;
      length -= n;
    }
}

G_GNUC_UNUSED static void
peer_send (int           fd,
           gconstpointer payload,
           gsize         length)
{
  guint8 head[RELEASE_IPC_LENGTH_SIZE];

  release_ipc_length_pack (length, head);
  peer_send_bytes (fd, head, sizeof head);
  peer_send_bytes (fd, payload, length);
}

G_GNUC_UNUSED static void
peer_send_text (int         fd,
                const char *text)
{
  peer_send (fd, text, strlen (text));
}

/* A frame with an envelope whose bytes may be anything. */
G_GNUC_UNUSED static void
peer_send_envelope (int           fd,
                    guint8        kind,
                    guint8        flags,
                    guint8        n_fds,
                    guint8        reserved,
                    guint32       serial,
                    gconstpointer body,
                    gsize         length)
{
  g_autofree guint8 *payload = g_malloc0 (12 + length);

  payload[0] = kind;
  payload[1] = flags;
  payload[2] = n_fds;
  payload[3] = reserved;
  for (guint i = 0; i < 4; i++)
    payload[4 + i] = serial >> (24 - 8 * i);
  if (length > 0)
    memcpy (payload + 12, body, length);
  peer_send (fd, payload, 12 + length);
}

G_GNUC_UNUSED static void
peer_send_message (int         fd,
                   guint8      kind,
                   guint32     serial,
                   const char *text)
{
  peer_send_envelope (fd, kind, 0, 0, 0, serial, text, strlen (text));
}

G_GNUC_UNUSED static void
peer_send_hello_of (int     fd,
                    guint16 lowest,
                    guint16 highest,
                    guint32 max_message,
                    guint32 max_in_flight)
{
  ReleaseIpcHello hello = { .lowest = lowest, .highest = highest,
                            .max_message = max_message, .max_in_flight = max_in_flight };
  guint8 body[RELEASE_IPC_HELLO_SIZE];

  release_ipc_hello_pack (&hello, body);
  peer_send_envelope (fd, RELEASE_IPC_KIND_HELLO, 0, 0, 0, 0, body, sizeof body);
}

G_GNUC_UNUSED static void
peer_send_hello (int fd)
{
  peer_send_hello_of (fd, 1, 1, 1 << 20, 64);
}

/* Reads so many bytes; FALSE at the end of file. */
G_GNUC_UNUSED static gboolean
peer_read_bytes (int      fd,
                 gpointer data,
                 gsize    length)
{
  guint8 *p = data;

  while (length > 0)
    {
      gssize n = recv (fd, p, length, MSG_DONTWAIT);

      if (n == 0 || (n < 0 && errno == ECONNRESET))
        return FALSE;
      if (n < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          if (!g_main_context_iteration (NULL, FALSE))
            g_usleep (100);
          continue;
        }
      p += n;
      length -= n;
    }

  return TRUE;
}

/* The payload of the next frame, which a NUL follows; NULL at the end of file. */
G_GNUC_UNUSED static char *
peer_read (int    fd,
           gsize *length)
{
  guint8 head[RELEASE_IPC_LENGTH_SIZE];
  char *payload;

  if (!peer_read_bytes (fd, head, sizeof head))
    return NULL;

  *length = release_ipc_length_unpack (head);
  payload = g_malloc0 (*length + 1);
  g_assert_true (peer_read_bytes (fd, payload, *length));

  return payload;
}

G_GNUC_UNUSED static void
peer_expect_text (int         fd,
                  const char *text)
{
  gsize length;
  g_autofree char *payload = peer_read (fd, &length);

  g_assert_cmpstr (payload, ==, text);
}

G_GNUC_UNUSED static void
peer_expect_eof (int fd)
{
  guint8 byte;

  g_assert_false (peer_read_bytes (fd, &byte, 1));
}

/* The serial of the next frame, which must be of @kind; its body goes to @body if not NULL. */
G_GNUC_UNUSED static guint32
peer_expect (int     fd,
             guint8  kind,
             char  **body)
{
  g_autoptr(GError) error = NULL;
  ReleaseIpcEnvelope envelope;
  gsize length = 0;
  g_autofree char *payload = peer_read (fd, &length);

  g_assert_nonnull (payload);
  g_assert_true (release_ipc_envelope_unpack (&envelope, (guint8 *) payload, length, &error));
  g_assert_cmpuint (envelope.kind, ==, kind);
  if (body != NULL)
    *body = g_strdup (payload + RELEASE_IPC_ENVELOPE_SIZE);

  return envelope.serial;
}

/* How asynchronous calls ended. */
typedef struct
{
  guint   n;        /* how often the callback was called */
  char   *text;     /* (nullable): of the last */
  GError *error;    /* (nullable): of the last */
} Outcome;

G_GNUC_UNUSED static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->text, g_free);
  g_clear_error (&outcome->error);
  outcome->n = 0;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

G_GNUC_UNUSED static void
outcome_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;
  guint n = outcome->n;

  outcome_clear (outcome);
  outcome->n = n + 1;
  outcome->text = release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (source), result,
                                                          &outcome->error);
  g_assert_true ((outcome->text != NULL) != (outcome->error != NULL));
}

G_GNUC_UNUSED static void
outcome_data_cb (ReleaseIpcChannel *channel,
                 gconstpointer      data,
                 gsize              length,
                 const GError      *error,
                 gpointer           user_data)
{
  Outcome *outcome = user_data;
  guint n = outcome->n;

  g_assert_true ((data != NULL) != (error != NULL));
  outcome_clear (outcome);
  outcome->n = n + 1;
  outcome->text = error == NULL ? g_strndup (data, length) : NULL;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
}

/* Why a channel closed, and how often it said so. */
typedef struct
{
  guint   n;
  GError *reason;    /* (nullable) */
} Closed;

G_GNUC_UNUSED static void
closed_clear (Closed *closed)
{
  g_clear_error (&closed->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Closed, closed_clear)

G_GNUC_UNUSED static void
closed_cb (ReleaseIpcChannel *channel,
           const GError      *reason,
           gpointer           user_data)
{
  Closed *closed = user_data;

  g_assert_cmpuint (closed->n++, ==, 0);
  closed->reason = reason != NULL ? g_error_copy (reason) : NULL;
}

G_GNUC_UNUSED static gboolean
echo_cb (ReleaseIpcChannel    *channel,
         ReleaseIpcInvocation *invocation,
         gpointer              user_data)
{
  release_ipc_invocation_return_bytes (invocation, release_ipc_invocation_get_bytes (invocation),
                                       NULL);
  return TRUE;
}

/* Keeps requests for the test to answer. */
G_GNUC_UNUSED static gboolean
keep_cb (ReleaseIpcChannel    *channel,
         ReleaseIpcInvocation *invocation,
         gpointer              user_data)
{
  g_ptr_array_add (user_data, release_ipc_invocation_ref (invocation));
  return TRUE;
}

G_GNUC_UNUSED static GPtrArray *
new_invocations (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) release_ipc_invocation_unref);
}

G_GNUC_UNUSED static void
answer_at (GPtrArray  *invocations,
           guint       index,
           const char *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (index, <, invocations->len);
  release_ipc_invocation_return_string (g_ptr_array_index (invocations, index), text, &error);
  g_assert_no_error (error);
}
