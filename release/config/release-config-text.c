/* release/config/release-config-text.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-text.h"

#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-literal-private.h"
#include "release/config/release-config-text-private.h"

#include <string.h>

/**
 * SECTION:release-config-text
 * @title: ReleaseConfigText
 * @short_description: the syntax of configurations
 *
 * A #ReleaseConfigText is the first of three steps from a file to a
 * configuration: it knows the syntax and nothing of what a key means. It fills a
 * #GKeyFile, and keeps beside it where everything is, comments too. Programs use
 * #ReleaseConfig, which has one; this class is for those that look at or change
 * files without a specification.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(ReleaseConfigText) text = release_config_text_new (bytes, "mailer.conf");
 *   g_autoptr(GBytes) changed = NULL;
 *   g_autoptr(GError) error = NULL;
 *
 *   if (!release_config_text_check (text, &error))
 *     return usage (error);
 *
 *   g_key_file_set_value (release_config_text_get_key_file (text),
 *                         "some-section", "tmp", "\"/var/tmp\"");
 *   changed = release_config_text_update (text, release_config_text_get_key_file (text));
 * ]|
 *
 * # The syntax
 *
 * |[
 * # Global keys come before any section.
 * user = "foo"  background = true
 *
 * [limits]  connections = 100
 * delays = [
 *   0.5, .25, -1.0,       # a list goes over as many lines as it likes
 * # 2.0,
 *   4.0
 * ]
 * ]|
 *
 * A directive is a key, an equals sign and a value. White space and newlines
 * between them do not matter, and several directives can be on a line. A section
 * begins with its name in brackets; it and each key in it can be there once.
 *
 * A comment goes from a hash sign to the end of the line, anywhere but in a
 * string or a regular expression. It may have any bytes but NUL.
 *
 * A name, of a key or a section, begins with a letter from A to Z, small or
 * capital, and goes on with letters (of any language, in UTF-8), digits, and any
 * of `-_.:@+~%$&*!?^|`. `true` and `false` are no names.
 *
 * A value is one of these:
 *
 * - an integer of 64 bits, as `10` or `-3`; always decimal
 * - a float, as `1.5`, `.5` or `-0.25`; there is no exponent, and always a digit
 *   after the point
 * - a boolean, `true` or `false`
 * - a keyword, which is a bare name as `debug`
 * - a string in double quotes: any bytes, newlines too. The escapes are `\\`, `\"`,
 *   `\'`, `\n`, `\t`, `\b` (backspace), `\r`, a backslash and a space, `\DDD` with three
 *   decimal digits up to `\255`, and `\xHH`. Any other backslash stands for itself.
 * - a regular expression of PCRE in slashes, in UTF-8. `\/` is a slash; a newline
 *   and the white space after it are left out, so that a long one can be broken.
 *   All else is PCRE's.
 * - a list of those in brackets, with commas between them and none after the last.
 *   It can be empty. A list is no value of a list.
 *
 * A number or a keyword ends with white space, a comma, a bracket, an equals sign
 * or a comment; only where a directive follows (`a = 1b = 2`) that is not
 * needed.
 *
 * Lines end with LF or CR LF. A byte order mark of UTF-8 at the start is skipped.
 * At most 256 MiB are read.
 *
 * # In the key file
 *
 * In the #GKeyFile each value is what release_config_value_print() makes of it:
 * one line in the same syntax, so read it with g_key_file_get_value(), and not
 * with g_key_file_get_string(), which has another notion of escapes. The global
 * keys are in the group %RELEASE_CONFIG_GLOBAL_GROUP. Of a key that is there
 * twice the first value counts, but then release_config_text_check() fails.
 *
 * A text may be used from one thread at a time; several threads can have one each.
 */

struct _ReleaseConfigText
{
  GObject                 parent_instance;

  GBytes                 *bytes;
  ReleaseConfigOutline    outline;        /* of @bytes */
  GKeyFile               *key_file;       /* (nullable): made when somebody asks for it */
  ReleaseConfigProblems  *problems;
};

G_DEFINE_FINAL_TYPE (ReleaseConfigText, release_config_text, G_TYPE_OBJECT)

/* A list of changes that turn the text into another one. */
typedef struct
{
  const char  *data;
  gsize        at;              /* up to here the text is in the result */
  GString     *result;
} Rewrite;

static void
rewrite_copy (Rewrite *self,
              gsize    end)
{
  if (end > self->at)
    {
      g_string_append_len (self->result, self->data + self->at, end - self->at);
      self->at = end;
    }
}

