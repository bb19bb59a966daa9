/* release-tests/config/errors.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a person who made a mistake in a configuration reads.
 */

#include "config.h"

#include <release/release.h>

#include <string.h>

/* Enough to be felt if the work grew with the square of it. */
#define HOSTILE_BYTES (256 << 10)

/* The specification of the manual's example, with users that every system has. */
static ReleaseConfigSpec *
make_spec (void)
{
  ReleaseConfigSpec *spec = release_config_spec_new ();
  const char *folders[] = { "/tmp", "/var/tmp", NULL };

  release_config_spec_add (spec, NULL, "user", NULL, release_config_validation_string (), NULL);
  release_config_spec_add (spec, NULL, "privileged", release_config_value_new_bool (TRUE),
                           release_config_validation_bool (), NULL);
  release_config_spec_add (spec, NULL, "read_timeout", release_config_value_new_int (5),
                           release_config_validation_int_in_range (0, 10), NULL);
  release_config_spec_add (spec, NULL, "log_level", release_config_value_new_keyword ("notice"),
                           release_config_validation_log_level (), NULL);
  release_config_spec_add (spec, "some-section", "match_with",
                           release_config_value_new_regexp ("^[a-z]+$", NULL),
                           release_config_validation_regexp (), NULL);
  release_config_spec_add (spec, "some-section", "tmp", release_config_value_new_string ("/tmp"),
                           release_config_validation_string_in (folders), NULL);
  release_config_spec_add (spec, "strict", "needed", NULL, release_config_validation_int (), NULL);

  return spec;
}

/* Loads @data, which needs the key of [strict] only if it has that section. */
static void
assert_errors (const char *data,
               gssize      length,
               const char *expected)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(GBytes) bytes = g_bytes_new (data, length < 0 ? strlen (data) : (gsize) length);
  g_autoptr(GError) error = NULL;

  release_config_override (config, "strict", "needed", "1", &error);
  g_assert_no_error (error);
  g_assert_false (release_config_load_bytes (config, bytes, "f", &error));
  g_assert_cmpstr (error->message, ==, expected);
  g_assert_cmpuint (error->domain, ==, RELEASE_CONFIG_ERROR);
}

static void
assert_syntax (const char *text,
               const char *expected)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(ReleaseConfigText) read = release_config_text_new (bytes, "f");
  g_autoptr(GError) error = NULL;

  g_assert_false (release_config_text_check (read, &error));
  g_assert_cmpstr (error->message, ==, expected);
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_SYNTAX);
}

static void
test_unterminated (void)
{
  g_test_summary ("What has no end is reported where it begins, and the lines after it are read");

  assert_syntax ("a = \"x\nb = 1\nc = @\n",
                 "f:1:5: The string that begins here has no closing quote\n"
                 "f:3:5: Unexpected character “@”");
  assert_syntax ("a = \"x\nb = \"y\"\nc = 1\n",
                 "f:1:5: The string that begins here ends on line 2, before “y\"”: does it lack "
                 "its closing quote?");
  assert_syntax ("a = /x\nb = 1\n",
                 "f:1:5: The regular expression that begins here has no closing slash; a path is "
                 "written in double quotes");
  assert_syntax ("a = [1,\n2\nb = 3\nc = @\n",
                 "f:1:5: The list that begins here has no closing “]”\n"
                 "f:4:5: Unexpected character “@”");
  assert_syntax ("a = [1, 2", "f:1:5: The list that begins here has no closing “]”");
  assert_syntax ("[section", "f:1:1: “]” is missing after “[section”");
  assert_syntax ("[section\na = 1\nb = @\n",
                 "f:1:1: “]” is missing after “[section”\n"
                 "f:3:5: Unexpected character “@”");
  assert_syntax ("\na",
                 "f:2:1: Unexpected “a”: “=” belongs after “a”, if that is a key; a string is "
                 "written in double quotes");
  assert_syntax ("\na =\n\n", "f:2:3: The file ends too early: a value belongs after “=”");
}

