/* release-tests/config/config.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char               *folder;
  char               *path;
  ReleaseConfigSpec  *spec;
  ReleaseConfig      *config;
  GString            *log;          /* of the signals */
} Fixture;

/* The example of the manual, with users that every system has. */
static ReleaseConfigSpec *
make_spec (void)
{
  ReleaseConfigSpec *spec = release_config_spec_new ();
  g_autoptr(ReleaseConfigValidation) user = release_config_validation_existing_user ();
  const char *folders[] = { "/tmp", "/var/tmp", NULL };
  const char *users[] = { "root", NULL };

  release_config_spec_add (spec, NULL, "user", NULL,
                           release_config_validation_unprivileged_user (), NULL);
  release_config_spec_add (spec, NULL, "privileged", release_config_value_new_bool (TRUE),
                           release_config_validation_bool (), NULL);
  release_config_spec_add (spec, NULL, "read_timeout", release_config_value_new_int (5),
                           release_config_validation_int_in_range (0, 10), NULL);
  release_config_spec_add (spec, NULL, "log_level",
                           release_config_value_new_log_level (G_LOG_LEVEL_MESSAGE),
                           release_config_validation_log_level (), NULL);
  release_config_spec_add (spec, "some-section", "match_with",
                           release_config_value_new_regexp ("^[a-z]+$", NULL),
                           release_config_validation_regexp (), NULL);
  release_config_spec_add (spec, "some-section", "tmp", release_config_value_new_string ("/tmp"),
                           release_config_validation_string_in (folders), NULL);
  release_config_spec_add (spec, "another-section", "privileged_users",
                           release_config_value_new_string_list (users),
                           release_config_validation_list_of (user), NULL);

  return spec;
}

static const char example[] =
  "# Global settings\n"
  "user         = \"nobody\"  # string\n"
  "privileged   = false  # boolean\n"
  "read_timeout = 1      # integer\n"
  "log_level    = debug  # log_level\n"
  "\n"
  "[some-section]  # section declaration\n"
  "match_with  = /^.+$/  # regular expression\n"
  "tmp         = \"/tmp\"  # string\n"
  "\n"
  "[another-section]  # another section declaration\n"
  "privileged_users = [\"root\", \"daemon\"]  # list of strings";

static void
write_file (Fixture    *self,
            const char *text)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (self->path, text, -1, &error);
  g_assert_no_error (error);
}

static void
log_changed_cb (ReleaseConfig      *config,
                const char         *section,
                const char         *key,
                ReleaseConfigValue *old_value,
                ReleaseConfigValue *new_value,
                gpointer            user_data)
{
  Fixture *self = user_data;
  g_autofree char *old_text = old_value != NULL ? release_config_value_print (old_value) : NULL;
  g_autofree char *new_text = new_value != NULL ? release_config_value_print (new_value) : NULL;

  g_string_append_printf (self->log, "%s.%s:%s->%s ", section != NULL ? section : "", key,
                          old_text != NULL ? old_text : "-", new_text != NULL ? new_text : "-");
}

static void
log_loaded_cb (ReleaseConfig *config,
               gpointer       user_data)
{
  Fixture *self = user_data;

  g_string_append (self->log, "loaded ");
}

static void
log_failed_cb (ReleaseConfig *config,
               GError        *error,
               gpointer       user_data)
{
  Fixture *self = user_data;

  g_string_append_printf (self->log, "failed(%s) ", error->message);
}

static void
listen_to_all (Fixture *self)
{
  g_signal_connect (self->config, "changed", G_CALLBACK (log_changed_cb), self);
  g_signal_connect (self->config, "loaded", G_CALLBACK (log_loaded_cb), self);
  g_signal_connect (self->config, "load-failed", G_CALLBACK (log_failed_cb), self);
}

static void
assert_log (Fixture    *self,
            const char *expected)
{
  g_assert_cmpstr (self->log->str, ==, expected);
  g_string_truncate (self->log, 0);
}

