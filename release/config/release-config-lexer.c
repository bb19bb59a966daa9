/* release/config/release-config-lexer.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-lexer-private.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-problem-private.h"

#include <string.h>

/* Digits of a number that is canonical as it stands, and surely fits into 64 bits. */
#define PLAIN_MAX_DIGITS 18

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* One for each character of ASCII that a name may have after its first letter. The original takes
 * anything but white space and #=[], and real files rely on some of it, as in inet:8387@localhost;
 * what begins a value or could be a slip of the hand is not taken. */
static const guint8 name_chars[256] =
  {
    ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1, ['0' ... '9'] = 1, ['-'] = 1, ['_'] = 1, ['.'] = 1,
    [':'] = 1, ['@'] = 1, ['+'] = 1, ['~'] = 1, ['%'] = 1, ['$'] = 1, ['&'] = 1, ['*'] = 1,
    ['!'] = 1, ['?'] = 1, ['^'] = 1, ['|'] = 1,
  };

/* One for each that cannot follow a name or a number without a space: together they look like a
 * path or text. */
static const guint8 glue_chars[256] =
  {
    ['/'] = 1, ['"'] = 1, ['\''] = 1, ['\\'] = 1, ['('] = 1, [')'] = 1, ['{'] = 1, ['}'] = 1,
    ['<'] = 1, ['>'] = 1, ['`'] = 1,
  };

/* One for each that stands for itself in a string and in its canonical literal. */
static const guint8 plain_chars[256] =
  {
    [0x20 ... 0x21] = 1, [0x23 ... 0x5b] = 1, [0x5d ... 0x7e] = 1,
  };

/* Sets the message about @token, which goes on to @end. */
static void G_GNUC_PRINTF (4, 5)
release_config_lexer_fail (ReleaseConfigLexer *self,
                           ReleaseConfigToken *token,
                           gsize               end,
                           const char         *format,
                           ...)
{
  va_list args;

  va_start (args, format);
  g_free (self->problem);
  self->problem = g_strdup_vprintf (format, args);
  va_end (args);

  token->kind = RELEASE_CONFIG_TOKEN_BAD;
  token->is_plain = FALSE;
  token->problem_at = token->start;
  token->problem_line = token->line;
  self->at = end;
}

/* The offset of the next line feed, or of the end. */
static gsize
end_of_line (ReleaseConfigLexer *self,
             gsize               at)
{
  const char *end = memchr (self->data + at, '\n', self->length - at);

  return end != NULL ? (gsize) (end - self->data) : self->length;
}

static gboolean
is_name_start (char c)
{
  return g_ascii_isalpha (c);
}

/* The number of bytes of the character at @p, if a name can have it there; else 0. */
static gsize
name_char_length (const char *p,
                  const char *end)
{
  gunichar c;

  if ((guint8) *p < 0x80)
    return name_chars[(guint8) *p];

  c = g_utf8_get_char_validated (p, end - p);
  if ((gint32) c < 0 || (!g_unichar_isalnum (c) && !g_unichar_ismark (c)))
    return 0;

  return g_unichar_to_utf8 (c, NULL);
}

static gsize
scan_name (const char *data,
           gsize       length,
           gsize       at)
{
  gsize n;

  while (at < length && name_chars[(guint8) data[at]])
    at++;
  while (at < length && (n = name_char_length (data + at, data + length)) > 0)
    at += n;

  return at;
}

/* The end of what a person sees as one word. */
static gsize
scan_word (const char *data,
           gsize       length,
           gsize       at)
{
  while (at < length && !g_ascii_isspace (data[at]) && data[at] != '\0'
         && strchr (",=[]#", data[at]) == NULL)
    at++;

  return at;
}

static void
fail_word (ReleaseConfigLexer *self,
           ReleaseConfigToken *token,
           const char         *format)
{
  gsize end = scan_word (self->data, self->length, token->start);
  g_autofree char *word = release_config_quote (self->data + token->start, end - token->start);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  release_config_lexer_fail (self, token, MAX (end, token->start + 1), format, word);
#pragma GCC diagnostic pop
}

