/* examples/config/config-check.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Checks a configuration file by a specification and prints what is in it.
 */

#include <release/release.h>

#include <gio/gunixinputstream.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static ReleaseConfigSpec *
make_spec (void)
{
  ReleaseConfigSpec *spec = release_config_spec_new ();
  g_autoptr(ReleaseConfigValidation) user = release_config_validation_existing_user ();
  const char *folders[] = { "/tmp", "/var/tmp", NULL };
  const char *users[] = { "root", NULL };

  release_config_spec_add (spec, NULL, "user", NULL,
                           release_config_validation_unprivileged_user (), NULL);
  release_config_spec_describe (spec, NULL, "user", RELEASE_CONFIG_EFFECT_SLAVE,
                                "The user that the slaves run as");
  release_config_spec_add (spec, NULL, "privileged", release_config_value_new_bool (TRUE),
                           release_config_validation_bool (), NULL);
  release_config_spec_describe (spec, NULL, "privileged", RELEASE_CONFIG_EFFECT_RESTART,
                                "Whether the master is to run as root");
  release_config_spec_add (spec, NULL, "read_timeout", release_config_value_new_int (5),
                           release_config_validation_int_in_range (0, 10), NULL);
  release_config_spec_describe (spec, NULL, "read_timeout", RELEASE_CONFIG_EFFECT_LIVE,
                                "How long to wait for a request, in seconds");
  release_config_spec_add (spec, NULL, "log_level",
                           release_config_value_new_log_level (G_LOG_LEVEL_MESSAGE),
                           release_config_validation_log_level (), NULL);
  release_config_spec_describe (spec, NULL, "log_level", RELEASE_CONFIG_EFFECT_LIVE,
                                "What to log: messages of this level and graver ones");

  release_config_spec_add_section (spec, "some-section", "How requests are handled");
  release_config_spec_add (spec, "some-section", "match_with",
                           release_config_value_new_regexp ("^[a-z]+$", NULL),
                           release_config_validation_regexp (), NULL);
  release_config_spec_describe (spec, "some-section", "match_with", RELEASE_CONFIG_EFFECT_LIVE,
                                "Which requests are taken");
  release_config_spec_add (spec, "some-section", "tmp", release_config_value_new_string ("/tmp"),
                           release_config_validation_string_in (folders), NULL);
  release_config_spec_describe (spec, "some-section", "tmp", RELEASE_CONFIG_EFFECT_SLAVE,
                                "Where temporary files are made");

  release_config_spec_add_section (spec, "another-section", "Who may do what");
  release_config_spec_add (spec, "another-section", "privileged_users",
                           release_config_value_new_string_list (users),
                           release_config_validation_list_of (user), NULL);
  release_config_spec_describe (spec, "another-section", "privileged_users",
                                RELEASE_CONFIG_EFFECT_LIVE, "The users that may stop the daemon");

  return spec;
}

static void
print_text_cb (const char         *section,
               const char         *key,
               ReleaseConfigValue *value,
               gpointer            user_data)
{
  ReleaseConfig *config = user_data;
  g_autofree char *literal = release_config_value_print (value);
  guint line;

  if (section != NULL)
    printf ("%s.", section);
  printf ("%s = %s  # ", key, literal);
  switch (release_config_get_origin (config, section, key, &line, NULL))
    {
    case RELEASE_CONFIG_ORIGIN_FILE:
      printf ("line %u\n", line);
      break;
    case RELEASE_CONFIG_ORIGIN_COMMAND_LINE:
      printf ("command line\n");
      break;
    default:
      printf ("default\n");
      break;
    }
}

static void
print_json_data (const char *data,
                 gsize       length)
{
  putchar ('"');
  for (const char *p = data; p < data + length; p++)
    {
      if (*p == '"' || *p == '\\')
        printf ("\\%c", *p);
      else if ((guchar) *p < 0x20)
        printf ("\\u%04x", *p);
      else
        putchar (*p);
    }
  putchar ('"');
}

static void
print_json_string (const char *text)
{
  print_json_data (text, strlen (text));
}

/* UTF-8 that may have NUL in it, as JSON may. */
static gboolean
is_utf8 (const char *data,
         gsize       length)
{
  const char *end;

  while (!g_utf8_validate (data, length, &end))
    {
      if (end == data + length || *end != '\0')
        return FALSE;
      length -= end + 1 - data;
      data = end + 1;
    }

  return TRUE;
}

static void print_json_value (ReleaseConfigValue *value);

