/* release/config/release-config-edit.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Changing single values of a configuration, and writing it.
 */

#include "config.h"

#include "release/config/release-config.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/config/release-config-lexer-private.h"
#include "release/config/release-config-private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define NEW_FILE_MODE 0644

static const char *
group_of (const char *section)
{
  return section != NULL ? section : RELEASE_CONFIG_GLOBAL_GROUP;
}

/* What is loaded and set, to be changed. */
static GKeyFile *
release_config_make_key_file (ReleaseConfig *self)
{
  if (self->key_file == NULL)
    self->key_file = self->text != NULL
                     ? g_key_file_ref (release_config_text_get_key_file (self->text))
                     : g_key_file_new ();

  return self->key_file;
}

/* Gives a key another value, in the values that count and in none else. */
static void
release_config_replace (ReleaseConfig       *self,
                        const char          *section,
                        const char          *key,
                        ReleaseConfigValue  *value,
                        ReleaseConfigOrigin  origin)
{
  const ReleaseConfigEntry *entry = release_config_values_find (self->values, section, key);
  g_autoptr(ReleaseConfigValue) old = NULL;

  if (entry != NULL)
    old = release_config_value_ref (entry->value);
  release_config_values_set (self->values, section, key, value, origin);
  if (value != NULL && old != NULL ? release_config_value_equal (value, old) : value == old)
    return;

  release_config_emit_changed (self, section, key, old, value);
}

/**
 * release_config_override:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 * @text: the value, as on the command line: strings need no quotes; see
 *   release_config_get_option_group()
 * @error: return location for a #GError, or %NULL
 *
 * Sets a value that goes before that of a file, also of one that is loaded later.
 * For programs that read their command line without #GOptionContext.
 *
 * Fails with %RELEASE_CONFIG_ERROR_UNKNOWN_KEY, %RELEASE_CONFIG_ERROR_SYNTAX, or
 * %RELEASE_CONFIG_ERROR_INVALID if the specification does not allow it.
 *
 * Returns: %TRUE if it was set, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_override (ReleaseConfig  *self,
                         const char     *section,
                         const char     *key,
                         const char     *text,
                         GError        **error)
{
  g_autoptr(ReleaseConfigValue) value = NULL;
  ReleaseConfigOverride *override;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (section == NULL || release_config_is_name (section), FALSE);
  g_return_val_if_fail (key != NULL && release_config_is_name (key), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  value = release_config_read_option (self->spec, section, key, text, error);
  if (value == NULL)
    return FALSE;

  override = g_new0 (ReleaseConfigOverride, 1);
  override->section = g_strdup (section);
  override->key = g_strdup (key);
  override->value = release_config_value_ref (value);
  g_hash_table_replace (self->overrides, override, override);
  release_config_replace (self, section, key, value, RELEASE_CONFIG_ORIGIN_COMMAND_LINE);

  return TRUE;
}

/**
 * release_config_set_value:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 * @value: (nullable): its new value, or %NULL to take away what it has, so that
 *   the default counts
 * @error: return location for a #GError, or %NULL
 *
 * Changes a value as if the file had been changed: the command line still goes
 * before it, and release_config_save() writes it.
 *
 * Fails with %RELEASE_CONFIG_ERROR_UNKNOWN_KEY, %RELEASE_CONFIG_ERROR_INVALID or
 * %RELEASE_CONFIG_ERROR_MISSING if the specification does not allow it.
 *
 * Returns: %TRUE if it was set, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_set_value (ReleaseConfig       *self,
                          const char          *section,
                          const char          *key,
                          ReleaseConfigValue  *value,
                          GError             **error)
{
  ReleaseConfigSpecKey *spec_key = NULL;
  ReleaseConfigOrigin origin = RELEASE_CONFIG_ORIGIN_PROGRAM;
  ReleaseConfigOverride wanted = { .section = (char *) section, .key = (char *) key };

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (section == NULL || release_config_is_name (section), FALSE);
  g_return_val_if_fail (key != NULL && release_config_is_name (key), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->spec != NULL)
    {
      g_autofree char *problem = NULL;
      gsize item = 0;

      spec_key = release_config_spec_find_key (self->spec, section, key);
      if (spec_key == NULL)
        {
          g_autofree char *suggestion = release_config_spec_suggest_key (self->spec, section, key);

          g_set_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_UNKNOWN_KEY,
                       _("“%s” is not known%s"), key, suggestion);
          return FALSE;
        }
      if (value == NULL && release_config_spec_is_required (self->spec, section, key))
        {
          g_set_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_MISSING,
                       _("“%s” must have a value, since it has no default"), key);
          return FALSE;
        }
      problem = value != NULL ? release_config_spec_key_refuse (spec_key, value, &item)
                              : NULL;
      if (problem != NULL)
        {
          g_set_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID, "“%s”: %s", key,
                       problem);
          return FALSE;
        }
    }

  if (value != NULL)
    {
      g_autofree char *literal = release_config_value_print (value);

      g_key_file_set_value (release_config_make_key_file (self), group_of (section), key, literal);
    }
  else
    {
      g_key_file_remove_key (release_config_make_key_file (self), group_of (section), key, NULL);
      value = spec_key != NULL ? spec_key->default_value : NULL;
      origin = RELEASE_CONFIG_ORIGIN_DEFAULT;
    }
  if (!g_hash_table_contains (self->overrides, &wanted))
    release_config_replace (self, section, key, value, origin);

  return TRUE;
}

static void
add_to_key_file_cb (ReleaseConfigSpecKey     *key,
                    const ReleaseConfigEntry *entry,
                    gpointer                  user_data)
{
  g_autofree char *literal = release_config_value_print (entry->value);

  g_key_file_set_value (user_data, group_of (key->section), key->name, literal);
}

/**
 * release_config_to_key_file:
 * @self: a #ReleaseConfig
 *
 * Makes a key file of all values that count, wherever they come from, in the
 * syntax of release_config_value_print().
 *
 * Returns: (transfer full): a new key file
 *
 * Since: 0.1
 */
