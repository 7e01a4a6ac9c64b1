/* Table `word`: what the numbers of the other tables mean, so that views can say it in plain SQL.
 * The words are those of dissect/handshake.c and dissect/tls/names.c: said once, there. */
#ifndef REPRISE_STORE_WORDS_H
#define REPRISE_STORE_WORDS_H

#include "store/database.h"

struct words {
    uint8_t ciphers_known[65536 / 8]; /* a bit for each cipher that has its word already */
};

/* Brings the table's words up to date, but for ciphers, which follow as they are seen. To be
 * called inside a transaction, as the next. */
MUST_CHECK bool words_refresh(struct database *db, struct error *error);
MUST_CHECK bool words_add_cipher(struct words *words, struct database *db, uint16_t cipher,
                                 struct error *error);

/* After a rollback. */
void words_forget(struct words *words);

#endif
