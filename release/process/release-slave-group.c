/* release/process/release-slave-group.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-slave-group-private.h"

#include "release/ipc/release-ipc-channel-private.h"
#include "release/ipc/release-ipc-protocol-private.h"
#include "release/ipc/release-ipc-string-codec.h"
#include "release/process/release-environment-private.h"

#include <string.h>

/**
 * SECTION:release-slave-group
 * @title: ReleaseSlaveGroup
 * @short_description: slaves that run the same program
 *
 * A #ReleaseSlaveGroup says which program slaves run, how many of them there
 * are, as which user and with which environment, and it hears what they have
 * to say. A master has any number of groups:
 *
 * |[<!-- language="C" -->
 *   const char *argv[] = { "/usr/libexec/mailer-worker", NULL };
 *   g_autoptr(ReleaseSlaveGroup) group = release_slave_group_new (argv, 4, NULL);
 *
 *   release_slave_group_set_user (group, "mailer");
 *   g_signal_connect (group, "request", G_CALLBACK (on_request), NULL);
 *   release_master_add_group (master, group);
 * ]|
 *
 * The program is a path, also if it has no slash: it is not searched in
 * `PATH`. It may be any executable. It finds its end of the channel on
 * descriptor 0, in `RELEASE_IPC` the framing (`multiplexed` or `plain`), and in
 * `RELEASE_FDS` the descriptors that it was passed (`control=3`).
 * A #ReleaseSlave takes care of all that.
 *
 * Slaves end with their master, however it ends, by a signal that the kernel
 * sends to the one process that the master has started. So a script should
 * `exec` the program that it prepares, and processes that a slave starts are its
 * own: when it has died the master kills those that have stayed in its process
 * group, which a master that was killed cannot do. A program that is setuid or
 * setgid or has file capabilities would lose the signal and is refused.
 *
 * Properties are to be set before the master starts; the environment may change
 * later and is that of the next process then. A group belongs to one master,
 * and to its thread.
 *
 * On a %RELEASE_IPC_FRAMING_PLAIN channel one side asks and the other answers.
 * If the group has a handler of #ReleaseSlaveGroup::request, or
 * release_slave_group_serve() was called, when a slave connects, then that slave
 * asks, and broadcasts to it are not supported.
 */

#define DEFAULT_MAX_MESSAGE_SIZE (16 * 1024 * 1024)

static const char *const default_kept_variables[] = { "TZ", "LANG", "LC_*", NULL };

struct _ReleaseSlaveGroup
{
  GObject                   parent_instance;

  char                     *name;
  GStrv                     argv;
  guint                     n_slaves;
  ReleaseIpcCodec          *codec;
  ReleaseIpcFraming         framing;
  guint                     max_message_size;
  char                     *user;              /* (nullable) */
  char                     *control;           /* (nullable) */
  ReleaseEnvironmentPolicy  environment_policy;
  GStrv                     kept_variables;
  GStrv                     variables;         /* NAME=VALUE each */
  ReleaseIpcServeFunc       serve_func;        /* (nullable) */
  gpointer                  serve_data;
  GDestroyNotify            serve_destroy;

  GPtrArray                *slaves;            /* connected, and alive as far as known */
};

enum
{
  PROP_NAME = 1,
  PROP_ARGV,
  PROP_N_SLAVES,
  PROP_CODEC,
  PROP_FRAMING,
  PROP_MAX_MESSAGE_SIZE,
  PROP_USER,
  PROP_CONTROL,
  PROP_ENVIRONMENT_POLICY,
  PROP_KEPT_VARIABLES,
  N_PROPS
};

