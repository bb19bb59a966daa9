/* release-tests/config/options.c
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

  release_config_spec_add (spec, NULL, "read_timeout", release_config_value_new_int (5),
                           release_config_validation_int_in_range (0, 10), NULL);
  release_config_spec_add (spec, NULL, "background", release_config_value_new_bool (FALSE),
                           release_config_validation_bool (), NULL);
  release_config_spec_add (spec, NULL, "log_level", release_config_value_new_keyword ("notice"),
                           release_config_validation_log_level (), NULL);
  release_config_spec_add (spec, NULL, "match", release_config_value_new_regexp ("x", NULL),
                           release_config_validation_regexp (), NULL);
  release_config_spec_add (spec, "some_section", "tmp", release_config_value_new_string ("/tmp"),
                           release_config_validation_string (), NULL);
  release_config_spec_add (spec, "some_section", "users", release_config_value_new_list (NULL, 0),
                           release_config_validation_string_list (), NULL);
  release_config_spec_add (spec, "some_section", "ports", release_config_value_new_list (NULL, 0),
                           release_config_validation_int_list (), NULL);

  return spec;
}

/* Parses one argument into a new configuration. */
static ReleaseConfig *
parse (const char  *argument,
       GError     **error)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_auto(GStrv) argv = g_new0 (char *, 3);

  argv[0] = g_strdup ("program");
  argv[1] = g_strdup (argument);
  g_option_context_add_group (context, release_config_get_option_group (config));
  if (!g_option_context_parse_strv (context, &argv, error))
    return NULL;

  return g_steal_pointer (&config);
}

static void
assert_option (const char *argument,
               const char *section,
               const char *key,
               const char *literal)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseConfig) config = parse (argument, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = release_config_value_print (release_config_get_value (config, section, key));
  g_assert_cmpstr (text, ==, literal);
  g_assert_cmpint (release_config_get_origin (config, section, key, NULL, NULL), ==,
                   RELEASE_CONFIG_ORIGIN_COMMAND_LINE);
}

static void
test_values (void)
{
  g_test_summary ("An option gives a value; strings need no quotes, expressions no slashes");

  assert_option ("--read-timeout=3", NULL, "read_timeout", "3");
  assert_option ("--background", NULL, "background", "true");
  assert_option ("--background=false", NULL, "background", "false");
  assert_option ("--log-level=debug", NULL, "log_level", "debug");
  assert_option ("--match=^a/b$", NULL, "match", "/^a\\/b$/");
  assert_option ("--match=/^a$/", NULL, "match", "/^a$/");
  assert_option ("--some-section.tmp=/var/tmp", "some_section", "tmp", "\"/var/tmp\"");
  assert_option ("--some-section.tmp=\"a\\n\"", "some_section", "tmp", "\"a\\n\"");
  assert_option ("--some-section.tmp=", "some_section", "tmp", "\"\"");
  assert_option ("--some-section.users=root, daemon", "some_section", "users",
                 "[\"root\", \"daemon\"]");
  assert_option ("--some-section.users=[\"a,b\"]", "some_section", "users", "[\"a,b\"]");
  assert_option ("--some-section.ports=80,443", "some_section", "ports", "[80, 443]");
}

