/* release/base/release-error-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean  release_set_error_from_errno (GError     **error,
                                        int          errsv,
                                        const char  *format,
                                        ...) G_GNUC_PRINTF (3, 4);
char     *release_escape               (const void  *data,
                                        gssize       length);

G_END_DECLS
