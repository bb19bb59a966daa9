/* release/process/release-crew.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-crew-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/io/release-io-listener-private.h"
#include "release/io/release-io-poller-private.h"
#include "release/ipc/release-ipc-channel-private.h"
#include "release/ipc/release-ipc-error.h"
#include "release/process/release-privileges-private.h"
#include "release/process/release-signals-private.h"
#include "release/process/release-slave-group-private.h"
#include "release/process/release-slave-process-private.h"
#include "release/process/release-supervisor-private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

/* How long all slaves together may take until their programs are executed. */
#define START_TIMEOUT_USEC (30 * G_USEC_PER_SEC)

/* What may wait for all slaves of a master together to read it. */
#define MAX_QUEUE_SIZE (64 * 1024 * 1024)

/* How often the log is told why channels of one group have ended. */
#define COMPLAINT_INTERVAL_USEC G_USEC_PER_SEC

#define CONTROL_MODE 0600
#define CONTROL_BACKLOG 64

/* A group, and what was found out about it before anything was forked. */
typedef struct
{
  ReleaseSlaveGroup   *group;
  char                *program;       /* absolute */
  char                *control;       /* (nullable): absolute */
  ReleaseUser         *user;          /* (nullable) */
  char                *ids;           /* (nullable): of the user */
  ReleaseIoListener   *listener;      /* (nullable) */
  gint64               complained_at; /* monotonic; 0 for never */
} Team;

/* A slot of the supervisor. The watches are those of the process in it. */
typedef struct
{
  ReleaseCrew          *crew;
  Team                 *team;
  guint                 slot;
  guint                 number;        /* in the team */
  ReleaseSlaveProcess  *slave;         /* (nullable): the process, until it was reaped */
  ReleaseIoWatch       *report_watch;  /* (nullable): until the report is complete */
  ReleaseIoWatch       *death_watch;   /* (nullable): until the process is dead */
  gulong                closed_id;
  gboolean              known;         /* the world was told of the process */
} Place;

struct _ReleaseCrew
{
  const ReleaseCrewFuncs  *funcs;
  gpointer                 user_data;
  GPtrArray               *teams;
  GPtrArray               *places;         /* by slot */
  GListStore              *slaves;
  char                    *release_exec;   /* (nullable) */
  ReleaseIoPoller         *poller;
  ReleaseSupervisor       *supervisor;     /* (nullable): from the start on */
  ReleaseIoTimer           timer;
  ReleaseIpcBudget        *budget;         /* of what waits for slaves to read it */
  struct rlimit            nofile;
  gboolean                 starting;       /* nobody has been told of any slave yet */
  gboolean                 acting;
  gboolean                 finished;       /* whoever listened may be gone */
  GError                  *failure;        /* (nullable): why the start cannot succeed */
  int                      failure_status;
};

static void release_crew_act (ReleaseCrew *self);
static void death_cb (guint    events,
                      gpointer user_data);

static void
team_free (gpointer data)
{
  Team *team = data;

  g_clear_pointer (&team->listener, release_io_listener_free);
  g_object_unref (team->group);
  g_free (team->program);
  g_free (team->control);
  g_clear_pointer (&team->user, release_user_free);
  g_free (team->ids);
  g_free (team);
}

/* The process of the place is no business of ours any more. */
static void
place_clear (Place *place)
{
  g_clear_pointer (&place->report_watch, release_io_watch_free);
  g_clear_pointer (&place->death_watch, release_io_watch_free);
  if (place->slave != NULL && place->closed_id != 0)
    g_signal_handler_disconnect (release_slave_process_get_channel (place->slave),
                                 place->closed_id);
  place->closed_id = 0;
  place->known = FALSE;
  g_clear_object (&place->slave);
}

static void
place_free (gpointer data)
{
  Place *place = data;

  place_clear (place);
  g_free (place);
}