/* The member with the value itself; a string that is not UTF-8 is in base 64. */
static void
print_json_content (ReleaseConfigValue *value)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *base64 = NULL;
  g_autofree char *literal = NULL;
  const char *data;
  gsize length;

  switch (release_config_value_get_kind (value))
    {
    case RELEASE_CONFIG_KIND_STRING:
      bytes = release_config_value_to_bytes (value);
      data = g_bytes_get_data (bytes, &length);
      if (is_utf8 (data, length))
        {
          printf ("\"value\": ");
          print_json_data (data, length);
          break;
        }
      base64 = g_base64_encode ((const guchar *) data, length);
      printf ("\"base64\": \"%s\"", base64);
      break;

    case RELEASE_CONFIG_KIND_REGEXP:
      printf ("\"value\": ");
      print_json_string (g_regex_get_pattern (release_config_value_to_regexp (value)));
      break;

    case RELEASE_CONFIG_KIND_KEYWORD:
      printf ("\"value\": ");
      print_json_string (release_config_value_to_keyword (value));
      break;

    case RELEASE_CONFIG_KIND_LIST:
      printf ("\"value\": [");
      for (gsize i = 0; i < release_config_value_get_n_values (value); i++)
        {
          if (i > 0)
            printf (", ");
          print_json_value (release_config_value_get_nth (value, i));
        }
      putchar (']');
      break;

    default:
      /* Numbers and booleans are the same in JSON. */
      literal = release_config_value_print (value);
      printf ("\"value\": %s", literal);
      break;
    }
}

static void
print_json_value (ReleaseConfigValue *value)
{
  g_autoptr(GEnumClass) kinds = g_type_class_ref (RELEASE_TYPE_CONFIG_KIND);

  printf ("{\"type\": \"%s\", ",
          g_enum_get_value (kinds, release_config_value_get_kind (value))->value_nick);
  print_json_content (value);
  putchar ('}');
}

typedef struct
{
  char      *section;
  gboolean   is_open;           /* a section has begun */
} JsonState;

/* Global keys are in the section "". */
static void
print_json_cb (const char         *section,
               const char         *key,
               ReleaseConfigValue *value,
               gpointer            user_data)
{
  JsonState *state = user_data;

  if (section == NULL)
    section = "";
  if (!state->is_open || strcmp (section, state->section) != 0)
    {
      printf (state->is_open ? "\n  },\n  " : "{\n  ");
      print_json_string (section);
      printf (": {\n    ");
      g_free (state->section);
      state->section = g_strdup (section);
      state->is_open = TRUE;
    }
  else
    {
      printf (",\n    ");
    }
  print_json_string (key);
  printf (": ");
  print_json_value (value);
}

static void
print_json (ReleaseConfig *config)
{
  JsonState state = { NULL, FALSE };

  release_config_foreach (config, print_json_cb, &state);
  printf (state.is_open ? "\n  }\n}\n" : "{}\n");
  g_free (state.section);
}

static gboolean
load (ReleaseConfig  *config,
      const char     *path,
      GError        **error)
{
  g_autoptr(GInputStream) stream = NULL;

  if (strcmp (path, "-") != 0)
    return release_config_load_file (config, path, error);

  stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  return release_config_load_stream (config, stream, "-", NULL, error);
}

/* What is printed is not there before it is written out, which can fail. */
static int
finish_output (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return EX_OK;
  perror (g_get_prgname ());

  return EX_IOERR;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(ReleaseConfigSpec) spec = make_spec ();
  g_autoptr(ReleaseConfig) config = release_config_new (spec);
  g_autoptr(GOptionContext) context = g_option_context_new ("FILE");
  g_autoptr(GError) error = NULL;
  gboolean json = FALSE;
  gboolean any = FALSE;
  gboolean sample = FALSE;
  gboolean man = FALSE;
  const GOptionEntry entries[] =
    {
      { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print JSON, with the type of each value", NULL },
      { "any", 'a', 0, G_OPTION_ARG_NONE, &any, "Take any keys: check the syntax alone", NULL },
      { "sample", 0, 0, G_OPTION_ARG_NONE, &sample, "Print a sample file", NULL },
      { "man", 0, 0, G_OPTION_ARG_NONE, &man, "Print a part of a manual page", NULL },
      G_OPTION_ENTRY_NULL
    };

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, release_config_get_option_group (config));
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || argc != (sample || man ? 1 : 2))
    {
      fprintf (stderr, "%s: %s\n", g_get_prgname (),
               error != NULL ? error->message : "Expected one file; see --help");
      return EX_USAGE;
    }

  if (sample || man)
    {
      g_autofree char *text = sample ? release_config_spec_print_sample (spec)
                                     : release_config_spec_print_man (spec);

      fputs (text, stdout);
      return finish_output ();
    }

  if (any)
    {
      g_object_unref (config);
      config = release_config_new (NULL);
    }
  if (!load (config, argv[1], &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return EX_CONFIG;
    }

  if (json)
    print_json (config);
  else
    release_config_foreach (config, print_text_cb, config);

  return finish_output ();
}
