/* release-tests/config/spec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <string.h>

static ReleaseConfigSpec *
make_spec (void)
{
  ReleaseConfigSpec *spec = release_config_spec_new ();
  g_autoptr(ReleaseConfigValidation) text = release_config_validation_string ();

  release_config_spec_add (spec, NULL, "user", NULL,
                           release_config_validation_unprivileged_user (), NULL);
  release_config_spec_describe (spec, NULL, "user", RELEASE_CONFIG_EFFECT_SLAVE,
                                "The user that slaves run as");
  release_config_spec_add (spec, NULL, "read_timeout", release_config_value_new_int (5),
                           release_config_validation_int_in_range (0, 10), NULL);
  release_config_spec_describe (spec, NULL, "read_timeout", RELEASE_CONFIG_EFFECT_LIVE,
                                "How long to wait, in seconds");
  release_config_spec_add_section (spec, "paths", "Where things are");
  release_config_spec_add (spec, "paths", "tmp", release_config_value_new_string ("/tmp\n\\-"),
                           release_config_validation_string (), NULL);
  release_config_spec_describe (spec, "paths", "tmp", RELEASE_CONFIG_EFFECT_RESTART,
                                ".dots and 'quotes' and \\n; a description that is so long that it "
                                "takes more than one line of a sample file");
  release_config_spec_add (spec, "paths", "extra", NULL, release_config_validation_optional (text),
                           NULL);

  return spec;
}

static void
test_queries (void)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_auto(GStrv) sections = release_config_spec_list_sections (spec);
  g_auto(GStrv) keys = release_config_spec_list_keys (spec, NULL);
  g_auto(GStrv) none = release_config_spec_list_keys (spec, "nowhere");
  g_autofree char *values = release_config_spec_describe_values (spec, NULL, "read_timeout");
  const char *expected_keys[] = { "user", "read_timeout", NULL };
  const char *expected_sections[] = { "paths", NULL };

  g_test_summary ("A specification says what it was told");

  g_assert_cmpstrv (sections, expected_sections);
  g_assert_cmpstrv (keys, expected_keys);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpstr (values, ==, "an integer from 0 to 10");
  g_assert_true (release_config_spec_is_required (spec, NULL, "user"));
  g_assert_false (release_config_spec_is_required (spec, NULL, "read_timeout"));
  g_assert_false (release_config_spec_is_required (spec, "paths", "extra"));
  g_assert_null (release_config_spec_get_default (spec, NULL, "user"));
  g_assert_cmpint (release_config_value_to_int (release_config_spec_get_default (spec, NULL,
                                                                                 "read_timeout")),
                   ==, 5);
  g_assert_cmpint (release_config_spec_get_effect (spec, NULL, "user"), ==,
                   RELEASE_CONFIG_EFFECT_SLAVE);
  g_assert_cmpstr (release_config_spec_get_description (spec, NULL, "user"), ==,
                   "The user that slaves run as");
  g_assert_false (release_config_spec_has_key (spec, "paths", "user"));
}

static void
test_sample (void)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autofree char *sample = release_config_spec_print_sample (spec);

  g_test_summary ("A sample file says of each key what it is for, what it takes, and its default");

  g_assert_cmpstr (sample, ==,
                   "# The user that slaves run as.\n"
                   "# The value is an unprivileged user. Must be given. A change takes effect in\n"
                   "# slaves that start after it.\n"
                   "#user =\n"
                   "\n"
                   "# How long to wait, in seconds.\n"
                   "# The value is an integer from 0 to 10. A change takes effect at once.\n"
                   "#read_timeout = 5\n"
                   "\n"
                   "# Where things are.\n"
                   "[paths]\n"
                   "\n"
                   "# .dots and 'quotes' and \\n; a description that is so long that it takes "
                   "more\n"
                   "# than one line of a sample file.\n"
                   "# The value is a string. A change takes effect when the daemon is restarted.\n"
                   "#tmp = \"/tmp\\n\\\\-\"\n"
                   "\n"
                   "# The value is a string. Can be left out. A change takes effect at once.\n"
                   "#extra =\n");
}

static void
test_sample_loads (void)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autofree char *sample = release_config_spec_print_sample (spec);
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(GRegex) key = g_regex_new ("^#(\\S+ = )", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *text = g_regex_replace (key, sample, -1, 0, "\\1", 0, NULL);
  g_autofree char *full = g_strconcat ("user = \"nobody\"\n", text, NULL);
  g_autoptr(GBytes) bytes = g_bytes_new (full, strlen (full));
  g_autoptr(GError) error = NULL;

  g_test_summary ("A sample file whose keys are set loads, and gives the defaults");

  release_config_load_bytes (config, bytes, "sample", &error);
  g_assert_no_error (error);
  g_assert_cmpint (release_config_get_int (config, NULL, "read_timeout"), ==, 5);
  g_assert_cmpint (release_config_get_origin (config, NULL, "read_timeout", NULL, NULL), ==,
                   RELEASE_CONFIG_ORIGIN_FILE);
  g_assert_cmpstr (release_config_get_text (config, "paths", "tmp"), ==, "/tmp\n\\-");
}

static void
test_man (void)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autofree char *page = release_config_spec_print_man (spec);

  g_test_summary ("A manual page has a tagged paragraph for each key, escaped for troff");

  g_assert_true (g_str_has_prefix (page, ".SS Global keys\n"
                                   ".TP\n.B user\nThe user that slaves run as.\n"
                                   "The value is an unprivileged user. Must be given. A change "
                                   "takes effect in slaves that start after it.\n"
                                   ".TP\n.B read_timeout\n"));
  g_assert_nonnull (strstr (page, "\nDefault: 5\n.SS [paths]\nWhere things are.\n.TP\n.B tmp\n"
                            "\\&.dots and 'quotes' and \\en; a description"));
  g_assert_nonnull (strstr (page, "Default: \"/tmp\\en\\e\\e\\-\"\n"));
}

static void
test_misuse (void)
{
  g_test_summary ("A key that is there already is a mistake in the program");

  if (g_test_subprocess ())
    {
      g_autoptr(ReleaseConfigSpec) spec = make_spec ();

      release_config_spec_add_key (spec, NULL, "user", NULL, NULL, 0);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*CRITICAL*has_key*");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/spec/queries", test_queries);
  g_test_add_func ("/config/spec/sample", test_sample);
  g_test_add_func ("/config/spec/sample-loads", test_sample_loads);
  g_test_add_func ("/config/spec/man", test_man);
  g_test_add_func ("/config/spec/misuse", test_misuse);

  return g_test_run ();
}