enum
{
  SIGNAL_CONNECTED,
  SIGNAL_REQUEST,
  SIGNAL_EVENT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReleaseSlaveGroup, release_slave_group, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (ReleaseEnvironmentPolicy, release_environment_policy,
                    G_DEFINE_ENUM_VALUE (RELEASE_ENVIRONMENT_INHERIT, "inherit"),
                    G_DEFINE_ENUM_VALUE (RELEASE_ENVIRONMENT_KEEP, "keep"))

static gboolean
channel_request_cb (ReleaseIpcChannel    *channel,
                    ReleaseIpcInvocation *invocation,
                    ReleaseSlaveProcess  *slave)
{
  ReleaseSlaveGroup *self = release_slave_process_get_group (slave);
  gboolean handled = FALSE;

  g_signal_emit (self, signals[SIGNAL_REQUEST], 0, slave, invocation, &handled);

  return handled;
}

static void
channel_event_cb (ReleaseIpcChannel   *channel,
                  ReleaseIpcMessage   *message,
                  ReleaseSlaveProcess *slave)
{
  g_signal_emit (release_slave_process_get_group (slave), signals[SIGNAL_EVENT], 0, slave, message);
}

static gboolean
serve_cb (ReleaseIpcChannel    *channel,
          ReleaseIpcInvocation *invocation,
          gpointer              user_data)
{
  ReleaseSlaveGroup *self = user_data;

  return self->serve_func != NULL && self->serve_func (channel, invocation, self->serve_data);
}

static void
release_slave_group_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  ReleaseSlaveGroup *self = RELEASE_SLAVE_GROUP (object);