static void
test_mistakes (void)
{
  g_test_summary ("Mistakes that people make have messages that say what to do");

  assert_syntax ("path = /var/log/mail\n",
                 "f:1:8: “/var/log/mail” looks like a path; a string is written in double quotes");
  assert_syntax ("path = var/log\n",
                 "f:1:8: “var/log” is not a keyword; a string is written in double quotes");
  assert_syntax ("name = 'foo'\n", "f:1:8: Strings are written in double quotes: 'foo'");
  assert_syntax ("name = \xe2\x80\x9c" "foo\xe2\x80\x9d\n",
                 "f:1:8: Strings are written in straight double quotes, not in “");
  assert_syntax ("name = foo bar\n",
                 "f:1:12: Unexpected “bar”: “=” belongs after “bar”, if that is a key; a string is "
                 "written in double quotes");
  assert_syntax ("timeout = 10s\n",
                 "f:1:11: “10s” is not a number; a string is written in double quotes");
  assert_syntax ("address = 127.0.0.1\n",
                 "f:1:11: “127.0.0.1” is not a number; a string is written in double quotes");
  assert_syntax ("factor = 1e5\n",
                 "f:1:10: “1e5” is not a number; a string is written in double quotes");
  assert_syntax ("mask = 0x1F\n",
                 "f:1:8: “0x1F” is not a number; a string is written in double quotes");
  assert_syntax ("key: value\n",
                 "f:1:6: Unexpected “value”: “=” belongs after “key:”, not a colon");
  assert_syntax ("a =\nb = 1\n", "f:1:1: “a” has no value");
  assert_syntax ("a = 1;\n",
                 "f:1:6: Unexpected “;”; directives are “key = value”, with white space between "
                 "them");
  assert_syntax ("a\xc2\xa0= 1\n",
                 "f:1:2: An invisible character that is not an ordinary space: U+00A0");
  assert_syntax ("a = [1 2]\n", "f:1:8: A comma is missing before “2”");
  assert_syntax ("a = [1,]\n", "f:1:8: A value is missing after the last comma of the list");
  assert_syntax ("a = [,1]\n", "f:1:6: A value is missing before the comma");
  assert_syntax ("a = [[1], [[2]]]\n",
                 "f:1:6: Lists cannot be nested\n"
                 "f:1:11: Lists cannot be nested");
  assert_syntax ("a = \"\\300\"\n",
                 "f:1:6: “\\300” is not a byte: the escape takes three decimal digits, from \\000 "
                 "to \\255");
  assert_syntax ("a = 9223372036854775808\n",
                 "f:1:5: The integer does not fit into 64 bits; it must be from "
                 "-9223372036854775808 to 9223372036854775807");
  assert_syntax ("true = 1\n", "f:1:1: A boolean cannot be the name of a key");
  assert_syntax ("_a = 1\n", "f:1:1: “_a” is not a name: names begin with a letter from A to Z");
  assert_syntax ("a = 1\rb = 2\n", "f:1:6: A carriage return that no line feed follows");
  assert_syntax ("a = 1\n\xff = 2\n",
                 "f:2:1: The byte 0xff is no valid UTF-8; only strings and comments may have any "
                 "byte");
  assert_syntax ("[]\n", "f:1:2: Unexpected “]”: the name of a section belongs here, as in "
                 "“[some-section]”");
  assert_syntax ("\xff\xfe" "a", "f:1:1: The file is UTF-16; save it as UTF-8");
}

static void
test_all_at_once (void)
{
  g_test_summary ("Everything that is wrong is reported at once, in the order of the file");

  assert_errors ("read_timeout = 11\n"
                 "privileged = maybe\n"
                 "usr = \"x\"\n"
                 "log_level = loud log_level = debug\n"
                 "[sme-section]\n"
                 "[some-section]\n"
                 "match_with = /a(b/\n"
                 "tmp = \"/home\"\n"
                 "read_timeout = 1\n"
                 "what = @\n"
                 "[some-section]\n",
                 -1,
                 "f:1:1: “user” is missing, and it has no default\n"
                 "f:1:16: “read_timeout”: 11 is not an integer from 0 to 10\n"
                 "f:2:14: “privileged”: maybe is a keyword, not true or false\n"
                 "f:3:1: “usr” is not known; did you mean “user”?\n"
                 "f:4:13: “log_level”: loud is not debug, info, notice, warning, error or fatal\n"
                 "f:4:18: “log_level” is there twice; the first is on line 4\n"
                 "f:5:1: Section [sme-section] is not known; did you mean [some-section]?\n"
                 "f:7:18: “match_with”: /a(b/ is not a regular expression: missing terminating "
                 ")\n"
                 "f:8:7: “tmp”: \"/home\" is not \"/tmp\" or \"/var/tmp\"\n"
                 "f:9:1: “read_timeout” is not known in section [some-section]; it belongs before "
                 "the first section\n"
                 "f:10:8: Unexpected character “@”\n"
                 "f:11:1: Section [some-section] is there twice; it began on line 6");
}

