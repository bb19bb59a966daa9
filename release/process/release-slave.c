/* release/process/release-slave.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-slave.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/base/release-log.h"
#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-error.h"
#include "release/ipc/release-ipc-string-codec.h"
#include "release/process/release-privileges-private.h"
#include "release/process/release-signals-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/**
 * SECTION:release-slave
 * @title: ReleaseSlave
 * @short_description: a slave's view of itself
 *
 * A #ReleaseSlave makes the program that a master has started a slave: it takes
 * the channel to the master, gives up root's privileges if asked to, and runs
 * until the master says so or is gone.
 *
 * |[<!-- language="C" -->
 * static void
 * on_main (ReleaseSlave *slave,
 *          gpointer      user_data)
 * {
 *   release_ipc_channel_call_string_async (release_slave_get_channel (slave), "hello",
 *                                          1000, NULL, on_answer, NULL);
 * }
 *
 * int
 * main (int    argc,
 *       char **argv)
 * {
 *   g_autoptr(ReleaseSlave) slave = release_slave_new ("nobody", NULL);
 *
 *   g_signal_connect (slave, "main", G_CALLBACK (on_main), NULL);
 *   return release_slave_run (slave);
 * }
 * ]|
 *
 * The channel comes as descriptor 0, which is `/dev/null` afterwards. Requests
 * and broadcasts of the master arrive at the #ReleaseIpcChannel::request and
 * #ReleaseIpcChannel::event signals of #ReleaseSlave:channel; connect to them in
 * #ReleaseSlave::main, after which they are dispatched.
 *
 * A program that has threads before its first line, as one in JavaScript, cannot
 * drop its privileges; #ReleaseSlaveGroup:user does it for any program, before
 * it is executed.
 *
 * A slave works in the main context that is the thread's default one when it
 * starts. The exit status of release_slave_run() is one of sysexits.h: 0 after
 * `SIGTERM`, release_slave_quit() or the end of the master; 64 if the program
 * was not started by a master, 71 if the system refused something, 76 if the
 * master broke the protocol, 77 if the privileges cannot be dropped, 78 if
 * there is no such user.
 */

struct _ReleaseSlave
{
  GObject             parent_instance;

  char               *user;          /* (nullable) */
  ReleaseIpcCodec    *codec;
  gboolean            syslog;
  ReleaseIpcFraming   framing;
  GHashTable         *fds;           /* name -> descriptor that was passed */
  ReleaseIpcChannel  *channel;       /* (nullable): once started */
  int                 exit_status;
  gboolean            ended;
};

enum
{
  PROP_USER = 1,
  PROP_CODEC,
  PROP_SYSLOG,
  PROP_FRAMING,
  PROP_CHANNEL,
  N_PROPS
};

enum
{
  SIGNAL_MAIN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReleaseSlave, release_slave, G_TYPE_OBJECT)

static void
passed_fd_free (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);

  release_io_close (&fd);
}

