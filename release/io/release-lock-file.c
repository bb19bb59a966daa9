/* release/io/release-lock-file.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/io/release-lock-file.h"

#include "release/io/release-lock-file-private.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/**
 * SECTION:release-lock-file
 * @title: ReleaseLockFile
 * @short_description: one process at a time
 *
 * A #ReleaseLockFile makes sure that a daemon runs once. It is a file with the
 * PID of the process that holds it, locked for as long as that process lives,
 * so a file that was left behind by a crash never stands in the way.
 *
 * |[<!-- language="C" -->
 *   g_autoptr(ReleaseLockFile) lock = release_lock_file_new ("/run/mailer.pid");
 *   g_autoptr(GError) error = NULL;
 *
 *   if (!release_lock_file_acquire (lock, &error))
 *     {
 *       g_printerr ("%s\n", error->message);
 *       return EX_TEMPFAIL;
 *     }
 * ]|
 *
 * The lock is an flock(2), and the PID is also believed on its own: the PID of
 * a running process in a file that nobody has locked, as other programs write
 * it, refuses the start too. Empty content, the PID of no process, of a zombie,
 * of the process itself, or of one that started more than two seconds after the
 * file was written, is stale and is replaced. A file with any other content is
 * refused and stays as it is; so is one that is not a regular file of the
 * effective user, has other hard links, can be written by others, or has more
 * than 4096 bytes.
 *
 * The process that acquired the file holds it. A process forked from it does
 * not, and cannot remove the file; but until it executes something, exits or
 * releases its copy, the lock lives on in it. An executed program never has it.
 *
 * A lock file may be used from one thread at a time.
 */

#define MAX_CONTENT_BYTES 4096

/* How long a locked file may lack the PID of its holder, who locks first and writes then. */
#define WRITE_TIMEOUT_USEC G_USEC_PER_SEC
#define RETRY_DELAY_USEC (10 * G_TIME_SPAN_MILLISECOND)

/* A process that started so much later than the file was written is another one with its PID. */
#define START_TOLERANCE_USEC (2 * G_USEC_PER_SEC)

/* Everybody may read whose PID it is; or nobody but the owner. */
#define DEFAULT_MODE 0644
#define PRIVATE_MODE 0600

struct _ReleaseLockFile
{
  GObject  parent_instance;

  char    *path;            /* absolute */
  char    *display_path;    /* for messages: UTF-8 */
  mode_t   mode;            /* of a file that is made */
  int      fd;              /* -1 while not held */
  pid_t    owner_pid;       /* the process that acquired it, not one forked from that */
  int      holder_pid;      /* 0 unknown */
};

/* How one attempt ends. */
typedef enum
{
  ATTEMPT_LOCKED,
  ATTEMPT_REPLACED,         /* the path names another file by now */
  ATTEMPT_BUSY,             /* locked, but its holder has not written its PID yet */
  ATTEMPT_FAILED,           /* with an error set */
} Attempt;

typedef enum
{
  CONTENT_STALE,
  CONTENT_RUNNING,
  CONTENT_FOREIGN,
} Content;

enum
{
  PROP_PATH = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ReleaseLockFile, release_lock_file, G_TYPE_OBJECT)
G_DEFINE_QUARK (release-lock-error-quark, release_lock_error)
G_DEFINE_ENUM_TYPE (ReleaseLockError, release_lock_error,
                    G_DEFINE_ENUM_VALUE (RELEASE_LOCK_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RELEASE_LOCK_ERROR_HELD, "held"),
                    G_DEFINE_ENUM_VALUE (RELEASE_LOCK_ERROR_REFUSED, "refused"))

static gboolean
refuse (ReleaseLockFile  *self,
        const char       *reason,
        GError          **error)
{
  g_set_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_REFUSED,
               _("Lock file “%s” is refused: %s"), self->display_path, reason);
  return FALSE;
}

static void
set_held_error (ReleaseLockFile  *self,
                GError          **error)
{
  if (self->holder_pid > 0)
    g_set_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD,
                 _("Lock file “%s”: already running (PID %d)"), self->display_path,
                 self->holder_pid);
  else
    g_set_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_HELD,
                 _("Lock file “%s”: locked by another process, its PID is unknown"),
                 self->display_path);
}

/* Whether @pid is a running process that may have written a file at the time @written. Where there
 * is no /proc, or one that hides other users' processes, every process may. */
