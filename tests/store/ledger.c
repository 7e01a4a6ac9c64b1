#include "tests/store/ledger.h"

#include <stdio.h>
#include <string.h>

struct session_hash ledger_hash(const struct ledger_ticket *ticket)
{
    struct session_hash hash = {.is_set = true};

    memcpy(hash.bytes, &ticket->n, sizeof(ticket->n));
    hash.bytes[4] = (uint8_t)ticket->key;
    hash.bytes[15] = 0x77;
    return hash;
}

struct ticket_shape ledger_shape(const struct ledger_ticket *ticket)
{
    struct ticket_shape shape = {.len = TICKET_START_BYTES,
                                 .layouts = 1U << TICKET_LAYOUT_OPENSSL | 1U << TICKET_LAYOUT_GO};
    const uint32_t iv = ticket->n * 2654435761U + (uint8_t)ticket->key;

    memset(shape.start, ticket->key, 16);
    for (size_t i = 16; i < sizeof(shape.start); i += sizeof(iv)) {
        memcpy(shape.start + i, &iv, sizeof(iv));
    }
    return shape;
}

static void set_issue(struct handshake *handshake, const struct ledger_ticket *ticket)
{
    handshake->issued_ticket = ledger_hash(ticket);
    handshake->issued_shape = ledger_shape(ticket);
    handshake->issued_ticket_bytes = 192;
    handshake->lifetime_hint_s = 7200;
}

struct handshake ledger_issue(int64_t at_s, char key, uint32_t n)
{
    struct handshake handshake = fixture_handshake(at_s);
    const struct ledger_ticket ticket = {key, n};

    set_issue(&handshake, &ticket);
    return handshake;
}

struct handshake ledger_offer(int64_t at_s, char key, uint32_t n, enum outcome outcome)
{
    struct handshake handshake = fixture_handshake(at_s);
    const struct ledger_ticket ticket = {key, n};

    handshake.offered = OFFER_TICKET;
    handshake.outcome = outcome;
    handshake.verdict = outcome == OUTCOME_ACCEPTED ? VERDICT_RESUMED_TICKET : VERDICT_FULL;
    handshake.session_offered = ledger_hash(&ticket);
    handshake.offered_shape = ledger_shape(&ticket);
    handshake.offered_bytes = 192;
    return handshake;
}

struct handshake ledger_psk(int64_t at_s, char key, uint32_t n, enum outcome outcome)
{
    struct handshake handshake = ledger_offer(at_s, key, n, outcome);

    handshake.version = 0x0304;
    handshake.offered = OFFER_PSK;
    handshake.verdict = outcome == OUTCOME_ACCEPTED ? VERDICT_RESUMED_PSK : VERDICT_FULL;
    return handshake;
}

struct handshake ledger_refusal(int64_t at_s, const struct ledger_ticket *offered,
                                const struct ledger_ticket *issued)
{
    struct handshake handshake = ledger_offer(at_s, offered->key, offered->n, OUTCOME_REFUSED);

    set_issue(&handshake, issued);
    return handshake;
}

void ledger_set_host(struct handshake *handshake, const char *name)
{
    handshake->sni.len = (uint8_t)strlen(name);
    memcpy(handshake->sni.text, name, handshake->sni.len);
}

int64_t ledger_add(struct store *store, const struct handshake *handshake)
{
    struct error error = {""};
    struct record record;

    if (!store_add(store, handshake, &record, &error)) {
        fail_msg("%s", error.text);
    }
    return record.id;
}

void ledger_add_issue(struct store *store, int64_t at_s, char key, uint32_t n)
{
    const struct handshake handshake = ledger_issue(at_s, key, n);
    (void)ledger_add(store, &handshake);
}

int64_t ledger_add_refusal(struct store *store, int64_t at_s, char key, uint32_t n)
{
    const struct handshake handshake = ledger_offer(at_s, key, n, OUTCOME_REFUSED);
    return ledger_add(store, &handshake);
}

void ledger_add_acceptance(struct store *store, int64_t at_s, char key, uint32_t n)
{
    const struct handshake handshake = ledger_offer(at_s, key, n, OUTCOME_ACCEPTED);
    (void)ledger_add(store, &handshake);
}

void ledger_add_issues(struct store *store, char key, int64_t from_s, uint32_t count)
{
    for (uint32_t n = 1; n <= count; n++) {
        ledger_add_issue(store, from_s + n, key, n);
    }
}

void ledger_commit(struct store *store)
{
    struct error error = {""};

    if (!store_commit(store, &error)) {
        fail_msg("%s", error.text);
    }
}

void ledger_assert_sql(const struct fixture *fixture, const char *sql, const char *expected)
{
    const char *found = fixture_sql(fixture->path, sql);

    if (strcmp(found, expected) != 0) {
        fail_msg("%s: \"%s\" != \"%s\"", sql, found, expected);
    }
}

void ledger_assert_cause(const char *path, int64_t row, const char *cause)
{
    char sql[96];

    (void)snprintf(sql, sizeof(sql), "SELECT refusal_cause FROM v_handshake WHERE id = %lld",
                   (long long)row);
    assert_string_equal(fixture_sql(path, sql), cause);
}
