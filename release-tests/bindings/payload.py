# release-tests/bindings/payload.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Payloads in memfds, from a master to several slaves and back, in Python."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

import gi
gi.require_version('Release', '1')
from gi.repository import GLib, Release

import tap

SCRIPT = os.path.abspath(__file__)
N_SLAVES = 3
SIZE = 1024 * 1024 + 3


def pattern(step):
    return bytes(i * step % 251 for i in range(251)) * (SIZE // 251 + 1)


def say(line):
    """In one piece, for all processes write to one pipe."""
    os.write(sys.stdout.fileno(), f'{line}\n'.encode())


def is_mapped():
    return '/memfd:' in pathlib.Path('/proc/self/maps').read_text(encoding='utf-8')


def run_slave():
    """Tells what came, and sends back a memfd that it fills by itself."""

    def on_event(channel, message):
        payload = message.get_bytes()
        good = payload.get_data() == pattern(1)
        say(f'event {good}, mapped {is_mapped()}')

        fd = os.memfd_create('request', os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        with open(fd, 'wb') as file:
            file.write(pattern(2))
            file.flush()
            request = Release.ipc_payload_new_for_memfd(fd)
        answer = channel.call_bytes(request, 30000, None)
        say(f'answer {answer.get_data() == pattern(3)}')

    slave = Release.Slave.new(None, Release.IpcBytesCodec.get_default())
    slave.connect('main', lambda slave: slave.get_channel().connect('event', on_event))
    return slave.run()


def run_master(folder):
    payload = Release.ipc_payload_new_memfd(pattern(1))
    answer = Release.ipc_payload_new_memfd(pattern(3))

    def on_request(group, slave, invocation):
        channel = slave.get_channel()
        good = invocation.get_bytes().get_data() == pattern(2)
        say(f'request {good}, copied {channel.props.copy_memfds}')
        return invocation.return_bytes(answer)

    def on_main(master):
        receipts = master.broadcast_bytes(payload)
        say(f'{sum(receipt.is_accepted() for receipt in receipts)} accepted')

    group = Release.SlaveGroup.new([sys.executable, SCRIPT, 'slave'], N_SLAVES,
                                   Release.IpcBytesCodec.get_default())
    group.connect('request', on_request)
    master = Release.Master.new(f'{folder}/lock')
    master.connect('main', on_main)
    master.add_group(group)
    master.set_privileged(os.geteuid() == 0)
    return master.run()


class Payload(unittest.TestCase):

    def test_master_and_slaves(self):
        """A payload in a memfd is mapped by every slave, and goes back as request and response"""
        folder = pathlib.Path(tempfile.mkdtemp(prefix='release-payload-'))
        self.addCleanup(shutil.rmtree, folder)
        wanted = ([f'{N_SLAVES} accepted\n'] + N_SLAVES *
                  ['event True, mapped True\n', 'answer True\n',
                   f'request True, copied {os.geteuid() == 0}\n'])
        master = subprocess.Popen([sys.executable, SCRIPT, 'master', folder],
                                  stdout=subprocess.PIPE, text=True)
        with master:
            lines = [master.stdout.readline() for _ in wanted]
            master.send_signal(signal.SIGTERM)
            lines += master.stdout.readlines()
        self.assertEqual(sorted(lines), sorted(wanted))
        self.assertEqual(master.returncode, 0)

    def test_memfd(self):
        """A memfd is sealed by becoming a payload, and what is none cannot become one"""
        fd = os.memfd_create('test', os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        with open(fd, 'wb', buffering=0) as file:
            file.write(pattern(1))
            payload = Release.ipc_payload_new_for_memfd(fd)
            with self.assertRaises(PermissionError):
                file.write(b'x')
        self.assertEqual(payload.get_data(), pattern(1))

        with open(SCRIPT, encoding='utf-8') as file:
            with self.assertRaises(GLib.Error):
                Release.ipc_payload_new_for_memfd(file.fileno())

    def test_small(self):
        """Few bytes, or none, are a payload as well"""
        self.assertEqual(Release.ipc_payload_new_memfd(b'few').get_data(), b'few')
        self.assertEqual(Release.ipc_payload_new_memfd(b'').get_size(), 0)

    def test_limits(self):
        """A channel's limits of payloads are properties"""
        ours, peer = socket.socketpair()
        self.addCleanup(peer.close)
        channel = Release.IpcChannel.new(ours.detach(), Release.IpcFraming.MULTIPLEXED, None)
        self.assertEqual(channel.props.copy_memfds, os.geteuid() == 0)
        channel.props.copy_memfds = False
        channel.props.max_memfds = 5
        channel.set_max_memfd_size(1 << 20)
        self.assertEqual((channel.get_copy_memfds(), channel.get_max_memfds(),
                          channel.props.max_memfd_size, channel.get_n_refused_fds()),
                         (False, 5, 1 << 20, 0))
        channel.close()


if sys.argv[1:2] == ['slave']:
    sys.exit(run_slave())
elif sys.argv[1:2] == ['master']:
    sys.exit(run_master(sys.argv[2]))
else:
    tap.main()
