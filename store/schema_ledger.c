#include "store/address.h"
#include "store/byte_counts.h"
#include "store/durations.h"
#include "store/schema_macros.h"
#include "store/schema_sql.h"

/* Version 2: what becomes of sessions, under which ticket keys, and why offers are refused. */
/* clang-format off */

const char schema_tables_ledger[] =
    "CREATE TABLE ticket_key ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE," /* lower-case hex */
    " name_bytes INTEGER NOT NULL,"
    " layouts INTEGER NOT NULL,"
    " format INTEGER,"
    " warnings INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE ticket_key_use ("
    " id INTEGER PRIMARY KEY,"
    " host INTEGER NOT NULL REFERENCES host (id),"
    " server INTEGER NOT NULL REFERENCES server (id),"
    " key INTEGER NOT NULL REFERENCES ticket_key (id),"
    " first_seen_ns INTEGER NOT NULL,"
    " last_seen_ns INTEGER NOT NULL,"
    " first_issued_ns INTEGER,"
    " last_issued_ns INTEGER,"
    " first_accepted_ns INTEGER,"
    " last_accepted_ns INTEGER,"
    " first_refused_ns INTEGER,"
    " issued_count INTEGER NOT NULL,"
    " offered_count INTEGER NOT NULL,"
    " accepted_count INTEGER NOT NULL,"
    " refused_count INTEGER NOT NULL,"
    " has_claims INTEGER NOT NULL," /* refusals here are put down to the change of this key */
    " UNIQUE (host, server, key)"
    ") STRICT;"
    "CREATE INDEX ticket_key_use_key ON ticket_key_use (key, host);"

    "CREATE TABLE ticket_beginning ("
    " id INTEGER PRIMARY KEY," /* 12 * server.id + slot: store/half_learnt.c */
    " used INTEGER NOT NULL,"
    " name_bytes INTEGER NOT NULL,"
    " layouts INTEGER NOT NULL,"
    " warnings INTEGER NOT NULL,"
    " session INTEGER NOT NULL REFERENCES session (id),"
    " host INTEGER NOT NULL REFERENCES host (id),"
    " at_4 INTEGER NOT NULL," /* store/ticket_marks.h */
    " at_6 INTEGER NOT NULL,"
    " at_16 INTEGER NOT NULL,"
    " at_20 INTEGER NOT NULL,"
    " at_28 INTEGER NOT NULL,"
    " first_seen_ns INTEGER NOT NULL,"
    " last_seen_ns INTEGER NOT NULL,"
    " first_issued_ns INTEGER,"
    " last_issued_ns INTEGER,"
    " first_accepted_ns INTEGER,"
    " last_accepted_ns INTEGER,"
    " first_refused_ns INTEGER,"
    " issued_count INTEGER NOT NULL,"
    " offered_count INTEGER NOT NULL,"
    " accepted_count INTEGER NOT NULL,"
    " refused_count INTEGER NOT NULL"
    ") STRICT;";

/* ---- handshake ----
 *
 * What a report reads stands first, so that it need not find its way past the rest of the row. */

