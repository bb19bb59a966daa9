# release-bench/driver/library.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Buffers, integers, accepted connections: one program that measures all in one run."""

import json


class Rounds:
    """Runs the program again whenever a value is asked for that was taken already."""

    def __init__(self, bench):
        self.runner = bench.runner
        self.command = [bench.runner.programs / 'release-bench']
        if bench.is_once:
            self.command.append('--once')
        self.lines = {}

    def run(self):
        output, _ = self.runner.run(*self.command)
        for line in map(json.loads, output.splitlines()):
            self.lines[line['case'], line['contender']] = line

    def take(self, key):
        if key not in self.lines:
            self.run()
        return self.lines.pop(key)['rate']


def add_library(bench):
    rounds = Rounds(bench)
    rounds.run()
    for key, line in rounds.lines.items():
        bench.add('library', line['case'], line['contender'], line['unit'],
                  lambda key=key: rounds.take(key))
