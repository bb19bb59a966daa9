/* release-tests/process/master.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-tests/count-fds.h"
#include "release-tests/process/master-harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>

static void
test_start_and_stop (void)
{
  World world;
  g_autofree char *lock_file = NULL;
  ReleaseSlaveProcess *slave;

  g_test_summary ("A master starts its slaves, holds the lock file, stops, and leaves nothing");

  world_init (&world, "serve", 3);
  lock_file = world_path (&world, "lock");
  g_assert_false (release_master_is_running (world.master));
  world_start (&world);
  g_assert_true (release_master_is_running (world.master));
  g_assert_cmpuint (world.n_connected, ==, 3);
  g_assert_cmpuint (g_list_model_get_n_items (release_master_get_slaves (world.master)), ==, 3);
  g_assert_true (g_file_test (lock_file, G_FILE_TEST_EXISTS));
  slave = world_peek_slave (&world, 1);
  g_assert_cmpint (release_slave_process_get_state (slave), ==, RELEASE_SLAVE_STATE_RUNNING);
  g_assert_cmpuint (release_slave_process_get_number (slave), ==, 1);
  g_assert_true (release_slave_process_get_group (slave) == world.group);

  /* A slave that is still being set up dies of SIGTERM like any program. */
  g_ptr_array_unref (release_master_broadcast_string (world.master, "up?"));
  g_assert_cmpstr (world_get_event (&world, 2), ==, "echo:up?");
  world_stop (&world);
  g_assert_cmpint (world.stopped, ==, 0);
  g_assert_cmpuint (world.n_exited, ==, 3);
  g_assert_true (WIFEXITED (world.wait_status));
  g_assert_cmpint (WEXITSTATUS (world.wait_status), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (release_master_get_slaves (world.master)), ==, 0);
  g_assert_false (g_file_test (lock_file, G_FILE_TEST_EXISTS));
  world_clear (&world);
}

static void
test_start_again (void)
{
  World world;

  g_test_summary ("A master that has stopped can start again");

  world_init (&world, "nothing", 1);
  for (guint i = 0; i < 3; i++)
    {
      world.stopped = -1;
      world_start (&world);
      world_stop (&world);
      g_assert_cmpint (world.stopped, ==, 0);
    }
  g_assert_cmpuint (world.n_exited, ==, 3);
  world_clear (&world);
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (release_master_stop_finish (RELEASE_MASTER (source), result, &error));
  g_assert_no_error (error);
  (*(guint *) user_data)++;
}

static void
test_stop_twice (void)
{
  World world;
  guint n_stopped = 0;

  g_test_summary ("Stops that overlap end together, and a stop of a stopped master at once");

  world_init (&world, "nothing", 1);
  release_master_stop_async (world.master, NULL, stopped_cb, &n_stopped);
  world_wait (n_stopped == 1);
  world_start (&world);
  release_master_stop_async (world.master, NULL, stopped_cb, &n_stopped);
  release_master_stop_async (world.master, NULL, stopped_cb, &n_stopped);
  g_assert_cmpuint (n_stopped, ==, 1);
  world_wait (n_stopped == 3);
  world_clear (&world);
}

static void
main_stops_cb (ReleaseMaster *master,
               gpointer       user_data)
{
  release_master_stop_async (master, NULL, NULL, NULL);
}

static void
test_run_in_loop (void)
{
  World world;

  g_test_summary ("A handler of main can stop a master that run() drives");

  world_init (&world, "nothing", 2);
  g_signal_connect (world.master, "main", G_CALLBACK (main_stops_cb), NULL);
  g_assert_cmpint (release_master_run (world.master), ==, 0);
  g_assert_cmpint (world.stopped, ==, 0);
  world_clear (&world);
}

static void
test_without_slaves (void)
{
  World world;

  g_test_summary ("A master without slaves starts and stops");

  world_init (&world, "nothing", 0);
  world_start (&world);
  world_stop (&world);
  g_assert_cmpint (world.stopped, ==, 0);
  world_clear (&world);
}

