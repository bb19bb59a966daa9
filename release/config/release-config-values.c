/* release/config/release-config-values.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The second step: reads a key file by a specification. Where a value is in a text is known only if
 * there is one; a key file from elsewhere is read in the same way.
 */

#include "config.h"

#include "release/config/release-config-values-private.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-literal-private.h"

#include <string.h>

/* What one reading works with. */
typedef struct
{
  ReleaseConfigValues    *values;
  GKeyFile               *key_file;       /* (nullable): what is read is this or a text */
  ReleaseConfigOutline   *outline;        /* (nullable) */
  ReleaseConfigProblems  *problems;       /* (nullable): if nobody wants to know */
  const char             *section;
  guint32                 section_index;
  gboolean                is_in_outline;
  guint                   next_key;       /* of the section: the one that is expected */
} Reader;

static void
entry_clear (gpointer data)
{
  ReleaseConfigEntry *entry = data;

  g_clear_pointer (&entry->value, release_config_value_unref);
}

ReleaseConfigValues *
release_config_values_new (ReleaseConfigSpec *spec)
{
  ReleaseConfigValues *self = g_new0 (ReleaseConfigValues, 1);

  self->spec = spec != NULL ? g_object_ref (spec) : release_config_spec_new ();
  self->is_open = spec == NULL;
  self->entries = g_array_new (FALSE, TRUE, sizeof (ReleaseConfigEntry));
  g_array_set_clear_func (self->entries, entry_clear);
  g_array_set_size (self->entries, release_config_spec_get_n_keys (self->spec));

  return self;
}

void
release_config_values_free (ReleaseConfigValues *self)
{
  g_array_unref (self->entries);
  g_object_unref (self->spec);
  g_free (self);
}

const ReleaseConfigEntry *
release_config_values_find (ReleaseConfigValues *self,
                            const char          *section,
                            const char          *key)
{
  ReleaseConfigSpecKey *found = release_config_spec_find_key (self->spec, section, key);
  const ReleaseConfigEntry *entry;

  if (found == NULL)
    return NULL;
  entry = &g_array_index (self->entries, ReleaseConfigEntry, found->number);

  return entry->value != NULL ? entry : NULL;
}

/* The key in its section; new, if any key is good; NULL if it is not known. */
static ReleaseConfigSpecKey *
values_make_key (ReleaseConfigValues      *self,
                 ReleaseConfigSpecSection *section,
                 const char               *name)
{
  ReleaseConfigSpecKey *key = g_hash_table_lookup (section->index, name);

  if (key == NULL && self->is_open)
    {
      key = release_config_spec_make_key (self->spec, section, name);
      g_array_set_size (self->entries, release_config_spec_get_n_keys (self->spec));
    }

  return key;
}

/* Gives a key a value, or none if @value is NULL. Takes @value. */
static ReleaseConfigEntry *
values_take (ReleaseConfigValues  *self,
             ReleaseConfigSpecKey *key,
             ReleaseConfigValue   *value,
             ReleaseConfigOrigin   origin)
{
  ReleaseConfigEntry *entry = &g_array_index (self->entries, ReleaseConfigEntry, key->number);

  g_clear_pointer (&entry->value, release_config_value_unref);
  entry->value = value;
  entry->origin = origin;
  entry->line = 0;

  return entry;
}

/* Gives a key another value, or none if @value is NULL. The specification has it, or takes any. */
void
release_config_values_set (ReleaseConfigValues *self,
                           const char          *section,
                           const char          *key,
                           ReleaseConfigValue  *value,
                           ReleaseConfigOrigin  origin)
{
  ReleaseConfigSpecSection *owner = self->is_open
                                    ? release_config_spec_make_section (self->spec, section)
                                    : release_config_spec_find_section (self->spec, section);

  if (value != NULL)
    release_config_value_ref (value);
  values_take (self, values_make_key (self, owner, key), value, origin);
}

static const ReleaseConfigDirective *
reader_find_directive (Reader     *self,
                       const char *key)
{
  if (!self->is_in_outline)
    return NULL;

  return release_config_outline_find (self->outline, self->section_index, key, strlen (key));
}

