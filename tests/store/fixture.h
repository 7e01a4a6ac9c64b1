/* What the tests of store/ share: a directory of their own, handshakes to store, and a look into
 * the file with plain SQLite, as anybody would. */
#ifndef REPRISE_TESTS_STORE_FIXTURE_H
#define REPRISE_TESTS_STORE_FIXTURE_H

#include "store/query.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
    char directory[64];
    char path[96]; /* of a database that does not exist yet */
};

/* Set-up and tear-down: *state is a struct fixture; everything in the directory goes. */
int fixture_make(void **state);
int fixture_remove(void **state);

/* A complete handshake number n: TLS 1.2, full, www.example.com at 192.0.2.1:443. */
struct handshake fixture_handshake(int64_t n);
struct session_hash fixture_hash(uint8_t n);

/* 2023-11-14T22:13:20Z; fixture_handshake(n) is n seconds later. */
#define FIXTURE_TIME_NS 1700000000000000000

/* Opened and with a run begun; fails the test otherwise. */
struct store *fixture_open(const char *path);
void fixture_close(struct store *store);
/* Adds, and gives the record as stored. */
struct record fixture_add(struct store *store, const struct handshake *handshake);

/* The only session in the store's database with this hash; fails the test when it is not there. */
struct session_record fixture_session(struct store *store, const struct session_hash *hash);

/* First column of the first row as text ("(null)" for NULL, "(none)" without a row). Valid until
 * the next call. */
const char *fixture_sql(const char *path, const char *sql);
/* The error message instead; "" when it succeeds. */
const char *fixture_sql_error(const char *path, const char *sql);

/* A whole file; to be freed. */
char *fixture_read_file(const char *path, size_t *size);
void fixture_write_file(const char *path, const void *data, size_t size);

#endif
