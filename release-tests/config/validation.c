/* release-tests/config/validation.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <math.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Checks a literal; @expected is the message, or NULL if the value is good. Takes @validation. */
static void
check (ReleaseConfigValidation *validation,
       const char              *literal,
       const char              *expected)
{
  g_autoptr(ReleaseConfigValidation) owned = validation;
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseConfigValue) value = release_config_value_parse (literal, &error);
  gboolean is_good;

  g_assert_no_error (error);
  is_good = release_config_validation_check (owned, value, &error);
  if (expected == NULL)
    {
      g_assert_no_error (error);
      g_assert_true (is_good);
    }
  else
    {
      g_assert_false (is_good);
      g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, expected);
    }
}

#define V(name) release_config_validation_ ## name

static void
test_types (void)
{
  const char *literals[] = { "true", "1", "1.0", "\"x\"", "/x/", "debug", "[true]", "[1]", "[1.0]",
                             "[\"x\"]" };
  ReleaseConfigValidation *(*makers[]) (void) =
    { V (bool), V (int), V (float), V (string), V (regexp), V (keyword), V (bool_list),
      V (int_list),
      V (float_list), V (string_list) };

  g_test_summary ("Each type takes its own values and refuses those of every other");

  g_assert_cmpuint (G_N_ELEMENTS (literals), ==, G_N_ELEMENTS (makers));
  for (gsize i = 0; i < G_N_ELEMENTS (makers); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (literals); j++)
        {
          g_autoptr(ReleaseConfigValidation) validation = makers[i] ();
          g_autoptr(ReleaseConfigValue) value = release_config_value_parse (literals[j], NULL);

          g_assert_cmpint (release_config_validation_check (validation, value, NULL), ==, i == j);
        }
    }
  check (V (int) (), "\"1\"",
         "\"1\" is a string, not an integer; it is written without quotes");
  check (V (float) (), "1", "1 is an integer, not a float; write 1.0");
  check (V (bool) (), "yes", "yes is a keyword, not true or false");
  check (V (bool) (), "\"true\"",
         "\"true\" is a string, not true or false; it is written without quotes");
  check (V (regexp) (), "\"^a\"", "\"^a\" is a string, not a regular expression; a regular "
         "expression is written in slashes");
  check (V (string) (), "nobody",
         "nobody is a keyword, not a string; a string is written in double quotes");
  check (V (string) (), "[\"a\"]", "[\"a\"] is a list, not a string");
  check (V (int_list) (), "1",
         "1 is an integer, not a list of integers; a list is written in brackets");
  check (V (int_list) (), "[1, 2.0]", "value 2 of the list: 2.0 is a float, not an integer");
  check (V (int_list) (), "[]", NULL);
  check (V (log_level) (), "notice", NULL);
  check (V (log_level) (), "\"notice\"",
         "\"notice\" is a string, not debug, info, notice, warning, error or fatal; it is "
         "written without quotes");
}

static void
test_ranges (void)
{
  g_test_summary ("Ranges include their bounds, greater and less do not");

  check (V (int_in_range) (0, 10), "0", NULL);
  check (V (int_in_range) (0, 10), "10", NULL);
  check (V (int_in_range) (0, 10), "11", "11 is not an integer from 0 to 10");
  check (V (int_in_range) (0, 10), "-1", "-1 is not an integer from 0 to 10");
  check (V (int_in_range) (0, 10), "5.0", "5.0 is a float, not an integer from 0 to 10");
  check (V (int_greater_than) (7), "8", NULL);
  check (V (int_greater_than) (7), "7", "7 is not an integer greater than 7");
  check (V (int_less_than) (7), "6", NULL);
  check (V (int_less_than) (7), "7", "7 is not an integer less than 7");
  check (V (float_in_range) (0.5, 1), "0.5", NULL);
  check (V (float_in_range) (0.5, 1), "1.0", NULL);
  check (V (float_in_range) (0.5, 1), "1.1", "1.1 is not a float from 0.5 to 1.0");
  check (V (float_in_range) (0, INFINITY), "-1.0", "-1.0 is not a float from 0.0 to infinity");
  check (V (float_in_range) (-INFINITY, 0), "1.0",
         "1.0 is not a float from minus infinity to 0.0");
  check (V (float_greater_than) (0), "0.1", NULL);
  check (V (float_greater_than) (0), "0.0", "0.0 is not a float greater than 0.0");
  check (V (float_less_than) (0), "-0.1", NULL);
  check (V (float_less_than) (0), "0.0", "0.0 is not a float less than 0.0");
}

