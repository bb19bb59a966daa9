/* release/config/release-config-problem-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-problem.h>

G_BEGIN_DECLS

/* How many problems one report holds; of more it only says how many. */
#define RELEASE_CONFIG_MAX_PROBLEMS 100

/* Where a problem is; a line of 0 means that nobody knows. */
typedef struct
{
  guint        line;
  guint        column;
  const char  *section;     /* (nullable) */
  const char  *key;         /* (nullable) */
} ReleaseConfigPlace;

/* The problems that turn up while one configuration is read. */
typedef struct
{
  char       *file;         /* for messages: UTF-8 */
  GPtrArray  *list;         /* of ReleaseConfigProblem */
  guint64     n_more;       /* that came when the list was full */
} ReleaseConfigProblems;

ReleaseConfigProblems *release_config_problems_new       (const char                *file);
void                   release_config_problems_free      (ReleaseConfigProblems     *self);
gboolean               release_config_problems_is_empty  (ReleaseConfigProblems     *self);
gboolean               release_config_problems_is_full   (ReleaseConfigProblems     *self);
void                   release_config_problems_count     (ReleaseConfigProblems     *self);
void                   release_config_problems_report    (ReleaseConfigProblems     *self,
                                                          ReleaseConfigError         code,
                                                          const ReleaseConfigPlace  *place,
                                                          const char                *format,
                                                          ...) G_GNUC_PRINTF (4, 5);
void                   release_config_problems_add_all   (ReleaseConfigProblems     *self,
                                                          ReleaseConfigProblems     *other);
GPtrArray             *release_config_problems_dup_list  (ReleaseConfigProblems     *self);
gboolean               release_config_problems_set_error (ReleaseConfigProblems     *self,
                                                          GError                   **error);

char                  *release_config_quote              (const char                *data,
                                                          gsize                      length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReleaseConfigProblems, release_config_problems_free)

G_END_DECLS
