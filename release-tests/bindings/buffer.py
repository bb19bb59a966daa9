# release-tests/bindings/buffer.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import struct
import unittest

import gi
gi.require_version('Release', '1')
from gi.repository import GLib, Release

import tap

BIG = Release.ByteOrder.BIG
LITTLE = Release.ByteOrder.LITTLE


class Buffer(unittest.TestCase):

    def test_bytes(self):
        """A buffer takes bytes and gives bytes"""
        buffer = Release.Buffer.new_from_data(b'hello\0')
        buffer.append_data(b'w\xff')
        buffer.append_string('é')
        buffer.insert(5, b',')
        self.assertEqual(buffer.get_data(), b'hello,\0w\xff\xc3\xa9')
        self.assertEqual(buffer.to_bytes().get_data(), buffer.get_data())
        self.assertEqual(Release.Buffer.new_from_bytes(GLib.Bytes.new(b'abc')).get_data(), b'abc')
        self.assertEqual(buffer.index(0), 6)
        self.assertEqual(buffer.index_from(7, 0), -1)

    def test_empty(self):
        """An empty buffer gives no bytes"""
        self.assertEqual(Release.Buffer.new(0).get_data(), b'')

    def test_view(self):
        """A view shares memory and keeps it alive"""
        buffer = Release.Buffer.new_filled(4, ord('-'))
        view = buffer.sub(1, 2)
        view.set_byte(0, ord('+'))
        self.assertEqual(buffer.get_data(), b'-+--')
        del buffer
        self.assertEqual(view.get_data(), b'+-')

    def test_integers(self):
        """Integers are read and written as the module struct has them, and returned as they are"""
        buffer = Release.Buffer.new(0)
        for size, code in ((8, 'b'), (16, 'h'), (32, 'i'), (64, 'q')):
            for name, form in ((f'int{size}', code), (f'uint{size}', code.upper())):
                for order, mark in ((BIG, '>'), (LITTLE, '<')):
                    number = -2 if form.islower() else (1 << size) - 2
                    order = () if size == 8 else (order,)
                    with self.subTest(name=name, mark=mark):
                        getattr(buffer, f'write_{name}')(number, *order)
                        self.assertEqual(buffer.get_data(), struct.pack(mark + form, number))
                        self.assertEqual(getattr(buffer, f'read_{name}_at')(0, *order), number)
                        self.assertEqual(getattr(buffer, f'read_{name}')(*order), number)

    def test_uint128(self):
        """An integer of 128 bits comes from text and goes into a buffer"""
        number = 0x0102030405060708090a0b0c0d0e0f10
        value = Release.Uint128.parse(str(number))
        self.assertEqual((value.high, value.low), (number >> 64, number & (1 << 64) - 1))
        buffer = Release.Buffer.new(0)
        buffer.write_uint128(value, LITTLE)
        self.assertEqual(buffer.get_data(), number.to_bytes(16, 'little'))
        self.assertEqual(buffer.read_uint128(LITTLE).to_string(), str(number))
        self.assertEqual(Release.Uint128.new(1, 0).to_hex_string(), '0x10000000000000000')

    def test_int128(self):
        """A signed integer of 128 bits does likewise"""
        number = -0x0102030405060708090a0b0c0d0e0f10
        value = Release.Int128.parse(hex(number))
        self.assertEqual((value.high << 64) + value.low, number)
        buffer = Release.Buffer.new(0)
        buffer.write_int128(value, BIG)
        self.assertEqual(buffer.get_data(), number.to_bytes(16, 'big', signed=True))
        self.assertEqual(buffer.read_int128_at(0, BIG).to_string(), str(number))
        self.assertEqual(buffer.read_int128(BIG).to_hex_string(), hex(number))
        self.assertEqual(value.compare(Release.Int128.new(-1, 0)), -1)

    def test_errors(self):
        """What goes past the end raises the library's error"""
        buffer = Release.Buffer.new_from_data(b'abc')
        for call in (lambda: buffer.read_uint32(BIG), lambda: buffer.sub(2, 2),
                     lambda: buffer.fill(4, 0, 0), lambda: buffer.consume(4)):
            with self.assertRaises(GLib.Error) as raised:
                call()
            self.assertTrue(raised.exception.matches(Release.buffer_error_quark(),
                                                     Release.BufferError.OUT_OF_RANGE))
        buffer.set_limit(3)
        with self.assertRaises(GLib.Error) as raised:
            buffer.append_byte(0)
        self.assertTrue(raised.exception.matches(Release.buffer_error_quark(),
                                                 Release.BufferError.LIMIT))
        for bad in (-1, 1 << 64):
            with self.assertRaises((OverflowError, ValueError)):
                buffer.consume(bad)
        with self.assertRaises(GLib.Error) as raised:
            Release.Uint128.parse('-1')
        self.assertTrue(raised.exception.matches(GLib.number_parser_error_quark(),
                                                 GLib.NumberParserError.INVALID))
        self.assertEqual(buffer.get_data(), b'abc')


tap.main()
