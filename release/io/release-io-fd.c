/* release/io/release-io-fd.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-fd-private.h"

#include <string.h>
#include <unistd.h>

/* Closes the descriptor that @fd points to, if there is one, and forgets it. */
void
release_io_close (int *fd)
{
  if (*fd >= 0)
    close (*fd);

  *fd = -1;
}

static gpointer
close_all (gpointer data)
{
  g_autoptr(GArray) fds = data;

  for (guint i = 0; i < fds->len; i++)
    close (g_array_index (fds, int, i));

  return NULL;
}

/* Closes descriptors that a stranger sent. Their close () may block for as long as the stranger
 * chose (a socket that lingers), so it happens in a thread of its own. */
void
release_io_close_elsewhere (const int *fds,
                            guint      n_fds)
{
  GArray *copy;
  GThread *thread;

  if (n_fds == 0)
    return;

  copy = g_array_sized_new (FALSE, FALSE, sizeof (int), n_fds);
  g_array_append_vals (copy, fds, n_fds);
  thread = g_thread_try_new ("release-close", close_all, copy, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    close_all (copy);
}
