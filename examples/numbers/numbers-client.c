/* examples/numbers/numbers-client.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "examples/numbers/numbers.h"

#include <stdlib.h>

#define TIMEOUT_MSEC (10 * 1000)

/* How many numbers an argument vector has, after program, address and operation. */
#define N_BEFORE 3

static gboolean
write_number (ReleaseBuffer  *buffer,
              guint8          operation,
              const char     *text,
              GError        **error)
{
  guint64 unsigned_number = 0;
  gint64 signed_number = 0;

  if (operation == NUMBERS_SUM)
    return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &unsigned_number, error) &&
           release_buffer_write_uint64 (buffer, unsigned_number, NUMBERS_ORDER, error);

  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &signed_number, error) &&
         release_buffer_write_int64 (buffer, signed_number, NUMBERS_ORDER, error);
}

static gboolean
write_request (ReleaseBuffer  *buffer,
               guint8          operation,
               int             n,
               char          **numbers,
               GError        **error)
{
  if (!release_buffer_write_uint8 (buffer, operation, error) ||
      !release_buffer_write_uint8 (buffer, 0, error) ||
      !release_buffer_write_uint16 (buffer, n, NUMBERS_ORDER, error))
    return FALSE;

  for (int i = 0; i < n; i++)
    if (!write_number (buffer, operation, numbers[i], error))
      return FALSE;

  return TRUE;
}

/* (transfer full) */
static char *
read_answer (ReleaseBuffer  *buffer,
             guint8          operation,
             GError        **error)
{
  ReleaseUint128 total;
  gint64 least, greatest;

  if (operation == NUMBERS_SUM)
    return release_buffer_read_uint128 (buffer, NUMBERS_ORDER, &total, error)
           ? release_uint128_to_string (&total) : NULL;

  if (!release_buffer_read_int64 (buffer, NUMBERS_ORDER, &least, error) ||
      !release_buffer_read_int64 (buffer, NUMBERS_ORDER, &greatest, error))
    return NULL;

  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, least, greatest);
}

static char *
ask (GSocketAddress  *address,
     guint8           operation,
     int              n,
     char           **numbers,
     GError         **error)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(GSocket) server = NULL;
  guint8 status = 0;
  int fd;

  server = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_DEFAULT, error);
  if (server == NULL || !g_socket_connect (server, address, NULL, error))
    return NULL;

  fd = g_socket_get_fd (server);
  if (!write_request (buffer, operation, n, numbers, error) ||
      !release_io_write (fd, buffer, TIMEOUT_MSEC, NULL, error) ||
      !release_buffer_truncate (buffer, 0, error) ||
      !release_io_read (fd, buffer, NUMBERS_ANSWER_SIZE, TIMEOUT_MSEC, NULL, error) ||
      !release_buffer_read_uint8 (buffer, &status, error) ||
      !release_buffer_consume (buffer, NUMBERS_ANSWER_SIZE - 1, error))
    return NULL;

  if (status != NUMBERS_DONE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "The server has refused that");
      return NULL;
    }

  return release_io_read (fd, buffer, NUMBERS_RESULT_SIZE, TIMEOUT_MSEC, NULL, error)
         ? read_answer (buffer, operation, error) : NULL;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GSocketAddress) address = NULL;
  g_autofree char *answer = NULL;
  g_autoptr(GError) error = NULL;
  guint8 operation = 0;

  if (argc > N_BEFORE && g_str_equal (argv[2], "sum"))
    operation = NUMBERS_SUM;
  else if (argc > N_BEFORE && g_str_equal (argv[2], "range"))
    operation = NUMBERS_RANGE;
  if (operation == 0)
    {
      g_printerr ("Usage: %s ADDRESS sum|range NUMBER...\n", argv[0]);
      return 2;
    }

  address = numbers_parse_address (argv[1], &error);
  if (address != NULL)
    answer = ask (address, operation, argc - N_BEFORE, argv + N_BEFORE, &error);
  if (answer == NULL)
    {
      g_printerr ("Error: %s\n", error->message);
      return EXIT_FAILURE;
    }

  g_print ("%s\n", answer);
  return EXIT_SUCCESS;
}
