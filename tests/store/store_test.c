#include "tests/store/fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A handshake in which everything that can be set is set, to something unlike the rest. */
static struct handshake complete_handshake(void)
{
    struct handshake handshake = fixture_handshake(0);

    handshake.transport = TRANSPORT_DTLS;
    memset(handshake.client.address, 0xab, sizeof(handshake.client.address));
    handshake.client.port = 65535;
    handshake.sni.len = 15;
    memcpy(handshake.sni.text, "WWW.Example.COM", 15);
    handshake.version = 0xfefd;
    handshake.cipher = 0xffff;
    handshake.verdict = VERDICT_FAILED;
    handshake.certainty = CERTAINTY_LIKELY;
    handshake.reason = REASON_ALERT;
    handshake.alert = 40;
    handshake.anomalies = (1U << ANOMALY_COUNT) - 1;
    handshake.offered = OFFER_PSK;
    handshake.outcome = OUTCOME_FAILED;
    handshake.early_data = EARLY_DATA_REFUSED;
    handshake.hello_retries = 255;
    handshake.rtts_tcp = 0;
    handshake.rtts_tls = 127;
    handshake.rtts_stalled = 3;
    handshake.handshake_ns = -1;
    handshake.setup_ns = INT64_MAX;
    handshake.session_offered = fixture_hash(1);
    handshake.offered_bytes = 1000;
    handshake.issued_id = fixture_hash(2);
    handshake.issued_ticket = fixture_hash(3);
    handshake.lifetime_hint_s = UINT32_MAX;
    handshake.issued_ticket_bytes = 65535;
    handshake.renewed = true;
    handshake.estimated_tickets = 3;
    handshake.estimated_ticket_bytes = 4054;
    return handshake;
}

static struct handshake empty_handshake(void)
{
    struct handshake handshake;

    handshake_init(&handshake);
    return handshake;
}

static enum query_result next(struct store *store, struct record *out)
{
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct error error = {""};
    struct query *query = store_query(store, &error);

    assert_non_null(query);
    assert_true(query_begin_handshakes(query, &all, &error));
    const enum query_result result = query_next_handshake(query, out, &error);
    query_close(query);
    return result;
}

static void everything_comes_back_as_it_was_stored(void **state)
{
    (void)state;
    const struct handshake handshakes[] = {complete_handshake(), fixture_handshake(0),
                                           empty_handshake()};

    for (size_t i = 0; i < sizeof(handshakes) / sizeof(handshakes[0]); i++) {
        struct store *store = fixture_open(":memory:");
        struct error error = {""};
        struct record stored;
        struct record found;

        memset(&stored, 0, sizeof(stored));
        assert_true(store_add(store, &handshakes[i], &stored, &error));
        assert_memory_equal(&stored.handshake, &handshakes[i], sizeof(stored.handshake));
        assert_int_equal(stored.id, 1);
        assert_int_equal(stored.run, 1);
        assert_int_equal(next(store, &found), QUERY_ROW);
        assert_memory_equal(&found, &stored, sizeof(found));
        fixture_close(store);
    }
}

static void a_host_is_its_sni_in_lower_case(void **state)
{
    (void)state;
    struct handshake handshake = complete_handshake();
    struct wire_text host;

    memcpy(handshake.sni.text, "WWW.[Example]\xc3\x84", 15); /* only ASCII has a lower case */
    store_host_name(&handshake, &host);
    assert_int_equal(host.len, 15);
    assert_memory_equal(host.text, "www.[example]\xc3\x84", 15);
}

static void a_host_without_sni_is_its_address(void **state)
{
    (void)state;
    struct handshake handshake = fixture_handshake(0);
    struct wire_text host;

    handshake.sni.len = 0;
    store_host_name(&handshake, &host);
    assert_int_equal(host.len, 13);
    assert_memory_equal(host.text, "192.0.2.1:443", 13);
    memset(handshake.server.address, 0, 15);
    handshake.server.address[15] = 1;
    store_host_name(&handshake, &host);
    assert_int_equal(host.len, 9);
    assert_memory_equal(host.text, "[::1]:443", 9);
}

