/* What a batch adds to sessions of earlier batches: their offers, summed in memory, so that a
 * session offered many times is written once. */
#ifndef REPRISE_STORE_SESSION_OFFERS_H
#define REPRISE_STORE_SESSION_OFFERS_H

#include "store/database.h"

#include "dissect/handshake.h"

/* Columns of table session that follow each other. HANDSHAKE_NULL: none, of all but the counts. */
enum session_offer_figure {
    OFFERED_COUNT,
    ACCEPTED_COUNT,
    REFUSED_COUNT,
    LARGEST_ACCEPTED_AGE_S,
    SMALLEST_REFUSED_AGE_S,
    FIRST_OFFERED_NS,
    LAST_OFFERED_NS,
    SESSION_OFFER_FIGURES,
};

struct session_offer {
    int64_t id;
    enum outcome outcome;
    int64_t age_s; /* HANDSHAKE_NULL: not known */
    int64_t time_ns;
    int64_t key; /* HANDSHAKE_NULL: not known */
};

void session_figures_init(int64_t figures[SESSION_OFFER_FIGURES]);
void session_figures_add(int64_t figures[SESSION_OFFER_FIGURES], const struct session_offer *offer);

enum { SESSION_OFFERS_MAX = 4096 }; /* sessions */

struct offered_session;

struct session_offers {
    struct database *db;
    struct offered_session *sessions;
    size_t count;
    uint16_t *slots; /* open addressing: one more than the place in `sessions`; 0: empty */
};

/* db: borrowed. On failure there is nothing to close. */
MUST_CHECK bool session_offers_open(struct session_offers *offers, struct database *db,
                                    struct error *error);
void session_offers_close(struct session_offers *offers);

/* After a rollback. */
void session_offers_forget(struct session_offers *offers);

/* Of a session that has its row. */
MUST_CHECK bool session_offers_add(struct session_offers *offers, const struct session_offer *offer,
                                   struct error *error);

/* Writes them: before SQL looks at sessions, and before the commit. */
MUST_CHECK bool session_offers_flush(struct session_offers *offers, struct error *error);

#endif
