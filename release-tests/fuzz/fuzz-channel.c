/* release-tests/fuzz/fuzz-channel.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A channel whose peer sends any bytes neither crashes, hangs, spins nor leaks, and ends each of
 * its calls once. The first byte says what kind of channel it is. With bytes that begin as a frame
 * that announces a memfd comes one.
 */

#include "config.h"

#include "release-tests/fuzz/fuzz.h"
#include "release/ipc/release-ipc-channel-raw.h"
#include "release/ipc/release-ipc-core-private.h"
#include "release/ipc/release-ipc-payload-private.h"
#include "release/ipc/release-ipc-string-codec.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define IS_MULTIPLEXED 0x01
#define ASKS 0x02
#define SERVES 0x04          /* with a function, else by the signal */
#define KEEPS 0x08           /* answers at the end, the last request first */
#define SAYS_HELLO 0x10      /* before the bytes of the input */
#define HAS_CODEC 0x20
#define IS_RAW 0x40
#define IS_CUT 0x80          /* the bytes come one by one */

#define N_CALLS 5
#define MAX_MESSAGE_BYTES (RELEASE_IPC_PAYLOAD_MEMFD_MIN + 5000)
#define SETTLE_ITERATIONS 3000

static const guint8 hello[] = {
  0, 0, 0, 36, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  'R', 'L', 'S', 'E', 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0,
};

typedef struct
{
  guint8     mode;
  guint      n_open;         /* calls and reads that have not ended */
  GPtrArray *invocations;
} Fuzz;

static GLogWriterOutput
log_nothing_cb (GLogLevelFlags   level,
                const GLogField *fields,
                gsize            n_fields,
                gpointer         user_data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
    return g_log_writer_default (level, fields, n_fields, user_data);

  return G_LOG_WRITER_HANDLED;
}

static gboolean
request_cb (ReleaseIpcChannel    *channel,
            ReleaseIpcInvocation *invocation,
            gpointer              user_data)
{
  Fuzz *fuzz = user_data;
  const char *text = release_ipc_invocation_get_string (invocation);

  if ((fuzz->mode & KEEPS) != 0)
    {
      release_ipc_invocation_get_cancellable (invocation);
      g_ptr_array_add (fuzz->invocations, release_ipc_invocation_ref (invocation));
      return TRUE;
    }
  if (text == NULL || text[0] == 'F')
    return FALSE;
  if (text[0] == 'C')
    release_ipc_channel_close (channel);

  release_ipc_invocation_return_string (invocation, text, NULL);
  return TRUE;
}

static void
data_cb (ReleaseIpcChannel *channel,
         gconstpointer      data,
         gsize              length,
         const GError      *error,
         gpointer           user_data)
{
  Fuzz *fuzz = user_data;

  g_assert_true ((data != NULL) != (error != NULL));
  g_assert_cmpuint (fuzz->n_open--, >, 0);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fuzz *fuzz = user_data;
  g_autoptr(GBytes) bytes = NULL;

  bytes = release_ipc_channel_read_finish (RELEASE_IPC_CHANNEL (source), result, NULL);
  if (bytes != NULL)
    release_ipc_channel_read_async (RELEASE_IPC_CHANNEL (source), -1, NULL, read_cb, fuzz);
  else
    fuzz->n_open--;
}

/* Runs what is due; what the channel wrote is thrown away. */
static void
settle (int peer)
{
  char chunk[4096];
  guint n = 0;

  do
    while (g_main_context_iteration (NULL, FALSE))
      g_assert_cmpuint (n++, <, SETTLE_ITERATIONS);
  while (recv (peer, chunk, sizeof chunk, MSG_DONTWAIT) > 0);
}