static void any_bytes_can_be_a_name(void **state)
{
    const struct fixture *fixture = *state;
    const struct {
        const char *text;
        uint8_t len;
        const char *type;
    } names[] = {
        {"a\0b", 3, "blob"},
        {"\0", 1, "blob"},
        {"a", 1, "text"},
        {"'; DROP TABLE handshake; --", 27, "text"},
        {"\xff\xfe\x80", 3, "blob"},
        {"b\xc3\xbc"
         "cher",
         7, "text"},
        {"\"quoted\"\n", 9, "text"},
    };
    enum { NAMES = sizeof(names) / sizeof(names[0]) };
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct error error = {""};
    struct record record;
    struct store *store = fixture_open(fixture->path);

    for (size_t i = 0; i < NAMES; i++) {
        struct handshake handshake = fixture_handshake((int64_t)i);
        handshake.sni.len = handshake.alpn.len = names[i].len;
        memcpy(handshake.sni.text, names[i].text, names[i].len);
        memcpy(handshake.alpn.text, names[i].text, names[i].len);
        (void)fixture_add(store, &handshake);
        (void)fixture_add(store, &handshake);
    }
    fixture_close(store);
    struct query *query = query_open(fixture->path, &error);
    assert_non_null(query);
    assert_true(query_begin_handshakes(query, &all, &error));
    for (size_t i = 0; i < (size_t)2 * NAMES; i++) {
        const struct wire_text *sni = &record.handshake.sni;
        const struct wire_text *alpn = &record.handshake.alpn;
        assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
        assert_int_equal(sni->len, names[i / 2].len);
        assert_memory_equal(sni->text, names[i / 2].text, sni->len);
        assert_int_equal(alpn->len, names[i / 2].len);
        assert_memory_equal(alpn->text, names[i / 2].text, alpn->len);
    }
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_DONE);
    query_close(query);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM host"), "7");
    for (size_t i = 0; i < NAMES; i++) {
        char sql[80];
        (void)snprintf(sql, sizeof(sql), "SELECT typeof(name) FROM host WHERE id = %zu", i + 1);
        assert_string_equal(fixture_sql(fixture->path, sql), names[i].type);
    }
}

static void a_name_of_full_length_fits(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake handshake = fixture_handshake(0);
    struct record found;

    handshake.sni.len = handshake.alpn.len = 255;
    memset(handshake.sni.text, 'X', 255);
    memset(handshake.alpn.text, 'a', 255);
    memset(handshake.messages, 'm', sizeof(handshake.messages) - 1);
    const struct record stored = fixture_add(store, &handshake);
    assert_int_equal(next(store, &found), QUERY_ROW);
    assert_memory_equal(&found, &stored, sizeof(found));
    assert_int_equal(found.host.len, 255);
    fixture_close(store);
}

static void the_session_key_is_made_once(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct store *other = fixture_open(":memory:");
    uint8_t key[16];

    memcpy(key, store_session_key(store), sizeof(key));
    assert_memory_not_equal(store_session_key(other), key, sizeof(key));
    fixture_close(store);
    fixture_close(other);
    store = fixture_open(fixture->path);
    assert_memory_equal(store_session_key(store), key, sizeof(key));
    fixture_close(store);
}

static void a_full_batch_is_committed(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    const struct handshake handshake = fixture_handshake(0);

    for (int i = 0; i < STORE_BATCH_ROWS - 1; i++) {
        (void)fixture_add(store, &handshake);
    }
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM handshake"), "0");
    (void)fixture_add(store, &handshake);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM handshake"), "5000");
    fixture_close(store);
}

static void a_reader_sees_what_is_committed_while_a_batch_is_open(void **state)
{
    const struct fixture *fixture = *state;
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    const struct handshake handshake = fixture_handshake(0);
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};
    struct record record;

    (void)fixture_add(store, &handshake);
    assert_true(store_commit(store, &error));
    (void)fixture_add(store, &handshake);
    struct query *query = query_open(fixture->path, &error);
    assert_non_null(query);
    assert_true(query_begin_handshakes(query, &all, &error));
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
    /* The writer is not held up, and the reader sees what was when it began. */
    assert_true(store_commit(store, &error));
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_DONE);
    assert_true(query_begin_handshakes(query, &all, &error));
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
    assert_int_equal(query_next_handshake(query, &record, &error), QUERY_ROW);
    assert_int_equal(record.id, 2);
    query_close(query);
    fixture_close(store);
}

static void a_failure_loses_the_open_batch_and_says_so(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    const struct handshake handshake = fixture_handshake(0);
    struct handshake other = fixture_handshake(1);
    struct error error = {""};

    (void)fixture_add(store, &handshake);
    assert_true(store_commit(store, &error));
    assert_string_equal(fixture_sql_error(fixture->path,
                                          "CREATE UNIQUE INDEX only_three ON handshake (client)"
                                          " WHERE client & 65535 = 3"),
                        "");
    other.client.port = 3;
    (void)fixture_add(store, &handshake);
    (void)fixture_add(store, &other);
    other.sni.text[0] = 'x';
    (void)fixture_add(store, &other);
    assert_false(store_commit(store, &error));
    assert_non_null(strstr(error.text, "cannot add a handshake: UNIQUE constraint failed"));
    assert_non_null(strstr(error.text, "; handshakes lost since the last commit: 3"));
    /* It goes on, and no host of the lost rows is taken for stored. */
    other.client.port = 4;
    (void)fixture_add(store, &other);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM handshake"), "2");
    assert_string_equal(fixture_sql(fixture->path, "SELECT group_concat(host) FROM v_handshake"),
                        "www.example.com,xww.example.com");
}

