/* release-tests/fuzz/fuzz-config-text.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The syntax of configurations: any bytes are read or refused with a place that is in them; what is
 * read is written back as it was, and its literals are canonical.
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

/* What one text becomes when its values are put into an empty one is that text's equal. */
static void
check_rewrite (GKeyFile *key_file)
{
  g_autoptr(GBytes) no_bytes = g_bytes_new_static ("", 0);
  g_autoptr(ReleaseConfigText) empty = release_config_text_new (no_bytes, "empty");
  g_autoptr(GBytes) written = release_config_text_update (empty, key_file);
  g_autoptr(ReleaseConfigText) again = release_config_text_new (written, "again");
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) groups = g_key_file_get_groups (key_file, NULL);

  release_config_text_check (again, &error);
  g_assert_no_error (error);
  for (gsize i = 0; groups[i] != NULL; i++)
    {
      g_auto(GStrv) keys = g_key_file_get_keys (key_file, groups[i], NULL, NULL);

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

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr(ReleaseConfigText) text = release_config_text_new (bytes, "fuzz");
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
  check_rewrite (release_config_text_get_key_file (text));

  return 0;
}
