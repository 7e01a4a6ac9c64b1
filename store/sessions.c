#include "store/sessions.h"

#include "store/pending.h"
#include "store/sighted_id.h"

enum { NS_PER_S = 1000000000 };

bool sessions_open(struct sessions *sessions, struct pending *pending, struct error *error)
{
    struct database *const db = pending->sessions.db;

    *sessions = (struct sessions){.pending = pending};
    if (session_index_open(&sessions->index, db, &pending->sessions, error) &&
        key_uses_open(&sessions->uses, db, pending, error) &&
        ticket_keys_open(&sessions->keys, &pending->sessions, &sessions->uses, error) &&
        held_sessions_open(&sessions->held, db, error)) {
        return true;
    }
    sessions_close(sessions);
    return false;
}

void sessions_close(struct sessions *sessions)
{
    session_index_close(&sessions->index);
    key_uses_close(&sessions->uses);
    ticket_keys_close(&sessions->keys);
    held_sessions_close(&sessions->held);
}

bool sessions_begin(struct sessions *sessions, int64_t data_version, struct error *error)
{
    return session_index_begin(&sessions->index, data_version, error) &&
           key_uses_begin(&sessions->uses, data_version, error) &&
           ticket_keys_begin(&sessions->keys, data_version, error) &&
           held_sessions_begin(&sessions->held, data_version, error);
}

bool sessions_flush(struct sessions *sessions, struct error *error)
{
    return ticket_keys_flush(&sessions->keys, error) && key_uses_flush(&sessions->uses, error) &&
           session_index_flush(&sessions->index, error);
}

void sessions_forget(struct sessions *sessions)
{
    session_index_forget(&sessions->index);
    key_uses_forget(&sessions->uses);
    ticket_keys_forget(&sessions->keys);
    held_sessions_forget(&sessions->held);
}

bool sessions_use_key(struct sessions *sessions, const uint8_t session_key[16], struct error *error)
{
    return ticket_keys_use_key(&sessions->keys, session_key, error);
}

void sessions_note_row(struct sessions *sessions, int64_t handshake)
{
    key_uses_note_row(&sessions->uses, handshake);
}

/* ---- One handshake ---- */

struct entry {
    struct sessions *sessions;
    struct pending_sessions *rows;
    const struct handshake *handshake;
    const struct session_place *place;
    struct session_links *links;
    struct issued_session offered; /* as it was issued, where that matters */
};

/* A session of the handshake on its way into the ledger. */
struct sight {
    const struct session_hash *hash;
    const struct ticket_shape *shape; /* NULL: a session ID, which has no key */
    enum key_event event;
    int64_t iv; /* ticket_marks_iv(); HANDSHAKE_NULL: its key is not known */
};

static struct known_key *key_of(const struct entry *entry, const struct ticket_shape *shape)
{
    return shape == NULL ? NULL : ticket_keys_find(&entry->sessions->keys, shape);
}

static int64_t key_row(const struct known_key *key)
{
    return key == NULL ? HANDSHAKE_NULL : key->id;
}

static int64_t iv_of(const struct entry *entry, const struct known_key *key,
                     const struct ticket_shape *shape)
{
    return key == NULL ? HANDSHAKE_NULL : ticket_keys_iv(&entry->sessions->keys, key, shape);
}

/* A row of which nothing is known but where the session was seen, and its bytes. */
static struct session_row row_of(const struct entry *entry, struct sight *sight)
{
    const struct known_key *key = key_of(entry, sight->shape);

    sight->iv = iv_of(entry, key, sight->shape);
    return (struct session_row){
        .hash = sight->hash,
        .kind = sight->shape == NULL ? SESSION_ID : SESSION_TICKET,
        .host = entry->place->host,
        .server = entry->place->server,
        .time_ns = HANDSHAKE_NULL,
        .lifetime_hint_s = HANDSHAKE_NULL,
        .bytes = HANDSHAKE_NULL,
        .key = key_row(key),
        .iv = sight->iv,
        .warnings = sight->shape == NULL ? 0 : sight->shape->warnings,
        .parent = HANDSHAKE_NULL,
        .chain_length = HANDSHAKE_NULL,
        .chain_start_ns = HANDSHAKE_NULL,
    };
}

static bool add(const struct entry *entry, const struct session_row *row, struct known_session *out,
                struct error *error)
{
    out->issued_ns = row->time_ns;
    return pending_sessions_add(entry->rows, row, &out->id, error) &&
           session_index_put(&entry->sessions->index, row->hash, out, error);
}

static bool note_sight(const struct entry *entry, const struct sight *sight, int64_t session,
                       bool is_new, struct error *error)
{
    const struct ticket_sighting sighting = {
        .shape = sight->shape,
        .session = session,
        .host = entry->place->host,
        .server = entry->place->server,
        .is_new = is_new,
        .iv = sight->iv,
        .event = sight->event,
        .time_ns = entry->handshake->time_ns,
    };
    return sight->shape == NULL || ticket_keys_note(&entry->sessions->keys, &sighting, error);
}