static void
test_respawn (void)
{
  World world;
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseSlaveProcess) slave = NULL;

  g_test_summary ("A slave that is killed is followed by another one in its place");

  world_init (&world, "serve", 2);
  world_start (&world);
  slave = g_object_ref (world_peek_slave (&world, 1));
  g_assert_true (release_slave_process_signal (slave, SIGKILL, &error));
  g_assert_no_error (error);
  world_wait (world.n_connected == 3);

  g_assert_cmpuint (world.n_exited, ==, 1);
  g_assert_true (WIFSIGNALED (world.wait_status));
  g_assert_cmpint (WTERMSIG (world.wait_status), ==, SIGKILL);
  g_assert_cmpint (release_slave_process_get_state (slave), ==, RELEASE_SLAVE_STATE_DEAD);
  g_assert_true (release_ipc_channel_is_closed (release_slave_process_get_channel (slave)));
  g_assert_false (release_slave_process_signal (slave, SIGKILL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (release_slave_process_get_number (world_peek_slave (&world, 1)), ==, 1);
  g_assert_cmpint (release_slave_process_get_pid (world_peek_slave (&world, 1)), !=,
                   release_slave_process_get_pid (slave));

  world_stop (&world);
  g_clear_object (&slave);
  world_clear (&world);
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  GString    *log)
{
  g_string_append_printf (log, "%+d", (int) added - (int) removed);
}

static void
test_list_model (void)
{
  World world;
  g_autoptr(GString) log = g_string_new (NULL);

  g_test_summary ("The list of slaves tells of each start and each end");

  world_init (&world, "nothing", 2);
  g_signal_connect (release_master_get_slaves (world.master), "items-changed",
                    G_CALLBACK (items_changed_cb), log);
  world_start (&world);
  g_assert_cmpstr (log->str, ==, "+1+1");
  release_slave_process_signal (world_peek_slave (&world, 0), SIGKILL, NULL);
  world_wait (world.n_connected == 3);
  g_assert_cmpstr (log->str, ==, "+1+1-1+1");
  world_stop (&world);
  g_assert_cmpstr (log->str, ==, "+1+1-1+1-1-1");
  world_clear (&world);
}

static void
test_fds_flat (void)
{
  World world;
  guint before;

  g_test_summary ("The number of descriptors does not grow with the deaths of slaves");

  world_init (&world, "nothing", 20);
  world_start (&world);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  before = count_fds ();
  for (guint round = 1; round <= 5; round++)
    {
      for (guint i = 0; i < 20; i++)
        release_slave_process_signal (world_peek_slave (&world, i), SIGKILL, NULL);
      world_wait (world.n_connected == 20 + round * 20);
    }
  g_assert_cmpuint (count_fds (), ==, before);
  world_stop (&world);
  world_clear (&world);
}

static void
test_death_rate (void)
{
  World world;

  g_test_summary ("A slave that always dies at once ends the master with status 70");

  world_init (&world, "die", 1);
  world_start (&world);
  world_wait (world.stopped >= 0);
  g_assert_cmpint (world.stopped, ==, 70);
  g_assert_cmpint (release_master_get_exit_status (world.master), ==, 70);
  g_assert_cmpuint (world.n_exited, ==, 10);
  g_assert_cmpint (WEXITSTATUS (world.wait_status), ==, 3);
  world_clear (&world);
}

static void
test_death_rate_stops_all (void)
{
  World world;
  const char *argv[] = { g_getenv ("SLAVE_PROBE"), "die", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("When one slave is given up, the others are stopped in order");

  world_init (&world, "serve", 2);
  group = world_add_group (&world, argv, 1);
  world_start (&world);
  world_wait (world.stopped >= 0);
  g_assert_cmpint (world.stopped, ==, 70);
  g_assert_cmpuint (world.n_exited, ==, 12);
  g_assert_true (WIFEXITED (world.wait_status));
  world_clear (&world);
}

static void
test_failed_exec_later (void)
{
  World world;
  g_autofree char *program = NULL;
  const char *argv[] = { NULL, "nothing", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("A program that has gone counts as dying: the master gives up with status 70");

  world_init (&world, "nothing", 1);
  program = world_copy_slave (&world);
  argv[0] = program;
  group = world_add_group (&world, argv, 1);
  world_start (&world);
  g_assert_cmpint (g_unlink (program), ==, 0);
  release_slave_process_signal (world_peek_slave (&world, 1), SIGKILL, NULL);
  world_wait (world.stopped >= 0);
  g_assert_cmpint (world.stopped, ==, 70);
  g_assert_cmpuint (world.n_exited, ==, 2);
  world_clear (&world);
}

static void
assert_start_fails (World      *world,
                    GQuark      domain,
                    int         code,
                    const char *text,
                    int         exit_status)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (release_master_start (world->master, &error));
  g_assert_error (error, domain, code);
  if (text != NULL && strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
  g_assert_cmpint (release_master_get_exit_status (world->master), ==, exit_status);
  g_assert_false (release_master_is_running (world->master));
  g_assert_cmpuint (world->n_connected, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (release_master_get_slaves (world->master)), ==, 0);
}

static void
test_bad_programs (void)
{
  World world;
  g_autofree char *plain = NULL;
  g_autofree char *missing = NULL;
  const char *paths[3];
  const int codes[] = { G_IO_ERROR_NOT_FOUND, G_IO_ERROR_PERMISSION_DENIED,
                        G_IO_ERROR_IS_DIRECTORY };

  g_test_summary ("Programs that are missing, not executable or folders are named, status 72");

  world_init (&world, "nothing", 1);
  missing = world_path (&world, "missing");
  plain = world_path (&world, "plain");
  g_assert_true (g_file_set_contents (plain, "", 0, NULL));
  paths[0] = missing;
  paths[1] = plain;
  paths[2] = world.folder;
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const char *argv[] = { paths[i], NULL };
      g_autoptr(ReleaseMaster) master = release_master_new (NULL);
      g_autoptr(ReleaseSlaveGroup) group = release_slave_group_new (argv, 1, NULL);
      World other = world;

      release_master_set_privileged (master, geteuid () == 0);
      release_master_add_group (master, group);
      other.master = master;
      assert_start_fails (&other, G_IO_ERROR, codes[i], paths[i], 72);
    }
  g_assert_cmpint (g_unlink (plain), ==, 0);
  world_clear (&world);
}

/* A user whose programs they are may set all these. */
static void
make_setuid (const char *program)
{
  g_assert_cmpint (g_chmod (program, 04755), ==, 0);
}

static void
make_setgid (const char *program)
{
  g_assert_cmpint (g_chmod (program, 02755), ==, 0);
}

/* CAP_NET_BIND_SERVICE, permitted: the form that <linux/capability.h> calls VFS_CAP_REVISION_2. */
static void
make_capable (const char *program)
{
  const guint8 capability[20] = { [3] = 2, [5] = 4 };

  g_assert_cmpint (g_chmod (program, 0755), ==, 0);
  g_assert_cmpint (setxattr (program, "security.capability", capability, sizeof capability, 0),
                   ==, 0);
}

static void
test_privileged_programs (void)
{
  static const struct
  {
    void       (*make) (const char *program);
    gboolean     needs_root;
    const char  *text;
  } kinds[] = {
    { make_setuid, FALSE, "setuid" },
    { make_setgid, FALSE, "setgid" },
    { make_capable, TRUE, "capabilities" },
  };
  World world;
  g_autofree char *program = NULL;
  const char *argv[] = { NULL, "nothing", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("A program that would outlive its master is refused, setuid for one");

  world_init (&world, "nothing", 1);
  program = world_copy_slave (&world);
  argv[0] = program;
  group = world_add_group (&world, argv, 1);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (kinds[i].needs_root && geteuid () != 0)
        continue;
      kinds[i].make (program);
      assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, kinds[i].text, 72);
    }
  g_assert_cmpint (g_unlink (program), ==, 0);
  world_clear (&world);
}

static void
test_symbolic_link (void)
{
  World world;
  g_autofree char *path = NULL;
  const char *argv[] = { NULL, "nothing", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("A program may be a symbolic link");

  world_init (&world, "nothing", 0);
  path = world_path (&world, "link");
  g_assert_cmpint (symlink (g_getenv ("SLAVE_PROBE"), path), ==, 0);
  argv[0] = path;
  group = world_add_group (&world, argv, 1);
  world_start (&world);
  g_assert_cmpuint (world.n_connected, ==, 1);
  world_stop (&world);
  g_assert_cmpint (g_unlink (path), ==, 0);
  world_clear (&world);
}

static void
test_not_a_program (void)
{
  World world;
  g_autofree char *path = NULL;
  g_autofree char *lock_file = NULL;
  const char *argv[] = { NULL, NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;

  g_test_summary ("If one slave cannot be executed, the start fails and undoes all of it");

  world_init (&world, "serve", 3);
  path = world_path (&world, "text");
  lock_file = world_path (&world, "lock");
  g_assert_true (g_file_set_contents_full (path, "neither ELF nor script", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  argv[0] = path;
  group = world_add_group (&world, argv, 1);
  assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_FAILED, path, 72);
  g_assert_false (g_file_test (lock_file, G_FILE_TEST_EXISTS));
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  g_assert_cmpint (g_unlink (path), ==, 0);
  world_clear (&world);
}

static void
test_second_master (void)
{
  World first;
  World second;

  g_test_summary ("A second master on the same lock file is refused with status 75");

  world_init (&first, "nothing", 1);
  world_init (&second, "nothing", 1);
  world_start (&first);
  g_assert_finalize_object (g_steal_pointer (&second.master));
  second.master = release_master_new (release_master_get_lock_file (first.master));
  release_master_set_privileged (second.master, geteuid () == 0);
  assert_start_fails (&second, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD, NULL, 75);
  world_stop (&first);
  world_start (&second);
  release_master_stop_async (second.master, NULL, NULL, NULL);
  world_wait (!release_master_is_running (second.master));
  world_clear (&first);
  world_clear (&second);
}

static void
test_privileged_and_user (void)
{
  World world;

  g_test_summary ("Who started the master must be who it says; a slave's user needs privileges");

  world_init (&world, "nothing", 1);
  release_master_set_privileged (world.master, geteuid () != 0);
  assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "root", 77);

  release_master_set_privileged (world.master, geteuid () == 0);
  release_slave_group_set_user (world.group, "no-such-user-here");
  if (geteuid () == 0)
    assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no-such-user-here", 78);
  else
    assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "privileged", 78);
  world_clear (&world);
}

static gpointer
start_in_thread (gpointer user_data)
{
  World *world = user_data;

  assert_start_fails (world, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "main thread", 71);
  return NULL;
}

static void
test_thread (void)
{
  World world;

  g_test_summary ("A start outside the main thread is refused");

  world_init (&world, "nothing", 1);
  g_thread_join (g_thread_new ("starter", start_in_thread, &world));
  world_clear (&world);
}

static void
test_stubborn_slave (void)
{
  World world;

  g_test_summary ("A slave that ignores SIGTERM is killed when the grace period is over");

  world_init (&world, "stubborn", 1);
  release_master_set_grace_timeout (world.master, 300);
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==, "stubborn");
  world_stop (&world);
  g_assert_cmpint (world.stopped, ==, 0);
  g_assert_true (WIFSIGNALED (world.wait_status));
  g_assert_cmpint (WTERMSIG (world.wait_status), ==, SIGKILL);
  world_clear (&world);
}

static void
test_hang_up (void)
{
  World world;

  g_test_summary ("A slave that closes its channel and lives is ended and replaced");

  world_init (&world, "hang-up", 1);
  world_start (&world);
  world_wait (world.n_exited == 1);
  g_assert_true (WIFSIGNALED (world.wait_status));
  g_assert_cmpint (WTERMSIG (world.wait_status), ==, SIGTERM);
  world_wait (world.n_connected == 2);
  world_stop (&world);
  world_clear (&world);
}

static void
test_last_words (void)
{
  World world;

  g_test_summary ("What a slave said right before it died is still heard");

  world_init (&world, "last-words", 1);
  release_slave_group_set_framing (world.group, RELEASE_IPC_FRAMING_PLAIN);
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==, "last words");
  world_wait (world.n_exited >= 1);
  g_assert_cmpint (WEXITSTATUS (world.wait_status), ==, 5);
  world_stop (&world);
  world_clear (&world);
}