static void
assert_refused (const char *argument,
                const char *message)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (parse (argument, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refused (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A bad value is refused with the name of the option");

  assert_refused ("--read-timeout=11",
                  "--read-timeout: “read_timeout”: 11 is not an integer from 0 to 10");
  assert_refused ("--read-timeout=soon",
                  "--read-timeout: “read_timeout”: soon is a keyword, not an integer from 0 to 10");
  assert_refused ("--some-section.ports=80,x",
                  "--some-section.ports: “ports”: value 2 of the list: x is a keyword, not an "
                  "integer");
  g_assert_null (parse ("--reed-timeout=1", &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION);
}

static void
test_names (void)
{
  g_autoptr(ReleaseConfigSpec) spec = release_config_spec_new ();
  g_autoptr(ReleaseConfig) config = NULL;
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_auto(GStrv) argv = g_strsplit ("program --a_b=1 --a-b=2 --s-t.x=3", " ", -1);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Keys that differ in a dash have an option each; of two sections the first has");

  release_config_spec_add (spec, NULL, "a_b", release_config_value_new_int (0),
                           release_config_validation_int (), NULL);
  release_config_spec_add (spec, NULL, "a-b", release_config_value_new_int (0),
                           release_config_validation_int (), NULL);
  release_config_spec_add (spec, "s_t", "x", release_config_value_new_int (0),
                           release_config_validation_int (), NULL);
  release_config_spec_add (spec, "s-t", "x", release_config_value_new_int (0),
                           release_config_validation_int (), NULL);
  config = release_config_new (spec);
  g_option_context_add_group (context, release_config_get_option_group (config));
  g_option_context_parse_strv (context, &argv, &error);
  g_assert_no_error (error);
  g_assert_cmpint (release_config_get_int (config, NULL, "a_b"), ==, 1);
  g_assert_cmpint (release_config_get_int (config, NULL, "a-b"), ==, 2);
  g_assert_cmpint (release_config_get_int (config, "s_t", "x"), ==, 3);
  g_assert_cmpint (release_config_get_int (config, "s-t", "x"), ==, 0);
}

static void
test_bytes (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseConfig) config = parse ("--some-section.tmp=/\xe9", &error);
  g_autoptr(ReleaseConfig) no_config = NULL;

  g_test_summary ("A string has the bytes of the command line, also if they are no text");

  g_assert_no_error (error);
  g_assert_cmpstr (release_config_get_file (config, "some_section", "tmp"), ==, "/\xe9");
  assert_option ("--some-section.users=a,\xe9", "some_section", "users", "[\"a\", \"\\xe9\"]");

  no_config = parse ("--match=\xe9", &error);
  g_assert_null (no_config);
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_clear_error (&error);
  no_config = parse ("--read-timeout=\xe9", &error);
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_mixed (void)
{
  g_autoptr(ReleaseConfigSpec) spec = release_config_spec_new ();
  g_autoptr(ReleaseConfigValidation) number = release_config_validation_int ();
  g_autoptr(ReleaseConfigValidation) text = release_config_validation_string ();
  ReleaseConfigValidation *both[] = { number, text };
  g_autoptr(ReleaseConfig) config = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A key of several types takes each, whatever its default is");

  release_config_spec_add (spec, NULL, "port", release_config_value_new_int (25),
                           release_config_validation_any_of (both, 2), NULL);
  config = release_config_new (spec);
  release_config_override (config, NULL, "port", "smtp", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (release_config_get_text (config, NULL, "port"), ==, "smtp");
  release_config_override (config, NULL, "port", "587", &error);
  g_assert_no_error (error);
  g_assert_cmpint (release_config_get_int (config, NULL, "port"), ==, 587);
}

static void
test_over_file (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseConfig) config = parse ("--read-timeout=3", &error);
  g_autoptr(GBytes) good = g_bytes_new_static ("read_timeout = 7", 16);
  g_autoptr(GBytes) bad = g_bytes_new_static ("read_timeout = 70", 17);
  g_autoptr(GBytes) saved = NULL;

  g_test_summary ("The command line goes before the file, which still has to be good");

  release_config_load_bytes (config, good, "f", &error);
  g_assert_no_error (error);
  g_assert_cmpint (release_config_get_int (config, NULL, "read_timeout"), ==, 3);
  saved = release_config_to_bytes (config);
  g_assert_true (g_bytes_equal (saved, good));

  g_assert_false (release_config_load_bytes (config, bad, "f", &error));
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID);
  g_assert_cmpint (release_config_get_int (config, NULL, "read_timeout"), ==, 3);
}

static void
test_override (void)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A program can override values without GOptionContext");

  g_assert_true (release_config_override (config, "some_section", "tmp", "/x", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (release_config_get_file (config, "some_section", "tmp"), ==, "/x");
  g_assert_false (release_config_override (config, NULL, "read_timeut", "1", &error));
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_UNKNOWN_KEY);
  g_assert_cmpstr (error->message, ==, "“read_timeut” is not known; did you mean “read_timeout”?");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/options/values", test_values);
  g_test_add_func ("/config/options/refused", test_refused);
  g_test_add_func ("/config/options/names", test_names);
  g_test_add_func ("/config/options/bytes", test_bytes);
  g_test_add_func ("/config/options/mixed", test_mixed);
  g_test_add_func ("/config/options/over-file", test_over_file);
  g_test_add_func ("/config/options/override", test_override);

  return g_test_run ();
}
