/* release/io/release-io-poller.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-poller-private.h"

#include "release/base/release-queue-private.h"
#include "release/io/release-io-rest-private.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

/* One watch alone is polled by the source itself. From the second on all of them live in an epoll
 * descriptor, and the source polls that: the cost of an iteration no longer grows with the number
 * of descriptors. A descriptor that epoll does not take stays with the source.
 *
 * Each watch has at most one turn per dispatch. Those that had more to do than their last turn
 * allowed, or did much in it, come after those that did not, and less often: whoever asks for
 * little does not wait for whoever floods. If that is not enough, those who flood rest: nothing of
 * theirs is read for a while, see ReleaseIoRest.
 *
 * The source can recurse: a handler that runs a main loop is served by a nested dispatch, with a
 * batch of its own. Batches hold references, so a watch can be freed at any time. */

#define EVENTS_PER_DISPATCH 64

/* Beside those who ask for little, one that does not has a turn every so many dispatches. */
#define GREEDY_PACE 8

struct _ReleaseIoWatch
{
  int                 ref_count;
  ReleaseIoPoller    *poller;        /* (owned) */
  int                 fd;
  guint               events;
  gpointer            tag;           /* (nullable): set while the source polls the descriptor */
  GList               link;          /* in poller->direct while tag is set */
  GList               ready_link;    /* in poller->ready while is_ready */
  GList               remote_link;   /* in poller->remote while is_remote */
  GList               rest_link;     /* in poller->readers while is_reader, or in resting */
  ReleaseIoWatchFunc  func;          /* (nullable): NULL once freed */
  gpointer            user_data;
  guint               last_turn;     /* the dispatch in which func was last called */
  guint               is_ready : 1;
  guint               is_heavy : 1;  /* the turn that runs, or was last, took long */
  guint               is_greedy : 1; /* asked for more than others should wait for */
  guint               is_reader : 1;
  guint               is_resting : 1; /* not polled for EPOLLIN */
  gboolean            is_remote;     /* guarded by poller->lock */
};

typedef struct
{
  GSource          source;
  ReleaseIoPoller *poller;    /* (unowned) */
} PollerSource;

struct _ReleaseIoPoller
{
  int              ref_count;    /* (atomic) */
  GMainContext    *context;
  GSource         *source;
  int              epoll_fd;     /* -1 while there is at most one watch */
  pid_t            owner;        /* a child that it forks shares epoll_fd: hands off */
  guint            n_watches;
  GQueue           direct;       /* ReleaseIoWatch.link */
  GQueue           ready;        /* ReleaseIoWatch.ready_link */
  guint            n_iterations;
  guint            n_dispatches;
  gboolean         is_shared;    /* somebody modest has a turn in this dispatch, and not alone */
  ReleaseIoTimers  timers;
  gint64           ready_time;   /* of the source; may be too early, never too late */
  ReleasePool      pool;

  ReleaseIoRest    rest;
  ReleaseIoTimer   rest_timer;   /* armed while it is on */
  GQueue           readers;      /* ReleaseIoWatch.rest_link: greedy, read since a modest turn */
  GQueue           resting;      /* ReleaseIoWatch.rest_link */

  GMutex           lock;
  GQueue           remote;       /* ReleaseIoWatch.remote_link, guarded by lock */
  int              has_remote;   /* (atomic) */
};

typedef struct
{
  ReleaseIoWatch *watch;
  guint           events;
} Event;

static GMutex pollers_lock;
static GHashTable *pollers = NULL; /* GMainContext -> ReleaseIoPoller, neither owned */

static ReleaseIoWatch *
watch_ref (ReleaseIoWatch *self)
{
  self->ref_count++;
  return self;
}

static void
watch_unref (ReleaseIoWatch *self)
{
  if (--self->ref_count > 0)
    return;

  release_io_poller_unref (self->poller);
  g_free (self);
}

