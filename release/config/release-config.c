/* release/config/release-config.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/config/release-config.h"

#include "release/config/release-config-private.h"

#include <string.h>

/**
 * SECTION:release-config
 * @title: ReleaseConfig
 * @short_description: a configuration: typed, validated, reloadable
 *
 * A #ReleaseConfig reads a configuration file in the syntax of #ReleaseConfigText
 * by a #ReleaseConfigSpec, and gives its values with their types.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(ReleaseConfig) config = release_config_new (spec);
 *   g_autoptr(GError) error = NULL;
 *
 *   if (!release_config_load_file (config, "/etc/mailer.conf", &error))
 *     {
 *       g_printerr ("%s\n", error->message);
 *       return EX_CONFIG;
 *     }
 *   timeout = release_config_get_int (config, NULL, "read_timeout");
 *   tmp = release_config_get_file (config, "some-section", "tmp");
 * ]|
 *
 * Before anything is loaded, a configuration has the defaults of its
 * specification.
 *
 * # Errors
 *
 * Loading finds all that is wrong, not the first thing alone. The message of its
 * #GError has a line for each, as the one below, and release_config_dup_problems()
 * gives them one by one.
 *
 * |[
 * /etc/mailer.conf:2:1: “read_timout” is not known; did you mean “read_timeout”?
 * ]|
 *
 * What is wrong with a file as a whole (it does not exist, it is a directory) is
 * an error of the domain %G_IO_ERROR, and its message begins with the name alone.
 *
 * # Reload
 *
 * Loading again, from wherever, is a reload: if anything is wrong, all values
 * stay as they are; if not, all new values are there at once. After that the
 * signal #ReleaseConfig::changed comes for each key that has another value than
 * before, and then #ReleaseConfig::loaded. release_config_watch() reloads whenever
 * the file changes.
 *
 * # Where values come from
 *
 * The command line goes before the file, and the file before the default;
 * release_config_get_origin() tells which it was, and the line.
 *
 * A configuration may be used from one thread at a time; several threads can have
 * one each, even of the same specification.
 */

enum
{
  PROP_SPEC = 1,
  N_PROPS
};

enum
{
  CHANGED,
  LOADED,
  LOAD_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ReleaseConfig, release_config, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (ReleaseConfigOrigin, release_config_origin,
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ORIGIN_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ORIGIN_DEFAULT, "default"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ORIGIN_FILE, "file"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ORIGIN_KEY_FILE, "key-file"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ORIGIN_COMMAND_LINE, "command-line"),
                    G_DEFINE_ENUM_VALUE (RELEASE_CONFIG_ORIGIN_PROGRAM, "program"))

static guint
override_hash (gconstpointer data)
{
  const ReleaseConfigOverride *self = data;

  return g_str_hash (self->key) ^ (self->section != NULL ? 31 * g_str_hash (self->section) : 0);
}

static gboolean
override_equal (gconstpointer a,
                gconstpointer b)
{
  const ReleaseConfigOverride *one = a;
  const ReleaseConfigOverride *two = b;

  return strcmp (one->key, two->key) == 0 && g_strcmp0 (one->section, two->section) == 0;
}

static void
override_free (gpointer data)
{
  ReleaseConfigOverride *self = data;

  g_free (self->section);
  g_free (self->key);
  release_config_value_unref (self->value);
  g_free (self);
}

/* A key that may have another value than before. */
typedef struct
{
  char                *section;         /* (nullable) */
  char                *key;
  ReleaseConfigValue  *old_value;       /* (nullable) */
  ReleaseConfigValue  *new_value;       /* (nullable) */
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->section);
  g_free (self->key);
  g_clear_pointer (&self->old_value, release_config_value_unref);
  g_clear_pointer (&self->new_value, release_config_value_unref);
  g_free (self);
}

typedef struct
{
  ReleaseConfigValues  *other;
  gboolean              other_is_old;
  GPtrArray            *changes;
} Comparison;

static void
add_change (GPtrArray            *changes,
            ReleaseConfigSpecKey *key,
            ReleaseConfigValue   *old_value,
            ReleaseConfigValue   *new_value)
{
  Change *change = g_new0 (Change, 1);

  change->section = g_strdup (key->section);
  change->key = g_strdup (key->name);
  change->old_value = old_value != NULL ? release_config_value_ref (old_value) : NULL;
  change->new_value = new_value != NULL ? release_config_value_ref (new_value) : NULL;
  g_ptr_array_add (changes, change);
}

static void
compare_cb (ReleaseConfigSpecKey     *key,
            const ReleaseConfigEntry *entry,
            gpointer                  user_data)
{
  Comparison *self = user_data;
  const ReleaseConfigEntry *other = release_config_values_find (self->other, key->section,
                                                                key->name);

  if (self->other_is_old && other == NULL)
    add_change (self->changes, key, NULL, entry->value);
  else if (self->other_is_old && !release_config_value_equal (entry->value, other->value))
    add_change (self->changes, key, other->value, entry->value);
  else if (!self->other_is_old && other == NULL)
    add_change (self->changes, key, entry->value, NULL);
}

