/* release/process/release-privileges-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* An unprivileged user, as the system's databases have it. */
typedef struct
{
  char   *name;
  uid_t   uid;
  gid_t   gid;
  gid_t  *groups;      /* ascending, none twice */
  gsize   n_groups;
  char   *home;
} ReleaseUser;

ReleaseUser *release_user_lookup             (const char         *name,
                                              GError            **error);
void         release_user_free               (ReleaseUser        *user);
char        *release_user_dup_ids            (const ReleaseUser  *user);

gboolean     release_privileges_drop         (const ReleaseUser  *user,
                                              const char         *root_dir,
                                              GError            **error);
gboolean     release_privileges_check_master (GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseUser, release_user_free)

G_END_DECLS
