/* release/process/release-simple.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/ipc/release-ipc-channel.h>

G_BEGIN_DECLS

/**
 * ReleaseIpcHandler: (skip)
 * @channel: a connection that has just been made
 * @user_data: what the function that runs it was given
 *
 * Takes a connection over, before any message on it is handled: the `handler`
 * of the OCaml library.
 *
 * Since: 0.1
 */
typedef void (*ReleaseIpcHandler) (ReleaseIpcChannel *channel,
                                   gpointer           user_data);

/**
 * ReleaseMasterMain: (skip)
 * @slaves: the slaves that run, which changes as they do
 * @user_data: #ReleaseMasterOptions.user_data
 *
 * Is called once everything runs.
 *
 * Since: 0.1
 */
typedef void (*ReleaseMasterMain) (GListModel *slaves,
                                   gpointer    user_data);

/**
 * ReleaseMasterOptions: (skip)
 * @background: whether the process becomes a daemon
 * @syslog: whether log messages go to the system log
 * @privileged: whether the master runs as root
 * @lock_file: (nullable): the path of the lock file
 * @control: (nullable): the path of the control socket
 * @control_handler: (nullable): takes the connections on it
 * @main: (nullable): called once everything runs
 * @user_data: passed to all handlers
 *
 * The optional arguments of release_master_slave() and release_master_slaves().
 * What is left out is %FALSE or %NULL:
 *
 * |[<!-- language="C" -->
 *   return release_master_slave ("/usr/libexec/hello-slave", on_slave,
 *                                &(ReleaseMasterOptions) {
 *                                  .background = TRUE,
 *                                  .lock_file = "/run/hello.pid",
 *                                });
 * ]|
 *
 * Since: 0.1
 */
typedef struct _ReleaseMasterOptions ReleaseMasterOptions;

struct _ReleaseMasterOptions
{
  gboolean           background;
  gboolean           syslog;
  gboolean           privileged;
  const char        *lock_file;
  const char        *control;
  ReleaseIpcHandler  control_handler;
  ReleaseMasterMain  main;
  gpointer           user_data;

  /*< private >*/
  gpointer           _reserved[4];
};

/**
 * ReleaseSlaveSpec: (skip)
 * @executable: (nullable): the path of the program; %NULL ends an array
 * @handler: (nullable): takes the connections with the slaves that run it
 * @n_slaves: how many slaves run it
 *
 * An element of the list that release_master_slaves() takes.
 *
 * Since: 0.1
 */
typedef struct _ReleaseSlaveSpec ReleaseSlaveSpec;

struct _ReleaseSlaveSpec
{
  const char        *executable;
  ReleaseIpcHandler  handler;
  guint              n_slaves;
};

RELEASE_AVAILABLE_IN_ALL
int release_master_slave  (const char                 *executable,
                           ReleaseIpcHandler           handler,
                           const ReleaseMasterOptions *options);
RELEASE_AVAILABLE_IN_ALL
int release_master_slaves (const ReleaseSlaveSpec     *slaves,
                           const ReleaseMasterOptions *options);
RELEASE_AVAILABLE_IN_ALL
int release_me            (gboolean                    syslog,
                           const char                 *user,
                           ReleaseIpcHandler           main,
                           gpointer                    user_data);

G_END_DECLS
