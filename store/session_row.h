/* Rows of table session, written and read one by one. */
#ifndef REPRISE_STORE_SESSION_ROW_H
#define REPRISE_STORE_SESSION_ROW_H

#include "store/database.h"
#include "store/refusal.h"

#include "dissect/handshake.h"

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
    const char *client; /* address; NULL: the issue was not seen */
    enum extended_master_secret extended_master_secret;
    int64_t parent; /* row of the session that was renewed, as the next two */
    int64_t chain_length;
    int64_t chain_start_ns;
};

MUST_CHECK bool session_row_add(struct database *db, const struct session_row *row, int64_t *id,
                                struct error *error);

/* The issue of a session that has its row, from an offer or a later issue. */
MUST_CHECK bool session_row_issue(struct database *db, int64_t id, const struct session_row *row,
                                  struct error *error);

struct session_offer {
    int64_t id;
    enum outcome outcome;
    int64_t age_s; /* HANDSHAKE_NULL: not known */
    int64_t time_ns;
    int64_t key; /* HANDSHAKE_NULL: not known */
};

MUST_CHECK bool session_row_offer(struct database *db, const struct session_offer *offer,
                                  struct error *error);

/* As it was issued. */
MUST_CHECK bool session_row_read(struct database *db, int64_t id, struct issued_session *out,
                                 struct error *error);

/* Issued to this client as well: *is_new says whether that is news. */
MUST_CHECK bool session_row_share(struct database *db, int64_t id, const char *client, bool *is_new,
                                  struct error *error);

#endif