static void
test_child_of_slave (void)
{
  World world;
  int pid;
  int pidfd;

  g_test_summary ("What a slave has started dies with it");

  world_init (&world, "child", 1);
  world_start (&world);
  g_assert_cmpint (sscanf (world_get_event (&world, 0), "child:%d", &pid), ==, 1);
  pidfd = open_pidfd (pid);
  release_slave_process_signal (world_peek_slave (&world, 0), SIGKILL, NULL);
  world_wait (world.n_exited == 1);
  wait_gone (pidfd);
  world_stop (&world);
  world_clear (&world);
}

static gboolean
request_cb (ReleaseSlaveGroup    *group,
            ReleaseSlaveProcess  *slave,
            ReleaseIpcInvocation *invocation,
            const char           *expected)
{
  g_autofree char *text = NULL;

  g_assert_cmpstr (release_ipc_invocation_get_string (invocation), ==, "question");
  text = g_strdup_printf ("%s %u", expected, release_slave_process_get_number (slave));
  return release_ipc_invocation_return_string (invocation, text, NULL);
}

static void
test_request (void)
{
  World world;

  g_test_summary ("A request of a slave comes to its group, with the slave");

  world_init (&world, "ask", 1);
  g_signal_connect (world.group, "request", G_CALLBACK (request_cb), (gpointer) "you are");
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==, "answer:you are 0");
  world_stop (&world);
  world_clear (&world);
}

