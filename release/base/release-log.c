/* release/base/release-log.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/base/release-log.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

/**
 * SECTION:release-log
 * @title: Logging
 * @short_description: log messages on standard error or in the system log
 *
 * Release logs through GLib's structured logging, in the domain `Release`, and
 * so does a program that uses g_message() and its relatives. What this section
 * adds is a writer for daemons: in the foreground a line on standard error that
 * names time, program and PID, in the background the system log.
 *
 * release_master_run() and release_slave_run() call release_log_init(), so a
 * program seldom needs to. One that has a writer of its own says so first, for
 * GLib ends a process that sets two:
 *
 * |[<!-- language="C" -->
 *   release_log_set_target (RELEASE_LOG_TARGET_APPLICATION);
 *   g_log_set_writer_func (my_writer, NULL, NULL);
 * ]|
 *
 * All functions here may be called from any thread.
 */

static int log_target = RELEASE_LOG_TARGET_STDERR; /* (atomic) */

G_DEFINE_ENUM_TYPE (ReleaseLogTarget, release_log_target,
                    G_DEFINE_ENUM_VALUE (RELEASE_LOG_TARGET_STDERR, "stderr"),
                    G_DEFINE_ENUM_VALUE (RELEASE_LOG_TARGET_SYSLOG, "syslog"),
                    G_DEFINE_ENUM_VALUE (RELEASE_LOG_TARGET_APPLICATION, "application"))

typedef struct
{
  GLogLevelFlags  level;
  int             priority;
  const char     *name;
} Level;

/* The most severe flag that is set decides; the last row is for a level of the user's own. */
static const Level levels[] = {
  { G_LOG_LEVEL_ERROR, LOG_CRIT, "error" },
  { G_LOG_LEVEL_CRITICAL, LOG_ERR, "critical" },
  { G_LOG_LEVEL_WARNING, LOG_WARNING, "warning" },
  { G_LOG_LEVEL_MESSAGE, LOG_NOTICE, "message" },
  { G_LOG_LEVEL_INFO, LOG_INFO, "info" },
  { G_LOG_LEVEL_DEBUG, LOG_DEBUG, "debug" },
  { 0, LOG_NOTICE, "log" },
};

static const Level *
find_level (GLogLevelFlags log_level)
{
  const Level *level = levels;

  while (level->level != 0 && (log_level & level->level) == 0)
    level++;

  return level;
}

/* A message is one line whatever it holds: no control characters, no broken UTF-8. */
static char *
dup_message (const GLogField *field)
{
  g_autofree char *text = field->length < 0 ? g_strdup (field->value)
                                            : g_strndup (field->value, field->length);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c))
        g_string_append_printf (line, "\\x%02x", c);
      else
        g_string_append_unichar (line, c);
    }

  return g_string_free (line, FALSE);
}

static void
write_all (const char *text,
           gsize       length)
{
  while (length > 0)
    {
      gssize n = write (STDERR_FILENO, text, length);

      if (n < 0 && errno != EINTR)
        return;
      if (n > 0)
        {
          text += n;
          length -= n;
        }
    }
}

static void
write_stderr (const Level *level,
              const char  *message)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  const char *program = g_get_prgname ();
  g_autofree char *line = NULL;

  line = g_strdup_printf ("%s.%03d %s[%d] %s: %s\n",
                          stamp, g_date_time_get_microsecond (now) / 1000,
                          program != NULL ? program : program_invocation_short_name, getpid (),
                          level->name, message);
  /* One write a line, so that lines of several processes do not mix. */
  write_all (line, strlen (line));
}

/**
 * release_log_writer:
 * @log_level: the level of the message
 * @fields: (array length=n_fields): the fields of the message
 * @n_fields: how many fields there are
 * @user_data: not used
 *
 * Writes a log message to the target that release_log_set_target() chose, as a
 * #GLogWriterFunc. Debug and informational messages are dropped unless
 * `G_MESSAGES_DEBUG` asks for them. Control characters are written as escapes.
 *
 * Returns: %G_LOG_WRITER_HANDLED, or %G_LOG_WRITER_UNHANDLED if there is no
 *   message among @fields or the target is %RELEASE_LOG_TARGET_APPLICATION
 *
 * Since: 0.1
 */
GLogWriterOutput
release_log_writer (GLogLevelFlags   log_level,
                    const GLogField *fields,
                    gsize            n_fields,
                    gpointer         user_data)
{
  const Level *level = find_level (log_level);
  g_autofree char *message = NULL;
  const char *domain = NULL;

  for (gsize i = 0; i < n_fields; i++)
    {
      if (strcmp (fields[i].key, "MESSAGE") == 0 && message == NULL)
        message = dup_message (&fields[i]);
      else if (strcmp (fields[i].key, "GLIB_DOMAIN") == 0 && fields[i].length < 0)
        domain = fields[i].value;
    }

  if (message == NULL || release_log_get_target () == RELEASE_LOG_TARGET_APPLICATION)
    return G_LOG_WRITER_UNHANDLED;
  if (g_log_writer_default_would_drop (log_level, domain))
    return G_LOG_WRITER_HANDLED;

  if (release_log_get_target () == RELEASE_LOG_TARGET_SYSLOG)
    syslog (level->priority, "%s", message);
  else
    write_stderr (level, message);

  return G_LOG_WRITER_HANDLED;
}

/**
 * release_log_get_target:
 *
 * Gets where log messages go.
 *
 * Returns: the target
 *
 * Since: 0.1
 */
ReleaseLogTarget
release_log_get_target (void)
{
  return g_atomic_int_get (&log_target);
}

/**
 * release_log_set_target:
 * @target: where log messages go from now on
 *
 * Sets where the writer of release_log_init() sends messages. It may be called
 * at any time and takes effect at the next message. The system log is opened
 * at once, under the name of g_get_prgname(), so that it still works in a
 * process that changes its root directory later.
 *
 * %RELEASE_LOG_TARGET_APPLICATION means that the application logs by itself:
 * set before release_log_init(), no writer is installed at all.
 *
 * Since: 0.1
 */
void
release_log_set_target (ReleaseLogTarget target)
{
  if (target == RELEASE_LOG_TARGET_SYSLOG)
    openlog (g_get_prgname (), LOG_PID | LOG_NDELAY, LOG_DAEMON);

  g_atomic_int_set (&log_target, target);
}

/**
 * release_log_init:
 *
 * Installs release_log_writer() as the writer of the process, once: a second
 * call does nothing, and neither does a call while the target is
 * %RELEASE_LOG_TARGET_APPLICATION.
 *
 * A program that has called g_log_set_writer_func() itself must set that
 * target first, for GLib ends a process that sets a second writer.
 *
 * Since: 0.1
 */
void
release_log_init (void)
{
  static gsize installed = 0;

  if (release_log_get_target () == RELEASE_LOG_TARGET_APPLICATION)
    return;

  if (g_once_init_enter (&installed))
    {
      g_log_set_writer_func (release_log_writer, NULL, NULL);
      g_once_init_leave (&installed, 1);
    }
}