/* Where the key is, or its section. */
static ReleaseConfigPlace
reader_place (Reader     *self,
              const char *key)
{
  const ReleaseConfigDirective *directive = key != NULL ? reader_find_directive (self, key) : NULL;
  ReleaseConfigPlace place = { 0, };

  if (directive != NULL)
    {
      place = release_config_outline_place (self->outline, directive->key, directive->line);
    }
  else if (self->is_in_outline)
    {
      const ReleaseConfigSection *section =
        &g_array_index (self->outline->sections, ReleaseConfigSection, self->section_index);

      place = release_config_outline_place (self->outline, section->start, section->line);
    }
  else if (self->outline != NULL)
    {
      /* A section that is not there would be added at the end. */
      place = release_config_outline_place (self->outline, self->outline->length,
                                            self->outline->n_lines);
    }
  place.section = self->section;
  place.key = key;

  return place;
}

/* Whether a problem would only be counted. */
static gboolean
reader_counts (Reader *self)
{
  if (!release_config_problems_is_full (self->problems))
    return FALSE;
  release_config_problems_count (self->problems);

  return TRUE;
}

static void
report_unknown_section (Reader *self)
{
  ReleaseConfigPlace place;
  g_autofree char *shown = NULL;
  g_autofree char *suggestion = NULL;

  if (reader_counts (self))
    return;
  place = reader_place (self, NULL);
  shown = release_config_quote (self->section, strlen (self->section));
  suggestion = release_config_spec_suggest_section (self->values->spec, self->section);
  release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_UNKNOWN_SECTION, &place,
                                  _("Section [%s] is not known%s"), shown, suggestion);
}

static void
report_unknown_key (Reader     *self,
                    const char *key)
{
  ReleaseConfigPlace place;
  g_autofree char *shown = NULL;
  g_autofree char *suggestion = NULL;

  if (reader_counts (self))
    return;
  place = reader_place (self, key);
  shown = release_config_quote (key, strlen (key));
  suggestion = release_config_spec_suggest_key (self->values->spec, self->section, key);
  if (self->section == NULL)
    release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_UNKNOWN_KEY, &place,
                                    _("“%s” is not known%s"), shown, suggestion);
  else
    release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_UNKNOWN_KEY, &place,
                                    _("“%s” is not known in section [%s]%s"), shown,
                                    self->section, suggestion);
}

/* A key file has names that the syntax does not. */
static void
report_bad_name (Reader     *self,
                 const char *name)
{
  const ReleaseConfigPlace place = { 0, };
  g_autofree char *shown = NULL;

  if (reader_counts (self))
    return;
  shown = release_config_quote (name, strlen (name));
  release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_SYNTAX, &place,
                                  _("“%s” is not a name, of a section or a key"), shown);
}

/* The value is not good for the key, because of what is at @at in it. */
static void
report_refusal (Reader                       *self,
                const char                   *key,
                const ReleaseConfigDirective *directive,
                gsize                         at,
                const char                   *refusal)
{
  ReleaseConfigPlace place = { 0, };

  if (reader_counts (self))
    return;
  if (directive != NULL)
    place = release_config_outline_place_in_value (self->outline, directive, at);
  place.section = self->section;
  place.key = key;
  release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_INVALID, &place,
                                  "“%s”: %s", key, refusal);
}

/* As report_refusal (), with what is wrong at @item of a list, and all that is wrong after that. */
static void
report_refusals (Reader                       *self,
                 ReleaseConfigSpecKey         *key,
                 ReleaseConfigValue           *value,
                 const ReleaseConfigDirective *directive,
                 gsize                         item,
                 const char                   *refusal)
{
  g_autofree char *next = g_strdup (refusal);

  for (;;)
    {
      gsize at = 0;

      if (directive != NULL && item > 0 && !release_config_problems_is_full (self->problems))
        at = release_config_literal_locate_item (self->outline->data + directive->value,
                                                 directive->value_end - directive->value, item);
      report_refusal (self, key->name, directive, at, next);
      if (item == 0)
        return;

      g_free (next);
      next = release_config_spec_key_refuse (key, value, &item);
      if (next == NULL)
        return;
    }
}

/* The key of the section with a name of @length bytes; NULL, and reported, if there is none. Most
 * files have their keys in the order of the specification, as its sample has, so the key after the
 * last one is looked at before all others. */
