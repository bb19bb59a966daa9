/* release-tests/io/poller.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-poller-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_MANY 300
#define N_TIMERS 500

typedef struct
{
  ReleaseIoWatch *watch;
  int             fds[2];
  guint           n_calls;
  guint           events;    /* of the last call */
  gboolean        reads;     /* takes the byte that is there */
  gpointer        other;     /* whatever a test needs */
} Watched;

static void
count_cb (guint    events,
          gpointer user_data)
{
  Watched *watched = user_data;
  char byte;

  watched->n_calls++;
  watched->events = events;
  if (watched->reads && (events & EPOLLIN) != 0)
    g_assert_cmpint (recv (watched->fds[0], &byte, 1, MSG_DONTWAIT), ==, 1);
}

static void
watched_init (Watched            *watched,
              ReleaseIoPoller    *poller,
              ReleaseIoWatchFunc  func)
{
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, watched->fds));
  watched->reads = TRUE;
  watched->watch = release_io_watch_new (poller, watched->fds[0], EPOLLIN, func, watched);
}

static void
watched_clear (Watched *watched)
{
  g_clear_pointer (&watched->watch, release_io_watch_free);
  for (guint i = 0; i < 2; i++)
    if (watched->fds[i] > 0)
      close (watched->fds[i]);
}

static void
poke (Watched *watched)
{
  g_assert_cmpint (send (watched->fds[1], "x", 1, MSG_NOSIGNAL), ==, 1);
}

static void
run_pending (void)
{
  guint n = 0;

  while (g_main_context_iteration (NULL, FALSE))
    g_assert_cmpuint (n++, <, 1000);
}

static void
test_poller_one_per_context (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autoptr(ReleaseIoPoller) same = release_io_poller_ref_default ();
  g_autoptr(ReleaseIoPoller) other = NULL;
  g_autoptr(GMainContext) context = g_main_context_new ();

  g_test_summary ("A main context has one poller, another context another");

  g_main_context_push_thread_default (context);
  other = release_io_poller_ref_default ();
  g_main_context_pop_thread_default (context);

  g_assert_true (poller == same);
  g_assert_true (poller != other);
  g_assert_true (release_io_poller_get_context (poller) == g_main_context_default ());
  g_assert_true (release_io_poller_get_context (other) == context);
}

static void
test_poller_direct (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched = { NULL };

  g_test_summary ("One watch is called when its descriptor is ready, and not otherwise");

  watched_init (&watched, poller, count_cb);
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, 0);

  poke (&watched);
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, 1);
  g_assert_cmpuint (watched.events, ==, EPOLLIN);

  release_io_watch_set_events (watched.watch, EPOLLIN | EPOLLOUT);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (watched.n_calls, ==, 2);
  g_assert_cmpuint (watched.events, ==, EPOLLOUT);

  release_io_watch_set_events (watched.watch, 0);
  poke (&watched);
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, 2);

  watched_clear (&watched);
}

static void
test_poller_hang_up (gconstpointer user_data)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched first = { NULL }, second = { NULL };
  gboolean with_epoll = GPOINTER_TO_INT (user_data);

  g_test_summary ("A hang-up is reported though nothing was asked for");

  if (with_epoll)
    watched_init (&second, poller, count_cb);
  watched_init (&first, poller, count_cb);
  release_io_watch_set_events (first.watch, 0);
  close (first.fds[1]);
  first.fds[1] = -1;

  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (first.n_calls, ==, 1);
  g_assert_cmpuint (first.events & EPOLLHUP, ==, EPOLLHUP);
  g_assert_cmpuint (second.n_calls, ==, 0);

  watched_clear (&first);
  watched_clear (&second);
}

