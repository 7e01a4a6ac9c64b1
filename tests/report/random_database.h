/* A database of random handshakes, summed up in blocks of 64, in a file of its own. */
#ifndef REPRISE_TESTS_REPORT_RANDOM_DATABASE_H
#define REPRISE_TESTS_REPORT_RANDOM_DATABASE_H

#include "store/store.h"

enum { RANDOM_DATABASE_HANDSHAKES = 2500, RANDOM_DATABASE_BLOCK_BITS = 6 };

/* Temporary directories are the system's; the file goes with its test. */
struct random_database {
    char path[64];
};

/* Of cmocka: *state is the database. */
int random_database_make(void **state);
int random_database_remove(void **state);

struct store *random_database_open(const char *path);

/* In runs of any length, committed anywhere: in the order of their time, about, or in none. */
void random_database_fill(const char *path, uint64_t *seed, bool is_in_order);

void random_database_run(const char *path, const char *sql);
int64_t random_database_count(const char *path, const char *sql);

#endif
