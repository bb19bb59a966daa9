/* release/process/release-drop-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* The one place that gives privileges up. The library and release-exec share it, so there is no
 * GLib here and no heap: system calls only. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Supplementary groups that a plan may have; as text they fit into one argument of execve(). */
#define RELEASE_DROP_MAX_GROUPS 4096

/* In the order in which they are taken. */
typedef enum
{
  RELEASE_DROP_STEP_PLAN,
  RELEASE_DROP_STEP_KEYRING,
  RELEASE_DROP_STEP_BOUNDING_SET,
  RELEASE_DROP_STEP_DIRECTORY,
  RELEASE_DROP_STEP_GROUPS,
  RELEASE_DROP_STEP_GID,
  RELEASE_DROP_STEP_UID,
  RELEASE_DROP_STEP_CAPABILITIES,
  RELEASE_DROP_STEP_NO_NEW_PRIVILEGES,
  RELEASE_DROP_STEP_NOT_DUMPABLE,
  RELEASE_DROP_STEP_PARENT_DEATH_SIGNAL,
  RELEASE_DROP_STEP_PROOF,
} ReleaseDropStep;

#define RELEASE_DROP_N_STEPS (RELEASE_DROP_STEP_PROOF + 1)

typedef struct
{
  uid_t        uid;         /* not 0 */
  gid_t        gid;         /* not 0 */
  const gid_t *groups;      /* ascending, none twice, without 0 */
  size_t       n_groups;
  const char  *root_dir;    /* absolute; NULL: the root directory stays */
} ReleaseDropPlan;

typedef struct
{
  uint64_t effective;
  uint64_t permitted;
  uint64_t inheritable;
} ReleaseCapabilities;

bool release_drop_plan_is_valid     (const ReleaseDropPlan *plan);
int  release_drop_privileges        (const ReleaseDropPlan *plan,
                                     ReleaseDropStep       *failed_step);

int  release_capabilities_get       (ReleaseCapabilities   *capabilities);
bool release_capabilities_are_bound (void);
