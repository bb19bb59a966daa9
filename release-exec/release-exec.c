/* release-exec/release-exec.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What every slave starts as: it makes the process that the master wants and becomes the slave.
 * release-exec-protocol-private.h says what it is told and what it reports. */

#include "release/process/release-drop-private.h"
#include "release/process/release-exec-protocol-private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_FD (STDERR_FILENO + 1)

typedef struct
{
  int              argc;
  char           **argv;

  int              report;
  pid_t            parent;
  mode_t           umask;
  struct rlimit    nofile;
  bool             has_nofile;
  ReleaseDropPlan  drop;
  bool             has_ids;
  const char      *directory;
  int              fds[RELEASE_EXEC_MAX_FDS];
  int              n_fds;
  char           **program;
} Start;

static gid_t groups[RELEASE_DROP_MAX_GROUPS];

/* Reads a decimal number without sign, space or leading zeros, at most @max; *@text moves on to
 * what follows it. */
static bool
read_number (const char **text,
             uint64_t     max,
             uint64_t    *number)
{
  const char *p = *text;
  uint64_t n = 0;

  for (; *p >= '0' && *p <= '9'; p++)
    {
      unsigned int digit = *p - '0';

      if (n > (max - digit) / 10)
        return false;
      n = n * 10 + digit;
    }
  if (p == *text || (**text == '0' && p - *text > 1))
    return false;

  *text = p;
  *number = n;
  return true;
}

static bool
read_char (const char **text,
           char         c)
{
  if (**text != c)
    return false;

  (*text)++;
  return true;
}

static bool
parse_number (const char *value,
              uint64_t    max,
              uint64_t   *number)
{
  return read_number (&value, max, number) && *value == '\0';
}

static bool
parse_fd (const char *value,
          int        *fd)
{
  uint64_t number;

  if (!parse_number (value, INT_MAX, &number) || number < FIRST_FD)
    return false;

  *fd = number;
  return true;
}

static bool
parse_report (Start      *start,
              const char *value)
{
  return parse_fd (value, &start->report);
}

static bool
parse_parent (Start      *start,
              const char *value)
{
  uint64_t pid;

  if (!parse_number (value, INT_MAX, &pid) || pid == 0)
    return false;

  start->parent = pid;
  return true;
}

static bool
parse_umask (Start      *start,
             const char *value)
{
  size_t n_digits = strspn (value, "01234567");

  if (n_digits == 0 || n_digits > 4 || value[n_digits] != '\0')
    return false;

  start->umask = strtoul (value, NULL, 8);
  return start->umask <= 0777;
}

static bool
parse_nofile (Start      *start,
              const char *value)
{
  uint64_t soft, hard;

  if (!read_number (&value, RLIM_INFINITY, &soft) || !read_char (&value, ':') ||
      !parse_number (value, RLIM_INFINITY, &hard) || soft > hard)
    return false;

  start->nofile.rlim_cur = soft;
  start->nofile.rlim_max = hard;
  start->has_nofile = true;
  return true;
}

static bool
parse_ids (Start      *start,
           const char *value)
{
  uint64_t uid, gid, group;

  if (!read_number (&value, UINT32_MAX, &uid) || !read_char (&value, ':') ||
      !read_number (&value, UINT32_MAX, &gid) || !read_char (&value, ':'))
    return false;

  start->drop.uid = uid;
  start->drop.gid = gid;
  start->drop.groups = groups;
  start->has_ids = true;
  while (*value != '\0')
    {
      if (start->drop.n_groups == RELEASE_DROP_MAX_GROUPS ||
          (start->drop.n_groups > 0 && !read_char (&value, ',')) ||
          !read_number (&value, UINT32_MAX, &group))
        return false;
      groups[start->drop.n_groups++] = group;
    }

  return true;
}

static bool
parse_chroot (Start      *start,
              const char *value)
{
  start->drop.root_dir = value;
  return value[0] == '/';
}

static bool
parse_chdir (Start      *start,
             const char *value)
{
  start->directory = value;
  return value[0] == '/';
}

static bool
parse_passed_fd (Start      *start,
                 const char *value)
{
  int fd;

  if (start->n_fds == RELEASE_EXEC_MAX_FDS || !parse_fd (value, &fd))
    return false;
  for (int i = 0; i < start->n_fds; i++)
    {
      if (start->fds[i] == fd)
        return false;
    }

  start->fds[start->n_fds++] = fd;
  return true;
}

static const struct
{
  const char *prefix;
  bool      (*parse) (Start *start, const char *value);
  bool        repeats;
} options[] = {
  { "--report=", parse_report, false },
  { "--parent=", parse_parent, false },
  { "--umask=", parse_umask, false },
  { "--nofile=", parse_nofile, false },
  { "--ids=", parse_ids, false },
  { "--chroot=", parse_chroot, false },
  { "--chdir=", parse_chdir, false },
  { "--fd=", parse_passed_fd, true },
};

