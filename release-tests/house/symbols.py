# release-tests/house/symbols.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the shared library exports is what release-tests/abi.symbols lists.

RELEASE_UPDATE_ABI=1 writes the list anew; the difference then belongs in the commit.
"""

import os
import pathlib
import subprocess
import unittest

import tap

LIST = pathlib.Path(os.environ['SOURCE_ROOT']) / 'release-tests' / 'abi.symbols'


def exported():
    output = subprocess.run(['nm', '-D', '--defined-only', '--format=posix',
                             os.environ['LIBRARY']], check=True, capture_output=True, text=True)
    return sorted(line.split()[0] for line in output.stdout.splitlines())


class Symbols(unittest.TestCase):

    def test_list(self):
        """The library exports the listed symbols and no others"""
        symbols = exported()
        if os.environ.get('RELEASE_UPDATE_ABI') == '1':
            LIST.write_text(''.join(f'{symbol}\n' for symbol in symbols), encoding='utf-8')
        listed = LIST.read_text(encoding='utf-8').splitlines()
        self.assertGreater(len(listed), 0)
        self.assertEqual(listed, sorted(set(listed)), 'the list is sorted')
        self.assertEqual(symbols, listed)

    def test_prefix(self):
        """Every exported symbol begins with release_"""
        for symbol in exported():
            with self.subTest(symbol=symbol):
                self.assertRegex(symbol, r'^release_[a-z0-9_]+$')


tap.main()
