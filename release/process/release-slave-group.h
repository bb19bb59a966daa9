/* release/process/release-slave-group.h
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
#include <release/ipc/release-ipc-codec.h>
#include <release/ipc/release-ipc-protocol.h>
#include <release/process/release-receipt.h>
#include <release/process/release-slave-process.h>

G_BEGIN_DECLS

/**
 * ReleaseEnvironmentPolicy:
 * @RELEASE_ENVIRONMENT_INHERIT: slaves get the environment of the master
 * @RELEASE_ENVIRONMENT_KEEP: slaves get those variables of the master that
 *   #ReleaseSlaveGroup:kept-variables names
 *
 * What slaves get of the environment of their master. With either policy they
 * get what release_slave_group_setenv() sets, and never what was meant for the
 * master alone: `NOTIFY_SOCKET`, `LISTEN_PID`, `LISTEN_FDS`, `LISTEN_FDNAMES`,
 * `WATCHDOG_USEC`, `WATCHDOG_PID`, `RELEASE_EXEC` and `RELEASE_DAEMONIZE`.
 *
 * In a group with a #ReleaseSlaveGroup:user, `HOME`, `USER` and `LOGNAME` are
 * those of that user with either policy, unless they are set.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_ENVIRONMENT_INHERIT,
  RELEASE_ENVIRONMENT_KEEP,
} ReleaseEnvironmentPolicy;

#define RELEASE_TYPE_ENVIRONMENT_POLICY (release_environment_policy_get_type ())
#define RELEASE_TYPE_SLAVE_GROUP (release_slave_group_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType release_environment_policy_get_type (void);

/**
 * ReleaseSlaveGroup:
 *
 * Slaves that run the same program.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseSlaveGroup, release_slave_group, RELEASE, SLAVE_GROUP, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseSlaveGroup *
release_slave_group_new (const char *const *argv,
                         guint              n_slaves,
                         ReleaseIpcCodec   *codec);
RELEASE_AVAILABLE_IN_ALL
const char *
release_slave_group_get_name (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_set_name (ReleaseSlaveGroup *self,
                              const char        *name);
RELEASE_AVAILABLE_IN_ALL
const char *const *
release_slave_group_get_argv (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
guint
release_slave_group_get_n_slaves (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec *
release_slave_group_get_codec (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcFraming
release_slave_group_get_framing (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_set_framing (ReleaseSlaveGroup *self,
                                 ReleaseIpcFraming  framing);
RELEASE_AVAILABLE_IN_ALL
guint
release_slave_group_get_max_message_size (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_set_max_message_size (ReleaseSlaveGroup *self,
                                          guint              max_message_size);
RELEASE_AVAILABLE_IN_ALL
const char *
release_slave_group_get_user (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_set_user (ReleaseSlaveGroup *self,
                              const char        *user);
RELEASE_AVAILABLE_IN_ALL
const char *
release_slave_group_get_control (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_set_control (ReleaseSlaveGroup *self,
                                 const char        *control);
RELEASE_AVAILABLE_IN_ALL
ReleaseEnvironmentPolicy
release_slave_group_get_environment_policy (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_set_environment_policy (ReleaseSlaveGroup       *self,
                                            ReleaseEnvironmentPolicy policy);
RELEASE_AVAILABLE_IN_ALL
const char *const *
release_slave_group_get_kept_variables (ReleaseSlaveGroup *self);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_set_kept_variables (ReleaseSlaveGroup *self,
                                        const char *const *names);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_setenv (ReleaseSlaveGroup *self,
                            const char        *variable,
                            const char        *value);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_serve (ReleaseSlaveGroup  *self,
                           ReleaseIpcServeFunc func,
                           gpointer            user_data,
                           GDestroyNotify      destroy);
RELEASE_AVAILABLE_IN_ALL
void
release_slave_group_serve_protocol (ReleaseSlaveGroup        *self,
                                    const ReleaseIpcProtocol *protocol,
                                    ReleaseIpcProtocolFunc    func,
                                    gpointer                  user_data,
                                    GDestroyNotify            destroy);
RELEASE_AVAILABLE_IN_ALL
GPtrArray *
release_slave_group_broadcast (ReleaseSlaveGroup *self,
                               const GValue      *value);
RELEASE_AVAILABLE_IN_ALL
GPtrArray *
release_slave_group_broadcast_bytes (ReleaseSlaveGroup *self,
                                     GBytes            *bytes);
RELEASE_AVAILABLE_IN_ALL
GPtrArray *
release_slave_group_broadcast_string (ReleaseSlaveGroup *self,
                                      const char        *text);

G_END_DECLS
