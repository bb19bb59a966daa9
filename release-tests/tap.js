// release-tests/tap.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Runs tests in gjs and reports in TAP, one line a test, as g_test_run () does. A script adds its
// tests with test () and ends with `await run();`. A test's function may be asynchronous.

import GLib from 'gi://GLib';
import System from 'system';

const tests = [];

class Skip extends Error {}

export function test(name, func) {
  tests.push({ name, func });
}

export function skip(reason) {
  throw new Skip(reason);
}

export function assertTrue(value, what = 'a condition') {
  if (value !== true)
    throw new Error(`${what}: expected true, got ${value}`);
}

export function assertEqual(actual, expected) {
  if (actual !== expected)
    throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

// Fails unless func throws, or rejects with, the GError of that domain and code. Returns it.
export async function assertThrows(func, domain, code) {
  try {
    await func();
  } catch (error) {
    if (error instanceof GLib.Error && error.matches(domain, code))
      return error;
    throw error;
  }
  throw new Error('expected an error, got none');
}

export async function run() {
  let failed = 0;

  print(`1..${tests.length}`);
  for (const [i, { name, func }] of tests.entries()) {
    try {
      await func();
      print(`ok ${i + 1} ${name}`);
    } catch (error) {
      if (error instanceof Skip) {
        print(`ok ${i + 1} ${name} # SKIP ${error.message}`);
      } else {
        printerr(`${error}\n${error.stack ?? ''}`);
        print(`not ok ${i + 1} ${name}`);
        failed++;
      }
    }
  }
  System.exit(failed > 0 ? 1 : 0);
}
