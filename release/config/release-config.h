/* release/config/release-config.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/config/release-config-spec.h>
#include <release/config/release-config-value.h>

G_BEGIN_DECLS

/**
 * ReleaseConfigOrigin:
 * @RELEASE_CONFIG_ORIGIN_NONE: there is no value
 * @RELEASE_CONFIG_ORIGIN_DEFAULT: the specification
 * @RELEASE_CONFIG_ORIGIN_FILE: a text: a file, bytes or a stream
 * @RELEASE_CONFIG_ORIGIN_KEY_FILE: a #GKeyFile
 * @RELEASE_CONFIG_ORIGIN_COMMAND_LINE: release_config_override(), or an option of
 *   the command line
 * @RELEASE_CONFIG_ORIGIN_PROGRAM: release_config_set_value()
 *
 * Where a value comes from.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_CONFIG_ORIGIN_NONE,
  RELEASE_CONFIG_ORIGIN_DEFAULT,
  RELEASE_CONFIG_ORIGIN_FILE,
  RELEASE_CONFIG_ORIGIN_KEY_FILE,
  RELEASE_CONFIG_ORIGIN_COMMAND_LINE,
  RELEASE_CONFIG_ORIGIN_PROGRAM,
} ReleaseConfigOrigin;

#define RELEASE_TYPE_CONFIG_ORIGIN (release_config_origin_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType                release_config_origin_get_type  (void);

#define RELEASE_TYPE_CONFIG (release_config_get_type ())

/**
 * ReleaseConfig:
 *
 * A configuration.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseConfig, release_config, RELEASE, CONFIG, GObject)

/**
 * ReleaseConfigForeachFunc:
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 * @value: its value
 * @user_data: (closure): what was given with the function
 *
 * Gets each value of a configuration.
 *
 * Since: 0.1
 */
typedef void (*ReleaseConfigForeachFunc) (const char         *section,
                                          const char         *key,
                                          ReleaseConfigValue *value,
                                          gpointer            user_data);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfig        *release_config_new              (ReleaseConfigSpec *spec);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigSpec    *release_config_get_spec         (ReleaseConfig *self);

RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_load_file        (ReleaseConfig  *self,
                                                       const char     *path,
                                                       GError        **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_load_bytes       (ReleaseConfig  *self,
                                                       GBytes         *bytes,
                                                       const char     *name,
                                                       GError        **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_load_stream      (ReleaseConfig  *self,
                                                       GInputStream   *stream,
                                                       const char     *name,
                                                       GCancellable   *cancellable,
                                                       GError        **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_load_key_file    (ReleaseConfig  *self,
                                                       GKeyFile       *key_file,
                                                       const char     *name,
                                                       GError        **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_reload           (ReleaseConfig  *self,
                                                       GError        **error);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_watch            (ReleaseConfig  *self,
                                                       GError        **error);
RELEASE_AVAILABLE_IN_ALL
void                  release_config_unwatch          (ReleaseConfig *self);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_get_path         (ReleaseConfig *self);
RELEASE_AVAILABLE_IN_ALL
GPtrArray            *release_config_dup_problems     (ReleaseConfig *self);

RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_override         (ReleaseConfig  *self,
                                                       const char     *section,
                                                       const char     *key,
                                                       const char     *text,
                                                       GError        **error);
RELEASE_AVAILABLE_IN_ALL
GOptionGroup         *release_config_get_option_group (ReleaseConfig *self);

RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_set_value        (ReleaseConfig       *self,
                                                       const char          *section,
                                                       const char          *key,
                                                       ReleaseConfigValue  *value,
                                                       GError             **error);
RELEASE_AVAILABLE_IN_ALL
GKeyFile             *release_config_to_key_file      (ReleaseConfig *self);
RELEASE_AVAILABLE_IN_ALL
GBytes               *release_config_to_bytes         (ReleaseConfig *self);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_save             (ReleaseConfig  *self,
                                                       const char     *path,
                                                       GError        **error);

RELEASE_AVAILABLE_IN_ALL
void                  release_config_foreach          (ReleaseConfig            *self,
                                                       ReleaseConfigForeachFunc  func,
                                                       gpointer                  user_data);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigOrigin   release_config_get_origin       (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key,
                                                       guint         *line,
                                                       guint         *column);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_get_value        (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_get_bool         (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
gint64                release_config_get_int          (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
double                release_config_get_float        (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_get_text         (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_get_file         (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
GBytes               *release_config_get_bytes        (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
GRegex               *release_config_get_regexp       (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_get_keyword      (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
GLogLevelFlags        release_config_get_log_level    (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
gboolean             *release_config_get_bool_list    (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key,
                                                       gsize         *n_values);
RELEASE_AVAILABLE_IN_ALL
gint64               *release_config_get_int_list     (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key,
                                                       gsize         *n_values);
RELEASE_AVAILABLE_IN_ALL
double               *release_config_get_float_list   (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key,
                                                       gsize         *n_values);
RELEASE_AVAILABLE_IN_ALL
char                **release_config_get_text_list    (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);
RELEASE_AVAILABLE_IN_ALL
char                **release_config_get_keyword_list (ReleaseConfig *self,
                                                       const char    *section,
                                                       const char    *key);

G_END_DECLS