static void
set_ready_time (ReleaseIoPoller *self,
                gint64           ready_time)
{
  if (ready_time == self->ready_time)
    return;

  self->ready_time = ready_time;
  g_source_set_ready_time (self->source, ready_time);
}

static void
remove_timer (ReleaseIoPoller *self,
              ReleaseIoTimer  *timer)
{
  release_io_timers_remove (&self->timers, timer);
  timer->poller = NULL;
}

static void
run_timers (ReleaseIoPoller *self)
{
  guint n = release_io_timers_count (&self->timers);
  ReleaseIoTimer *first;
  gint64 now;

  if (self->ready_time < 0)
    return;

  now = g_get_monotonic_time ();
  /* A timer that is armed again from its own function waits for the next dispatch. */
  while (n-- > 0 && (first = release_io_timers_get_first (&self->timers)) != NULL &&
         first->deadline <= now)
    {
      remove_timer (self, first);
      first->func (first->user_data);
    }

  first = release_io_timers_get_first (&self->timers);
  if (self->ready_time <= now)
    set_ready_time (self, first != NULL ? first->deadline : -1);
}

static void
take_remote (ReleaseIoPoller *self)
{
  GList *link;

  if (!g_atomic_int_get (&self->has_remote))
    return;

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->has_remote, FALSE);
  while ((link = g_queue_pop_head_link (&self->remote)) != NULL)
    {
      ReleaseIoWatch *watch = link->data;

      watch->is_remote = FALSE;
      release_io_watch_wake (watch);
    }
  g_mutex_unlock (&self->lock);
}

/* Brings what is polled for in line with what is wanted. */
static void
watch_update (ReleaseIoWatch *self)
{
  struct epoll_event event = { .events = self->events, .data.ptr = self };

  if (self->is_resting)
    event.events &= ~(guint32) EPOLLIN;
  if (self->tag != NULL)
    g_source_modify_unix_fd (self->poller->source, self->tag, event.events);
  else if (self->poller->owner == getpid ())
    epoll_ctl (self->poller->epoll_fd, EPOLL_CTL_MOD, self->fd, &event);
}

static void
forget_readers (ReleaseIoPoller *self)
{
  while (self->readers.head != NULL)
    {
      ReleaseIoWatch *watch = self->readers.head->data;

      release_queue_unlink (&self->readers, &watch->rest_link);
      watch->is_reader = FALSE;
    }
}

static void
end_rest (ReleaseIoPoller *self)
{
  release_io_timer_disarm (&self->rest_timer);
  while (self->resting.head != NULL)
    {
      ReleaseIoWatch *watch = self->resting.head->data;

      release_queue_unlink (&self->resting, &watch->rest_link);
      watch->is_resting = FALSE;
      watch_update (watch);
    }
}

static void
look_at_rest_cb (gpointer user_data)
{
  ReleaseIoPoller *self = user_data;
  gint64 now = g_get_monotonic_time ();

  if (release_io_rest_look (&self->rest, now) == RELEASE_IO_REST_ENDS)
    end_rest (self);
  else
    release_io_timer_arm (&self->rest_timer, self, now + RELEASE_IO_REST_LOOK_USEC,
                          look_at_rest_cb, self);
}

static void
begin_rest (ReleaseIoPoller *self,
            gint64           now)
{
  while (self->readers.head != NULL)
    {
      ReleaseIoWatch *watch = self->readers.head->data;

      release_queue_unlink (&self->readers, &watch->rest_link);
      watch->is_reader = FALSE;
      release_queue_push_tail_link (&self->resting, &watch->rest_link);
      watch->is_resting = TRUE;
      watch_update (watch);
    }
  if (!release_io_timer_is_armed (&self->rest_timer))
    release_io_timer_arm (&self->rest_timer, self, now + RELEASE_IO_REST_LOOK_USEC,
                          look_at_rest_cb, self);
}

static void
note_greedy_turn (ReleaseIoPoller *self,
                  ReleaseIoWatch  *watch)
{
  release_io_rest_greedy_read (&self->rest);
  if (watch->is_reader || watch->is_resting)
    return;

  watch->is_reader = TRUE;
  release_queue_push_tail_link (&self->readers, &watch->rest_link);
}

