/* release-tests/process/mishaps.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Slaves that misbehave, and what the log is told of it. */

#include "config.h"

#include "release-tests/process/master-harness.h"

#include <linux/capability.h>
static GPtrArray *messages;          /* what the log was told */

static GLogWriterOutput
keep_message (GLogLevelFlags   log_level,
              const GLogField *fields,
              gsize            n_fields,
              gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0 && log_level <= G_LOG_LEVEL_MESSAGE)
      g_ptr_array_add (messages, g_strdup (fields[i].value));

  return G_LOG_WRITER_HANDLED;
}

static guint
count_messages (const char *text)
{
  guint n = 0;

  for (guint i = 0; i < messages->len; i++)
    n += strstr (messages->pdata[i], text) != NULL;

  return n;
}

/* Makes a world with an empty log. */
static void
begin (World      *world,
       const char *mode,
       guint       n_slaves)
{
  g_ptr_array_set_size (messages, 0);
  world_init (world, mode, n_slaves);
}

static void
test_hang_up (void)
{
  World world;
  gint64 began = g_get_monotonic_time ();
  guint n;

  g_test_summary ("That a slave has closed its channel is told to the log, once a second at most");

  begin (&world, "hang-up", 5);
  world_start (&world);
  world_wait (world.n_exited >= 5);
  n = count_messages ("has closed its channel");
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpint (n, <=, 1 + (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  world_stop (&world);
  world_clear (&world);
}

static void
test_closed_by_master (void)
{
  World world;

  g_test_summary ("A slave whose channel the master closes is told to end, and the log knows why");

  begin (&world, "serve", 1);
  world_start (&world);
  release_ipc_channel_close (release_slave_process_get_channel (world_peek_slave (&world, 0)));
  world_wait (world.n_exited >= 1);
  g_assert_cmpuint (count_messages ("was closed; the slave is told to end"), >=, 1);
  world_stop (&world);
  world_clear (&world);
}

static void
assert_wrong_framing_is_told (const char *mode)
{
  World world;

  begin (&world, mode, 1);
  world_start (&world);
  world_wait (world.n_exited >= 1);
  g_assert_cmpuint (count_messages ("it speaks PLAIN; set the framing"), >=, 1);
  world_stop (&world);
  world_clear (&world);
}

static void
test_wrong_framing (void)
{
  g_test_summary ("A slave that speaks PLAIN in a group that does not is named, even when dead");

  assert_wrong_framing_is_told ("descriptors");
  assert_wrong_framing_is_told ("last-words");
}

static void
test_reference_dropped (void)
{
  World world;
  gpointer watched;

  g_test_summary ("A master that nobody holds any more stops in order, and is gone then");

  begin (&world, "serve", 2);
  release_master_set_handle_signals (world.master, TRUE);
  world_start (&world);
  watched = world.master;
  g_object_add_weak_pointer (watched, &watched);
  g_object_unref (world.master);
  g_assert_nonnull (watched);

  g_assert_cmpint (raise (SIGTERM), ==, 0);
  world_wait (watched == NULL);
  g_assert_cmpint (world.stopped, ==, 0);
  g_assert_cmpuint (world.n_exited, ==, 2);
  world.master = release_master_new (NULL);
  world_clear (&world);
}

/* Sets whether this process, which is root's, may signal the processes of other users. */
static void
set_may_kill (gboolean may_kill)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

  g_assert_cmpint (syscall (SYS_capget, &header, data), ==, 0);
  if (may_kill)
    data[0].effective |= 1u << CAP_KILL;
  else
    data[0].effective &= ~(1u << CAP_KILL);
  g_assert_cmpint (syscall (SYS_capset, &header, data), ==, 0);
}

static void
test_unkillable (void)
{
  World world;
  g_autofree char *program = NULL;
  const char *argv[] = { NULL, "deaf", NULL };
  g_autoptr(ReleaseSlaveGroup) group = NULL;
  int pid;

  g_test_summary ("A stop leaves a slave that the system does not let it kill, and says so");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  begin (&world, "serve", 1);
  program = world_copy_slave (&world);
  argv[0] = program;
  group = world_add_group (&world, argv, 1);
  release_slave_group_set_user (group, "nobody");
  release_master_set_grace_timeout (world.master, 100);
  world_start (&world);
  pid = release_slave_process_get_pid (world_peek_slave (&world, 1));

  set_may_kill (FALSE);
  world_stop (&world);
  g_assert_cmpint (world.stopped, ==, 0);
  g_assert_cmpuint (world.n_exited, ==, 2);
  g_assert_cmpuint (count_messages ("cannot be told to end: "), ==, 1);
  g_assert_cmpuint (count_messages ("cannot be killed: "), ==, 1);
  g_assert_cmpint (kill (pid, 0), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);

  /* GLib still reaps it. */
  set_may_kill (TRUE);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  while (kill (pid, 0) == 0)
    g_usleep (1000);
  g_assert_cmpint (g_unlink (program), ==, 0);
  world_clear (&world);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  messages = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (keep_message, NULL, NULL);
  g_test_add_func ("/mishaps/hang-up-is-told", test_hang_up);
  g_test_add_func ("/mishaps/channel-closed-by-master", test_closed_by_master);
  g_test_add_func ("/mishaps/wrong-framing-is-told", test_wrong_framing);
  g_test_add_func ("/mishaps/master-nobody-holds", test_reference_dropped);
  g_test_add_func ("/mishaps/slave-that-cannot-be-killed", test_unkillable);

  status = g_test_run ();
  g_ptr_array_unref (messages);

  return status;
}
