/* release/base/release-queue-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What messages do with a GQueue, inline: there a call would cost more than the work. */

static inline void
release_queue_push_tail_link (GQueue *queue,
                              GList  *link)
{
  link->prev = queue->tail;
  link->next = NULL;
  if (queue->tail != NULL)
    queue->tail->next = link;
  else
    queue->head = link;
  queue->tail = link;
  queue->length++;
}

static inline void
release_queue_unlink (GQueue *queue,
                      GList  *link)
{
  if (link->prev != NULL)
    link->prev->next = link->next;
  else
    queue->head = link->next;
  if (link->next != NULL)
    link->next->prev = link->prev;
  else
    queue->tail = link->prev;
  link->prev = link->next = NULL;
  queue->length--;
}

/* Moves all links of @more behind those of @queue. */
static inline void
release_queue_append (GQueue *queue,
                      GQueue *more)
{
  if (more->head == NULL)
    return;

  more->head->prev = queue->tail;
  if (queue->tail != NULL)
    queue->tail->next = more->head;
  else
    queue->head = more->head;
  queue->tail = more->tail;
  queue->length += more->length;
  g_queue_init (more);
}

G_END_DECLS
