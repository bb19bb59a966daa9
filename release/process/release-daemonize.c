/* release/process/release-daemonize.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-daemonize-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/**
 * SECTION:release-daemonize
 * @title: Daemonizing
 * @short_description: leave the terminal and go on in the background
 *
 * release_daemonize() turns a process into a daemon in five steps: the umask
 * becomes 0; the process forks; the parent ends; the child starts a session,
 * ignores `SIGHUP` and `SIGPIPE`, forks again and ends; the grandchild changes
 * the directory to `/`, connects descriptors 0 to 2 to `/dev/null`, and goes on
 * with the program.
 *
 * With %RELEASE_DAEMONIZE_WAIT the process that was launched stays until the
 * daemon has said how its start went, so that a shell or a service manager
 * sees a failure as a message and an exit status:
 *
 * |[<!-- language="C" -->
 *   if (!release_daemonize (RELEASE_DAEMONIZE_WAIT, &error))
 *     {
 *       g_printerr ("%s\n", error->message);
 *       return EX_OSERR;
 *     }
 *   if (!release_lock_file_acquire (lock, &error))
 *     {
 *       release_daemonize_report (EX_TEMPFAIL, error->message);
 *       return EX_TEMPFAIL;
 *     }
 *   release_daemonize_report (0, NULL);
 * ]|
 *
 * A fork copies only the thread that calls it, so a process that has threads
 * is refused. It is started as `releasectl daemonize -- COMMAND` instead: that
 * program does the five steps and executes the command, in which
 * release_daemonize() then has nothing left to do and
 * release_daemonize_report() tells releasectl. A #ReleaseMaster in it resolves
 * relative paths in the directory where releasectl was started.
 *
 * Both functions belong to the main thread.
 */

/* A packet on the verdict socket: kind, status, text without a NUL. The socket is closed without
 * one if the daemon dies. */
#define PACKET_HEADER_BYTES 2
#define MAX_TEXT_BYTES 4096

typedef enum
{
  PACKET_VERDICT,
  PACKET_EXECUTING,           /* from here on, closed means executed */
} PacketKind;

static gboolean is_daemon = FALSE;
static char *launch_folder;   /* (nullable): the directory of releasectl */
static int verdict_fd = -1;   /* to the launching process, while it waits */
static int null_fd = -1;      /* what takes the place of standard error after the verdict */

G_DEFINE_QUARK (release-daemonize-error-quark, release_daemonize_error)
G_DEFINE_ENUM_TYPE (ReleaseDaemonizeError, release_daemonize_error,
                    G_DEFINE_ENUM_VALUE (RELEASE_DAEMONIZE_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RELEASE_DAEMONIZE_ERROR_THREADS, "threads"))
G_DEFINE_FLAGS_TYPE (ReleaseDaemonizeFlags, release_daemonize_flags,
                     G_DEFINE_ENUM_VALUE (RELEASE_DAEMONIZE_NONE, "none"),
                     G_DEFINE_ENUM_VALUE (RELEASE_DAEMONIZE_WAIT, "wait"))

static gboolean
refuse_threads (GError **error)
{
  g_autoptr(GDir) tasks = NULL;
  g_autoptr(GString) names = g_string_new (NULL);
  const char *tid;

  tasks = g_dir_open ("/proc/self/task", 0, error);
  if (tasks == NULL)
    return FALSE;

  while ((tid = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", tid, "comm", NULL);
      g_autofree char *name = NULL;

      if (atoi (tid) == getpid ())
        continue;
      /* A thread that is gone by now counts as gone. */
      if (!g_file_get_contents (path, &name, NULL, NULL))
        continue;
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", g_strchomp (name));
    }

  if (names->len > 0)
    {
      g_autofree char *shown = release_escape (names->str, names->len);

      g_set_error (error, RELEASE_DAEMONIZE_ERROR, RELEASE_DAEMONIZE_ERROR_THREADS,
                   _("Cannot daemonize a process that has threads (%s); start the program with "
                     "“releasectl daemonize -- COMMAND”"), shown);
      return FALSE;
    }

  return TRUE;
}

/* Makes sure that descriptors 0 to 2 exist, so that nothing else ever gets their numbers. */
gboolean
release_daemonize_open_standard_fds (GError **error)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", O_RDWR) != fd)
      {
        int errsv = errno;

        return release_set_error_from_errno (error, errsv, _("Cannot open “%s”"), "/dev/null");
      }

  return TRUE;
}