/* The canonical literal of the value between two offsets. */
static char *
canonical_literal (const char *data,
                   gsize       start,
                   gsize       end)
{
  g_auto(ReleaseConfigLexer) lexer;
  ReleaseConfigToken token;
  GString *literal = g_string_new (NULL);

  release_config_lexer_init (&lexer, data, end);
  lexer.at = start;
  release_config_lexer_next (&lexer, &token);
  if (token.kind == RELEASE_CONFIG_TOKEN_OPEN)
    g_string_append_c (literal, '[');
  for (; token.kind != RELEASE_CONFIG_TOKEN_END; release_config_lexer_next (&lexer, &token))
    {
      g_autofree char *problem = NULL;

      if (token.kind == RELEASE_CONFIG_TOKEN_COMMA)
        g_string_append (literal, ", ");
      else if (token.kind == RELEASE_CONFIG_TOKEN_CLOSE)
        g_string_append_c (literal, ']');
      else if (release_config_token_is_scalar (&token))
        release_config_literal_append (literal, data, &token, &problem);
    }

  return g_string_free (literal, FALSE);
}

static const char *
group_of (const ReleaseConfigSection *section)
{
  return section->name != NULL ? section->name : RELEASE_CONFIG_GLOBAL_GROUP;
}

static gboolean
has_global_keys (const ReleaseConfigOutline *outline)
{
  return outline->directives->len > 0
         && g_array_index (outline->directives, ReleaseConfigDirective, 0).section
            == RELEASE_CONFIG_GLOBAL_SECTION;
}

static GKeyFile *
make_key_file (ReleaseConfigOutline *outline)
{
  GKeyFile *key_file = g_key_file_new ();

  /* A key file has no other way to get a group without keys. */
  for (guint i = has_global_keys (outline) ? 0 : 1; i < outline->sections->len; i++)
    {
      const char *group = group_of (&g_array_index (outline->sections, ReleaseConfigSection, i));

      g_key_file_set_value (key_file, group, "x", "");
      g_key_file_remove_key (key_file, group, "x", NULL);
    }

  for (guint i = 0; i < outline->directives->len; i++)
    {
      const ReleaseConfigDirective *directive =
        &g_array_index (outline->directives, ReleaseConfigDirective, i);
      g_autofree char *key = g_strndup (outline->data + directive->key, directive->key_length);
      g_autofree char *literal = NULL;

      if (directive->value_end == 0)
        continue;
      literal = canonical_literal (outline->data, directive->value, directive->value_end);
      g_key_file_set_value (key_file,
                            group_of (&g_array_index (outline->sections, ReleaseConfigSection,
                                                      directive->section)),
                            key, literal);
    }

  return key_file;
}

/* Leaves a directive out, and its line too if there is nothing else on it but a comment. */
static void
rewrite_remove (Rewrite                      *self,
                const ReleaseConfigOutline   *outline,
                const ReleaseConfigDirective *directive)
{
  const char *data = self->data;
  gsize start = directive->key;
  gsize end = directive->value_end;

  while (start > self->at && (data[start - 1] == ' ' || data[start - 1] == '\t'))
    start--;
  while (end < outline->length && (data[end] == ' ' || data[end] == '\t'))
    end++;
  if (start == self->at ? start == 0 || data[start - 1] == '\n' : data[start - 1] == '\n')
    {
      if (end < outline->length && data[end] == '#')
        {
          const char *newline = memchr (data + end, '\n', outline->length - end);

          end = newline != NULL ? (gsize) (newline - data) : outline->length;
        }
      if (end < outline->length && data[end] == '\r')
        end++;
      if (end < outline->length && data[end] == '\n')
        end++;
      else if (end < outline->length)
        start = directive->key;
    }
  else
    {
      end = directive->value_end;
    }

  rewrite_copy (self, start);
  self->at = end;
}

/* Where a new directive of a section goes: after the line of its last one. */
static gsize
section_insertion (const ReleaseConfigOutline *outline,
                   const ReleaseConfigSection *section)
{
  const char *newline;

  if (section->end == 0)
    return 0;

  newline = memchr (outline->data + section->end, '\n', outline->length - section->end);

  return newline != NULL ? (gsize) (newline - outline->data) + 1 : outline->length;
}

/* The offset after a comment that a blank line sets off from what follows, at the start of a text;
 * it speaks of the whole file, and global keys go after it. */
static gsize
skip_preamble (const ReleaseConfigOutline *outline)
{
  const char *data = outline->data;
  gsize at = 0;

  while (at < outline->length && data[at] == '#')
    {
      const char *newline = memchr (data + at, '\n', outline->length - at);

      if (newline == NULL)
        return outline->length;
      at = newline - data + 1;
      if (at < outline->length && data[at] == '\n')
        return at + 1;
    }

  return 0;
}

static void
rewrite_end_line (Rewrite *self)
{
  if (self->result->len > 0 && self->result->str[self->result->len - 1] != '\n')
    g_string_append_c (self->result, '\n');
}

