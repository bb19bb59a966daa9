/* release/ipc/release-ipc-block.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-block-private.h"

#include "release/base/release-sanitizer-private.h"

#include <string.h>

/* Blocks of these sizes are kept, this many bytes in all: what some dozens of large messages that
 * are under way take up. Larger ones malloc () maps by itself until it has learnt their size. */
#define KEPT_MIN (16 * 1024)
#define KEPT_MAX (512 * 1024)
#define KEPT_IN_ALL (8 * 1024 * 1024 * RELEASE_KEEPS_MEMORY)

typedef struct _Block Block;

struct _Block
{
  gsize   capacity;
  Block  *next;        /* (nullable): while it is kept */
  guint8  memory[] __attribute__ ((aligned));
};

static GMutex kept_lock;
static Block *kept = NULL;
static gsize kept_size = 0;

static Block *
get_block (gpointer memory)
{
  return (Block *) (gpointer) ((guint8 *) memory - G_STRUCT_OFFSET (Block, memory));
}

/* The last kept block that is large enough, and not more than twice as large. */
static Block *
take_kept (gsize size)
{
  Block *found = NULL;

  g_mutex_lock (&kept_lock);
  for (Block **link = &kept; *link != NULL; link = &(*link)->next)
    if ((*link)->capacity >= size && (*link)->capacity / 2 <= size)
      {
        found = *link;
        *link = found->next;
        kept_size -= found->capacity;
        break;
      }
  g_mutex_unlock (&kept_lock);

  return found;
}

static gboolean
keep (Block *block)
{
  gboolean has_room;

  g_mutex_lock (&kept_lock);
  has_room = kept_size + block->capacity <= KEPT_IN_ALL;
  if (has_room)
    {
      block->next = kept;
      kept = block;
      kept_size += block->capacity;
    }
  g_mutex_unlock (&kept_lock);

  return has_room;
}

/* Memory for at least @size bytes, or NULL. */
gpointer
release_ipc_block_new (gsize size)
{
  Block *block = NULL;

  if (size >= KEPT_MIN && size <= KEPT_MAX)
    block = take_kept (size);
  if (block == NULL)
    {
      block = g_try_malloc (sizeof (Block) + size);
      if (block == NULL)
        return NULL;
      block->capacity = size;
    }

  return block->memory;
}

/* Moves @used bytes of @block, which may be NULL, into one of at least @size; NULL, and @block stays,
 * if there is no memory. */
gpointer
release_ipc_block_grow (gpointer block,
                        gsize    used,
                        gsize    size)
{
  gpointer larger = release_ipc_block_new (size);

  if (larger == NULL || block == NULL)
    return larger;

  memcpy (larger, block, used);
  release_ipc_block_free (block);
  return larger;
}

gsize
release_ipc_block_get_capacity (gpointer block)
{
  return get_block (block)->capacity;
}

/* NULL is fine. */
void
release_ipc_block_free (gpointer memory)
{
  Block *block;

  if (memory == NULL)
    return;

  block = get_block (memory);
  if (block->capacity < KEPT_MIN || block->capacity > KEPT_MAX || !keep (block))
    g_free (block);
}
