/* release/config/release-config-spec-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-spec.h>

G_BEGIN_DECLS

typedef struct
{
  guint                 number;         /* of all keys, from 0 */
  guint                 position;       /* of the keys of its section, from 0 */
  const char           *section;        /* that of the section it is in */
  char                 *name;
  ReleaseConfigValue   *default_value;  /* (nullable) */
  GPtrArray            *validations;    /* of ReleaseConfigValidation; (nullable) */
  char                 *description;    /* (nullable), not translated */
  ReleaseConfigEffect   effect;
  gboolean              is_optional;    /* needs no value, although it has no default */
} ReleaseConfigSpecKey;

typedef struct
{
  char        *name;                    /* NULL: global */
  char        *description;             /* (nullable), not translated */
  GPtrArray   *keys;                    /* of ReleaseConfigSpecKey */
  GHashTable  *index;                   /* name -> key, which is unowned */
} ReleaseConfigSpecSection;

/* All sections, the global one first; belongs to the specification. */
GPtrArray                *release_config_spec_get_sections     (ReleaseConfigSpec     *self);
guint                     release_config_spec_get_n_keys       (ReleaseConfigSpec     *self);
ReleaseConfigSpecSection *release_config_spec_make_section     (ReleaseConfigSpec     *self,
                                                                const char            *name);
ReleaseConfigSpecKey     *release_config_spec_make_key         (ReleaseConfigSpec     *self,
                                                                ReleaseConfigSpecSection *section,
                                                                const char            *name);
ReleaseConfigSpecSection *release_config_spec_find_section     (ReleaseConfigSpec     *self,
                                                                const char            *name);
ReleaseConfigSpecKey     *release_config_spec_find_key         (ReleaseConfigSpec     *self,
                                                                const char            *section,
                                                                const char            *key);
const char               *release_config_spec_translate        (ReleaseConfigSpec     *self,
                                                                const char            *text);

char                     *release_config_spec_key_refuse       (ReleaseConfigSpecKey  *key,
                                                                ReleaseConfigValue    *value,
                                                                gsize                 *item);
char                     *release_config_spec_key_describe     (ReleaseConfigSpecKey  *key);
guint                     release_config_spec_key_get_kinds    (ReleaseConfigSpecKey  *key);
guint                     release_config_spec_key_item_kinds   (ReleaseConfigSpecKey  *key);
const char               *release_config_effect_describe       (ReleaseConfigEffect    effect);

/* What was probably meant: sentences for the end of a message, or empty. */
char                     *release_config_spec_suggest_key      (ReleaseConfigSpec     *self,
                                                                const char            *section,
                                                                const char            *key);
char                     *release_config_spec_suggest_section  (ReleaseConfigSpec     *self,
                                                                const char            *section);

G_END_DECLS
