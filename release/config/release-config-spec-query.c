/* release/config/release-config-spec-query.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a specification says of its sections and keys.
 */

#include "config.h"

#include "release/config/release-config-spec.h"

#include "release/config/release-config-spec-private.h"

/**
 * release_config_spec_list_sections:
 * @self: a #ReleaseConfigSpec
 *
 * Lists the sections, in the order in which they were added.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 *
 * Since: 0.1
 */
char **
release_config_spec_list_sections (ReleaseConfigSpec *self)
{
  g_autoptr(GStrvBuilder) names = NULL;
  GPtrArray *sections;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), NULL);

  names = g_strv_builder_new ();
  sections = release_config_spec_get_sections (self);
  for (guint i = 1; i < sections->len; i++)
    g_strv_builder_add (names, ((ReleaseConfigSpecSection *) sections->pdata[i])->name);

  return g_strv_builder_end (names);
}

/**
 * release_config_spec_list_keys:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): a section, or %NULL for the global keys
 *
 * Lists the keys of a section, in the order in which they were added.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names; none if there
 *   is no such section
 *
 * Since: 0.1
 */
char **
release_config_spec_list_keys (ReleaseConfigSpec *self,
                               const char        *section)
{
  g_autoptr(GStrvBuilder) names = NULL;
  ReleaseConfigSpecSection *found;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), NULL);

  names = g_strv_builder_new ();
  found = release_config_spec_find_section (self, section);
  for (guint i = 0; found != NULL && i < found->keys->len; i++)
    g_strv_builder_add (names, ((ReleaseConfigSpecKey *) found->keys->pdata[i])->name);

  return g_strv_builder_end (names);
}

/**
 * release_config_spec_has_key:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): a section, or %NULL for a global key
 * @key: a key
 *
 * Says whether the specification has a key.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
release_config_spec_has_key (ReleaseConfigSpec *self,
                             const char        *section,
                             const char        *key)
{
  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return release_config_spec_find_key (self, section, key) != NULL;
}

/**
 * release_config_spec_is_required:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): a section, or %NULL for a global key
 * @key: a key of the specification
 *
 * Says whether a configuration must give the key a value: it has no default and is
 * not optional.
 *
 * Returns: whether it must
 *
 * Since: 0.1
 */
gboolean
release_config_spec_is_required (ReleaseConfigSpec *self,
                                 const char        *section,
                                 const char        *key)
{
  ReleaseConfigSpecKey *found;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  found = release_config_spec_find_key (self, section, key);
  g_return_val_if_fail (found != NULL, FALSE);

  return found->default_value == NULL && !found->is_optional;
}

/**
 * release_config_spec_get_default:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): a section, or %NULL for a global key
 * @key: a key of the specification
 *
 * Gets the value that the key has if none is given.
 *
 * Returns: (transfer none) (nullable): the default, or %NULL if there is none
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_spec_get_default (ReleaseConfigSpec *self,
                                 const char        *section,
                                 const char        *key)
{
  ReleaseConfigSpecKey *found;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  found = release_config_spec_find_key (self, section, key);
  g_return_val_if_fail (found != NULL, NULL);

  return found->default_value;
}

/**
 * release_config_spec_get_effect:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): a section, or %NULL for a global key
 * @key: a key of the specification
 *
 * Gets when a change of the value takes effect.
 *
 * Returns: a #ReleaseConfigEffect
 *
 * Since: 0.1
 */
ReleaseConfigEffect
release_config_spec_get_effect (ReleaseConfigSpec *self,
                                const char        *section,
                                const char        *key)
{
  ReleaseConfigSpecKey *found;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), RELEASE_CONFIG_EFFECT_LIVE);
  g_return_val_if_fail (key != NULL, RELEASE_CONFIG_EFFECT_LIVE);
  found = release_config_spec_find_key (self, section, key);
  g_return_val_if_fail (found != NULL, RELEASE_CONFIG_EFFECT_LIVE);

  return found->effect;
}

/**
 * release_config_spec_get_description:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): a section, or %NULL for a global key
 * @key: a key of the specification
 *
 * Gets what the key is for.
 *
 * Returns: (nullable): the translated description, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
release_config_spec_get_description (ReleaseConfigSpec *self,
                                     const char        *section,
                                     const char        *key)
{
  ReleaseConfigSpecKey *found;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  found = release_config_spec_find_key (self, section, key);
  g_return_val_if_fail (found != NULL, NULL);

  return release_config_spec_translate (self, found->description);
}

/**
 * release_config_spec_describe_values:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): a section, or %NULL for a global key
 * @key: a key of the specification
 *
 * Says which values are good, as `an integer from 0 to 10`.
 *
 * Returns: (transfer full) (nullable): the translated words, or %NULL if there are
 *   none
 *
 * Since: 0.1
 */
char *
release_config_spec_describe_values (ReleaseConfigSpec *self,
                                     const char        *section,
                                     const char        *key)
{
  ReleaseConfigSpecKey *found;

  g_return_val_if_fail (RELEASE_IS_CONFIG_SPEC (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);
  found = release_config_spec_find_key (self, section, key);
  g_return_val_if_fail (found != NULL, NULL);

  return release_config_spec_key_describe (found);
}
