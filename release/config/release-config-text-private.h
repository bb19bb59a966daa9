/* release/config/release-config-text-private.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/config/release-config-problem-private.h>
#include <release/config/release-config-text.h>

G_BEGIN_DECLS

/* Of larger texts nothing is read; so that all offsets fit into 32 bits. */
#define RELEASE_CONFIG_MAX_BYTES (256u << 20)

/* The section of global keys in ReleaseConfigOutline.sections. */
#define RELEASE_CONFIG_GLOBAL_SECTION 0

/* A key and its value; the offsets are those of bytes. */
typedef struct
{
  guint32  section;
  guint32  key;
  guint32  key_length;
  guint32  line;            /* of the key */
  guint32  value;
  guint32  value_end;       /* 0: the value is not in the syntax */
} ReleaseConfigDirective;

typedef struct
{
  char    *name;            /* NULL: global */
  guint32  start;           /* of its header */
  guint32  end;             /* of its header, and then of its last directive */
  guint32  line;
  guint32  n_directives;    /* while they are added */
  guint32  slots;           /* the first slot of its keys, */
  guint32  n_slots;         /* and how many there are; 0 if it has no keys */
} ReleaseConfigSection;

typedef struct
{
  guint32  hash;
  guint32  number;          /* 1 + the index of the directive, or 0 for an empty slot */
} ReleaseConfigSlot;

/* What is where in a text. */
typedef struct
{
  const char  *data;
  gsize        length;
  GArray      *directives;      /* of ReleaseConfigDirective, in the order of the text */
  GArray      *sections;        /* of ReleaseConfigSection, the global one first */
  GHashTable  *section_index;   /* name -> GUINT_TO_POINTER (index) */
  ReleaseConfigSlot *slots;     /* of keys, by their hashes, section after section */
  gsize        column_at;       /* the last place that was asked for, and its column */
  guint        column;
  guint        n_lines;
  gboolean     has_lost_section; /* a header was not readable, so a section may only seem to miss */
} ReleaseConfigOutline;

void  release_config_outline_init   (ReleaseConfigOutline  *self,
                                     const char            *data,
                                     gsize                  length);
void  release_config_outline_clear  (ReleaseConfigOutline  *self);

gboolean
release_config_outline_add_section  (ReleaseConfigOutline  *self,
                                     const char            *name,
                                     gsize                  name_length,
                                     guint32               *index);
gboolean
release_config_outline_find_section (ReleaseConfigOutline  *self,
                                     const char            *name,
                                     guint32               *index);

typedef void (*ReleaseConfigDuplicateFunc) (const ReleaseConfigDirective *directive,
                                            const ReleaseConfigDirective *first,
                                            gpointer                      user_data);
void
release_config_outline_add          (ReleaseConfigOutline          *self,
                                     const ReleaseConfigDirective  *directive);
void
release_config_outline_index        (ReleaseConfigOutline          *self,
                                     ReleaseConfigDuplicateFunc     func,
                                     gpointer                       user_data);
const ReleaseConfigDirective *
release_config_outline_find         (ReleaseConfigOutline          *self,
                                     guint32                        section,
                                     const char                    *key,
                                     gsize                          key_length);

guint
release_config_outline_column       (ReleaseConfigOutline          *self,
                                     gsize                          at);
/* A place for problems: that of the byte at @at, which is on @line. */
ReleaseConfigPlace
release_config_outline_place        (ReleaseConfigOutline          *self,
                                     gsize                          at,
                                     guint                          line);
/* Where the value of @directive is, or what is at @at in it. */
ReleaseConfigPlace
release_config_outline_place_in_value
                                    (ReleaseConfigOutline          *self,
                                     const ReleaseConfigDirective  *directive,
                                     gsize                          at);

/* The grammar: fills @outline from its text, and reports what is wrong with that. */
void
release_config_parse                (ReleaseConfigOutline          *outline,
                                     ReleaseConfigProblems         *problems);

/* The group of a key file that a section is. */
const char *
release_config_section_get_group    (const ReleaseConfigSection    *self);
/* Adds a group without keys; a key file has no function for that. */
void
release_config_add_group            (GKeyFile                      *key_file,
                                     const char                    *group);
GBytes *
release_config_outline_rewrite      (ReleaseConfigOutline          *outline,
                                     GKeyFile                      *key_file);

ReleaseConfigOutline *
release_config_text_get_outline     (ReleaseConfigText  *self);
ReleaseConfigProblems *
release_config_text_get_problems    (ReleaseConfigText  *self);

G_END_DECLS