/* "worker 1234": what log messages call a slave. */
static char *
place_dup_name (Place *place)
{
  g_autofree char *name = release_escape (release_slave_group_get_name (place->team->group), -1);

  return g_strdup_printf ("%s %d", name, release_slave_process_get_pid (place->slave));
}

static char *
describe_wait_status (int wait_status)
{
  g_autofree char *signal_name = NULL;

  if (WIFEXITED (wait_status))
    return g_strdup_printf (_("exited with status %d"), WEXITSTATUS (wait_status));

  signal_name = release_signals_dup_name (WTERMSIG (wait_status));
  return g_strdup_printf (WCOREDUMP (wait_status) ? _("was killed by %s (core dumped)")
                                                  : _("was killed by %s"), signal_name);
}

/* What follows a death, for the log. */
static char *
place_describe_future (Place  *place,
                       gint64  now)
{
  ReleaseSlotState state = release_supervisor_get_slot_state (place->crew->supervisor, place->slot);
  gint64 deadline = release_supervisor_get_slot_deadline (place->crew->supervisor, place->slot);

  if (state == RELEASE_SLOT_BACKING_OFF && deadline <= now)
    return g_strdup (_("; it is started again"));
  if (state == RELEASE_SLOT_BACKING_OFF)
    return g_strdup_printf (_("; it is started again in %d ms"), (int) ((deadline - now) / 1000));
  if (state == RELEASE_SLOT_GIVEN_UP)
    return g_strdup (_("; slaves of this group die too fast"));

  return g_strdup ("");
}

static void
crew_fail_start (ReleaseCrew  *self,
                 const GError *reason,
                 int           exit_status)
{
  if (self->failure == NULL)
    {
      self->failure = g_error_copy (reason);
      self->failure_status = exit_status;
    }
}

/* The process has been reaped: the end of its life. */
static void
reaped_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Place *place = user_data;
  g_autoptr(ReleaseCrew) self = release_crew_ref (place->crew);
  g_autoptr(ReleaseSlaveProcess) slave = g_object_ref (place->slave);
  gboolean known = place->known;
  gint64 now = g_get_monotonic_time ();
  g_autofree char *name = place_dup_name (place);
  g_autofree char *end = NULL;
  g_autofree char *future = NULL;
  int wait_status = 0;

  if (g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL))
    wait_status = g_subprocess_get_status (G_SUBPROCESS (source));

  place_clear (place);
  release_supervisor_died (self->supervisor, place->slot, now);

  end = describe_wait_status (wait_status);
  future = place_describe_future (place, now);
  g_message (_("Slave %s %s%s"), name, end, future);
  if (known)
    self->funcs->exited (slave, wait_status, self->user_data);

  release_crew_act (self);
}

/* Ends the channel and the process group of a slave, and the world's view of it. */
static void
place_cut_off (Place *place)
{
  g_autoptr(ReleaseSlaveProcess) slave = g_object_ref (place->slave);
  GListStore *slaves = place->crew->slaves;
  guint position;

  g_clear_pointer (&place->report_watch, release_io_watch_free);
  g_clear_pointer (&place->death_watch, release_io_watch_free);

  release_slave_process_end (slave);
  if (place->closed_id != 0)
    g_signal_handler_disconnect (release_slave_process_get_channel (slave), place->closed_id);
  place->closed_id = 0;
  release_slave_group_forget (place->team->group, slave);
  if (g_list_store_find (slaves, slave, &position))
    g_list_store_remove (slaves, position);
}

/* The process is dead; its place is free when it is reaped. */
static void
place_end (Place *place)
{
  ReleaseSpawn *spawn = release_slave_process_get_spawn (place->slave);

  place_cut_off (place);
  g_subprocess_wait_async (release_spawn_get_subprocess (spawn), NULL, reaped_cb, place);
}

/* The system does not let us end the process: without a channel it goes its own way, and the place
 * is free. */
