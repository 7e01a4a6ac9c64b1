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

    "ALTER TABLE session ADD COLUMN client TEXT;"
    "ALTER TABLE session ADD COLUMN extended_master_secret INTEGER;"
    "ALTER TABLE session ADD COLUMN key INTEGER REFERENCES ticket_key (id);"
    "ALTER TABLE session ADD COLUMN parent INTEGER REFERENCES session (id);"
    "ALTER TABLE session ADD COLUMN chain_length INTEGER;"
    "ALTER TABLE session ADD COLUMN chain_start_ns INTEGER;"
    "ALTER TABLE session ADD COLUMN warnings INTEGER;"
    "ALTER TABLE session ADD COLUMN iv INTEGER;" /* store/ticket_marks.h */

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
    ") STRICT;"

    "ALTER TABLE handshake ADD COLUMN cause_without_key INTEGER;"
    "ALTER TABLE handshake ADD COLUMN missed INTEGER;"
    "ALTER TABLE handshake ADD COLUMN estimated_tickets INTEGER;"
    "ALTER TABLE handshake ADD COLUMN estimated_ticket_bytes INTEGER;"
    /* Refusals that a change of key may explain, and those that it does: few rows each. */
    "CREATE INDEX handshake_refused ON handshake (host, server)"
    " WHERE cause_without_key IS NOT NULL;"
    "CREATE INDEX handshake_key_changed ON handshake (host) WHERE refusal_cause = 2;"

    "DROP VIEW v_handshake;"
    "DROP VIEW v_session;";

/* By way of the session: a key that becomes known later names earlier handshakes, too. */
const char schema_v_handshake_ledger[] = V_HANDSHAKE(
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
    " FROM session AS s"
    " LEFT JOIN server ON server.id = s.server"
    " LEFT JOIN host ON host.id = s.host"
    " LEFT JOIN ticket_key AS k ON k.id = s.key;";

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
    " FROM handshake AS h LEFT JOIN host ON host.id = h.host WHERE h.missed IS NOT NULL;";

/* psk: what can confirm an estimate, all lengths of identities (4) that a client offered to a host,
 * each with its last time; without external PSKs (anomaly 5), which no server issued. The bounds of a
 * length are those of ticket_estimate_fits(). `confirmed` is made once, however often a statement
 * asks for is_confirmed. */
const char schema_v_ticket_estimate[] =
    "CREATE VIEW v_ticket_estimate AS"
    " WITH psk (host, client, bytes, last_ns) AS MATERIALIZED ("
    "SELECT host, client, offered_bytes, max(time_ns) FROM handshake"
    " WHERE offered = 4 AND offered_bytes > 0 AND NOT anomalies >> 5 & 1"
    " GROUP BY host, client, offered_bytes),"
    " confirmed (id) AS MATERIALIZED ("
    "SELECT e.id FROM handshake AS e JOIN psk AS p ON p.host = e.host AND p.client = e.client"
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
    " FROM handshake AS h LEFT JOIN host ON host.id = h.host"
    " WHERE h.estimated_tickets IS NOT NULL;";
