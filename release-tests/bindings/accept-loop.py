# release-tests/bindings/accept-loop.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import socket
import sys
import tempfile
import unittest

import gi
gi.require_version('Release', '1')
from gi.repository import Gio, GLib, Release

import tap


class AcceptLoop(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='release-accept-')
        self.addCleanup(folder.cleanup)
        self.path = f'{folder.name}/socket'
        self.loop = Release.AcceptLoop.new(Gio.UnixSocketAddress.new(self.path),
                                           Gio.SocketType.STREAM)
        self.addCleanup(self.loop.stop)
        self.context = GLib.MainContext.default()

    def client(self):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.connect(self.path)
        client.setblocking(False)
        return client

    def receive(self, client):
        while True:
            try:
                return client.recv(100)
            except BlockingIOError:
                self.context.iteration(False)

    def test_handler(self):
        """A handler answers, and the connection ends when it lets go of it"""
        def on_accepted(_, connection):
            buffer = Release.Buffer.new(0)

            def on_read(_, result):
                Release.io_read_finish(result)
                Release.io_write(connection.get_fd(), buffer, -1, None)
                connection.close()

            Release.io_read_async(connection.get_fd(), buffer, 5, -1, connection.get_cancellable(),
                                  on_read)
            return True

        self.loop.connect('accepted', on_accepted)
        self.loop.start()
        client = self.client()
        client.sendall(b'hello')
        self.assertEqual(self.receive(client), b'hello')
        self.assertEqual(self.receive(client), b'')
        self.assertEqual(self.loop.props.n_connections, 0)

    def test_failure(self):
        """A handler that raises takes down its own connection only"""
        fails = [True, False]

        def on_accepted(_, connection):
            if fails.pop(0):
                raise RuntimeError('on purpose')
            Release.io_write(connection.get_fd(), Release.Buffer.new_from_data(b'served'), -1, None)
            return True

        hook, sys.excepthook = sys.excepthook, lambda *_: None
        self.addCleanup(setattr, sys, 'excepthook', hook)
        self.loop.connect('accepted', on_accepted)
        self.loop.start()
        self.assertEqual(self.receive(self.client()), b'')
        self.assertEqual(self.receive(self.client()), b'served')

    def test_stop(self):
        """A stop that waits comes to an end, and leaves no file"""
        self.loop.start()
        main = GLib.MainLoop()

        def on_stopped(loop, result):
            loop.stop_finish(result)
            main.quit()

        self.loop.stop_async(1000, None, on_stopped)
        main.run()
        self.assertFalse(os.path.exists(self.path))


tap.main()
