/* release-tools/releasectl.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/base/release-i18n-private.h"
#include "release/process/release-daemonize-private.h"

#include <errno.h>
#include <glib/gprintf.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* As a shell says it, and env(1), nohup(1) and timeout(1). */
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND 127

typedef struct
{
  const char  *name;
  const char  *summary;
  int        (*run)     (int    argc,
                         char **argv);
} Command;

static int
fail (int         status,
      const char *message)
{
  g_fprintf (stderr, "%s: %s\n", g_get_prgname (), message);
  return status;
}

static int
fail_usage (const char *message)
{
  fail (EX_USAGE, message);
  g_fprintf (stderr, _("Try “%s --help”\n"), g_get_prgname ());
  return EX_USAGE;
}

/* Parses the options of releasectl or of a command, up to the first argument that is none; what is
 * left of @argv begins with that argument. */
static gboolean
parse_options (GOptionContext   *context,
               int              *argc,
               char           ***argv,
               GError          **error)
{
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_strict_posix (context, TRUE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  (*argc)--;
  (*argv)++;
  if (*argc > 0 && strcmp ((*argv)[0], "--") == 0)
    {
      (*argc)--;
      (*argv)++;
    }

  return TRUE;
}

/* Finds the absolute path of @command, for the directory will change; %NULL if it is nowhere. */
static char *
find_command (const char *command)
{
  g_autofree char *found = NULL;
  g_autofree char *folder = g_get_current_dir ();

  if (strchr (command, '/') != NULL)
    found = g_strdup (command);
  else
    found = g_find_program_in_path (command);

  if (found == NULL || g_path_is_absolute (found))
    return g_steal_pointer (&found);

  return g_build_filename (folder, found, NULL);
}

static int
daemonize (int    argc,
           char **argv)
{
  gboolean no_wait = FALSE;
  const GOptionEntry entries[] = {
    { "no-wait", 0, 0, G_OPTION_ARG_NONE, &no_wait,
      N_("Do not wait for the command to report how its start went"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (N_("-- COMMAND [ARGUMENT…]"));
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *path = NULL;
  g_autofree char *message = NULL;
  int errsv;
  int status;

  g_set_prgname ("releasectl daemonize");
  g_option_context_set_summary (context,
                                N_("Executes COMMAND as a daemon: in the background, without a "
                                   "terminal, in the\ndirectory “/” and with a umask of 0."));
  g_option_context_set_description (context,
                                    N_("COMMAND reports how its start went, as a program does that "
                                       "uses the library Release;\nits message is printed and its "
                                       "status is the exit status. For other programs there\nis "
                                       "--no-wait: then the exit status is 0 once COMMAND is "
                                       "executed. It is 127 if\nCOMMAND is not found, 126 if it "
                                       "cannot be executed.\n\n"
                                       "Relative paths among the arguments of COMMAND begin in "
                                       "the directory “/”. Only\nwhat a master of the library "
                                       "opens by itself, and without --no-wait, begins in the\n"
                                       "present one."));
  g_option_context_add_main_entries (context, entries, NULL);
  if (!parse_options (context, &argc, &argv, &error))
    return fail_usage (error->message);
  if (argc == 0)
    return fail_usage (_("COMMAND is missing"));

  /* For the verdict, which is the command's. */
  g_set_prgname ("releasectl");
  path = find_command (argv[0]);
  if (path == NULL)
    {
      message = g_strdup_printf (_("“%s” is not found"), argv[0]);
      return fail (EXIT_NOT_FOUND, message);
    }

  if (!release_daemonize (RELEASE_DAEMONIZE_WAIT, &error))
    return fail (EX_OSERR, error->message);

  if (no_wait)
    {
      release_daemonize_expect_exec ();
    }
  else if (!release_daemonize_pass_on (folder, &error))
    {
      release_daemonize_report (EX_OSERR, error->message);
      return EX_OSERR;
    }
  execvp (path, argv);

  errsv = errno;
  status = errsv == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
  message = g_strdup_printf (_("Cannot execute “%s”: %s"), path, g_strerror (errsv));
  release_daemonize_report (status, message);
  return status;
}

static const Command commands[] = {
  { "daemonize", N_("Execute a command as a daemon"), daemonize },
};

static char *
describe_commands (void)
{
  GString *text = g_string_new (_("Commands:"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "\n  %-12s %s", commands[i].name, _(commands[i].summary));
  g_string_append_printf (text, "\n\n%s", _("“releasectl COMMAND --help” tells more about one."));

  return g_string_free (text, FALSE);
}

int
main (int    argc,
      char **argv)
{
  gboolean show_version = FALSE;
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, N_("Show the version"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *description = NULL;
  g_autofree char *message = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, RELEASE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_set_prgname ("releasectl");

  context = g_option_context_new (N_("COMMAND [ARGUMENT…]"));
  description = describe_commands ();
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!parse_options (context, &argc, &argv, &error))
    return fail_usage (error->message);

  if (show_version)
    {
      g_printf ("releasectl %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }
  if (argc == 0)
    return fail_usage (_("A command is missing"));

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[0], commands[i].name) == 0)
      return commands[i].run (argc, argv);

  message = g_strdup_printf (_("There is no command “%s”"), argv[0]);
  return fail_usage (message);
}