/* ---- Issues ---- */

static void set_issue(const struct entry *entry, struct session_row *row)
{
    row->time_ns = entry->handshake->time_ns;
    row->client = entry->place->client;
    row->extended_master_secret = entry->handshake->extended_master_secret;
}

/* What goes with a ticket only. A chain goes on where one was renewed (RFC 5077, 3.3). */
static void set_ticket(const struct entry *entry, struct session_row *row)
{
    const struct handshake *handshake = entry->handshake;

    row->lifetime_hint_s = handshake->lifetime_hint_s;
    row->bytes = handshake->issued_ticket_bytes;
    row->is_renewal = handshake->renewed;
    if (handshake->renewed && entry->links->session_offered != HANDSHAKE_NULL) {
        row->parent = entry->links->session_offered;
        row->chain_length = entry->offered.chain_length + 1;
        row->chain_start_ns = entry->offered.chain_start_ns;
    }
}

/* One ticket handed to two clients. Behind one address there may be many clients (NAT), and one
 * client may come from two: the warning is of addresses. */
static bool warn_if_shared(const struct entry *entry, const struct sight *sight, int64_t session,
                           struct error *error)
{
    struct known_key *key = key_of(entry, sight->shape);
    bool is_new;

    if (!pending_sessions_share(entry->rows, session, entry->place->client, &is_new, error)) {
        return false;
    }
    return !is_new || key == NULL ||
           ticket_keys_warn(&entry->sessions->keys, key, 1U << TICKET_WARNING_SEVERAL_CLIENTS,
                            error);
}

/* The first issue counts: a ticket can be issued again, a capture read twice, files come out of
 * order. */
static bool keep_known(const struct entry *entry, const struct sight *sight,
                       const struct session_row *row, struct known_session *known,
                       struct error *error)
{
    const bool had_issue = known->issued_ns != HANDSHAKE_NULL;

    if (had_issue && sight->shape != NULL && !warn_if_shared(entry, sight, known->id, error)) {
        return false;
    }
    if (had_issue && known->issued_ns <= row->time_ns) {
        return true;
    }
    known->issued_ns = row->time_ns;
    return pending_sessions_issue(entry->rows, known->id, row, error) &&
           session_index_put(&entry->sessions->index, row->hash, known, error);
}

static bool keep_issue(const struct entry *entry, struct sight *sight, int64_t *id,
                       struct error *error)
{
    struct known_session known;

    if (!sight->hash->is_set) {
        return true;
    }
    if (!session_index_find(&entry->sessions->index, sight->hash, &known, error)) {
        return false;
    }
    const bool is_new = known.id == HANDSHAKE_NULL;
    struct session_row row = row_of(entry, sight);
    set_issue(entry, &row);
    if (sight->shape != NULL) {
        set_ticket(entry, &row);
    }
    if (!(is_new ? add(entry, &row, &known, error)
                 : keep_known(entry, sight, &row, &known, error))) {
        return false;
    }
    *id = known.id;
    return note_sight(entry, sight, known.id, is_new, error);
}

static bool keep_issues(const struct entry *entry, struct error *error)
{
    const struct handshake *handshake = entry->handshake;
    struct sight id = {&handshake->issued_id, NULL, KEY_EVENT_ISSUED, HANDSHAKE_NULL};
    struct sight ticket = {&handshake->issued_ticket, &handshake->issued_shape, KEY_EVENT_ISSUED,
                           HANDSHAKE_NULL};

    return keep_issue(entry, &id, &entry->links->issued_id, error) &&
           keep_issue(entry, &ticket, &entry->links->issued_ticket, error);
}

/* ---- Offers ---- */

static bool has_offer(const struct session_links *links)
{
    return links->offered == OFFER_ID || links->offered == OFFER_TICKET ||
           links->offered == OFFER_PSK;
}

static enum key_event event_of(const struct session_links *links)
{
    if (links->outcome == OUTCOME_ACCEPTED) {
        return KEY_EVENT_ACCEPTED;
    }
    if (links->outcome == OUTCOME_REFUSED) {
        return links->refusal_cause == REFUSAL_CAUSE_EXPIRED ? KEY_EVENT_EXPIRED
                                                             : KEY_EVENT_REFUSED;
    }
    return KEY_EVENT_OFFERED;
}

/* A session that was never seen issued: from before the watch began, or from elsewhere. */
static bool add_unissued(const struct entry *entry, struct sight *sight, struct known_session *out,
                         struct error *error)
{
    struct session_row row = row_of(entry, sight);

    if (sight->shape != NULL) {
        row.bytes = entry->handshake->offered_bytes;
    }
    return add(entry, &row, out, error);
}

