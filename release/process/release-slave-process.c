/* release/process/release-slave-process.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-slave-process-private.h"

#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-channel-private.h"
#include "release/process/release-slave-group-private.h"


/**
 * SECTION:release-slave-process
 * @title: ReleaseSlaveProcess
 * @short_description: a slave, as its master sees it
 *
 * A #ReleaseSlaveProcess is one process of a #ReleaseSlaveGroup. The master
 * makes it; it is found in #ReleaseMaster:slaves and is what the signals of the
 * group are about. It stands for that process alone: when the process dies, the
 * object stays %RELEASE_SLAVE_STATE_DEAD, and the process that follows has an
 * object of its own, with the same #ReleaseSlaveProcess:group and
 * #ReleaseSlaveProcess:number.
 *
 * |[<!-- language="C" -->
 * static gboolean
 * on_request (ReleaseSlaveGroup    *group,
 *             ReleaseSlaveProcess  *slave,
 *             ReleaseIpcInvocation *invocation,
 *             gpointer              user_data)
 * {
 *   g_message ("Slave %d asks: %s", release_slave_process_get_pid (slave),
 *              release_ipc_invocation_get_string (invocation));
 *   return release_ipc_invocation_return_string (invocation, "yes", NULL);
 * }
 * ]|
 *
 * It belongs to the thread of its master.
 */

struct _ReleaseSlaveProcess
{
  GObject             parent_instance;

  ReleaseSlaveGroup  *group;
  guint               number;
  ReleaseSpawn       *spawn;
  int                 channel_fd;    /* -1 once the channel has it */
  ReleaseIpcChannel  *channel;       /* (nullable): from ready on */
  ReleaseSlaveState   state;
};

