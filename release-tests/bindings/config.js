// release-tests/bindings/config.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import Release from 'gi://Release?version=1';

import { assertEqual, assertThrows, assertTrue, run, test } from '../tap.js';

const Value = Release.ConfigValue;
const Check = Release.ConfigValidation;

// The example of the manual, with users that every system has.
const EXAMPLE = `# Global settings
user         = "nobody"  # string
privileged   = false  # boolean
read_timeout = 1      # integer
log_level    = debug  # log_level

[some-section]  # section declaration
match_with  = /^.+$/  # regular expression
tmp         = "/tmp"  # string

[another-section]  # another section declaration
privileged_users = ["root", "daemon"]  # list of strings`;

function makeSpec() {
  const spec = Release.ConfigSpec.new();

  spec.add_key(null, 'user', null, [Check.unprivileged_user()]);
  spec.add_key(null, 'privileged', Value.new_bool(true), [Check.bool()]);
  spec.add_key(null, 'read_timeout', Value.new_int(5), [Check.int_in_range(0, 10)]);
  spec.add_key(null, 'log_level', Value.new_log_level(GLib.LogLevelFlags.LEVEL_MESSAGE),
    [Check.log_level()]);
  spec.add_key('some-section', 'match_with', Value.new_regexp('^[a-z]+$'), [Check.regexp()]);
  spec.add_key('some-section', 'tmp', Value.new_string('/tmp'),
    [Check.string_in(['/tmp', '/var/tmp'])]);
  spec.add_key('another-section', 'privileged_users', Value.new_string_list(['root']),
    [Check.list_of(Check.existing_user())]);

  return spec;
}

function load(config, text) {
  config.load_bytes(new GLib.Bytes(new TextEncoder().encode(text)), 'f');
  return config;
}

test('The example of the manual loads, and every value has its type', () => {
  const config = load(Release.Config.new(makeSpec()), EXAMPLE);

  assertEqual(config.get_text(null, 'user'), 'nobody');
  assertEqual(config.get_bool(null, 'privileged'), false);
  assertEqual(config.get_int(null, 'read_timeout'), 1);
  assertEqual(config.get_keyword(null, 'log_level'), 'debug');
  assertEqual(config.get_regexp('some-section', 'match_with').get_pattern(), '^.+$');
  assertEqual(config.get_file('some-section', 'tmp'), '/tmp');
  assertEqual(config.get_text_list('another-section', 'privileged_users').join(), 'root,daemon');
  assertEqual(config.get_origin('some-section', 'tmp').join(),
    [Release.ConfigOrigin.FILE, 9, 1].join());
});

test('All errors come as one exception and as objects', async () => {
  const config = Release.Config.new(makeSpec());
  const error = await assertThrows(() => load(config, 'user = 1\nread_timout = 3\n'),
    Release.ConfigError, Release.ConfigError.INVALID);

  assertEqual(error.message, 'f:1:8: “user”: 1 is an integer, not an unprivileged user; ' +
    'a string is written in double quotes\n' +
    'f:2:1: “read_timout” is not known; did you mean “read_timeout”?');
  assertEqual(config.dup_problems().map(problem => problem.get_key()).join(), 'user,read_timout');
});

test('Values are made of those of JavaScript and become those', () => {
  assertEqual(Value.new_int_list([1, -2]).to_int_list().join(), '1,-2');
  assertEqual(Value.new_float_list([0.5, 2]).print(), '[0.5, 2.0]');
  assertEqual(Value.new_list([Value.new_int(1), Value.new_keyword('x')]).print(), '[1, x]');
  assertEqual(Value.parse('"a\\000"').to_text(), null);
  assertTrue(Value.parse('/a\\/b/').equal(Value.new_regexp('a/b')));
});

test('A validation can be a function in JavaScript', async () => {
  const even = Check.new(value => value.to_int() % 2 === 0 ? null : 'odd');

  assertTrue(even.check(Value.new_int(2)));
  const error = await assertThrows(() => even.check(Value.new_int(3)), Release.ConfigError,
    Release.ConfigError.INVALID);
  assertEqual(error.message, 'odd');
});

test('A second loading tells which keys changed', () => {
  const config = load(Release.Config.new(makeSpec()), EXAMPLE);
  const seen = [];

  config.connect('changed::read_timeout', (_, section, key, oldValue, newValue) => {
    seen.push(`${section} ${key} ${oldValue.to_int()} ${newValue.to_int()}`);
  });
  load(config, EXAMPLE.replace('= 1 ', '= 2 '));
  assertEqual(seen.join(), 'null read_timeout 1 2');
});

test('A changed value is written with the comments in their places', () => {
  const config = load(Release.Config.new(makeSpec()), EXAMPLE);

  config.set_value(null, 'read_timeout', Value.new_int(7));
  assertEqual(new TextDecoder().decode(config.to_bytes().toArray()),
    EXAMPLE.replace('= 1 ', '= 7 '));
});

await run();
