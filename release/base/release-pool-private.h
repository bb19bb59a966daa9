/* release/base/release-pool-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "release/base/release-sanitizer-private.h"

#include <glib.h>

G_BEGIN_DECLS

/* Memory for what comes and goes with every message, in one thread: freed blocks are kept, by their
 * size, and the one freed last is taken first. Without a lock, and without asking which thread it
 * is, that costs a tenth of malloc () and free (). Every block is one of malloc () and may end with
 * g_free () in any thread, in place of release_pool_give (). Larger ones are never kept, and a pool
 * that is NULL keeps nothing. For those of messages see release-ipc-block-private.h. */

#define RELEASE_POOL_GRAIN 64
#define RELEASE_POOL_BLOCK_MAX 1024

/* In all, in bytes. */
#define RELEASE_POOL_KEPT_MAX (64 * 1024 * RELEASE_KEEPS_MEMORY)

typedef struct
{
  gpointer  kept[RELEASE_POOL_BLOCK_MAX / RELEASE_POOL_GRAIN];  /* each begins with the next one */
  gsize     kept_size;
} ReleasePool;

static inline gsize
release_pool_round_up (gsize size)
{
  return (size + RELEASE_POOL_GRAIN - 1) / RELEASE_POOL_GRAIN * RELEASE_POOL_GRAIN;
}

/* At least @size bytes, more than 0, with whatever is in them. */
static inline gpointer
release_pool_take (ReleasePool *self,
                   gsize        size)
{
  gsize rounded = release_pool_round_up (size);
  gpointer *head;
  gpointer block;

  if (self == NULL || rounded > RELEASE_POOL_BLOCK_MAX)
    return g_malloc (size);

  head = &self->kept[rounded / RELEASE_POOL_GRAIN - 1];
  if (*head == NULL)
    return g_malloc (rounded);

  block = *head;
  *head = *(gpointer *) block;
  self->kept_size -= rounded;
  return block;
}

/* @block: (transfer full): from release_pool_take () with the same @size */
static inline void
release_pool_give (ReleasePool *self,
                   gpointer     block,
                   gsize        size)
{
  gsize rounded = release_pool_round_up (size);
  gpointer *head;

  if (self == NULL || rounded > RELEASE_POOL_BLOCK_MAX ||
      self->kept_size + rounded > RELEASE_POOL_KEPT_MAX)
    {
      g_free (block);
      return;
    }

  head = &self->kept[rounded / RELEASE_POOL_GRAIN - 1];
  *(gpointer *) block = *head;
  *head = block;
  self->kept_size += rounded;
}

static inline void
release_pool_clear (ReleasePool *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->kept); i++)
    while (self->kept[i] != NULL)
      {
        gpointer block = self->kept[i];

        self->kept[i] = *(gpointer *) block;
        g_free (block);
      }
  self->kept_size = 0;
}

G_END_DECLS
