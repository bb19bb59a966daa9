/* release/process/release-supervisor.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-supervisor-private.h"

/* A slave that dies sooner after its start died early. */
#define EARLY_DEATH_USEC G_USEC_PER_SEC
/* So many early deaths in a row are too many. More than ten deaths within one second are always
 * ten early ones in a row, so this one counter sees to both rules. */
#define MAX_EARLY_DEATHS 10
/* A slave that lived so long has recovered: the next death is treated like the first. */
#define RECOVERED_USEC (5 * G_USEC_PER_SEC)

/* Delays before a process follows one that died early, in milliseconds; the last one stays. */
static const guint delays_msec[] = { 0, 10, 20, 40, 80, 160, 320, 640, 1000 };

typedef struct
{
  ReleaseSlotState  state;
  gint64            spawned_at;
  gint64            closed_at;        /* when it closed its channel; -1 if it has not */
  gint64            deadline;         /* backing off: of the spawn; stopping: of the kill */
  guint             n_early_deaths;   /* in a row */
  guint             delay;            /* of delays_msec, for the next death */
  guint             terminate : 1;    /* not handed out yet */
  guint             killed : 1;
} Slot;

struct _ReleaseSupervisor
{
  Slot   *slots;
  guint   n_slots;
  gint64  grace_usec;
  GRand  *jitter;
  int     given_up;                   /* the slot to hand out as given up; -1 for none */
  guint   stopping : 1;
  guint   finished : 1;
};

static gboolean
slot_has_process (const Slot *slot)
{
  return slot->state == RELEASE_SLOT_STARTING || slot->state == RELEASE_SLOT_READY ||
         slot->state == RELEASE_SLOT_RUNNING || slot->state == RELEASE_SLOT_STOPPING;
}

static Slot *
get_slot (ReleaseSupervisor *self,
          guint              slot)
{
  g_assert (slot < self->n_slots);

  return &self->slots[slot];
}

static void
terminate_slot (ReleaseSupervisor *self,
                Slot              *slot,
                gint64             now)
{
  slot->state = RELEASE_SLOT_STOPPING;
  slot->deadline = now + self->grace_usec;
  slot->terminate = TRUE;
}

/* Up to a quarter less than the table says, so that slaves that died together do not
 * start together for ever. */
static gint64
take_delay (ReleaseSupervisor *self,
            Slot              *slot,
            gboolean           early)
{
  gint64 delay = delays_msec[slot->delay] * (gint64) 1000;

  if (early && slot->delay + 1 < G_N_ELEMENTS (delays_msec))
    slot->delay++;

  return delay - (delay > 0 ? g_rand_int_range (self->jitter, 0, delay / 4) : 0);
}

ReleaseSupervisor *
release_supervisor_new (guint   n_slots,
                        gint64  grace_usec,
                        guint32 seed)
{
  ReleaseSupervisor *self = g_new0 (ReleaseSupervisor, 1);

  self->slots = g_new0 (Slot, n_slots);
  self->n_slots = n_slots;
  self->grace_usec = grace_usec;
  self->jitter = g_rand_new_with_seed (seed);
  self->given_up = -1;

  return self;
}

void
release_supervisor_free (ReleaseSupervisor *self)
{
  g_rand_free (self->jitter);
  g_free (self->slots);
  g_free (self);
}

void
release_supervisor_start (ReleaseSupervisor *self,
                          gint64             now)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      g_assert (self->slots[i].state == RELEASE_SLOT_DEAD);
      self->slots[i].state = RELEASE_SLOT_BACKING_OFF;
      self->slots[i].deadline = now;
    }
}

/* The process has become its program. */
void
release_supervisor_executed (ReleaseSupervisor *self,
                             guint              slot)
{
  Slot *s = get_slot (self, slot);

  if (s->state == RELEASE_SLOT_STARTING)
    s->state = RELEASE_SLOT_READY;
}

/* The world knows of the process. */
void
release_supervisor_connected (ReleaseSupervisor *self,
                              guint              slot)
{
  Slot *s = get_slot (self, slot);

  if (s->state == RELEASE_SLOT_READY)
    s->state = RELEASE_SLOT_RUNNING;
}

/* The process has closed its channel but lives: it can be of no use any more. */
void
release_supervisor_closed (ReleaseSupervisor *self,
                           guint              slot,
                           gint64             now)
{
  Slot *s = get_slot (self, slot);

  if (!slot_has_process (s) || s->state == RELEASE_SLOT_STOPPING)
    return;

  s->closed_at = now;
  terminate_slot (self, s, now);
}

