/* What a test writes, to be held against a golden file. */
#ifndef REPRISE_TESTS_REPORT_PAPER_H
#define REPRISE_TESTS_REPORT_PAPER_H

#include <stddef.h>
#include <stdio.h>

struct paper {
    FILE *stream; /* to write to */
    char *text;
    size_t len;
};

void open_paper(struct paper *paper);

/* Fails the test unless what was written is tests/report/golden/NAME, byte for byte; rewrites that
 * file if REPRISE_GOLDEN_UPDATE is set. */
void close_paper(struct paper *paper, const char *name);

#endif
