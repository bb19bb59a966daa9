/* release/config/release-config-options.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Values of a configuration from the command line.
 */

#include "config.h"

#include "release/config/release-config.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-private.h"
#include "release/config/release-config-problem-private.h"
#include "release/config/release-config-spec-private.h"

#include <string.h>

/* What the functions of one option group share. */
typedef struct
{
  ReleaseConfig  *config;       /* owned */
  GHashTable     *keys;         /* option name -> key of the specification, which is unowned */
  GPtrArray      *names;        /* of the option entries: they are borrowed from here */
} Options;

static void
options_free (gpointer data)
{
  Options *self = data;

  g_hash_table_unref (self->keys);
  g_ptr_array_unref (self->names);
  g_object_unref (self->config);
  g_free (self);
}

#define HAS_KIND(kinds, kind) (((kinds) & (1u << (kind))) != 0)

/* A word of the command line as a value of one of the kinds. Strings need no quotes there, nor
 * regular expressions slashes; but what has them is read like in a file. */
static ReleaseConfigValue *
read_word (const char  *word,
           guint        kinds,
           GError     **error)
{
  if (HAS_KIND (kinds, RELEASE_CONFIG_KIND_STRING) && word[0] != '"')
    {
      g_autoptr(ReleaseConfigValue) value = NULL;

      /* Where other kinds will do too, text is what is nothing else. */
      if (kinds != 1u << RELEASE_CONFIG_KIND_STRING)
        value = release_config_value_parse (word, NULL);
      if (value != NULL && HAS_KIND (kinds, release_config_value_get_kind (value)))
        return g_steal_pointer (&value);

      return release_config_value_new_string (word);
    }
  if (kinds == 1u << RELEASE_CONFIG_KIND_REGEXP && word[0] != '/')
    return release_config_value_new_regexp (word, error);

  return release_config_value_parse (word, error);
}

/* Several words with commas between them. */
static ReleaseConfigValue *
read_words (const char  *text,
            guint        kinds,
            GError     **error)
{
  g_auto(GStrv) words = NULL;
  g_autoptr(GPtrArray) values = NULL;

  if (text[0] == '[')
    return release_config_value_parse (text, error);

  values = g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_value_unref);
  words = g_strsplit (text, ",", -1);
  for (gsize i = 0; words[i] != NULL; i++)
    {
      ReleaseConfigValue *value = read_word (g_strstrip (words[i]), kinds, error);

      if (value == NULL)
        return NULL;
      g_ptr_array_add (values, value);
    }

  return release_config_value_new_list ((ReleaseConfigValue **) values->pdata, values->len);
}

ReleaseConfigValue *
release_config_read_option (ReleaseConfigSpec  *spec,
                            const char         *section,
                            const char         *key,
                            const char         *text,
                            GError            **error)
{
  g_autoptr(ReleaseConfigValue) value = NULL;
  g_autofree char *problem = NULL;
  ReleaseConfigSpecKey *spec_key;
  guint kinds;
  gsize item = 0;

  if (spec == NULL)
    return release_config_value_parse (text, error);

  spec_key = release_config_spec_find_key (spec, section, key);
  if (spec_key == NULL)
    {
      g_autofree char *suggestion = release_config_spec_suggest_key (spec, section, key);

      g_set_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_UNKNOWN_KEY,
                   _("“%s” is not known%s"), key, suggestion);
      return NULL;
    }

  kinds = release_config_spec_key_get_kinds (spec_key);
  if (kinds == 1u << RELEASE_CONFIG_KIND_LIST)
    value = read_words (text, release_config_spec_key_item_kinds (spec_key), error);
  else
    value = read_word (text, kinds, error);
  if (value == NULL)
    {
      g_prefix_error (error, "“%s”: ", key);
      return NULL;
    }

  problem = release_config_spec_key_refuse (spec_key, value, &item);
  if (problem != NULL)
    {
      g_set_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID, "“%s”: %s", key,
                   problem);
      return NULL;
    }

  return g_steal_pointer (&value);
}

static gboolean
option_cb (const char  *option_name,
           const char  *text,
           gpointer     user_data,
           GError     **error)
{
  Options *self = user_data;
  ReleaseConfigSpecKey *key;
  g_autoptr(GError) own_error = NULL;

  while (*option_name == '-')
    option_name++;
  key = g_hash_table_lookup (self->keys, option_name);
  g_return_val_if_fail (key != NULL, FALSE);

  /* An option without a value is a boolean that becomes true. */
  if (release_config_override (self->config, key->section, key->name,
                               text != NULL ? text : "true", &own_error))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %s", option_name,
               own_error->message);

  return FALSE;
}

