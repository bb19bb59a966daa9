/* release/config/release-config-get.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The typed getters of a configuration.
 */

#include "config.h"

#include "release/config/release-config.h"

/* The value of a key that has one of the kind; anything else is a mistake in the program. */
static ReleaseConfigValue *
expect_value (ReleaseConfig     *self,
              const char        *section,
              const char        *key,
              ReleaseConfigKind  kind)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  g_return_val_if_fail (value != NULL, NULL);
  g_return_val_if_fail (release_config_value_get_kind (value) == kind, NULL);

  return value;
}

/**
 * release_config_get_bool:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a boolean. A value of another type is a mistake in the program, and so is
 * a key that has none.
 *
 * Returns: the boolean
 *
 * Since: 0.1
 */
gboolean
release_config_get_bool (ReleaseConfig *self,
                         const char    *section,
                         const char    *key)
{
  ReleaseConfigValue *value = expect_value (self, section, key, RELEASE_CONFIG_KIND_BOOL);

  return value != NULL ? release_config_value_to_bool (value) : FALSE;
}

/**
 * release_config_get_int:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets an integer. A value of another type is a mistake in the program, and so is
 * a key that has none.
 *
 * Returns: the integer
 *
 * Since: 0.1
 */
gint64
release_config_get_int (ReleaseConfig *self,
                        const char    *section,
                        const char    *key)
{
  ReleaseConfigValue *value = expect_value (self, section, key, RELEASE_CONFIG_KIND_INT);

  return value != NULL ? release_config_value_to_int (value) : 0;
}

/**
 * release_config_get_float:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a float. A value of another type is a mistake in the program, and so is
 * a key that has none.
 *
 * Returns: the float
 *
 * Since: 0.1
 */
double
release_config_get_float (ReleaseConfig *self,
                          const char    *section,
                          const char    *key)
{
  ReleaseConfigValue *value = expect_value (self, section, key, RELEASE_CONFIG_KIND_FLOAT);

  return value != NULL ? release_config_value_to_float (value) : 0;
}

/**
 * release_config_get_text:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a string as text. A value of another type is a mistake in the program.
 *
 * Returns: (nullable): the text, which belongs to the configuration until the
 *   value changes; %NULL if the string is no text or an optional key has no value
 *
 * Since: 0.1
 */
const char *
release_config_get_text (ReleaseConfig *self,
                         const char    *section,
                         const char    *key)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  return value != NULL ? release_config_value_to_text (value) : NULL;
}

/**
 * release_config_get_file:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a string as the name of a file. A value of another type is a mistake in the program.
 *
 * Returns: (type filename) (nullable): the name, which belongs to the configuration
 *   until the value changes; %NULL if the string has a NUL byte or an optional key
 *   has no value
 *
 * Since: 0.1
 */
const char *
release_config_get_file (ReleaseConfig *self,
                         const char    *section,
                         const char    *key)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  return value != NULL ? release_config_value_to_path (value) : NULL;
}

/**
 * release_config_get_bytes:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a string as bytes. A value of another type is a mistake in the program.
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL if an optional key has no
 *   value
 *
 * Since: 0.1
 */
GBytes *
release_config_get_bytes (ReleaseConfig *self,
                          const char    *section,
                          const char    *key)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  return value != NULL ? release_config_value_to_bytes (value) : NULL;
}

/**
 * release_config_get_regexp:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a regular expression. A value of another type is a mistake in the program.
 *
 * Returns: (transfer none) (nullable): the expression, which belongs to the
 *   configuration until the value changes; %NULL if an optional key has no value
 *
 * Since: 0.1
 */
GRegex *
release_config_get_regexp (ReleaseConfig *self,
                           const char    *section,
                           const char    *key)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  return value != NULL ? release_config_value_to_regexp (value) : NULL;
}