#define N_OPTIONS ((int) (sizeof options / sizeof *options))

/* The option that @argument is, or -1. */
static int
find_option (const char *argument)
{
  for (int i = 0; i < N_OPTIONS; i++)
    {
      if (strncmp (argument, options[i].prefix, strlen (options[i].prefix)) == 0)
        return i;
    }

  return -1;
}

/* Finds the report socket before anything else is judged, so that the judgement can be told. */
static bool
find_report (Start *start)
{
  for (int i = 1; i < start->argc && strcmp (start->argv[i], "--") != 0; i++)
    {
      int option = find_option (start->argv[i]);

      if (option >= 0 && options[option].parse == parse_report)
        return parse_report (start, start->argv[i] + strlen (options[option].prefix));
    }

  return false;
}

static int
parse_arguments (Start *start)
{
  bool seen[N_OPTIONS] = { false };
  int i;

  for (i = 1; i < start->argc && strcmp (start->argv[i], "--") != 0; i++)
    {
      int option = find_option (start->argv[i]);

      if (option < 0 || (seen[option] && !options[option].repeats) ||
          !options[option].parse (start, start->argv[i] + strlen (options[option].prefix)))
        return EINVAL;
      seen[option] = true;
    }

  /* Without "--" there is no program either. */
  if (i + 1 >= start->argc || start->argv[i + 1][0] != '/')
    return EINVAL;
  start->program = start->argv + i + 1;

  if (start->parent == 0 ||
      (start->has_ids && !release_drop_plan_is_valid (&start->drop)) ||
      (!start->has_ids && start->drop.root_dir != NULL))
    return EINVAL;
  for (int j = 0; j < start->n_fds; j++)
    {
      if (start->fds[j] == start->report)
        return EINVAL;
    }

  return 0;
}

/* Who leads a session already has one without a terminal, or was given one on purpose. */
static int
begin_session (Start *start)
{
  return setsid () < 0 && getsid (0) != getpid () ? errno : 0;
}

/* Ignored and blocked signals pass through execve(). The C library would not let us touch the two
 * signals that it keeps for itself, and some parents ignore even those (tried), so this asks the
 * kernel, to which a zeroed action means SIG_DFL. */
static int
reset_signals (Start *start)
{
  struct sigaction action;
  sigset_t none;

  memset (&action, 0, sizeof action);
  for (int i = 1; i < _NSIG; i++)
    {
      if (i != SIGKILL && i != SIGSTOP &&
          syscall (SYS_rt_sigaction, i, &action, NULL, (size_t) _NSIG / 8) < 0)
        return errno;
    }

  sigemptyset (&none);
  return sigprocmask (SIG_SETMASK, &none, NULL) < 0 ? errno : 0;
}

/* One directory entry as getdents64(2) writes it; the C library's readdir() needs a heap. */
typedef struct
{
  uint64_t ino;
  int64_t  offset;
  uint16_t length;
  uint8_t  type;
  char     name[];
} Entry;