static void
release_slave_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ReleaseSlave *self = RELEASE_SLAVE (object);

  switch (prop_id)
    {
    case PROP_USER:
      self->user = g_value_dup_string (value);
      break;
    case PROP_CODEC:
      self->codec = g_value_dup_object (value);
      break;
    case PROP_SYSLOG:
      release_slave_set_syslog (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_slave_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ReleaseSlave *self = RELEASE_SLAVE (object);

  switch (prop_id)
    {
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_CODEC:
      g_value_set_object (value, self->codec);
      break;
    case PROP_SYSLOG:
      g_value_set_boolean (value, self->syslog);
      break;
    case PROP_FRAMING:
      g_value_set_enum (value, self->framing);
      break;
    case PROP_CHANNEL:
      g_value_set_object (value, self->channel);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_slave_constructed (GObject *object)
{
  ReleaseSlave *self = RELEASE_SLAVE (object);

  G_OBJECT_CLASS (release_slave_parent_class)->constructed (object);

  if (self->codec == NULL)
    self->codec = g_object_ref (release_ipc_string_codec_get_default ());
}

static void
release_slave_dispose (GObject *object)
{
  ReleaseSlave *self = RELEASE_SLAVE (object);

  if (self->channel != NULL)
    g_signal_handlers_disconnect_by_data (self->channel, self);
  g_clear_object (&self->channel);
  g_clear_object (&self->codec);

  G_OBJECT_CLASS (release_slave_parent_class)->dispose (object);
}

static void
release_slave_finalize (GObject *object)
{
  ReleaseSlave *self = RELEASE_SLAVE (object);

  g_hash_table_unref (self->fds);
  g_free (self->user);

  G_OBJECT_CLASS (release_slave_parent_class)->finalize (object);
}

static void
release_slave_class_init (ReleaseSlaveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = release_slave_set_property;
  object_class->get_property = release_slave_get_property;
  object_class->constructed = release_slave_constructed;
  object_class->dispose = release_slave_dispose;
  object_class->finalize = release_slave_finalize;

  /**
   * ReleaseSlave:user:
   *
   * The user that the slave becomes, or %NULL to stay what it is.
   *
   * Since: 0.1
   */
  properties[PROP_USER] =
    g_param_spec_string ("user", "", "", NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlave:codec:
   *
   * How requests and responses become bytes: that of the group in the master.
   * Unless given it is the string codec.
   *
   * Since: 0.1
   */
  properties[PROP_CODEC] =
    g_param_spec_object ("codec", "", "", RELEASE_TYPE_IPC_CODEC,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlave:syslog:
   *
   * Whether log messages go to the system log.
   *
   * Since: 0.1
   */
  properties[PROP_SYSLOG] =
    g_param_spec_boolean ("syslog", "", "", FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlave:framing:
   *
   * How messages stand on the wire, as the master has said; plain under a
   * master that says nothing.
   *
   * Since: 0.1
   */
  properties[PROP_FRAMING] =
    g_param_spec_enum ("framing", "", "", RELEASE_TYPE_IPC_FRAMING, RELEASE_IPC_FRAMING_PLAIN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * ReleaseSlave:channel:
   *
   * The connection with the master, once the slave has started.
   *
   * Since: 0.1
   */
  properties[PROP_CHANNEL] =
    g_param_spec_object ("channel", "", "", RELEASE_TYPE_IPC_CHANNEL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ReleaseSlave::main:
   * @self: the slave
   *
   * Emitted once the slave is set up: privileges are dropped, the channel is
   * open. Messages of the master are dispatched after it.
   *
   * Since: 0.1
   */
  signals[SIGNAL_MAIN] =
    g_signal_new ("main", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
release_slave_init (ReleaseSlave *self)
{
  self->framing = RELEASE_IPC_FRAMING_PLAIN;
  self->fds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, passed_fd_free);
}

/* Descriptor 0 becomes the channel, and /dev/null becomes descriptor 0, so that nobody reads from
 * the channel, or hands it on, by accident. */
static int
take_stdin (GError **error)
{
  struct stat info;
  int fd;
  int null_fd;
  int errsv;

  if (fstat (STDIN_FILENO, &info) < 0 || !S_ISSOCK (info.st_mode))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           _("Standard input is no socket: this program is to be started by "
                             "its master"));
      return -1;
    }

  fd = fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  if (fd >= 0 && null_fd >= 0 && dup2 (null_fd, STDIN_FILENO) >= 0)
    {
      release_io_close (&null_fd);
      return fd;
    }

  errsv = errno;
  release_io_close (&fd);
  release_io_close (&null_fd);
  release_set_error_from_errno (error, errsv, _("Cannot take the channel from standard input"));
  return -1;
}

/* What the master says in the environment is not for the slave's own children. */
static char *
take_variable (const char *name)
{
  char *value = g_strdup (g_getenv (name));

  g_unsetenv (name);
  return value;
}

static gboolean
take_framing (ReleaseSlave  *self,
              GError       **error)
{
  g_autofree char *value = take_variable ("RELEASE_IPC");
  g_autofree char *escaped = NULL;

  if (value == NULL || strcmp (value, "plain") == 0)
    return TRUE;
  if (strcmp (value, "multiplexed") == 0)
    {
      self->framing = RELEASE_IPC_FRAMING_MULTIPLEXED;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRAMING]);
      return TRUE;
    }

  escaped = release_escape (value, -1);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("The master speaks “%s” (RELEASE_IPC), which this slave does not know"), escaped);
  return FALSE;
}

static gboolean
take_fd (ReleaseSlave *self,
         const char   *item)
{
  const char *equals = strchr (item, '=');
  guint64 fd;
  int flags;

  if (equals == NULL || equals == item ||
      !g_ascii_string_to_unsigned (equals + 1, 10, STDERR_FILENO + 1, G_MAXINT, &fd, NULL))
    return FALSE;

  flags = fcntl (fd, F_GETFD);
  if (flags < 0 || fcntl (fd, F_SETFD, flags | FD_CLOEXEC) < 0)
    return FALSE;

  return g_hash_table_insert (self->fds, g_strndup (item, equals - item), GINT_TO_POINTER (fd));
}

static gboolean
take_fds (ReleaseSlave  *self,
          GError       **error)
{
  g_autofree char *value = take_variable ("RELEASE_FDS");
  g_auto(GStrv) items = g_strsplit (value != NULL ? value : "", ":", -1);

  for (gsize i = 0; items[i] != NULL; i++)
    {
      if (!take_fd (self, items[i]))
        {
          g_autofree char *escaped = release_escape (items[i], -1);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("RELEASE_FDS names no open descriptor with “%s”"), escaped);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
drop_privileges (ReleaseSlave  *self,
                 GError       **error)
{
  g_autoptr(ReleaseUser) user = NULL;

  if (self->user == NULL)
    return TRUE;

  self->exit_status = EX_CONFIG;
  user = release_user_lookup (self->user, error);
  if (user == NULL)
    return FALSE;

  self->exit_status = EX_NOPERM;
  return release_privileges_drop (user, NULL, error);
}

/* A slave that was dropped to its user before it was executed is to be as closed to other processes
 * of that user as one that drops its privileges by itself. */
static void
hide_if_dropped (void)
{
  if (prctl (PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL) == 1)
    prctl (PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
}

/* A master that died while the parent-death signal was cleared is missed by nobody else. */
static gboolean
check_master (int      fd,
              GError **error)
{
  struct pollfd poll_fd = { fd, POLLIN, 0 };

  if (poll (&poll_fd, 1, 0) > 0 && (poll_fd.revents & (POLLHUP | POLLERR)) != 0)
    {
      g_set_error_literal (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED,
                           _("The master is gone"));
      return FALSE;
    }

  return TRUE;
}

static void
channel_closed_cb (ReleaseIpcChannel *channel,
                   const GError      *reason,
                   ReleaseSlave      *self)
{
  if (reason != NULL && !g_error_matches (reason, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED))
    {
      g_message (_("The channel to the master has failed: %s"), reason->message);
      self->exit_status = EX_PROTOCOL;
    }

  release_slave_quit (self);
}

static void
signal_cb (int      signum,
           gpointer user_data)
{
  release_slave_quit (user_data);
}

/**
 * release_slave_new:
 * @user: (nullable): the name of the user that the slave becomes, which needs a
 *   privileged master; or %NULL to stay what it is
 * @codec: (nullable): how requests and responses become bytes, or %NULL for the
 *   string codec
 *
 * Makes a slave of this process; nothing happens until it is started. There
 * can be one in a process.
 *
 * Returns: (transfer full): a new #ReleaseSlave
 *
 * Since: 0.1
 */
ReleaseSlave *
release_slave_new (const char      *user,
                   ReleaseIpcCodec *codec)
{
  g_return_val_if_fail (codec == NULL || RELEASE_IS_IPC_CODEC (codec), NULL);

  return g_object_new (RELEASE_TYPE_SLAVE, "user", user, "codec", codec, NULL);
}

/**
 * release_slave_get_user:
 * @self: a #ReleaseSlave
 *
 * Gets #ReleaseSlave:user.
 *
 * Returns: (transfer none) (nullable): the name of the user, or %NULL
 *
 * Since: 0.1
 */
const char *
release_slave_get_user (ReleaseSlave *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE (self), NULL);

  return self->user;
}

/**
 * release_slave_get_codec:
 * @self: a #ReleaseSlave
 *
 * Gets #ReleaseSlave:codec.
 *
 * Returns: (transfer none): the codec
 *
 * Since: 0.1
 */
ReleaseIpcCodec *
release_slave_get_codec (ReleaseSlave *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE (self), NULL);

  return self->codec;
}

/**
 * release_slave_get_syslog:
 * @self: a #ReleaseSlave
 *
 * Gets #ReleaseSlave:syslog.
 *
 * Returns: whether log messages go to the system log
 *
 * Since: 0.1
 */
gboolean
release_slave_get_syslog (ReleaseSlave *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE (self), FALSE);

  return self->syslog;
}

/**
 * release_slave_set_syslog:
 * @self: a #ReleaseSlave
 * @syslog: whether log messages go to the system log
 *
 * Sets #ReleaseSlave:syslog. It is looked at when the slave starts, before it
 * drops its privileges.
 *
 * Since: 0.1
 */
void
release_slave_set_syslog (ReleaseSlave *self,
                          gboolean      syslog)
{
  g_return_if_fail (RELEASE_IS_SLAVE (self));

  if (self->syslog == (syslog != FALSE))
    return;

  self->syslog = syslog != FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SYSLOG]);
}

/**
 * release_slave_get_framing:
 * @self: a #ReleaseSlave
 *
 * Gets #ReleaseSlave:framing.
 *
 * Returns: the framing
 *
 * Since: 0.1
 */
ReleaseIpcFraming
release_slave_get_framing (ReleaseSlave *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE (self), RELEASE_IPC_FRAMING_PLAIN);

  return self->framing;
}

/**
 * release_slave_get_channel:
 * @self: a #ReleaseSlave
 *
 * Gets #ReleaseSlave:channel.
 *
 * Returns: (transfer none) (nullable): the channel, %NULL before the start
 *
 * Since: 0.1
 */
ReleaseIpcChannel *
release_slave_get_channel (ReleaseSlave *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE (self), NULL);

  return self->channel;
}

