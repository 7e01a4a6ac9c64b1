#include "store/query_parts.h"

#include "store/glob.h"
#include "store/handshake_row.h"
#include "store/ledger_row.h"
#include "store/run_row.h"
#include "store/time_spans.h"

/* Of the ids from ?4 up to ?5, exclusive. */
#define HANDSHAKES_ASKED_FOR                                                                       \
    " WHERE h.id >= ?4 AND h.id < ?5 AND h.time_ns >= ?1 AND h.time_ns < ?2"                       \
    " AND " HOST_IS_ASKED_FOR("h.host")

/* An aggregate sees every row inside one step, and each value without a call for its column. It
 * sees them in the order of the table, as no index is allowed. */
#define TAKE_FIGURES                                                                               \
    "SELECT take_figures(?6, h.id, " HANDSHAKE_ROW_FIGURES ")" HANDSHAKE_ROW_FROM("NOT INDEXED")
#define TAKE_ESTIMATES                                                                             \
    "SELECT take_estimates(?6, h.id, " HANDSHAKE_ROW_FIGURES ", " HANDSHAKE_ROW_ESTIMATES          \
    ")" HANDSHAKE_ROW_FROM("NOT INDEXED")

#define SESSIONS                                                                                   \
    "SELECT s.hash, s.kind, host.name, server.address, server.port,"                               \
    " s.issued_ns, s.lifetime_hint_s, s.bytes, s.is_renewal, s.offered_count,"                     \
    " s.accepted_count, s.refused_count, s.largest_accepted_age_s,"                                \
    " s.smallest_refused_age_s, s.first_offered_ns, s.last_offered_ns,"                            \
    " s.client, k.name, coalesce(s.chain_length, 1), coalesce(s.warnings, 0),"                     \
    " coalesce(s.chain_start_ns, iif(s.parent IS NULL, s.issued_ns, NULL)),"                       \
    " EXISTS (SELECT 1 FROM session AS child WHERE child.parent = s.id AND child.issued_ns < ?2)"  \
    " FROM session_plain AS s LEFT JOIN server ON server.id = s.server"                            \
    " LEFT JOIN host ON host.id = s.host LEFT JOIN ticket_key AS k ON k.id = s.key"

#define TAKE_SESSIONS "SELECT take_sessions(" QUERY_SESSION_FIGURES ") FROM session AS s"
#define IS_OF_HOSTS "is_of_hosts(s.host)"

#define SESSIONS_ASKED_FOR                                                                         \
    "(s.issued_ns >= ?1 AND s.issued_ns < ?2"                                                      \
    " OR coalesce(s.last_offered_ns, s.first_offered_ns) >= ?1 AND s.first_offered_ns < ?2)"       \
    " AND " HOST_IS_ASKED_FOR("s.host")

#define IN_THEIR_ORDER " ORDER BY host.name, s.issued_ns, s.id"

/* Those that the period's handshakes tell of. */
#define SESSIONS_OF_PERIOD(sessions)                                                               \
    "WITH seen AS MATERIALIZED (SELECT h.session_offered, h.issued_id, h.issued_ticket"            \
    " FROM " TIME_SPANS_ROWS(                                                                      \
        "handshake") " WHERE h.time_ns >= ?1 AND h.time_ns < ?2) " sessions                        \
                     " WHERE s.id IN (SELECT session_offered FROM seen UNION SELECT issued_id "    \
                     "FROM seen"                                                                   \
                     " UNION SELECT issued_ticket FROM seen) AND " SESSIONS_ASKED_FOR

#define PRESENCE                                                                                   \
    "SELECT EXISTS (SELECT 1 FROM " TIME_SPANS_ROWS(                                               \
        "handshake") " WHERE h.time_ns >= ?1"                                                      \
                     " AND h.time_ns < ?2 AND " HOST_IS_ASKED_FOR(                                 \
                         "h.host") "),"                                                            \
                                   " EXISTS (SELECT 1 FROM handshake), ?3 IS NULL"                 \
                                   " OR EXISTS (SELECT 1 FROM host WHERE host_matches(?3, name))"

#define RUN_IS_IN_PERIOD                                                                           \
    "coalesce(last_frame_ns, started_ns) >= ?1 AND coalesce(first_frame_ns, started_ns) < ?2"

/* Values: 1 since, 2 until (exclusive), 3 host pattern. Of handshakes, sessions and offers of all
 * times the whole table is read, of a period's what store/time_spans.h finds. */
