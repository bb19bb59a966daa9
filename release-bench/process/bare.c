/* release-bench/process/bare.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/process/bare.h"

#include "release-bench/echo/echo.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t
bare_spawn (const char *program,
            int        *fd)
{
  char *argv[] = { (char *) program, NULL };
  posix_spawn_file_actions_t actions;
  int fds[2];
  pid_t pid;

  echo_check (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, fds[1], STDIN_FILENO);
  errno = posix_spawn (&pid, program, &actions, NULL, argv, environ);
  echo_check (errno == 0);
  posix_spawn_file_actions_destroy (&actions);
  close (fds[1]);
  *fd = fds[0];

  return pid;
}

gint64
bare_read_number (int fd)
{
  guint8 frame[BARE_LENGTH_SIZE + sizeof (gint64)];
  gint64 number;

  echo_check (recv (fd, frame, sizeof frame, MSG_WAITALL) == sizeof frame);
  memcpy (&number, frame + BARE_LENGTH_SIZE, sizeof number);
  return number;
}

void
bare_end (pid_t pid,
          int   fd)
{
  int status;

  close (fd);
  echo_check (waitpid (pid, &status, 0) == pid);
  if (status != 0)
    echo_fail ("A slave ended with status %d", status);
}
