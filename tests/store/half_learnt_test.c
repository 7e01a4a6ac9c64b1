#include "store/half_learnt.h"

#include "store/database_file.h"
#include "store/pending.h"
#include "store/schema.h"
#include "store/session_index.h"
#include "store/statements.h"
#include "tests/store/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A run of the program, as far as it learns. */
struct run {
    struct database db;
    struct pending pending;
    struct session_index index;
    struct half_learnt half;
};

static void must(bool is_done, const struct error *error)
{
    if (!is_done) {
        fail_msg("%s", error->text);
    }
}

static int64_t data_version(struct database *db)
{
    struct error error = {""};
    int64_t version;

    must(database_pragma(db, "PRAGMA data_version", &version, &error), &error);
    return version;
}

static void begin(struct run *run)
{
    struct error error = {""};

    must(database_run(&run->db, WRITE_BEGIN, &error), &error);
    half_learnt_begin(&run->half, data_version(&run->db));
}

static void commit(struct run *run)
{
    struct error error = {""};

    must(half_learnt_flush(&run->half, &error), &error);
    must(database_run(&run->db, WRITE_COMMIT, &error), &error);
}

static struct run *run_new(const char *path)
{
    struct run *run = calloc(1, sizeof(*run));
    struct error error = {""};

    assert_non_null(run);
    must(database_file_for_writing(path, schema_version(), &error), &error);
    must(database_open(&run->db, path, DATABASE_WRITE, 2000, &error), &error);
    must(schema_migrate(&run->db, &error), &error);
    must(database_execute(&run->db, "PRAGMA synchronous = OFF", &error), &error);
    must(pending_open(&run->pending, &run->db, &error), &error);
    must(session_index_open(&run->index, &run->db, &run->pending.sessions, &error), &error);
    must(database_prepare(&run->db, write_statements, WRITE_STATEMENT_COUNT, &error), &error);
    must(half_learnt_open(&run->half, &run->db, &error), &error);
    begin(run);
    return run;
}

