/* release-bench/echo/libuv.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Frames on a pipe of libuv, written at once as long as the socket takes them.
 */

#include "config.h"

#include "release-bench/echo/frames.h"

#include <errno.h>
#include <string.h>
#include <uv.h>

#define uv_check(call) \
  G_STMT_START \
    { \
      int uv_check_status = (call); \
      if (uv_check_status < 0) \
        echo_fail ("%s: %s", #call, uv_strerror (uv_check_status)); \
    } \
  G_STMT_END

typedef struct
{
  Echo        *echo;
  gboolean     is_asking;
  guint64      n_answered;
  uv_pipe_t    pipe;
  Frames       frames;
} Side;

static void
written_cb (uv_write_t *request,
            int         status)
{
  if (status != 0 && status != UV_ECANCELED)
    echo_fail ("%s", uv_strerror (status));
  g_free (request);
}

static void
write_frame (Side         *side,
             const guint8 *frame,
             gsize         frame_size)
{
  uv_stream_t *stream = (uv_stream_t *) &side->pipe;
  uv_buf_t buffer = uv_buf_init ((char *) frame, frame_size);
  int n = uv_try_write (stream, &buffer, 1);
  uv_write_t *request;

  if (n == (int) frame_size)
    return;
  if (n < 0 && n != UV_EAGAIN)
    echo_fail ("%s", uv_strerror (n));

  /* The rest, in memory of its own. */
  frame += MAX (n, 0);
  frame_size -= MAX (n, 0);
  request = g_malloc (sizeof *request + frame_size);
  memcpy (request + 1, frame, frame_size);
  buffer = uv_buf_init ((char *) (request + 1), frame_size);
  uv_check (uv_write (request, stream, &buffer, 1, written_cb));
}

static void
ask_with (Side     *side,
          EchoSlot *slot)
{
  if (frames_ask (slot))
    write_frame (side, slot->frame, side->echo->frame_size);
}

static void
room_cb (uv_handle_t *handle,
         size_t       suggested,
         uv_buf_t    *buffer)
{
  Side *side = handle->data;
  gsize length;

  buffer->base = (char *) frames_get_room (&side->frames, &length);
  buffer->len = length;
}

static void
read_cb (uv_stream_t    *stream,
         ssize_t         n,
         const uv_buf_t *buffer)
{
  Side *side = stream->data;
  guint8 *frame;
  gsize frame_size;

  if (n < 0)
    {
      if (n != UV_EOF || side->is_asking)
        echo_fail ("%s", uv_strerror (n));
      uv_close ((uv_handle_t *) stream, NULL);
      return;
    }

  frames_add (&side->frames, n);
  while ((frame = frames_take (&side->frames, &frame_size)) != NULL)
    {
      EchoSlot *slot;

      if (!side->is_asking)
        {
          write_frame (side, frame, frame_size);
          continue;
        }

      slot = &side->echo->slots[side->n_answered++ % side->echo->in_flight];
      frames_answer (slot, frame, frame_size);
      ask_with (side, slot);
    }

  if (side->is_asking && echo_is_over (side->echo))
    uv_close ((uv_handle_t *) stream, NULL);
}

static void
run (Echo *echo,
     int   fd,
     int   is_asking)
{
  Side side = { .echo = echo, .is_asking = is_asking };

  frames_init (&side.frames, echo);
  uv_check (uv_pipe_init (uv_default_loop (), &side.pipe, FALSE));
  side.pipe.data = &side;
  uv_check (uv_pipe_open (&side.pipe, fd));
  uv_check (uv_read_start ((uv_stream_t *) &side.pipe, room_cb, read_cb));
  for (guint i = 0; is_asking && i < echo->in_flight; i++)
    ask_with (&side, &echo->slots[i]);
  uv_run (uv_default_loop (), UV_RUN_DEFAULT);
  frames_clear (&side.frames);
  uv_loop_close (uv_default_loop ());
}

static void
ask (Echo *echo,
     int   fd,
     int   style)
{
  run (echo, fd, TRUE);
}

static void
serve (Echo *echo,
       int   fd,
       int   style)
{
  run (echo, fd, FALSE);
}

int
main (int    argc,
      char **argv)
{
  static const EchoContender contenders[] = {
    { "pipe", ask, serve, 0 },
  };

  return echo_main (argc, argv, contenders, G_N_ELEMENTS (contenders));
}
