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

  *self = (ReleaseConfigOutline) { .data = data, .length = length, .n_lines = 1 };
  self->directives = g_array_new (FALSE, FALSE, sizeof (ReleaseConfigDirective));
  self->sections = g_array_new (FALSE, FALSE, sizeof (ReleaseConfigSection));
  g_array_set_clear_func (self->sections, section_clear);
  g_array_append_val (self->sections, global);
  self->section_index = g_hash_table_new (g_str_hash, g_str_equal);
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
hash_key (const char *key,
          gsize       length)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guint8) key[i]) * G_GUINT64_CONSTANT (0x100000001b3);

  return hash ^ hash >> 32;
}

/* The slot of the key, or the empty one where it belongs; the section has slots. */
static ReleaseConfigSlot *
find_slot (ReleaseConfigOutline       *self,
           const ReleaseConfigSection *section,
           guint32                     hash,
           const char                 *key,
           gsize                       length)
{
  ReleaseConfigSlot *slots = self->slots + section->slots;
  guint32 at = (guint64) hash * section->n_slots >> 32;

  for (;; at = at + 1 < section->n_slots ? at + 1 : 0)
    {
      const ReleaseConfigDirective *directive;

      if (slots[at].number == 0)
        return &slots[at];
      if (slots[at].hash != hash)
        continue;
      directive = &g_array_index (self->directives, ReleaseConfigDirective, slots[at].number - 1);
      if (directive->key_length == length && memcmp (self->data + directive->key, key, length) == 0)
        return &slots[at];
    }
}

/* Finds a key, once there is an index. */
const ReleaseConfigDirective *
release_config_outline_find (ReleaseConfigOutline *self,
                             guint32               section,
                             const char           *key,
                             gsize                 key_length)
{
  const ReleaseConfigSection *record = &g_array_index (self->sections, ReleaseConfigSection,
                                                       section);
  const ReleaseConfigSlot *slot;

  if (record->n_slots == 0)
    return NULL;
  slot = find_slot (self, record, hash_key (key, key_length), key, key_length);
  if (slot->number == 0)
    return NULL;

  return &g_array_index (self->directives, ReleaseConfigDirective, slot->number - 1);
}

/* Adds a directive, which nobody can find before there is an index. */
void
release_config_outline_add (ReleaseConfigOutline         *self,
                            const ReleaseConfigDirective *directive)
{
  ReleaseConfigSection *section =
    &g_array_index (self->sections, ReleaseConfigSection, directive->section);

  g_array_append_vals (self->directives, directive, 1);
  section->n_directives++;
  section->end = MAX (section->end, directive->value_end);
}

/* Makes the index of all directives, when the last has been added. Calls @func for each whose key
 * is there already, and drops that. The slots of a section are together, as its directives are, so
 * that they stay in the processor's cache while they are filled. */
void
release_config_outline_index (ReleaseConfigOutline       *self,
                              ReleaseConfigDuplicateFunc  func,
                              gpointer                    user_data)
{
  guint n_kept = 0;
  gsize n_slots = 0;

  for (guint i = 0; i < self->sections->len; i++)
    {
      ReleaseConfigSection *section = &g_array_index (self->sections, ReleaseConfigSection, i);

      /* Three quarters full. */
      section->slots = n_slots;
      section->n_slots = section->n_directives + (section->n_directives + 2) / 3;
      n_slots += section->n_slots;
    }
  self->slots = g_new0 (ReleaseConfigSlot, n_slots);

  for (guint i = 0; i < self->directives->len; i++)
    {
      const ReleaseConfigDirective directive =
        g_array_index (self->directives, ReleaseConfigDirective, i);
      const ReleaseConfigSection *section =
        &g_array_index (self->sections, ReleaseConfigSection, directive.section);
      const char *key = self->data + directive.key;
      guint32 hash = hash_key (key, directive.key_length);
      ReleaseConfigSlot *slot = find_slot (self, section, hash, key, directive.key_length);

      if (slot->number != 0)
        {
          func (&directive, &g_array_index (self->directives, ReleaseConfigDirective,
                                            slot->number - 1), user_data);
          continue;
        }
      g_array_index (self->directives, ReleaseConfigDirective, n_kept) = directive;
      *slot = (ReleaseConfigSlot) { .hash = hash, .number = ++n_kept };
    }
  g_array_set_size (self->directives, n_kept);
}

/* The column of the byte at @at in its line, in characters from 1; a byte order mark is none. It is
 * counted from the place that was asked for last, if that is before it in the line: in a line of
 * many megabytes all places are found in one pass. */
guint
release_config_outline_column (ReleaseConfigOutline *self,
                               gsize                 at)
{
  gsize known = at >= self->column_at ? self->column_at : 0;
  guint column = 1;
  gsize start = at;

  while (start > known && self->data[start - 1] != '\n')
    start--;
  if (start == known && known != 0)
    column = self->column;
  else if (start == 0)
    start = MIN (release_config_skip_byte_order_mark (self->data, self->length), at);

  for (gsize i = start; i < at; i++)
    if (((guint8) self->data[i] & 0xc0) != 0x80)
      column++;
  self->column_at = at;
  self->column = column;

  return column;
}

ReleaseConfigPlace
release_config_outline_place (ReleaseConfigOutline *self,
                              gsize                 at,
                              guint                 line)
{
  return (ReleaseConfigPlace) { .line = line, .column = release_config_outline_column (self, at) };
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
