/* Advice: what could be done about the hosts of a report, the most to gain first. PURE.
 *
 * Memory: some 2 KB for each of the hosts advised, at most ADVICE_HOSTS; while it is made, 16 bytes
 * for each host of the report, and what report/key_history.h needs for one host. */
#ifndef REPRISE_REPORT_ADVICE_H
#define REPRISE_REPORT_ADVICE_H

#include "report/advice_rules.h"
#include "report/summary.h"

enum {
    ADVICE_HOSTS = 1000,   /* those with the most handshakes */
    ADVICE_TEXT_MAX = 20,  /* findings in a text, those with the most to gain */
    ADVICE_HTML_MAX = 100, /* and in a page */
};

struct advice;

/* From a finished summary by host, which must outlive the advice. NULL without memory. */
MUST_CHECK struct advice *advice_new(const struct summary *summary,
                                     struct host_counts_table *counts);
void advice_free(struct advice *advice);

/* In the order of query_next_key(). False without memory. */
MUST_CHECK bool advice_add_key(struct advice *advice, const struct key_use_record *use);

/* Once, after the last key. False without memory. The functions below are for afterwards. */
MUST_CHECK bool advice_finish(struct advice *advice);

/* Findings, the most time to gain first, then those about the most handshakes. None where there is
 * no advice: NULL. */
size_t advice_count(const struct advice *advice);

/* One of them; the host, whose place in the summary says whether it is shown, is borrowed. */
const struct advice_host *advice_at(const struct advice *advice, size_t i,
                                    struct advice_finding *out);

/* What is left out (so many findings that are not shown, hosts), and how advice comes about. */
void advice_method(const struct advice *advice, size_t further, struct text_sentence *out);

/* Hosts of the report that are not advised, as they are not among the busiest; 0 without advice. */
size_t advice_hosts_left_out(const struct advice *advice);

#endif
