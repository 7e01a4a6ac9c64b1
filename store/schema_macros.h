/* What the views are made of: private to the files of migrations. */
#ifndef REPRISE_STORE_SCHEMA_MACROS_H
#define REPRISE_STORE_SCHEMA_MACROS_H

/* clang-format off */

/* RFC 3339, UTC, nanoseconds; also before 1970, where % gives a negative remainder. */
#define FRACTION(ns) "((" ns " % 1000000000 + 1000000000) % 1000000000)"
#define TIME(ns) \
    "strftime('%Y-%m-%dT%H:%M:%S', (" ns " - " FRACTION(ns) ") / 1000000000, 'unixepoch')" \
    " || printf('.%09dZ', " FRACTION(ns) ")"

#define WORD(kind, number) \
    "(SELECT word FROM word WHERE kind = '" kind "' AND number = " number ")"
#define MICROSECONDS(ns) "CAST(round((" ns ") / 1000.0) AS INTEGER)"
/* Of numbers on the wire: not all have a word. */
#define NAME(kind, number) \
    "coalesce(" WORD(kind, number) "," \
    " iif(" number " IS NULL, NULL, printf('0x%04x', " number ")))"
#define TEXT(id_column) "(SELECT value FROM text WHERE id = " id_column ")"
#define HASH(id_column) "(SELECT lower(hex(hash)) FROM session WHERE id = " id_column ")"

/* A JSON list of the words of a set of bits. */
#define WORDS(kind, bits) \
    "CASE " bits " WHEN 0 THEN '[]' ELSE (SELECT '[\"' || group_concat(word, '\",\"')" \
    " || '\"]' FROM word WHERE kind = '" kind "' AND " bits " >> number & 1) END"

/* The round trips that a version usually takes on a host (SPEC 5): those of most of its full
 * handshakes, and of two numbers as common the smaller, which never claims too much. The list is
 * made when rtts_saved is asked for, and only then. */
#define USUAL(table) \
    "usual (host, version, rtts) AS MATERIALIZED (" \
    "SELECT host, version, rtts_tls FROM (" \
    "SELECT host, version, rtts_tls, row_number() OVER (" \
    "PARTITION BY host, version ORDER BY count(*) DESC, rtts_tls) AS place" \
    " FROM " table " WHERE verdict = 1 AND rtts_tls IS NOT NULL" \
    " GROUP BY host, version, rtts_tls) WHERE place = 1)"

/* Without any full handshake: 1 round trip in (D)TLS 1.3 (0x0304, 0xfefc), 2 before. */
#define RTTS_SAVED \
    "CASE WHEN h.verdict BETWEEN 2 AND 4 AND h.version IS NOT NULL THEN coalesce(" \
    "(SELECT rtts FROM usual AS u WHERE u.host = h.host AND u.version = h.version)," \
    " iif(h.version IN (772, 65276), 1, 2)) - h.rtts_tls END"

/* SPEC 6; table: what has a column for each number of a handshake; key_name: where the name of the
 * ticket key comes from. */
#define V_HANDSHAKE(table, key_name) \
    "CREATE VIEW v_handshake AS WITH " USUAL(table) " SELECT" \
    " h.id AS id," \
    " h.run AS run," \
    " " TIME("h.time_ns") " AS time," \
    " " WORD("transport", "h.transport") " AS transport," \
    " h.client AS client," \
    " h.client_port AS client_port," \
    " server.address AS server," \
    " server.port AS server_port," \
    " host.name AS host," \
    " CASE h.sni WHEN 0 THEN host.name ELSE " TEXT("h.sni") " END AS sni," \
    " " TEXT("h.alpn") " AS alpn," \
    " host.app AS app," \
    " " NAME("version", "h.version") " AS version," \
    " " NAME("cipher", "h.cipher") " AS cipher," \
    " " WORD("verdict", "h.verdict") " AS verdict," \
    " " WORD("certainty", "h.certainty") " AS certainty," \
    " " WORD("reason", "h.reason") " || coalesce(': ' ||" \
    " coalesce(" WORD("alert", "h.alert") ", h.alert), '') AS reason," \
    " " TEXT("h.messages") " AS messages," \
    " " WORDS("anomaly", "h.anomalies") " AS anomalies," \
    " " TEXT("h.carrier") " AS carrier," \
    " " WORD("offered", "h.offered") " AS offered," \
    " " WORD("outcome", "h.outcome") " AS outcome," \
    " " WORD("refusal_cause", "h.refusal_cause") " AS refusal_cause," \
    " " WORD("early_data", "h.early_data") " AS early_data," \
    " h.hello_retry AS hello_retry," \
    " h.rtts_tcp AS rtts_tcp," \
    " h.rtts_tls AS rtts_tls," \
    " h.rtts_stalled AS rtts_stalled," \
    " " RTTS_SAVED " AS rtts_saved," \
    " " MICROSECONDS("h.rtt_client_ns + h.rtt_server_ns") " AS rtt_us," \
    " " MICROSECONDS("h.rtt_client_ns") " AS rtt_client_us," \
    " " MICROSECONDS("h.rtt_server_ns") " AS rtt_server_us," \
    " " MICROSECONDS("h.handshake_ns") " AS handshake_us," \
    " " MICROSECONDS("h.setup_ns") " AS setup_us," \
    " " MICROSECONDS("h.server_think_ns") " AS server_think_us," \
    " h.bytes_client AS bytes_client," \
    " h.bytes_server AS bytes_server," \
    " " HASH("h.session_offered") " AS session_offered," \
    " " HASH("coalesce(h.issued_ticket, h.issued_id)") " AS session_issued," \
    " CASE WHEN h.issued_ticket IS NOT NULL THEN 'ticket'" \
    " WHEN h.issued_id IS NOT NULL THEN 'id' END AS issued_kind," \
    " h.age_s AS age_s," \
    " h.lifetime_hint_s AS lifetime_hint_s," \
    " h.ticket_bytes AS ticket_bytes," \
    " " key_name " AS key_name," \
    " h.renewed AS renewed" \
    " FROM " table " AS h" \
    " LEFT JOIN server ON server.id = h.server" \
    " LEFT JOIN host ON host.id = h.host;"

#define V_HOST(table) \
    "CREATE VIEW v_host AS SELECT" \
    " host.name AS host," \
    " host.app AS app," \
    " " TIME("host.first_seen_ns") " AS first_seen," \
    " c.handshakes AS handshakes," \
    " c.full_handshakes AS full_handshakes," \
    " c.resumed_id AS resumed_id," \
    " c.resumed_ticket AS resumed_ticket," \
    " c.resumed_psk AS resumed_psk," \
    " c.failed AS failed," \
    " c.unknown AS unknown," \
    " c.offers_refused AS offers_refused" \
    " FROM (SELECT host, count(*) AS handshakes," \
    " sum(verdict = 1) AS full_handshakes," \
    " sum(verdict = 2) AS resumed_id," \
    " sum(verdict = 3) AS resumed_ticket," \
    " sum(verdict = 4) AS resumed_psk," \
    " sum(verdict = 5) AS failed," \
    " sum(verdict = 0) AS unknown," \
    " sum(outcome = 3) AS offers_refused" \
    " FROM " table " GROUP BY host) AS c" \
    " JOIN host ON host.id = c.host;"

/* clang-format on */

#endif
