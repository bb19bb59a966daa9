/* release/config/release-config-suggest.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a person probably meant who wrote a name that is not known.
 */

#include "config.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-spec-private.h"

#include <string.h>

/* Longer names are not compared: the work grows with the product of the lengths. */
#define MAX_NAME_BYTES 64

/* Capitals and the two dashes are the same for a person. */
static char
fold (char c)
{
  return c == '_' ? '-' : g_ascii_tolower (c);
}

/* How many letters have to be put in, left out, replaced or swapped with the next. */
static guint
distance (const char *a,
          const char *b)
{
  guint rows[3][MAX_NAME_BYTES + 1];
  guint *before = rows[0];
  guint *last = rows[1];
  guint *row = rows[2];
  gsize a_length = strlen (a);
  gsize b_length = strlen (b);

  for (gsize j = 0; j <= b_length; j++)
    last[j] = j;
  for (gsize i = 1; i <= a_length; i++)
    {
      guint *oldest = before;

      row[0] = i;
      for (gsize j = 1; j <= b_length; j++)
        {
          guint cost = fold (a[i - 1]) != fold (b[j - 1]);

          row[j] = MIN (MIN (last[j], row[j - 1]) + 1, last[j - 1] + cost);
          if (i > 1 && j > 1 && fold (a[i - 1]) == fold (b[j - 2])
              && fold (a[i - 2]) == fold (b[j - 1]))
            row[j] = MIN (row[j], before[j - 2] + 1);
        }
      before = last;
      last = row;
      row = oldest;
    }

  return last[b_length];
}

/* Whether @name is nearer to @wanted than all before; a third of the letters may differ. */
static gboolean
is_nearest (const char *wanted,
            const char *name,
            guint      *nearest)
{
  gsize wanted_length = strlen (wanted);
  gsize name_length = strlen (name);
  guint found;

  if (wanted_length > MAX_NAME_BYTES || name_length > MAX_NAME_BYTES)
    return FALSE;
  found = distance (wanted, name);
  if (found >= *nearest || found > MAX (MIN (wanted_length, name_length) / 3, 1)
      || found >= MIN (wanted_length, name_length))
    return FALSE;
  *nearest = found;

  return TRUE;
}

char *
release_config_spec_suggest_key (ReleaseConfigSpec *self,
                                 const char        *section,
                                 const char        *key)
{
  GPtrArray *sections = release_config_spec_get_sections (self);
  ReleaseConfigSpecSection *own = release_config_spec_find_section (self, section);
  const char *best = NULL;
  guint nearest = G_MAXUINT;

  for (guint i = 0; own != NULL && i < own->keys->len; i++)
    {
      const char *name = ((ReleaseConfigSpecKey *) own->keys->pdata[i])->name;

      if (is_nearest (key, name, &nearest))
        best = name;
    }
  if (best != NULL)
    return g_strdup_printf (_("; did you mean “%s”?"), best);

  for (guint i = 0; i < sections->len; i++)
    {
      ReleaseConfigSpecSection *other = sections->pdata[i];

      if (!g_hash_table_contains (other->index, key))
        continue;
      return other->name != NULL
             ? g_strdup_printf (_("; it belongs in section [%s]"), other->name)
             : g_strdup (_("; it belongs before the first section"));
    }

  return g_strdup ("");
}

char *
release_config_spec_suggest_section (ReleaseConfigSpec *self,
                                     const char        *section)
{
  GPtrArray *sections = release_config_spec_get_sections (self);
  const char *best = NULL;
  guint nearest = G_MAXUINT;

  for (guint i = 1; i < sections->len; i++)
    {
      const char *name = ((ReleaseConfigSpecSection *) sections->pdata[i])->name;

      if (is_nearest (section, name, &nearest))
        best = name;
    }

  return best != NULL ? g_strdup_printf (_("; did you mean [%s]?"), best) : g_strdup ("");
}
