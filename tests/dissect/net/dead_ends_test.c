#include "dissect/net/dead_ends.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct dead_ends none = {.rest = 0};

static void add(struct dead_ends *dead_ends, enum dead_end_kind kind, uint32_t number,
                uint64_t count)
{
    dead_ends_add(dead_ends, (struct dead_end){kind, number}, count);
}

/* What the list says, as "3 ARP, 1 ICMP". */
static const char *words_since(const struct dead_ends *now, const struct dead_ends *before)
{
    static char words[4096];
    struct dead_ends_row rows[DEAD_ENDS_ROWS];
    const size_t count = dead_ends_list(now, before, rows);
    size_t len = 0;

    words[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(words + len, sizeof(words) - len, "%s%u %s", i > 0 ? ", " : "",
                                (unsigned)rows[i].count, rows[i].name);
        assert_true(len < sizeof(words));
    }
    return words;
}

static void the_most_frequent_come_first_then_names_in_order(void **state)
{
    struct dead_ends dead_ends = {.rest = 0};

    (void)state;
    assert_string_equal(words_since(&dead_ends, &none), "");
    add(&dead_ends, DEAD_END_IP_PROTOCOL, 58, 2);
    add(&dead_ends, DEAD_END_ETHERTYPE, 0x88cc, 3);
    add(&dead_ends, DEAD_END_ETHERTYPE, 0x0806, 2);
    add(&dead_ends, DEAD_END_ETHERTYPE, 0x88cc, 1);
    add(&dead_ends, DEAD_END_ETHERTYPE, 0x0842, 0);
    assert_string_equal(words_since(&dead_ends, &none), "4 LLDP, 2 ARP, 2 ICMPv6");
}

static void what_has_no_name_is_told_by_its_number(void **state)
{
    static const struct {
        enum dead_end_kind kind;
        uint32_t number;
        const char *words;
    } cases[] = {
        {DEAD_END_ETHERTYPE, 0x1234, "1 ethertype 0x1234"},
        {DEAD_END_ETHERTYPE, 0x0601, "1 ethertype 0x0601"},
        {DEAD_END_IP_PROTOCOL, 200, "1 ip protocol 200"},
        {DEAD_END_PPP, 0xc229, "1 ppp 0xc229"},
        {DEAD_END_LLC, 6, "1 llc 0x06"},
        {DEAD_END_CISCO, 0x0102, "1 cisco snap 0x0102"},
        {DEAD_END_SNAP, 0x00080c2, "1 snap 0x0080c2"},
        {DEAD_END_HDLC, 0x1234, "1 hdlc 0x1234"},
        {DEAD_END_SLL, 0x00f6, "1 cooked 0x00f6"},
        {DEAD_END_ADDRESS_FAMILY, 7, "1 address family 7"},
        {DEAD_END_LINK_TYPE, 147, "1 link type 147"},
        {DEAD_END_ERSPAN, 31, "1 erspan frame type 31"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dead_ends dead_ends = {.rest = 0};
        add(&dead_ends, cases[i].kind, cases[i].number, 1);
        assert_string_equal(words_since(&dead_ends, &none), cases[i].words);
    }
}

/* Counts a number in the sum, if it has a name. */
static void add_if_known(struct dead_ends *sum, uint32_t kind, uint32_t number)
{
    struct dead_ends one = {.rest = 0};

    add(&one, (enum dead_end_kind)kind, number, 1);
    if (one.others[0].count == 0) {
        dead_ends_merge(sum, &one);
    }
}

/* The table of names is searched as a sorted one: each name must be found. */
static void every_name_is_found_by_its_number(void **state)
{
    struct dead_ends dead_ends = {.rest = 0};
    struct dead_ends_row rows[DEAD_ENDS_ROWS];

    (void)state;
    for (uint32_t kind = DEAD_END_ETHERTYPE; kind <= DEAD_END_OTHER; kind++) {
        for (uint32_t number = 0; number <= UINT16_MAX; number++) {
            add_if_known(&dead_ends, kind, number);
        }
    }
    assert_int_equal(dead_ends_list(&dead_ends, &none, rows), DEAD_ENDS_KNOWN);
    for (size_t i = 0; i < DEAD_ENDS_KNOWN; i++) {
        assert_int_equal(rows[i].count, 1);
        assert_true(i == 0 || strcmp(rows[i - 1].name, rows[i].name) < 0); /* none twice */
    }
}

static void numbers_beyond_the_room_for_them_are_counted_together(void **state)
{
    struct dead_ends dead_ends = {.rest = 0};
    struct dead_ends_row rows[DEAD_ENDS_ROWS];

    (void)state;
    for (uint32_t i = 0; i < DEAD_ENDS_OTHERS + 5; i++) {
        add(&dead_ends, DEAD_END_ETHERTYPE, 0xa000 + i, 1);
    }
    add(&dead_ends, DEAD_END_ETHERTYPE, 0x0806, 1); /* a name has its room */
    add(&dead_ends, DEAD_END_ETHERTYPE, 0xa000, 6);
    assert_int_equal(dead_ends_list(&dead_ends, &none, rows), DEAD_ENDS_OTHERS + 2);
    assert_string_equal(rows[0].name, "ethertype 0xa000");
    assert_int_equal(rows[0].count, 7);
    assert_string_equal(rows[1].name, "other");
    assert_int_equal(rows[1].count, 5);
    assert_string_equal(rows[2].name, "ARP");
}

static void a_list_counts_from_an_earlier_state(void **state)
{
    struct dead_ends now = {.rest = 1};

    (void)state;
    add(&now, DEAD_END_ETHERTYPE, 0x0806, 5);
    add(&now, DEAD_END_ETHERTYPE, 0xa001, 5);
    add(&now, DEAD_END_ETHERTYPE, 0xa002, 5);
    const struct dead_ends before = now;
    add(&now, DEAD_END_ETHERTYPE, 0xa002, 3);
    add(&now, DEAD_END_ETHERTYPE, 0xa003, 2);
    assert_string_equal(words_since(&now, &before), "3 ethertype 0xa002, 2 ethertype 0xa003");
    assert_string_equal(words_since(&now, &now), "");
}

static void merging_adds_name_by_name(void **state)
{
    struct dead_ends a = {.rest = 1};
    struct dead_ends b = {.rest = 2};

    (void)state;
    add(&a, DEAD_END_ETHERTYPE, 0x0806, 1);
    add(&a, DEAD_END_ETHERTYPE, 0xa001, 2);
    add(&b, DEAD_END_ETHERTYPE, 0xa003, 4);
    add(&b, DEAD_END_ETHERTYPE, 0xa001, 3);
    add(&b, DEAD_END_ETHERTYPE, 0x0806, 6);
    dead_ends_merge(&a, &b);
    assert_string_equal(words_since(&a, &none),
                        "7 ARP, 5 ethertype 0xa001, 4 ethertype 0xa003, 3 other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_frequent_come_first_then_names_in_order),
        cmocka_unit_test(what_has_no_name_is_told_by_its_number),
        cmocka_unit_test(every_name_is_found_by_its_number),
        cmocka_unit_test(numbers_beyond_the_room_for_them_are_counted_together),
        cmocka_unit_test(a_list_counts_from_an_earlier_state),
        cmocka_unit_test(merging_adds_name_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
