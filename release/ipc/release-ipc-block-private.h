/* release/ipc/release-ipc-block-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory for a message. That of large ones comes and goes all the time; given back to the system,
 * every page of it would be mapped and cleared anew for the next. So some large blocks are kept, in
 * a bounded stack that all threads share: what was freed last, and is still in the cache, is
 * taken first. */
gpointer  release_ipc_block_new           (gsize     size);
gpointer  release_ipc_block_grow          (gpointer  block,
                                           gsize     used,
                                           gsize     size);
gsize     release_ipc_block_get_capacity  (gpointer  block);
void      release_ipc_block_free          (gpointer  block);

G_END_DECLS