/* In whole seconds, rounded down. Times come from a capture file: any two can be given. */
static int64_t age_of(const struct known_session *known, int64_t offered_ns)
{
    if (known->issued_ns == HANDSHAKE_NULL || known->issued_ns > offered_ns) {
        return HANDSHAKE_NULL;
    }
    return (int64_t)(((uint64_t)offered_ns - (uint64_t)known->issued_ns) / NS_PER_S);
}

static void find_cause(const struct entry *entry)
{
    struct session_links *links = entry->links;
    const struct refusal refusal = {
        .age_s = links->age_s,
        .host = entry->place->host,
        .server = entry->place->server,
        .extended_master_secret = entry->handshake->extended_master_secret,
    };

    links->refusal_cause = refusal_cause_of(&entry->offered, &refusal);
    if (links->offered != OFFER_ID && links->refusal_cause != REFUSAL_CAUSE_EXPIRED) {
        links->cause_without_key = links->refusal_cause;
    }
}

static bool count_offer(const struct entry *entry, const struct sight *sight, struct error *error)
{
    const struct session_offer offer = {
        .id = entry->links->session_offered,
        .outcome = entry->links->outcome,
        .age_s = entry->links->age_s,
        .time_ns = entry->handshake->time_ns,
        .key = key_row(key_of(entry, sight->shape)),
    };
    return pending_sessions_offer(entry->rows, &offer, error);
}

/* An external PSK (its obfuscated age is 0) was made by no server: it tells of no key. */
static bool follow_offer(struct entry *entry, struct sight *sight, bool is_new, struct error *error)
{
    const struct handshake *handshake = entry->handshake;
    const bool is_refused = entry->links->outcome == OUTCOME_REFUSED;
    const bool is_external = (handshake->anomalies >> ANOMALY_EXTERNAL_PSK & 1) != 0;

    if ((is_refused || handshake->renewed) &&
        !pending_sessions_read(entry->rows, entry->links->session_offered, &entry->offered,
                               error)) {
        return false;
    }
    if (is_refused) {
        find_cause(entry);
    }
    sight->event = event_of(entry->links);
    return count_offer(entry, sight, error) &&
           (is_external || note_sight(entry, sight, entry->links->session_offered, is_new, error));
}

static bool link_offer(struct entry *entry, struct error *error)
{
    const struct handshake *handshake = entry->handshake;
    struct session_links *links = entry->links;
    struct known_session known;

    if (!session_index_find(&entry->sessions->index, &handshake->session_offered, &known, error)) {
        return false;
    }
    sighted_id_settle(handshake, known.issued_ns, &links->offered, &links->outcome);
    if (!has_offer(links)) {
        links->offered_bytes = HANDSHAKE_NULL;
        return true;
    }
    const bool is_new = known.id == HANDSHAKE_NULL;
    struct sight sight = {&handshake->session_offered,
                          links->offered == OFFER_ID ? NULL : &handshake->offered_shape,
                          KEY_EVENT_OFFERED, HANDSHAKE_NULL};
    if (is_new && !add_unissued(entry, &sight, &known, error)) {
        return false;
    }
    links->session_offered = known.id;
    links->age_s = age_of(&known, handshake->time_ns);
    return follow_offer(entry, &sight, is_new, error);
}

/* ---- The handshake ---- */

/* Of the session offered, else of the ticket issued. */
static void name_key(const struct entry *entry)
{
    const struct handshake *handshake = entry->handshake;
    const bool has_session = entry->links->session_offered != HANDSHAKE_NULL;
    const struct known_key *key =
        key_of(entry, has_session ? &handshake->offered_shape : &handshake->issued_shape);

    if (key != NULL) {
        ticket_key_text(key, entry->links->key_name);
    }
}

bool sessions_link(struct sessions *sessions, const struct handshake *handshake,
                   const struct session_place *place, struct session_links *out,
                   struct error *error)
{
    struct entry entry = {.sessions = sessions,
                          .rows = &sessions->pending->sessions,
                          .handshake = handshake,
                          .place = place,
                          .links = out};

    *out = (struct session_links){
        .offered = handshake->offered,
        .outcome = handshake->outcome,
        .session_offered = HANDSHAKE_NULL,
        .issued_id = HANDSHAKE_NULL,
        .issued_ticket = HANDSHAKE_NULL,
        .offered_bytes = handshake->offered_bytes,
        .age_s = HANDSHAKE_NULL,
    };
    if (handshake->session_offered.is_set && !link_offer(&entry, error)) {
        return false;
    }
    const struct held_offer offer = {out->offered, out->outcome, out->refusal_cause};
    out->missed = held_sessions_missed(&sessions->held, handshake, place->host, &offer);
    if (!keep_issues(&entry, error)) {
        return false;
    }
    held_sessions_note(&sessions->held, handshake, place->host);
    name_key(&entry);
    return true;
}
