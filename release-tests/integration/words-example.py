# release-tests/integration/words-example.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The words example: slaves count words in a text of any length that their master shows them."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import tap

PROGRAM = pathlib.Path(os.environ['BUILD_ROOT']) / 'examples/words/words'
PATIENCE_SECONDS = 60


class Words(unittest.TestCase):

    def run_program(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True,
                              timeout=PATIENCE_SECONDS, check=False)

    def check_count(self, repeat):
        with tempfile.NamedTemporaryFile(prefix='release-words-', mode='w') as file:
            file.write('one two two three three three ' * repeat)
            file.flush()
            result = self.run_program(file.name, 'one', 'two', 'three', 'four')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(sorted(result.stdout.split('\n')),
                         sorted([f'{repeat} one', f'{2 * repeat} two', f'{3 * repeat} three',
                                 '0 four', '']))

    def test_large(self):
        """Every slave counts its word in a text of a megabyte"""
        self.check_count(40000)

    def test_small(self):
        """The same in a short text"""
        self.check_count(1)

    def test_missing(self):
        """A file that is not there, or no word, is an error"""
        result = self.run_program('/nonexistent/text', 'word')
        self.assertEqual(result.returncode, 1)
        self.assertIn('/nonexistent/text', result.stderr)
        self.assertEqual(self.run_program('/nonexistent/text').returncode, 64)


tap.main()
