# release-tests/bindings/version.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import unittest

import gi
gi.require_version('Release', '1')
from gi.repository import GObject, Release

import tap


class Version(unittest.TestCase):

    def test_version(self):
        """The version that runs is the one that the typelib was made for"""
        running = (Release.get_major_version(), Release.get_minor_version(),
                   Release.get_micro_version())
        self.assertEqual(running, (Release.MAJOR_VERSION, Release.MINOR_VERSION,
                                   Release.MICRO_VERSION))

    def test_enum(self):
        """An enumeration is a registered type with named values"""
        self.assertTrue(issubclass(Release.LogTarget, GObject.GEnum))
        self.assertEqual(Release.LogTarget.SYSLOG.value_nick, 'syslog')
        self.assertEqual(Release.log_get_target(), Release.LogTarget.STDERR)


tap.main()
