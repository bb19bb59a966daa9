/* release/process/release-master-run.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-master-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/base/release-log.h"
#include "release/process/release-daemonize-private.h"
#include "release/process/release-limits-private.h"
#include "release/process/release-privileges-private.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

static char *
make_absolute (ReleaseMaster *self,
               const char    *path)
{
  return g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (self->folder, path, NULL);
}

/* Where relative paths begin: where the user has launched the process. */
static void
note_folder (ReleaseMaster *self)
{
  if (self->folder == NULL)
    self->folder = release_daemonize_dup_folder ();
}

/* Gives everything back that a start has taken, in the reverse order. */
static void
tear_down (ReleaseMaster *self)
{
  if (self->crew != NULL)
    release_crew_close_controls (self->crew);
  g_clear_pointer (&self->crew, release_crew_unref);

  if (self->control_server != NULL)
    {
      release_ipc_server_stop (self->control_server);
      g_signal_handlers_disconnect_by_data (self->control_server, self);
      if (self->own_server)
        g_clear_object (&self->control_server);
      self->own_server = FALSE;
    }

  if (self->lock != NULL)
    release_lock_file_release (self->lock);
  g_clear_object (&self->lock);

  g_clear_pointer (&self->signals, release_signals_free);
  if (self->has_nofile_before)
    release_limits_restore (&self->nofile_before);
  if (self->has_children_before)
    release_signals_restore_children (&self->children_before);
  self->has_nofile_before = FALSE;
  self->has_children_before = FALSE;
  g_clear_pointer (&self->folder, g_free);
}

/* Begins the stop, or, if it has begun, ends the grace period. */
static void
begin_stop (ReleaseMaster *self)
{
  if (self->phase == RELEASE_MASTER_RUNNING)
    self->phase = RELEASE_MASTER_STOPPING;

  release_crew_stop (self->crew);
}

static gboolean
is_reload_wired (ReleaseMaster *self)
{
  return g_signal_has_handler_pending (self, release_master_signals[RELEASE_MASTER_SIGNAL_RELOAD],
                                       0, FALSE);
}

static void
signal_cb (int      signum,
           gpointer user_data)
{
  g_autoptr(ReleaseMaster) self = g_object_ref (user_data);
  g_autofree char *name = release_signals_dup_name (signum);
  gboolean at_once;

  if (signum == SIGUSR1 || signum == SIGUSR2 || signum == SIGALRM)
    {
      g_debug ("%s is ignored", name);
      return;
    }
  if (signum == SIGHUP && is_reload_wired (self))
    {
      if (self->phase == RELEASE_MASTER_RUNNING)
        g_signal_emit (self, release_master_signals[RELEASE_MASTER_SIGNAL_RELOAD], 0);
      return;
    }
  if (signum == SIGHUP && release_signals_was_ignored (self->signals, SIGHUP))
    return;
  if (self->crew == NULL)
    return;

  at_once = signum == SIGQUIT || self->phase == RELEASE_MASTER_STOPPING;
  g_message (at_once ? _("Stopping at once on %s") : _("Stopping on %s"), name);
  begin_stop (self);
  /* A master without slaves has stopped by now, and may even run again. */
  if (signum == SIGQUIT && self->phase == RELEASE_MASTER_STOPPING)
    release_crew_stop (self->crew);
}

static void
crew_look (gpointer user_data)
{
  ReleaseMaster *self = user_data;

  if (self->signals != NULL)
    release_signals_look (self->signals);
}

static void
crew_started (ReleaseSlaveProcess *slave,
              gpointer             user_data)
{
  g_signal_emit (user_data, release_master_signals[RELEASE_MASTER_SIGNAL_SLAVE_STARTED], 0, slave);
}

static void
crew_exited (ReleaseSlaveProcess *slave,
             int                  wait_status,
             gpointer             user_data)
{
  g_signal_emit (user_data, release_master_signals[RELEASE_MASTER_SIGNAL_SLAVE_EXITED], 0, slave,
                 wait_status);
}

static void
crew_gave_up (gpointer user_data)
{
  ReleaseMaster *self = user_data;

  /* In the background standard error leads nowhere by now, and the end must not be a riddle. */
  if (self->in_run && self->background && release_log_get_target () == RELEASE_LOG_TARGET_STDERR)
    release_log_set_target (RELEASE_LOG_TARGET_SYSLOG);
  g_message (_("Slaves die too fast: giving up"));
  self->exit_status = EX_SOFTWARE;
  self->phase = RELEASE_MASTER_STOPPING;
}