  switch (prop_id)
    {
    case PROP_NAME:
      release_slave_group_set_name (self, g_value_get_string (value));
      break;
    case PROP_ARGV:
      self->argv = g_value_dup_boxed (value);
      break;
    case PROP_N_SLAVES:
      self->n_slaves = g_value_get_uint (value);
      break;
    case PROP_CODEC:
      self->codec = g_value_dup_object (value);
      break;
    case PROP_FRAMING:
      release_slave_group_set_framing (self, g_value_get_enum (value));
      break;
    case PROP_MAX_MESSAGE_SIZE:
      release_slave_group_set_max_message_size (self, g_value_get_uint (value));
      break;
    case PROP_USER:
      release_slave_group_set_user (self, g_value_get_string (value));
      break;
    case PROP_CONTROL:
      release_slave_group_set_control (self, g_value_get_string (value));
      break;
    case PROP_ENVIRONMENT_POLICY:
      release_slave_group_set_environment_policy (self, g_value_get_enum (value));
      break;
    case PROP_KEPT_VARIABLES:
      release_slave_group_set_kept_variables (self, g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_slave_group_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  ReleaseSlaveGroup *self = RELEASE_SLAVE_GROUP (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ARGV:
      g_value_set_boxed (value, self->argv);
      break;
    case PROP_N_SLAVES:
      g_value_set_uint (value, self->n_slaves);
      break;
    case PROP_CODEC:
      g_value_set_object (value, self->codec);
      break;
    case PROP_FRAMING:
      g_value_set_enum (value, self->framing);
      break;
    case PROP_MAX_MESSAGE_SIZE:
      g_value_set_uint (value, self->max_message_size);
      break;
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_CONTROL:
      g_value_set_string (value, self->control);
      break;
    case PROP_ENVIRONMENT_POLICY:
      g_value_set_enum (value, self->environment_policy);
      break;
    case PROP_KEPT_VARIABLES:
      g_value_set_boxed (value, self->kept_variables);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_slave_group_constructed (GObject *object)
{
  ReleaseSlaveGroup *self = RELEASE_SLAVE_GROUP (object);

  G_OBJECT_CLASS (release_slave_group_parent_class)->constructed (object);

  if (self->argv == NULL)
    self->argv = g_new0 (char *, 1);
  if (self->codec == NULL)
    self->codec = g_object_ref (release_ipc_string_codec_get_default ());
  if (self->name == NULL)
    release_slave_group_set_name (self, NULL);
}

static void
release_slave_group_dispose (GObject *object)
{
  ReleaseSlaveGroup *self = RELEASE_SLAVE_GROUP (object);

  g_clear_pointer (&self->slaves, g_ptr_array_unref);
  g_clear_object (&self->codec);

  G_OBJECT_CLASS (release_slave_group_parent_class)->dispose (object);
}

static void
release_slave_group_finalize (GObject *object)
{
  ReleaseSlaveGroup *self = RELEASE_SLAVE_GROUP (object);

  if (self->serve_destroy != NULL)
    self->serve_destroy (self->serve_data);
  g_free (self->name);
  g_strfreev (self->argv);
  g_free (self->user);
  g_free (self->control);
  g_strfreev (self->kept_variables);
  g_strfreev (self->variables);

  G_OBJECT_CLASS (release_slave_group_parent_class)->finalize (object);
}

static void
release_slave_group_class_init (ReleaseSlaveGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags fixed = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags settable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = release_slave_group_set_property;
  object_class->get_property = release_slave_group_get_property;
  object_class->constructed = release_slave_group_constructed;
  object_class->dispose = release_slave_group_dispose;
  object_class->finalize = release_slave_group_finalize;

  /**
   * ReleaseSlaveGroup:name:
   *
   * What log messages call the group. Unless set it is the last part of the
   * program's path.
   *
   * Since: 0.1
   */
  properties[PROP_NAME] = g_param_spec_string ("name", "", "", NULL, settable);

  /**
   * ReleaseSlaveGroup:argv:
   *
   * The program and its arguments.
   *
   * Since: 0.1
   */
  properties[PROP_ARGV] = g_param_spec_boxed ("argv", "", "", G_TYPE_STRV, fixed);

  /**
   * ReleaseSlaveGroup:n-slaves:
   *
   * How many slaves run the program.
   *
   * Since: 0.1
   */
  properties[PROP_N_SLAVES] = g_param_spec_uint ("n-slaves", "", "", 0, G_MAXUINT16, 1, fixed);

  /**
   * ReleaseSlaveGroup:codec:
   *
   * How requests and responses become bytes. Unless given it is the string
   * codec.
   *
   * Since: 0.1
   */
  properties[PROP_CODEC] =
    g_param_spec_object ("codec", "", "", RELEASE_TYPE_IPC_CODEC, fixed);

  /**
   * ReleaseSlaveGroup:framing:
   *
   * How messages stand on the wire.
   *
   * Since: 0.1
   */
  properties[PROP_FRAMING] =
    g_param_spec_enum ("framing", "", "", RELEASE_TYPE_IPC_FRAMING,
                       RELEASE_IPC_FRAMING_MULTIPLEXED, settable);

  /**
   * ReleaseSlaveGroup:max-message-size:
   *
   * How big a message from or to a slave may be, in bytes.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_MESSAGE_SIZE] =
    g_param_spec_uint ("max-message-size", "", "", 1, G_MAXUINT, DEFAULT_MAX_MESSAGE_SIZE,
                       settable);

  /**
   * ReleaseSlaveGroup:user:
   *
   * The user that the slaves run as, or %NULL for that of the master. It needs
   * a privileged master. The privileges are dropped before the program is
   * executed, so the program need not know of it.
   *
   * Other processes of that user may not look into a #ReleaseSlave that has
   * started. A program that is none can be looked into, its environment for
   * one, for execve(2) allows it anew: what is secret should not be there.
   *
   * Since: 0.1
   */
  properties[PROP_USER] = g_param_spec_string ("user", "", "", NULL, settable);

  /**
   * ReleaseSlaveGroup:control:
   *
   * The path of a Unix socket that the master opens and passes to the slaves
   * of the group as the descriptor `control`, or %NULL for none. So a slave
   * can serve a control socket in a directory in which it may not create one.
   *
   * Since: 0.1
   */
  properties[PROP_CONTROL] = g_param_spec_string ("control", "", "", NULL, settable);

  /**
   * ReleaseSlaveGroup:environment-policy:
   *
   * What the slaves get of the environment of the master.
   *
   * Since: 0.1
   */
  properties[PROP_ENVIRONMENT_POLICY] =
    g_param_spec_enum ("environment-policy", "", "", RELEASE_TYPE_ENVIRONMENT_POLICY,
                       RELEASE_ENVIRONMENT_INHERIT, settable);

  /**
   * ReleaseSlaveGroup:kept-variables:
   *
   * The names of the variables that %RELEASE_ENVIRONMENT_KEEP keeps. A name
   * that ends in an asterisk stands for all that begin so. Unless set they are
   * `TZ`, `LANG` and `LC_*`.
   *
   * Since: 0.1
   */
  properties[PROP_KEPT_VARIABLES] =
    g_param_spec_boxed ("kept-variables", "", "", G_TYPE_STRV, settable);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ReleaseSlaveGroup::connected:
   * @self: the group
   * @slave: the slave
   * @channel: the connection with it
   *
   * Emitted for each process once it has executed its program, and before any
   * message of it is handled: the place to prepare its channel, or to take it
   * over and read it raw.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CONNECTED] =
    g_signal_new ("connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2,
                  RELEASE_TYPE_SLAVE_PROCESS, RELEASE_TYPE_IPC_CHANNEL);

  /**
   * ReleaseSlaveGroup::request:
   * @self: the group
   * @slave: the slave that asks
   * @invocation: the request
   *
   * Emitted when a slave asks. The handler answers @invocation at once, or
   * keeps a reference and answers later.
   *
   * Returns: %TRUE if the request is or will be answered, %FALSE to let other
   *   handlers see it; one that nobody takes is answered with
   *   %RELEASE_IPC_ERROR_NOT_HANDLED
   *
   * Since: 0.1
   */
  signals[SIGNAL_REQUEST] =
    g_signal_new ("request", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 2,
                  RELEASE_TYPE_SLAVE_PROCESS, RELEASE_TYPE_IPC_INVOCATION);

  /**
   * ReleaseSlaveGroup::event:
   * @self: the group
   * @slave: the slave that sent it
   * @message: the message
   *
   * Emitted when a slave has sent a message that wants no answer.
   *
   * Since: 0.1
   */
  signals[SIGNAL_EVENT] =
    g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 2,
                  RELEASE_TYPE_SLAVE_PROCESS, RELEASE_TYPE_IPC_MESSAGE);
}

static void
release_slave_group_init (ReleaseSlaveGroup *self)
{
  self->framing = RELEASE_IPC_FRAMING_MULTIPLEXED;
  self->max_message_size = DEFAULT_MAX_MESSAGE_SIZE;
  self->kept_variables = g_strdupv ((GStrv) default_kept_variables);
  self->variables = g_new0 (char *, 1);
  self->slaves = g_ptr_array_new_with_free_func (g_object_unref);
}

/* The environment of the next process, which runs as @user (%NULL: that of the master), but for
 * what the master says about descriptors. */
char **
release_slave_group_build_environment (ReleaseSlaveGroup *self,
                                       const ReleaseUser *user)
{
  g_auto(GStrv) inherited = g_get_environ ();
  gboolean keep = self->environment_policy == RELEASE_ENVIRONMENT_KEEP;
  char **environment;

  environment = release_environment_build ((const char *const *) inherited,
                                           keep ? (const char *const *) self->kept_variables : NULL,
                                           (const char *const *) self->variables);
  if (user != NULL)
    {
      const char *const own[][2] = { { "HOME", user->home },
                                     { "USER", user->name },
                                     { "LOGNAME", user->name } };

      for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
        if (g_environ_getenv (self->variables, own[i][0]) == NULL)
          environment = g_environ_setenv (environment, own[i][0], own[i][1], TRUE);
    }

  return g_environ_setenv (environment, "RELEASE_IPC",
                           self->framing == RELEASE_IPC_FRAMING_PLAIN ? "plain" : "multiplexed",
                           TRUE);
}

/* The slave's channel is open and not started: tells the world. */
void
release_slave_group_adopt (ReleaseSlaveGroup   *self,
                           ReleaseSlaveProcess *slave)
{
  ReleaseIpcChannel *channel = release_slave_process_get_channel (slave);
  gboolean answers = self->serve_func != NULL ||
                     g_signal_has_handler_pending (self, signals[SIGNAL_REQUEST], 0, FALSE);

  if (self->framing == RELEASE_IPC_FRAMING_PLAIN && answers)
    release_ipc_channel_set_answers (channel);
  if (self->framing != RELEASE_IPC_FRAMING_PLAIN || answers)
    g_signal_connect_object (channel, "request", G_CALLBACK (channel_request_cb), slave, 0);
  g_signal_connect_object (channel, "event", G_CALLBACK (channel_event_cb), slave, 0);

  g_ptr_array_add (self->slaves, g_object_ref (slave));
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0, slave, channel);

  if (self->serve_func != NULL)
    release_ipc_channel_serve (channel, serve_cb, g_object_ref (self), g_object_unref);
}

void
release_slave_group_forget (ReleaseSlaveGroup   *self,
                            ReleaseSlaveProcess *slave)
{
  g_ptr_array_remove (self->slaves, slave);
}

/* Those that are connected, in an array that does not change when slaves die. */
GPtrArray *
release_slave_group_copy_slaves (ReleaseSlaveGroup *self)
{
  GPtrArray *slaves = g_ptr_array_copy (self->slaves, (GCopyFunc) (GCallback) g_object_ref, NULL);

  g_ptr_array_set_free_func (slaves, g_object_unref);
  return slaves;
}

/**
 * release_slave_group_new:
 * @argv: (array zero-terminated=1): the path of the program, then its arguments
 * @n_slaves: how many slaves run it
 * @codec: (nullable): how requests and responses become bytes, or %NULL for the
 *   string codec
 *
 * Makes a group. A relative path is resolved when the master starts.
 *
 * Returns: (transfer full): a new #ReleaseSlaveGroup
 *
 * Since: 0.1
 */
ReleaseSlaveGroup *
release_slave_group_new (const char *const *argv,
                         guint              n_slaves,
                         ReleaseIpcCodec   *codec)
{
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);
  g_return_val_if_fail (codec == NULL || RELEASE_IS_IPC_CODEC (codec), NULL);