static void
note_modest_turn (ReleaseIoPoller *self)
{
  gint64 now = release_io_rest_is_needless (&self->rest) ? 0 : g_get_monotonic_time ();

  switch (release_io_rest_modest_turn (&self->rest, now))
    {
    case RELEASE_IO_REST_BEGINS:
      begin_rest (self, now);
      break;

    case RELEASE_IO_REST_ENDS:
      end_rest (self);
      break;

    default:
      break;
    }
  forget_readers (self);
}

static void
watch_run (ReleaseIoWatch *self,
           guint           events)
{
  self->last_turn = self->poller->n_dispatches;
  self->is_heavy = FALSE;
  self->func (events, self->user_data);
  /* One that only works off what it has read before does not become modest by it. */
  if (self->is_ready || self->is_heavy)
    self->is_greedy = TRUE;
  else if (events != 0)
    self->is_greedy = FALSE;

  /* Alone nobody is in anybody's way. */
  if (events == 0 || self->func == NULL || self->poller->n_watches < 2)
    return;

  if (self->is_greedy)
    note_greedy_turn (self->poller, self);
  else
    note_modest_turn (self->poller);
}

/* Whether @watch is to be called in the dispatch that runs now, unless it was already. */
static gboolean
has_turn (ReleaseIoPoller *self,
          ReleaseIoWatch  *watch)
{
  guint since = self->n_dispatches - watch->last_turn;

  return since > 0 && (!self->is_shared || !watch->is_greedy || since >= GREEDY_PACE);
}

/* Calls those that have more work. Each is taken off when its turn comes, so that a nested dispatch
 * finds the others; those that have no turn in this dispatch stay. */
static void
run_ready (ReleaseIoPoller *self,
           guint            max)
{
  for (guint n = MIN (self->ready.length, max); n > 0 && self->ready.length > 0; n--)
    {
      GList *link = g_queue_pop_head_link (&self->ready);
      ReleaseIoWatch *watch = watch_ref (link->data);

      if (has_turn (self, watch))
        {
          watch->is_ready = FALSE;
          watch_run (watch, 0);
        }
      else
        {
          release_queue_push_tail_link (&self->ready, link);
        }
      watch_unref (watch);
    }
}

/* Takes from the head and puts back at the tail, so that a full batch starves nobody. */
static guint
gather_direct (ReleaseIoPoller *self,
               Event           *events,
               guint            max)
{
  guint n = 0;

  for (guint i = self->direct.length; i > 0 && n < max; i--)
    {
      GList *link = self->direct.head;
      ReleaseIoWatch *watch = link->data;
      guint revents = g_source_query_unix_fd (self->source, watch->tag);

      release_queue_unlink (&self->direct, link);
      release_queue_push_tail_link (&self->direct, link);
      if (revents != 0)
        {
          events[n].watch = watch_ref (watch);
          events[n++].events = revents;
        }
    }

  return n;
}

static guint
gather_epoll (ReleaseIoPoller *self,
              Event           *events,
              guint            max)
{
  struct epoll_event arrived[EVENTS_PER_DISPATCH];
  int n;

  if (self->epoll_fd < 0 || max == 0)
    return 0;

  n = epoll_wait (self->epoll_fd, arrived, MIN (max, EVENTS_PER_DISPATCH), 0);
  for (int i = 0; i < n; i++)
    {
      events[i].watch = watch_ref (arrived[i].data.ptr);
      events[i].events = arrived[i].events;
    }

  return MAX (n, 0);
}

/* Keeps the order otherwise. Returns how many come first. */
static guint
put_greedy_last (Event *events,
                 guint  n)
{
  Event greedy[EVENTS_PER_DISPATCH];
  guint n_greedy = 0;
  guint n_modest = 0;

  for (guint i = 0; i < n; i++)
    if (events[i].watch->is_greedy)
      greedy[n_greedy++] = events[i];
    else
      events[n_modest++] = events[i];
  if (n_greedy > 0)
    memcpy (events + n_modest, greedy, n_greedy * sizeof *greedy);

  return n_modest;
}

