# release-tests/bindings/config.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import tempfile
import unittest

import gi
gi.require_version('Release', '1')
from gi.repository import GLib, Release

import tap

Value = Release.ConfigValue
Check = Release.ConfigValidation

# The example of the manual, with users that every system has.
EXAMPLE = '''# Global settings
user         = "nobody"  # string
privileged   = false  # boolean
read_timeout = 1      # integer
log_level    = debug  # log_level

[some-section]  # section declaration
match_with  = /^.+$/  # regular expression
tmp         = "/tmp"  # string

[another-section]  # another section declaration
privileged_users = ["root", "daemon"]  # list of strings'''


def make_spec():
    spec = Release.ConfigSpec.new()
    spec.add_key(None, 'user', None, [Check.unprivileged_user()])
    spec.add_key(None, 'privileged', Value.new_bool(True), [Check.bool()])
    spec.add_key(None, 'read_timeout', Value.new_int(5), [Check.int_in_range(0, 10)])
    spec.add_key(None, 'log_level', Value.new_log_level(GLib.LogLevelFlags.LEVEL_MESSAGE),
                 [Check.log_level()])
    spec.add_key('some-section', 'match_with', Value.new_regexp('^[a-z]+$'), [Check.regexp()])
    spec.add_key('some-section', 'tmp', Value.new_string('/tmp'),
                 [Check.string_in(['/tmp', '/var/tmp'])])
    spec.add_key('another-section', 'privileged_users', Value.new_string_list(['root']),
                 [Check.list_of(Check.existing_user())])
    return spec


def load(text, spec=None):
    config = Release.Config.new(spec or make_spec())
    config.load_bytes(GLib.Bytes.new(text.encode()), 'f')
    return config