static gboolean
process_may_have_written (int                    pid,
                          const struct timespec *written)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat_line = NULL;
  g_auto(GStrv) fields = NULL;
  const char *end_of_name;
  struct timespec since_boot;
  gint64 age_usec;
  gint64 started_usec;
  gint64 written_usec;

  g_file_get_contents (path, &stat_line, NULL, NULL);
  if (kill (pid, 0) < 0 && errno == ESRCH)
    return FALSE;

  /* proc(5): PID (NAME) STATE ...; the name may hold anything. The state is field 3, the start in
   * clock ticks after boot field 22. */
  end_of_name = stat_line != NULL ? strrchr (stat_line, ')') : NULL;
  if (end_of_name == NULL || end_of_name[1] != ' ')
    return TRUE;
  fields = g_strsplit (end_of_name + 2, " ", -1);
  if (fields[0][0] == 'Z' || fields[0][0] == 'X')
    return FALSE;
  if (g_strv_length (fields) < 20)
    return TRUE;

  clock_gettime (CLOCK_BOOTTIME, &since_boot);
  age_usec = since_boot.tv_sec * G_USEC_PER_SEC + since_boot.tv_nsec / 1000
             - g_ascii_strtoll (fields[19], NULL, 10) * (G_USEC_PER_SEC / sysconf (_SC_CLK_TCK));
  started_usec = g_get_real_time () - age_usec;
  written_usec = written->tv_sec * G_USEC_PER_SEC + written->tv_nsec / 1000;

  return started_usec <= written_usec + START_TOLERANCE_USEC;
}

/* Sets @pid to the PID in @content, digits and white space after them; to 0 for anything else. */
static Content
classify_content (const char            *content,
                  gsize                  length,
                  const struct timespec *written,
                  int                   *pid)
{
  gsize n_digits = 0;
  gint64 value = 0;

  *pid = 0;
  if (length == 0)
    return CONTENT_STALE;

  for (; n_digits < length && g_ascii_isdigit (content[n_digits]); n_digits++)
    value = MIN (value * 10 + g_ascii_digit_value (content[n_digits]), (gint64) G_MAXINT + 1);
  for (gsize i = n_digits; i < length; i++)
    if (!g_ascii_isspace (content[i]))
      return CONTENT_FOREIGN;
  if (value < 1 || value > G_MAXINT)
    return CONTENT_FOREIGN;

  *pid = value;
  if (*pid == getpid () || !process_may_have_written (*pid, written))
    return CONTENT_STALE;

  return CONTENT_RUNNING;
}

static const char *
describe_kind (mode_t mode)
{
  switch (mode & S_IFMT)
    {
    case S_IFLNK:
      return _("it is a symbolic link");
    case S_IFDIR:
      return _("it is a directory");
    case S_IFIFO:
      return _("it is a named pipe");
    case S_IFSOCK:
      return _("it is a socket");
    default:
      return _("it is a device");
    }
}

static gboolean
release_lock_file_open (ReleaseLockFile  *self,
                        GError          **error)
{
  int errsv;
  struct stat st;

  self->fd = open (self->path,
                   O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                   self->mode);
  if (self->fd >= 0)
    return TRUE;

  errsv = errno;
  if (lstat (self->path, &st) == 0 && !S_ISREG (st.st_mode))
    return refuse (self, describe_kind (st.st_mode), error);

  return release_set_error_from_errno (error, errsv, _("Cannot open lock file “%s”"),
                                       self->display_path);
}

static gboolean
release_lock_file_check (ReleaseLockFile    *self,
                         const struct stat  *st,
                         GError            **error)
{
  if (!S_ISREG (st->st_mode))
    return refuse (self, describe_kind (st->st_mode), error);
  if (st->st_nlink > 1)
    return refuse (self, _("it has other hard links"), error);
  if (st->st_uid != geteuid ())
    return refuse (self, _("it belongs to another user"), error);
  if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return refuse (self, _("it can be written by other users"), error);
  if (st->st_size > MAX_CONTENT_BYTES)
    return refuse (self, _("it is larger than 4096 bytes"), error);

  return TRUE;
}

/* Reads and judges the content; the PID in it becomes the holder's. */
static gboolean
release_lock_file_read (ReleaseLockFile        *self,
                        const struct timespec  *written,
                        Content                *content,
                        GError                **error)
{
  char buffer[MAX_CONTENT_BYTES];
  gssize n;

  n = TEMP_FAILURE_RETRY (pread (self->fd, buffer, sizeof buffer, 0));
  if (n < 0)
    {
      int errsv = errno;

      return release_set_error_from_errno (error, errsv, _("Cannot read lock file “%s”"),
                                           self->display_path);
    }

  *content = classify_content (buffer, n, written, &self->holder_pid);
  if (*content == CONTENT_FOREIGN)
    {
      g_autofree char *shown = release_escape (buffer, MIN (n, 32));

      g_set_error (error, RELEASE_LOCK_ERROR, RELEASE_LOCK_ERROR_REFUSED,
                   _("Lock file “%s” is refused: its content is no PID: “%s”"),
                   self->display_path, shown);
      return FALSE;
    }

  return TRUE;
}