/* The process is gone, or could not be started at all. */
void
release_supervisor_died (ReleaseSupervisor *self,
                         guint              slot,
                         gint64             now)
{
  Slot *s = get_slot (self, slot);
  gboolean never_executed = s->state == RELEASE_SLOT_STARTING;
  gint64 lived;
  gboolean early;

  g_assert (slot_has_process (s));

  s->terminate = FALSE;
  s->state = RELEASE_SLOT_DEAD;
  if (self->stopping)
    return;

  lived = (s->closed_at >= 0 ? s->closed_at : now) - s->spawned_at;
  early = never_executed || lived < EARLY_DEATH_USEC;
  s->n_early_deaths = early ? s->n_early_deaths + 1 : 0;
  if (lived >= RECOVERED_USEC && !never_executed)
    s->delay = 0;

  if (s->n_early_deaths >= MAX_EARLY_DEATHS)
    {
      s->state = RELEASE_SLOT_GIVEN_UP;
      self->given_up = slot;
      release_supervisor_stop (self, now);
      return;
    }

  s->state = RELEASE_SLOT_BACKING_OFF;
  s->deadline = now + take_delay (self, s, early);
}

/* The first call asks every process to end and gives them the grace period, a later one ends it. */
void
release_supervisor_stop (ReleaseSupervisor *self,
                         gint64             now)
{
  gboolean again = self->stopping;

  self->stopping = TRUE;
  for (guint i = 0; i < self->n_slots; i++)
    {
      Slot *slot = &self->slots[i];

      if (slot->state == RELEASE_SLOT_BACKING_OFF)
        slot->state = RELEASE_SLOT_DEAD;
      else if (slot->state == RELEASE_SLOT_STOPPING && again)
        slot->deadline = MIN (slot->deadline, now);
      else if (slot_has_process (slot) && slot->state != RELEASE_SLOT_STOPPING)
        terminate_slot (self, slot, now);
    }
}

static gboolean
slot_next (ReleaseSupervisor *self,
           Slot              *slot,
           gint64             now,
           ReleaseActionKind *kind)
{
  if (slot->terminate)
    {
      slot->terminate = FALSE;
      *kind = RELEASE_ACTION_TERMINATE;
      return TRUE;
    }

  if (slot->state == RELEASE_SLOT_STOPPING && !slot->killed && slot->deadline <= now)
    {
      slot->killed = TRUE;
      *kind = RELEASE_ACTION_KILL;
      return TRUE;
    }

  if (slot->state == RELEASE_SLOT_BACKING_OFF && slot->deadline <= now)
    {
      slot->state = RELEASE_SLOT_STARTING;
      slot->spawned_at = now;
      slot->closed_at = -1;
      slot->killed = FALSE;
      *kind = RELEASE_ACTION_SPAWN;
      return TRUE;
    }

  return FALSE;
}

/* Hands out what is to be done at @now, one action a call. What a later event makes wrong, a spawn
 * before a stop, is never handed out. */
gboolean
release_supervisor_next (ReleaseSupervisor *self,
                         gint64             now,
                         ReleaseAction     *action)
{
  gboolean any_process = FALSE;

  if (self->given_up >= 0)
    {
      action->kind = RELEASE_ACTION_GIVE_UP;
      action->slot = self->given_up;
      self->given_up = -1;
      return TRUE;
    }

  for (guint i = 0; i < self->n_slots; i++)
    {
      if (slot_next (self, &self->slots[i], now, &action->kind))
        {
          action->slot = i;
          return TRUE;
        }
      any_process |= slot_has_process (&self->slots[i]);
    }

  if (self->stopping && !any_process && !self->finished)
    {
      self->finished = TRUE;
      action->kind = RELEASE_ACTION_FINISH;
      action->slot = 0;
      return TRUE;
    }

  return FALSE;
}

/* When the slot has something to do by itself; -1 for never. */
gint64
release_supervisor_get_slot_deadline (ReleaseSupervisor *self,
                                      guint              slot)
{
  Slot *s = get_slot (self, slot);

  if (s->state == RELEASE_SLOT_BACKING_OFF ||
      (s->state == RELEASE_SLOT_STOPPING && !s->killed))
    return s->deadline;

  return -1;
}

/* When release_supervisor_next () has something to hand out by itself; -1 for never. */
gint64
release_supervisor_get_deadline (ReleaseSupervisor *self)
{
  gint64 earliest = -1;

  for (guint i = 0; i < self->n_slots; i++)
    {
      gint64 deadline = release_supervisor_get_slot_deadline (self, i);

      if (deadline >= 0 && (earliest < 0 || deadline < earliest))
        earliest = deadline;
    }

  return earliest;
}

ReleaseSlotState
release_supervisor_get_slot_state (ReleaseSupervisor *self,
                                   guint              slot)
{
  return get_slot (self, slot)->state;
}

gboolean
release_supervisor_is_stopping (ReleaseSupervisor *self)
{
  return self->stopping;
}
