/* release/process/release-crew-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/process/release-slave-group.h"

#include <sys/resource.h>

G_BEGIN_DECLS

/* All slaves of a master: carries out what the supervisor decides, and tells it what happens. */
typedef struct _ReleaseCrew ReleaseCrew;

/* What the master wants to hear. Any of these may run the user's code. */
typedef struct
{
  void (*look)     (gpointer             user_data);    /* at pending signals, before each action */
  void (*started)  (ReleaseSlaveProcess *slave,
                    gpointer             user_data);
  void (*exited)   (ReleaseSlaveProcess *slave,
                    int                  wait_status,
                    gpointer             user_data);
  void (*gave_up)  (gpointer             user_data);
  void (*finished) (gpointer             user_data);    /* after a stop: nobody is left */
} ReleaseCrewFuncs;

ReleaseCrew *release_crew_new            (GListStore              *slaves,
                                          const ReleaseCrewFuncs  *funcs,
                                          gpointer                 user_data);
ReleaseCrew *release_crew_ref            (ReleaseCrew             *self);
void         release_crew_unref          (ReleaseCrew             *self);

gboolean     release_crew_add_group      (ReleaseCrew             *self,
                                          ReleaseSlaveGroup       *group,
                                          const char              *folder,
                                          GError                 **error);
gboolean     release_crew_find_programs  (ReleaseCrew             *self,
                                          GError                 **error);
gboolean     release_crew_look_up_users  (ReleaseCrew             *self,
                                          GError                 **error);
gboolean     release_crew_open_controls  (ReleaseCrew             *self,
                                          GError                 **error);
void         release_crew_close_controls (ReleaseCrew             *self);
gboolean     release_crew_start          (ReleaseCrew             *self,
                                          gint64                   grace_usec,
                                          const struct rlimit     *nofile,
                                          int                      interrupt_fd,
                                          int                     *exit_status,
                                          GError                 **error);
void         release_crew_connect        (ReleaseCrew             *self);
void         release_crew_stop           (ReleaseCrew             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseCrew, release_crew_unref)

G_END_DECLS
