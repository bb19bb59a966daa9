/* release/base/release-error.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/base/release-error-private.h"

#include <gio/gio.h>
#include <string.h>

/* Bytes of outside input that a message shows before it cuts them off. */
#define ESCAPE_MAX_BYTES 256

/* Sets @error to the #GIOErrorEnum of @errsv; the message is the formatted text, a colon and the
 * reason of the system. Always returns %FALSE, so that a caller can return it. */
gboolean
release_set_error_from_errno (GError     **error,
                              int          errsv,
                              const char  *format,
                              ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "%s: %s", what, g_strerror (errsv));
  return FALSE;
}

/* Makes outside input fit for a message: printable ASCII, the rest as escapes, cut off when long.
 * A @length of -1 means up to the NUL. */
char *
release_escape (const void *data,
                gssize      length)
{
  const guint8 *bytes = data;
  gsize n = length < 0 ? strlen (data) : (gsize) length;
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < MIN (n, ESCAPE_MAX_BYTES); i++)
    {
      if (bytes[i] == '\\')
        g_string_append (text, "\\\\");
      else if (bytes[i] == '\n')
        g_string_append (text, "\\n");
      else if (g_ascii_isprint (bytes[i]))
        g_string_append_c (text, bytes[i]);
      else
        g_string_append_printf (text, "\\x%02x", bytes[i]);
    }
  if (n > ESCAPE_MAX_BYTES)
    g_string_append (text, "...");

  return g_string_free (text, FALSE);
}
