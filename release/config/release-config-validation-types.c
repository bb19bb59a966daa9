/* release/config/release-config-validation-types.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Validations by type, range, pattern and choice.
 */

#include "config.h"

#include "release/config/release-config-validation.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-literal-private.h"
#include "release/config/release-config-validation-private.h"
#include "release/config/release-config-value-private.h"

#include <math.h>

static char *
describe_kind (ReleaseConfigValidation *self)
{
  return g_strdup (release_config_kind_describe (self->kind));
}

static char *
describe_bool (ReleaseConfigValidation *self)
{
  return g_strdup (_("true or false"));
}

/* A float as the syntax has it, for messages; a bound can be infinite, as no value can. */
static char *
print_float (double number)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (!isfinite (number))
    return g_strdup (number > 0 ? _("infinity") : _("minus infinity"));
  release_config_literal_append_float (text, number);

  return g_strdup (text->str);
}

static gboolean
check_int_in_range (ReleaseConfigValidation  *self,
                    ReleaseConfigValue       *value,
                    char                    **reason)
{
  gint64 number = release_config_value_to_int (value);

  return number >= self->int_min && number <= self->int_max;
}

static char *
describe_int_in_range (ReleaseConfigValidation *self)
{
  return g_strdup_printf (_("an integer from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT),
                          self->int_min, self->int_max);
}

static gboolean
check_int_greater_than (ReleaseConfigValidation  *self,
                        ReleaseConfigValue       *value,
                        char                    **reason)
{
  return release_config_value_to_int (value) > self->int_min;
}

static char *
describe_int_greater_than (ReleaseConfigValidation *self)
{
  return g_strdup_printf (_("an integer greater than %" G_GINT64_FORMAT), self->int_min);
}

static gboolean
check_int_less_than (ReleaseConfigValidation  *self,
                     ReleaseConfigValue       *value,
                     char                    **reason)
{
  return release_config_value_to_int (value) < self->int_max;
}

static char *
describe_int_less_than (ReleaseConfigValidation *self)
{
  return g_strdup_printf (_("an integer less than %" G_GINT64_FORMAT), self->int_max);
}

static gboolean
check_float_in_range (ReleaseConfigValidation  *self,
                      ReleaseConfigValue       *value,
                      char                    **reason)
{
  double number = release_config_value_to_float (value);

  return number >= self->float_min && number <= self->float_max;
}

static char *
describe_float_in_range (ReleaseConfigValidation *self)
{
  g_autofree char *min = print_float (self->float_min);
  g_autofree char *max = print_float (self->float_max);

  return g_strdup_printf (_("a float from %s to %s"), min, max);
}

static gboolean
check_float_greater_than (ReleaseConfigValidation  *self,
                          ReleaseConfigValue       *value,
                          char                    **reason)
{
  return release_config_value_to_float (value) > self->float_min;
}

static char *
describe_float_greater_than (ReleaseConfigValidation *self)
{
  g_autofree char *bound = print_float (self->float_min);

  return g_strdup_printf (_("a float greater than %s"), bound);
}

static gboolean
check_float_less_than (ReleaseConfigValidation  *self,
                       ReleaseConfigValue       *value,
                       char                    **reason)
{
  return release_config_value_to_float (value) < self->float_max;
}

static char *
describe_float_less_than (ReleaseConfigValidation *self)
{
  g_autofree char *bound = print_float (self->float_max);

  return g_strdup_printf (_("a float less than %s"), bound);
}

/* Whether all is UTF-8 between the NUL bytes that a string may have. */
static gboolean
is_utf8 (const char *data,
         gsize       length)
{
  const char *end = data + length;

  while (!g_utf8_validate (data, end - data, &data))
    {
      if (data == end || *data != '\0')
        return FALSE;
      data++;
    }

  return TRUE;
}

static gboolean
check_string_matching (ReleaseConfigValidation  *self,
                       ReleaseConfigValue       *value,
                       char                    **reason)
{
  gsize length;
  const char *data = release_config_value_peek_data (value, &length);

  /* Bytes that are no UTF-8 are matched one by one. */
  if (is_utf8 (data, length) || self->raw_regex == NULL)
    return g_regex_match_full (self->regex, data, length, 0, 0, NULL, NULL);

  return g_regex_match_full (self->raw_regex, data, length, 0, 0, NULL, NULL);
}

static char *
describe_string_matching (ReleaseConfigValidation *self)
{
  return g_strdup_printf (_("a string that matches /%s/"), g_regex_get_pattern (self->regex));
}

static gboolean
check_in (ReleaseConfigValidation  *self,
          ReleaseConfigValue       *value,
          char                    **reason)
{
  for (gsize i = 0; i < release_config_value_get_n_values (self->choices); i++)
    if (release_config_value_equal (release_config_value_get_nth (self->choices, i), value))
      return TRUE;

  return FALSE;
}

static char *
describe_in (ReleaseConfigValidation *self)
{
  gsize n = release_config_value_get_n_values (self->choices);
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append (text, i + 1 < n ? ", " : _(" or "));
      release_config_literal_print (text, release_config_value_get_nth (self->choices, i));
    }

  return g_strdup (text->str);
}

