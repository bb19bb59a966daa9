# release-tests/integration/demo.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The demo from outside: strangers at both ends of its sockets, and processes killed at bad moments.

Nothing in here uses the library: the protocol is spoken as its description says.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

if 'FOREIGN_SLAVE' not in os.environ:
    import tap

SCRIPT = os.path.abspath(__file__)
BUILD = pathlib.Path(os.environ.get('BUILD_ROOT', '.'))
PROGRAMS = ['examples/demo/demo-master', 'examples/demo/demo-slave', 'examples/demo/demo-helper',
            'examples/demo/demo-control', 'release/librelease-1.so.0', 'release-exec/release-exec']
ROOT = os.geteuid() == 0
NOBODY = 65534
PATIENCE_SECONDS = 30


def send(peer, payload):
    peer.sendall(struct.pack('>I', len(payload)) + payload)


def receive_exactly(peer, size):
    data = b''
    while len(data) < size:
        part = peer.recv(size - len(data))
        if not part:
            raise EOFError(f'end of file after {len(data)} of {size} bytes')
        data += part
    return data


def receive(peer):
    (size,) = struct.unpack('>I', receive_exactly(peer, 4))
    return receive_exactly(peer, size)


def ask(peer, text):
    send(peer, text.encode())
    return receive(peer).decode()


def await_true(condition, what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f'This did not happen: {what}')
        time.sleep(0.01)


def status_of(pid):
    """The fields of /proc/PID/status; nothing if there is no such process."""
    try:
        text = pathlib.Path(f'/proc/{pid}/status').read_text(encoding='utf-8')
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return dict(re.findall(r'^(\w+):\s*(.*)$', text, re.MULTILINE))


def is_alive(pid):
    return status_of(pid).get('State', 'Z')[0] not in 'ZX'


def children_of(pid):
    return sorted(int(path.name) for path in pathlib.Path('/proc').glob('[0-9]*')
                  if status_of(path.name).get('PPid') == str(pid) and is_alive(path.name))


def descriptors_of(pid):
    return sorted(int(name) for name in os.listdir(f'/proc/{pid}/fd'))


def run_foreign_slave():
    """A slave that knows nothing but the description of the plain protocol."""
    peer = socket.socket(fileno=0)
    for number in range(200):
        send(peer, f'req{number}+{os.getpid()}'.encode())
    for number in range(200):
        if receive(peer) != f'resp{number}+{os.getpid()}'.encode():
            print('foreign slave: wrong answer', flush=True)
    print('foreign slave: 200 right answers', flush=True)
    with contextlib.suppress(EOFError):
        receive(peer)
    return 0


