/* release/config/release-config-problem.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-problem.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/config/release-config-problem-private.h"

/**
 * SECTION:release-config-problem
 * @title: ReleaseConfigProblem
 * @short_description: what is wrong with a configuration, and where
 *
 * Whoever reads a configuration reports all that is wrong with it, not the
 * first thing alone. A #ReleaseConfigProblem is one of these things: the line
 * and column where it is, the key it is about, and what is wrong.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(GPtrArray) problems = release_config_dup_problems (config);
 *
 *   for (guint i = 0; i < problems->len; i++)
 *     {
 *       g_autofree char *line = release_config_problem_to_string (problems->pdata[i]);
 *
 *       g_printerr ("%s\n", line);
 *     }
 * ]|
 *
 * The same lines are the message of the #GError that loading fails with. After
 * 100 problems the others are only counted.
 *
 * A problem never changes, so any thread may use it.
 */

/* Characters of outside input that a message shows before it cuts them off. */
#define QUOTE_MAX_CHARS 60

struct _ReleaseConfigProblem
{
  gatomicrefcount     ref_count;

  ReleaseConfigError  code;
  guint               line;
  guint               column;
  char               *file;
  char               *section;
  char               *key;
  char               *message;
};

G_DEFINE_QUARK (release-config-error-quark, release_config_error)
G_DEFINE_ENUM_TYPE (ReleaseConfigError, release_config_error,
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_SYNTAX, "syntax"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_DUPLICATE, "duplicate"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_UNKNOWN_SECTION, "unknown-section"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_UNKNOWN_KEY, "unknown-key"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_MISSING, "missing"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ERROR_TOO_LARGE, "too-large"))
G_DEFINE_BOXED_TYPE (ReleaseConfigProblem, release_config_problem,
                     release_config_problem_ref, release_config_problem_unref)

ReleaseConfigProblems *
release_config_problems_new (const char *file)
{
  ReleaseConfigProblems *self = g_new0 (ReleaseConfigProblems, 1);

  self->file = g_filename_display_name (file);
  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_problem_unref);

  return self;
}

void
release_config_problems_free (ReleaseConfigProblems *self)
{
  g_free (self->file);
  g_ptr_array_unref (self->list);
  g_free (self);
}

gboolean
release_config_problems_is_empty (ReleaseConfigProblems *self)
{
  return self->list->len == 0;
}

gboolean
release_config_problems_is_full (ReleaseConfigProblems *self)
{
  return self->list->len >= RELEASE_CONFIG_MAX_PROBLEMS;
}

/* Counts a problem that nobody will read, for a caller that would have to work on its message. */
void
release_config_problems_count (ReleaseConfigProblems *self)
{
  g_assert (release_config_problems_is_full (self));

  self->n_more++;
}

void
release_config_problems_report (ReleaseConfigProblems    *self,
                                ReleaseConfigError        code,
                                const ReleaseConfigPlace *place,
                                const char               *format,
                                ...)
{
  ReleaseConfigProblem *problem;
  va_list args;

  if (release_config_problems_is_full (self))
    {
      release_config_problems_count (self);
      return;
    }

  problem = g_new0 (ReleaseConfigProblem, 1);
  g_atomic_ref_count_init (&problem->ref_count);
  problem->code = code;
  problem->line = place->line;
  problem->column = place->column;
  problem->file = g_strdup (self->file);
  problem->section = g_strdup (place->section);
  problem->key = g_strdup (place->key);
  va_start (args, format);
  problem->message = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (self->list, problem);
}

/* Adds all problems of @other, as far as they fit. */
void
release_config_problems_add_all (ReleaseConfigProblems *self,
                                 ReleaseConfigProblems *other)
{
  for (guint i = 0; i < other->list->len; i++)
    {
      if (release_config_problems_is_full (self))
        release_config_problems_count (self);
      else
        g_ptr_array_add (self->list, release_config_problem_ref (other->list->pdata[i]));
    }
  self->n_more += other->n_more;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const ReleaseConfigProblem *one = *(ReleaseConfigProblem *const *) a;
  const ReleaseConfigProblem *two = *(ReleaseConfigProblem *const *) b;

  if (one->line != two->line)
    return one->line < two->line ? -1 : 1;
  if (one->column != two->column)
    return one->column < two->column ? -1 : 1;

  return 0;
}

/* Returns: (transfer full): a new array of the problems, in the order of the file */
GPtrArray *
release_config_problems_dup_list (ReleaseConfigProblems *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_problem_unref);

  for (guint i = 0; i < self->list->len; i++)
    g_ptr_array_add (list, release_config_problem_ref (self->list->pdata[i]));
  g_ptr_array_sort (list, compare_places);

  return list;
}

/* Sets @error to one line a problem, in the order of the file, if there are any. Returns whether
 * there are none, so that a caller can return it. */
