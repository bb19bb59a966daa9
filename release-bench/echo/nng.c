/* release-bench/echo/nng.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two sockets of nng's protocol pair0, the one that does the least, over ipc. An empty message is
 * the end.
 */

#include "config.h"

#include "release-bench/echo/echo.h"

#include <errno.h>
#include <nng/nng.h>
#include <nng/protocol/pair0/pair.h>
#include <string.h>
#include <unistd.h>

#define nng_check(call) \
  G_STMT_START \
    { \
      int nng_check_status = (call); \
      if (nng_check_status != 0) \
        echo_fail ("%s: %s", #call, nng_strerror (nng_check_status)); \
    } \
  G_STMT_END

/* The name is the asking process's, and no file. */
static char *
make_address (pid_t pid)
{
  return g_strdup_printf ("abstract://release-bench-%d", (int) pid);
}

/* Room for all that is in flight: both sides may be sending. */
static nng_socket
open_pair (Echo *echo)
{
  nng_socket pair;

  nng_check (nng_pair0_open (&pair));
  nng_check (nng_socket_set_int (pair, NNG_OPT_SENDBUF, echo->in_flight));
  nng_check (nng_socket_set_int (pair, NNG_OPT_RECVBUF, echo->in_flight));
  nng_check (nng_socket_set_size (pair, NNG_OPT_RECVMAXSZ, 0));

  return pair;
}

static void
serve (Echo *echo,
       int   fd,
       int   style)
{
  g_autofree char *address = make_address (getppid ());
  nng_socket pair = open_pair (echo);
  char byte;

  echo_check (read (fd, &byte, 1) == 1);
  nng_check (nng_dial (pair, address, NULL, 0));
  for (;;)
    {
      nng_msg *message;

      nng_check (nng_recvmsg (pair, &message, 0));
      if (nng_msg_len (message) == 0)
        {
          nng_msg_free (message);
          break;
        }
      nng_check (nng_sendmsg (pair, message, 0));
    }
  nng_close (pair);
}

static void
ask_with (nng_socket  pair,
          EchoSlot   *slot)
{
  nng_msg *message;

  if (!echo_ask (slot))
    return;

  nng_check (nng_msg_alloc (&message, slot->echo->size));
  memcpy (nng_msg_body (message), slot->payload, slot->echo->size);
  nng_check (nng_sendmsg (pair, message, 0));
}

static void
ask (Echo *echo,
     int   fd,
     int   style)
{
  g_autofree char *address = make_address (getpid ());
  nng_socket pair = open_pair (echo);
  guint64 n_answered = 0;
  nng_msg *end;
  char byte;

  nng_check (nng_listen (pair, address, NULL, 0));
  echo_check (write (fd, "", 1) == 1);
  for (guint i = 0; i < echo->in_flight; i++)
    ask_with (pair, &echo->slots[i]);
  while (!echo_is_over (echo))
    {
      EchoSlot *slot = &echo->slots[n_answered++ % echo->in_flight];
      nng_msg *message;

      nng_check (nng_recvmsg (pair, &message, 0));
      echo_answer (slot, nng_msg_body (message), nng_msg_len (message));
      nng_msg_free (message);
      ask_with (pair, slot);
    }

  /* What is sent as one closes may be lost, so wait for the end of the other. */
  nng_check (nng_msg_alloc (&end, 0));
  nng_check (nng_sendmsg (pair, end, 0));
  echo_check (read (fd, &byte, 1) == 0);
  nng_close (pair);
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