static void
place_leave (Place        *place,
             const GError *reason)
{
  ReleaseCrew *self = place->crew;
  g_autoptr(ReleaseSlaveProcess) slave = g_object_ref (place->slave);
  g_autofree char *name = place_dup_name (place);
  gboolean known = place->known;

  g_message (_("Slave %s cannot be killed: %s; it is left"), name, reason->message);
  place_cut_off (place);
  place_clear (place);
  release_supervisor_died (self->supervisor, place->slot, g_get_monotonic_time ());
  if (known)
    self->funcs->exited (slave, -1, self->user_data);
}

/* Tells the log why a channel has ended, but not as often as slaves may like. */
static void
place_complain (Place        *place,
                const GError *reason)
{
  Team *team = place->team;
  gint64 now = g_get_monotonic_time ();
  g_autofree char *name = place_dup_name (place);
  g_autofree char *escaped = reason != NULL ? release_escape (reason->message, -1) : NULL;

  if (team->complained_at != 0 && now - team->complained_at < COMPLAINT_INTERVAL_USEC)
    return;

  team->complained_at = now;
  if (reason == NULL)
    g_message (_("The channel to slave %s was closed; the slave is told to end"), name);
  else if (g_error_matches (reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED))
    g_message (_("Slave %s has closed its channel; it is told to end"), name);
  else
    g_message (_("The channel to slave %s has failed: %s"), name, escaped);
}

/* The slave, or our side of a channel that it has misused, has hung up. A slave that broke the
 * rules is named even if it has died since. */
static void
channel_closed_cb (ReleaseIpcChannel *channel,
                   const GError      *reason,
                   Place             *place)
{
  g_autoptr(ReleaseCrew) self = release_crew_ref (place->crew);
  ReleaseSlaveProcess *slave = place->slave;
  gboolean ending = place->death_watch == NULL ||
                    release_spawn_has_ended (release_slave_process_get_spawn (slave)) ||
                    release_slave_process_get_state (slave) >= RELEASE_SLAVE_STATE_STOPPING ||
                    release_supervisor_is_stopping (self->supervisor);

  if (!ending || g_error_matches (reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL))
    place_complain (place, reason);
  if (ending)
    return;

  release_supervisor_closed (self->supervisor, place->slot, g_get_monotonic_time ());
  release_crew_act (self);
}

/* The program was executed: tells the world of the slave, then lets it speak. */
static void
place_connect (Place *place)
{
  ReleaseCrew *self = place->crew;
  g_autoptr(ReleaseSlaveProcess) slave = g_object_ref (place->slave);
  g_autofree char *name = place_dup_name (place);
  g_autoptr(GError) error = NULL;

  release_slave_process_set_state (slave, RELEASE_SLAVE_STATE_READY);
  if (!release_slave_process_open (slave, &error))
    {
      g_message (_("Slave %s gets no channel: %s"), name, error->message);
      release_supervisor_closed (self->supervisor, place->slot, g_get_monotonic_time ());
      return;
    }

  release_ipc_channel_set_budget (release_slave_process_get_channel (slave), self->budget);
  g_message (_("Slave %s started"), name);
  place->known = TRUE;
  place->closed_id = g_signal_connect (release_slave_process_get_channel (slave), "closed",
                                       G_CALLBACK (channel_closed_cb), place);
  g_list_store_append (self->slaves, slave);
  self->funcs->started (slave, self->user_data);
  release_slave_group_adopt (place->team->group, slave);

  /* Handlers may have done anything, up to running the main loop until the slave was dead. */
  if (release_slave_process_get_state (slave) == RELEASE_SLAVE_STATE_DEAD)
    return;
  release_supervisor_connected (self->supervisor, place->slot);
  release_slave_process_set_state (slave, RELEASE_SLAVE_STATE_RUNNING);
  release_ipc_channel_start (release_slave_process_get_channel (slave));
}

