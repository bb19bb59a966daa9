/* examples/numbers/numbers.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "examples/numbers/numbers.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/* A path, or an IP address, a colon and a port. */
GSocketAddress *
numbers_parse_address (const char  *text,
                       GError     **error)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = NULL;
  GSocketAddress *address = NULL;
  guint64 port;

  if (strchr (text, '/') != NULL)
    return g_unix_socket_address_new (text);

  if (colon != NULL && g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
    {
      host = g_strndup (text, colon - text);
      address = g_inet_socket_address_new_from_string (host, port);
    }
  if (address == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is neither a path nor an IP address, a colon and a port", text);
  return address;
}
