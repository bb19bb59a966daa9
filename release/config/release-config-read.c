/* release/config/release-config-read.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bytes out of files and streams, and not more of them than a configuration may have.
 */

#include "config.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/config/release-config-private.h"
#include "release/config/release-config-text-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES (64u << 10)

static gboolean
fail_too_large (const char  *name,
                GError     **error)
{
  g_autofree char *shown = g_filename_display_name (name);

  g_set_error (error, RELEASE_CONFIG_ERROR, RELEASE_CONFIG_ERROR_TOO_LARGE,
               _("%s: too large for a configuration; the limit is %u bytes"), shown,
               RELEASE_CONFIG_MAX_BYTES);

  return FALSE;
}

/* Refuses what is no regular file: a named pipe could block, a device may have no end. */
static gboolean
check_type (const struct stat  *st,
            const char         *name,
            GError            **error)
{
  g_autofree char *shown = g_filename_display_name (name);

  if (S_ISREG (st->st_mode))
    return st->st_size <= RELEASE_CONFIG_MAX_BYTES || fail_too_large (name, error);

  if (S_ISDIR (st->st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, _("%s: it is a directory"), shown);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 _("%s: it is not a regular file"), shown);

  return FALSE;
}

/* Reads the file to its end; it may have grown since its size was asked for. */
static GBytes *
read_fd (int          fd,
         gsize        size,
         const char  *name,
         GError     **error)
{
  g_autofree char *data = NULL;
  g_autofree char *shown = g_filename_display_name (name);
  gsize room = MIN (size, RELEASE_CONFIG_MAX_BYTES) + 1;
  gsize length = 0;

  data = g_try_malloc (room);
  while (data != NULL)
    {
      gssize n = TEMP_FAILURE_RETRY (read (fd, data + length, room - length));

      if (n < 0)
        {
          release_set_error_from_errno (error, errno, "%s", shown);
          return NULL;
        }
      length += n;
      if (n == 0)
        return g_bytes_new_take (g_steal_pointer (&data), length);
      if (length > RELEASE_CONFIG_MAX_BYTES)
        {
          fail_too_large (name, error);
          return NULL;
        }
      if (length == room)
        {
          char *larger;

          room *= 2;
          larger = g_try_realloc (data, room);
          if (larger == NULL)
            break;
          g_steal_pointer (&data);
          data = larger;
        }
    }

  release_set_error_from_errno (error, ENOMEM, "%s", shown);

  return NULL;
}

GBytes *
release_config_read_file (const char  *path,
                          GError     **error)
{
  struct stat st;
  GBytes *bytes = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0 || fstat (fd, &st) < 0)
    {
      int errsv = errno;
      g_autofree char *shown = g_filename_display_name (path);

      if (fd >= 0)
        close (fd);
      release_set_error_from_errno (error, errsv, "%s", shown);
      return NULL;
    }

  if (check_type (&st, path, error))
    bytes = read_fd (fd, st.st_size, path, error);
  close (fd);

  return bytes;
}

GBytes *
release_config_read_stream (GInputStream  *stream,
                            const char    *name,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(GByteArray) data = g_byte_array_new ();
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);

  for (;;)
    {
      gssize n = -1;

      /* Not every stream looks itself. */
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        n = g_input_stream_read (stream, chunk, CHUNK_BYTES, cancellable, error);

      if (n < 0)
        {
          g_autofree char *shown = g_filename_display_name (name);

          g_prefix_error (error, "%s: ", shown);
          return NULL;
        }
      if (n == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&data));
      if (data->len + (gsize) n > RELEASE_CONFIG_MAX_BYTES)
        {
          fail_too_large (name, error);
          return NULL;
        }
      g_byte_array_append (data, chunk, n);
    }
}