static gboolean
poller_source_prepare (GSource *source,
                       int     *timeout)
{
  ReleaseIoPoller *self = ((PollerSource *) source)->poller;

  self->n_iterations++;
  *timeout = -1;
  return self->ready.length > 0 || g_atomic_int_get (&self->has_remote);
}

static gboolean
poller_source_check (GSource *source)
{
  ReleaseIoPoller *self = ((PollerSource *) source)->poller;

  return self->ready.length > 0 || g_atomic_int_get (&self->has_remote);
}

static gboolean
poller_source_dispatch (GSource     *source,
                        GSourceFunc  callback,
                        gpointer     user_data)
{
  g_autoptr(ReleaseIoPoller) self = release_io_poller_ref (((PollerSource *) source)->poller);
  Event events[EVENTS_PER_DISPATCH];
  guint dispatch = ++self->n_dispatches;
  guint n;

  take_remote (self);
  n = gather_direct (self, events, EVENTS_PER_DISPATCH);
  n += gather_epoll (self, events + n, EVENTS_PER_DISPATCH - n);
  self->is_shared = put_greedy_last (events, n) > 0 && n + self->ready.length > 1;

  for (guint i = 0; i < n; i++)
    {
      ReleaseIoWatch *watch = events[i].watch;
      guint wanted = events[i].events & (watch->events | EPOLLERR | EPOLLHUP);

      /* A callback before this one may have ended the watch, changed what is wanted, or run a
       * nested dispatch that has served it: whatever is left then is reported again. */
      if (watch->func != NULL && wanted != 0 && dispatch == self->n_dispatches &&
          has_turn (self, watch))
        watch_run (watch, wanted);
      watch_unref (watch);
    }

  run_ready (self, EVENTS_PER_DISPATCH);

  /* After the descriptors: what has arrived in time counts, however late the loop comes. */
  run_timers (self);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs poller_source_funcs = {
  .prepare = poller_source_prepare,
  .check = poller_source_check,
  .dispatch = poller_source_dispatch,
};

/* The poller of the thread-default main context; made if it has none. (transfer full) */
ReleaseIoPoller *
release_io_poller_ref_default (void)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  ReleaseIoPoller *self;

  g_mutex_lock (&pollers_lock);
  if (pollers == NULL)
    pollers = g_hash_table_new (NULL, NULL);

  self = g_hash_table_lookup (pollers, context);
  if (self != NULL)
    {
      release_io_poller_ref (self);
      g_mutex_unlock (&pollers_lock);
      return self;
    }

  self = g_new0 (ReleaseIoPoller, 1);
  self->ref_count = 1;
  g_mutex_init (&self->lock);
  self->context = g_steal_pointer (&context);
  self->epoll_fd = -1;
  self->ready_time = -1;
  release_io_timers_init (&self->timers);
  self->source = g_source_new (&poller_source_funcs, sizeof (PollerSource));
  ((PollerSource *) self->source)->poller = self;
  g_source_set_static_name (self->source, "[release] poller");
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, self->context);
  g_hash_table_insert (pollers, self->context, self);
  g_mutex_unlock (&pollers_lock);

  return self;
}

