# release-tests/integration/config-check.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The config example: what it prints of a file, and how it ends."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import tap

PROGRAM = pathlib.Path(os.environ['BUILD_ROOT']) / 'examples/config/config-check'
EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / 'examples/config/example.conf'
ENVIRONMENT = {**os.environ, 'LC_ALL': 'C.UTF-8'}
EX_USAGE = 64
EX_IOERR = 74
EX_CONFIG = 78
PATIENCE_SECONDS = 60


def check(*arguments, text=None, **options):
    """Runs the program; text, if there is any, is its standard input."""
    return subprocess.run([PROGRAM, *arguments], env=ENVIRONMENT, check=False,
                          input=None if text is None else text.encode(),
                          timeout=PATIENCE_SECONDS,
                          **(options or {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE}))


class ConfigCheck(unittest.TestCase):

    def assert_ends(self, run, status, output, errors):
        self.assertEqual((run.returncode, run.stdout.decode(), run.stderr.decode()),
                         (status, output, errors))

    def test_text(self):
        """A good file is printed with its values and where each comes from"""
        run = check('--read-timeout=3', EXAMPLE)
        self.assert_ends(run, 0, 'user = "nobody"  # line 2\n'
                         'privileged = false  # line 3\n'
                         'read_timeout = 3  # command line\n'
                         'log_level = debug  # line 5\n'
                         'some-section.match_with = /^.+$/  # line 8\n'
                         'some-section.tmp = "/tmp"  # line 9\n'
                         'another-section.privileged_users = ["root", "daemon"]  # line 12\n', '')

    def test_default(self):
        """What is left out is a default"""
        run = check('-', text='user = "nobody"')
        self.assertEqual(run.returncode, 0)
        self.assertIn('\nread_timeout = 5  # default\n', run.stdout.decode())

    def test_json(self):
        """JSON has each value with its type, and the global keys in the section without a name"""
        run = check('--json', EXAMPLE)
        self.assertEqual(run.returncode, 0)
        values = json.loads(run.stdout)
        self.assertEqual(list(values), ['', 'some-section', 'another-section'])
        self.assertEqual(values[''], {
            'user': {'type': 'string', 'value': 'nobody'},
            'privileged': {'type': 'bool', 'value': False},
            'read_timeout': {'type': 'int', 'value': 1},
            'log_level': {'type': 'keyword', 'value': 'debug'}})
        self.assertEqual(values['some-section']['match_with'],
                         {'type': 'regexp', 'value': '^.+$'})
        self.assertEqual(values['another-section']['privileged_users'],
                         {'type': 'list', 'value': [{'type': 'string', 'value': 'root'},
                                                    {'type': 'string', 'value': 'daemon'}]})

    def test_odd_values(self):
        """JSON takes every value that a file can have"""
        run = check('--any', '--json', '-',
                    text='a = "\\000\\"\n" b = "\\xff" c = -9223372036854775808 d = .5\n'
                         'e = /\\/"\t\\\\/ f = [] g = "é"')
        self.assertEqual(run.returncode, 0)
        self.assertEqual(json.loads(run.stdout), {'': {
            'a': {'type': 'string', 'value': '\0"\n'},
            'b': {'type': 'string', 'base64': '/w=='},
            'c': {'type': 'int', 'value': -1 << 63},
            'd': {'type': 'float', 'value': 0.5},
            'e': {'type': 'regexp', 'value': '/"\t\\\\'},
            'f': {'type': 'list', 'value': []},
            'g': {'type': 'string', 'value': 'é'}}})
        self.assertEqual(json.loads(check('--any', '--json', '-', text='').stdout), {})

    def test_bad_file(self):
        """A bad file ends with 78, and a line for each thing that is wrong"""
        run = check('-', text='user = 1\nread_timout = 3\n')
        self.assert_ends(run, EX_CONFIG, '',
                         '-:1:8: “user”: 1 is an integer, not an unprivileged user; a string is '
                         'written in double quotes\n'
                         '-:2:1: “read_timout” is not known; did you mean “read_timeout”?\n')

    def test_no_file(self):
        """What is not a file that can be read ends with 78"""
        with tempfile.TemporaryDirectory(prefix='release-config-') as folder:
            pipe = f'{folder}/pipe'
            os.mkfifo(pipe)
            for path, reason in [(folder, 'it is a directory'),
                                 (pipe, 'it is not a regular file'),
                                 (f'{folder}/x', 'No such file or directory')]:
                self.assert_ends(check(path), EX_CONFIG, '', f'{path}: {reason}\n')

    def test_bad_command_line(self):
        """A bad command line ends with 64"""
        for arguments in [], ['a', 'b'], ['--nothing', EXAMPLE], ['--read-timeout=11', EXAMPLE]:
            run = check(*arguments)
            self.assertEqual((run.returncode, run.stdout), (EX_USAGE, b''))
            self.assertTrue(run.stderr.startswith(b'config-check: '), run.stderr)

    def test_sample(self):
        """The sample file passes, once it has what must be given"""
        sample = check('--sample').stdout.decode()
        self.assertEqual(check('-', text='user = "nobody"\n' + sample).returncode, 0)
        given = sample.replace('#user =', 'user = "nobody"').replace('#read_timeout', 'read_timeout')
        run = check('-', text=given)
        self.assertEqual(run.returncode, 0)
        self.assertIn('read_timeout = 5  # line ', run.stdout.decode())

    def test_man(self):
        """The part of a manual page has each key"""
        page = check('--man').stdout.decode()
        for key in 'user', 'read_timeout', 'tmp', 'privileged_users':
            self.assertIn(f'.TP\n.B {key}\n', page)

    def test_full_disk(self):
        """Output that nobody gets is a failure"""
        with open('/dev/full', 'wb') as full:
            run = check(EXAMPLE, stdout=full, stderr=subprocess.DEVNULL)
        self.assertEqual(run.returncode, EX_IOERR)


tap.main()