static gboolean
serve_func (ReleaseIpcChannel    *channel,
            ReleaseIpcInvocation *invocation,
            gpointer              user_data)
{
  return release_ipc_invocation_return_string (invocation, user_data, NULL);
}

static void
test_serve (void)
{
  World world;

  g_test_summary ("A serve function answers the slaves of its group");

  world_init (&world, "ask", 1);
  release_slave_group_serve (world.group, serve_func, g_strdup ("served"), g_free);
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==, "answer:served");
  world_stop (&world);
  world_clear (&world);
}

static void
answer_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  char **answer = user_data;

  *answer = release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (source), result, &error);
  if (*answer == NULL)
    *answer = g_strdup (error->message);
}

static void
test_plain (void)
{
  World world;
  g_autofree char *answer = NULL;

  g_test_summary ("Under a group without handlers a plain slave answers");

  world_init (&world, "serve", 1);
  release_slave_group_set_framing (world.group, RELEASE_IPC_FRAMING_PLAIN);
  world_start (&world);
  release_ipc_channel_call_string_async (
    release_slave_process_get_channel (world_peek_slave (&world, 0)), "loud", 10000, NULL,
    answer_cb, &answer);
  world_wait (answer != NULL);
  g_assert_cmpstr (answer, ==, "LOUD");
  world_stop (&world);
  world_clear (&world);
}