static void
test_regexp_position (void)
{
  g_test_summary ("A bad regular expression is reported at the character that is wrong");

  assert_errors ("user = \"x\"\n[some-section] match_with = /\xc3\xa9\\/a\n    [b/\n", -1,
                 "f:3:7: “match_with”: /é/a[b/ is not a regular expression: missing terminating ] "
                 "for character class");
}

static void
test_list (void)
{
  g_autoptr(ReleaseConfigSpec) spec = release_config_spec_new ();
  g_autoptr(ReleaseConfig) config = NULL;
  const char *text = "ports = [\n  80, # http\n  \"443\",\n  25, x,\n  70000\n]\n";
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(ReleaseConfigValidation) port = release_config_validation_int_in_range (1, 65535);
  g_autoptr(GError) error = NULL;

  g_test_summary ("All bad values of a list are reported, each where it is");

  release_config_spec_add (spec, NULL, "ports", NULL, release_config_validation_list_of (port),
                           NULL);
  config = release_config_new (spec);
  g_assert_false (release_config_load_bytes (config, bytes, "f", &error));
  g_assert_cmpstr (error->message, ==,
                   "f:3:3: “ports”: value 2 of the list: \"443\" is a string, not an integer from "
                   "1 to 65535; it is written without quotes\n"
                   "f:4:7: “ports”: value 4 of the list: x is a keyword, not an integer from 1 to "
                   "65535\n"
                   "f:5:3: “ports”: value 5 of the list: 70000 is not an integer from 1 to 65535");
}

static void
test_duplicates (void)
{
  g_test_summary ("Each duplicate is reported with the line of the first, in a second part too");

  assert_errors ("user = \"x\"\n[some-section]\ntmp = \"/tmp\"\n[some-section]\n"
                 "tmp = \"/tmp\" match_with = /a/\ntmp = \"/tmp\"", -1,
                 "f:4:1: Section [some-section] is there twice; it began on line 2\n"
                 "f:5:1: “tmp” is there twice; the first is on line 3\n"
                 "f:6:1: “tmp” is there twice; the first is on line 3");
}

static void
test_objects (void)
{
  const char *text = "user = 1\n[some-section]\nunknown = 1\n";
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(GPtrArray) problems = NULL;
  ReleaseConfigProblem *problem;

  g_test_summary ("Problems are available one by one, with file, line, column, section and key");

  g_assert_false (release_config_load_bytes (config, bytes, "f", NULL));
  problems = release_config_dup_problems (config);
  g_assert_cmpuint (problems->len, ==, 3);

  problem = problems->pdata[0];
  g_assert_cmpint (release_config_problem_get_code (problem), ==, RELEASE_CONFIG_ERROR_INVALID);
  g_assert_cmpstr (release_config_problem_get_file (problem), ==, "f");
  g_assert_cmpuint (release_config_problem_get_line (problem), ==, 1);
  g_assert_cmpuint (release_config_problem_get_column (problem), ==, 8);
  g_assert_null (release_config_problem_get_section (problem));
  g_assert_cmpstr (release_config_problem_get_key (problem), ==, "user");
  g_assert_cmpstr (release_config_problem_get_message (problem), ==,
                   "“user”: 1 is an integer, not a string; a string is written in double "
                   "quotes");

  problem = problems->pdata[1];
  g_assert_cmpint (release_config_problem_get_code (problem), ==, RELEASE_CONFIG_ERROR_UNKNOWN_KEY);
  g_assert_cmpstr (release_config_problem_get_section (problem), ==, "some-section");
  g_assert_cmpstr (release_config_problem_get_key (problem), ==, "unknown");

  problem = problems->pdata[2];
  g_assert_cmpint (release_config_problem_get_code (problem), ==, RELEASE_CONFIG_ERROR_MISSING);
  g_assert_cmpuint (release_config_problem_get_line (problem), ==, 4);
  g_assert_cmpstr (release_config_problem_get_section (problem), ==, "strict");
}

