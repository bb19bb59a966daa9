/* release/config/release-config-validation-user.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Validations of strings that name users and groups, and what they share with those of files.
 */

#include "config.h"

#include "release/config/release-config-validation.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-validation-private.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#define FIRST_ENTRY_BYTES 1024
#define MAX_ENTRY_BYTES (1 << 20)

static char *
describe_text (ReleaseConfigValidation *self)
{
  return g_strdup (_(self->text));
}

/* The value as a path or name, or NULL with @reason set. */
const char *
release_config_validation_peek_name (ReleaseConfigValue  *value,
                                     char               **reason)
{
  const char *name = release_config_value_to_path (value);

  if (name == NULL)
    *reason = g_strdup (_("it has a NUL byte"));

  return name;
}

/* Finds a user by name; FALSE with @reason set if there is none. */
gboolean
release_config_find_user (const char  *name,
                          uid_t       *uid,
                          char       **reason)
{
  g_autofree char *buffer = NULL;
  struct passwd entry;
  struct passwd *found = NULL;
  int result = ERANGE;

  for (gsize size = FIRST_ENTRY_BYTES; result == ERANGE && size <= MAX_ENTRY_BYTES; size *= 2)
    {
      g_free (buffer);
      buffer = g_malloc (size);
      result = getpwnam_r (name, &entry, buffer, size, &found);
    }
  if (found == NULL)
    {
      g_autofree char *shown = release_config_quote (name, strlen (name));

      *reason = result == 0 ? g_strdup_printf (_("there is no user “%s”"), shown)
                            : g_strdup (g_strerror (result));
      return FALSE;
    }
  *uid = found->pw_uid;

  return TRUE;
}

gboolean
release_config_find_group (const char  *name,
                           gid_t       *gid,
                           char       **reason)
{
  g_autofree char *buffer = NULL;
  struct group entry;
  struct group *found = NULL;
  int result = ERANGE;

  for (gsize size = FIRST_ENTRY_BYTES; result == ERANGE && size <= MAX_ENTRY_BYTES; size *= 2)
    {
      g_free (buffer);
      buffer = g_malloc (size);
      result = getgrnam_r (name, &entry, buffer, size, &found);
    }
  if (found == NULL)
    {
      g_autofree char *shown = release_config_quote (name, strlen (name));

      *reason = result == 0 ? g_strdup_printf (_("there is no group “%s”"), shown)
                            : g_strdup (g_strerror (result));
      return FALSE;
    }
  *gid = found->gr_gid;

  return TRUE;
}

/* Makes a validation of strings that @text describes; @text is marked for translation. */
ReleaseConfigValidation *
release_config_validation_new_text (gboolean    (*check) (ReleaseConfigValidation  *self,
                                                          ReleaseConfigValue       *value,
                                                          char                    **reason),
                                    const char   *text)
{
  ReleaseConfigValidation *self =
    release_config_validation_new_check (RELEASE_CONFIG_KIND_STRING, check, describe_text);

  self->text = g_strdup (text);

  return self;
}

static gboolean
check_existing_user (ReleaseConfigValidation  *self,
                     ReleaseConfigValue       *value,
                     char                    **reason)
{
  const char *name = release_config_validation_peek_name (value, reason);
  uid_t uid;

  return name != NULL && release_config_find_user (name, &uid, reason);
}

static gboolean
check_unprivileged_user (ReleaseConfigValidation  *self,
                         ReleaseConfigValue       *value,
                         char                    **reason)
{
  const char *name = release_config_validation_peek_name (value, reason);
  uid_t uid;

  if (name == NULL || !release_config_find_user (name, &uid, reason))
    return FALSE;
  if (uid != 0)
    return TRUE;

  *reason = g_strdup (_("it has the UID 0"));

  return FALSE;
}

static gboolean
check_existing_group (ReleaseConfigValidation  *self,
                      ReleaseConfigValue       *value,
                      char                    **reason)
{
  const char *name = release_config_validation_peek_name (value, reason);
  gid_t gid;

  return name != NULL && release_config_find_group (name, &gid, reason);
}

/**
 * release_config_validation_existing_user:
 *
 * The value is the name of a user.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_existing_user (void)
{
  return release_config_validation_new_text (check_existing_user, N_("an existing user"));
}

/**
 * release_config_validation_unprivileged_user:
 *
 * The value is the name of a user whose UID is not 0.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_unprivileged_user (void)
{
  return release_config_validation_new_text (check_unprivileged_user, N_("an unprivileged user"));
}

/**
 * release_config_validation_existing_group:
 *
 * The value is the name of a group.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_existing_group (void)
{
  return release_config_validation_new_text (check_existing_group, N_("an existing group"));
}
