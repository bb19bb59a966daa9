// release-bench/echo/node.js
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The channel that Node's child_process.fork () makes, with its messages as they come: JSON, here
// a string of as many characters as a payload has bytes.

'use strict';

const { fork } = require('child_process');
const { performance } = require('perf_hooks');
const { parseArgs } = require('util');

function fail(why) {
  process.stderr.write(`node.js: ${why}\n`);
  process.exit(1);
}

function serve() {
  process.on('message', message => process.send(message));
  process.on('disconnect', () => process.exit(0));
}

function ask(options) {
  const pattern = 'x'.repeat(options.size);
  const laps = [];
  let asked = 0, answered = 0, isEnough = false;
  let begun = 0, ended = 0;

  const server = fork(__filename, ['serve']);
  server.on('exit', status => {
    if (answered < asked || status !== 0)
      fail(`the server ended with status ${status}`);
    printResult();
  });

  // An answer comes in the order of its request.
  const open = [];

  function askOne() {
    if (isEnough)
      return;
    const text = String(asked++).padStart(16, '0') + pattern.slice(16);
    isEnough = options.requests > 0 && asked === options['warm-up'] + options.requests;
    open.push({ text, asked: performance.now() });
    server.send(text);
  }

  server.on('message', answer => {
    const now = performance.now();
    const request = open.shift();
    if (request === undefined || request.text !== answer)
      fail(`a wrong answer to request ${answered}`);
    if (++answered <= options['warm-up']) {
      begun = performance.now();
    } else {
      ended = now;
      laps.push(now - request.asked);
      if (options.requests === 0 && now - begun >= options.msec)
        isEnough = true;
    }
    askOne();
    if (isEnough && answered === asked)
      server.disconnect();
  });

  function printResult() {
    const requests = answered - options['warm-up'];
    const result = {
      contender: 'fork', size: options.size, in_flight: options['in-flight'], requests,
      requests_per_second: requests * 1000 / (ended - begun),
    };
    if (options['in-flight'] === 1) {
      laps.sort((a, b) => a - b);
      result.median_usec = laps[Math.floor((laps.length - 1) / 2)] * 1000;
      result.p99_usec = laps[Math.floor((laps.length - 1) * 0.99)] * 1000;
    }
    console.log(JSON.stringify(result));
  }

  for (let i = 0; i < options['in-flight']; i++)
    askOne();
}

if (process.argv[2] === 'serve') {
  serve();
} else {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { size: text, 'in-flight': text, 'warm-up': text, requests: text, msec: text },
    allowPositionals: true,
  });
  const options = { size: 16, 'in-flight': 1, 'warm-up': 1000, requests: 0, msec: 200 };
  for (const [name, value] of Object.entries(values))
    options[name] = Number(value);
  ask(options);
}
