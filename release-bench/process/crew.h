/* release-bench/process/crew.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A master in this process, with slaves that run the program slave. It has no lock file: nothing
 * is left when it is killed.
 */

#pragma once

#include <release/release.h>

typedef struct
{
  ReleaseMaster      *master;
  ReleaseSlaveGroup  *group;
  guint               n_slaves;
  GArray             *numbers;      /* gint64: what the slaves have told */
  gboolean            is_stopped;
} Crew;

void  crew_init   (Crew        *crew,
                   const char  *program,
                   guint        n_slaves);

/* Starts the slaves and waits until each has told a number. */
void  crew_start  (Crew        *crew);

/* Waits until so many numbers are there. */
void  crew_wait   (Crew        *crew,
                   guint        n_numbers);

/* Stops the master. */
void  crew_clear  (Crew        *crew);
