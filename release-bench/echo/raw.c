/* release-bench/echo/raw.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the kernel charges: frames on a socketpair without any library.
 *
 *   blocking  reads what has come, writes each message by itself
 *   batched   writes all that it may with one system call: the limit
 *   poll      as blocking, but asks poll () before it reads
 */

#include "config.h"

#include "release-bench/echo/frames.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
  BATCHED = 1 << 0,
  POLLING = 1 << 1,
};

/* Reads once. Returns FALSE at the end of file. */
static gboolean
read_some (Frames *frames,
           int     fd,
           int     style)
{
  struct pollfd pollfd = { .fd = fd, .events = POLLIN };
  gsize length;
  guint8 *room = frames_get_room (frames, &length);
  gssize n;

  if ((style & POLLING) != 0)
    echo_check (poll (&pollfd, 1, -1) == 1);
  n = read (fd, room, length);
  echo_check (n >= 0);
  frames_add (frames, n);

  return n > 0;
}

static void
write_all (int           fd,
           const guint8 *data,
           gsize         length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      echo_check (n > 0);
      data += n;
      length -= n;
    }
}

static void
serve (Echo *echo,
       int   fd,
       int   style)
{
  Frames frames;

  frames_init (&frames, echo);
  while (read_some (&frames, fd, style))
    {
      guint8 *first = frames.data + frames.begin;
      gsize all = 0;
      guint8 *frame;
      gsize frame_size;

      while ((frame = frames_take (&frames, &frame_size)) != NULL)
        {
          all += frame_size;
          if ((style & BATCHED) == 0)
            write_all (fd, frame, frame_size);
        }
      if ((style & BATCHED) != 0)
        write_all (fd, first, all);
    }
  frames_clear (&frames);
}

/* The slots are a ring. Those from sent to made are not written yet, but for the first sent_bytes
 * of them; those from answered to sent are under way. */
typedef struct
{
  int      fd;
  int      style;
  guint64  n_made;
  guint64  n_sent;
  gsize    sent_bytes;
  guint64  n_answered;
} Output;

static void
output_make (Output *output,
             Echo   *echo)
{
  if (frames_ask (&echo->slots[output->n_made % echo->in_flight]))
    output->n_made++;
}

/* Writes until all is written, or the socket is full and an answer will come. Only where the other
 * has nothing to answer may a write wait for him: he reads, and does not wait for us in turn. */
static void
output_flush (Output *output,
              Echo   *echo)
{
  while (output->n_sent < output->n_made)
    {
      guint at = output->n_sent % echo->in_flight;
      const guint8 *data = echo->slots[at].frame + output->sent_bytes;
      guint64 n_frames = 1;
      gssize n;

      if ((output->style & BATCHED) != 0)
        n_frames = MIN (output->n_made - output->n_sent, echo->in_flight - at);
      n = send (output->fd, data, n_frames * echo->frame_size - output->sent_bytes,
                MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n < 0 && errno == EAGAIN)
        {
          if (output->n_sent != output->n_answered)
            return;
          n = send (output->fd, data, echo->frame_size - output->sent_bytes, MSG_NOSIGNAL);
        }
      echo_check (n >= 0);
      output->sent_bytes += n;
      output->n_sent += output->sent_bytes / echo->frame_size;
      output->sent_bytes %= echo->frame_size;
    }
}

static void
ask (Echo *echo,
     int   fd,
     int   style)
{
  Output output = { .fd = fd, .style = style };
  Frames frames;

  frames_init (&frames, echo);
  for (guint i = 0; i < echo->in_flight; i++)
    output_make (&output, echo);
  output_flush (&output, echo);

  while (!echo_is_over (echo))
    {
      guint8 *frame;
      gsize frame_size;

      if (!read_some (&frames, fd, style))
        echo_fail ("The server is gone");
      while ((frame = frames_take (&frames, &frame_size)) != NULL)
        {
          frames_answer (&echo->slots[output.n_answered++ % echo->in_flight], frame, frame_size);
          output_make (&output, echo);
          if ((style & BATCHED) == 0)
            output_flush (&output, echo);
        }
      output_flush (&output, echo);
    }
  close (fd);
  frames_clear (&frames);
}

int
main (int    argc,
      char **argv)
{
  static const EchoContender contenders[] = {
    { "blocking", ask, serve, 0 },
    { "batched", ask, serve, BATCHED },
    { "poll", ask, serve, POLLING },
  };

  return echo_main (argc, argv, contenders, G_N_ELEMENTS (contenders));
}
