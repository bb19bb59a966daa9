/* release/config/release-config-validation-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-problem-private.h>
#include <release/config/release-config-validation.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* A mask of all kinds, and the kind of a validation that takes values of any. */
#define RELEASE_CONFIG_ALL_KINDS ((1u << (RELEASE_CONFIG_KIND_LIST + 1)) - 1)
#define RELEASE_CONFIG_KIND_ANY ((ReleaseConfigKind) -1)

/* How a validation goes about a value. */
typedef enum
{
  RELEASE_CONFIG_FORM_CHECK,    /* by its function check, if the value is of the kind */
  RELEASE_CONFIG_FORM_LIST,     /* by its child, for each value of a list */
  RELEASE_CONFIG_FORM_ALL,      /* by all of its children */
  RELEASE_CONFIG_FORM_ANY,      /* by any of its children */
  RELEASE_CONFIG_FORM_FUNC,     /* by the program's function */
} ReleaseConfigForm;

struct _ReleaseConfigValidation
{
  gatomicrefcount             ref_count;

  ReleaseConfigForm           form;
  ReleaseConfigKind           kind;         /* of the values that are checked further */
  gboolean                    is_optional;

  /* (nullable): whether a value of the kind is good; if not, may set @reason. */
  gboolean                  (*check)        (ReleaseConfigValidation  *self,
                                             ReleaseConfigValue       *value,
                                             char                    **reason);
  /* (nullable): what a good value is: "an integer". */
  char                     *(*describe)     (ReleaseConfigValidation  *self);

  /* What check and describe go by; each uses what it needs. */
  gint64                      int_min;
  gint64                      int_max;
  double                      float_min;
  double                      float_max;
  GRegex                     *regex;
  GRegex                     *raw_regex;    /* the same for bytes that are no UTF-8; (nullable) */
  ReleaseConfigValue         *choices;      /* a list */
  char                       *text;
  mode_t                      file_type;
  mode_t                      mode;
  GPtrArray                  *children;     /* of ReleaseConfigValidation */
  ReleaseConfigValidateFunc   func;
  gpointer                    user_data;
  GDestroyNotify              destroy;
};

ReleaseConfigValidation *
      release_config_validation_new_check   (ReleaseConfigKind          kind,
                                             gboolean                 (*check)
                                               (ReleaseConfigValidation  *self,
                                                ReleaseConfigValue       *value,
                                                char                    **reason),
                                             char                    *(*describe)
                                               (ReleaseConfigValidation  *self));

ReleaseConfigValidation *
      release_config_validation_new_text    (gboolean                 (*check)
                                               (ReleaseConfigValidation  *self,
                                                ReleaseConfigValue       *value,
                                                char                    **reason),
                                             const char                *text);

/* The value as a path or name, or NULL with @reason set. */
const char *
      release_config_validation_peek_name   (ReleaseConfigValue        *value,
                                             char                     **reason);
gboolean
      release_config_find_user              (const char                *name,
                                             uid_t                     *uid,
                                             char                     **reason);
gboolean
      release_config_find_group             (const char                *name,
                                             gid_t                     *gid,
                                             char                     **reason);

char *release_config_validation_refuse      (ReleaseConfigValidation  *self,
                                             ReleaseConfigValue       *value,
                                             gsize                    *item);
/* The kinds of the values that can be good: a mask of 1 << kind; and of those in a list. */
guint release_config_validation_get_kinds   (ReleaseConfigValidation  *self);
guint release_config_validation_item_kinds  (ReleaseConfigValidation  *self);

G_END_DECLS