/* The way of a kernel older than 5.9, or of one whose system call filter is. */
static int
close_listed (int first,
              int kept)
{
  char buffer[4096] __attribute__ ((aligned (8)));
  int directory = open ("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  long n = -1;

  if (directory < 0)
    return errno;

  while ((n = syscall (SYS_getdents64, directory, buffer, sizeof buffer)) > 0)
    {
      for (long at = 0; at < n; )
        {
          const Entry *entry = (const void *) (buffer + at);
          uint64_t fd;

          if (parse_number (entry->name, INT_MAX, &fd) && (int) fd >= first && (int) fd != kept &&
              (int) fd != directory)
            close (fd);
          at += entry->length;
        }
    }
  if (n < 0)
    return errno;

  close (directory);
  return 0;
}

/* Closes everything from @first on, except @kept. */
static int
close_others (int first,
              int kept)
{
#ifdef SYS_close_range
  if ((kept == first ||
       syscall (SYS_close_range, (unsigned int) first, (unsigned int) kept - 1, 0U) == 0) &&
      syscall (SYS_close_range, (unsigned int) kept + 1, UINT_MAX, 0U) == 0)
    return 0;
#endif
  return close_listed (first, kept);
}

/* Everything moves up out of the way first, so that no target is another's source. */
static int
arrange_descriptors (Start *start)
{
  int above = FIRST_FD + start->n_fds;

  for (int fd = 0; fd < FIRST_FD; fd++)
    {
      if (fcntl (fd, F_GETFD) < 0)
        return errno;
    }

  for (int i = 0; i < start->n_fds; i++)
    {
      start->fds[i] = fcntl (start->fds[i], F_DUPFD_CLOEXEC, above);
      if (start->fds[i] < 0)
        return errno;
    }
  start->report = fcntl (start->report, F_DUPFD_CLOEXEC, above);
  if (start->report < 0)
    return errno;

  for (int i = 0; i < start->n_fds; i++)
    {
      if (dup2 (start->fds[i], FIRST_FD + i) < 0)
        return errno;
    }

  return close_others (above, start->report);
}

static int
set_limits (Start *start)
{
  umask (start->umask);
  return start->has_nofile && setrlimit (RLIMIT_NOFILE, &start->nofile) < 0 ? errno : 0;
}

static int
drop_privileges (Start *start)
{
  ReleaseDropStep failed_step;

  return start->has_ids ? release_drop_privileges (&start->drop, &failed_step) : 0;
}

/* As the user that the program runs as, in the root directory that it has. */
static int
change_directory (Start *start)
{
  return chdir (start->directory) < 0 ? errno : 0;
}

/* A parent that dies from here on takes us with it; one that died before is looked for. */
static int
watch_parent (Start *start)
{
  struct pollfd channel = { .fd = STDIN_FILENO };

  if (prctl (PR_SET_PDEATHSIG, (unsigned long) SIGKILL, 0UL, 0UL, 0UL) < 0)
    return errno;
  if (getppid () != start->parent)
    return ESRCH;
  if (poll (&channel, 1, 0) < 0)
    return errno;

  return (channel.revents & (POLLHUP | POLLERR)) != 0 ? EPIPE : 0;
}

static int
execute (Start *start)
{
  execv (start->program[0], start->program);
  return errno;
}

static int (*const steps[RELEASE_EXEC_N_STEPS]) (Start *start) = {
  [RELEASE_EXEC_STEP_ARGUMENTS] = parse_arguments,
  [RELEASE_EXEC_STEP_SESSION] = begin_session,
  [RELEASE_EXEC_STEP_SIGNALS] = reset_signals,
  [RELEASE_EXEC_STEP_DESCRIPTORS] = arrange_descriptors,
  [RELEASE_EXEC_STEP_LIMITS] = set_limits,
  [RELEASE_EXEC_STEP_PRIVILEGES] = drop_privileges,
  [RELEASE_EXEC_STEP_DIRECTORY] = change_directory,
  [RELEASE_EXEC_STEP_PARENT] = watch_parent,
  [RELEASE_EXEC_STEP_EXEC] = execute,
};

/* Sends one packet, with descriptor @fd unless it is -1. */
static bool
send_report (int             socket,
             ReleaseExecStep step,
             int             error,
             int             fd)
{
  ReleaseExecReport report = { .step = step, .error = error };
  struct iovec data = { .iov_base = &report, .iov_len = sizeof report };
  union
  {
    struct cmsghdr header;
    char           bytes[CMSG_SPACE (sizeof (int))];
  } control;
  struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

  if (fd >= 0)
    {
      memset (&control, 0, sizeof control);
      control.header.cmsg_level = SOL_SOCKET;
      control.header.cmsg_type = SCM_RIGHTS;
      control.header.cmsg_len = CMSG_LEN (sizeof fd);
      memcpy (CMSG_DATA (&control.header), &fd, sizeof fd);
      message.msg_control = &control;
      message.msg_controllen = sizeof control;
    }

  return sendmsg (socket, &message, MSG_NOSIGNAL) == sizeof report;
}

/* Tells the master that we run, and hands it the descriptor that stands for us and can never come
 * to mean another process. */
static bool
report_start (int socket)
{
  int pidfd = syscall (SYS_pidfd_open, getpid (), 0U);
  int error = pidfd < 0 ? errno : 0;
  bool sent = send_report (socket, RELEASE_EXEC_STEP_STARTED, error, pidfd);

  if (pidfd >= 0)
    close (pidfd);

  return sent && error == 0;
}

int
main (int    argc,
      char **argv)
{
  static const char usage[] =
    "release-exec: started by a Release master, not by hand; --report=SOCKET is missing or bad\n";
  Start start = { .argc = argc, .argv = argv, .report = -1, .umask = 022, .directory = "/" };

  if (!find_report (&start) || fcntl (start.report, F_GETFD) < 0)
    {
      (void) !write (STDERR_FILENO, usage, sizeof usage - 1);
      _exit (RELEASE_EXEC_EXIT_FAILED);
    }
  if (!report_start (start.report))
    _exit (RELEASE_EXEC_EXIT_FAILED);

  for (int step = RELEASE_EXEC_STEP_ARGUMENTS; step < RELEASE_EXEC_N_STEPS; step++)
    {
      int error = steps[step] (&start);

      if (error != 0)
        {
          send_report (start.report, step, error, -1);
          break;
        }
    }

  _exit (RELEASE_EXEC_EXIT_FAILED);
}