  return g_object_new (RELEASE_TYPE_SLAVE_GROUP,
                       "argv", argv,
                       "n-slaves", n_slaves,
                       "codec", codec,
                       NULL);
}

/**
 * release_slave_group_get_name:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
release_slave_group_get_name (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);

  return self->name;
}

/**
 * release_slave_group_set_name:
 * @self: a #ReleaseSlaveGroup
 * @name: (nullable): the name, or %NULL for the last part of the program's path
 *
 * Sets #ReleaseSlaveGroup:name.
 *
 * Since: 0.1
 */
void
release_slave_group_set_name (ReleaseSlaveGroup *self,
                              const char        *name)
{
  g_autofree char *new_name = NULL;

  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));

  if (name == NULL && self->argv != NULL && self->argv[0] != NULL)
    new_name = g_path_get_basename (self->argv[0]);
  else
    new_name = g_strdup (name);
  if (g_strcmp0 (self->name, new_name) == 0)
    return;

  g_free (self->name);
  self->name = g_steal_pointer (&new_name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * release_slave_group_get_argv:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:argv.
 *
 * Returns: (transfer none) (array zero-terminated=1): the program and its
 *   arguments
 *
 * Since: 0.1
 */
const char *const *
release_slave_group_get_argv (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);

  return (const char *const *) self->argv;
}

