/* release/config/release-config-value.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-value.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-literal-private.h"
#include "release/config/release-config-problem-private.h"
#include "release/config/release-config-value-private.h"

#include <string.h>

/**
 * SECTION:release-config-value
 * @title: ReleaseConfigValue
 * @short_description: a typed value of a configuration
 *
 * A #ReleaseConfigValue is an integer, a float, a string, a boolean, a regular
 * expression, a keyword, or a list of those. The constructors make defaults for
 * a specification, the `to_` functions get at what is in a value.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(ReleaseConfigValue) value = release_config_value_parse ("[80, 443]", NULL);
 *   g_autofree char *text = release_config_value_print (value);
 *   g_autofree gint64 *ports = NULL;
 *   gsize n_ports;
 *
 *   ports = release_config_value_to_int_list (value, &n_ports);
 * ]|
 *
 * A string is bytes: it may hold NUL and need not be UTF-8.
 * release_config_value_to_text() gives it as text if it is text, and
 * release_config_value_to_bytes() in any case.
 *
 * A `to_` function of another type than the value's is a mistake in the
 * program, for the specification has seen to the types; ask
 * release_config_value_get_kind() where there is none.
 *
 * A value never changes, so any thread may use it.
 */

const char * const release_config_log_levels[] =
  { "debug", "info", "notice", "warning", "error", "fatal", NULL };

const GLogLevelFlags release_config_glib_log_levels[] =
  { G_LOG_LEVEL_DEBUG, G_LOG_LEVEL_INFO, G_LOG_LEVEL_MESSAGE, G_LOG_LEVEL_WARNING,
    G_LOG_LEVEL_CRITICAL, G_LOG_LEVEL_ERROR };

G_DEFINE_ENUM_TYPE (ReleaseConfigKind, release_config_kind,
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_KIND_INT, "int"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_KIND_FLOAT, "float"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_KIND_STRING, "string"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_KIND_BOOL, "bool"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_KIND_REGEXP, "regexp"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_KIND_KEYWORD, "keyword"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_KIND_LIST, "list"))
G_DEFINE_BOXED_TYPE (ReleaseConfigValue, release_config_value,
                     release_config_value_ref, release_config_value_unref)

/* The data after the header. */
const char *
release_config_value_data (ReleaseConfigValue *self)
{
  return (const char *) self + G_STRUCT_OFFSET (ReleaseConfigValue, u);
}

ReleaseConfigValue **
release_config_value_items (ReleaseConfigValue *self)
{
  gpointer items = (char *) self + G_STRUCT_OFFSET (ReleaseConfigValue, u);

  return items;
}

/* What a value of the kind is called in a message. */
const char *
release_config_kind_describe (ReleaseConfigKind kind)
{
  switch (kind)
    {
    case RELEASE_CONFIG_KIND_INT:
      return _("an integer");
    case RELEASE_CONFIG_KIND_FLOAT:
      return _("a float");
    case RELEASE_CONFIG_KIND_STRING:
      return _("a string");
    case RELEASE_CONFIG_KIND_BOOL:
      return _("a boolean");
    case RELEASE_CONFIG_KIND_REGEXP:
      return _("a regular expression");
    case RELEASE_CONFIG_KIND_KEYWORD:
      return _("a keyword");
    case RELEASE_CONFIG_KIND_LIST:
      return _("a list");
    default:
      g_return_val_if_reached (NULL);
    }
}

/* The bytes of a string or a keyword; a NUL follows them. */
const char *
release_config_value_peek_data (ReleaseConfigValue *self,
                                gsize              *length)
{
  g_assert (self->kind == RELEASE_CONFIG_KIND_STRING || self->kind == RELEASE_CONFIG_KIND_KEYWORD);

  *length = self->length;

  return release_config_value_data (self);
}

/**
 * release_config_value_parse:
 * @text: one value in the syntax, as `"text"` or `[1, 2]`
 * @error: return location for a #GError, or %NULL
 *
 * Reads one value. Fails with %RELEASE_CONFIG_ERROR_SYNTAX if @text is not one
 * value in the syntax.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue, or %NULL with @error set
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_parse (const char  *text,
                            GError     **error)
{
  g_autofree char *problem = NULL;
  ReleaseConfigValue *self;
  gsize at;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = release_config_literal_read (text, strlen (text), &at, &problem);
  if (self == NULL)
    g_set_error_literal (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_SYNTAX, problem);

  return self;
}

/**
 * release_config_value_ref:
 * @self: a #ReleaseConfigValue
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_ref (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * release_config_value_unref:
 * @self: (transfer full): a #ReleaseConfigValue
 *
 * Gives a reference back. The last one frees the value.
 *
 * Since: 0.1
 */
void
release_config_value_unref (ReleaseConfigValue *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->kind == RELEASE_CONFIG_KIND_REGEXP)
    g_regex_unref (self->u.as_regexp);
  else if (self->kind == RELEASE_CONFIG_KIND_LIST)
    for (gsize i = 0; i < self->length; i++)
      release_config_value_unref (release_config_value_get_nth (self, i));
  g_free (self);
}

/**
 * release_config_value_get_kind:
 * @self: a #ReleaseConfigValue
 *
 * Gets the type of a value.
 *
 * Returns: a #ReleaseConfigKind
 *
 * Since: 0.1
 */
ReleaseConfigKind
release_config_value_get_kind (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL, RELEASE_CONFIG_KIND_INT);

  return self->kind;
}

/**
 * release_config_value_equal:
 * @self: a #ReleaseConfigValue
 * @other: another
 *
 * Compares two values. Values of two types are never equal, nor are 1 and 1.0;
 * regular expressions are equal if their patterns are.
 *
 * Returns: whether they are equal
 *
 * Since: 0.1
 */
