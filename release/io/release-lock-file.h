/* release/io/release-lock-file.h
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
 * ReleaseLockError:
 * @RELEASE_LOCK_ERROR_FAILED: something else went wrong
 * @RELEASE_LOCK_ERROR_HELD: another process holds the lock file;
 *   release_lock_file_get_holder_pid() tells which
 * @RELEASE_LOCK_ERROR_REFUSED: what lies at the path is not a lock file: not a
 *   regular file, not ours alone, or with something else than a PID in it
 *
 * Why a lock file could not be acquired. What the system reports, a missing
 * folder for instance, is a #GIOErrorEnum instead.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_LOCK_ERROR_FAILED,
  RELEASE_LOCK_ERROR_HELD,
  RELEASE_LOCK_ERROR_REFUSED,
} ReleaseLockError;

/**
 * RELEASE_LOCK_ERROR:
 *
 * The error domain of lock files, with codes from #ReleaseLockError.
 *
 * Since: 0.1
 */
#define RELEASE_LOCK_ERROR (release_lock_error_quark ())

#define RELEASE_TYPE_LOCK_ERROR (release_lock_error_get_type ())
#define RELEASE_TYPE_LOCK_FILE (release_lock_file_get_type ())

RELEASE_AVAILABLE_IN_ALL
GQuark           release_lock_error_quark         (void);
RELEASE_AVAILABLE_IN_ALL
GType            release_lock_error_get_type      (void);

/**
 * ReleaseLockFile:
 *
 * A lock file that holds the PID of its holder.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseLockFile, release_lock_file, RELEASE, LOCK_FILE, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseLockFile *release_lock_file_new            (const char       *path);
RELEASE_AVAILABLE_IN_ALL
const char      *release_lock_file_get_path       (ReleaseLockFile  *self);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_lock_file_is_held        (ReleaseLockFile  *self);
RELEASE_AVAILABLE_IN_ALL
int              release_lock_file_get_holder_pid (ReleaseLockFile  *self);
RELEASE_AVAILABLE_IN_ALL
gboolean         release_lock_file_acquire        (ReleaseLockFile  *self,
                                                   GError          **error);
RELEASE_AVAILABLE_IN_ALL
void             release_lock_file_release        (ReleaseLockFile  *self);

G_END_DECLS