static void run_end(struct run *run)
{
    commit(run);
    half_learnt_close(&run->half);
    database_close(&run->db);
    session_index_close(&run->index);
    pending_close(&run->pending);
    free(run);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* The n-th ticket under a name of 16 bytes; name 0: a ticket without any. */
static struct learner_ticket ticket_of(uint32_t name, uint32_t n)
{
    const uint32_t random = n * 2654435761U;
    struct learner_ticket ticket = {
        .session = n,
        .host = 1 + n % 2,
        .layouts = 1U << TICKET_LAYOUT_OPENSSL | 1U << TICKET_LAYOUT_JAVA,
        .warnings = n % 3 == 0,
        .marks = {.at_4 = (name == 0 ? random : name) & 0xffffff,
                  .at_6 = (uint16_t)(name == 0 ? random >> 3 : name),
                  .at_16 = name == 0 ? random : name,
                  .at_20 = (uint16_t)(random >> 16),
                  .at_28 = (int64_t)random * 77},
    };

    key_use_init(&ticket.use);
    key_use_add(&ticket.use, KEY_EVENT_ISSUED, 1000 + n);
    return ticket;
}

static struct learner_key add(struct run *run, int64_t server, const struct learner_ticket *ticket)
{
    struct error error = {""};
    struct learner_key key;

    must(half_learnt_add(&run->half, server, ticket, &key, &error), &error);
    return key;
}

static bool add_named(struct run *run, int64_t server, uint32_t name, uint32_t n)
{
    const struct learner_ticket ticket = ticket_of(name, n);
    return add(run, server, &ticket).name_bytes != 0;
}

/* What has been learnt, as one number. */
static void digest(uint64_t *sum, const struct learner_key *key)
{
    const uint64_t odd = 0x9e3779b97f4a7c15U;

    *sum = (*sum ^ key->name_bytes) * odd;
    for (size_t i = 0; key->name_bytes != 0 && i < TICKET_LEARNER_TICKETS; i++) {
        const struct learner_ticket *ticket = &key->tickets[i];
        *sum = (*sum ^ (uint64_t)ticket->session ^ (uint64_t)ticket->host << 40) * odd;
        *sum = (*sum ^ (uint64_t)ticket->marks.at_28 ^ ticket->warnings) * odd;
        *sum = (*sum ^ (uint64_t)ticket->use.issued_count << 8 ^
                (uint64_t)ticket->use.accepted_count) *
               odd;
        *sum = (*sum ^ (uint64_t)ticket->use.last_seen_ns ^ key->layouts) * odd;
    }
}

enum { EVENTS = 240, SERVERS = 7 };

/* The same story, told in runs of so many tickets. */
static uint64_t tell(const char *path, unsigned tickets_a_run, unsigned *learnt)
{
    uint32_t seed = 11;
    uint64_t sum = 0;
    (void)remove(path);
    struct run *run = run_new(path);

    *learnt = 0;
    for (unsigned i = 0; i < EVENTS; i++) {
        if (i > 0 && i % tickets_a_run == 0) {
            run_end(run);
            run = run_new(path);
        }
        /* Now and then a ticket that was seen lately is offered. */
        const uint32_t n = next_random(&seed) % 4 == 0 && i > 20 ? i - i % 13 : i + 1;
        struct learner_ticket ticket = ticket_of(n * 40503 % 9, n);
        key_use_add(&ticket.use, KEY_EVENT_ACCEPTED, 5000 + i);
        const struct learner_key key = add(run, 1 + n % SERVERS, &ticket);
        digest(&sum, &key);
        *learnt += key.name_bytes != 0;
    }
    run_end(run);
    return sum;
}

static void it_makes_no_difference_where_runs_end(void **state)
{
    const struct fixture *fixture = *state;
    static const unsigned cuts[] = {1, 2, 7, 50};
    unsigned learnt;
    const uint64_t whole = tell(fixture->path, EVENTS, &learnt);

    assert_in_range(learnt, 15, EVENTS / 3);
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
        assert_true(tell(fixture->path, cuts[i], &learnt) == whole);
    }
}

static void two_programs_learn_together(void **state)
{
    const struct fixture *fixture = *state;
    struct run *one = run_new(fixture->path);

    assert_false(add_named(one, 7, 5, 1));
    commit(one);
    struct run *other = run_new(fixture->path);
    assert_false(add_named(other, 7, 5, 2));
    commit(other);
    begin(one);
    assert_true(add_named(one, 7, 5, 3));
    commit(one);
    begin(other);
    assert_false(add_named(other, 7, 5, 4));
    run_end(other);
    begin(one);
    run_end(one);
}

static void what_is_learnt_leaves_no_row(void **state)
{
    const struct fixture *fixture = *state;
    struct run *run = run_new(fixture->path);

    assert_false(add_named(run, 7, 5, 1));
    assert_false(add_named(run, 7, 5, 2));
    assert_false(add_named(run, 7, 0, 3));
    run_end(run);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM ticket_beginning"), "3");
    run = run_new(fixture->path);
    assert_true(add_named(run, 7, 5, 4));
    run_end(run);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM ticket_beginning"), "1");
}

static void a_batch_given_up_is_forgotten(void **state)
{
    const struct fixture *fixture = *state;
    struct run *run = run_new(fixture->path);
    struct error error = {""};

    assert_false(add_named(run, 7, 5, 1));
    commit(run);
    begin(run);
    assert_false(add_named(run, 7, 5, 2));
    must(database_run(&run->db, WRITE_ROLLBACK, &error), &error);
    half_learnt_forget(&run->half);
    begin(run);
    assert_false(add_named(run, 7, 5, 3));
    assert_true(add_named(run, 7, 5, 4));
    run_end(run);
}

