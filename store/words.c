#include "store/words.h"

#include "store/statements.h"

#include "dissect/handshake.h"
#include "dissect/tls/names.h"

#include <string.h>

/* NULL: this number has no word. */
static const char *transport_word(unsigned number)
{
    return transport_name((enum transport)number);
}

static const char *verdict_word(unsigned number)
{
    return verdict_name((enum verdict)number);
}

static const char *certainty_word(unsigned number)
{
    return certainty_name((enum certainty)number);
}

static const char *offer_word(unsigned number)
{
    return offer_name((enum offer)number);
}

static const char *outcome_word(unsigned number)
{
    return outcome_name((enum outcome)number);
}

static const char *early_data_word(unsigned number)
{
    return early_data_name((enum early_data)number);
}

static const char *reason_word(unsigned number)
{
    return reason_name((enum reason)number);
}

static const char *anomaly_word(unsigned number)
{
    return anomaly_name((enum anomaly)number);
}

static const char *session_kind_word(unsigned number)
{
    static const char *const names[] = {NULL, [SESSION_ID] = "id", [SESSION_TICKET] = "ticket"};
    return names[number];
}

static const char *refusal_cause_word(unsigned number)
{
    return refusal_cause_name((enum refusal_cause)number);
}

static const char *missed_word(unsigned number)
{
    return missed_name((enum missed)number);
}

static const char *ticket_format_word(unsigned number)
{
    return ticket_layout_name((enum ticket_layout)number);
}

static const char *ticket_warning_word(unsigned number)
{
    return ticket_warning_name((enum ticket_warning)number);
}

static const char *alert_word(unsigned number)
{
    return tls_alert_name((uint8_t)number);
}

struct vocabulary {
    const char *kind;
    unsigned count;
    const char *(*word)(unsigned number);
};

static const struct vocabulary vocabularies[] = {
    {"transport", TRANSPORT_COUNT, transport_word},
    {"verdict", VERDICT_COUNT, verdict_word},
    {"certainty", CERTAINTY_COUNT, certainty_word},
    {"offered", OFFER_COUNT, offer_word},
    {"outcome", OUTCOME_COUNT, outcome_word},
    {"early_data", EARLY_DATA_COUNT, early_data_word},
    {"reason", REASON_COUNT, reason_word},
    {"anomaly", ANOMALY_COUNT, anomaly_word},
    {"session_kind", SESSION_TICKET + 1, session_kind_word},
    {"refusal_cause", REFUSAL_CAUSE_COUNT, refusal_cause_word},
    {"missed", MISSED_COUNT, missed_word},
    {"ticket_format", TICKET_LAYOUT_COUNT, ticket_format_word},
    {"ticket_warning", TICKET_WARNING_COUNT, ticket_warning_word},
    {"alert", UINT8_MAX + 1, alert_word},
};

/* handshake.version is one of these, or NULL. */
static const uint16_t versions[] = {0x0002, 0x0300, 0x0301, 0x0302, 0x0303,
                                    0x0304, 0xfeff, 0xfefd, 0xfefc};

static bool set_word(struct database *db, const char *kind, unsigned number, const char *word,
                     struct error *error)
{
    sqlite3_stmt *statement = db->statements[WRITE_SET_WORD];

    (void)sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(statement, 2, number);
    (void)sqlite3_bind_text(statement, 3, word, -1, SQLITE_STATIC);
    return database_run(db, WRITE_SET_WORD, error);
}

static bool set_versions(struct database *db, struct error *error)
{
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        const char *word = tls_version_name(versions[i]);
        if (word != NULL && !set_word(db, "version", versions[i], word, error)) {
            return false;
        }
    }
    return true;
}

static bool set_vocabulary(struct database *db, const struct vocabulary *vocabulary,
                           struct error *error)
{
    for (unsigned number = 0; number < vocabulary->count; number++) {
        const char *word = vocabulary->word(number);
        if (word != NULL && !set_word(db, vocabulary->kind, number, word, error)) {
            return false;
        }
    }
    return true;
}

bool words_refresh(struct database *db, struct error *error)
{
    for (size_t i = 0; i < sizeof(vocabularies) / sizeof(vocabularies[0]); i++) {
        if (!set_vocabulary(db, &vocabularies[i], error)) {
            return false;
        }
    }
    return set_versions(db, error);
}

bool words_add_cipher(struct words *words, struct database *db, uint16_t cipher,
                      struct error *error)
{
    uint8_t *byte = &words->ciphers_known[cipher / 8];
    const uint8_t bit = (uint8_t)(1U << cipher % 8);
    const char *word;

    if ((*byte & bit) != 0) {
        return true;
    }
    word = tls_cipher_name(cipher);
    if (word != NULL && !set_word(db, "cipher", cipher, word, error)) {
        return false;
    }
    *byte |= bit;
    return true;
}

void words_forget(struct words *words)
{
    memset(words, 0, sizeof(*words));
}
