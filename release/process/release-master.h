/* release/process/release-master.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/ipc/release-ipc-server.h>
#include <release/process/release-slave-group.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_MASTER (release_master_get_type ())

/**
 * ReleaseMaster:
 *
 * A master process.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseMaster, release_master, RELEASE, MASTER, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseMaster     *release_master_new                 (const char           *lock_file);

RELEASE_AVAILABLE_IN_ALL
const char        *release_master_get_lock_file       (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
const char        *release_master_get_control         (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_control         (ReleaseMaster        *self,
                                                       const char           *control);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcCodec   *release_master_get_control_codec   (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_control_codec   (ReleaseMaster        *self,
                                                       ReleaseIpcCodec      *codec);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcServer  *release_master_get_control_server  (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_control_server  (ReleaseMaster        *self,
                                                       ReleaseIpcServer     *server);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_master_get_background      (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_background      (ReleaseMaster        *self,
                                                       gboolean              background);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_master_get_syslog          (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_syslog          (ReleaseMaster        *self,
                                                       gboolean              syslog);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_master_get_privileged      (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_privileged      (ReleaseMaster        *self,
                                                       gboolean              privileged);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_master_get_handle_signals  (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_handle_signals  (ReleaseMaster        *self,
                                                       gboolean              handle_signals);
RELEASE_AVAILABLE_IN_ALL
int                release_master_get_grace_timeout   (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
void               release_master_set_grace_timeout   (ReleaseMaster        *self,
                                                       int                   timeout_msec);
RELEASE_AVAILABLE_IN_ALL
GListModel        *release_master_get_slaves          (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_master_is_running          (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
int                release_master_get_exit_status     (ReleaseMaster        *self);

RELEASE_AVAILABLE_IN_ALL
void               release_master_add_group           (ReleaseMaster        *self,
                                                       ReleaseSlaveGroup    *group);
RELEASE_AVAILABLE_IN_ALL
GPtrArray         *release_master_broadcast           (ReleaseMaster        *self,
                                                       const GValue         *value);
RELEASE_AVAILABLE_IN_ALL
GPtrArray         *release_master_broadcast_bytes     (ReleaseMaster        *self,
                                                       GBytes               *bytes);
RELEASE_AVAILABLE_IN_ALL
GPtrArray         *release_master_broadcast_string    (ReleaseMaster        *self,
                                                       const char           *text);

RELEASE_AVAILABLE_IN_ALL
int                release_master_run                 (ReleaseMaster        *self);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_master_start               (ReleaseMaster        *self,
                                                       GError              **error);
RELEASE_AVAILABLE_IN_ALL
void               release_master_stop_async          (ReleaseMaster        *self,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
RELEASE_AVAILABLE_IN_ALL
gboolean           release_master_stop_finish         (ReleaseMaster        *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);

G_END_DECLS
