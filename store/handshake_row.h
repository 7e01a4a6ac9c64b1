/* One row of table `handshake`: the same order of columns going in and coming out. */
#ifndef REPRISE_STORE_HANDSHAKE_ROW_H
#define REPRISE_STORE_HANDSHAKE_ROW_H

#include "store/address.h"
#include "store/byte_counts.h"
#include "store/record.h"
#include "store/sessions.h"

/* Those of the table, in its order: SQLite then writes a row from where it was read. */
enum handshake_row_column {
    ROW_ID,
    ROW_TIME_NS,
    ROW_KIND,
    ROW_HOST,
    ROW_CLIENT,
    ROW_RTT_CLIENT,
    ROW_RTT_SERVER,
    ROW_SERVER_THINK,
    ROW_HANDSHAKE_REST,
    ROW_BYTES,
    ROW_REFUSAL_CAUSE,
    ROW_AGE_S,
    ROW_LIFETIME_HINT_S,
    ROW_OFFERED_BYTES,
    ROW_TICKETS,
    ROW_SESSION_OFFERED,
    ROW_ISSUED_ID,
    ROW_ISSUED_TICKET,
    ROW_RUN,
    ROW_SERVER_LESS_HOST,
    ROW_SNI,
    ROW_SETUP_REST,
    ROW_CAUSE_WITHOUT_KEY,
    ROW_STORED, /* so many columns has the table */
};

#define HANDSHAKE_ROW_COLUMNS                                                                      \
    "id, time_ns, kind, host, client, rtt_client, rtt_server, server_think, handshake_rest,"       \
    " bytes, refusal_cause, age_s, lifetime_hint_s, offered_bytes, tickets, session_offered,"      \
    " issued_id, issued_ticket, run, server_less_host, sni, setup_rest, cause_without_key"

/* Columns as HANDSHAKE_ROW_SELECT gives them: what figures are made of, estimates, the rest. */
enum handshake_given_column {
    GIVEN_ID,
    GIVEN_TIME_NS,
    GIVEN_FACTS,
    GIVEN_VERSION,
    GIVEN_ANOMALIES,
    GIVEN_HOST_ID,
    GIVEN_CLIENT,
    GIVEN_RTT_CLIENT,
    GIVEN_RTT_SERVER,
    GIVEN_SERVER_THINK,
    GIVEN_HANDSHAKE_REST,
    GIVEN_BYTES,
    GIVEN_REFUSAL_CAUSE,
    GIVEN_AGE_S,
    GIVEN_LIFETIME_HINT_S,
    GIVEN_OFFERED_BYTES,
    GIVEN_FIGURES_END,
    GIVEN_TICKETS = GIVEN_FIGURES_END,
    GIVEN_ESTIMATES_END,
    GIVEN_SESSION_OFFERED = GIVEN_ESTIMATES_END,
    GIVEN_ISSUED_ID,
    GIVEN_ISSUED_TICKET,
    GIVEN_RUN,
    GIVEN_SERVER,
    GIVEN_SERVER_PORT,
    GIVEN_SNI,
    GIVEN_ALPN,
    GIVEN_CIPHER,
    GIVEN_MESSAGES,
    GIVEN_CARRIER,
    GIVEN_SETUP_REST,
    GIVEN_HOST_NAME,
    GIVEN_APP,
    GIVEN_KEY_NAME,
};

/* clang-format off */
/* What figures are made of, behind the id; and what estimates of tickets are, besides. */
#define HANDSHAKE_ROW_FIGURES                                                                      \
    "h.time_ns, kind.facts, kind.version, kind.anomalies, h.host, h.client, h.rtt_client,"         \
    " h.rtt_server, h.server_think, h.handshake_rest, h.bytes,"             \
    " h.refusal_cause, h.age_s, h.lifetime_hint_s, h.offered_bytes"
#define HANDSHAKE_ROW_ESTIMATES "h.tickets"

/* What they are read from; hint: on how. In the order of the table. */
#define HANDSHAKE_ROW_FROM(hint)                                                                   \
    " FROM handshake AS h " hint " LEFT JOIN handshake_kind AS kind ON kind.id = h.kind"

#define HANDSHAKE_ROW_LOOKUP(column, table, value)                                                 \
    "(SELECT " value " FROM " table " WHERE id = " column ")"

#define HANDSHAKE_ROW_SELECT                                                                       \
    "SELECT h.id, " HANDSHAKE_ROW_FIGURES ", " HANDSHAKE_ROW_ESTIMATES ", "                        \
    HANDSHAKE_ROW_LOOKUP("h.session_offered", "session", "hash") ", "                              \
    HANDSHAKE_ROW_LOOKUP("h.issued_id", "session", "hash") ", "                                    \
    HANDSHAKE_ROW_LOOKUP("h.issued_ticket", "session", "hash") ", h.run,"                          \
    " server.address, server.port, CASE h.sni WHEN 0 THEN host.name ELSE "                         \
    HANDSHAKE_ROW_LOOKUP("h.sni", "text", "value") " END, "                                        \
    HANDSHAKE_ROW_LOOKUP("kind.alpn", "text", "value") ", nullif(kind.cipher, -1), "               \
    HANDSHAKE_ROW_LOOKUP("kind.messages", "text", "value") ", "                                    \
    HANDSHAKE_ROW_LOOKUP("kind.carrier", "text", "value") ", h.setup_rest,"                        \
    " host.name, host.app, (SELECT k.name FROM session AS s JOIN ticket_key AS k"                  \
    " ON k.id = s.key WHERE s.id = coalesce(h.session_offered, h.issued_ticket))"                  \
    HANDSHAKE_ROW_FROM("") " LEFT JOIN server ON server.id = h.host + h.server_less_host"          \
    " LEFT JOIN host ON host.id = h.host"
/* clang-format on */

/* What a row is made of. The other tables' rows exist already; HANDSHAKE_NULL: none. */
struct handshake_row {
    const struct handshake *handshake;
    const struct session_links *links;
    int64_t run;
    int64_t server;
    int64_t host;
    int64_t sni;   /* 0: spelt as the host's name is; else a row of text */
    int64_t kind;  /* store/handshake_kinds.h */
    int64_t facts; /* handshake_row_facts(): what is summed up needs them beside their kind */
};

/* Its small numbers: store/facts.h. */
int64_t handshake_row_facts(const struct handshake *handshake, const struct session_links *links);

/* The same, as it is stored: a number for each column. */
struct handshake_values {
    int64_t numbers[ROW_STORED]; /* HANDSHAKE_NULL: NULL */
    /* In place of the number, if not "": address, space, port; and store/byte_counts.h. */
    char client[ENDPOINT_TEXT_BYTES];
    char bytes[BYTE_COUNTS_TEXT_BYTES];
};

void handshake_row_values(const struct handshake_row *row, int64_t id,
                          struct handshake_values *out);

/* Reads a row of HANDSHAKE_ROW_SELECT. A number that is no value of its enum becomes the enum's
 * zero: the file may have been written by anybody. */
void handshake_row_read(sqlite3_stmt *statement, struct record *out);

/* Reads the id and the values of HANDSHAKE_ROW_FIGURES, as functions of SQL are given them, into
 * a record that is otherwise left as it is. Of the host there is the id; hashes are left alone but
 * for whether there is one. */
void handshake_row_read_figures(sqlite3_value *const *from, struct record *out);

/* The same with those of HANDSHAKE_ROW_ESTIMATES behind them. */
void handshake_row_read_estimates(sqlite3_value *const *from, struct record *out);

#endif
