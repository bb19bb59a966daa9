/* release-bench/echo/echo.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/echo/echo.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC G_GINT64_CONSTANT (1000000000)

/* With many requests in flight the clock is looked at so often. */
#define ANSWERS_PER_LOOK 64

void
echo_fail (const char *format,
           ...)
{
  va_list args;

  va_start (args, format);
  fprintf (stderr, "%s: ", g_get_prgname ());
  vfprintf (stderr, format, args);
  fputc ('\n', stderr);
  va_end (args);
  _exit (EXIT_FAILURE);
}

gint64
echo_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* A payload is its number, the number's complement, a pattern, and the number again at the end if
 * there is room. The pattern is written once. */
static void
write_payload (EchoSlot *slot)
{
  Echo *echo = slot->echo;
  guint64 head[2] = { slot->number, ~slot->number };

  memcpy (slot->payload, head, sizeof head);
  if (echo->size >= sizeof head + sizeof slot->number)
    memcpy (slot->payload + echo->size - sizeof slot->number, &slot->number, sizeof slot->number);
}

static void
add_slots (Echo *echo)
{
  guint8 *frames;

  echo->frame_size = ECHO_HEADER_SIZE + echo->size;
  frames = g_malloc0 (echo->in_flight * echo->frame_size);
  echo->slots = g_new0 (EchoSlot, echo->in_flight);
  for (guint i = 0; i < echo->in_flight; i++)
    {
      EchoSlot *slot = &echo->slots[i];

      slot->echo = echo;
      slot->frame = frames + i * echo->frame_size;
      slot->payload = slot->frame + ECHO_HEADER_SIZE;
      for (gsize j = 0; j < echo->size; j++)
        slot->payload[j] = j * 7 + i;
    }
}

gboolean
echo_ask (EchoSlot *slot)
{
  Echo *echo = slot->echo;

  if (echo->is_enough)
    return FALSE;

  slot->number = echo->n_asked++;
  slot->is_open = TRUE;
  if (echo->n_wanted > 0 && echo->n_asked == echo->n_warm_up + echo->n_wanted)
    echo->is_enough = TRUE;
  write_payload (slot);
  if (echo->in_flight == 1)
    slot->asked_nsec = echo_now ();

  return TRUE;
}

/* What arrives must be what was sent: all of it during the warm-up, its two ends when the clock
 * runs, so that it does not measure memcmp (). */
static void
verify (EchoSlot     *slot,
        const guint8 *data,
        gsize         length)
{
  Echo *echo = slot->echo;
  gsize ends = ECHO_SIZE_MIN;

  if (!slot->is_open)
    echo_fail ("A second answer to request %" G_GUINT64_FORMAT, slot->number);
  if (length != echo->size)
    echo_fail ("%" G_GSIZE_FORMAT " bytes came back of %" G_GSIZE_FORMAT, length, echo->size);
  if (echo->n_answered < echo->n_warm_up)
    ends = length;
  if (memcmp (data, slot->payload, ends) != 0 ||
      memcmp (data + length - sizeof slot->number,
              slot->payload + length - sizeof slot->number, sizeof slot->number) != 0)
    echo_fail ("A wrong answer to request %" G_GUINT64_FORMAT, slot->number);
}

void
echo_answer (EchoSlot      *slot,
             gconstpointer  data,
             gsize          length)
{
  Echo *echo = slot->echo;
  gint64 now = 0;

  if (echo->in_flight == 1)
    now = echo_now ();
  verify (slot, data, length);
  slot->is_open = FALSE;
  echo->n_answered++;

  if (echo->n_answered <= echo->n_warm_up)
    {
      if (echo->n_answered == echo->n_warm_up)
        echo->begun_nsec = echo_now ();
      return;
    }

  if (echo->in_flight == 1)
    {
      guint32 lap = now - slot->asked_nsec;

      g_array_append_val (echo->laps_nsec, lap);
    }
  else if (echo->n_answered % ANSWERS_PER_LOOK == 0 || echo_is_over (echo))
    now = echo_now ();

  if (now == 0)
    return;

  echo->ended_nsec = now;
  if (echo->n_wanted == 0 && now - echo->begun_nsec >= echo->span_nsec)
    echo->is_enough = TRUE;
}

EchoSlot *
echo_get_only_slot (Echo *echo)
{
  if (echo->in_flight != 1)
    echo_fail ("This one asks one request at a time");

  return &echo->slots[0];
}

gboolean
echo_is_over (Echo *echo)
{
  return echo->is_enough && echo->n_answered == echo->n_asked;
}

