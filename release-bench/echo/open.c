/* release-bench/echo/open.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a request costs a process that has many connections open, of which one is busy: our
 * channels, and sockets with a GSource each. The style of a contender is how many are open.
 */

#include "config.h"

#include "release-bench/echo/frames.h"
#include "release-bench/echo/release.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Each has another end, in this process, that nobody touches. */
static void
open_sockets (int *fds,
              int  n)
{
  struct rlimit limit;

  echo_check (getrlimit (RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  echo_check (setrlimit (RLIMIT_NOFILE, &limit) == 0);
  for (int i = 0; i < n; i++)
    echo_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds + 2 * i) == 0);
}

static void
ask_release (Echo *echo,
             int   fd,
             int   n_open)
{
  g_autoptr(GPtrArray) idle = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree int *fds = g_new (int, 2 * n_open);

  open_sockets (fds, n_open - 1);
  for (int i = 0; i < n_open - 1; i++)
    {
      ReleaseIpcChannel *channel = new_channel (echo, fds[2 * i], RELEASE_IPC_FRAMING_MULTIPLEXED);

      release_ipc_channel_start (channel);
      g_ptr_array_add (idle, channel);
    }
  ask_data (echo, fd, RELEASE_IPC_FRAMING_MULTIPLEXED);
  for (guint i = 0; i < idle->len; i++)
    release_ipc_channel_close (idle->pdata[i]);
}

static void
serve_release (Echo *echo,
               int   fd,
               int   n_open)
{
  serve_data (echo, fd, RELEASE_IPC_FRAMING_MULTIPLEXED);
}

typedef struct
{
  Echo    *echo;
  Frames   frames;
} Side;

static void
ask_frame (Side *side,
           int   fd)
{
  Echo *echo = side->echo;

  if (frames_ask (echo_get_only_slot (echo)))
    echo_check (send (fd, echo->slots[0].frame, echo->frame_size, MSG_NOSIGNAL) ==
                (gssize) echo->frame_size);
}

/* Reads once and gives the frame that is whole then, or NULL. Returns FALSE at the end of file. */
static gboolean
read_frame (Side    *side,
            int      fd,
            guint8 **frame,
            gsize   *frame_size)
{
  gsize length;
  guint8 *room = frames_get_room (&side->frames, &length);
  gssize n = recv (fd, room, length, MSG_DONTWAIT);

  echo_check (n >= 0);
  frames_add (&side->frames, n);
  *frame = frames_take (&side->frames, frame_size);
  return n > 0;
}

static gboolean
answer_cb (int          fd,
           GIOCondition condition,
           gpointer     user_data)
{
  Side *side = user_data;
  guint8 *frame;
  gsize frame_size;

  if (!read_frame (side, fd, &frame, &frame_size))
    echo_fail ("The server is gone");
  if (frame != NULL)
    {
      frames_answer (echo_get_only_slot (side->echo), frame, frame_size);
      ask_frame (side, fd);
    }

  return G_SOURCE_CONTINUE;
}

static void
add_source (int                fd,
            GUnixFDSourceFunc  func,
            Side              *side)
{
  g_autoptr(GSource) source = g_unix_fd_source_new (fd, G_IO_IN);

  g_source_set_callback (source, G_SOURCE_FUNC (func), side, NULL);
  g_source_set_can_recurse (source, TRUE);
  g_source_attach (source, NULL);
}

static void
ask_gsource (Echo *echo,
             int   fd,
             int   n_open)
{
  g_autofree int *fds = g_new (int, 2 * n_open);
  Side side = { .echo = echo };

  frames_init (&side.frames, echo);
  open_sockets (fds, n_open - 1);
  for (int i = 0; i < n_open - 1; i++)
    add_source (fds[2 * i], answer_cb, &side);
  add_source (fd, answer_cb, &side);
  ask_frame (&side, fd);
  while (!echo_is_over (echo))
    g_main_context_iteration (NULL, TRUE);
  close (fd);
  frames_clear (&side.frames);
}

static gboolean
serve_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  Side *side = user_data;
  guint8 *frame;
  gsize frame_size;

  if (!read_frame (side, fd, &frame, &frame_size))
    {
      side->echo = NULL;
      return G_SOURCE_REMOVE;
    }
  if (frame != NULL)
    echo_check (send (fd, frame, frame_size, MSG_NOSIGNAL) == (gssize) frame_size);

  return G_SOURCE_CONTINUE;
}

static void
serve_gsource (Echo *echo,
               int   fd,
               int   n_open)
{
  Side side = { .echo = echo };

  frames_init (&side.frames, echo);
  add_source (fd, serve_cb, &side);
  while (side.echo != NULL)
    g_main_context_iteration (NULL, TRUE);
  frames_clear (&side.frames);
}

int
main (int    argc,
      char **argv)
{
  static const EchoContender contenders[] = {
    { "release-2", ask_release, serve_release, 2 },
    { "release-20", ask_release, serve_release, 20 },
    { "release-200", ask_release, serve_release, 200 },
    { "release-2000", ask_release, serve_release, 2000 },
    { "gsource-2", ask_gsource, serve_gsource, 2 },
    { "gsource-20", ask_gsource, serve_gsource, 20 },
    { "gsource-200", ask_gsource, serve_gsource, 200 },
    { "gsource-2000", ask_gsource, serve_gsource, 2000 },
  };

  return echo_main (argc, argv, contenders, G_N_ELEMENTS (contenders));
}