/**
 * release_config_get_keyword:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a keyword. A value of another type is a mistake in the program.
 *
 * Returns: (nullable): the keyword, which belongs to the configuration until the
 *   value changes; %NULL if an optional key has no value
 *
 * Since: 0.1
 */
const char *
release_config_get_keyword (ReleaseConfig *self,
                            const char    *section,
                            const char    *key)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  return value != NULL ? release_config_value_to_keyword (value) : NULL;
}

/**
 * release_config_get_log_level:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets the log level that a keyword names; see
 * release_config_value_to_log_level(). A value of another type is a mistake in
 * the program, and so is
 * a key that has none.
 *
 * Returns: one of the levels of #GLogLevelFlags; %G_LOG_LEVEL_MESSAGE if the
 *   keyword names none
 *
 * Since: 0.1
 */
GLogLevelFlags
release_config_get_log_level (ReleaseConfig *self,
                              const char    *section,
                              const char    *key)
{
  ReleaseConfigValue *value = expect_value (self, section, key, RELEASE_CONFIG_KIND_KEYWORD);
  GLogLevelFlags level = G_LOG_LEVEL_MESSAGE;

  if (value != NULL)
    release_config_value_to_log_level (value, &level);

  return level;
}

/**
 * release_config_get_bool_list:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 * @n_values: (out): return location for their number
 *
 * Gets a list of booleans. A value of another type is a mistake in the program.
 *
 * Returns: (transfer full) (array length=n_values) (nullable): an array to free with
 *   g_free(); %NULL if an optional key has no value
 *
 * Since: 0.1
 */
gboolean *
release_config_get_bool_list (ReleaseConfig *self,
                              const char    *section,
                              const char    *key,
                              gsize         *n_values)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  if (n_values != NULL)
    *n_values = 0;
  return value != NULL ? release_config_value_to_bool_list (value, n_values) : NULL;
}

/**
 * release_config_get_int_list:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 * @n_values: (out): return location for their number
 *
 * Gets a list of integers. A value of another type is a mistake in the program.
 *
 * Returns: (transfer full) (array length=n_values) (nullable): an array to free with
 *   g_free(); %NULL if an optional key has no value
 *
 * Since: 0.1
 */
gint64 *
release_config_get_int_list (ReleaseConfig *self,
                             const char    *section,
                             const char    *key,
                             gsize         *n_values)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  if (n_values != NULL)
    *n_values = 0;
  return value != NULL ? release_config_value_to_int_list (value, n_values) : NULL;
}

/**
 * release_config_get_float_list:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 * @n_values: (out): return location for their number
 *
 * Gets a list of floats. A value of another type is a mistake in the program.
 *
 * Returns: (transfer full) (array length=n_values) (nullable): an array to free with
 *   g_free(); %NULL if an optional key has no value
 *
 * Since: 0.1
 */
double *
release_config_get_float_list (ReleaseConfig *self,
                               const char    *section,
                               const char    *key,
                               gsize         *n_values)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  if (n_values != NULL)
    *n_values = 0;
  return value != NULL ? release_config_value_to_float_list (value, n_values) : NULL;
}

/**
 * release_config_get_text_list:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a list of strings as texts. A value of another type is a mistake in the program.
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): the texts; %NULL if
 *   one of them is no text or an optional key has no value
 *
 * Since: 0.1
 */
char **
release_config_get_text_list (ReleaseConfig *self,
                              const char    *section,
                              const char    *key)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  return value != NULL ? release_config_value_to_text_list (value) : NULL;
}

/**
 * release_config_get_keyword_list:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a list of keywords. A value of another type is a mistake in the program.
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): the keywords; %NULL
 *   if an optional key has no value
 *
 * Since: 0.1
 */
char **
release_config_get_keyword_list (ReleaseConfig *self,
                                 const char    *section,
                                 const char    *key)
{
  ReleaseConfigValue *value = release_config_get_value (self, section, key);

  return value != NULL ? release_config_value_to_keyword_list (value) : NULL;
}
