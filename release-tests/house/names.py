# release-tests/house/names.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names in the introspection data.

A signal that shares its name with a property, a method or a virtual function makes the Vala and
Python bindings drop one of the two without a word.
"""

import os
import unittest
import xml.etree.ElementTree as ET

import tap

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'


def normal(name):
    return name.replace('-', '_')


class Type:
    """The names that a class or an interface has, those of its ancestors in our namespace too."""

    def __init__(self, element):
        self.name = element.get('name')
        self.parents = [element.get('parent')]
        self.parents += [i.get('name') for i in element.findall(f'{CORE}implements')]
        self.parents += [i.get('name') for i in element.findall(f'{CORE}prerequisite')]
        self.signals = {normal(s.get('name')) for s in element.findall(f'{GLIB}signal')}
        self.others = {normal(other.get('name')) for tag in ('property', 'method', 'function',
                       'constructor', 'virtual-method') for other in element.findall(CORE + tag)}

    def family(self, types):
        yield self
        for parent in self.parents:
            if parent in types:
                yield from types[parent].family(types)


def clashes(root):
    types = {}
    for tag in ('class', 'interface'):
        for element in root.iter(CORE + tag):
            types[element.get('name')] = Type(element)
    found = set()
    for own in types.values():
        for one in own.family(types):
            for two in own.family(types):
                found |= {(own.name, name) for name in one.signals & two.others}
    return sorted(found)


class Names(unittest.TestCase):

    def setUp(self):
        self.root = ET.parse(os.environ['GIR']).getroot()

    def test_signals(self):
        """No signal shares its name with a property, a method or a function of its class"""
        self.assertEqual(clashes(self.root), [])

    def test_signals_would_be_found(self):
        """A clash is found: in one class, between a class and its ancestor, with - and _"""
        root = ET.fromstring(f'''
          <namespace xmlns="{CORE[1:-1]}" xmlns:glib="{GLIB[1:-1]}">
            <class name="Base" parent="GObject.Object"><property name="so-so"/></class>
            <class name="Child" parent="Base"><glib:signal name="so_so"/></class>
            <interface name="Face"><method name="go"/></interface>
            <class name="Same"><implements name="Face"/><glib:signal name="go"/></class>
            <class name="Fine"><glib:signal name="go"/><method name="went"/></class>
          </namespace>''')
        self.assertEqual(clashes(root), [('Child', 'so_so'), ('Same', 'go')])

    def test_namespace(self):
        """The namespace is Release, its version 1, and it holds functions"""
        namespace = self.root.find(f'{CORE}namespace')
        self.assertEqual((namespace.get('name'), namespace.get('version')), ('Release', '1'))
        self.assertEqual(namespace.get(f'{C}identifier-prefixes'), 'Release')
        self.assertEqual(namespace.get(f'{C}symbol-prefixes'), 'release')
        self.assertIsNotNone(namespace.find(f'{CORE}function[@name="get_major_version"]'))


tap.main()
