/* release/process/release-master.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-master-private.h"

#include "release/ipc/release-ipc-string-codec.h"

#include <sysexits.h>

/**
 * SECTION:release-master
 * @title: ReleaseMaster
 * @short_description: starts slaves and keeps them running
 *
 * A #ReleaseMaster is a daemon's first process. It holds the lock file, starts
 * the slaves of its groups, starts them again when they die, answers them, and
 * serves a control socket.
 *
 * |[<!-- language="C" -->
 * int
 * main (int    argc,
 *       char **argv)
 * {
 *   const char *slave[] = { "/usr/libexec/hello-slave", NULL };
 *   g_autoptr(ReleaseSlaveGroup) group = release_slave_group_new (slave, 4, NULL);
 *   g_autoptr(ReleaseMaster) master = release_master_new ("/run/hello.pid");
 *
 *   g_signal_connect (group, "request", G_CALLBACK (on_request), NULL);
 *   release_master_add_group (master, group);
 *   release_master_set_privileged (master, TRUE);
 *   release_master_set_background (master, TRUE);
 *
 *   return release_master_run (master);
 * }
 * ]|
 *
 * release_master_run() is for a program that is nothing but a master. One that
 * has a main loop of its own calls release_master_start() and
 * release_master_stop_async().
 *
 * A slave that dies is started again: at once, and after growing delays if it
 * dies within a second of its start. After ten such deaths in a row the master
 * gives up: it stops all slaves and ends with status 70.
 *
 * To stop, the master sends `SIGTERM` to all slaves, kills those that are left
 * after #ReleaseMaster:grace-timeout, and ends when all are gone. However it
 * ends itself, also by `SIGKILL`, no slave stays.
 *
 * A master belongs to the main thread of its process, where its slaves are
 * started: Linux ends them when that thread ends. It works in the main context
 * that is the thread's default one when it starts. While it runs it holds a
 * reference to itself.
 *
 * The exit status of release_master_run() is one of sysexits.h: 0 after a stop,
 * 70 if slaves died too fast, 71 if the system refused something, 72 if a slave
 * cannot be executed, 73 if the lock file or a socket cannot be created, 75 if
 * another master holds the lock file or a socket, 77 without permission, 78 if a
 * user does not exist or a setting contradicts another. A signal that comes
 * during the start stops the master too; the process that launched it in the
 * background then ends with 75.
 */

#define DEFAULT_GRACE_TIMEOUT_MSEC 5000

enum
{
  PROP_LOCK_FILE = 1,
  PROP_CONTROL,
  PROP_CONTROL_CODEC,
  PROP_CONTROL_SERVER,
  PROP_BACKGROUND,
  PROP_SYSLOG,
  PROP_PRIVILEGED,
  PROP_HANDLE_SIGNALS,
  PROP_GRACE_TIMEOUT,
  PROP_SLAVES,
  PROP_EXIT_STATUS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
guint release_master_signals[RELEASE_MASTER_N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReleaseMaster, release_master, G_TYPE_OBJECT)

static void
release_master_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ReleaseMaster *self = RELEASE_MASTER (object);

