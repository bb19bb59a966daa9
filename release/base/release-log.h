/* release/base/release-log.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <glib-object.h>

#include <release/base/release-version-macros.h>

G_BEGIN_DECLS

/**
 * ReleaseLogTarget:
 * @RELEASE_LOG_TARGET_STDERR: standard error, a line each with time, program and PID
 * @RELEASE_LOG_TARGET_SYSLOG: syslog(3), facility `daemon`
 * @RELEASE_LOG_TARGET_APPLICATION: whatever the application installed itself
 *
 * Where log messages of the process go.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_LOG_TARGET_STDERR,
  RELEASE_LOG_TARGET_SYSLOG,
  RELEASE_LOG_TARGET_APPLICATION,
} ReleaseLogTarget;

#define RELEASE_TYPE_LOG_TARGET (release_log_target_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType             release_log_target_get_type (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseLogTarget  release_log_get_target      (void);
RELEASE_AVAILABLE_IN_ALL
void              release_log_set_target      (ReleaseLogTarget  target);
RELEASE_AVAILABLE_IN_ALL
void              release_log_init            (void);
RELEASE_AVAILABLE_IN_ALL
GLogWriterOutput  release_log_writer          (GLogLevelFlags    log_level,
                                               const GLogField  *fields,
                                               gsize             n_fields,
                                               gpointer          user_data);

G_END_DECLS
