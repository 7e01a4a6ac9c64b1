/* Markdown's part of the ledger: refusals by cause, ticket keys. */
#ifndef REPRISE_REPORT_MARKDOWN_LEDGER_H
#define REPRISE_REPORT_MARKDOWN_LEDGER_H

#include "report/formats.h"
#include "report/key_history.h"
#include "report/mechanisms.h"
#include "report/refusals.h"

/* Nothing where nothing was refused or missed. */
void markdown_refusals(FILE *out, const struct refusals *refusals);

/* Nothing where there is no key. */
void markdown_keys(FILE *out, const struct report_keys *keys, struct formats_state *state);

/* IDs, tickets and PSKs side by side; nothing where no host has a session. */
void markdown_mechanisms(FILE *out, const struct mechanisms *mechanisms,
                         struct formats_state *state);

#endif
