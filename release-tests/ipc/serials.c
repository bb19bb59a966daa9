/* release-tests/ipc/serials.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-serials-private.h"

#define N_STEPS 200000

/* Serials as they come: counting up, far apart, and all in one corner of the table. */
static guint32
random_serial (guint   shape,
               guint32 counter)
{
  switch (shape)
    {
    case 0:
      return G_MAXUINT32 - 100 + counter % 600;
    case 1:
      return 1 + g_test_rand_int_range (0, 300) * 65536;
    default:
      return 1 + g_test_rand_int_range (0, 400);
    }
}

static void
test_serials_model (void)
{
  g_test_summary ("It behaves as a hash table of GLib does, whatever the serials");

  for (guint shape = 0; shape < 3; shape++)
    {
      g_autoptr(GHashTable) model = g_hash_table_new (NULL, NULL);
      ReleaseIpcSerials serials = { NULL };

      for (guint32 i = 0; i < N_STEPS; i++)
        {
          guint32 serial = random_serial (shape, i);
          gpointer key = GUINT_TO_POINTER (serial);
          gpointer value = GUINT_TO_POINTER (g_test_rand_int_range (0, 5));
          gpointer found = &serials, expected;

          if (serial == 0)
            continue;

          switch (g_test_rand_int_range (0, 5))
            {
            case 3:
              g_assert_true (release_ipc_serials_add (&serials, serial, value) ==
                             !g_hash_table_contains (model, key));
              if (!g_hash_table_contains (model, key))
                g_hash_table_insert (model, key, value);
              break;
            case 4:
              if (g_hash_table_lookup_extended (model, key, NULL, &expected))
                {
                  g_assert_true (release_ipc_serials_steal (&serials, serial, &found));
                  g_assert_true (found == expected);
                  g_hash_table_remove (model, key);
                }
              else
                {
                  g_assert_false (release_ipc_serials_steal (&serials, serial, &found));
                }
              break;
            case 0:
              release_ipc_serials_set (&serials, serial, value);
              g_hash_table_insert (model, key, value);
              break;
            case 1:
              g_assert_true (release_ipc_serials_remove (&serials, serial) ==
                             g_hash_table_remove (model, key));
              break;
            default:
              if (g_hash_table_lookup_extended (model, key, NULL, &expected))
                {
                  g_assert_true (release_ipc_serials_lookup (&serials, serial, &found));
                  g_assert_true (found == expected);
                }
              else
                {
                  g_assert_false (release_ipc_serials_lookup (&serials, serial, &found));
                  g_assert_true (found == (gpointer) &serials);
                }
              break;
            }
          g_assert_cmpuint (serials.n_used, ==, g_hash_table_size (model));
          g_assert_cmpuint (serials.n_used * 2, <=, serials.n_slots);
        }
      release_ipc_serials_clear (&serials);
    }
}

static void
test_serials_zero (void)
{
  ReleaseIpcSerials serials = { NULL };

  g_test_summary ("Zero is never there");

  g_assert_false (release_ipc_serials_lookup (&serials, 0, NULL));
  g_assert_false (release_ipc_serials_remove (&serials, 0));
  release_ipc_serials_set (&serials, 8, NULL);
  g_assert_false (release_ipc_serials_lookup (&serials, 0, NULL));
  g_assert_false (release_ipc_serials_remove (&serials, 0));
  g_assert_true (release_ipc_serials_lookup (&serials, 8, NULL));
  release_ipc_serials_clear (&serials);
  g_assert_false (release_ipc_serials_lookup (&serials, 8, NULL));
}

static void
test_serials_bounded (void)
{
  ReleaseIpcSerials serials = { NULL };

  g_test_summary ("However many come and go, the table is as large as what was there at once");

  for (guint32 i = 1; i < N_STEPS; i++)
    {
      release_ipc_serials_set (&serials, i, NULL);
      if (i > 10)
        g_assert_true (release_ipc_serials_remove (&serials, i - 10));
    }
  g_assert_cmpuint (serials.n_slots, <=, 32);
  release_ipc_serials_clear (&serials);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/serials/model", test_serials_model);
  g_test_add_func ("/serials/zero", test_serials_zero);
  g_test_add_func ("/serials/bounded", test_serials_bounded);

  return g_test_run ();
}