static void
test_choices (void)
{
  const gint64 ints[] = { 1, 2, 3 };
  const char *texts[] = { "+", "-", "=", NULL };

  g_test_summary ("A value is one of some, or has a pattern in it");

  check (V (int_in) (ints, 3), "2", NULL);
  check (V (int_in) (ints, 3), "4", "4 is not 1, 2 or 3");
  check (V (int_in) (ints, 3), "x", "x is a keyword, not 1, 2 or 3");
  check (V (string_in) (texts), "\"=\"", NULL);
  check (V (string_in) (texts), "\"*\"", "\"*\" is not \"+\", \"-\" or \"=\"");
  check (V (string_matching) ("b+"), "\"abba\"", NULL);
  check (V (string_matching) ("^b+$"), "\"abba\"", "\"abba\" is not a string that matches /^b+$/");
  check (V (string_matching) ("^a.b$"), "\"a\\000b\"", NULL);
  check (V (string_matching) ("^.$"), "\"\\xff\"", NULL);
  check (V (string_matching) ("^..$"), "\"é\\000\"", NULL);
  check (V (string_matching) ("^...$"), "\"\\000é\\000\"", NULL);
  check (V (string_matching) ("x"), "/x/",
         "/x/ is a regular expression, not a string that matches /x/; a string is written in "
         "double quotes");
}

static void
test_keywords (void)
{
  const char *words[] = { "fast", "safe", NULL };

  g_test_summary ("A keyword is one of some");

  check (V (keywords) (words), "safe", NULL);
  check (V (keywords) (words), "slow", "slow is not fast or safe");
  check (V (keywords) (words), "\"safe\"",
         "\"safe\" is a string, not fast or safe; it is written without quotes");
}

typedef struct
{
  char *folder;
  char *file;
  char *empty;
  char *pipe;
  char *socket;
  char *link;
  char *broken;
  char *missing;
} Fixture;

static void
fixture_set_up (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocketAddress) address = NULL;

  self->folder = g_dir_make_tmp ("release-config-XXXXXX", &error);
  g_assert_no_error (error);
  self->file = g_build_filename (self->folder, "file", NULL);
  self->empty = g_build_filename (self->folder, "empty", NULL);
  self->pipe = g_build_filename (self->folder, "pipe", NULL);
  self->socket = g_build_filename (self->folder, "socket", NULL);
  self->link = g_build_filename (self->folder, "link", NULL);
  self->broken = g_build_filename (self->folder, "broken", NULL);
  self->missing = g_build_filename (self->folder, "missing", NULL);

  g_file_set_contents (self->file, "x", 1, &error);
  g_assert_no_error (error);
  g_file_set_contents (self->empty, "", 0, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_chmod (self->file, 0640));
  g_assert_no_errno (mkfifo (self->pipe, 0600));
  g_assert_no_errno (symlink (self->file, self->link));
  g_assert_no_errno (symlink (self->missing, self->broken));
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                         &error);
  address = g_unix_socket_address_new (self->socket);
  g_socket_bind (socket, address, TRUE, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture       *self,
                   gconstpointer  data)
{
  char *paths[] = { self->file, self->empty, self->pipe, self->socket, self->link, self->broken,
                    self->missing };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_unlink (paths[i]);
      g_free (paths[i]);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}

/* Checks the path against @maker; @reason follows "PATH is not WANTED: ". */
static void
check_path (ReleaseConfigValidation *validation,
            const char              *path,
            const char              *reason)
{
  g_autofree char *literal = g_strdup_printf ("\"%s\"", path);
  g_autofree char *wanted = release_config_validation_describe (validation);
  g_autofree char *message = NULL;

  if (reason != NULL)
    {
      /* A message shows sixty characters of a value. */
      g_autofree char *shown = strlen (literal) > 60 ? g_strdup_printf ("%.60s…", literal)
                                                     : g_strdup (literal);

      message = g_strdup_printf ("%s is not %s: %s", shown, wanted, reason);
    }
  check (validation, literal, message);
}