static ReleaseConfigSpecKey *
reader_find_key (Reader                   *self,
                 ReleaseConfigSpecSection *section,
                 const char               *name,
                 gsize                     length)
{
  ReleaseConfigSpecKey *key = NULL;
  g_autofree char *copy = NULL;

  if (self->next_key < section->keys->len)
    {
      key = section->keys->pdata[self->next_key];
      if (strncmp (key->name, name, length) != 0 || key->name[length] != '\0')
        key = NULL;
    }
  if (key == NULL)
    {
      copy = g_strndup (name, length);
      key = values_make_key (self->values, section, copy);
    }
  if (key == NULL)
    {
      report_unknown_key (self, copy);
      return NULL;
    }
  self->next_key = key->position + 1;

  return key;
}

/* Reads the literal of a key, which is that of @directive if it comes from a text. */
static void
read_key (Reader                       *self,
          ReleaseConfigSpecKey         *key,
          const char                   *literal,
          gsize                         length,
          const ReleaseConfigDirective *directive)
{
  g_autoptr(ReleaseConfigValue) value = NULL;
  g_autofree char *problem = NULL;
  ReleaseConfigEntry *entry;
  gsize item = 0;
  gsize at;

  value = release_config_literal_read (literal, length, &at, &problem);
  if (value == NULL)
    {
      report_refusal (self, key->name, directive, at, problem);
      return;
    }
  problem = release_config_spec_key_refuse (key, value, &item);
  if (problem != NULL)
    {
      report_refusals (self, key, value, directive, item, problem);
      return;
    }

  entry = values_take (self->values, key, g_steal_pointer (&value),
                       directive != NULL ? RELEASE_CONFIG_ORIGIN_FILE
                                         : RELEASE_CONFIG_ORIGIN_KEY_FILE);
  entry->line = directive != NULL ? directive->line : 0;
}

/* Enters a section; returns NULL if there is no such section. */
static ReleaseConfigSpecSection *
reader_enter (Reader     *self,
              const char *section)
{
  self->section = section;
  self->next_key = 0;
  self->is_in_outline = self->outline != NULL
                        && release_config_outline_find_section (self->outline, section,
                                                                &self->section_index);
  if (self->values->is_open)
    return release_config_spec_make_section (self->values->spec, section);

  return release_config_spec_find_section (self->values->spec, section);
}

static void
read_text (Reader *self)
{
  const ReleaseConfigOutline *outline = self->outline;
  ReleaseConfigSpecSection *section = reader_enter (self, NULL);
  guint32 index = RELEASE_CONFIG_GLOBAL_SECTION;

  for (guint i = 0; i < outline->directives->len; i++)
    {
      const ReleaseConfigDirective *directive =
        &g_array_index (outline->directives, ReleaseConfigDirective, i);
      ReleaseConfigSpecKey *key;

      if (directive->section != index)
        {
          index = directive->section;
          section = reader_enter (self, g_array_index (outline->sections, ReleaseConfigSection,
                                                       index).name);
        }
      if (section == NULL || directive->value_end == 0)
        continue;
      key = reader_find_key (self, section, outline->data + directive->key, directive->key_length);
      if (key != NULL)
        read_key (self, key, outline->data + directive->value,
                  directive->value_end - directive->value, directive);
    }

  for (guint i = 1; i < outline->sections->len; i++)
    if (reader_enter (self, g_array_index (outline->sections, ReleaseConfigSection,
                                           i).name) == NULL)
      report_unknown_section (self);
}

static void
read_key_file (Reader *self)
{
  g_auto(GStrv) groups = g_key_file_get_groups (self->key_file, NULL);

  for (gsize i = 0; groups[i] != NULL; i++)
    {
      gboolean is_global = strcmp (groups[i], RELEASE_CONFIG_GLOBAL_GROUP) == 0;
      ReleaseConfigSpecSection *section;
      g_auto(GStrv) keys = NULL;

      if (!is_global && !release_config_is_name (groups[i]))
        {
          report_bad_name (self, groups[i]);
          continue;
        }
      section = reader_enter (self, is_global ? NULL : groups[i]);
      if (section == NULL)
        {
          report_unknown_section (self);
          continue;
        }
      keys = g_key_file_get_keys (self->key_file, groups[i], NULL, NULL);
      for (gsize j = 0; keys[j] != NULL; j++)
        {
          g_autofree char *literal =
            g_key_file_get_value (self->key_file, groups[i], keys[j], NULL);
          ReleaseConfigSpecKey *key;

          if (!release_config_is_name (keys[j]))
            {
              report_bad_name (self, keys[j]);
              continue;
            }
          key = reader_find_key (self, section, keys[j], strlen (keys[j]));
          if (key != NULL)
            read_key (self, key, literal, strlen (literal), NULL);
        }
    }
}

