/* release/config/release-config-validation.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>
#include <release/config/release-config-value.h>

G_BEGIN_DECLS

/**
 * ReleaseConfigValidation:
 *
 * A condition that a value has to meet. It never changes.
 *
 * Since: 0.1
 */
typedef struct _ReleaseConfigValidation ReleaseConfigValidation;

/**
 * ReleaseConfigValidateFunc:
 * @value: a value of any type
 * @user_data: (closure): what was given with the function
 *
 * Decides whether a value is good.
 *
 * Returns: (transfer full) (nullable): %NULL if it is, otherwise what is wrong with
 *   it, as a sentence without a full stop
 *
 * Since: 0.1
 */
typedef char *(*ReleaseConfigValidateFunc) (ReleaseConfigValue *value,
                                            gpointer            user_data);

#define RELEASE_TYPE_CONFIG_VALIDATION (release_config_validation_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType release_config_validation_get_type (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_bool               (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_int                (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_float              (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_string             (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_regexp             (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_keyword            (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_log_level          (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_bool_list          (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_int_list           (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_float_list         (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_string_list        (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_int_in_range       (gint64 min,
                                                                        gint64 max);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_int_greater_than   (gint64 bound);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_int_less_than      (gint64 bound);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_float_in_range     (double min,
                                                                        double max);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_float_greater_than (double bound);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_float_less_than    (double bound);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_string_matching    (const char *pattern);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_int_in             (const gint64 *values,
                                                                        gsize         n_values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_string_in          (const char * const *values);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_keywords           (const char * const *values);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_existing_file      (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_regular_file       (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_nonempty_file      (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_file_with_mode     (guint mode);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_file_with_owner    (const char *user);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_file_with_group    (const char *group);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_existing_directory (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_existing_dirname   (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_block_device       (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_character_device   (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_symbolic_link      (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_named_pipe         (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_unix_socket        (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_existing_user      (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_unprivileged_user  (void);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_existing_group     (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_list_of  (ReleaseConfigValidation *validation);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *
release_config_validation_all_of (ReleaseConfigValidation **validations,
                                  gsize                     n_validations);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *
release_config_validation_any_of (ReleaseConfigValidation **validations,
                                  gsize                     n_validations);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_optional (ReleaseConfigValidation *validation);
RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_new      (ReleaseConfigValidateFunc func,
                                                              gpointer                  user_data,
                                                              GDestroyNotify            destroy);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigValidation  *release_config_validation_ref      (ReleaseConfigValidation *self);
RELEASE_AVAILABLE_IN_ALL
void                      release_config_validation_unref    (ReleaseConfigValidation *self);
RELEASE_AVAILABLE_IN_ALL
gboolean                  release_config_validation_check    (ReleaseConfigValidation  *self,
                                                              ReleaseConfigValue       *value,
                                                              GError                  **error);
RELEASE_AVAILABLE_IN_ALL
char                     *release_config_validation_describe (ReleaseConfigValidation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseConfigValidation, release_config_validation_unref)

G_END_DECLS
