/* release/config/release-config-parser.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The grammar of configurations. It goes on after an error, so that one reading finds them all:
 * after a bad directive with the next line, and in a bad list with the next item.
 */

#include "config.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-literal-private.h"
#include "release/config/release-config-text-private.h"

#include <string.h>

/* How often the parser goes back to the line where a string without an end began. Each time costs
 * at most one more reading of the text. */
#define MAX_RETURNS 8

typedef struct
{
  ReleaseConfigOutline   *outline;
  ReleaseConfigProblems  *problems;

  ReleaseConfigLexer      lexer;
  ReleaseConfigToken      token;          /* the next one */
  ReleaseConfigToken      last;           /* the one before it */
  guint32                 section;
  guint                   n_returns;
  gboolean                is_lost;        /* which section this is, nobody knows */
} Parser;

static void
parser_next (Parser *self)
{
  self->last = self->token;
  release_config_lexer_next (&self->lexer, &self->token);
}

static char *
parser_quote (Parser                   *self,
              const ReleaseConfigToken *token)
{
  return release_config_quote (self->lexer.data + token->start, token->end - token->start);
}

static gboolean
token_is (Parser                   *self,
          const ReleaseConfigToken *token,
          const char               *word)
{
  gsize length = token->end - token->start;

  return token->kind == RELEASE_CONFIG_TOKEN_NAME && length == strlen (word)
         && memcmp (self->lexer.data + token->start, word, length) == 0;
}

static gboolean
token_is_bool (Parser                   *self,
               const ReleaseConfigToken *token)
{
  return token_is (self, token, "true") || token_is (self, token, "false");
}

static void G_GNUC_PRINTF (4, 5)
parser_report (Parser     *self,
               gsize       at,
               guint       line,
               const char *format,
               ...)
{
  g_autofree char *message = NULL;
  ReleaseConfigPlace place;
  va_list args;

  if (release_config_problems_is_full (self->problems))
    {
      release_config_problems_count (self->problems);
      return;
    }

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  place = release_config_outline_place (self->outline, at, line);
  place.section = g_array_index (self->outline->sections, ReleaseConfigSection,
                                 self->section).name;
  release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_SYNTAX, &place,
                                  "%s", message);
}

/* Whether the token before this one looks as if it had lost its end: the string or expression goes
 * over lines, and what follows on the last of them makes no sense. */
static gboolean
last_is_suspicious (Parser *self)
{
  return (self->last.kind == RELEASE_CONFIG_TOKEN_STRING
          || self->last.kind == RELEASE_CONFIG_TOKEN_REGEXP)
         && self->last.end_line > self->last.line
         && self->last.end_line == self->token.line;
}

/* Goes to the line after that on which @token began, as if it ended there. */
static void
parser_return_to (Parser                   *self,
                  const ReleaseConfigToken *token)
{
  self->n_returns++;
  self->lexer.at = token->start;
  self->lexer.line = token->line;
  release_config_lexer_skip_line (&self->lexer);
  parser_next (self);
}

static void
parser_skip_line (Parser *self)
{
  release_config_lexer_skip_line (&self->lexer);
  parser_next (self);
}

/* Reports that the next token is not what belongs there. */
static void
parser_report_token (Parser     *self,
                     const char *expected)
{
  g_autofree char *shown = NULL;

  if (release_config_problems_is_full (self->problems))
    {
      release_config_problems_count (self->problems);
      return;
    }

  shown = parser_quote (self, &self->token);
  if (last_is_suspicious (self))
    parser_report (self, self->last.start, self->last.line,
                   self->last.kind == RELEASE_CONFIG_TOKEN_STRING
                   ? _("The string that begins here ends on line %u, before “%s”: does it lack "
                       "its closing quote?")
                   : _("The regular expression that begins here ends on line %u, before “%s”: "
                       "does it lack its closing slash, or is it a path, which is written in "
                       "double quotes?"),
                   self->last.end_line, shown);
  else if (self->token.kind == RELEASE_CONFIG_TOKEN_BAD)
    parser_report (self, self->token.problem_at, self->token.problem_line, "%s",
                   self->lexer.problem);
  else if (self->token.kind == RELEASE_CONFIG_TOKEN_END)
    parser_report (self, self->last.start, self->last.line, _("The file ends too early: %s"),
                   expected);
  else
    parser_report (self, self->token.start, self->token.line, _("Unexpected “%s”: %s"), shown,
                   expected);
}

