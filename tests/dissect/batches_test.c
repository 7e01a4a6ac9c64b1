/* The three steps of a frame give what one call gives, however many frames are prepared at once. */
#include "dissect/dissector.h"

#include "tests/loss/trace.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_BATCH = 64, MAX_RECORDS = 4096, PATH_BYTES = 512 };

struct records {
    struct handshake of[MAX_RECORDS];
    size_t count;
};

static struct dissector *new_dissector(void)
{
    struct dissector_options options;
    struct error error = {""};

    dissector_options_init(&options);
    options.max_conversations = 4096;
    options.max_handshakes = 1024;
    struct dissector *dissector = dissector_new(&options, &error);
    assert_non_null(dissector);
    return dissector;
}

static void take_records(struct dissector *dissector, struct records *records)
{
    struct handshake handshake;

    while (dissector_next(dissector, &handshake)) {
        assert_true(records->count < MAX_RECORDS);
        records->of[records->count++] = handshake;
    }
}

static void finish(struct dissector *dissector, struct records *records)
{
    dissector_finish(dissector);
    take_records(dissector, records);
    dissector_free(dissector);
}

/* Frames one by one. */
static void feed_all(const struct trace *trace, struct records *records)
{
    struct dissector *dissector = new_dissector();

    records->count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        dissector_feed(dissector, &trace->frames[i]);
        take_records(dissector, records);
    }
    finish(dissector, records);
}

static void take_batch(struct dissector *dissector, const struct frame *frames, size_t count,
                       struct records *records)
{
    struct prepared prepared[MAX_BATCH] = {{0}};

    for (size_t i = 0; i < count; i++) {
        prepare_frame(dissector_hash(dissector), &frames[i], &prepared[i]);
    }
    dissector_expect(dissector, prepared, count);
    for (size_t i = 0; i < count; i++) {
        dissector_take(dissector, &frames[i], &prepared[i]);
        take_records(dissector, records);
    }
}

static void take_all(const struct trace *trace, size_t batch, struct records *records)
{
    struct dissector *dissector = new_dissector();

    records->count = 0;
    for (size_t first = 0; first < trace->count; first += batch) {
        const size_t left = trace->count - first;
        take_batch(dissector, &trace->frames[first], left < batch ? left : batch, records);
    }
    finish(dissector, records);
}

static void assert_same(const struct records *a, const struct records *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_true(a->of[i].time_ns == b->of[i].time_ns);
        assert_int_equal(a->of[i].client.port, b->of[i].client.port);
        assert_int_equal(a->of[i].verdict, b->of[i].verdict);
        assert_string_equal(a->of[i].messages, b->of[i].messages);
        assert_true(a->of[i].handshake_ns == b->of[i].handshake_ns);
    }
}

static size_t compare_file(const char *path)
{
    static struct records one_by_one;
    static struct records batched;
    const size_t batches[] = {1, 7, MAX_BATCH};
    struct trace trace;
    struct error error;

    trace_init(&trace);
    assert_true(trace_load(&trace, path, &error));
    feed_all(&trace, &one_by_one);
    for (size_t i = 0; i < sizeof(batches) / sizeof(batches[0]); i++) {
        take_all(&trace, batches[i], &batched);
        assert_same(&one_by_one, &batched);
    }
    trace_clear(&trace);
    return one_by_one.count;
}

static void batches_give_the_records_that_single_frames_give(void **state)
{
    const char *const folder = REPRISE_PCAPS;
    DIR *const entries = opendir(folder);
    size_t records = 0;

    (void)state;
    assert_non_null(entries);
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char path[PATH_BYTES];
        const size_t len = strlen(entry->d_name);
        if (len > 5 && strcmp(entry->d_name + len - 5, ".pcap") == 0) {
            (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
            records += compare_file(path);
        }
    }
    (void)closedir(entries);
    assert_true(records > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_give_the_records_that_single_frames_give),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