/* Also before the first line of the program, whose main loop would take the numbers. */
static void __attribute__ ((constructor))
open_standard_fds (void)
{
  release_daemonize_open_standard_fds (NULL);
}

static void
send_packet (PacketKind  kind,
             int         status,
             const char *text)
{
  char packet[PACKET_HEADER_BYTES + MAX_TEXT_BYTES] = { kind, status };
  gsize length = text != NULL ? MIN (strlen (text), MAX_TEXT_BYTES) : 0;

  if (length > 0)
    memcpy (packet + PACKET_HEADER_BYTES, text, length);

  /* If the launching process was killed there is nobody to tell: the daemon goes on. */
  TEMP_FAILURE_RETRY (send (verdict_fd, packet, PACKET_HEADER_BYTES + length,
                            MSG_NOSIGNAL | MSG_DONTWAIT));
}

/* Prints the verdict and ends the launching process, as a program of its own would end. */
static void G_GNUC_NORETURN
end_launch (int         status,
            const char *text)
{
  const char *program = g_get_prgname ();

  if (status != 0)
    fprintf (stderr, "%s: %s\n", program != NULL ? program : program_invocation_short_name, text);
  else if (text[0] != '\0')
    printf ("%s\n", text);
  fflush (NULL);
  _exit (status);
}

/* The launching process does nothing else any more: the application's handlers and signal mask
 * must not keep it from being interrupted. */