void
release_config_emit_changed (ReleaseConfig      *self,
                             const char         *section,
                             const char         *key,
                             ReleaseConfigValue *old_value,
                             ReleaseConfigValue *new_value)
{
  GQuark detail = 0;

  /* Quarks are never freed, so only the specification makes any. */
  if (self->spec != NULL && release_config_spec_has_key (self->spec, section, key))
    {
      g_autofree char *name = section != NULL ? g_strconcat (section, "::", key, NULL)
                                              : g_strdup (key);

      detail = g_quark_from_string (name);
    }
  g_signal_emit (self, signals[CHANGED], detail, section, key, old_value, new_value);
}

/* Makes @values those that count, and tells whoever listens. Takes @values. */
void
release_config_switch (ReleaseConfig       *self,
                       ReleaseConfigValues *values)
{
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func (change_free);
  g_autoptr(ReleaseConfigValues) old = self->values;
  Comparison comparison = { .changes = changes };

  self->values = values;
  if (g_signal_handler_find (self, G_SIGNAL_MATCH_ID, signals[CHANGED], 0, NULL, NULL, NULL) == 0)
    return;

  comparison.other = old;
  comparison.other_is_old = TRUE;
  release_config_values_foreach (values, compare_cb, &comparison);
  comparison.other = values;
  comparison.other_is_old = FALSE;
  release_config_values_foreach (old, compare_cb, &comparison);

  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = changes->pdata[i];

      release_config_emit_changed (self, change->section, change->key, change->old_value,
                                   change->new_value);
    }
}

void
release_config_emit_loaded (ReleaseConfig *self)
{
  g_signal_emit (self, signals[LOADED], 0);
}

void
release_config_emit_load_failed (ReleaseConfig *self,
                                 const GError  *error)
{
  g_signal_emit (self, signals[LOAD_FAILED], 0, error);
}