  switch (prop_id)
    {
    case PROP_LOCK_FILE:
      self->lock_file = g_value_dup_string (value);
      break;
    case PROP_CONTROL:
      release_master_set_control (self, g_value_get_string (value));
      break;
    case PROP_CONTROL_CODEC:
      release_master_set_control_codec (self, g_value_get_object (value));
      break;
    case PROP_CONTROL_SERVER:
      release_master_set_control_server (self, g_value_get_object (value));
      break;
    case PROP_BACKGROUND:
      release_master_set_background (self, g_value_get_boolean (value));
      break;
    case PROP_SYSLOG:
      release_master_set_syslog (self, g_value_get_boolean (value));
      break;
    case PROP_PRIVILEGED:
      release_master_set_privileged (self, g_value_get_boolean (value));
      break;
    case PROP_HANDLE_SIGNALS:
      release_master_set_handle_signals (self, g_value_get_boolean (value));
      break;
    case PROP_GRACE_TIMEOUT:
      release_master_set_grace_timeout (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_master_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ReleaseMaster *self = RELEASE_MASTER (object);

  switch (prop_id)
    {
    case PROP_LOCK_FILE:
      g_value_set_string (value, self->lock_file);
      break;
    case PROP_CONTROL:
      g_value_set_string (value, self->control);
      break;
    case PROP_CONTROL_CODEC:
      g_value_set_object (value, self->control_codec);
      break;
    case PROP_CONTROL_SERVER:
      g_value_set_object (value, self->control_server);
      break;
    case PROP_BACKGROUND:
      g_value_set_boolean (value, self->background);
      break;
    case PROP_SYSLOG:
      g_value_set_boolean (value, self->syslog);
      break;
    case PROP_PRIVILEGED:
      g_value_set_boolean (value, self->privileged);
      break;
    case PROP_HANDLE_SIGNALS:
      g_value_set_boolean (value, self->handle_signals);
      break;
    case PROP_GRACE_TIMEOUT:
      g_value_set_int (value, self->grace_timeout);
      break;
    case PROP_SLAVES:
      g_value_set_object (value, self->slaves);
      break;
    case PROP_EXIT_STATUS:
      g_value_set_int (value, self->exit_status);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_master_dispose (GObject *object)
{
  ReleaseMaster *self = RELEASE_MASTER (object);

  g_clear_object (&self->control_server);
  g_clear_object (&self->control_codec);
  g_clear_object (&self->slaves);
  g_clear_pointer (&self->groups, g_ptr_array_unref);

  G_OBJECT_CLASS (release_master_parent_class)->dispose (object);
}

static void
release_master_finalize (GObject *object)
{
  ReleaseMaster *self = RELEASE_MASTER (object);

  g_assert (self->phase == RELEASE_MASTER_IDLE && g_queue_is_empty (&self->stop_tasks));
  g_free (self->lock_file);
  g_free (self->control);
  g_free (self->folder);

  G_OBJECT_CLASS (release_master_parent_class)->finalize (object);
}

static void
release_master_class_init (ReleaseMasterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags settable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = release_master_set_property;
  object_class->get_property = release_master_get_property;
  object_class->dispose = release_master_dispose;
  object_class->finalize = release_master_finalize;

  /**
   * ReleaseMaster:lock-file:
   *
   * The path of the lock file, or %NULL for none. A relative path is resolved
   * when the master starts.
   *
   * Since: 0.1
   */
  properties[PROP_LOCK_FILE] =
    g_param_spec_string ("lock-file", "", "", NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseMaster:control:
   *
   * The path of the control socket, or %NULL for none. Only the master's user
   * can connect to it; for other rules give the master a server of your own, as
   * #ReleaseMaster:control-server.
   *
   * Since: 0.1
   */
  properties[PROP_CONTROL] = g_param_spec_string ("control", "", "", NULL, settable);

  /**
   * ReleaseMaster:control-codec:
   *
   * How requests and responses on #ReleaseMaster:control become bytes. Unless
   * set it is the string codec.
   *
   * Since: 0.1
   */
  properties[PROP_CONTROL_CODEC] =
    g_param_spec_object ("control-codec", "", "", RELEASE_TYPE_IPC_CODEC, settable);

  /**
   * ReleaseMaster:control-server:
   *
   * The control server, which the master starts and stops. It may be set, in
   * place of #ReleaseMaster:control, to one that was prepared; else the master
   * makes one for as long as it runs.
   *
   * Since: 0.1
   */
  properties[PROP_CONTROL_SERVER] =
    g_param_spec_object ("control-server", "", "", RELEASE_TYPE_IPC_SERVER, settable);

  /**
   * ReleaseMaster:background:
   *
   * Whether release_master_run() becomes a daemon first, by
   * release_daemonize(). release_master_start() does not look at it.
   *
   * Without #ReleaseMaster:syslog the log of a daemon is lost, except that a
   * master that gives up says so in the system log.
   *
   * Since: 0.1
   */
  properties[PROP_BACKGROUND] = g_param_spec_boolean ("background", "", "", FALSE, settable);

  /**
   * ReleaseMaster:syslog:
   *
   * Whether release_master_run() sends log messages to the system log.
   * From a master in the background that gives up, because its slaves die too
   * fast, they go there from then on even if not.
   *
   * Since: 0.1
   */
  properties[PROP_SYSLOG] = g_param_spec_boolean ("syslog", "", "", FALSE, settable);

  /**
   * ReleaseMaster:privileged:
   *
   * Whether the master runs as root. A master that is privileged must be
   * started by root, one that is not must not.
   *
   * Since: 0.1
   */
  properties[PROP_PRIVILEGED] = g_param_spec_boolean ("privileged", "", "", FALSE, settable);

  /**
   * ReleaseMaster:handle-signals:
   *
   * Whether release_master_start() takes over `SIGTERM`, `SIGINT` and `SIGHUP`
   * until the master has stopped, and unblocks them. release_master_run() always
   * does.
   *
   * `SIGTERM` and `SIGINT` stop the master, a second one kills the slaves at
   * once. `SIGHUP` emits #ReleaseMaster::reload; without a handler it stops the
   * master too, unless it was ignored before, as in a daemon.
   *
   * Unless the program has set an action for them, `SIGQUIT` stops the master and
   * kills the slaves at once, and `SIGUSR1`, `SIGUSR2` and `SIGALRM` are ignored.
   *
   * Since: 0.1
   */
  properties[PROP_HANDLE_SIGNALS] =
    g_param_spec_boolean ("handle-signals", "", "", FALSE, settable);

  /**
   * ReleaseMaster:grace-timeout:
   *
   * How long a slave that was asked to end may take until it is killed, in
   * milliseconds.
   *
   * Since: 0.1
   */
  properties[PROP_GRACE_TIMEOUT] =
    g_param_spec_int ("grace-timeout", "", "", 0, G_MAXINT, DEFAULT_GRACE_TIMEOUT_MSEC, settable);

  /**
   * ReleaseMaster:slaves:
   *
   * The slaves that run, as a #GListModel of #ReleaseSlaveProcess. It changes
   * as slaves start and die.
   *
   * Since: 0.1
   */
  properties[PROP_SLAVES] =
    g_param_spec_object ("slaves", "", "", G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseMaster:exit-status:
   *
   * What the process should end with, once the master has stopped or its start
   * has failed.
   *
   * Since: 0.1
   */
  properties[PROP_EXIT_STATUS] =
    g_param_spec_int ("exit-status", "", "", 0, 255, 0,
                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ReleaseMaster::main:
   * @self: the master
   *
   * Emitted once everything runs: the lock file is held, the sockets listen,
   * every slave has executed its program.
   *
   * Since: 0.1
   */
  release_master_signals[RELEASE_MASTER_SIGNAL_MAIN] =
    g_signal_new ("main", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * ReleaseMaster::reload:
   * @self: the master
   *
   * Emitted on `SIGHUP`, if the master handles signals: the usual request to
   * read the configuration again.
   *
   * Since: 0.1
   */
  release_master_signals[RELEASE_MASTER_SIGNAL_RELOAD] =
    g_signal_new ("reload", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * ReleaseMaster::stopped:
   * @self: the master
   * @exit_status: #ReleaseMaster:exit-status
   *
   * Emitted when a master that ran has stopped: all slaves are gone, sockets
   * and lock file are removed.
   *
   * Since: 0.1
   */
  release_master_signals[RELEASE_MASTER_SIGNAL_STOPPED] =
    g_signal_new ("stopped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  /**
   * ReleaseMaster::slave-started:
   * @self: the master
   * @slave: the slave
   *
   * Emitted when a slave has executed its program and is in
   * #ReleaseMaster:slaves, before #ReleaseSlaveGroup::connected.
   *
   * Since: 0.1
   */
  release_master_signals[RELEASE_MASTER_SIGNAL_SLAVE_STARTED] =
    g_signal_new ("slave-started", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, RELEASE_TYPE_SLAVE_PROCESS);

  /**
   * ReleaseMaster::slave-exited:
   * @self: the master
   * @slave: the slave
   * @wait_status: how it ended, as for g_spawn_check_wait_status(); -1 if it
   *   may still run, for the system did not let the master kill it
   *
   * Emitted when a slave has died and is in #ReleaseMaster:slaves no more,
   * before another one is started in its place.
   *
   * Since: 0.1
   */
  release_master_signals[RELEASE_MASTER_SIGNAL_SLAVE_EXITED] =
    g_signal_new ("slave-exited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2, RELEASE_TYPE_SLAVE_PROCESS, G_TYPE_INT);

  /**
   * ReleaseMaster::control-connected:
   * @self: the master
   * @channel: the connection
   *
   * Emitted when a client has connected to the control socket, and before any
   * message of it is handled.
   *
   * Since: 0.1
   */
  release_master_signals[RELEASE_MASTER_SIGNAL_CONTROL_CONNECTED] =
    g_signal_new ("control-connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, RELEASE_TYPE_IPC_CHANNEL);

  /**
   * ReleaseMaster::control-request:
   * @self: the master
   * @invocation: the request
   *
   * Emitted when a client of the control socket asks. Who it is tells
   * release_ipc_invocation_get_peer_credentials().
   *
   * Returns: %TRUE if the request is or will be answered, %FALSE to let other
   *   handlers see it
   *
   * Since: 0.1
   */
  release_master_signals[RELEASE_MASTER_SIGNAL_CONTROL_REQUEST] =
    g_signal_new ("control-request", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1,
                  RELEASE_TYPE_IPC_INVOCATION);
}

static void
release_master_init (ReleaseMaster *self)
{
  self->control_codec = g_object_ref (release_ipc_string_codec_get_default ());
  self->grace_timeout = DEFAULT_GRACE_TIMEOUT_MSEC;
  self->groups = g_ptr_array_new_with_free_func (g_object_unref);
  self->slaves = g_list_store_new (RELEASE_TYPE_SLAVE_PROCESS);
}

/**
 * release_master_new:
 * @lock_file: (nullable) (type filename): the path of the lock file, or %NULL
 *   for none
 *
 * Makes a master without groups.
 *
 * Returns: (transfer full): a new #ReleaseMaster
 *
 * Since: 0.1
 */
ReleaseMaster *
release_master_new (const char *lock_file)
{
  return g_object_new (RELEASE_TYPE_MASTER, "lock-file", lock_file, NULL);
}

/**
 * release_master_get_lock_file:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:lock-file.
 *
 * Returns: (transfer none) (nullable) (type filename): the path, or %NULL
 *
 * Since: 0.1
 */
const char *
release_master_get_lock_file (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);

  return self->lock_file;
}

/**
 * release_master_get_control:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:control.
 *
 * Returns: (transfer none) (nullable) (type filename): the path, or %NULL
 *
 * Since: 0.1
 */
const char *
release_master_get_control (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);

  return self->control;
}

/**
 * release_master_set_control:
 * @self: a #ReleaseMaster
 * @control: (nullable) (type filename): the path of a Unix socket, or %NULL for
 *   none
 *
 * Sets #ReleaseMaster:control. A relative path is resolved when the master
 * starts. It has no effect on a master that runs.
 *
 * Since: 0.1
 */
void
release_master_set_control (ReleaseMaster *self,
                            const char    *control)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));

  if (g_strcmp0 (self->control, control) == 0)
    return;

  g_free (self->control);
  self->control = g_strdup (control);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTROL]);
}

/**
 * release_master_get_control_codec:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:control-codec.
 *
 * Returns: (transfer none): the codec
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_master_get_control_codec (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);

  return self->control_codec;
}

/**
 * release_master_set_control_codec:
 * @self: a #ReleaseMaster
 * @codec: (nullable): the codec, or %NULL for the string codec
 *
 * Sets #ReleaseMaster:control-codec. It has no effect on a master that runs.
 *
 * Since: 0.1
 */
void
release_master_set_control_codec (ReleaseMaster   *self,
                                  ReleaseIpcCodec *codec)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));
  g_return_if_fail (codec == NULL || RELEASE_IS_IPC_CODEC (codec));

  if (codec == NULL)
    codec = release_ipc_string_codec_get_default ();
  if (g_set_object (&self->control_codec, codec))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTROL_CODEC]);
}

