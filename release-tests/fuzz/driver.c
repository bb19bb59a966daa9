/* release-tests/fuzz/driver.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The plain main () of a fuzzer, for any compiler: driver CORPUS. Each file of the folder is a
 * test; a last test changes them at random, always in the same way.
 */

#include "config.h"

#include "release-tests/fuzz/fuzz.h"

#include <string.h>

#define MUTATIONS_PER_FILE 2000
#define CHANGES_PER_MUTATION 4
#define INSERTED_MAX_BYTES 16
#define SEED 1

/* Values at the borders of lengths and of signed and unsigned integers. */
static const guint8 borders[] = { 0x00, 0x01, 0x0c, 0x10, 0x7f, 0x80, 0xfe, 0xff };

/* The fuzzer gets memory of exactly the input's size, so that a sanitizer sees a byte too far. */
static void
fuzz_one (const guint8 *data,
          gsize         size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);

  g_assert_cmpint (LLVMFuzzerTestOneInput (copy, size), ==, 0);
}

static void
test_corpus_file (gconstpointer user_data)
{
  const char *path = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length = 0;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  fuzz_one ((const guint8 *) contents, length);
}

static void
change (GByteArray *bytes,
        GRand      *rand)
{
  guint8 inserted[INSERTED_MAX_BYTES];
  guint at = g_rand_int_range (rand, 0, bytes->len + 1);
  guint n = g_rand_int_range (rand, 1, INSERTED_MAX_BYTES + 1);

  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      g_byte_array_set_size (bytes, at);
      break;
    case 1:
      if (at < bytes->len)
        g_byte_array_remove_range (bytes, at, MIN (n, bytes->len - at));
      break;
    case 2:
      if (at < bytes->len)
        bytes->data[at] ^= 1 << g_rand_int_range (rand, 0, 8);
      break;
    case 3:
      if (at < bytes->len)
        bytes->data[at] = borders[g_rand_int_range (rand, 0, G_N_ELEMENTS (borders))];
      break;
    default:
      for (guint i = 0; i < n; i++)
        inserted[i] = g_rand_int_range (rand, 0, 256);
      g_byte_array_set_size (bytes, bytes->len + n);
      memmove (bytes->data + at + n, bytes->data + at, bytes->len - n - at);
      memcpy (bytes->data + at, inserted, n);
      break;
    }
}

static void
test_mutations (gconstpointer user_data)
{
  const GPtrArray *paths = user_data;
  g_autoptr(GRand) rand = g_rand_new_with_seed (SEED);

  g_test_summary ("The files of the corpus, changed at random");

  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *contents = NULL;
      gsize length = 0;

      g_file_get_contents (g_ptr_array_index (paths, i), &contents, &length, &error);
      g_assert_no_error (error);

      for (guint j = 0; j < MUTATIONS_PER_FILE; j++)
        {
          g_autoptr(GByteArray) bytes = g_byte_array_new ();
          gint32 changes = g_rand_int_range (rand, 1, CHANGES_PER_MUTATION + 1);

          g_byte_array_append (bytes, (const guint8 *) contents, length);
          for (gint32 k = 0; k < changes; k++)
            change (bytes, rand);
          fuzz_one (bytes->data, bytes->len);
        }
    }
}

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) folder = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);

  folder = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (paths, g_build_filename (argv[1], name, NULL));
  g_ptr_array_sort (paths, compare_paths);
  g_assert_cmpuint (paths->len, >, 0);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *base = g_path_get_basename (g_ptr_array_index (paths, i));
      g_autofree char *path = g_strconcat ("/corpus/", base, NULL);

      g_test_add_data_func (path, g_ptr_array_index (paths, i), test_corpus_file);
    }
  g_test_add_data_func ("/mutations", paths, test_mutations);

  return g_test_run ();
}
