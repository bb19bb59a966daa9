# examples/numbers/numbers_common.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What server and client have in common. README.md describes the protocol."""

import gi
gi.require_version('Release', '1')
from gi.repository import Gio, Release

ORDER = Release.ByteOrder.BIG
REQUEST_SIZE = 4
ANSWER_SIZE = 4
RESULT_SIZE = 16
COUNT_MAX = 1000
SUM, RANGE = 1, 2
DONE, MALFORMED = 0, 1


def parse_address(text):
    """A path, or an IP address, a colon and a port."""
    if '/' in text:
        return Gio.UnixSocketAddress.new(text)
    host, _, port = text.rpartition(':')
    address = Gio.InetSocketAddress.new_from_string(host, int(port))
    if address is None:
        raise ValueError(f'“{text}” is neither a path nor an IP address, a colon and a port')
    return address
