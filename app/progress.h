/* How far a long read has come: a line on a terminal that rewrites itself. */
#ifndef REPRISE_APP_PROGRESS_H
#define REPRISE_APP_PROGRESS_H

#include "capture/capture.h"

#include <stdbool.h>
#include <stdio.h>

struct progress {
    FILE *out; /* NULL: nothing is shown */
    int64_t started_ns;
    int64_t shown_ns; /* when last; 0: the line is not there */
};

/* Shows nothing unless is_wanted and `out` is a terminal that can rewrite a line. */
void progress_init(struct progress *progress, FILE *out, bool is_wanted, int64_t now_ns);

/* Rewrites the line, at most four times a second. now_ns: of a clock that does not jump. */
void progress_show(struct progress *progress, const struct capture_statistics *statistics,
                   int64_t now_ns);

/* Takes the line away, so that something else can be said. */
void progress_hide(struct progress *progress);

/* The line itself: "31 %, 12.3 of 40.1 MB, 88.2 MB/s, 18 s left". */
void progress_text(const struct capture_statistics *statistics, int64_t elapsed_ns, char *out,
                   size_t bytes);

#endif
