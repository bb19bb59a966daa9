/* release-bench/echo/gio.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Frames on the streams of a GSocketConnection, as one writes them by hand: a read that is always
 * under way, and a write at a time.
 *
 *   streams  writes each message by itself
 *   batched  writes all that waits at once
 */

#include "config.h"

#include "release-bench/echo/frames.h"

#include <gio/gio.h>

typedef struct
{
  Echo           *echo;
  gboolean        is_asking;
  gboolean        is_batched;
  gboolean        is_over;
  guint64         n_answered;
  GInputStream   *input;
  GOutputStream  *output;
  Frames          frames;
  GByteArray     *waiting;      /* for the next write */
  GByteArray     *under_way;    /* what is being written */
  gsize           n_written;    /* of that */
  gboolean        is_writing;
} Side;

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data);

static void
flush (Side *side)
{
  gsize length;

  if (side->is_writing)
    return;

  if (side->n_written == side->under_way->len)
    {
      GByteArray *written = side->under_way;

      side->under_way = side->waiting;
      side->waiting = written;
      side->n_written = 0;
      g_byte_array_set_size (written, 0);
    }

  length = side->under_way->len - side->n_written;
  if (!side->is_batched)
    length = MIN (length, ECHO_HEADER_SIZE + side->echo->size);
  if (length == 0)
    return;

  side->is_writing = TRUE;
  g_output_stream_write_all_async (side->output, side->under_way->data + side->n_written, length,
                                   G_PRIORITY_DEFAULT, NULL, written_cb, side);
  side->n_written += length;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Side *side = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_output_stream_write_all_finish (side->output, result, NULL, &error))
    echo_fail ("%s", error->message);
  side->is_writing = FALSE;
  flush (side);
}

static void
ask_with (Side     *side,
          EchoSlot *slot)
{
  if (frames_ask (slot))
    g_byte_array_append (side->waiting, slot->frame, side->echo->frame_size);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data);

static void
read_more (Side *side)
{
  gsize length;
  guint8 *room = frames_get_room (&side->frames, &length);

  g_input_stream_read_async (side->input, room, length, G_PRIORITY_DEFAULT, NULL, read_cb, side);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Side *side = user_data;
  g_autoptr(GError) error = NULL;
  gssize n = g_input_stream_read_finish (side->input, result, &error);
  guint8 *frame;
  gsize frame_size;

  if (n < 0)
    echo_fail ("%s", error->message);
  if (n == 0 && side->is_asking)
    echo_fail ("The server is gone");

  frames_add (&side->frames, n);
  while ((frame = frames_take (&side->frames, &frame_size)) != NULL)
    {
      EchoSlot *slot;

      if (!side->is_asking)
        {
          g_byte_array_append (side->waiting, frame, frame_size);
          continue;
        }

      slot = &side->echo->slots[side->n_answered++ % side->echo->in_flight];
      frames_answer (slot, frame, frame_size);
      ask_with (side, slot);
    }
  flush (side);

  side->is_over = n == 0 || (side->is_asking && echo_is_over (side->echo));
  if (!side->is_over)
    read_more (side);
}

static void
run (Echo     *echo,
     int       fd,
     gboolean  is_batched,
     gboolean  is_asking)
{
  Side side = { .echo = echo, .is_batched = is_batched, .is_asking = is_asking };
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) bare = g_socket_new_from_fd (fd, &error);
  g_autoptr(GSocketConnection) connection = NULL;

  if (bare == NULL)
    echo_fail ("%s", error->message);
  connection = g_socket_connection_factory_create_connection (bare);
  side.input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  side.output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  side.waiting = g_byte_array_new ();
  side.under_way = g_byte_array_new ();
  frames_init (&side.frames, echo);

  read_more (&side);
  for (guint i = 0; is_asking && i < echo->in_flight; i++)
    ask_with (&side, &echo->slots[i]);
  flush (&side);
  while (!side.is_over || side.is_writing)
    g_main_context_iteration (NULL, TRUE);

  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_byte_array_unref (side.waiting);
  g_byte_array_unref (side.under_way);
  frames_clear (&side.frames);
}

static void
ask (Echo *echo,
     int   fd,
     int   style)
{
  run (echo, fd, style, TRUE);
}

static void
serve (Echo *echo,
       int   fd,
       int   style)
{
  run (echo, fd, style, FALSE);
}

int
main (int    argc,
      char **argv)
{
  static const EchoContender contenders[] = {
    { "streams", ask, serve, FALSE },
    { "batched", ask, serve, TRUE },
  };

  return echo_main (argc, argv, contenders, G_N_ELEMENTS (contenders));
}
