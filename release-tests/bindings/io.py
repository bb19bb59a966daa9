# release-tests/bindings/io.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import socket
import unittest

import gi
gi.require_version('Release', '1')
from gi.repository import Gio, GLib, Release

import tap


class Io(unittest.TestCase):

    def setUp(self):
        self.ours, self.theirs = socket.socketpair()
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)

    def test_sync(self):
        """Bytes go out and come in; what fails raises, and what had come is kept"""
        buffer = Release.Buffer.new_from_data(b'hello')
        Release.io_write(self.ours.fileno(), buffer, -1, None)
        self.assertEqual(self.theirs.recv(100), b'hello')
        self.theirs.sendall(b'abc')
        self.theirs.close()
        self.assertEqual(Release.io_read_once(self.ours.fileno(), buffer, 0, 2, None), 2)
        self.assertEqual(buffer.get_data(), b'abllo')
        with self.assertRaises(GLib.Error) as raised:
            Release.io_read(self.ours.fileno(), buffer, 4, 1000, None)
        self.assertTrue(raised.exception.matches(Release.io_error_quark(),
                                                 Release.IoError.TRUNCATED))
        self.assertEqual(buffer.get_data(), b'ablloc')

    def test_async(self):
        """The asynchronous form ends in the main loop"""
        loop = GLib.MainLoop()
        buffer = Release.Buffer.new(0)

        def on_read(_, result):
            Release.io_read_finish(result)
            loop.quit()

        Release.io_read_async(self.ours.fileno(), buffer, 5, 10000, None, on_read)
        GLib.idle_add(self.theirs.sendall, b'hello')
        loop.run()
        self.assertEqual(buffer.get_data(), b'hello')

    def test_descriptors(self):
        """Descriptors travel"""
        read_end, write_end = os.pipe()
        fds = Gio.UnixFDList.new()
        fds.append(write_end)
        os.close(write_end)
        Release.io_send_fds(self.ours.fileno(), Release.Buffer.new_from_data(b'x'), fds, -1, None)
        del fds
        received = Release.io_receive_fds(self.theirs.fileno(), Release.Buffer.new(0), 10, 1, -1,
                                          None)
        self.assertEqual(received.get_length(), 1)
        with open(received.get(0), 'wb') as writer:
            writer.write(b'through')
        del received
        with open(read_end, 'rb') as reader:
            self.assertEqual(reader.read(), b'through')


tap.main()
