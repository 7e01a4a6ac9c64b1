/* Summaries for tests: made of TLS 1.2 handshakes, checked as they grow. */
#ifndef REPRISE_TESTS_REPORT_SUMMARIES_H
#define REPRISE_TESTS_REPORT_SUMMARIES_H

#include "report/report_ledger.h"
#include "report/summary.h"
#include "tests/report/records.h"

struct summary *summaries_new(enum report_by by);
void summaries_add(struct summary *summary, const struct record *record);

/* A client with a host, on a path of 10 ms: full in two round trips, or resumed by a ticket in
 * one. ms < 0: unknown. */
struct record summaries_full(const char *host, const char *client, double ms);
struct record summaries_resumed(const char *host, const char *client, double ms);
void summaries_add_full(struct summary *summary, const char *host, const char *client, double ms);
void summaries_add_resumed(struct summary *summary, const char *host, const char *client,
                           double ms);

/* Finishes the summary, gives its total, frees it. */
struct figures summaries_total(struct summary *summary);

/* Fails the test unless value is within this distance of the one wanted. */
void summaries_near(double value, double wanted, double within);

/* What the golden records are to other parts of the report; to be cleared, to be freed. */
struct report_keys summaries_golden_keys(void);
struct mechanisms *summaries_golden_mechanisms(void);
/* A session and the name of its host, by which it is known. */
void summaries_add_session(struct mechanisms *mechanisms, const struct session_record *session);
/* Findings, with refusals and faults of the golden handshakes or without. */
struct conduct *summaries_golden_conduct(bool has_handshakes);
struct report_ledger summaries_golden_ledger(void); /* all of them; report_ledger_clear() */

#endif
