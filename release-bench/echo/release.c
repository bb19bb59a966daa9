/* release-bench/echo/release.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/echo/release.h"

int
main (int    argc,
      char **argv)
{
  static const EchoContender contenders[] = {
    { "sync", ask_sync, serve_sync, RELEASE_IPC_FRAMING_PLAIN },
    { "data-plain", ask_data, serve_data, RELEASE_IPC_FRAMING_PLAIN },
    { "data-multiplexed", ask_data, serve_data, RELEASE_IPC_FRAMING_MULTIPLEXED },
    { "bytes-func-plain", ask_bytes_func, serve_bytes, RELEASE_IPC_FRAMING_PLAIN },
    { "bytes-func-multiplexed", ask_bytes_func, serve_bytes, RELEASE_IPC_FRAMING_MULTIPLEXED },
    { "bytes-plain", ask_bytes, serve_bytes, RELEASE_IPC_FRAMING_PLAIN },
    { "bytes-multiplexed", ask_bytes, serve_bytes, RELEASE_IPC_FRAMING_MULTIPLEXED },
    { "typed-plain", ask_typed, serve_typed, RELEASE_IPC_FRAMING_PLAIN },
    { "typed-multiplexed", ask_typed, serve_typed, RELEASE_IPC_FRAMING_MULTIPLEXED },
    { "typed-lean-plain", ask_typed_lean, serve_typed, RELEASE_IPC_FRAMING_PLAIN },
    { "typed-lean-multiplexed", ask_typed_lean, serve_typed, RELEASE_IPC_FRAMING_MULTIPLEXED },
    { "typed-sync-plain", ask_typed_sync, serve_typed, RELEASE_IPC_FRAMING_PLAIN },
    { "typed-sync-multiplexed", ask_typed_sync, serve_typed, RELEASE_IPC_FRAMING_MULTIPLEXED },
  };

  return echo_main (argc, argv, contenders, G_N_ELEMENTS (contenders));
}