enum
{
  PROP_GROUP = 1,
  PROP_NUMBER,
  PROP_PID,
  PROP_CHANNEL,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ReleaseSlaveProcess, release_slave_process, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (ReleaseSlaveState, release_slave_state,
                    G_DEFINE_ENUM_VALUE (RELEASE_SLAVE_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (RELEASE_SLAVE_STATE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (RELEASE_SLAVE_STATE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (RELEASE_SLAVE_STATE_STOPPING, "stopping"),
                    G_DEFINE_ENUM_VALUE (RELEASE_SLAVE_STATE_DEAD, "dead"))

static void
release_slave_process_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  ReleaseSlaveProcess *self = RELEASE_SLAVE_PROCESS (object);

  switch (prop_id)
    {
    case PROP_GROUP:
      g_value_set_object (value, self->group);
      break;
    case PROP_NUMBER:
      g_value_set_uint (value, self->number);
      break;
    case PROP_PID:
      g_value_set_int (value, release_slave_process_get_pid (self));
      break;
    case PROP_CHANNEL:
      g_value_set_object (value, self->channel);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_slave_process_dispose (GObject *object)
{
  ReleaseSlaveProcess *self = RELEASE_SLAVE_PROCESS (object);

  g_clear_object (&self->group);
  g_clear_object (&self->channel);

  G_OBJECT_CLASS (release_slave_process_parent_class)->dispose (object);
}

static void
release_slave_process_finalize (GObject *object)
{
  ReleaseSlaveProcess *self = RELEASE_SLAVE_PROCESS (object);

  release_io_close (&self->channel_fd);
  g_clear_pointer (&self->spawn, release_spawn_free);

  G_OBJECT_CLASS (release_slave_process_parent_class)->finalize (object);
}

static void
release_slave_process_class_init (ReleaseSlaveProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = release_slave_process_get_property;
  object_class->dispose = release_slave_process_dispose;
  object_class->finalize = release_slave_process_finalize;

  /**
   * ReleaseSlaveProcess:group:
   *
   * The group that the slave belongs to.
   *
   * Since: 0.1
   */
  properties[PROP_GROUP] =
    g_param_spec_object ("group", "", "", RELEASE_TYPE_SLAVE_GROUP,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlaveProcess:number:
   *
   * The place of the slave in its group, from 0. Processes that follow each
   * other have the same number.
   *
   * Since: 0.1
   */
  properties[PROP_NUMBER] =
    g_param_spec_uint ("number", "", "", 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlaveProcess:pid:
   *
   * The process id. It stays after the process has ended, when the system may
   * give the number to another one.
   *
   * Since: 0.1
   */
  properties[PROP_PID] =
    g_param_spec_int ("pid", "", "", 0, G_MAXINT, 0,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlaveProcess:channel:
   *
   * The connection with the slave, once its program was executed.
   *
   * Since: 0.1
   */
  properties[PROP_CHANNEL] =
    g_param_spec_object ("channel", "", "", RELEASE_TYPE_IPC_CHANNEL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlaveProcess:state:
   *
   * Where the slave is in its life.
   *
   * Since: 0.1
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", "", "", RELEASE_TYPE_SLAVE_STATE, RELEASE_SLAVE_STATE_STARTING,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
release_slave_process_init (ReleaseSlaveProcess *self)
{
  self->channel_fd = -1;
}

/* Takes @spawn and @channel_fd. */
ReleaseSlaveProcess *
release_slave_process_new (ReleaseSlaveGroup *group,
                           guint              number,
                           ReleaseSpawn      *spawn,
                           int               *channel_fd)
{
  ReleaseSlaveProcess *self = g_object_new (RELEASE_TYPE_SLAVE_PROCESS, NULL);

  self->group = g_object_ref (group);
  self->number = number;
  self->spawn = spawn;
  self->channel_fd = g_steal_fd (channel_fd);

  return self;
}

ReleaseSpawn *
release_slave_process_get_spawn (ReleaseSlaveProcess *self)
{
  return self->spawn;
}

/* Makes the channel, once the program was executed. */
gboolean
release_slave_process_open (ReleaseSlaveProcess  *self,
                            GError              **error)
{
  self->channel = release_ipc_channel_new (self->channel_fd,
                                           release_slave_group_get_framing (self->group),
                                           release_slave_group_get_codec (self->group), error);
  if (self->channel == NULL)
    return FALSE;

  self->channel_fd = -1;
  release_ipc_channel_set_pauses (self->channel, TRUE);
  release_ipc_channel_set_max_message_size (self->channel,
                                            release_slave_group_get_max_message_size (self->group));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHANNEL]);
  return TRUE;
}

void
release_slave_process_set_state (ReleaseSlaveProcess *self,
                                 ReleaseSlaveState    state)
{
  if (state <= self->state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* The process is dead: what it had sent is still handled, its pending requests end, what it has
 * left running in its process group is killed. */
void
release_slave_process_end (ReleaseSlaveProcess *self)
{
  if (self->channel != NULL)
    release_ipc_channel_peer_died (self->channel);

  release_spawn_kill_all (self->spawn, NULL);
  release_io_close_connection (&self->channel_fd);
  release_slave_process_set_state (self, RELEASE_SLAVE_STATE_DEAD);
}

/**
 * release_slave_process_get_group:
 * @self: a #ReleaseSlaveProcess
 *
 * Gets #ReleaseSlaveProcess:group.
 *
 * Returns: (transfer none): the group
 *
 * Since: 0.1
 */
ReleaseSlaveGroup *
release_slave_process_get_group (ReleaseSlaveProcess *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_PROCESS (self), NULL);

  return self->group;
}

/**
 * release_slave_process_get_number:
 * @self: a #ReleaseSlaveProcess
 *
 * Gets #ReleaseSlaveProcess:number.
 *
 * Returns: the place of the slave in its group, from 0
 *
 * Since: 0.1
 */
guint
release_slave_process_get_number (ReleaseSlaveProcess *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_PROCESS (self), 0);

  return self->number;
}

/**
 * release_slave_process_get_pid:
 * @self: a #ReleaseSlaveProcess
 *
 * Gets #ReleaseSlaveProcess:pid. To signal a slave use
 * release_slave_process_signal(), which never reaches another process.
 *
 * Returns: the process id
 *
 * Since: 0.1
 */
int
release_slave_process_get_pid (ReleaseSlaveProcess *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_PROCESS (self), 0);

  return release_spawn_get_pid (self->spawn);
}

/**
 * release_slave_process_get_channel:
 * @self: a #ReleaseSlaveProcess
 *
 * Gets #ReleaseSlaveProcess:channel.
 *
 * Returns: (transfer none) (nullable): the channel, %NULL while the slave is
 *   starting
 *
 * Since: 0.1
 */
ReleaseIpcChannel *
release_slave_process_get_channel (ReleaseSlaveProcess *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_PROCESS (self), NULL);

  return self->channel;
}

/**
 * release_slave_process_get_state:
 * @self: a #ReleaseSlaveProcess
 *
 * Gets #ReleaseSlaveProcess:state.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
ReleaseSlaveState
release_slave_process_get_state (ReleaseSlaveProcess *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_PROCESS (self), RELEASE_SLAVE_STATE_DEAD);

  return self->state;
}

/**
 * release_slave_process_signal:
 * @self: a #ReleaseSlaveProcess
 * @signum: the signal, as for kill(2)
 * @error: return location for a #GError, or %NULL
 *
 * Sends a signal to the slave's process, and to no other: it is known by its
 * pidfd, so that a process that got the same number since is safe. A slave that
 * dies of the signal is followed by another one.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND if the slave is dead, and with what the
 * system reports.
 *
 * Returns: %TRUE if the signal was sent, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_slave_process_signal (ReleaseSlaveProcess  *self,
                              int                   signum,
                              GError              **error)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_PROCESS (self), FALSE);

  if (self->state == RELEASE_SLAVE_STATE_DEAD)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("Slave %d is dead"),
                   release_slave_process_get_pid (self));
      return FALSE;
    }

  return release_spawn_signal (self->spawn, signum, error);
}
