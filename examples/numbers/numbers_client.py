# examples/numbers/numbers_client.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client in Python: numbers_client.py ADDRESS sum|range NUMBER..."""

import sys

from numbers_common import (ANSWER_SIZE, DONE, ORDER, RANGE, RESULT_SIZE, SUM, Gio, Release,
                            parse_address)

from gi.repository import GLib

TIMEOUT_MSEC = 10 * 1000
OPERATIONS = {'sum': SUM, 'range': RANGE}


def ask(address, operation, numbers):
    server = Gio.Socket.new(address.get_family(), Gio.SocketType.STREAM,
                            Gio.SocketProtocol.DEFAULT)
    server.connect(address)
    buffer = Release.Buffer.new(0)
    buffer.write_uint8(operation)
    buffer.write_uint8(0)
    buffer.write_uint16(len(numbers), ORDER)
    write = buffer.write_uint64 if operation == SUM else buffer.write_int64
    for number in numbers:
        write(number, ORDER)
    Release.io_write(server.get_fd(), buffer, TIMEOUT_MSEC, None)

    buffer.truncate(0)
    Release.io_read(server.get_fd(), buffer, ANSWER_SIZE, TIMEOUT_MSEC, None)
    if buffer.get_byte(0) != DONE:
        raise ValueError('The server has refused that')
    buffer.consume(ANSWER_SIZE)
    Release.io_read(server.get_fd(), buffer, RESULT_SIZE, TIMEOUT_MSEC, None)
    if operation == SUM:
        return buffer.read_uint128(ORDER).to_string()
    return f'{buffer.read_int64(ORDER)} {buffer.read_int64(ORDER)}'


def main():
    if len(sys.argv) < 4 or sys.argv[2] not in OPERATIONS:
        print(f'Usage: {sys.argv[0]} ADDRESS sum|range NUMBER...', file=sys.stderr)
        sys.exit(2)
    try:
        print(ask(parse_address(sys.argv[1]), OPERATIONS[sys.argv[2]],
                  [int(number) for number in sys.argv[3:]]))
    except (GLib.Error, ValueError, OverflowError) as error:
        print(f'Error: {getattr(error, "message", error)}', file=sys.stderr)
        sys.exit(1)


main()
