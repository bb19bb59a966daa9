/* release/config/release-config-spec.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/config/release-config-validation.h>
#include <release/config/release-config-value.h>

G_BEGIN_DECLS

/**
 * ReleaseConfigEffect:
 * @RELEASE_CONFIG_EFFECT_LIVE: at once
 * @RELEASE_CONFIG_EFFECT_SLAVE: in every slave that starts from then on
 * @RELEASE_CONFIG_EFFECT_RESTART: when the daemon is restarted
 *
 * When a new value takes effect. It is what the program promises: manual pages
 * and sample files say it, and whoever handles #ReleaseConfig::changed can ask.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_CONFIG_EFFECT_LIVE,
  RELEASE_CONFIG_EFFECT_SLAVE,
  RELEASE_CONFIG_EFFECT_RESTART,
} ReleaseConfigEffect;

#define RELEASE_TYPE_CONFIG_EFFECT (release_config_effect_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType release_config_effect_get_type (void);

#define RELEASE_TYPE_CONFIG_SPEC (release_config_spec_get_type ())

/**
 * ReleaseConfigSpec:
 *
 * What can be in a configuration.
 *
 * Since: 0.1
 */
RELEASE_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (ReleaseConfigSpec, release_config_spec, RELEASE, CONFIG_SPEC, GObject)

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigSpec  *release_config_spec_new (void);

RELEASE_AVAILABLE_IN_ALL
void release_config_spec_add_section (ReleaseConfigSpec *self,
                                      const char        *name,
                                      const char        *description);
RELEASE_AVAILABLE_IN_ALL
void release_config_spec_add         (ReleaseConfigSpec  *self,
                                      const char         *section,
                                      const char         *key,
                                      ReleaseConfigValue *default_value,
                                      ...) G_GNUC_NULL_TERMINATED;
RELEASE_AVAILABLE_IN_ALL
void release_config_spec_add_key     (ReleaseConfigSpec        *self,
                                      const char               *section,
                                      const char               *key,
                                      ReleaseConfigValue       *default_value,
                                      ReleaseConfigValidation **validations,
                                      gsize                     n_validations);

RELEASE_AVAILABLE_IN_ALL
void release_config_spec_describe               (ReleaseConfigSpec   *self,
                                                 const char          *section,
                                                 const char          *key,
                                                 ReleaseConfigEffect  effect,
                                                 const char          *description);
RELEASE_AVAILABLE_IN_ALL
void release_config_spec_set_translation_domain (ReleaseConfigSpec *self,
                                                 const char        *domain);

RELEASE_AVAILABLE_IN_ALL
char  **release_config_spec_list_sections (ReleaseConfigSpec *self);
RELEASE_AVAILABLE_IN_ALL
char  **release_config_spec_list_keys     (ReleaseConfigSpec *self,
                                           const char        *section);

RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_spec_has_key         (ReleaseConfigSpec *self,
                                                           const char        *section,
                                                           const char        *key);
RELEASE_AVAILABLE_IN_ALL
gboolean              release_config_spec_is_required     (ReleaseConfigSpec *self,
                                                           const char        *section,
                                                           const char        *key);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValue   *release_config_spec_get_default     (ReleaseConfigSpec *self,
                                                           const char        *section,
                                                           const char        *key);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigEffect   release_config_spec_get_effect      (ReleaseConfigSpec *self,
                                                           const char        *section,
                                                           const char        *key);
RELEASE_AVAILABLE_IN_ALL
const char           *release_config_spec_get_description (ReleaseConfigSpec *self,
                                                           const char        *section,
                                                           const char        *key);
RELEASE_AVAILABLE_IN_ALL
char                 *release_config_spec_describe_values (ReleaseConfigSpec *self,
                                                           const char        *section,
                                                           const char        *key);

RELEASE_AVAILABLE_IN_ALL
char  *release_config_spec_print_sample (ReleaseConfigSpec *self);
RELEASE_AVAILABLE_IN_ALL
char  *release_config_spec_print_man    (ReleaseConfigSpec *self);

G_END_DECLS