static void
crew_finished (gpointer user_data)
{
  g_autoptr(ReleaseMaster) self = user_data; /* the reference that start() took */
  GTask *task;

  tear_down (self);
  self->phase = RELEASE_MASTER_IDLE;
  g_message (_("Stopped"));
  g_object_notify (G_OBJECT (self), "exit-status");
  g_signal_emit (self, release_master_signals[RELEASE_MASTER_SIGNAL_STOPPED], 0, self->exit_status);

  while ((task = g_queue_pop_head (&self->stop_tasks)) != NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

static const ReleaseCrewFuncs crew_funcs = {
  .look = crew_look,
  .started = crew_started,
  .exited = crew_exited,
  .gave_up = crew_gave_up,
  .finished = crew_finished,
};

static void
control_connected_cb (ReleaseIpcServer  *server,
                      ReleaseIpcChannel *channel,
                      ReleaseMaster     *self)
{
  g_signal_emit (self, release_master_signals[RELEASE_MASTER_SIGNAL_CONTROL_CONNECTED], 0, channel);
}

static gboolean
control_request_cb (ReleaseIpcServer     *server,
                    ReleaseIpcInvocation *invocation,
                    ReleaseMaster        *self)
{
  gboolean handled = FALSE;

  g_signal_emit (self, release_master_signals[RELEASE_MASTER_SIGNAL_CONTROL_REQUEST], 0, invocation,
                 &handled);

  return handled;
}

/* The steps of a start. Each says with which status the process should end if it fails. */

static gboolean
check_settings (ReleaseMaster  *self,
                GError        **error)
{
  self->exit_status = EX_OSERR;
  if (syscall (SYS_gettid) != getpid ())
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("A master must be started in the main thread of its process: "
                             "its slaves end when the thread ends that started them"));
      return FALSE;
    }

  self->exit_status = EX_NOPERM;
  if (self->privileged && !release_privileges_check_master (error))
    return FALSE;
  if (!self->privileged && geteuid () == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                           _("A master that is not privileged must not be started by root"));
      return FALSE;
    }

  self->exit_status = EX_CONFIG;
  for (guint i = 0; i < self->groups->len; i++)
    {
      ReleaseSlaveGroup *group = self->groups->pdata[i];
      const char *user = release_slave_group_get_user (group);
      g_autofree char *escaped = user != NULL ? release_escape (user, -1) : NULL;

      if (user != NULL && !self->privileged)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _("Slaves can run as the user “%s” under a privileged master only"),
                       escaped);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_slaves (ReleaseMaster  *self,
              GError        **error)
{
  self->crew = release_crew_new (self->slaves, &crew_funcs, self);

  self->exit_status = EX_CONFIG;
  for (guint i = 0; i < self->groups->len; i++)
    if (!release_crew_add_group (self->crew, self->groups->pdata[i], self->folder, error))
      return FALSE;
  if (!release_crew_look_up_users (self->crew, error))
    return FALSE;

  self->exit_status = EX_OSFILE;
  return release_crew_find_programs (self->crew, error);
}

static gboolean
take_signals (ReleaseMaster  *self,
              GError        **error)
{
  /* Those after the first three would end the process and leave everything behind; a program that
   * has a use of its own for one keeps it. */
  static const int signums[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM };
  g_autoptr(ReleaseIoPoller) poller = release_io_poller_ref_default ();
  int taken[G_N_ELEMENTS (signums)];
  guint n_taken = 0;

  for (guint i = 0; i < G_N_ELEMENTS (signums); i++)
    if (i < 3 || release_signals_is_default (signums[i]))
      taken[n_taken++] = signums[i];
  self->signals = release_signals_new (poller, taken, n_taken, signal_cb, self, error);

  return self->signals != NULL;
}

static gboolean
prepare_process (ReleaseMaster  *self,
                 GError        **error)
{
  self->exit_status = EX_OSERR;
  if (!release_daemonize_open_standard_fds (error))
    return FALSE;

  release_signals_default_children (&self->children_before);
  self->has_children_before = TRUE;

  if (!release_limits_raise (&self->nofile_before, error))
    return FALSE;
  self->has_nofile_before = TRUE;

  return !(self->in_run || self->handle_signals) || take_signals (self, error);
}

