/* release/config/release-config-literal-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-lexer-private.h>
#include <release/config/release-config-value.h>

G_BEGIN_DECLS

/* A literal is a value in the syntax. The canonical one is on one line, and is what a GKeyFile
 * holds. */

/* The tokens of scalars; a name is one too, as a keyword or a boolean. */
gboolean            release_config_token_is_scalar  (const ReleaseConfigToken  *token);

gboolean            release_config_literal_append   (GString                   *literal,
                                                     const char                *data,
                                                     const ReleaseConfigToken  *token,
                                                     char                     **problem);
gboolean            release_config_literal_check    (const char                *data,
                                                     const ReleaseConfigToken  *token,
                                                     char                     **problem);
ReleaseConfigValue *release_config_literal_read     (const char                *data,
                                                     gsize                      length,
                                                     gsize                     *problem_at,
                                                     char                     **problem);
gsize               release_config_literal_locate_item
                                                    (const char                *data,
                                                     gsize                      length,
                                                     gsize                      item);
char               *release_config_literal_copy     (const char                *data,
                                                     gsize                      start,
                                                     gsize                      end);

void                release_config_literal_append_string
                                                    (GString                   *literal,
                                                     const char                *p,
                                                     gsize                      length);
void                release_config_literal_append_regexp
                                                    (GString                   *literal,
                                                     const char                *pattern);
void                release_config_literal_append_float
                                                    (GString                   *literal,
                                                     double                     value);
void                release_config_literal_print    (GString                   *literal,
                                                     ReleaseConfigValue        *value);
gsize               release_config_regexp_locate    (const char                *data,
                                                     gsize                      start,
                                                     gsize                      at);

G_END_DECLS