/* The name of the option for a key: that of a global key alone, else `section.key`; with dashes for
 * underscores, unless another key of the section is called that. */
static char *
make_option_name (ReleaseConfigSpec    *spec,
                  ReleaseConfigSpecKey *key)
{
  g_autofree char *section = key->section != NULL ? g_strdelimit (g_strdup (key->section), "_", '-')
                                                  : NULL;
  g_autofree char *name = g_strdelimit (g_strdup (key->name), "_", '-');

  if (strcmp (name, key->name) != 0 && release_config_spec_has_key (spec, key->section, name))
    {
      g_free (name);
      name = g_strdup (key->name);
    }

  return section != NULL ? g_strconcat (section, ".", name, NULL) : g_steal_pointer (&name);
}

static const char *
describe_argument (guint kinds)
{
  switch (kinds)
    {
    case 1u << RELEASE_CONFIG_KIND_INT:
      return _("INTEGER");
    case 1u << RELEASE_CONFIG_KIND_FLOAT:
      return _("NUMBER");
    case 1u << RELEASE_CONFIG_KIND_STRING:
      return _("TEXT");
    case 1u << RELEASE_CONFIG_KIND_BOOL:
      return _("true|false");
    case 1u << RELEASE_CONFIG_KIND_REGEXP:
      return _("PATTERN");
    case 1u << RELEASE_CONFIG_KIND_KEYWORD:
      return _("KEYWORD");
    case 1u << RELEASE_CONFIG_KIND_LIST:
      return _("VALUE,…");
    default:
      return _("VALUE");
    }
}

/**
 * release_config_get_option_group:
 * @self: a #ReleaseConfig with a specification
 *
 * Makes options of the command line from the specification, one for each key:
 * `--read-timeout` for the global key `read_timeout`, and `--some-section.tmp` for
 * the key `tmp` of the section `some-section`; underscores become dashes, unless
 * the section has a key of that name too. A value that they give goes before that
 * of a file, also when the file is loaded again.
 *
 * Strings need no quotes, and regular expressions no slashes; with them, they are
 * read like in a file. A list is given with commas between its values, or like in
 * a file. A boolean without a value is true.
 *
 * Parse the command line before the configuration is loaded, or after: both will
 * do.
 *
 * Returns: (transfer full): a new group, for g_option_context_add_group() or
 *   g_option_context_set_main_group(); it holds a reference to @self
 *
 * Since: 0.1
 */
GOptionGroup *
release_config_get_option_group (ReleaseConfig *self)
{
  GOptionGroup *group;
  Options *options;
  GPtrArray *sections;
  ReleaseConfigSpec *spec;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), NULL);
  spec = release_config_get_spec (self);
  g_return_val_if_fail (spec != NULL, NULL);

  options = g_new0 (Options, 1);
  options->config = g_object_ref (self);
  options->keys = g_hash_table_new (g_str_hash, g_str_equal);
  options->names = g_ptr_array_new_with_free_func (g_free);
  group = g_option_group_new ("config", _("Configuration Options:"),
                              _("Show the options that override the configuration"), options,
                              options_free);

  sections = release_config_spec_get_sections (spec);
  for (guint i = 0; i < sections->len; i++)
    {
      ReleaseConfigSpecSection *section = sections->pdata[i];

      for (guint j = 0; j < section->keys->len; j++)
        {
          ReleaseConfigSpecKey *key = section->keys->pdata[j];
          guint kinds = release_config_spec_key_get_kinds (key);
          GOptionEntry entries[2] = { G_OPTION_ENTRY_NULL, G_OPTION_ENTRY_NULL };
          char *name = make_option_name (spec, key);

          /* Of two keys that still have one name, a_b.c and a-b.c, the first has the option. */
          g_ptr_array_add (options->names, name);
          if (g_hash_table_contains (options->keys, name))
            continue;
          g_hash_table_insert (options->keys, name, key);
          entries[0].long_name = name;
          entries[0].arg = G_OPTION_ARG_CALLBACK;
          entries[0].arg_data = option_cb;
          /* As a file name, the argument comes with its bytes as they are, whatever the locale. */
          entries[0].flags = G_OPTION_FLAG_FILENAME;
          if (kinds == 1u << RELEASE_CONFIG_KIND_BOOL)
            entries[0].flags |= G_OPTION_FLAG_OPTIONAL_ARG;
          entries[0].description = release_config_spec_translate (spec, key->description);
          entries[0].arg_description = describe_argument (kinds);
          g_option_group_add_entries (group, entries);
        }
    }

  return group;
}
