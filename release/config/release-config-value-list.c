/* release/config/release-config-value-list.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Lists of values from arrays of C, and back.
 */

#include "config.h"

#include "release/config/release-config-value.h"

#include "release/config/release-config-value-private.h"

static gboolean
is_list (ReleaseConfigValue *self)
{
  return self != NULL && release_config_value_get_kind (self) == RELEASE_CONFIG_KIND_LIST;
}

/**
 * release_config_value_new_bool_list:
 * @values: (array length=n_values): booleans
 * @n_values: how many
 *
 * Makes a list of booleans.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_bool_list (const gboolean *values,
                                    gsize           n_values)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  g_return_val_if_fail (values != NULL || n_values == 0, NULL);

  for (gsize i = 0; i < n_values; i++)
    g_ptr_array_add (items, release_config_value_new_bool (values[i]));

  return release_config_value_new_list_take ((ReleaseConfigValue **) items->pdata, items->len);
}

/**
 * release_config_value_new_int_list:
 * @values: (array length=n_values): integers
 * @n_values: how many
 *
 * Makes a list of integers.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_int_list (const gint64 *values,
                                   gsize         n_values)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  g_return_val_if_fail (values != NULL || n_values == 0, NULL);

  for (gsize i = 0; i < n_values; i++)
    g_ptr_array_add (items, release_config_value_new_int (values[i]));

  return release_config_value_new_list_take ((ReleaseConfigValue **) items->pdata, items->len);
}

/**
 * release_config_value_new_float_list:
 * @values: (array length=n_values): finite numbers
 * @n_values: how many
 *
 * Makes a list of floats.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_float_list (const double *values,
                                     gsize         n_values)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  g_return_val_if_fail (values != NULL || n_values == 0, NULL);

  for (gsize i = 0; i < n_values; i++)
    g_ptr_array_add (items, release_config_value_new_float (values[i]));

  return release_config_value_new_list_take ((ReleaseConfigValue **) items->pdata, items->len);
}

/**
 * release_config_value_new_string_list:
 * @values: (array zero-terminated=1): texts
 *
 * Makes a list of strings.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_string_list (const char * const *values)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  g_return_val_if_fail (values != NULL, NULL);

  for (gsize i = 0; values[i] != NULL; i++)
    g_ptr_array_add (items, release_config_value_new_string (values[i]));

  return release_config_value_new_list_take ((ReleaseConfigValue **) items->pdata, items->len);
}

/**
 * release_config_value_new_keyword_list:
 * @values: (array zero-terminated=1): keywords
 *
 * Makes a list of keywords.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_keyword_list (const char * const *values)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  g_return_val_if_fail (values != NULL, NULL);

  for (gsize i = 0; values[i] != NULL; i++)
    g_ptr_array_add (items, release_config_value_new_keyword (values[i]));

  return release_config_value_new_list_take ((ReleaseConfigValue **) items->pdata, items->len);
}

/**
 * release_config_value_new_list:
 * @values: (array length=n_values): values that are no lists themselves
 * @n_values: how many
 *
 * Makes a list of any values.
 *
 * Returns: (transfer full): a new #ReleaseConfigValue
 *
 * Since: 0.1
 */
ReleaseConfigValue *
release_config_value_new_list (ReleaseConfigValue **values,
                               gsize                n_values)
{
  g_return_val_if_fail (values != NULL || n_values == 0, NULL);

  for (gsize i = 0; i < n_values; i++)
    g_return_val_if_fail (!is_list (values[i]), NULL);
  for (gsize i = 0; i < n_values; i++)
    release_config_value_ref (values[i]);

  return release_config_value_new_list_take (values, n_values);
}

/**
 * release_config_value_to_bool_list:
 * @self: a list of booleans
 * @n_values: (out): return location for their number
 *
 * Gets what is in a list of booleans.
 *
 * Returns: (transfer full) (array length=n_values): an array to free with g_free()
 *
 * Since: 0.1
 */
gboolean *
release_config_value_to_bool_list (ReleaseConfigValue *self,
                                   gsize              *n_values)
{
  gboolean *values;

  g_return_val_if_fail (is_list (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  values = g_new0 (gboolean, MAX (release_config_value_get_n_values (self), 1));
  for (gsize i = 0; i < release_config_value_get_n_values (self); i++)
    values[i] = release_config_value_to_bool (release_config_value_get_nth (self, i));
  *n_values = release_config_value_get_n_values (self);

  return values;
}

/**
 * release_config_value_to_int_list:
 * @self: a list of integers
 * @n_values: (out): return location for their number
 *
 * Gets what is in a list of integers.
 *
 * Returns: (transfer full) (array length=n_values): an array to free with g_free()
 *
 * Since: 0.1
 */
gint64 *
release_config_value_to_int_list (ReleaseConfigValue *self,
                                  gsize              *n_values)
{
  gint64 *values;

  g_return_val_if_fail (is_list (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  values = g_new0 (gint64, MAX (release_config_value_get_n_values (self), 1));
  for (gsize i = 0; i < release_config_value_get_n_values (self); i++)
    values[i] = release_config_value_to_int (release_config_value_get_nth (self, i));
  *n_values = release_config_value_get_n_values (self);

  return values;
}

/**
 * release_config_value_to_float_list:
 * @self: a list of floats
 * @n_values: (out): return location for their number
 *
 * Gets what is in a list of floats.
 *
 * Returns: (transfer full) (array length=n_values): an array to free with g_free()
 *
 * Since: 0.1
 */
double *
release_config_value_to_float_list (ReleaseConfigValue *self,
                                    gsize              *n_values)
{
  double *values;

  g_return_val_if_fail (is_list (self), NULL);
  g_return_val_if_fail (n_values != NULL, NULL);

  values = g_new0 (double, MAX (release_config_value_get_n_values (self), 1));
  for (gsize i = 0; i < release_config_value_get_n_values (self); i++)
    values[i] = release_config_value_to_float (release_config_value_get_nth (self, i));
  *n_values = release_config_value_get_n_values (self);

  return values;
}

/**
 * release_config_value_to_text_list:
 * @self: a list of strings
 *
 * Gets what is in a list of strings as text.
 *
 * Returns: (transfer full) (array zero-terminated=1) (nullable): the texts, or %NULL if
 *   one of them is no text
 *
 * Since: 0.1
 */
char **
release_config_value_to_text_list (ReleaseConfigValue *self)
{
  g_autoptr(GStrvBuilder) values = NULL;

  g_return_val_if_fail (is_list (self), NULL);

  values = g_strv_builder_new ();
  for (gsize i = 0; i < release_config_value_get_n_values (self); i++)
    {
      const char *value = release_config_value_to_text (release_config_value_get_nth (self, i));

      if (value == NULL)
        return NULL;
      g_strv_builder_add (values, value);
    }

  return g_strv_builder_end (values);
}

/**
 * release_config_value_to_keyword_list:
 * @self: a list of keywords
 *
 * Gets what is in a list of keywords.
 *
 * Returns: (transfer full) (array zero-terminated=1): the words
 *
 * Since: 0.1
 */
char **
release_config_value_to_keyword_list (ReleaseConfigValue *self)
{
  g_autoptr(GStrvBuilder) values = NULL;

  g_return_val_if_fail (is_list (self), NULL);

  values = g_strv_builder_new ();
  for (gsize i = 0; i < release_config_value_get_n_values (self); i++)
    {
      const char *value = release_config_value_to_keyword (release_config_value_get_nth (self, i));

      if (value == NULL)
        return NULL;
      g_strv_builder_add (values, value);
    }

  return g_strv_builder_end (values);
}
