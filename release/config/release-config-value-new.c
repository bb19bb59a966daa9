/* release/config/release-config-value-new.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The constructors of values.
 */

#include "config.h"

#include "release/config/release-config-value.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-problem-private.h"
#include "release/config/release-config-value-private.h"

#include <math.h>
#include <string.h>

/* Makes a value with room for @size bytes of data. */
static ReleaseConfigValue *
value_new (ReleaseConfigKind kind,
           gsize             size)
{
  gsize header = G_STRUCT_OFFSET (ReleaseConfigValue, u);
  ReleaseConfigValue *self = g_malloc (header + MAX (size, sizeof self->u));

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->length = 0;

  return self;
}

static ReleaseConfigValue *
value_new_data (ReleaseConfigKind  kind,
                const char        *data,
                gsize              length)
{
  ReleaseConfigValue *self = value_new (kind, length + 1);
  char *bytes = (char *) self + G_STRUCT_OFFSET (ReleaseConfigValue, u);

  self->length = length;
  if (length > 0)
    memcpy (bytes, data, length);
  bytes[length] = '\0';

  return self;
}

ReleaseConfigValue *
release_config_value_new_data (const char *data,
                               gsize       length)
{
  return value_new_data (RELEASE_CONFIG_KIND_STRING, data, length);
}

ReleaseConfigValue *
release_config_value_new_keyword_data (const char *data,
                                       gsize       length)
{
  return value_new_data (RELEASE_CONFIG_KIND_KEYWORD, data, length);
}

/* Makes a list that owns the values of @values. */
ReleaseConfigValue *
release_config_value_new_list_take (ReleaseConfigValue **values,
                                    gsize                n_values)
{
  ReleaseConfigValue *self = value_new (RELEASE_CONFIG_KIND_LIST,
                                        n_values * sizeof (ReleaseConfigValue *));

  self->length = n_values;
  for (gsize i = 0; i < n_values; i++)
    release_config_value_items (self)[i] = values[i];

  return self;
}

/* Splits what GRegex says about a pattern, "... PATTERN ... CHARACTER: REASON", in its language.
 * Without the parts the reason is the whole message. */
static const char *
regexp_reason (const char *message,
               const char *pattern,
               gsize      *at)
{
  const char *p = strstr (message, pattern);
  guint64 n_chars;
  char *end;

  *at = 0;
  if (p == NULL)
    return message;
  for (p += strlen (pattern); *p != '\0' && !g_ascii_isdigit (*p); p++)
    continue;
  n_chars = g_ascii_strtoull (p, &end, 10);
  if (end == p || !g_str_has_prefix (end, ": ") || n_chars > (guint64) g_utf8_strlen (pattern, -1))
    return message;

  *at = g_utf8_offset_to_pointer (pattern, n_chars) - pattern;

  return end + strlen (": ");
}

/* As release_config_value_new_regexp(), and sets @at to the byte of @pattern that is wrong. */
ReleaseConfigValue *
release_config_value_new_regexp_at (const char  *pattern,
                                    gsize       *at,
                                    GError     **error)
{
  g_autoptr(GString) unescaped = g_string_new (NULL);
  g_autoptr(GError) regex_error = NULL;
  GRegex *regex;
  ReleaseConfigValue *self;

  *at = 0;
  for (const char *p = pattern; *p != '\0'; p++)
    {
      if (p[0] == '\n' || (p[0] == '\\' && p[1] == '\0'))
        {
          *at = p - pattern;
          g_set_error_literal (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID,
                               *p == '\n'
                               ? _("A regular expression cannot have a line feed; write \\n")
                               : _("A regular expression cannot end with a single backslash"));
          return NULL;
        }
      if (p[0] == '\\' && p[1] == '/')
        p++;
      else if (p[0] == '\\' && p[1] == '\\')
        g_string_append_c (unescaped, *p++);
      g_string_append_c (unescaped, *p);
    }

  regex = g_regex_new (unescaped->str, 0, 0, &regex_error);
  if (regex == NULL)
    {
      g_autofree char *shown = release_config_quote (unescaped->str, unescaped->len);
      const char *reason = regexp_reason (regex_error->message, unescaped->str, at);

      g_set_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID,
                   _("/%s/ is not a regular expression: %s"), shown, reason);
      return NULL;
    }

  self = value_new (RELEASE_CONFIG_KIND_REGEXP, 0);
  self->u.as_regexp = regex;

  return self;
}

