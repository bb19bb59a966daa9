/* release/config/release-config-lexer-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RELEASE_CONFIG_TOKEN_END,
  RELEASE_CONFIG_TOKEN_NAME,        /* a key, a section, a keyword or a boolean */
  RELEASE_CONFIG_TOKEN_INT,
  RELEASE_CONFIG_TOKEN_FLOAT,
  RELEASE_CONFIG_TOKEN_STRING,      /* with its quotes */
  RELEASE_CONFIG_TOKEN_REGEXP,      /* with its slashes */
  RELEASE_CONFIG_TOKEN_EQUALS,
  RELEASE_CONFIG_TOKEN_OPEN,
  RELEASE_CONFIG_TOKEN_CLOSE,
  RELEASE_CONFIG_TOKEN_COMMA,
  RELEASE_CONFIG_TOKEN_BAD,
} ReleaseConfigTokenKind;

typedef struct
{
  ReleaseConfigTokenKind  kind;
  gsize                   start;            /* offsets of bytes */
  gsize                   end;
  guint                   line;             /* of its start, from 1 */
  guint                   end_line;
  gboolean                is_plain;         /* as it stands it is its own canonical literal */
  gboolean                is_unterminated;  /* BAD: a string or expression without an end */
  gsize                   problem_at;       /* BAD: where, and on which line */
  guint                   problem_line;
} ReleaseConfigToken;

/* Cuts bytes into tokens. It owns nothing but the message about the last bad token. */
typedef struct
{
  const char  *data;
  gsize        length;
  gsize        at;
  guint        line;
  char        *problem;     /* of the last token, if that is BAD */
} ReleaseConfigLexer;

void      release_config_lexer_init      (ReleaseConfigLexer  *self,
                                          const char          *data,
                                          gsize                length);
void      release_config_lexer_clear     (ReleaseConfigLexer  *self);
void      release_config_lexer_next      (ReleaseConfigLexer  *self,
                                          ReleaseConfigToken  *token);
void      release_config_lexer_skip_line (ReleaseConfigLexer  *self);

gboolean  release_config_lexer_equals_follows
                                         (ReleaseConfigLexer  *self,
                                          gsize                at);
gboolean  release_config_is_name         (const char          *name);
gsize     release_config_skip_byte_order_mark
                                         (const char          *data,
                                          gsize                length);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReleaseConfigLexer, release_config_lexer_clear)

G_END_DECLS
