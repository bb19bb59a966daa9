/* release/io/release-io-fd-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  release_io_close            (int       *fd);
void  release_io_close_elsewhere  (const int *fds,
                                   guint      n_fds);

G_END_DECLS
