/* release/config/release-config-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-values-private.h>
#include <release/config/release-config.h>

G_BEGIN_DECLS

struct _ReleaseConfig
{
  GObject                 parent_instance;

  ReleaseConfigSpec      *spec;         /* (nullable): everything is good */
  ReleaseConfigValues    *values;       /* that count */
  GKeyFile               *key_file;     /* (nullable): what is loaded and set, without defaults and
                                         * overrides; NULL if it is as in @text */
  ReleaseConfigText      *text;         /* (nullable): what was last loaded as text */
  GHashTable             *overrides;    /* ReleaseConfigOverride, a set */
  GPtrArray              *problems;     /* of the last loading */
  char                   *path;         /* (nullable): of the file, absolute */
  GFileMonitor           *monitor;      /* (nullable) */
};

/* A value from the command line. */
typedef struct
{
  char                *section;         /* (nullable) */
  char                *key;
  ReleaseConfigValue  *value;
} ReleaseConfigOverride;

void     release_config_switch           (ReleaseConfig        *self,
                                          ReleaseConfigValues  *values);
void     release_config_emit_changed     (ReleaseConfig        *self,
                                          const char           *section,
                                          const char           *key,
                                          ReleaseConfigValue   *old_value,
                                          ReleaseConfigValue   *new_value);
void     release_config_emit_loaded      (ReleaseConfig        *self);
void     release_config_emit_load_failed (ReleaseConfig        *self,
                                          const GError         *error);

/* Reads a whole file that is no larger than a configuration may be. */
GBytes  *release_config_read_file    (const char     *path,
                                      GError        **error);
GBytes  *release_config_read_stream  (GInputStream   *stream,
                                      const char     *name,
                                      GCancellable   *cancellable,
                                      GError        **error);

/* What @text, from the command line, means for the key; NULL with @error set if nothing. */
ReleaseConfigValue *
         release_config_read_option  (ReleaseConfigSpec  *spec,
                                      const char         *section,
                                      const char         *key,
                                      const char         *text,
                                      GError            **error);

G_END_DECLS
