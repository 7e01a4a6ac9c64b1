/* One sentence for the user about what went wrong in the environment: a file, an interface, a
 * database, a memory cap. Bytes from the wire never become an error: they are counted. */
#ifndef REPRISE_BASE_ERROR_H
#define REPRISE_BASE_ERROR_H

#include "base/attributes.h"

#include <stdbool.h>

struct error {
    char text[512]; /* no newline at the end; "" while nothing is wrong */
};

/* Formats the sentence and returns false, so that a function can end with
 * `return error_set(error, "%s: %s", path, reason);`. A longer sentence is cut. Control
 * characters that came in through an argument (a file's name) are replaced by '?'. */
bool error_set(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
