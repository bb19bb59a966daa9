/* release/base/release-i18n-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/* Translates @s from the library's own text domain, whatever domain the application uses. */
#define _(s) g_dgettext (GETTEXT_PACKAGE, s)

/* Marks @s for translation where a constant is needed; _() is for where it is used. */
#define N_(s) (s)
