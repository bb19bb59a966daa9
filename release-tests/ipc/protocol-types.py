# release-tests/ipc/protocol-types.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The compiler refuses to mix the types of two typed protocols."""

import os
import subprocess
import unittest

import tap

CC = os.environ['CC_COMMAND'].split()
FLAGS = os.environ['CC_FLAGS'].split()

# Two protocols whose types have the same members, and one line that uses the first.
PROGRAM = '''
#include <release/release.h>

#define PROTOCOL(Foo, foo) \\
  typedef struct {{ int number; }} Foo##Request; \\
  typedef struct {{ int number; }} Foo##Response; \\
  GBytes *foo##_request_to (const Foo##Request *request, GError **error); \\
  Foo##Request *foo##_request_from (GBytes *bytes, GError **error); \\
  void foo##_request_free (Foo##Request *request); \\
  GBytes *foo##_response_to (const Foo##Response *response, GError **error); \\
  Foo##Response *foo##_response_from (GBytes *bytes, GError **error); \\
  void foo##_response_free (Foo##Response *response);

PROTOCOL (One, one)
PROTOCOL (Two, two)
RELEASE_DECLARE_IPC_PROTOCOL (OneIpc, one_ipc, OneRequest, OneResponse)
RELEASE_DECLARE_IPC_PROTOCOL (TwoIpc, two_ipc, TwoRequest, TwoResponse)
{definition}

void one_cb (OneIpcInvocation *invocation, const OneRequest *request, gpointer user_data);
void two_cb (TwoIpcInvocation *invocation, const TwoRequest *request, gpointer user_data);
void one_ended_cb (ReleaseIpcChannel *channel, const OneResponse *response, const GError *error,
                   gpointer user_data);
void two_ended_cb (ReleaseIpcChannel *channel, const TwoResponse *response, const GError *error,
                   gpointer user_data);
void use (ReleaseIpcChannel *channel, OneIpcInvocation *one, TwoIpcInvocation *two,
          OneRequest *one_request, OneResponse *one_response,
          TwoRequest *two_request, TwoResponse *two_response, GAsyncResult *result);

void
use (ReleaseIpcChannel *channel, OneIpcInvocation *one, TwoIpcInvocation *two,
     OneRequest *one_request, OneResponse *one_response,
     TwoRequest *two_request, TwoResponse *two_response, GAsyncResult *result)
{{
  {use}
}}
'''

DEFINITION = '''RELEASE_DEFINE_IPC_PROTOCOL (OneIpc, one_ipc, OneRequest, OneResponse,
  {}_request_to, {}_request_from, {}_request_free,
  {}_response_to, {}_response_from, {}_response_free)'''

GOOD = [
    'one_response = one_ipc_call (channel, one_request, 1, NULL, NULL);',
    'one_ipc_call_async (channel, one_request, 1, NULL, NULL, NULL);',
    'one_response = one_ipc_call_finish (channel, result, NULL);',
    'one_ipc_call_func (channel, one_request, 1, NULL, one_ended_cb, NULL);',
    'one_ipc_serve (channel, one_cb, NULL, NULL);',
    'one_ipc_return (one, one_response, NULL);',
    'one_ipc_return_error (one, NULL, NULL);',
]

BAD = [
    'one_response = one_ipc_call (channel, two_request, 1, NULL, NULL);',
    'one_response = one_ipc_call (channel, one_response, 1, NULL, NULL);',
    'two_response = one_ipc_call (channel, one_request, 1, NULL, NULL);',
    'one_ipc_call_async (channel, two_request, 1, NULL, NULL, NULL);',
    'two_response = one_ipc_call_finish (channel, result, NULL);',
    'one_ipc_call_func (channel, two_request, 1, NULL, one_ended_cb, NULL);',
    'one_ipc_call_func (channel, one_request, 1, NULL, two_ended_cb, NULL);',
    'one_ipc_serve (channel, two_cb, NULL, NULL);',
    'one_ipc_return (one, two_response, NULL);',
    'one_ipc_return (one, one_request, NULL);',
    'one_ipc_return (two, one_response, NULL);',
    'one_ipc_return_error (two, NULL, NULL);',
    'one = two_ipc_invocation_ref (two);',
    'release_ipc_invocation_unref (one);',
]


def compile_program(use, definition=''):
    source = PROGRAM.format(use=use, definition=definition)
    # Without any warning asked for: it must be an error as it stands.
    return subprocess.run([*CC, *FLAGS, '-x', 'c', '-fsyntax-only', '-'], input=source, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


class ProtocolTypes(unittest.TestCase):

    def test_good(self):
        """The right types compile without a warning"""
        for use in GOOD:
            with self.subTest(use=use):
                result = compile_program(use)
                self.assertEqual((result.returncode, result.stdout), (0, ''))

    def test_bad(self):
        """A wrong type anywhere is an error"""
        for use in BAD:
            with self.subTest(use=use):
                result = compile_program(use)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn('incompatible', result.stdout)

    def test_definition(self):
        """Each of the six functions of a protocol must be of its types"""
        right = ['one'] * 6
        result = compile_program(GOOD[0], DEFINITION.format(*right))
        self.assertEqual((result.returncode, result.stdout), (0, ''))
        for i in range(6):
            with self.subTest(function=i):
                wrong = [*right[:i], 'two', *right[i + 1:]]
                result = compile_program(GOOD[0], DEFINITION.format(*wrong))
                self.assertNotEqual(result.returncode, 0)
                self.assertIn('incompatible', result.stdout)


tap.main()
