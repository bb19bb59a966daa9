/* release/config/release-config-outline.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is where in the text of a configuration: small records and indexes of them, since a text may
 * have millions of directives.
 */

#include "config.h"

#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-text-private.h"

#include <string.h>

#define INITIAL_SLOTS 64

static void
section_clear (gpointer data)
{
  ReleaseConfigSection *section = data;

  g_free (section->name);
}

void
release_config_outline_init (ReleaseConfigOutline *self,
                             const char           *data,
                             gsize                 length)
{
  const ReleaseConfigSection global = { .line = 1 };

  *self = (ReleaseConfigOutline) { .data = data, .length = length };
  self->directives = g_array_new (FALSE, FALSE, sizeof (ReleaseConfigDirective));
  self->sections = g_array_new (FALSE, FALSE, sizeof (ReleaseConfigSection));
  g_array_set_clear_func (self->sections, section_clear);
  g_array_append_val (self->sections, global);
  self->section_index = g_hash_table_new (g_str_hash, g_str_equal);
  self->n_slots = INITIAL_SLOTS;
  self->slots = g_new0 (ReleaseConfigSlot, self->n_slots);
}

void
release_config_outline_clear (ReleaseConfigOutline *self)
{
  g_array_unref (self->directives);
  g_array_unref (self->sections);
  g_hash_table_unref (self->section_index);
  g_free (self->slots);
}

gboolean
release_config_outline_find_section (ReleaseConfigOutline *self,
                                     const char           *name,
                                     guint32              *index)
{
  gpointer found = NULL;

  *index = RELEASE_CONFIG_GLOBAL_SECTION;
  if (name == NULL)
    return TRUE;
  if (!g_hash_table_lookup_extended (self->section_index, name, NULL, &found))
    return FALSE;
  *index = GPOINTER_TO_UINT (found);

  return TRUE;
}

/* Adds a section and sets @index to it; FALSE if it is there already. */
gboolean
release_config_outline_add_section (ReleaseConfigOutline *self,
                                    const char           *name,
                                    gsize                 name_length,
                                    guint32              *index)
{
  g_autofree char *copy = g_strndup (name, name_length);
  ReleaseConfigSection section = { NULL, };

  if (release_config_outline_find_section (self, copy, index))
    return FALSE;

  *index = self->sections->len;
  g_hash_table_insert (self->section_index, copy, GUINT_TO_POINTER (*index));
  section.name = g_steal_pointer (&copy);
  g_array_append_val (self->sections, section);

  return TRUE;
}

static guint32
hash_key (guint32     section,
          const char *key,
          gsize       length)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325) ^ section;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guint8) key[i]) * G_GUINT64_CONSTANT (0x100000001b3);

  return hash ^ hash >> 32;
}

/* The slot of the key, or the empty one where it belongs. */
static ReleaseConfigSlot *
find_slot (ReleaseConfigOutline *self,
           guint32               hash,
           guint32               section,
           const char           *key,
           gsize                 length)
{
  for (gsize at = hash & (self->n_slots - 1);; at = (at + 1) & (self->n_slots - 1))
    {
      ReleaseConfigSlot *slot = &self->slots[at];
      const ReleaseConfigDirective *directive;

      if (slot->number == 0)
        return slot;
      if (slot->hash != hash)
        continue;
      directive = &g_array_index (self->directives, ReleaseConfigDirective, slot->number - 1);
      if (directive->section == section && directive->key_length == length
          && memcmp (self->data + directive->key, key, length) == 0)
        return slot;
    }
}

const ReleaseConfigDirective *
release_config_outline_find (ReleaseConfigOutline *self,
                             guint32               section,
                             const char           *key,
                             gsize                 key_length)
{
  const ReleaseConfigSlot *slot = find_slot (self, hash_key (section, key, key_length), section,
                                             key, key_length);

  if (slot->number == 0)
    return NULL;

  return &g_array_index (self->directives, ReleaseConfigDirective, slot->number - 1);
}

static void
grow_slots (ReleaseConfigOutline *self)
{
  g_autofree ReleaseConfigSlot *old = self->slots;
  gsize n_old = self->n_slots;

  self->n_slots *= 2;
  self->slots = g_new0 (ReleaseConfigSlot, self->n_slots);
  for (gsize i = 0; i < n_old; i++)
    {
      gsize at = old[i].hash & (self->n_slots - 1);

      if (old[i].number == 0)
        continue;
      while (self->slots[at].number != 0)
        at = (at + 1) & (self->n_slots - 1);
      self->slots[at] = old[i];
    }
}

/* Adds a directive. If its key is there already, only returns that. */
const ReleaseConfigDirective *
release_config_outline_add (ReleaseConfigOutline         *self,
                            const ReleaseConfigDirective *directive)
{
  ReleaseConfigSection *section =
    &g_array_index (self->sections, ReleaseConfigSection, directive->section);
  const char *key = self->data + directive->key;
  guint32 hash = hash_key (directive->section, key, directive->key_length);
  ReleaseConfigSlot *slot;

  /* Three quarters full at most. */
  if (4 * (gsize) (self->directives->len + 1) > 3 * self->n_slots)
    grow_slots (self);
  slot = find_slot (self, hash, directive->section, key, directive->key_length);
  if (slot->number != 0)
    return &g_array_index (self->directives, ReleaseConfigDirective, slot->number - 1);

  g_array_append_vals (self->directives, directive, 1);
  *slot = (ReleaseConfigSlot) { .hash = hash, .number = self->directives->len };
  section->end = MAX (section->end, directive->value_end);

  return NULL;
}

ReleaseConfigPlace
release_config_outline_place (ReleaseConfigOutline *self,
                              gsize                 at,
                              guint                 line)
{
  return (ReleaseConfigPlace) { .line = line, .column = release_config_column (self->data, at) };
}

ReleaseConfigPlace
release_config_outline_place_in_value (ReleaseConfigOutline         *self,
                                       const ReleaseConfigDirective *directive,
                                       gsize                         at)
{
  guint line = directive->line;

  for (gsize i = directive->key; i < directive->value + at; i++)
    if (self->data[i] == '\n')
      line++;

  return release_config_outline_place (self, directive->value + at, line);
}
