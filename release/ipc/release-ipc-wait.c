/* release/ipc/release-ipc-wait.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-core-private.h"

#include "release/base/release-error-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-error.h"

#include <errno.h>

/* Synchronous functions work on the descriptor: they poll it and the cancellable, read, write, and
 * leave the main context alone. */

void
release_ipc_wait_begin (ReleaseIpcWait    *self,
                        ReleaseIpcChannel *channel,
                        int                timeout_msec,
                        GCancellable      *cancellable)
{
  self->channel = channel;
  self->deadline = timeout_msec < 0 ? -1 : g_get_monotonic_time () +
                                           (gint64) timeout_msec * G_TIME_SPAN_MILLISECOND;
  self->is_late = FALSE;
  self->cancellable = cancellable;
}

/* Polls for @events. Fails if the time is over or the wait is cancelled; @revents may be 0. */
static gboolean
wait_for (ReleaseIpcWait  *self,
          short            events,
          short           *revents,
          GError         **error)
{
  struct pollfd pollfd = { .fd = self->channel->fd, .events = events };
  gint64 left = self->deadline < 0 ? -1 : MAX (self->deadline - g_get_monotonic_time (), 0);
  /* Rounded up: it is not over a moment too soon. */
  int msec = left < 0 ? -1 : (int) MIN ((left + 999) / 1000, G_MAXINT);
  int n;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  n = self->is_late ? 0 : release_io_poll (&pollfd, msec, self->cancellable);
  if (n < 0 && errno != EINTR)
    return release_set_error_from_errno (error, errno, "Cannot wait for the channel");
  if (n == 0 && self->deadline >= 0 && (self->is_late || g_get_monotonic_time () >= self->deadline))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The time is over");
      return FALSE;
    }

  /* Whatever keeps on arriving does not stretch the time. */
  self->is_late = left == 0;
  *revents = n > 0 ? pollfd.revents : 0;
  return TRUE;
}

/* Waits until the descriptor is ready, then reads and writes what can be. */
gboolean
release_ipc_wait_once (ReleaseIpcWait  *self,
                       GError         **error)
{
  ReleaseIpcChannel *channel = self->channel;
  short events = POLLIN;
  short revents = 0;

  release_ipc_core_flush (channel);
  if (channel->end_reason != NULL)
    return TRUE;

  if (channel->frames_size > channel->max_queue_size + channel->max_message_size)
    {
      release_ipc_core_fail (channel, g_error_new (RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT,
                                                   "%" G_GSIZE_FORMAT " bytes came while one "
                                                   "answer was awaited", channel->frames_size));
      return TRUE;
    }
  if (channel->hung_up)
    {
      release_ipc_core_read (channel, FALSE);
      return TRUE;
    }

  if (channel->writer.queued > 0 && release_ipc_core_may_flush (channel))
    events |= POLLOUT;
  /* What waits for nothing else needs no poll (). */
  if (events == POLLIN && self->deadline < 0 && self->cancellable == NULL &&
      release_ipc_core_read (channel, TRUE))
    return TRUE;
  if (!wait_for (self, events, &revents, error))
    return FALSE;
  if ((revents & (POLLIN | POLLHUP | POLLERR)) != 0)
    release_ipc_core_read (channel, FALSE);

  return TRUE;
}

/* Waits until the descriptor takes more, then writes what can be. */
gboolean
release_ipc_wait_writable (ReleaseIpcWait  *self,
                           GError         **error)
{
  short revents;

  if (!wait_for (self, POLLOUT, &revents, error))
    return FALSE;

  release_ipc_core_flush (self->channel);
  return TRUE;
}
