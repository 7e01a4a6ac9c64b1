#include "store/sessions.h"

#include "store/statements.h"
#include "store/text.h"

enum { NS_PER_S = 1000000000, VERSION_TLS_1_2 = 0x0303, VERSION_TLS_1_3 = 0x0304 };

/* What the row of a session says before this handshake. */
struct known_session {
    int64_t id; /* HANDSHAKE_NULL: there is none */
    int64_t issued_ns;
    int64_t largest_accepted_age_s;
    int64_t smallest_refused_age_s;
    int64_t first_offered_ns;
    int64_t last_offered_ns;
};

/* What is to be written of an issue; time_ns HANDSHAKE_NULL: it was not seen. */
struct issue {
    const struct session_hash *hash;
    enum session_kind kind;
    int64_t time_ns;
    int64_t lifetime_hint_s;
    int64_t bytes;
    bool is_renewal;
};

static void bind_hash(sqlite3_stmt *statement, int index, const struct session_hash *hash)
{
    (void)sqlite3_bind_blob(statement, index, hash->bytes, sizeof(hash->bytes), SQLITE_STATIC);
}

static bool find(struct database *db, const struct session_hash *hash, struct known_session *out,
                 struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_FIND_SESSION];

    *out = (struct known_session){HANDSHAKE_NULL, HANDSHAKE_NULL, HANDSHAKE_NULL,
                                  HANDSHAKE_NULL, HANDSHAKE_NULL, HANDSHAKE_NULL};
    bind_hash(statement, 1, hash);
    const enum database_step step = database_step(db, WRITE_FIND_SESSION, error);
    if (step != DATABASE_ROW) {
        return step == DATABASE_DONE;
    }
    out->id = sqlite3_column_int64(statement, 0);
    out->issued_ns = number_read(statement, 1);
    out->largest_accepted_age_s = number_read(statement, 2);
    out->smallest_refused_age_s = number_read(statement, 3);
    out->first_offered_ns = number_read(statement, 4);
    out->last_offered_ns = number_read(statement, 5);
    database_reset(db, WRITE_FIND_SESSION);
    return true;
}

/* *id is HANDSHAKE_NULL when the hash is known already: the row is as it was then. */
static bool add(struct database *db, const struct issue *issue, const struct session_place *place,
                int64_t *id, struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_ADD_SESSION];

    bind_hash(statement, 1, issue->hash);
    number_bind(statement, 2, issue->kind);
    number_bind(statement, 3, place->host);
    number_bind(statement, 4, place->server);
    number_bind(statement, 5, issue->time_ns);
    number_bind(statement, 6, issue->lifetime_hint_s);
    number_bind(statement, 7, issue->bytes);
    number_bind(statement, 8, issue->is_renewal);
    if (!database_run(db, WRITE_ADD_SESSION, error)) {
        return false;
    }
    *id = sqlite3_changes(db->handle) == 1 ? sqlite3_last_insert_rowid(db->handle) : HANDSHAKE_NULL;
    return true;
}

/* The first issue counts: a ticket can be issued again, a capture read twice, files come out of
 * order. */
static bool issue_known(struct database *db, const struct issue *issue,
                        const struct session_place *place, int64_t *id, struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_ISSUE_SESSION];
    struct known_session known;

    if (!find(db, issue->hash, &known, error)) {
        return false;
    }
    *id = known.id;
    if (known.issued_ns != HANDSHAKE_NULL && known.issued_ns <= issue->time_ns) {
        return true;
    }
    number_bind(statement, 1, known.id);
    number_bind(statement, 2, place->host);
    number_bind(statement, 3, place->server);
    number_bind(statement, 4, issue->time_ns);
    number_bind(statement, 5, issue->lifetime_hint_s);
    number_bind(statement, 6, issue->bytes);
    number_bind(statement, 7, issue->is_renewal);
    return database_run(db, WRITE_ISSUE_SESSION, error);
}

static bool keep_issue(struct database *db, const struct issue *issue,
                       const struct session_place *place, int64_t *id, struct error *error)
{
    if (!issue->hash->is_set) {
        *id = HANDSHAKE_NULL;
        return true;
    }
    if (!add(db, issue, place, id, error)) {
        return false;
    }
    return *id != HANDSHAKE_NULL || issue_known(db, issue, place, id, error);
}

static bool keep_issues(struct database *db, const struct handshake *handshake,
                        const struct session_place *place, struct session_links *out,
                        struct error *error)
{
    const struct issue id = {.hash = &handshake->issued_id,
                             .kind = SESSION_ID,
                             .time_ns = handshake->time_ns,
                             .lifetime_hint_s = HANDSHAKE_NULL,
                             .bytes = HANDSHAKE_NULL};
    const struct issue ticket = {.hash = &handshake->issued_ticket,
                                 .kind = SESSION_TICKET,
                                 .time_ns = handshake->time_ns,
                                 .lifetime_hint_s = handshake->lifetime_hint_s,
                                 .bytes = handshake->issued_ticket_bytes,
                                 .is_renewal = handshake->renewed};

    return keep_issue(db, &id, place, &out->issued_id, error) &&
           keep_issue(db, &ticket, place, &out->issued_ticket, error);
}

