/* release-tests/base/pool.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/base/release-pool-private.h"

#include <string.h>

#define N_STEPS 100000
#define N_BLOCKS 300

typedef struct
{
  guint8  *memory;    /* (nullable) */
  gsize    size;
  guint8   pattern;
} Block;

static gsize
count_kept (ReleasePool *pool)
{
  gsize size = 0;

  for (guint i = 0; i < G_N_ELEMENTS (pool->kept); i++)
    for (gpointer *block = pool->kept[i]; block != NULL; block = *block)
      size += (i + 1) * RELEASE_POOL_GRAIN;

  return size;
}

static void
test_pool_model (void)
{
  ReleasePool pool = { { NULL } };
  Block blocks[N_BLOCKS] = { { NULL } };

  g_test_summary ("No two blocks share memory, whatever their sizes and their order, and what is "
                  "kept is counted and bounded");

  for (guint i = 0; i < N_STEPS; i++)
    {
      Block *block = &blocks[g_test_rand_int_range (0, N_BLOCKS)];

      if (block->memory == NULL)
        {
          block->size = g_test_rand_int_range (1, 2 * RELEASE_POOL_BLOCK_MAX);
          block->pattern = i;
          block->memory = release_pool_take (&pool, block->size);
          memset (block->memory, block->pattern, block->size);
        }
      else
        {
          g_assert_cmpuint (block->memory[0], ==, block->pattern);
          g_assert_cmpuint (block->memory[block->size / 2], ==, block->pattern);
          g_assert_cmpuint (block->memory[block->size - 1], ==, block->pattern);
          release_pool_give (&pool, g_steal_pointer (&block->memory), block->size);
        }
      g_assert_cmpuint (pool.kept_size, <=, RELEASE_POOL_KEPT_MAX);
      if (i % 100 == 0)
        g_assert_cmpuint (pool.kept_size, ==, count_kept (&pool));
    }

  for (guint i = 0; i < N_BLOCKS; i++)
    if (blocks[i].memory != NULL)
      release_pool_give (&pool, blocks[i].memory, blocks[i].size);
  release_pool_clear (&pool);
  g_assert_cmpuint (pool.kept_size, ==, 0);
  g_assert_cmpuint (count_kept (&pool), ==, 0);
}

static void
test_pool_reuse (void)
{
  ReleasePool pool = { { NULL } };
  gpointer one = release_pool_take (&pool, 100);
  gpointer two = release_pool_take (&pool, 100);

  g_test_summary ("What was given back last is taken first, for all sizes that round up to the same");

  if (RELEASE_POOL_KEPT_MAX == 0)
    {
      g_test_skip ("the address sanitizer is to see what is freed");
      g_free (one);
      g_free (two);
      return;
    }

  release_pool_give (&pool, one, 100);
  release_pool_give (&pool, two, 100);
  g_assert_true (release_pool_take (&pool, RELEASE_POOL_GRAIN + 1) == two);
  g_assert_true (release_pool_take (&pool, 2 * RELEASE_POOL_GRAIN) == one);
  /* As another thread would. */
  g_free (one);
  g_free (two);
  g_assert_cmpuint (pool.kept_size, ==, 0);
  release_pool_clear (&pool);
}

static void
test_pool_none (void)
{
  g_test_summary ("Without a pool a block is one of malloc ()");

  release_pool_give (NULL, release_pool_take (NULL, 1), 1);
  release_pool_give (NULL, release_pool_take (NULL, RELEASE_POOL_BLOCK_MAX + 1),
                     RELEASE_POOL_BLOCK_MAX + 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pool/model", test_pool_model);
  g_test_add_func ("/pool/reuse", test_pool_reuse);
  g_test_add_func ("/pool/none", test_pool_none);

  return g_test_run ();
}