static void
test_poller_child (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched first = { NULL }, second = { NULL };
  int told[2], ended[2];
  int status;
  char byte;
  pid_t pid;

  g_test_summary ("What a forked child watches, its parent does not hear of");

  watched_init (&first, poller, count_cb);
  watched_init (&second, poller, count_cb);
  g_assert_no_errno (pipe (told));
  g_assert_no_errno (pipe (ended));
  pid = fork ();
  g_assert_no_errno (pid);
  if (pid == 0)
    {
      Watched own = { NULL };

      close (ended[1]);
      watched_init (&own, poller, count_cb);
      poke (&own);
      _exit (write (told[1], "x", 1) == 1 && read (ended[0], &byte, 1) == 0 ? 0 : 1);
    }

  close (told[1]);
  g_assert_cmpint (read (told[0], &byte, 1), ==, 1);
  poke (&first);
  run_pending ();
  g_assert_cmpuint (first.n_calls, ==, 1);
  g_assert_cmpuint (second.n_calls, ==, 0);

  close (ended[1]);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  close (told[0]);
  close (ended[0]);
  watched_clear (&first);
  watched_clear (&second);
}

static void
test_poller_many (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autofree Watched *watched = g_new0 (Watched, N_MANY);

  g_test_summary ("Many watches share one descriptor, and each gets its own events");

  for (guint i = 0; i < N_MANY; i++)
    watched_init (&watched[i], poller, count_cb);

  for (guint i = 0; i < N_MANY; i += 3)
    poke (&watched[i]);
  run_pending ();
  for (guint i = 0; i < N_MANY; i++)
    g_assert_cmpuint (watched[i].n_calls, ==, i % 3 == 0 ? 1 : 0);

  /* Some go, and the others stay. */
  for (guint i = 0; i < N_MANY; i += 2)
    watched_clear (&watched[i]);
  for (guint i = 1; i < N_MANY; i += 2)
    poke (&watched[i]);
  run_pending ();
  for (guint i = 1; i < N_MANY; i += 2)
    g_assert_cmpuint (watched[i].n_calls, ==, i % 3 == 0 ? 2 : 1);

  for (guint i = 1; i < N_MANY; i += 2)
    watched_clear (&watched[i]);
}

static void
test_poller_fair (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autofree Watched *watched = g_new0 (Watched, N_MANY);

  g_test_summary ("Descriptors that are always ready do not starve each other");

  for (guint i = 0; i < N_MANY; i++)
    {
      watched_init (&watched[i], poller, count_cb);
      watched[i].reads = FALSE;
      poke (&watched[i]);
    }

  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  for (guint i = 0; i < N_MANY; i++)
    {
      g_assert_cmpuint (watched[i].n_calls, >, 1);
      watched_clear (&watched[i]);
    }
}

static void
test_poller_without_epoll (void)
{
  g_autoptr(ReleaseIoPoller) poller = NULL;
  Watched watched[4] = { { NULL } };
  struct rlimit saved, none;

  g_test_summary ("Where no epoll descriptor can be had the source polls each descriptor itself");

  poller = release_io_poller_ref_default ();
  for (guint i = 0; i < 3; i++)
    {
      watched_init (&watched[i], poller, count_cb);
      release_io_watch_free (g_steal_pointer (&watched[i].watch));
    }
  /* That made one; a new poller begins without. */
  g_clear_pointer (&poller, release_io_poller_unref);
  poller = release_io_poller_ref_default ();

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &saved));
  none = saved;
  none.rlim_cur = 3;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &none));
  for (guint i = 0; i < 3; i++)
    watched[i].watch = release_io_watch_new (poller, watched[i].fds[0], EPOLLIN, count_cb,
                                             &watched[i]);
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &saved));

  poke (&watched[0]);
  poke (&watched[2]);
  run_pending ();
  g_assert_cmpuint (watched[0].n_calls, ==, 1);
  g_assert_cmpuint (watched[1].n_calls, ==, 0);
  g_assert_cmpuint (watched[2].n_calls, ==, 1);

  /* With the next watch it tries again, and takes the others along. */
  watched_init (&watched[3], poller, count_cb);
  for (guint i = 0; i < 4; i++)
    poke (&watched[i]);
  run_pending ();
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (watched[i].n_calls, ==, i == 1 || i == 3 ? 1 : 2);
      watched_clear (&watched[i]);
    }
}