/* Returns whether the report is complete. */
static gboolean
place_read_report (Place *place)
{
  ReleaseCrew *self = place->crew;
  ReleaseSpawn *spawn = release_slave_process_get_spawn (place->slave);
  ReleaseSpawnProgress progress = release_spawn_read_report (spawn);

  if (place->death_watch == NULL && release_spawn_get_pidfd (spawn) >= 0)
    place->death_watch = release_io_watch_new (self->poller, release_spawn_get_pidfd (spawn),
                                               EPOLLIN, death_cb, place);
  if (progress == RELEASE_SPAWN_UNDER_WAY)
    return FALSE;

  g_clear_pointer (&place->report_watch, release_io_watch_free);
  release_spawn_close_report (spawn);
  if (progress == RELEASE_SPAWN_EXECUTED)
    release_supervisor_executed (self->supervisor, place->slot);
  else if (self->starting)
    crew_fail_start (self, release_spawn_get_error (spawn), release_spawn_get_exit_status (spawn));
  else
    g_message ("%s", release_spawn_get_error (spawn)->message);

  return TRUE;
}

static void
death_cb (guint    events,
          gpointer user_data)
{
  Place *place = user_data;
  g_autoptr(ReleaseCrew) self = release_crew_ref (place->crew);
  g_autoptr(ReleaseSlaveProcess) slave = g_object_ref (place->slave);

  if (place->report_watch != NULL)
    place_read_report (place);
  /* A program that was executed and ended at once may have said something. */
  if (release_supervisor_get_slot_state (self->supervisor, place->slot) == RELEASE_SLOT_READY)
    place_connect (place);

  /* Handlers that run the main loop may have come here before us. */
  if (place->slave == slave && place->death_watch != NULL)
    place_end (place);
}

static void
report_cb (guint    events,
           gpointer user_data)
{
  Place *place = user_data;
  g_autoptr(ReleaseCrew) self = release_crew_ref (place->crew);

  if (!place_read_report (place))
    return;

  if (release_supervisor_get_slot_state (self->supervisor, place->slot) == RELEASE_SLOT_READY)
    {
      place_connect (place);
      release_crew_act (self);
    }
  else if (place->death_watch == NULL)
    place_end (place);
}

static ReleaseSpawn *
place_new_spawn (Place   *place,
                 int     *channel_fd,
                 GError **error)
{
  ReleaseCrew *self = place->crew;
  Team *team = place->team;
  g_auto(GStrv) environment = release_slave_group_build_environment (team->group, team->user);
  int fds[1];
  ReleaseSpawnPlan plan = {
    .release_exec = self->release_exec,
    .program = team->program,
    .argv = release_slave_group_get_argv (team->group) + 1,
    .ids = team->ids,
    .user = team->user != NULL ? team->user->name : NULL,
    .nofile = self->nofile,
    .fds = fds,
  };

  if (team->listener != NULL)
    {
      fds[plan.n_fds++] = release_io_listener_get_fd (team->listener);
      environment = g_environ_setenv (environment, "RELEASE_FDS", "control=3", TRUE);
    }
  plan.environment = (const char *const *) environment;

  return release_spawn_new (&plan, channel_fd, error);
}

static void
place_spawn (Place *place)
{
  ReleaseCrew *self = place->crew;
  g_autoptr(GError) error = NULL;
  ReleaseSpawn *spawn;
  int channel_fd = -1;

  g_assert (place->slave == NULL);

  spawn = place_new_spawn (place, &channel_fd, &error);
  if (spawn == NULL)
    {
      if (self->starting)
        crew_fail_start (self, error, EX_OSERR);
      else
        g_message (_("Cannot start a slave: %s"), error->message);
      release_supervisor_died (self->supervisor, place->slot, g_get_monotonic_time ());
      return;
    }

  place->slave = release_slave_process_new (place->team->group, place->number, spawn, &channel_fd);
  place->report_watch = release_io_watch_new (self->poller, release_spawn_get_report_fd (spawn),
                                              EPOLLIN, report_cb, place);
}

