# release-bench/driver/process.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Masters: many connections, memory, the start of slaves, broadcasts."""

import resource

from driver import echo

SPAWNS = {
    'posix_spawn': 'posix_spawn',
    'GSubprocess': 'gsubprocess',
    'GSubprocess, INHERIT_FDS': 'gsubprocess-inherit',
    'ReleaseMaster': 'release',
}
BROADCASTS = {'sendmsg in a loop': 'raw', 'ReleaseMaster': 'release'}
CONNECTIONS = {
    'GSocketConnection': 'streams',
    'GDBusConnection': 'gdbus',
    'ReleaseIpcChannel, plain': 'plain',
    'ReleaseIpcChannel, multip.': 'multiplexed',
    'ReleaseMaster, per slave': 'slave',
}
PAYLOADS = {
    'sendmsg in a loop': 'raw',
    'Release, bytes': 'bytes',
    'Release, memfd': 'memfd',
    'Release, memfd made anew': 'memfd-fresh',
    'Release, memfd copied': 'memfd-copied',
}
NEIGHBOURS = {
    'no neighbour': 'idle',
    'beside one that floods': 'flood',
    'the same in small writes': 'flood-small',
    'the same in events of 64 KiB': 'flood-large',
    'beside one that reads nothing': 'deaf',
}
OPEN = {'Release': 'release', 'a GSource for each': 'gsource'}

# Descriptors that a process with so many connections, both ends of each, has beside them.
SPARE_DESCRIPTORS = 64


def program(bench, name):
    return bench.runner.programs / 'process' / f'process-{name}'


def has_descriptors(bench, group, needed):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if limit != resource.RLIM_INFINITY and limit < needed + SPARE_DESCRIPTORS:
        bench.skip(f'{group}, {needed} descriptors', f'this process may have {limit}')
        return False
    return True


def add_open(bench):
    """The first of a case has two connections, so a ratio says what the others cost."""
    command = bench.runner.programs / 'echo' / 'echo-open'
    counts = [2, 20, 200] if bench.is_once else [2, 20, 200, 2000]
    for name, contender in OPEN.items():
        for count in counts:
            if has_descriptors(bench, 'open', 2 * count):
                bench.add('open', f'A, 16 B, {name}', f'{count} open connections', 'us',
                          lambda contender=contender, count=count: echo.measure_speed(
                              bench, 'open', [command, f'{contender}-{count}'], 'A', 16,
                              'same core'))


def add_memory(bench):
    for name, contender in CONNECTIONS.items():
        count = 10 if bench.is_once else 200
        if has_descriptors(bench, 'memory', 3 * count):
            bench.add('memory', 'one idle connection', name, 'KiB',
                      lambda contender=contender, count=count: bench.runner.measure(
                          program(bench, 'memory'), contender, program(bench, 'slave'),
                          count)['kibibytes'])


def add_spawn(bench):
    sizes = [0] if bench.is_once else [0, 256] if bench.is_quick else [0, 256, 1024]
    spawns = 1 if bench.is_once else 10
    for size in sizes:
        for name, contender in SPAWNS.items():
            bench.add('spawn', f'from a process of {size} MiB', name, 'us',
                      lambda contender=contender, size=size: bench.runner.measure(
                          program(bench, 'spawn'), contender, program(bench, 'slave'), size,
                          spawns, cores={echo.SAME_CORE})['median_usec'])


def add_broadcast(bench):
    counts = [1, 10] if bench.is_once else [1, 10, 100] if bench.is_quick else [1, 10, 100, 1000]
    broadcasts = 2 if bench.is_once else 20
    for count in counts:
        for name, contender in BROADCASTS.items():
            if has_descriptors(bench, 'broadcast', 4 * count):
                bench.add('broadcast', f'16 B to {count} slaves', name, 'us',
                          lambda contender=contender, count=count: bench.runner.measure(
                              program(bench, 'broadcast'), contender, program(bench, 'slave'),
                              count, 16, broadcasts, cores={echo.SAME_CORE})['median_usec'])


def add_payload(bench):
    """A large message to several processes, until the last one has read it."""
    command = bench.runner.programs / 'payload' / 'bench-payload'
    broadcasts = 1 if bench.is_once else 20
    for name, contender in PAYLOADS.items():
        bench.add('payload', '1 MiB to 8 processes', name, 'us',
                  lambda contender=contender: bench.runner.measure(
                      command, contender, 8, 1 << 20, broadcasts)['median_usec'])


def add_fairness(bench):
    """What a request to one slave costs while another one misbehaves."""
    command = bench.runner.programs / 'fairness' / 'fairness'
    slave = bench.runner.programs / 'fairness' / 'fairness-slave'
    requests = 1 if bench.is_once else 5000
    for quantile in 'p50', 'p99':
        for name, contender in NEIGHBOURS.items():
            bench.add('fairness', f'{quantile}, 16 B, same core', name, 'us',
                      lambda contender=contender, quantile=quantile: bench.runner.measure(
                          command, slave, contender, requests)[f'{quantile}_usec'])
