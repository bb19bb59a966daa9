/* release-tests/config/text.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <string.h>

static ReleaseConfigText *
read_text (const char *data,
           gssize      length)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, length < 0 ? strlen (data) : (gsize) length);

  return release_config_text_new (bytes, "test.conf");
}

/* The literals in the key file, which must be readable without a problem. */
static void
assert_value (const char *data,
              gssize      length,
              const char *group,
              const char *key,
              const char *expected)
{
  g_autoptr(ReleaseConfigText) text = read_text (data, length);
  g_autoptr(GError) error = NULL;
  g_autofree char *literal = NULL;

  release_config_text_check (text, &error);
  g_assert_no_error (error);
  literal = g_key_file_get_value (release_config_text_get_key_file (text), group, key, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (literal, ==, expected);
}

static void
assert_global (const char *data,
               const char *key,
               const char *expected)
{
  assert_value (data, -1, RELEASE_CONFIG_GLOBAL_GROUP, key, expected);
}

static void
assert_problem (const char *data,
                gssize      length,
                const char *expected)
{
  g_autoptr(ReleaseConfigText) text = read_text (data, length);
  g_autoptr(GError) error = NULL;

  g_assert_false (release_config_text_check (text, &error));
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_literals (void)
{
  const struct
  {
    const char *literal;
    const char *canonical;
  } cases[] =
    {
      { "0", "0" }, { "-0", "0" }, { "010", "10" }, { "-42", "-42" },
      { "9223372036854775807", "9223372036854775807" },
      { "-9223372036854775808", "-9223372036854775808" },
      { "000000000000000000000000000001", "1" },
      { "1.5", "1.5" }, { ".5", "0.5" }, { "-.5", "-0.5" }, { "-0.0", "-0.0" }, { "1.50", "1.5" },
      { "0.1", "0.1" }, { "100000000000000000000000.0", "100000000000000000000000.0" },
      { "0.0000001", "0.0000001" }, { "123456789.123", "123456789.123" },
      { "true", "true" }, { "false", "false" },
      { "debug", "debug" }, { "x", "x" }, { "trueish", "trueish" }, { "t-2_3.4", "t-2_3.4" },
      { "inet:8387@localhost", "inet:8387@localhost" }, { "gr\xc3\xb6\xc3\x9f" "e", "größe" },
      { "\"\"", "\"\"" }, { "\"foo\"", "\"foo\"" }, { "\"# no comment\"", "\"# no comment\"" },
      { "\"a\nb\"", "\"a\\nb\"" },
      { "\"\\n\\t\\b\\r\\\\\\\"\\'\\ \"", "\"\\n\\t\\b\\r\\\\\\\"' \"" },
      { "\"\\000\\065\\255\"", "\"\\x00A\\xff\"" }, { "\"\\x41\\xFf\"", "\"A\\xff\"" },
      { "\"\\q\\12\\xg0\"", "\"\\\\q\\\\12\\\\xg0\"" }, { "\"\xe9\"", "\"\\xe9\"" },
      { "\"\xc3\xa9\"", "\"é\"" }, { "\"\xc2\x85\"", "\"\\xc2\\x85\"" },
      { "/^[a-z]+$/", "/^[a-z]+$/" }, { "/^(foo|bar)$/", "/^(foo|bar)$/" },
      { "/a\\/b/", "/a\\/b/" },
      { "/a\\\\/", "/a\\\\/" }, { "/, */", "/, */" }, { "/[#]/", "/[#]/" }, { "//", "//" },
      { "/ab\n   \t\n  cd/", "/abcd/" }, { "/ab\r\n  cd/", "/abcd/" },
      { "/\\d\\.\\\"/", "/\\d\\.\\\"/" },
      { "[]", "[]" }, { "[ ]", "[]" }, { "[1]", "[1]" }, { "[1,2 , 3]", "[1, 2, 3]" },
      { "[\n# one\n1 # first\n,\n\n-2.50]", "[1, -2.5]" }, { "[foo,bar]", "[foo, bar]" },
      { "[\"a,b\",/,/,true]", "[\"a,b\", /,/, true]" },
      { "[\"127.0.0.0/8\", \"::ffff:127.0.0.0/104\"]",
        "[\"127.0.0.0/8\", \"::ffff:127.0.0.0/104\"]" },
    };

  g_test_summary ("Every kind of value is read, and becomes its canonical literal");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("key = ", cases[i].literal, "\n", NULL);

      g_test_message ("%s", cases[i].canonical);
      assert_global (text, "key", cases[i].canonical);
    }
}

static void
test_layout (void)
{
  const char *texts[] =
    {
      "a=1 b = 2",
      "a = 1 b = 2 # comment without a newline",
      "a\n=\n\n1\nb\t=\t2\n",
      "a = 1\r\nb = 2\r\n",
      "\357\273\277a = 1 b = 2",
      "# only \"a /comment\n a = 1#c\n b = 2",
      "a=1b=2",
      "a=# comment\n1 b=2",
      "a=1b # comment\n = # comment\n 2",
      "# Latin-1: \xe9\na = 1 b = 2",
    };

  g_test_summary ("White space, newlines and comments can be anywhere between tokens");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      assert_global (texts[i], "a", "1");
      assert_global (texts[i], "b", "2");
    }
}

