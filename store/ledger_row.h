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

#define QUERY_LEDGER_REFUSALS                                                                      \
    "SELECT host.name, r.refusal_cause, count(*), min(r.time_ns), max(r.time_ns), min(r.id),"      \
    " max(iif(r.n = 2, r.id, NULL)), max(iif(r.n = 3, r.id, NULL)) FROM (SELECT h.id, h.host,"     \
    " h.refusal_cause, h.time_ns,"                                                                 \
    " row_number() OVER (PARTITION BY h.host, h.refusal_cause ORDER BY h.id) AS n"                 \
    " FROM " TIME_SPANS_ROWS("handshake") " WHERE h.refusal_cause IS NOT NULL AND h.time_ns >= ?1"  \
    " AND h.time_ns < ?2 AND " HOST_IS_ASKED_FOR("h.host") ") AS r"                                \
    " LEFT JOIN host ON host.id = r.host GROUP BY r.host, r.refusal_cause"                         \
    " ORDER BY host.name, r.refusal_cause"

/* The offers that renewals made old: the client was issued a child of the session before. The
 * server's own faults, as bits of handshake.anomalies: an echoed ID without resumption (0), an
 * abbreviated handshake nobody offered (1), Ticketbleed (3), an unoffered PSK selected (6), an empty
 * ticket (11). */
#define QUERY_LEDGER_HOSTS                                                                         \
    "WITH asked AS MATERIALIZED (SELECT h.id, h.host, h.time_ns, h.client, h.age_s, h.missed,"     \
    " h.session_offered, h.issued_ticket, h.anomalies FROM " TIME_SPANS_ROWS("handshake_plain")    \
    " WHERE h.time_ns >= ?1"                                                                       \
    " AND h.time_ns < ?2 AND " HOST_IS_ASKED_FOR("h.host") "),"                                    \
    " late AS MATERIALIZED (SELECT a.host, count(*) AS offers, count(DISTINCT a.client) AS clients"\
    " FROM asked AS a JOIN session AS s ON s.id = a.session_offered"                               \
    " WHERE s.lifetime_hint_s > 0 AND a.age_s > s.lifetime_hint_s GROUP BY a.host),"               \
    " old AS MATERIALIZED (SELECT a.host, count(DISTINCT a.id) AS offers,"                         \
    " count(DISTINCT a.client) AS clients FROM session AS s JOIN asked AS a"                       \
    " ON a.session_offered = s.parent AND a.client = s.client AND a.time_ns > s.issued_ns"         \
    " WHERE s.parent IS NOT NULL GROUP BY a.host),"                                                \
    " chain AS MATERIALIZED (SELECT s.host, max(coalesce(s.chain_length, 1)) AS length,"           \
    " max((s.issued_ns - coalesce(s.chain_start_ns, s.issued_ns)) / 1000000000) AS span"           \
    " FROM session AS s WHERE s.id IN (SELECT issued_ticket FROM asked)"                          \
    " AND s.kind = 2 AND s.issued_ns >= ?1 AND s.issued_ns < ?2 GROUP BY s.host)"                  \
    " SELECT host.name, coalesce(late.offers, 0), coalesce(late.clients, 0),"                      \
    " coalesce(old.offers, 0), coalesce(old.clients, 0), sum(a.missed IS 1), sum(a.missed IS 2),"  \
    " chain.length, chain.span, sum(a.anomalies & 2123 <> 0)"                                      \
    " FROM asked AS a LEFT JOIN host ON host.id = a.host LEFT JOIN late ON late.host = a.host"     \
    " LEFT JOIN old ON old.host = a.host LEFT JOIN chain ON chain.host = a.host"                   \
    " GROUP BY a.host ORDER BY host.name"
/* clang-format on */

void ledger_row_read_key(sqlite3_stmt *from, struct key_use_record *out);
void ledger_row_read_refusal(sqlite3_stmt *from, struct refusal_record *out);
void ledger_row_read_host(sqlite3_stmt *from, struct host_ledger_record *out);

#endif