class Demo(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        # Where everybody may look, for the slaves may run as somebody else.
        cls.programs = pathlib.Path(tempfile.mkdtemp(prefix='release-demo-'))
        cls.addClassCleanup(shutil.rmtree, cls.programs)
        cls.programs.chmod(0o755)
        for name in PROGRAMS:
            (cls.programs / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(BUILD / name, cls.programs / name)
        cls.demo = cls.programs / 'examples' / 'demo'

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='release-demo-'))
        self.addCleanup(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)
        self.log = self.folder.with_suffix('.log')
        self.addCleanup(self.log.unlink, missing_ok=True)
        self.control = self.folder / 'control'
        self.helper_control = self.folder / 'helper-control'
        self.lock_file = self.folder / 'demo.pid'

    def command(self, *options):
        privileges = ['--privileged', '--user', 'nobody'] if ROOT else []
        return [self.demo / 'demo-master', '--lock-file', self.lock_file,
                '--control', self.control, *privileges, *options]

    def start(self, *options):
        """Starts a master, and waits until its slaves have got answers."""
        environment = {key: value for key, value in os.environ.items() if key != 'RELEASE_EXEC'}
        with open(self.log, 'ab') as log:
            # pylint: disable=consider-using-with
            master = subprocess.Popen(self.command(*options), stdout=log, stderr=log,
                                      env={**environment, 'GREETING': 'hello',
                                           'NOTIFY_SOCKET': '/nonexistent'})
        self.addCleanup(self.finish, master)
        await_true(lambda: self.said('requests answered') or master.poll() is not None, 'a start')
        self.assertIsNone(master.poll(), self.said())
        return master

    def finish(self, master):
        slaves = children_of(master.pid)
        if master.poll() is None:
            master.kill()
        master.wait()
        await_true(lambda: not any(map(is_alive, slaves)), 'the death of all slaves')

    def stop(self, master, signum=signal.SIGTERM):
        """Stops a master in order: nothing stays behind."""
        slaves = children_of(master.pid)
        master.send_signal(signum)
        self.assertEqual(master.wait(PATIENCE_SECONDS), 0, self.said())
        self.assertEqual([pid for pid in slaves if is_alive(pid)], [])
        self.assertEqual(list(self.folder.iterdir()), [])

    def said(self, text=None):
        log = self.log.read_text(encoding='utf-8', errors='replace')
        return log if text is None else log.count(text)

    def connect(self, path=None):
        peer = socket.socket(socket.AF_UNIX)
        self.addCleanup(peer.close)
        peer.settimeout(PATIENCE_SECONDS)
        peer.connect(str(path or self.control))
        return peer

    def test_control(self):
        """A stranger asks both control sockets; a broadcast reaches every slave"""
        master = self.start('--slaves', '3', '--helper-control', self.helper_control)
        self.assertEqual(ask(self.connect(), 'shout, ä'), 'SHOUT, ä')
        self.assertEqual(ask(self.connect(self.helper_control), 'broadcast:x'), 'BROADCAST:X')
        self.assertEqual(ask(self.connect(), ''), '')
        peer = self.connect()
        send(peer, b'one')
        send(peer, b'two')
        peer.shutdown(socket.SHUT_WR)
        self.assertEqual([receive(peer), receive(peer)], [b'ONE', b'TWO'])
        self.assertEqual(ask(self.connect(), 'broadcast:tea'), 'bcastok')
        await_true(lambda: self.said('Broadcast received: tea') == 4, 'a broadcast to all four')
        for path in (self.control, self.helper_control):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.stop(master)

    def test_slaves(self):
        """Slaves have their own session, no privileges, and three descriptors beside the channel"""
        master = self.start('--slaves', '2', '--helper-control', self.helper_control)
        slaves = children_of(master.pid)
        self.assertEqual(len(slaves), 3)
        for pid in slaves:
            fields = status_of(pid)
            with self.subTest(name=fields['Name']):
                self.assertEqual(os.getsid(pid), pid)
                # What a slave ignores once it runs, and nothing that it has inherited.
                pipe = 1 << signal.SIGPIPE - 1
                self.assertEqual(int(fields['SigIgn'], 16) & ~pipe, 0)
                targets = [os.readlink(f'/proc/{pid}/fd/{fd}') for fd in descriptors_of(pid)]
                self.assertFalse([name for name in targets if 'demo.pid' in name], targets)
                environment = pathlib.Path(f'/proc/{pid}/environ').read_bytes().split(b'\0')
                self.assertIn(b'GREETING=hello', environment)
                self.assertFalse([item for item in environment if item.startswith(b'NOTIFY_')])
                if ROOT:
                    self.assertEqual(fields['Uid'].split(), [str(NOBODY)] * 4)
                    self.assertEqual(fields['Gid'].split(), [str(NOBODY)] * 4)
                    self.assertEqual(fields['Groups'].split(), [str(NOBODY)])
                    for name in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'):
                        self.assertEqual(int(fields[name], 16), 0, name)
                    self.assertEqual(fields['NoNewPrivs'], '1')
        self.stop(master, signal.SIGINT)

    def test_respawn(self):
        """Slaves that are killed come back, and the master's descriptors do not grow"""
        master = self.start('--slaves', '8')
        peer = self.connect()
        self.assertEqual(ask(peer, 'x'), 'X')
        before = len(descriptors_of(master.pid))
        # Ten early deaths of one slave in a row would be a reason to give up.
        for _ in range(8):
            victims = children_of(master.pid)
            self.assertEqual(len(victims), 8)
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
            await_true(lambda: len(children_of(master.pid)) == 8
                       and not set(victims) & set(children_of(master.pid)), 'eight new slaves')
            await_true(lambda: all(status_of(pid).get('Name') == 'demo-slave'
                                   for pid in children_of(master.pid)), 'their programs')
            self.assertEqual(ask(peer, 'x'), 'X')
        await_true(lambda: len(descriptors_of(master.pid)) <= before, 'as many descriptors')
        self.stop(master)

    def test_master_killed(self):
        """A master killed with SIGKILL takes all slaves along, and the next start cleans up"""
        for _ in range(5):
            master = self.start('--slaves', '4', '--helper-control', self.helper_control)
            slaves = children_of(master.pid)
            self.assertEqual(len(slaves), 5)
            master.kill()
            master.wait()
            await_true(lambda: not any(map(is_alive, slaves)), 'the death of all slaves')
            self.assertTrue(self.control.exists())
            self.log.write_bytes(b'')
        self.stop(self.start('--slaves', '1', '--helper-control', self.helper_control))

    def test_foreign_slave(self):
        """A stranger's plain program is a slave, and dies with its master"""
        slave = self.folder.with_suffix('.py')
        self.addCleanup(slave.unlink, missing_ok=True)
        slave.write_text(f'#!{sys.executable}\n' + pathlib.Path(SCRIPT).read_text(encoding='utf-8'),
                         encoding='utf-8')
        slave.chmod(0o755)
        environment = {**os.environ, 'FOREIGN_SLAVE': '1'}
        with open(self.log, 'ab') as log, subprocess.Popen(
                self.command('--slaves', '2', '--framing', 'plain', '--slave', slave),
                stdout=log, stderr=log, env=environment) as master:
            self.addCleanup(self.finish, master)
            await_true(lambda: self.said('200 right answers') == 2, 'right answers')
            self.assertIn('No slave took it', ask(self.connect(), 'broadcast:tea'))
            slaves = children_of(master.pid)
            master.kill()
            master.wait()
            await_true(lambda: not any(map(is_alive, slaves)), 'the death of all slaves')
        self.assertEqual(self.said('wrong answer'), 0)

    def test_foreign_master(self):
        """demo-slave serves a master that gives it a socket as standard input and nothing else"""
        ours, theirs = socket.socketpair()
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith('RELEASE_')}
        with ours, subprocess.Popen([self.demo / 'demo-slave'], stdin=theirs,
                                    env=environment) as slave:
            theirs.close()
            ours.settimeout(PATIENCE_SECONDS)
            for _ in range(20):
                first, second = receive(ours), receive(ours)
                self.assertEqual({first, second}, {f'req1+{slave.pid}'.encode(),
                                                   f'req2+{slave.pid}'.encode()})
                for request in (first, second):
                    send(ours, request.replace(b'req', b'resp'))
            ours.close()
            self.assertEqual(slave.wait(PATIENCE_SECONDS), 0)

    def test_fifty_masters(self):
        """Of fifty masters started at once one runs; the others name its PID and exit with 75"""
        masters = [subprocess.Popen(self.command('--slaves', '1'), stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE) for _ in range(50)]
        for master in masters:
            self.addCleanup(self.finish, master)
        await_true(lambda: sum(master.poll() is not None for master in masters) == 49, '49 ends')
        (winner,) = [master for master in masters if master.poll() is None]
        for master in masters:
            if master is not winner:
                text = master.stderr.read().decode()
                self.assertEqual(master.returncode, 75, text)
                self.assertIn(f'PID {winner.pid})', text)
                master.stderr.close()
        self.assertEqual(int(self.lock_file.read_text(encoding='ascii')), winner.pid)
        winner.send_signal(signal.SIGTERM)
        winner.communicate()
        self.assertEqual(winner.returncode, 0)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_background(self):
        """In the background the command ends when all runs, with the status of the start"""
        run = subprocess.run(self.command('--slaves', '2', '--background'), check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder,
                             timeout=PATIENCE_SECONDS)
        self.assertEqual(run.returncode, 0, run.stdout)
        pid = int(self.lock_file.read_text(encoding='ascii'))
        self.assertEqual(ask(self.connect(), 'x'), 'X')
        self.assertEqual(os.readlink(f'/proc/{pid}/cwd'), '/')
        self.assertEqual({os.readlink(f'/proc/{pid}/fd/{fd}') for fd in range(3)}, {'/dev/null'})
        self.assertNotEqual(os.getsid(pid), os.getsid(0))
        again = subprocess.run(self.command('--background'), check=False, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual(again.returncode, 75, again.stdout)
        self.assertIn(f'PID {pid})', again.stdout)
        os.kill(pid, signal.SIGTERM)
        await_true(lambda: not is_alive(pid), 'the end of the daemon')
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_bad_starts(self):
        """What is wrong with a start is said, by name, and nothing is left behind"""
        plain = self.folder / 'plain'
        plain.write_text('no program', encoding='ascii')
        garbage = self.folder / 'garbage'
        garbage.write_text('not a PID\n', encoding='ascii')
        link = self.folder / 'link'
        link.symlink_to(self.folder / 'elsewhere')
        missing = self.folder / 'missing'
        long = self.folder / ('x' * 100)
        cases = [
            (['--slave', missing], 72, missing),
            (['--slave', plain], 72, plain),
            (['--slave', self.folder], 72, self.folder),
            (['--control', plain], 73, plain),
            (['--control', missing / 'control'], 73, missing / 'control'),
            (['--control', long], 73, long),
            (['--lock-file', garbage], 73, garbage),
            (['--lock-file', link], 73, link),
            (['--lock-file', missing / 'lock'], 73, missing / 'lock'),
            (['--slaves', '0'], 64, '--slaves'),
            (['--framing', 'round'], 64, 'round'),
        ]
        if ROOT:
            cases.append((['--user', 'nobody-of-that-name'], 78, 'nobody-of-that-name'))
        before = sorted(self.folder.iterdir())
        for options, status, named in cases:
            with self.subTest(options=options):
                run = subprocess.run(self.command(*options), stdout=subprocess.PIPE, check=False,
                                     stderr=subprocess.STDOUT, text=True, timeout=PATIENCE_SECONDS)
                self.assertIn(str(named), run.stdout)
                self.assertEqual(run.returncode, status, run.stdout)
                self.assertEqual(sorted(self.folder.iterdir()), before)
        self.assertEqual(garbage.read_text(encoding='ascii'), 'not a PID\n')

    def test_death_rate(self):
        """Slaves that die too fast stop everything, in order, with status 70"""
        run = subprocess.run(self.command('--slaves', '2', '--slave', '/bin/false'), check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=PATIENCE_SECONDS)
        self.assertEqual(run.returncode, 70, run.stdout)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_hostile_clients(self):
        """Whatever clients of the control socket do, others are served and memory does not grow"""
        master = self.start('--slaves', '1')
        silent = [self.connect() for _ in range(100)]
        self.assertEqual(ask(self.connect(), 'x'), 'X')
        size = int(status_of(master.pid)['VmRSS'].split()[0])
        for _ in range(10):
            huge = self.connect()
            huge.sendall(b'\xff\xff\xff\xff' + b'x' * 100)
            with contextlib.suppress(ConnectionResetError):
                self.assertEqual(huge.recv(1), b'')
            half = self.connect()
            half.sendall(b'\0\0\1\0half')
            half.close()
        deaf = self.connect()
        deaf.setblocking(False)
        with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
            while True:
                deaf.send(struct.pack('>I', 60000) + b'x' * 60000)
        self.assertEqual(ask(self.connect(), 'x'), 'X')
        if not os.environ.get('SANITIZED'):
            grown = int(status_of(master.pid)['VmRSS'].split()[0]) - size
            self.assertLess(grown, 8 * 1024)
        del silent
        self.stop(master)

    def test_storm(self):
        """Slaves and helper killed at random moments while clients ask: all is answered"""
        master = self.start('--slaves', '4', '--helper-control', self.helper_control)
        wrong = []

        def client():
            for number in range(300):
                if ask(self.connect(), f'x{number}') != f'X{number}':
                    wrong.append(number)

        clients = [threading.Thread(target=client) for _ in range(3)]
        for thread in clients:
            thread.start()
        rounds = 0
        while any(thread.is_alive() for thread in clients) or rounds < 10:
            for pid in children_of(master.pid)[rounds % 5:][:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.11)
            rounds += 1
        for thread in clients:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertIsNone(master.poll(), self.said())
        await_true(lambda: len(children_of(master.pid)) == 5, 'all slaves again')
        self.stop(master)


if 'FOREIGN_SLAVE' in os.environ:
    sys.exit(run_foreign_slave())
tap.main()
