#include "store/schema_sql.h"
#include "store/time_spans.h"

/* What brings a database of version 1 to version 2, besides the tables and views that are new. The
 * outcome is what a new database gets at once: tests/store/schema_test.c compares them. */
/* clang-format off */

const char schema_leave_1[] =
    "DROP VIEW v_handshake;"
    "DROP VIEW v_session;"
    "DROP VIEW v_host;"
    "ALTER TABLE handshake RENAME TO handshake_1;";

const char schema_session_from_1[] =
    "ALTER TABLE session ADD COLUMN client TEXT;"
    "ALTER TABLE session ADD COLUMN extended_master_secret INTEGER;"
    "ALTER TABLE session ADD COLUMN key INTEGER REFERENCES ticket_key (id);"
    "ALTER TABLE session ADD COLUMN parent INTEGER REFERENCES session (id);"
    "ALTER TABLE session ADD COLUMN chain_length INTEGER;"
    "ALTER TABLE session ADD COLUMN chain_start_ns INTEGER;"
    "ALTER TABLE session ADD COLUMN warnings INTEGER;"
    "ALTER TABLE session ADD COLUMN iv INTEGER;";

#define HANDSHAKE_COLUMNS                                                                          \
    " bytes_client, bytes_server, refusal_cause, anomalies, age_s, lifetime_hint_s, offered_bytes," \
    " session_offered, issued_id, issued_ticket, run, client_port, server, sni, alpn, cipher,"     \
    " messages, setup_ns, server_think_ns, ticket_bytes, carrier"

/* Version 1's columns in the places that store/facts.c gives them. */
#define PACKED                                                                                     \
    "verdict | (certainty << 3) | (offered << 4) | (outcome << 7) | (early_data << 10)"            \
    " | (renewed << 12) | (transport << 15) | ((session_offered IS NOT NULL) << 17)"               \
    " | ((issued_id IS NOT NULL) << 18) | ((issued_ticket IS NOT NULL) << 19)"                     \
    " | (coalesce(rtts_tls + 1, 0) << 20) | (coalesce(rtts_tcp + 1, 0) << 28)"                     \
    " | (coalesce(rtts_stalled + 1, 0) << 36) | (coalesce(256 | alert, reason) << 44)"             \
    " | (hello_retry << 53)"

#define AFTER_DOT(rest) "substr(" rest ", instr(" rest ", '.') + 1)"

/* A dotted quad as a number: a cast reads up to the first dot. */
#define QUAD                                                                                       \
    "iif(client GLOB '*[^0-9.]*', client, (CAST(client AS INTEGER) << 24)"                         \
    " | (CAST(second AS INTEGER) << 16) | (CAST(third AS INTEGER) << 8)"                           \
    " | CAST(" AFTER_DOT("third") " AS INTEGER))"

const char schema_handshake_from_1[] =
    "INSERT INTO handshake (id, time_ns, facts, host, version, client, handshake_ns,"
    " rtt_client_ns, rtt_server_ns, " HANDSHAKE_COLUMNS ")"
    " SELECT id, time_ns, " PACKED ", host, version, " QUAD ", handshake_ns,"
    " rtt_client_ns, rtt_server_ns, " HANDSHAKE_COLUMNS
    " FROM (SELECT *, " AFTER_DOT("second") " AS third"
    " FROM (SELECT *, " AFTER_DOT("client") " AS second FROM handshake_1)) ORDER BY id;"
    "DROP TABLE handshake_1;"
    "INSERT INTO handshake_span (slot, block) SELECT DISTINCT " TIME_SPANS_SLOT("time_ns") ","
    " " TIME_SPANS_BLOCK("id") " FROM handshake;";
