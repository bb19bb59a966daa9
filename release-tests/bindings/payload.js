// release-tests/bindings/payload.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Payloads in memfds, from a master to several slaves and back, in JavaScript.

import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Release from 'gi://Release?version=1';
import System from 'system';

import { assertEqual, assertTrue, run, test } from '../tap.js';

const [SCRIPT] = GLib.filename_from_uri(import.meta.url);
const N_SLAVES = 2;
const SIZE = 256 * 1024 + 5;

const pattern = step => Uint8Array.from({ length: SIZE }, (_, i) => i * step % 251);
const isPattern = (bytes, step) => {
  const data = bytes.get_data();

  return data.length === SIZE && pattern(step).every((byte, i) => byte === data[i]);
};
const isMapped = () => {
  const [, maps] = GLib.file_get_contents('/proc/self/maps');

  return new TextDecoder().decode(maps).includes('/memfd:');
};

// Tells what came, and sends a payload of its own.
function runSlave() {
  const slave = Release.Slave.new(null, Release.IpcBytesCodec.get_default());

  slave.connect('main', () => slave.get_channel().connect('event', (channel, message) => {
    print(`event ${isPattern(message.get_bytes(), 1)}, mapped ${isMapped()}`);
    const answer = channel.call_bytes(Release.ipc_payload_new_memfd(pattern(2)), 30000, null);
    print(`answer ${isPattern(answer, 3)}`);
  }));
  return slave.run();
}

function runMaster(folder) {
  const gjs = GLib.find_program_in_path('gjs');
  const group = Release.SlaveGroup.new([gjs, '-m', SCRIPT, 'slave'], N_SLAVES,
    Release.IpcBytesCodec.get_default());
  const master = Release.Master.new(`${folder}/lock`);

  group.connect('request', (_, slave, invocation) => {
    print(`request ${isPattern(invocation.get_bytes(), 2)}`);
    return invocation.return_bytes(Release.ipc_payload_new_memfd(pattern(3)));
  });
  master.connect('main', () => {
    const receipts = master.broadcast_bytes(Release.ipc_payload_new_memfd(pattern(1)));

    print(`${receipts.filter(receipt => receipt.is_accepted()).length} accepted`);
  });
  master.add_group(group);
  master.set_privileged(new Gio.Credentials().get_unix_user() === 0);
  return master.run();
}

async function tests() {
  test('A payload in a memfd is mapped by every slave, and comes back in requests', () => {
    const folder = GLib.dir_make_tmp('release-payload-XXXXXX');
    const master = Gio.Subprocess.new(['gjs', '-m', SCRIPT, 'master', folder],
      Gio.SubprocessFlags.STDOUT_PIPE);
    const output = new Gio.DataInputStream({ base_stream: master.get_stdout_pipe() });
    const wanted = [`${N_SLAVES} accepted`];
    const lines = [];

    for (let i = 0; i < N_SLAVES; i++)
      wanted.push('event true, mapped true', 'request true', 'answer true');
    while (lines.length < wanted.length) {
      const [line] = output.read_line_utf8(null);
      assertTrue(line !== null, `more than “${lines.join('; ')}”`);
      lines.push(line);
    }
    master.send_signal(15);
    master.wait(null);

    assertEqual(lines.sort().join('; '), wanted.sort().join('; '));
    assertEqual(master.get_exit_status(), 0);
    GLib.rmdir(folder);
  });

  await run();
}

if (ARGV[0] === 'slave')
  System.exit(runSlave());
else if (ARGV[0] === 'master')
  System.exit(runMaster(ARGV[1]));
else
  await tests();
