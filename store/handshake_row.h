/* One row of table `handshake`: the same order of columns going in and coming out. */
#ifndef REPRISE_STORE_HANDSHAKE_ROW_H
#define REPRISE_STORE_HANDSHAKE_ROW_H

#include "store/record.h"
#include "store/sessions.h"

/* Columns as HANDSHAKE_ROW_SELECT gives them. All up to ROW_ESTIMATED_TICKET_BYTES but the id are
 * also the numbers of the values of HANDSHAKE_ROW_INSERT, which takes the ids of other tables'
 * rows. */
enum handshake_row_column {
    ROW_ID,
    ROW_RUN,
    ROW_TIME_NS,
    ROW_TRANSPORT,
    ROW_CLIENT,
    ROW_CLIENT_PORT,
    ROW_SERVER,
    ROW_HOST,
    ROW_SNI,
    ROW_ALPN,
    ROW_VERSION,
    ROW_CIPHER,
    ROW_VERDICT,
    ROW_CERTAINTY,
    ROW_REASON,
    ROW_ALERT,
    ROW_MESSAGES,
    ROW_ANOMALIES,
    ROW_OFFERED,
    ROW_OUTCOME,
    ROW_EARLY_DATA,
    ROW_HELLO_RETRY,
    ROW_RTTS_TCP,
    ROW_RTTS_TLS,
    ROW_RTTS_STALLED,
    ROW_RTT_CLIENT_NS,
    ROW_RTT_SERVER_NS,
    ROW_HANDSHAKE_NS,
    ROW_SETUP_NS,
    ROW_SERVER_THINK_NS,
    ROW_BYTES_CLIENT,
    ROW_BYTES_SERVER,
    ROW_SESSION_OFFERED,
    ROW_OFFERED_BYTES,
    ROW_AGE_S,
    ROW_ISSUED_ID,
    ROW_ISSUED_TICKET,
    ROW_LIFETIME_HINT_S,
    ROW_TICKET_BYTES,
    ROW_RENEWED,
    ROW_CARRIER,
    ROW_REFUSAL_CAUSE,
    ROW_MISSED,
    ROW_CAUSE_WITHOUT_KEY,
    ROW_ESTIMATED_TICKETS,
    ROW_ESTIMATED_TICKET_BYTES,
    ROW_SERVER_PORT,
    ROW_APP,
    ROW_KEY_NAME,
};

#define HANDSHAKE_ROW_INSERT                                                                       \
    "INSERT INTO handshake (run, time_ns, transport, client, client_port, server, host, sni,"      \
    " alpn, version, cipher, verdict, certainty, reason, alert, messages, anomalies, offered,"     \
    " outcome, early_data, hello_retry, rtts_tcp, rtts_tls, rtts_stalled, rtt_client_ns,"          \
    " rtt_server_ns, handshake_ns, setup_ns, server_think_ns, bytes_client, bytes_server,"         \
    " session_offered, offered_bytes, age_s, issued_id, issued_ticket, lifetime_hint_s,"           \
    " ticket_bytes, renewed, carrier, refusal_cause, missed, cause_without_key,"                   \
    " estimated_tickets, estimated_ticket_bytes)"                                                  \
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"    \
    " ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36,"   \
    " ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45)"

/* The columns of a handshake's text and hashes are looked up in other tables, row by row... */
#define HANDSHAKE_ROW_WHOLE(column, table, value)                                                  \
    "(SELECT " value " FROM " table " WHERE id = h." column ")"

#define HANDSHAKE_ROW_WHOLE_KEY                                                                    \
    "(SELECT k.name FROM session AS s JOIN ticket_key AS k ON k.id = s.key"                        \
    " WHERE s.id = coalesce(h.session_offered, h.issued_ticket))"

/* ... which figures can do without: then they only say whether there is one. */
#define HANDSHAKE_ROW_FIGURES(column, table, value) "h." column

#define HANDSHAKE_ROW_FIGURES_KEY "NULL"

/* clang-format off */
#define HANDSHAKE_ROW_SELECT(lookup)                                                               \
    "SELECT h.id, h.run, h.time_ns, h.transport, h.client, h.client_port, server.address,"         \
    " host.name, CASE h.sni WHEN 0 THEN host.name ELSE " lookup("sni", "text", "value") " END, "    \
    lookup("alpn", "text", "value") ", h.version, h.cipher, h.verdict, h.certainty, h.reason,"     \
    " h.alert, " lookup("messages", "text", "value") ", h.anomalies, h.offered, h.outcome,"        \
    " h.early_data, h.hello_retry, h.rtts_tcp, h.rtts_tls, h.rtts_stalled, h.rtt_client_ns,"       \
    " h.rtt_server_ns, h.handshake_ns, h.setup_ns, h.server_think_ns, h.bytes_client,"             \
    " h.bytes_server, " lookup("session_offered", "session", "hash") ", h.offered_bytes, h.age_s, " \
    lookup("issued_id", "session", "hash") ", " lookup("issued_ticket", "session", "hash") ","     \
    " h.lifetime_hint_s, h.ticket_bytes, h.renewed, " lookup("carrier", "text", "value") ","         \
    " h.refusal_cause, h.missed, h.cause_without_key, h.estimated_tickets,"                        \
    " h.estimated_ticket_bytes, server.port, host.app, "                                           \
    lookup##_KEY " FROM handshake AS h LEFT JOIN server ON server.id = h.server"          \
    " LEFT JOIN host ON host.id = h.host"
/* clang-format on */

/* What a row is made of. The other tables' rows exist already; HANDSHAKE_NULL: none. */
struct handshake_row {
    const struct handshake *handshake;
    const struct session_links *links;
    const char *client; /* address */
    int64_t run;
    int64_t server;
    int64_t host;
    int64_t sni; /* 0: spelt as the host's name is; else a row of text */
    int64_t alpn;
    int64_t messages;
    int64_t carrier;
};

MUST_CHECK bool handshake_row_add(struct database *db, const struct handshake_row *row, int64_t *id,
                                  struct error *error);

/* Reads a row of HANDSHAKE_ROW_SELECT(HANDSHAKE_ROW_WHOLE), or of (HANDSHAKE_ROW_FIGURES): then
 * sni, alpn and messages are empty, carrier is none, and the hashes zero where there is one. A
 * number that is no value of its enum becomes the enum's zero: the file may have been written by
 * anybody. */
void handshake_row_read(sqlite3_stmt *statement, struct record *out);
void handshake_row_read_figures(sqlite3_stmt *statement, struct record *out);

#endif
