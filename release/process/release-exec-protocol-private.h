/* release/process/release-exec-protocol-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* What a master and release-exec say to each other. No GLib here: release-exec has none.
 *
 * The master starts
 *
 *   release-exec [OPTION]... -- PROGRAM [ARGUMENT]...
 *
 * with the slave's channel as descriptor 0, and 1 and 2 open. PROGRAM is an absolute path and
 * becomes argv[0]. The options, each one argument of the form --name=value, each at most once:
 *
 *   --report=FD            (required) a SOCK_SEQPACKET socket to the master, see below
 *   --parent=PID           (required) the master; another parent means that it died
 *   --umask=OCTAL          default 022
 *   --nofile=SOFT:HARD     RLIMIT_NOFILE
 *   --ids=UID:GID:G1,G2    drop all privileges: change to this user, this group and exactly these
 *                          supplementary groups (the list may be empty; ascending, none twice);
 *                          0 is refused. release_user_dup_ids () writes the value.
 *   --chroot=DIR           change the root directory (needs --ids); PROGRAM and --chdir are in it
 *   --chdir=DIR            default "/"; entered as the user of --ids
 *   --fd=FD                a descriptor to hand on besides 0, 1 and 2; may be given several times.
 *                          They become 3, 4, ... in the order given.
 *
 * FD is 3 or more, DIR an absolute path. Numbers are decimal but for OCTAL, without sign, space or
 * leading zeros. A master on GSubprocess passes each FD under the number that it has there, as
 * g_subprocess_launcher_take_fd (launcher, fd, fd): in the child GLib (2.74) at last closes the
 * number that standard input had in the master, even if it has just made it the target of another.
 *
 * The report: one packet whose payload is a ReleaseExecReport with step RELEASE_EXEC_STEP_STARTED
 * and error 0, which carries release-exec's own pidfd as SCM_RIGHTS. (With another error there is
 * no pidfd, and nothing follows.) Then either end of file, when the program was executed (the
 * socket is close-on-exec), or a second packet that names the step that failed and its errno.
 * release-exec then exits with RELEASE_EXEC_EXIT_FAILED, as it does, with a line on standard
 * error, when there is no socket to report to. End of file is also what a release-exec that was
 * killed leaves: the pidfd tells. */

#include <stdint.h>

#define RELEASE_EXEC_EXIT_FAILED 125

/* How many --fd there may be. */
#define RELEASE_EXEC_MAX_FDS 256

/* In the order in which they are taken. */
typedef enum
{
  RELEASE_EXEC_STEP_STARTED,
  RELEASE_EXEC_STEP_ARGUMENTS,      /* EINVAL */
  RELEASE_EXEC_STEP_SESSION,
  RELEASE_EXEC_STEP_SIGNALS,
  RELEASE_EXEC_STEP_DESCRIPTORS,    /* EBADF: one that should be open is not */
  RELEASE_EXEC_STEP_LIMITS,
  RELEASE_EXEC_STEP_PRIVILEGES,     /* --ids and --chroot; ENOTRECOVERABLE: the proof failed */
  RELEASE_EXEC_STEP_DIRECTORY,      /* --chdir */
  RELEASE_EXEC_STEP_PARENT,         /* ESRCH: not our parent; EPIPE: the channel's peer is gone */
  RELEASE_EXEC_STEP_EXEC,
} ReleaseExecStep;

#define RELEASE_EXEC_N_STEPS (RELEASE_EXEC_STEP_EXEC + 1)

typedef struct
{
  int32_t step;    /* ReleaseExecStep */
  int32_t error;   /* errno, 0 for none */
} ReleaseExecReport;
