/* release/config/release-config-spec-print.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What people read that is made from a specification: a sample file and a part of a manual page.
 */

#include "config.h"

#include "release/config/release-config-spec.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-spec-private.h"

#include <string.h>

#define COMMENT_COLUMNS 78

/* Appends @text as comments, broken at spaces into lines. */
static void
append_comment (GString    *sample,
                const char *text)
{
  g_auto(GStrv) words = g_strsplit_set (text, " \n", -1);
  glong column = 0;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      glong width = g_utf8_strlen (words[i], -1);

      if (width == 0)
        continue;
      if (column == 0 || column + 1 + width > COMMENT_COLUMNS)
        {
          if (column > 0)
            g_string_append_c (sample, '\n');
          g_string_append_c (sample, '#');
          column = 1;
        }
      g_string_append_c (sample, ' ');
      g_string_append (sample, words[i]);
      column += 1 + width;
    }
  if (column > 0)
    g_string_append_c (sample, '\n');
}

/* What a person should know of the values of a key, in sentences. */
static char *
describe_key (ReleaseConfigSpecKey *key)
{
  g_autofree char *values = release_config_spec_key_describe (key);
  const char *need = key->default_value != NULL ? NULL
                     : key->is_optional ? _("Can be left out") : _("Must be given");
  GString *text = g_string_new (NULL);

  if (values != NULL)
    g_string_append_printf (text, _("The value is %s."), values);
  if (need != NULL)
    g_string_append_printf (text, "%s%s.", text->len > 0 ? " " : "", need);
  g_string_append_printf (text, "%s%s.", text->len > 0 ? " " : "",
                          release_config_effect_describe (key->effect));

  return g_string_free (text, FALSE);
}

static void
append_sample_key (GString              *sample,
                   ReleaseConfigSpec    *spec,
                   ReleaseConfigSpecKey *key)
{
  const char *description = release_config_spec_translate (spec, key->description);
  g_autofree char *facts = describe_key (key);
  g_autofree char *value = NULL;

  if (description != NULL)
    {
      g_autofree char *sentence = g_strconcat (description, ".", NULL);

      append_comment (sample, sentence);
    }
  append_comment (sample, facts);

  if (key->default_value != NULL)
    value = release_config_value_print (key->default_value);
  g_string_append_printf (sample, "#%s =%s%s\n\n", key->name, value != NULL ? " " : "",
                          value != NULL ? value : "");
}

/* Appends @text so that troff shows it as it is. */
static void
append_troff (GString    *page,
              const char *text)
{
  gboolean is_line_start = page->len == 0 || page->str[page->len - 1] == '\n';

  for (const char *p = text; *p != '\0'; p++)
    {
      if (is_line_start && (*p == '.' || *p == '\''))
        g_string_append (page, "\\&");
      if (*p == '\\')
        g_string_append (page, "\\e");
      else if (*p == '-')
        g_string_append (page, "\\-");
      else
        g_string_append_c (page, *p);
      is_line_start = *p == '\n';
    }
}

static void
append_man_key (GString              *page,
                ReleaseConfigSpec    *spec,
                ReleaseConfigSpecKey *key)
{
  const char *description = release_config_spec_translate (spec, key->description);
  g_autofree char *facts = describe_key (key);

  g_string_append (page, ".TP\n.B ");
  append_troff (page, key->name);
  g_string_append_c (page, '\n');
  if (description != NULL)
    {
      append_troff (page, description);
      g_string_append (page, ".\n");
    }
  append_troff (page, facts);
  g_string_append_c (page, '\n');
  if (key->default_value != NULL)
    {
      g_autofree char *value = release_config_value_print (key->default_value);
      g_autofree char *sentence = g_strdup_printf (_("Default: %s"), value);

      append_troff (page, sentence);
      g_string_append_c (page, '\n');
    }
}

/**
 * release_config_spec_print_sample:
 * @self: a #ReleaseConfigSpec
 *
 * Writes a sample file: all sections and, in comments, all keys with their
 * descriptions and defaults. A line of prose begins with a hash sign and a space;
 * a key begins with a hash sign alone, and is set by taking that away.
 *
 * Returns: (transfer full): the text of the file
 *
 * Since: 0.1
 */
char *
release_config_spec_print_sample (ReleaseConfigSpec *self)
{
  GPtrArray *sections;
  GString *sample;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), NULL);

  sections = release_config_spec_get_sections (self);
  sample = g_string_new (NULL);
  for (guint i = 0; i < sections->len; i++)
    {
      ReleaseConfigSpecSection *section = sections->pdata[i];

      if (section->description != NULL)
        {
          g_autofree char *sentence =
            g_strconcat (release_config_spec_translate (self, section->description), ".", NULL);

          append_comment (sample, sentence);
        }
      if (section->name != NULL)
        g_string_append_printf (sample, "[%s]\n\n", section->name);
      for (guint j = 0; j < section->keys->len; j++)
        append_sample_key (sample, self, section->keys->pdata[j]);
    }

  /* No blank line at the end. */
  if (g_str_has_suffix (sample->str, "\n\n"))
    g_string_truncate (sample, sample->len - 1);

  return g_string_free (sample, FALSE);
}

/**
 * release_config_spec_print_man:
 * @self: a #ReleaseConfigSpec
 *
 * Writes the part of a manual page of section 5 that describes the keys, in the
 * man macros of troff: a subsection (`.SS`) for each section, and in it a tagged
 * paragraph (`.TP`) for each key. What is around it, from `.TH` to `.SH`, is the
 * program's.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
release_config_spec_print_man (ReleaseConfigSpec *self)
{
  GPtrArray *sections;
  GString *page;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), NULL);

  sections = release_config_spec_get_sections (self);
  page = g_string_new (NULL);
  for (guint i = 0; i < sections->len; i++)
    {
      ReleaseConfigSpecSection *section = sections->pdata[i];

      if (section->name != NULL)
        {
          g_string_append (page, ".SS [");
          append_troff (page, section->name);
          g_string_append (page, "]\n");
        }
      else if (section->keys->len > 0)
        {
          g_string_append_printf (page, ".SS %s\n", _("Global keys"));
        }
      if (section->description != NULL)
        {
          append_troff (page, release_config_spec_translate (self, section->description));
          g_string_append (page, ".\n");
        }
      for (guint j = 0; j < section->keys->len; j++)
        append_man_key (page, self, section->keys->pdata[j]);
    }

  return g_string_free (page, FALSE);
}
