#include "store/session_offers.h"

#include "store/statements.h"
#include "store/text.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4 * SESSION_OFFERS_MAX };

struct offered_session {
    int64_t id;
    int64_t key; /* the first that was known */
    int64_t figures[SESSION_OFFER_FIGURES];
};

/* ---- Figures ---- */

void session_figures_init(int64_t figures[SESSION_OFFER_FIGURES])
{
    for (size_t i = 0; i < SESSION_OFFER_FIGURES; i++) {
        figures[i] = i <= REFUSED_COUNT ? 0 : HANDSHAKE_NULL;
    }
}

void session_figures_add(int64_t figures[SESSION_OFFER_FIGURES], const struct session_offer *offer)
{
    figures[OFFERED_COUNT]++;
    figures[FIRST_OFFERED_NS] = handshake_smaller(figures[FIRST_OFFERED_NS], offer->time_ns);
    figures[LAST_OFFERED_NS] = handshake_larger(figures[LAST_OFFERED_NS], offer->time_ns);
    if (offer->outcome == OUTCOME_ACCEPTED) {
        figures[ACCEPTED_COUNT]++;
        figures[LARGEST_ACCEPTED_AGE_S] =
            handshake_larger(figures[LARGEST_ACCEPTED_AGE_S], offer->age_s);
    } else if (offer->outcome == OUTCOME_REFUSED) {
        figures[REFUSED_COUNT]++;
        figures[SMALLEST_REFUSED_AGE_S] =
            handshake_smaller(figures[SMALLEST_REFUSED_AGE_S], offer->age_s);
    }
}

/* ---- Sessions ---- */

bool session_offers_open(struct session_offers *offers, struct database *db, struct error *error)
{
    *offers = (struct session_offers){
        .db = db,
        .sessions = calloc(SESSION_OFFERS_MAX, sizeof(*offers->sessions)),
        .slots = calloc(SLOTS, sizeof(*offers->slots)),
    };
    if (offers->sessions == NULL || offers->slots == NULL) {
        session_offers_close(offers);
        return error_set(error, "%s: no memory to open it", db->path);
    }
    return true;
}

void session_offers_close(struct session_offers *offers)
{
    free(offers->sessions);
    free(offers->slots);
    *offers = (struct session_offers){0};
}

void session_offers_forget(struct session_offers *offers)
{
    if (offers->count > 0) {
        memset(offers->slots, 0, SLOTS * sizeof(*offers->slots));
        offers->count = 0;
    }
}

/* Rows that follow each other lie side by side. */
static uint16_t *slot_for(struct session_offers *offers, int64_t id)
{
    size_t at = (uint64_t)id % SLOTS;

    while (offers->slots[at] != 0 && offers->sessions[offers->slots[at] - 1].id != id) {
        at = (at + 1) % SLOTS;
    }
    return &offers->slots[at];
}

static struct offered_session *session_for(struct session_offers *offers, int64_t id)
{
    uint16_t *slot = slot_for(offers, id);

    if (*slot == 0) {
        *slot = (uint16_t)(offers->count + 1);
        offers->sessions[offers->count] = (struct offered_session){.id = id, .key = HANDSHAKE_NULL};
        session_figures_init(offers->sessions[offers->count].figures);
        offers->count++;
    }
    return &offers->sessions[*slot - 1];
}

bool session_offers_add(struct session_offers *offers, const struct session_offer *offer,
                        struct error *error)
{
    if (offers->count == SESSION_OFFERS_MAX && !session_offers_flush(offers, error)) {
        return false;
    }
    struct offered_session *session = session_for(offers, offer->id);
    session_figures_add(session->figures, offer);
    if (session->key == HANDSHAKE_NULL) {
        session->key = offer->key;
    }
    return true;
}

static bool write_session(struct session_offers *offers, const struct offered_session *session,
                          struct error *error)
{
    sqlite3_stmt *statement = offers->db->statements[WRITE_OFFER_SESSION];

    number_bind(statement, 1, session->id);
    number_bind(statement, 2, session->key);
    for (int i = 0; i < SESSION_OFFER_FIGURES; i++) {
        number_bind(statement, 3 + i, session->figures[i]);
    }
    return database_run(offers->db, WRITE_OFFER_SESSION, error);
}

bool session_offers_flush(struct session_offers *offers, struct error *error)
{
    for (size_t i = 0; i < offers->count; i++) {
        if (!write_session(offers, &offers->sessions[i], error)) {
            return false;
        }
    }
    session_offers_forget(offers);
    return true;
}