/**
 * release_master_get_control_server:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:control-server.
 *
 * Returns: (transfer none) (nullable): the server, or %NULL if none was set and
 *   the master does not run or has no #ReleaseMaster:control
 *
 * Since: 0.1
 */
ReleaseIpcServer *
release_master_get_control_server (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);

  return self->control_server;
}

/**
 * release_master_set_control_server:
 * @self: a #ReleaseMaster
 * @server: (nullable): a server that was not started, or %NULL for none
 *
 * Sets #ReleaseMaster:control-server. The master must not run.
 *
 * Since: 0.1
 */
void
release_master_set_control_server (ReleaseMaster    *self,
                                   ReleaseIpcServer *server)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));
  g_return_if_fail (server == NULL || RELEASE_IS_IPC_SERVER (server));
  g_return_if_fail (self->phase == RELEASE_MASTER_IDLE);

  if (g_set_object (&self->control_server, server))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTROL_SERVER]);
}

static void
set_flag (ReleaseMaster *self,
          gboolean      *flag,
          gboolean       value,
          guint          prop_id)
{
  value = value != FALSE;
  if (*flag == value)
    return;

  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/**
 * release_master_get_background:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:background.
 *
 * Returns: whether release_master_run() becomes a daemon
 *
 * Since: 0.1
 */
gboolean
release_master_get_background (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), FALSE);

  return self->background;
}

