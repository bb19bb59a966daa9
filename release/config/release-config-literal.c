/* release/config/release-config-literal.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-literal-private.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-problem-private.h"
#include "release/config/release-config-value-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* What a byte after a backslash in a string stands for; -1 if the two stand for themselves. */
static int
unescape (char c)
{
  switch (c)
    {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'r':
      return '\r';
    case '\\':
    case '"':
    case '\'':
    case ' ':
      return c;
    default:
      return -1;
    }
}

/* Appends the bytes of a string, which @p to @end is without its quotes. */
static void
append_unescaped (GString    *bytes,
                  const char *p,
                  const char *end)
{
  while (p < end)
    {
      const char *backslash = memchr (p, '\\', end - p);

      g_string_append_len (bytes, p, (backslash != NULL ? backslash : end) - p);
      if (backslash == NULL)
        return;

      p = backslash + 1;
      if (end - p >= 3 && g_ascii_isdigit (p[0]) && g_ascii_isdigit (p[1])
          && g_ascii_isdigit (p[2]))
        {
          g_string_append_c (bytes, 100 * (p[0] - '0') + 10 * (p[1] - '0') + (p[2] - '0'));
          p += 3;
        }
      else if (end - p >= 3 && p[0] == 'x' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2]))
        {
          g_string_append_c (bytes,
                             16 * g_ascii_xdigit_value (p[1]) + g_ascii_xdigit_value (p[2]));
          p += 3;
        }
      else if (unescape (*p) >= 0)
        {
          g_string_append_c (bytes, unescape (*p));
          p++;
        }
      else
        {
          g_string_append_c (bytes, '\\');
        }
    }
}

/* Appends the pattern of an expression, which @p to @end is without its slashes. */
static void
append_pattern (GString    *pattern,
                const char *p,
                const char *end)
{
  while (p < end)
    {
      if (p[0] == '\\' && end - p >= 2 && p[1] == '\\')
        {
          g_string_append (pattern, "\\\\");
          p += 2;
        }
      else if (p[0] == '\\' && end - p >= 2 && p[1] == '/')
        {
          g_string_append_c (pattern, '/');
          p += 2;
        }
      else if (p[0] == '\n' || (p[0] == '\r' && end - p >= 2 && p[1] == '\n'))
        {
          while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
            p++;
        }
      else
        {
          g_string_append_c (pattern, *p);
          p++;
        }
    }
}

/* Digits that surely fit into 64 bits, with a sign before them. */
static gint64
read_plain_int (const char *start,
                const char *end)
{
  gboolean is_negative = *start == '-';
  gint64 value = 0;

  for (const char *p = start + is_negative; p < end; p++)
    value = 10 * value + (*p - '0');

  return is_negative ? -value : value;
}

