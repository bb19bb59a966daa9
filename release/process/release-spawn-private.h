/* release/process/release-spawn-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sys/resource.h>

G_BEGIN_DECLS

/* One process of a slave, from its start by way of release-exec until it has been reaped. */
typedef struct _ReleaseSpawn ReleaseSpawn;

typedef struct
{
  const char         *release_exec;   /* absolute */
  const char         *program;        /* absolute */
  const char *const  *argv;           /* the arguments behind the program's name */
  const char *const  *environment;
  const char         *ids;            /* (nullable): the value of --ids */
  const char         *user;           /* (nullable): whose ids they are */
  struct rlimit       nofile;
  const int          *fds;            /* they become 3, 4, ... */
  guint               n_fds;
} ReleaseSpawnPlan;

typedef enum
{
  RELEASE_SPAWN_UNDER_WAY,
  RELEASE_SPAWN_EXECUTED,
  RELEASE_SPAWN_FAILED,
} ReleaseSpawnProgress;

ReleaseSpawn         *release_spawn_new              (const ReleaseSpawnPlan  *plan,
                                                      int                     *channel_fd,
                                                      GError                 **error);
void                  release_spawn_free             (ReleaseSpawn            *self);

ReleaseSpawnProgress  release_spawn_read_report      (ReleaseSpawn            *self);
void                  release_spawn_close_report     (ReleaseSpawn            *self);
const GError         *release_spawn_get_error        (ReleaseSpawn            *self);
int                   release_spawn_get_exit_status  (ReleaseSpawn            *self);
int                   release_spawn_get_report_fd    (ReleaseSpawn            *self);
int                   release_spawn_get_pidfd        (ReleaseSpawn            *self);
int                   release_spawn_get_pid          (ReleaseSpawn            *self);
GSubprocess          *release_spawn_get_subprocess   (ReleaseSpawn            *self);

gboolean              release_spawn_has_ended        (ReleaseSpawn            *self);
gboolean              release_spawn_signal           (ReleaseSpawn            *self,
                                                      int                      signum,
                                                      GError                 **error);
gboolean              release_spawn_kill_all         (ReleaseSpawn            *self,
                                                      GError                 **error);

char                 *release_spawn_find_release_exec (GError                **error);
gboolean              release_spawn_check_program    (const char              *path,
                                                      GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseSpawn, release_spawn_free)

G_END_DECLS