static void
begin (Fuzz              *fuzz,
       ReleaseIpcChannel *channel)
{
  release_ipc_channel_set_max_message_size (channel, MAX_MESSAGE_BYTES);
  release_ipc_channel_set_max_in_flight (channel, 8);
  if ((fuzz->mode & IS_RAW) != 0 && (fuzz->mode & IS_MULTIPLEXED) == 0)
    {
      fuzz->n_open = 1;
      release_ipc_channel_read_async (channel, -1, NULL, read_cb, fuzz);
      return;
    }

  if ((fuzz->mode & ASKS) != 0)
    for (guint i = 0; i < N_CALLS; i++)
      {
        fuzz->n_open++;
        /* The first is abandoned at once. */
        release_ipc_channel_call_data (channel, "ask", 3, i == 0 ? 0 : 60000, NULL, data_cb, fuzz);
      }
  if ((fuzz->mode & SERVES) != 0)
    release_ipc_channel_serve (channel, request_cb, fuzz, NULL);
  else
    g_signal_connect (channel, "request", G_CALLBACK (request_cb), fuzz);
  release_ipc_channel_start (channel);
}

/* A memfd that a channel accepts; it stays open. */
static int
get_memfd (void)
{
  static int fd = -1;

  if (fd >= 0)
    return fd;

  fd = memfd_create ("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_assert_no_errno (fd);
  g_assert_no_errno (ftruncate (fd, RELEASE_IPC_PAYLOAD_MEMFD_MIN));
  g_assert_no_errno (fcntl (fd, F_ADD_SEALS, RELEASE_IPC_PAYLOAD_SEALS));

  return fd;
}

static gssize
send_piece (int           peer,
            const guint8 *data,
            gsize         size)
{
  if (size > 5 && (data[5] & RELEASE_IPC_FLAG_MEMFD) != 0)
    return release_ipc_passed_send (peer, get_memfd (), data, size);

  return send (peer, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
feed (ReleaseIpcChannel *channel,
      int                peer,
      const guint8      *data,
      gsize              size,
      gsize              at_once)
{
  while (size > 0)
    {
      gssize n = send_piece (peer, data, MIN (size, at_once));

      settle (peer);
      if (n <= 0)
        return;
      data += n;
      size -= n;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static gsize once = 0;
  g_autoptr(GPtrArray) invocations = NULL;
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  Fuzz fuzz = { 0 };
  int fds[2];

  if (g_once_init_enter (&once))
    {
      g_log_set_writer_func (log_nothing_cb, NULL, NULL);
      g_once_init_leave (&once, 1);
    }
  if (size == 0)
    return 0;

  fuzz.mode = data[0];
  fuzz.invocations = invocations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) release_ipc_invocation_unref);
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  channel = release_ipc_channel_new (fds[0],
                                     (fuzz.mode & IS_MULTIPLEXED) != 0
                                       ? RELEASE_IPC_FRAMING_MULTIPLEXED
                                       : RELEASE_IPC_FRAMING_PLAIN,
                                     (fuzz.mode & HAS_CODEC) != 0
                                       ? release_ipc_string_codec_get_default () : NULL,
                                     &error);
  g_assert_no_error (error);
  begin (&fuzz, channel);

  settle (fds[1]);
  if ((fuzz.mode & SAYS_HELLO) != 0)
    feed (channel, fds[1], hello, sizeof hello, sizeof hello);
  feed (channel, fds[1], data + 1, size - 1, (fuzz.mode & IS_CUT) != 0 ? 1 : G_MAXSIZE);

  /* The peer has said all: what is open gets its answers, if it can, and then all ends. */
  shutdown (fds[1], SHUT_WR);
  settle (fds[1]);
  while (invocations->len > 0)
    {
      guint last = invocations->len - 1;

      release_ipc_invocation_return_string (g_ptr_array_index (invocations, last), "late", NULL);
      g_ptr_array_remove_index (invocations, last);
      /* An answer makes room for more requests. */
      settle (fds[1]);
    }
  g_assert_true (release_ipc_channel_is_closed (channel));
  g_assert_cmpuint (fuzz.n_open, ==, 0);
  g_assert_cmpuint (channel->incoming.n_used + channel->outgoing.n_used, ==, 0);
  close (fds[1]);
  g_assert_finalize_object (channel);

  return 0;
}
