#include "app/time_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static const int64_t second = 1000000000;
static const int64_t now = INT64_C(1788266096) * 1000000000 + 5; /* 2026-09-01T12:34:56Z */

static void expect(const char *text, int64_t expected)
{
    int64_t out = 77;

    if (!time_words_parse(text, now, &out)) {
        fail_msg("\"%s\" was not understood", text);
    }
    if (out != expected) {
        fail_msg("\"%s\" is %lld, not %lld", text, (long long)out, (long long)expected);
    }
}

static void parse_reads_rfc3339(void **state)
{
    (void)state;
    expect("1970-01-01T00:00:00Z", 0);
    expect("2026-09-01T12:34:56Z", 1788266096 * second);
    expect("2026-09-01t12:34:56z", 1788266096 * second);
    expect("2026-09-01 12:34:56Z", 1788266096 * second);
    expect("2026-09-01T14:34:56+02:00", 1788266096 * second);
    expect("2026-09-01T07:04:56-05:30", 1788266096 * second);
    expect("2026-09-01T12:34:56.25Z", 1788266096 * second + 250000000);
    expect("2026-09-01T12:34:56.000000001Z", 1788266096 * second + 1);
    expect("2026-09-01T12:34:56.0000000019999Z", 1788266096 * second + 1);
    expect("2016-12-31T23:59:60Z", 1483228800 * second);
    expect("1969-12-31T23:59:59Z", -second);
}

static void parse_reads_dates_as_midnight_utc(void **state)
{
    (void)state;
    expect("1970-01-02", 86400 * second);
    expect("2000-02-29", 951782400 * second);
    expect("2024-02-29", 1709164800 * second);
    expect("2026-09-01", 1788220800 * second);
    expect("2100-03-01", 4107542400 * second);
}

static void parse_reads_seconds_since_the_epoch(void **state)
{
    (void)state;
    expect("@0", 0);
    expect("@1788266096", 1788266096 * second);
    expect("@1788266096.5", 1788266096 * second + second / 2);
}

static void parse_reads_how_long_ago(void **state)
{
    (void)state;
    expect("now", now);
    expect("-0s", now);
    expect("-90s", now - 90 * second);
    expect("-15m", now - 900 * second);
    expect("-24h", now - 86400 * second);
    expect("-7d", now - 604800 * second);
    expect("-2w", now - 1209600 * second);
}

static void parse_knows_local_days(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZ", "UTC0", 1), 0);
    tzset();
    expect("today", 1788220800 * second);
    expect("yesterday", (1788220800 - 86400) * second);
    /* Three hours east: the day began at 21:00 UTC. */
    assert_int_equal(setenv("TZ", "EAST-3", 1), 0);
    tzset();
    expect("today", (1788220800 - 10800) * second);
}

static void parse_knows_days_of_23_hours(void **state)
{
    const int64_t afternoon = INT64_C(1774792800) * second; /* 2026-03-29T14:00Z, 16:00 there */
    int64_t today;
    int64_t yesterday;

    (void)state;
    assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
    tzset();
    assert_true(time_words_parse("today", afternoon, &today));
    assert_true(time_words_parse("yesterday", afternoon, &yesterday));
    assert_int_equal(today - yesterday, 86400 * second);
    assert_int_equal(afternoon - today, 54000 * second);
}

static void expect_refused(const char *text)
{
    int64_t out = 77;

    if (time_words_parse(text, now, &out)) {
        fail_msg("\"%s\" was taken for %lld", text, (long long)out);
    }
    assert_int_equal(out, 77);
}

static void parse_refuses_what_is_no_time(void **state)
{
    static const char *const texts[] = {"",
                                        "soon",
                                        "Today",
                                        "today ",
                                        "1788266096",
                                        "@",
                                        "@-1",
                                        "@1.",
                                        "@1.x",
                                        "@1x",
                                        "@99999999999",
                                        "@99999999999999999999",
                                        "-",
                                        "-h",
                                        "-24",
                                        "-24x",
                                        "-24hh",
                                        "24h",
                                        "-99999999999999999999s",
                                        "-99999999999w",
                                        "2026",
                                        "2026-09",
                                        "2026-9-1",
                                        "2026-00-01",
                                        "2026-13-01",
                                        "2026-09-00",
                                        "2026-09-31",
                                        "2026-02-29",
                                        "1900-02-29",
                                        "2026-09-01T",
                                        "2026-09-01T12",
                                        "2026-09-01T12:34",
                                        "2026-09-01T12:34:56",
                                        "2026-09-01T24:00:00Z",
                                        "2026-09-01T12:60:00Z",
                                        "2026-09-01T12:34:61Z",
                                        "2026-09-01T12:34:56.Z",
                                        "2026-09-01T12:34:56+0200",
                                        "2026-09-01T12:34:56+24:00",
                                        "2026-09-01T12:34:56+02:60",
                                        "2026-09-01T12:34:56Zx",
                                        "1600-01-01",
                                        "2300-01-01"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        expect_refused(texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_reads_rfc3339),
        cmocka_unit_test(parse_reads_dates_as_midnight_utc),
        cmocka_unit_test(parse_reads_seconds_since_the_epoch),
        cmocka_unit_test(parse_reads_how_long_ago),
        cmocka_unit_test(parse_knows_local_days),
        cmocka_unit_test(parse_knows_days_of_23_hours),
        cmocka_unit_test(parse_refuses_what_is_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
