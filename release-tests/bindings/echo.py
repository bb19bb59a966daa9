# release-tests/bindings/echo.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A master and a slave in Python, with a codec written in Python."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import gi
gi.require_version('Release', '1')
from gi.repository import GLib, GObject, Release

import tap

SCRIPT = os.path.abspath(__file__)


class NumberCodec(GObject.Object, Release.IpcCodec):
    """Numbers, as decimal text on the wire."""

    def do_get_request_type(self):
        return GObject.TYPE_INT64

    def do_get_response_type(self):
        return GObject.TYPE_INT64

    def do_encode_request(self, value):
        return GLib.Bytes.new(str(value).encode())

    def do_decode_request(self, data, message):
        try:
            number = int(data.get_data())
        except ValueError:
            raise GLib.Error('not a number', 'release-ipc-error-quark', Release.IpcError.CODEC)
        value = GObject.Value(GObject.TYPE_INT64, number)
        message.set_value(value)
        return True

    do_encode_response = do_encode_request
    do_decode_response = do_decode_request


def run_slave():
    """Asks for the double of 21 in every form there is, reports, and waits for its end."""

    def on_main(slave):
        channel = slave.get_channel()
        answers = [channel.call(GObject.Value(GObject.TYPE_INT64, 21), 5000, None)[1]]

        def on_answer(source, result):
            answers.append(source.call_finish(result)[1])
            try:
                channel.call_bytes(GLib.Bytes.new(b'no number'), 5000, None)
            except GLib.Error as error:
                assert error.matches(Release.IpcError.quark(), Release.IpcError.REMOTE), error
                answers.append('refused')
            print(repr(answers), flush=True)

        channel.call_async(GObject.Value(GObject.TYPE_INT64, -4), 5000, None, on_answer)

    def on_event(channel, message):
        print(f'event {message.get_value()}', flush=True)

    slave = Release.Slave.new(None, NumberCodec())
    slave.connect('main', on_main)
    slave.connect('main', lambda slave: slave.get_channel().connect('event', on_event))
    return slave.run()


def run_master(folder):
    """Doubles what its slave sends, broadcasts 7, then stops when it is told to."""

    def on_request(group, slave, invocation):
        number = invocation.get_value()
        return invocation.return_value(GObject.Value(GObject.TYPE_INT64, 2 * number))

    def on_main(master):
        receipts = master.broadcast(GObject.Value(GObject.TYPE_INT64, 7))
        statuses = {receipt.get_status().value_nick for receipt in receipts}
        assert statuses <= {'sent', 'queued'}, statuses
        print(f'{len(receipts)} receipts', flush=True)
        print(f'slaves {master.get_slaves().get_n_items()}', flush=True)

    group = Release.SlaveGroup.new([sys.executable, SCRIPT, 'slave'], 1, NumberCodec())
    group.connect('request', on_request)
    master = Release.Master.new(f'{folder}/lock')
    master.connect('main', on_main)
    master.add_group(group)
    master.set_privileged(os.geteuid() == 0)
    status = master.run()
    print(f'status {status}', flush=True)

    # After a master has run, Ctrl-C is Python's again.
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(10)
    except KeyboardInterrupt:
        print('interrupted', flush=True)
    return status


class Echo(unittest.TestCase):

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='release-echo-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_until(self, wanted, signum):
        """The output of a master that gets the signal once all that is wanted was said."""
        master = subprocess.Popen([sys.executable, SCRIPT, 'master', self.folder],
                                  stdout=subprocess.PIPE, text=True)
        lines = []
        with master:
            while not all(any(text in line for line in lines) for text in wanted):
                line = master.stdout.readline()
                self.assertNotEqual(line, '', f'It ended after {lines}')
                lines.append(line)
            master.send_signal(signum)
            lines += master.stdout.readlines()
        return ''.join(lines), master.returncode

    def test_master_and_slave(self):
        """Master, slave and codec in Python: calls, events, receipts, an orderly end"""
        wanted = ["[42, -8, 'refused']", 'event 7', '1 receipts', 'slaves 1']
        output, status = self.run_until(wanted, signal.SIGTERM)
        self.assertIn('status 0', output)
        self.assertEqual(status, 0)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_interrupt(self):
        """Ctrl-C stops a master, and is Python's own again after it has run"""
        output, status = self.run_until(['event 7'], signal.SIGINT)
        self.assertIn('status 0', output)
        self.assertIn('interrupted', output)
        self.assertEqual(status, 0)

    def test_start_failure(self):
        """A slave executable that is missing is named in the error"""
        group = Release.SlaveGroup.new(['/nonexistent/slave'], 1, None)
        master = Release.Master.new(f'{self.folder}/lock')
        master.add_group(group)
        master.set_privileged(os.geteuid() == 0)
        with self.assertRaisesRegex(GLib.Error, '/nonexistent/slave'):
            master.start()
        self.assertEqual(list(self.folder.iterdir()), [])


if sys.argv[1:2] == ['slave']:
    sys.exit(run_slave())
if sys.argv[1:2] == ['master']:
    sys.exit(run_master(sys.argv[2]))
tap.main()