GKeyFile *
release_config_to_key_file (ReleaseConfig *self)
{
  GKeyFile *key_file;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), NULL);

  key_file = g_key_file_new ();
  release_config_values_foreach (self->values, add_to_key_file_cb, key_file);

  return key_file;
}

/**
 * release_config_to_bytes:
 * @self: a #ReleaseConfig
 *
 * Writes what was loaded and set in the syntax: without defaults, and without what
 * the command line overrides. If a text was loaded, it is that text with what has
 * changed since; see release_config_text_update().
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
GBytes *
release_config_to_bytes (ReleaseConfig *self)
{
  g_autoptr(ReleaseConfigText) empty = NULL;
  g_autoptr(GBytes) no_bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), NULL);

  if (self->text != NULL)
    return release_config_text_update (self->text, release_config_make_key_file (self));

  no_bytes = g_bytes_new_static ("", 0);
  empty = release_config_text_new (no_bytes, "");

  return release_config_text_update (empty, release_config_make_key_file (self));
}

/**
 * release_config_save:
 * @self: a #ReleaseConfig
 * @path: (type filename) (nullable): where to, or %NULL for the file that was loaded
 *   last
 * @error: return location for a #GError, or %NULL
 *
 * Writes release_config_to_bytes() to a file, so that it has either the old or the
 * new content at any time. A file that is there keeps its permissions, but then
 * belongs to this process's user; of a symbolic link the target is written.
 *
 * Returns: %TRUE if it was saved, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_save (ReleaseConfig  *self,
                     const char     *path,
                     GError        **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *target = NULL;
  struct stat st;
  const char *data;
  gsize length;
  int mode = -1;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (path != NULL || self->path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (path == NULL)
    path = self->path;
  target = realpath (path, NULL);
  if (target != NULL && stat (target, &st) == 0)
    mode = st.st_mode & 0777;

  bytes = release_config_to_bytes (self);
  data = g_bytes_get_data (bytes, &length);

  if (!g_file_set_contents_full (target != NULL ? target : path, data != NULL ? data : "", length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 mode >= 0 ? mode : NEW_FILE_MODE, error))
    return FALSE;

  /* The umask counts for a new file, but not for one that was there. */
  if (mode >= 0 && chmod (target, mode) < 0)
    {
      int errsv = errno;
      g_autofree char *shown = g_filename_display_name (target);

      release_set_error_from_errno (error, errsv, "%s", shown);
      return FALSE;
    }

  return TRUE;
}