const char schema_tables_handshake[] =
    "CREATE TABLE handshake_kind (" /* store/handshake_kinds.h */
    " id INTEGER PRIMARY KEY,"
    " facts INTEGER NOT NULL," /* store/facts.h */
    " version INTEGER NOT NULL," /* 0: not known */
    " cipher INTEGER NOT NULL," /* -1: not known */
    " anomalies INTEGER NOT NULL,"
    " alpn INTEGER NOT NULL," /* text.id, as the next two; 0: none */
    " carrier INTEGER NOT NULL,"
    " messages INTEGER NOT NULL,"
    " UNIQUE (facts, messages, cipher, version, alpn, carrier, anomalies)"
    ") STRICT;"

    "CREATE TABLE handshake ("
    " id INTEGER PRIMARY KEY,"
    " time_ns INTEGER NOT NULL,"
    " kind INTEGER NOT NULL REFERENCES handshake_kind (id),"
    " host INTEGER NOT NULL REFERENCES host (id),"
    " client ANY NOT NULL," /* with the port. IPv4: endpoint_number(); IPv6: text, a space between */
    " rtt_client INTEGER," /* store/durations.h, as the next three and setup_rest */
    " rtt_server INTEGER,"
    " server_think INTEGER,"
    " handshake_rest INTEGER,"
    " bytes ANY," /* store/byte_counts.h */
    " refusal_cause INTEGER,"
    " age_s INTEGER,"
    " lifetime_hint_s INTEGER,"
    " offered_bytes INTEGER,"
    " tickets INTEGER," /* store/handshake_row.c */
    " session_offered INTEGER REFERENCES session (id),"
    " issued_id INTEGER REFERENCES session (id),"
    " issued_ticket INTEGER REFERENCES session (id),"
    " run INTEGER NOT NULL REFERENCES run (id),"
    " server_less_host INTEGER NOT NULL," /* server.id less host.id */
    " sni INTEGER," /* 0: spelt as the host is; else text.id */
    " setup_rest INTEGER,"
    " cause_without_key INTEGER"
    ") STRICT;"

    "CREATE TABLE handshake_span ("
    " slot INTEGER NOT NULL,"
    " block INTEGER NOT NULL,"
    " PRIMARY KEY (slot, block)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE INDEX session_parent ON session (parent) WHERE parent IS NOT NULL;"

    /* Refusals that a change of key may explain, and those that it does: few rows each. */
    "CREATE INDEX handshake_refused ON handshake (host, server_less_host)"
    " WHERE cause_without_key IS NOT NULL;"
    "CREATE INDEX handshake_key_changed ON handshake (host) WHERE refusal_cause = 2;";

#define CLIENT_OCTET(shift) "client + " ENDPOINT_NUMBER_BIAS " >> " shift " & 255"

/* All columns, each number by itself: what the views of handshakes are made from. */
const char schema_handshake_plain[] =
    "CREATE VIEW handshake_plain AS SELECT h.id AS id, run, time_ns,"
    " facts >> 15 & 3 AS transport,"
    " iif(typeof(client) = 'integer', printf('%d.%d.%d.%d', " CLIENT_OCTET("40") ", "
    CLIENT_OCTET("32") ", " CLIENT_OCTET("24") ", " CLIENT_OCTET("16") "),"
    " substr(client, 1, instr(client, ' ') - 1)) AS client,"
    " iif(typeof(client) = 'integer', client & 65535,"
    " CAST(substr(client, instr(client, ' ') + 1) AS INTEGER)) AS client_port,"
    " host + server_less_host AS server, host, sni, nullif(alpn, 0) AS alpn, nullif(version, 0) AS version,"
    " nullif(cipher, -1) AS cipher,"
    " facts & 7 AS verdict,"
    " facts >> 3 & 1 AS certainty,"
    " iif(facts >> 52 & 1, 12, facts >> 44 & 255) AS reason,"
    " iif(facts >> 52 & 1, facts >> 44 & 255, NULL) AS alert,"
    " nullif(messages, 0) AS messages, anomalies, nullif(carrier, 0) AS carrier,"
    " facts >> 4 & 7 AS offered,"
    " facts >> 7 & 7 AS outcome,"
    " refusal_cause,"
    " facts >> 10 & 3 AS early_data,"
    " facts >> 53 & 255 AS hello_retry,"
    " nullif(facts >> 28 & 255, 0) - 1 AS rtts_tcp,"
    " nullif(facts >> 20 & 255, 0) - 1 AS rtts_tls,"
    " nullif(facts >> 36 & 255, 0) - 1 AS rtts_stalled,"
    " " DURATIONS_NS("rtt_client", DURATIONS_UNPACK("rtt_client")) " AS rtt_client_ns,"
    " " DURATIONS_NS("rtt_server", DURATIONS_UNPACK("rtt_server")) " AS rtt_server_ns,"
    " " DURATIONS_NS("handshake_rest", DURATIONS_HANDSHAKE) " AS handshake_ns,"
    " " DURATIONS_NS("setup_rest", DURATIONS_SETUP) " AS setup_ns,"
    " " DURATIONS_NS("server_think", DURATIONS_UNPACK("server_think")) " AS server_think_ns,"
    " " BYTE_COUNTS_CLIENT " AS bytes_client, " BYTE_COUNTS_SERVER " AS bytes_server,"
    " session_offered, offered_bytes, age_s, issued_id, issued_ticket,"
    " lifetime_hint_s,"
    " iif(tickets < 0, -1 - tickets, nullif(tickets >> 42, 0) - 1) AS ticket_bytes,"
    " facts >> 12 & 1 AS renewed,"
    " nullif(facts >> 13 & 3, 0) AS missed,"
    " cause_without_key, iif(tickets < 0, NULL, tickets & 1023) AS estimated_tickets,"
    " iif(tickets < 0 OR tickets & 4398046511103 = 0, NULL, tickets >> 10 & 4294967295)"
    " AS estimated_ticket_bytes"
    " FROM handshake AS h LEFT JOIN handshake_kind AS k ON k.id = h.kind;";

