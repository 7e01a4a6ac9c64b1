#include "store/host_names.h"

#include "store/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

static const struct statement_text statements[] = {{.name = "read a host", .sql = HOST_NAMES_READ}};

static void open_with_hosts(struct database *db)
{
    struct error error = {""};

    assert_true(database_open(db, ":memory:", DATABASE_WRITE, 20, &error));
    assert_true(schema_migrate(db, &error));
    assert_true(database_execute(db,
                                 "INSERT INTO host VALUES (1, 'one.example', 'One', 0),"
                                 " (4097, x'ff00fe', NULL, 0), (-1, 'minus.example', NULL, 0)",
                                 &error));
    assert_true(database_prepare(db, statements, 1, &error));
}

static void assert_host(struct host_names *names, struct database *db, int64_t id, const char *host,
                        size_t len)
{
    struct error error = {""};
    struct record record;

    memset(&record, 0, sizeof(record));
    record.host_id = id;
    assert_true(host_names_fill(names, db, 0, &record, &error));
    assert_int_equal(record.host.len, len);
    assert_memory_equal(record.host.text, host, len);
    assert_string_equal(record.app, id == 1 ? "One" : "");
}

static void hosts_that_share_a_place_keep_their_names(void **state)
{
    (void)state;
    struct host_names *names = host_names_new();
    struct database db;

    open_with_hosts(&db);
    assert_non_null(names);
    for (int i = 0; i < 2; i++) {
        assert_host(names, &db, 1, "one.example", 11);
        assert_host(names, &db, 1 + HOST_NAMES_KEPT, "\xff\0\xfe", 3);
        assert_host(names, &db, -1, "minus.example", 13);
    }
    host_names_free(names);
    database_close(&db);
}

static void a_host_without_a_row_has_no_name(void **state)
{
    (void)state;
    struct host_names *names = host_names_new();
    struct database db;

    open_with_hosts(&db);
    assert_non_null(names);
    assert_host(names, &db, 1, "one.example", 11);
    assert_host(names, &db, 1 + 2 * HOST_NAMES_KEPT, "", 0);
    assert_host(names, &db, 0, "", 0);
    host_names_free(names);
    database_close(&db);
}

static void what_is_kept_is_read_once_until_it_is_forgotten(void **state)
{
    (void)state;
    struct host_names *names = host_names_new();
    struct error error = {""};
    struct database db;

    open_with_hosts(&db);
    assert_non_null(names);
    assert_host(names, &db, 1, "one.example", 11);
    assert_true(database_execute(&db, "UPDATE host SET name = 'new.example' WHERE id = 1", &error));
    assert_host(names, &db, 1, "one.example", 11);
    host_names_forget(names);
    assert_host(names, &db, 1, "new.example", 11);
    host_names_free(names);
    database_close(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_that_share_a_place_keep_their_names),
        cmocka_unit_test(a_host_without_a_row_has_no_name),
        cmocka_unit_test(what_is_kept_is_read_once_until_it_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