static void
test_poller_unpollable (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched[2] = { { NULL } };
  ReleaseIoWatch *watch;
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_test_summary ("A descriptor that epoll refuses is watched all the same");

  watched_init (&watched[0], poller, count_cb);
  watched_init (&watched[1], poller, count_cb);
  watched[1].reads = FALSE;
  watch = release_io_watch_new (poller, fd, EPOLLIN, count_cb, &watched[1]);
  g_main_context_iteration (NULL, FALSE);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (watched[0].n_calls, ==, 0);
  g_assert_cmpuint (watched[1].n_calls, ==, 2);

  release_io_watch_free (watch);
  close (fd);
  watched_clear (&watched[0]);
  watched_clear (&watched[1]);
}

static void
free_both_cb (guint    events,
              gpointer user_data)
{
  Watched *watched = user_data;
  Watched *other = watched->other;

  watched->n_calls++;
  g_clear_pointer (&other->watch, release_io_watch_free);
  g_clear_pointer (&watched->watch, release_io_watch_free);
}

static void
test_poller_free_in_callback (gconstpointer user_data)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched[3] = { { NULL } };
  gboolean wakes = GPOINTER_TO_INT (user_data);

  g_test_summary ("A watch freed in a callback of the same dispatch is not called any more");

  for (guint i = 0; i < 3; i++)
    watched_init (&watched[i], poller, i < 2 ? free_both_cb : count_cb);
  watched[0].other = &watched[1];
  watched[1].other = &watched[0];
  for (guint i = 0; i < 3; i++)
    {
      if (wakes)
        release_io_watch_wake (watched[i].watch);
      else
        poke (&watched[i]);
    }

  run_pending ();
  g_assert_cmpuint (watched[0].n_calls + watched[1].n_calls, ==, 1);
  g_assert_cmpuint (watched[2].n_calls, ==, 1);

  for (guint i = 0; i < 3; i++)
    watched_clear (&watched[i]);
}

static void
unref_poller_cb (guint    events,
                 gpointer user_data)
{
  Watched *watched = user_data;

  watched->n_calls++;
  g_clear_pointer (&watched->watch, release_io_watch_free);
  release_io_poller_unref (g_steal_pointer (&watched->other));
}

static void
test_poller_ends_in_callback (void)
{
  ReleaseIoPoller *poller = release_io_poller_ref_default ();
  Watched watched = { NULL };

  g_test_summary ("A poller may go away in a callback of its own");

  watched_init (&watched, poller, unref_poller_cb);
  watched.other = poller;
  poke (&watched);
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, 1);
  watched_clear (&watched);
}

static void
test_poller_wake (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched = { NULL };

  g_test_summary ("A woken watch is called once, with no events");

  watched_init (&watched, poller, count_cb);
  watched.events = 1;
  release_io_watch_wake (watched.watch);
  release_io_watch_wake (watched.watch);
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, 1);
  g_assert_cmpuint (watched.events, ==, 0);

  release_io_watch_wake (watched.watch);
  release_io_watch_unwake (watched.watch);
  release_io_watch_unwake (watched.watch);
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, 1);

  /* Freed while it waits for its turn. */
  release_io_watch_wake (watched.watch);
  release_io_watch_wake_from_any_thread (watched.watch);
  watched_clear (&watched);
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, 1);
}

static void
wake_again_cb (guint    events,
               gpointer user_data)
{
  Watched *watched = user_data;

  if (++watched->n_calls < 5)
    release_io_watch_wake (watched->watch);
}

static void
test_poller_wake_again (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched = { NULL };

  g_test_summary ("A watch that wakes itself has its turn in the next iteration, not the same");

  watched_init (&watched, poller, wake_again_cb);
  release_io_watch_wake (watched.watch);
  for (guint i = 1; i <= 5; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (watched.n_calls, ==, i);
    }
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  watched_clear (&watched);
}

static gpointer
wake_thread (gpointer data)
{
  Watched *watched = data;

  for (guint i = 0; i < 1000; i++)
    release_io_watch_wake_from_any_thread (watched->watch);

  return NULL;
}