ReleaseIoPoller *
release_io_poller_ref (ReleaseIoPoller *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

/* Lets go of a reference unless it is the last. */
static gboolean
unref_shared (ReleaseIoPoller *self)
{
  int n = g_atomic_int_get (&self->ref_count);

  while (n > 1)
    {
      if (g_atomic_int_compare_and_exchange (&self->ref_count, n, n - 1))
        return TRUE;
      n = g_atomic_int_get (&self->ref_count);
    }

  return FALSE;
}

void
release_io_poller_unref (ReleaseIoPoller *self)
{
  if (unref_shared (self))
    return;

  /* Whoever finds it in the table takes a reference under the lock. */
  g_mutex_lock (&pollers_lock);
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    {
      g_mutex_unlock (&pollers_lock);
      return;
    }
  g_hash_table_remove (pollers, self->context);
  if (g_hash_table_size (pollers) == 0)
    g_clear_pointer (&pollers, g_hash_table_unref);
  g_mutex_unlock (&pollers_lock);

  g_assert (self->n_watches == 0);
  g_assert (release_io_timers_count (&self->timers) == 0);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  release_io_timers_clear (&self->timers);
  release_pool_clear (&self->pool);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->context);
  g_free (self);
}

GMainContext *
release_io_poller_get_context (ReleaseIoPoller *self)
{
  return self->context;
}

/* How many iterations the context has begun, but those in which a source of higher priority went
 * before. */
guint
release_io_poller_get_n_iterations (ReleaseIoPoller *self)
{
  return self->n_iterations;
}

/* For whatever lives and ends in the thread of the context. */
ReleasePool *
release_io_poller_get_pool (ReleaseIoPoller *self)
{
  return &self->pool;
}

static void
attach_direct (ReleaseIoWatch *self)
{
  self->tag = g_source_add_unix_fd (self->poller->source, self->fd, self->events);
  release_queue_push_tail_link (&self->poller->direct, &self->link);
}

static void
detach_direct (ReleaseIoWatch *self)
{
  g_source_remove_unix_fd (self->poller->source, g_steal_pointer (&self->tag));
  release_queue_unlink (&self->poller->direct, &self->link);
}

static gboolean
attach_epoll (ReleaseIoWatch *self)
{
  struct epoll_event event = { .events = self->events, .data.ptr = self };

  return self->poller->epoll_fd >= 0 && self->poller->owner == getpid () &&
         epoll_ctl (self->poller->epoll_fd, EPOLL_CTL_ADD, self->fd, &event) == 0;
}

/* Goes from one descriptor in the source to all of them behind epoll. */
static void
open_epoll (ReleaseIoPoller *self)
{
  int fd = epoll_create1 (EPOLL_CLOEXEC);

  if (fd < 0)
    return;

  self->epoll_fd = fd;
  self->owner = getpid ();
  g_source_add_unix_fd (self->source, fd, G_IO_IN);
  for (GList *link = self->direct.head, *next; link != NULL; link = next)
    {
      ReleaseIoWatch *watch = link->data;

      next = link->next;
      if (attach_epoll (watch))
        detach_direct (watch);
    }
}

/* Watches @fd, which stays the caller's and stays open until the watch is freed. @func is called
 * for @events, and for errors and hang-ups in any case. (transfer full) */
ReleaseIoWatch *
release_io_watch_new (ReleaseIoPoller    *poller,
                      int                 fd,
                      guint               events,
                      ReleaseIoWatchFunc  func,
                      gpointer            user_data)
{
  ReleaseIoWatch *self = g_new0 (ReleaseIoWatch, 1);

  self->ref_count = 1;
  self->poller = release_io_poller_ref (poller);
  self->fd = fd;
  self->events = events;
  self->func = func;
  self->user_data = user_data;
  self->link.data = self;
  self->ready_link.data = self;
  self->remote_link.data = self;
  self->rest_link.data = self;

  if (poller->n_watches++ > 0 && poller->epoll_fd < 0)
    open_epoll (poller);
  if (!attach_epoll (self))
    attach_direct (self);

  return self;
}

/* Takes back release_io_watch_wake (): there is nothing left to do. */
void
release_io_watch_unwake (ReleaseIoWatch *self)
{
  if (!self->is_ready)
    return;

  self->is_ready = FALSE;
  release_queue_unlink (&self->poller->ready, &self->ready_link);
}