static const struct statement_text read_statements[READ_STATEMENT_COUNT] = {
    [READ_HANDSHAKES] = {"read handshakes",
                         HANDSHAKE_ROW_SELECT HANDSHAKES_ASKED_FOR " ORDER BY h.id"},
    [READ_FIGURES] = {"read handshakes", TAKE_FIGURES HANDSHAKES_ASKED_FOR},
    /* Conditions that always hold would take a tenth of its time. */
    [READ_ALL_FIGURES] = {"read handshakes", TAKE_FIGURES},
    [READ_ESTIMATES] = {"read handshakes", TAKE_ESTIMATES HANDSHAKES_ASKED_FOR},
    [READ_ROLLUPS] = {"read handshakes summed up",
                      "SELECT first, ids, first_ns, last_ns, packed FROM rollup ORDER BY first"},
    [READ_SNAPSHOT] = {"read handshakes", "SELECT key FROM meta"},
    [READ_BLOCKS_OF_HANDSHAKES] = {"read handshakes", TIME_SPANS_BLOCKS " ORDER BY block"},
    [READ_BLOCKS_OF_FIGURES] = {"read handshakes", TIME_SPANS_BLOCKS " ORDER BY block"},
    [READ_HOST] = {"read a host", HOST_NAMES_READ},
    [READ_SESSIONS] = {"read sessions", SESSIONS " WHERE " SESSIONS_ASKED_FOR IN_THEIR_ORDER},
    [READ_SESSIONS_OF_PERIOD] = {"read sessions", SESSIONS_OF_PERIOD(SESSIONS) IN_THEIR_ORDER},
    [READ_SESSION_FIGURES] = {"read sessions", TAKE_SESSIONS " WHERE " IS_OF_HOSTS
                                                             " AND " HOST_IS_ASKED_FOR("s.host")},
    [READ_SESSION_FIGURES_OF_PERIOD] = {"read sessions",
                                        SESSIONS_OF_PERIOD(TAKE_SESSIONS) " AND " IS_OF_HOSTS},
    [READ_HOSTS] = {"read hosts", "SELECT id, name FROM host"
                                  " WHERE ?3 IS NULL OR host_matches(?3, name) ORDER BY name"},
    [READ_KEYS] = {"read ticket keys", QUERY_LEDGER_KEYS},
    [READ_PACKED_OFFERS] = {"read offers", "SELECT first, ids, first_ns, last_ns, offers"
                                           " FROM rollup WHERE offers IS NOT NULL ORDER BY first"},
    [READ_OFFERS] = {"read offers",
                     QUERY_LEDGER_OFFERS("handshake AS h", "h.id >= ?4 AND h.id < ?5")},
    /* Looked for by their blocks, not by these ids. */
    [READ_OFFERS_OF_PERIOD] =
        {"read offers",
         QUERY_LEDGER_OFFERS(TIME_SPANS_ROWS("handshake"),
                             "span.block BETWEEN " TIME_SPANS_BLOCK("?4") " AND " TIME_SPANS_BLOCK(
                                 "?5 - 1") " AND +h.id >= ?4 AND +h.id < ?5")},
    [READ_RUNS] = {"read runs", RUN_ROW_SELECT " WHERE " RUN_IS_IN_PERIOD " ORDER BY id"},
    [READ_NOT_ANALYSED] = {"read what was not analysed",
                           "SELECT name, total(packets) FROM not_analysed WHERE run IN"
                           " (SELECT id FROM run WHERE " RUN_IS_IN_PERIOD ")"
                           " GROUP BY name ORDER BY 2 DESC, name"},
    [READ_PRESENCE] = {"look for handshakes", PRESENCE},
    [READ_OUTSIDE] = {"look for handshakes",
                      "SELECT min(h.time_ns), max(h.time_ns) FROM handshake AS h"
                      " WHERE " HOST_IS_ASKED_FOR("h.host")},
};

static void host_matches(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *pattern = sqlite3_value_blob(values[0]);
    const char *name = sqlite3_value_blob(values[1]);

    (void)count;
    sqlite3_result_int(context, glob_matches(pattern, (size_t)sqlite3_value_bytes(values[0]), name,
                                             (size_t)sqlite3_value_bytes(values[1])));
}

bool query_prepare(struct query *query, struct error *error)
{
    if (sqlite3_create_function_v2(query->db.handle, "host_matches", 2,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                   host_matches, NULL, NULL, NULL) != SQLITE_OK) {
        return database_fail(&query->db, "open it", error);
    }
    database_expect(&query->db, read_statements, READ_STATEMENT_COUNT);
    return query_rows_prepare(query, error) && query_sessions_prepare(query, error);
}

const char *query_statement_name(enum read_statement which)
{
    return read_statements[which].name;
}