/**
 * release_slave_group_get_n_slaves:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:n-slaves.
 *
 * Returns: how many slaves there are to be
 *
 * Since: 0.1
 */
guint
release_slave_group_get_n_slaves (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), 0);

  return self->n_slaves;
}

/**
 * release_slave_group_get_codec:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:codec.
 *
 * Returns: (transfer none): the codec
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_slave_group_get_codec (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);

  return self->codec;
}

/**
 * release_slave_group_get_framing:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:framing.
 *
 * Returns: the framing
 *
 * Since: 0.1
 */
ReleaseIpcFraming
release_slave_group_get_framing (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), RELEASE_IPC_FRAMING_PLAIN);

  return self->framing;
}

/**
 * release_slave_group_set_framing:
 * @self: a #ReleaseSlaveGroup
 * @framing: the framing
 *
 * Sets #ReleaseSlaveGroup:framing.
 *
 * Since: 0.1
 */
void
release_slave_group_set_framing (ReleaseSlaveGroup *self,
                                 ReleaseIpcFraming  framing)
{
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));

  if (self->framing == framing)
    return;

  self->framing = framing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRAMING]);
}

/**
 * release_slave_group_get_max_message_size:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:max-message-size.
 *
 * Returns: the limit, in bytes
 *
 * Since: 0.1
 */
