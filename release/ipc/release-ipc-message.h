/* release/ipc/release-ipc-message.h
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

#define RELEASE_TYPE_IPC_MESSAGE (release_ipc_message_get_type ())

/**
 * ReleaseIpcMessage:
 *
 * A message that has arrived, and its value.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseIpcMessage, release_ipc_message, RELEASE, IPC_MESSAGE, GObject)

RELEASE_AVAILABLE_IN_ALL
GBytes       *release_ipc_message_get_bytes  (ReleaseIpcMessage *self);
RELEASE_AVAILABLE_IN_ALL
const GValue *release_ipc_message_get_value  (ReleaseIpcMessage *self);
RELEASE_AVAILABLE_IN_ALL
void          release_ipc_message_set_value  (ReleaseIpcMessage *self,
                                              const GValue      *value);
RELEASE_AVAILABLE_IN_ALL
const char   *release_ipc_message_get_string (ReleaseIpcMessage *self);

G_END_DECLS
