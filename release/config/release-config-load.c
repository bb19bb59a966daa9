/* release/config/release-config-load.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loading a configuration, from wherever, again and again.
 */

#include "config.h"

#include "release/config/release-config.h"

#include "release/config/release-config-literal-private.h"
#include "release/config/release-config-private.h"

#include <string.h>

/* The path as it is, `..` too, since that goes by what a symbolic link leads to. */
static char *
make_absolute (const char *path)
{
  g_autofree char *folder = NULL;

  if (g_path_is_absolute (path))
    return g_strdup (path);
  folder = g_get_current_dir ();

  return g_build_filename (folder, path, NULL);
}

/* A copy with each value in its canonical form, or as it is if it is not in the syntax. */
static GKeyFile *
copy_key_file (GKeyFile *key_file)
{
  GKeyFile *copy = g_key_file_new ();
  g_auto(GStrv) groups = g_key_file_get_groups (key_file, NULL);

  for (gsize i = 0; groups[i] != NULL; i++)
    {
      g_auto(GStrv) keys = g_key_file_get_keys (key_file, groups[i], NULL, NULL);

      release_config_add_group (copy, groups[i]);
      for (gsize j = 0; keys[j] != NULL; j++)
        {
          g_autofree char *value = g_key_file_get_value (key_file, groups[i], keys[j], NULL);
          g_autofree char *literal = release_config_literal_copy (value, 0,
                                                                   strlen (value));

          g_key_file_set_value (copy, groups[i], keys[j], literal != NULL ? literal : value);
        }
    }

  return copy;
}

/* Reads all values anew, from @key_file and the overrides. Returns NULL if anything is wrong. */
static ReleaseConfigValues *
release_config_evaluate (ReleaseConfig         *self,
                         GKeyFile              *key_file,
                         ReleaseConfigText     *text,
                         ReleaseConfigProblems *problems)
{
  g_autoptr(ReleaseConfigValues) values = release_config_values_new (self->spec);
  GHashTableIter iter;
  gpointer next;

  release_config_values_read (values, key_file, text, problems);
  g_hash_table_iter_init (&iter, self->overrides);
  while (g_hash_table_iter_next (&iter, &next, NULL))
    {
      const ReleaseConfigOverride *override = next;

      release_config_values_set (values, override->section, override->key, override->value,
                                 RELEASE_CONFIG_ORIGIN_COMMAND_LINE);
    }
  release_config_values_fill (values, key_file, text, problems);

  return release_config_problems_is_empty (problems) ? g_steal_pointer (&values) : NULL;
}

/* Loads @text, or @key_file if that is NULL. @path is where the text was, if that was a file. */
static gboolean
release_config_load (ReleaseConfig      *self,
                     GKeyFile           *key_file,
                     ReleaseConfigText  *text,
                     const char         *path,
                     const char         *name,
                     GError            **error)
{
  g_autoptr(ReleaseConfigProblems) problems = release_config_problems_new (name);
  ReleaseConfigValues *values;

  if (text != NULL)
    release_config_problems_add_all (problems, release_config_text_get_problems (text));
  values = release_config_evaluate (self, key_file, text, problems);

  g_ptr_array_unref (self->problems);
  self->problems = release_config_problems_dup_list (problems);
  if (values == NULL)
    return release_config_problems_set_error (problems, error);

  g_clear_pointer (&self->key_file, g_key_file_unref);
  if (key_file != NULL)
    self->key_file = g_key_file_ref (key_file);
  if (text != NULL)
    g_set_object (&self->text, text);
  if (path != NULL)
    {
      g_free (self->path);
      self->path = g_strdup (path);
    }

  /* A handler may let go of the last reference. */
  g_object_ref (self);
  release_config_switch (self, values);
  release_config_emit_loaded (self);
  g_object_unref (self);

  return TRUE;
}

static gboolean
release_config_load_text (ReleaseConfig  *self,
                          GBytes         *bytes,
                          const char     *path,
                          const char     *name,
                          GError        **error)
{
  g_autoptr(ReleaseConfigText) text = release_config_text_new (bytes, name);

  return release_config_load (self, NULL, text, path, name, error);
}

static void
monitor_changed_cb (GFileMonitor      *monitor,
                    GFile             *file,
                    GFile             *other_file,
                    GFileMonitorEvent  event,
                    gpointer           user_data)
{
  ReleaseConfig *self = RELEASE_CONFIG (user_data);
  g_autoptr(GFile) own_file = g_file_new_for_path (self->path);
  g_autoptr(GError) error = NULL;

  /* A file that is written to is complete when it is closed; one that goes is no news. */
  if (event != G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT && event != G_FILE_MONITOR_EVENT_MOVED_IN
      && !(event == G_FILE_MONITOR_EVENT_RENAMED && other_file != NULL
           && g_file_equal (other_file, own_file)))
    return;

  if (!release_config_reload (self, &error))
    release_config_emit_load_failed (self, error);
}

