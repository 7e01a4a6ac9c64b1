#include "store/address.h"
#include "store/byte_counts.h"
#include "store/durations.h"
#include "store/schema_sql.h"
#include "store/time_spans.h"

/* What brings a database of version 1 to version 2, besides the tables and views that are new. The
 * outcome is what a new database gets at once: tests/store/schema_test.c compares them. */
/* clang-format off */

const char schema_leave_1[] =
    "DROP VIEW v_handshake;"
    "DROP VIEW v_session;"
    "DROP VIEW v_host;"
    "ALTER TABLE handshake RENAME TO handshake_1;"
    "DROP TABLE session_index;" /* made again of the sessions, when the file is next written */
    "DELETE FROM meta WHERE key = 'sessions_indexed';"
    "ALTER TABLE session RENAME TO session_1;";

const char schema_session_from_1[] =
    "INSERT INTO session (id, hash, traits, host, server_less_host, issued_ns, lifetime_hint_s, bytes,"
    " offered_count, accepted_count, refused_count, largest_accepted_age_s,"
    " smallest_refused_age_s, first_offered_ns, last_offered_ns)"
    " SELECT id, hash, kind | (is_renewal << 2), host, server - host, issued_ns, lifetime_hint_s, bytes,"
    " offered_count, accepted_count, refused_count, largest_accepted_age_s,"
    " smallest_refused_age_s, first_offered_ns, nullif(last_offered_ns, first_offered_ns)"
    " FROM session_1 ORDER BY id;"
    "DROP TABLE session_1;";

/* Version 1's columns in the places that store/facts.c gives them. */
#define PACKED                                                                                     \
    "verdict | (certainty << 3) | (offered << 4) | (outcome << 7) | (early_data << 10)"            \
    " | (renewed << 12) | (transport << 15) | ((session_offered IS NOT NULL) << 17)"               \
    " | ((issued_id IS NOT NULL) << 18) | ((issued_ticket IS NOT NULL) << 19)"                     \
    " | (coalesce(rtts_tls + 1, 0) << 20) | (coalesce(rtts_tcp + 1, 0) << 28)"                     \
    " | (coalesce(rtts_stalled + 1, 0) << 36) | (coalesce(256 | alert, reason) << 44)"             \
    " | (hello_retry << 53) | (" DURATIONS_ARE_PLAIN " << 61)"

#define AFTER_DOT(rest) "substr(" rest ", instr(" rest ", '.') + 1)"

/* A dotted quad as a number: a cast reads up to the first dot. */
#define CLIENT                                                                                     \
    "iif(client GLOB '*[^0-9.]*', client || ' ' || client_port, (CAST(client AS INTEGER) << 40)"   \
    " + (CAST(second AS INTEGER) << 32) + (CAST(third AS INTEGER) << 24)"                          \
    " + (CAST(" AFTER_DOT("third") " AS INTEGER) << 16) + client_port - " ENDPOINT_NUMBER_BIAS ")"

const char schema_kind_from_1[] =
    "INSERT INTO handshake_kind (facts, version, cipher, anomalies, alpn, carrier, messages)"
    " SELECT DISTINCT " PACKED ", coalesce(version, 0), coalesce(cipher, -1), anomalies,"
    " coalesce(alpn, 0), coalesce(carrier, 0), coalesce(messages, 0) FROM handshake_1;";

#define KIND                                                                                       \
    "(SELECT k.id FROM handshake_kind AS k WHERE k.facts = h.facts"                                \
    " AND k.version = coalesce(h.version, 0) AND k.cipher = coalesce(h.cipher, -1)"                \
    " AND k.anomalies = h.anomalies AND k.alpn = coalesce(h.alpn, 0)"                              \
    " AND k.carrier = coalesce(h.carrier, 0) AND k.messages = coalesce(h.messages, 0))"

const char schema_handshake_from_1[] =
    "INSERT INTO handshake (id, time_ns, kind, host, client, rtt_client, rtt_server, server_think,"
    " handshake_rest, setup_rest, bytes, refusal_cause, age_s,"
    " lifetime_hint_s, offered_bytes, session_offered, issued_id, issued_ticket, run,"
    " server_less_host, sni, tickets)"
    " SELECT id, time_ns, " KIND ", host, " CLIENT ","
    " " DURATIONS_STORED("rtt_client_ns", DURATIONS_PACK("rtt_client_ns")) ","
    " " DURATIONS_STORED("rtt_server_ns", DURATIONS_PACK("rtt_server_ns")) ","
    " " DURATIONS_STORED("server_think_ns", DURATIONS_PACK("server_think_ns")) ","
    " " DURATIONS_STORED("handshake_ns", DURATIONS_REST("handshake_ns", "server_think_ns")) ","
    " " DURATIONS_STORED("setup_ns", DURATIONS_REST("setup_ns", "handshake_ns")) ","
    " " BYTE_COUNTS_PACKED ", refusal_cause, age_s, lifetime_hint_s, offered_bytes,"
    " session_offered, issued_id, issued_ticket, run, server - host, sni, -1 - ticket_bytes"
    " FROM (SELECT *, " PACKED " AS facts, " AFTER_DOT("second") " AS third"
    " FROM (SELECT *, " AFTER_DOT("client") " AS second FROM handshake_1)) AS h ORDER BY id;"
    "DROP TABLE handshake_1;"
    "INSERT INTO handshake_span (slot, block) SELECT DISTINCT " TIME_SPANS_SLOT("time_ns") ","
    " " TIME_SPANS_BLOCK("id") " FROM handshake;";
