# release-tests/io/flood.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A stranger: opens N connections to a Unix socket, says nothing: flood.py PATH N

Prints a line once all are open, as far as the backlog lets them, and keeps them until its standard
input ends.
"""

import socket
import sys

path, count = sys.argv[1], int(sys.argv[2])
clients = []
for _ in range(count):
    client = socket.socket(socket.AF_UNIX)
    client.setblocking(False)
    try:
        client.connect(path)
    except BlockingIOError:
        client.close()
        break
    clients.append(client)
print(len(clients), flush=True)
sys.stdin.read()
