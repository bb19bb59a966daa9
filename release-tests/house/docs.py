# release-tests/house/docs.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The reference: every public symbol is documented, and gtk-doc has nothing to warn about."""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ET

import tap

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

CALLABLE = [CORE + tag for tag in ('constructor', 'function', 'method')]
TYPES = [CORE + tag for tag in ('alias', 'bitfield', 'class', 'enumeration', 'interface', 'record')]
MEMBERS = [CORE + 'property', GLIB + 'signal']

BUILD = pathlib.Path(os.environ['BUILD_ROOT'])
DOC = BUILD / 'doc'

# Links to the documentation of GLib and the system, which need not be there.
FOREIGN_LINK = re.compile(r'warning: no link for: "(?!release|api-index)', re.IGNORECASE)


def symbols(tags):
    """The symbols in the introspection data, without those that come by themselves with a type."""
    for element in ET.parse(os.environ['GIR']).getroot().find(f'{CORE}namespace').iter():
        generated = (element.get(f'{GLIB}is-gtype-struct-for') is not None
                     or element.get(f'{C}identifier', '').endswith('_quark'))
        if element.tag in tags and not generated:
            yield element


class Docs(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        # Two that build the same folder at once would be in each other's way.
        cls.lock = open(BUILD / 'doc.lock', 'w', encoding='utf-8')
        cls.addClassCleanup(cls.lock.close)
        fcntl.flock(cls.lock, fcntl.LOCK_EX)
        # What an earlier run left must not count.
        shutil.rmtree(DOC / 'xml', ignore_errors=True)
        for report in ('undocumented', 'undeclared', 'unused'):
            (DOC / f'release-{report}.txt').unlink(missing_ok=True)
        cls.made = subprocess.run(['ninja', '-C', BUILD, 'release-1-doc'], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, check=False)

    def test_builds(self):
        """The reference builds"""
        self.assertEqual(self.made.returncode, 0, self.made.stdout)
        self.assertTrue((DOC / 'html' / 'index.html').is_file())

    def test_no_warnings(self):
        """gtk-doc gives no warning, and every link to a symbol of ours leads somewhere"""
        warnings = [line for line in self.made.stdout.splitlines()
                    if re.search(r'\b(warning|error):', line, re.IGNORECASE)
                    and not FOREIGN_LINK.search(line)]
        self.assertEqual('\n'.join(warnings), '')

    def test_complete(self):
        """No public symbol is undocumented, undeclared or unused, and each has a chapter"""
        report = (DOC / 'release-undocumented.txt').read_text(encoding='utf-8')
        self.assertRegex(report, r'[1-9]\d* symbols documented')
        check = subprocess.run(['gtkdoc-check'], cwd=DOC, text=True, check=False,
                               env={**os.environ, 'DOC_MODULE': 'release',
                                    'DOC_MAIN_SGML_FILE': 'release-docs.xml'},
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(check.returncode, 0, f'{check.stdout}\n{report}')

    @unittest.skipIf('GIR' not in os.environ, 'built without introspection')
    def test_nothing_overlooked(self):
        """Every function and type that the bindings know is in the reference"""
        known = set()
        for element in symbols(CALLABLE + TYPES):
            known |= {element.get(f'{C}identifier'), element.get(f'{C}type')} - {None}
        self.assertIn('release_get_major_version', known)
        listed = (DOC / 'release-sections.txt').read_text(encoding='utf-8').splitlines()
        # gtk-doc 1.33 does not see `typedef struct` with the brace on the next line: such a type
        # has a typedef of its own, `typedef struct _ReleaseFoo ReleaseFoo;`, before the struct.
        self.assertEqual(known - set(listed), set())

    @unittest.skipIf('GIR' not in os.environ, 'built without introspection')
    def test_since(self):
        """Every function, type, property and signal says since when it is there"""
        for element in symbols(CALLABLE + TYPES + MEMBERS):
            with self.subTest(kind=element.tag.split('}')[1], name=element.get('name')):
                self.assertIsNotNone(element.get('version'))


tap.main()
