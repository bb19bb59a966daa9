/* release/process/release-spawn.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-spawn-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/io/release-io-fd-private.h"
#include "release/process/release-daemonize-private.h"
#include "release/process/release-exec-protocol-private.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <sysexits.h>
#include <unistd.h>

/* Since Linux 6.9; <linux/pidfd.h> of Debian 12 has it not. */
#define SIGNAL_PROCESS_GROUP (1u << 2)

/* Where the report socket is in release-exec; descriptors to pass on follow it. */
#define REPORT_FD 3

struct _ReleaseSpawn
{
  GSubprocess          *subprocess;
  char                 *program;
  char                 *user;           /* (nullable) */
  int                   pid;            /* 0 if it was gone before it could be asked for */
  int                   pidfd;          /* -1 until reported */
  int                   report_fd;      /* -1 once closed */
  ReleaseSpawnProgress  progress;
  ReleaseExecStep       failed_step;
  GError               *error;          /* (nullable): why the program was not executed */
};

/* What stands in parentheses behind the program that could not be started. */
static const char *const step_names[] = {
  [RELEASE_EXEC_STEP_STARTED] = N_("start"),
  [RELEASE_EXEC_STEP_ARGUMENTS] = N_("arguments"),
  [RELEASE_EXEC_STEP_SESSION] = N_("new session"),
  [RELEASE_EXEC_STEP_SIGNALS] = N_("signals"),
  [RELEASE_EXEC_STEP_DESCRIPTORS] = N_("descriptors"),
  [RELEASE_EXEC_STEP_LIMITS] = N_("limits"),
  [RELEASE_EXEC_STEP_PRIVILEGES] = N_("privileges"),
  [RELEASE_EXEC_STEP_DIRECTORY] = N_("directory"),
  [RELEASE_EXEC_STEP_PARENT] = N_("parent process"),
  [RELEASE_EXEC_STEP_EXEC] = N_("execution"),
};

static GStrv
build_argv (const ReleaseSpawnPlan *plan)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *report = g_strdup_printf ("--report=%d", REPORT_FD);
  g_autofree char *parent = g_strdup_printf ("--parent=%d", getpid ());
  g_autofree char *nofile = g_strdup_printf ("--nofile=%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                             (guint64) plan->nofile.rlim_cur,
                                             (guint64) plan->nofile.rlim_max);

  g_strv_builder_add_many (builder, plan->release_exec, report, parent, nofile, NULL);
  if (plan->ids != NULL)
    {
      g_autofree char *ids = g_strdup_printf ("--ids=%s", plan->ids);

      g_strv_builder_add (builder, ids);
    }
  for (guint i = 0; i < plan->n_fds; i++)
    {
      g_autofree char *fd = g_strdup_printf ("--fd=%u", REPORT_FD + 1 + i);

      g_strv_builder_add (builder, fd);
    }
  g_strv_builder_add_many (builder, "--", plan->program, NULL);
  g_strv_builder_addv (builder, (const char **) plan->argv);

  return g_strv_builder_end (builder);
}

/* INHERIT_FDS is the flag that lets GSubprocess use posix_spawn(). All our descriptors are
 * close-on-exec, and release-exec closes the rest. */
static GSubprocess *
spawn_subprocess (const ReleaseSpawnPlan  *plan,
                  int                     *child_fd,
                  int                     *report_fd,
                  GError                 **error)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_auto(GStrv) argv = build_argv (plan);
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_INHERIT_FDS;

  /* A slave that kept the terminal, or the pipe, of a daemon's launcher would keep it for life. */
  if (release_daemonize_is_awaited ())
    flags |= G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE;

  launcher = g_subprocess_launcher_new (flags);
  g_subprocess_launcher_set_environ (launcher, (GStrv) plan->environment);
  g_subprocess_launcher_take_stdin_fd (launcher, g_steal_fd (child_fd));
  g_subprocess_launcher_take_fd (launcher, g_steal_fd (report_fd), REPORT_FD);
  for (guint i = 0; i < plan->n_fds; i++)
    {
      int fd = fcntl (plan->fds[i], F_DUPFD_CLOEXEC, 3);

      if (fd < 0)
        {
          release_set_error_from_errno (error, errno, _("Cannot pass a descriptor on"));
          return NULL;
        }
      g_subprocess_launcher_take_fd (launcher, fd, REPORT_FD + 1 + i);
    }

  return g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, error);
}

/* Starts a process. @channel_fd is set to the master's end of its channel, which the caller owns.
 * Whether the program is executed tells release_spawn_read_report (). */
