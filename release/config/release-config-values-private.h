/* release/config/release-config-values-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-problem-private.h>
#include <release/config/release-config-spec-private.h>
#include <release/config/release-config-text-private.h>
#include <release/config/release-config.h>

G_BEGIN_DECLS

typedef struct
{
  ReleaseConfigValue   *value;      /* (nullable) */
  ReleaseConfigOrigin   origin;
  guint                 line;       /* in the text; 0: not there */
} ReleaseConfigEntry;

/* The values of one configuration, by the keys of its specification. Where there is none, one is
 * made of the keys that come. */
typedef struct
{
  ReleaseConfigSpec  *spec;
  gboolean            is_open;      /* @spec is made here */
  GArray             *entries;      /* of ReleaseConfigEntry, by the numbers of the keys */
} ReleaseConfigValues;

typedef void (*ReleaseConfigEntryFunc) (ReleaseConfigSpecKey      *key,
                                        const ReleaseConfigEntry  *entry,
                                        gpointer                   user_data);

ReleaseConfigValues       *release_config_values_new      (ReleaseConfigSpec       *spec);
void                       release_config_values_free     (ReleaseConfigValues     *self);

void                       release_config_values_read     (ReleaseConfigValues     *self,
                                                           GKeyFile                *key_file,
                                                           ReleaseConfigText       *text,
                                                           ReleaseConfigProblems   *problems);
void                       release_config_values_fill     (ReleaseConfigValues     *self,
                                                           GKeyFile                *key_file,
                                                           ReleaseConfigText       *text,
                                                           ReleaseConfigProblems   *problems);
const ReleaseConfigEntry  *release_config_values_find     (ReleaseConfigValues     *self,
                                                           const char              *section,
                                                           const char              *key);
void                       release_config_values_set      (ReleaseConfigValues     *self,
                                                           const char              *section,
                                                           const char              *key,
                                                           ReleaseConfigValue      *value,
                                                           ReleaseConfigOrigin      origin);
void                       release_config_values_foreach  (ReleaseConfigValues     *self,
                                                           ReleaseConfigEntryFunc   func,
                                                           gpointer                 user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseConfigValues, release_config_values_free)

G_END_DECLS
