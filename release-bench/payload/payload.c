/* release-bench/payload/payload.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How long one payload takes to reach several processes, until the last of them has read it and
 * said so: a loop of sendmsg () with the bytes, our channel with the bytes, our channel with the
 * bytes in a memfd, the same with a memfd made anew each time, and with one that the receivers
 * copy. Each process touches every page of what it got and answers with what it found there, which is
 * verified.
 */

#include "config.h"

#include <release/release.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE_BYTES 4096

typedef struct
{
  gsize               size;
  guint               n_receivers;
  guint8             *data;
  guint32             sum;           /* that every receiver must find */
  GBytes             *payload;       /* (nullable): sent each time */
  int                *fds;           /* of the bare sockets */
  ReleaseIpcChannel **channels;      /* (nullable) */
  guint               n_answers;
} Bench;

typedef struct
{
  const char *name;
  void      (*open)      (Bench *bench);
  void      (*broadcast) (Bench *bench);
  void      (*receive)   (int    fd);
} Contender;

static void
fail (const char *what)
{
  g_printerr ("Error: %s\n", what);
  exit (EXIT_FAILURE);
}

static guint32
sum_pages (const guint8 *data,
           gsize         size)
{
  guint32 sum = size;

  for (gsize i = 0; i < size; i += PAGE_BYTES)
    sum = sum * 31 + data[i];

  return sum;
}

static void
verify (Bench         *bench,
        gconstpointer  answer,
        gsize          length)
{
  if (length != sizeof bench->sum || memcmp (answer, &bench->sum, length) != 0)
    fail ("A receiver got other bytes than were sent");
  bench->n_answers++;
}

/* The bare sockets: a length, then the bytes. */

static void
read_all (int    fd,
          guint8 *data,
          gsize   length)
{
  while (length > 0)
    {
      gssize n = read (fd, data, length);

      if (n == 0)
        exit (EXIT_SUCCESS);
      if (n < 0)
        fail ("Cannot read");
      data += n;
      length -= n;
    }
}

static void
receive_raw (int fd)
{
  g_autofree guint8 *data = NULL;

  for (;;)
    {
      guint32 length, sum;

      read_all (fd, (guint8 *) &length, sizeof length);
      if (data == NULL)
        data = g_malloc (length);
      read_all (fd, data, length);
      sum = sum_pages (data, length);
      if (write (fd, &sum, sizeof sum) != sizeof sum)
        fail ("Cannot write");
    }
}

static void
broadcast_raw (Bench *bench)
{
  guint32 length = bench->size;

  for (guint i = 0; i < bench->n_receivers; i++)
    {
      struct iovec iov[] = { { &length, sizeof length }, { bench->data, bench->size } };
      struct msghdr message = { .msg_iov = iov, .msg_iovlen = G_N_ELEMENTS (iov) };

      if (sendmsg (bench->fds[i], &message, MSG_NOSIGNAL) != (gssize) (sizeof length + bench->size))
        fail ("Cannot send");
    }

  for (guint i = 0; i < bench->n_receivers; i++)
    {
      guint32 sum;

      read_all (bench->fds[i], (guint8 *) &sum, sizeof sum);
      verify (bench, &sum, sizeof sum);
    }
}

/* Our channels. */

static ReleaseIpcChannel *
new_channel (int       fd,
             GCallback event_cb,
             gpointer  user_data)
{
  ReleaseIpcChannel *channel;
  g_autoptr(GError) error = NULL;

  channel = release_ipc_channel_new (fd, RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &error);
  if (channel == NULL)
    fail (error->message);
  g_signal_connect (channel, "event", event_cb, user_data);

  return channel;
}

static void
payload_cb (ReleaseIpcChannel *channel,
            ReleaseIpcMessage *message,
            gpointer           user_data)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (release_ipc_message_get_bytes (message), &length);
  guint32 sum = sum_pages (data, length);
  g_autoptr(GBytes) answer = g_bytes_new (&sum, sizeof sum);
  g_autoptr(GError) error = NULL;

  if (!release_ipc_channel_send_event_bytes (channel, answer, &error))
    fail (error->message);
}

static void
receive_release (int      fd,
                 gboolean copies)
{
  g_autoptr(ReleaseIpcChannel) channel = new_channel (fd, G_CALLBACK (payload_cb), NULL);

  release_ipc_channel_set_copy_memfds (channel, copies);
  release_ipc_channel_start (channel);
  while (!release_ipc_channel_is_closed (channel))
    g_main_context_iteration (NULL, TRUE);
}

/* As a slave does it. */
static void
receive_mapped (int fd)
{
  receive_release (fd, FALSE);
}

/* As a master does it that is root. */
static void
receive_copied (int fd)
{
  receive_release (fd, TRUE);
}

static void
answer_cb (ReleaseIpcChannel *channel,
           ReleaseIpcMessage *message,
           gpointer           user_data)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (release_ipc_message_get_bytes (message), &length);

  verify (user_data, data, length);
}

static void
open_channels (Bench *bench)
{
  bench->channels = g_new0 (ReleaseIpcChannel *, bench->n_receivers);
  for (guint i = 0; i < bench->n_receivers; i++)
    {
      bench->channels[i] = new_channel (bench->fds[i], G_CALLBACK (answer_cb), bench);
      release_ipc_channel_start (bench->channels[i]);
    }
}

