#include "store/sessions.h"

#include "store/statements.h"
#include "store/text.h"

enum { NS_PER_S = 1000000000, VERSION_TLS_1_3 = 0x0304, VERSION_DTLS_1_3 = 0xfefc };

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

static bool add(struct session_index *index, const struct issue *issue,
                const struct session_place *place, struct known_session *out, struct error *error)
{
    struct database *db = index->db;
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
    *out = (struct known_session){sqlite3_last_insert_rowid(db->handle), issue->time_ns};
    return session_index_put(index, issue->hash, out, error);
}

static bool fill_issue(struct session_index *index, const struct issue *issue,
                       const struct session_place *place, struct known_session *known,
                       struct error *error)
{
    sqlite3_stmt *statement = index->db->statements[WRITE_ISSUE_SESSION];

    number_bind(statement, 1, known->id);
    number_bind(statement, 2, place->host);
    number_bind(statement, 3, place->server);
    number_bind(statement, 4, issue->time_ns);
    number_bind(statement, 5, issue->lifetime_hint_s);
    number_bind(statement, 6, issue->bytes);
    number_bind(statement, 7, issue->is_renewal);
    known->issued_ns = issue->time_ns;
    return database_run(index->db, WRITE_ISSUE_SESSION, error) &&
           session_index_put(index, issue->hash, known, error);
}

/* The first issue counts: a ticket can be issued again, a capture read twice, files come out of
 * order. */
static bool keep_issue(struct session_index *index, const struct issue *issue,
                       const struct session_place *place, int64_t *id, struct error *error)
{
    struct known_session known = {HANDSHAKE_NULL, HANDSHAKE_NULL};
    bool is_kept = true;

    if (issue->hash->is_set) {
        if (!session_index_find(index, issue->hash, &known, error)) {
            return false;
        }
        if (known.id == HANDSHAKE_NULL) {
            is_kept = add(index, issue, place, &known, error);
        } else if (known.issued_ns == HANDSHAKE_NULL || known.issued_ns > issue->time_ns) {
            is_kept = fill_issue(index, issue, place, &known, error);
        }
    }
    *id = known.id;
    return is_kept;
}

static bool keep_issues(struct session_index *index, const struct handshake *handshake,
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

    return keep_issue(index, &id, place, &out->issued_id, error) &&
           keep_issue(index, &ticket, place, &out->issued_ticket, error);
}

/* A full handshake has turned the ID down, if its version has session IDs at all. */
static enum outcome outcome_of_unused_id(uint16_t version)
{
    if (version == 0) {
        return OUTCOME_UNKNOWN;
    }
    return version == VERSION_TLS_1_3 || version == VERSION_DTLS_1_3 ? OUTCOME_NOT_APPLICABLE
                                                                     : OUTCOME_REFUSED;
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
        return outcome_of_unused_id(handshake->version);
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

static bool count_offer(struct database *db, const struct handshake *handshake,
                        const struct session_links *links, struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_OFFER_SESSION];
    const bool is_accepted = links->outcome == OUTCOME_ACCEPTED;
    const bool is_refused = links->outcome == OUTCOME_REFUSED;

    number_bind(statement, 1, links->session_offered);
    number_bind(statement, 2, is_accepted);
    number_bind(statement, 3, is_refused);
    number_bind(statement, 4, is_accepted ? links->age_s : HANDSHAKE_NULL);
    number_bind(statement, 5, is_refused ? links->age_s : HANDSHAKE_NULL);
    number_bind(statement, 6, handshake->time_ns);
    return database_run(db, WRITE_OFFER_SESSION, error);
}

/* A session that was never seen issued: from before the watch began, or from elsewhere. */
static bool add_unissued(struct session_index *index, const struct handshake *handshake,
                         const struct session_place *place, struct known_session *out,
                         struct error *error)
{
    const struct issue unseen = {
        .hash = &handshake->session_offered,
        .kind = handshake->id_needs_sighting || handshake->offered == OFFER_ID ? SESSION_ID
                                                                               : SESSION_TICKET,
        .time_ns = HANDSHAKE_NULL,
        .lifetime_hint_s = HANDSHAKE_NULL,
        .bytes = handshake->offered_bytes,
    };
    return add(index, &unseen, place, out, error);
}

/* In whole seconds, rounded down. Times come from a capture file: any two can be given. */
static int64_t age_of(const struct known_session *known, int64_t offered_ns)
{
    if (known->issued_ns == HANDSHAKE_NULL || known->issued_ns > offered_ns) {
        return HANDSHAKE_NULL;
    }
    return (int64_t)(((uint64_t)offered_ns - (uint64_t)known->issued_ns) / NS_PER_S);
}

static bool link_offer(struct session_index *index, const struct handshake *handshake,
                       const struct session_place *place, struct session_links *out,
                       struct error *error)
{
    struct known_session known;

    if (!session_index_find(index, &handshake->session_offered, &known, error)) {
        return false;
    }
    if (!settle(handshake, &known, out)) {
        out->offered_bytes = HANDSHAKE_NULL;
        return true;
    }
    if (known.id == HANDSHAKE_NULL && !add_unissued(index, handshake, place, &known, error)) {
        return false;
    }
    out->session_offered = known.id;
    out->age_s = age_of(&known, handshake->time_ns);
    return count_offer(index->db, handshake, out, error);
}

bool sessions_link(struct session_index *index, const struct handshake *handshake,
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
    if (handshake->session_offered.is_set && !link_offer(index, handshake, place, out, error)) {
        return false;
    }
    return keep_issues(index, handshake, place, out, error);
}
