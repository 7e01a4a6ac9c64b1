/* Handshakes for the tests of the ledger: tickets of named keys, issued and offered. */
#ifndef REPRISE_TESTS_STORE_LEDGER_H
#define REPRISE_TESTS_STORE_LEDGER_H

#include "tests/store/fixture.h"

/* The n-th ticket of a key: its name is 16 times the letter, its IV is made from n. */
struct ledger_ticket {
    char key;
    uint32_t n;
};

struct session_hash ledger_hash(const struct ledger_ticket *ticket);
/* As OpenSSL lays it out. */
struct ticket_shape ledger_shape(const struct ledger_ticket *ticket);

/* At so many seconds; www.example.com at 192.0.2.1, client 192.0.2.77, unless changed. */
struct handshake ledger_issue(int64_t at_s, char key, uint32_t n);
struct handshake ledger_offer(int64_t at_s, char key, uint32_t n, enum outcome outcome);
/* The same in TLS 1.3. */
struct handshake ledger_psk(int64_t at_s, char key, uint32_t n, enum outcome outcome);

/* A refused ticket, and one of another key that is issued instead. */
struct handshake ledger_refusal(int64_t at_s, const struct ledger_ticket *offered,
                                const struct ledger_ticket *issued);

void ledger_set_host(struct handshake *handshake, const char *name);

/* Adds it, fails the test otherwise; returns its row. */
int64_t ledger_add(struct store *store, const struct handshake *handshake);
/* ledger_issue() and ledger_offer(), added. */
void ledger_add_issue(struct store *store, int64_t at_s, char key, uint32_t n);
int64_t ledger_add_refusal(struct store *store, int64_t at_s, char key, uint32_t n);
void ledger_add_acceptance(struct store *store, int64_t at_s, char key, uint32_t n);
/* Tickets 1 to `count` of a key, a second apart. */
void ledger_add_issues(struct store *store, char key, int64_t from_s, uint32_t count);

/* Fails the test if it cannot. */
void ledger_commit(struct store *store);

/* Of the first row as text: see fixture_sql(). */
void ledger_assert_sql(const struct fixture *fixture, const char *sql, const char *expected);

/* v_handshake.refusal_cause of a row, committed first. */
void ledger_assert_cause(const char *path, int64_t row, const char *cause);

#endif
