/* release-bench/echo/release.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Our own forms of a request. The style of each is its ReleaseIpcFraming.
 */

#pragma once

#include "release-bench/echo/echo.h"

#include <release/release.h>

/* A request with no limit of time. */
#define NO_TIMEOUT -1

/* What every form needs: a channel that its process uses alone. */
ReleaseIpcChannel *new_channel         (Echo              *echo,
                                        int                fd,
                                        int                style);
void               serve_until_closed  (ReleaseIpcChannel *channel);
void               ask_until_over      (ReleaseIpcChannel *channel,
                                        Echo              *echo);

/* Blocking on both sides. */
void  ask_sync          (Echo *echo, int fd, int style);
void  serve_sync        (Echo *echo, int fd, int style);

/* GBytes and a GAsyncReadyCallback. */
void  ask_bytes         (Echo *echo, int fd, int style);
void  serve_bytes       (Echo *echo, int fd, int style);

/* A typed protocol: with a GAsyncReadyCallback, with a plain callback, blocking. */
void  ask_typed         (Echo *echo, int fd, int style);
void  ask_typed_lean    (Echo *echo, int fd, int style);
void  ask_typed_sync    (Echo *echo, int fd, int style);
void  serve_typed       (Echo *echo, int fd, int style);

/* The lean forms: borrowed bytes, or bytes that are kept, and a plain callback. */
void  ask_data          (Echo *echo, int fd, int style);
void  ask_bytes_func    (Echo *echo, int fd, int style);
void  serve_data        (Echo *echo, int fd, int style);