/* Reports that the next token is not what belongs there, and goes on with the next line. */
static void
parser_fail (Parser     *self,
             const char *expected)
{
  ReleaseConfigToken last = self->last;
  ReleaseConfigToken token = self->token;

  parser_report_token (self, expected);
  if (last_is_suspicious (self) && self->n_returns < MAX_RETURNS)
    parser_return_to (self, &last);
  else if (token.is_unterminated && self->n_returns < MAX_RETURNS)
    parser_return_to (self, &token);
  else if (token.kind != RELEASE_CONFIG_TOKEN_END)
    parser_skip_line (self);
}

static void
parser_enter_section (Parser *self,
                      guint32 section)
{
  self->section = section;
  self->is_lost = FALSE;
}

static void
parse_section (Parser *self)
{
  ReleaseConfigToken open = self->token;
  ReleaseConfigToken name;
  ReleaseConfigSection *section;
  guint32 index;
  gsize end;

  parser_next (self);
  name = self->token;
  end = name.end;
  if (name.kind != RELEASE_CONFIG_TOKEN_NAME || token_is_bool (self, &name))
    {
      self->outline->has_lost_section = TRUE;
      self->is_lost = TRUE;
      parser_fail (self, _("the name of a section belongs here, as in “[some-section]”"));
      return;
    }

  parser_next (self);
  if (self->token.kind == RELEASE_CONFIG_TOKEN_CLOSE)
    {
      end = self->token.end;
      parser_next (self);
    }
  else if (self->token.kind == RELEASE_CONFIG_TOKEN_END || self->token.line > name.end_line)
    {
      /* The name is clear, and so are the keys that follow. */
      g_autofree char *shown = parser_quote (self, &name);

      parser_report (self, open.start, open.line, _("“]” is missing after “[%s”"), shown);
    }
  else
    {
      self->outline->has_lost_section = TRUE;
      self->is_lost = TRUE;
      parser_fail (self, _("“]” belongs after the name of a section"));
      return;
    }

  if (release_config_outline_add_section (self->outline, self->lexer.data + name.start,
                                          name.end - name.start, &index))
    {
      section = &g_array_index (self->outline->sections, ReleaseConfigSection, index);
      section->start = open.start;
      section->end = end;
      section->line = open.line;
      parser_enter_section (self, index);
    }
  else if (release_config_problems_is_full (self->problems))
    {
      release_config_problems_count (self->problems);
      parser_enter_section (self, index);
    }
  else
    {
      ReleaseConfigPlace place =
        release_config_outline_place (self->outline, open.start, open.line);
      g_autofree char *shown = parser_quote (self, &name);

      section = &g_array_index (self->outline->sections, ReleaseConfigSection, index);
      place.section = section->name;
      release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_DUPLICATE, &place,
                                      _("Section [%s] is there twice; it began on line %u"),
                                      shown, section->line);
      parser_enter_section (self, index);
    }
}

/* Whether an equals sign follows the next token. */
static gboolean
parser_equals_follows (Parser *self)
{
  return release_config_lexer_equals_follows (&self->lexer, self->lexer.at);
}

/* Whether the next token cannot belong to a list that lacks its end: a line begins with it, and it
 * looks like a section, or like a key by what is after it. */
static gboolean
parser_at_directive (Parser *self)
{
  if (self->token.kind == RELEASE_CONFIG_TOKEN_END)
    return TRUE;
  if (self->last.end_line == self->token.line)
    return FALSE;

  return self->token.kind == RELEASE_CONFIG_TOKEN_OPEN
         || (self->token.kind == RELEASE_CONFIG_TOKEN_NAME && parser_equals_follows (self));
}

/* Whether the token is a value, as most that look like one are. */
static gboolean
parse_item (Parser *self)
{
  g_autofree char *problem = NULL;

  if (release_config_literal_check (self->lexer.data, &self->token, &problem))
    return TRUE;

  parser_report (self, self->token.start, self->token.line, "%s", problem);

  return FALSE;
}

/* What a list has had, and what it has inside. */
typedef struct
{
  guint  depth;             /* of lists in the list */
  guint  is_good : 1;
  guint  needs_comma : 1;
  guint  needs_item : 1;
} ListState;

static void
parse_list_problem (Parser     *self,
                    ListState  *state,
                    const char *message)
{
  parser_report (self, self->token.start, self->token.line, "%s", message);
  state->is_good = FALSE;
}

