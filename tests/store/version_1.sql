CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE word (
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE text (
    id INTEGER PRIMARY KEY,
    value ANY NOT NULL UNIQUE
) STRICT;

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_ns INTEGER NOT NULL,
    ended_ns INTEGER,
    first_frame_ns INTEGER,
    last_frame_ns INTEGER,
    source ANY NOT NULL,
    filter ANY NOT NULL,
    packets_captured INTEGER,
    packets_received INTEGER,
    packets_dropped_kernel INTEGER,
    packets_dropped_interface INTEGER,
    packets_not_tcp INTEGER,
    packets_undecodable INTEGER,
    bytes INTEGER,
    conversations INTEGER,
    not_tls INTEGER,
    mid_stream_tls INTEGER,
    evicted_handshakes INTEGER,
    evicted_conversations INTEGER,
    not_reassembled_bytes INTEGER,
    damaged_files INTEGER,
    unreadable_files INTEGER
) STRICT;

CREATE TABLE server (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    port INTEGER NOT NULL,
    UNIQUE (address, port)
) STRICT;

CREATE TABLE host (
    id INTEGER PRIMARY KEY,
    name ANY NOT NULL UNIQUE,
    app TEXT,
    first_seen_ns INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    kind INTEGER NOT NULL,
    host INTEGER NOT NULL REFERENCES host (id),
    server INTEGER NOT NULL REFERENCES server (id),
    issued_ns INTEGER,
    lifetime_hint_s INTEGER,
    bytes INTEGER,
    is_renewal INTEGER NOT NULL,
    offered_count INTEGER NOT NULL,
    accepted_count INTEGER NOT NULL,
    refused_count INTEGER NOT NULL,
    largest_accepted_age_s INTEGER,
    smallest_refused_age_s INTEGER,
    first_offered_ns INTEGER,
    last_offered_ns INTEGER
) STRICT;