static void a_run_is_kept_up_to_date(void **state)
{
    const struct fixture *fixture = *state;
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};
    struct run_record run = {.started_ns = 1, .ended_ns = HANDSHAKE_NULL};
    struct run_record found;

    (void)strcpy(run.source, "watch eth0");
    (void)strcpy(run.filter, "tcp port 443");
    run.packets_dropped_kernel = HANDSHAKE_NULL;
    assert_true(store_begin_run(store, &run, &error));
    run.ended_ns = 2;
    run.first_frame_ns = 3;
    run.last_frame_ns = 4;
    run.packets_captured = 5;
    run.packets_received = 6;
    run.packets_dropped_kernel = 7;
    run.packets_dropped_interface = 8;
    run.packets_not_tcp = 9;
    run.packets_undecodable = 10;
    run.bytes = 11;
    run.conversations = 12;
    run.not_tls = 13;
    run.mid_stream_tls = 14;
    run.evicted_handshakes = 15;
    run.evicted_conversations = 16;
    run.not_reassembled_bytes = 17;
    run.damaged_files = 18;
    run.unreadable_files = 19;
    assert_true(store_update_run(store, &run, &error));
    run.not_analysed_count = 2;
    run.not_analysed[0] = (struct run_not_analysed){"ARP", 20};
    run.not_analysed[1] = (struct run_not_analysed){"ESP", 21};
    assert_true(store_update_run(store, &run, &error));
    run.not_analysed[1].packets++;
    assert_true(store_update_run(store, &run, &error));
    run.not_analysed_count = 0; /* going in only */
    memset(run.not_analysed, 0, sizeof(run.not_analysed));
    struct query *query = store_query(store, &error);
    assert_true(query_begin_runs(query, &all, &error));
    assert_int_equal(query_next_run(query, &found, &error), QUERY_ROW);
    assert_int_equal(found.id, 1);
    assert_int_equal(found.ended_ns, HANDSHAKE_NULL);
    assert_int_equal(query_next_run(query, &found, &error), QUERY_ROW);
    run.id = 2;
    assert_memory_equal(&found, &run, sizeof(run));
    assert_int_equal(query_next_run(query, &found, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT unreadable_files FROM v_run"
                                                   " WHERE source = 'watch eth0'"),
                        "19");
    assert_string_equal(fixture_sql(fixture->path,
                                    "SELECT group_concat(run || name || packets, ' ')"
                                    " FROM v_not_analysed"),
                        "2ESP22 2ARP20");
}

static bool file_holds(const char *path, const void *bytes, size_t len)
{
    size_t size;
    char *data = fixture_read_file(path, &size);
    bool is_found = false;

    for (size_t i = 0; i + len <= size && !is_found; i++) {
        is_found = memcmp(data + i, bytes, len) == 0;
    }
    free(data);
    return is_found;
}

/* struct handshake has no room for ticket bytes; this keeps it so, down to the file. */
static void nothing_but_the_hash_of_a_ticket_is_in_the_file(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);

    handshake.issued_ticket = fixture_hash(0x5a);
    handshake.id_needs_sighting = true;
    handshake.session_offered = fixture_hash(0x77); /* never seen issued: dropped */
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_true(file_holds(fixture->path, handshake.issued_ticket.bytes, 16));
    assert_false(file_holds(fixture->path, handshake.session_offered.bytes, 16));
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back_as_it_was_stored),
        cmocka_unit_test(a_host_is_its_sni_in_lower_case),
        cmocka_unit_test(a_host_without_sni_is_its_address),
        IN_DIRECTORY(any_bytes_can_be_a_name),
        cmocka_unit_test(a_name_of_full_length_fits),
        IN_DIRECTORY(the_session_key_is_made_once),
        IN_DIRECTORY(a_full_batch_is_committed),
        IN_DIRECTORY(a_reader_sees_what_is_committed_while_a_batch_is_open),
        IN_DIRECTORY(a_failure_loses_the_open_batch_and_says_so),
        IN_DIRECTORY(a_run_is_kept_up_to_date),
        IN_DIRECTORY(nothing_but_the_hash_of_a_ticket_is_in_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