/* Takes the next token of a list; FALSE if the list does not go on. */
static gboolean
parse_list_token (Parser    *self,
                  ListState *state)
{
  ReleaseConfigTokenKind kind = self->token.kind;

  if (kind == RELEASE_CONFIG_TOKEN_COMMA)
    {
      if (!state->needs_comma)
        parse_list_problem (self, state, _("A value is missing before the comma"));
      state->needs_comma = FALSE;
      state->needs_item = TRUE;
    }
  else if (kind == RELEASE_CONFIG_TOKEN_CLOSE)
    {
      state->depth--;
      state->needs_comma = TRUE;
      state->needs_item = FALSE;
    }
  else if (last_is_suspicious (self)
           || (kind == RELEASE_CONFIG_TOKEN_BAD && self->token.is_unterminated)
           || kind == RELEASE_CONFIG_TOKEN_EQUALS)
    {
      parser_fail (self, _("a list goes on with a comma or ends with “]”"));
      return FALSE;
    }
  else
    {
      if (state->needs_comma)
        {
          g_autofree char *shown = parser_quote (self, &self->token);

          parser_report (self, self->token.start, self->token.line,
                         _("A comma is missing before “%s”"), shown);
          state->is_good = FALSE;
        }
      state->needs_comma = kind != RELEASE_CONFIG_TOKEN_OPEN;
      state->needs_item = FALSE;

      if (kind == RELEASE_CONFIG_TOKEN_BAD)
        {
          parser_report (self, self->token.problem_at, self->token.problem_line, "%s",
                         self->lexer.problem);
          state->is_good = FALSE;
        }
      else if (kind == RELEASE_CONFIG_TOKEN_OPEN)
        {
          if (state->depth++ == 0)
            parse_list_problem (self, state, _("Lists cannot be nested"));
        }
      else if (!parse_item (self))
        {
          state->is_good = FALSE;
        }
    }
  parser_next (self);

  return TRUE;
}

/* Reads a list up to its end, whatever is wrong in it. Returns whether nothing was. */
static gboolean
parse_list (Parser *self)
{
  ReleaseConfigToken open = self->token;
  ListState state = { .is_good = TRUE };

  parser_next (self);
  while (self->token.kind != RELEASE_CONFIG_TOKEN_CLOSE || state.depth > 0)
    {
      if (parser_at_directive (self) && (state.depth == 0
                                         || self->token.kind != RELEASE_CONFIG_TOKEN_OPEN))
        {
          parser_report (self, open.start, open.line,
                         _("The list that begins here has no closing “]”"));
          return FALSE;
        }
      if (!parse_list_token (self, &state))
        return FALSE;
    }

  if (state.needs_item)
    parse_list_problem (self, &state, _("A value is missing after the last comma of the list"));
  parser_next (self);

  return state.is_good;
}

/* Goes over a value; FALSE if it is none. */
static gboolean
parse_value (Parser *self)
{
  gboolean is_good;

  if (self->token.kind == RELEASE_CONFIG_TOKEN_OPEN)
    return parse_list (self);
  if (!release_config_token_is_scalar (&self->token))
    {
      parser_fail (self, _("a value belongs after “=”"));
      return FALSE;
    }

  is_good = parse_item (self);
  parser_next (self);

  return is_good;
}

/* `a =` and a directive on the next line read as a keyword and a stray equals sign. */
static gboolean
value_is_missing (Parser                   *self,
                  const ReleaseConfigToken *value)
{
  return value->kind == RELEASE_CONFIG_TOKEN_NAME && self->token.kind == RELEASE_CONFIG_TOKEN_EQUALS
         && self->last.start == value->start;
}

static void
report_duplicate (const ReleaseConfigDirective *directive,
                  const ReleaseConfigDirective *first,
                  gpointer                      user_data)
{
  Parser *self = user_data;
  g_autofree char *key = NULL;
  g_autofree char *shown = NULL;
  ReleaseConfigPlace place;

  if (release_config_problems_is_full (self->problems))
    {
      release_config_problems_count (self->problems);
      return;
    }

  key = g_strndup (self->lexer.data + directive->key, directive->key_length);
  shown = release_config_quote (key, directive->key_length);
  place = release_config_outline_place (self->outline, directive->key, directive->line);
  place.section = g_array_index (self->outline->sections, ReleaseConfigSection,
                                 directive->section).name;
  place.key = key;
  release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_DUPLICATE, &place,
                                  _("“%s” is there twice; the first is on line %u"), shown,
                                  first->line);
}