ReleaseSpawn *
release_spawn_new (const ReleaseSpawnPlan  *plan,
                   int                     *channel_fd,
                   GError                 **error)
{
  g_autoptr(GSubprocess) subprocess = NULL;
  ReleaseSpawn *self;
  int channel[2] = { -1, -1 };
  int report[2] = { -1, -1 };

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0 ||
      socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, report) < 0)
    release_set_error_from_errno (error, errno, _("Cannot create a socket for a slave"));
  else
    subprocess = spawn_subprocess (plan, &channel[1], &report[1], error);

  release_io_close (&channel[1]);
  release_io_close (&report[1]);
  if (subprocess == NULL)
    {
      release_io_close (&channel[0]);
      release_io_close (&report[0]);
      return NULL;
    }

  self = g_new0 (ReleaseSpawn, 1);
  self->program = g_strdup (plan->program);
  self->user = g_strdup (plan->user);
  self->pidfd = -1;
  self->report_fd = g_steal_fd (&report[0]);
  if (g_subprocess_get_identifier (subprocess) != NULL)
    self->pid = atoi (g_subprocess_get_identifier (subprocess));
  self->subprocess = g_steal_pointer (&subprocess);
  *channel_fd = g_steal_fd (&channel[0]);

  return self;
}

void
release_spawn_free (ReleaseSpawn *self)
{
  release_io_close (&self->pidfd);
  release_io_close (&self->report_fd);
  g_object_unref (self->subprocess);
  g_clear_error (&self->error);
  g_free (self->program);
  g_free (self->user);
  g_free (self);
}

static ReleaseSpawnProgress
fail (ReleaseSpawn *self,
      int           step,
      int           errsv)
{
  g_autofree char *program = release_escape (self->program, -1);

  self->failed_step = CLAMP (step, 0, (int) G_N_ELEMENTS (step_names) - 1);
  if (self->failed_step == RELEASE_EXEC_STEP_EXEC && self->user != NULL)
    release_set_error_from_errno (&self->error, errsv, _("Cannot execute “%s” as the user “%s”"),
                                  program, self->user);
  else if (self->failed_step == RELEASE_EXEC_STEP_EXEC)
    release_set_error_from_errno (&self->error, errsv, _("Cannot execute “%s”"), program);
  else
    release_set_error_from_errno (&self->error, errsv, _("Cannot start “%s” (%s)"), program,
                                  _(step_names[self->failed_step]));

  return self->progress = RELEASE_SPAWN_FAILED;
}

/* Takes the one descriptor that a packet may carry. */
static int
take_fd (struct msghdr *message)
{
  int taken = -1;

  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c != NULL; c = CMSG_NXTHDR (message, c))
    {
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && taken < 0 &&
          c->cmsg_len == CMSG_LEN (sizeof taken))
        taken = *(int *) (void *) CMSG_DATA (c);
    }

  return taken;
}

/* Reads what release-exec has to say so far; never waits. */
ReleaseSpawnProgress
release_spawn_read_report (ReleaseSpawn *self)
{
  while (self->progress == RELEASE_SPAWN_UNDER_WAY)
    {
      ReleaseExecReport report;
      union
      {
        struct cmsghdr  header;
        char            bytes[CMSG_SPACE (sizeof (int))];
      } control;
      struct iovec part = { &report, sizeof report };
      struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
      };
      gssize n = recvmsg (self->report_fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        break;
      if (n < 0)
        return fail (self, RELEASE_EXEC_STEP_STARTED, errno);
      if (n == 0 && self->pidfd >= 0)
        return self->progress = RELEASE_SPAWN_EXECUTED;
      if (n == 0)
        return fail (self, RELEASE_EXEC_STEP_STARTED, ECHILD);

      if (self->pidfd < 0)
        self->pidfd = take_fd (&message);
      if (n != sizeof report || (report.error == 0 && self->pidfd < 0))
        return fail (self, RELEASE_EXEC_STEP_STARTED, EPROTO);
      if (report.error != 0)
        return fail (self, report.step, report.error);
    }

  return self->progress;
}

/* For when the report is complete. Whoever watches the descriptor stops before: a child that was
 * just forked can hold a copy for a moment, and with it the descriptor's place in an epoll. */
void
release_spawn_close_report (ReleaseSpawn *self)
{
  release_io_close (&self->report_fd);
}

/* Why the program was not executed, once the report says so. */
const GError *
release_spawn_get_error (ReleaseSpawn *self)
{
  return self->error;
}

/* The exit status of a master whose start failed for it. */
int
release_spawn_get_exit_status (ReleaseSpawn *self)
{
  switch (self->failed_step)
    {
    case RELEASE_EXEC_STEP_EXEC:
      return EX_OSFILE;
    case RELEASE_EXEC_STEP_PRIVILEGES:
      return EX_NOPERM;
    default:
      return EX_OSERR;
    }
}

int
release_spawn_get_report_fd (ReleaseSpawn *self)
{
  return self->report_fd;
}

int
release_spawn_get_pidfd (ReleaseSpawn *self)
{
  return self->pidfd;
}

int
release_spawn_get_pid (ReleaseSpawn *self)
{
  return self->pid;
}

GSubprocess *
release_spawn_get_subprocess (ReleaseSpawn *self)
{
  return self->subprocess;
}

/* Whether the process is dead, reaped or not. */
gboolean
release_spawn_has_ended (ReleaseSpawn *self)
{
  struct pollfd pidfd = { self->pidfd, POLLIN, 0 };

  return poll (&pidfd, 1, 0) > 0;
}