/* What somebody else holds may be free later. */
static gboolean
fail_to_create (ReleaseMaster  *self,
                GError         *reason,
                GError        **error)
{
  self->exit_status = g_error_matches (reason, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD)
                      ? EX_TEMPFAIL : EX_CANTCREAT;
  g_propagate_error (error, reason);

  return FALSE;
}

static gboolean
take_lock (ReleaseMaster  *self,
           GError        **error)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) local_error = NULL;

  if (self->lock_file == NULL)
    return TRUE;

  path = make_absolute (self, self->lock_file);
  self->lock = release_lock_file_new (path);
  if (release_lock_file_acquire (self->lock, &local_error))
    return TRUE;

  return fail_to_create (self, g_steal_pointer (&local_error), error);
}

static gboolean
open_sockets (ReleaseMaster  *self,
              GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  if (self->control_server == NULL && self->control != NULL)
    {
      g_autofree char *path = make_absolute (self, self->control);

      self->control_server = release_ipc_server_new (path, self->control_codec);
      self->own_server = TRUE;
    }
  if (self->control_server != NULL)
    {
      g_signal_connect (self->control_server, "connected", G_CALLBACK (control_connected_cb), self);
      g_signal_connect (self->control_server, "request", G_CALLBACK (control_request_cb), self);
      if (!release_ipc_server_start (self->control_server, &local_error))
        return fail_to_create (self, g_steal_pointer (&local_error), error);
    }

  if (!release_crew_open_controls (self->crew, &local_error))
    return fail_to_create (self, g_steal_pointer (&local_error), error);

  return TRUE;
}

