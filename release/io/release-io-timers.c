/* release/io/release-io-timers.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-io-timers-private.h"

static void
swap_timers (ReleaseIoTimers *self,
             guint            a,
             guint            b)
{
  ReleaseIoTimer *timer_a = g_ptr_array_index (self->heap, a);
  ReleaseIoTimer *timer_b = g_ptr_array_index (self->heap, b);

  g_ptr_array_index (self->heap, a) = timer_b;
  g_ptr_array_index (self->heap, b) = timer_a;
  timer_a->heap_index = b;
  timer_b->heap_index = a;
}

static gint64
deadline_at (ReleaseIoTimers *self,
             guint            index)
{
  return ((ReleaseIoTimer *) g_ptr_array_index (self->heap, index))->deadline;
}

static void
sift (ReleaseIoTimers *self,
      guint            index)
{
  while (index > 0 && deadline_at (self, index) < deadline_at (self, (index - 1) / 2))
    {
      swap_timers (self, index, (index - 1) / 2);
      index = (index - 1) / 2;
    }

  for (;;)
    {
      guint child = 2 * index + 1;

      if (child + 1 < self->heap->len &&
          deadline_at (self, child + 1) < deadline_at (self, child))
        child++;
      if (child >= self->heap->len || deadline_at (self, index) <= deadline_at (self, child))
        return;

      swap_timers (self, index, child);
      index = child;
    }
}

void
release_io_timers_init (ReleaseIoTimers *self)
{
  self->heap = g_ptr_array_new ();
}

void
release_io_timers_clear (ReleaseIoTimers *self)
{
  g_clear_pointer (&self->heap, g_ptr_array_unref);
}

void
release_io_timers_add (ReleaseIoTimers *self,
                       ReleaseIoTimer  *timer)
{
  timer->heap_index = self->heap->len;
  g_ptr_array_add (self->heap, timer);
  sift (self, timer->heap_index);
}

/* @timer: one that was added */
void
release_io_timers_remove (ReleaseIoTimers *self,
                          ReleaseIoTimer  *timer)
{
  guint index = timer->heap_index;
  guint last = self->heap->len - 1;

  swap_timers (self, index, last);
  g_ptr_array_set_size (self->heap, last);
  if (index < last)
    sift (self, index);
}
