/* release/config/release-config-spec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config-spec.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-spec-private.h"
#include "release/config/release-config-validation-private.h"

#include <string.h>

/**
 * SECTION:release-config-spec
 * @title: ReleaseConfigSpec
 * @short_description: what can be in a configuration
 *
 * A #ReleaseConfigSpec lists the keys of a configuration. For each it has a
 * default, or none if the key is required, the validations that its values have
 * to pass, all of them, a description, and when a change takes effect.
 *
 * |[<!-- language="C" -->
 *   ReleaseConfigSpec *spec = release_config_spec_new ();
 *
 *   release_config_spec_add (spec, NULL, "user", NULL,
 *                            release_config_validation_unprivileged_user (), NULL);
 *   release_config_spec_describe (spec, NULL, "user", RELEASE_CONFIG_EFFECT_SLAVE,
 *                                 N_("The user that the slaves run as"));
 *   release_config_spec_add (spec, NULL, "read_timeout", release_config_value_new_int (5),
 *                            release_config_validation_int_in_range (0, 10), NULL);
 *   release_config_spec_add_section (spec, "another-section", N_("Who may do what"));
 *   release_config_spec_add (spec, "another-section", "privileged_users",
 *                            release_config_value_parse ("[\"root\"]", NULL),
 *                            release_config_validation_string_list (), NULL);
 * ]|
 *
 * From the same specification come a sample file and a part of a manual page; see
 * release_config_spec_print_sample() and release_config_spec_print_man().
 *
 * A specification is complete before a #ReleaseConfig uses it. From then on it
 * does not change, and any thread may use it.
 */

struct _ReleaseConfigSpec
{
  GObject      parent_instance;

  GPtrArray   *sections;            /* of ReleaseConfigSpecSection; the global one first */
  GHashTable  *index;               /* name -> section, which is unowned */
  guint        n_keys;
  char        *translation_domain;  /* (nullable) */
};

G_DEFINE_ENUM_TYPE (ReleaseConfigEffect, release_config_effect,
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_EFFECT_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_EFFECT_SLAVE, "slave"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_EFFECT_RESTART, "restart"))
G_DEFINE_FINAL_TYPE (ReleaseConfigSpec, release_config_spec, G_TYPE_OBJECT)

static void
key_free (gpointer data)
{
  ReleaseConfigSpecKey *key = data;

  g_free (key->name);
  g_free (key->description);
  g_clear_pointer (&key->default_value, release_config_value_unref);
  g_clear_pointer (&key->validations, g_ptr_array_unref);
  g_slice_free (ReleaseConfigSpecKey, key);
}

static void
section_free (gpointer data)
{
  ReleaseConfigSpecSection *section = data;

  g_free (section->name);
  g_free (section->description);
  g_ptr_array_unref (section->keys);
  g_hash_table_unref (section->index);
  g_free (section);
}

static ReleaseConfigSpecSection *
section_new (const char *name)
{
  ReleaseConfigSpecSection *section = g_new0 (ReleaseConfigSpecSection, 1);

  section->name = g_strdup (name);
  section->keys = g_ptr_array_new_with_free_func (key_free);
  section->index = g_hash_table_new (g_str_hash, g_str_equal);

  return section;
}

static guint
count_validations (ReleaseConfigSpecKey *key)
{
  return key->validations != NULL ? key->validations->len : 0;
}

static void
release_config_spec_finalize (GObject *object)
{
  ReleaseConfigSpec *self = RELEASE_CONFIG_SPEC (object);

  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->sections);
  g_free (self->translation_domain);

  G_OBJECT_CLASS (release_config_spec_parent_class)->finalize (object);
}

static void
release_config_spec_class_init (ReleaseConfigSpecClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = release_config_spec_finalize;
}

static void
release_config_spec_init (ReleaseConfigSpec *self)
{
  self->sections = g_ptr_array_new_with_free_func (section_free);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (self->sections, section_new (NULL));
}

GPtrArray *
release_config_spec_get_sections (ReleaseConfigSpec *self)
{
  return self->sections;
}

ReleaseConfigSpecSection *
release_config_spec_find_section (ReleaseConfigSpec *self,
                                  const char        *name)
{
  if (name != NULL)
    return g_hash_table_lookup (self->index, name);

  return self->sections->pdata[0];
}

ReleaseConfigSpecKey *
release_config_spec_find_key (ReleaseConfigSpec *self,
                              const char        *section,
                              const char        *key)
{
  ReleaseConfigSpecSection *owner = release_config_spec_find_section (self, section);

  return owner != NULL ? g_hash_table_lookup (owner->index, key) : NULL;
}

guint
release_config_spec_get_n_keys (ReleaseConfigSpec *self)
{
  return self->n_keys;
}

