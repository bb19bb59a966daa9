/* release/base/release-version.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/base/release-version.h"

/**
 * release_get_major_version:
 *
 * Returns the major version of the library that the program runs with.
 *
 * Returns: the major version
 *
 * Since: 0.1
 */
guint
release_get_major_version (void)
{
  return RELEASE_MAJOR_VERSION;
}

/**
 * release_get_minor_version:
 *
 * Returns the minor version of the library that the program runs with.
 *
 * Returns: the minor version
 *
 * Since: 0.1
 */
guint
release_get_minor_version (void)
{
  return RELEASE_MINOR_VERSION;
}

/**
 * release_get_micro_version:
 *
 * Returns the micro version of the library that the program runs with.
 *
 * Returns: the micro version
 *
 * Since: 0.1
 */
guint
release_get_micro_version (void)
{
  return RELEASE_MICRO_VERSION;
}
