#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static void add_host(struct store *store, char first_letter)
{
    struct handshake handshake = fixture_handshake(0);

    handshake.sni.text[0] = first_letter;
    (void)fixture_add(store, &handshake);
}

/* The first letter of the next host to be looked up; 0: there is none. */
static char next(struct store *store, struct host_record *out)
{
    struct error error = {""};

    assert_true(store_next_unlabelled(store, out, &error));
    if (out->id == 0) {
        return 0;
    }
    assert_int_equal(out->name.len, 15);
    assert_memory_equal(out->name.text + 1, "ww.example.com", 14);
    return out->name.text[0];
}

static void label(struct store *store, const struct host_record *host, const char *app)
{
    struct error error = {""};

    assert_true(store_label(store, host, app, &error));
}

static void each_host_is_looked_up_once(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct host_record host;

    assert_int_equal(next(store, &host), 0);
    add_host(store, 'a');
    add_host(store, 'b');
    add_host(store, 'a');
    add_host(store, 'c');
    assert_int_equal(next(store, &host), 'a');
    assert_int_equal(next(store, &host), 'a');
    label(store, &host, "TLS.Example");
    assert_int_equal(next(store, &host), 'b');
    label(store, &host, NULL);
    assert_int_equal(next(store, &host), 'c');
    label(store, &host, "");
    assert_int_equal(next(store, &host), 0);
    add_host(store, 'b');
    assert_int_equal(next(store, &host), 0);
    fixture_close(store);
    assert_string_equal(
        fixture_sql(fixture->path, "SELECT group_concat(substr(name, 1, 1) || '='"
                                   " || coalesce(app, '-')) FROM (SELECT * FROM host ORDER BY id)"),
        "a=TLS.Example,b=-,c=-");
}

static void the_next_run_goes_on_where_the_last_one_ended(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct host_record host;

    add_host(store, 'a');
    add_host(store, 'b');
    assert_int_equal(next(store, &host), 'a');
    label(store, &host, NULL);
    fixture_close(store);
    store = fixture_open(fixture->path);
    add_host(store, 'c');
    assert_int_equal(next(store, &host), 'b');
    label(store, &host, NULL);
    assert_int_equal(next(store, &host), 'c');
    fixture_close(store);
}

/* The version that labelled hosts as they came kept no mark. */
static void hosts_of_an_older_version_are_looked_up_again(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct host_record host;

    add_host(store, 'a');
    assert_int_equal(next(store, &host), 'a');
    label(store, &host, "TLS.Old");
    fixture_close(store);
    assert_string_equal(
        fixture_sql_error(fixture->path, "DELETE FROM meta WHERE key = 'hosts_labelled'"), "");
    store = fixture_open(fixture->path);
    assert_int_equal(next(store, &host), 'a');
    label(store, &host, NULL);
    assert_int_equal(next(store, &host), 0);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT app FROM host"), "TLS.Old");
}

/* Two programs that write in turns: the one that is behind takes nothing back. */
static void the_mark_never_goes_back(void **state)
{
    const struct fixture *fixture = *state;
    struct store *one = fixture_open(fixture->path);
    struct store *other = fixture_open(fixture->path);
    struct host_record host;
    struct host_record first;
    struct error error = {""};

    add_host(one, 'a');
    add_host(one, 'b');
    assert_true(store_commit(one, &error));
    assert_int_equal(next(one, &first), 'a');
    assert_int_equal(next(other, &host), 'a');
    label(other, &host, NULL);
    assert_int_equal(next(other, &host), 'b');
    label(other, &host, NULL);
    fixture_close(other);
    label(one, &first, NULL);
    fixture_close(one);
    one = fixture_open(fixture->path);
    assert_int_equal(next(one, &host), 0);
    fixture_close(one);
}

static void a_label_too_long_is_cut_when_it_is_read(void **state)
{
    (void)state;
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct store *store = fixture_open(":memory:");
    struct host_record host;
    struct record found;
    struct error error = {""};

    add_host(store, 'w');
    assert_int_equal(next(store, &host), 'w');
    label(store, &host, "0123456789012345678901234567890123456789");
    struct query *query = store_query(store, &error);
    assert_non_null(query);
    assert_true(query_begin_handshakes(query, &all, &error));
    assert_int_equal(query_next_handshake(query, &found, &error), QUERY_ROW);
    assert_string_equal(found.app, "0123456789012345678901234567890");
    query_close(query);
    fixture_close(store);
}

/* What a packet chose as its name is bound, never pasted. */
static void a_hostile_name_is_given_as_it_is(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);
    static const char name[] = "x'); DROP TABLE host; --\xff\x01";
    struct host_record host;
    struct error error = {""};

    handshake.sni = (struct wire_text){.len = sizeof(name)}; /* with its NUL */
    memcpy(handshake.sni.text, name, sizeof(name));
    (void)fixture_add(store, &handshake);
    assert_true(store_next_unlabelled(store, &host, &error));
    assert_int_equal(host.name.len, sizeof(name));
    assert_memory_equal(host.name.text, "x'); drop table host; --\xff\x01", sizeof(name));
    label(store, &host, "'); DROP TABLE host; --");
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT app FROM host"),
                        "'); DROP TABLE host; --");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(each_host_is_looked_up_once),
        IN_DIRECTORY(the_next_run_goes_on_where_the_last_one_ended),
        IN_DIRECTORY(hosts_of_an_older_version_are_looked_up_again),
        IN_DIRECTORY(the_mark_never_goes_back),
        cmocka_unit_test(a_label_too_long_is_cut_when_it_is_read),
        IN_DIRECTORY(a_hostile_name_is_given_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
