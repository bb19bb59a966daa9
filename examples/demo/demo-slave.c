/* examples/demo/demo-slave.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <release/release.h>

#include <string.h>
#include <unistd.h>

/* Asks the master for "req1+PID" and "req2+PID", both at once, again and again, and checks that
 * each answer is its own. */

#define PAUSE_MSEC 10
#define TIMEOUT_MSEC 5000

typedef struct
{
  ReleaseSlave *slave;
  char         *request;
  char         *wanted;
  int           status;
} Asker;

static void ask (Asker *asker);

static gboolean
on_pause_over (gpointer user_data)
{
  ask (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Asker *asker = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;

  answer = release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (source), result, &error);
  if (answer != NULL && strcmp (answer, asker->wanted) != 0)
    {
      g_critical ("Asked “%s”, got “%s”", asker->request, answer);
      asker->status = 1;
      release_slave_quit (asker->slave);
      return;
    }
  if (g_error_matches (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED))
    return;
  if (error != NULL)
    g_message ("No answer to “%s”: %s", asker->request, error->message);

  g_timeout_add (PAUSE_MSEC, on_pause_over, asker);
}

static void
ask (Asker *asker)
{
  ReleaseIpcChannel *channel = release_slave_get_channel (asker->slave);

  if (!release_ipc_channel_is_closed (channel))
    release_ipc_channel_call_string_async (channel, asker->request, TIMEOUT_MSEC, NULL, on_answer,
                                           asker);
}

static void
on_event (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          gpointer           user_data)
{
  g_message ("Broadcast received: %s", release_ipc_message_get_string (message));
}

static void
on_main (ReleaseSlave *slave,
         gpointer      user_data)
{
  Asker *askers = user_data;

  g_signal_connect (release_slave_get_channel (slave), "event", G_CALLBACK (on_event), NULL);
  for (int i = 0; i < 2; i++)
    {
      askers[i].slave = slave;
      askers[i].request = g_strdup_printf ("req%d+%d", i + 1, getpid ());
      askers[i].wanted = g_strdup_printf ("resp%d+%d", i + 1, getpid ());
      ask (&askers[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(ReleaseSlave) slave = NULL;
  Asker askers[2] = { { NULL } };
  int status;

  g_set_prgname ("demo-slave");
  slave = release_slave_new (NULL, release_ipc_string_codec_get_default ());
  g_signal_connect (slave, "main", G_CALLBACK (on_main), askers);
  status = release_slave_run (slave);

  for (int i = 0; i < 2; i++)
    {
      status = MAX (status, askers[i].status);
      g_free (askers[i].request);
      g_free (askers[i].wanted);
    }

  return status;
}