static void
lex_name (ReleaseConfigLexer *self,
          ReleaseConfigToken *token)
{
  gsize end = scan_name (self->data, self->length, self->at);

  token->kind = RELEASE_CONFIG_TOKEN_NAME;
  token->is_plain = TRUE;
  self->at = end;

  if (end < self->length && glue_chars[(guint8) self->data[end]])
    fail_word (self, token, _("“%s” is not a keyword; a string is written in double quotes"));
}

/* Whether an equals sign is the next at @at, after white space and comments. */
gboolean
release_config_lexer_equals_follows (ReleaseConfigLexer *self,
                                     gsize               at)
{
  for (; at < self->length && (g_ascii_isspace (self->data[at]) || self->data[at] == '#'); at++)
    {
      if (self->data[at] == '#')
        at = end_of_line (self, at);
    }

  return at < self->length && self->data[at] == '=';
}

/* Whether a name and an equals sign follow: `a = 1b = 2` is two directives. */
static gboolean
directive_follows (ReleaseConfigLexer *self,
                   gsize               at)
{
  if (!is_name_start (self->data[at]))
    return FALSE;

  at = scan_name (self->data, self->length, at);

  return release_config_lexer_equals_follows (self, at);
}

static void
lex_number (ReleaseConfigLexer *self,
            ReleaseConfigToken *token)
{
  const char *data = self->data;
  gsize at = self->at;
  gsize whole;
  gsize n_digits;

  if (data[at] == '-')
    at++;
  whole = at;
  while (at < self->length && g_ascii_isdigit (data[at]))
    at++;
  n_digits = at - whole;

  token->kind = RELEASE_CONFIG_TOKEN_INT;
  token->is_plain = n_digits <= PLAIN_MAX_DIGITS && (data[whole] != '0' || whole == self->at)
                    && (data[whole] != '0' || n_digits == 1);
  if (at + 1 < self->length && data[at] == '.' && g_ascii_isdigit (data[at + 1]))
    {
      token->kind = RELEASE_CONFIG_TOKEN_FLOAT;
      token->is_plain = FALSE;
      for (at++; at < self->length && g_ascii_isdigit (data[at]);)
        at++;
    }
  self->at = at;

  if (at < self->length
      && (glue_chars[(guint8) data[at]] || name_char_length (data + at, data + self->length) > 0)
      && !directive_follows (self, at))
    fail_word (self, token, _("“%s” is not a number; a string is written in double quotes"));
}

/* Whether a backslash and three digits stand for no byte: the largest is \255. */
static gboolean
is_escape_past_a_byte (const char *p,
                       const char *end)
{
  if (end - p < 4 || !g_ascii_isdigit (p[1]) || !g_ascii_isdigit (p[2]) || !g_ascii_isdigit (p[3]))
    return FALSE;

  return 100 * (p[1] - '0') + 10 * (p[2] - '0') + (p[3] - '0') > G_MAXUINT8;
}

static void
lex_string (ReleaseConfigLexer *self,
            ReleaseConfigToken *token)
{
  const char *data = self->data;
  gsize at = self->at + 1;
  gsize bad_escape = 0;
  guint bad_line = 0;
  gboolean is_plain = TRUE;

  for (;; at++)
    {
      while (at < self->length && plain_chars[(guint8) data[at]])
        at++;
      if (at == self->length || data[at] == '"')
        break;

      is_plain = FALSE;
      if (data[at] == '\\')
        {
          if (bad_escape == 0 && is_escape_past_a_byte (data + at, data + self->length))
            {
              bad_escape = at;
              bad_line = self->line;
            }
          at++;
          if (at == self->length)
            break;
        }
      if (data[at] == '\n')
        self->line++;
    }

  if (at >= self->length)
    {
      release_config_lexer_fail (self, token, self->length,
                                 _("The string that begins here has no closing quote"));
      token->is_unterminated = TRUE;
      return;
    }
  token->kind = RELEASE_CONFIG_TOKEN_STRING;
  token->is_plain = is_plain;
  self->at = at + 1;

  if (bad_escape != 0)
    {
      release_config_lexer_fail (self, token, self->at,
                                 _("“%.4s” is not a byte: the escape takes three decimal digits, "
                                   "from \\000 to \\255"), data + bad_escape);
      token->problem_at = bad_escape;
      token->problem_line = bad_line;
    }
}