/**
 * release_config_value_new_bool:
 * @value: %TRUE or %FALSE
 *
 * Makes a boolean.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_bool (gboolean value)
{
  ReleaseConfigValue *self = value_new (RELEASE_CONFIG_KIND_BOOL, 0);

  self->u.as_bool = value != FALSE;

  return self;
}

/**
 * release_config_value_new_int:
 * @value: any integer
 *
 * Makes an integer.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_int (gint64 value)
{
  ReleaseConfigValue *self = value_new (RELEASE_CONFIG_KIND_INT, 0);

  self->u.as_int = value;

  return self;
}

/**
 * release_config_value_new_float:
 * @value: a number that is finite, since the syntax has no others
 *
 * Makes a float.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_float (double value)
{
  ReleaseConfigValue *self;

  g_return_val_if_fail (isfinite (value), NULL);

  self = value_new (RELEASE_CONFIG_KIND_FLOAT, 0);
  self->u.as_float = value;

  return self;
}

/**
 * release_config_value_new_string:
 * @value: text
 *
 * Makes a string of text.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_string (const char *value)
{
  g_return_val_if_fail (value != NULL, NULL);

  return release_config_value_new_data (value, strlen (value));
}

/**
 * release_config_value_new_bytes:
 * @value: any bytes, NUL too
 *
 * Makes a string of bytes.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_bytes (GBytes *value)
{
  const char *data;
  gsize length;

  g_return_val_if_fail (value != NULL, NULL);

  data = g_bytes_get_data (value, &length);

  return release_config_value_new_data (data, length);
}

/**
 * release_config_value_new_regexp:
 * @pattern: a regular expression of PCRE, without slashes around it
 * @error: return location for a #GError, or %NULL
 *
 * Makes a regular expression. An escaped slash in @pattern is the same as a
 * slash. A line feed cannot be in the syntax and is refused; write `\n`.
 *
 * Fails with %RELEASE_CONFIG_ERROR_INVALID if @pattern is no regular expression.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue, or %NULL with @error set
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_regexp (const char  *pattern,
                                 GError     **error)
{
  gsize at;

  g_return_val_if_fail (pattern != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!g_utf8_validate (pattern, -1, NULL))
    {
      g_set_error_literal (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID,
                           _("A regular expression must be valid UTF-8"));
      return NULL;
    }

  return release_config_value_new_regexp_at (pattern, &at, error);
}

/**
 * release_config_value_new_keyword:
 * @value: a word that begins with a letter from A to Z and goes on with letters,
 *   digits, and any of `-_.:@+~%$&*!?^|`; neither `true` nor `false`
 *
 * Makes a keyword.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_keyword (const char *value)
{
  g_return_val_if_fail (value != NULL, NULL);
  g_return_val_if_fail (release_config_is_name (value), NULL);

  return release_config_value_new_keyword_data (value, strlen (value));
}

/**
 * release_config_value_new_log_level:
 * @level: one of the levels of #GLogLevelFlags
 *
 * Makes the keyword of a log level: `debug`, `info`, `notice` for
 * %G_LOG_LEVEL_MESSAGE, `warning`, `error` for %G_LOG_LEVEL_CRITICAL, and
 * `fatal` for %G_LOG_LEVEL_ERROR.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_log_level (GLogLevelFlags level)
{
  for (gsize i = 0; release_config_log_levels[i] != NULL; i++)
    if (release_config_glib_log_levels[i] == (level & G_LOG_LEVEL_MASK))
      return release_config_value_new_keyword (release_config_log_levels[i]);

  g_return_val_if_reached (NULL);
}
