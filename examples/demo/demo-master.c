/* examples/demo/demo-master.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <release/release.h>

#include <string.h>

/* A master with some slaves that ask it, and perhaps a helper that has a control socket of its
 * own. See README.md. */

#define REPORT_SECONDS 1
#define EXIT_USAGE 64

static char *option_lock_file = NULL;
static char *option_control = NULL;
static char *option_helper_control = NULL;
static char *option_user = NULL;
static char *option_slave = NULL;
static char *option_framing = NULL;
static int option_slaves = 4;
static gboolean option_background = FALSE;
static gboolean option_privileged = FALSE;
static gboolean option_syslog = FALSE;

static const GOptionEntry entries[] = {
  { "lock-file", 0, 0, G_OPTION_ARG_FILENAME, &option_lock_file,
    "Holds the PID of the one master that runs", "PATH" },
  { "control", 0, 0, G_OPTION_ARG_FILENAME, &option_control,
    "The control socket of the master", "PATH" },
  { "slaves", 0, 0, G_OPTION_ARG_INT, &option_slaves,
    "How many slaves run (4)", "N" },
  { "background", 0, 0, G_OPTION_ARG_NONE, &option_background,
    "Become a daemon", NULL },
  { "privileged", 0, 0, G_OPTION_ARG_NONE, &option_privileged,
    "The master is to run as root", NULL },
  { "user", 0, 0, G_OPTION_ARG_STRING, &option_user,
    "The user that the slaves run as (with --privileged)", "NAME" },
  { "helper-control", 0, 0, G_OPTION_ARG_FILENAME, &option_helper_control,
    "Run the helper, with this control socket", "PATH" },
  { "slave", 0, 0, G_OPTION_ARG_FILENAME, &option_slave,
    "Run this executable in place of demo-slave", "PATH" },
  { "framing", 0, 0, G_OPTION_ARG_STRING, &option_framing,
    "How messages to and from the slaves look (multiplexed)", "plain|multiplexed" },
  { "syslog", 0, 0, G_OPTION_ARG_NONE, &option_syslog,
    "Log to the system log", NULL },
  { NULL }
};

typedef struct
{
  ReleaseMaster *master;
  guint64        n_answered;
  guint64        n_reported;
} Demo;

/* "req1+123" is answered with "resp1+123". */
static gboolean
on_slave_request (ReleaseSlaveGroup    *group,
                  ReleaseSlaveProcess  *slave,
                  ReleaseIpcInvocation *invocation,
                  gpointer              user_data)
{
  Demo *demo = user_data;
  const char *request = release_ipc_invocation_get_string (invocation);
  g_autofree char *answer = NULL;

  if (!g_str_has_prefix (request, "req"))
    return FALSE;

  demo->n_answered++;
  answer = g_strconcat ("resp", request + strlen ("req"), NULL);
  return release_ipc_invocation_return_string (invocation, answer, NULL);
}

static char *
broadcast (Demo       *demo,
           const char *word)
{
  g_autoptr(GPtrArray) receipts = release_master_broadcast_string (demo->master, word);
  const GError *reason = NULL;

  for (guint i = 0; i < receipts->len; i++)
    {
      ReleaseReceipt *receipt = g_ptr_array_index (receipts, i);

      if (release_receipt_is_accepted (receipt))
        return g_strdup ("bcastok");
      reason = release_receipt_get_error (receipt);
    }

  return g_strdup_printf ("No slave took it: %s", reason != NULL ? reason->message : "none runs");
}

static gboolean
on_control_request (ReleaseMaster        *master,
                    ReleaseIpcInvocation *invocation,
                    gpointer              user_data)
{
  const char *request = release_ipc_invocation_get_string (invocation);
  g_autofree char *answer = NULL;

  if (g_str_has_prefix (request, "broadcast:"))
    answer = broadcast (user_data, request + strlen ("broadcast:"));
  else
    answer = g_ascii_strup (request, -1);

  return release_ipc_invocation_return_string (invocation, answer, NULL);
}

static gboolean
on_report (gpointer user_data)
{
  Demo *demo = user_data;

  if (demo->n_answered > demo->n_reported)
    g_message ("%" G_GUINT64_FORMAT " requests answered, %u slaves run", demo->n_answered,
               g_list_model_get_n_items (release_master_get_slaves (demo->master)));
  demo->n_reported = demo->n_answered;

  return G_SOURCE_CONTINUE;
}

/* The other programs of the demo lie beside this one. */
static char *
find_program (const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : "./demo-master");

  return g_build_filename (folder, name, NULL);
}

static ReleaseSlaveGroup *
new_group (const char *path,
           guint       n_slaves)
{
  const char *argv[] = { path, NULL };
  ReleaseSlaveGroup *group;

  group = release_slave_group_new (argv, n_slaves, release_ipc_string_codec_get_default ());
  release_slave_group_set_user (group, option_user);
  if (g_strcmp0 (option_framing, "plain") == 0)
    release_slave_group_set_framing (group, RELEASE_IPC_FRAMING_PLAIN);

  return group;
}

static gboolean
parse_options (int    *argc,
               char ***argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;

  g_option_context_set_summary (context, "A master that answers its slaves.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  else if (*argc > 1)
    g_printerr ("%s: “%s” is one argument too many\n", g_get_prgname (), (*argv)[1]);
  else if (option_slaves < 1)
    g_printerr ("%s: --slaves=%d is less than one\n", g_get_prgname (), option_slaves);
  else if (option_framing != NULL && strcmp (option_framing, "plain") != 0 &&
           strcmp (option_framing, "multiplexed") != 0)
    g_printerr ("%s: --framing=%s is neither plain nor multiplexed\n", g_get_prgname (),
                option_framing);
  else
    return TRUE;

  return FALSE;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *slave_path = NULL;
  g_autofree char *helper_path = NULL;
  g_autoptr(ReleaseSlaveGroup) slaves = NULL;
  g_autoptr(ReleaseSlaveGroup) helpers = NULL;
  g_autoptr(ReleaseMaster) master = NULL;
  Demo demo = { NULL };
  guint report_id;
  int status;

  g_set_prgname ("demo-master");
  if (!parse_options (&argc, &argv))
    return EXIT_USAGE;

  if (option_lock_file == NULL)
    option_lock_file = g_build_filename (g_get_user_runtime_dir (), "release-demo.pid", NULL);
  master = demo.master = release_master_new (option_lock_file);
  release_master_set_control (master, option_control);
  release_master_set_background (master, option_background);
  release_master_set_privileged (master, option_privileged);
  release_master_set_syslog (master, option_syslog);
  g_signal_connect (master, "control-request", G_CALLBACK (on_control_request), &demo);

  slave_path = option_slave != NULL ? g_strdup (option_slave) : find_program ("demo-slave");
  slaves = new_group (slave_path, option_slaves);
  g_signal_connect (slaves, "request", G_CALLBACK (on_slave_request), &demo);
  release_master_add_group (master, slaves);

  if (option_helper_control != NULL)
    {
      helper_path = find_program ("demo-helper");
      helpers = new_group (helper_path, 1);
      release_slave_group_set_control (helpers, option_helper_control);
      release_master_add_group (master, helpers);
    }

  report_id = g_timeout_add_seconds (REPORT_SECONDS, on_report, &demo);
  status = release_master_run (master);
  g_source_remove (report_id);

  g_free (option_lock_file);
  g_free (option_control);
  g_free (option_helper_control);
  g_free (option_user);
  g_free (option_slave);
  g_free (option_framing);
  return status;
}
