#include "app/archive.h"

#include "store/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Of a database in a folder of its own; removed with it. */
static char folder[32];
static char path[64];

static int set_up(void **state)
{
    (void)state;
    (void)strcpy(folder, "/tmp/reprise-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/a.db", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    assert_int_equal(rmdir(folder), 0);
    return 0;
}

/* file NULL: in memory. */
static void open_archive(struct archive *archive, const char *file)
{
    const struct run_record run = {.started_ns = 1, .source = "test"};
    struct error error;

    assert_true(archive_open(archive, file, &error));
    assert_true(store_begin_run(archive->store, &run, &error));
}

static void close_all(struct archive *archive)
{
    struct error error;

    assert_true(archive_close(archive, &error));
}

/* A handshake with this name; NULL: with none. */
static void add(struct archive *archive, const char *name)
{
    struct handshake handshake;
    struct error error;

    handshake_init(&handshake);
    handshake.server.port = 443;
    if (name != NULL) {
        handshake.sni.len = (uint8_t)strlen(name);
        memcpy(handshake.sni.text, name, handshake.sni.len);
    }
    assert_true(store_add(archive->store, &handshake, NULL, &error));
}

/* What the database says of the last handshake's host. */
static void assert_app(struct archive *archive, const char *app)
{
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct error error;
    struct record record;
    struct query *query = store_query(archive->store, &error);

    assert_non_null(query);
    assert_true(query_begin_handshakes(query, &all, &error));
    while (query_next_handshake(query, &record, &error) == QUERY_ROW) {
    }
    assert_string_equal(record.app, app);
    query_close(query);
}

static void no_handshake_no_library(void **state)
{
    struct archive archive;
    struct error error;

    (void)state;
    open_archive(&archive, path);
    assert_true(archive_label_hosts(&archive, &error));
    assert_null(archive.labels.library);
    close_all(&archive);
}

static void nothing_that_could_be_known_no_library(void **state)
{
    static const char *const names[] = {NULL, "a b.example", "=1+1", "\xc3\xa4.example"};
    struct archive archive;
    struct error error;

    (void)state;
    open_archive(&archive, path);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        add(&archive, names[i]);
    }
    assert_true(archive_label_hosts(&archive, &error));
    assert_null(archive.labels.library);
    close_all(&archive);
}

static void storing_a_host_makes_no_library(void **state)
{
    struct archive archive;

    (void)state;
    open_archive(&archive, path);
    add(&archive, "www.github.com");
    assert_null(archive.labels.library);
    assert_app(&archive, "");
    close_all(&archive);
}

static void in_memory_hosts_are_labelled_when_asked(void **state)
{
    struct archive archive;
    struct error error;

    (void)state;
    open_archive(&archive, NULL);
    add(&archive, "www.github.com");
    assert_true(archive_label_hosts(&archive, &error));
    assert_app(&archive, "Github");
    close_all(&archive);
    assert_null(archive.labels.library);
}

static void hosts_of_a_file_are_labelled_when_it_is_closed(void **state)
{
    struct archive archive;
    struct error error;

    (void)state;
    open_archive(&archive, path);
    add(&archive, "WWW.GitHub.com");
    close_all(&archive);
    open_archive(&archive, path);
    assert_app(&archive, "Github");
    assert_true(archive_label_hosts(&archive, &error));
    assert_null(archive.labels.library); /* this host was looked up already */
    close_all(&archive);
}

static void an_unknown_carrier_is_named_at_once(void **state)
{
    struct archive archive;
    struct handshake handshake;

    (void)state;
    open_archive(&archive, NULL);
    handshake_init(&handshake);
    handshake.carrier = CARRIER_SMTP;
    labels_carrier(&archive.labels, &handshake);
    assert_null(archive.labels.library);
    handshake.carrier = CARRIER_OTHER;
    handshake.carrier_client.len = 12;
    memcpy(handshake.carrier_client.bytes, "RFB 003.008\n", 12);
    handshake.carrier_server = handshake.carrier_client;
    labels_carrier(&archive.labels, &handshake);
    assert_string_equal(handshake.carrier_guess, "vnc");
    close_all(&archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_handshake_no_library, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_that_could_be_known_no_library, set_up, tear_down),
        cmocka_unit_test_setup_teardown(storing_a_host_makes_no_library, set_up, tear_down),
        cmocka_unit_test(in_memory_hosts_are_labelled_when_asked),
        cmocka_unit_test_setup_teardown(hosts_of_a_file_are_labelled_when_it_is_closed, set_up,
                                        tear_down),
        cmocka_unit_test(an_unknown_carrier_is_named_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
