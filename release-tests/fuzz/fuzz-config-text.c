/* release-tests/fuzz/fuzz-config-text.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The syntax of configurations: any bytes are read or refused with a place that is in them; what is
 * read is written back as it was, and its literals are canonical; what is changed in a text is read
 * from it, and so is all else.
 */

#include "config.h"

#include <release/release.h>

#include "release-tests/fuzz/fuzz.h"

#include <string.h>

static void
check_problems (ReleaseConfigText *text,
                guint              n_lines)
{
  g_autoptr(GPtrArray) problems = release_config_text_dup_problems (text);

  g_assert_cmpuint (problems->len, >, 0);
  for (guint i = 0; i < problems->len; i++)
    {
      const char *message = release_config_problem_get_message (problems->pdata[i]);

      g_assert_true (g_utf8_validate (message, -1, NULL));
      g_assert_null (strchr (message, '\n'));
      g_assert_cmpuint (release_config_problem_get_line (problems->pdata[i]), >=, 1);
      g_assert_cmpuint (release_config_problem_get_line (problems->pdata[i]), <=, n_lines);
      g_assert_cmpuint (release_config_problem_get_column (problems->pdata[i]), >=, 1);
    }
}

/* An expression in @literal need not compile; all else is read back the same. */
static void
check_literal (const char *literal)
{
  g_autoptr(ReleaseConfigValue) value = release_config_value_parse (literal, NULL);
  g_autofree char *again = NULL;

  if (value == NULL)
    {
      g_assert_nonnull (strchr (literal, '/'));
      return;
    }
  again = release_config_value_print (value);
  g_assert_cmpstr (again, ==, literal);
}

static gsize
count_keys (GKeyFile   *key_file,
            const char *group)
{
  g_auto(GStrv) keys = g_key_file_get_keys (key_file, group, NULL, NULL);

  return keys != NULL ? g_strv_length (keys) : 0;
}

/* What @text becomes when it is given the values of @key_file has these values and no others. */
static void
check_rewrite (ReleaseConfigText *text,
               GKeyFile          *key_file)
{
  g_autoptr(GBytes) written = release_config_text_update (text, key_file);
  g_autoptr(ReleaseConfigText) again = release_config_text_new (written, "again");
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) groups = g_key_file_get_groups (key_file, NULL);

  release_config_text_check (again, &error);
  g_assert_no_error (error);
  for (gsize i = 0; groups[i] != NULL; i++)
    {
      g_auto(GStrv) keys = g_key_file_get_keys (key_file, groups[i], NULL, NULL);

      g_assert_cmpuint (count_keys (release_config_text_get_key_file (again), groups[i]), ==,
                        g_strv_length (keys));
      for (gsize j = 0; keys[j] != NULL; j++)
        {
          g_autofree char *one = g_key_file_get_value (key_file, groups[i], keys[j], NULL);
          g_autofree char *two = g_key_file_get_value (release_config_text_get_key_file (again),
                                                       groups[i], keys[j], NULL);

          g_assert_cmpstr (one, ==, two);
          check_literal (one);
        }
    }
}

/* Changes each key in one of four ways, which the text's size and the key's number pick. */
static void
check_changes (ReleaseConfigText *text,
               gsize              seed)
{
  GKeyFile *key_file = release_config_text_get_key_file (text);
  g_auto(GStrv) groups = g_key_file_get_groups (key_file, NULL);
  const char *values[] = { "foo", "[1, \"#\"]", "-7" };

  for (gsize i = 0; groups[i] != NULL; i++)
    {
      g_auto(GStrv) keys = g_key_file_get_keys (key_file, groups[i], NULL, NULL);

      for (gsize j = 0; keys[j] != NULL; j++)
        {
          gsize way = (seed + 3 * i + 7 * j) % 5;

          if (way < G_N_ELEMENTS (values))
            g_key_file_set_value (key_file, groups[i], keys[j], values[way]);
          else if (way == G_N_ELEMENTS (values))
            g_key_file_remove_key (key_file, groups[i], keys[j], NULL);
        }
      g_key_file_set_value (key_file, groups[i], "added", "/new/");
    }
  g_key_file_set_value (key_file, RELEASE_CONFIG_GLOBAL_GROUP, "added", "true");
  check_rewrite (text, key_file);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr(ReleaseConfigText) text = release_config_text_new (bytes, "fuzz");
  g_autoptr(GBytes) no_bytes = g_bytes_new_static ("", 0);
  g_autoptr(ReleaseConfigText) empty = release_config_text_new (no_bytes, "empty");
  g_autoptr(GBytes) same = NULL;
  guint n_lines = 1;

  for (size_t i = 0; i < size; i++)
    if (data[i] == '\n')
      n_lines++;

  if (!release_config_text_check (text, NULL))
    {
      check_problems (text, n_lines);
      /* It holds what was readable. */
      g_assert_nonnull (release_config_text_get_key_file (text));
      return 0;
    }

  same = release_config_text_update (text, release_config_text_get_key_file (text));
  g_assert_true (g_bytes_equal (same, bytes));
  check_rewrite (empty, release_config_text_get_key_file (text));
  check_changes (text, size);

  return 0;
}
