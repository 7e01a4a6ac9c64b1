/* The files that a user's words stand for: directories listed, everything in order of names. */
#ifndef REPRISE_CAPTURE_SOURCE_NAMES_H
#define REPRISE_CAPTURE_SOURCE_NAMES_H

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct source_names {
    char **paths; /* owned, sorted */
    size_t count;
};

/* Replaces each directory by the regular files in it (not below it, not hidden) that begin like a
 * capture, then sorts. Other words are taken as they are, whether there is such a file or not, and
 * so is a directory without captures. On failure (no memory) *out is empty. */
MUST_CHECK bool source_names_init(struct source_names *out, const char *const *words, size_t count,
                                  struct error *error);
void source_names_clear(struct source_names *names);

/* Order of names with runs of digits compared by value, so that trace.pcap10 comes after
 * trace.pcap9: the names of rotated captures are their order in time. <0, 0, >0. */
int source_names_compare(const char *a, const char *b);

#endif
