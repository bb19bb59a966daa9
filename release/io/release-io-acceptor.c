/* release/io/release-io-acceptor.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-acceptor-private.h"

#include <errno.h>
#include <sys/socket.h>

/* After so many connections others in the same main loop have their turn. */
#define ACCEPTS_PER_DISPATCH 16

/* Without descriptors there is no use in asking at once again. */
#define BACK_OFF_USEC (100 * G_TIME_SPAN_MILLISECOND)

/* Trouble that comes and goes is told once in so many microseconds. */
#define TROUBLE_INTERVAL_USEC (5 * G_USEC_PER_SEC)

struct _ReleaseIoAcceptor
{
  int                     ref_count;
  ReleaseIoPoller        *poller;           /* (owned) */
  ReleaseIoListener      *listener;         /* (owned) (nullable): NULL once freed */
  ReleaseIoWatch         *watch;            /* (owned) (nullable): unless paused or backing off */
  ReleaseIoTimer          back_off_timer;
  ReleaseIoAcceptedFunc   accepted;
  ReleaseIoTroubleFunc    trouble;
  gpointer                user_data;
  gint64                  last_trouble;     /* when it was told, 0 never */
  guint                   is_paused : 1;
  guint                   is_in_trouble : 1;
};

static void accept_cb (guint    events,
                       gpointer user_data);

static void
unref (ReleaseIoAcceptor *self)
{
  if (--self->ref_count > 0)
    return;

  release_io_poller_unref (self->poller);
  g_free (self);
}

/* Without the watch when there is nothing to do: a socket that somebody has shut down would be
 * reported for ever. */
static void
update_watch (gpointer user_data)
{
  ReleaseIoAcceptor *self = user_data;
  gboolean wanted = self->listener != NULL && !self->is_paused &&
                    !release_io_timer_is_armed (&self->back_off_timer);

  if (!wanted)
    g_clear_pointer (&self->watch, release_io_watch_free);
  else if (self->watch == NULL)
    self->watch = release_io_watch_new (self->poller, release_io_listener_get_fd (self->listener),
                                        EPOLLIN, accept_cb, self);
}

static void
back_off (ReleaseIoAcceptor *self,
          int                errsv)
{
  gint64 now = g_get_monotonic_time ();

  release_io_timer_arm (&self->back_off_timer, self->poller, now + BACK_OFF_USEC,
                        update_watch, self);
  update_watch (self);

  if (self->is_in_trouble)
    return;

  self->is_in_trouble = TRUE;
  if (self->last_trouble == 0 || now - self->last_trouble >= TROUBLE_INTERVAL_USEC)
    {
      self->last_trouble = now;
      self->trouble (errsv, self->user_data);
    }
}

static void
accept_cb (guint    events,
           gpointer user_data)
{
  ReleaseIoAcceptor *self = user_data;

  self->ref_count++;
  for (guint i = 0; i < ACCEPTS_PER_DISPATCH && self->watch != NULL; i++)
    {
      int fd = accept4 (release_io_listener_get_fd (self->listener), NULL, NULL, SOCK_CLOEXEC);
      int errsv = errno;

      if (fd >= 0)
        {
          self->accepted (fd, self->user_data);
        }
      else if (errsv == EAGAIN && (events & EPOLLHUP) == 0)
        {
          self->is_in_trouble = FALSE;
          break;
        }
      else if (errsv != EINTR && errsv != ECONNABORTED)
        {
          back_off (self, errsv);
        }
    }
  unref (self);
}

/* @listener: (transfer full) */
ReleaseIoAcceptor *
release_io_acceptor_new (ReleaseIoListener     *listener,
                         ReleaseIoAcceptedFunc  accepted,
                         ReleaseIoTroubleFunc   trouble,
                         gpointer               user_data)
{
  ReleaseIoAcceptor *self = g_new0 (ReleaseIoAcceptor, 1);

  self->ref_count = 1;
  self->poller = release_io_poller_ref_default ();
  self->listener = listener;
  self->accepted = accepted;
  self->trouble = trouble;
  self->user_data = user_data;
  update_watch (self);

  return self;
}

/* Neither function is called again. The listener is the caller's. (transfer full) */
ReleaseIoListener *
release_io_acceptor_free (ReleaseIoAcceptor *self)
{
  ReleaseIoListener *listener = g_steal_pointer (&self->listener);

  release_io_timer_disarm (&self->back_off_timer);
  update_watch (self);
  unref (self);

  return listener;
}

/* While paused, those who connect wait in the backlog. */
void
release_io_acceptor_set_paused (ReleaseIoAcceptor *self,
                                gboolean           paused)
{
  self->is_paused = paused;
  update_watch (self);
}
