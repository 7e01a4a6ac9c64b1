/* What a stream is that leads to a terminal. */
#ifndef REPRISE_APP_TERMINAL_H
#define REPRISE_APP_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum { TERMINAL_COLUMNS_MIN = 80, TERMINAL_COLUMNS_MAX = 200 };

struct terminal_size {
    unsigned columns; /* of a page: from 80 to 200 */
    unsigned rows;
};

/* Whether what is there can be written over: a terminal that is not dumb. */
bool terminal_can_rewrite(FILE *file);

/* As the terminal says, else COLUMNS and LINES, else 80 x 24; of what is no terminal, only COLUMNS
 * is asked. */
struct terminal_size terminal_size(FILE *file);

/* Whether the user's locale (LC_ALL, LC_CTYPE, LANG) writes UTF-8. */
bool terminal_has_utf8(void);

#endif
