#include "store/key_uses.h"

#include "store/key_use_row.h"
#include "store/pending.h"
#include "store/refusal_claims.h"
#include "store/statements.h"
#include "store/text.h"

#include "dissect/handshake.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * KEY_USES_MAX };

struct known_use {
    struct key_place place;
    int64_t id; /* 0: it has no row yet */
    struct key_use use;
    bool is_changed;
    /* In this batch: */
    bool has_first_evidence; /* the first ticket issued or accepted here */
    bool has_refusals;       /* that the key may explain */
    bool is_accepted;
};

/* Refusals of tickets without a known key. */
struct unknown_refusals {
    int64_t host;
    int64_t server;
    bool is_batch; /* of this batch only */
};

bool key_uses_open(struct key_uses *uses, struct database *db, struct pending *pending,
                   struct error *error)
{
    *uses = (struct key_uses){
        .db = db,
        .pending = pending,
        .known = calloc(KEY_USES_MAX, sizeof(*uses->known)),
        .slots = calloc(SLOTS, sizeof(*uses->slots)),
        .changed = calloc(KEY_USES_MAX, sizeof(*uses->changed)),
        .unknown = calloc(KEY_USES_UNKNOWN, sizeof(*uses->unknown)),
    };
    if (uses->known == NULL || uses->slots == NULL || uses->changed == NULL ||
        uses->unknown == NULL) {
        key_uses_close(uses);
        return error_set(error, "%s: no memory to open it", db->path);
    }
    return true;
}

void key_uses_close(struct key_uses *uses)
{
    free(uses->known);
    free(uses->slots);
    free(uses->changed);
    free(uses->unknown);
    *uses = (struct key_uses){0};
}

static void clear(struct key_uses *uses)
{
    if (uses->count > 0) {
        memset(uses->slots, 0, SLOTS * sizeof(*uses->slots));
        uses->count = 0;
    }
    uses->changed_count = 0;
    uses->unknown_count = 0;
}

bool key_uses_begin(struct key_uses *uses, int64_t data_version, struct error *error)
{
    if (uses->is_loaded && uses->data_version == data_version) {
        return true;
    }
    clear(uses);
    uses->is_loaded = refusal_claims_exist(uses->db, &uses->may_have_claims, error);
    uses->data_version = data_version;
    return uses->is_loaded;
}

void key_uses_forget(struct key_uses *uses)
{
    clear(uses);
    uses->is_loaded = false;
    uses->first_handshake = 0;
}

void key_uses_note_row(struct key_uses *uses, int64_t handshake)
{
    if (uses->first_handshake == 0) {
        uses->first_handshake = handshake;
    }
}

static bool is_same(const struct key_place *a, const struct key_place *b)
{
    return a->key == b->key && a->host == b->host && a->server == b->server;
}

/* The slot of a place, else the empty one where it would go. */
static uint16_t *slot_for(const struct key_uses *uses, const struct key_place *place)
{
    const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 / golden ratio */
    uint64_t hash = (uint64_t)place->key * odd;

    hash = (hash ^ (uint64_t)place->host) * odd;
    hash = (hash ^ (uint64_t)place->server) * odd;
    size_t at = (size_t)(hash >> 32) % SLOTS;
    while (uses->slots[at] != 0 && !is_same(&uses->known[uses->slots[at] - 1].place, place)) {
        at = (at + 1) % SLOTS;
    }
    return &uses->slots[at];
}

/* ---- Rows ---- */

static void bind_place(sqlite3_stmt *statement, const struct key_place *place)
{
    number_bind(statement, 1, place->host);
    number_bind(statement, 2, place->server);
    number_bind(statement, 3, place->key);
}

static bool read_row(struct key_uses *uses, struct known_use *known, struct error *error)
{
    sqlite3_stmt *statement = uses->db->statements[WRITE_FIND_USE];

    key_use_init(&known->use);
    bind_place(statement, &known->place);
    const enum database_step step = database_step(uses->db, WRITE_FIND_USE, error);
    if (step != DATABASE_ROW) {
        return step == DATABASE_DONE;
    }
    known->id = sqlite3_column_int64(statement, 0);
    key_use_read(statement, 1, &known->use);
    database_reset(uses->db, WRITE_FIND_USE);
    return true;
}

static bool write_row(struct key_uses *uses, struct known_use *known, struct error *error)
{
    const enum write_statement which = known->id == 0 ? WRITE_ADD_USE : WRITE_UPDATE_USE;
    sqlite3_stmt *statement = uses->db->statements[which];

    if (known->id == 0) {
        bind_place(statement, &known->place);
    } else {
        number_bind(statement, 1, known->id);
    }
    key_use_bind(statement, 4, &known->use);
    if (!database_run(uses->db, which, error)) {
        return false;
    }
    if (known->id == 0) {
        known->id = sqlite3_last_insert_rowid(uses->db->handle);
    }
    return true;
}

/* ---- The batch ---- */

