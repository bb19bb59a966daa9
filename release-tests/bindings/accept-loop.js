// release-tests/bindings/accept-loop.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import Gio from 'gi://Gio';
import Release from 'gi://Release?version=1';

import { assertEqual, run, test } from '../tap.js';

const read = (fd, buffer, length, cancellable) => new Promise((resolve, reject) => {
  Release.io_read_async(fd, buffer, length, 10000, cancellable, (_, result) => {
    try {
      resolve(Release.io_read_finish(result));
    } catch (error) {
      reject(error);
    }
  });
});

test('A handler serves a client', async () => {
  const address = Gio.InetSocketAddress.new_from_string('127.0.0.1', 0);
  const loop = Release.AcceptLoop.new(address, Gio.SocketType.STREAM);
  loop.connect('accepted', (_, connection) => {
    const buffer = Release.Buffer.new(0);
    read(connection.get_fd(), buffer, 2, connection.get_cancellable()).then(() => {
      const [, number] = buffer.read_uint16(Release.ByteOrder.BIG);
      buffer.write_uint32(number * number, Release.ByteOrder.BIG);
      Release.io_write(connection.get_fd(), buffer, -1, null);
      connection.close();
    });
    return true;
  });
  loop.start();

  const client = new Gio.SocketClient().connect(loop.get_local_address(), null);
  const buffer = Release.Buffer.new(0);
  buffer.write_uint16(1000, Release.ByteOrder.BIG);
  const fd = client.get_socket().get_fd();
  Release.io_write(fd, buffer, -1, null);
  buffer.consume(2);
  await read(fd, buffer, 4, null);
  assertEqual(buffer.read_uint32(Release.ByteOrder.BIG)[1], 1000000);
  client.close(null);
  loop.stop();
});

await run();
