/* release/config/release-config-validation-file.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Validations of strings that name files. They tell what is so while the configuration is read; a
 * program that opens the file later still has to look.
 */

#include "config.h"

#include "release/config/release-config-validation.h"

#include "release/base/release-i18n-private.h"
#include "release/config/release-config-validation-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define PERMISSION_BITS 07777

static const char *
describe_type (mode_t mode)
{
  switch (mode & S_IFMT)
    {
    case S_IFREG:
      return _("it is a regular file");
    case S_IFDIR:
      return _("it is a directory");
    case S_IFBLK:
      return _("it is a block device");
    case S_IFCHR:
      return _("it is a character device");
    case S_IFIFO:
      return _("it is a named pipe");
    case S_IFSOCK:
      return _("it is a socket");
    default:
      return _("it is a symbolic link");
    }
}

/* Looks at what the value names; all but a symbolic link that is asked for is followed. */
static gboolean
look_at (ReleaseConfigValidation  *self,
         ReleaseConfigValue       *value,
         struct stat              *st,
         char                    **reason)
{
  const char *path = release_config_validation_peek_name (value, reason);

  if (path == NULL)
    return FALSE;
  if ((self->file_type == S_IFLNK ? lstat (path, st) : stat (path, st)) == 0)
    return TRUE;

  *reason = g_strdup (g_strerror (errno));

  return FALSE;
}

static gboolean
check_file_type (ReleaseConfigValidation  *self,
                 ReleaseConfigValue       *value,
                 char                    **reason)
{
  struct stat st;

  if (!look_at (self, value, &st, reason))
    return FALSE;
  if ((st.st_mode & S_IFMT) == self->file_type)
    return TRUE;

  *reason = g_strdup (describe_type (st.st_mode));

  return FALSE;
}

static gboolean
check_existing_file (ReleaseConfigValidation  *self,
                     ReleaseConfigValue       *value,
                     char                    **reason)
{
  struct stat st;

  if (!look_at (self, value, &st, reason))
    return FALSE;
  if (!S_ISDIR (st.st_mode))
    return TRUE;

  *reason = g_strdup (describe_type (st.st_mode));

  return FALSE;
}

static gboolean
check_nonempty_file (ReleaseConfigValidation  *self,
                     ReleaseConfigValue       *value,
                     char                    **reason)
{
  struct stat st;

  if (!look_at (self, value, &st, reason))
    return FALSE;
  if (!S_ISDIR (st.st_mode) && st.st_size > 0)
    return TRUE;

  *reason = g_strdup (S_ISDIR (st.st_mode) ? describe_type (st.st_mode) : _("it is empty"));

  return FALSE;
}

static gboolean
check_file_with_mode (ReleaseConfigValidation  *self,
                      ReleaseConfigValue       *value,
                      char                    **reason)
{
  struct stat st;

  if (!look_at (self, value, &st, reason))
    return FALSE;
  if ((st.st_mode & PERMISSION_BITS) == self->mode)
    return TRUE;

  *reason = g_strdup_printf (_("its mode is %04o"), st.st_mode & PERMISSION_BITS);

  return FALSE;
}

static char *
describe_file_with_mode (ReleaseConfigValidation *self)
{
  return g_strdup_printf (_("a file with mode %04o"), self->mode);
}

static gboolean
check_file_with_owner (ReleaseConfigValidation  *self,
                       ReleaseConfigValue       *value,
                       char                    **reason)
{
  struct stat st;
  uid_t uid;

  if (!look_at (self, value, &st, reason) || !release_config_find_user (self->text, &uid, reason))
    return FALSE;
  if (st.st_uid == uid)
    return TRUE;

  *reason = g_strdup_printf (_("it belongs to the user with the UID %u"), (guint) st.st_uid);

  return FALSE;
}

static char *
describe_file_with_owner (ReleaseConfigValidation *self)
{
  return g_strdup_printf (_("a file of the user %s"), self->text);
}

static gboolean
check_file_with_group (ReleaseConfigValidation  *self,
                       ReleaseConfigValue       *value,
                       char                    **reason)
{
  struct stat st;
  gid_t gid;

  if (!look_at (self, value, &st, reason) || !release_config_find_group (self->text, &gid, reason))
    return FALSE;
  if (st.st_gid == gid)
    return TRUE;

  *reason = g_strdup_printf (_("it belongs to the group with the GID %u"), (guint) st.st_gid);

  return FALSE;
}

static char *
describe_file_with_group (ReleaseConfigValidation *self)
{
  return g_strdup_printf (_("a file of the group %s"), self->text);
}

