/* release/ipc/release-ipc-server-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/io/release-io-acceptor-private.h"
#include "release/ipc/release-ipc-server.h"

G_BEGIN_DECLS

/* The inside of a server, shared by its two files alone:
 *
 *   release-ipc-server.c              the object: properties, signals, start and stop
 *   release-ipc-server-connections.c  who is admitted, who makes room, how a connection ends */

struct _ReleaseIpcServer
{
  GObject             parent_instance;

  char               *path;                  /* (nullable): absolute */
  int                 given_fd;              /* of release_ipc_server_new_for_fd (), or -1 */
  ReleaseIpcCodec    *codec;                 /* (nullable) */
  ReleaseIpcFraming   framing;
  guint               mode;
  guint               max_connections;
  guint               max_connections_per_user;
  guint               max_message_size;
  int                 frame_timeout;         /* milliseconds, -1 for none; so are the next two */
  int                 idle_timeout;
  int                 connection_timeout;

  ReleaseIoPoller    *poller;                /* (nullable): while started */
  ReleaseIoAcceptor  *acceptor;              /* (nullable): while started */
  GQueue              connections;           /* Connection.link; the longest idle first */
  gint64              last_complaint;
};

/* release-ipc-server.c */
void      release_ipc_server_complain               (ReleaseIpcServer      *self,
                                                     const char            *format,
                                                     ...) G_GNUC_PRINTF (2, 3);
void      release_ipc_server_notify_n_connections   (ReleaseIpcServer      *self);
void      release_ipc_server_emit_connected         (ReleaseIpcServer      *self,
                                                     ReleaseIpcChannel     *channel);
gboolean  release_ipc_server_emit_request           (ReleaseIpcServer      *self,
                                                     ReleaseIpcInvocation  *invocation);

/* release-ipc-server-connections.c */
void      release_ipc_server_add_connection         (ReleaseIpcServer      *self,
                                                     int                    fd);
void      release_ipc_server_end_connections        (ReleaseIpcServer      *self);

G_END_DECLS
