#include "tests/report/records.h"

#include "report/format.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void times_are_rfc3339_in_utc_with_nanoseconds(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];

    assert_string_equal(format_time(0, text), "1970-01-01T00:00:00.000000000Z");
    assert_string_equal(format_time(records_start_ns + 1, text), "2026-03-01T10:00:00.000000001Z");
    assert_string_equal(format_time(-1, text), "1969-12-31T23:59:59.999999999Z");
    assert_string_equal(format_time(INT64_MAX, text), "2262-04-11T23:47:16.854775807Z");
    assert_string_equal(format_time(INT64_MIN + 1, text), "1677-09-21T00:12:43.145224193Z");
    assert_string_equal(format_second(records_start_ns + 999999999, text), "2026-03-01T10:00:00Z");
    assert_string_equal(format_hour(records_start_ns + 3599 * 1000000000LL, text),
                        "2026-03-01T10:00Z");
    assert_string_equal(format_day(records_start_ns, text), "2026-03-01");
    assert_string_equal(format_time_of_day(records_start_ns + 7654321, text), "10:00:00.007");
}

static void addresses_are_bare(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];
    struct endpoint ipv4 = records_endpoint("192.0.2.255", 443);
    struct endpoint ipv6 = records_endpoint("2001:db8::1", 443);

    assert_string_equal(format_address(&ipv4, text), "192.0.2.255");
    assert_string_equal(format_address(&ipv6, text), "2001:db8::1");
}

static void names_fall_back_to_numbers(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];

    assert_string_equal(format_version(0x0303, text), "TLSv1.2");
    assert_string_equal(format_version(0xfefd, text), "DTLSv1.2");
    assert_string_equal(format_version(0x1234, text), "0x1234");
    assert_string_equal(format_version(0, text), "");
    assert_string_equal(format_cipher(0x1301, text), "TLS_AES_128_GCM_SHA256");
    assert_string_equal(format_cipher(0xfafa, text), "0xfafa");
}

static void every_name_fits_its_room(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];

    for (unsigned number = 0; number <= 0xffff; number++) {
        assert_true(strlen(format_cipher((uint16_t)number, text)) < FORMAT_BYTES - 1);
        assert_true(strlen(format_version((uint16_t)number, text)) <= 8);
    }
    for (unsigned alert = 0; alert < 256; alert++) {
        assert_true(strlen(format_reason(REASON_ALERT, (uint8_t)alert, text)) < FORMAT_BYTES - 1);
    }
}

static void reasons_are_words(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];

    assert_string_equal(format_reason(REASON_NONE, 40, text), "");
    assert_string_equal(format_reason(REASON_RESET, 40, text), reason_name(REASON_RESET));
    assert_string_equal(format_reason(REASON_ALERT, 40, text), "alert: handshake_failure");
    assert_string_equal(format_reason(REASON_ALERT, 255, text), "alert: 255");
}

static void microseconds_round_half_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(format_us(0), 0);
    assert_int_equal(format_us(499), 0);
    assert_int_equal(format_us(500), 1);
    assert_int_equal(format_us(1499), 1);
    assert_int_equal(format_us(1500), 2);
    assert_int_equal(format_us(-499), 0);
    assert_int_equal(format_us(-500), -1);
    assert_int_equal(format_us(-1500), -2);
    assert_int_equal(format_us(INT64_MAX), 9223372036854776);
}

static void milliseconds_have_sensible_digits(void **state)
{
    (void)state;
    static const struct {
        double ns;
        const char *text;
    } cases[] = {
        {0, "0"},           {1230000, "1.23"},    {9994000, "9.99"},  {9996000, "10.0"},
        {45600000, "45.6"}, {99960000, "100"},    {1234e6, "1234"},   {-1230000, "-1.23"},
        {-45.6e6, "-45.6"}, {99999.4e6, "99999"}, {100000e6, "100s"}, {-3600e9, "-3600s"},
        {1e15, "11.6d"},    {(double)NAN, "-"},
    };
    char text[FORMAT_BYTES];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(format_ms(cases[i].ns, text), cases[i].text);
    }
}

static void durations_choose_their_unit(void **state)
{
    (void)state;
    static const struct {
        double ns;
        const char *text;
    } cases[] = {
        {0, "0 ms"},         {1234567, "1.23 ms"}, {999e6, "999 ms"},   {999.9e6, "1.00 s"},
        {1.5e9, "1.50 s"},   {119e9, "119 s"},     {120e9, "2.00 min"}, {7200e9, "2.00 h"},
        {-1.5e9, "-1.50 s"}, {172800e9, "2.00 d"}, {(double)NAN, "-"},
    };
    char text[FORMAT_BYTES];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(format_duration(cases[i].ns, text), cases[i].text);
    }
}

static void lifetimes_choose_their_unit(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {
        {0, "0 s"},
        {100, "100 s"},
        {119, "119 s"},
        {120, "2 min"},
        {150, "2.5 min"},
        {300, "5 min"},
        {3600, "1 h"},
        {7200, "2 h"},
        {64800, "18 h"},
        {86400, "1 d"},
        {90000, "1.0 d"},
        {604800, "7 d"},
        {4294967295, "49710 d"},
        {-5, "-5 s"},
    };
    char text[FORMAT_BYTES];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(format_seconds(cases[i].seconds, text), cases[i].text);
    }
}

/* 102348 / 1024 = 99.949; 1048064 / 1024 = 1023.5; 2^64 / 2^40 = 2^24. */
static void bytes_choose_their_unit(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];

    assert_string_equal(format_bytes(0, text), "0 B");
    assert_string_equal(format_bytes(1023, text), "1023 B");
    assert_string_equal(format_bytes(1024, text), "1.0 KiB");
    assert_string_equal(format_bytes(2560, text), "2.5 KiB");
    assert_string_equal(format_bytes(102348, text), "99.9 KiB");
    assert_string_equal(format_bytes(102400, text), "100 KiB");
    assert_string_equal(format_bytes(1048063, text), "1023 KiB");
    assert_string_equal(format_bytes(1048064, text), "1.0 MiB");
    assert_string_equal(format_bytes(UINT64_MAX, text), "16777216 TiB");
}

static void rates_and_counts(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];

    assert_string_equal(format_rate(0, text), "0.0 %");
    assert_string_equal(format_rate(1, text), "100.0 %");
    assert_string_equal(format_rate(47.0 / 60, text), "78.3 %");
    assert_string_equal(format_rate((double)NAN, text), "-");
    assert_string_equal(format_count(9999999, text), "9999999");
    assert_string_equal(format_count(10000000, text), "10.0M");
    assert_string_equal(format_count(1234567890123, text), "1235G");
}

static void hashes_are_hex(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];
    const struct session_hash hash = {true, {0x00, 0xff, 0x1a}};

    assert_string_equal(format_hash(&hash, text), "00ff1a00000000000000000000000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_rfc3339_in_utc_with_nanoseconds),
        cmocka_unit_test(addresses_are_bare),
        cmocka_unit_test(names_fall_back_to_numbers),
        cmocka_unit_test(every_name_fits_its_room),
        cmocka_unit_test(reasons_are_words),
        cmocka_unit_test(microseconds_round_half_away_from_zero),
        cmocka_unit_test(milliseconds_have_sensible_digits),
        cmocka_unit_test(durations_choose_their_unit),
        cmocka_unit_test(lifetimes_choose_their_unit),
        cmocka_unit_test(rates_and_counts),
        cmocka_unit_test(bytes_choose_their_unit),
        cmocka_unit_test(hashes_are_hex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
