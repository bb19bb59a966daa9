/* release/process/release-slave-process.h
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
 * ReleaseSlaveState:
 * @RELEASE_SLAVE_STATE_STARTING: the process has not executed its program yet
 * @RELEASE_SLAVE_STATE_READY: the program was executed
 * @RELEASE_SLAVE_STATE_RUNNING: #ReleaseSlaveGroup::connected was emitted, messages are dispatched
 * @RELEASE_SLAVE_STATE_STOPPING: the process was asked to end
 * @RELEASE_SLAVE_STATE_DEAD: the process has ended
 *
 * Where a slave is in its life. It only goes forward: a slave that dies is
 * followed by another #ReleaseSlaveProcess.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_SLAVE_STATE_STARTING,
  RELEASE_SLAVE_STATE_READY,
  RELEASE_SLAVE_STATE_RUNNING,
  RELEASE_SLAVE_STATE_STOPPING,
  RELEASE_SLAVE_STATE_DEAD,
} ReleaseSlaveState;

#define RELEASE_TYPE_SLAVE_STATE (release_slave_state_get_type ())
#define RELEASE_TYPE_SLAVE_PROCESS (release_slave_process_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType release_slave_state_get_type (void);

/**
 * ReleaseSlaveProcess:
 *
 * A master's view of one slave.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseSlaveProcess, release_slave_process, RELEASE, SLAVE_PROCESS, GObject)

typedef struct _ReleaseSlaveGroup ReleaseSlaveGroup;

RELEASE_AVAILABLE_IN_ALL
ReleaseSlaveGroup *release_slave_process_get_group   (ReleaseSlaveProcess  *self);
RELEASE_AVAILABLE_IN_ALL
guint              release_slave_process_get_number  (ReleaseSlaveProcess  *self);
RELEASE_AVAILABLE_IN_ALL
int                release_slave_process_get_pid     (ReleaseSlaveProcess  *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcChannel *release_slave_process_get_channel (ReleaseSlaveProcess  *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseSlaveState  release_slave_process_get_state   (ReleaseSlaveProcess  *self);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_slave_process_signal      (ReleaseSlaveProcess  *self,
                                                      int                   signum,
                                                      GError              **error);

G_END_DECLS
