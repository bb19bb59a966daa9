/* release-tests/process/master-harness.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/release.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A master in the process of the test, with a group whose slaves run a mode of slave-probe. */
typedef struct
{
  char              *folder;
  ReleaseMaster     *master;
  ReleaseSlaveGroup *group;
  GPtrArray         *events;       /* what slaves have told */
  guint              n_connected;
  guint              n_exited;
  int                wait_status;  /* of the last that exited */
  int                stopped;      /* exit status, -1 while the master runs */
} World;

static inline char *
world_path (World      *world,
            const char *name)
{
  return g_build_filename (world->folder, name, NULL);
}

static inline void
world_connected_cb (ReleaseSlaveGroup   *group,
                    ReleaseSlaveProcess *slave,
                    ReleaseIpcChannel   *channel,
                    World               *world)
{
  g_assert_true (release_slave_process_get_channel (slave) == channel);
  world->n_connected++;
}

static inline void
world_event_cb (ReleaseSlaveGroup   *group,
                ReleaseSlaveProcess *slave,
                ReleaseIpcMessage   *message,
                World               *world)
{
  g_ptr_array_add (world->events, g_strdup (release_ipc_message_get_string (message)));
}

static inline void
world_exited_cb (ReleaseMaster       *master,
                 ReleaseSlaveProcess *slave,
                 int                  wait_status,
                 World               *world)
{
  g_assert_cmpint (release_slave_process_get_state (slave), ==, RELEASE_SLAVE_STATE_DEAD);
  world->n_exited++;
  world->wait_status = wait_status;
}

static inline void
world_stopped_cb (ReleaseMaster *master,
                  int            exit_status,
                  World         *world)
{
  world->stopped = exit_status;
}

static inline ReleaseSlaveGroup *
world_add_group (World             *world,
                 const char *const *argv,
                 guint              n_slaves)
{
  ReleaseSlaveGroup *group = release_slave_group_new (argv, n_slaves, NULL);

  g_signal_connect (group, "connected", G_CALLBACK (world_connected_cb), world);
  g_signal_connect (group, "event", G_CALLBACK (world_event_cb), world);
  release_master_add_group (world->master, group);

  return group;
}

static inline void
world_init (World      *world,
            const char *mode,
            guint       n_slaves)
{
  const char *argv[] = { g_getenv ("SLAVE_PROBE"), mode, NULL };
  g_autofree char *lock_file = NULL;

  memset (world, 0, sizeof *world);
  world->folder = g_dir_make_tmp ("release-XXXXXX", NULL);
  world->events = g_ptr_array_new_with_free_func (g_free);
  world->stopped = -1;

  lock_file = world_path (world, "lock");
  world->master = release_master_new (lock_file);
  release_master_set_privileged (world->master, geteuid () == 0);
  g_signal_connect (world->master, "slave-exited", G_CALLBACK (world_exited_cb), world);
  g_signal_connect (world->master, "stopped", G_CALLBACK (world_stopped_cb), world);
  world->group = world_add_group (world, argv, n_slaves);
}

/* A copy of the slave in the folder of the test, where another user finds it. */
static inline char *
world_copy_slave (World *world)
{
  char *program = world_path (world, "program");
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (g_getenv ("SLAVE_PROBE"), &contents, &length, NULL));
  g_assert_true (g_file_set_contents_full (program, contents, length,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0755, NULL));
  g_assert_cmpint (g_chmod (world->folder, 0755), ==, 0);

  return program;
}

static inline void
world_start (World *world)
{
  g_autoptr(GError) error = NULL;

  release_master_start (world->master, &error);
  g_assert_no_error (error);
}

/* Runs the main loop until @condition is true; the test's timeout is the limit. */
#define world_wait(condition)                        \
  G_STMT_START                                       \
    while (!(condition))                             \
      g_main_context_iteration (NULL, TRUE);         \
  G_STMT_END

static inline void
world_stop (World *world)
{
  release_master_stop_async (world->master, NULL, NULL, NULL);
  world_wait (world->stopped >= 0);
}

/* GLib reaps in a thread of its own; a child that is not dead has the test's timeout end it. */
static inline void
world_wait_reaped (void)
{
  siginfo_t info;

  while (waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
    g_usleep (1000);
  g_assert_cmpint (errno, ==, ECHILD);
}

/* Also proves that nothing is left: no process, no file, no reference. */
static inline void
world_clear (World *world)
{
  g_assert_false (release_master_is_running (world->master));
  world_wait_reaped ();

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_handlers_disconnect_by_data (world->group, world);
  g_assert_finalize_object (world->master);
  g_assert_finalize_object (world->group);
  g_assert_cmpint (g_rmdir (world->folder), ==, 0);
  g_free (world->folder);
  g_ptr_array_unref (world->events);
}

static inline ReleaseSlaveProcess *
world_peek_slave (World *world,
                  guint  position)
{
  GListModel *slaves = release_master_get_slaves (world->master);
  g_autoptr(ReleaseSlaveProcess) slave = g_list_model_get_item (slaves, position);

  return slave;
}

static inline const char *
world_get_event (World *world,
                 guint  i)
{
  world_wait (world->events->len > i);
  return world->events->pdata[i];
}

/* Waits until a process that need not be our child is gone. */
static inline void
wait_gone (int pidfd)
{
  struct pollfd fd = { pidfd, POLLIN, 0 };

  while (poll (&fd, 1, -1) < 0)
    g_assert_cmpint (errno, ==, EINTR);
  close (pidfd);
}

static inline int
open_pidfd (int pid)
{
  int fd = syscall (SYS_pidfd_open, pid, 0);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}