static void
test_sections (void)
{
  const char *text = "g = 1 [s] a = 1\n[t-2.x_]\n[u]a=b[v]a=[c]\n";
  g_autoptr(ReleaseConfigText) read = read_text (text, -1);

  g_test_summary ("Sections follow the global keys, with keys on the same line if one likes");

  assert_value (text, -1, RELEASE_CONFIG_GLOBAL_GROUP, "g", "1");
  assert_value (text, -1, "s", "a", "1");
  assert_value (text, -1, "u", "a", "b");
  assert_value (text, -1, "v", "a", "[c]");
  g_assert_true (g_key_file_has_group (release_config_text_get_key_file (read), "t-2.x_"));
}

static void
test_nul (void)
{
  const char in_string[] = "a = \"x\0y\"";
  const char outside[] = "a = 1\0b = 2";
  const char in_comment[] = "a = 1 # \0\nb = 2";
  const char in_regexp[] = "a = /x\0/";

  g_test_summary ("A NUL byte can be in a string and nowhere else");

  assert_value (in_string, sizeof in_string - 1, RELEASE_CONFIG_GLOBAL_GROUP, "a", "\"x\\x00y\"");
  assert_problem (outside, sizeof outside - 1,
                  "test.conf:1:6: A NUL byte, which only a string may have");
  assert_problem (in_comment, sizeof in_comment - 1,
                  "test.conf:1:9: A NUL byte, which only a string may have");
  assert_problem (in_regexp, sizeof in_regexp - 1,
                  "test.conf:1:7: A regular expression cannot have a NUL byte; write \\x00");
}

static void
test_regexp_broken (void)
{
  g_test_summary ("A regular expression is broken where a newline is, but not after a backslash");

  assert_value ("a = /x\n  y\\\\\n/ b = 1", -1, RELEASE_CONFIG_GLOBAL_GROUP, "a", "/xy\\\\/");
  assert_problem ("a = /x\ny\\\n/", -1,
                  "test.conf:2:2: A backslash cannot end a line of a regular expression");
  assert_problem ("a = /\\\\\\\r\n\\/y/", -1,
                  "test.conf:1:8: A backslash cannot end a line of a regular expression");
}

static void
test_locate (void)
{
  g_autoptr(ReleaseConfigText) text =
    read_text ("\n  a = \"\n\n\"\n[s]\n \xc3\xa9 = 1\n  \"\xc3\xa9\"\n", -1);
  g_autoptr(ReleaseConfigText) good =
    read_text ("x = \"\xc3\xa9\" a = \"\n\n\" b = /x\n  y/ c = 1\n [s] d = [\n] e=2\n", -1);
  guint line = 0;
  guint column = 0;

  g_test_summary ("Lines count newlines inside strings and expressions, columns count characters");

  g_assert_true (release_config_text_locate (good, NULL, "a", &line, &column));
  g_assert_cmpuint (line, ==, 1);
  g_assert_cmpuint (column, ==, 9);
  g_assert_true (release_config_text_locate (good, NULL, "b", &line, &column));
  g_assert_cmpuint (line, ==, 3);
  g_assert_cmpuint (column, ==, 3);
  g_assert_true (release_config_text_locate (good, NULL, "c", &line, &column));
  g_assert_cmpuint (line, ==, 4);
  g_assert_true (release_config_text_locate (good, "s", NULL, &line, &column));
  g_assert_cmpuint (line, ==, 5);
  g_assert_cmpuint (column, ==, 2);
  g_assert_true (release_config_text_locate (good, "s", "e", &line, NULL));
  g_assert_cmpuint (line, ==, 6);
  g_assert_false (release_config_text_locate (good, "s", "a", NULL, NULL));
  g_assert_false (release_config_text_locate (good, "t", NULL, NULL, NULL));
  g_assert_true (release_config_text_locate (text, "s", NULL, &line, NULL));
  g_assert_cmpuint (line, ==, 5);
}

