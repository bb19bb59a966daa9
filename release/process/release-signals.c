/* release/process/release-signals.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-signals-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct
{
  int               signum;
  struct sigaction  action;            /* before */
} Saved;

struct _ReleaseSignals
{
  ReleaseIoWatch     *watch;
  ReleaseSignalsFunc  func;
  gpointer            user_data;
  int                 fd;              /* an eventfd that the handler writes to */
  sigset_t            unblocked;       /* those that were blocked before */
  guint               n_saved;
  Saved               saved[];
};

/* All that the handler touches. */
static int pending[NSIG];              /* (atomic): how often each has arrived */
static int wake_fd = -1;               /* (atomic) */

static ReleaseSignals *owner;          /* main thread */

static void
handle_signal (int signum)
{
  int errsv = errno;
  guint64 one = 1;
  int fd = g_atomic_int_get (&wake_fd);

  g_atomic_int_inc (&pending[signum]);
  if (fd >= 0 && write (fd, &one, sizeof one) < 0)
    {
      /* The counter is full: somebody has been woken already. */
    }
  errno = errsv;
}

static void
signals_ready_cb (guint    events,
                  gpointer user_data)
{
  ReleaseSignals *self = user_data;
  guint64 n;

  if (read (self->fd, &n, sizeof n) == sizeof n)
    release_signals_look (self);
}

/* Whether nobody has changed what the signal does. */
gboolean
release_signals_is_default (int signum)
{
  struct sigaction action;

  return sigaction (signum, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
}

/* An action that somebody else has set in the meantime stays. */
static void
restore (const Saved *saved)
{
  struct sigaction now;

  if (sigaction (saved->signum, NULL, &now) == 0 && now.sa_handler == handle_signal)
    sigaction (saved->signum, &saved->action, NULL);
}

/* A parent that blocked them when it started us must not make us deaf. */
static void
unblock (ReleaseSignals *self)
{
  sigset_t ours, blocked;

  sigemptyset (&ours);
  for (guint i = 0; i < self->n_saved; i++)
    sigaddset (&ours, self->saved[i].signum);
  pthread_sigmask (SIG_UNBLOCK, &ours, &blocked);
  sigandset (&self->unblocked, &ours, &blocked);
}

/* From now on @func hears of @signums, from @poller's context or out of release_signals_look (),
 * also if they were blocked. What was before is restored by release_signals_free (). */
ReleaseSignals *
release_signals_new (ReleaseIoPoller     *poller,
                     const int           *signums,
                     guint                n_signums,
                     ReleaseSignalsFunc   func,
                     gpointer             user_data,
                     GError             **error)
{
  struct sigaction action = { .sa_handler = handle_signal, .sa_flags = SA_RESTART };
  ReleaseSignals *self;
  int fd;

  if (owner != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _("The signals of this process are taken already"));
      return NULL;
    }

  fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0)
    {
      release_set_error_from_errno (error, errno, _("Cannot watch for signals"));
      return NULL;
    }

  self = g_malloc0 (sizeof *self + n_signums * sizeof self->saved[0]);
  self->func = func;
  self->user_data = user_data;
  self->fd = fd;
  self->n_saved = n_signums;
  self->watch = release_io_watch_new (poller, fd, EPOLLIN, signals_ready_cb, self);

  owner = self;
  g_atomic_int_set (&wake_fd, fd);
  sigfillset (&action.sa_mask);
  for (guint i = 0; i < n_signums; i++)
    {
      g_atomic_int_set (&pending[signums[i]], 0);
      self->saved[i].signum = signums[i];
      sigaction (signums[i], &action, &self->saved[i].action);
    }
  unblock (self);

  return self;
}

void
release_signals_free (ReleaseSignals *self)
{
  pthread_sigmask (SIG_BLOCK, &self->unblocked, NULL);
  for (guint i = 0; i < self->n_saved; i++)
    restore (&self->saved[i]);

  g_atomic_int_set (&wake_fd, -1);
  owner = NULL;
  release_io_watch_free (self->watch);
  close (self->fd);
  g_free (self);
}

/* Becomes readable when a signal has arrived. */
int
release_signals_get_fd (ReleaseSignals *self)
{
  return self->fd;
}

/* Tells the function of every signal that has arrived, at once. Returns whether there was one. */
gboolean
release_signals_look (ReleaseSignals *self)
{
  int arrived[NSIG] = { 0 };
  gboolean any = FALSE;

  for (guint i = 0; i < self->n_saved; i++)
    {
      int signum = self->saved[i].signum;

      arrived[signum] = g_atomic_int_and ((guint *) &pending[signum], 0);
      any |= arrived[signum] > 0;
    }

  /* The function may free @self. */
  if (any)
    {
      ReleaseSignalsFunc func = self->func;
      gpointer user_data = self->user_data;

      for (int signum = 1; signum < NSIG; signum++)
        for (int n = 0; n < arrived[signum] && owner == self; n++)
          func (signum, user_data);
    }

  return any;
}

/* Whether the signal was ignored before it was taken over. */
gboolean
release_signals_was_ignored (ReleaseSignals *self,
                             int             signum)
{
  for (guint i = 0; i < self->n_saved; i++)
    if (self->saved[i].signum == signum)
      return self->saved[i].action.sa_handler == SIG_IGN;

  return FALSE;
}

/* With SIGCHLD ignored, children vanish without a status. A handler, of GLib or of somebody else,
 * does no harm and stays. */
void
release_signals_default_children (struct sigaction *before)
{
  sigaction (SIGCHLD, NULL, before);
  if (before->sa_handler == SIG_IGN || (before->sa_flags & SA_NOCLDWAIT) != 0)
    {
      struct sigaction action = { .sa_handler = SIG_DFL };

      sigaction (SIGCHLD, &action, NULL);
    }
}

void
release_signals_restore_children (const struct sigaction *before)
{
  if (before->sa_handler == SIG_IGN || (before->sa_flags & SA_NOCLDWAIT) != 0)
    sigaction (SIGCHLD, before, NULL);
}

/* A log that nobody reads any more must not end the process. */
void
release_signals_ignore_pipe (struct sigaction *before)
{
  struct sigaction action = { .sa_handler = SIG_IGN };

  sigaction (SIGPIPE, NULL, before);
  if (before->sa_handler == SIG_DFL)
    sigaction (SIGPIPE, &action, NULL);
}

void
release_signals_restore_pipe (const struct sigaction *before)
{
  if (before->sa_handler == SIG_DFL)
    sigaction (SIGPIPE, before, NULL);
}

/* SIGTERM for 15, whatever the language of the user. */
char *
release_signals_dup_name (int signum)
{
  const char *name = sigabbrev_np (signum);

  return name != NULL ? g_strdup_printf ("SIG%s", name) : g_strdup_printf ("signal %d", signum);
}
