/* release-bench/echo/gdbus.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * GDBus from peer to peer: a method that takes an array of bytes and returns it, no bus between.
 */

#include "config.h"

#include "release-bench/echo/echo.h"

#include <gio/gio.h>
#include <gio/gunixconnection.h>

#define OBJECT "/echo"
#define INTERFACE "release.Echo"
#define METHOD "Echo"

static GDBusConnection *
connect_peer (int                   fd,
              const char           *guid,
              GDBusConnectionFlags  flags)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) bare = g_socket_new_from_fd (fd, &error);
  g_autoptr(GSocketConnection) stream = NULL;
  GDBusConnection *connection = NULL;

  if (bare != NULL)
    {
      stream = g_socket_connection_factory_create_connection (bare);
      connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), guid, flags, NULL, NULL,
                                               &error);
    }
  if (connection == NULL)
    echo_fail ("%s", error->message);

  return connection;
}

static void
called_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *object,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  g_dbus_method_invocation_return_value (invocation, parameters);
}

static void
serve (Echo *echo,
       int   fd,
       int   style)
{
  static const char xml[] =
    "<node><interface name='" INTERFACE "'><method name='" METHOD "'>"
    "<arg type='ay' direction='in'/><arg type='ay' direction='out'/>"
    "</method></interface></node>";
  static const GDBusInterfaceVTable vtable = { .method_call = called_cb };
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autoptr(GDBusConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  /* The first request may be there before the object is. */
  connection = connect_peer (fd, guid, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER |
                                       G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING);
  if (g_dbus_connection_register_object (connection, OBJECT, node->interfaces[0], &vtable, NULL,
                                         NULL, &error) == 0)
    echo_fail ("%s", error->message);
  g_dbus_connection_start_message_processing (connection);
  while (!g_dbus_connection_is_closed (connection))
    g_main_context_iteration (NULL, TRUE);
}

static void ask_with (GDBusConnection *connection,
                      EchoSlot        *slot);

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GDBusConnection *connection = G_DBUS_CONNECTION (source);
  EchoSlot *slot = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) answer = g_dbus_connection_call_finish (connection, result, &error);
  g_autoptr(GVariant) array = NULL;
  gconstpointer data;
  gsize length;

  if (answer == NULL)
    echo_fail ("%s", error->message);
  array = g_variant_get_child_value (answer, 0);
  data = g_variant_get_fixed_array (array, &length, 1);
  echo_answer (slot, data, length);
  ask_with (connection, slot);
}

static void
ask_with (GDBusConnection *connection,
          EchoSlot        *slot)
{
  GVariant *array;

  if (!echo_ask (slot))
    return;

  array = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, slot->payload, slot->echo->size, 1);
  g_dbus_connection_call (connection, NULL, OBJECT, INTERFACE, METHOD,
                          g_variant_new_tuple (&array, 1), G_VARIANT_TYPE ("(ay)"),
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, answered_cb, slot);
}

static void
ask (Echo *echo,
     int   fd,
     int   style)
{
  g_autoptr(GDBusConnection) connection = NULL;

  connection = connect_peer (fd, NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT);
  for (guint i = 0; i < echo->in_flight; i++)
    ask_with (connection, &echo->slots[i]);
  while (!echo_is_over (echo))
    g_main_context_iteration (NULL, TRUE);
  g_dbus_connection_close_sync (connection, NULL, NULL);
}

int
main (int    argc,
      char **argv)
{
  static const EchoContender contenders[] = {
    { "peer", ask, serve, 0 },
  };

  return echo_main (argc, argv, contenders, G_N_ELEMENTS (contenders));
}