static void
open_bytes (Bench *bench)
{
  open_channels (bench);
  bench->payload = g_bytes_new_static (bench->data, bench->size);
}

static GBytes *
new_memfd (Bench *bench)
{
  g_autoptr(GError) error = NULL;
  GBytes *payload = release_ipc_payload_new_memfd (bench->data, bench->size, &error);

  if (payload == NULL)
    fail (error->message);
  return payload;
}

static void
open_memfd (Bench *bench)
{
  open_channels (bench);
  bench->payload = new_memfd (bench);
}

static void
broadcast_release (Bench *bench)
{
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(GError) error = NULL;
  guint n_wanted = bench->n_answers + bench->n_receivers;

  payload = bench->payload != NULL ? g_bytes_ref (bench->payload) : new_memfd (bench);
  for (guint i = 0; i < bench->n_receivers; i++)
    if (!release_ipc_channel_send_event_bytes (bench->channels[i], payload, &error))
      fail (error->message);
  while (bench->n_answers < n_wanted)
    g_main_context_iteration (NULL, TRUE);
}

static const Contender contenders[] = {
  { "raw", NULL, broadcast_raw, receive_raw },
  { "bytes", open_bytes, broadcast_release, receive_mapped },
  { "memfd", open_memfd, broadcast_release, receive_mapped },
  { "memfd-fresh", open_channels, broadcast_release, receive_mapped },
  { "memfd-copied", open_memfd, broadcast_release, receive_copied },
};

static const Contender *
find_contender (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (contenders); i++)
    if (g_str_equal (contenders[i].name, name))
      return &contenders[i];

  fail ("There is no such contender");
  return NULL;
}

/* A receiver, which ends with the socket whose other end is @fds of this process. */
static void
start_receiver (Bench           *bench,
                const Contender *contender,
                guint            number)
{
  pid_t parent = getpid ();
  int pair[2];
  pid_t pid;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
    fail ("Cannot make sockets");
  pid = fork ();
  if (pid < 0)
    fail ("Cannot start a receiver");
  if (pid > 0)
    {
      close (pair[1]);
      bench->fds[number] = pair[0];
      return;
    }

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (EXIT_FAILURE);
  for (guint i = 0; i < number; i++)
    close (bench->fds[i]);
  close (pair[0]);
  contender->receive (pair[1]);
  _exit (EXIT_SUCCESS);
}

static void
end_receivers (Bench *bench)
{
  for (guint i = 0; i < bench->n_receivers; i++)
    {
      if (bench->channels != NULL)
        release_ipc_channel_close (bench->channels[i]);
      else
        close (bench->fds[i]);
      if (bench->channels != NULL)
        g_object_unref (bench->channels[i]);
    }
  for (guint i = 0; i < bench->n_receivers; i++)
    {
      int status;

      if (wait (&status) < 0 || status != 0)
        fail ("A receiver failed");
    }

  g_clear_pointer (&bench->payload, g_bytes_unref);
  g_free (bench->channels);
  g_free (bench->fds);
  g_free (bench->data);
}

static int
compare_usec (gconstpointer a,
              gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { 0 };
  const Contender *contender;
  g_autoptr(GArray) laps = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_broadcasts;

  if (argc != 5)
    fail ("Usage: bench-payload raw|bytes|memfd|memfd-fresh|memfd-copied RECEIVERS BYTES "
          "BROADCASTS");
  contender = find_contender (argv[1]);
  bench.n_receivers = atoi (argv[2]);
  bench.size = atoi (argv[3]);
  n_broadcasts = atoi (argv[4]);
  if (bench.n_receivers < 1 || bench.size < 1 || n_broadcasts < 1)
    fail ("There must be receivers, bytes and broadcasts");

  bench.data = g_malloc (bench.size);
  for (gsize i = 0; i < bench.size; i++)
    bench.data[i] = i / PAGE_BYTES;
  bench.sum = sum_pages (bench.data, bench.size);
  bench.fds = g_new (int, bench.n_receivers);
  for (guint i = 0; i < bench.n_receivers; i++)
    start_receiver (&bench, contender, i);
  if (contender->open != NULL)
    contender->open (&bench);

  /* The first two, in which both sides say hello and touch their memory, do not count. */
  for (guint i = 0; i < 2 + n_broadcasts; i++)
    {
      gint64 begun = g_get_monotonic_time ();
      gint64 lap;

      contender->broadcast (&bench);
      lap = g_get_monotonic_time () - begun;
      if (i >= 2)
        g_array_append_val (laps, lap);
    }
  end_receivers (&bench);

  g_array_sort (laps, compare_usec);
  printf ("{\"contender\": \"%s\", \"receivers\": %u, \"size\": %" G_GSIZE_FORMAT ", "
          "\"broadcasts\": %u, \"median_usec\": %.1f}\n",
          contender->name, bench.n_receivers, bench.size, n_broadcasts,
          (double) g_array_index (laps, gint64, laps->len / 2));
  return EXIT_SUCCESS;
}
