# doc/sections.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the list of what the reference shows, a section for each header: sections.py OUTPUT ARG...

gtkdoc-scan makes the list, with the given arguments. It is put right in two points: type macros and
the functions behind types and error domains are boilerplate and not shown, all else is; and a type
that other headers name, too, is shown in its own section alone.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

BOILERPLATE = re.compile(r'^(RELEASE_TYPE_\w+|release_\w+_(get_type|quark))$')

FILE = r'<FILE>(.*?)</FILE>'


def file_of(symbol):
    """The file that a type is at home in, going by its name."""
    return re.sub(r'(?<=[a-z])(?=[A-Z])', '-', symbol).lower()


def scan(arguments):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['gtkdoc-scan', '--module=release', f'--output-dir={folder}',
                        '--rebuild-sections', *arguments], check=True)
        return (pathlib.Path(folder) / 'release-sections.txt').read_text(encoding='utf-8')


def main():
    output, *arguments = sys.argv[1:]
    text = ''
    sections = re.findall(r'<SECTION>\n(.*?)</SECTION>', scan(arguments), re.DOTALL)
    files = {name for section in sections for name in re.findall(FILE, section)}
    for section in sections:
        foreign = files - set(re.findall(FILE, section))
        lines = [line for line in section.splitlines()
                 if not line.startswith('<SUBSECTION') and file_of(line) not in foreign]
        shown = [line for line in lines if not BOILERPLATE.match(line)]
        standard = [line for line in lines if BOILERPLATE.match(line)]
        text += '\n'.join(['<SECTION>', *shown, '<SUBSECTION Standard>', *standard,
                           '</SECTION>\n\n'])
    pathlib.Path(output).write_text(text, encoding='utf-8')


main()
