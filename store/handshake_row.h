/* One row of table `handshake`: the same order of columns going in and coming out. */
#ifndef REPRISE_STORE_HANDSHAKE_ROW_H
#define REPRISE_STORE_HANDSHAKE_ROW_H

#include "store/address.h"
#include "store/record.h"
#include "store/sessions.h"

/* Columns as HANDSHAKE_ROW_SELECT gives them. All up to ROW_CAUSE_WITHOUT_KEY are also those of
 * HANDSHAKE_ROW_COLUMNS, which have the ids of other tables' rows. */
enum handshake_row_column {
    ROW_ID,
    ROW_TIME_NS,
    ROW_FACTS,
    ROW_HOST, /* always its id */
    ROW_VERSION,
    ROW_CLIENT,
    ROW_HANDSHAKE_NS,
    ROW_RTT_CLIENT_NS,
    ROW_RTT_SERVER_NS,
    ROW_BYTES_CLIENT,
    ROW_BYTES_SERVER,
    ROW_REFUSAL_CAUSE,
    ROW_ANOMALIES,
    ROW_AGE_S,
    ROW_LIFETIME_HINT_S,
    ROW_OFFERED_BYTES,
    ROW_ESTIMATED_TICKETS,
    ROW_ESTIMATED_TICKET_BYTES,
    ROW_SESSION_OFFERED,
    ROW_ISSUED_ID,
    ROW_ISSUED_TICKET,
    ROW_RUN,
    ROW_CLIENT_PORT,
    ROW_SERVER,
    ROW_SNI,
    ROW_ALPN,
    ROW_CIPHER,
    ROW_MESSAGES,
    ROW_SETUP_NS,
    ROW_SERVER_THINK_NS,
    ROW_TICKET_BYTES,
    ROW_CARRIER,
    ROW_CAUSE_WITHOUT_KEY,
    ROW_STORED, /* so many columns has the table */
    ROW_SERVER_PORT = ROW_STORED,
    ROW_HOST_NAME,
    ROW_APP,
    ROW_KEY_NAME,
};

/* clang-format off */
/* What figures are made of. */
#define HANDSHAKE_ROW_FIGURES(h)                                                                   \
    h "time_ns, " h "facts, " h "host, " h "version, " h "client, " h "handshake_ns, "             \
    h "rtt_client_ns, " h "rtt_server_ns, " h "bytes_client, " h "bytes_server, "                  \
    h "refusal_cause, " h "anomalies, " h "age_s, " h "lifetime_hint_s, " h "offered_bytes"

/* What else estimates of tickets are. */
#define HANDSHAKE_ROW_ESTIMATES(h) h "estimated_tickets, " h "estimated_ticket_bytes"

/* Those of the table, in its order: SQLite then writes a row from where it was read. */
#define HANDSHAKE_ROW_COLUMNS                                                                      \
    "id, " HANDSHAKE_ROW_FIGURES("") ", " HANDSHAKE_ROW_ESTIMATES("") ", session_offered, issued_id,"  \
    " issued_ticket, run, client_port, server, sni, alpn, cipher, messages, setup_ns,"             \
    " server_think_ns, ticket_bytes, carrier, cause_without_key"

#define HANDSHAKE_ROW_LOOKUP(column, table, value)                                                 \
    "(SELECT " value " FROM " table " WHERE id = h." column ")"

#define HANDSHAKE_ROW_SELECT                                                                       \
    "SELECT h.id, " HANDSHAKE_ROW_FIGURES("h.") ", " HANDSHAKE_ROW_ESTIMATES("h.") ", "            \
    HANDSHAKE_ROW_LOOKUP("session_offered", "session", "hash") ", "                                \
    HANDSHAKE_ROW_LOOKUP("issued_id", "session", "hash") ", "                                      \
    HANDSHAKE_ROW_LOOKUP("issued_ticket", "session", "hash") ", h.run, h.client_port,"             \
    " server.address, CASE h.sni WHEN 0 THEN host.name ELSE "                                      \
    HANDSHAKE_ROW_LOOKUP("sni", "text", "value") " END, "                                          \
    HANDSHAKE_ROW_LOOKUP("alpn", "text", "value") ", h.cipher, "                                   \
    HANDSHAKE_ROW_LOOKUP("messages", "text", "value") ", h.setup_ns, h.server_think_ns,"           \
    " h.ticket_bytes, " HANDSHAKE_ROW_LOOKUP("carrier", "text", "value") ", h.cause_without_key,"  \
    " server.port, host.name, host.app, (SELECT k.name FROM session AS s JOIN ticket_key AS k"     \
    " ON k.id = s.key WHERE s.id = coalesce(h.session_offered, h.issued_ticket))"                  \
    " FROM handshake AS h LEFT JOIN server ON server.id = h.server"                                \
    " LEFT JOIN host ON host.id = h.host"
/* clang-format on */

/* What a row is made of. The other tables' rows exist already; HANDSHAKE_NULL: none. */
struct handshake_row {
    const struct handshake *handshake;
    const struct session_links *links;
    int64_t run;
    int64_t server;
    int64_t host;
    int64_t sni; /* 0: spelt as the host's name is; else a row of text */
    int64_t alpn;
    int64_t messages;
    int64_t carrier;
    int64_t facts; /* handshake_row_facts() */
};

/* Its small numbers: store/facts.h. */
int64_t handshake_row_facts(const struct handshake *handshake, const struct session_links *links);

/* The same, as it is stored: a number for each column. */
struct handshake_values {
    int64_t numbers[ROW_STORED];     /* HANDSHAKE_NULL: NULL */
    char client[ADDRESS_TEXT_BYTES]; /* in place of the number, if not "" */
};

void handshake_row_values(const struct handshake_row *row, int64_t id,
                          struct handshake_values *out);

/* Reads a row of HANDSHAKE_ROW_SELECT. A number that is no value of its enum becomes the enum's
 * zero: the file may have been written by anybody. */
void handshake_row_read(sqlite3_stmt *statement, struct record *out);

/* Reads the values of HANDSHAKE_ROW_FIGURES behind the id, as functions of SQL are given them, into
 * a record that is otherwise left as it is. Of the host there is the id; hashes are left alone but
 * for whether there is one. */
void handshake_row_read_figures(sqlite3_value *const *from, struct record *out);

/* The same with those of HANDSHAKE_ROW_ESTIMATES behind them. */
void handshake_row_read_estimates(sqlite3_value *const *from, struct record *out);

#endif