static gboolean
plain_request_cb (ReleaseSlaveGroup    *group,
                  ReleaseSlaveProcess  *slave,
                  ReleaseIpcInvocation *invocation,
                  World                *world)
{
  g_ptr_array_add (world->events, g_strdup (release_ipc_invocation_get_string (invocation)));

  return release_ipc_invocation_return_string (invocation, "told", NULL);
}

static void
test_plain_asks (void)
{
  World world;

  g_test_summary ("Under a group with a handler of requests a plain slave asks");

  world_init (&world, "ask", 1);
  release_slave_group_set_framing (world.group, RELEASE_IPC_FRAMING_PLAIN);
  g_signal_connect (world.group, "request", G_CALLBACK (plain_request_cb), &world);
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==, "question");
  g_assert_cmpstr (world_get_event (&world, 1), ==, "answer:told");
  world_stop (&world);
  world_clear (&world);
}

static guint
count_receipts (GPtrArray            *receipts,
                ReleaseReceiptStatus  status)
{
  guint n = 0;

  for (guint i = 0; i < receipts->len; i++)
    {
      ReleaseReceipt *receipt = receipts->pdata[i];

      if (release_receipt_get_status (receipt) == status)
        n++;
      g_assert_cmpint (release_receipt_is_accepted (receipt), ==,
                       release_receipt_get_error (receipt) == NULL);
      g_assert_true (RELEASE_IS_SLAVE_PROCESS (release_receipt_get_slave (receipt)));
    }

  return n;
}