/* Finds a section, or adds it. */
ReleaseConfigSpecSection *
release_config_spec_make_section (ReleaseConfigSpec *self,
                                  const char        *name)
{
  ReleaseConfigSpecSection *section = release_config_spec_find_section (self, name);

  if (section != NULL)
    return section;

  section = section_new (name);
  g_ptr_array_add (self->sections, section);
  g_hash_table_insert (self->index, section->name, section);

  return section;
}

/* Adds a key that takes any value and has no default. */
ReleaseConfigSpecKey *
release_config_spec_make_key (ReleaseConfigSpec        *self,
                              ReleaseConfigSpecSection *section,
                              const char               *name)
{
  ReleaseConfigSpecKey *key = g_slice_new0 (ReleaseConfigSpecKey);

  key->number = self->n_keys++;
  key->position = section->keys->len;
  key->section = section->name;
  key->name = g_strdup (name);
  g_ptr_array_add (section->keys, key);
  g_hash_table_insert (section->index, key->name, key);

  return key;
}

/* Adds a key that owns @default_value and @validations. */
static void
release_config_spec_take_key (ReleaseConfigSpec  *self,
                              const char         *section,
                              const char         *name,
                              ReleaseConfigValue *default_value,
                              GPtrArray          *validations)
{
  ReleaseConfigSpecSection *owner = release_config_spec_make_section (self, section);
  ReleaseConfigSpecKey *key = release_config_spec_make_key (self, owner, name);

  key->default_value = default_value;
  key->validations = validations;
  for (guint i = 0; i < validations->len; i++)
    if (((ReleaseConfigValidation *) validations->pdata[i])->is_optional)
      key->is_optional = TRUE;
}

const char *
release_config_spec_translate (ReleaseConfigSpec *self,
                               const char        *text)
{
  /* The translation of the empty text is the header of the catalogue. */
  if (text == NULL || *text == '\0' || self->translation_domain == NULL)
    return text;

  return g_dgettext (self->translation_domain, text);
}

/* What is wrong with @value for the key, or NULL; see release_config_validation_refuse (). */
char *
release_config_spec_key_refuse (ReleaseConfigSpecKey *key,
                                ReleaseConfigValue   *value,
                                gsize                *item)
{
  for (guint i = 0; i < count_validations (key); i++)
    {
      gsize own_item = *item;
      char *problem = release_config_validation_refuse (key->validations->pdata[i], value,
                                                        &own_item);

      if (problem != NULL)
        {
          *item = own_item;
          return problem;
        }
    }

  return NULL;
}

/* Which values are good for the key, or NULL if nothing is known of that. */
char *
release_config_spec_key_describe (ReleaseConfigSpecKey *key)
{
  g_autoptr(ReleaseConfigValidation) all = NULL;

  if (key->validations == NULL)
    return NULL;
  all = release_config_validation_all_of ((ReleaseConfigValidation **) key->validations->pdata,
                                          key->validations->len);

  return release_config_validation_describe (all);
}

/* The kinds of values that the key can have, a mask of 1 << kind: what its validations take, or if
 * they take anything, what its default is. */
guint
release_config_spec_key_get_kinds (ReleaseConfigSpecKey *key)
{
  guint kinds = RELEASE_CONFIG_ALL_KINDS;

  for (guint i = 0; i < count_validations (key); i++)
    kinds &= release_config_validation_get_kinds (key->validations->pdata[i]);
  if (kinds == RELEASE_CONFIG_ALL_KINDS && key->default_value != NULL)
    kinds = 1u << release_config_value_get_kind (key->default_value);

  return kinds;
}

/* The kinds of the values in a list that is good for the key. */
guint
release_config_spec_key_item_kinds (ReleaseConfigSpecKey *key)
{
  guint kinds = RELEASE_CONFIG_ALL_KINDS;

  for (guint i = 0; i < count_validations (key); i++)
    kinds &= release_config_validation_item_kinds (key->validations->pdata[i]);

  return kinds;
}

