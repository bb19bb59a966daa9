/* release/process/release-drop.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "release/process/release-drop-private.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NO_UID ((uid_t) -1)
#define NO_GID ((gid_t) -1)

/* A drop under way: what to do, and what the process was before. */
typedef struct
{
  const ReleaseDropPlan *plan;
  uid_t                  old_uid;
  gid_t                  old_gid;
  int                    parent_death_signal;
} Drop;

/* -1 to a setres*() means "leave it", so a plan must never hold one. */
static int
check_plan (Drop *drop)
{
  return release_drop_plan_is_valid (drop->plan) ? 0 : EINVAL;
}

/* The keys of the old session, root's perhaps, stay behind. A kernel without keys says ENOSYS. A
 * container's system call filter says EPERM, which the call itself never does for an anonymous
 * keyring, and then it refuses every other use of keys too. */
static int
join_keyring (Drop *drop)
{
  if (syscall (SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 &&
      errno != ENOSYS && errno != EPERM)
    return errno;

  return 0;
}

/* The bounding set ends where the kernel knows no more capabilities. */
static int
clear_bounding_set (Drop *drop)
{
  int is_bound;

  for (unsigned long i = 0; (is_bound = prctl (PR_CAPBSET_READ, i, 0UL, 0UL, 0UL)) >= 0; i++)
    {
      if (is_bound && prctl (PR_CAPBSET_DROP, i, 0UL, 0UL, 0UL) < 0)
        return errno;
    }

  return prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL) < 0 ? errno : 0;
}

static int
change_directory (Drop *drop)
{
  if (drop->plan->root_dir != NULL && chroot (drop->plan->root_dir) < 0)
    return errno;

  return chdir ("/") < 0 ? errno : 0;
}

static int
change_groups (Drop *drop)
{
  return setgroups (drop->plan->n_groups, drop->plan->groups) < 0 ? errno : 0;
}

static int
change_gid (Drop *drop)
{
  gid_t gid = drop->plan->gid;

  return setresgid (gid, gid, gid) < 0 ? errno : 0;
}

static int
change_uid (Drop *drop)
{
  uid_t uid = drop->plan->uid;

  return setresuid (uid, uid, uid) < 0 ? errno : 0;
}

/* Leaving uid 0 empties the permitted set only if no securebit says otherwise, and never the
 * inheritable one. */
static int
clear_capabilities (Drop *drop)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

  memset (data, 0, sizeof data);
  return syscall (SYS_capset, &header, data) < 0 ? errno : 0;
}

static int
set_no_new_privileges (Drop *drop)
{
  return prctl (PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) < 0 ? errno : 0;
}

/* Until the next execve(), which makes a program dumpable again that its user may read: a slave
 * that is executed after the drop has to do it anew, see release_slave_start (). */
static int
set_not_dumpable (Drop *drop)
{
  return prctl (PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) < 0 ? errno : 0;
}

/* The kernel disarms the signal whenever the credentials change. */
static int
restore_parent_death_signal (Drop *drop)
{
  return prctl (PR_SET_PDEATHSIG, (unsigned long) drop->parent_death_signal, 0UL, 0UL, 0UL) < 0
         ? errno : 0;
}

static bool
has_exact_ids (const ReleaseDropPlan *plan)
{
  uid_t uid[3];
  gid_t gid[3];

  if (getresuid (&uid[0], &uid[1], &uid[2]) < 0 || getresgid (&gid[0], &gid[1], &gid[2]) < 0)
    return false;
  for (int i = 0; i < 3; i++)
    {
      if (uid[i] != plan->uid || gid[i] != plan->gid)
        return false;
    }

  /* These two change nothing when given -1, and return what is in force. */
  return (uid_t) setfsuid (NO_UID) == plan->uid && (gid_t) setfsgid (NO_GID) == plan->gid;
}

/* The kernel keeps groups sorted, as the plan has them. */
static bool
has_exact_groups (const ReleaseDropPlan *plan)
{
  gid_t groups[RELEASE_DROP_MAX_GROUPS];
  int n = getgroups (RELEASE_DROP_MAX_GROUPS, groups);

  return n >= 0 && (size_t) n == plan->n_groups &&
         (n == 0 || memcmp (groups, plan->groups, n * sizeof *groups) == 0);
}

static bool
has_no_capabilities (void)
{
  ReleaseCapabilities capabilities = { 0 };

  if (release_capabilities_get (&capabilities) != 0 || release_capabilities_are_bound ())
    return false;
  for (unsigned long i = 0; prctl (PR_CAPBSET_READ, i, 0UL, 0UL, 0UL) >= 0; i++)
    {
      if (prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0UL, 0UL) != 0)
        return false;
    }

  return (capabilities.effective | capabilities.permitted | capabilities.inheritable) == 0;
}

/* True if a call that needs privileges failed, and for the want of them. */
static bool
is_denied (int result)
{
  return result < 0 && errno == EPERM;
}

