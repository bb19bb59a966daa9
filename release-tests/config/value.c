/* release-tests/config/value.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <float.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static void
assert_round_trip (ReleaseConfigValue *value)
{
  g_autofree char *text = release_config_value_print (value);
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseConfigValue) again = release_config_value_parse (text, &error);

  g_assert_no_error (error);
  g_assert_true (release_config_value_equal (value, again));
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strchr (text, '\n'));
}

static void
test_scalars (void)
{
  g_autoptr(ReleaseConfigValue) yes = release_config_value_new_bool (TRUE);
  g_autoptr(ReleaseConfigValue) number = release_config_value_new_int (G_MININT64);
  g_autoptr(ReleaseConfigValue) half = release_config_value_new_float (0.5);
  g_autoptr(ReleaseConfigValue) text = release_config_value_new_string ("a \"b\"\\\n\x01é");
  g_autoptr(ReleaseConfigValue) word = release_config_value_new_keyword ("debug");
  g_autoptr(ReleaseConfigValue) regexp = release_config_value_new_regexp ("^a/b\\\\$", NULL);

  g_test_summary ("Each kind gives back what was put in, and is read back equal");

  g_assert_cmpint (release_config_value_get_kind (yes), ==, RELEASE_CONFIG_KIND_BOOL);
  g_assert_true (release_config_value_to_bool (yes));
  g_assert_cmpint (release_config_value_to_int (number), ==, G_MININT64);
  g_assert_cmpfloat (release_config_value_to_float (half), ==, 0.5);
  g_assert_cmpstr (release_config_value_to_text (text), ==, "a \"b\"\\\n\x01é");
  g_assert_cmpstr (release_config_value_to_keyword (word), ==, "debug");
  g_assert_true (g_regex_match (release_config_value_to_regexp (regexp), "a/b\\", 0, NULL));

  assert_round_trip (yes);
  assert_round_trip (number);
  assert_round_trip (half);
  assert_round_trip (text);
  assert_round_trip (word);
  assert_round_trip (regexp);
}

static void
test_bytes (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("a\0\xff", 3);
  g_autoptr(ReleaseConfigValue) value = release_config_value_new_bytes (bytes);
  g_autoptr(ReleaseConfigValue) latin = release_config_value_parse ("\"\\xe9\"", NULL);
  g_autoptr(GBytes) back = release_config_value_to_bytes (value);

  g_test_summary ("A string of any bytes comes back whole, and is text only if it is text");

  g_assert_true (g_bytes_equal (bytes, back));
  g_assert_null (release_config_value_to_text (value));
  g_assert_null (release_config_value_to_path (value));
  g_assert_null (release_config_value_to_text (latin));
  g_assert_cmpstr (release_config_value_to_path (latin), ==, "\xe9");
  assert_round_trip (value);
}

static void
test_every_byte (void)
{
  g_test_summary ("A string of every byte, alone and after every other, is read back equal");

  for (guint i = 0; i < 256; i++)
    {
      for (guint j = 0; j < 256; j++)
        {
          const guint8 data[] = { i, j };
          g_autoptr(GBytes) bytes = g_bytes_new (data, sizeof data);
          g_autoptr(ReleaseConfigValue) value = release_config_value_new_bytes (bytes);

          assert_round_trip (value);
        }
    }
}

static void
test_floats (void)
{
  const double numbers[] =
    { 0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e22, 1e23, 123456.789, DBL_MAX, -DBL_MAX, DBL_MIN,
      4.9406564584124654e-324, DBL_EPSILON, 9007199254740993.0, 5e-7, 1234567890123456789.0 };

  g_test_summary ("A float is printed without exponent and read back as the same number");

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr(ReleaseConfigValue) value = release_config_value_new_float (numbers[i]);
      g_autofree char *text = release_config_value_print (value);

      assert_round_trip (value);
      g_assert_null (strchr (text, 'e'));
      g_assert_nonnull (strchr (text, '.'));
    }
}

/* Makes a locale that writes a comma, for systems where nobody has installed one. */
static gboolean
make_comma_locale (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "de_DE.UTF-8", NULL);
  const char *argv[] = { "localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", path, NULL };

  /* It ends with 1 for a mere warning, so what it has made says more. */
  return g_spawn_sync (NULL, (char **) argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                       | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, NULL)
         && g_setenv ("LOCPATH", folder, TRUE);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
