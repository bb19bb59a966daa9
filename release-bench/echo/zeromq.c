/* release-bench/echo/zeromq.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two ZMQ_PAIR sockets, the pattern of ZeroMQ that does the least, over ipc. An empty message is
 * the end.
 */

#include "config.h"

#include "release-bench/echo/echo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define zmq_check(what) \
  G_STMT_START \
    if (!(what)) \
      echo_fail ("%s: %s", #what, zmq_strerror (zmq_errno ())); \
  G_STMT_END

/* The name is the asking process's, and no file. */
static char *
make_address (pid_t pid)
{
  return g_strdup_printf ("ipc://@release-bench-%d", (int) pid);
}

static void
serve (Echo *echo,
       int   fd,
       int   style)
{
  g_autofree char *address = make_address (getppid ());
  void *context = zmq_ctx_new ();
  void *pair = zmq_socket (context, ZMQ_PAIR);
  char byte;

  echo_check (read (fd, &byte, 1) == 1);
  zmq_check (zmq_connect (pair, address) == 0);
  for (;;)
    {
      zmq_msg_t message;

      zmq_msg_init (&message);
      zmq_check (zmq_msg_recv (&message, pair, 0) >= 0);
      if (zmq_msg_size (&message) == 0)
        break;
      zmq_check (zmq_msg_send (&message, pair, 0) >= 0);
    }
  zmq_close (pair);
  zmq_ctx_term (context);
}

static void
ask_with (void     *pair,
          EchoSlot *slot)
{
  if (echo_ask (slot))
    zmq_check (zmq_send (pair, slot->payload, slot->echo->size, 0) >= 0);
}

static void
ask (Echo *echo,
     int   fd,
     int   style)
{
  g_autofree char *address = make_address (getpid ());
  void *context = zmq_ctx_new ();
  void *pair = zmq_socket (context, ZMQ_PAIR);
  guint64 n_answered = 0;

  zmq_check (zmq_bind (pair, address) == 0);
  echo_check (write (fd, "", 1) == 1);
  for (guint i = 0; i < echo->in_flight; i++)
    ask_with (pair, &echo->slots[i]);
  while (!echo_is_over (echo))
    {
      EchoSlot *slot = &echo->slots[n_answered++ % echo->in_flight];
      zmq_msg_t message;

      zmq_msg_init (&message);
      zmq_check (zmq_msg_recv (&message, pair, 0) >= 0);
      echo_answer (slot, zmq_msg_data (&message), zmq_msg_size (&message));
      zmq_msg_close (&message);
      ask_with (pair, slot);
    }
  zmq_check (zmq_send (pair, "", 0, 0) == 0);
  zmq_close (pair);
  zmq_ctx_term (context);
  close (fd);
}

int
main (int    argc,
      char **argv)
{
  static const EchoContender contenders[] = {
    { "ipc", ask, serve, 0 },
  };

  return echo_main (argc, argv, contenders, G_N_ELEMENTS (contenders));
}
