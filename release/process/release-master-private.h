/* release/process/release-master-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/io/release-lock-file.h"
#include "release/process/release-crew-private.h"
#include "release/process/release-master.h"
#include "release/process/release-signals-private.h"

G_BEGIN_DECLS

/* The inside of a master, shared by
 *
 *   release-master.c       the object: properties, signals, groups
 *   release-master-run.c   how it starts and how it ends
 *   release-broadcast.c    what it tells all slaves at once */

typedef enum
{
  RELEASE_MASTER_IDLE,
  RELEASE_MASTER_STARTING,
  RELEASE_MASTER_RUNNING,
  RELEASE_MASTER_STOPPING,
} ReleaseMasterPhase;

struct _ReleaseMaster
{
  GObject             parent_instance;

  char               *lock_file;        /* (nullable) */
  char               *control;          /* (nullable) */
  ReleaseIpcCodec    *control_codec;
  ReleaseIpcServer   *control_server;   /* (nullable): the user's, or ours while we run */
  gboolean            own_server;
  int                 grace_timeout;    /* milliseconds */
  gboolean            background;
  gboolean            syslog;
  gboolean            privileged;
  gboolean            handle_signals;

  GPtrArray          *groups;
  GListStore         *slaves;
  ReleaseMasterPhase  phase;
  int                 exit_status;
  gboolean            in_run;
  GQueue              stop_tasks;

  /* What a start has taken and the end gives back, in the order of the start. */
  char               *folder;           /* (nullable): where relative paths begin */
  struct sigaction    children_before;
  gboolean            has_children_before;
  struct rlimit       nofile_before;
  gboolean            has_nofile_before;
  ReleaseSignals     *signals;          /* (nullable) */
  ReleaseLockFile    *lock;             /* (nullable) */
  ReleaseCrew        *crew;             /* (nullable) */
};

enum
{
  RELEASE_MASTER_SIGNAL_MAIN,
  RELEASE_MASTER_SIGNAL_RELOAD,
  RELEASE_MASTER_SIGNAL_STOPPED,
  RELEASE_MASTER_SIGNAL_SLAVE_STARTED,
  RELEASE_MASTER_SIGNAL_SLAVE_EXITED,
  RELEASE_MASTER_SIGNAL_CONTROL_CONNECTED,
  RELEASE_MASTER_SIGNAL_CONTROL_REQUEST,
  RELEASE_MASTER_N_SIGNALS
};

extern guint release_master_signals[RELEASE_MASTER_N_SIGNALS];

G_END_DECLS