class Config(unittest.TestCase):

    def test_example(self):
        """The example of the manual loads, and every value has its type"""
        config = load(EXAMPLE)
        self.assertEqual(config.get_text(None, 'user'), 'nobody')
        self.assertIs(config.get_bool(None, 'privileged'), False)
        self.assertEqual(config.get_int(None, 'read_timeout'), 1)
        self.assertEqual(config.get_keyword(None, 'log_level'), 'debug')
        self.assertEqual(config.get_log_level(None, 'log_level'), GLib.LogLevelFlags.LEVEL_DEBUG)
        self.assertEqual(config.get_regexp('some-section', 'match_with').get_pattern(), '^.+$')
        self.assertEqual(config.get_file('some-section', 'tmp'), '/tmp')
        self.assertEqual(config.get_text_list('another-section', 'privileged_users'),
                         ['root', 'daemon'])
        origin, line, column = config.get_origin('some-section', 'tmp')
        self.assertEqual((origin, line, column), (Release.ConfigOrigin.FILE, 9, 1))

    def test_defaults(self):
        """What a file leaves out has its default"""
        config = load('user = "nobody"')
        self.assertIs(config.get_bool(None, 'privileged'), True)
        self.assertEqual(config.get_int(None, 'read_timeout'), 5)
        self.assertEqual(config.get_origin(None, 'read_timeout')[0], Release.ConfigOrigin.DEFAULT)

    def test_errors(self):
        """All errors come as one exception and as objects"""
        config = Release.Config.new(make_spec())
        with self.assertRaises(GLib.Error) as caught:
            config.load_bytes(GLib.Bytes.new(b'user = 1\nread_timout = 3\n'), 'f')
        self.assertTrue(caught.exception.matches(Release.ConfigError.quark(),
                                                 Release.ConfigError.INVALID))
        self.assertEqual(caught.exception.message,
                         'f:1:8: “user”: 1 is an integer, not an unprivileged user; '
                         'a string is written in double quotes\n'
                         'f:2:1: “read_timout” is not known; did you mean “read_timeout”?')
        problems = config.dup_problems()
        self.assertEqual([(problem.get_line(), problem.get_key(), problem.get_code())
                          for problem in problems],
                         [(1, 'user', Release.ConfigError.INVALID),
                          (2, 'read_timout', Release.ConfigError.UNKNOWN_KEY)])

    def test_values(self):
        """Values are made of Python's and become Python's"""
        self.assertEqual(Value.new_int_list([1, -2]).to_int_list(), [1, -2])
        self.assertEqual(Value.new_float_list([0.5, 2]).print_(), '[0.5, 2.0]')
        self.assertEqual(list(map(bool, Value.new_bool_list([True, False]).to_bool_list())),
                         [True, False])
        data = Value.new_bytes(GLib.Bytes.new(b'a\0\xff'))
        self.assertIsNone(data.to_text())
        self.assertEqual(data.to_bytes().get_data(), b'a\0\xff')
        self.assertEqual(data.print_(), '"a\\x00\\xff"')
        self.assertTrue(Value.parse(data.print_()).equal(data))
        mixed = Value.new_list([Value.new_int(1), Value.new_keyword('x')])
        self.assertEqual(mixed.get_nth(1).get_kind(), Release.ConfigKind.KEYWORD)
        with self.assertRaises(GLib.Error):
            Value.new_regexp('(')

    def test_closure(self):
        """A validation can be a function in Python, and others can be made of it"""
        def even(value):
            return None if value.to_int() % 2 == 0 else f'{value.to_int()} is odd'

        both = Check.all_of([Check.int(), Check.new(even)])
        self.assertTrue(both.check(Value.new_int(2)))
        with self.assertRaises(GLib.Error) as caught:
            both.check(Value.new_int(3))
        self.assertEqual(caught.exception.message, '3 is odd')
        with self.assertRaises(GLib.Error):
            Check.any_of([Check.bool(), Check.int_in([1, 3])]).check(Value.new_int(2))

    def test_reload(self):
        """A reload tells which keys changed, and a bad file changes nothing"""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'test.conf')
            config = Release.Config.new(make_spec())
            seen = []
            with open(path, 'w', encoding='utf-8') as file:
                file.write(EXAMPLE)
            config.load_file(path)
            config.connect('changed::read_timeout', lambda _, section, key, old, new:
                           seen.append((section, key, old.to_int(), new.to_int())))
            with open(path, 'w', encoding='utf-8') as file:
                file.write(EXAMPLE.replace('= 1 ', '= 2 '))
            config.reload()
            self.assertEqual(seen, [(None, 'read_timeout', 1, 2)])
            with open(path, 'w', encoding='utf-8') as file:
                file.write('user = ')
            self.assertRaises(GLib.Error, config.reload)
            self.assertEqual(config.get_int(None, 'read_timeout'), 2)

    def test_save(self):
        """A changed value is written with the comments in their places"""
        config = load(EXAMPLE)
        config.set_value(None, 'read_timeout', Value.new_int(7))
        self.assertEqual(config.to_bytes().get_data().decode(),
                         EXAMPLE.replace('= 1 ', '= 7 '))

    def test_foreach(self):
        """All values can be visited, and passed on in a GKeyFile"""
        config = load(EXAMPLE)
        seen = {}
        config.foreach(lambda section, key, value: seen.update({(section, key): value.print_()}))
        self.assertEqual(seen[('some-section', 'tmp')], '"/tmp"')
        self.assertEqual(len(seen), 7)
        other = Release.Config.new(make_spec())
        other.load_key_file(config.to_key_file(), 'key file')
        self.assertEqual(other.get_text(None, 'user'), 'nobody')

    def test_options(self):
        """The command line goes before the file"""
        config = Release.Config.new(make_spec())
        config.override(None, 'read_timeout', '3')
        config.override('some-section', 'tmp', '/var/tmp')
        config.load_bytes(GLib.Bytes.new(EXAMPLE.encode()), 'f')
        self.assertEqual(config.get_int(None, 'read_timeout'), 3)
        self.assertEqual(config.get_text('some-section', 'tmp'), '/var/tmp')

    def test_sample(self):
        """A specification makes a sample file and a manual page"""
        spec = make_spec()
        spec.describe(None, 'user', Release.ConfigEffect.SLAVE, 'Who the slaves are')
        self.assertTrue(spec.print_sample().startswith('# Who the slaves are.\n'))
        self.assertIn('.TP\n.B user\nWho the slaves are.\n', spec.print_man())


tap.main()
