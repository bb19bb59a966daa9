/* release/config/release-config-value-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-value.h>

G_BEGIN_DECLS

struct _ReleaseConfigValue
{
  gatomicrefcount    ref_count;
  ReleaseConfigKind  kind;
  gsize              length;        /* of data: bytes, without the NUL after them, or values */

  union
  {
    gint64    as_int;
    double    as_float;
    gboolean  as_bool;
    GRegex   *as_regexp;            /* owned */

    /* The data follows in the same block of memory: a NUL-terminated string or keyword, or the
     * owned values of a list. */
    char      bytes[8];
    ReleaseConfigValue *values[1];
  } u;
};

/* What log levels are called, from the most talkative to the gravest; ends with %NULL. */
extern const char * const release_config_log_levels[];

/* What they are called in GLib, in the same order. */
extern const GLogLevelFlags release_config_glib_log_levels[];

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
const char         *release_config_value_data              (ReleaseConfigValue   *self);
ReleaseConfigValue **
                    release_config_value_items             (ReleaseConfigValue   *self);
const char         *release_config_value_peek_data         (ReleaseConfigValue   *self,
                                                            gsize                *length);

G_END_DECLS