/* Writes the keys of a group that the text does not have. */
static void
rewrite_add_keys (Rewrite              *self,
                  ReleaseConfigOutline *outline,
                  guint32               section,
                  GKeyFile             *key_file,
                  const char           *group)
{
  g_auto(GStrv) keys = g_key_file_get_keys (key_file, group, NULL, NULL);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *literal = NULL;

      if (section < outline->sections->len
          && release_config_outline_find (outline, section, keys[i], strlen (keys[i])) != NULL)
        continue;
      literal = g_key_file_get_value (key_file, group, keys[i], NULL);
      rewrite_end_line (self);
      g_string_append_printf (self->result, "%s = %s\n", keys[i], literal);
    }
}

/* Puts the keys that are new in a section of the text where the section ends. */
static void
rewrite_finish_section (Rewrite              *self,
                        ReleaseConfigOutline *outline,
                        guint32               section,
                        GKeyFile             *key_file)
{
  const ReleaseConfigSection *record = &g_array_index (outline->sections, ReleaseConfigSection,
                                                       section);
  gsize at = record->end != 0 ? section_insertion (outline, record) : skip_preamble (outline);
  gsize length;

  /* The next section can begin on the same line. */
  if (section + 1 < outline->sections->len)
    at = MIN (at, MAX (record->end, g_array_index (outline->sections, ReleaseConfigSection,
                                                   section + 1).start));
  rewrite_copy (self, at);
  length = self->result->len;
  rewrite_add_keys (self, outline, section, key_file, group_of (record));
  if (self->result->len > length && record->end == 0 && self->at < outline->length
      && self->data[self->at] != '\n')
    g_string_append_c (self->result, '\n');
}

static void
release_config_text_finalize (GObject *object)
{
  ReleaseConfigText *self = RELEASE_CONFIG_TEXT (object);

  release_config_outline_clear (&self->outline);
  g_clear_pointer (&self->key_file, g_key_file_unref);
  release_config_problems_free (self->problems);
  g_bytes_unref (self->bytes);

  G_OBJECT_CLASS (release_config_text_parent_class)->finalize (object);
}

static void
release_config_text_class_init (ReleaseConfigTextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = release_config_text_finalize;
}

static void
release_config_text_init (ReleaseConfigText *self)
{
}

ReleaseConfigOutline *
release_config_text_get_outline (ReleaseConfigText *self)
{
  return &self->outline;
}

ReleaseConfigProblems *
release_config_text_get_problems (ReleaseConfigText *self)
{
  return self->problems;
}

/**
 * release_config_text_new:
 * @bytes: the text
 * @name: (type filename): what it is called in messages, as the name of its file
 *
 * Reads a text. That does not fail; release_config_text_check() says whether
 * the text is in the syntax.
 *
 * Returns: (transfer full): a new #ReleaseConfigText
 *
 * Since: 0.1
 */
ReleaseConfigText *
release_config_text_new (GBytes     *bytes,
                         const char *name)
{
  ReleaseConfigText *self;
  const char *data;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (RELEASE_TYPE_CONFIG_TEXT, NULL);
  self->bytes = g_bytes_ref (bytes);
  self->problems = release_config_problems_new (name);

  data = g_bytes_get_data (bytes, &length);
  release_config_outline_init (&self->outline, data != NULL ? data : "", length);
  release_config_parse (&self->outline, self->problems);

  return self;
}

/**
 * release_config_text_check:
 * @self: a #ReleaseConfigText
 * @error: return location for a #GError, or %NULL
 *
 * Says whether the text is in the syntax. If not, @error is in the domain
 * %RELEASE_CONFIG_ERROR, and its message has a line for each thing that is wrong,
 * `file:line:column: message`.
 *
 * Returns: %TRUE if it is, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_text_check (ReleaseConfigText  *self,
                           GError            **error)
{
  g_return_val_if_fail (RELEASE_IS_CONFIG_TEXT (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return release_config_problems_set_error (self->problems, error);
}

/**
 * release_config_text_dup_problems:
 * @self: a #ReleaseConfigText
 *
 * Gets all that is wrong with the text.
 *
 * Returns: (transfer container) (element-type ReleaseConfigProblem): the problems, in
 *   the order of the text; at most 100
 *
 * Since: 0.1
 */
GPtrArray *
release_config_text_dup_problems (ReleaseConfigText *self)
{
  g_return_val_if_fail (RELEASE_IS_CONFIG_TEXT (self), NULL);

  return release_config_problems_dup_list (self->problems);
}

/**
 * release_config_text_get_key_file:
 * @self: a #ReleaseConfigText
 *
 * Gets what is in the text. The key file is made when this is called first, for
 * most programs do without it.
 *
 * Returns: (transfer none): the key file, which belongs to the text, but may be
 *   changed
 *
 * Since: 0.1
 */
