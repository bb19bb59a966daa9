# release-tests/house/layers.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The layers of the library: no folder of release/ includes from a folder above it."""

import os
import pathlib
import re
import unittest

import tap

SOURCE = pathlib.Path(os.environ['SOURCE_ROOT'])

# What each folder may include from, beside itself.
BELOW = {
    'base': [],
    'buffer': ['base'],
    'io': ['base', 'buffer'],
    'ipc': ['base', 'buffer', 'io'],
    'config': ['base'],
    'process': ['base', 'buffer', 'io', 'ipc', 'config'],
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.MULTILINE)
ENTRY = 'release/release.h'


def sources(folder):
    """All C files and headers below a folder, also those from which headers are made."""
    return sorted(path for path in (SOURCE / folder).rglob('*')
                  if path.is_file() and re.search(r'\.[ch](\.in)?$|\.py$', path.name))


def includes(path):
    return INCLUDE.findall(path.read_text(encoding='utf-8'))


def is_public(path):
    return re.search(r'\.h(\.in)?$', path.name) and '-private' not in path.name


class Layers(unittest.TestCase):

    def test_folders(self):
        """Every folder of release/ is a layer with a place in the order"""
        folders = {path.name for path in (SOURCE / 'release').iterdir() if path.is_dir()}
        self.assertIn('base', folders)
        self.assertLessEqual(folders, set(BELOW))

    def test_no_folder_reaches_up(self):
        """A folder includes from itself and from the folders below it, nothing else"""
        seen = 0
        for layer, below in BELOW.items():
            for path in sources(f'release/{layer}'):
                for _, name in includes(path):
                    if not name.startswith('release/'):
                        continue
                    seen += 1
                    with self.subTest(file=str(path.relative_to(SOURCE)), include=name):
                        self.assertNotEqual(name, ENTRY, 'the library does not include its entry')
                        self.assertIn(name.split('/')[1], [layer, *below])
        self.assertGreater(seen, 0)

    def test_paths_from_the_root(self):
        """Our headers are included by their path from the root, so that the layer shows"""
        names = {path.name.removesuffix('.in') for path in sources('release')}
        for path in sources('release') + sources('release-exec'):
            for _, name in includes(path):
                with self.subTest(file=str(path.relative_to(SOURCE)), include=name):
                    self.assertNotIn('..', name)
                    self.assertNotIn(name, names)

    def test_public_headers_are_public(self):
        """A public header includes only public headers, in angle brackets"""
        headers = [path for path in sources('release') if is_public(path)]
        self.assertGreater(len(headers), 0)
        for path in headers:
            for bracket, name in includes(path):
                with self.subTest(file=str(path.relative_to(SOURCE)), include=name):
                    self.assertEqual(bracket, '<')
                    self.assertNotIn('-private', name)

    def test_entry_has_all(self):
        """The entry header includes every public header"""
        entry = {name for _, name in includes(SOURCE / ENTRY)}
        for path in sources('release'):
            name = str(path.relative_to(SOURCE)).removesuffix('.in')
            if is_public(path) and name != ENTRY:
                with self.subTest(header=name):
                    self.assertIn(name, entry)

    def test_release_exec_without_glib(self):
        """The program that becomes a slave includes no GLib, directly or through our headers"""
        seen = set()
        queue = sources('release-exec')
        self.assertGreater(len(queue), 0)
        while queue:
            path = queue.pop()
            for _, name in includes(path):
                with self.subTest(file=str(path.relative_to(SOURCE)), include=name):
                    self.assertNotRegex(name, r'^(glib|gio|gobject)\b')
                if name.startswith('release') and name not in seen:
                    seen.add(name)
                    queue.append(SOURCE / name)


tap.main()