static gboolean
is_at_line_end (const ReleaseConfigLexer *self,
                gsize                     at)
{
  if (at < self->length && self->data[at] == '\r')
    at++;

  return at < self->length && self->data[at] == '\n';
}

static void
lex_regexp (ReleaseConfigLexer *self,
            ReleaseConfigToken *token)
{
  const char *data = self->data;
  gsize at = self->at + 1;
  const char *problem = NULL;
  gsize problem_at = 0;
  guint problem_line = 0;

  for (; at < self->length && data[at] != '/'; at++)
    {
      if (problem == NULL && data[at] == '\0')
        problem = _("A regular expression cannot have a NUL byte; write \\x00");
      /* What follows on the next line would become part of its escape. */
      else if (problem == NULL && data[at] == '\\' && is_at_line_end (self, at + 1))
        problem = _("A backslash cannot end a line of a regular expression");
      if (problem != NULL && problem_at == 0)
        {
          problem_at = at;
          problem_line = self->line;
        }

      /* A backslash takes the next one or a slash along; before all else it is PCRE's. */
      if (data[at] == '\\' && at + 1 < self->length
          && (data[at + 1] == '\\' || data[at + 1] == '/'))
        at++;
      else if (data[at] == '\n')
        self->line++;
    }

  if (at >= self->length)
    {
      release_config_lexer_fail (self, token, self->length,
                                 _("The regular expression that begins here has no closing slash; "
                                   "a path is written in double quotes"));
      token->is_unterminated = TRUE;
      return;
    }
  token->kind = RELEASE_CONFIG_TOKEN_REGEXP;
  self->at = at + 1;

  if (problem != NULL)
    {
      release_config_lexer_fail (self, token, self->at, "%s", problem);
      token->problem_at = problem_at;
      token->problem_line = problem_line;
    }
  else if (!g_utf8_validate (data + token->start, self->at - token->start, NULL))
    {
      release_config_lexer_fail (self, token, self->at,
                                 _("A regular expression must be valid UTF-8"));
    }
  else if (self->at < self->length
           && (is_name_start (data[self->at]) || strchr ("0123456789.-", data[self->at]) != NULL)
           && data[self->at] != '\0' && token->line == self->line
           && !directive_follows (self, self->at))
    {
      fail_word (self, token, _("“%s” looks like a path; a string is written in double quotes"));
    }
}

/* A byte that begins nothing. */
static void
lex_garbage (ReleaseConfigLexer *self,
             ReleaseConfigToken *token)
{
  const char *p = self->data + self->at;
  gunichar c = g_utf8_get_char_validated (p, self->length - self->at);
  gsize next = self->at + 1;

  if (*p == '\0')
    {
      release_config_lexer_fail (self, token, next,
                                 _("A NUL byte, which only a string may have"));
      return;
    }
  if ((gint32) c < 0)
    {
      release_config_lexer_fail (self, token, next,
                                 _("The byte 0x%02x is no valid UTF-8; only strings and comments "
                                   "may have any byte"), (guint8) *p);
      return;
    }

  next = self->at + g_unichar_to_utf8 (c, NULL);
  if (c == '\r')
    release_config_lexer_fail (self, token, next,
                               _("A carriage return that no line feed follows"));
  else if (c == '\'')
    fail_word (self, token, _("Strings are written in double quotes: %s"));
  else if (c == 0x201c || c == 0x201d || c == 0x201e || c == 0x2018 || c == 0x2019)
    release_config_lexer_fail (self, token, next,
                               _("Strings are written in straight double quotes, not in %.*s"),
                               (int) (next - self->at), p);
  else if (g_unichar_isspace (c) || !g_unichar_isprint (c))
    release_config_lexer_fail (self, token, next,
                               _("An invisible character that is not an ordinary space: U+%04X"),
                               c);
  else if (c == ';' || c == ':')
    release_config_lexer_fail (self, token, next,
                               _("Unexpected “%c”; directives are “key = value”, with white space "
                                 "between them"), (char) c);
  else if (g_unichar_isalpha (c) || c == '_')
    fail_word (self, token, _("“%s” is not a name: names begin with a letter from A to Z"));
  else
    release_config_lexer_fail (self, token, next, _("Unexpected character “%.*s”"),
                               (int) (next - self->at), p);
}