/**
 * release_config_load_file:
 * @self: a #ReleaseConfig
 * @path: (type filename): the file
 * @error: return location for a #GError, or %NULL
 *
 * Loads a file, a regular one of at most 256 MiB. @path is made absolute, so that
 * a reload finds the file after a change of the directory.
 *
 * Fails with a code of %G_IO_ERROR if the file cannot be read, and with one of
 * %RELEASE_CONFIG_ERROR if it is not good; then nothing changes.
 *
 * Returns: %TRUE if it was loaded, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_load_file (ReleaseConfig  *self,
                          const char     *path,
                          GError        **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *absolute = NULL;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  absolute = make_absolute (path);
  g_ptr_array_set_size (self->problems, 0);
  bytes = release_config_read_file (path, error);

  return bytes != NULL && release_config_load_text (self, bytes, absolute, path, error);
}

/**
 * release_config_load_bytes:
 * @self: a #ReleaseConfig
 * @bytes: a text
 * @name: (type filename): what it is called in messages
 * @error: return location for a #GError, or %NULL
 *
 * Loads a text. Fails with a code of %RELEASE_CONFIG_ERROR if it is not good; then
 * nothing changes.
 *
 * Returns: %TRUE if it was loaded, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_load_bytes (ReleaseConfig  *self,
                           GBytes         *bytes,
                           const char     *name,
                           GError        **error)
{
  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return release_config_load_text (self, bytes, NULL, name, error);
}

/**
 * release_config_load_stream:
 * @self: a #ReleaseConfig
 * @stream: gives a text up to its end; it stays open
 * @name: (type filename): what it is called in messages
 * @cancellable: (nullable): ends the reading
 * @error: return location for a #GError, or %NULL
 *
 * Loads a text from a stream, of at most 256 MiB. Fails as @stream does, or with a
 * code of %RELEASE_CONFIG_ERROR if the text is not good; then nothing changes.
 * Blocks until the stream ends.
 *
 * Returns: %TRUE if it was loaded, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_load_stream (ReleaseConfig  *self,
                            GInputStream   *stream,
                            const char     *name,
                            GCancellable   *cancellable,
                            GError        **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_ptr_array_set_size (self->problems, 0);
  bytes = release_config_read_stream (stream, name, cancellable, error);

  return bytes != NULL && release_config_load_text (self, bytes, NULL, name, error);
}

/**
 * release_config_load_key_file:
 * @self: a #ReleaseConfig
 * @key_file: values in the syntax of release_config_value_print(); global keys are
 *   in the group %RELEASE_CONFIG_GLOBAL_GROUP. It is copied.
 * @name: (type filename): what it is called in messages
 * @error: return location for a #GError, or %NULL
 *
 * Loads a key file. Fails with a code of %RELEASE_CONFIG_ERROR if it is not good,
 * which it is not either if a group or a key has a name that the syntax does not
 * have; then nothing changes. Its errors have no lines, for it does not know them.
 *
 * If a text was loaded before, release_config_save() puts the values of @key_file
 * into that, with its comments.
 *
 * Returns: %TRUE if it was loaded, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_load_key_file (ReleaseConfig  *self,
                              GKeyFile       *key_file,
                              const char     *name,
                              GError        **error)
{
  g_autoptr(GKeyFile) copy = NULL;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (key_file != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  copy = copy_key_file (key_file);

  return release_config_load (self, copy, NULL, NULL, name, error);
}

/**
 * release_config_reload:
 * @self: a #ReleaseConfig with a file
 * @error: return location for a #GError, or %NULL
 *
 * Loads the file again that was loaded last. Fails as release_config_load_file()
 * does; then nothing changes.
 *
 * Returns: %TRUE if it was loaded, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_reload (ReleaseConfig  *self,
                       GError        **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (self->path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  path = g_strdup (self->path);

  return release_config_load_file (self, path, error);
}

/**
 * release_config_watch:
 * @self: a #ReleaseConfig with a file
 * @error: return location for a #GError, or %NULL
 *
 * Loads the file again whenever it changes: when somebody has written to it and
 * closed it, or has put another file in its place. If something is wrong with it
 * then, #ReleaseConfig::load-failed says so, and the values stay.
 *
 * It is done in the thread-default main context. If the path is a symbolic link,
 * the link is watched, and not what it leads to. The watching is done by a thread
 * of GLib, so call it after the process has gone into the background.
 *
 * Fails with a code of %G_IO_ERROR if the system cannot watch the file. Called
 * twice, it goes on watching.
 *
 * Returns: %TRUE if the file is watched, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_config_watch (ReleaseConfig  *self,
                      GError        **error)
{
  g_autoptr(GFile) file = NULL;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (self->path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  release_config_unwatch (self);
  file = g_file_new_for_path (self->path);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
  if (self->monitor == NULL)
    return FALSE;
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (monitor_changed_cb), self, 0);

  return TRUE;
}

/**
 * release_config_unwatch:
 * @self: a #ReleaseConfig
 *
 * Ends what release_config_watch() began, if it did.
 *
 * Since: 0.1
 */
void
release_config_unwatch (ReleaseConfig *self)
{
  g_return_if_fail (RELEASE_IS_CONFIG (self));

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
}

/**
 * release_config_get_path:
 * @self: a #ReleaseConfig
 *
 * Gets the file that was loaded last.
 *
 * Returns: (type filename) (nullable): its absolute path, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
release_config_get_path (ReleaseConfig *self)
{
  g_return_val_if_fail (RELEASE_IS_CONFIG (self), NULL);

  return self->path;
}
