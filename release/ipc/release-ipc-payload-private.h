/* release/ipc/release-ipc-payload-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/ipc/release-ipc-payload.h"

#include <fcntl.h>

G_BEGIN_DECLS

/* What keeps a memfd as it is: nobody can write to it, shorten it or lengthen it any more. */
#define RELEASE_IPC_PAYLOAD_SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

int       release_ipc_payload_find_memfd   (gconstpointer   data,
                                            gsize           size);
gboolean  release_ipc_payload_is_on_tmpfs  (int             fd);
gpointer  release_ipc_payload_map          (int             fd,
                                            gsize           size,
                                            GError        **error);

G_END_DECLS