static gboolean
refuse_cb (ReleaseSlaveGroup    *group,
           ReleaseSlaveProcess  *slave,
           ReleaseIpcInvocation *invocation,
           gpointer              user_data)
{
  return FALSE;
}

static void
test_broadcast (void)
{
  World world;
  const char *deaf[] = { g_getenv ("SLAVE_PROBE"), "deaf", NULL };
  g_autoptr(ReleaseSlaveGroup) plain = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) one = NULL;
  GValue value = G_VALUE_INIT;

  g_test_summary ("A broadcast reaches every slave that can take it and tells of the others");

  world_init (&world, "serve", 3);
  release_master_set_grace_timeout (world.master, 200);
  plain = world_add_group (&world, deaf, 2);
  release_slave_group_set_framing (plain, RELEASE_IPC_FRAMING_PLAIN);
  g_signal_connect (plain, "request", G_CALLBACK (refuse_cb), NULL);
  world_start (&world);

  all = release_master_broadcast_string (world.master, "hello");
  g_assert_cmpuint (all->len, ==, 5);
  g_assert_cmpuint (count_receipts (all, RELEASE_RECEIPT_NOT_SUPPORTED), ==, 2);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr (world_get_event (&world, i), ==, "echo:hello");

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "again");
  one = release_slave_group_broadcast (world.group, &value);
  g_assert_cmpuint (one->len, ==, 3);
  g_assert_cmpuint (count_receipts (one, RELEASE_RECEIPT_SENT), ==, 3);
  for (guint i = 3; i < 6; i++)
    g_assert_cmpstr (world_get_event (&world, i), ==, "echo:again");
  g_value_unset (&value);

  g_clear_pointer (&all, g_ptr_array_unref);
  g_clear_pointer (&one, g_ptr_array_unref);
  world_stop (&world);
  world_clear (&world);
}

static void
test_broadcast_beside_deaf (void)
{
  const char *argv[] = { g_getenv ("SLAVE_PROBE"), "deaf", NULL };
  g_autofree char *text = g_strnfill (8000, 'x');
  g_autofree char *echo = g_strconcat ("echo:", text, NULL);
  g_autoptr(ReleaseSlaveGroup) deaf = NULL;
  World world;
  guint n_echoes = 0;
  guint n_refused = 0;

  g_test_summary ("However much a slave leaves unread, the others get each broadcast at once, and "
                  "once its queue is full it is refused each time");

  world_init (&world, "serve", 2);
  release_master_set_grace_timeout (world.master, 200);
  deaf = world_add_group (&world, argv, 1);
  world_start (&world);
  world_wait (g_list_model_get_n_items (release_master_get_slaves (world.master)) == 3);
  release_ipc_channel_set_max_queue_size (
    release_slave_process_get_channel (world_peek_slave (&world, 2)), 100 * 1000);

  /* The first waits for what a channel says before anything else. */
  g_ptr_array_unref (release_slave_group_broadcast_string (world.group, text));
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr(GPtrArray) receipts = NULL;

      for (; n_echoes < 2 * (i + 1); n_echoes++)
        g_assert_cmpstr (world_get_event (&world, n_echoes), ==, echo);
      receipts = release_master_broadcast_string (world.master, text);
      g_assert_cmpuint (count_receipts (receipts, RELEASE_RECEIPT_SENT), ==, 2);
      if (n_refused == 0 && count_receipts (receipts, RELEASE_RECEIPT_QUEUED) == 1)
        continue;
      g_assert_cmpuint (count_receipts (receipts, RELEASE_RECEIPT_REFUSED), ==, 1);
      n_refused++;
    }
  g_assert_cmpuint (n_refused, >, 30);

  world_stop (&world);
  world_clear (&world);
}