/* Adds the values of @text, or of @key_file if that is NULL. */
void
release_config_values_read (ReleaseConfigValues   *self,
                            GKeyFile              *key_file,
                            ReleaseConfigText     *text,
                            ReleaseConfigProblems *problems)
{
  Reader reader = { .values = self, .key_file = key_file, .problems = problems };

  if (text != NULL)
    {
      reader.outline = release_config_text_get_outline (text);
      read_text (&reader);
    }
  else
    {
      read_key_file (&reader);
    }
}

/* A key may only seem to be missing if its line, or the header of its section, is not readable, or
 * if its value is refused; all of which has been reported. */
static gboolean
is_accounted_for (Reader     *self,
                  const char *key)
{
  if (self->key_file != NULL && g_key_file_has_key (self->key_file,
                                                    self->section != NULL
                                                    ? self->section : RELEASE_CONFIG_GLOBAL_GROUP,
                                                    key, NULL))
    return TRUE;
  if (self->outline != NULL && self->outline->has_lost_section && !self->is_in_outline)
    return TRUE;

  return reader_find_directive (self, key) != NULL;
}

static void
fill_key (Reader               *self,
          ReleaseConfigSpecKey *key)
{
  g_autofree char *problem = NULL;
  ReleaseConfigPlace place;
  gsize item = 0;

  if (is_accounted_for (self, key->name))
    return;

  if (key->default_value == NULL)
    {
      if (key->is_optional || self->problems == NULL || reader_counts (self))
        return;
      place = reader_place (self, NULL);
      place.key = key->name;
      if (self->section == NULL)
        release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_MISSING, &place,
                                        _("“%s” is missing, and it has no default"), key->name);
      else
        release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_MISSING, &place,
                                        _("“%s” is missing in section [%s], and it has no default"),
                                        key->name, self->section);
      return;
    }

  if (self->problems != NULL)
    problem = release_config_spec_key_refuse (key, key->default_value, &item);
  if (problem != NULL && !reader_counts (self))
    {
      place = reader_place (self, NULL);
      place.key = key->name;
      release_config_problems_report (self->problems, RELEASE_CONFIG_ERROR_INVALID, &place,
                                      _("“%s” is not given, and its default does not do here: %s"),
                                      key->name, problem);
    }
  values_take (self->values, key, release_config_value_ref (key->default_value),
               RELEASE_CONFIG_ORIGIN_DEFAULT);
}

/* Gives the keys that have no value yet their defaults. Reports those that need a value, unless
 * @problems is NULL. @text or @key_file is what was read before, if anything was. */
void
release_config_values_fill (ReleaseConfigValues   *self,
                            GKeyFile              *key_file,
                            ReleaseConfigText     *text,
                            ReleaseConfigProblems *problems)
{
  Reader reader = { .values = self, .key_file = key_file, .problems = problems };
  GPtrArray *sections = release_config_spec_get_sections (self->spec);

  if (self->is_open)
    return;

  reader.outline = text != NULL ? release_config_text_get_outline (text) : NULL;
  for (guint i = 0; i < sections->len; i++)
    {
      ReleaseConfigSpecSection *section = sections->pdata[i];

      reader_enter (&reader, section->name);
      for (guint j = 0; j < section->keys->len; j++)
        {
          ReleaseConfigSpecKey *key = section->keys->pdata[j];

          if (g_array_index (self->entries, ReleaseConfigEntry, key->number).value == NULL)
            fill_key (&reader, key);
        }
    }
}

/* Calls @func for each value, in the order of the specification. */
void
release_config_values_foreach (ReleaseConfigValues    *self,
                               ReleaseConfigEntryFunc  func,
                               gpointer                user_data)
{
  GPtrArray *sections = release_config_spec_get_sections (self->spec);

  for (guint i = 0; i < sections->len; i++)
    {
      ReleaseConfigSpecSection *section = sections->pdata[i];

      for (guint j = 0; j < section->keys->len; j++)
        {
          ReleaseConfigSpecKey *key = section->keys->pdata[j];
          const ReleaseConfigEntry *entry =
            &g_array_index (self->entries, ReleaseConfigEntry, key->number);

          if (entry->value != NULL)
            func (key, entry, user_data);
        }
    }
}