static void
test_files (Fixture       *self,
            gconstpointer  data)
{
  const char *none = g_strerror (ENOENT);

  g_test_summary ("File types are checked through symbolic links, but for symbolic_link");

  check_path (V (existing_file) (), self->file, NULL);
  check_path (V (existing_file) (), self->link, NULL);
  check_path (V (existing_file) (), "/dev/null", NULL);
  check_path (V (existing_file) (), self->folder, "it is a directory");
  check_path (V (existing_file) (), self->missing, none);
  check_path (V (existing_file) (), self->broken, none);
  check_path (V (regular_file) (), self->link, NULL);
  check_path (V (regular_file) (), "/dev/null", "it is a character device");
  check_path (V (nonempty_file) (), self->file, NULL);
  check_path (V (nonempty_file) (), self->empty, "it is empty");
  check_path (V (nonempty_file) (), self->folder, "it is a directory");
  check_path (V (existing_directory) (), self->folder, NULL);
  check_path (V (existing_directory) (), self->file, "it is a regular file");
  check_path (V (existing_dirname) (), self->missing, NULL);
  check_path (V (existing_dirname) (), "missing", NULL);
  check_path (V (existing_dirname) (), "/", NULL);
  check_path (V (existing_dirname) (), "/nowhere/x", "/nowhere: No such file or directory");
  check_path (V (existing_dirname) (), "/nowhere/", NULL);
  check_path (V (character_device) (), "/dev/null", NULL);
  check_path (V (character_device) (), self->pipe, "it is a named pipe");
  check_path (V (block_device) (), "/dev/null", "it is a character device");
  check_path (V (symbolic_link) (), self->link, NULL);
  check_path (V (symbolic_link) (), self->broken, NULL);
  check_path (V (symbolic_link) (), self->file, "it is a regular file");
  check_path (V (named_pipe) (), self->pipe, NULL);
  check_path (V (named_pipe) (), self->socket, "it is a socket");
  check_path (V (unix_socket) (), self->socket, NULL);
  check_path (V (unix_socket) (), self->folder, "it is a directory");
  check (V (regular_file) (), "\"a\\000b\"",
         "\"a\\x00b\" is not a regular file: it has a NUL byte");
  check (V (regular_file) (), "1",
         "1 is an integer, not a regular file; a string is written in double quotes");
}

static void
test_mode_and_owner (Fixture       *self,
                     gconstpointer  data)
{
  struct stat st;
  const char *user;
  const char *group;
  g_autofree char *reason = NULL;

  g_test_summary ("The mode is the permission bits exactly; users and groups are names");

  check_path (V (file_with_mode) (0640), self->file, NULL);
  check_path (V (file_with_mode) (0640), self->link, NULL);
  check_path (V (file_with_mode) (0600), self->file, "its mode is 0640");
  check_path (V (file_with_mode) (0644), self->file, "its mode is 0640");
  g_assert_no_errno (g_chmod (self->file, 04640));
  check_path (V (file_with_mode) (0640), self->file, "its mode is 4640");
  check_path (V (file_with_mode) (04640), self->file, NULL);

  g_assert_no_errno (stat (self->file, &st));
  user = getpwuid (st.st_uid) != NULL ? getpwuid (st.st_uid)->pw_name : NULL;
  group = getgrgid (st.st_gid) != NULL ? getgrgid (st.st_gid)->gr_name : NULL;
  if (user == NULL || group == NULL)
    {
      g_test_skip ("needs a user and a group that have names");
      return;
    }
  check_path (V (file_with_owner) (user), self->file, NULL);
  check_path (V (file_with_group) (group), self->file, NULL);
  reason = g_strdup_printf ("it belongs to the user with the UID %u", (guint) st.st_uid);
  check_path (V (file_with_owner) (strcmp (user, "bin") == 0 ? "root" : "bin"), self->file, reason);
  check_path (V (file_with_owner) ("no-such-user"), self->file, "there is no user “no-such-user”");
  check_path (V (file_with_group) ("no-such-group"), self->file,
              "there is no group “no-such-group”");
}

