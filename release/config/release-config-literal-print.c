/* release/config/release-config-literal-print.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Canonical literals of values.
 */

#include "config.h"

#include "release/config/release-config-literal-private.h"

#include "release/config/release-config-value-private.h"

#include <math.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

/* Appends the literal of a string of any bytes. */
void
release_config_literal_append_string (GString    *literal,
                                      const char *p,
                                      gsize       length)
{
  const char *end = p + length;

  g_string_append_c (literal, '"');
  while (p < end)
    {
      gunichar c;

      switch (*p)
        {
        case '"':
          g_string_append (literal, "\\\"");
          break;
        case '\\':
          g_string_append (literal, "\\\\");
          break;
        case '\n':
          g_string_append (literal, "\\n");
          break;
        case '\t':
          g_string_append (literal, "\\t");
          break;
        case '\b':
          g_string_append (literal, "\\b");
          break;
        case '\r':
          g_string_append (literal, "\\r");
          break;
        default:
          c = g_utf8_get_char_validated (p, end - p);
          if ((gint32) c < 0 || g_unichar_iscntrl (c))
            {
              g_string_append (literal, "\\x");
              g_string_append_c (literal, hex_digits[(guint8) *p >> 4]);
              g_string_append_c (literal, hex_digits[*p & 0xf]);
              break;
            }
          g_string_append_len (literal, p, g_unichar_to_utf8 (c, NULL));
          p += g_unichar_to_utf8 (c, NULL);
          continue;
        }
      p++;
    }
  g_string_append_c (literal, '"');
}

/* Appends the literal of a regular expression, whose slashes are not escaped in @pattern. */
void
release_config_literal_append_regexp (GString    *literal,
                                      const char *pattern)
{
  g_string_append_c (literal, '/');
  for (const char *p = pattern; *p != '\0'; p++)
    {
      if (*p == '/')
        g_string_append_c (literal, '\\');
      g_string_append_c (literal, *p);
      if (*p == '\\' && p[1] == '\\')
        g_string_append_c (literal, *++p);
    }
  g_string_append_c (literal, '/');
}

/* Appends the shortest decimal number without exponent that is read back as @value. */
void
release_config_literal_append_float (GString *literal,
                                     double   value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  char *exponent_part;
  char *point;
  int exponent = 0;
  gsize n_digits;
  int point_at;

  for (int precision = 1; precision <= 17; precision++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%de", precision - 1);
      g_ascii_formatd (digits, sizeof digits, format, fabs (value));
      if (g_ascii_strtod (digits, NULL) == fabs (value))
        break;
    }

  exponent_part = strchr (digits, 'e');
  exponent = atoi (exponent_part + 1);
  *exponent_part = '\0';
  point = strchr (digits, '.');
  if (point != NULL)
    memmove (point, point + 1, strlen (point));
  n_digits = strlen (digits);
  point_at = exponent + 1;

  if (signbit (value))
    g_string_append_c (literal, '-');
  if (point_at <= 0)
    {
      g_string_append (literal, "0.");
      for (int i = point_at; i < 0; i++)
        g_string_append_c (literal, '0');
      g_string_append (literal, digits);
    }
  else
    {
      for (int i = 0; i < MAX (point_at, (int) n_digits); i++)
        {
          if (i == point_at)
            g_string_append_c (literal, '.');
          g_string_append_c (literal, i < (int) n_digits ? digits[i] : '0');
        }
      if ((int) n_digits <= point_at)
        g_string_append (literal, ".0");
    }
}

/* Appends the canonical literal of @value. */
void
release_config_literal_print (GString            *literal,
                              ReleaseConfigValue *value)
{
  const char *data;
  GRegex *regex;
  gsize length;

  switch (release_config_value_get_kind (value))
    {
    case RELEASE_CONFIG_KIND_INT:
      g_string_append_printf (literal, "%" G_GINT64_FORMAT, release_config_value_to_int (value));
      break;

    case RELEASE_CONFIG_KIND_FLOAT:
      release_config_literal_append_float (literal, release_config_value_to_float (value));
      break;

    case RELEASE_CONFIG_KIND_STRING:
      data = release_config_value_peek_data (value, &length);
      release_config_literal_append_string (literal, data, length);
      break;

    case RELEASE_CONFIG_KIND_BOOL:
      g_string_append (literal, release_config_value_to_bool (value) ? "true" : "false");
      break;

    case RELEASE_CONFIG_KIND_REGEXP:
      regex = release_config_value_to_regexp (value);
      release_config_literal_append_regexp (literal, g_regex_get_pattern (regex));
      break;

    case RELEASE_CONFIG_KIND_KEYWORD:
      g_string_append (literal, release_config_value_to_keyword (value));
      break;

    case RELEASE_CONFIG_KIND_LIST:
      g_string_append_c (literal, '[');
      for (gsize i = 0; i < release_config_value_get_n_values (value); i++)
        {
          if (i > 0)
            g_string_append (literal, ", ");
          release_config_literal_print (literal, release_config_value_get_nth (value, i));
        }
      g_string_append_c (literal, ']');
      break;

    default:
      g_assert_not_reached ();
    }
}
