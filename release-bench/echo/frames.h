/* release-bench/echo/frames.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the contenders that have bytes, not messages: a length of four bytes, big endian, and the
 * message, which begins with the rest of the header.
 */

#pragma once

#include "release-bench/echo/echo.h"

/* What was read and not used yet. There is always room for a whole frame, and for many small
 * ones. */
typedef struct
{
  guint8  *data;
  gsize    size;
  gsize    begin;
  gsize    end;
} Frames;

void     frames_init       (Frames        *frames,
                            Echo          *echo);
void     frames_clear      (Frames        *frames);

/* Where the next bytes go, how many at most, and that so many came. */
guint8  *frames_get_room   (Frames        *frames,
                            gsize         *length);
void     frames_add        (Frames        *frames,
                            gsize          length);

/* The next whole frame, header and all, valid until more is read; NULL if there is none. */
guint8  *frames_take       (Frames        *frames,
                            gsize         *frame_size);

/* Takes the answer to the request in @slot: a frame. */
void     frames_answer     (EchoSlot      *slot,
                            const guint8  *frame,
                            gsize          frame_size);

/* As echo_ask (), for a frame. */
gboolean frames_ask        (EchoSlot      *slot);