static void
assert_update (const char *before,
               const char *group,
               const char *key,
               const char *value,
               const char *after)
{
  g_autoptr(ReleaseConfigText) text = read_text (before, -1);
  GKeyFile *key_file = release_config_text_get_key_file (text);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *result = NULL;

  if (value != NULL)
    g_key_file_set_value (key_file, group, key, value);
  else
    g_key_file_remove_key (key_file, group, key, NULL);
  bytes = release_config_text_update (text, key_file);
  result = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (result, ==, after);
  if (value != NULL)
    assert_value (result, -1, group, key, value);
}

/* The text of the next test, in parts. */
#define HEAD "# Head\n\n# On a\n"
#define TEN "a = 010  # ten\n"
#define TWO_THREE "b=2 c = 3\n"
#define LIST "\n[s]\n# On d\nd = [ 1,\n 2 ]\n"
#define REST LIST "\n[t]\n"

static void
test_update (void)
{
  const char *global = RELEASE_CONFIG_GLOBAL_GROUP;
  const char *text = HEAD TEN TWO_THREE REST;

  g_test_summary ("A changed text keeps comments, order, and how unchanged values are spelt");

  assert_update (text, global, "a", "10", text);
  assert_update (text, global, "a", "11", HEAD "a = 11  # ten\n" TWO_THREE REST);
  assert_update (text, global, "e", "5", HEAD TEN TWO_THREE "e = 5\n" REST);
  assert_update (text, "s", "d", "[]", HEAD TEN TWO_THREE "\n[s]\n# On d\nd = []\n\n[t]\n");
  assert_update (text, "t", "x", "/y/", HEAD TEN TWO_THREE REST "x = /y/\n");
  assert_update (text, "u", "x", "1", HEAD TEN TWO_THREE REST "\n[u]\nx = 1\n");
  assert_update (text, global, "a", NULL, HEAD TWO_THREE REST);
  assert_update (text, global, "b", NULL, HEAD TEN "c = 3\n" REST);
  assert_update (text, global, "c", NULL, HEAD TEN "b=2\n" REST);
  assert_update ("", global, "a", "1", "a = 1\n");
  assert_update ("a = 1", global, "b", "2", "a = 1\nb = 2\n");
  assert_update ("a = 1[s]b = 2", global, "c", "3", "a = 1\nc = 3\n[s]b = 2");
  assert_update ("a = 1[s]b = 2", "s", "c", "3", "a = 1[s]b = 2\nc = 3\n");
  assert_update ("# Head\n\n# On s\n[s]\nx=1\n", global, "a", "1",
                 "# Head\n\na = 1\n\n# On s\n[s]\nx=1\n");
}

static void
test_update_tokens (void)
{
  const char *global = RELEASE_CONFIG_GLOBAL_GROUP;

  g_test_summary ("What is put in or taken out never grows together with what is around it");

  assert_update ("a=1b=2", global, "a", "foo", "a=foo b=2");
  assert_update ("a=\"x\"b=2", global, "a", "foo", "a=foo b=2");
  assert_update ("x=foo a=2b=3", global, "a", NULL, "x=foo b=3");
  assert_update ("x=foo a=2 b=3", global, "a", NULL, "x=foo b=3");
  assert_update ("x=\"s\"a=2b=3\n", global, "a", NULL, "x=\"s\"b=3\n");
  assert_update ("x=foo a=2#c\n", global, "a", NULL, "x=foo #c\n");
  assert_update ("a=1[s]x=1", "s", "x", "[a]", "a=1[s]x=[a]");
  assert_update ("\357\273\277[s]\nx=1\n", global, "a", "1",
                 "\357\273\277a = 1\n\n[s]\nx=1\n");
  assert_update ("\357\273\277# Head\n\nx=1 # one\n", global, "x", NULL,
                 "\357\273\277# Head\n\n");
  assert_update ("\357\273\277x=1 # one\ny=2", global, "x", NULL, "\357\273\277y=2");
}

