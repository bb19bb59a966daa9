/* release-bench/process/bare.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program slave without a master: started by posix_spawn (), spoken to in plain frames.
 */

#pragma once

#include <glib.h>

#define BARE_LENGTH_SIZE 4

/* Starts the program; *fd is the other end of its standard input. */
pid_t   bare_spawn        (const char  *program,
                           int         *fd);

/* Waits for a number from it. */
gint64  bare_read_number  (int          fd);

/* Closes its standard input and waits for its end. */
void    bare_end          (pid_t        pid,
                           int          fd);
