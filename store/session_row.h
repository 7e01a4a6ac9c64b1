/* Rows of table session: made in memory, or changed and read in the database one by one. */
#ifndef REPRISE_STORE_SESSION_ROW_H
#define REPRISE_STORE_SESSION_ROW_H

#include "store/address.h"
#include "store/database.h"
#include "store/refusal.h"
#include "store/session_offers.h"

#include "dissect/handshake.h"

/* Those of the table, in its order. */
enum session_column {
    SESSION_ROW_ID,
    SESSION_HASH,
    SESSION_TRAITS,
    SESSION_HOST,
    SESSION_SERVER_LESS_HOST,
    SESSION_CLIENT,
    SESSION_ISSUED_NS,
    SESSION_LIFETIME_HINT_S,
    SESSION_BYTES,
    SESSION_OFFERS, /* SESSION_OFFER_FIGURES of them */
    SESSION_KEY = SESSION_OFFERS + SESSION_OFFER_FIGURES,
    SESSION_PARENT,
    SESSION_CHAIN_LENGTH,
    SESSION_CHAIN_START_NS,
    SESSION_IV,
    SESSION_STORED, /* so many columns has the table */
};

/* last_offered: as the table has it, or what gives it. */
#define SESSION_ROW_COLUMNS(last_offered)                                                          \
    "id, hash, traits, host, server_less_host, client, issued_ns, lifetime_hint_s, bytes,"         \
    " offered_count, accepted_count, refused_count, largest_accepted_age_s, "                      \
    "smallest_refused_age_s,"                                                                      \
    " first_offered_ns, " last_offered ", key, parent, chain_length, chain_start_ns, iv"

/* Column `traits`: enum session_kind, whether it is a renewal, enum extended_master_secret, and
 * from there on a set of enum ticket_warning. */
enum {
    SESSION_TRAITS_RENEWAL = 2,
    SESSION_TRAITS_SECRET = 3,
    SESSION_TRAITS_WARNINGS = 5,
};

/* What is to be written of a session. Numbers are HANDSHAKE_NULL where they are not known; what
 * only an issue tells is, where time_ns is. */
struct session_row {
    const struct session_hash *hash;
    enum session_kind kind;
    int64_t host; /* rows */
    int64_t server;
    int64_t time_ns; /* of the issue */
    int64_t lifetime_hint_s;
    int64_t bytes;
    bool is_renewal;
    int64_t key; /* row */
    int64_t iv;  /* ticket_marks_iv() */
    uint8_t warnings;
    const uint8_t *client; /* address of 16 bytes; NULL: the issue was not seen */
    enum extended_master_secret extended_master_secret;
    int64_t parent; /* row of the session that was renewed, as the next two */
    int64_t chain_length;
    int64_t chain_start_ns;
};

/* ---- In memory ---- */

/* A row as it is stored. */
struct session_values {
    int64_t numbers[SESSION_STORED]; /* HANDSHAKE_NULL: NULL */
    uint8_t hash[16];                /* in place of a number, as the next */
    char client[ADDRESS_TEXT_BYTES]; /* of IPv6; "": the number holds */
};

void session_row_values(const struct session_row *row, int64_t id, struct session_values *out);

/* The values that are no numbers: for a struct row_table. */
void session_row_value(const void *values, int column, sqlite3_context *out);

/* These do to a row in memory what those below do to one in the database. */
void session_values_issue(struct session_values *values, const struct session_row *row);
void session_values_offer(struct session_values *values, const struct session_offer *offer);
void session_values_read(const struct session_values *values, struct issued_session *out);
MUST_CHECK bool session_values_share(struct session_values *values, const uint8_t client[16]);
void session_values_warn(struct session_values *values, enum ticket_warning warning);

/* ---- In the database ---- */

/* The issue of a session that has its row, from an offer or a later issue. */
MUST_CHECK bool session_row_issue(struct database *db, int64_t id, const struct session_row *row,
                                  struct error *error);

/* As it was issued. */
MUST_CHECK bool session_row_read(struct database *db, int64_t id, struct issued_session *out,
                                 struct error *error);

/* Issued to this client as well: *is_new says whether that is news. */
MUST_CHECK bool session_row_share(struct database *db, int64_t id, const uint8_t client[16],
                                  bool *is_new, struct error *error);

/* Reads a column `client`; false, and zero bytes, where there is no address. */
MUST_CHECK bool session_row_read_client(sqlite3_stmt *statement, int column, uint8_t out[16]);

/* Its key became known. */
MUST_CHECK bool session_row_set_key(struct database *db, int64_t id, int64_t key, int64_t iv,
                                    struct error *error);

MUST_CHECK bool session_row_warn(struct database *db, int64_t id, enum ticket_warning warning,
                                 struct error *error);

#endif
