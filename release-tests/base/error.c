/* release-tests/base/error.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/base/release-error-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

static void
test_error_errno (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("An error made from errno has its code, the input and the system's reason");

  g_assert_false (release_set_error_from_errno (&error, ENOENT, "Cannot open “%s”", "/x"));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, "Cannot open “/x”: "));
  g_assert_nonnull (strstr (error->message, g_strerror (ENOENT)));
}

static void
test_error_escape (void)
{
  g_autofree char *plain = release_escape ("hello", -1);
  g_autofree char *hostile = release_escape ("a\n\x1b[2J\\\0b", 9);
  g_autofree char *big = g_strnfill (100000, 'x');
  g_autofree char *cut = release_escape (big, -1);

  g_test_summary ("Outside input is printable and short once escaped");

  g_assert_cmpstr (plain, ==, "hello");
  g_assert_cmpstr (hostile, ==, "a\\n\\x1b[2J\\\\\\x00b");
  g_assert_cmpuint (strlen (cut), <, 300);
  g_assert_true (g_str_has_suffix (cut, "x..."));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/errno-names-input-and-reason", test_error_errno);
  g_test_add_func ("/error/escape-makes-input-printable", test_error_escape);

  return g_test_run ();
}
