/* What clients and servers did that costs resumptions, host by host: refusals by cause, what
 * servers did that they should not, and sessions that were not handled as was promised. Of each how
 * often, from when to when, and ids of handshakes to look at. PURE.
 *
 * Memory: 80 bytes for each host and thing it did, what the host's name takes; and for each host,
 * finding and client some 80 bytes. A handshake adds to each of them once at most. */
#ifndef REPRISE_REPORT_CONDUCT_H
#define REPRISE_REPORT_CONDUCT_H

#include "report/name_table.h"
#include "report/occurrences.h"
#include "report/rolled.h"

#include "store/record.h"

/* How sessions were handled, beside the lifetime hint that came with them. */
enum conduct_finding {
    CONDUCT_OFFERED_LATE,  /* by a client, when older than its hint */
    CONDUCT_OFFERED_OLD,   /* by a client that had been given a newer ticket for it */
    CONDUCT_ACCEPTED_LATE, /* by the host, when older than its hint: more than was promised */
    CONDUCT_REFUSED_EARLY, /* by the host, before its hint was over: less than was promised */
    CONDUCT_FINDINGS
};

/* Anomalies that are the server's doing. */
enum conduct_fault {
    CONDUCT_ECHO_WITHOUT_RESUMPTION,
    CONDUCT_ABBREVIATED_WITHOUT_OFFER,
    CONDUCT_TICKETBLEED,
    CONDUCT_PSK_NOT_OFFERED,
    CONDUCT_EMPTY_TICKET,
    CONDUCT_FAULTS
};

struct conduct_found {
    struct occurrences seen;
    uint64_t clients; /* by address */
    /* The largest age, of CONDUCT_REFUSED_EARLY the smallest, and the hint of that session.
     * HANDSHAKE_NULL: not known. */
    int64_t age_s;
    int64_t hint_s;
};

struct conduct_host {
    const char *name; /* untrusted, not terminated; borrowed */
    size_t name_len;
    uint64_t refused; /* of all causes */
    uint64_t faulty;  /* of all faults */
    uint64_t found;   /* of all findings */
    struct occurrences refusals[REFUSAL_CAUSE_COUNT];
    struct occurrences faults[CONDUCT_FAULTS];
    struct conduct_found findings[CONDUCT_FINDINGS];
};

/* The words of output: "offered-late", "ticketbleed". */
const char *conduct_finding_name(enum conduct_finding finding);
const char *conduct_fault_name(enum conduct_fault fault);

/* What it means, in words that go on from "a session ...". */
const char *conduct_finding_words(enum conduct_finding finding);
const char *conduct_fault_words(enum conduct_fault fault);

struct conduct;

/* NULL without memory. key: any unpredictable bytes (report/name_table.h). */
MUST_CHECK struct conduct *conduct_new(const uint8_t key[NAME_TABLE_KEY_BYTES]);
void conduct_free(struct conduct *conduct);

/* Refusals and faults are in handshakes, findings in what query_next_offer() gives. False without
 * memory: not, or not wholly, counted. */
MUST_CHECK bool conduct_add_handshake(struct conduct *conduct, const struct record *record);
/* All of these of a host, as conduct_add_handshake(). */
MUST_CHECK bool conduct_add_rolled(struct conduct *conduct, const struct wire_text *host,
                                   const struct rolled_shape *rolled);
MUST_CHECK bool conduct_add_offer(struct conduct *conduct, const struct offer_record *offer);

/* Once, after the last one: puts hosts in order. The functions below are for afterwards. */
MUST_CHECK bool conduct_finish(struct conduct *conduct);

/* Hosts that did any of it: those with the most refusals first, then the most faults, the most
 * findings, then by name. */
size_t conduct_hosts(const struct conduct *conduct);
void conduct_host(const struct conduct *conduct, size_t place, struct conduct_host *out);

/* False for a host that did nothing of it: *out is then all of nothing. */
bool conduct_find(const struct conduct *conduct, const char *name, size_t len,
                  struct conduct_host *out);

/* How many hosts have a refusal, a fault, a finding. */
struct conduct_totals {
    size_t refusing;
    size_t faulty;
    size_t finding;
};
void conduct_totals(const struct conduct *conduct, struct conduct_totals *out);

#endif