guint
release_slave_group_get_max_message_size (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), 0);

  return self->max_message_size;
}

/**
 * release_slave_group_set_max_message_size:
 * @self: a #ReleaseSlaveGroup
 * @max_message_size: the limit, in bytes, at least 1
 *
 * Sets #ReleaseSlaveGroup:max-message-size.
 *
 * Since: 0.1
 */
void
release_slave_group_set_max_message_size (ReleaseSlaveGroup *self,
                                          guint              max_message_size)
{
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));
  g_return_if_fail (max_message_size > 0);

  if (self->max_message_size == max_message_size)
    return;

  self->max_message_size = max_message_size;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_MESSAGE_SIZE]);
}

/**
 * release_slave_group_get_user:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:user.
 *
 * Returns: (transfer none) (nullable): the name of the user, or %NULL
 *
 * Since: 0.1
 */
const char *
release_slave_group_get_user (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);

  return self->user;
}

/**
 * release_slave_group_set_user:
 * @self: a #ReleaseSlaveGroup
 * @user: (nullable): the name of a user, or %NULL for that of the master
 *
 * Sets #ReleaseSlaveGroup:user.
 *
 * Since: 0.1
 */
void
release_slave_group_set_user (ReleaseSlaveGroup *self,
                              const char        *user)
{
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));

  if (g_strcmp0 (self->user, user) == 0)
    return;

  g_free (self->user);
  self->user = g_strdup (user);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USER]);
}

/**
 * release_slave_group_get_control:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:control.
 *
 * Returns: (transfer none) (nullable) (type filename): the path, or %NULL
 *
 * Since: 0.1
 */
const char *
release_slave_group_get_control (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);

  return self->control;
}

/**
 * release_slave_group_set_control:
 * @self: a #ReleaseSlaveGroup
 * @control: (nullable) (type filename): the path of a Unix socket, or %NULL for
 *   none
 *
 * Sets #ReleaseSlaveGroup:control. A relative path is resolved when the master
 * starts.
 *
 * Since: 0.1
 */
void
release_slave_group_set_control (ReleaseSlaveGroup *self,
                                 const char        *control)
{
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));

  if (g_strcmp0 (self->control, control) == 0)
    return;

  g_free (self->control);
  self->control = g_strdup (control);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTROL]);
}

/**
 * release_slave_group_get_environment_policy:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:environment-policy.
 *
 * Returns: the policy
 *
 * Since: 0.1
 */
ReleaseEnvironmentPolicy
release_slave_group_get_environment_policy (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), RELEASE_ENVIRONMENT_INHERIT);

  return self->environment_policy;
}

/**
 * release_slave_group_set_environment_policy:
 * @self: a #ReleaseSlaveGroup
 * @policy: the policy
 *
 * Sets #ReleaseSlaveGroup:environment-policy.
 *
 * Since: 0.1
 */
void
release_slave_group_set_environment_policy (ReleaseSlaveGroup        *self,
                                            ReleaseEnvironmentPolicy  policy)
{
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));

  if (self->environment_policy == policy)
    return;

  self->environment_policy = policy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT_POLICY]);
}

/**
 * release_slave_group_get_kept_variables:
 * @self: a #ReleaseSlaveGroup
 *
 * Gets #ReleaseSlaveGroup:kept-variables.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names
 *
 * Since: 0.1
 */