static void
place_terminate (Place *place)
{
  ReleaseSpawn *spawn = release_slave_process_get_spawn (place->slave);
  g_autofree char *name = place_dup_name (place);
  g_autoptr(GError) error = NULL;

  release_slave_process_set_state (place->slave, RELEASE_SLAVE_STATE_STOPPING);
  if (!release_spawn_signal (spawn, SIGTERM, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_message (_("Slave %s cannot be told to end: %s"), name, error->message);
}

static void
place_kill (Place *place)
{
  g_autoptr(GError) error = NULL;

  /* One that is known to be dead is only waited for. */
  if (!release_spawn_kill_all (release_slave_process_get_spawn (place->slave), &error) &&
      release_slave_process_get_state (place->slave) != RELEASE_SLAVE_STATE_DEAD)
    place_leave (place, error);
}

static void
timer_cb (gpointer user_data)
{
  g_autoptr(ReleaseCrew) self = release_crew_ref (user_data);

  release_crew_act (self);
}

static void
carry_out (ReleaseCrew         *self,
           const ReleaseAction *action)
{
  Place *place = action->kind == RELEASE_ACTION_FINISH ? NULL : self->places->pdata[action->slot];

  switch (action->kind)
    {
    case RELEASE_ACTION_SPAWN:
      place_spawn (place);
      break;
    case RELEASE_ACTION_TERMINATE:
      place_terminate (place);
      break;
    case RELEASE_ACTION_KILL:
      place_kill (place);
      break;
    case RELEASE_ACTION_GIVE_UP:
      self->funcs->gave_up (self->user_data);
      break;
    case RELEASE_ACTION_FINISH:
      self->finished = TRUE;
      self->funcs->finished (self->user_data);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* A signal that has arrived comes before a spawn that is due. */
static gboolean
next_action (ReleaseCrew   *self,
             ReleaseAction *action)
{
  self->funcs->look (self->user_data);

  return release_supervisor_next (self->supervisor, g_get_monotonic_time (), action);
}

static void
release_crew_act (ReleaseCrew *self)
{
  ReleaseAction action;
  gint64 deadline;

  /* Whoever acts already will see to it. */
  if (self->acting || self->finished)
    return;

  self->acting = TRUE;
  while (!self->finished && next_action (self, &action))
    carry_out (self, &action);
  self->acting = FALSE;

  deadline = release_supervisor_get_deadline (self->supervisor);
  if (deadline >= 0)
    release_io_timer_arm (&self->timer, self->poller, deadline, timer_cb, self);
  else
    release_io_timer_disarm (&self->timer);
}

/* Ends what is left at once and waits for what it could end, without running anybody's code. */
static void
kill_and_reap (ReleaseCrew *self)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = self->places->pdata[i];
      g_autoptr(GError) error = NULL;
      g_autofree char *name = NULL;

      if (place->slave == NULL)
        continue;
      release_spawn_read_report (release_slave_process_get_spawn (place->slave));
      if (release_spawn_kill_all (release_slave_process_get_spawn (place->slave), &error))
        continue;
      name = place_dup_name (place);
      g_message (_("Slave %s cannot be killed: %s; it is left"), name, error->message);
      release_slave_process_set_state (place->slave, RELEASE_SLAVE_STATE_DEAD);
      place_clear (place);
    }

  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = self->places->pdata[i];
      ReleaseSpawn *spawn;

      if (place->slave == NULL)
        continue;
      spawn = release_slave_process_get_spawn (place->slave);
      g_subprocess_wait (release_spawn_get_subprocess (spawn), NULL, NULL);
      release_spawn_kill_all (spawn, NULL);
      release_slave_process_set_state (place->slave, RELEASE_SLAVE_STATE_DEAD);
      place_clear (place);
    }
}

ReleaseCrew *
release_crew_new (GListStore             *slaves,
                  const ReleaseCrewFuncs *funcs,
                  gpointer                user_data)
{
  ReleaseCrew *self = g_rc_box_new0 (ReleaseCrew);

  self->funcs = funcs;
  self->user_data = user_data;
  self->teams = g_ptr_array_new_with_free_func (team_free);
  self->places = g_ptr_array_new_with_free_func (place_free);
  self->slaves = g_object_ref (slaves);
  self->poller = release_io_poller_ref_default ();
  self->budget = g_rc_box_new0 (ReleaseIpcBudget);
  self->budget->max = MAX_QUEUE_SIZE;

  return self;
}

ReleaseCrew *
release_crew_ref (ReleaseCrew *self)
{
  return g_rc_box_acquire (self);
}

static void
release_crew_clear (gpointer data)
{
  ReleaseCrew *self = data;

  release_io_timer_disarm (&self->timer);
  g_ptr_array_unref (self->places);
  g_ptr_array_unref (self->teams);
  g_object_unref (self->slaves);
  g_clear_pointer (&self->supervisor, release_supervisor_free);
  release_io_poller_unref (self->poller);
  g_rc_box_release (self->budget);
  g_clear_error (&self->failure);
  g_free (self->release_exec);
}

/* With the last reference processes must be gone: after a stop, or a start that failed. */
void
release_crew_unref (ReleaseCrew *self)
{
  g_rc_box_release_full (self, release_crew_clear);
}

/* Closes the control sockets of the groups. */
void
release_crew_close_controls (ReleaseCrew *self)
{
  for (guint i = 0; i < self->teams->len; i++)
    {
      Team *team = self->teams->pdata[i];

      g_clear_pointer (&team->listener, release_io_listener_free);
    }
}

static char *
make_absolute (const char *path,
               const char *folder)
{
  return g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (folder, path, NULL);
}

/* Adds a group; relative paths are in @folder. */
gboolean
release_crew_add_group (ReleaseCrew        *self,
                        ReleaseSlaveGroup  *group,
                        const char         *folder,
                        GError            **error)
{
  const char *program = release_slave_group_get_argv (group)[0];
  const char *control = release_slave_group_get_control (group);
  Team *team;

  if (program == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("A slave group has no program"));
      return FALSE;
    }

  team = g_new0 (Team, 1);
  team->group = g_object_ref (group);
  team->program = make_absolute (program, folder);
  team->control = control != NULL ? make_absolute (control, folder) : NULL;
  g_ptr_array_add (self->teams, team);

  for (guint i = 0; i < release_slave_group_get_n_slaves (group); i++)
    {
      Place *place = g_new0 (Place, 1);

      place->crew = self;
      place->team = team;
      place->slot = self->places->len;
      place->number = i;
      g_ptr_array_add (self->places, place);
    }

  return TRUE;
}

