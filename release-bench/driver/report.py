# release-bench/driver/report.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From values to rows, and from rows to a table."""

import statistics


def make_rows(probes):
    firsts = {}
    rows = []
    for probe in probes:
        first = firsts.setdefault((probe.group, probe.case), probe)
        rows.append({
            'group': probe.group,
            'case': probe.case,
            'contender': probe.contender,
            'unit': probe.unit,
            'median': statistics.median(probe.values),
            'lowest': min(probe.values),
            'highest': max(probe.values),
            'ratio': statistics.median(value / base if base else 0.0 for value, base
                                       in zip(probe.values, first.values)),
        })
    return rows


def format_number(value):
    """Four digits or all of a large number."""
    if abs(value) >= 1000:
        return f'{value:,.0f}'
    return f'{value:.{3 - len(str(int(abs(value))))}f}' if value else '0'


def print_table(result):
    machine = result['machine']
    print(f'{machine["processor"]}, {machine["processors"]} processors, {machine["system"]}, '
          f'Linux {machine["kernel"]}; {result["rounds"]} '
          f'round{"s" if result["rounds"] != 1 else ""}\n')

    cases = [f'{row["group"]}: {row["case"]}' for row in result['rows']]
    contenders = [row['contender'] for row in result['rows']]
    width = max(map(len, cases), default=0)
    line = f'{{:<{width}}} {{:<{max(map(len, contenders), default=0)}}} '
    line += '{:>11} {:>6} {:>24} {:>7}'
    print(line.format('case', 'contender', 'median', '', 'lowest to highest', 'ratio'))
    last = None
    for case, row in zip(cases, result['rows']):
        spread = f'{format_number(row["lowest"])} to {format_number(row["highest"])}'
        print(line.format('' if case == last else case, row['contender'],
                          format_number(row['median']), row['unit'], spread,
                          f'{row["ratio"]:.2f}'))
        last = case

    if result['targets']:
        line = '{:<66} {:>10} {:>9} {:>7}'
        print('\n' + line.format('target', 'measured', 'wanted', ''))
        for target in result['targets']:
            print(line.format(target['what'], f'{target["measured"]:.3g}', target['wanted'],
                              'met' if target['met'] else 'missed'))

    print()
    for note in result['notes']:
        print(note)
    for what, why in result['skipped'].items():
        print(f'skipped: {what}: {why}')
