#include "store/packed_offers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct offer_record offer_of(int64_t id, const char *client)
{
    struct offer_record offer = {
        .id = id,
        .host_id = 3,
        .time_ns = INT64_C(1700000000000000000),
        .outcome = OUTCOME_REFUSED,
        .age_s = 600,
        .lifetime_hint_s = 7200,
    };

    (void)snprintf(offer.client, sizeof(offer.client), "%s", client);
    return offer;
}

static void assert_same(const struct offer_record *a, const struct offer_record *b)
{
    assert_int_equal(a->id, b->id);
    assert_int_equal(a->host_id, b->host_id);
    assert_int_equal(a->time_ns, b->time_ns);
    assert_int_equal(a->outcome, b->outcome);
    assert_int_equal(a->age_s, b->age_s);
    assert_int_equal(a->lifetime_hint_s, b->lifetime_hint_s);
    assert_int_equal(a->is_replaced, b->is_replaced);
    assert_string_equal(a->client, b->client);
}

/* Ordinary ones, and what only a damaged or made up database holds. */
static size_t make_offers(struct offer_record out[5])
{
    out[0] = offer_of(7, "192.0.2.1");
    out[1] = offer_of(8, "2001:db8::1");
    out[1].outcome = OUTCOME_ACCEPTED;
    out[1].is_replaced = true;
    out[2] = offer_of(INT64_MAX, "192.0.2.1");
    out[2].time_ns = INT64_MIN + 1;
    out[2].host_id = INT64_MAX;
    out[3] = offer_of(-1, "::");
    out[3].time_ns = INT64_MAX;
    out[3].host_id = -1;
    out[3].age_s = INT64_MAX;
    out[3].lifetime_hint_s = INT64_MIN + 1;
    out[4] = offer_of(9, "0.0.0.0");
    out[4].age_s = HANDSHAKE_NULL;
    out[4].lifetime_hint_s = HANDSHAKE_NULL;
    return 5;
}

static void pack(const struct offer_record *offers, size_t count, struct packing_writer *out)
{
    struct packed_offers packed = {.id = 0};

    for (size_t i = 0; i < count; i++) {
        packed_offers_add(&packed, &offers[i]);
    }
    packed_offers_end(&packed, out);
    free(packed.bytes.data);
    assert_false(out->has_failed);
}

static void offers_come_back_as_they_went(void **state)
{
    (void)state;
    struct offer_record offers[5];
    const size_t count = make_offers(offers);
    struct packing_writer writer = {.data = NULL};
    struct packed_offers_cursor cursor;
    struct offer_record out;

    pack(offers, count, &writer);
    packed_offers_begin(&cursor, writer.data, writer.len);
    for (size_t i = 0; i < count; i++) {
        assert_true(packed_offers_next(&cursor, &out));
        assert_same(&out, &offers[i]);
        assert_int_equal(out.host.len, 0);
    }
    assert_false(packed_offers_next(&cursor, &out));
    assert_false(cursor.is_damaged);
    free(writer.data);
}

/* The second begins anew, and one between them is empty. */
static void lists_that_follow_each_other_are_one(void **state)
{
    (void)state;
    const struct offer_record offers[] = {offer_of(7, "192.0.2.1"), offer_of(9, "192.0.2.2")};
    struct packing_writer writer = {.data = NULL};
    struct packed_offers_cursor cursor;
    struct offer_record out;

    pack(&offers[0], 1, &writer);
    pack(NULL, 0, &writer);
    pack(&offers[1], 1, &writer);
    packed_offers_begin(&cursor, writer.data, writer.len);
    assert_true(packed_offers_next(&cursor, &out));
    assert_same(&out, &offers[0]);
    assert_true(packed_offers_next(&cursor, &out));
    assert_same(&out, &offers[1]);
    assert_false(packed_offers_next(&cursor, &out));
    assert_false(cursor.is_damaged);
    free(writer.data);
}

static void an_offer_takes_few_bytes(void **state)
{
    (void)state;
    struct offer_record offers[2] = {offer_of(70000, "192.0.2.1"), offer_of(70003, "192.0.2.2")};
    struct packing_writer one = {.data = NULL};
    struct packing_writer two = {.data = NULL};

    offers[1].time_ns += 250000000;
    pack(offers, 1, &one);
    pack(offers, 2, &two);
    assert_int_equal(two.len - one.len, 1 + 1 + 5 + 1 + 4 + 2 + 2);
    free(one.data);
    free(two.data);
}

/* A heap block of exactly these bytes, so that a sanitizer sees one too far. */
static size_t count_in(const uint8_t *bytes, size_t len, bool *is_damaged)
{
    uint8_t *copy = malloc(len + (len == 0));
    struct packed_offers_cursor cursor;
    struct offer_record out;
    size_t count = 0;

    assert_non_null(copy);
    memcpy(copy, bytes, len);
    packed_offers_begin(&cursor, copy, len);
    while (packed_offers_next(&cursor, &out)) {
        count++;
    }
    *is_damaged = cursor.is_damaged;
    free(copy);
    return count;
}

static void every_truncation_is_damage(void **state)
{
    (void)state;
    struct offer_record offers[5];
    const size_t count = make_offers(offers);
    struct packing_writer writer = {.data = NULL};
    bool is_damaged;

    pack(offers, count, &writer);
    assert_int_equal(count_in(writer.data, writer.len, &is_damaged), count);
    assert_false(is_damaged);
    for (size_t len = 1; len < writer.len; len++) {
        assert_int_equal(count_in(writer.data, len, &is_damaged), 0);
        assert_true(is_damaged);
        /* The list itself is shorter, and says so. */
        writer.data[0]--;
        assert_true(count_in(writer.data, len, &is_damaged) <= count);
        writer.data[0]++;
    }
    free(writer.data);
}

static void what_is_no_outcome_is_damage(void **state)
{
    (void)state;
    const struct offer_record offer = offer_of(7, "192.0.2.1");
    struct packing_writer writer = {.data = NULL};
    bool is_damaged;

    pack(&offer, 1, &writer);
    writer.data[1] = (uint8_t)(writer.data[1] | 0x7); /* of OUTCOME_COUNT 6 */
    assert_int_equal(count_in(writer.data, writer.len, &is_damaged), 0);
    assert_true(is_damaged);
    free(writer.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_come_back_as_they_went),
        cmocka_unit_test(lists_that_follow_each_other_are_one),
        cmocka_unit_test(an_offer_takes_few_bytes),
        cmocka_unit_test(every_truncation_is_damage),
        cmocka_unit_test(what_is_no_outcome_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
