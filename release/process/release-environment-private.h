/* release/process/release-environment-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **release_environment_build (const char *const *inherited,
                                  const char *const *kept,
                                  const char *const *set);

G_END_DECLS