const char *
release_config_effect_describe (ReleaseConfigEffect effect)
{
  switch (effect)
    {
    case RELEASE_CONFIG_EFFECT_LIVE:
      return _("A change takes effect at once");
    case RELEASE_CONFIG_EFFECT_SLAVE:
      return _("A change takes effect in slaves that start after it");
    case RELEASE_CONFIG_EFFECT_RESTART:
      return _("A change takes effect when the daemon is restarted");
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * release_config_spec_new:
 *
 * Makes a specification without keys.
 *
 * Returns: (transfer full): a new #ReleaseConfigSpec
 *
 * Since: 0.1
 */
ReleaseConfigSpec *
release_config_spec_new (void)
{
  return g_object_new (RELEASE_TYPE_CONFIG_SPEC, NULL);
}

/**
 * release_config_spec_add_section:
 * @self: a #ReleaseConfigSpec
 * @name: the name of the section
 * @description: (nullable): what it is about, for sample files and manual pages
 *
 * Adds a section. That is needed for a section without keys and for a
 * description; otherwise the first key of a section adds it.
 *
 * Since: 0.1
 */
void
release_config_spec_add_section (ReleaseConfigSpec *self,
                                 const char        *name,
                                 const char        *description)
{
  ReleaseConfigSpecSection *section;

  g_return_if_fail (RELEASE_IS_CONFIG_SPEC (self));
  g_return_if_fail (name != NULL && release_config_is_name (name));

  section = release_config_spec_make_section (self, name);
  g_free (section->description);
  section->description = g_strdup (description);
}

/**
 * release_config_spec_add: (skip)
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the name of the key, which is not there yet
 * @default_value: (transfer full) (nullable): the value that it has if none is
 *   given, or %NULL if one must be
 * @...: (transfer full): validations that its values have to pass, and %NULL
 *
 * Adds a key. Takes the value and the validations, so that they can be made in
 * the call. Of the bindings see release_config_spec_add_key().
 *
 * Since: 0.1
 */
void
release_config_spec_add (ReleaseConfigSpec  *self,
                         const char         *section,
                         const char         *key,
                         ReleaseConfigValue *default_value,
                         ...)
{
  GPtrArray *validations;
  ReleaseConfigValidation *validation;
  va_list args;

  g_return_if_fail (RELEASE_IS_CONFIG_SPEC (self));
  g_return_if_fail (section == NULL || release_config_is_name (section));
  g_return_if_fail (key != NULL && release_config_is_name (key));
  g_return_if_fail (!release_config_spec_has_key (self, section, key));

  validations = g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_validation_unref);
  va_start (args, default_value);
  while ((validation = va_arg (args, ReleaseConfigValidation *)) != NULL)
    g_ptr_array_add (validations, validation);
  va_end (args);

  release_config_spec_take_key (self, section, key, default_value, validations);
}

/**
 * release_config_spec_add_key:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the name of the key, which is not there yet
 * @default_value: (nullable): the value that it has if none is given, or %NULL if
 *   one must be
 * @validations: (array length=n_validations): what its values have to pass
 * @n_validations: how many
 *
 * Adds a key.
 *
 * Since: 0.1
 */
void
release_config_spec_add_key (ReleaseConfigSpec        *self,
                             const char               *section,
                             const char               *key,
                             ReleaseConfigValue       *default_value,
                             ReleaseConfigValidation **validations,
                             gsize                     n_validations)
{
  GPtrArray *owned;

  g_return_if_fail (RELEASE_IS_CONFIG_SPEC (self));
  g_return_if_fail (section == NULL || release_config_is_name (section));
  g_return_if_fail (key != NULL && release_config_is_name (key));
  g_return_if_fail (!release_config_spec_has_key (self, section, key));
  g_return_if_fail (validations != NULL || n_validations == 0);

  owned = g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_validation_unref);
  for (gsize i = 0; i < n_validations; i++)
    g_ptr_array_add (owned, release_config_validation_ref (validations[i]));

  release_config_spec_take_key (self, section, key,
                                default_value != NULL ? release_config_value_ref (default_value)
                                                      : NULL,
                                owned);
}

/**
 * release_config_spec_describe:
 * @self: a #ReleaseConfigSpec
 * @section: (nullable): the section, or %NULL for a global key
 * @key: a key of the specification
 * @effect: when a change of its value takes effect
 * @description: (nullable): what it is for: a sentence or more, without the full
 *   stop after the last
 *
 * Says more about a key, for people. A key without a description takes effect
 * live.
 *
 * Since: 0.1
 */
void
release_config_spec_describe (ReleaseConfigSpec   *self,
                              const char          *section,
                              const char          *key,
                              ReleaseConfigEffect  effect,
                              const char          *description)
{
  ReleaseConfigSpecKey *found;

  g_return_if_fail (RELEASE_IS_CONFIG_SPEC (self));
  g_return_if_fail (key != NULL);
  found = release_config_spec_find_key (self, section, key);
  g_return_if_fail (found != NULL);

  g_free (found->description);
  found->description = g_strdup (description);
  found->effect = effect;
}

/**
 * release_config_spec_set_translation_domain:
 * @self: a #ReleaseConfigSpec
 * @domain: (nullable): a domain of gettext(3), or %NULL for no translation
 *
 * Sets where the translations of the descriptions are. They are translated when
 * somebody reads them, so they are best marked with `N_()`.
 *
 * Since: 0.1
 */
void
release_config_spec_set_translation_domain (ReleaseConfigSpec *self,
                                            const char        *domain)
{
  g_return_if_fail (RELEASE_IS_CONFIG_SPEC (self));

  g_free (self->translation_domain);
  self->translation_domain = g_strdup (domain);
}
