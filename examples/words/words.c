/* examples/words/words.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <release/release.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A master that shows one text to several slaves, each of which counts a word in it. See
 * README.md. */

#define TIMEOUT_MSEC (30 * 1000)
#define EXIT_USAGE 64

typedef struct
{
  ReleaseMaster *master;
  GBytes        *text;
  guint          n_open;        /* words that no slave has counted yet */
} Words;

static guint
count (const char *text,
       gsize       length,
       const char *word)
{
  const char *end = text + length;
  guint n = 0;

  while ((text = memmem (text, end - text, word, strlen (word))) != NULL)
    {
      text += strlen (word);
      n++;
    }

  return n;
}

static void
on_reported (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;

  answer = release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (source), result, &error);
  if (answer == NULL)
    g_message ("The master did not take the count: %s", error->message);
}

/* The text is not copied: it lies in memory that the master shows to all slaves. */
static void
on_text (ReleaseIpcChannel *channel,
         ReleaseIpcMessage *message,
         gpointer           user_data)
{
  const char *word = user_data;
  gsize length;
  const char *text = g_bytes_get_data (release_ipc_message_get_bytes (message), &length);
  g_autofree char *report = g_strdup_printf ("%u %s", count (text, length, word), word);

  release_ipc_channel_call_string_async (channel, report, TIMEOUT_MSEC, NULL, on_reported, NULL);
}

static void
on_slave_main (ReleaseSlave *slave,
               gpointer      user_data)
{
  g_signal_connect (release_slave_get_channel (slave), "event", G_CALLBACK (on_text), user_data);
}

static int
run_slave (char *word)
{
  g_autoptr(ReleaseSlave) slave = NULL;

  slave = release_slave_new (NULL, release_ipc_bytes_codec_get_default ());
  g_signal_connect (slave, "main", G_CALLBACK (on_slave_main), word);
  return release_slave_run (slave);
}

static gboolean
on_report (ReleaseSlaveGroup    *group,
           ReleaseSlaveProcess  *slave,
           ReleaseIpcInvocation *invocation,
           gpointer              user_data)
{
  Words *words = user_data;

  puts (release_ipc_invocation_get_string (invocation));
  release_ipc_invocation_return_string (invocation, "thanks", NULL);
  if (--words->n_open == 0)
    release_master_stop_async (words->master, NULL, NULL, NULL);

  return TRUE;
}

static void
on_master_main (ReleaseMaster *master,
                gpointer       user_data)
{
  Words *words = user_data;
  g_autoptr(GPtrArray) receipts = release_master_broadcast_bytes (master, words->text);

  for (guint i = 0; i < receipts->len; i++)
    {
      const GError *error = release_receipt_get_error (receipts->pdata[i]);

      if (error != NULL)
        g_printerr ("words: A slave did not get the text: %s\n", error->message);
    }
}

static GBytes *
read_text (const char  *path,
           GError     **error)
{
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  if (file == NULL)
    return NULL;

  return release_ipc_payload_new_memfd (g_mapped_file_get_contents (file),
                                        g_mapped_file_get_length (file), error);
}

static int
run_master (const char  *path,
            char       **wanted)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *lock_file = NULL;
  g_autoptr(GBytes) text = NULL;
  g_autoptr(ReleaseMaster) master = NULL;
  g_autoptr(GError) error = NULL;
  Words words = { NULL };

  words.text = text = read_text (path, &error);
  if (text == NULL)
    {
      g_printerr ("words: %s\n", error->message);
      return 1;
    }

  lock_file = g_strdup_printf ("%s/release-words-%d.pid", g_get_tmp_dir (), getpid ());
  words.master = master = release_master_new (lock_file);
  release_master_set_privileged (master, geteuid () == 0);
  for (guint i = 0; wanted[i] != NULL; i++)
    {
      const char *argv[] = { self, "--slave", wanted[i], NULL };
      g_autoptr(ReleaseSlaveGroup) group = NULL;

      group = release_slave_group_new (argv, 1, release_ipc_bytes_codec_get_default ());
      g_signal_connect (group, "request", G_CALLBACK (on_report), &words);
      release_master_add_group (master, group);
      words.n_open++;
    }
  g_signal_connect (master, "main", G_CALLBACK (on_master_main), &words);

  return release_master_run (master);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--slave") == 0)
    return run_slave (argv[2]);
  if (argc >= 3 && argv[1][0] != '-')
    return run_master (argv[1], argv + 2);

  g_printerr ("Usage: words FILE WORD...\n");
  return EXIT_USAGE;
}
