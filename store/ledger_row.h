/* What the ledger of sessions gives back: the SQL of it, and rows out. Private to query.c. */
#ifndef REPRISE_STORE_LEDGER_ROW_H
#define REPRISE_STORE_LEDGER_ROW_H

#include "store/record.h"

#include "store/time_spans.h"

#include <sqlite3.h>

/* Values of all: 1 since, 2 until (exclusive), 3 host pattern. */
/* clang-format off */
#define HOST_IS_ASKED_FOR(host)                                                                    \
    "(?3 IS NULL OR " host " IN (SELECT id FROM host WHERE host_matches(?3, name)))"

#define QUERY_LEDGER_KEYS                                                                          \
    "SELECT u.key, k.name, k.format, k.warnings, host.name, server.address, server.port,"          \
    " u.first_seen_ns, u.last_seen_ns, u.issued_count, u.offered_count, u.accepted_count,"         \
    " u.refused_count FROM ticket_key_use AS u JOIN ticket_key AS k ON k.id = u.key"               \
    " LEFT JOIN host ON host.id = u.host LEFT JOIN server ON server.id = u.server"                 \
    " WHERE u.last_seen_ns >= ?1 AND u.first_seen_ns < ?2 AND " HOST_IS_ASKED_FOR("u.host")        \
    " ORDER BY host.name, server.address, server.port, u.first_seen_ns, u.key"

/* Whom renewals made tickets old for: the client was issued a child of the session before. 3: the
 * outcome of a refusal. A hint of 0 promises nothing (RFC 5077, 3.3). */
#define IS_OF_OLD_TICKET                                                                           \
    "h.time_ns > (SELECT min(r.issued_ns) FROM session_plain AS r WHERE r.parent = s.id"           \
    " AND r.client = p.client)"

#define IS_OF_PROMISE(outcome)                                                                     \
    "s.lifetime_hint_s > 0 AND h.age_s IS NOT NULL"                                                \
    " AND (h.age_s > s.lifetime_hint_s OR " outcome " = 3)"

/* handshakes: where they are, named h; where: which of them. Most go as was promised: what is asked
 * of each comes before what is asked of the others. A session that was renewed was accepted then, and
 * is offered again. */
#define QUERY_LEDGER_OFFERS(handshakes, where)                                                     \
    "SELECT h.id, h.host, p.client, h.time_ns, p.outcome, h.age_s,"                                \
    " iif(h.age_s IS NULL, NULL, s.lifetime_hint_s), "                                             \
    IS_OF_OLD_TICKET " IS 1 FROM " handshakes                                                      \
    " CROSS JOIN session AS s ON s.id = h.session_offered"                                         \
    " CROSS JOIN handshake_plain AS p ON p.id = h.id"                                              \
    " WHERE " where " AND h.time_ns >= ?1 AND h.time_ns < ?2"                                      \
    " AND (" IS_OF_PROMISE("(SELECT k.facts >> 7 & 7 FROM handshake_kind AS k WHERE k.id = h.kind)") \
    " OR s.offered_count > 1 AND s.accepted_count > 0"                                             \
    " AND EXISTS (SELECT 1 FROM session AS c WHERE c.parent = s.id))"                              \
    " AND " HOST_IS_ASKED_FOR("h.host")                                                            \
    " AND (" IS_OF_PROMISE("p.outcome") " OR " IS_OF_OLD_TICKET ")"                                \
    " ORDER BY h.id"
/* clang-format on */

void ledger_row_read_key(sqlite3_stmt *from, struct key_use_record *out);
/* But for the name of its host. */
void ledger_row_read_offer(sqlite3_stmt *from, struct offer_record *out);

#endif
