# release-bench/echo/pipe.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""multiprocessing.Pipe (), which blocks: one request at a time."""

import multiprocessing
import sys

import echo


def serve(connection, other):
    other.close()
    while True:
        try:
            connection.send_bytes(connection.recv_bytes())
        except EOFError:
            return


def ask_pipe(run):
    if run.in_flight != 1:
        sys.exit('This one asks one request at a time')
    context = multiprocessing.get_context('fork')
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, ours), daemon=True)
    server.start()
    theirs.close()
    while (request := run.ask()) is not None:
        ours.send_bytes(request)
        run.answer(request, ours.recv_bytes())
    ours.close()
    server.join()
    if server.exitcode != 0:
        sys.exit(f'The server ended with status {server.exitcode}')


if __name__ == '__main__':
    measurement, ask = echo.parse({'pipe': ask_pipe})
    ask(measurement)
    measurement.print_result()
