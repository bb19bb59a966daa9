# release-tests/house/translations.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""po/POTFILES.in names every file that has a string to translate, and no other."""

import os
import pathlib
import re
import unittest

import tap

SOURCE = pathlib.Path(os.environ['SOURCE_ROOT'])
FOLDERS = ['release', 'release-exec', 'release-tools']
MARK = re.compile(r'\b(_|N_|C_|NC_|Q_|n?gettext|g_dn?gettext|g_dpgettext2?) ?\(')


def translatable():
    for folder in FOLDERS:
        for path in (SOURCE / folder).rglob('*.[ch]'):
            if MARK.search(path.read_text(encoding='utf-8')):
                yield str(path.relative_to(SOURCE))


class Translations(unittest.TestCase):

    def test_potfiles(self):
        """POTFILES.in lists the files that have strings to translate, sorted"""
        lines = (SOURCE / 'po' / 'POTFILES.in').read_text(encoding='utf-8').splitlines()
        listed = [line for line in lines if line and not line.startswith('#')]
        self.assertEqual(listed, sorted(translatable()))


tap.main()
