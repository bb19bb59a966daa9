/* release/config/release-config-rewrite.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A text with other values, and all else as it was: comments, order, and the spelling of values
 * that did not change.
 */

#include "config.h"

#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-literal-private.h"
#include "release/config/release-config-text-private.h"

#include <string.h>

typedef struct
{
  ReleaseConfigOutline  *outline;
  GKeyFile              *key_file;
  gsize                  start;         /* of the text, after a byte order mark */
  gsize                  at;            /* up to here the text is in the result */
  const char            *line_end;
  GString               *result;
} Rewrite;

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

static gboolean
is_line_end (const ReleaseConfigOutline *outline,
             gsize                       at)
{
  return at == outline->length || outline->data[at] == '\n'
         || (outline->data[at] == '\r' && at + 1 < outline->length
             && outline->data[at + 1] == '\n');
}

/* The offset after the line that @at is in. */
static gsize
next_line (const ReleaseConfigOutline *outline,
           gsize                       at)
{
  const char *newline = memchr (outline->data + at, '\n', outline->length - at);

  return newline != NULL ? (gsize) (newline - outline->data) + 1 : outline->length;
}

static void
rewrite_copy (Rewrite *self,
              gsize    end)
{
  if (end > self->at)
    {
      g_string_append_len (self->result, self->outline->data + self->at, end - self->at);
      self->at = end;
    }
}

/* Puts @literal in the place of the value of a directive. */
static void
rewrite_replace (Rewrite                      *self,
                 const ReleaseConfigDirective *directive,
                 const char                   *literal)
{
  const char *data = self->outline->data;

  rewrite_copy (self, directive->value);
  g_string_append (self->result, literal);
  self->at = directive->value_end;

  /* What followed "x" as it stood would become a part of x. */
  if (self->at < self->outline->length && g_ascii_isalpha (data[self->at]))
    g_string_append_c (self->result, ' ');
}

/* Leaves a directive out, and its line too if there is nothing else on it but a comment. */
static void
rewrite_remove (Rewrite                      *self,
                const ReleaseConfigDirective *directive)
{
  const ReleaseConfigOutline *outline = self->outline;
  const char *data = outline->data;
  gsize start = directive->key;
  gsize end = directive->value_end;

  while (start > self->at && is_blank (data[start - 1]))
    start--;
  if (start == self->start || data[start - 1] == '\n')
    {
      while (end < outline->length && is_blank (data[end]))
        end++;
      if (is_line_end (outline, end) || data[end] == '#')
        end = next_line (outline, end);
      else
        start = directive->key;
    }
  else if (!is_line_end (outline, end) && !is_blank (data[end]))
    {
      /* The white space before it keeps what is around it apart. */
      start = directive->key;
    }

  rewrite_copy (self, start);
  self->at = end;
}

/* The offset after a comment that a blank line sets off from what follows, at the start of a text;
 * it speaks of the whole file, and global keys go after it. */
static gsize
skip_preamble (Rewrite *self)
{
  const ReleaseConfigOutline *outline = self->outline;
  gsize at = self->start;

  while (at < outline->length && outline->data[at] == '#')
    {
      at = next_line (outline, at);
      if (is_line_end (outline, at))
        return next_line (outline, at);
    }

  return self->start;
}

static void
rewrite_end_line (Rewrite *self)
{
  if (self->result->len > self->start && self->result->str[self->result->len - 1] != '\n')
    g_string_append (self->result, self->line_end);
}

/* Writes the keys of a group that the text does not have. */
static void
rewrite_add_keys (Rewrite    *self,
                  guint32     section,
                  const char *group)
{
  g_auto(GStrv) keys = g_key_file_get_keys (self->key_file, group, NULL, NULL);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *value = NULL;
      g_autofree char *literal = NULL;

      if (section < self->outline->sections->len
          && release_config_outline_find (self->outline, section, keys[i],
                                          strlen (keys[i])) != NULL)
        continue;
      value = g_key_file_get_value (self->key_file, group, keys[i], NULL);
      literal = release_config_literal_copy (value, 0, strlen (value));
      rewrite_end_line (self);
      g_string_append_printf (self->result, "%s = %s%s", keys[i], literal, self->line_end);
    }
}

