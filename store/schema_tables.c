#include "store/address.h"
#include "store/schema_sql.h"

#define CLIENT_OCTET(shift) "client + " ADDRESS_NUMBER_BIAS " >> " shift " & 255"

/* clang-format off */

/* Columns that can hold what a packet chose are of type ANY: text where it is valid UTF-8 without
 * NUL, else a blob (store/text.h). The numbers of enums are those of dissect/handshake.h; `word`
 * says them in words. docs/schema.md documents every column. */
const char schema_tables[] =
    "CREATE TABLE meta ("
    " key TEXT PRIMARY KEY,"
    " value ANY NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE word ("
    " kind TEXT NOT NULL,"
    " number INTEGER NOT NULL,"
    " word TEXT NOT NULL,"
    " PRIMARY KEY (kind, number)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE text ("
    " id INTEGER PRIMARY KEY,"
    " value ANY NOT NULL UNIQUE"
    ") STRICT;"

    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY,"
    " started_ns INTEGER NOT NULL,"
    " ended_ns INTEGER,"
    " first_frame_ns INTEGER,"
    " last_frame_ns INTEGER,"
    " source ANY NOT NULL,"
    " filter ANY NOT NULL,"
    " packets_captured INTEGER,"
    " packets_received INTEGER,"
    " packets_dropped_kernel INTEGER,"
    " packets_dropped_interface INTEGER,"
    " packets_not_tcp INTEGER,"
    " packets_undecodable INTEGER,"
    " bytes INTEGER,"
    " conversations INTEGER,"
    " not_tls INTEGER,"
    " mid_stream_tls INTEGER,"
    " evicted_handshakes INTEGER,"
    " evicted_conversations INTEGER,"
    " not_reassembled_bytes INTEGER,"
    " damaged_files INTEGER,"
    " unreadable_files INTEGER"
    ") STRICT;"

    "CREATE TABLE server ("
    " id INTEGER PRIMARY KEY,"
    " address TEXT NOT NULL,"
    " port INTEGER NOT NULL,"
    " UNIQUE (address, port)"
    ") STRICT;"

    "CREATE TABLE host ("
    " id INTEGER PRIMARY KEY,"
    " name ANY NOT NULL UNIQUE,"
    " app TEXT,"
    " first_seen_ns INTEGER NOT NULL"
    ") STRICT;";

const char schema_tables_session[] =
    "CREATE TABLE session ("
    " id INTEGER PRIMARY KEY,"
    " hash BLOB NOT NULL,"
    " traits INTEGER NOT NULL," /* store/session_row.h */
    " host INTEGER NOT NULL REFERENCES host (id),"
    " server_less_host INTEGER NOT NULL," /* server.id less host.id */
    " client ANY," /* IPv4: address_number(); IPv6: text */
    " issued_ns INTEGER,"
    " lifetime_hint_s INTEGER,"
    " bytes INTEGER,"
    " offered_count INTEGER NOT NULL,"
    " accepted_count INTEGER NOT NULL,"
    " refused_count INTEGER NOT NULL,"
    " largest_accepted_age_s INTEGER,"
    " smallest_refused_age_s INTEGER,"
    " first_offered_ns INTEGER,"
    " last_offered_ns INTEGER," /* NULL: as the first */
    " key INTEGER REFERENCES ticket_key (id),"
    " parent INTEGER REFERENCES session (id),"
    " chain_length INTEGER,"
    " chain_start_ns INTEGER,"
    " iv INTEGER" /* store/ticket_marks.h */
    ") STRICT;"

    "CREATE TABLE session_index ("
    " tag INTEGER NOT NULL," /* store/session_index.h */
    " session INTEGER NOT NULL REFERENCES session (id),"
    " PRIMARY KEY (tag, session)"
    ") STRICT, WITHOUT ROWID;"

    /* All columns, each number by itself. */
    "CREATE VIEW session_plain AS SELECT id, hash,"
    " traits & 3 AS kind, host, host + server_less_host AS server, issued_ns, lifetime_hint_s, bytes,"
    " traits >> 2 & 1 AS is_renewal,"
    " offered_count, accepted_count, refused_count, largest_accepted_age_s,"
    " smallest_refused_age_s, first_offered_ns,"
    " coalesce(last_offered_ns, first_offered_ns) AS last_offered_ns,"
    " iif(typeof(client) = 'integer', printf('%d.%d.%d.%d', " CLIENT_OCTET("24") ", "
    CLIENT_OCTET("16") ", " CLIENT_OCTET("8") ", " CLIENT_OCTET("0") "), client) AS client,"
    " nullif(traits >> 3 & 3, 0) AS extended_master_secret,"
    " key, parent, chain_length, chain_start_ns,"
    " nullif(traits >> 5, 0) AS warnings, iv FROM session;";

/* Names are ours (dissect/net/dead_ends.c), not the wire's. */
const char schema_not_analysed[] =
    "CREATE TABLE not_analysed ("
    " run INTEGER NOT NULL REFERENCES run (id),"
    " name TEXT NOT NULL,"
    " packets INTEGER NOT NULL,"
    " PRIMARY KEY (run, name)"
    ") STRICT, WITHOUT ROWID;";

const char schema_v_not_analysed[] =
    "CREATE VIEW v_not_analysed AS"
    " SELECT run, name, packets FROM not_analysed"
    " ORDER BY run, packets DESC, name;";