const char schema_rollup[] =
    "CREATE TABLE rollup ("
    " first INTEGER PRIMARY KEY," /* handshake.id; blocks do not overlap */
    " ids INTEGER NOT NULL,"
    " first_ns INTEGER NOT NULL,"
    " last_ns INTEGER NOT NULL,"
    " packed BLOB NOT NULL," /* store/rollup_block.h */
    " offers BLOB"           /* store/packed_offers.h; NULL: not known */
    ") STRICT;"
    /* Of blocks of 2^20 ids at most: store/rollups.h. */
    "CREATE TRIGGER rollup_of_changed AFTER UPDATE ON handshake BEGIN"
    " DELETE FROM rollup WHERE first BETWEEN old.id - 1048575 AND old.id"
    " AND first + ids > old.id; END;"
    "CREATE TRIGGER rollup_of_deleted AFTER DELETE ON handshake BEGIN"
    " DELETE FROM rollup WHERE first BETWEEN old.id - 1048575 AND old.id"
    " AND first + ids > old.id; END;";

/* By way of the session: a key that becomes known later names earlier handshakes, too. */
const char schema_v_handshake_ledger[] = V_HANDSHAKE("handshake_plain",
    "(SELECT k.name FROM session AS s JOIN ticket_key AS k ON k.id = s.key"
    " WHERE s.id = coalesce(h.session_offered, h.issued_ticket))");

const char schema_v_session_ledger[] =
    "CREATE VIEW v_session AS SELECT"
    " lower(hex(s.hash)) AS session,"
    " " WORD("session_kind", "s.kind") " AS kind,"
    " host.name AS host,"
    " server.address AS server,"
    " server.port AS server_port,"
    " " TIME("s.issued_ns") " AS issued,"
    " s.lifetime_hint_s AS lifetime_hint_s,"
    " s.bytes AS bytes,"
    " s.is_renewal AS is_renewal,"
    " s.offered_count AS offered_count,"
    " s.accepted_count AS accepted_count,"
    " s.refused_count AS refused_count,"
    " s.largest_accepted_age_s AS largest_accepted_age_s,"
    " s.smallest_refused_age_s AS smallest_refused_age_s,"
    " " TIME("s.first_offered_ns") " AS first_offered,"
    " " TIME("s.last_offered_ns") " AS last_offered,"
    " s.client AS client,"
    " s.extended_master_secret = 2 AS extended_master_secret,"
    " k.name AS key_name,"
    " " HASH("s.parent") " AS parent,"
    " coalesce(s.chain_length, 1) AS chain_length,"
    " " TIME("coalesce(s.chain_start_ns, iif(s.parent IS NULL, s.issued_ns, NULL))")
    " AS chain_start,"
    " " WORDS("ticket_warning", "coalesce(s.warnings, 0)") " AS warnings"
    " FROM session_plain AS s"
    " LEFT JOIN server ON server.id = s.server"
    " LEFT JOIN host ON host.id = s.host"
    " LEFT JOIN ticket_key AS k ON k.id = s.key;";

const char schema_v_host_ledger[] = V_HOST("handshake_plain");

const char schema_v_ticket_key[] =
    "CREATE VIEW v_ticket_key AS SELECT"
    " k.name AS key_name,"
    " " WORD("ticket_format", "k.format") " AS format,"
    " k.name_bytes AS name_bytes,"
    " " WORDS("ticket_warning", "k.warnings") " AS warnings,"
    " count(DISTINCT u.host) AS hosts,"
    " count(DISTINCT u.server) AS servers,"
    " " TIME("min(u.first_seen_ns)") " AS first_seen,"
    " " TIME("max(u.last_seen_ns)") " AS last_seen,"
    " " TIME("min(u.first_issued_ns)") " AS first_issued,"
    " " TIME("max(u.last_issued_ns)") " AS last_issued,"
    " " TIME("max(u.last_accepted_ns)") " AS last_accepted,"
    " sum(u.issued_count) AS issued_count,"
    " sum(u.offered_count) AS offered_count,"
    " sum(u.accepted_count) AS accepted_count,"
    " sum(u.refused_count) AS refused_count"
    " FROM ticket_key AS k JOIN ticket_key_use AS u ON u.key = k.id GROUP BY k.id;";

