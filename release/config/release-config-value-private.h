/* release/config/release-config-value-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-value.h>

G_BEGIN_DECLS

/* What log levels are called, from the most talkative to the gravest; ends with %NULL. */
extern const char * const release_config_log_levels[];

const char         *release_config_kind_describe           (ReleaseConfigKind     kind);

ReleaseConfigValue *release_config_value_new_data          (const char           *data,
                                                            gsize                 length);
ReleaseConfigValue *release_config_value_new_keyword_data  (const char           *data,
                                                            gsize                 length);
ReleaseConfigValue *release_config_value_new_regexp_at     (const char           *pattern,
                                                            gsize                *at,
                                                            GError              **error);
ReleaseConfigValue *release_config_value_new_list_take     (ReleaseConfigValue  **values,
                                                            gsize                 n_values);
const char         *release_config_value_peek_data         (ReleaseConfigValue   *self,
                                                            gsize                *length);

G_END_DECLS
