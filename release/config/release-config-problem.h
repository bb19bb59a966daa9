/* release/config/release-config-problem.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (RELEASE_INSIDE) && !defined (RELEASE_COMPILATION)
# error "Include <release/release.h>, not its parts."
#endif

#include <gio/gio.h>

#include <release/base/release-version-macros.h>

G_BEGIN_DECLS

/**
 * RELEASE_CONFIG_ERROR:
 *
 * The error domain of configurations; its codes are #ReleaseConfigError.
 *
 * Since: 0.1
 */
#define RELEASE_CONFIG_ERROR (release_config_error_quark ())

/**
 * ReleaseConfigError:
 * @RELEASE_CONFIG_ERROR_FAILED: something else
 * @RELEASE_CONFIG_ERROR_SYNTAX: the text is not in the syntax
 * @RELEASE_CONFIG_ERROR_DUPLICATE: a key or a section is there twice
 * @RELEASE_CONFIG_ERROR_UNKNOWN_SECTION: the specification has no such section
 * @RELEASE_CONFIG_ERROR_UNKNOWN_KEY: the specification has no such key
 * @RELEASE_CONFIG_ERROR_MISSING: a key without a default is not there
 * @RELEASE_CONFIG_ERROR_INVALID: a value is of the wrong type or out of bounds
 * @RELEASE_CONFIG_ERROR_TOO_LARGE: a file is too large to be a configuration
 *
 * What can be wrong with a configuration.
 *
 * Since: 0.1
 */
typedef enum
{
  RELEASE_CONFIG_ERROR_FAILED,
  RELEASE_CONFIG_ERROR_SYNTAX,
  RELEASE_CONFIG_ERROR_DUPLICATE,
  RELEASE_CONFIG_ERROR_UNKNOWN_SECTION,
  RELEASE_CONFIG_ERROR_UNKNOWN_KEY,
  RELEASE_CONFIG_ERROR_MISSING,
  RELEASE_CONFIG_ERROR_INVALID,
  RELEASE_CONFIG_ERROR_TOO_LARGE,
} ReleaseConfigError;

#define RELEASE_TYPE_CONFIG_ERROR (release_config_error_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType   release_config_error_get_type (void);
RELEASE_AVAILABLE_IN_ALL
GQuark  release_config_error_quark    (void);

/**
 * ReleaseConfigProblem:
 *
 * One thing that is wrong with a configuration, and where.
 *
 * Since: 0.1
 */
typedef struct _ReleaseConfigProblem ReleaseConfigProblem;

#define RELEASE_TYPE_CONFIG_PROBLEM (release_config_problem_get_type ())

RELEASE_AVAILABLE_IN_ALL
GType                  release_config_problem_get_type    (void);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigProblem  *release_config_problem_ref         (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
void                   release_config_problem_unref       (ReleaseConfigProblem *self);

RELEASE_AVAILABLE_IN_ALL
ReleaseConfigError     release_config_problem_get_code    (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
const char            *release_config_problem_get_file    (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
guint                  release_config_problem_get_line    (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
guint                  release_config_problem_get_column  (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
const char            *release_config_problem_get_section (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
const char            *release_config_problem_get_key     (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
const char            *release_config_problem_get_message (ReleaseConfigProblem *self);
RELEASE_AVAILABLE_IN_ALL
char                  *release_config_problem_to_string   (ReleaseConfigProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseConfigProblem, release_config_problem_unref)

G_END_DECLS