/* A root directory that is closed to the user is one that he cannot even name. */
static bool
is_chroot_denied (void)
{
  return chroot ("/") < 0 && (errno == EPERM || errno == EACCES);
}

/* Does what a hostile program would do. */
static bool
cannot_regain (const Drop *drop)
{
  const ReleaseDropPlan *plan = drop->plan;

  return is_denied (setresuid (0, 0, 0)) &&
         is_denied (setresgid (0, 0, 0)) &&
         (drop->old_uid == plan->uid || is_denied (seteuid (drop->old_uid))) &&
         (drop->old_gid == plan->gid || is_denied (setegid (drop->old_gid))) &&
         is_denied (setgroups (plan->n_groups, plan->groups)) &&
         is_chroot_denied ();
}

/* By system calls, since there is no /proc in most root directories. The attempts come first:
 * they must have changed nothing. */
static int
prove (Drop *drop)
{
  bool proven = cannot_regain (drop) &&
                has_exact_ids (drop->plan) &&
                has_exact_groups (drop->plan) &&
                has_no_capabilities () &&
                prctl (PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL) == 1 &&
                prctl (PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) == 0;

  return proven ? 0 : ENOTRECOVERABLE;
}

static int (*const steps[RELEASE_DROP_N_STEPS]) (Drop *drop) = {
  [RELEASE_DROP_STEP_PLAN] = check_plan,
  [RELEASE_DROP_STEP_KEYRING] = join_keyring,
  [RELEASE_DROP_STEP_BOUNDING_SET] = clear_bounding_set,
  [RELEASE_DROP_STEP_DIRECTORY] = change_directory,
  [RELEASE_DROP_STEP_GROUPS] = change_groups,
  [RELEASE_DROP_STEP_GID] = change_gid,
  [RELEASE_DROP_STEP_UID] = change_uid,
  [RELEASE_DROP_STEP_CAPABILITIES] = clear_capabilities,
  [RELEASE_DROP_STEP_NO_NEW_PRIVILEGES] = set_no_new_privileges,
  [RELEASE_DROP_STEP_NOT_DUMPABLE] = set_not_dumpable,
  [RELEASE_DROP_STEP_PARENT_DEATH_SIGNAL] = restore_parent_death_signal,
  [RELEASE_DROP_STEP_PROOF] = prove,
};

/* True if @plan leaves no privileged id to the process. */
bool
release_drop_plan_is_valid (const ReleaseDropPlan *plan)
{
  if (plan->uid == 0 || plan->uid == NO_UID || plan->gid == 0 || plan->gid == NO_GID ||
      plan->n_groups > RELEASE_DROP_MAX_GROUPS ||
      (plan->root_dir != NULL && plan->root_dir[0] != '/'))
    return false;
  for (size_t i = 0; i < plan->n_groups; i++)
    {
      if (plan->groups[i] <= (i == 0 ? 0 : plan->groups[i - 1]) || plan->groups[i] == NO_GID)
        return false;
    }

  return true;
}

/* Changes to the user, the groups and the root directory of @plan, gives up every capability and
 * the way back to one, and proves it. The working directory becomes "/"; a parent-death signal
 * stays as it was. The process must have one thread.
 *
 * Returns 0, or the errno of @failed_step (ENOTRECOVERABLE for the proof). After a failure the
 * process is neither what it was nor what it should be, and must end. */
int
release_drop_privileges (const ReleaseDropPlan *plan,
                         ReleaseDropStep       *failed_step)
{
  Drop drop = { .plan = plan, .old_uid = geteuid (), .old_gid = getegid () };
  int error = 0;

  *failed_step = RELEASE_DROP_STEP_PARENT_DEATH_SIGNAL;
  if (prctl (PR_GET_PDEATHSIG, &drop.parent_death_signal) < 0)
    return errno;

  for (int step = 0; step < RELEASE_DROP_N_STEPS && error == 0; step++)
    {
      *failed_step = step;
      error = steps[step] (&drop);
    }

  return error;
}

/* Gets the capabilities of the calling thread; returns 0 or an errno. */
int
release_capabilities_get (ReleaseCapabilities *capabilities)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

  if (syscall (SYS_capget, &header, data) < 0)
    return errno;

  capabilities->effective = data[0].effective | (uint64_t) data[1].effective << 32;
  capabilities->permitted = data[0].permitted | (uint64_t) data[1].permitted << 32;
  capabilities->inheritable = data[0].inheritable | (uint64_t) data[1].inheritable << 32;
  return 0;
}

/* True if there is a capability in the bounding set: clearing it needs CAP_SETPCAP. */
bool
release_capabilities_are_bound (void)
{
  int is_bound;

  for (unsigned long i = 0; (is_bound = prctl (PR_CAPBSET_READ, i, 0UL, 0UL, 0UL)) >= 0; i++)
    {
      if (is_bound)
        return true;
    }

  return false;
}