static void
test_missing_in_section (void)
{
  const char *text = "user = \"x\"\n\n  [strict]\n";
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(GError) error = NULL;

  g_test_summary ("A missing key is reported at the section that lacks it");

  g_assert_false (release_config_load_bytes (config, bytes, "f", &error));
  g_assert_cmpstr (error->message, ==,
                   "f:3:3: “needed” is missing in section [strict], and it has no default");
}

static void
test_no_false_alarm (void)
{
  g_test_summary ("A key whose value, or whose section's name, cannot be read is not missing too");

  assert_errors ("user = @\n", -1, "f:1:8: Unexpected character “@”");
  assert_errors ("user = \"x\" [some section] tmp = \"/tmp\"\n", -1,
                 "f:1:18: Unexpected “section”: “]” belongs after the name of a section");
}

static void
test_million (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(ReleaseConfigText) read = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Of a million errors a hundred are reported, and the number of the others");

  for (guint i = 0; i < 1000000; i++)
    g_string_append (text, "]\n");
  bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  read = release_config_text_new (bytes, "f");
  g_assert_false (release_config_text_check (read, &error));
  g_assert_true (g_str_has_suffix (error->message, "\nf: and 999900 more errors"));
  problems = release_config_text_dup_problems (read);
  g_assert_cmpuint (problems->len, ==, 100);
}

static void
test_one_line (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(ReleaseConfigText) read = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  guint last = 0;

  g_test_summary ("Places in a line of a megabyte are found, one after the other");

  for (guint i = 0; i < 200000; i++)
    g_string_append (text, "k=[] ");
  g_string_append (text, "k=[[]] k=[[]]");
  bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  read = release_config_text_new (bytes, "f");
  problems = release_config_text_dup_problems (read);
  g_assert_cmpuint (problems->len, ==, 100);
  for (guint i = 0; i < problems->len; i++)
    {
      g_assert_cmpuint (release_config_problem_get_line (problems->pdata[i]), ==, 1);
      g_assert_cmpuint (release_config_problem_get_column (problems->pdata[i]), >, last);
      last = release_config_problem_get_column (problems->pdata[i]);
    }
  g_assert_cmpuint (last, ==, 1000011);
}

static void
test_hostile (void)
{
  const struct
  {
    const char *unit;
    const char *what;
  } cases[] =
    {
      { "[", "nesting" }, { "a=[", "lists" }, { "\"", "quotes" }, { "/", "slashes" },
      { "\\\"\n", "escaped quotes" }, { "a=\"\\\"\n", "strings without end" }, { "a", "one name" },
      { "(", "garbage" }, { "a=/(/\n", "bad expressions" }, { "a ", "names" }, { "=", "equals" },
      { "[a]", "sections" }, { "\xff", "bytes" }, { "#", "comment" }, { "1", "digits" },
      { "a=1 ", "duplicates" }, { "a=\"\n", "strings" },
    };

  g_test_summary ("Much of anything ends in an error, and soon");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) text = g_string_new ("x=1 ");
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(ReleaseConfigSpec) spec = make_spec ();
      g_autoptr(ReleaseConfig) config = release_config_new (spec);

      g_test_message ("%s", cases[i].what);
      while (text->len < HOSTILE_BYTES)
        g_string_append (text, cases[i].unit);
      bytes = g_string_free_to_bytes (g_steal_pointer (&text));
      g_assert_false (release_config_load_bytes (config, bytes, "f", NULL));
    }
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/errors/unterminated", test_unterminated);
  g_test_add_func ("/config/errors/mistakes", test_mistakes);
  g_test_add_func ("/config/errors/all-at-once", test_all_at_once);
  g_test_add_func ("/config/errors/regexp-position", test_regexp_position);
  g_test_add_func ("/config/errors/list", test_list);
  g_test_add_func ("/config/errors/duplicates", test_duplicates);
  g_test_add_func ("/config/errors/objects", test_objects);
  g_test_add_func ("/config/errors/missing-in-section", test_missing_in_section);
  g_test_add_func ("/config/errors/no-false-alarm", test_no_false_alarm);
  g_test_add_func ("/config/errors/million", test_million);
  g_test_add_func ("/config/errors/one-line", test_one_line);
  g_test_add_func ("/config/errors/hostile", test_hostile);

  return g_test_run ();
}
