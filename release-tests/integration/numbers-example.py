# release-tests/integration/numbers-example.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The numbers example: its servers and clients, in C and in Python, talk to each other."""

import contextlib
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import tap

BUILD = pathlib.Path(os.environ['BUILD_ROOT'])
SOURCE = pathlib.Path(__file__).resolve().parents[2] / 'examples' / 'numbers'
SERVERS = {'C': [str(BUILD / 'examples/numbers/numbers-server')]}
CLIENTS = {'C': [str(BUILD / 'examples/numbers/numbers-client')]}
if os.environ.get('BINDINGS'):
    SERVERS['Python'] = [sys.executable, str(SOURCE / 'numbers_server.py')]
    CLIENTS['Python'] = [sys.executable, str(SOURCE / 'numbers_client.py')]
ENVIRONMENT = {**os.environ, 'GI_TYPELIB_PATH': str(BUILD / 'release'),
               'LD_LIBRARY_PATH': str(BUILD / 'release')}
PATIENCE_SECONDS = 30
MOST = (1 << 64) - 1


def receive_exactly(peer, size):
    data = b''
    while len(data) < size:
        part = peer.recv(size - len(data))
        if not part:
            break
        data += part
    return data


class Numbers(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='release-numbers-')
        self.addCleanup(folder.cleanup)
        self.path = f'{folder.name}/socket'

    @contextlib.contextmanager
    def server(self, language, address=None):
        with subprocess.Popen([*SERVERS[language], address or self.path], env=ENVIRONMENT,
                              stderr=subprocess.PIPE, text=True) as server:
            try:
                self.await_server(address)
                yield server
            finally:
                server.terminate()
                server.communicate(timeout=PATIENCE_SECONDS)
        self.assertEqual(server.returncode, 0)
        self.assertFalse(os.path.exists(self.path))

    def connect(self, address=None):
        if address is None:
            peer = socket.socket(socket.AF_UNIX)
            target = self.path
        else:
            host, _, port = address.rpartition(':')
            peer = socket.socket()
            target = (host, int(port))
        peer.settimeout(PATIENCE_SECONDS)
        try:
            peer.connect(target)
        except OSError:
            peer.close()
            raise
        return peer

    def await_server(self, address):
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.connect(address).close()
                return
            except OSError:
                self.assertLess(time.monotonic(), end, 'the server does not listen')
                time.sleep(0.01)

    def ask(self, language, *words, address=None):
        return subprocess.run([*CLIENTS[language], address or self.path, *map(str, words)],
                              env=ENVIRONMENT, capture_output=True, text=True, check=False,
                              timeout=PATIENCE_SECONDS)

    def test_languages(self):
        """Every client gets the right numbers from every server"""
        for server in SERVERS:
            with self.server(server):
                for client in CLIENTS:
                    for words, answer in ((('sum', 1, 2, 3), '6'),
                                          (('sum', MOST, MOST, 2), str(2 * MOST + 2)),
                                          (('sum', *[MOST] * 1000), str(1000 * MOST)),
                                          (('range', 3, -5, 7), '-5 7'),
                                          (('range', -1 << 63, (1 << 63) - 1),
                                           f'{-1 << 63} {(1 << 63) - 1}')):
                        with self.subTest(server=server, client=client, words=words[:4]):
                            run = self.ask(client, *words)
                            self.assertEqual((run.stdout, run.stderr), (f'{answer}\n', ''))

    def test_refusals(self):
        """What a server refuses, or a client cannot send, is an error with a message"""
        for server in SERVERS:
            with self.server(server):
                for client in CLIENTS:
                    for words in (('sum', *[1] * 1001), ('sum', -1), ('range', 'x'),
                                  ('sum', MOST + 1), ('range', 1 << 63)):
                        with self.subTest(server=server, client=client, words=words[:2]):
                            run = self.ask(client, *words)
                            self.assertEqual(run.returncode, 1)
                            self.assertRegex(run.stderr, r'^Error: .+\n$')

    def test_strangers(self):
        """A client that is none of ours asks several times, piecemeal, beside one that dawdles"""
        for server in SERVERS:
            with self.subTest(server=server), self.server(server), self.connect() as slow, \
                 self.connect() as peer:
                slow.sendall(b'\1')
                request = struct.pack('>BBHQQ', 1, 0, 2, MOST, 1)
                request += struct.pack('>BBHq', 2, 0, 1, -7)
                for byte in request[:-1]:
                    peer.sendall(bytes((byte,)))
                peer.sendall(request[-1:])
                self.assertEqual(receive_exactly(peer, 20), struct.pack('>I', 0)
                                 + (MOST + 1).to_bytes(16, 'big'))
                self.assertEqual(receive_exactly(peer, 20), struct.pack('>Iqq', 0, -7, -7))
                slow.close()

    def test_malformed(self):
        """A malformed request is told so, and ends its own connection only"""
        for server in SERVERS:
            with self.server(server), self.connect() as witness:
                for request in (struct.pack('>BBH', 3, 0, 1), struct.pack('>BBH', 1, 1, 1),
                                struct.pack('>BBH', 1, 0, 0), struct.pack('>BBH', 1, 0, 1001)):
                    with self.subTest(server=server, request=request), self.connect() as peer:
                        peer.sendall(request)
                        self.assertEqual(receive_exactly(peer, 5), b'\1\0\0\0')
                with self.connect() as peer:
                    peer.sendall(struct.pack('>BBHI', 1, 0, 2, 7))
                    peer.shutdown(socket.SHUT_WR)
                    self.assertEqual(receive_exactly(peer, 1), b'')
                witness.sendall(struct.pack('>BBHQ', 1, 0, 1, 7))
                self.assertEqual(receive_exactly(witness, 20)[-1:], b'\7')

    def test_graceful_stop(self):
        """A server that is told to stop finishes what it has begun"""
        for server in SERVERS:
            with self.subTest(server=server), self.server(server) as process, \
                 self.connect() as peer:
                request = struct.pack('>BBHQ', 1, 0, 1, 7)
                peer.sendall(request)
                self.assertEqual(receive_exactly(peer, 20)[-1:], b'\7')
                peer.sendall(request[:6])
                process.send_signal(signal.SIGTERM)
                while os.path.exists(self.path):
                    time.sleep(0.01)
                with self.assertRaises(OSError):
                    self.connect()
                peer.sendall(request[6:])
                self.assertEqual(receive_exactly(peer, 20)[-1:], b'\7')

    def test_inet(self):
        """The same over TCP"""
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            address = f'127.0.0.1:{free.getsockname()[1]}'
        for server in SERVERS:
            with self.server(server, address):
                for client in CLIENTS:
                    with self.subTest(server=server, client=client):
                        run = self.ask(client, 'sum', 1, 2, address=address)
                        self.assertEqual((run.stdout, run.stderr), ('3\n', ''))

    def test_bad_addresses(self):
        """An address that is none is an error"""
        for language, command in [*SERVERS.items(), *CLIENTS.items()]:
            for address in ('nonsense', 'host:x', '/no/such/folder/socket'):
                with self.subTest(language=language, address=address):
                    words = ['sum', '1'] if command in CLIENTS.values() else []
                    run = subprocess.run([*command, address, *words], env=ENVIRONMENT, check=False,
                                         capture_output=True, text=True, timeout=PATIENCE_SECONDS)
                    self.assertEqual(run.returncode, 1)
                    self.assertRegex(run.stderr, r'^Error: .+\n$')


tap.main()
