/* release/process/release-slave-group-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/process/release-privileges-private.h"
#include "release/process/release-slave-group.h"

G_BEGIN_DECLS

char      **release_slave_group_build_environment (ReleaseSlaveGroup    *self,
                                                   const ReleaseUser    *user);

void        release_slave_group_adopt             (ReleaseSlaveGroup    *self,
                                                   ReleaseSlaveProcess  *slave);
void        release_slave_group_forget            (ReleaseSlaveGroup    *self,
                                                   ReleaseSlaveProcess  *slave);
GPtrArray  *release_slave_group_copy_slaves       (ReleaseSlaveGroup    *self);

G_END_DECLS
