/* release/process/release-environment.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-environment-private.h"

#include <string.h>

/* What a service manager said to the master, and what we say to masters and slaves, is for nobody
 * else. */
static const char *const private_names[] = {
  "NOTIFY_SOCKET",
  "LISTEN_PID",
  "LISTEN_FDS",
  "LISTEN_FDNAMES",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
  "RELEASE_IPC",
  "RELEASE_FDS",
  "RELEASE_EXEC",
  "RELEASE_DAEMONIZE",
  NULL
};

/* A trailing asterisk stands for any end of the name. */
static gboolean
matches_any (const char        *name,
             const char *const *patterns)
{
  for (gsize i = 0; patterns[i] != NULL; i++)
    {
      gsize length = strlen (patterns[i]);

      if (length > 0 && patterns[i][length - 1] == '*'
          ? strncmp (name, patterns[i], length - 1) == 0
          : strcmp (name, patterns[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

/* The environment of a slave: of the variables in @inherited (each NAME=VALUE) those that @kept
 * names (%NULL: all), then those of @set in their place, but nothing that is private. */
char **
release_environment_build (const char *const *inherited,
                           const char *const *kept,
                           const char *const *set)
{
  const char *const *sources[] = { inherited, set };
  char **environment = g_new0 (char *, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      for (gsize j = 0; sources[i][j] != NULL; j++)
        {
          const char *equals = strchr (sources[i][j], '=');
          g_autofree char *name = NULL;

          if (equals == NULL || equals == sources[i][j])
            continue;
          name = g_strndup (sources[i][j], equals - sources[i][j]);
          if (matches_any (name, private_names))
            continue;
          if (sources[i] == set || kept == NULL || matches_any (name, kept))
            environment = g_environ_setenv (environment, name, equals + 1, TRUE);
        }
    }

  return environment;
}
