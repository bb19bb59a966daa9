/* release/process/release-slave.h
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

#define RELEASE_TYPE_SLAVE (release_slave_get_type ())

/**
 * ReleaseSlave:
 *
 * A slave's view of itself.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseSlave, release_slave, RELEASE, SLAVE, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseSlave       *release_slave_new             (const char       *user,
                                                   ReleaseIpcCodec  *codec);

RELEASE_AVAILABLE_IN_ALL
const char         *release_slave_get_user        (ReleaseSlave     *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec    *release_slave_get_codec       (ReleaseSlave     *self);
RELEASE_AVAILABLE_IN_ALL
gboolean            release_slave_get_syslog      (ReleaseSlave     *self);
RELEASE_AVAILABLE_IN_ALL
void                release_slave_set_syslog      (ReleaseSlave     *self,
                                                   gboolean          syslog);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcFraming   release_slave_get_framing     (ReleaseSlave     *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcChannel  *release_slave_get_channel     (ReleaseSlave     *self);
RELEASE_AVAILABLE_IN_ALL
int                 release_slave_get_exit_status (ReleaseSlave     *self);

RELEASE_AVAILABLE_IN_ALL
int                 release_slave_steal_fd        (ReleaseSlave     *self,
                                                   const char       *name);
RELEASE_AVAILABLE_IN_ALL
int                 release_slave_run             (ReleaseSlave     *self);
RELEASE_AVAILABLE_IN_ALL
void                release_slave_quit            (ReleaseSlave     *self);
RELEASE_AVAILABLE_IN_ALL
gboolean            release_slave_start           (ReleaseSlave     *self,
                                                   GError          **error);

G_END_DECLS
