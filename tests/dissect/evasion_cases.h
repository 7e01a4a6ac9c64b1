/* The cases of the evasion test: what happens to the segments, and what may be said then. */
#ifndef REPRISE_TESTS_DISSECT_EVASION_CASES_H
#define REPRISE_TESTS_DISSECT_EVASION_CASES_H

#include "tests/dissect/evasion.h"

enum evasion_expectation {
    EVASION_SAME,  /* one record, the same verdict */
    EVASION_TWICE, /* two connections: two records, each with it */
    EVASION_LESS,  /* evidence is gone: the same verdict, unknown, likely, or no record */
    EVASION_RESET, /* the same verdict, or failed, by a reset */
};

struct evasion_case {
    const char *name;
    enum evasion_expectation expectation;
    bool is_for_each_packet; /* played once for each packet of the script: `at` */
    void (*bend)(struct evasion_script *script, size_t at);
};

/* Order, repetition and size of segments. */
extern const struct evasion_case evasion_order_cases[];
extern const size_t evasion_order_case_count;

/* How the connection begins. */
extern const struct evasion_case evasion_opening_cases[];
extern const size_t evasion_opening_case_count;

/* Its end, forgeries, and what the capture missed. */
extern const struct evasion_case evasion_connection_cases[];
extern const size_t evasion_connection_case_count;

#endif
