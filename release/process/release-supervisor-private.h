/* release/process/release-supervisor-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Decides what the life of every slave is. It reads no clock, makes no system call and knows no
 * object: events and the time (monotonic, in microseconds) go in, actions come out. Whoever
 * carries the actions out calls, after each event and when the deadline has come,
 *
 *   while (release_supervisor_next (self, now, &action))
 *     carry_out (&action);
 *
 * A slot is the place of one slave: processes follow each other in it, never two at a time. */

typedef struct _ReleaseSupervisor ReleaseSupervisor;

typedef enum
{
  RELEASE_SLOT_DEAD,           /* no process, and none wanted */
  RELEASE_SLOT_STARTING,       /* a process that has not executed its program yet */
  RELEASE_SLOT_READY,          /* it has; nobody has been told yet */
  RELEASE_SLOT_RUNNING,
  RELEASE_SLOT_STOPPING,       /* told to end, or about to be */
  RELEASE_SLOT_BACKING_OFF,    /* no process until a delay has passed */
  RELEASE_SLOT_GIVEN_UP,       /* died too fast for too long */
} ReleaseSlotState;

typedef enum
{
  RELEASE_ACTION_SPAWN,        /* start a process in the slot */
  RELEASE_ACTION_TERMINATE,    /* ask the process of the slot to end */
  RELEASE_ACTION_KILL,         /* end the process of the slot and all that it started */
  RELEASE_ACTION_GIVE_UP,      /* the slot died too fast; the stop of all others follows */
  RELEASE_ACTION_FINISH,       /* after a stop: all processes are gone */
} ReleaseActionKind;

typedef struct
{
  ReleaseActionKind kind;
  guint             slot;      /* not for RELEASE_ACTION_FINISH */
} ReleaseAction;

/* @seed decides the jitter of the back-off, so that a history can be replayed. */
ReleaseSupervisor *release_supervisor_new               (guint              n_slots,
                                                         gint64             grace_usec,
                                                         guint32            seed);
void               release_supervisor_free              (ReleaseSupervisor *self);

void               release_supervisor_start             (ReleaseSupervisor *self,
                                                         gint64             now);
void               release_supervisor_executed          (ReleaseSupervisor *self,
                                                         guint              slot);
void               release_supervisor_connected         (ReleaseSupervisor *self,
                                                         guint              slot);
void               release_supervisor_closed            (ReleaseSupervisor *self,
                                                         guint              slot,
                                                         gint64             now);
void               release_supervisor_died              (ReleaseSupervisor *self,
                                                         guint              slot,
                                                         gint64             now);
void               release_supervisor_stop              (ReleaseSupervisor *self,
                                                         gint64             now);
gboolean           release_supervisor_next              (ReleaseSupervisor *self,
                                                         gint64             now,
                                                         ReleaseAction     *action);

gint64             release_supervisor_get_deadline      (ReleaseSupervisor *self);
gint64             release_supervisor_get_slot_deadline (ReleaseSupervisor *self,
                                                         guint              slot);
ReleaseSlotState   release_supervisor_get_slot_state    (ReleaseSupervisor *self,
                                                         guint              slot);
gboolean           release_supervisor_is_stopping       (ReleaseSupervisor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseSupervisor, release_supervisor_free)

G_END_DECLS