static void
fixture_set_up (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  self->folder = g_dir_make_tmp ("release-config-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "test.conf", NULL);
  self->spec = make_spec ();
  self->config = release_config_new (self->spec);
  self->log = g_string_new (NULL);
  write_file (self, example);
}

static void
fixture_tear_down (Fixture       *self,
                   gconstpointer  data)
{
  g_assert_finalize_object (self->config);
  g_assert_finalize_object (self->spec);
  g_string_free (self->log, TRUE);
  g_unlink (self->path);
  g_assert_no_errno (g_rmdir (self->folder));
  g_free (self->path);
  g_free (self->folder);
}

static void
load_example (Fixture *self)
{
  g_autoptr(GError) error = NULL;

  release_config_load_file (self->config, self->path, &error);
  g_assert_no_error (error);
}

static void
test_example (Fixture       *self,
              gconstpointer  data)
{
  const char *expected_users[] = { "root", "daemon", NULL };
  g_auto(GStrv) users = NULL;
  GRegex *regex;
  guint line;
  guint column;

  g_test_summary ("The example of the manual loads, and every value has its type");

  load_example (self);
  g_assert_cmpstr (release_config_get_text (self->config, NULL, "user"), ==, "nobody");
  g_assert_false (release_config_get_bool (self->config, NULL, "privileged"));
  g_assert_cmpint (release_config_get_int (self->config, NULL, "read_timeout"), ==, 1);
  g_assert_cmpstr (release_config_get_keyword (self->config, NULL, "log_level"), ==, "debug");
  g_assert_cmpint (release_config_get_log_level (self->config, NULL, "log_level"), ==,
                   G_LOG_LEVEL_DEBUG);
  regex = release_config_get_regexp (self->config, "some-section", "match_with");
  g_assert_cmpstr (g_regex_get_pattern (regex), ==, "^.+$");
  g_assert_cmpstr (release_config_get_file (self->config, "some-section", "tmp"), ==, "/tmp");
  users = release_config_get_text_list (self->config, "another-section", "privileged_users");
  g_assert_cmpstrv (users, expected_users);

  g_assert_cmpint (release_config_get_origin (self->config, "some-section", "tmp", &line, &column),
                   ==, RELEASE_CONFIG_ORIGIN_FILE);
  g_assert_cmpuint (line, ==, 9);
  g_assert_cmpuint (column, ==, 1);
  g_assert_cmpstr (release_config_get_path (self->config), ==, self->path);
}

static void
test_defaults (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint line = 99;

  g_test_summary ("What a file leaves out has its default, before and after loading");

  g_assert_cmpint (release_config_get_int (self->config, NULL, "read_timeout"), ==, 5);
  g_assert_null (release_config_get_value (self->config, NULL, "user"));
  write_file (self, "user = \"nobody\"");
  release_config_load_file (self->config, self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (release_config_get_int (self->config, NULL, "read_timeout"), ==, 5);
  g_assert_cmpint (release_config_get_origin (self->config, NULL, "read_timeout", &line, NULL), ==,
                   RELEASE_CONFIG_ORIGIN_DEFAULT);
  g_assert_cmpuint (line, ==, 0);
  g_assert_cmpint (release_config_get_origin (self->config, NULL, "nothing", NULL, NULL), ==,
                   RELEASE_CONFIG_ORIGIN_NONE);
}

static void
test_bad_default (void)
{
  g_autoptr(ReleaseConfigSpec) spec = release_config_spec_new ();
  g_autoptr(ReleaseConfig) config = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("", 0);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A default that does not do on this system is an error, like a value");

  release_config_spec_add (spec, NULL, "lock_file", release_config_value_new_string ("/nowhere/x"),
                           release_config_validation_existing_dirname (), NULL);
  config = release_config_new (spec);
  g_assert_false (release_config_load_bytes (config, bytes, "f", &error));
  g_assert_cmpstr (error->message, ==,
                   "f:1:1: “lock_file” is not given, and its default does not do here: "
                   "\"/nowhere/x\" is not a path in an existing directory: /nowhere: No such "
                   "file or directory");
}

static void
test_bad_files (Fixture       *self,
                gconstpointer  data)
{
  g_autofree char *pipe = g_build_filename (self->folder, "pipe", NULL);
  g_autofree char *missing = g_build_filename (self->folder, "missing", NULL);
  g_autofree char *huge = g_build_filename (self->folder, "huge", NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("What is no file, or too large a one, is refused and never waited for");

  load_example (self);
  g_assert_false (release_config_load_file (self->config, self->folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);

  g_assert_no_errno (mkfifo (pipe, 0600));
  g_assert_false (release_config_load_file (self->config, pipe, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_unlink (pipe);

  g_assert_false (release_config_load_file (self->config, "/dev/zero", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);

  g_assert_false (release_config_load_file (self->config, missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, missing));
  g_clear_error (&error);

  g_file_set_contents (huge, "", 0, NULL);
  g_assert_no_errno (truncate (huge, 1 << 30));
  g_assert_false (release_config_load_file (self->config, huge, &error));
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_unlink (huge);

  if (geteuid () != 0)
    {
      g_assert_no_errno (g_chmod (self->path, 0));
      g_assert_false (release_config_load_file (self->config, self->path, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
    }
  g_assert_cmpint (release_config_get_int (self->config, NULL, "read_timeout"), ==, 1);
}

static void
test_stream (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (example, -1, NULL);
  g_autoptr(GInputStream) cancelled = g_memory_input_stream_new_from_data (example, -1, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_test_summary ("A stream is loaded up to its end, unless it is cancelled");

  release_config_load_stream (self->config, stream, "stream", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (release_config_get_int (self->config, NULL, "read_timeout"), ==, 1);
  g_assert_null (release_config_get_path (self->config));

  g_cancellable_cancel (cancellable);
  g_assert_false (release_config_load_stream (self->config, cancelled, "stream", cancellable,
                                              &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_key_file (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr(GKeyFile) key_file = NULL;
  g_autoptr(ReleaseConfig) other = release_config_new (self->spec);
  g_autoptr(GKeyFile) again = g_key_file_new ();
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A key file takes all values along, through GKeyFile's own format too");

  load_example (self);
  key_file = release_config_to_key_file (self->config);
  text = g_key_file_to_data (key_file, NULL, NULL);
  g_key_file_load_from_data (again, text, -1, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  release_config_load_key_file (other, again, "key file", &error);
  g_assert_no_error (error);
  g_assert_cmpint (release_config_get_int (other, NULL, "read_timeout"), ==, 1);
  g_assert_cmpstr (release_config_get_text (other, "some-section", "tmp"), ==, "/tmp");
  g_assert_cmpint (release_config_get_origin (other, NULL, "user", NULL, NULL), ==,
                   RELEASE_CONFIG_ORIGIN_KEY_FILE);

  g_key_file_set_value (again, RELEASE_CONFIG_GLOBAL_GROUP, "read_timeout", "soon");
  g_key_file_set_value (again, RELEASE_CONFIG_GLOBAL_GROUP, "privileged", "a b");
  g_key_file_set_value (again, "sme-section", "x", "1");
  g_assert_false (release_config_load_key_file (other, again, "key file", &error));
  g_assert_cmpstr (error->message, ==,
                   "key file: “privileged”: There is something after the value\n"
                   "key file: “read_timeout”: soon is a keyword, not an integer from 0 to 10\n"
                   "key file: Section [sme-section] is not known; did you mean [some-section]?");
}

static void
test_foreign_key_file (void)
{
  g_autoptr(ReleaseConfig) config = release_config_new (NULL);
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  const char *text = "b = 0 c = 2\n[d]\n";
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr(GBytes) saved = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A key file of another hand is read by the syntax, or refused");

  release_config_load_bytes (config, bytes, "f", &error);
  g_assert_no_error (error);

  /* A comment would take along what is behind it on the line. */
  g_key_file_set_value (key_file, RELEASE_CONFIG_GLOBAL_GROUP, "b", " 01 # one");
  g_key_file_set_value (key_file, RELEASE_CONFIG_GLOBAL_GROUP, "c", "2");
  g_key_file_set_value (key_file, "d", "e", "[1,\n2]");
  release_config_load_key_file (config, key_file, "key file", &error);
  g_assert_no_error (error);
  saved = release_config_to_bytes (config);
  g_assert_cmpmem (g_bytes_get_data (saved, NULL), g_bytes_get_size (saved),
                   "b = 1 c = 2\n[d]\ne = [1, 2]\n", 27);

  g_key_file_set_value (key_file, RELEASE_CONFIG_GLOBAL_GROUP, "two words", "1");
  g_key_file_set_value (key_file, "a group", "x", "1");
  g_assert_false (release_config_load_key_file (config, key_file, "key file", &error));
  g_assert_cmpstr (error->message, ==,
                   "key file: “two words” is not a name, of a section or a key\n"
                   "key file: “a group” is not a name, of a section or a key");
}

static void
test_empty_group (Fixture       *self,
                  gconstpointer  data)
{
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  g_autoptr(GError) error = NULL;

  g_test_summary ("A group of a key file that is not known is refused, even without keys");

  g_key_file_set_value (key_file, RELEASE_CONFIG_GLOBAL_GROUP, "user", "\"nobody\"");
  g_key_file_set_value (key_file, "sme-section", "x", "1");
  g_key_file_remove_key (key_file, "sme-section", "x", NULL);
  g_assert_false (release_config_load_key_file (self->config, key_file, "key file", &error));
  g_assert_cmpstr (error->message, ==,
                   "key file: Section [sme-section] is not known; did you mean [some-section]?");
}

static void
test_dots_in_path (Fixture       *self,
                   gconstpointer  data)
{
  g_autofree char *deep = g_build_filename (self->folder, "one", "two", NULL);
  g_autofree char *one = g_build_filename (self->folder, "one", NULL);
  g_autofree char *real = g_build_filename (one, "test.conf", NULL);
  g_autofree char *link = g_build_filename (self->folder, "link", NULL);
  g_autofree char *old_folder = g_get_current_dir ();
  g_autoptr(GError) error = NULL;

  g_test_summary ("A relative path stays that of the same file, whatever links are in it");

  g_assert_no_errno (g_mkdir_with_parents (deep, 0700));
  g_assert_no_errno (symlink (deep, link));
  g_file_set_contents (real, "user = \"daemon\"", -1, &error);
  g_assert_no_error (error);

  /* link/.. is where the link leads to, and not where it is. */
  g_assert_no_errno (g_chdir (self->folder));
  release_config_load_file (self->config, "link/../test.conf", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (release_config_get_text (self->config, NULL, "user"), ==, "daemon");
  g_assert_no_errno (g_chdir ("/"));
  release_config_reload (self->config, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (release_config_get_text (self->config, NULL, "user"), ==, "daemon");
  g_assert_no_errno (g_chdir (old_folder));

  g_unlink (link);
  g_unlink (real);
  g_rmdir (deep);
  g_rmdir (one);
}

/* A configuration of a mail filter, as its author would write it. */
static const char mail_filter[] =
  "# The daemon itself.\n"
  "\n"
  "[filterd]\n"
  "lock_file       = \"/var/run/filterd.pid\"\n"
  "log_level       = notice # or debug\n"
  "background      = true\n"
  "\n"
  "[milter] # what the mail server talks to\n"
  "listen_address  = \"inet:8387@localhost\"\n"
  "listen-keyword  = inet:8387@localhost\n"
  "debug.level2    = 007\n"
  "timeout=.5 grace = 30.25 offset = -3\n"
  "\n"
  "[lookup]\n"
  "query\n"
  "=\n"
  "\"request\\000key\\000{k}\\000\\000\"\n"
  "key_format      = \"{a}\"\n"
  "separator       = /, */\n"
  "local           = /^(postmaster|\n"
  "                    abuse)@/\n"
  "\n"
  "[spf] fail_on_error = false whitelist = [\"127.0.0.0/8\", # this host\n"
  "  \"::ffff:127.0.0.0/104\"\n"
  "  ,\"10.0.0.0/8\" ]\n"
  "relays = [\n"
  "# \"192.0.2.1\"\n"
  "]\n"
  "levels = [debug,info]\n"
  "[srs]\n"
  "s = \"=\"\n"
  "# The end, without a newline";

static void
append_literal_cb (const char         *section,
                   const char         *key,
                   ReleaseConfigValue *value,
                   gpointer            user_data)
{
  g_autofree char *literal = release_config_value_print (value);

  g_string_append_printf (user_data, "%s.%s %s\n", section != NULL ? section : "", key, literal);
}

static void
test_mail_filter (void)
{
  g_autoptr(ReleaseConfig) config = release_config_new (NULL);
  g_autoptr(GBytes) bytes = g_bytes_new_static (mail_filter, sizeof mail_filter - 1);
  g_autoptr(GString) values = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("The file of a daemon with all that the syntax has gives the values it means");

  release_config_load_bytes (config, bytes, "f", &error);
  g_assert_no_error (error);
  release_config_foreach (config, append_literal_cb, values);
  g_assert_cmpstr (values->str, ==,
                   "filterd.lock_file \"/var/run/filterd.pid\"\n"
                   "filterd.log_level notice\n"
                   "filterd.background true\n"
                   "milter.listen_address \"inet:8387@localhost\"\n"
                   "milter.listen-keyword inet:8387@localhost\n"
                   "milter.debug.level2 7\n"
                   "milter.timeout 0.5\n"
                   "milter.grace 30.25\n"
                   "milter.offset -3\n"
                   "lookup.query \"request\\x00key\\x00{k}\\x00\\x00\"\n"
                   "lookup.key_format \"{a}\"\n"
                   "lookup.separator /, */\n"
                   "lookup.local /^(postmaster|abuse)@/\n"
                   "spf.fail_on_error false\n"
                   "spf.whitelist [\"127.0.0.0/8\", \"::ffff:127.0.0.0/104\", \"10.0.0.0/8\"]\n"
                   "spf.relays []\n"
                   "spf.levels [debug, info]\n"
                   "srs.s \"=\"\n");
}

static void
test_reload (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A reload switches all values at once and says which changed");

  load_example (self);
  listen_to_all (self);
  write_file (self, "user = \"nobody\" read_timeout = 2 privileged = false\n"
              "[some-section] tmp = \"/var/tmp\"\n"
              "[another-section] privileged_users = [\"root\", \"daemon\"]\n");
  release_config_reload (self->config, &error);
  g_assert_no_error (error);
  assert_log (self, ".read_timeout:1->2 .log_level:debug->notice some-section.match_with:/^.+$/->"
              "/^[a-z]+$/ some-section.tmp:\"/tmp\"->\"/var/tmp\" loaded ");

  release_config_reload (self->config, &error);
  g_assert_no_error (error);
  assert_log (self, "loaded ");
}

static void
test_failed_reload (Fixture       *self,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) problems = NULL;

  g_test_summary ("A failed reload leaves everything as it was");

  load_example (self);
  listen_to_all (self);
  write_file (self, "user = \"nobody\"\nread_timeout = 2\nprivileged = 5\n");
  g_assert_false (release_config_reload (self->config, &error));
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID);
  g_assert_true (g_str_has_suffix (error->message, ":3:14: “privileged”: 5 is an integer, not true "
                                   "or false"));
  g_assert_cmpint (release_config_get_int (self->config, NULL, "read_timeout"), ==, 1);
  assert_log (self, "");
  problems = release_config_dup_problems (self->config);
  g_assert_cmpuint (problems->len, ==, 1);

  write_file (self, example);
  g_clear_error (&error);
  release_config_reload (self->config, &error);
  g_assert_no_error (error);
  assert_log (self, "loaded ");
}

static void
check_all_new_cb (ReleaseConfig      *config,
                  const char         *section,
                  const char         *key,
                  ReleaseConfigValue *old_value,
                  ReleaseConfigValue *new_value,
                  gpointer            user_data)
{
  g_assert_cmpint (release_config_get_int (config, NULL, "read_timeout"), ==, 2);
  g_assert_cmpstr (release_config_get_text (config, "some-section", "tmp"), ==, "/var/tmp");
}

static void
test_details (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A handler can ask for one key, and sees all new values at once");

  load_example (self);
  g_signal_connect (self->config, "changed", G_CALLBACK (check_all_new_cb), self);
  g_signal_connect (self->config, "changed::some-section::tmp", G_CALLBACK (log_changed_cb), self);
  g_signal_connect (self->config, "changed::log_level", G_CALLBACK (log_changed_cb), self);
  write_file (self, "user = \"daemon\" read_timeout = 2 log_level = info\n"
              "[some-section] tmp = \"/var/tmp\"\n");
  release_config_reload (self->config, &error);
  g_assert_no_error (error);
  assert_log (self, ".log_level:debug->info some-section.tmp:\"/tmp\"->\"/var/tmp\" ");
}

static void
test_no_quarks (void)
{
  g_autoptr(ReleaseConfig) config = release_config_new (NULL);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("strange_key_of_a_file = 1", 25);
  GString *log = g_string_new (NULL);
  Fixture fixture = { .log = log };

  g_test_summary ("Keys that no specification has make no quark, which could never be freed");

  g_signal_connect (config, "changed", G_CALLBACK (log_changed_cb), &fixture);
  release_config_load_bytes (config, bytes, "f", NULL);
  g_assert_cmpstr (log->str, ==, ".strange_key_of_a_file:-->1 ");
  g_assert_cmpuint (g_quark_try_string ("strange_key_of_a_file"), ==, 0);
  g_string_free (log, TRUE);
}

/* Runs the main loop until the log has @what. */
static void
wait_for_log (Fixture    *self,
              const char *what)
{
  while (strstr (self->log->str, what) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_watch (Fixture       *self,
            gconstpointer  data)
{
  g_autofree char *other = g_build_filename (self->folder, "other", NULL);
  g_autoptr(GError) error = NULL;
  FILE *file;

  g_test_summary ("A watched file is loaded again when it is written or replaced, good or bad");

  load_example (self);
  listen_to_all (self);
  release_config_watch (self->config, &error);
  g_assert_no_error (error);

  /* In place, as an editor may do it; g_file_set_contents () makes a new file. */
  file = g_fopen (self->path, "w");
  g_assert_nonnull (file);
  fputs ("user = \"nobody\" read_timeout = 2", file);
  fclose (file);
  wait_for_log (self, ".read_timeout:1->2 ");
  g_file_set_contents (other, "user = \"nobody\" read_timeout = 3", -1, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_rename (other, self->path));
  wait_for_log (self, ".read_timeout:2->3 ");
  write_file (self, "user = \"nobody\" read_timeout = 30");
  wait_for_log (self, "failed(");
  g_assert_cmpint (release_config_get_int (self->config, NULL, "read_timeout"), ==, 3);
  write_file (self, "user = \"nobody\" read_timeout = 4");
  wait_for_log (self, ".read_timeout:3->4 ");

  release_config_unwatch (self->config);
}

static void
test_set_and_save (Fixture       *self,
                   gconstpointer  data)
{
  g_autoptr(ReleaseConfigValue) seven = release_config_value_new_int (7);
  g_autoptr(ReleaseConfigValue) seventy = release_config_value_new_int (70);
  g_autofree char *text = NULL;
  g_autoptr(GString) expected = g_string_new (example);
  g_autoptr(GError) error = NULL;
  struct stat st;

  g_test_summary ("A value can be set, if it is good, and saved, with every comment in its place");

  load_example (self);
  listen_to_all (self);
  g_assert_no_errno (g_chmod (self->path, 0640));
  g_assert_false (release_config_set_value (self->config, NULL, "read_timeout", seventy, &error));
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (release_config_set_value (self->config, NULL, "reed", seven, &error));
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_UNKNOWN_KEY);
  g_clear_error (&error);
  g_assert_false (release_config_set_value (self->config, NULL, "user", NULL, &error));
  g_assert_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_MISSING);
  g_clear_error (&error);
  assert_log (self, "");

  release_config_set_value (self->config, NULL, "read_timeout", seven, &error);
  g_assert_no_error (error);
  release_config_set_value (self->config, "some-section", "match_with", NULL, &error);
  g_assert_no_error (error);
  assert_log (self, ".read_timeout:1->7 some-section.match_with:/^.+$/->/^[a-z]+$/ ");
  g_assert_cmpint (release_config_get_origin (self->config, NULL, "read_timeout", NULL, NULL), ==,
                   RELEASE_CONFIG_ORIGIN_PROGRAM);

  release_config_save (self->config, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (self->path, &text, NULL, &error);
  g_assert_no_error (error);
  g_string_replace (expected, "read_timeout = 1 ", "read_timeout = 7 ", 1);
  g_string_replace (expected, "match_with  = /^.+$/  # regular expression\n", "", 1);
  g_assert_cmpstr (text, ==, expected->str);
  g_assert_no_errno (stat (self->path, &st));
  g_assert_cmpint (st.st_mode & 07777, ==, 0640);

  release_config_reload (self->config, &error);
  g_assert_no_error (error);
  assert_log (self, "loaded ");
}

static void
test_save_mode (Fixture       *self,
                gconstpointer  data)
{
  g_autofree char *other = g_build_filename (self->folder, "other", NULL);
  g_autoptr(GError) error = NULL;
  mode_t old_mask;
  struct stat st;

  g_test_summary ("A file that is saved keeps its permissions; the umask is for new files alone");

  load_example (self);
  g_assert_no_errno (g_chmod (self->path, 0664));
  old_mask = umask (077);
  release_config_save (self->config, NULL, &error);
  g_assert_no_error (error);
  release_config_save (self->config, other, &error);
  g_assert_no_error (error);
  umask (old_mask);
  g_assert_no_errno (stat (self->path, &st));
  g_assert_cmpint (st.st_mode & 07777, ==, 0664);
  g_assert_no_errno (stat (other, &st));
  g_assert_cmpint (st.st_mode & 07777, ==, 0600);
  g_unlink (other);
}

static void
append_cb (const char         *section,
           const char         *key,
           ReleaseConfigValue *value,
           gpointer            user_data)
{
  g_string_append_printf (user_data, "%s.%s ", section != NULL ? section : "", key);
}

static void
test_foreach (Fixture       *self,
              gconstpointer  data)
{
  g_autoptr(GString) keys = g_string_new (NULL);
  g_autoptr(ReleaseConfig) open = release_config_new (NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("All values are visited in the order of the specification, or of the file");

  write_file (self, "log_level = info user = \"nobody\"");
  load_example (self);
  release_config_foreach (self->config, append_cb, keys);
  g_assert_cmpstr (keys->str, ==, ".user .privileged .read_timeout .log_level "
                   "some-section.match_with some-section.tmp another-section.privileged_users ");

  g_string_truncate (keys, 0);
  write_file (self, "b = 1 a = 2 [z] y = 3 x = 4 [c] d = [5]");
  release_config_load_file (open, self->path, &error);
  g_assert_no_error (error);
  release_config_foreach (open, append_cb, keys);
  g_assert_cmpstr (keys->str, ==, ".b .a z.y z.x c.d ");
}

static void
test_optional (void)
{
  g_autoptr(ReleaseConfigSpec) spec = release_config_spec_new ();
  g_autoptr(ReleaseConfigValidation) text = release_config_validation_string ();
  g_autoptr(ReleaseConfig) config = NULL;
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(GBytes) given = g_bytes_new_static ("a = \"x\"", 7);
  g_autoptr(GError) error = NULL;

  g_test_summary ("An optional key need not be there, and then has no value");

  release_config_spec_add (spec, NULL, "a", NULL, release_config_validation_optional (text), NULL);
  config = release_config_new (spec);
  release_config_load_bytes (config, empty, "f", &error);
  g_assert_no_error (error);
  g_assert_null (release_config_get_value (config, NULL, "a"));
  g_assert_null (release_config_get_text (config, NULL, "a"));
  release_config_load_bytes (config, given, "f", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (release_config_get_text (config, NULL, "a"), ==, "x");
}

static gpointer
load_many (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr(ReleaseConfig) config = release_config_new (data);
      g_autoptr(GBytes) good = g_bytes_new_static (example, sizeof example - 1);
      g_autoptr(GBytes) bad = g_bytes_new_static ("user = [", 8);
      g_autoptr(GError) error = NULL;

      g_assert_false (release_config_load_bytes (config, bad, "f", NULL));
      release_config_load_bytes (config, good, "f", &error);
      g_assert_no_error (error);
    }

  return NULL;
}

static void
test_threads (Fixture       *self,
              gconstpointer  data)
{
  GThread *threads[4];

  g_test_summary ("Several threads load configurations of one specification at once");

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("load", load_many, self->spec);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

#define ADD(name) \
  g_test_add ("/config/config/" #name, Fixture, NULL, fixture_set_up, test_ ## name, \
              fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD (example);
  ADD (defaults);
  g_test_add_func ("/config/config/bad-default", test_bad_default);
  ADD (bad_files);
  ADD (stream);
  ADD (key_file);
  g_test_add_func ("/config/config/foreign-key-file", test_foreign_key_file);
  ADD (empty_group);
  ADD (dots_in_path);
  g_test_add_func ("/config/config/mail-filter", test_mail_filter);
  ADD (reload);
  ADD (failed_reload);
  ADD (details);
  g_test_add_func ("/config/config/no-quarks", test_no_quarks);
  ADD (watch);
  ADD (set_and_save);
  ADD (save_mode);
  ADD (foreach);
  g_test_add_func ("/config/config/optional", test_optional);
  ADD (threads);

  return g_test_run ();
}
