/* release/config/release-config-value.h
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
 * ReleaseConfigKind:
 * @RELEASE_CONFIG_KIND_INT: an integer of 64 bits, as `-5`
 * @RELEASE_CONFIG_KIND_FLOAT: a floating point number, as `0.5` or `.5`
 * @RELEASE_CONFIG_KIND_STRING: bytes, as `"some text\n"`
 * @RELEASE_CONFIG_KIND_BOOL: `true` or `false`
 * @RELEASE_CONFIG_KIND_REGEXP: a regular expression, as `/^[a-z]+$/`
 * @RELEASE_CONFIG_KIND_KEYWORD: a bare word, as `debug`
 * @RELEASE_CONFIG_KIND_LIST: a list of those, as `[1, 2]`
 *
 * The type of a value.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_CONFIG_KIND_INT,
  RELEASE_CONFIG_KIND_FLOAT,
  RELEASE_CONFIG_KIND_STRING,
  RELEASE_CONFIG_KIND_BOOL,
  RELEASE_CONFIG_KIND_REGEXP,
  RELEASE_CONFIG_KIND_KEYWORD,
  RELEASE_CONFIG_KIND_LIST,
} ReleaseConfigKind;

#define RELEASE_TYPE_CONFIG_KIND (release_config_kind_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType  release_config_kind_get_type  (void);

/**
 * ReleaseConfigValue:
 *
 * A value of a configuration. It never changes.
 *
 * Since: 0.1
 */
typedef struct _ReleaseConfigValue ReleaseConfigValue;

#define RELEASE_TYPE_CONFIG_VALUE (release_config_value_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType                 release_config_value_get_type         (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_bool         (gboolean             value);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_int          (gint64               value);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_float        (double               value);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_string       (const char          *value);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_bytes        (GBytes              *value);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_regexp       (const char          *pattern,
                                                             GError             **error);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_keyword      (const char          *value);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_log_level    (GLogLevelFlags       level);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_bool_list    (const gboolean      *values,
                                                             gsize                n_values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_int_list     (const gint64        *values,
                                                             gsize                n_values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_float_list   (const double        *values,
                                                             gsize                n_values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_string_list  (const char * const  *values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_keyword_list (const char * const  *values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_new_list         (ReleaseConfigValue **values,
                                                             gsize                n_values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_parse            (const char          *text,
                                                             GError             **error);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_ref              (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
void                  release_config_value_unref            (ReleaseConfigValue  *self);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigKind     release_config_value_get_kind         (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_value_equal            (ReleaseConfigValue  *self,
                                                             ReleaseConfigValue  *other);
RELEASE_AVAILABLE_IN_ALL
char                 *release_config_value_print            (ReleaseConfigValue  *self);

RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_value_to_bool          (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
gint64                release_config_value_to_int           (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
double                release_config_value_to_float         (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_value_to_text          (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_value_to_path          (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
GBytes               *release_config_value_to_bytes         (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
GRegex               *release_config_value_to_regexp        (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_value_to_keyword       (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_value_to_log_level     (ReleaseConfigValue  *self,
                                                             GLogLevelFlags      *level);
RELEASE_AVAILABLE_IN_ALL
gboolean             *release_config_value_to_bool_list     (ReleaseConfigValue  *self,
                                                             gsize               *n_values);
RELEASE_AVAILABLE_IN_ALL
gint64               *release_config_value_to_int_list      (ReleaseConfigValue  *self,
                                                             gsize               *n_values);
RELEASE_AVAILABLE_IN_ALL
double               *release_config_value_to_float_list    (ReleaseConfigValue  *self,
                                                             gsize               *n_values);
RELEASE_AVAILABLE_IN_ALL
char                **release_config_value_to_text_list     (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
char                **release_config_value_to_keyword_list  (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
gsize                 release_config_value_get_n_values     (ReleaseConfigValue  *self);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_value_get_nth          (ReleaseConfigValue  *self,
                                                             gsize                n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseConfigValue, release_config_value_unref)

G_END_DECLS