/**
 * release_slave_get_exit_status:
 * @self: a #ReleaseSlave
 *
 * Tells what the process should end with, once the slave has ended or its start
 * has failed.
 *
 * Returns: the exit status
 *
 * Since: 0.1
 */
int
release_slave_get_exit_status (ReleaseSlave *self)
{
  g_return_val_if_fail (RELEASE_IS_SLAVE (self), EX_SOFTWARE);

  return self->exit_status;
}

/**
 * release_slave_steal_fd:
 * @self: a #ReleaseSlave that has started
 * @name: what the master calls the descriptor, `control` for the socket of
 *   #ReleaseSlaveGroup:control
 *
 * Takes a descriptor that the master has passed. The caller closes it.
 *
 * Returns: the descriptor, or -1 if there is none of that name (any more)
 *
 * Since: 0.1
 */
int
release_slave_steal_fd (ReleaseSlave *self,
                        const char   *name)
{
  gpointer key;
  gpointer fd;

  g_return_val_if_fail (RELEASE_IS_SLAVE (self), -1);
  g_return_val_if_fail (name != NULL, -1);

  if (!g_hash_table_steal_extended (self->fds, name, &key, &fd))
    return -1;

  g_free (key);
  return GPOINTER_TO_INT (fd);
}

/**
 * release_slave_run:
 * @self: a #ReleaseSlave
 *
 * Runs the slave until `SIGTERM`, release_slave_quit() or the end of the master.
 * `SIGPIPE` is ignored meanwhile. A failure is logged. It never ends the process.
 *
 * Returns: the exit status for the process, see above
 *
 * Since: 0.1
 */
