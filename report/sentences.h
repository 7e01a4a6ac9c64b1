/* What a report says in words, the same in every format for readers. Pure: figures in, sentences
 * of our own words out, no untrusted text. */
#ifndef REPRISE_REPORT_SENTENCES_H
#define REPRISE_REPORT_SENTENCES_H

#include "report/conduct.h"
#include "report/format.h"
#include "report/summary.h"
#include "report/text_page.h"

/* "from A to B", "to B" or "": what was asked for, else what the handshakes span. */
void sentences_period(const struct query_filter *filter, const struct coverage *coverage,
                      struct text_sentence *out);

/* "2 more hosts are not shown."; "" if all are. */
void sentences_not_shown(const struct summary *summary, const struct report_options *options,
                         struct text_sentence *out);

/* The sentence to read if one reads only one. */
void sentences_headline(const struct figures *total, struct text_sentence *out);

/* How the figures were made. */
void sentences_method(struct text_sentence *out);

/* Rows of a label and a sentence: of all handshakes, of the runs. Each gives its label; the
 * sentence is empty where there is nothing to say. */
size_t sentences_total_rows(void);
const char *sentences_total(size_t row, const struct figures *total, struct text_sentence *out);
size_t sentences_runs_rows(void);
const char *sentences_runs(size_t row, const struct coverage *coverage, struct text_sentence *out);

/* Why handshakes are unknown or failed, cause by cause, alerts one by one. */
struct sentences_cause {
    int next; /* 0 at first */
    uint64_t handshakes;
    char words[FORMAT_BYTES];
};

/* False after the last cause. verdict: VERDICT_UNKNOWN or VERDICT_FAILED. */
bool sentences_next_cause(const struct coverage *coverage, enum verdict verdict,
                          struct sentences_cause *cause);

/* The full handshakes that need not have been any; "" if there were none. */
void sentences_missed(const struct refusals *refusals, struct text_sentence *out);

/* What the words for how sessions were handled mean (report/conduct.h). */
void sentences_conduct(struct text_sentence *out);

/* "oldest 200 s past its hint of 2 h"; nothing of tickets that were replaced. */
void sentences_conduct_age(const struct conduct_found *found, enum conduct_finding which,
                           struct text_sentence *out);

/* How the figures of IDs, tickets and PSKs side by side were made. */
void sentences_mechanisms(struct text_sentence *out);

/* How the tickets of TLS 1.3 were estimated, and what confirms that. */
void sentences_ticket_estimates(struct text_sentence *out);

/* What is wrong with tickets or their key, without a full stop. */
const char *sentences_ticket_warning(enum ticket_warning warning);

#endif