/* More than are in memory, so that most are read again each time. */
static void many_servers_are_learnt_at_once(void **state)
{
    const struct fixture *fixture = *state;
    struct run *run = run_new(fixture->path);
    unsigned learnt = 0;

    for (uint32_t round = 0; round < TICKET_LEARNER_TICKETS; round++) {
        for (uint32_t server = 1; server <= HALF_LEARNT_KEPT; server++) {
            learnt += add_named(run, server, server, server * 10 + round);
        }
    }
    run_end(run);
    assert_int_equal(learnt, HALF_LEARNT_KEPT);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM ticket_beginning"), "0");
}

static void servers_seen_longest_ago_are_dropped(void **state)
{
    const struct fixture *fixture = *state;
    const uint32_t servers = 3 * HALF_LEARNT_KEPT;
    struct run *run = run_new(fixture->path);
    char sql[96];

    for (uint32_t server = 1; server <= servers; server++) {
        assert_false(add_named(run, server, server, server));
        if (server % 500 == 0) {
            commit(run);
            begin(run);
        }
    }
    run_end(run);
    const long kept =
        strtol(fixture_sql(fixture->path, "SELECT count(*) FROM ticket_beginning"), NULL, 10);
    assert_in_range(kept, HALF_LEARNT_KEPT, HALF_LEARNT_KEPT + HALF_LEARNT_SLACK + 500);
    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM ticket_beginning WHERE id <= 12 * %ld",
                   (long)servers - kept);
    assert_string_equal(fixture_sql(fixture->path, sql), "0");
}

/* ---- Rows that the program did not write ---- */

static void spoil(const char *path, uint32_t *seed)
{
    static const char *const columns[] = {
        "id",           "used",
        "name_bytes",   "layouts",
        "warnings",     "session",
        "at_4",         "at_6",
        "at_16",        "at_20",
        "last_seen_ns", "host",
        "at_28",        "first_issued_ns",
        "issued_count", "accepted_count",
    };
    static const char *const values[] = {"0",
                                         "-1",
                                         "1",
                                         "3",
                                         "16",
                                         "12",
                                         "4",
                                         "65536",
                                         "2147483648",
                                         "9223372036854775807",
                                         "-9223372036854775808"};
    char sql[160];

    (void)snprintf(sql, sizeof(sql), "UPDATE OR IGNORE ticket_beginning SET %s = %s WHERE id %% %u",
                   columns[next_random(seed) % (sizeof(columns) / sizeof(columns[0]))],
                   values[next_random(seed) % (sizeof(values) / sizeof(values[0]))],
                   1 + next_random(seed) % 3);
    assert_string_equal(fixture_sql_error(path, sql), "");
}

static void strange_rows_are_no_candidates(void **state)
{
    const struct fixture *fixture = *state;
    uint32_t seed = 5;
    uint32_t n = 1;

    for (unsigned round = 0; round < 80; round++) {
        struct run *run = run_new(fixture->path);
        for (unsigned i = 0; i < 12; i++, n++) {
            (void)add_named(run, 1 + n % 3, n % 5, n);
        }
        /* What is not spoilt is learnt as ever. */
        const int64_t server = 100 + round;
        assert_false(add_named(run, server, 9, 100000 + n));
        assert_false(add_named(run, server, 9, 200000 + n));
        assert_true(add_named(run, server, 9, 300000 + n));
        run_end(run);
        for (unsigned i = 0; i < 3; i++) {
            spoil(fixture->path, &seed);
        }
    }
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(it_makes_no_difference_where_runs_end),
        IN_DIRECTORY(two_programs_learn_together),
        IN_DIRECTORY(what_is_learnt_leaves_no_row),
        IN_DIRECTORY(a_batch_given_up_is_forgotten),
        IN_DIRECTORY(many_servers_are_learnt_at_once),
        IN_DIRECTORY(servers_seen_longest_ago_are_dropped),
        IN_DIRECTORY(strange_rows_are_no_candidates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
