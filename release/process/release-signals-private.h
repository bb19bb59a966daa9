/* release/process/release-signals-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/io/release-io-poller-private.h"

#include <signal.h>

G_BEGIN_DECLS

/* Signals of the process, taken over while this lives. There is one at a time in a process. */
typedef struct _ReleaseSignals ReleaseSignals;

typedef void (*ReleaseSignalsFunc) (int      signum,
                                    gpointer user_data);

ReleaseSignals *release_signals_new              (ReleaseIoPoller     *poller,
                                                  const int           *signums,
                                                  guint                n_signums,
                                                  ReleaseSignalsFunc   func,
                                                  gpointer             user_data,
                                                  GError             **error);
void            release_signals_free             (ReleaseSignals      *self);
int             release_signals_get_fd           (ReleaseSignals      *self);
gboolean        release_signals_look             (ReleaseSignals      *self);
gboolean        release_signals_was_ignored      (ReleaseSignals      *self,
                                                  int                  signum);

gboolean        release_signals_is_default       (int                  signum);

void            release_signals_default_children (struct sigaction    *before);
void            release_signals_restore_children (const struct sigaction *before);

void            release_signals_ignore_pipe      (struct sigaction    *before);
void            release_signals_restore_pipe     (const struct sigaction *before);

char           *release_signals_dup_name         (int                  signum);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseSignals, release_signals_free)

G_END_DECLS