/**
 * release_master_set_background:
 * @self: a #ReleaseMaster
 * @background: whether release_master_run() becomes a daemon
 *
 * Sets #ReleaseMaster:background.
 *
 * Since: 0.1
 */
void
release_master_set_background (ReleaseMaster *self,
                               gboolean       background)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));

  set_flag (self, &self->background, background, PROP_BACKGROUND);
}

/**
 * release_master_get_syslog:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:syslog.
 *
 * Returns: whether log messages go to the system log
 *
 * Since: 0.1
 */
gboolean
release_master_get_syslog (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), FALSE);

  return self->syslog;
}

/**
 * release_master_set_syslog:
 * @self: a #ReleaseMaster
 * @syslog: whether log messages go to the system log
 *
 * Sets #ReleaseMaster:syslog.
 *
 * Since: 0.1
 */
void
release_master_set_syslog (ReleaseMaster *self,
                           gboolean       syslog)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));

  set_flag (self, &self->syslog, syslog, PROP_SYSLOG);
}

/**
 * release_master_get_privileged:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:privileged.
 *
 * Returns: whether the master runs as root
 *
 * Since: 0.1
 */
gboolean
release_master_get_privileged (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), FALSE);

  return self->privileged;
}

/**
 * release_master_set_privileged:
 * @self: a #ReleaseMaster
 * @privileged: whether the master runs as root
 *
 * Sets #ReleaseMaster:privileged.
 *
 * Since: 0.1
 */