static void
test_update_cr_lf (void)
{
  const char *global = RELEASE_CONFIG_GLOBAL_GROUP;

  g_test_summary ("New lines end like those that are there");

  assert_update ("# Head\r\n\r\n[s]\r\nx=1\r\n", global, "a", "1",
                 "# Head\r\n\r\na = 1\r\n\r\n[s]\r\nx=1\r\n");
  assert_update ("a=1 # c\r\nb=2\r\n", global, "a", NULL, "b=2\r\n");
  assert_update ("a=1\r\n", "s", "b", "2", "a=1\r\n\r\n[s]\r\nb = 2\r\n");
}

static void
test_update_misuse (void)
{
  g_test_summary ("A value that is not in the syntax, or a bad name, is a mistake in the program");

  if (g_test_subprocess ())
    {
      g_autoptr(ReleaseConfigText) text = read_text ("a = 1", -1);

      g_key_file_set_value (release_config_text_get_key_file (text), RELEASE_CONFIG_GLOBAL_GROUP,
                            "a", "1\n[s]");
      release_config_text_update (text, release_config_text_get_key_file (text));
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*CRITICAL*is_in_syntax*");
}

static gpointer
parse_many (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    {
      assert_global ("a = 1\nb = \"two\"\n", "b", "\"two\"");
      assert_problem ("a = 1\na = 2\n", -1,
                      "test.conf:2:1: “a” is there twice; the first is on line 1");
    }

  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  g_test_summary ("Several threads parse at once, and a failed parse leaves nothing behind");

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("parse", parse_many, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_many_keys (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(ReleaseConfigText) read = NULL;
  g_autoptr(GError) error = NULL;
  char directive[32];
  guint line;

  g_test_summary ("A million keys of one section are read, and each is found");

  g_string_append (text, "[s]\n");
  for (guint i = 0; i < 1000000; i++)
    {
      g_snprintf (directive, sizeof directive, "k%u=%u\n", i, i);
      g_string_append (text, directive);
    }
  read = read_text (text->str, text->len);
  release_config_text_check (read, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 1000000; i += 997)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);

      g_assert_true (release_config_text_locate (read, "s", key, &line, NULL));
      g_assert_cmpuint (line, ==, i + 2);
    }
}

static void
test_one_line (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(ReleaseConfigText) read = NULL;
  char directive[32];
  guint column;

  g_test_summary ("The keys of one long line are located one after the other, in one pass");

  for (guint i = 0; i < 300000; i++)
    {
      g_snprintf (directive, sizeof directive, "k%07u=1 ", i);
      g_string_append (text, directive);
    }
  read = read_text (text->str, text->len);
  for (guint i = 0; i < 300000; i++)
    {
      g_snprintf (directive, sizeof directive, "k%07u", i);
      g_assert_true (release_config_text_locate (read, NULL, directive, NULL, &column));
      g_assert_cmpuint (column, ==, 11 * i + 1);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/text/literals", test_literals);
  g_test_add_func ("/config/text/layout", test_layout);
  g_test_add_func ("/config/text/sections", test_sections);
  g_test_add_func ("/config/text/nul", test_nul);
  g_test_add_func ("/config/text/regexp-broken", test_regexp_broken);
  g_test_add_func ("/config/text/locate", test_locate);
  g_test_add_func ("/config/text/update", test_update);
  g_test_add_func ("/config/text/update-tokens", test_update_tokens);
  g_test_add_func ("/config/text/update-cr-lf", test_update_cr_lf);
  g_test_add_func ("/config/text/update-misuse", test_update_misuse);
  g_test_add_func ("/config/text/threads", test_threads);
  g_test_add_func ("/config/text/many-keys", test_many_keys);
  g_test_add_func ("/config/text/one-line", test_one_line);

  return g_test_run ();
}