static void
test_users (void)
{
  g_test_summary ("Users and groups are looked up by name, never by number");

  check (V (existing_user) (), "\"root\"", NULL);
  check (V (existing_user) (), "\"no-such-user\"",
         "\"no-such-user\" is not an existing user: there is no user “no-such-user”");
  check (V (existing_user) (), "\"0\"", "\"0\" is not an existing user: there is no user “0”");
  check (V (existing_user) (), "root",
         "root is a keyword, not an existing user; a string is written in double quotes");
  check (V (unprivileged_user) (), "\"nobody\"", NULL);
  check (V (unprivileged_user) (), "\"root\"",
         "\"root\" is not an unprivileged user: it has the UID 0");
  check (V (unprivileged_user) (), "\"no-such-user\"",
         "\"no-such-user\" is not an unprivileged user: there is no user “no-such-user”");
  check (V (existing_group) (), "\"root\"", NULL);
  check (V (existing_group) (), "\"no-such-group\"",
         "\"no-such-group\" is not an existing group: there is no group “no-such-group”");
}

static char *
refuse_odd (ReleaseConfigValue *value,
            gpointer            user_data)
{
  guint *calls = user_data;

  (*calls)++;
  if (release_config_value_get_kind (value) != RELEASE_CONFIG_KIND_INT)
    return g_strdup ("no number");

  return release_config_value_to_int (value) % 2 == 0 ? NULL : g_strdup ("odd");
}

static void
count_free (gpointer data)
{
  guint *calls = data;

  *calls += 100;
}

static void
test_combinations (void)
{
  g_autoptr(ReleaseConfigValidation) small = V (int_less_than) (10);
  g_autoptr(ReleaseConfigValidation) large = V (int_greater_than) (5);
  g_autoptr(ReleaseConfigValidation) text = V (string) ();
  g_autoptr(ReleaseConfigValidation) user = V (existing_user) ();
  ReleaseConfigValidation *both[] = { small, large };
  ReleaseConfigValidation *either[] = { small, text };
  guint calls = 0;

  g_test_summary ("Validations are put together; a function of the program's own is one");

  check (V (all_of) (both, 2), "7", NULL);
  check (V (all_of) (both, 2), "5", "5 is not an integer greater than 5");
  check (V (all_of) (both, 2), "10", "10 is not an integer less than 10");
  check (V (any_of) (either, 2), "\"x\"", NULL);
  check (V (any_of) (either, 2), "3", NULL);
  check (V (any_of) (either, 2), "30", "30 is not an integer less than 10");
  check (V (any_of) (either, 2), "true", "true is not an integer less than 10 or a string");
  check (V (any_of) (both, 2), "true",
         "true is not an integer less than 10 or an integer greater than 5");
  check (V (optional) (small), "3", NULL);
  check (V (optional) (small), "30", "30 is not an integer less than 10");
  check (V (list_of) (user), "[\"root\"]", NULL);
  check (V (list_of) (user), "[\"root\", \"no-such-user\"]",
         "value 2 of the list: \"no-such-user\" is not an existing user: there is no user "
         "“no-such-user”");
  check (V (list_of) (user), "\"root\"",
         "\"root\" is a string, not a list, each value of it an existing user; a list is "
         "written in brackets");
  check (V (new) (refuse_odd, &calls, count_free), "2", NULL);
  g_assert_cmpuint (calls, ==, 101);
  check (V (new) (refuse_odd, &calls, NULL), "3", "odd");
  check (V (new) (refuse_odd, &calls, NULL), "x", "no number");
}

static void
test_bad_pattern (void)
{
  g_test_summary ("A pattern that is none is a mistake in the program");

  if (g_test_subprocess ())
    {
      V (string_matching) ("(");
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*CRITICAL*");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/config/validation/types", test_types);
  g_test_add_func ("/config/validation/ranges", test_ranges);
  g_test_add_func ("/config/validation/choices", test_choices);
  g_test_add_func ("/config/validation/keywords", test_keywords);
  g_test_add ("/config/validation/files", Fixture, NULL, fixture_set_up, test_files,
              fixture_tear_down);
  g_test_add ("/config/validation/mode-and-owner", Fixture, NULL, fixture_set_up,
              test_mode_and_owner, fixture_tear_down);
  g_test_add_func ("/config/validation/users", test_users);
  g_test_add_func ("/config/validation/combinations", test_combinations);
  g_test_add_func ("/config/validation/bad-pattern", test_bad_pattern);

  return g_test_run ();
}
