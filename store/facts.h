/* The small enums and numbers of a handshake, packed into one integer: column `facts` of table
 * `handshake`. A report reads all of them of every row, and a column costs it as much as the rest
 * of what it does with one. PURE.
 *
 * Lowest bits first; docs/schema.md has the table, schema_ledger.c the same in SQL. What is nearly
 * always zero stands at the top, so that most rows take six bytes. */
#ifndef REPRISE_STORE_FACTS_H
#define REPRISE_STORE_FACTS_H

#include "dissect/handshake.h"

struct facts {
    enum verdict verdict;
    enum certainty certainty;
    enum offer offered;
    enum outcome outcome;
    enum early_data early_data;
    enum missed missed;
    enum transport transport;
    enum reason reason;
    bool renewed;
    bool has_session_offered; /* whether columns of these names are not NULL */
    bool has_issued_id;
    bool has_issued_ticket;
    int8_t rtts_tls; /* HANDSHAKE_RTTS_NULL, as the next two */
    int8_t rtts_tcp;
    int8_t rtts_stalled;
    uint8_t alert; /* with REASON_ALERT, else 0 */
    uint8_t hello_retries;
    bool has_plain_durations; /* durations_are_plain() */
};

/* What the handshake itself says; nothing is known of what was missed, nor of durations. */
struct facts facts_of_handshake(const struct handshake *handshake);

/* Never negative. */
int64_t facts_pack(const struct facts *facts);

/* A number that is no value of its enum becomes the enum's zero, one too large for a count of round
 * trips its null: the file may have been written by anybody. */
void facts_unpack(int64_t packed, struct facts *out);

/* The same without what figures are not made of: rtts_tcp, whether a session was
 * offered. */
int64_t facts_of_figures(int64_t packed);

/* Of what facts_pack() gave, the few that are asked for most, without unpacking all. */
enum verdict facts_verdict(int64_t packed);
enum outcome facts_outcome(int64_t packed);
enum missed facts_missed(int64_t packed);
bool facts_has_issued_ticket(int64_t packed);
bool facts_has_plain_durations(int64_t packed);

#endif
