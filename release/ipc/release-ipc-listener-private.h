/* release/ipc/release-ipc-listener-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A listening Unix socket and its lock file, from the bind to the removal of both. */
typedef struct _ReleaseIpcListener ReleaseIpcListener;

ReleaseIpcListener *release_ipc_listener_new            (const char          *path,
                                                         guint                mode,
                                                         int                  backlog,
                                                         GError             **error);
void                release_ipc_listener_free           (ReleaseIpcListener  *self);
int                 release_ipc_listener_get_fd         (ReleaseIpcListener  *self);
char               *release_ipc_listener_make_absolute  (const char          *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseIpcListener, release_ipc_listener_free)

G_END_DECLS
