/* release/release.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#define RELEASE_INSIDE
#include <release/base/release-log.h>
#include <release/base/release-version.h>
#include <release/base/release-version-macros.h>
#include <release/buffer/release-buffer.h>
#include <release/buffer/release-buffer-integers.h>
#include <release/buffer/release-bytes.h>
#include <release/buffer/release-int128.h>
#include <release/buffer/release-uint128.h>
#include <release/config/release-config.h>
#include <release/config/release-config-problem.h>
#include <release/config/release-config-spec.h>
#include <release/config/release-config-text.h>
#include <release/config/release-config-validation.h>
#include <release/config/release-config-value.h>
#include <release/io/release-accept-connection.h>
#include <release/io/release-accept-loop.h>
#include <release/io/release-io.h>
#include <release/io/release-lock-file.h>
#include <release/ipc/release-ipc-bytes-codec.h>
#include <release/ipc/release-ipc-channel.h>
#include <release/ipc/release-ipc-channel-raw.h>
#include <release/ipc/release-ipc-codec.h>
#include <release/ipc/release-ipc-error.h>
#include <release/ipc/release-ipc-invocation.h>
#include <release/ipc/release-ipc-message.h>
#include <release/ipc/release-ipc-payload.h>
#include <release/ipc/release-ipc-protocol.h>
#include <release/ipc/release-ipc-server.h>
#include <release/ipc/release-ipc-string-codec.h>
#include <release/ipc/release-ipc-variant-codec.h>
#include <release/process/release-daemonize.h>
#include <release/process/release-master.h>
#include <release/process/release-receipt.h>
#include <release/process/release-simple.h>
#include <release/process/release-slave.h>
#include <release/process/release-slave-group.h>
#include <release/process/release-slave-process.h>
#undef RELEASE_INSIDE