/* Skips white space and comments; stops at a byte that is neither, or at the end. */
static void
skip_space (ReleaseConfigLexer *self,
            gsize              *comment_nul)
{
  const char *data = self->data;

  while (self->at < self->length)
    {
      char c = data[self->at];

      if (c == '\n')
        {
          self->line++;
          self->at++;
        }
      else if (c == ' ' || c == '\t')
        {
          self->at++;
        }
      else if (c == '\r' && self->at + 1 < self->length && data[self->at + 1] == '\n')
        {
          self->at++;
        }
      else if (c == '#')
        {
          gsize next = end_of_line (self, self->at);
          const char *nul = memchr (data + self->at, '\0', next - self->at);

          self->at = next;
          if (nul != NULL)
            {
              *comment_nul = nul - data;
              return;
            }
        }
      else
        {
          return;
        }
    }
}

/* Where the text begins: after a byte order mark of UTF-8, if there is one. */
gsize
release_config_skip_byte_order_mark (const char *data,
                                     gsize       length)
{
  gsize mark_length = strlen (BYTE_ORDER_MARK);

  return length >= mark_length && memcmp (data, BYTE_ORDER_MARK, mark_length) == 0
         ? mark_length : 0;
}

void
release_config_lexer_init (ReleaseConfigLexer *self,
                           const char         *data,
                           gsize               length)
{
  *self = (ReleaseConfigLexer) { .data = data, .length = length, .line = 1 };
  self->at = release_config_skip_byte_order_mark (data, length);
}

void
release_config_lexer_clear (ReleaseConfigLexer *self)
{
  g_clear_pointer (&self->problem, g_free);
}

void
release_config_lexer_next (ReleaseConfigLexer *self,
                           ReleaseConfigToken *token)
{
  gsize comment_nul = 0;
  char c;

  skip_space (self, &comment_nul);
  *token = (ReleaseConfigToken) { .start = self->at, .line = self->line };

  if (comment_nul != 0)
    {
      token->start = comment_nul;
      release_config_lexer_fail (self, token, self->at,
                                 _("A NUL byte, which only a string may have"));
    }
  else if (self->at < self->length)
    {
      c = self->data[self->at];
      if (is_name_start (c))
        lex_name (self, token);
      else if (g_ascii_isdigit (c)
               || (self->at + 1 < self->length && (c == '-' || c == '.')
                   && g_ascii_isdigit (self->data[self->at + 1]))
               || (self->at + 2 < self->length && c == '-' && self->data[self->at + 1] == '.'
                   && g_ascii_isdigit (self->data[self->at + 2])))
        lex_number (self, token);
      else if (c == '"')
        lex_string (self, token);
      else if (c == '/')
        lex_regexp (self, token);
      else if (c == '=' || c == '[' || c == ']' || c == ',')
        {
          token->kind = c == '=' ? RELEASE_CONFIG_TOKEN_EQUALS
                        : c == '[' ? RELEASE_CONFIG_TOKEN_OPEN
                        : c == ']' ? RELEASE_CONFIG_TOKEN_CLOSE
                        : RELEASE_CONFIG_TOKEN_COMMA;
          self->at++;
        }
      else
        lex_garbage (self, token);
    }

  token->end = self->at;
  token->end_line = self->line;
}

/* Goes to the next line end, whatever is before it. */
void
release_config_lexer_skip_line (ReleaseConfigLexer *self)
{
  self->at = end_of_line (self, self->at);
}

/* Whether @name can be that of a key or a section, or a keyword. */
gboolean
release_config_is_name (const char *name)
{
  gsize length = strlen (name);

  return is_name_start (name[0]) && scan_name (name, length, 0) == length
         && strcmp (name, "true") != 0 && strcmp (name, "false") != 0;
}