/* Ends the watch: its function is not called again. Fine from within that function. */
void
release_io_watch_free (ReleaseIoWatch *self)
{
  ReleaseIoPoller *poller = self->poller;

  self->func = NULL;
  poller->n_watches--;
  if (self->tag != NULL)
    detach_direct (self);
  else if (poller->owner == getpid () &&
           epoll_ctl (poller->epoll_fd, EPOLL_CTL_DEL, self->fd, NULL) < 0)
    g_critical ("Descriptor %d was closed before its watch was freed", self->fd);

  g_mutex_lock (&poller->lock);
  if (self->is_remote)
    release_queue_unlink (&poller->remote, &self->remote_link);
  self->is_remote = FALSE;
  g_mutex_unlock (&poller->lock);

  if (self->is_reader)
    release_queue_unlink (&poller->readers, &self->rest_link);
  if (self->is_resting)
    release_queue_unlink (&poller->resting, &self->rest_link);
  self->is_reader = self->is_resting = FALSE;
  if (poller->n_watches == 0)
    release_io_timer_disarm (&poller->rest_timer);
  release_io_watch_unwake (self);
  watch_unref (self);
}

void
release_io_watch_set_events (ReleaseIoWatch *self,
                             guint           events)
{
  if (events == self->events)
    return;

  self->events = events;
  watch_update (self);
}

/* Has the function called with no events in the next iteration of the context. */
void
release_io_watch_wake (ReleaseIoWatch *self)
{
  if (self->is_ready)
    return;

  self->is_ready = TRUE;
  release_queue_push_tail_link (&self->poller->ready, &self->ready_link);
}

/* Whether the dispatch that runs now also serves somebody who asks for little, so that turns are to
 * be short. */
gboolean
release_io_watch_is_in_company (ReleaseIoWatch *self)
{
  return self->poller->is_shared;
}

/* The turn that runs now takes longer than others should often wait. */
void
release_io_watch_set_heavy (ReleaseIoWatch *self)
{
  self->is_heavy = TRUE;
}

/* Whether others have something to do since. */
gboolean
release_io_watch_is_waited_for (ReleaseIoWatch *self)
{
  ReleaseIoPoller *poller = self->poller;
  struct epoll_event arrived[2];
  int n;

  if (poller->ready.length > self->is_ready)
    return TRUE;
  if (poller->epoll_fd < 0)
    return FALSE;

  n = epoll_wait (poller->epoll_fd, arrived, G_N_ELEMENTS (arrived), 0);
  return n > 1 || (n == 1 && arrived[0].data.ptr != self);
}

/* release_io_watch_wake () from any thread; the caller keeps the watch alive meanwhile. */
void
release_io_watch_wake_from_any_thread (ReleaseIoWatch *self)
{
  ReleaseIoPoller *poller = self->poller;

  g_mutex_lock (&poller->lock);
  if (!self->is_remote)
    {
      self->is_remote = TRUE;
      release_queue_push_tail_link (&poller->remote, &self->remote_link);
      if (!g_atomic_int_get (&poller->has_remote))
        {
          g_atomic_int_set (&poller->has_remote, TRUE);
          g_main_context_wakeup (poller->context);
        }
    }
  g_mutex_unlock (&poller->lock);
}

/* Has @func called once at @deadline (monotonic, in microseconds) or after. The timer must be
 * disarmed before it, or its poller, goes away. */
void
release_io_timer_arm (ReleaseIoTimer     *self,
                      ReleaseIoPoller    *poller,
                      gint64              deadline,
                      ReleaseIoTimerFunc  func,
                      gpointer            user_data)
{
  release_io_timer_disarm (self);

  self->poller = poller;
  self->deadline = MAX (deadline, 0);
  self->func = func;
  self->user_data = user_data;
  release_io_timers_add (&poller->timers, self);

  if (poller->ready_time < 0 || self->deadline < poller->ready_time)
    set_ready_time (poller, self->deadline);
}

/* Of one that is armed. The source keeps its ready time: it may wake up once for nothing, which
 * costs less than to wake the context for every answer that comes in time. */
void
release_io_timer_remove (ReleaseIoTimer *self)
{
  remove_timer (self->poller, self);
}