CREATE TABLE session_index (
    tag BLOB NOT NULL,
    session INTEGER NOT NULL REFERENCES session (id),
    PRIMARY KEY (tag, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE handshake (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    time_ns INTEGER NOT NULL,
    transport INTEGER NOT NULL,
    client TEXT NOT NULL,
    client_port INTEGER NOT NULL,
    server INTEGER NOT NULL REFERENCES server (id),
    host INTEGER NOT NULL REFERENCES host (id),
    sni INTEGER,
    alpn INTEGER REFERENCES text (id),
    version INTEGER,
    cipher INTEGER,
    verdict INTEGER NOT NULL,
    certainty INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    alert INTEGER,
    messages INTEGER REFERENCES text (id),
    anomalies INTEGER NOT NULL,
    carrier INTEGER REFERENCES text (id),
    offered INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    refusal_cause INTEGER,
    early_data INTEGER NOT NULL,
    hello_retry INTEGER NOT NULL,
    rtts_tcp INTEGER,
    rtts_tls INTEGER,
    rtts_stalled INTEGER,
    rtt_client_ns INTEGER,
    rtt_server_ns INTEGER,
    handshake_ns INTEGER,
    setup_ns INTEGER,
    server_think_ns INTEGER,
    bytes_client INTEGER,
    bytes_server INTEGER,
    session_offered INTEGER REFERENCES session (id),
    offered_bytes INTEGER,
    age_s INTEGER,
    issued_id INTEGER REFERENCES session (id),
    issued_ticket INTEGER REFERENCES session (id),
    lifetime_hint_s INTEGER,
    ticket_bytes INTEGER,
    key_name INTEGER REFERENCES text (id),
    renewed INTEGER NOT NULL
) STRICT;

CREATE VIEW v_handshake AS WITH usual (host, version, rtts) AS MATERIALIZED (SELECT host, version, rtts_tls FROM (SELECT host, version, rtts_tls, row_number() OVER (PARTITION BY host, version ORDER BY count(*) DESC, rtts_tls) AS place FROM handshake WHERE verdict = 1 AND rtts_tls IS NOT NULL GROUP BY host, version, rtts_tls) WHERE place = 1) SELECT h.id AS id,
    h.run AS run,
    strftime('%Y-%m-%dT%H:%M:%S', (h.time_ns - ((h.time_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((h.time_ns % 1000000000 + 1000000000) % 1000000000)) AS time,
    (SELECT word FROM word WHERE kind = 'transport' AND number = h.transport) AS transport,
    h.client AS client,
    h.client_port AS client_port,
    server.address AS server,
    server.port AS server_port,
    host.name AS host,
    CASE h.sni WHEN 0 THEN host.name ELSE (SELECT value FROM text WHERE id = h.sni) END AS sni,
    (SELECT value FROM text WHERE id = h.alpn) AS alpn,
    host.app AS app,
    coalesce((SELECT word FROM word WHERE kind = 'version' AND number = h.version), iif(h.version IS NULL, NULL, printf('0x%04x', h.version))) AS version,
    coalesce((SELECT word FROM word WHERE kind = 'cipher' AND number = h.cipher), iif(h.cipher IS NULL, NULL, printf('0x%04x', h.cipher))) AS cipher,
    (SELECT word FROM word WHERE kind = 'verdict' AND number = h.verdict) AS verdict,
    (SELECT word FROM word WHERE kind = 'certainty' AND number = h.certainty) AS certainty,
    (SELECT word FROM word WHERE kind = 'reason' AND number = h.reason) || coalesce(': ' || coalesce((SELECT word FROM word WHERE kind = 'alert' AND number = h.alert), h.alert), '') AS reason,
    (SELECT value FROM text WHERE id = h.messages) AS messages,
    CASE h.anomalies WHEN 0 THEN '[]' ELSE (SELECT '["' || group_concat(word, '","') || '"]' FROM word WHERE kind = 'anomaly' AND h.anomalies >> number & 1) END AS anomalies,
    (SELECT value FROM text WHERE id = h.carrier) AS carrier,
    (SELECT word FROM word WHERE kind = 'offered' AND number = h.offered) AS offered,
    (SELECT word FROM word WHERE kind = 'outcome' AND number = h.outcome) AS outcome,
    (SELECT word FROM word WHERE kind = 'refusal_cause' AND number = h.refusal_cause) AS refusal_cause,
    (SELECT word FROM word WHERE kind = 'early_data' AND number = h.early_data) AS early_data,
    h.hello_retry AS hello_retry,
    h.rtts_tcp AS rtts_tcp,
    h.rtts_tls AS rtts_tls,
    h.rtts_stalled AS rtts_stalled,
    CASE WHEN h.verdict BETWEEN 2 AND 4 AND h.version IS NOT NULL THEN coalesce((SELECT rtts FROM usual AS u WHERE u.host = h.host AND u.version = h.version), iif(h.version IN (772, 65276), 1, 2)) - h.rtts_tls END AS rtts_saved,
    CAST(round((h.rtt_client_ns + h.rtt_server_ns) / 1000.0) AS INTEGER) AS rtt_us,
    CAST(round((h.rtt_client_ns) / 1000.0) AS INTEGER) AS rtt_client_us,
    CAST(round((h.rtt_server_ns) / 1000.0) AS INTEGER) AS rtt_server_us,
    CAST(round((h.handshake_ns) / 1000.0) AS INTEGER) AS handshake_us,
    CAST(round((h.setup_ns) / 1000.0) AS INTEGER) AS setup_us,
    CAST(round((h.server_think_ns) / 1000.0) AS INTEGER) AS server_think_us,
    h.bytes_client AS bytes_client,
    h.bytes_server AS bytes_server,
    (SELECT lower(hex(hash)) FROM session WHERE id = h.session_offered) AS session_offered,
    (SELECT lower(hex(hash)) FROM session WHERE id = coalesce(h.issued_ticket, h.issued_id)) AS session_issued,
    CASE WHEN h.issued_ticket IS NOT NULL THEN 'ticket' WHEN h.issued_id IS NOT NULL THEN 'id' END AS issued_kind,
    h.age_s AS age_s,
    h.lifetime_hint_s AS lifetime_hint_s,
    h.ticket_bytes AS ticket_bytes,
    (SELECT value FROM text WHERE id = h.key_name) AS key_name,
    h.renewed AS renewed
FROM handshake AS h
LEFT JOIN server ON server.id = h.server
LEFT JOIN host ON host.id = h.host;

CREATE VIEW v_session AS SELECT
    lower(hex(s.hash)) AS session,
    (SELECT word FROM word WHERE kind = 'session_kind' AND number = s.kind) AS kind,
    host.name AS host,
    server.address AS server,
    server.port AS server_port,
    strftime('%Y-%m-%dT%H:%M:%S', (s.issued_ns - ((s.issued_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((s.issued_ns % 1000000000 + 1000000000) % 1000000000)) AS issued,
    s.lifetime_hint_s AS lifetime_hint_s,
    s.bytes AS bytes,
    s.is_renewal AS is_renewal,
    s.offered_count AS offered_count,
    s.accepted_count AS accepted_count,
    s.refused_count AS refused_count,
    s.largest_accepted_age_s AS largest_accepted_age_s,
    s.smallest_refused_age_s AS smallest_refused_age_s,
    strftime('%Y-%m-%dT%H:%M:%S', (s.first_offered_ns - ((s.first_offered_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((s.first_offered_ns % 1000000000 + 1000000000) % 1000000000)) AS first_offered,
    strftime('%Y-%m-%dT%H:%M:%S', (s.last_offered_ns - ((s.last_offered_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((s.last_offered_ns % 1000000000 + 1000000000) % 1000000000)) AS last_offered
FROM session AS s
LEFT JOIN server ON server.id = s.server
LEFT JOIN host ON host.id = s.host;

CREATE VIEW v_host AS SELECT
    host.name AS host,
    host.app AS app,
    strftime('%Y-%m-%dT%H:%M:%S', (host.first_seen_ns - ((host.first_seen_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((host.first_seen_ns % 1000000000 + 1000000000) % 1000000000)) AS first_seen,
    c.handshakes AS handshakes,
    c.full_handshakes AS full_handshakes,
    c.resumed_id AS resumed_id,
    c.resumed_ticket AS resumed_ticket,
    c.resumed_psk AS resumed_psk,
    c.failed AS failed,
    c.unknown AS unknown,
    c.offers_refused AS offers_refused FROM (SELECT host, count(*) AS handshakes, sum(verdict = 1) AS full_handshakes, sum(verdict = 2) AS resumed_id, sum(verdict = 3) AS resumed_ticket, sum(verdict = 4) AS resumed_psk, sum(verdict = 5) AS failed, sum(verdict = 0) AS unknown, sum(outcome = 3) AS offers_refused FROM handshake GROUP BY host) AS c JOIN host ON host.id = c.host;

CREATE VIEW v_run AS SELECT
    id,
    strftime('%Y-%m-%dT%H:%M:%S', (started_ns - ((started_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((started_ns % 1000000000 + 1000000000) % 1000000000)) AS started,
    strftime('%Y-%m-%dT%H:%M:%S', (ended_ns - ((ended_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((ended_ns % 1000000000 + 1000000000) % 1000000000)) AS ended,
    strftime('%Y-%m-%dT%H:%M:%S', (first_frame_ns - ((first_frame_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((first_frame_ns % 1000000000 + 1000000000) % 1000000000)) AS first_frame,
    strftime('%Y-%m-%dT%H:%M:%S', (last_frame_ns - ((last_frame_ns % 1000000000 + 1000000000) % 1000000000)) / 1000000000, 'unixepoch') || printf('.%09dZ', ((last_frame_ns % 1000000000 + 1000000000) % 1000000000)) AS last_frame,
    source,
    filter,
    packets_captured,
    packets_received,
    packets_dropped_kernel,
    packets_dropped_interface,
    packets_not_tcp,
    packets_undecodable,
    bytes,
    conversations,
    not_tls,
    mid_stream_tls,
    evicted_handshakes,
    evicted_conversations,
    not_reassembled_bytes,
    damaged_files,
    unreadable_files
FROM run;
