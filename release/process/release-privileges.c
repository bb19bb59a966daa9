/* release/process/release-privileges.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/process/release-privileges-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/base/release-log.h"
#include "release/process/release-drop-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* An entry of the user database: where to begin, and where to believe it is broken. */
#define ENTRY_MIN_BYTES 1024
#define ENTRY_MAX_BYTES (1024 * 1024)

/* What follows "Cannot drop privileges", step by step. */
static const char *const step_names[RELEASE_DROP_N_STEPS] = {
  [RELEASE_DROP_STEP_PLAN] = N_("user and groups"),
  [RELEASE_DROP_STEP_KEYRING] = N_("session keyring"),
  [RELEASE_DROP_STEP_BOUNDING_SET] = N_("capability bounding set"),
  [RELEASE_DROP_STEP_DIRECTORY] = N_("root directory"),
  [RELEASE_DROP_STEP_GROUPS] = N_("supplementary groups"),
  [RELEASE_DROP_STEP_GID] = N_("group"),
  [RELEASE_DROP_STEP_UID] = N_("user"),
  [RELEASE_DROP_STEP_CAPABILITIES] = N_("capabilities"),
  [RELEASE_DROP_STEP_NO_NEW_PRIVILEGES] = N_("no new privileges"),
  [RELEASE_DROP_STEP_NOT_DUMPABLE] = N_("not dumpable"),
  [RELEASE_DROP_STEP_PARENT_DEATH_SIGNAL] = N_("parent-death signal"),
  [RELEASE_DROP_STEP_PROOF] = N_("proof that they are gone"),
};

/* What a privileged master does: kill slaves, change ids, and with the last one (only if there is
 * anything to clear) the bounding set of its slaves. */
static const struct
{
  int         number;
  const char *name;
} master_capabilities[] = {
  { CAP_KILL, "CAP_KILL" },
  { CAP_SETGID, "CAP_SETGID" },
  { CAP_SETUID, "CAP_SETUID" },
  { CAP_SETPCAP, "CAP_SETPCAP" },
};

/* The user database says "no such user" in as many ways as there are implementations. */
static gboolean
read_user (const char  *name,
           ReleaseUser *user,
           GError     **error)
{
  g_autofree char *escaped = release_escape (name, -1);
  g_autofree char *buffer = NULL;
  struct passwd entry;
  struct passwd *found = NULL;
  int errsv = ERANGE;

  for (gsize size = ENTRY_MIN_BYTES; errsv == ERANGE && size <= ENTRY_MAX_BYTES; size *= 2)
    {
      g_free (buffer);
      buffer = g_malloc (size);
      do
        errsv = getpwnam_r (name, &entry, buffer, size, &found);
      while (errsv == EINTR);
    }

  if (found == NULL && (errsv == 0 || errsv == ENOENT || errsv == ESRCH))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no user “%s”"), escaped);
      return FALSE;
    }
  if (found == NULL)
    return release_set_error_from_errno (error, errsv, _("Cannot look up the user “%s”"), escaped);

  user->name = g_strdup (entry.pw_name);
  user->uid = entry.pw_uid;
  user->gid = entry.pw_gid;
  user->home = g_strdup (entry.pw_dir);
  return TRUE;
}

static int
compare_groups (gconstpointer a,
                gconstpointer b)
{
  gid_t x = *(const gid_t *) a;
  gid_t y = *(const gid_t *) b;

  return (x > y) - (x < y);
}

static gboolean
read_groups (ReleaseUser *user,
             GError     **error)
{
  int n = RELEASE_DROP_MAX_GROUPS;

  user->groups = g_new (gid_t, n);
  if (getgrouplist (user->name, user->gid, user->groups, &n) < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _("The user “%s” is in more than %d groups"),
                   user->name, RELEASE_DROP_MAX_GROUPS);
      return FALSE;
    }

  qsort (user->groups, n, sizeof *user->groups, compare_groups);
  for (int i = 0; i < n; i++)
    {
      if (i == 0 || user->groups[i] != user->groups[i - 1])
        user->groups[user->n_groups++] = user->groups[i];
    }

  return TRUE;
}

/* Looks an unprivileged user up. Fails with %G_IO_ERROR_NOT_FOUND if there is none of that name,
 * with %G_IO_ERROR_INVALID_ARGUMENT if it is privileged: uid 0, or group 0 as its own group or as
 * one of the others. */
ReleaseUser *
release_user_lookup (const char  *name,
                     GError     **error)
{
  g_autoptr(ReleaseUser) user = g_new0 (ReleaseUser, 1);

  g_return_val_if_fail (name != NULL, NULL);

  if (!read_user (name, user, error) || !read_groups (user, error))
    return NULL;

  if (user->uid == 0 || user->gid == 0 || user->groups[0] == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("The user “%s” is privileged (%s 0): a slave needs one that is not"),
                   user->name, user->uid == 0 ? "uid" : "gid");
      return NULL;
    }

  return g_steal_pointer (&user);
}

