/* release-bench/fairness/slave.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A slave that speaks MULTIPLEXED without the library, so that its own cost is the kernel's. Its
 * argument says what it does until the channel ends:
 *
 *   echo         answers each request with what it says
 *   flood        sends events as fast as they are taken, many with each write, and reads nothing
 *   flood-small  the same, one event with each write
 *   flood-large  the same with large events
 *   deaf         reads nothing
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL STDIN_FILENO
#define LENGTH_SIZE 4
#define ENVELOPE_SIZE 12
#define KIND_HELLO 1
#define KIND_REQUEST 2
#define KIND_RESPONSE 3
#define KIND_EVENT 5
#define BODY_SIZE 16
#define EVENTS_AT_ONCE 128
#define LARGE_SIZE 0x10000

static void
send_all (const void *data,
          size_t      length)
{
  const char *p = data;

  while (length > 0)
    {
      ssize_t n = send (CHANNEL, p, length, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        _exit (EXIT_SUCCESS);
      p += n;
      length -= n;
    }
}

static void
say_hello (void)
{
  static const unsigned char hello[] = {
    0, 0, 0, 36,  KIND_HELLO, 0, 0, 0,  0, 0, 0, 0,  0, 0, 0, 0,
    'R', 'L', 'S', 'E',  0, 1, 0, 1,  0, 0, 0, 0,  1, 0, 0, 0,  0, 0, 1, 0,  0, 0, 0, 0,
  };

  send_all (hello, sizeof hello);
}

/* Answers the frame, which becomes its own answer. */
static void
answer (unsigned char *frame,
        size_t         size)
{
  if (frame[LENGTH_SIZE] != KIND_REQUEST)
    return;

  frame[LENGTH_SIZE] = KIND_RESPONSE;
  memset (frame + LENGTH_SIZE + 8, 0, 4);
  send_all (frame, size);
}

static void
echo (void)
{
  static unsigned char buffer[65536];
  size_t fill = 0;
  ssize_t n;

  while ((n = recv (CHANNEL, buffer + fill, sizeof buffer - fill, 0)) > 0)
    {
      size_t at = 0;

      fill += n;
      while (fill - at >= LENGTH_SIZE)
        {
          uint32_t length;

          memcpy (&length, buffer + at, sizeof length);
          length = LENGTH_SIZE + ntohl (length);
          if (fill - at < length)
            break;
          answer (buffer + at, length);
          at += length;
        }
      memmove (buffer, buffer + at, fill - at);
      fill -= at;
    }
}

/* Events without an end, so many with each write. */
static void
flood (int at_once)
{
  static unsigned char events[EVENTS_AT_ONCE][LENGTH_SIZE + ENVELOPE_SIZE + BODY_SIZE];

  for (int i = 0; i < EVENTS_AT_ONCE; i++)
    {
      events[i][3] = ENVELOPE_SIZE + BODY_SIZE;
      events[i][4] = KIND_EVENT;
    }
  for (;;)
    send_all (events, at_once * sizeof events[0]);
}

static void
flood_large (void)
{
  static unsigned char event[LENGTH_SIZE + LARGE_SIZE];

  event[1] = LARGE_SIZE >> 16;
  event[4] = KIND_EVENT;
  for (;;)
    send_all (event, sizeof event);
}

int
main (int    argc,
      char **argv)
{
  const char *mode = argc > 1 ? argv[1] : "";

  say_hello ();
  if (strcmp (mode, "echo") == 0)
    echo ();
  else if (strcmp (mode, "flood") == 0)
    flood (EVENTS_AT_ONCE);
  else if (strcmp (mode, "flood-small") == 0)
    flood (1);
  else if (strcmp (mode, "flood-large") == 0)
    flood_large ();
  else if (strcmp (mode, "deaf") == 0)
    for (;;)
      pause ();

  return EXIT_SUCCESS;
}
