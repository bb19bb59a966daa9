/* release/io/release-lock-file-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/io/release-lock-file.h"

G_BEGIN_DECLS

ReleaseLockFile *release_lock_file_new_private (const char *path);

G_END_DECLS
