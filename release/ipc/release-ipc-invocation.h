/* release/ipc/release-ipc-invocation.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>

G_BEGIN_DECLS

#define RELEASE_TYPE_IPC_INVOCATION (release_ipc_invocation_get_type ())

/**
 * ReleaseIpcInvocation:
 *
 * A request that is being answered.
 *
 * Since: 0.1
 */
typedef struct _ReleaseIpcInvocation ReleaseIpcInvocation;
typedef struct _ReleaseIpcChannel ReleaseIpcChannel;

RELEASE_AVAILABLE_IN_ALL
GType                 release_ipc_invocation_get_type             (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseIpcInvocation *release_ipc_invocation_ref                  (ReleaseIpcInvocation  *self);
RELEASE_AVAILABLE_IN_ALL
void                  release_ipc_invocation_unref                (ReleaseIpcInvocation  *self);

RELEASE_AVAILABLE_IN_ALL
ReleaseIpcChannel    *release_ipc_invocation_get_channel          (ReleaseIpcInvocation  *self);
RELEASE_AVAILABLE_IN_ALL
GCredentials         *release_ipc_invocation_get_peer_credentials (ReleaseIpcInvocation  *self);
RELEASE_AVAILABLE_IN_ALL
GCancellable         *release_ipc_invocation_get_cancellable      (ReleaseIpcInvocation  *self);
RELEASE_AVAILABLE_IN_ALL
const GValue         *release_ipc_invocation_get_value            (ReleaseIpcInvocation  *self);
RELEASE_AVAILABLE_IN_ALL
GBytes               *release_ipc_invocation_get_bytes            (ReleaseIpcInvocation  *self);
RELEASE_AVAILABLE_IN_ALL
const char           *release_ipc_invocation_get_string           (ReleaseIpcInvocation  *self);
RELEASE_AVAILABLE_IN_ALL
gconstpointer         release_ipc_invocation_get_data             (ReleaseIpcInvocation  *self,
                                                                   gsize                 *length);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_ipc_invocation_is_answered          (ReleaseIpcInvocation  *self);

RELEASE_AVAILABLE_IN_ALL
gboolean              release_ipc_invocation_return_value         (ReleaseIpcInvocation  *self,
                                                                   const GValue          *value,
                                                                   GError               **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_ipc_invocation_return_bytes         (ReleaseIpcInvocation  *self,
                                                                   GBytes                *bytes,
                                                                   GError               **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_ipc_invocation_return_string        (ReleaseIpcInvocation  *self,
                                                                   const char            *text,
                                                                   GError               **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_ipc_invocation_return_data          (ReleaseIpcInvocation  *self,
                                                                   gconstpointer          data,
                                                                   gsize                  length,
                                                                   GError               **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_ipc_invocation_return_error         (ReleaseIpcInvocation  *self,
                                                                   const GError          *failure,
                                                                   GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseIpcInvocation, release_ipc_invocation_unref)

G_END_DECLS
