/* release-tests/process/exec-probe.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The program that the tests run in a slave's place. It tells on standard output, as lines
 * "key: value" up to a line "end", what it finds itself to be; and, before release-exec, it makes
 * the hard conditions that release-exec must cope with. Linked statically where that is possible,
 * to run in an empty root directory. */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Longer than any test waits, so that a broken release-exec leaves nothing behind for ever. */
#define LIFETIME_SECONDS 60
#define MAX_FDS          4096

/* Where the lower half of a 64-bit number is. */
#define LOW_HALF (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0)

static void
tell_status (void)
{
  FILE *status = fopen ("/proc/self/status", "re");
  char line[1024];

  if (status == NULL)
    return;
  while (fgets (line, sizeof line, status) != NULL)
    fputs (line, stdout);
  fclose (status);
}

static void
tell_descriptors (void)
{
  char open_fds[MAX_FDS] = "";

  for (int fd = 0; fd < MAX_FDS; fd++)
    open_fds[fd] = fcntl (fd, F_GETFD) >= 0;

  printf ("fds:");
  for (int fd = 0; fd < MAX_FDS; fd++)
    {
      if (open_fds[fd])
        printf (" %d", fd);
    }
  printf ("\n");
  for (int fd = STDERR_FILENO + 1; fd < MAX_FDS; fd++)
    {
      char content[32] = "";

      if (open_fds[fd] && pread (fd, content, sizeof content - 1, 0) > 0)
        printf ("fd %d: %s\n", fd, content);
    }
}

static void
tell_state (int    argc,
            char **argv)
{
  char directory[4096] = "?";
  struct rlimit nofile;
  struct stat root;
  int signal = 0;

  tell_descriptors ();
  tell_status ();
  if (getcwd (directory, sizeof directory) == NULL || stat ("/", &root) < 0 ||
      getrlimit (RLIMIT_NOFILE, &nofile) < 0 || prctl (PR_GET_PDEATHSIG, &signal) < 0)
    printf ("failed: %s\n", strerror (errno));
  printf ("pid: %d\n", getpid ());
  printf ("parent: %d\n", getppid ());
  printf ("session: %d\n", getsid (0));
  printf ("process group: %d\n", getpgrp ());
  printf ("directory: %s\n", directory);
  printf ("root: %ju:%ju\n", (uintmax_t) root.st_dev, (uintmax_t) root.st_ino);
  printf ("umask: %03o\n", umask (0));
  printf ("nofile: %ju:%ju\n", (uintmax_t) nofile.rlim_cur, (uintmax_t) nofile.rlim_max);
  printf ("parent-death signal: %d\n", signal);
  printf ("keyring: %ld\n",
          syscall (SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
  for (int i = 0; i < argc; i++)
    printf ("arg %d: %s\n", i, argv[i]);
  printf ("environment: %s\n", getenv ("PROBE") != NULL ? getenv ("PROBE") : "");
}

static void
tell_result (const char *key,
             int         result)
{
  printf ("%s: %s\n", key, result < 0 ? strerror (errno) : "done");
}

static void
tell_regain (void)
{
  tell_result ("setuid", setuid (0));
  tell_result ("seteuid", seteuid (0));
  tell_result ("setgid", setgid (0));
  tell_result ("setegid", setegid (0));
  tell_result ("setgroups", setgroups (0, NULL));
  tell_result ("chroot", chroot ("/"));
  tell_result ("kill", kill (getppid (), 0));
}

/* System calls that can be taken away; of prctl(2), one operation. */
static const struct
{
  const char *name;
  int         number;
  int         operation;
} deniable[] = {
  { "capset", SYS_capset, 0 },
  { "chroot", SYS_chroot, 0 },
  { "close_range", SYS_close_range, 0 },
  { "keyctl", SYS_keyctl, 0 },
  { "pidfd_open", SYS_pidfd_open, 0 },
  { "prctl-capbset-drop", SYS_prctl, PR_CAPBSET_DROP },
  { "prctl-no-new-privs", SYS_prctl, PR_SET_NO_NEW_PRIVS },
  { "setgroups", SYS_setgroups, 0 },
  { "setresgid", SYS_setresgid, 0 },
  { "setresuid", SYS_setresuid, 0 },
};

/* Makes system call @number do nothing and fail with an errno, or with 0 say that it worked. */
static int
deny (int number,
      int operation,
      int error)
{
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 2),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, args[0]) + LOW_HALF),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, operation, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

  /* Who is not root may filter only so. */
  if (geteuid () != 0 && prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
    return -1;

  return prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int
deny_by_name (const char *name,
              int         error)
{
  for (size_t i = 0; i < sizeof deniable / sizeof *deniable; i++)
    {
      if (strcmp (deniable[i].name, name) == 0)
        return deny (deniable[i].number, deniable[i].operation, error);
    }

  return -1;
}

/* Takes on what must not reach a slave: groups, an inheritable and an ambient capability. */
static int
burden (void)
{
  static const gid_t groups[] = { 0, 4, 27 };
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

  if (setgroups (3, groups) < 0 || syscall (SYS_capget, &header, data) < 0)
    return -1;
  data[0].inheritable |= 1 << CAP_NET_BIND_SERVICE;
  if (syscall (SYS_capset, &header, data) < 0)
    return -1;

  return prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0);
}

/* A master of its own: starts release-exec with itself as the parent and lives on. */
static int
be_parent (char **command)
{
  char option[32];

  snprintf (option, sizeof option, "--parent=%d", getpid ());
  switch (fork ())
    {
    case -1:
      return -1;
    case 0:
      /* In the place of the word that brought us here. */
      command[-1] = command[0];
      command[0] = option;
      return execv (command[-1], command - 1);
    default:
      /* The report is the child's alone. */
      close_range (STDERR_FILENO + 1, ~0U, 0);
      alarm (LIFETIME_SECONDS);
      for (;;)
        pause ();
    }
}

int
main (int    argc,
      char **argv)
{
  const char *mode = argc > 1 ? argv[1] : "";
  char **command = NULL;

  if (strcmp (mode, "parent") == 0 && argc > 2)
    return be_parent (argv + 2);

  if (strcmp (mode, "deny") == 0 && argc > 4 && deny_by_name (argv[2], atoi (argv[3])) == 0)
    command = argv + 4;
  else if (strcmp (mode, "close") == 0 && argc > 3 && close (atoi (argv[2])) == 0)
    command = argv + 3;
  else if (strcmp (mode, "burden") == 0 && argc > 2 && burden () == 0)
    command = argv + 2;
  if (command != NULL)
    {
      execv (command[0], command);
      return 1;
    }

  tell_state (argc, argv);
  if (strcmp (mode, "regain") == 0)
    tell_regain ();
  printf ("end\n");
  fflush (stdout);

  if (strcmp (mode, "wait") == 0)
    {
      alarm (LIFETIME_SECONDS);
      for (;;)
        pause ();
    }

  return ferror (stdout) ? 1 : 0;
}