gboolean
release_config_value_equal (ReleaseConfigValue *self,
                            ReleaseConfigValue *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  if (self->kind != other->kind)
    return FALSE;

  switch (self->kind)
    {
    case RELEASE_CONFIG_KIND_INT:
      return self->u.as_int == other->u.as_int;

    case RELEASE_CONFIG_KIND_FLOAT:
      return self->u.as_float == other->u.as_float;

    case RELEASE_CONFIG_KIND_BOOL:
      return self->u.as_bool == other->u.as_bool;

    case RELEASE_CONFIG_KIND_REGEXP:
      return strcmp (g_regex_get_pattern (self->u.as_regexp),
                     g_regex_get_pattern (other->u.as_regexp)) == 0;

    case RELEASE_CONFIG_KIND_LIST:
      if (self->length != other->length)
        return FALSE;
      for (gsize i = 0; i < self->length; i++)
        if (!release_config_value_equal (release_config_value_get_nth (self, i),
                                         release_config_value_get_nth (other, i)))
          return FALSE;
      return TRUE;

    default:
      return self->length == other->length
             && memcmp (release_config_value_data (self), release_config_value_data (other),
                        self->length) == 0;
    }
}

/**
 * release_config_value_print:
 * @self: a #ReleaseConfigValue
 *
 * Writes a value in the syntax, on one line and in UTF-8, whatever bytes are in
 * it. What release_config_value_parse() makes of it equals @self.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
release_config_value_print (ReleaseConfigValue *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  release_config_literal_print (text, self);

  return g_string_free (text, FALSE);
}

/**
 * release_config_value_to_bool:
 * @self: a boolean
 *
 * Gets what is in a boolean.
 *
 * Returns: %TRUE or %FALSE
 *
 * Since: 0.1
 */
gboolean
release_config_value_to_bool (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_BOOL, FALSE);

  return self->u.as_bool;
}

/**
 * release_config_value_to_int:
 * @self: an integer
 *
 * Gets what is in an integer.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
gint64
release_config_value_to_int (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_INT, 0);

  return self->u.as_int;
}

/**
 * release_config_value_to_float:
 * @self: a float
 *
 * Gets what is in a float.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
double
release_config_value_to_float (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_FLOAT, 0);

  return self->u.as_float;
}

/**
 * release_config_value_to_text:
 * @self: a string
 *
 * Gets a string as text.
 *
 * Returns: (nullable): the text, or %NULL if the string is no text: if it has a
 *   NUL byte or is not UTF-8
 *
 * Since: 0.1
 */
const char *
release_config_value_to_text (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_STRING, NULL);

  return g_utf8_validate_len (release_config_value_data (self), self->length, NULL)
         ? release_config_value_data (self) : NULL;
}

/**
 * release_config_value_to_path:
 * @self: a string
 *
 * Gets a string as the name of a file, which need not be UTF-8.
 *
 * Returns: (type filename) (nullable): the name, or %NULL if the string has a
 *   NUL byte, which no name can have
 *
 * Since: 0.1
 */
const char *
release_config_value_to_path (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_STRING, NULL);

  return memchr (release_config_value_data (self), '\0', self->length) == NULL
         ? release_config_value_data (self) : NULL;
}

/**
 * release_config_value_to_bytes:
 * @self: a string
 *
 * Gets a string as bytes.
 *
 * Returns: (transfer full): the bytes
 *
 * Since: 0.1
 */
GBytes *
release_config_value_to_bytes (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_STRING, NULL);

  return g_bytes_new (release_config_value_data (self), self->length);
}

/**
 * release_config_value_to_regexp:
 * @self: a regular expression
 *
 * Gets what is in a regular expression.
 *
 * Returns: (transfer none): the compiled expression
 *
 * Since: 0.1
 */
GRegex *
release_config_value_to_regexp (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_REGEXP, NULL);

  return self->u.as_regexp;
}

/**
 * release_config_value_to_keyword:
 * @self: a keyword
 *
 * Gets what is in a keyword.
 *
 * Returns: the word
 *
 * Since: 0.1
 */
const char *
release_config_value_to_keyword (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_KEYWORD, NULL);

  return release_config_value_data (self);
}

/**
 * release_config_value_to_log_level:
 * @self: a keyword
 * @level: (out) (optional): return location for the level
 *
 * Gets the log level that a keyword names, as
 * release_config_value_new_log_level() makes it.
 *
 * Returns: %TRUE, or %FALSE with @level untouched if it names none
 *
 * Since: 0.1
 */
gboolean
release_config_value_to_log_level (ReleaseConfigValue *self,
                                   GLogLevelFlags     *level)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_KEYWORD, FALSE);

  for (gsize i = 0; release_config_log_levels[i] != NULL; i++)
    {
      if (strcmp (release_config_log_levels[i], release_config_value_data (self)) == 0)
        {
          if (level != NULL)
            *level = release_config_glib_log_levels[i];
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * release_config_value_get_n_values:
 * @self: a list
 *
 * Gets the length of a list.
 *
 * Returns: the number of values
 *
 * Since: 0.1
 */
gsize
release_config_value_get_n_values (ReleaseConfigValue *self)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_LIST, 0);

  return self->length;
}

/**
 * release_config_value_get_nth:
 * @self: a list
 * @n: an index, from 0, smaller than release_config_value_get_n_values()
 *
 * Gets a value of a list.
 *
 * Returns: (transfer none): the value
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_get_nth (ReleaseConfigValue *self,
                              gsize               n)
{
  g_return_val_if_fail (self != NULL && self->kind == RELEASE_CONFIG_KIND_LIST, NULL);
  g_return_val_if_fail (n < self->length, NULL);

  return release_config_value_items (self)[n];
}
