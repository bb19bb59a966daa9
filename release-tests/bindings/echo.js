// release-tests/bindings/echo.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A master and a slave in JavaScript, with a codec written in JavaScript.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Release from 'gi://Release?version=1';
import System from 'system';

import { assertEqual, assertTrue, run, test } from '../tap.js';

const [SCRIPT] = GLib.filename_from_uri(import.meta.url);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const decode = (bytes, message) => {
  const number = Number(decoder.decode(bytes.get_data()));
  if (!Number.isInteger(number))
    throw new GLib.Error(Release.IpcError, Release.IpcError.CODEC, 'not a number');
  message.set_value(number);
  return true;
};
const encode = value => new GLib.Bytes(encoder.encode(`${value}`));

// Numbers, as decimal text on the wire.
const NumberCodec = GObject.registerClass({
  Implements: [Release.IpcCodec],
}, class NumberCodec extends GObject.Object {
  vfunc_get_request_type() { return GObject.TYPE_INT; }
  vfunc_get_response_type() { return GObject.TYPE_INT; }
  vfunc_encode_request(value) { return encode(value); }
  vfunc_decode_request(bytes, message) { return decode(bytes, message); }
  vfunc_encode_response(value) { return encode(value); }
  vfunc_decode_response(bytes, message) { return decode(bytes, message); }
});

// Asks for the double of 21 in two ways, reports, and waits for its end.
function runSlave() {
  const slave = Release.Slave.new(null, new NumberCodec());

  slave.connect('main', () => {
    const channel = slave.get_channel();
    const [, first] = channel.call(21, 5000, null);

    channel.connect('event', (_, message) => print(`event ${message.get_value()}`));
    channel.call_async(-4, 5000, null, (source, result) => {
      const [, second] = source.call_finish(result);
      let refused = 'not refused';

      try {
        channel.call_bytes(new GLib.Bytes(encoder.encode('no number')), 5000, null);
      } catch (error) {
        if (error.matches(Release.IpcError, Release.IpcError.REMOTE))
          refused = 'refused';
      }
      print(`answers ${first} ${second} ${refused}`);
    });
  });
  return slave.run();
}

// Doubles what its slave sends, broadcasts 7, then stops when it is told to.
function runMaster(folder) {
  const gjs = GLib.find_program_in_path('gjs');
  const group = Release.SlaveGroup.new([gjs, '-m', SCRIPT, 'slave'], 1, new NumberCodec());
  const master = Release.Master.new(`${folder}/lock`);

  group.connect('request', (_, slave, invocation) =>
    invocation.return_value(2 * invocation.get_value()));
  master.connect('main', () => {
    const receipts = master.broadcast(7);

    print(`${receipts.filter(receipt => receipt.is_accepted()).length} accepted`);
    print(`slaves ${master.get_slaves().get_n_items()}`);
  });
  master.add_group(group);
  master.set_privileged(new Gio.Credentials().get_unix_user() === 0);
  const status = master.run();
  print(`status ${status}`);
  return status;
}

async function tests() {
  test('Master, slave and codec in JavaScript: calls, events, receipts, an orderly end', () => {
    const folder = GLib.dir_make_tmp('release-echo-XXXXXX');
    const master = Gio.Subprocess.new(['gjs', '-m', SCRIPT, 'master', folder],
      Gio.SubprocessFlags.STDOUT_PIPE);
    const output = new Gio.DataInputStream({ base_stream: master.get_stdout_pipe() });
    const wanted = new Set(['answers 42 -8 refused', 'event 7', '1 accepted', 'slaves 1']);
    const lines = [];
    let line;

    while (wanted.size > 0) {
      [line] = output.read_line_utf8(null);
      assertTrue(line !== null, `more than “${lines.join('; ')}”`);
      lines.push(line);
      wanted.delete(line);
    }
    master.send_signal(15);
    for ([line] = output.read_line_utf8(null); line !== null; [line] = output.read_line_utf8(null))
      lines.push(line);
    master.wait(null);

    assertTrue(lines.includes('status 0'), 'status 0');
    assertEqual(master.get_exit_status(), 0);
    GLib.rmdir(folder);
    assertTrue(!GLib.file_test(folder, GLib.FileTest.EXISTS), 'an empty folder');
  });

  await run();
}

if (ARGV[0] === 'slave')
  System.exit(runSlave());
else if (ARGV[0] === 'master')
  System.exit(runMaster(ARGV[1]));
else
  await tests();