int
release_slave_run (ReleaseSlave *self)
{
  static const int taken[] = { SIGTERM };
  g_autoptr(ReleaseIoPoller) poller = NULL;
  g_autoptr(ReleaseSignals) term = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseSlave) alive = NULL;
  struct sigaction pipe_before;

  g_return_val_if_fail (RELEASE_IS_SLAVE (self), EX_SOFTWARE);
  g_return_val_if_fail (self->channel == NULL, EX_SOFTWARE);

  alive = g_object_ref (self);
  release_log_init ();
  release_signals_ignore_pipe (&pipe_before);
  poller = release_io_poller_ref_default ();
  self->exit_status = EX_OSERR;
  term = release_signals_new (poller, taken, G_N_ELEMENTS (taken), signal_cb, self, &error);
  if (term != NULL && release_slave_start (self, &error))
    {
      while (!self->ended)
        g_main_context_iteration (release_io_poller_get_context (poller), TRUE);
      release_ipc_channel_close (self->channel);
    }
  else
    {
      g_message (_("Cannot start: %s"), error->message);
    }
  release_signals_restore_pipe (&pipe_before);

  return self->exit_status;
}

/**
 * release_slave_quit:
 * @self: a #ReleaseSlave
 *
 * Makes release_slave_run() return soon.
 *
 * Since: 0.1
 */
