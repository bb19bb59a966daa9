// release-tests/bindings/io.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import Gio from 'gi://Gio';
import Release from 'gi://Release?version=1';

import { assertEqual, assertThrows, run, test } from '../tap.js';

const text = buffer => new TextDecoder().decode(buffer.get_data());

function openPipe() {
  const [, , input, output] = GLib.spawn_async_with_pipes(null, ['cat'], null,
    GLib.SpawnFlags.SEARCH_PATH, null);
  return [input, output, () => [input, output].forEach(fd => GLib.close(fd))];
}

const read = (fd, buffer, length) => new Promise((resolve, reject) => {
  Release.io_read_async(fd, buffer, length, 10000, null, (_, result) => {
    try {
      resolve(Release.io_read_finish(result));
    } catch (error) {
      reject(error);
    }
  });
});

test('Bytes go out and come in', async () => {
  const [input, output, close] = openPipe();
  const buffer = Release.Buffer.new(0);
  const hello = Release.Buffer.new_from_data(new TextEncoder().encode('hello'));
  Release.io_write(input, hello, -1, null);
  await read(output, buffer, 5);
  assertEqual(text(buffer), 'hello');
  close();
});

test('What does not come in time is an error', async () => {
  const [, output, close] = openPipe();
  await assertThrows(() => Release.io_read(output, Release.Buffer.new(0), 1, 10, null),
    Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT);
  close();
});

await run();