/* Checks every executable that the start will need. */
gboolean
release_crew_find_programs (ReleaseCrew  *self,
                            GError      **error)
{
  g_clear_pointer (&self->release_exec, g_free);
  self->release_exec = release_spawn_find_release_exec (error);
  if (self->release_exec == NULL)
    {
      g_prefix_error (error, _("The program that starts slaves is missing: "));
      return FALSE;
    }

  for (guint i = 0; i < self->teams->len; i++)
    {
      Team *team = self->teams->pdata[i];

      if (!release_spawn_check_program (team->program, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
release_crew_look_up_users (ReleaseCrew  *self,
                            GError      **error)
{
  for (guint i = 0; i < self->teams->len; i++)
    {
      Team *team = self->teams->pdata[i];
      const char *name = release_slave_group_get_user (team->group);

      if (name == NULL)
        continue;
      team->user = release_user_lookup (name, error);
      if (team->user == NULL)
        return FALSE;
      team->ids = release_user_dup_ids (team->user);
    }

  return TRUE;
}

/* Opens the control sockets that groups have asked for. */
gboolean
release_crew_open_controls (ReleaseCrew  *self,
                            GError      **error)
{
  for (guint i = 0; i < self->teams->len; i++)
    {
      Team *team = self->teams->pdata[i];

      if (team->control == NULL)
        continue;
      team->listener = release_io_listener_new (team->control, CONTROL_MODE, CONTROL_BACKLOG,
                                                error);
      if (team->listener == NULL)
        return FALSE;
    }

  return TRUE;
}

/* Waits until something has happened to a report, or a signal has arrived. */
static void
wait_for_reports (ReleaseCrew *self,
                  int          interrupt_fd,
                  gint64       deadline)
{
  g_autoptr(GArray) fds = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  struct pollfd interrupt = { interrupt_fd, POLLIN, 0 };
  gint64 left = deadline - g_get_monotonic_time ();

  g_array_append_val (fds, interrupt);
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = self->places->pdata[i];

      if (place->report_watch != NULL)
        {
          ReleaseSpawn *spawn = release_slave_process_get_spawn (place->slave);
          struct pollfd fd = { release_spawn_get_report_fd (spawn), POLLIN, 0 };

          g_array_append_val (fds, fd);
        }
    }

  poll ((struct pollfd *) (void *) fds->data, fds->len, CLAMP (left / 1000 + 1, 0, G_MAXINT));
}

static gboolean
read_reports (ReleaseCrew  *self,
              int           interrupt_fd,
              GError      **error)
{
  gint64 deadline = g_get_monotonic_time () + START_TIMEOUT_USEC;

  for (;;)
    {
      guint n_under_way = 0;

      for (guint i = 0; i < self->places->len && self->failure == NULL; i++)
        {
          Place *place = self->places->pdata[i];

          if (place->report_watch != NULL && !place_read_report (place))
            n_under_way++;
        }

      if (self->failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&self->failure));
          return FALSE;
        }
      self->funcs->look (self->user_data);
      if (release_supervisor_is_stopping (self->supervisor))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               _("The start was interrupted by a signal"));
          return FALSE;
        }
      if (n_under_way == 0)
        return TRUE;
      if (g_get_monotonic_time () >= deadline)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                       g_dngettext (GETTEXT_PACKAGE, "%u slave was not executed in time",
                                    "%u slaves were not executed in time", n_under_way),
                       n_under_way);
          return FALSE;
        }

      wait_for_reports (self, interrupt_fd, deadline);
    }
}