static gboolean
start_slaves (ReleaseMaster  *self,
              GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  if (release_crew_start (self->crew, self->grace_timeout * (gint64) 1000, &self->nofile_before,
                          self->signals != NULL ? release_signals_get_fd (self->signals) : -1,
                          &self->exit_status, &local_error))
    return TRUE;

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->exit_status = EX_OK;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* @awaited: the launching process prints the failure, on the same terminal */
static void
log_failure (ReleaseMaster *self,
             gboolean       awaited,
             const GError  *error)
{
  if (!awaited || self->syslog)
    g_message (_("Cannot start: %s"), error->message);
  /* Who starts a master by hand does not look into the system log. */
  if (!awaited && self->syslog)
    {
      release_log_set_target (RELEASE_LOG_TARGET_STDERR);
      g_message (_("Cannot start: %s"), error->message);
      release_log_set_target (RELEASE_LOG_TARGET_SYSLOG);
    }
}

/**
 * release_master_run:
 * @self: a #ReleaseMaster
 *
 * Runs the master until it has stopped: becomes a daemon if
 * #ReleaseMaster:background is set, starts, works, and stops on `SIGTERM` and
 * `SIGINT`; `SIGPIPE` is ignored meanwhile. A failure is logged, and if the
 * process was launched in the background it is what the launching process prints
 * and ends with.
 *
 * It never ends the process, except that in the background the launching
 * process ends inside.
 *
 * Returns: the exit status for the process, see above
 *
 * Since: 0.1
 */
int
release_master_run (ReleaseMaster *self)
{
  g_autoptr(GMainContext) context = NULL;
  g_autoptr(GError) error = NULL;
  struct sigaction pipe_before;
  gboolean awaited;

  g_return_val_if_fail (RELEASE_IS_MASTER (self), EX_SOFTWARE);
  g_return_val_if_fail (self->phase == RELEASE_MASTER_IDLE, EX_SOFTWARE);

  note_folder (self);
  release_log_init ();
  if (self->background && !release_daemonize (RELEASE_DAEMONIZE_WAIT, &error))
    {
      g_message (_("Cannot start: %s"), error->message);
      return self->exit_status = EX_OSERR;
    }
  awaited = release_daemonize_is_awaited ();
  if (self->syslog)
    release_log_set_target (RELEASE_LOG_TARGET_SYSLOG);

  release_signals_ignore_pipe (&pipe_before);
  self->in_run = TRUE;
  context = g_main_context_ref_thread_default ();
  if (!release_master_start (self, &error))
    log_failure (self, awaited, error);
  while (self->phase != RELEASE_MASTER_IDLE)
    g_main_context_iteration (context, TRUE);
  self->in_run = FALSE;
  release_signals_restore_pipe (&pipe_before);

  return self->exit_status;
}

/**
 * release_master_start:
 * @self: a #ReleaseMaster
 * @error: return location for a #GError, or %NULL
 *
 * Starts the master in the main context that is the thread's default one, for
 * a program that runs that context itself. It checks everything that can be
 * checked, takes the lock file, opens the sockets, starts all slaves and waits
 * until each has executed its program, or one could not. Then
 * #ReleaseSlaveGroup::connected is emitted for each slave and
 * #ReleaseMaster::main once.
 *
 * After a failure nothing is left behind, and #ReleaseMaster:exit-status is
 * what a process that can do no more should end with. Fails with
 * %RELEASE_LOCK_ERROR_HELD if another master holds the lock file,
 * %G_IO_ERROR_NOT_SUPPORTED in a thread that is not the main one,
 * %G_IO_ERROR_CANCELLED if a signal has interrupted it, and with other errors
 * of #GIOErrorEnum, #ReleaseLockError and #ReleaseIpcError.
 *
 * The end of a master that has started is #ReleaseMaster::stopped. A program
 * stops it with release_master_stop_async() and waits for that end before it
 * ends itself, also when a signal tells it to: otherwise the slaves are killed, and
 * lock file and sockets stay until the next start. #ReleaseMaster:handle-signals
 * takes care of the usual signals.
 *
 * Returns: %TRUE if the master runs, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_master_start (ReleaseMaster  *self,
                      GError        **error)
{
  g_autoptr(ReleaseMaster) alive = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (RELEASE_IS_MASTER (self), FALSE);
  g_return_val_if_fail (self->phase == RELEASE_MASTER_IDLE, FALSE);

  alive = g_object_ref (self);
  self->phase = RELEASE_MASTER_STARTING;
  note_folder (self);
  /* Before anything is started that could inherit the socket of the launching process. */
  release_daemonize_is_awaited ();

  if (!check_settings (self, &local_error) ||
      !check_slaves (self, &local_error) ||
      !prepare_process (self, &local_error) ||
      !take_lock (self, &local_error) ||
      !open_sockets (self, &local_error) ||
      !start_slaves (self, &local_error))
    {
      tear_down (self);
      self->phase = RELEASE_MASTER_IDLE;
      /* For whoever waits, a start that was interrupted is no success. */
      release_daemonize_report (self->exit_status != EX_OK ? self->exit_status : EX_TEMPFAIL,
                                local_error->message);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_object_ref (self); /* until crew_finished () */
  self->exit_status = EX_OK;
  self->phase = RELEASE_MASTER_RUNNING;
  release_daemonize_report (EX_OK, NULL);
  g_message (_("Started"));

  release_crew_connect (self->crew);
  if (self->phase == RELEASE_MASTER_RUNNING)
    g_signal_emit (self, release_master_signals[RELEASE_MASTER_SIGNAL_MAIN], 0);

  return TRUE;
}

/**
 * release_master_stop_async:
 * @self: a #ReleaseMaster
 * @cancellable: (nullable): a #GCancellable, or %NULL
 * @callback: (nullable) (scope async) (closure user_data): called when the
 *   master has stopped
 * @user_data: passed to @callback
 *
 * Stops the master in order: `SIGTERM` to all slaves, `SIGKILL` to those that
 * are left after #ReleaseMaster:grace-timeout. Called while a stop is under way
 * it waits for the same end; for a master that does not run that is now.
 *
 * Cancelling ends the wait, not the stop.
 *
 * Since: 0.1
 */
void
release_master_stop_async (ReleaseMaster       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (RELEASE_IS_MASTER (self));
  g_return_if_fail (self->phase != RELEASE_MASTER_STARTING);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, release_master_stop_async);
  if (self->phase == RELEASE_MASTER_IDLE)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_queue_push_tail (&self->stop_tasks, g_steal_pointer (&task));
  if (self->phase == RELEASE_MASTER_RUNNING)
    begin_stop (self);
}

/**
 * release_master_stop_finish:
 * @self: a #ReleaseMaster
 * @result: what the callback was given
 * @error: return location for a #GError, or %NULL
 *
 * Ends a wait that release_master_stop_async() began. Fails with
 * %G_IO_ERROR_CANCELLED if it was cancelled.
 *
 * Returns: %TRUE if the master has stopped, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_master_stop_finish (ReleaseMaster  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, release_master_stop_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
