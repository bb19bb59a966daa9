# examples/numbers/numbers_server.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The server in Python: numbers_server.py ADDRESS"""

import signal
import sys
import time

from numbers_common import (COUNT_MAX, DONE, MALFORMED, ORDER, RANGE, REQUEST_SIZE, SUM, Gio,
                            Release, parse_address)

from gi.repository import GLib

REQUEST_TIMEOUT_MSEC = 10 * 1000
WRITE_TIMEOUT_MSEC = 10 * 1000
STOP_TIMEOUT_MSEC = 5 * 1000
MAX_CONNECTIONS = 100


def split_uint128(number):
    return Release.Uint128.new(number >> 64, number & (1 << 64) - 1)


class Session:
    """One client. Every step ends with the next one, or closes the connection."""

    def __init__(self, connection):
        self.connection = connection
        self.buffer = Release.Buffer.new(0)
        self.read_request()

    def read(self, length, next_step):
        left = max(0, int((self.deadline - time.monotonic()) * 1000))
        Release.io_read_async(self.connection.get_fd(), self.buffer, length, left,
                              self.connection.get_cancellable(), self.end_step,
                              (Release.io_read_finish, next_step))

    def write(self, next_step):
        Release.io_write_async(self.connection.get_fd(), self.buffer, WRITE_TIMEOUT_MSEC,
                               self.connection.get_cancellable(), self.end_step,
                               (Release.io_write_finish, next_step))
        self.buffer.truncate(0)

    def end_step(self, _, result, steps):
        finish, next_step = steps
        try:
            finish(result)
            next_step()
        except GLib.Error as error:
            # A client that has no more to ask just goes.
            if not error.matches(Release.io_error_quark(), Release.IoError.EOF):
                print(error.message, file=sys.stderr)
            self.connection.close()

    def read_request(self):
        self.deadline = time.monotonic() + REQUEST_TIMEOUT_MSEC / 1000
        self.read(REQUEST_SIZE, self.on_request)

    def on_request(self):
        self.operation = self.buffer.read_uint8()
        reserved = self.buffer.read_uint8()
        self.count = self.buffer.read_uint16(ORDER)
        if self.operation in (SUM, RANGE) and reserved == 0 and 0 < self.count <= COUNT_MAX:
            self.read(self.count * 8, self.on_numbers)
            return
        print('Request: malformed', file=sys.stderr)
        self.buffer.append_data(bytes((MALFORMED, 0, 0, 0)))
        self.write(self.connection.close)

    def on_numbers(self):
        read = self.buffer.read_uint64 if self.operation == SUM else self.buffer.read_int64
        numbers = [read(ORDER) for _ in range(self.count)]
        self.buffer.write_uint32(DONE, ORDER)
        if self.operation == SUM:
            self.buffer.write_uint128(split_uint128(sum(numbers)), ORDER)
        else:
            self.buffer.write_int64(min(numbers), ORDER)
            self.buffer.write_int64(max(numbers), ORDER)
        self.write(self.read_request)


def main():
    if len(sys.argv) != 2:
        print(f'Usage: {sys.argv[0]} ADDRESS', file=sys.stderr)
        sys.exit(2)

    main_loop = GLib.MainLoop()
    stopping = []

    def on_stopped(loop, result):
        try:
            loop.stop_finish(result)
        except GLib.Error as error:
            print(error.message, file=sys.stderr)
        main_loop.quit()

    def on_accepted(_, connection):
        Session(connection)
        return True

    def on_signal():
        # The second signal finds no patience.
        if not stopping:
            stopping.append(True)
            loop.stop_async(STOP_TIMEOUT_MSEC, None, on_stopped)
        else:
            loop.stop()
        return GLib.SOURCE_CONTINUE

    try:
        loop = Release.AcceptLoop.new(parse_address(sys.argv[1]), Gio.SocketType.STREAM)
        loop.props.max_connections = MAX_CONNECTIONS
        loop.connect('accepted', on_accepted)
        loop.start()
    except (GLib.Error, ValueError) as error:
        print(f'Error: {getattr(error, "message", error)}', file=sys.stderr)
        sys.exit(1)

    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, on_signal)
    main_loop.run()


main()