/* Starts every slave and waits until all have executed their programs. If one cannot, all are
 * ended again and @exit_status is what a master should end with. Nobody is told of them yet. */
gboolean
release_crew_start (ReleaseCrew          *self,
                    gint64                grace_usec,
                    const struct rlimit  *nofile,
                    int                   interrupt_fd,
                    int                  *exit_status,
                    GError              **error)
{
  ReleaseAction action;

  self->nofile = *nofile;
  self->supervisor = release_supervisor_new (self->places->len, grace_usec, g_random_int ());
  self->failure_status = EX_OSERR;

  self->starting = TRUE;
  release_supervisor_start (self->supervisor, g_get_monotonic_time ());
  while (self->failure == NULL && next_action (self, &action) &&
         !release_supervisor_is_stopping (self->supervisor))
    carry_out (self, &action);

  if (!read_reports (self, interrupt_fd, error))
    {
      *exit_status = self->failure_status;
      kill_and_reap (self);
      return FALSE;
    }

  self->starting = FALSE;
  return TRUE;
}

/* Tells the world of all slaves that the start has brought up. */
void
release_crew_connect (ReleaseCrew *self)
{
  G_GNUC_UNUSED g_autoptr(ReleaseCrew) alive = release_crew_ref (self);

  for (guint i = 0; i < self->places->len; i++)
    {
      if (release_supervisor_get_slot_state (self->supervisor, i) == RELEASE_SLOT_READY)
        place_connect (self->places->pdata[i]);
    }

  release_crew_act (self);
}

/* Ends all slaves in order; a second time, at once. */
void
release_crew_stop (ReleaseCrew *self)
{
  G_GNUC_UNUSED g_autoptr(ReleaseCrew) alive = release_crew_ref (self);

  release_supervisor_stop (self->supervisor, g_get_monotonic_time ());
  if (!self->starting)
    release_crew_act (self);
}
