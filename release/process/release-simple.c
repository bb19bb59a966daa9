/* release/process/release-simple.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-simple.h"

#include "release/process/release-master.h"
#include "release/process/release-slave.h"

/**
 * SECTION:release-simple
 * @title: One call
 * @short_description: a whole master, or a whole slave, in one call
 *
 * These are the functions of the OCaml library, for C: release_master_slave()
 * and release_master_slaves() run a #ReleaseMaster, release_me() runs a
 * #ReleaseSlave, each until its end, and return the exit status for the process.
 *
 * |[<!-- language="C" -->
 *   static const ReleaseSlaveSpec slaves[] = {
 *     { "/usr/libexec/mailer-receiver", on_receiver, 4 },
 *     { "/usr/libexec/mailer-sender", on_sender, 1 },
 *     { NULL }
 *   };
 *
 *   return release_master_slaves (slaves, &(ReleaseMasterOptions) {
 *                                   .privileged = TRUE,
 *                                   .lock_file = "/run/mailer.pid",
 *                                 });
 * ]|
 */

typedef struct
{
  ReleaseIpcHandler handler;
  gpointer          user_data;
} Connection;

static void
slave_connected_cb (ReleaseSlaveGroup   *group,
                    ReleaseSlaveProcess *slave,
                    ReleaseIpcChannel   *channel,
                    Connection          *connection)
{
  connection->handler (channel, connection->user_data);
}

static void
control_connected_cb (ReleaseMaster              *master,
                      ReleaseIpcChannel          *channel,
                      const ReleaseMasterOptions *options)
{
  options->control_handler (channel, options->user_data);
}

static void
master_main_cb (ReleaseMaster              *master,
                const ReleaseMasterOptions *options)
{
  options->main (release_master_get_slaves (master), options->user_data);
}

static void
slave_main_cb (ReleaseSlave *slave,
               Connection   *connection)
{
  connection->handler (release_slave_get_channel (slave), connection->user_data);
}

/**
 * release_master_slave: (skip)
 * @executable: the path of the slave's program
 * @handler: (nullable): takes the connection with the slave
 * @options: (nullable): everything else, or %NULL
 *
 * Runs a master with one slave.
 *
 * Returns: the exit status of release_master_run()
 *
 * Since: 0.1
 */
int
release_master_slave (const char                 *executable,
                      ReleaseIpcHandler           handler,
                      const ReleaseMasterOptions *options)
{
  const ReleaseSlaveSpec slaves[] = { { executable, handler, 1 }, { NULL } };

  return release_master_slaves (slaves, options);
}

/**
 * release_master_slaves: (skip)
 * @slaves: the programs of the slaves, ended by one whose
 *   #ReleaseSlaveSpec.executable is %NULL
 * @options: (nullable): everything else, or %NULL
 *
 * Runs a master with slaves of any number of programs.
 *
 * Returns: the exit status of release_master_run()
 *
 * Since: 0.1
 */
int
release_master_slaves (const ReleaseSlaveSpec     *slaves,
                       const ReleaseMasterOptions *options)
{
  static const ReleaseMasterOptions no_options = { FALSE };
  g_autoptr(ReleaseMaster) master = NULL;

  g_return_val_if_fail (slaves != NULL, 64);

  if (options == NULL)
    options = &no_options;

  master = release_master_new (options->lock_file);
  release_master_set_background (master, options->background);
  release_master_set_syslog (master, options->syslog);
  release_master_set_privileged (master, options->privileged);
  release_master_set_control (master, options->control);
  if (options->control_handler != NULL)
    g_signal_connect (master, "control-connected", G_CALLBACK (control_connected_cb),
                      (gpointer) options);
  if (options->main != NULL)
    g_signal_connect (master, "main", G_CALLBACK (master_main_cb), (gpointer) options);

  for (; slaves->executable != NULL; slaves++)
    {
      const char *argv[] = { slaves->executable, NULL };
      g_autoptr(ReleaseSlaveGroup) group = release_slave_group_new (argv, slaves->n_slaves, NULL);

      if (slaves->handler != NULL)
        {
          Connection *connection = g_new (Connection, 1);

          connection->handler = slaves->handler;
          connection->user_data = options->user_data;
          g_signal_connect_data (group, "connected", G_CALLBACK (slave_connected_cb), connection,
                                 (GClosureNotify) g_free, 0);
        }
      release_master_add_group (master, group);
    }

  return release_master_run (master);
}

/**
 * release_me: (skip)
 * @syslog: whether log messages go to the system log
 * @user: (nullable): the user that the process becomes, which needs a privileged
 *   master; or %NULL
 * @main: takes the connection with the master
 * @user_data: passed to @main
 *
 * Runs a slave: takes the channel from standard input, drops privileges, calls
 * @main.
 *
 * Returns: the exit status of release_slave_run()
 *
 * Since: 0.1
 */
int
release_me (gboolean           syslog,
            const char        *user,
            ReleaseIpcHandler  main,
            gpointer           user_data)
{
  g_autoptr(ReleaseSlave) slave = release_slave_new (user, NULL);
  Connection connection = { main, user_data };

  g_return_val_if_fail (main != NULL, 64);

  release_slave_set_syslog (slave, syslog);
  g_signal_connect (slave, "main", G_CALLBACK (slave_main_cb), &connection);

  return release_slave_run (slave);
}
