/* release/process/release-limits-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <sys/resource.h>

G_BEGIN_DECLS

gboolean  release_limits_raise    (struct rlimit        *before,
                                   GError              **error);
void      release_limits_restore  (const struct rlimit  *before);

G_END_DECLS