static void
test_broadcast_receipts (void)
{
  World world;
  g_autoptr(GPtrArray) receipts = NULL;
  g_autoptr(GBytes) big = NULL;
  GValue value = G_VALUE_INIT;
  guint n_queued = 0;

  g_test_summary ("A slave that does not read gets messages queued, then refused; never delays");

  world_init (&world, "deaf", 1);
  release_master_set_grace_timeout (world.master, 0);
  world_start (&world);

  g_value_init (&value, G_TYPE_POINTER);
  receipts = release_master_broadcast (world.master, &value);
  g_assert_cmpuint (count_receipts (receipts, RELEASE_RECEIPT_REFUSED), ==, 1);
  g_value_unset (&value);

  big = g_bytes_new_take (g_malloc0 (1024 * 1024), 1024 * 1024);
  for (;;)
    {
      g_clear_pointer (&receipts, g_ptr_array_unref);
      receipts = release_master_broadcast_bytes (world.master, big);
      if (count_receipts (receipts, RELEASE_RECEIPT_REFUSED) == 1)
        break;
      n_queued += count_receipts (receipts, RELEASE_RECEIPT_QUEUED);
      g_assert_cmpuint (n_queued, <, 1000);
    }
  g_assert_cmpuint (n_queued, >, 0);
  g_clear_pointer (&receipts, g_ptr_array_unref);

  release_ipc_channel_close (release_slave_process_get_channel (world_peek_slave (&world, 0)));
  receipts = release_master_broadcast_bytes (world.master, big);
  g_assert_cmpuint (count_receipts (receipts, RELEASE_RECEIPT_DEAD), ==, 1);
  g_clear_pointer (&receipts, g_ptr_array_unref);

  world_stop (&world);
  world_clear (&world);
}

static void
test_control_of_group (void)
{
  World world;
  g_autofree char *control = NULL;
  g_autofree char *expected = NULL;

  g_test_summary ("A slave takes the listening socket of its group by name, once");

  world_init (&world, "control", 1);
  control = world_path (&world, "control");
  expected = g_strdup_printf ("control:%s again:-1", control);
  release_slave_group_set_control (world.group, control);
  world_start (&world);
  g_assert_cmpstr (world_get_event (&world, 0), ==, expected);
  world_stop (&world);
  world_clear (&world);
}

static void
test_control (void)
{
  World world;
  g_autofree char *control = NULL;

  g_test_summary ("The control socket is there while the master runs, for its user alone");

  world_init (&world, "nothing", 1);
  control = world_path (&world, "control");
  release_master_set_control (world.master, control);
  for (guint i = 0; i < 2; i++)
    {
      struct stat info;

      world.stopped = -1;
      world_start (&world);
      g_assert_true (RELEASE_IS_IPC_SERVER (release_master_get_control_server (world.master)));
      g_assert_cmpint (stat (control, &info), ==, 0);
      g_assert_true (S_ISSOCK (info.st_mode));
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
      world_stop (&world);
      g_assert_null (release_master_get_control_server (world.master));
      g_assert_cmpint (stat (control, &info), ==, -1);
    }
  world_clear (&world);
}

static void
control_connected_cb (ReleaseMaster     *master,
                      ReleaseIpcChannel *channel,
                      World             *world)
{
  g_ptr_array_add (world->events, g_strdup ("connected"));
}

static gboolean
control_request_cb (ReleaseMaster        *master,
                    ReleaseIpcInvocation *invocation,
                    World                *world)
{
  GCredentials *peer = release_ipc_invocation_get_peer_credentials (invocation);

  g_assert_cmpint (g_credentials_get_unix_user (peer, NULL), ==, geteuid ());
  return release_ipc_invocation_return_string (invocation, "at your service", NULL);
}

