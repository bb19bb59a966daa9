# release-bench/bench.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures Release beside what one would have used in its place, and prints one table.

What is compared runs in turns, round after round, so that a slow minute of the machine meets all.
The table has the median of the rounds, the spread, and the ratio to the first of its case: the
median of the ratios within each round. A run that fails, or that gives a wrong answer, ends all.
"""

import argparse
import contextlib
import json
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

from driver import groups, machine, plots, report, runner, targets  # noqa: E402

# What Meson takes for a test that could not run.
EXIT_SKIPPED = 77


def parse_arguments():
    parser = argparse.ArgumentParser(prog='./dev bench', description=__doc__.splitlines()[0])
    parser.add_argument('groups', nargs='*', metavar='GROUP',
                        help=f'what to measure: {", ".join(groups.ALL)}; everything by default')
    parser.add_argument('--build', required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument('--rounds', type=int, metavar='N', help='5 by default, 3 with --quick')
    parser.add_argument('--quick', action='store_true', help='fewer cases, each for a shorter time')
    parser.add_argument('--check', action='store_true', help=argparse.SUPPRESS)
    parser.add_argument('--once', action='store_true', help='a single turn of each, as a test')
    parser.add_argument('--json', type=pathlib.Path, metavar='FILE', help='where the numbers go')
    parser.add_argument('--plots', type=pathlib.Path, metavar='FOLDER', help='where the plots go')
    arguments = parser.parse_args()

    for name in arguments.groups:
        if name not in groups.ALL:
            parser.error(f'there is no group {name}; there are ' + ', '.join(groups.ALL))
    if arguments.rounds is None:
        arguments.rounds = 1 if arguments.once else 3 if arguments.quick else 5
    if arguments.rounds < 1:
        parser.error('at least one round')
    # Not when everything has been measured.
    if arguments.json is not None and not arguments.json.absolute().parent.is_dir():
        parser.error(f'there is no folder {arguments.json.absolute().parent}')

    return arguments


def measure(probes, rounds):
    """Takes turns; each probe gets a value a round."""
    for number in range(rounds):
        for index, probe in enumerate(probes):
            if number > 0 and probe.is_exact:
                continue
            if sys.stderr.isatty():
                print(f'\r\033[Kround {number + 1} of {rounds}, {index + 1} of {len(probes)}: '
                      f'{probe.case}, {probe.contender}', end='', file=sys.stderr, flush=True)
            probe.values.append(probe.measure())
    if sys.stderr.isatty():
        print('\r\033[K', end='', file=sys.stderr, flush=True)


def write(result, arguments, folder):
    path = arguments.json or folder / 'bench.json'
    path.write_text(json.dumps(result, indent=1) + '\n', encoding='utf-8')
    drawn = plots.draw(result, arguments.plots or folder / 'plots')
    if drawn is None:
        print(f'skipped: plots: there is no matplotlib for {sys.executable}')
    elif drawn and not arguments.once:
        print(f'The plots are in {arguments.plots or folder / "plots"}')
    if not arguments.once:
        print(f'The numbers are in {path}')


def main():
    arguments = parse_arguments()
    if arguments.check:
        return 0

    bench = groups.Bench(runner.Runner(arguments.build), arguments.quick, arguments.once)

    for name in arguments.groups or groups.ALL:
        groups.ALL[name](bench)
    measure(bench.probes, arguments.rounds)

    rows = report.make_rows(bench.probes)
    result = {
        'machine': machine.describe(),
        'rounds': arguments.rounds,
        'rows': rows,
        # A single turn says nothing about them.
        'targets': [] if arguments.once else targets.compare(rows),
        'skipped': bench.skipped,
        'notes': bench.notes,
    }
    report.print_table(result)

    # A test leaves nothing behind.
    with tempfile.TemporaryDirectory() if arguments.once else contextlib.nullcontext() as folder:
        write(result, arguments, pathlib.Path(folder or arguments.build))

    return 0 if bench.probes else EXIT_SKIPPED


if __name__ == '__main__':
    try:
        sys.exit(main())
    except runner.Failure as failure:
        sys.exit(f'\n{failure}')
    except KeyboardInterrupt:
        sys.exit(130)
