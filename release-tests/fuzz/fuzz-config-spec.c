/* release-tests/fuzz/fuzz-config-spec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Configurations by a specification: whatever is loaded is good by all validations, loads again
 * from what it is saved as, and passes through a GKeyFile; whatever is not changes nothing.
 */

#include "config.h"

#include <release/release.h>

#include "release-tests/fuzz/fuzz.h"

#include <string.h>

/* No validation here asks the system. */
static ReleaseConfigSpec *
make_spec (void)
{
  ReleaseConfigSpec *spec = release_config_spec_new ();
  g_autoptr(ReleaseConfigValidation) text = release_config_validation_string_matching ("^[a-z]*$");
  g_autoptr(ReleaseConfigValidation) small = release_config_validation_int_less_than (10);
  g_autoptr(ReleaseConfigValidation) half = release_config_validation_float_in_range (0, 0.5);
  ReleaseConfigValidation *either[] = { small, text, half };
  const char *words[] = { "a", "b", NULL };

  release_config_spec_add (spec, NULL, "a", release_config_value_new_int (1),
                           release_config_validation_int_in_range (-5, 5), NULL);
  release_config_spec_add (spec, NULL, "b", release_config_value_new_string ("x"),
                           release_config_validation_string (), NULL);
  release_config_spec_add (spec, NULL, "c", release_config_value_new_keyword ("a"),
                           release_config_validation_keywords (words), NULL);
  release_config_spec_add (spec, NULL, "d", release_config_value_new_bool (TRUE),
                           release_config_validation_bool (), NULL);
  release_config_spec_add (spec, "s", "a", release_config_value_new_regexp ("x", NULL),
                           release_config_validation_regexp (), NULL);
  release_config_spec_add (spec, "s", "b", NULL,
                           release_config_validation_optional (half), NULL);
  release_config_spec_add (spec, "s", "c", release_config_value_new_list (NULL, 0),
                           release_config_validation_list_of (text), NULL);
  release_config_spec_add (spec, "t", "a", release_config_value_new_int (1),
                           release_config_validation_any_of (either, 3), NULL);

  return spec;
}

static void
check_value_cb (const char         *section,
                const char         *key,
                ReleaseConfigValue *value,
                gpointer            user_data)
{
  ReleaseConfig *other = user_data;

  g_assert_true (release_config_value_equal (value,
                                             release_config_get_value (other, section, key)));
}

static void
check_loaded (ReleaseConfigSpec *spec,
              ReleaseConfig     *config)
{
  g_autoptr(ReleaseConfig) saved = release_config_new (spec);
  g_autoptr(ReleaseConfig) passed = release_config_new (spec);
  g_autoptr(GBytes) bytes = release_config_to_bytes (config);
  g_autoptr(GKeyFile) key_file = release_config_to_key_file (config);
  g_autoptr(GError) error = NULL;

  release_config_load_bytes (saved, bytes, "saved", &error);
  g_assert_no_error (error);
  release_config_foreach (config, check_value_cb, saved);
  release_config_load_key_file (passed, key_file, "passed", &error);
  g_assert_no_error (error);
  release_config_foreach (config, check_value_cb, passed);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(ReleaseConfig) fresh = release_config_new (spec);
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autofree char *word = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr(GError) error = NULL;

  if (release_config_load_bytes (config, bytes, "fuzz", &error))
    {
      g_assert_no_error (error);
      check_loaded (spec, config);
    }
  else
    {
      g_assert_cmpuint (error->domain, ==, RELEASE_CONFIG_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      release_config_foreach (fresh, check_value_cb, config);
    }

  release_config_override (fresh, "s", "c", word, NULL);
  release_config_override (fresh, "t", "a", word, NULL);
  release_config_override (fresh, "s", "a", word, NULL);

  return 0;
}
