/* release/process/release-slave-process-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/process/release-slave-process.h"
#include "release/process/release-spawn-private.h"

G_BEGIN_DECLS

ReleaseSlaveProcess *release_slave_process_new         (ReleaseSlaveGroup    *group,
                                                        guint                 number,
                                                        ReleaseSpawn         *spawn,
                                                        int                  *channel_fd);
ReleaseSpawn        *release_slave_process_get_spawn   (ReleaseSlaveProcess  *self);
gboolean             release_slave_process_open        (ReleaseSlaveProcess  *self,
                                                        GError              **error);
void                 release_slave_process_set_state   (ReleaseSlaveProcess  *self,
                                                        ReleaseSlaveState     state);
void                 release_slave_process_end         (ReleaseSlaveProcess  *self);

G_END_DECLS
