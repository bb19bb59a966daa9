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
 *   and the white space after it are left out, so that a long one can be broken,
 *   but not after a backslash. All else is PCRE's.
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

const char *
release_config_section_get_group (const ReleaseConfigSection *self)
{
  return self->name != NULL ? self->name : RELEASE_CONFIG_GLOBAL_GROUP;
}

void
release_config_add_group (GKeyFile   *key_file,
                          const char *group)
{
  g_key_file_set_value (key_file, group, "x", "");
  g_key_file_remove_key (key_file, group, "x", NULL);
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

  for (guint i = has_global_keys (outline) ? 0 : 1; i < outline->sections->len; i++)
    {
      const ReleaseConfigSection *section =
        &g_array_index (outline->sections, ReleaseConfigSection, i);

      release_config_add_group (key_file, release_config_section_get_group (section));
    }

  for (guint i = 0; i < outline->directives->len; i++)
    {
      const ReleaseConfigDirective *directive =
        &g_array_index (outline->directives, ReleaseConfigDirective, i);
      const ReleaseConfigSection *section =
        &g_array_index (outline->sections, ReleaseConfigSection, directive->section);
      g_autofree char *key = g_strndup (outline->data + directive->key, directive->key_length);
      g_autofree char *literal = NULL;

      if (directive->value_end == 0)
        continue;
      literal = release_config_literal_copy (outline->data, directive->value,
                                             directive->value_end);
      g_key_file_set_value (key_file, release_config_section_get_group (section), key, literal);
    }

  return key_file;
}

/* Whether all that is in @key_file can be in a text. */
static gboolean
is_in_syntax (GKeyFile *key_file)
{
  g_auto(GStrv) groups = g_key_file_get_groups (key_file, NULL);

  for (gsize i = 0; groups[i] != NULL; i++)
    {
      g_auto(GStrv) keys = g_key_file_get_keys (key_file, groups[i], NULL, NULL);

      if (strcmp (groups[i], RELEASE_CONFIG_GLOBAL_GROUP) != 0
          && !release_config_is_name (groups[i]))
        return FALSE;
      for (gsize j = 0; keys[j] != NULL; j++)
        {
          g_autofree char *value = g_key_file_get_value (key_file, groups[i], keys[j], NULL);
          g_autofree char *literal = release_config_literal_copy (value, 0, strlen (value));

          if (!release_config_is_name (keys[j]) || literal == NULL)
            return FALSE;
        }
    }

  return TRUE;
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
    *column = release_config_outline_column (outline, at);

  return TRUE;
}

/**
 * release_config_text_update:
 * @self: a #ReleaseConfigText without problems
 * @key_file: what is to be in the text, with names and values in the syntax; others
 *   are a mistake in the program
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
  g_return_val_if_fail (RELEASE_IS_CONFIG_TEXT (self), NULL);
  g_return_val_if_fail (key_file != NULL, NULL);
  g_return_val_if_fail (release_config_problems_is_empty (self->problems), NULL);
  g_return_val_if_fail (is_in_syntax (key_file), NULL);

  return release_config_outline_rewrite (&self->outline, key_file);
}
