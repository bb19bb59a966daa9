// release-tests/bindings/buffer.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import Release from 'gi://Release?version=1';

import { assertEqual, assertThrows, assertTrue, run, test } from '../tap.js';

const { BIG, LITTLE } = Release.ByteOrder;

const list = array => Array.from(array).join(' ');

test('A buffer takes a Uint8Array and gives one', () => {
  const buffer = Release.Buffer.new_from_data(new Uint8Array([1, 0, 255]));
  buffer.append_data(new Uint8Array([7]));
  assertTrue(buffer.get_data() instanceof Uint8Array);
  assertEqual(list(buffer.get_data()), '1 0 255 7');
  assertEqual(list(buffer.to_bytes().toArray()), '1 0 255 7');
  assertEqual(buffer.index(255), 2);
  assertEqual(buffer.index_from(3, 255)[1], -1);
});

test('A view shares memory', () => {
  const buffer = Release.Buffer.new_filled(3, 1);
  const view = buffer.sub(1, 1);
  view.set_byte(0, 9);
  assertEqual(list(buffer.get_data()), '1 9 1');
});

// gjs returns the TRUE of a success before what the function gives.
test('Integers are read and written as a DataView has them', () => {
  const buffer = Release.Buffer.new(0);
  for (const order of [BIG, LITTLE]) {
    buffer.write_int16(-2, order);
    buffer.write_uint32(0xfffefdfc, order);
    buffer.write_int64(-3, order);
    const bytes = Uint8Array.from(buffer.get_data());
    const seen = new DataView(bytes.buffer);
    assertEqual(seen.getInt16(0, order === LITTLE), -2);
    assertEqual(seen.getUint32(2, order === LITTLE), 0xfffefdfc);
    assertEqual(seen.getBigInt64(6, order === LITTLE), -3n);
    assertEqual(buffer.read_uint32_at(2, order)[1], 0xfffefdfc);
    assertEqual(buffer.read_int16(order)[1], -2);
    assertEqual(buffer.read_uint32(order)[1], 0xfffefdfc);
    assertEqual(buffer.read_int64(order)[1], -3);
  }
});

test('An integer of 128 bits comes from text and goes into a buffer', () => {
  const buffer = Release.Buffer.new(0);
  buffer.write_uint128(Release.Uint128.parse('258')[1], BIG);
  assertEqual(list(buffer.get_data()), '0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 2');
  assertEqual(buffer.read_uint128(BIG)[1].to_string(), '258');
});

test('A signed integer of 128 bits does likewise', () => {
  const buffer = Release.Buffer.new(0);
  buffer.write_int128(Release.Int128.parse('-2')[1], LITTLE);
  assertEqual(list(buffer.get_data()), `254${' 255'.repeat(15)}`);
  assertEqual(buffer.read_int128(LITTLE)[1].to_hex_string(), '-0x2');
});

test('What goes past the end is an error', async () => {
  const buffer = Release.Buffer.new_filled(3, 1);
  const domain = Release.buffer_error_quark();
  await assertThrows(() => buffer.read_uint32(BIG), domain, Release.BufferError.OUT_OF_RANGE);
  await assertThrows(() => buffer.sub(2, 2), domain, Release.BufferError.OUT_OF_RANGE);
  buffer.set_limit(3);
  await assertThrows(() => buffer.append_byte(1), domain, Release.BufferError.LIMIT);
});

await run();
