# release-bench/driver/targets.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the channel is to reach, and whether it did."""

# Group, case, contender, and the bound of its ratio to the first contender of the case. An upper
# bound begins with "<=", a lower one with ">=".
RATIOS = [
    ('echo', 'A, 16 B, same core', 'Release sync', '<= 1.15'),
    ('echo', 'A, 16 B, same core', 'Release typed', '<= 1.6'),
    ('echo', 'A, 16 B, same core', 'Release typed, multiplexed', '<= 1.6'),
    ('echo', 'A, 16 B, same core', 'Release lean', '<= 1.4'),
    ('echo', 'A, 16 B, same core', 'Release lean, multiplexed', '<= 1.4'),
    ('echo', 'B, 16 B, same core', 'Release typed', '>= 1.5'),
    ('echo', 'B, 16 B, same core', 'Release typed, multiplexed', '>= 1.5'),
    ('echo', 'B, 16 B, same core', 'Release typed lean', '>= 3.0'),
    ('echo', 'B, 16 B, same core', 'Release typed lean, multip.', '>= 3.0'),
    ('echo', 'B, 16 B, same core', 'Release lean', '>= 5.0'),
    ('echo', 'B, 16 B, same core', 'Release lean, multiplexed', '>= 5.0'),
    # The same less 15 %.
    ('echo', 'A, 1 KiB, same core', 'Release sync', '<= 1.32'),
    ('echo', 'A, 1 KiB, same core', 'Release typed', '<= 1.84'),
    ('echo', 'A, 1 KiB, same core', 'Release lean', '<= 1.61'),
    ('echo', 'B, 1 KiB, same core', 'Release typed', '>= 1.28'),
    ('echo', 'B, 1 KiB, same core', 'Release typed lean', '>= 2.55'),
    ('echo', 'B, 1 KiB, same core', 'Release lean', '>= 4.25'),
    ('echo', 'B, 64 KiB, same core', 'Release lean', '>= 0.75'),
    ('echo', 'B, 64 KiB, same core', 'Release lean, bytes', '>= 0.75'),
    ('echo', 'B, 64 KiB, same core', 'Release async', '>= 0.73'),
    ('open', 'A, 16 B, Release', '2000 open connections', '<= 1.15'),
    ('spawn', 'from a process of 0 MiB', 'ReleaseMaster', '<= 3.0'),
    ('spawn', 'from a process of 256 MiB', 'ReleaseMaster', '<= 3.0'),
    ('spawn', 'from a process of 1024 MiB', 'ReleaseMaster', '<= 3.0'),
    ('payload', '1 MiB to 8 processes', 'Release, memfd', '<= 0.5'),
    ('fairness', 'p99, 16 B, same core', 'beside one that floods', '<= 3.0'),
    ('fairness', 'p99, 16 B, same core', 'the same in small writes', '<= 3.0'),
    ('fairness', 'p99, 16 B, same core', 'the same in events of 64 KiB', '<= 3.0'),
    ('fairness', 'p99, 16 B, same core', 'beside one that reads nothing', '<= 3.0'),
    ('broadcast', '16 B to 1000 slaves', 'ReleaseMaster', '<= 1.5'),
]

# The bound of the value itself, in its unit.
VALUES = [
    ('calls', 'A, 16 B, same core', 'Release sync', '<= 6.1'),
    ('calls', 'A, 16 B, same core', 'Release typed, multiplexed', '<= 6.1'),
    ('calls', 'A, 16 B, same core', 'Release lean, multiplexed', '<= 6.1'),
    ('calls', 'B, 16 B, same core', 'Release typed, multiplexed', '<= 0.15'),
    ('calls', 'B, 16 B, same core', 'Release lean, multiplexed', '<= 0.15'),
    ('memory', 'one idle connection', 'ReleaseMaster, per slave', '<= 24'),
]

# How far the multiplexed form may be behind the plain one: contender, its plain twin.
TWINS = [
    ('Release lean, multiplexed', 'Release lean'),
    ('Release async, multiplexed', 'Release async'),
    ('Release typed, multiplexed', 'Release typed'),
    ('Release typed lean, multip.', 'Release typed lean'),
]
TWIN_CASES = [
    ('A, 16 B, same core', '<= 1.05'),
    ('B, 16 B, same core', '>= 0.95'),
]


def is_met(value, bound):
    sign, limit = bound.split()
    return value <= float(limit) if sign == '<=' else value >= float(limit)


def compare(rows):
    """Each target of which something was measured."""
    found = {(row['group'], row['case'], row['contender']): row for row in rows}
    result = []

    def add(what, measured, bound):
        result.append({'what': what, 'measured': measured, 'wanted': bound,
                       'met': is_met(measured, bound)})

    for targets, field in (RATIOS, 'ratio'), (VALUES, 'median'):
        for group, case, contender, bound in targets:
            row = found.get((group, case, contender))
            if row is not None:
                add(f'{group}: {case}: {contender}', row[field], bound)
    for case, bound in TWIN_CASES:
        for contender, twin in TWINS:
            row, other = (found.get(('echo', case, name)) for name in (contender, twin))
            if row is not None and other is not None:
                add(f'echo: {case}: {contender}, to plain', row['median'] / other['median'],
                    bound)
    return result
