/* release/config/release-config-text.h
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
 * RELEASE_CONFIG_GLOBAL_GROUP:
 *
 * The group of a #GKeyFile that holds the global keys. No section can have its
 * name.
 *
 * Since: 0.1
 */
#define RELEASE_CONFIG_GLOBAL_GROUP "#global"

#define RELEASE_TYPE_CONFIG_TEXT (release_config_text_get_type ())

/**
 * ReleaseConfigText:
 *
 * The text of a configuration: what is in it, and where.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseConfigText, release_config_text, RELEASE, CONFIG_TEXT, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigText  *release_config_text_new          (GBytes             *bytes,
                                                      const char         *name);
RELEASE_AVAILABLE_IN_ALL
gboolean            release_config_text_check        (ReleaseConfigText  *self,
                                                      GError            **error);
RELEASE_AVAILABLE_IN_ALL
GPtrArray          *release_config_text_dup_problems (ReleaseConfigText  *self);
RELEASE_AVAILABLE_IN_ALL
GKeyFile           *release_config_text_get_key_file (ReleaseConfigText  *self);
RELEASE_AVAILABLE_IN_ALL
gboolean            release_config_text_locate       (ReleaseConfigText  *self,
                                                      const char         *section,
                                                      const char         *key,
                                                      guint              *line,
                                                      guint              *column);
RELEASE_AVAILABLE_IN_ALL
GBytes             *release_config_text_update       (ReleaseConfigText  *self,
                                                      GKeyFile           *key_file);

G_END_DECLS