static void
restore_signals (void)
{
  static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
  sigset_t mask;

  sigemptyset (&mask);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      struct sigaction action;

      if (sigaction (signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
        signal (signals[i], SIG_DFL);
      sigaddset (&mask, signals[i]);
    }
  sigprocmask (SIG_UNBLOCK, &mask, NULL);
}

/* What the launching process is from the fork on. @pid is the middle process. */
static void G_GNUC_NORETURN
await_verdict (int   fd,
               pid_t pid)
{
  char packet[PACKET_HEADER_BYTES + MAX_TEXT_BYTES + 1];
  gboolean is_executing = FALSE;
  gssize n;

  restore_signals ();

  do
    {
      n = TEMP_FAILURE_RETRY (recv (fd, packet, sizeof packet - 1, 0));
      if (n >= PACKET_HEADER_BYTES && packet[0] == PACKET_EXECUTING)
        is_executing = TRUE;
    }
  while (n >= PACKET_HEADER_BYTES && packet[0] != PACKET_VERDICT);

  /* It ends as soon as it has forked, and nobody but its parent can bury it. */
  TEMP_FAILURE_RETRY (waitpid (pid, NULL, 0));

  if (n >= PACKET_HEADER_BYTES)
    {
      packet[n] = '\0';
      if (packet[1] != 0 && n == PACKET_HEADER_BYTES)
        end_launch ((guint8) packet[1], _("The start failed"));
      end_launch ((guint8) packet[1], packet + PACKET_HEADER_BYTES);
    }
  if (is_executing)
    end_launch (0, "");
  end_launch (EX_SOFTWARE, _("The daemon ended before it said whether it runs"));
}

static void G_GNUC_NORETURN
end_middle (int         errsv,
            const char *what)
{
  g_autofree char *text = g_strdup_printf ("%s: %s", what, g_strerror (errsv));

  release_daemonize_report (EX_OSERR, text);
  _exit (EX_OSERR);
}

/* What the middle process does. Returns in the daemon only. */
static void
leave_session (void)
{
  pid_t pid;
  int errsv;

  if (setsid () < 0)
    {
      errsv = errno;
      end_middle (errsv, _("Cannot start a session"));
    }
  signal (SIGHUP, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);

  pid = fork ();
  if (pid < 0)
    {
      errsv = errno;
      end_middle (errsv, _("Cannot fork"));
    }
  if (pid > 0)
    _exit (EXIT_SUCCESS);
}

/* Takes over the verdict from releasectl, which did the five steps, once in the life of a process.
 * The variable comes from outside: what it names must be a socket of the right kind, and the
 * directory, which may be missing, absolute. */
static void
adopt (void)
{
  static gboolean has_looked = FALSE;
  g_autofree char *value = g_strdup (g_getenv (RELEASE_DAEMONIZE_VARIABLE));
  g_auto(GStrv) parts = NULL;
  guint64 fd;
  int type, domain;
  socklen_t length = sizeof (int);

  if (has_looked)
    return;
  has_looked = TRUE;
  if (is_daemon || value == NULL)
    return;

  g_unsetenv (RELEASE_DAEMONIZE_VARIABLE);
  parts = g_strsplit (value, ":", 2);
  if (parts[0] == NULL || (parts[1] != NULL && !g_path_is_absolute (parts[1]))
      || !g_ascii_string_to_unsigned (parts[0], 10, STDERR_FILENO + 1, G_MAXINT, &fd, NULL)
      || getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0
      || getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0
      || domain != AF_UNIX || type != SOCK_SEQPACKET
      || fcntl (fd, F_SETFD, FD_CLOEXEC) < 0)
    {
      g_autofree char *shown = release_escape (value, -1);

      g_message ("%s is ignored: “%s” is not the descriptor of a verdict socket",
                 RELEASE_DAEMONIZE_VARIABLE, shown);
      return;
    }

  is_daemon = TRUE;
  launch_folder = g_strdup (parts[1]);
  verdict_fd = fd;
  null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
}

/* Whether a launching process waits for release_daemonize_report(). A master calls this before it
 * starts anything, so that no child inherits the variable or the socket of releasectl. */
gboolean
release_daemonize_is_awaited (void)
{
  adopt ();

  return verdict_fd >= 0;
}

/* Where the relative paths that this process was given begin: in the directory of releasectl, if it
 * started us and we have not gone elsewhere since. */
char *
release_daemonize_dup_folder (void)
{
  g_autofree char *cwd = g_get_current_dir ();

  adopt ();
  if (launch_folder != NULL && strcmp (cwd, "/") == 0)
    return g_strdup (launch_folder);

  return g_steal_pointer (&cwd);
}

/* Lets the program that this process executes next give the verdict, and tells it the directory
 * @folder, where it was launched. If the program cannot be executed, this process still can. */
gboolean
release_daemonize_pass_on (const char  *folder,
                           GError     **error)
{
  g_autofree char *value = g_strdup_printf ("%d:%s", verdict_fd, folder);

  g_return_val_if_fail (verdict_fd >= 0, FALSE);

  if (fcntl (verdict_fd, F_SETFD, 0) < 0)
    {
      int errsv = errno;

      return release_set_error_from_errno (error, errsv, _("Cannot pass on the verdict socket"));
    }
  g_setenv (RELEASE_DAEMONIZE_VARIABLE, value, TRUE);

  return TRUE;
}

/* Makes the execution of the next program the verdict; a failure is reported as usual. */
void
release_daemonize_expect_exec (void)
{
  g_return_if_fail (verdict_fd >= 0);

  dup2 (null_fd, STDERR_FILENO);
  send_packet (PACKET_EXECUTING, 0, NULL);
}

/**
 * release_daemonize:
 * @flags: how to do it
 * @error: return location for a #GError, or %NULL
 *
 * Turns the process into a daemon: what goes on after this call is a new
 * process without a terminal, in the directory `/`, with a umask of 0, that
 * ignores `SIGHUP` and `SIGPIPE`. Make relative paths absolute before, and
 * write out what is buffered outside stdio(3).
 *
 * With %RELEASE_DAEMONIZE_NONE the launching process ends with status 0 once
 * the daemon stands. With %RELEASE_DAEMONIZE_WAIT it waits for
 * release_daemonize_report(), and standard error stays what it was until then.
 * If the daemon ends without reporting, the launching process says so and ends
 * with status 70; if the launching process is killed, the daemon goes on.
 * Functions registered with atexit(3) run in the daemon only.
 *
 * In a process that is a daemon already, by an earlier call or because
 * `releasectl daemonize` started it, this only reports success if @flags do not
 * ask to wait.
 *
 * Fails with %RELEASE_DAEMONIZE_ERROR_THREADS if the process has other threads,
 * and with a #GIOErrorEnum for what the system reports. If the error arose in
 * the daemon, it has been reported; in either case the caller should end.
 *
 * Returns: %TRUE in the daemon, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_daemonize (ReleaseDaemonizeFlags   flags,
                   GError                **error)
{
  int sockets[2];
  mode_t umask_before;
  pid_t pid;
  int errsv;

  adopt ();
  if (is_daemon)
    {
      if ((flags & RELEASE_DAEMONIZE_WAIT) == 0)
        release_daemonize_report (0, NULL);
      return TRUE;
    }

  /* All that can fail for want of something fails here, where nothing has happened yet. */
  if (!refuse_threads (error) || !release_daemonize_open_standard_fds (error))
    return FALSE;
  null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_fd < 0)
    {
      errsv = errno;
      return release_set_error_from_errno (error, errsv, _("Cannot open “%s”"), "/dev/null");
    }
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
    {
      errsv = errno;
      close (null_fd);
      return release_set_error_from_errno (error, errsv, _("Cannot create a socket"));
    }

  /* What is buffered now must not be written twice. */
  fflush (NULL);
  umask_before = umask (0);
  pid = fork ();
  if (pid < 0)
    {
      errsv = errno;
      umask (umask_before);
      close (null_fd);
      close (sockets[0]);
      close (sockets[1]);
      return release_set_error_from_errno (error, errsv, _("Cannot fork"));
    }
  if (pid > 0)
    {
      close (sockets[1]);
      await_verdict (sockets[0], pid);
    }

  close (sockets[0]);
  verdict_fd = sockets[1];
  leave_session ();

  is_daemon = TRUE;
  if (chdir ("/") < 0)
    {
      g_autoptr(GError) local_error = NULL;

      errsv = errno;
      release_set_error_from_errno (&local_error, errsv, _("Cannot change to the directory “/”"));
      release_daemonize_report (EX_OSERR, local_error->message);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  dup2 (null_fd, STDIN_FILENO);
  dup2 (null_fd, STDOUT_FILENO);
  if ((flags & RELEASE_DAEMONIZE_WAIT) == 0)
    release_daemonize_report (0, NULL);

  return TRUE;
}

/**
 * release_daemonize_report:
 * @status: the exit status of the launching process, 0 to 255
 * @text: (nullable): what it prints, at most 4096 bytes, or %NULL
 *
 * Gives the launching process, if one waits, its verdict: it prints @text, to
 * standard output if @status is 0, else to standard error behind its name, and
 * ends with @status. From then on standard error of this process is
 * `/dev/null`.
 *
 * The first call counts. Later ones do nothing, and neither does a call in a
 * process whose start nobody waits for.
 *
 * Since: 0.1
 */
void
release_daemonize_report (int         status,
                          const char *text)
{
  g_return_if_fail (status >= 0 && status <= 255);

  adopt ();
  if (verdict_fd < 0)
    return;

  /* First, so that the terminal or pipe is free once the launching process has ended. */
  dup2 (null_fd, STDERR_FILENO);
  send_packet (PACKET_VERDICT, status, text);
  close (verdict_fd);
  verdict_fd = -1;
  if (null_fd >= 0)
    close (null_fd);
  null_fd = -1;
}
