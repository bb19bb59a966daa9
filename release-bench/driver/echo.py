# release-bench/driver/echo.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Requests that are sent back, one in flight (A) and 64 (B): how fast, and what they cost."""

import os
import re
import shutil
import sys

from driver import runner

# What the others are compared with comes first.
CONTENDERS = {
    'raw blocking': 'echo-raw blocking',
    'raw batched': 'echo-raw batched',
    'raw poll': 'echo-raw poll',
    'Release sync': 'echo-release sync',
    'Release lean': 'echo-release data-plain',
    'Release lean, multiplexed': 'echo-release data-multiplexed',
    'Release lean, bytes': 'echo-release bytes-func-plain',
    'Release lean, bytes, multip.': 'echo-release bytes-func-multiplexed',
    'Release async': 'echo-release bytes-plain',
    'Release async, multiplexed': 'echo-release bytes-multiplexed',
    'Release typed': 'echo-release typed-plain',
    'Release typed, multiplexed': 'echo-release typed-multiplexed',
    'Release typed lean': 'echo-release typed-lean-plain',
    'Release typed lean, multip.': 'echo-release typed-lean-multiplexed',
    'Release typed sync': 'echo-release typed-sync-plain',
    'Release typed sync, multip.': 'echo-release typed-sync-multiplexed',
    'Release, Python sync': 'release.py sync',
    'Release, Python async': 'release.py async',
    'libuv pipe': 'echo-libuv pipe',
    'ZeroMQ ipc': 'echo-zeromq ipc',
    'nng ipc': 'echo-nng ipc',
    'GIO streams': 'echo-gio streams',
    'GIO streams, batched': 'echo-gio batched',
    'GDBus peer to peer': 'echo-gdbus peer',
    'Python Pipe': 'pipe.py pipe',
    'Node child_process': 'node.js fork',
}

# Only these need not be there.
OPTIONAL = {'echo-libuv', 'echo-nng', 'echo-zeromq'}

# These block until their answer is there, so there is no B.
ONE_AT_A_TIME = {'Release sync', 'Release typed sync', 'Release typed sync, multip.',
                 'Release, Python sync', 'Python Pipe'}

# An interpreter would hide what the library does.
COMPILED = [name for name, command in CONTENDERS.items() if command.startswith('echo-')]

# That the others run is another test.
COUNTED_ONCE = ['raw blocking', 'Release lean']

MODES = {'A': 1, 'B': 64}
SAME_CORE = max(os.sched_getaffinity(0))
PLACES = {'same core': {SAME_CORE}, 'free': None}

WARM_UP = 64

# How many requests the two runs have whose difference is counted.
CALLS_RUNS = 1000, 11000
INSTRUCTIONS_RUNS = 100, 600
ONCE_RUNS = 8, 72


def size_name(size):
    for unit, name in (1 << 20, 'MiB'), (1 << 10, 'KiB'):
        if size >= unit:
            return f'{size // unit} {name}'
    return f'{size} B'


def can_load_release(bench):
    try:
        bench.runner.run(sys.executable, '-c',
                         'import gi; gi.require_version("Release", "1");'
                         'from gi.repository import Release')
    except runner.Failure:
        return False
    return True


def find_command(bench, name):
    """The command of a contender. None, with a reason in the result, if it cannot run."""
    program, *arguments = CONTENDERS[name].split()
    if program == 'node.js':
        node = shutil.which('node')
        if node is None:
            return bench.skip(name, 'there is no node in PATH')
        return [node, runner.SOURCE / 'echo' / program, *arguments]
    if program.endswith('.py'):
        if program == 'release.py' and not can_load_release(bench):
            return bench.skip(name, 'no bindings of this build for ' + sys.executable)
        return [sys.executable, runner.SOURCE / 'echo' / program, *arguments]

    path = bench.runner.programs / 'echo' / program
    if program in OPTIONAL and not path.exists():
        return bench.skip(name, f'{program} is not built, its library was not there')
    return [path, *arguments]


def find_commands(bench, names):
    commands = {name: find_command(bench, name) for name in names}
    return {name: command for name, command in commands.items() if command is not None}


def warm_up(name, size):
    """In requests: longer for what compiles itself on the way."""
    if size >= 1 << 20:
        return WARM_UP
    if size >= 1 << 16:
        return 4 * WARM_UP
    return 20000 if name.startswith('Node') else 1000


