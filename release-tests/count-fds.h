/* release-tests/count-fds.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How many descriptors this process has. The library closes those of strangers in threads of their
 * own, so those threads are waited for first, unless they are held up.
 */

#pragma once

#include <glib.h>
#include <unistd.h>

#define CLOSING_MSEC 2000

/* Whether @thread closes descriptors, or is so young that it still has the name of the program. */
G_GNUC_UNUSED static gboolean
is_closing (const char *thread,
            const char *program)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%s/comm", thread);
  g_autofree char *name = NULL;

  if (g_ascii_strtoll (thread, NULL, 10) == getpid () ||
      !g_file_get_contents (path, &name, NULL, NULL))
    return FALSE;

  return g_str_has_prefix (name, "release-close") || g_str_equal (name, program);
}

G_GNUC_UNUSED static gboolean
closes_something (void)
{
  g_autoptr(GDir) threads = g_dir_open ("/proc/self/task", 0, NULL);
  g_autofree char *program = NULL;
  const char *thread;

  g_assert_true (g_file_get_contents ("/proc/self/comm", &program, NULL, NULL));
  while ((thread = g_dir_read_name (threads)) != NULL)
    if (is_closing (thread, program))
      return TRUE;

  return FALSE;
}

G_GNUC_UNUSED static guint
count_fds (void)
{
  g_autoptr(GDir) folder = NULL;
  guint n = 0;

  for (guint i = 0; i < CLOSING_MSEC && closes_something (); i++)
    g_usleep (1000);

  folder = g_dir_open ("/proc/self/fd", 0, NULL);
  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}