static void
test_poller_wake_from_thread (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched = { NULL };
  GThread *threads[4];
  guint before;

  g_test_summary ("A wake from another thread ends the wait, and none is lost");

  watched_init (&watched, poller, count_cb);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("wake", wake_thread, &watched);
  while (watched.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  run_pending ();

  before = watched.n_calls;
  g_thread_join (g_thread_new ("wake", wake_thread, &watched));
  run_pending ();
  g_assert_cmpuint (watched.n_calls, ==, before + 1);
  watched_clear (&watched);
}

static void
nest_cb (guint    events,
         gpointer user_data)
{
  Watched *watched = user_data;
  Watched *other = watched->other;
  char byte;

  watched->n_calls++;
  if ((events & EPOLLIN) != 0)
    g_assert_cmpint (recv (watched->fds[0], &byte, 1, MSG_DONTWAIT), ==, 1);
  if (watched->n_calls == 1)
    while (other->n_calls == 0)
      g_main_context_iteration (NULL, TRUE);
}

/* Has always more to do, and notes in a string of the test that it was called. */
static void
greedy_cb (guint    events,
           gpointer user_data)
{
  Watched *watched = user_data;

  count_cb (events, watched);
  g_string_append_c (watched->other, 'g');
  release_io_watch_wake (watched->watch);
}

static void
modest_cb (guint    events,
           gpointer user_data)
{
  Watched *watched = user_data;

  count_cb (events, watched);
  g_string_append_c (watched->other, 'm');
}

/* What one iteration brings: an m and a g for the turns of the one and the other. */
static const char *
take_turns (GString *turns)
{
  g_string_truncate (turns, 0);
  g_main_context_iteration (NULL, FALSE);
  return turns->str;
}

static void
test_poller_modest_first (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autoptr(GString) turns = g_string_new (NULL);
  Watched watched[2] = { { NULL } };
  guint n_greedy = 0;

  g_test_summary ("A watch that always has more to do gets at most one turn per iteration, after a "
                  "modest one and less often, but again and again, even if its descriptor is ready");

  watched_init (&watched[0], poller, greedy_cb);
  watched_init (&watched[1], poller, modest_cb);
  watched[0].other = watched[1].other = turns;
  watched[0].reads = FALSE;
  poke (&watched[0]);
  g_assert_cmpstr (take_turns (turns), ==, "g");

  for (guint i = 0; i < 80; i++)
    {
      poke (&watched[1]);
      take_turns (turns);
      g_assert_true (g_str_equal (turns->str, "m") || g_str_equal (turns->str, "mg"));
      n_greedy += turns->len - 1;
    }
  g_assert_cmpuint (n_greedy, >=, 80 / 8 - 1);
  g_assert_cmpuint (n_greedy, <=, 80 / 4);

  /* With nobody else there it has every turn. */
  for (guint i = 0; i < 20; i++)
    g_assert_cmpstr (take_turns (turns), ==, "g");

  for (guint i = 0; i < 2; i++)
    watched_clear (&watched[i]);
}

static void
heavy_cb (guint    events,
          gpointer user_data)
{
  Watched *watched = user_data;

  count_cb (events, watched);
  g_string_append_c (watched->other, 'g');
  release_io_watch_set_heavy (watched->watch);
}

static void
test_poller_heavy (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autoptr(GString) turns = g_string_new (NULL);
  Watched watched[2] = { { NULL } };

  g_test_summary ("A watch whose turns take long comes after the others, too, until it had one "
                  "that did not");

  watched_init (&watched[0], poller, heavy_cb);
  watched_init (&watched[1], poller, modest_cb);
  watched[0].other = watched[1].other = turns;
  poke (&watched[0]);
  g_assert_cmpstr (take_turns (turns), ==, "g");
  poke (&watched[0]);
  poke (&watched[1]);
  g_assert_cmpstr (take_turns (turns), ==, "m");
  g_assert_cmpstr (take_turns (turns), ==, "g");

  release_io_watch_free (watched[0].watch);
  watched[0].watch = release_io_watch_new (poller, watched[0].fds[0], EPOLLIN, modest_cb,
                                           &watched[0]);
  poke (&watched[0]);
  poke (&watched[1]);
  g_assert_cmpstr (take_turns (turns), ==, "mm");
  for (guint i = 0; i < 2; i++)
    watched_clear (&watched[i]);
}

/* Sends a modest peer's byte, and lets time pass before it is noticed. */
static void
poke_late (Watched *watched,
           guint    usec)
{
  g_usleep (usec);
  poke (watched);
}

/* Whether the greedy one, whose descriptor is ready, was left alone for ten modest turns after
 * one that came late. On a busy machine the rest may have ended before. */
static gboolean
has_rested (Watched *watched,
            GString *turns)
{
  for (guint i = 0; i < 10; i++)
    {
      poke (&watched[1]);
      take_turns (turns);
    }
  g_main_context_iteration (NULL, FALSE);
  poke_late (&watched[1], 10000);
  take_turns (turns);

  for (guint i = 0; i < 10; i++)
    {
      poke (&watched[1]);
      if (strchr (take_turns (turns), 'g') != NULL)
        return FALSE;
      /* With nobody else there, too. */
      if (strchr (take_turns (turns), 'g') != NULL)
        return FALSE;
    }

  return TRUE;
}

static void
test_poller_rest (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autoptr(GString) turns = g_string_new (NULL);
  Watched watched[2] = { { NULL } };
  guint n_attempts = 0;

  g_test_summary ("A greedy watch after which a modest one came late is not called for what "
                  "arrives while it rests, but for a hang-up, and then again");

  watched_init (&watched[0], poller, heavy_cb);
  watched_init (&watched[1], poller, modest_cb);
  watched[0].other = watched[1].other = turns;
  watched[0].reads = FALSE;
  poke (&watched[0]);
  while (!has_rested (watched, turns))
    g_assert_cmpuint (n_attempts++, <, 100);

  /* What it asks for meanwhile does not wake it. */
  release_io_watch_set_events (watched[0].watch, EPOLLIN | EPOLLPRI);
  while (strchr (turns->str, 'g') == NULL)
    {
      poke (&watched[1]);
      take_turns (turns);
    }

  while (!has_rested (watched, turns))
    g_assert_cmpuint (n_attempts++, <, 100);
  close (watched[0].fds[1]);
  watched[0].fds[1] = -1;
  while (strchr (take_turns (turns), 'g') == NULL)
    poke (&watched[1]);

  while (!has_rested (watched, turns) && n_attempts < 100)
    n_attempts++;
  for (guint i = 0; i < 2; i++)
    watched_clear (&watched[i]);
  run_pending ();
}

/* Notes what a watch may ask the poller while it has its turn. */
static void
ask_cb (guint    events,
        gpointer user_data)
{
  Watched *watched = user_data;

  count_cb (events, watched);
  g_string_append_printf (watched->other, "%c%c ",
                          release_io_watch_is_in_company (watched->watch) ? 'c' : '-',
                          release_io_watch_is_waited_for (watched->watch) ? 'w' : '-');
}

static void
test_poller_company (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autoptr(GString) answers = g_string_new (NULL);
  Watched watched[2] = { { NULL } };

  g_test_summary ("A watch learns whether it shares its dispatch, and whether others wait for it to "
                  "end; its own descriptor is nobody else");

  watched_init (&watched[0], poller, ask_cb);
  watched[0].other = watched[1].other = answers;
  watched[0].reads = FALSE;
  poke (&watched[0]);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (answers->str, ==, "-- ");

  watched_init (&watched[1], poller, ask_cb);
  g_string_truncate (answers, 0);
  g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (answers->str, ==, "-- ");

  poke (&watched[1]);
  g_string_truncate (answers, 0);
  g_main_context_iteration (NULL, FALSE);
  g_assert_true (g_str_equal (answers->str, "cw c- ") || g_str_equal (answers->str, "cw cw "));

  release_io_watch_wake (watched[1].watch);
  g_string_truncate (answers, 0);
  g_main_context_iteration (NULL, FALSE);
  g_assert_true (g_str_has_prefix (answers->str, "cw "));
  for (guint i = 0; i < 2; i++)
    watched_clear (&watched[i]);
}

static void
test_poller_nested (gconstpointer user_data)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched[2] = { { NULL } };
  gboolean wakes = GPOINTER_TO_INT (user_data);

  g_test_summary ("A main loop inside a callback serves the other watches, also those whose turn "
                  "would have come in the same dispatch");

  watched_init (&watched[0], poller, nest_cb);
  watched_init (&watched[1], poller, nest_cb);
  watched[0].other = &watched[1];
  watched[1].other = &watched[0];
  for (guint i = 0; i < 2; i++)
    {
      if (wakes)
        release_io_watch_wake (watched[i].watch);
      else
        poke (&watched[i]);
    }
  while (watched[0].n_calls == 0 || watched[1].n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  run_pending ();
  if (wakes)
    g_assert_cmpuint (watched[0].n_calls + watched[1].n_calls, ==, 2);

  watched_clear (&watched[0]);
  watched_clear (&watched[1]);
}

static void
stop_other_cb (guint    events,
               gpointer user_data)
{
  Watched *watched = user_data;
  Watched *other = watched->other;

  watched->n_calls++;
  release_io_watch_set_events (watched->watch, 0);
  release_io_watch_set_events (other->watch, 0);
}

static void
test_poller_unwanted (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Watched watched[2] = { { NULL } };

  g_test_summary ("An event that a callback before it gave up is not reported");

  watched_init (&watched[0], poller, stop_other_cb);
  watched_init (&watched[1], poller, stop_other_cb);
  watched[0].other = &watched[1];
  watched[1].other = &watched[0];
  poke (&watched[0]);
  poke (&watched[1]);
  run_pending ();
  g_assert_cmpuint (watched[0].n_calls + watched[1].n_calls, ==, 1);

  watched_clear (&watched[0]);
  watched_clear (&watched[1]);
}

typedef struct
{
  ReleaseIoTimer   timer;
  ReleaseIoPoller *poller;
  gint64           deadline;
  gint64          *last;
  guint            n_calls;
} Timed;

static void
timed_cb (gpointer user_data)
{
  Timed *timed = user_data;

  timed->n_calls++;
  g_assert_false (release_io_timer_is_armed (&timed->timer));
  g_assert_cmpint (g_get_monotonic_time (), >=, timed->deadline);
  g_assert_cmpint (timed->deadline, >=, *timed->last);
  *timed->last = timed->deadline;
}

static void
test_timer_order (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  g_autofree Timed *timed = g_new0 (Timed, N_TIMERS);
  gint64 start = g_get_monotonic_time ();
  gint64 last = 0;
  guint n_left = 0;

  g_test_summary ("Timers end in the order of their deadlines, none too soon, disarmed ones never");

  for (guint i = 0; i < N_TIMERS; i++)
    {
      timed[i].last = &last;
      timed[i].deadline = start + g_test_rand_int_range (0, 20 * 1000);
      release_io_timer_arm (&timed[i].timer, poller, timed[i].deadline, timed_cb, &timed[i]);
    }
  for (guint i = 0; i < N_TIMERS; i += 5)
    {
      release_io_timer_disarm (&timed[i].timer);
      release_io_timer_disarm (&timed[i].timer);
      g_assert_false (release_io_timer_is_armed (&timed[i].timer));
    }
  /* Armed again: the new deadline counts. */
  for (guint i = 1; i < N_TIMERS; i += 5)
    {
      timed[i].deadline = start + g_test_rand_int_range (0, 20 * 1000);
      release_io_timer_arm (&timed[i].timer, poller, timed[i].deadline, timed_cb, &timed[i]);
    }

  do
    {
      n_left = 0;
      for (guint i = 0; i < N_TIMERS; i++)
        n_left += release_io_timer_is_armed (&timed[i].timer) ? 1 : 0;
      if (n_left > 0)
        g_main_context_iteration (NULL, TRUE);
    }
  while (n_left > 0);

  for (guint i = 0; i < N_TIMERS; i++)
    g_assert_cmpuint (timed[i].n_calls, ==, i % 5 == 0 ? 0 : 1);
  /* At most one more wake-up, for a deadline that was taken back. */
  g_main_context_iteration (NULL, FALSE);
  run_pending ();
}

static void
rearm_cb (gpointer user_data)
{
  Timed *timed = user_data;

  timed->n_calls++;
  release_io_timer_arm (&timed->timer, timed->poller, 0, rearm_cb, timed);
}

static void
test_timer_rearm (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Timed timed = { { NULL }, poller };

  g_test_summary ("A timer that is over the moment it is armed has its turn once per iteration");

  release_io_timer_arm (&timed.timer, poller, 0, rearm_cb, &timed);
  for (guint i = 1; i < 5; i++)
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (timed.n_calls, ==, i);
    }
  release_io_timer_disarm (&timed.timer);
}