def measure_speed(bench, name, command, mode, size, place):
    options = ['--in-flight', MODES[mode], '--size', size]
    if bench.is_once:
        options += ['--requests', 64 if size < 1 << 20 else 8, '--warm-up', 4]
    else:
        options += ['--msec', 50 if bench.is_quick else 100, '--warm-up', warm_up(name, size)]
    result = bench.runner.measure(*command, *options, cores=PLACES[place])
    return result['median_usec'] if mode == 'A' else result['requests_per_second']


def cases(commands):
    """Every mode with who takes part in it."""
    for mode in MODES:
        for name, command in commands.items():
            if mode == 'A' or name not in ONE_AT_A_TIME:
                yield mode, name, command


def add_echo(bench):
    sizes = [16, 1024, 1 << 16, 1 << 20]
    if bench.is_quick:
        sizes = [16, 1 << 16]
    if bench.is_once:
        sizes = [16, 1 << 20]
    commands = find_commands(bench, CONTENDERS)

    places = ['free'] if bench.is_once else PLACES

    for place in places:
        for size in sizes:
            for mode, name, command in cases(commands):
                bench.add('echo', f'{mode}, {size_name(size)}, {place}', name,
                          'us' if mode == 'A' else 'req/s',
                          lambda name=name, command=command, mode=mode, size=size, place=place:
                          measure_speed(bench, name, command, mode, size, place))


def per_request(bench, count, command, mode, runs):
    """What a request adds to a count: two runs differ in nothing but how many there are."""
    few, many = ONCE_RUNS if bench.is_once else runs
    options = [*command, '--in-flight', MODES[mode], '--warm-up', WARM_UP, '--requests']
    return (count(*options, many) - count(*options, few)) / (many - few)


class SystemCalls:
    """Counts the system calls of a command and of what it starts."""

    def __init__(self, bench):
        self.runner = bench.runner
        for self.tool, count in (('perf', self.count_by_perf), ('strace', self.count_by_strace)):
            try:
                count('true')
            except runner.Failure:
                continue
            self.count = count
            return
        self.tool = None

    def run(self, *command):
        return self.runner.run(*command, cores={SAME_CORE})[1]

    def count_by_perf(self, *command):
        output = self.run('perf', 'stat', '-x', ',', '-e', 'raw_syscalls:sys_enter', *command)
        return int(output.strip().splitlines()[-1].split(',')[0])

    def count_by_strace(self, *command):
        output = self.run('strace', '-f', '-c', '-q', *command)
        return int(re.search(r'^100\.00 +\S+ +\S* +(\d+)(?: +\d+)? +total$', output, re.M)[1])


def add_system_calls(bench):
    calls = SystemCalls(bench)
    if calls.tool is None:
        bench.skip('calls', 'neither perf nor strace may count system calls here')
        return

    bench.note(f'calls: system calls of a request, both sides together, counted by {calls.tool}')
    names = COUNTED_ONCE if bench.is_once else CONTENDERS
    for mode, name, command in cases(find_commands(bench, names)):
        bench.add('calls', f'{mode}, 16 B, same core', name, 'calls',
                  lambda command=command, mode=mode:
                  per_request(bench, calls.count, command, mode, CALLS_RUNS))


def count_instructions(bench, *command):
    """Those outside the kernel, of both processes."""
    output = bench.runner.run('valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null',
                              *command, cores={SAME_CORE})[1]
    counts = re.findall(r'^==\d+== Collected *: (\d+)', output, re.M)
    if len(counts) != 2:
        raise runner.Failure(f'callgrind counted {len(counts)} processes, not two: {command}')
    return sum(map(int, counts))


def add_instructions(bench):
    commands = find_commands(bench, COUNTED_ONCE if bench.is_once else COMPILED)
    first, *_ = commands.values()
    try:
        count_instructions(bench, *first, '--requests', WARM_UP)
    except runner.Failure as failure:
        bench.skip('instructions', f'callgrind does not run here: {str(failure).splitlines()[-1]}')
        return

    bench.note('instructions: of a request, outside the kernel, both sides together, by callgrind')
    for mode, name, command in cases(commands):
        bench.add('instructions', f'{mode}, 16 B', name, 'instr.',
                  lambda command=command, mode=mode:
                  per_request(bench, lambda *c: count_instructions(bench, *c), command, mode,
                              INSTRUCTIONS_RUNS), is_exact=True)
