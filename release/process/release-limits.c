/* release/process/release-limits.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-limits-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"

#include <errno.h>

/* Raises the soft limit of open descriptors of a master to the hard one. Slaves get @before: a
 * program that uses select(2) breaks on descriptors above 1023. */
gboolean
release_limits_raise (struct rlimit  *before,
                      GError        **error)
{
  struct rlimit raised;

  if (getrlimit (RLIMIT_NOFILE, before) < 0)
    return release_set_error_from_errno (error, errno, _("Cannot get the limit of descriptors"));

  raised = *before;
  raised.rlim_cur = raised.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &raised) < 0)
    return release_set_error_from_errno (error, errno, _("Cannot raise the limit of descriptors"));

  return TRUE;
}

/* Only the soft limit: what the process gave up since then stays given up. */
void
release_limits_restore (const struct rlimit *before)
{
  struct rlimit now;

  if (getrlimit (RLIMIT_NOFILE, &now) == 0)
    {
      now.rlim_cur = MIN (before->rlim_cur, now.rlim_max);
      setrlimit (RLIMIT_NOFILE, &now);
    }
}
