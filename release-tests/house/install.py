# release-tests/house/install.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Installs into an empty prefix, and uses what is there as a stranger would: by pkg-config alone.

Everything, the build folder too, lies in a temporary folder that is removed at the end.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import tap

SOURCE = pathlib.Path(os.environ['SOURCE_ROOT'])
EXAMPLES = SOURCE / 'release-tests' / 'integration'
BINDINGS = os.environ['BINDINGS'].split()
CC = os.environ['CC_COMMAND'].split()
REFUSAL = 'Include <release/release.h>, not its parts.'


def public_headers():
    """The headers that users get, by their path from the root."""
    for path in sorted((SOURCE / 'release').rglob('*.h*')):
        if re.search(r'\.h(\.in)?$', path.name) and '-private' not in path.name:
            yield str(path.relative_to(SOURCE)).removesuffix('.in')
    yield 'release/base/release-version-macros.h'


class Install(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix='release-install-'))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # An ordinary user runs the examples, too.
        cls.folder.chmod(0o755)
        cls.prefix = cls.folder / 'prefix'
        build = cls.folder / 'build'
        # Flags and programs of the build that runs this test do not reach the one in here.
        clean = {key: value for key, value in os.environ.items()
                 if not key.startswith(('MESON', 'NINJA', 'PYTHON'))}
        clean.pop('DESTDIR', None)
        for command in (['meson', 'setup', build, SOURCE, f'--prefix={cls.prefix}',
                         '--libdir=lib', '-Dtests=false', '-Dgtk_doc=false', '-Doptimization=0',
                         f'-Dintrospection={os.environ["INTROSPECTION"]}'],
                        ['meson', 'install', '-C', build]):
            run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 text=True, env=clean, check=False)
            if run.returncode != 0:
                raise RuntimeError(run.stdout)
        shutil.rmtree(build)
        cls.environment = {
            **clean,
            'PKG_CONFIG_PATH': f'{cls.prefix}/lib/pkgconfig',
            'LD_LIBRARY_PATH': f'{cls.prefix}/lib',
            'GI_TYPELIB_PATH': f'{cls.prefix}/lib/girepository-1.0',
            'PYTHONPATH': os.environ['PYTHONPATH'],
            'PYTHONDONTWRITEBYTECODE': '1',
        }
        # The installed release-exec is found by itself.
        cls.environment.pop('RELEASE_EXEC', None)

    def run_command(self, *command, cwd=None):
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, env=self.environment, check=False, cwd=cwd)

    def flags(self, *options):
        run = self.run_command('pkg-config', *options, 'release-1')
        self.assertEqual(run.returncode, 0, run.stdout)
        return run.stdout.split()

    def compile(self, command, name, text):
        path = self.folder / name
        path.write_text(text, encoding='utf-8')
        return self.run_command(*command, '-fsyntax-only', '-Wall', '-Wextra', '-Werror',
                                '-Wno-unused-parameter', path, *self.flags('--cflags'))

    def test_files(self):
        """The prefix holds library, pkg-config file, program and all public headers"""
        names = ['lib/librelease-1.so', 'lib/librelease-1.so.0', 'lib/pkgconfig/release-1.pc',
                 'libexec/release-1/release-exec']
        names += [f'include/release-1/{header}' for header in public_headers()]
        for name in names:
            with self.subTest(file=name):
                self.assertTrue((self.prefix / name).is_file())

    def test_no_other_headers(self):
        """The prefix holds no private header"""
        root = self.prefix / 'include' / 'release-1'
        installed = sorted(str(path.relative_to(root)) for path in root.rglob('*.h'))
        self.assertEqual(installed, sorted(public_headers()))

    @unittest.skipIf(os.environ['INTROSPECTION'] == 'false', 'built without introspection')
    def test_introspection_files(self):
        """The prefix holds the introspection data and the Vala bindings"""
        for name in ['lib/girepository-1.0/Release-1.typelib', 'share/gir-1.0/Release-1.gir',
                     'share/vala/vapi/release-1.vapi', 'share/vala/vapi/release-1.deps']:
            with self.subTest(file=name):
                self.assertTrue((self.prefix / name).is_file())

    def test_c_programs(self):
        """Every C program of release-tests/integration builds with pkg-config alone and runs"""
        programs = sorted(EXAMPLES.glob('*.c'))
        self.assertGreater(len(programs), 0)
        for path in programs:
            with self.subTest(program=path.name):
                program = self.folder / path.stem
                run = self.run_command(*CC, '-Wall', '-Werror', '-o', program, path,
                                       *self.flags('--cflags', '--libs'))
                self.assertEqual(run.returncode, 0, run.stdout)
                run = self.run_command(program, cwd=self.folder)
                self.assertEqual(run.returncode, 0, run.stdout)

    @unittest.skipIf(shutil.which('valac') is None, 'needs valac')
    @unittest.skipIf(os.environ['INTROSPECTION'] == 'false', 'built without introspection')
    def test_vala_programs(self):
        """Every Vala program of release-tests/integration builds with the package and runs"""
        programs = sorted(EXAMPLES.glob('*.vala'))
        self.assertGreater(len(programs), 0)
        for path in programs:
            with self.subTest(program=path.name):
                program = self.folder / f'{path.stem}-vala'
                run = self.run_command('valac', '--fatal-warnings', '-X', '-w',
                                       f'--vapidir={self.prefix}/share/vala/vapi',
                                       '--pkg=release-1', '-o', program, path, cwd=self.folder)
                self.assertEqual(run.returncode, 0, run.stdout)
                run = self.run_command(program, cwd=self.folder)
                self.assertEqual(run.returncode, 0, run.stdout)

    def test_entry_in_c(self):
        """release/release.h compiles alone, as C"""
        for standard in ('gnu99', 'c11', 'gnu17'):
            with self.subTest(standard=standard):
                run = self.compile([*CC, f'-std={standard}'], 'entry.c',
                                   '#include <release/release.h>\n')
                self.assertEqual(run.returncode, 0, run.stdout)

    @unittest.skipIf(shutil.which('c++') is None, 'needs a C++ compiler')
    def test_entry_in_cxx(self):
        """release/release.h compiles alone, as C++"""
        run = self.compile(['c++'], 'entry.cc', '#include <release/release.h>\n')
        self.assertEqual(run.returncode, 0, run.stdout)

    def test_no_direct_inclusion(self):
        """Every other header refuses to be included directly"""
        for header in public_headers():
            if header != 'release/release.h':
                with self.subTest(header=header):
                    run = self.compile(CC, 'part.c', f'#include <{header}>\n')
                    self.assertNotEqual(run.returncode, 0)
                    self.assertIn(REFUSAL, run.stdout)

    def example(self, language):
        """The example of README.md in that language, as it stands there."""
        text = (SOURCE / 'README.md').read_text(encoding='utf-8')
        blocks = re.findall(rf'^```{language}\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
        self.assertEqual(len(blocks), 1)
        return blocks[0]

    def run_example(self, name, *command):
        """Runs an example until both slaves have got their answers, and stops it."""
        users = [{}]
        if os.geteuid() == 0:
            users.append({'user': 65534, 'group': 65534, 'extra_groups': []})
        for number, user in enumerate(users):
            with self.subTest(user=user.get('user', os.geteuid())):
                folder = self.folder / f'{name}-{number}'
                folder.mkdir()
                if user:
                    os.chown(folder, user['user'], user['group'])
                with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True, env=self.environment, cwd=folder, **user) as run:
                    lines = []
                    while sum('you said hi' in line for line in lines) < 2:
                        lines.append(run.stdout.readline())
                        self.assertNotEqual(lines[-1], '', ''.join(lines))
                    pid = (folder / 'hello.pid').read_text(encoding='ascii')
                    os.kill(int(pid), signal.SIGTERM)
                    lines += run.stdout.readlines()
                self.assertEqual(run.returncode, 0, ''.join(lines))
                self.assertEqual(list(folder.iterdir()), [])

    def test_readme_in_c(self):
        """The C example of README.md builds as it stands, is short, and runs as root and as a user"""
        text = self.example('c')
        self.assertLessEqual(text.count('\n'), 50)
        source = self.folder / 'hello.c'
        source.write_text(text, encoding='utf-8')
        program = self.folder / 'hello'
        run = self.run_command(*CC, '-Wall', '-Werror', '-o', program, source,
                               *self.flags('--cflags', '--libs'))
        self.assertEqual(run.returncode, 0, run.stdout)
        self.run_example('hello-c', program)

    @unittest.skipIf(not BINDINGS, 'built without bindings')
    def test_readme_in_python(self):
        """The Python example of README.md runs as it stands, as root and as a user"""
        script = self.folder / 'hello.py'
        script.write_text(self.example('python'), encoding='utf-8')
        self.run_example('hello-py', sys.executable, script)

    @unittest.skipIf(not BINDINGS, 'built without bindings')
    def test_bindings(self):
        """The tests of the bindings pass on the installed typelib"""
        for command in BINDINGS:
            with self.subTest(command=command):
                run = self.run_command(*command.split(':'), cwd=self.folder)
                self.assertEqual(run.returncode, 0, run.stdout)


tap.main()
