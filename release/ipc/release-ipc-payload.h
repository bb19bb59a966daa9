/* release/ipc/release-ipc-payload.h
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

/**
 * RELEASE_IPC_PAYLOAD_MEMFD_MIN:
 *
 * The least bytes that travel as a descriptor, 64 KiB: fewer are copied faster
 * than they are mapped.
 *
 * Since: 0.1
 */
#define RELEASE_IPC_PAYLOAD_MEMFD_MIN 65536

RELEASE_AVAILABLE_IN_ALL
GBytes *release_ipc_payload_new_memfd     (gconstpointer   data,
                                           gsize           size,
                                           GError        **error);
RELEASE_AVAILABLE_IN_ALL
GBytes *release_ipc_payload_new_for_memfd (int             fd,
                                           GError        **error);

G_END_DECLS