GKeyFile *
release_config_text_get_key_file (ReleaseConfigText *self)
{
  g_return_val_if_fail (RELEASE_IS_CONFIG_TEXT (self), NULL);

  if (self->key_file == NULL)
    self->key_file = make_key_file (&self->outline);

  return self->key_file;
}

/**
 * release_config_text_locate:
 * @self: a #ReleaseConfigText
 * @section: (nullable): a section, or %NULL for the global keys
 * @key: (nullable): a key, or %NULL for the section itself
 * @line: (out) (optional): return location for the line, from 1
 * @column: (out) (optional): return location for the column, from 1, in
 *   characters
 *
 * Finds a key or a section in the text.
 *
 * Returns: %TRUE, or %FALSE if it is not there
 *
 * Since: 0.1
 */
gboolean
release_config_text_locate (ReleaseConfigText *self,
                            const char        *section,
                            const char        *key,
                            guint             *line,
                            guint             *column)
{
  ReleaseConfigOutline *outline;
  guint32 index;
  gsize at;
  guint at_line;

  g_return_val_if_fail (RELEASE_IS_CONFIG_TEXT (self), FALSE);

  outline = &self->outline;
  if (!release_config_outline_find_section (outline, section, &index))
    return FALSE;
  if (key == NULL)
    {
      at = g_array_index (outline->sections, ReleaseConfigSection, index).start;
      at_line = g_array_index (outline->sections, ReleaseConfigSection, index).line;
    }
  else
    {
      const ReleaseConfigDirective *directive =
        release_config_outline_find (outline, index, key, strlen (key));

      if (directive == NULL)
        return FALSE;
      at = directive->key;
      at_line = directive->line;
    }

  if (line != NULL)
    *line = at_line;
  if (column != NULL)
    *column = release_config_column (outline->data, at);

  return TRUE;
}

/**
 * release_config_text_update:
 * @self: a #ReleaseConfigText without problems
 * @key_file: what is to be in the text, with values in the syntax
 *
 * Makes a text that has the values of @key_file, and all else as in @self:
 * comments, order, and the spelling of values that did not change. New keys come
 * at the end of their sections, and new sections at the end. A key that goes
 * takes the comment on its line along. A section stays, even without keys.
 *
 * Returns: (transfer full): the bytes of the new text
 *
 * Since: 0.1
 */
GBytes *
release_config_text_update (ReleaseConfigText *self,
                            GKeyFile          *key_file)
{
  ReleaseConfigOutline *outline;
  g_auto(GStrv) groups = NULL;
  Rewrite rewrite;
  guint32 section = RELEASE_CONFIG_GLOBAL_SECTION;

  g_return_val_if_fail (RELEASE_IS_CONFIG_TEXT (self), NULL);
  g_return_val_if_fail (key_file != NULL, NULL);
  g_return_val_if_fail (release_config_problems_is_empty (self->problems), NULL);

  outline = &self->outline;
  rewrite = (Rewrite) { .data = outline->data };
  rewrite.result = g_string_sized_new (outline->length);

  for (guint i = 0; i < outline->directives->len; i++)
    {
      const ReleaseConfigDirective *directive =
        &g_array_index (outline->directives, ReleaseConfigDirective, i);
      const ReleaseConfigSection *record;
      g_autofree char *key = g_strndup (outline->data + directive->key, directive->key_length);
      g_autofree char *old = NULL;
      g_autofree char *new = NULL;

      while (section < directive->section)
        rewrite_finish_section (&rewrite, outline, section++, key_file);

      record = &g_array_index (outline->sections, ReleaseConfigSection, section);
      new = g_key_file_get_value (key_file, group_of (record), key, NULL);
      if (new == NULL)
        {
          rewrite_remove (&rewrite, outline, directive);
          continue;
        }
      old = canonical_literal (outline->data, directive->value, directive->value_end);
      if (strcmp (old, new) != 0)
        {
          rewrite_copy (&rewrite, directive->value);
          g_string_append (rewrite.result, new);
          rewrite.at = directive->value_end;
        }
    }
  while (section < outline->sections->len)
    rewrite_finish_section (&rewrite, outline, section++, key_file);
  rewrite_copy (&rewrite, outline->length);

  groups = g_key_file_get_groups (key_file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++)
    {
      if (strcmp (groups[i], RELEASE_CONFIG_GLOBAL_GROUP) == 0
          || release_config_outline_find_section (outline, groups[i], &section))
        continue;
      rewrite_end_line (&rewrite);
      g_string_append_printf (rewrite.result, "%s[%s]\n", rewrite.result->len > 0 ? "\n" : "",
                              groups[i]);
      rewrite_add_keys (&rewrite, outline, G_MAXUINT32, key_file, groups[i]);
    }

  return g_string_free_to_bytes (rewrite.result);
}