static gboolean
release_lock_file_write (ReleaseLockFile  *self,
                         GError          **error)
{
  char text[16];
  int length = snprintf (text, sizeof text, "%d\n", (int) getpid ());
  gssize n = -1;
  int errsv;

  if (ftruncate (self->fd, 0) == 0)
    n = TEMP_FAILURE_RETRY (pwrite (self->fd, text, length, 0));
  if (n == length)
    return TRUE;

  errsv = n < 0 ? errno : ENOSPC;
  return release_set_error_from_errno (error, errsv, _("Cannot write lock file “%s”"),
                                       self->display_path);
}

static gboolean
release_lock_file_is_at_path (ReleaseLockFile *self,
                              struct stat     *at_path)
{
  struct stat ours;

  return fstat (self->fd, &ours) == 0 && lstat (self->path, at_path) == 0
         && ours.st_dev == at_path->st_dev && ours.st_ino == at_path->st_ino;
}

static void
release_lock_file_close (ReleaseLockFile *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* Whatever the result is, the caller closes the file. */
static Attempt
release_lock_file_attempt (ReleaseLockFile  *self,
                           GError          **error)
{
  struct stat st;
  Content content;
  gboolean is_busy = FALSE;
  int errsv;

  if (!release_lock_file_open (self, error))
    return ATTEMPT_FAILED;
  if (fstat (self->fd, &st) < 0)
    {
      errsv = errno;
      release_set_error_from_errno (error, errsv, _("Cannot examine lock file “%s”"),
                                    self->display_path);
      return ATTEMPT_FAILED;
    }
  if (!release_lock_file_check (self, &st, error))
    return ATTEMPT_FAILED;

  if (TEMP_FAILURE_RETRY (flock (self->fd, LOCK_EX | LOCK_NB)) < 0)
    {
      errsv = errno;
      if (errsv != EWOULDBLOCK)
        {
          release_set_error_from_errno (error, errsv, _("Cannot lock “%s”"), self->display_path);
          return ATTEMPT_FAILED;
        }
      is_busy = TRUE;
    }

  /* Since the file was opened its holder may have ended and removed it: then this is a file that
   * nobody else will ever see. */
  if (!release_lock_file_is_at_path (self, &st))
    return ATTEMPT_REPLACED;

  /* In a busy file, what is no PID of a running process may be from before its holder. */
  if (!release_lock_file_read (self, &st.st_mtim, &content, is_busy ? NULL : error))
    return is_busy ? ATTEMPT_BUSY : ATTEMPT_FAILED;
  if (content == CONTENT_RUNNING)
    {
      set_held_error (self, error);
      return ATTEMPT_FAILED;
    }
  if (is_busy)
    {
      /* Whose it was, not whose it is. */
      self->holder_pid = 0;
      return ATTEMPT_BUSY;
    }

  if (!release_lock_file_write (self, error))
    {
      unlink (self->path);
      return ATTEMPT_FAILED;
    }

  return ATTEMPT_LOCKED;
}

static void
release_lock_file_set_path (ReleaseLockFile *self,
                            const char      *path)
{
  g_autofree char *folder = NULL;

  if (path == NULL)
    return;

  folder = g_get_current_dir ();
  self->path = g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (folder, path, NULL);
  self->display_path = g_filename_display_name (self->path);
}

static void
release_lock_file_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ReleaseLockFile *self = RELEASE_LOCK_FILE (object);

  switch (prop_id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_lock_file_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  ReleaseLockFile *self = RELEASE_LOCK_FILE (object);

  switch (prop_id)
    {
    case PROP_PATH:
      release_lock_file_set_path (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
release_lock_file_finalize (GObject *object)
{
  ReleaseLockFile *self = RELEASE_LOCK_FILE (object);

  release_lock_file_release (self);
  g_free (self->path);
  g_free (self->display_path);

  G_OBJECT_CLASS (release_lock_file_parent_class)->finalize (object);
}

static void
release_lock_file_class_init (ReleaseLockFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = release_lock_file_get_property;
  object_class->set_property = release_lock_file_set_property;
  object_class->finalize = release_lock_file_finalize;

  /**
   * ReleaseLockFile:path: (type filename)
   *
   * The absolute path of the file. A relative one is taken from the directory
   * that is current when the object is made.
   *
   * Since: 0.1
   */
  properties[PROP_PATH] =
    g_param_spec_string ("path", "", "", NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
release_lock_file_init (ReleaseLockFile *self)
{
  self->fd = -1;
  self->mode = DEFAULT_MODE;
}

/* A lock file that nobody else can even open, and so lock. (transfer full) */
ReleaseLockFile *
release_lock_file_new_private (const char *path)
{
  ReleaseLockFile *self = release_lock_file_new (path);

  self->mode = PRIVATE_MODE;
  return self;
}

/**
 * release_lock_file_new:
 * @path: (type filename): where the lock file is or will be
 *
 * Makes a lock file object. Nothing happens to the file before
 * release_lock_file_acquire(). A relative @path is made absolute at once, so
 * that later changes of the directory do not matter.
 *
 * The file can be read by everybody, for its PID is of use to scripts. Whoever
 * can open a file can also lock it, and so keep its owner from starting again
 * after a crash: where other users are not trusted it belongs in a folder that
 * they cannot enter.
 *
 * Returns: (transfer full): a new #ReleaseLockFile
 *
 * Since: 0.1
 */
ReleaseLockFile *
release_lock_file_new (const char *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (RELEASE_TYPE_LOCK_FILE, "path", path, NULL);
}

/**
 * release_lock_file_get_path:
 * @self: a #ReleaseLockFile
 *
 * Gets the absolute path of the file.
 *
 * Returns: (type filename): the path
 *
 * Since: 0.1
 */
const char *
release_lock_file_get_path (ReleaseLockFile *self)
{
  g_return_val_if_fail (RELEASE_IS_LOCK_FILE (self), NULL);

  return self->path;
}

/**
 * release_lock_file_is_held:
 * @self: a #ReleaseLockFile
 *
 * Tells whether this process holds the lock file through @self. A process that
 * was forked from the holder does not.
 *
 * Returns: %TRUE if the lock file is held
 *
 * Since: 0.1
 */
gboolean
release_lock_file_is_held (ReleaseLockFile *self)
{
  g_return_val_if_fail (RELEASE_IS_LOCK_FILE (self), FALSE);

  return self->fd >= 0 && self->owner_pid == getpid ();
}

/**
 * release_lock_file_get_holder_pid:
 * @self: a #ReleaseLockFile
 *
 * Gets the process that held the lock file when release_lock_file_acquire()
 * was last called: this one if it succeeded, the other one if it failed with
 * %RELEASE_LOCK_ERROR_HELD.
 *
 * Returns: a PID, or 0 if it is not known
 *
 * Since: 0.1
 */
int
release_lock_file_get_holder_pid (ReleaseLockFile *self)
{
  g_return_val_if_fail (RELEASE_IS_LOCK_FILE (self), 0);

  return self->holder_pid;
}

/**
 * release_lock_file_acquire:
 * @self: a #ReleaseLockFile
 * @error: return location for a #GError, or %NULL
 *
 * Creates the file if it does not exist, locks it and writes the PID of this
 * process into it. If @self is held already, nothing happens.
 *
 * A daemon acquires its lock file after release_daemonize(), for only the
 * process that acquired it holds it.
 *
 * Fails with %RELEASE_LOCK_ERROR_HELD if another process holds the file, with
 * %RELEASE_LOCK_ERROR_REFUSED if what lies at the path is not a lock file, and
 * with a #GIOErrorEnum for what the system reports. It blocks for a second at
 * most, while another process has locked the file but not yet written its PID.
 *
 * Returns: %TRUE if the file is held, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_lock_file_acquire (ReleaseLockFile  *self,
                           GError          **error)
{
  gint64 deadline;

  g_return_val_if_fail (RELEASE_IS_LOCK_FILE (self), FALSE);
  g_return_val_if_fail (self->path != NULL, FALSE);

  if (release_lock_file_is_held (self))
    return TRUE;

  release_lock_file_close (self);
  deadline = g_get_monotonic_time () + WRITE_TIMEOUT_USEC;
  while (TRUE)
    {
      Attempt attempt;

      self->holder_pid = 0;
      attempt = release_lock_file_attempt (self, error);
      if (attempt == ATTEMPT_LOCKED)
        break;

      release_lock_file_close (self);
      if (attempt == ATTEMPT_FAILED)
        return FALSE;
      if (g_get_monotonic_time () >= deadline)
        {
          set_held_error (self, error);
          return FALSE;
        }
      if (attempt == ATTEMPT_BUSY)
        g_usleep (RETRY_DELAY_USEC);
    }

  self->owner_pid = getpid ();
  self->holder_pid = self->owner_pid;
  return TRUE;
}

/**
 * release_lock_file_release:
 * @self: a #ReleaseLockFile
 *
 * Removes the file, if it is still the one that was acquired, and unlocks it.
 * If @self is not held, nothing happens to the file. The last reference to
 * @self does the same when it is dropped.
 *
 * Since: 0.1
 */
void
release_lock_file_release (ReleaseLockFile *self)
{
  struct stat st;

  g_return_if_fail (RELEASE_IS_LOCK_FILE (self));

  /* While it is locked nobody else who follows the rules touches the path. */
  if (release_lock_file_is_held (self))
    {
      if (release_lock_file_is_at_path (self, &st))
        unlink (self->path);
      self->holder_pid = 0;
    }
  release_lock_file_close (self);
}
