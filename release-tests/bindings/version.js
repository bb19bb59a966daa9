// release-tests/bindings/version.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import Release from 'gi://Release?version=1';

import { assertEqual, run, test } from '../tap.js';

test('The version that runs is the one that the typelib was made for', () => {
  assertEqual(Release.get_major_version(), Release.MAJOR_VERSION);
  assertEqual(Release.get_minor_version(), Release.MINOR_VERSION);
  assertEqual(Release.get_micro_version(), Release.MICRO_VERSION);
});

test('An enumeration is a registered type with named values', () => {
  assertEqual(Release.LogTarget.$gtype.name, 'ReleaseLogTarget');
  assertEqual(Release.log_get_target(), Release.LogTarget.STDERR);
});

await run();