void
release_user_free (ReleaseUser *user)
{
  g_free (user->name);
  g_free (user->groups);
  g_free (user->home);
  g_free (user);
}

/* The value of release-exec's --ids. */
char *
release_user_dup_ids (const ReleaseUser *user)
{
  GString *ids = g_string_new (NULL);

  g_string_append_printf (ids, "%u:%u:", user->uid, user->gid);
  for (gsize i = 0; i < user->n_groups; i++)
    g_string_append_printf (ids, "%s%u", i == 0 ? "" : ",", user->groups[i]);

  return g_string_free (ids, FALSE);
}

/* Ids and capabilities belong to a thread, not to a process; the C library only makes believe for
 * some of them. */
static gboolean
check_single_threaded (GError **error)
{
  g_autoptr(GDir) tasks = g_dir_open ("/proc/self/task", 0, error);
  g_autoptr(GString) names = g_string_new (NULL);
  const char *id;

  if (tasks == NULL)
    {
      g_prefix_error (error, _("Cannot tell whether the process has threads: "));
      return FALSE;
    }

  while ((id = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", id, "comm", NULL);
      g_autofree char *name = NULL;
      g_autofree char *escaped = NULL;

      if (strtol (id, NULL, 10) == getpid () || !g_file_get_contents (path, &name, NULL, NULL))
        continue;
      escaped = release_escape (g_strchomp (name), -1);
      g_string_append_printf (names, "%s%s", names->len == 0 ? "" : ", ", escaped);
    }
  if (names->len == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               _("A process that has threads (%s) cannot drop its privileges; "
                 "set the user of its slave group in the master instead"), names->str);
  return FALSE;
}

/* What can be opened only by who still sees the whole file system. */
static void
open_before_drop (void)
{
  tzset ();
  g_time_zone_unref (g_time_zone_new_local ());

  if (release_log_get_target () == RELEASE_LOG_TARGET_SYSLOG)
    release_log_set_target (RELEASE_LOG_TARGET_SYSLOG);
}

/* Becomes @user for good, in the root directory @root_dir unless that is %NULL. Only root can, and
 * only in a process without threads; both are checked before anything is changed. The parent-death
 * signal survives; a parent that died during the call is seen as the end of the channel.
 *
 * The caller opens what it needs from outside @root_dir before: /dev/null, for one. After an
 * error the process may be half way and must end. */
gboolean
release_privileges_drop (const ReleaseUser *user,
                         const char        *root_dir,
                         GError           **error)
{
  ReleaseDropPlan plan = { 0 };
  ReleaseDropStep failed_step;
  int errsv;

  g_return_val_if_fail (user != NULL, FALSE);
  g_return_val_if_fail (root_dir == NULL || g_path_is_absolute (root_dir), FALSE);

  if (geteuid () != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("Only root can become the user “%s”"), user->name);
      return FALSE;
    }
  if (!check_single_threaded (error))
    return FALSE;

  open_before_drop ();

  plan.uid = user->uid;
  plan.gid = user->gid;
  plan.groups = user->groups;
  plan.n_groups = user->n_groups;
  plan.root_dir = root_dir;
  errsv = release_drop_privileges (&plan, &failed_step);
  if (errsv != 0)
    return release_set_error_from_errno (error, errsv,
                                         _("Cannot drop privileges to the user “%s” (%s)"),
                                         user->name, _(step_names[failed_step]));

  return TRUE;
}

/* Whether this process can be a privileged master: root, and able to end its slaves and to change
 * their ids. Fails with %G_IO_ERROR_PERMISSION_DENIED and names what is missing. */
gboolean
release_privileges_check_master (GError **error)
{
  g_autoptr(GString) missing = g_string_new (NULL);
  ReleaseCapabilities capabilities;
  int errsv;

  if (geteuid () != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                           _("A privileged master must be started by root"));
      return FALSE;
    }

  errsv = release_capabilities_get (&capabilities);
  if (errsv != 0)
    return release_set_error_from_errno (error, errsv, _("Cannot get the capabilities"));

  for (gsize i = 0; i < G_N_ELEMENTS (master_capabilities); i++)
    {
      int number = master_capabilities[i].number;

      if ((capabilities.effective & G_GUINT64_CONSTANT (1) << number) == 0 &&
          (number != CAP_SETPCAP || release_capabilities_are_bound ()))
        g_string_append_printf (missing, "%s%s", missing->len == 0 ? "" : ", ",
                                master_capabilities[i].name);
    }
  if (missing->len == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               _("A privileged master needs capabilities that it lacks: %s"), missing->str);
  return FALSE;
}
