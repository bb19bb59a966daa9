# release-bench/driver/plots.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Draws what was measured, by matplotlib, as SVG. The same numbers give the same files."""

import atexit
import os
import re
import shutil
import tempfile

OURS, THEIRS = '#1f6f8b', '#b9b9b9'
OTHERS = '#c0504d', '#8064a2', '#7f7f7f', '#d08f2e'

DRAWN = {'echo', 'open', 'spawn', 'broadcast'}


def load():
    """matplotlib, or None if it is not there."""
    # It writes a list of the fonts, by default into the home directory.
    scratch = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    os.environ.setdefault('MPLCONFIGDIR', scratch)
    try:
        import matplotlib
    except ImportError:
        return None
    matplotlib.use('svg')
    # Text stays text, and no name in the file is random.
    matplotlib.rcParams.update({
        'svg.fonttype': 'none',
        'svg.hashsalt': 'release',
        'font.family': 'sans-serif',
        'font.size': 9,
        'axes.spines.top': False,
        'axes.spines.right': False,
    })
    import matplotlib.pyplot
    return matplotlib.pyplot


def select(result, group, case):
    """The medians of a case by contender, in their order."""
    return {row['contender']: row['median'] for row in result['rows']
            if row['group'] == group and row['case'] == case}


def series(result, group, pattern):
    """Lines for a plot: contender to points, x from the number that @pattern finds in the case."""
    lines = {}
    for row in result['rows']:
        match = re.fullmatch(pattern, row['case'])
        if row['group'] == group and match:
            lines.setdefault(row['contender'], []).append((int(match[1]), row['median']))
    return lines


def is_ours(name):
    return name.startswith('Release')


class Plots:

    def __init__(self, pyplot, folder):
        self.pyplot = pyplot
        self.folder = folder
        self.paths = []

    def save(self, figure, name):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f'{name}.svg'
        figure.tight_layout()
        figure.savefig(path, metadata={'Date': None, 'Creator': None})
        self.pyplot.close(figure)
        self.paths.append(path)

    def bars(self, name, title, label, values, is_less_better):
        if not values:
            return
        items = sorted(values.items(), key=lambda item: item[1], reverse=is_less_better)
        figure, axes = self.pyplot.subplots(figsize=(7, 0.6 + 0.22 * len(items)))
        axes.barh([item[0] for item in items], [item[1] for item in items],
                  color=[OURS if is_ours(item[0]) else THEIRS for item in items])
        for index, (_, value) in enumerate(items):
            axes.text(value, index, f' {value:,.0f}' if value >= 100 else f' {value:.1f}',
                      va='center', fontsize=8)
        axes.set_xlabel(label)
        axes.set_title(title, loc='left')
        axes.margins(x=0.12, y=0.01)
        axes.xaxis.set_major_formatter('{x:,.0f}')
        self.save(figure, name)

    def lines(self, name, title, xlabel, ylabel, lines):
        if not lines:
            return
        figure, axes = self.pyplot.subplots(figsize=(7, 3.2))
        others = iter(OTHERS)
        for contender, points in lines.items():
            ours = is_ours(contender)
            axes.plot(*zip(*points), marker='o', markersize=3, label=contender,
                      linewidth=2 if ours else 1, color=OURS if ours else next(others))
        ticks = sorted({x for points in lines.values() for x, _ in points})
        axes.set_xscale('linear' if ticks[0] == 0 else 'log')
        axes.minorticks_off()
        axes.set_xticks(ticks, [f'{x:,}' for x in ticks])
        axes.set_yscale('log')
        axes.yaxis.set_major_formatter('{x:,.0f}')
        axes.set_xlabel(xlabel)
        axes.set_ylabel(ylabel)
        axes.set_title(title, loc='left')
        axes.legend(fontsize=8, frameon=False)
        self.save(figure, name)


def open_lines(result):
    """The open connections are contenders there, and the cases ours and another's."""
    lines = {}
    for row in result['rows']:
        if row['group'] == 'open':
            count = int(row['contender'].split()[0])
            lines.setdefault(row['case'].split(', ')[-1], []).append((count, row['median']))
    return lines


def draw(result, folder):
    """Returns the files; None if there is no matplotlib."""
    if not {row['group'] for row in result['rows']} & DRAWN:
        return []
    pyplot = load()
    if pyplot is None:
        return None

    plots = Plots(pyplot, folder)
    plots.bars('round-trip', 'One request in flight, 16 bytes, both processes on one core',
               'round trip in microseconds, less is better',
               select(result, 'echo', 'A, 16 B, same core'), True)
    plots.bars('throughput', '64 requests in flight, 16 bytes, both processes on one core',
               'requests per second, more is better',
               select(result, 'echo', 'B, 16 B, same core'), False)
    plots.lines('open', 'A request, by the number of open connections', 'open connections',
                'round trip in microseconds', open_lines(result))
    plots.lines('spawn', 'From the call to the first instruction of the new process',
                'memory of the process that starts it, in MiB', 'microseconds',
                series(result, 'spawn', r'from a process of (\d+) MiB'))
    plots.lines('broadcast', 'One message of 16 bytes to all slaves', 'slaves', 'microseconds',
                series(result, 'broadcast', r'16 B to (\d+) slaves'))
    return plots.paths