/* SPEC 2: the outcome of a session ID that turns out to have been an offer. */
static enum outcome outcome_of_sighted_id(const struct handshake *handshake)
{
    switch (handshake->verdict) {
    case VERDICT_FAILED:
        return OUTCOME_FAILED;
    case VERDICT_RESUMED_ID:
        return OUTCOME_ACCEPTED;
    case VERDICT_FULL:
    case VERDICT_RESUMED_PSK:
        if (handshake->version == VERSION_TLS_1_3) {
            return OUTCOME_NOT_APPLICABLE;
        }
        return handshake->version > 0 && handshake->version <= VERSION_TLS_1_2 ? OUTCOME_REFUSED
                                                                               : OUTCOME_UNKNOWN;
    case VERDICT_UNKNOWN:
    case VERDICT_RESUMED_TICKET:
    case VERDICT_COUNT:
        break;
    }
    return OUTCOME_UNKNOWN;
}

/* Decides what the dissector could not: an ID of a client that also offers TLS 1.3 was an offer
 * if it was issued before. False: nothing was offered that could be followed. */
static bool settle(const struct handshake *handshake, const struct known_session *known,
                   struct session_links *out)
{
    if (handshake->id_needs_sighting) {
        const bool is_offer =
            known->issued_ns != HANDSHAKE_NULL && known->issued_ns <= handshake->time_ns;
        out->offered = is_offer ? OFFER_ID : OFFER_NONE;
        out->outcome = is_offer ? outcome_of_sighted_id(handshake) : OUTCOME_NONE;
    }
    return out->offered == OFFER_ID || out->offered == OFFER_TICKET || out->offered == OFFER_PSK;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b; /* HANDSHAKE_NULL is smaller than any number */
}

static int64_t smaller(int64_t a, int64_t b)
{
    if (a == HANDSHAKE_NULL || b == HANDSHAKE_NULL) {
        return larger(a, b);
    }
    return a < b ? a : b;
}

static bool count_offer(struct database *db, const struct handshake *handshake,
                        const struct known_session *known, const struct session_links *links,
                        struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_OFFER_SESSION];
    const bool is_accepted = links->outcome == OUTCOME_ACCEPTED;
    const bool is_refused = links->outcome == OUTCOME_REFUSED;
    const int64_t accepted_age_s = is_accepted ? links->age_s : HANDSHAKE_NULL;
    const int64_t refused_age_s = is_refused ? links->age_s : HANDSHAKE_NULL;

    number_bind(statement, 1, known->id);
    number_bind(statement, 2, is_accepted);
    number_bind(statement, 3, is_refused);
    number_bind(statement, 4, larger(known->largest_accepted_age_s, accepted_age_s));
    number_bind(statement, 5, smaller(known->smallest_refused_age_s, refused_age_s));
    number_bind(statement, 6, smaller(known->first_offered_ns, handshake->time_ns));
    number_bind(statement, 7, larger(known->last_offered_ns, handshake->time_ns));
    return database_run(db, WRITE_OFFER_SESSION, error);
}

/* A session that was never seen issued: from before the watch began, or from elsewhere. */
static bool add_unissued(struct database *db, const struct handshake *handshake,
                         const struct session_place *place, int64_t *id, struct error *error)
{
    const struct issue unseen = {
        .hash = &handshake->session_offered,
        .kind = handshake->id_needs_sighting || handshake->offered == OFFER_ID ? SESSION_ID
                                                                               : SESSION_TICKET,
        .time_ns = HANDSHAKE_NULL,
        .lifetime_hint_s = HANDSHAKE_NULL,
        .bytes = handshake->offered_bytes,
    };
    return add(db, &unseen, place, id, error);
}

/* In whole seconds, rounded down. Times come from a capture file: any two can be given. */
static int64_t age_of(const struct known_session *known, int64_t offered_ns)
{
    if (known->issued_ns == HANDSHAKE_NULL || known->issued_ns > offered_ns) {
        return HANDSHAKE_NULL;
    }
    return (int64_t)(((uint64_t)offered_ns - (uint64_t)known->issued_ns) / NS_PER_S);
}

static bool link_offer(struct database *db, const struct handshake *handshake,
                       const struct session_place *place, struct session_links *out,
                       struct error *error)
{
    struct known_session known;

    if (!find(db, &handshake->session_offered, &known, error)) {
        return false;
    }
    if (!settle(handshake, &known, out)) {
        out->offered_bytes = HANDSHAKE_NULL;
        return true;
    }
    if (known.id == HANDSHAKE_NULL && !add_unissued(db, handshake, place, &known.id, error)) {
        return false;
    }
    out->session_offered = known.id;
    out->age_s = age_of(&known, handshake->time_ns);
    return count_offer(db, handshake, &known, out, error);
}

bool sessions_link(struct database *db, const struct handshake *handshake,
                   const struct session_place *place, struct session_links *out,
                   struct error *error)
{
    *out = (struct session_links){
        .offered = handshake->offered,
        .outcome = handshake->outcome,
        .session_offered = HANDSHAKE_NULL,
        .issued_id = HANDSHAKE_NULL,
        .issued_ticket = HANDSHAKE_NULL,
        .offered_bytes = handshake->offered_bytes,
        .age_s = HANDSHAKE_NULL,
    };
    if (handshake->session_offered.is_set && !link_offer(db, handshake, place, out, error)) {
        return false;
    }
    return keep_issues(db, handshake, place, out, error);
}
