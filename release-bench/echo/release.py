# release-bench/echo/release.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Release from Python, through GObject Introspection, on both sides."""

import os
import signal
import socket
import sys

import gi
gi.require_version('Release', '1')
from gi.repository import GLib, Release

import echo

PLAIN = Release.IpcFraming.PLAIN
MULTIPLEXED = Release.IpcFraming.MULTIPLEXED
NO_TIMEOUT = -1


def new_channel(run, end, framing):
    channel = Release.IpcChannel.new(end.detach(), framing, None)
    # Large requests, many in flight, are more than a channel queues unless told to.
    needed = 2 * run.in_flight * run.size
    channel.set_max_queue_size(max(needed, channel.get_max_queue_size()))
    return channel


def fork_server(run, serve):
    """Starts a process that serves one end of a socket pair. Returns the other end."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        serve(run, theirs)
        sys.stdout.flush()
        os._exit(0)
    theirs.close()
    return ours, pid


def reap(pid):
    _, status = os.waitpid(pid, 0)
    if status != 0:
        sys.exit(f'The server ended with status {status}')


def serve_sync(run, end):
    channel = new_channel(run, end, PLAIN)
    while True:
        try:
            channel.write(channel.read(NO_TIMEOUT, None), NO_TIMEOUT, None)
        except GLib.Error as error:
            if error.matches(Release.ipc_error_quark(), Release.IpcError.CLOSED):
                return
            raise


def ask_sync(run):
    if run.in_flight != 1:
        sys.exit('This one asks one request at a time')
    ours, pid = fork_server(run, serve_sync)
    channel = new_channel(run, ours, PLAIN)
    while (request := run.ask()) is not None:
        answer = channel.call_bytes(GLib.Bytes.new(request), NO_TIMEOUT, None)
        run.answer(request, answer.get_data())
    channel.close()
    reap(pid)


def serve_async(run, end):
    channel = new_channel(run, end, MULTIPLEXED)
    channel.serve(lambda _, invocation, *rest: invocation.return_bytes(invocation.get_bytes()))
    while not channel.is_closed():
        GLib.MainContext.default().iteration(True)


def ask_async(run):
    ours, pid = fork_server(run, serve_async)
    channel = new_channel(run, ours, MULTIPLEXED)

    def ask_one():
        request = run.ask()
        if request is not None:
            channel.call_bytes_async(GLib.Bytes.new(request), NO_TIMEOUT, None, on_answer, request)

    def on_answer(source, result, request):
        run.answer(request, source.call_bytes_finish(result).get_data())
        ask_one()

    for _ in range(run.in_flight):
        ask_one()
    while not run.is_over():
        GLib.MainContext.default().iteration(True)
    channel.close()
    reap(pid)


if __name__ == '__main__':
    # An exception in a callback is printed and forgotten; here it ends the process.
    sys.excepthook = lambda *what: (sys.__excepthook__(*what), os._exit(1))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    measurement, ask = echo.parse({'sync': ask_sync, 'async': ask_async})
    ask(measurement)
    measurement.print_result()