/* Puts the keys that are new in a section of the text where the section ends. */
static void
rewrite_finish_section (Rewrite *self,
                        guint32  section)
{
  const ReleaseConfigOutline *outline = self->outline;
  const ReleaseConfigSection *record = &g_array_index (outline->sections, ReleaseConfigSection,
                                                       section);
  gsize at = record->end != 0 ? next_line (outline, record->end) : skip_preamble (self);
  gsize length;

  /* The next section can begin on the same line. */
  if (section + 1 < outline->sections->len)
    at = MIN (at, MAX (record->end, g_array_index (outline->sections, ReleaseConfigSection,
                                                   section + 1).start));
  rewrite_copy (self, at);
  length = self->result->len;
  rewrite_add_keys (self, section, release_config_section_get_group (record));
  if (self->result->len > length && record->end == 0 && !is_line_end (outline, self->at))
    g_string_append (self->result, self->line_end);
}

static void
rewrite_directive (Rewrite                      *self,
                   const ReleaseConfigDirective *directive)
{
  const ReleaseConfigOutline *outline = self->outline;
  const ReleaseConfigSection *section = &g_array_index (outline->sections, ReleaseConfigSection,
                                                        directive->section);
  g_autofree char *key = g_strndup (outline->data + directive->key, directive->key_length);
  g_autofree char *value = g_key_file_get_value (self->key_file,
                                                 release_config_section_get_group (section), key,
                                                 NULL);
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;

  if (value == NULL)
    {
      rewrite_remove (self, directive);
      return;
    }

  old = release_config_literal_copy (outline->data, directive->value, directive->value_end);
  new = release_config_literal_copy (value, 0, strlen (value));
  if (strcmp (old, new) != 0)
    rewrite_replace (self, directive, new);
}

/* The text of @outline, which has no problems, with the values of @key_file, which are all in the
 * syntax. */
GBytes *
release_config_outline_rewrite (ReleaseConfigOutline *outline,
                                GKeyFile             *key_file)
{
  Rewrite self = { .outline = outline, .key_file = key_file };
  g_auto(GStrv) groups = g_key_file_get_groups (key_file, NULL);
  gsize first_line = next_line (outline, 0);
  guint32 section = RELEASE_CONFIG_GLOBAL_SECTION;

  self.start = release_config_skip_byte_order_mark (outline->data, outline->length);
  self.line_end = first_line >= 2 && outline->data[first_line - 1] == '\n'
                  && outline->data[first_line - 2] == '\r' ? "\r\n" : "\n";
  self.result = g_string_sized_new (outline->length);
  rewrite_copy (&self, self.start);

  for (guint i = 0; i < outline->directives->len; i++)
    {
      const ReleaseConfigDirective *directive =
        &g_array_index (outline->directives, ReleaseConfigDirective, i);

      while (section < directive->section)
        rewrite_finish_section (&self, section++);
      rewrite_directive (&self, directive);
    }
  while (section < outline->sections->len)
    rewrite_finish_section (&self, section++);
  rewrite_copy (&self, outline->length);

  for (gsize i = 0; groups[i] != NULL; i++)
    {
      if (strcmp (groups[i], RELEASE_CONFIG_GLOBAL_GROUP) == 0
          || release_config_outline_find_section (outline, groups[i], &section))
        continue;
      rewrite_end_line (&self);
      g_string_append_printf (self.result, "%s[%s]%s", self.result->len > self.start
                              ? self.line_end : "", groups[i], self.line_end);
      rewrite_add_keys (&self, G_MAXUINT32, groups[i]);
    }

  return g_string_free_to_bytes (self.result);
}