const char *const *
release_slave_group_get_kept_variables (ReleaseSlaveGroup *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE_GROUP (self), NULL);

  return (const char *const *) self->kept_variables;
}

/**
 * release_slave_group_set_kept_variables:
 * @self: a #ReleaseSlaveGroup
 * @names: (nullable) (array zero-terminated=1): the names, or %NULL for the
 *   default
 *
 * Sets #ReleaseSlaveGroup:kept-variables.
 *
 * Since: 0.1
 */
void
release_slave_group_set_kept_variables (ReleaseSlaveGroup *self,
                                        const char *const *names)
{
  GStrv before;

  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));

  before = self->kept_variables;
  self->kept_variables = g_strdupv (names != NULL ? (GStrv) names : (GStrv) default_kept_variables);
  g_strfreev (before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEPT_VARIABLES]);
}

/**
 * release_slave_group_setenv:
 * @self: a #ReleaseSlaveGroup
 * @variable: (type filename): the name of the variable, without `=`
 * @value: (nullable) (type filename): its value, or %NULL to take back what an
 *   earlier call has set
 *
 * Sets a variable in the environment of the slaves that start from now on,
 * whatever #ReleaseSlaveGroup:environment-policy says. The names that
 * #ReleaseEnvironmentPolicy lists as meant for the master, `RELEASE_IPC` and
 * `RELEASE_FDS` have no effect.
 *
 * Since: 0.1
 */
void
release_slave_group_setenv (ReleaseSlaveGroup *self,
                            const char        *variable,
                            const char        *value)
{
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));
  g_return_if_fail (variable != NULL && *variable != '\0' && strchr (variable, '=') == NULL);

  if (value != NULL)
    self->variables = g_environ_setenv (self->variables, variable, value, TRUE);
  else
    self->variables = g_environ_unsetenv (self->variables, variable);
}

/**
 * release_slave_group_serve: (skip)
 * @self: a #ReleaseSlaveGroup
 * @func: (nullable): handles the requests of the slaves, or %NULL for none
 * @user_data: passed to @func
 * @destroy: (nullable): frees @user_data
 *
 * Lets @func handle the requests of all slaves that connect from now on, as
 * release_ipc_channel_serve() does for one channel. It is the form that the
 * typed protocols build on; most programs connect to
 * #ReleaseSlaveGroup::request.
 *
 * Since: 0.1
 */
void
release_slave_group_serve (ReleaseSlaveGroup   *self,
                           ReleaseIpcServeFunc  func,
                           gpointer             user_data,
                           GDestroyNotify       destroy)
{
  gpointer old_data;
  GDestroyNotify old_destroy;

  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));

  old_data = self->serve_data;
  old_destroy = self->serve_destroy;
  self->serve_func = func;
  self->serve_data = user_data;
  self->serve_destroy = destroy;
  if (old_destroy != NULL)
    old_destroy (old_data);
}

/**
 * release_slave_group_serve_protocol: (skip)
 * @self: a #ReleaseSlaveGroup
 * @protocol: a protocol
 * @func: handles each request
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Lets @func handle the typed requests of all slaves that connect from now on,
 * as release_slave_group_serve() does. Called by the `_serve_group ()` of a
 * typed protocol, see RELEASE_DECLARE_IPC_PROTOCOL().
 *
 * Since: 0.1
 */
void
release_slave_group_serve_protocol (ReleaseSlaveGroup        *self,
                                    const ReleaseIpcProtocol *protocol,
                                    ReleaseIpcProtocolFunc    func,
                                    gpointer                  user_data,
                                    GDestroyNotify            destroy)
{
  g_return_if_fail (RELEASE_IS_SLAVE_GROUP (self));
  g_return_if_fail (protocol != NULL);
  g_return_if_fail (func != NULL);

  release_slave_group_serve (self, release_ipc_protocol_serve_cb,
                             release_ipc_protocol_server_new (protocol, func, user_data, destroy),
                             release_ipc_protocol_server_free);
}