static gboolean
check_existing_dirname (ReleaseConfigValidation  *self,
                        ReleaseConfigValue       *value,
                        char                    **reason)
{
  const char *path = release_config_validation_peek_name (value, reason);
  g_autofree char *trimmed = NULL;
  g_autofree char *folder = NULL;
  struct stat st;

  if (path == NULL)
    return FALSE;

  /* The directory of /a/b/ is /a, not /a/b. */
  trimmed = g_strdup (path);
  for (gsize n = strlen (trimmed); n > 1 && trimmed[n - 1] == '/'; n--)
    trimmed[n - 1] = '\0';
  folder = g_path_get_dirname (trimmed);
  if (stat (folder, &st) == 0)
    {
      if (S_ISDIR (st.st_mode))
        return TRUE;
      errno = ENOTDIR;
    }
  *reason = g_strdup_printf ("%s: %s", folder, g_strerror (errno));

  return FALSE;
}

static ReleaseConfigValidation *
validation_new_file_type (mode_t      file_type,
                          const char *text)
{
  ReleaseConfigValidation *self = release_config_validation_new_text (check_file_type, text);

  self->file_type = file_type;

  return self;
}

/**
 * release_config_validation_existing_file:
 *
 * The value is the path of a file that exists, of any type but a directory.
 * Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_existing_file (void)
{
  return release_config_validation_new_text (check_existing_file, N_("an existing file"));
}

/**
 * release_config_validation_regular_file:
 *
 * The value is the path of a regular file. Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_regular_file (void)
{
  return validation_new_file_type (S_IFREG, N_("a regular file"));
}

/**
 * release_config_validation_nonempty_file:
 *
 * The value is the path of a file, no directory, that is not empty. Symbolic
 * links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_nonempty_file (void)
{
  return release_config_validation_new_text (check_nonempty_file, N_("a file that is not empty"));
}

/**
 * release_config_validation_file_with_mode:
 * @mode: permission bits, with those for set-user-ID, set-group-ID and
 *   sticky: up to 07777
 *
 * The value is the path of something that has exactly the permissions @mode.
 * Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_file_with_mode (guint mode)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail ((mode & ~PERMISSION_BITS) == 0, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_STRING, check_file_with_mode,
                                              describe_file_with_mode);
  self->mode = mode;

  return self;
}

/**
 * release_config_validation_file_with_owner:
 * @user: the name of a user
 *
 * The value is the path of something that belongs to @user. Symbolic links are
 * followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_file_with_owner (const char *user)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (user != NULL, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_STRING, check_file_with_owner,
                                              describe_file_with_owner);
  self->text = g_strdup (user);

  return self;
}

/**
 * release_config_validation_file_with_group:
 * @group: the name of a group
 *
 * The value is the path of something that belongs to @group. Symbolic links are
 * followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_file_with_group (const char *group)
{
  ReleaseConfigValidation *self;

  g_return_val_if_fail (group != NULL, NULL);

  self = release_config_validation_new_check (RELEASE_CONFIG_KIND_STRING, check_file_with_group,
                                              describe_file_with_group);
  self->text = g_strdup (group);

  return self;
}

/**
 * release_config_validation_existing_directory:
 *
 * The value is the path of a directory. Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_existing_directory (void)
{
  return validation_new_file_type (S_IFDIR, N_("an existing directory"));
}

/**
 * release_config_validation_existing_dirname:
 *
 * The value is a path whose directory exists; what the path itself names need
 * not be there. Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_existing_dirname (void)
{
  return release_config_validation_new_text (check_existing_dirname,
                                             N_("a path in an existing directory"));
}

/**
 * release_config_validation_block_device:
 *
 * The value is the path of a block device. Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_block_device (void)
{
  return validation_new_file_type (S_IFBLK, N_("a block device"));
}

/**
 * release_config_validation_character_device:
 *
 * The value is the path of a character device. Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_character_device (void)
{
  return validation_new_file_type (S_IFCHR, N_("a character device"));
}

/**
 * release_config_validation_symbolic_link:
 *
 * The value is the path of a symbolic link, whether or not it leads anywhere.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_symbolic_link (void)
{
  return validation_new_file_type (S_IFLNK, N_("a symbolic link"));
}

/**
 * release_config_validation_named_pipe:
 *
 * The value is the path of a named pipe. Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_named_pipe (void)
{
  return validation_new_file_type (S_IFIFO, N_("a named pipe"));
}

/**
 * release_config_validation_unix_socket:
 *
 * The value is the path of a Unix socket. Symbolic links are followed.
 *
 * Returns: (transfer full): a new #ReleaseConfigValidation
 *
 * Since: 0.1
 */
ReleaseConfigValidation *
release_config_validation_unix_socket (void)
{
  return validation_new_file_type (S_IFSOCK, N_("a Unix socket"));
}