static int
pidfd_signal (int      pidfd,
              int      signum,
              unsigned flags)
{
  return syscall (SYS_pidfd_send_signal, pidfd, signum, NULL, flags) < 0 ? errno : 0;
}

/* Signals the process itself. GSubprocess, which knows until when the PID is its child's, stands in
 * for the pidfd until release-exec has sent it, and where a system call filter hides the call.
 * Fails with %G_IO_ERROR_NOT_FOUND if the process was reaped. */
gboolean
release_spawn_signal (ReleaseSpawn  *self,
                      int            signum,
                      GError       **error)
{
  int errsv = self->pidfd < 0 ? ENOSYS : pidfd_signal (self->pidfd, signum, 0);

  switch (errsv)
    {
    case 0:
      return TRUE;
    case ENOSYS:
      g_subprocess_send_signal (self->subprocess, signum);
      return TRUE;
    case ESRCH:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("Process %d has ended"), self->pid);
      return FALSE;
    default:
      return release_set_error_from_errno (error, errsv, _("Cannot signal process %d"), self->pid);
    }
}

/* Whether -pid means the process group of the process and no other. As long as the process is not
 * reaped, the number is its own. After that the number stays taken as long as the group has a
 * member; a process that was given it shows that the group is gone. */
static gboolean
owns_group_number (ReleaseSpawn *self)
{
  int errsv = pidfd_signal (self->pidfd, 0, 0);

  if (self->pid <= 1)
    return FALSE;
  if (errsv == ENOSYS && g_subprocess_get_identifier (self->subprocess) != NULL)
    return TRUE;

  return errsv == 0 || errsv == EPERM || (kill (self->pid, 0) < 0 && errno == ESRCH);
}

/* Kills the process and all that it started and that stayed in its process group. The group is
 * found by the pidfd also after its leader was reaped, or by its number if the kernel (before 6.9)
 * cannot do so. A process that has ended counts as killed. */
gboolean
release_spawn_kill_all (ReleaseSpawn  *self,
                        GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean killed = release_spawn_signal (self, SIGKILL, &local_error) ||
                    g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  if (self->pidfd >= 0)
    {
      int errsv = pidfd_signal (self->pidfd, SIGKILL, SIGNAL_PROCESS_GROUP);

      if ((errsv == EINVAL || errsv == ENOSYS) && owns_group_number (self))
        kill (-self->pid, SIGKILL);
    }
  if (!killed)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return killed;
}

/* Finds release-exec: what the environment says (never if the process is setuid), then beside the
 * library in a build tree, then where it was installed. */
char *
release_spawn_find_release_exec (GError **error)
{
  const char *override = secure_getenv ("RELEASE_EXEC");
  g_autofree char *cwd = g_get_current_dir ();
  g_autofree char *built = NULL;
  Dl_info info;

  if (override != NULL && *override != '\0')
    {
      g_autofree char *path = g_canonicalize_filename (override, cwd);

      return release_spawn_check_program (path, error) ? g_steal_pointer (&path) : NULL;
    }

  if (dladdr ((const void *) release_spawn_find_release_exec, &info) != 0 &&
      info.dli_fname != NULL)
    {
      g_autofree char *library = g_canonicalize_filename (info.dli_fname, cwd);
      g_autofree char *folder = g_path_get_dirname (library);

      built = g_build_filename (folder, "..", "release-exec", "release-exec", NULL);
      if (release_spawn_check_program (built, NULL))
        return g_canonicalize_filename (built, NULL);
    }

  if (!release_spawn_check_program (RELEASE_EXEC_PATH, error))
    return NULL;

  return g_strdup (RELEASE_EXEC_PATH);
}

/* What gives the program at @path privileges when it is executed, and takes the signal from it by
 * which it would end with its parent; %NULL for nothing. */
static const char *
describe_privileges (const char        *path,
                     const struct stat *info)
{
  if ((info->st_mode & S_ISUID) != 0)
    return _("it is setuid");
  if ((info->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
    return _("it is setgid");
  if (getxattr (path, "security.capability", NULL, 0) > 0)
    return _("it has file capabilities");

  return NULL;
}

/* Whether @path can be executed, as far as can be told without doing it, by a process that is to
 * end with its parent. */
gboolean
release_spawn_check_program (const char  *path,
                             GError     **error)
{
  g_autofree char *escaped = release_escape (path, -1);
  const char *privileges;
  struct stat info;
  int errsv = 0;

  if (stat (path, &info) < 0)
    errsv = errno;
  else if (S_ISDIR (info.st_mode))
    errsv = EISDIR;
  else if (!S_ISREG (info.st_mode))
    errsv = EACCES;
  else if (faccessat (AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
    errsv = errno;

  if (errsv != 0)
    return release_set_error_from_errno (error, errsv, _("Cannot execute “%s”"), escaped);

  privileges = describe_privileges (path, &info);
  if (privileges != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _("Cannot execute “%s”: %s and would outlive its master"), escaped, privileges);
      return FALSE;
    }

  return TRUE;
}