static void
disarm_other_cb (gpointer user_data)
{
  Timed *timed = user_data;

  timed->n_calls++;
  release_io_timer_disarm (&(timed + 1)->timer);
}

static void
test_timer_disarm_in_callback (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Timed timed[2] = { { { NULL } } };
  gint64 last = 0;

  g_test_summary ("A timer that another one takes back at the same moment does not run");

  timed[1].last = &last;
  release_io_timer_arm (&timed[0].timer, poller, 1, disarm_other_cb, &timed[0]);
  release_io_timer_arm (&timed[1].timer, poller, 2, timed_cb, &timed[1]);
  run_pending ();
  g_assert_cmpuint (timed[0].n_calls, ==, 1);
  g_assert_cmpuint (timed[1].n_calls, ==, 0);
}

static void
nested_timer_cb (gpointer user_data)
{
  Timed *timed = user_data;

  timed->n_calls++;
  while ((timed + 1)->n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_timer_nested (void)
{
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  Timed timed[2] = { { { NULL } } };
  gint64 last = 0;

  g_test_summary ("A main loop inside a timer's function runs the other timers");

  timed[1].last = &last;
  release_io_timer_arm (&timed[0].timer, poller, 1, nested_timer_cb, &timed[0]);
  release_io_timer_arm (&timed[1].timer, poller, 2, timed_cb, &timed[1]);
  g_main_context_iteration (NULL, TRUE);
  run_pending ();
  g_assert_cmpuint (timed[0].n_calls, ==, 1);
  g_assert_cmpuint (timed[1].n_calls, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/poller/one-per-context", test_poller_one_per_context);
  g_test_add_func ("/poller/direct", test_poller_direct);
  g_test_add_data_func ("/poller/hang-up/direct", GINT_TO_POINTER (FALSE), test_poller_hang_up);
  g_test_add_data_func ("/poller/hang-up/epoll", GINT_TO_POINTER (TRUE), test_poller_hang_up);
  g_test_add_func ("/poller/child", test_poller_child);
  g_test_add_func ("/poller/many", test_poller_many);
  g_test_add_func ("/poller/fair", test_poller_fair);
  g_test_add_func ("/poller/without-epoll", test_poller_without_epoll);
  g_test_add_func ("/poller/unpollable", test_poller_unpollable);
  g_test_add_data_func ("/poller/free-in-callback/ready", GINT_TO_POINTER (FALSE),
                        test_poller_free_in_callback);
  g_test_add_data_func ("/poller/free-in-callback/woken", GINT_TO_POINTER (TRUE),
                        test_poller_free_in_callback);
  g_test_add_func ("/poller/ends-in-callback", test_poller_ends_in_callback);
  g_test_add_func ("/poller/wake", test_poller_wake);
  g_test_add_func ("/poller/wake-again", test_poller_wake_again);
  g_test_add_func ("/poller/wake-from-thread", test_poller_wake_from_thread);
  g_test_add_func ("/poller/modest-first", test_poller_modest_first);
  g_test_add_func ("/poller/heavy", test_poller_heavy);
  g_test_add_func ("/poller/rest", test_poller_rest);
  g_test_add_func ("/poller/company", test_poller_company);
  g_test_add_data_func ("/poller/nested/ready", GINT_TO_POINTER (FALSE), test_poller_nested);
  g_test_add_data_func ("/poller/nested/woken", GINT_TO_POINTER (TRUE), test_poller_nested);
  g_test_add_func ("/poller/unwanted", test_poller_unwanted);
  g_test_add_func ("/timer/order", test_timer_order);
  g_test_add_func ("/timer/rearm", test_timer_rearm);
  g_test_add_func ("/timer/disarm-in-callback", test_timer_disarm_in_callback);
  g_test_add_func ("/timer/nested", test_timer_nested);

  return g_test_run ();
}
