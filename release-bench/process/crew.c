/* release-bench/process/crew.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/process/crew.h"

#include "release-bench/echo/echo.h"

#include <string.h>
#include <unistd.h>

static void
event_cb (ReleaseSlaveGroup   *group,
          ReleaseSlaveProcess *slave,
          ReleaseIpcMessage   *message,
          Crew                *crew)
{
  GBytes *bytes = release_ipc_message_get_bytes (message);
  gint64 number;

  if (g_bytes_get_size (bytes) != sizeof number)
    echo_fail ("A slave told %" G_GSIZE_FORMAT " bytes", g_bytes_get_size (bytes));
  memcpy (&number, g_bytes_get_data (bytes, NULL), sizeof number);
  g_array_append_val (crew->numbers, number);
}

static void
exited_cb (ReleaseMaster       *master,
           ReleaseSlaveProcess *slave,
           int                  wait_status,
           Crew                *crew)
{
  if (release_slave_process_get_state (slave) != RELEASE_SLAVE_STATE_STOPPING &&
      crew->numbers->len < crew->n_slaves)
    echo_fail ("A slave died with status %d", wait_status);
}

static void
stopped_cb (ReleaseMaster *master,
            int            exit_status,
            Crew          *crew)
{
  crew->is_stopped = TRUE;
}

void
crew_init (Crew       *crew,
           const char *program,
           guint       n_slaves)
{
  const char *argv[] = { program, NULL };

  memset (crew, 0, sizeof *crew);
  crew->n_slaves = n_slaves;
  crew->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  crew->group = release_slave_group_new (argv, n_slaves, release_ipc_bytes_codec_get_default ());
  crew->master = release_master_new (NULL);
  release_master_set_privileged (crew->master, geteuid () == 0);
  release_master_add_group (crew->master, crew->group);
  g_signal_connect (crew->group, "event", G_CALLBACK (event_cb), crew);
  g_signal_connect (crew->master, "slave-exited", G_CALLBACK (exited_cb), crew);
  g_signal_connect (crew->master, "stopped", G_CALLBACK (stopped_cb), crew);
}

void
crew_wait (Crew  *crew,
           guint  n_numbers)
{
  while (crew->numbers->len < n_numbers && !crew->is_stopped)
    g_main_context_iteration (NULL, TRUE);
  if (crew->is_stopped)
    echo_fail ("The master stopped");
}

void
crew_start (Crew *crew)
{
  g_autoptr(GError) error = NULL;

  if (!release_master_start (crew->master, &error))
    echo_fail ("%s", error->message);
  crew_wait (crew, crew->n_slaves);
}

void
crew_clear (Crew *crew)
{
  release_master_stop_async (crew->master, NULL, NULL, NULL);
  while (!crew->is_stopped)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (crew->group, crew);
  g_signal_handlers_disconnect_by_data (crew->master, crew);
  g_object_unref (crew->master);
  g_object_unref (crew->group);
  g_array_unref (crew->numbers);
}