static void
parser_add (Parser                       *self,
            const ReleaseConfigDirective *directive)
{
  if (!self->is_lost)
    release_config_outline_add (self->outline, directive);
}

static void
parse_directive (Parser *self)
{
  ReleaseConfigToken key = self->token;
  ReleaseConfigToken value;
  g_autofree char *shown = NULL;
  gboolean is_bool;
  ReleaseConfigDirective directive =
    {
      .section = self->section,
      .key = key.start,
      .key_length = key.end - key.start,
      .line = key.line,
    };

  parser_next (self);
  if (self->token.kind != RELEASE_CONFIG_TOKEN_EQUALS)
    {
      g_autofree char *expected = NULL;

      shown = parser_quote (self, &key);
      expected = g_str_has_suffix (shown, ":")
                 ? g_strdup_printf (_("“=” belongs after “%s”, not a colon"), shown)
                 : g_strdup_printf (_("“=” belongs after “%s”, if that is a key; a string is "
                                      "written in double quotes"), shown);
      if (self->token.kind != RELEASE_CONFIG_TOKEN_END
          && (self->token.kind == RELEASE_CONFIG_TOKEN_BAD || self->token.line == key.line))
        {
          parser_fail (self, expected);
        }
      else
        {
          /* The line of the key is what is wrong; the next one may be good. */
          parser_report (self, key.start, key.line, _("Unexpected “%s”: %s"), shown, expected);
        }
      return;
    }
  is_bool = token_is_bool (self, &key);
  if (is_bool)
    parser_report (self, key.start, key.line, _("A boolean cannot be the name of a key"));

  parser_next (self);
  value = self->token;
  directive.value = value.start;
  if (parse_value (self))
    directive.value_end = self->last.end;
  if (value_is_missing (self, &value))
    {
      shown = parser_quote (self, &key);
      parser_report (self, key.start, key.line, _("“%s” has no value"), shown);
      directive.value_end = 0;
      parser_add (self, &directive);

      /* What was taken for the value is the next key. */
      self->lexer.at = value.start;
      self->lexer.line = value.line;
      parser_next (self);
      return;
    }
  if (!is_bool)
    parser_add (self, &directive);
}

static void
parse_directives (Parser *self)
{
  while (self->token.kind != RELEASE_CONFIG_TOKEN_END)
    {
      if (self->token.kind == RELEASE_CONFIG_TOKEN_OPEN)
        {
          parse_section (self);
        }
      else if (self->token.kind == RELEASE_CONFIG_TOKEN_NAME)
        {
          if (last_is_suspicious (self) && !parser_equals_follows (self))
            parser_fail (self, _("“=” belongs after a key"));
          else
            parse_directive (self);
        }
      else
        {
          parser_fail (self, _("a directive is “key = value”, and a section begins with "
                               "“[name]”"));
        }
    }
}

/* A text of another encoding would give an error for every character. */
static gboolean
is_utf16 (const char *data,
          gsize       length)
{
  return length >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0);
}

void
release_config_parse (ReleaseConfigOutline  *outline,
                      ReleaseConfigProblems *problems)
{
  Parser self = { .outline = outline, .problems = problems };

  if (outline->length > RELEASE_CONFIG_MAX_BYTES)
    {
      const ReleaseConfigPlace place = { .line = 1, .column = 1 };

      release_config_problems_report (problems, RELEASE_CONFIG_ERROR_TOO_LARGE, &place,
                                      _("%" G_GSIZE_FORMAT " bytes are too many for a "
                                        "configuration; the limit is %u"),
                                      outline->length, RELEASE_CONFIG_MAX_BYTES);
      return;
    }
  if (is_utf16 (outline->data, outline->length))
    {
      parser_report (&self, 0, 1, _("The file is UTF-16; save it as UTF-8"));
      return;
    }

  parser_enter_section (&self, RELEASE_CONFIG_GLOBAL_SECTION);
  release_config_lexer_init (&self.lexer, outline->data, outline->length);
  parser_next (&self);
  parse_directives (&self);
  outline->n_lines = self.lexer.line;
  release_config_outline_index (outline, report_duplicate, &self);

  release_config_lexer_clear (&self.lexer);
}
