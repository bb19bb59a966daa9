# release-tests/house/sanitizers.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The sanitizers of this build do report: without this, a clean run under them proves nothing."""

import os
import subprocess
import unittest

import tap


class Sanitizers(unittest.TestCase):

    def reports(self, fault, message):
        run = subprocess.run([os.environ['FAULTY'], fault], capture_output=True, text=True,
                             check=False)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(message, run.stderr)

    def test_leak(self):
        """A leak is reported"""
        self.reports('leak', 'LeakSanitizer: detected memory leaks')

    def test_overflow(self):
        """A byte read behind a block is reported"""
        self.reports('overflow', 'AddressSanitizer: heap-buffer-overflow')

    def test_undefined(self):
        """A shift that C leaves undefined is reported and ends the program"""
        self.reports('shift', 'runtime error: shift exponent 40 is too large')


tap.main()