static gboolean
read_int (const char  *text,
          gint64      *value,
          char       **problem)
{
  errno = 0;
  *value = g_ascii_strtoll (text, NULL, 10);
  if (errno != ERANGE)
    return TRUE;

  *problem = g_strdup_printf (_("The integer does not fit into 64 bits; it must be from "
                                "%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT),
                              G_MININT64, G_MAXINT64);
  return FALSE;
}

static gboolean
read_float (const char  *text,
            double      *value,
            char       **problem)
{
  *value = g_ascii_strtod (text, NULL);
  if (isfinite (*value))
    return TRUE;

  *problem = g_strdup (_("The number is too large for a float"));
  return FALSE;
}

gboolean
release_config_token_is_scalar (const ReleaseConfigToken *token)
{
  return token->kind == RELEASE_CONFIG_TOKEN_NAME || token->kind == RELEASE_CONFIG_TOKEN_INT
         || token->kind == RELEASE_CONFIG_TOKEN_FLOAT || token->kind == RELEASE_CONFIG_TOKEN_STRING
         || token->kind == RELEASE_CONFIG_TOKEN_REGEXP;
}

/* Appends the canonical literal of a scalar token to @literal; FALSE with @problem set if the token
 * stands for no value. Expressions are not compiled: that is for whoever wants to use them. */
gboolean
release_config_literal_append (GString                   *literal,
                               const char                *data,
                               const ReleaseConfigToken  *token,
                               char                     **problem)
{
  const char *start = data + token->start;
  const char *end = data + token->end;
  g_autoptr(GString) buffer = NULL;
  gint64 int_value;
  double float_value;

  g_assert (release_config_token_is_scalar (token));

  if (token->is_plain)
    {
      g_string_append_len (literal, start, end - start);
      return TRUE;
    }

  buffer = g_string_sized_new (end - start);
  switch (token->kind)
    {
    case RELEASE_CONFIG_TOKEN_STRING:
      append_unescaped (buffer, start + 1, end - 1);
      release_config_literal_append_string (literal, buffer->str, buffer->len);
      return TRUE;

    case RELEASE_CONFIG_TOKEN_REGEXP:
      append_pattern (buffer, start + 1, end - 1);
      release_config_literal_append_regexp (literal, buffer->str);
      return TRUE;

    case RELEASE_CONFIG_TOKEN_INT:
      g_string_append_len (buffer, start, end - start);
      if (!read_int (buffer->str, &int_value, problem))
        return FALSE;
      g_string_append_printf (literal, "%" G_GINT64_FORMAT, int_value);
      return TRUE;

    default:
      g_string_append_len (buffer, start, end - start);
      if (!read_float (buffer->str, &float_value, problem))
        return FALSE;
      release_config_literal_append_float (literal, float_value);
      return TRUE;
    }
}

/* Whether a scalar token stands for a value; if not, sets @problem. */
gboolean
release_config_literal_check (const char                *data,
                              const ReleaseConfigToken  *token,
                              char                     **problem)
{
  g_autoptr(GString) literal = NULL;

  if (token->is_plain
      || (token->kind != RELEASE_CONFIG_TOKEN_INT && token->kind != RELEASE_CONFIG_TOKEN_FLOAT))
    return TRUE;

  literal = g_string_new (NULL);

  return release_config_literal_append (literal, data, token, problem);
}

/* The place in @data of what is at @at in the pattern of the expression that begins at @start. */
gsize
release_config_regexp_locate (const char *data,
                              gsize       start,
                              gsize       at)
{
  const char *p = data + start + 1;
  gsize n = 0;

  while (*p != '/')
    {
      if (p[0] == '\n' || (p[0] == '\r' && p[1] == '\n'))
        {
          while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
            p++;
          continue;
        }
      if (n >= at)
        break;
      if (p[0] == '\\' && (p[1] == '\\' || p[1] == '/'))
        {
          n += p[1] == '\\' ? 2 : 1;
          p += 2;
        }
      else
        {
          n++;
          p++;
        }
    }

  return p - data;
}

static ReleaseConfigValue *
read_scalar (const char                *data,
             const ReleaseConfigToken  *token,
             gsize                     *problem_at,
             char                     **problem)
{
  const char *start = data + token->start;
  gsize length = token->end - token->start;
  g_autoptr(GString) buffer = NULL;
  g_autoptr(GError) error = NULL;
  ReleaseConfigValue *value;
  gint64 int_value;
  double float_value;
  gsize at = 0;

  if (token->kind == RELEASE_CONFIG_TOKEN_STRING && token->is_plain)
    return release_config_value_new_data (start + 1, length - 2);
  if (token->kind == RELEASE_CONFIG_TOKEN_NAME)
    {
      if (length == 4 && memcmp (start, "true", 4) == 0)
        return release_config_value_new_bool (TRUE);
      if (length == 5 && memcmp (start, "false", 5) == 0)
        return release_config_value_new_bool (FALSE);
      return release_config_value_new_keyword_data (start, length);
    }
  if (token->kind == RELEASE_CONFIG_TOKEN_INT && token->is_plain)
    return release_config_value_new_int (read_plain_int (start, start + length));

  buffer = g_string_sized_new (length);
  switch (token->kind)
    {
    case RELEASE_CONFIG_TOKEN_STRING:
      append_unescaped (buffer, start + 1, start + length - 1);
      return release_config_value_new_data (buffer->str, buffer->len);

    case RELEASE_CONFIG_TOKEN_REGEXP:
      append_pattern (buffer, start + 1, start + length - 1);
      value = release_config_value_new_regexp_at (buffer->str, &at, &error);
      if (value == NULL)
        {
          *problem = g_strdup (error->message);
          *problem_at = release_config_regexp_locate (data, token->start, at);
        }
      return value;

    case RELEASE_CONFIG_TOKEN_INT:
      g_string_append_len (buffer, start, length);
      return read_int (buffer->str, &int_value, problem)
             ? release_config_value_new_int (int_value) : NULL;

    default:
      g_string_append_len (buffer, start, length);
      return read_float (buffer->str, &float_value, problem)
             ? release_config_value_new_float (float_value) : NULL;
    }
}

static ReleaseConfigValue *
fail_at (ReleaseConfigLexer        *lexer,
         const ReleaseConfigToken  *token,
         const char                *message,
         gsize                     *problem_at,
         char                     **problem)
{
  *problem = g_strdup (lexer->problem != NULL ? lexer->problem : message);
  *problem_at = token->kind == RELEASE_CONFIG_TOKEN_BAD ? token->problem_at : token->start;

  return NULL;
}

/* Reads the items of a list up to its end. */
static ReleaseConfigValue *
read_list (ReleaseConfigLexer  *lexer,
           gsize               *problem_at,
           char               **problem)
{
  g_autoptr(GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_value_unref);
  ReleaseConfigValue *value;
  ReleaseConfigToken token;

  release_config_lexer_next (lexer, &token);
  if (token.kind == RELEASE_CONFIG_TOKEN_CLOSE)
    return release_config_value_new_list_take (NULL, 0);

  for (;;)
    {
      *problem_at = token.start;
      if (token.kind == RELEASE_CONFIG_TOKEN_OPEN)
        return fail_at (lexer, &token, _("Lists cannot be nested"), problem_at, problem);
      if (!release_config_token_is_scalar (&token))
        return fail_at (lexer, &token, _("A value is missing in the list"), problem_at, problem);
      value = read_scalar (lexer->data, &token, problem_at, problem);
      if (value == NULL)
        return NULL;
      g_ptr_array_add (items, value);

      release_config_lexer_next (lexer, &token);
      if (token.kind == RELEASE_CONFIG_TOKEN_CLOSE)
        break;
      if (token.kind != RELEASE_CONFIG_TOKEN_COMMA)
        return fail_at (lexer, &token, _("A list goes on with a comma or ends with “]”"),
                        problem_at, problem);
      release_config_lexer_next (lexer, &token);
    }

  g_ptr_array_set_free_func (items, NULL);

  return release_config_value_new_list_take ((ReleaseConfigValue **) items->pdata, items->len);
}

/* Reads bytes that are one literal and nothing else; white space and comments do not matter. On
 * failure sets @problem, and @problem_at to the place of it in @data. */
ReleaseConfigValue *
release_config_literal_read (const char  *data,
                             gsize        length,
                             gsize       *problem_at,
                             char       **problem)
{
  g_auto(ReleaseConfigLexer) lexer;
  g_autoptr(ReleaseConfigValue) value = NULL;
  ReleaseConfigToken token;

  release_config_lexer_init (&lexer, data, length);
  release_config_lexer_next (&lexer, &token);
  *problem_at = token.start;
  *problem = NULL;
  if (token.kind == RELEASE_CONFIG_TOKEN_OPEN)
    value = read_list (&lexer, problem_at, problem);
  else if (release_config_token_is_scalar (&token))
    value = read_scalar (data, &token, problem_at, problem);
  else
    fail_at (&lexer, &token, _("A value is missing"), problem_at, problem);
  if (value == NULL)
    return NULL;

  release_config_lexer_next (&lexer, &token);
  if (token.kind != RELEASE_CONFIG_TOKEN_END)
    return fail_at (&lexer, &token, _("There is something after the value"), problem_at, problem);

  return g_steal_pointer (&value);
}

/* Where in the literal of a list its value number @item is, from 1. */
gsize
release_config_literal_locate_item (const char *data,
                                    gsize       length,
                                    gsize       item)
{
  g_auto(ReleaseConfigLexer) lexer;
  ReleaseConfigToken token;

  release_config_lexer_init (&lexer, data, length);
  do
    {
      release_config_lexer_next (&lexer, &token);
      if (release_config_token_is_scalar (&token))
        item--;
    }
  while (item > 0 && token.kind != RELEASE_CONFIG_TOKEN_END);

  return token.start;
}

static gboolean
copy_scalar (const ReleaseConfigLexer *lexer,
             const ReleaseConfigToken *token,
             GString                  *literal)
{
  g_autofree char *problem = NULL;

  return release_config_token_is_scalar (token)
         && release_config_literal_append (literal, lexer->data, token, &problem);
}

/* Copies the values of a list up to its end. */
static gboolean
copy_list (ReleaseConfigLexer *lexer,
           GString            *literal)
{
  ReleaseConfigToken token;

  g_string_append_c (literal, '[');
  release_config_lexer_next (lexer, &token);
  while (token.kind != RELEASE_CONFIG_TOKEN_CLOSE)
    {
      if (!copy_scalar (lexer, &token, literal))
        return FALSE;
      release_config_lexer_next (lexer, &token);
      if (token.kind == RELEASE_CONFIG_TOKEN_CLOSE)
        break;
      if (token.kind != RELEASE_CONFIG_TOKEN_COMMA)
        return FALSE;
      g_string_append (literal, ", ");
      release_config_lexer_next (lexer, &token);
      if (token.kind == RELEASE_CONFIG_TOKEN_CLOSE)
        return FALSE;
    }
  g_string_append_c (literal, ']');

  return TRUE;
}

/* The canonical form of the literal between two offsets; NULL if it is none. Expressions are not
 * compiled. */
char *
release_config_literal_copy (const char *data,
                             gsize       start,
                             gsize       end)
{
  g_auto(ReleaseConfigLexer) lexer;
  g_autoptr(GString) literal = g_string_new (NULL);
  ReleaseConfigToken token;
  gboolean is_good;

  release_config_lexer_init (&lexer, data, end);
  lexer.at = start;
  release_config_lexer_next (&lexer, &token);
  is_good = token.kind == RELEASE_CONFIG_TOKEN_OPEN ? copy_list (&lexer, literal)
                                                    : copy_scalar (&lexer, &token, literal);
  release_config_lexer_next (&lexer, &token);
  if (!is_good || token.kind != RELEASE_CONFIG_TOKEN_END)
    return NULL;

  return g_string_free (g_steal_pointer (&literal), FALSE);
}
