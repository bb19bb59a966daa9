/* examples/numbers/numbers-server.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "examples/numbers/numbers.h"

#include <glib-unix.h>
#include <stdlib.h>

#define REQUEST_TIMEOUT_MSEC (10 * 1000)
#define WRITE_TIMEOUT_MSEC (10 * 1000)
#define STOP_TIMEOUT_MSEC (5 * 1000)
#define MAX_CONNECTIONS 100

/* One client. It lives as long as an operation of it is under way. */
typedef struct
{
  ReleaseAcceptConnection *connection;
  ReleaseBuffer           *buffer;
  gint64                   deadline;    /* of the request, monotonic, in microseconds */
  guint8                   operation;
  guint16                  count;
} Session;

static void
session_free (Session *self)
{
  g_object_unref (self->connection);
  release_buffer_unref (self->buffer);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_free)

static void session_read_request (Session *self);

/* Reads exactly @length bytes, by the deadline of the request. */
static void
session_read (Session             *self,
              gsize                length,
              GAsyncReadyCallback  callback)
{
  gint64 left = MAX (self->deadline - g_get_monotonic_time (), 0);

  release_io_read_async (release_accept_connection_get_fd (self->connection), self->buffer, length,
                         left / G_TIME_SPAN_MILLISECOND,
                         release_accept_connection_get_cancellable (self->connection),
                         callback, self);
}

/* The last answer has left: whatever became of it, the connection ends. */
static void
refused_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Session) self = user_data;

  release_io_write_finish (result, NULL);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Session) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!release_io_write_finish (result, &error))
    g_message ("Answer: %s", error->message);
  else
    session_read_request (g_steal_pointer (&self));
}

/* Sends what is in the buffer. */
static void
session_write (Session             *self,
               GAsyncReadyCallback  callback)
{
  release_io_write_async (release_accept_connection_get_fd (self->connection), self->buffer,
                          WRITE_TIMEOUT_MSEC,
                          release_accept_connection_get_cancellable (self->connection),
                          callback, self);
  release_buffer_truncate (self->buffer, 0, NULL);
}

static gboolean
sum (ReleaseBuffer   *buffer,
     guint            count,
     ReleaseUint128  *total,
     GError         **error)
{
  for (guint i = 0; i < count; i++)
    {
      guint64 number = 0;

      if (!release_buffer_read_uint64 (buffer, NUMBERS_ORDER, &number, error))
        return FALSE;
      total->low += number;
      if (total->low < number)
        total->high++;
    }

  return TRUE;
}

static gboolean
range (ReleaseBuffer  *buffer,
       guint           count,
       gint64         *least,
       gint64         *greatest,
       GError        **error)
{
  *least = G_MAXINT64;
  *greatest = G_MININT64;
  for (guint i = 0; i < count; i++)
    {
      gint64 number = 0;

      if (!release_buffer_read_int64 (buffer, NUMBERS_ORDER, &number, error))
        return FALSE;
      *least = MIN (*least, number);
      *greatest = MAX (*greatest, number);
    }

  return TRUE;
}

/* Takes the numbers off the front of the buffer, and leaves the answer in it. */
static gboolean
session_calculate (Session  *self,
                   GError  **error)
{
  ReleaseUint128 total = { 0, 0 };
  gint64 least, greatest;

  if (self->operation == NUMBERS_SUM)
    return sum (self->buffer, self->count, &total, error) &&
           release_buffer_write_uint32 (self->buffer, NUMBERS_DONE, NUMBERS_ORDER, error) &&
           release_buffer_write_uint128 (self->buffer, &total, NUMBERS_ORDER, error);

  return range (self->buffer, self->count, &least, &greatest, error) &&
         release_buffer_write_uint32 (self->buffer, NUMBERS_DONE, NUMBERS_ORDER, error) &&
         release_buffer_write_int64 (self->buffer, least, NUMBERS_ORDER, error) &&
         release_buffer_write_int64 (self->buffer, greatest, NUMBERS_ORDER, error);
}

