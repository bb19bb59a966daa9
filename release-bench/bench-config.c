/* release-bench/bench-config.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How fast a configuration is loaded, and how much memory it takes, beside GKeyFile on a file with
 * the same keys and values: config-bench BYTES...
 *
 * Each measurement is a process of its own, this program with other arguments, so that the memory
 * of one is not that of another.
 */

#include "config.h"

#include <release/release.h>

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_PER_SECTION 100

/* The two take turns, and of each the best counts: what else runs on the machine only ever makes a
 * turn slower. */
#define N_ROUNDS 3

/* The best of so many runs counts; the larger the file, the fewer. */
#define MAX_RUNS 20
#define BYTES_OF_ALL_RUNS (256 << 20)

typedef struct
{
  double  mb_per_second;
  double  memory_ratio;         /* the most memory that was in use, by the size of the file */
} Result;

/* Appends a key of the kind that @i picks. The syntaxes have the line in common. */
static void
append_key (GString *text,
            guint    i)
{
  switch (i % 5)
    {
    case 0:
      g_string_append_printf (text, "connections-%06u=%u\n", i, i * 17);
      break;
    case 1:
      g_string_append_printf (text, "directory-%06u=\"/var/lib/mailer/spool/queue-%u\"\n", i, i);
      break;
    case 2:
      g_string_append_printf (text, "enabled-%06u=%s\n", i, i % 2 == 0 ? "true" : "false");
      break;
    case 3:
      g_string_append_printf (text, "level-%06u=notice\n", i);
      break;
    default:
      g_string_append_printf (text, "networks-%06u=[\"127.0.0.0/8\", \"10.%u.0.0/16\"]\n", i,
                              i % 256);
    }
}

/* A file of about @size bytes. Ours and GKeyFile's are the same. */
static void
write_file (const char *path,
            gsize       size)
{
  g_autoptr(GString) text = g_string_sized_new (size + 1024);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; text->len < size; i++)
    {
      if (i % KEYS_PER_SECTION == 0)
        g_string_append_printf (text, "\n# The settings of host number %u\n[host-%u]\n",
                                i / KEYS_PER_SECTION, i / KEYS_PER_SECTION);
      append_key (text, i);
    }
  if (!g_file_set_contents_full (path, text->str, text->len, 0, 0600, &error))
    g_error ("%s", error->message);
}

/* A specification of all keys that such a file has. */
static ReleaseConfigSpec *
make_spec (gsize size)
{
  ReleaseConfigSpec *spec = release_config_spec_new ();
  g_autoptr(GString) text = g_string_new (NULL);
  ReleaseConfigValidation *validations[] =
    {
      release_config_validation_int_in_range (0, G_MAXUINT32),
      release_config_validation_string_matching ("^/"),
      release_config_validation_bool (),
      release_config_validation_log_level (),
      release_config_validation_string_list (),
    };
  gsize done = 0;

  for (guint i = 0; done < size; i++)
    {
      char section[32];

      g_snprintf (section, sizeof section, "host-%u", i / KEYS_PER_SECTION);
      if (i % KEYS_PER_SECTION == 0)
        done += strlen ("\n# The settings of host number \n[]\n") + 2 * strlen (section) - 5;
      g_string_truncate (text, 0);
      append_key (text, i);
      done += text->len;
      *strchr (text->str, '=') = '\0';
      release_config_spec_add_key (spec, section, text->str, NULL, &validations[i % 5], 1);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (validations); i++)
    release_config_validation_unref (validations[i]);

  return spec;
}

/* A line of /proc/self/status in bytes. */
static gsize
read_status (const char *field)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, field);

  return line != NULL ? g_ascii_strtoull (line + strlen (field), NULL, 10) * 1024 : 0;
}

/* Writes to standard output how long the best run took, and how much memory the first. */
static void
measure (const char *what,
         const char *path,
         gsize       size)
{
  gboolean is_ours = strcmp (what, "release") == 0;
  g_autoptr(ReleaseConfigSpec) spec = is_ours ? make_spec (size) : NULL;
  g_autoptr(GError) error = NULL;
  gsize before = read_status ("VmRSS:");
  gsize most = 0;
  gint64 best = G_MAXINT64;
  guint runs = CLAMP (BYTES_OF_ALL_RUNS / size, 2, MAX_RUNS);

  for (guint i = 0; i < runs; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr(ReleaseConfig) config = NULL;
      g_autoptr(GKeyFile) key_file = NULL;

      if (is_ours)
        {
          config = release_config_new (spec);
          if (!release_config_load_file (config, path, &error))
            g_error ("%.2000s", error->message);
        }
      else
        {
          key_file = g_key_file_new ();
          if (!g_key_file_load_from_file (key_file, path, G_KEY_FILE_NONE, &error))
            g_error ("%s", error->message);
        }
      best = MIN (best, g_get_monotonic_time () - start);
      if (i == 0)
        most = read_status ("VmHWM:");
    }

  printf ("%" G_GINT64_FORMAT " %" G_GSIZE_FORMAT "\n", best, most > before ? most - before : 0);
}

static Result
run (const char *self,
     const char *what,
     const char *path,
     gsize       size)
{
  g_autofree char *bytes = g_strdup_printf ("%" G_GSIZE_FORMAT, size);
  const char *argv[] = { self, what, path, bytes, NULL };
  g_autofree char *output = NULL;
  g_autoptr(GError) error = NULL;
  int status;
  char *rest;
  gint64 usec;
  gint64 memory;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                     &status, &error)
      || !g_spawn_check_wait_status (status, &error))
    g_error ("%s", error->message);
  usec = g_ascii_strtoll (output, &rest, 10);
  memory = g_ascii_strtoll (rest, NULL, 10);

  return (Result) { .mb_per_second = (double) size / MAX (usec, 1),
                    .memory_ratio = (double) memory / size };
}

/* The best speed, and the most memory. */
static void
keep_best (Result *best,
           Result  result)
{
  best->mb_per_second = MAX (best->mb_per_second, result.mb_per_second);
  best->memory_ratio = MAX (best->memory_ratio, result.memory_ratio);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (argc == 4 && g_ascii_isalpha (argv[1][0]))
    {
      measure (argv[1], argv[2], g_ascii_strtoull (argv[3], NULL, 10));
      return 0;
    }
  if (argc < 2)
    {
      fprintf (stderr, "Usage: config-bench BYTES...\n");
      return 64;
    }

  folder = g_dir_make_tmp ("config-bench-XXXXXX", &error);
  if (folder == NULL)
    g_error ("%s", error->message);
  path = g_build_filename (folder, "bench.conf", NULL);

  printf ("%12s %14s %14s %8s %16s %16s\n", "bytes", "Release MB/s", "GKeyFile MB/s", "ratio",
          "Release memory", "GKeyFile memory");
  for (int i = 1; i < argc; i++)
    {
      gsize size = g_ascii_strtoull (argv[i], NULL, 10);
      Result ours = { 0, };
      Result theirs = { 0, };

      write_file (path, size);
      for (guint round = 0; round < N_ROUNDS; round++)
        {
          keep_best (&ours, run (argv[0], "release", path, size));
          keep_best (&theirs, run (argv[0], "key-file", path, size));
        }
      printf ("%12" G_GSIZE_FORMAT " %14.1f %14.1f %8.2f %15.1fx %15.1fx\n", size,
              ours.mb_per_second, theirs.mb_per_second,
              ours.mb_per_second / theirs.mb_per_second, ours.memory_ratio, theirs.memory_ratio);
    }

  g_unlink (path);
  g_rmdir (folder);

  return 0;
}