static int
compare_values (gconstpointer a,
                gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

gint64
echo_median (GArray *values)
{
  g_array_sort (values, compare_values);
  return g_array_index (values, gint64, values->len / 2);
}

static int
compare_laps (gconstpointer a,
              gconstpointer b)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;

  return left < right ? -1 : left > right;
}

static void
print_lap (Echo       *echo,
           const char *name,
           double      share)
{
  guint at = (echo->laps_nsec->len - 1) * share;

  printf (", \"%s\": %.3f", name, g_array_index (echo->laps_nsec, guint32, at) / 1000.0);
}

static void
print_result (Echo       *echo,
              const char *contender)
{
  guint64 n = echo->n_answered - echo->n_warm_up;
  double seconds = (echo->ended_nsec - echo->begun_nsec) / (double) NSEC_PER_SEC;

  if (!echo_is_over (echo))
    echo_fail ("%" G_GUINT64_FORMAT " requests have no answer", echo->n_asked - echo->n_answered);
  if (n == 0 || seconds <= 0)
    echo_fail ("No request was measured");

  printf ("{\"contender\": \"%s\", \"size\": %" G_GSIZE_FORMAT ", \"in_flight\": %u, "
          "\"requests\": %" G_GUINT64_FORMAT ", \"requests_per_second\": %.1f",
          contender, echo->size, echo->in_flight, n, n / seconds);
  if (echo->laps_nsec->len > 0)
    {
      g_array_sort (echo->laps_nsec, compare_laps);
      print_lap (echo, "median_usec", 0.5);
      print_lap (echo, "p99_usec", 0.99);
    }
  printf ("}\n");
}

static pid_t
start_server (Echo                *echo,
              const EchoContender *contender,
              int                 *fds)
{
  pid_t parent = getpid ();
  pid_t pid = fork ();

  echo_check (pid >= 0);
  if (pid > 0)
    {
      close (fds[1]);
      return pid;
    }

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (EXIT_FAILURE);
  close (fds[0]);
  contender->serve (echo, fds[1], contender->style);
  exit (EXIT_SUCCESS);
}

static const EchoContender *
find_contender (const EchoContender *contenders,
                guint                n_contenders,
                const char          *name)
{
  for (guint i = 0; i < n_contenders; i++)
    if (g_strcmp0 (contenders[i].name, name) == 0)
      return &contenders[i];

  for (guint i = 0; i < n_contenders; i++)
    g_printerr ("%s\n", contenders[i].name);
  echo_fail ("Name one of these");
}

int
echo_main (int                   argc,
           char                **argv,
           const EchoContender  *contenders,
           guint                 n_contenders)
{
  int size = ECHO_SIZE_MIN;
  int in_flight = 1;
  int warm_up = 1000;
  int requests = 0;
  int msec = 200;
  const GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_INT, &size, "Of a payload", "BYTES" },
    { "in-flight", 0, 0, G_OPTION_ARG_INT, &in_flight, "Requests at once", "N" },
    { "warm-up", 0, 0, G_OPTION_ARG_INT, &warm_up, "Requests before the clock starts", "N" },
    { "requests", 0, 0, G_OPTION_ARG_INT, &requests, "In place of a time", "N" },
    { "msec", 0, 0, G_OPTION_ARG_INT, &msec, "For so long", "N" },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("CONTENDER");
  g_autoptr(GError) error = NULL;
  const EchoContender *contender;
  Echo echo = { 0 };
  int fds[2];
  int status;
  pid_t server;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    echo_fail ("%s", error->message);
  contender = find_contender (contenders, n_contenders, argc == 2 ? argv[1] : NULL);
  if (size < ECHO_SIZE_MIN || in_flight < 1 || warm_up < 1 || requests < 0 || msec < 1)
    echo_fail ("A number is too small");

  echo.size = size;
  echo.in_flight = in_flight;
  echo.n_warm_up = warm_up;
  echo.n_wanted = requests;
  echo.span_nsec = msec * (NSEC_PER_SEC / 1000);
  echo.laps_nsec = g_array_sized_new (FALSE, FALSE, sizeof (guint32), 1 << 16);

  echo_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  server = start_server (&echo, contender, fds);
  add_slots (&echo);
  contender->ask (&echo, fds[0], contender->style);

  echo_check (waitpid (server, &status, 0) == server);
  if (status != 0)
    echo_fail ("The server ended with status %d", status);
  print_result (&echo, contender->name);
  g_free (echo.slots[0].frame);
  g_free (echo.slots);
  g_array_unref (echo.laps_nsec);

  return EXIT_SUCCESS;
}
