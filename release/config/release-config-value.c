/* release/config/release-config-value.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-value.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-literal-private.h"
#include "release/config/release-config-problem-private.h"
#include "release/config/release-config-value-private.h"

#include <math.h>
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

struct _ReleaseConfigValue
{
  gatomicrefcount    ref_count;
  ReleaseConfigKind  kind;
  gsize              length;        /* of data: bytes, without the NUL after them, or values */

  union
  {
    gint64    as_int;
    double    as_float;
    gboolean  as_bool;
    GRegex   *as_regexp;            /* owned */

    /* The data follows in the same block of memory: a NUL-terminated string or keyword, or the
     * owned values of a list. */
    char      bytes[8];
    ReleaseConfigValue *values[1];
  } u;
};

const char * const release_config_log_levels[] =
  { "debug", "info", "notice", "warning", "error", "fatal", NULL };

/* What the levels are called in GLib, in the same order. */
static const GLogLevelFlags glib_log_levels[] =
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

static const char *
value_data (ReleaseConfigValue *self)
{
  return (const char *) self + G_STRUCT_OFFSET (ReleaseConfigValue, u);
}

static ReleaseConfigValue **
value_items (ReleaseConfigValue *self)
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
    value_items (self)[i] = values[i];

  return self;
}

/* The bytes of a string or a keyword; a NUL follows them. */
const char *
release_config_value_peek_data (ReleaseConfigValue *self,
                                gsize              *length)
{
  g_assert (self->kind == RELEASE_CONFIG_KIND_STRING || self->kind == RELEASE_CONFIG_KIND_KEYWORD);

  *length = self->length;

  return value_data (self);
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
  for (gsize i = 0; i < G_N_ELEMENTS (glib_log_levels); i++)
    if (glib_log_levels[i] == (level & G_LOG_LEVEL_MASK))
      return release_config_value_new_keyword (release_config_log_levels[i]);

  g_return_val_if_reached (NULL);
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
             && memcmp (value_data (self), value_data (other), self->length) == 0;
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

  return g_utf8_validate_len (value_data (self), self->length, NULL) ? value_data (self) : NULL;
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

  return memchr (value_data (self), '\0', self->length) == NULL ? value_data (self) : NULL;
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

  return g_bytes_new (value_data (self), self->length);
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

  return value_data (self);
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
      if (strcmp (release_config_log_levels[i], value_data (self)) == 0)
        {
          if (level != NULL)
            *level = glib_log_levels[i];
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

  return value_items (self)[n];
}
