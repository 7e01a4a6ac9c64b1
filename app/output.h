/* Where a command's result goes: standard output, or a file that appears only when it is whole. */
#ifndef REPRISE_APP_OUTPUT_H
#define REPRISE_APP_OUTPUT_H

#include "app/options.h"

#include "base/attributes.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

struct output {
    FILE *file;       /* to write to */
    const char *path; /* as the user said, borrowed; NULL: standard output */
    char *target;     /* path with links followed, owned; NULL: `file` is written in place */
    char *aside;      /* where the result grows, beside target; owned */
};

/* path NULL: standard output. A regular file is written aside, so that what is there now survives
 * a failure; a pipe or device is written straight. */
MUST_CHECK bool output_open(struct output *out, const char *path, struct error *error);

/* Ends with the file in place, if is_complete and everything could be written; else with what was
 * there before. A reader that went away (`| head`) is no failure. */
MUST_CHECK bool output_close(struct output *output, bool is_complete, struct error *error);

enum output_state { OUTPUT_FINE, OUTPUT_READER_GONE, OUTPUT_FAILED };

/* Gets out what is buffered in `file`. The sentence of OUTPUT_FAILED names it as `name`. */
MUST_CHECK enum output_state output_flush(FILE *file, const char *name, struct error *error);

/* Whether to colour what goes to `file`: NO_COLOR (no-color.org), dumb terminals and files say
 * no, --color overrules. */
bool output_wants_color(enum color color, FILE *file);

#endif
