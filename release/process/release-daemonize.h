/* release/process/release-daemonize.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>

G_BEGIN_DECLS

/**
 * ReleaseDaemonizeError:
 * @RELEASE_DAEMONIZE_ERROR_FAILED: something else went wrong
 * @RELEASE_DAEMONIZE_ERROR_THREADS: the process has threads, which a fork
 *   would lose
 *
 * Why a process could not become a daemon. What the system reports is a
 * #GIOErrorEnum instead.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_DAEMONIZE_ERROR_FAILED,
  RELEASE_DAEMONIZE_ERROR_THREADS,
} ReleaseDaemonizeError;

/**
 * RELEASE_DAEMONIZE_ERROR:
 *
 * The error domain of release_daemonize(), with codes from
 * #ReleaseDaemonizeError.
 *
 * Since: 0.1
 */
#define RELEASE_DAEMONIZE_ERROR (release_daemonize_error_quark ())

/**
 * ReleaseDaemonizeFlags:
 * @RELEASE_DAEMONIZE_NONE: the launching process ends with status 0 as soon as
 *   the daemon stands
 * @RELEASE_DAEMONIZE_WAIT: the launching process waits until the daemon calls
 *   release_daemonize_report()
 *
 * How release_daemonize() makes a daemon.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_DAEMONIZE_NONE = 0,
  RELEASE_DAEMONIZE_WAIT = 1 << 0,
} ReleaseDaemonizeFlags;

#define RELEASE_TYPE_DAEMONIZE_ERROR (release_daemonize_error_get_type ())
#define RELEASE_TYPE_DAEMONIZE_FLAGS (release_daemonize_flags_get_type ())

RELEASE_AVAILABLE_IN_ALL
GQuark    release_daemonize_error_quark    (void);
RELEASE_AVAILABLE_IN_ALL
GType     release_daemonize_error_get_type (void);
RELEASE_AVAILABLE_IN_ALL
GType     release_daemonize_flags_get_type (void);

RELEASE_AVAILABLE_IN_ALL
gboolean  release_daemonize                (ReleaseDaemonizeFlags   flags,
                                            GError                **error);
RELEASE_AVAILABLE_IN_ALL
void      release_daemonize_report         (int                     status,
                                            const char             *text);

G_END_DECLS