gboolean
release_config_problems_set_error (ReleaseConfigProblems  *self,
                                   GError                **error)
{
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GString) text = NULL;

  if (release_config_problems_is_empty (self))
    return TRUE;

  list = release_config_problems_dup_list (self);
  text = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *line = release_config_problem_to_string (list->pdata[i]);

      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, line);
    }
  if (self->n_more > 0)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE,
                                           "%s: and %" G_GUINT64_FORMAT " more error",
                                           "%s: and %" G_GUINT64_FORMAT " more errors",
                                           MIN (self->n_more, G_MAXINT)),
                              self->file, self->n_more);
    }
  g_set_error_literal (error, RELEASE_CONFIG_ERROR,
                       ((ReleaseConfigProblem *) list->pdata[0])->code, text->str);

  return FALSE;
}

/* Makes a piece of a configuration fit for a message: it stays as it is if it is printable text,
 * else it is escaped; and it is cut off when it is long. */
char *
release_config_quote (const char *data,
                      gsize       length)
{
  GString *text = g_string_new (NULL);
  gsize n_chars = 0;

  for (gsize i = 0; i < length; n_chars++)
    {
      gunichar c = g_utf8_get_char_validated (data + i, length - i);

      if (n_chars == QUOTE_MAX_CHARS)
        {
          g_string_append (text, "…");
          break;
        }
      if ((gint32) c < 0 || !g_unichar_isprint (c))
        {
          if (data[i] == '\n')
            g_string_append (text, "\\n");
          else
            g_string_append_printf (text, "\\x%02x", (guint8) data[i]);
          i++;
        }
      else
        {
          g_string_append_unichar (text, c);
          i += g_unichar_to_utf8 (c, NULL);
        }
    }

  return g_string_free (text, FALSE);
}

/**
 * release_config_problem_ref:
 * @self: a #ReleaseConfigProblem
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
ReleaseConfigProblem *
release_config_problem_ref (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * release_config_problem_unref:
 * @self: (transfer full): a #ReleaseConfigProblem
 *
 * Gives a reference back. The last one frees the problem.
 *
 * Since: 0.1
 */
void
release_config_problem_unref (ReleaseConfigProblem *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->file);
  g_free (self->section);
  g_free (self->key);
  g_free (self->message);
  g_free (self);
}

/**
 * release_config_problem_get_code:
 * @self: a #ReleaseConfigProblem
 *
 * Gets the kind of the problem.
 *
 * Returns: a #ReleaseConfigError
 *
 * Since: 0.1
 */
ReleaseConfigError
release_config_problem_get_code (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, RELEASE_CONFIG_ERROR_FAILED);

  return self->code;
}

/**
 * release_config_problem_get_file:
 * @self: a #ReleaseConfigProblem
 *
 * Gets the name of the file, or the name that was given to what is none.
 *
 * Returns: the name, as UTF-8
 *
 * Since: 0.1
 */
const char *
release_config_problem_get_file (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->file;
}

/**
 * release_config_problem_get_line:
 * @self: a #ReleaseConfigProblem
 *
 * Gets the line of the problem. There is none when the configuration comes from
 * a #GKeyFile, which knows no lines, or from the command line.
 *
 * Returns: the line, from 1, or 0
 *
 * Since: 0.1
 */
guint
release_config_problem_get_line (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->line;
}

/**
 * release_config_problem_get_column:
 * @self: a #ReleaseConfigProblem
 *
 * Gets the column of the problem, counted in characters.
 *
 * Returns: the column, from 1, or 0 if there is no line
 *
 * Since: 0.1
 */
guint
release_config_problem_get_column (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->column;
}

/**
 * release_config_problem_get_section:
 * @self: a #ReleaseConfigProblem
 *
 * Gets the section that the problem is in.
 *
 * Returns: (nullable): the name, or %NULL for no section
 *
 * Since: 0.1
 */
const char *
release_config_problem_get_section (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->section;
}

/**
 * release_config_problem_get_key:
 * @self: a #ReleaseConfigProblem
 *
 * Gets the key that the problem is about.
 *
 * Returns: (nullable): the name, or %NULL for no key
 *
 * Since: 0.1
 */
const char *
release_config_problem_get_key (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->key;
}

/**
 * release_config_problem_get_message:
 * @self: a #ReleaseConfigProblem
 *
 * Gets what is wrong, without the place.
 *
 * Returns: a translated sentence
 *
 * Since: 0.1
 */
const char *
release_config_problem_get_message (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->message;
}

/**
 * release_config_problem_to_string:
 * @self: a #ReleaseConfigProblem
 *
 * Makes a line of place and message, `file:line:column: message`, or
 * `file: message` when there is no line.
 *
 * Returns: (transfer full): the line, without a newline
 *
 * Since: 0.1
 */
char *
release_config_problem_to_string (ReleaseConfigProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->line == 0)
    return g_strdup_printf ("%s: %s", self->file, self->message);

  return g_strdup_printf ("%s:%u:%u: %s", self->file, self->line, self->column, self->message);
}
