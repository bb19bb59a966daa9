/* release/process/release-daemonize-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/process/release-daemonize.h"

G_BEGIN_DECLS

/* Names the descriptor of the verdict socket, and behind a colon the directory where it was launched,
 * to a program that releasectl daemonize executes. */
#define RELEASE_DAEMONIZE_VARIABLE "RELEASE_DAEMONIZE"

gboolean  release_daemonize_is_awaited         (void);
char     *release_daemonize_dup_folder         (void);
gboolean  release_daemonize_pass_on            (const char  *folder,
                                                GError     **error);
void      release_daemonize_expect_exec        (void);

gboolean  release_daemonize_open_standard_fds  (GError **error);

G_END_DECLS