const char schema_v_ticket_key_use[] =
    "CREATE VIEW v_ticket_key_use AS SELECT"
    " k.name AS key_name,"
    " host.name AS host,"
    " server.address AS server,"
    " server.port AS server_port,"
    " " TIME("u.first_seen_ns") " AS first_seen,"
    " " TIME("u.last_seen_ns") " AS last_seen,"
    " " TIME("u.first_issued_ns") " AS first_issued,"
    " " TIME("u.last_issued_ns") " AS last_issued,"
    " " TIME("u.first_accepted_ns") " AS first_accepted,"
    " " TIME("u.last_accepted_ns") " AS last_accepted,"
    " u.issued_count AS issued_count,"
    " u.offered_count AS offered_count,"
    " u.accepted_count AS accepted_count,"
    " u.refused_count AS refused_count"
    " FROM ticket_key_use AS u JOIN ticket_key AS k ON k.id = u.key"
    " LEFT JOIN server ON server.id = u.server"
    " LEFT JOIN host ON host.id = u.host;";

const char schema_v_refusal[] =
    "CREATE VIEW v_refusal AS SELECT"
    " host.name AS host,"
    " " WORD("refusal_cause", "c.refusal_cause") " AS refusal_cause,"
    " c.refusals AS refusals,"
    " " TIME("c.first_ns") " AS first,"
    " " TIME("c.last_ns") " AS last"
    " FROM (SELECT host, refusal_cause, count(*) AS refusals, min(time_ns) AS first_ns,"
    " max(time_ns) AS last_ns FROM handshake WHERE refusal_cause IS NOT NULL"
    " GROUP BY host, refusal_cause) AS c JOIN host ON host.id = c.host;";

const char schema_v_missed[] =
    "CREATE VIEW v_missed AS SELECT"
    " h.id AS id,"
    " " TIME("h.time_ns") " AS time,"
    " h.client AS client,"
    " host.name AS host,"
    " " WORD("missed", "h.missed") " AS missed"
    " FROM handshake_plain AS h LEFT JOIN host ON host.id = h.host WHERE h.missed IS NOT NULL;";

/* psk: what can confirm an estimate, all lengths of identities (4) that a client offered to a host,
 * each with its last time; without external PSKs (anomaly 5), which no server issued. The bounds of a
 * length are those of ticket_estimate_fits(). `confirmed` is made once, however often a statement
 * asks for is_confirmed. */
const char schema_v_ticket_estimate[] =
    "CREATE VIEW v_ticket_estimate AS"
    " WITH psk (host, client, bytes, last_ns) AS MATERIALIZED ("
    "SELECT host, client, offered_bytes, max(time_ns) FROM handshake_plain"
    " WHERE offered = 4 AND offered_bytes > 0 AND NOT anomalies >> 5 & 1"
    " GROUP BY host, client, offered_bytes),"
    " confirmed (id) AS MATERIALIZED ("
    "SELECT e.id FROM handshake_plain AS e JOIN psk AS p ON p.host = e.host AND p.client = e.client"
    " AND p.bytes BETWEEN e.estimated_ticket_bytes - 32 AND e.estimated_ticket_bytes + 8"
    " AND p.last_ns > e.time_ns + max(coalesce(e.handshake_ns, 0), 0)"
    " WHERE e.estimated_tickets > 0)"
    " SELECT"
    " h.id AS id,"
    " " TIME("h.time_ns") " AS time,"
    " h.client AS client,"
    " host.name AS host,"
    " h.estimated_tickets AS estimated_tickets,"
    " h.estimated_ticket_bytes AS estimated_ticket_bytes,"
    " iif(h.estimated_tickets > 0, h.id IN (SELECT id FROM confirmed), NULL) AS is_confirmed"
    " FROM handshake_plain AS h LEFT JOIN host ON host.id = h.host"
    " WHERE h.estimated_tickets IS NOT NULL;";