static void
test_control_request (void)
{
  World world;
  g_autofree char *control = NULL;
  g_autofree char *answer = NULL;
  g_autoptr(ReleaseIpcChannel) client = NULL;
  g_autoptr(GError) error = NULL;
  struct sockaddr_un address = { AF_UNIX, "" };
  int fd;

  g_test_summary ("A client of the control socket is announced, known and answered");

  world_init (&world, "nothing", 1);
  control = world_path (&world, "control");
  release_master_set_control (world.master, control);
  g_signal_connect (world.master, "control-connected", G_CALLBACK (control_connected_cb), &world);
  g_signal_connect (world.master, "control-request", G_CALLBACK (control_request_cb), &world);
  world_start (&world);

  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (g_strlcpy (address.sun_path, control, sizeof address.sun_path), <,
                   sizeof address.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  client = release_ipc_channel_new (fd, RELEASE_IPC_FRAMING_PLAIN, NULL, &error);
  g_assert_no_error (error);
  release_ipc_channel_call_string_async (client, "hello", 10000, NULL, answer_cb, &answer);
  world_wait (answer != NULL);
  g_assert_cmpstr (answer, ==, "at your service");
  g_assert_cmpstr (world_get_event (&world, 0), ==, "connected");

  release_ipc_channel_close (client);
  world_stop (&world);
  world_clear (&world);
}

static void
test_release_exec_missing (void)
{
  World world;
  g_autofree char *before = g_strdup (g_getenv ("RELEASE_EXEC"));

  g_test_summary ("A missing release-exec is named, with status 72");

  world_init (&world, "nothing", 1);
  g_setenv ("RELEASE_EXEC", "/no/such/release-exec", TRUE);
  assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "/no/such/release-exec", 72);
  g_setenv ("RELEASE_EXEC", before, TRUE);
  world_clear (&world);
}

static void
test_control_fails (void)
{
  World world;
  g_autofree char *control = NULL;

  g_test_summary ("A control socket that cannot be made ends the start with status 73");

  world_init (&world, "nothing", 1);
  control = world_path (&world, "missing/control");
  release_master_set_control (world.master, control);
  assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, control, 73);
  release_master_set_control (world.master, NULL);
  release_slave_group_set_control (world.group, control);
  assert_start_fails (&world, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, control, 73);
  world_clear (&world);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/master/starts-and-stops", test_start_and_stop);
  g_test_add_func ("/master/starts-again", test_start_again);
  g_test_add_func ("/master/stops-join", test_stop_twice);
  g_test_add_func ("/master/main-can-stop-run", test_run_in_loop);
  g_test_add_func ("/master/no-slaves", test_without_slaves);
  g_test_add_func ("/master/respawns", test_respawn);
  g_test_add_func ("/master/list-of-slaves-is-live", test_list_model);
  g_test_add_func ("/master/descriptors-stay-flat", test_fds_flat);
  g_test_add_func ("/master/death-rate-ends-with-70", test_death_rate);
  g_test_add_func ("/master/death-rate-stops-others", test_death_rate_stops_all);
  g_test_add_func ("/master/vanished-program-ends-with-70", test_failed_exec_later);
  g_test_add_func ("/master/bad-programs-are-named", test_bad_programs);
  g_test_add_func ("/master/privileged-programs-are-refused", test_privileged_programs);
  g_test_add_func ("/master/program-may-be-link", test_symbolic_link);
  g_test_add_func ("/master/failed-start-undoes-all", test_not_a_program);
  g_test_add_func ("/master/second-is-refused", test_second_master);
  g_test_add_func ("/master/privileges-must-fit", test_privileged_and_user);
  g_test_add_func ("/master/start-needs-main-thread", test_thread);
  g_test_add_func ("/master/stubborn-slave-is-killed", test_stubborn_slave);
  g_test_add_func ("/master/slave-that-hangs-up-is-replaced", test_hang_up);
  g_test_add_func ("/master/last-words-are-heard", test_last_words);
  g_test_add_func ("/master/child-of-slave-dies-with-it", test_child_of_slave);
  g_test_add_func ("/master/request-comes-with-slave", test_request);
  g_test_add_func ("/master/serve-function-answers", test_serve);
  g_test_add_func ("/master/plain-slave-answers", test_plain);
  g_test_add_func ("/master/plain-slave-asks", test_plain_asks);
  g_test_add_func ("/master/broadcast-reaches-all", test_broadcast);
  g_test_add_func ("/master/broadcast-beside-deaf", test_broadcast_beside_deaf);
  g_test_add_func ("/master/receipts-tell", test_broadcast_receipts);
  g_test_add_func ("/master/control-of-group-is-passed", test_control_of_group);
  g_test_add_func ("/master/control-while-running", test_control);
  g_test_add_func ("/master/control-client-is-answered", test_control_request);
  g_test_add_func ("/master/missing-release-exec-is-named", test_release_exec_missing);
  g_test_add_func ("/master/bad-control-ends-with-73", test_control_fails);

  return g_test_run ();
}
