# release-tests/house/tally.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The count at the end of `./dev check` is honest, whatever a test does."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import tap

TALLY = pathlib.Path(os.environ['SOURCE_ROOT']) / 'release-tests' / 'tally.py'


def entry(result, stdout='', returncode=0):
    return {'name': 'test', 'result': result, 'stdout': stdout, 'returncode': returncode}


class Tally(unittest.TestCase):

    def assert_tally(self, entries, last_line, status):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / 'testlog.json'
            if entries is not None:
                log.write_text(''.join(f'{json.dumps(e)}\n' for e in entries), encoding='utf-8')
            run = subprocess.run([sys.executable, TALLY, log], capture_output=True, text=True,
                                 check=False)
        self.assertEqual(run.stdout.splitlines()[-1], last_line, run.stderr)
        self.assertEqual(run.returncode, status)

    def test_subtests(self):
        """Each line of a TAP test counts, skipped and expected failures apart"""
        lines = '1..4\nok 1 /a\nok 2 - /b # SKIP needs root\n# not ok\nnot ok 3 /c # TODO\nok 4 /d\n'
        self.assert_tally([entry('OK', lines), entry('OK')], '3 passed, 0 failed, 2 skipped', 0)

    def test_failures(self):
        """A line that is not ok and a test that ends with a status are failures"""
        self.assert_tally([entry('FAIL', '1..2\nok 1 /a\nnot ok 2 /b\n'), entry('FAIL', '', 1)],
                          '1 passed, 2 failed, 0 skipped', 1)

    def test_crash(self):
        """A TAP test that dies or hangs after lines that were all ok is a failure"""
        self.assert_tally([entry('ERROR', '1..2\nok 1 /a\n', -6), entry('TIMEOUT', '1..1\n', -15)],
                          '1 passed, 2 failed, 0 skipped', 1)

    def test_skipped(self):
        """A test that is skipped as a whole counts as one"""
        self.assert_tally([entry('SKIP', '1..0 # SKIP no gjs\n'), entry('SKIP', '', 77),
                           entry('OK')], '1 passed, 0 failed, 2 skipped', 0)

    def test_nothing_ran(self):
        """A run without a log, or without a test, is a failure"""
        self.assert_tally(None, '0 passed, 1 failed, 0 skipped', 1)
        self.assert_tally([], '0 passed, 1 failed, 0 skipped', 1)

    def test_all_skipped(self):
        """A run in which every test was skipped proves nothing and has a status of failure"""
        self.assert_tally([entry('SKIP', '', 77)], '0 passed, 0 failed, 1 skipped', 1)


tap.main()
