/* release-bench/process/slave.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A slave that is next to nothing, so that what is measured is its master. It tells when it began,
 * counts the messages that come, and at one that begins with "?" tells how many that were. It
 * speaks both framings and needs no library but libc.
 */

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum
{
  KIND_HELLO = 1,
  KIND_EVENT = 5,
};

#define LENGTH_SIZE 4
#define ENVELOPE_SIZE 12
#define FRAME_SIZE_MAX (2 * 1024 * 1024)

static int is_multiplexed;

static void
send_frame (int         kind,
            const void *body,
            size_t      length)
{
  uint8_t frame[64] = { 0 };
  size_t envelope = is_multiplexed ? ENVELOPE_SIZE : 0;
  uint32_t announced = htonl (envelope + length);

  memcpy (frame, &announced, sizeof announced);
  if (is_multiplexed)
    frame[LENGTH_SIZE] = kind;
  memcpy (frame + LENGTH_SIZE + envelope, body, length);
  if (send (STDIN_FILENO, frame, LENGTH_SIZE + envelope + length, MSG_NOSIGNAL) < 0)
    exit (EXIT_FAILURE);
}

/* Magic, version 1, no features, the largest message, requests at once, no descriptors. */
static void
send_hello (void)
{
  uint32_t hello[] = { htonl (0x524c5345), htonl (1 << 16 | 1), 0, htonl (FRAME_SIZE_MAX),
                       htonl (1), 0 };

  send_frame (KIND_HELLO, hello, sizeof hello);
}

/* The numbers are for processes on the same machine. */
static void
send_number (int64_t number)
{
  send_frame (KIND_EVENT, &number, sizeof number);
}

int
main (void)
{
  static uint8_t data[2 * FRAME_SIZE_MAX];
  const char *framing = getenv ("RELEASE_IPC");
  struct timespec now;
  size_t length = 0;
  int64_t n_messages = 0;

  clock_gettime (CLOCK_MONOTONIC, &now);
  is_multiplexed = framing != NULL && strcmp (framing, "multiplexed") == 0;
  if (is_multiplexed)
    send_hello ();
  send_number (now.tv_sec * INT64_C (1000000000) + now.tv_nsec);

  for (;;)
    {
      ssize_t n = recv (STDIN_FILENO, data + length, sizeof data - length, 0);
      size_t at = 0;

      if (n <= 0)
        return n < 0;
      length += n;

      for (;;)
        {
          size_t header = LENGTH_SIZE + (is_multiplexed ? ENVELOPE_SIZE : 0);
          uint32_t announced;
          size_t frame_size;

          if (length - at < header)
            break;
          memcpy (&announced, data + at, sizeof announced);
          frame_size = LENGTH_SIZE + ntohl (announced);
          if (frame_size < header || frame_size > FRAME_SIZE_MAX)
            return EXIT_FAILURE;
          if (length - at < frame_size)
            break;

          if (!is_multiplexed || data[at + LENGTH_SIZE] == KIND_EVENT)
            {
              if (frame_size > header && data[at + header] == '?')
                send_number (n_messages);
              else
                n_messages++;
            }
          at += frame_size;
        }
      memmove (data, data + at, length - at);
      length -= at;
    }
}