test_locale (void)
{
  g_autofree char *old = g_strdup (setlocale (LC_NUMERIC, NULL));
  g_autofree char *folder = g_dir_make_tmp ("release-locale-XXXXXX", NULL);
  g_autoptr(ReleaseConfigValue) value = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("A float is the same in a locale that writes a comma");

  g_assert_nonnull (folder);
  if ((setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL && make_comma_locale (folder)
       && setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
      || strcmp (localeconv ()->decimal_point, ",") != 0)
    {
      g_test_skip ("needs a locale that writes a comma");
    }
  else
    {
      value = release_config_value_parse ("1.25", NULL);
      g_assert_cmpfloat (release_config_value_to_float (value), ==, 1.25);
      text = release_config_value_print (value);
      g_assert_cmpstr (text, ==, "1.25");
    }
  setlocale (LC_NUMERIC, old);
  remove_tree (folder);
}

static void
test_lists (void)
{
  const gint64 ints[] = { 1, -2, G_MAXINT64 };
  const gboolean bools[] = { TRUE, FALSE };
  const double floats[] = { 0.5, 2 };
  const char *texts[] = { "a", "b, c", NULL };
  const char *words[] = { "info", "debug", NULL };
  g_autoptr(ReleaseConfigValue) int_list = release_config_value_new_int_list (ints, 3);
  g_autoptr(ReleaseConfigValue) bool_list = release_config_value_new_bool_list (bools, 2);
  g_autoptr(ReleaseConfigValue) float_list = release_config_value_new_float_list (floats, 2);
  g_autoptr(ReleaseConfigValue) string_list = release_config_value_new_string_list (texts);
  g_autoptr(ReleaseConfigValue) keyword_list = release_config_value_new_keyword_list (words);
  g_autoptr(ReleaseConfigValue) empty = release_config_value_new_list (NULL, 0);
  g_autofree gint64 *back_ints = NULL;
  g_autofree gboolean *back_bools = NULL;
  g_autofree double *back_floats = NULL;
  g_auto(GStrv) back_texts = NULL;
  g_auto(GStrv) back_words = NULL;
  gsize n;

  g_test_summary ("A list comes from an array of C and becomes one again");

  back_ints = release_config_value_to_int_list (int_list, &n);
  g_assert_cmpmem (back_ints, n * sizeof (gint64), ints, sizeof ints);
  back_bools = release_config_value_to_bool_list (bool_list, &n);
  g_assert_cmpmem (back_bools, n * sizeof (gboolean), bools, sizeof bools);
  back_floats = release_config_value_to_float_list (float_list, &n);
  g_assert_cmpmem (back_floats, n * sizeof (double), floats, sizeof floats);
  back_texts = release_config_value_to_text_list (string_list);
  g_assert_cmpstrv (back_texts, texts);
  back_words = release_config_value_to_keyword_list (keyword_list);
  g_assert_cmpstrv (back_words, words);
  g_assert_cmpuint (release_config_value_get_n_values (empty), ==, 0);

  assert_round_trip (int_list);
  assert_round_trip (bool_list);
  assert_round_trip (float_list);
  assert_round_trip (string_list);
  assert_round_trip (keyword_list);
  assert_round_trip (empty);
}

static void
test_equal (void)
{
  const char *literals[] =
    { "1", "1.0", "2", "\"1\"", "true", "false", "x", "\"x\"", "/x/", "/y/", "[]", "[1]", "[1, 1]",
      "[x]", "\"\"", "\"\\000\"" };

  g_test_summary ("Values are equal if kind and content are");

  for (gsize i = 0; i < G_N_ELEMENTS (literals); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (literals); j++)
        {
          g_autoptr(ReleaseConfigValue) a = release_config_value_parse (literals[i], NULL);
          g_autoptr(ReleaseConfigValue) b = release_config_value_parse (literals[j], NULL);

          g_assert_cmpint (release_config_value_equal (a, b), ==, i == j);
        }
    }
}

static void
test_regexps (void)
{
  const char *bad[] = { "a\nb", "a\\", "(", "[", "\xff" };
  g_autoptr(ReleaseConfigValue) escaped = release_config_value_new_regexp ("a\\/b", NULL);
  g_autoptr(ReleaseConfigValue) plain = release_config_value_new_regexp ("a/b", NULL);
  g_autoptr(ReleaseConfigValue) pcre = release_config_value_parse ("/^(foo|bar)$/", NULL);

  g_test_summary ("Expressions are those of PCRE, unchanged but for slashes; others are refused");

  g_assert_true (release_config_value_equal (escaped, plain));
  g_assert_true (g_regex_match (release_config_value_to_regexp (pcre), "foo", 0, NULL));
  g_assert_false (g_regex_match (release_config_value_to_regexp (pcre), "(foo", 0, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (release_config_value_new_regexp (bad[i], &error));
      g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID);
    }
}

static void
test_log_levels (void)
{
  const GLogLevelFlags levels[] =
    { G_LOG_LEVEL_DEBUG, G_LOG_LEVEL_INFO, G_LOG_LEVEL_MESSAGE, G_LOG_LEVEL_WARNING,
      G_LOG_LEVEL_CRITICAL, G_LOG_LEVEL_ERROR };
  const char *names[] = { "debug", "info", "notice", "warning", "error", "fatal" };
  g_autoptr(ReleaseConfigValue) other = release_config_value_new_keyword ("loud");
  GLogLevelFlags level = G_LOG_LEVEL_DEBUG;

  g_test_summary ("Log levels are keywords");

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_autoptr(ReleaseConfigValue) value = release_config_value_new_log_level (levels[i]);

      g_assert_cmpstr (release_config_value_to_keyword (value), ==, names[i]);
      g_assert_true (release_config_value_to_log_level (value, &level));
      g_assert_cmpint (level, ==, levels[i]);
    }
  g_assert_false (release_config_value_to_log_level (other, &level));
}

static void
test_parse_errors (void)
{
  const char *texts[] = { "", "1 2", "[1", "[1,]", "[[1]]", "a = 1", "\"x", "1.", "@", "]", "=" };

  g_test_summary ("What is not one value is refused");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (release_config_value_parse (texts[i], &error));
      g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_SYNTAX);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/value/scalars", test_scalars);
  g_test_add_func ("/config/value/bytes", test_bytes);
  g_test_add_func ("/config/value/every-byte", test_every_byte);
  g_test_add_func ("/config/value/floats", test_floats);
  g_test_add_func ("/config/value/locale", test_locale);
  g_test_add_func ("/config/value/lists", test_lists);
  g_test_add_func ("/config/value/equal", test_equal);
  g_test_add_func ("/config/value/regexps", test_regexps);
  g_test_add_func ("/config/value/log-levels", test_log_levels);
  g_test_add_func ("/config/value/parse-errors", test_parse_errors);

  return g_test_run ();
}