/* Where there is no room for more, they stay as they are. */
static void add_unknown(struct key_uses *uses, const struct unknown_refusals *unknown)
{
    if (uses->unknown_count < KEY_USES_UNKNOWN) {
        uses->unknown[uses->unknown_count++] = *unknown;
    }
}

static bool settle(struct key_uses *uses, const struct known_use *known, struct error *error)
{
    const struct key_place *place = &known->place;

    if (known->has_first_evidence || known->has_refusals) {
        const struct refusals refusals = {place->key, place->host, place->server,
                                          known->has_first_evidence ? 0 : uses->first_handshake};
        if (!refusal_claims_judge(uses->db, &refusals, &uses->may_have_claims, error)) {
            return false;
        }
    }
    if (known->has_first_evidence) {
        add_unknown(uses, &(struct unknown_refusals){place->host, place->server, false});
    }
    return !uses->may_have_claims || !known->is_accepted ||
           refusal_claims_take_back(uses->db, place->key, place->host, known->use.last_accepted_ns,
                                    error);
}

static void end_batch(struct known_use *known)
{
    known->is_changed = false;
    known->has_first_evidence = false;
    known->has_refusals = false;
    known->is_accepted = false;
}

/* Everything is written before anything is judged by it. */
static bool write_changes(struct key_uses *uses, struct error *error)
{
    for (size_t i = 0; i < uses->changed_count; i++) {
        if (!write_row(uses, &uses->known[uses->changed[i]], error)) {
            return false;
        }
    }
    for (size_t i = 0; i < uses->changed_count; i++) {
        if (!settle(uses, &uses->known[uses->changed[i]], error)) {
            return false;
        }
        end_batch(&uses->known[uses->changed[i]]);
    }
    uses->changed_count = 0;
    return true;
}

/* By what the batch has told of all other tickets. */
static bool settle_unknown(struct key_uses *uses, struct error *error)
{
    for (size_t i = 0; i < uses->unknown_count; i++) {
        const struct unknown_refusals *unknown = &uses->unknown[i];
        const struct refusals refusals = {0, unknown->host, unknown->server,
                                          unknown->is_batch ? uses->first_handshake : 0};
        if (!refusal_claims_judge_unknown(uses->db, &refusals, &uses->may_have_claims, error)) {
            return false;
        }
    }
    uses->unknown_count = 0;
    return true;
}

bool key_uses_flush(struct key_uses *uses, struct error *error)
{
    if (!pending_flush(uses->pending, error) || !write_changes(uses, error) ||
        !settle_unknown(uses, error)) {
        return false;
    }
    uses->first_handshake = 0;
    return true;
}

/* One that is not in memory, with what its row says. */
static bool remember(struct key_uses *uses, const struct key_place *place, struct error *error)
{
    if (uses->count == KEY_USES_MAX) {
        if (!pending_flush(uses->pending, error) || !write_changes(uses, error)) {
            return false;
        }
        clear(uses);
    }
    struct known_use *const known = &uses->known[uses->count];
    *known = (struct known_use){.place = *place};
    *slot_for(uses, place) = (uint16_t)++uses->count;
    return read_row(uses, known, error);
}

bool key_uses_add(struct key_uses *uses, const struct key_place *place, const struct key_use *use,
                  struct error *error)
{
    size_t number = *slot_for(uses, place);

    if (number == 0) {
        if (!remember(uses, place, error)) {
            return false;
        }
        number = uses->count;
    }
    struct known_use *known = &uses->known[number - 1];
    known->has_first_evidence |= (known->use.issued_count == 0 && use->issued_count > 0) ||
                                 (known->use.accepted_count == 0 && use->accepted_count > 0);
    known->has_refusals |= use->first_refused_ns != HANDSHAKE_NULL;
    known->is_accepted |= use->accepted_count > 0;
    key_use_merge(&known->use, use);
    if (!known->is_changed) {
        known->is_changed = true;
        uses->changed[uses->changed_count++] = (uint16_t)(number - 1);
    }
    return true;
}

static bool is_last_unknown(const struct key_uses *uses, const struct unknown_refusals *unknown)
{
    const struct unknown_refusals *last =
        uses->unknown_count == 0 ? NULL : &uses->unknown[uses->unknown_count - 1];

    return last != NULL && last->is_batch && last->host == unknown->host &&
           last->server == unknown->server;
}

bool key_uses_note_unknown(struct key_uses *uses, const struct key_place *place,
                           enum key_event event, int64_t time_ns, struct error *error)
{
    const struct unknown_refusals unknown = {place->host, place->server, true};

    switch (event) {
    case KEY_EVENT_ISSUED:
    case KEY_EVENT_ACCEPTED:
        return !uses->may_have_claims ||
               (pending_flush(uses->pending, error) &&
                refusal_claims_take_back_unknown(uses->db, place->host, time_ns, error));
    case KEY_EVENT_REFUSED:
        if (!is_last_unknown(uses, &unknown)) {
            add_unknown(uses, &unknown);
        }
        break;
    case KEY_EVENT_OFFERED:
    case KEY_EVENT_EXPIRED:
        break;
    }
    return true;
}
