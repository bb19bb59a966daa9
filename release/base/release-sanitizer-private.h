/* release/base/release-sanitizer-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* Whether the address sanitizer watches: memory that is kept for the next use it would not see
 * freed, so then none is. */
#ifdef __has_feature
# if __has_feature (address_sanitizer) && !defined (__SANITIZE_ADDRESS__)
#  define __SANITIZE_ADDRESS__ 1
# endif
#endif
#ifdef __SANITIZE_ADDRESS__
# define RELEASE_KEEPS_MEMORY 0
#else
# define RELEASE_KEEPS_MEMORY 1
#endif