void
release_slave_quit (ReleaseSlave *self)
{
  g_return_if_fail (RELEASE_IS_SLAVE (self));

  self->ended = TRUE;
}

/**
 * release_slave_start:
 * @self: a #ReleaseSlave
 * @error: return location for a #GError, or %NULL
 *
 * Sets the slave up, emits #ReleaseSlave::main and begins to dispatch messages,
 * for a program that runs its main loop itself. Such a program ends when
 * #ReleaseIpcChannel::closed of #ReleaseSlave:channel tells that the master is
 * gone.
 *
 * Fails with %G_IO_ERROR_NOT_CONNECTED if standard input is no socket,
 * %RELEASE_IPC_ERROR_CLOSED if the master is gone, %G_IO_ERROR_NOT_FOUND if
 * there is no such user, %G_IO_ERROR_PERMISSION_DENIED if a process that is not
 * root is to become another user, %G_IO_ERROR_NOT_SUPPORTED if one that has
 * threads is, and other errors of #GIOErrorEnum. After a failure the process
 * should end with release_slave_get_exit_status().
 *
 * Returns: %TRUE if the slave has started, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_slave_start (ReleaseSlave  *self,
                     GError       **error)
{
  int fd;

  g_return_val_if_fail (RELEASE_IS_SLAVE (self), FALSE);
  g_return_val_if_fail (self->channel == NULL, FALSE);

  hide_if_dropped ();
  self->exit_status = EX_USAGE;
  fd = take_stdin (error);
  if (fd < 0)
    return FALSE;

  if (self->syslog)
    release_log_set_target (RELEASE_LOG_TARGET_SYSLOG);
  if (take_framing (self, error) && take_fds (self, error) && drop_privileges (self, error))
    {
      self->exit_status = EX_OSERR;
      if (check_master (fd, error))
        self->channel = release_ipc_channel_new (fd, self->framing, self->codec, error);
    }
  if (self->channel == NULL)
    {
      release_io_close (&fd);
      return FALSE;
    }

  self->exit_status = EX_OK;
  release_ipc_channel_set_copy_memfds (self->channel, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHANNEL]);
  g_signal_connect (self->channel, "closed", G_CALLBACK (channel_closed_cb), self);
  g_signal_emit (self, signals[SIGNAL_MAIN], 0);
  release_ipc_channel_start (self->channel);

  return TRUE;
}