static void
release_config_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ReleaseConfig *self = RELEASE_CONFIG (object);

  switch (prop_id)
    {
    case PROP_SPEC:
      g_value_set_object (value, self->spec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_config_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  ReleaseConfig *self = RELEASE_CONFIG (object);

  switch (prop_id)
    {
    case PROP_SPEC:
      self->spec = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_config_constructed (GObject *object)
{
  ReleaseConfig *self = RELEASE_CONFIG (object);

  G_OBJECT_CLASS (release_config_parent_class)->constructed (object);

  self->values = release_config_values_new (self->spec);
  release_config_values_fill (self->values, NULL, NULL, NULL);
}

static void
release_config_dispose (GObject *object)
{
  ReleaseConfig *self = RELEASE_CONFIG (object);

  release_config_unwatch (self);

  G_OBJECT_CLASS (release_config_parent_class)->dispose (object);
}

static void
release_config_finalize (GObject *object)
{
  ReleaseConfig *self = RELEASE_CONFIG (object);

  release_config_values_free (self->values);
  g_clear_pointer (&self->key_file, g_key_file_unref);
  g_hash_table_unref (self->overrides);
  g_ptr_array_unref (self->problems);
  g_clear_object (&self->text);
  g_clear_object (&self->spec);
  g_free (self->path);

  G_OBJECT_CLASS (release_config_parent_class)->finalize (object);
}

static void
release_config_class_init (ReleaseConfigClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = release_config_get_property;
  object_class->set_property = release_config_set_property;
  object_class->constructed = release_config_constructed;
  object_class->dispose = release_config_dispose;
  object_class->finalize = release_config_finalize;

  /**
   * ReleaseConfig:spec:
   *
   * What can be in the configuration, or %NULL if anything can.
   *
   * Since: 0.1
   */
  properties[PROP_SPEC] =
    g_param_spec_object ("spec", "", "", RELEASE_TYPE_CONFIG_SPEC,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ReleaseConfig::changed:
   * @self: the configuration
   * @section: (nullable): the section, or %NULL for a global key
   * @key: the key
   * @old_value: (nullable): its value before, or %NULL if it had none
   * @new_value: (nullable): its value, or %NULL if it has none any more
   *
   * Emitted for each key that has another value than before, when all new values
   * are there. The detail is the section, two colons and the key, or the key alone
   * if it is global: `changed::some-section::tmp`, `changed::read_timeout`. Keys
   * that are not in the specification have no detail.
   *
   * Since: 0.1
   */
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_STRING,
                  RELEASE_TYPE_CONFIG_VALUE, RELEASE_TYPE_CONFIG_VALUE);

  /**
   * ReleaseConfig::loaded:
   * @self: the configuration
   *
   * Emitted when the configuration was loaded, or loaded again, after all
   * #ReleaseConfig::changed.
   *
   * Since: 0.1
   */
  signals[LOADED] =
    g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  /**
   * ReleaseConfig::load-failed:
   * @self: the configuration
   * @error: what is wrong, as release_config_reload() would say it
   *
   * Emitted when the file changed and something is wrong with it. The values are
   * those from before. See release_config_watch().
   *
   * Since: 0.1
   */
  signals[LOAD_FAILED] =
    g_signal_new ("load-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
release_config_init (ReleaseConfig *self)
{
  self->overrides = g_hash_table_new_full (override_hash, override_equal, override_free, NULL);
  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_problem_unref);
}

/**
 * release_config_new:
 * @spec: (nullable): what can be in the configuration, or %NULL if anything can
 *
 * Makes a configuration that has the defaults of @spec.
 *
 * Returns: (transfer full): a new #ReleaseConfig
 *
 * Since: 0.1
 */
ReleaseConfig *
release_config_new (ReleaseConfigSpec *spec)
{
  g_return_val_if_fail (spec == NULL || RELEASE_IS_CONFIG_SPEC (spec), NULL);

  return g_object_new (RELEASE_TYPE_CONFIG, "spec", spec, NULL);
}

/**
 * release_config_get_spec:
 * @self: a #ReleaseConfig
 *
 * Gets what can be in the configuration.
 *
 * Returns: (transfer none) (nullable): the specification, or %NULL
 *
 * Since: 0.1
 */
ReleaseConfigSpec *
release_config_get_spec (ReleaseConfig *self)
{
  g_return_val_if_fail (RELEASE_IS_CONFIG (self), NULL);

  return self->spec;
}

/**
 * release_config_dup_problems:
 * @self: a #ReleaseConfig
 *
 * Gets all that was wrong when something was loaded last.
 *
 * Returns: (transfer container) (element-type ReleaseConfigProblem): the problems, in
 *   the order of the text, none if it was good; at most 100
 *
 * Since: 0.1
 */
GPtrArray *
release_config_dup_problems (ReleaseConfig *self)
{
  GPtrArray *problems;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), NULL);

  problems = g_ptr_array_new_with_free_func ((GDestroyNotify) release_config_problem_unref);
  for (guint i = 0; i < self->problems->len; i++)
    g_ptr_array_add (problems, release_config_problem_ref (self->problems->pdata[i]));

  return problems;
}

typedef struct
{
  ReleaseConfigForeachFunc  func;
  gpointer                  user_data;
} Foreach;

static void
foreach_cb (ReleaseConfigSpecKey     *key,
            const ReleaseConfigEntry *entry,
            gpointer                  user_data)
{
  const Foreach *self = user_data;

  self->func (key->section, key->name, entry->value, self->user_data);
}

/**
 * release_config_foreach:
 * @self: a #ReleaseConfig
 * @func: (scope call) (closure user_data): gets each value
 * @user_data: what @func gets
 *
 * Calls @func for each value that counts, in the order of the specification, or
 * without one in the order of the file. @func must not change the configuration.
 *
 * Since: 0.1
 */
void
release_config_foreach (ReleaseConfig            *self,
                        ReleaseConfigForeachFunc  func,
                        gpointer                  user_data)
{
  Foreach closure = { func, user_data };

  g_return_if_fail (RELEASE_IS_CONFIG (self));
  g_return_if_fail (func != NULL);

  release_config_values_foreach (self->values, foreach_cb, &closure);
}

/**
 * release_config_get_origin:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 * @line: (out) (optional): return location for the line in the text, or 0 if the
 *   value does not come from one
 * @column: (out) (optional): return location for the column, or 0
 *
 * Tells where a value comes from.
 *
 * Returns: a #ReleaseConfigOrigin
 *
 * Since: 0.1
 */
ReleaseConfigOrigin
release_config_get_origin (ReleaseConfig *self,
                           const char    *section,
                           const char    *key,
                           guint         *line,
                           guint         *column)
{
  const ReleaseConfigEntry *entry;
  guint at_line = 0;
  guint at_column = 0;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), RELEASE_CONFIG_ORIGIN_NONE);
  g_return_val_if_fail (key != NULL, RELEASE_CONFIG_ORIGIN_NONE);

  entry = release_config_values_find (self->values, section, key);
  if (entry != NULL && entry->line != 0)
    release_config_text_locate (self->text, section, key, &at_line, &at_column);
  if (line != NULL)
    *line = at_line;
  if (column != NULL)
    *column = at_column;

  return entry != NULL ? entry->origin : RELEASE_CONFIG_ORIGIN_NONE;
}

/**
 * release_config_get_value:
 * @self: a #ReleaseConfig
 * @section: (nullable): the section, or %NULL for a global key
 * @key: the key
 *
 * Gets a value of any type.
 *
 * Returns: (transfer none) (nullable): the value, which belongs to the
 *   configuration until it changes; %NULL if there is none
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_get_value (ReleaseConfig *self,
                          const char    *section,
                          const char    *key)
{
  const ReleaseConfigEntry *entry;

  g_return_val_if_fail (RELEASE_IS_CONFIG (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  entry = release_config_values_find (self->values, section, key);

  return entry != NULL ? entry->value : NULL;
}