/**
 * release_config_validation_bool:
 *
 * The value is a boolean.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_bool (void)
{
  return release_config_validation_new_check (RELEASE_CONFIG_KIND_BOOL, NULL, describe_bool);
}

/**
 * release_config_validation_int:
 *
 * The value is an integer.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_int (void)
{
  return release_config_validation_new_check (RELEASE_CONFIG_KIND_INT, NULL, describe_kind);
}

/**
 * release_config_validation_float:
 *
 * The value is a float.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_float (void)
{
  return release_config_validation_new_check (RELEASE_CONFIG_KIND_FLOAT, NULL, describe_kind);
}

/**
 * release_config_validation_string:
 *
 * The value is a string.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_string (void)
{
  return release_config_validation_new_check (RELEASE_CONFIG_KIND_STRING, NULL, describe_kind);
}

/**
 * release_config_validation_regexp:
 *
 * The value is a regular expression.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_regexp (void)
{
  return release_config_validation_new_check (RELEASE_CONFIG_KIND_REGEXP, NULL, describe_kind);
}

/**
 * release_config_validation_keyword:
 *
 * The value is a keyword.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_keyword (void)
{
  return release_config_validation_new_check (RELEASE_CONFIG_KIND_KEYWORD, NULL, describe_kind);
}

/**
 * release_config_validation_log_level:
 *
 * The value is a log level: one of the keywords `debug`, `info`, `notice`,
 * `warning`, `error` and `fatal`.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_log_level (void)
{
  return release_config_validation_keywords (release_config_log_levels);
}

/**
 * release_config_validation_bool_list:
 *
 * The value is a list of booleans.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_bool_list (void)
{
  g_autoptr(ReleaseConfigValidation) item = release_config_validation_bool ();

  return release_config_validation_list_of (item);
}

/**
 * release_config_validation_int_list:
 *
 * The value is a list of integers.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_int_list (void)
{
  g_autoptr(ReleaseConfigValidation) item = release_config_validation_int ();

  return release_config_validation_list_of (item);
}

/**
 * release_config_validation_float_list:
 *
 * The value is a list of floats.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_float_list (void)
{
  g_autoptr(ReleaseConfigValidation) item = release_config_validation_float ();

  return release_config_validation_list_of (item);
}

/**
 * release_config_validation_string_list:
 *
 * The value is a list of strings.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_string_list (void)
{
  g_autoptr(ReleaseConfigValidation) item = release_config_validation_string ();

  return release_config_validation_list_of (item);
}

/**
 * release_config_validation_int_in_range:
 * @min: the smallest value that is good
 * @max: the largest value that is good
 *
 * The value is an integer in a range. Both bounds are in it.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_int_in_range (gint64 min,
                                        gint64 max)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (min <= max, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_INT, check_int_in_range,
                                              describe_int_in_range);
  self->int_min = min;
  self->int_max = max;

  return self;
}

/**
 * release_config_validation_int_greater_than:
 * @bound: what the value is greater than
 *
 * The value is an integer that is greater than @bound. The bound itself is not
 * good.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_int_greater_than (gint64 bound)
{
  ReleaseConfigValidation *self =
    release_config_validation_new_check (RELEASE_CONFIG_KIND_INT, check_int_greater_than,
                                         describe_int_greater_than);

  self->int_min = bound;

  return self;
}

/**
 * release_config_validation_int_less_than:
 * @bound: what the value is less than
 *
 * The value is an integer that is less than @bound. The bound itself is not
 * good.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_int_less_than (gint64 bound)
{
  ReleaseConfigValidation *self =
    release_config_validation_new_check (RELEASE_CONFIG_KIND_INT, check_int_less_than,
                                         describe_int_less_than);

  self->int_max = bound;

  return self;
}

/**
 * release_config_validation_float_in_range:
 * @min: the smallest value that is good
 * @max: the largest value that is good
 *
 * The value is a float in a range. Both bounds are in it.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_float_in_range (double min,
                                          double max)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (min <= max, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_FLOAT, check_float_in_range,
                                              describe_float_in_range);
  self->float_min = min;
  self->float_max = max;

  return self;
}

/**
 * release_config_validation_float_greater_than:
 * @bound: what the value is greater than
 *
 * The value is a float that is greater than @bound. The bound itself is not
 * good.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_float_greater_than (double bound)
{
  ReleaseConfigValidation *self =
    release_config_validation_new_check (RELEASE_CONFIG_KIND_FLOAT, check_float_greater_than,
                                         describe_float_greater_than);

  self->float_min = bound;

  return self;
}

/**
 * release_config_validation_float_less_than:
 * @bound: what the value is less than
 *
 * The value is a float that is less than @bound. The bound itself is not good.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_float_less_than (double bound)
{
  ReleaseConfigValidation *self =
    release_config_validation_new_check (RELEASE_CONFIG_KIND_FLOAT, check_float_less_than,
                                         describe_float_less_than);

  self->float_max = bound;

  return self;
}

/**
 * release_config_validation_string_matching:
 * @pattern: a regular expression of PCRE
 *
 * The value is a string in which @pattern is found; it need not match the whole
 * unless it begins with `^` and ends with `$`. A @pattern that is none is a
 * mistake in the program.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_string_matching (const char *pattern)
{
  g_autoptr(GError) error = NULL;
  GRegex *regex;
  ReleaseConfigValidation *self;

  g_return_val_if_fail (pattern != NULL, NULL);

  regex = g_regex_new (pattern, 0, 0, &error);
  if (regex == NULL)
    {
      g_critical ("%s", error->message);
      return NULL;
    }

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_STRING, check_string_matching,
                                              describe_string_matching);
  self->regex = regex;
  self->raw_regex = g_regex_new (pattern, G_REGEX_RAW, 0, NULL);

  return self;
}

/**
 * release_config_validation_int_in:
 * @values: (array length=n_values): the integers that are good
 * @n_values: how many
 *
 * The value is one of some integers.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_int_in (const gint64 *values,
                                  gsize         n_values)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (values != NULL || n_values == 0, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_INT, check_in, describe_in);
  self->choices = release_config_value_new_int_list (values, n_values);

  return self;
}

/**
 * release_config_validation_string_in:
 * @values: (array zero-terminated=1): the strings that are good
 *
 * The value is one of some strings.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_string_in (const char * const *values)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (values != NULL, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_STRING, check_in, describe_in);
  self->choices = release_config_value_new_string_list (values);

  return self;
}

/**
 * release_config_validation_keywords:
 * @values: (array zero-terminated=1): the keywords that are good
 *
 * The value is one of some keywords.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_keywords (const char * const *values)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (values != NULL, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_KEYWORD, check_in, describe_in);
  self->choices = release_config_value_new_keyword_list (values);

  return self;
}