void
release_master_set_privileged (ReleaseMaster *self,
                               gboolean       privileged)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));

  set_flag (self, &self->privileged, privileged, PROP_PRIVILEGED);
}

/**
 * release_master_get_handle_signals:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:handle-signals.
 *
 * Returns: whether release_master_start() takes signals over
 *
 * Since: 0.1
 */
gboolean
release_master_get_handle_signals (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), FALSE);

  return self->handle_signals;
}

/**
 * release_master_set_handle_signals:
 * @self: a #ReleaseMaster
 * @handle_signals: whether release_master_start() takes signals over
 *
 * Sets #ReleaseMaster:handle-signals.
 *
 * Since: 0.1
 */
void
release_master_set_handle_signals (ReleaseMaster *self,
                                   gboolean       handle_signals)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));

  set_flag (self, &self->handle_signals, handle_signals, PROP_HANDLE_SIGNALS);
}

/**
 * release_master_get_grace_timeout:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:grace-timeout.
 *
 * Returns: the timeout, in milliseconds
 *
 * Since: 0.1
 */
int
release_master_get_grace_timeout (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), 0);

  return self->grace_timeout;
}

/**
 * release_master_set_grace_timeout:
 * @self: a #ReleaseMaster
 * @timeout_msec: the timeout, in milliseconds
 *
 * Sets #ReleaseMaster:grace-timeout, for the next start.
 *
 * Since: 0.1
 */
void
release_master_set_grace_timeout (ReleaseMaster *self,
                                  int            timeout_msec)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));
  g_return_if_fail (timeout_msec >= 0);

  if (self->grace_timeout == timeout_msec)
    return;

  self->grace_timeout = timeout_msec;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GRACE_TIMEOUT]);
}

/**
 * release_master_get_slaves:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:slaves.
 *
 * Returns: (transfer none): a list of #ReleaseSlaveProcess
 *
 * Since: 0.1
 */
GListModel *
release_master_get_slaves (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), NULL);

  return G_LIST_MODEL (self->slaves);
}

/**
 * release_master_is_running:
 * @self: a #ReleaseMaster
 *
 * Tells whether the master runs: from release_master_start() on until
 * #ReleaseMaster::stopped.
 *
 * Returns: whether it runs
 *
 * Since: 0.1
 */
gboolean
release_master_is_running (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), FALSE);

  return self->phase != RELEASE_MASTER_IDLE;
}

/**
 * release_master_get_exit_status:
 * @self: a #ReleaseMaster
 *
 * Gets #ReleaseMaster:exit-status.
 *
 * Returns: what the process should end with
 *
 * Since: 0.1
 */
int
release_master_get_exit_status (ReleaseMaster *self)
{
  g_return_val_if_fail (RELEASE_IS_MASTER (self), EX_SOFTWARE);

  return self->exit_status;
}

/**
 * release_master_add_group:
 * @self: a #ReleaseMaster
 * @group: a group that no master has
 *
 * Adds a group of slaves. The master must not run.
 *
 * Since: 0.1
 */
void
release_master_add_group (ReleaseMaster     *self,
                          ReleaseSlaveGroup *group)
{
  g_return_if_fail (RELEASE_IS_MASTER (self));
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (group));
  g_return_if_fail (self->phase == RELEASE_MASTER_IDLE);
  g_return_if_fail (!g_ptr_array_find (self->groups, group, NULL));

  g_ptr_array_add (self->groups, g_object_ref (group));
}
