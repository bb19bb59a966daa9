/* release-tests/integration/typed.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A master and a slave that speak a typed protocol, built as a stranger would build them.
 */

#include <release/release.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  int a, b;
} AddRequest;

typedef struct
{
  int sum;
} AddResponse;

RELEASE_DECLARE_IPC_PROTOCOL (AddIpc, add_ipc, AddRequest, AddResponse)

static GBytes *
add_request_to_bytes (const AddRequest  *request,
                      GError           **error)
{
  return g_bytes_new (request, sizeof *request);
}

static AddRequest *
add_request_from_bytes (GBytes  *bytes,
                        GError **error)
{
  if (g_bytes_get_size (bytes) == sizeof (AddRequest))
    return g_memdup2 (g_bytes_get_data (bytes, NULL), sizeof (AddRequest));

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "A request of %" G_GSIZE_FORMAT " bytes",
               g_bytes_get_size (bytes));
  return NULL;
}

static GBytes *
add_response_to_bytes (const AddResponse  *response,
                       GError            **error)
{
  return g_bytes_new (response, sizeof *response);
}

static AddResponse *
add_response_from_bytes (GBytes  *bytes,
                         GError **error)
{
  if (g_bytes_get_size (bytes) == sizeof (AddResponse))
    return g_memdup2 (g_bytes_get_data (bytes, NULL), sizeof (AddResponse));

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "A response of %" G_GSIZE_FORMAT " bytes",
               g_bytes_get_size (bytes));
  return NULL;
}

RELEASE_DEFINE_IPC_PROTOCOL (AddIpc, add_ipc, AddRequest, AddResponse,
                             add_request_to_bytes, add_request_from_bytes, g_free,
                             add_response_to_bytes, add_response_from_bytes, g_free)

static void
on_main (ReleaseSlave *slave,
         gpointer      user_data)
{
  AddRequest request = { 19, 23 };
  g_autofree AddResponse *response = NULL;
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel = release_slave_get_channel (slave);

  response = add_ipc_call (channel, &request, 10000, NULL, &error);
  if (response == NULL)
    g_error ("%s", error->message);

  /* The master stops once it has been told what it has answered. */
  request.a = response->sum;
  request.b = 0;
  g_free (add_ipc_call (channel, &request, 10000, NULL, NULL));
}

static void
on_add (AddIpcInvocation *invocation,
        const AddRequest *request,
        gpointer          user_data)
{
  AddResponse response = { request->a + request->b };
  ReleaseMaster *master = user_data;

  add_ipc_return (invocation, &response, NULL);
  if (request->a == 42)
    {
      g_object_set_data (G_OBJECT (master), "done", master);
      release_master_stop_async (master, NULL, NULL, NULL);
    }
}

int
main (int    argc,
      char **argv)
{
  const char *slave_argv[] = { argv[0], "slave", NULL };
  g_autoptr(ReleaseSlaveGroup) group = release_slave_group_new (slave_argv, 1, NULL);
  g_autoptr(ReleaseMaster) master = release_master_new ("typed.pid");
  g_autoptr(ReleaseSlave) slave = release_slave_new (NULL, NULL);
  int status;

  g_signal_connect (slave, "main", G_CALLBACK (on_main), NULL);
  if (argc > 1)
    return release_slave_run (slave);

  add_ipc_serve_group (group, on_add, master, NULL);
  release_master_add_group (master, group);
  release_master_set_privileged (master, geteuid () == 0);
  status = release_master_run (master);

  return status == 0 && g_object_get_data (G_OBJECT (master), "done") != NULL ? 0 : 1;
}
