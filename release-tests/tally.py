# release-tests/tally.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts the tests of several runs: tally.py TESTLOG.json...

A test that reports in TAP counts as as many tests as it has lines, any other as one. Meson's logs
in JSON are read, not those for JUnit, which do not show a TAP test that ends early as failed.

Prints what failed or was skipped, then `N passed, N failed, N skipped`. The status is 0 if tests
were run and none failed.
"""

import json
import re
import sys

PLAN = re.compile(r'^1\.\.(\d+)(?:\s*#\s*SKIP\b\s*(.*))?', re.MULTILINE | re.IGNORECASE)
LINE = re.compile(r'^(ok|not ok)\b[ \t]*\d*[ \t]*-?[ \t]*(.*?)(?:#[ \t]*(SKIP|TODO)\b(.*))?$',
                  re.MULTILINE | re.IGNORECASE)


def outcomes(test):
    """Yields (outcome, text) for each test that a test of meson's is made of."""
    name, output = test['name'], test.get('stdout', '')
    good = test['result'] in ('OK', 'EXPECTEDFAIL', 'SKIP')
    plan = PLAN.search(output)
    failed = 0
    if plan is None:
        skipped = test['result'] == 'SKIP'
        yield ('skipped' if skipped else 'passed' if good else 'failed'), name
        return
    if plan[2] is not None:
        yield 'skipped', f'{name}: {plan[2]}'
    for state, text, mark, reason in LINE.findall(output):
        if mark:
            yield 'skipped', f'{name}: {text.strip()}: {reason.strip()}'
        elif state == 'ok':
            yield 'passed', f'{name}: {text}'
        else:
            failed += 1
            yield 'failed', f'{name}: {text}'
    if not good and failed == 0:
        yield 'failed', f'{name}: {test["result"].lower()}, status {test["returncode"]}'


def main():
    counts = {'passed': 0, 'failed': 0, 'skipped': 0}
    for path in sys.argv[1:]:
        try:
            with open(path, encoding='utf-8') as log:
                tests = [json.loads(line) for line in log]
        except FileNotFoundError:
            tests = []
        found = [outcome for test in tests for outcome in outcomes(test)]
        if not found:
            found = [('failed', 'no test was run')]
        for outcome, text in found:
            counts[outcome] += 1
            if outcome != 'passed':
                print(f'{outcome}: {path.split("/")[0]}: {text}')
    print(', '.join(f'{count} {outcome}' for outcome, count in counts.items()))
    sys.exit(0 if counts['passed'] > 0 and counts['failed'] == 0 else 1)


main()