static void
numbers_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Session) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!release_io_read_finish (result, &error) || !session_calculate (self, &error))
    g_message ("Numbers: %s", error->message);
  else
    session_write (g_steal_pointer (&self), answered_cb);
}

static void
request_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Session) self = user_data;
  guint8 reserved = 0;
  g_autoptr(GError) error = NULL;

  if (!release_io_read_finish (result, &error) ||
      !release_buffer_read_uint8 (self->buffer, &self->operation, &error) ||
      !release_buffer_read_uint8 (self->buffer, &reserved, &error) ||
      !release_buffer_read_uint16 (self->buffer, NUMBERS_ORDER, &self->count, &error))
    {
      /* A client that has no more to ask just goes. */
      if (!g_error_matches (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_EOF))
        g_message ("Request: %s", error->message);
      return;
    }

  if ((self->operation == NUMBERS_SUM || self->operation == NUMBERS_RANGE) && reserved == 0 &&
      self->count > 0 && self->count <= NUMBERS_COUNT_MAX)
    {
      Session *next = g_steal_pointer (&self);

      session_read (next, next->count * sizeof (guint64), numbers_cb);
      return;
    }

  g_message ("Request: operation %u with %u numbers is malformed", self->operation, self->count);
  if (release_buffer_write_uint8 (self->buffer, NUMBERS_MALFORMED, NULL) &&
      release_buffer_append_data (self->buffer, (const guint8 *) "\0\0\0", 3, NULL))
    session_write (g_steal_pointer (&self), refused_cb);
}

/* @self: (transfer full) */
static void
session_read_request (Session *self)
{
  self->deadline = g_get_monotonic_time () + REQUEST_TIMEOUT_MSEC * G_TIME_SPAN_MILLISECOND;
  session_read (self, NUMBERS_REQUEST_SIZE, request_cb);
}

static gboolean
accepted_cb (ReleaseAcceptLoop       *loop,
             ReleaseAcceptConnection *connection,
             gpointer                 user_data)
{
  Session *session = g_new0 (Session, 1);

  session->connection = g_object_ref (connection);
  session->buffer = release_buffer_new (0);
  session_read_request (session);
  return TRUE;
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  gboolean *is_stopped = user_data;
  g_autoptr(GError) error = NULL;

  if (!release_accept_loop_stop_finish (RELEASE_ACCEPT_LOOP (source), result, &error))
    g_message ("Stop: %s", error->message);
  *is_stopped = TRUE;
}

static gboolean
signal_cb (gpointer user_data)
{
  gboolean *is_signalled = user_data;

  *is_signalled = TRUE;
  return G_SOURCE_CONTINUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(ReleaseAcceptLoop) loop = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_signalled = FALSE;
  gboolean is_stopped = FALSE;

  if (argc != 2)
    {
      g_printerr ("Usage: %s ADDRESS\n", argv[0]);
      return 2;
    }

  address = numbers_parse_address (argv[1], &error);
  if (address != NULL)
    {
      loop = release_accept_loop_new (address, G_SOCKET_TYPE_STREAM);
      g_object_set (loop, "max-connections", MAX_CONNECTIONS, NULL);
      g_signal_connect (loop, "accepted", G_CALLBACK (accepted_cb), NULL);
    }
  if (loop == NULL || !release_accept_loop_start (loop, &error))
    {
      g_printerr ("Error: %s\n", error->message);
      return EXIT_FAILURE;
    }

  g_unix_signal_add (SIGTERM, signal_cb, &is_signalled);
  g_unix_signal_add (SIGINT, signal_cb, &is_signalled);
  while (!is_signalled)
    g_main_context_iteration (NULL, TRUE);

  release_accept_loop_stop_async (loop, STOP_TIMEOUT_MSEC, NULL, stopped_cb, &is_stopped);
  while (!is_stopped)
    g_main_context_iteration (NULL, TRUE);

  return EXIT_SUCCESS;
}
