#include "report/format.h"

#include "report/decimal.h"

#include "dissect/tls/names.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const int64_t second_ns = 1000000000;

/* The calendar in UTC; the rest of the second in *rest_ns, never negative. */
static struct tm calendar_of(int64_t time_ns, int64_t *rest_ns)
{
    int64_t seconds = time_ns / second_ns;
    int64_t rest = time_ns % second_ns;
    if (rest < 0) {
        rest += second_ns;
        seconds--;
    }
    time_t when = (time_t)seconds;
    struct tm calendar = {0};
    (void)gmtime_r(&when, &calendar); /* 64-bit nanoseconds end in the year 2262 */
    *rest_ns = rest;
    return calendar;
}

/* "2026-11-23T10:15:32" of 19 characters; returns the nanoseconds that remain. */
static int64_t put_calendar(int64_t time_ns, char out[FORMAT_BYTES])
{
    int64_t rest_ns;
    struct tm calendar = calendar_of(time_ns, &rest_ns);

    (void)strftime(out, FORMAT_BYTES, "%Y-%m-%dT%H:%M:%S", &calendar);
    return rest_ns;
}

enum { CALENDAR_DAY = 10, CALENDAR_HOUR = 13, CALENDAR_SECOND = 19 };

const char *format_time(int64_t time_ns, char out[FORMAT_BYTES])
{
    int64_t rest_ns = put_calendar(time_ns, out);

    out[CALENDAR_SECOND] = '.';
    decimal_digits((uint64_t)rest_ns, 9, out + CALENDAR_SECOND + 1);
    memcpy(out + CALENDAR_SECOND + 10, "Z", 2);
    return out;
}

const char *format_second(int64_t time_ns, char out[FORMAT_BYTES])
{
    (void)put_calendar(time_ns, out);
    memcpy(out + CALENDAR_SECOND, "Z", 2);
    return out;
}

const char *format_hour(int64_t time_ns, char out[FORMAT_BYTES])
{
    (void)put_calendar(time_ns, out);
    memcpy(out + CALENDAR_HOUR, ":00Z", 5);
    return out;
}

const char *format_day(int64_t time_ns, char out[FORMAT_BYTES])
{
    (void)put_calendar(time_ns, out);
    out[CALENDAR_DAY] = '\0';
    return out;
}

const char *format_time_of_day(int64_t time_ns, char out[FORMAT_BYTES])
{
    int64_t rest_ns = put_calendar(time_ns, out);
    (void)snprintf(out + CALENDAR_SECOND, FORMAT_BYTES - CALENDAR_SECOND, ".%03" PRId64,
                   rest_ns / 1000000);
    memmove(out, out + CALENDAR_DAY + 1, strlen(out + CALENDAR_DAY + 1) + 1);
    return out;
}

const char *format_address(const struct endpoint *endpoint, char out[FORMAT_BYTES])
{
    static const uint8_t ipv4_mapped[12] = {[10] = 0xff, [11] = 0xff}; /* RFC 4291, 2.5.5.2 */
    bool is_ipv4 = memcmp(endpoint->address, ipv4_mapped, sizeof(ipv4_mapped)) == 0;
    const uint8_t *address = endpoint->address + (is_ipv4 ? sizeof(ipv4_mapped) : 0);

    (void)inet_ntop(is_ipv4 ? AF_INET : AF_INET6, address, out, FORMAT_BYTES);
    return out;
}

const char *format_hash(const struct session_hash *hash, char out[FORMAT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    size_t len = 0;

    for (size_t i = 0; i < sizeof(hash->bytes); i++) {
        out[len++] = digits[hash->bytes[i] >> 4];
        out[len++] = digits[hash->bytes[i] & 15];
    }
    out[len] = '\0';
    return out;
}

static const char *name_or_number(const char *name, uint16_t number, char out[FORMAT_BYTES])
{
    if (name != NULL) {
        (void)snprintf(out, FORMAT_BYTES, "%s", name);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "0x%04x", number);
    }
    return out;
}

const char *format_version(uint16_t version, char out[FORMAT_BYTES])
{
    if (version == 0) {
        out[0] = '\0';
        return out;
    }
    return name_or_number(tls_version_name(version), version, out);
}

const char *format_cipher(uint16_t cipher, char out[FORMAT_BYTES])
{
    return name_or_number(tls_cipher_name(cipher), cipher, out);
}

const char *format_reason(enum reason reason, uint8_t alert, char out[FORMAT_BYTES])
{
    const char *words = reason_name(reason);

    if (words == NULL) {
        out[0] = '\0';
    } else if (reason != REASON_ALERT) {
        (void)snprintf(out, FORMAT_BYTES, "%s", words);
    } else if (tls_alert_name(alert) != NULL) {
        (void)snprintf(out, FORMAT_BYTES, "alert: %s", tls_alert_name(alert));
    } else {
        (void)snprintf(out, FORMAT_BYTES, "alert: %u", alert);
    }
    return out;
}

int64_t format_us(int64_t ns)
{
    int64_t us = ns / 1000;
    int64_t rest = ns % 1000;

    if (rest >= 500) {
        return us + 1;
    }
    return rest <= -500 ? us - 1 : us;
}

_Static_assert((int)FORMAT_BYTES == (int)DECIMAL_BYTES, "a figure has room for any number");

static const char *dash(char out[FORMAT_BYTES])
{
    memcpy(out, "-", 2);
    return out;
}

/* A number and what follows it; all of it is cut where there is no more room. */
static const char *put_fixed(double value, unsigned decimals, const char *unit,
                             char out[FORMAT_BYTES])
{
    const size_t len = decimal_fixed(value, decimals, out);
    const size_t unit_len = strlen(unit);
    const size_t room = FORMAT_BYTES - 1 - len;
    const size_t taken = unit_len < room ? unit_len : room;

    memcpy(out + len, unit, taken);
    out[len + taken] = '\0';
    return out;
}

/* Three digits, more for large values: 1.23, 45.6, 789, 12345. */
static void three_digits(double value, const char *unit, char out[FORMAT_BYTES])
{
    double size = fabs(value);
    unsigned decimals = 0;

    if (size > 0 && size < 9.995) {
        decimals = 2;
    } else if (size > 0 && size < 99.95) {
        decimals = 1;
    }
    (void)put_fixed(value, decimals, unit, out);
}

const char *format_ms(double ns, char out[FORMAT_BYTES])
{
    if (isnan(ns)) {
        return dash(out);
    }
    if (fabs(ns) < 99999.5e6) {
        three_digits(ns / 1e6, "", out);
    } else if (fabs(ns) < 99999.5e9) {
        three_digits(ns / 1e9, "s", out);
    } else {
        three_digits(ns / 86400e9, "d", out);
    }
    return out;
}

const char *format_duration(double ns, char out[FORMAT_BYTES])
{
    static const struct {
        double below_ns;
        double unit_ns;
        const char *name;
    } units[] = {
        {0.9995e9, 1e6, " ms"},   {120e9, 1e9, " s"},        {7200e9, 60e9, " min"},
        {172800e9, 3600e9, " h"}, {INFINITY, 86400e9, " d"},
    };
    size_t unit = 0;

    if (isnan(ns)) {
        return dash(out);
    }
    while (fabs(ns) >= units[unit].below_ns) {
        unit++;
    }
    three_digits(ns / units[unit].unit_ns, units[unit].name, out);
    return out;
}

const char *format_seconds(int64_t seconds, char out[FORMAT_BYTES])
{
    static const struct {
        int64_t from;
        int64_t unit;
        const char *name;
    } units[] = {{86400, 86400, " d"}, {3600, 3600, " h"}, {120, 60, " min"}};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (seconds < units[i].from) {
            continue;
        }
        double value = (double)seconds / (double)units[i].unit;
        bool is_whole = seconds % units[i].unit == 0 || value >= 99.95;
        return put_fixed(value, is_whole ? 0 : 1, units[i].name, out);
    }
    if (seconds >= 0) {
        memcpy(out + decimal_whole((uint64_t)seconds, out), " s", 3);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%" PRId64 " s", seconds);
    }
    return out;
}

const char *format_rate(double rate, char out[FORMAT_BYTES])
{
    if (isnan(rate)) {
        return dash(out);
    }
    return put_fixed(rate * 100, 1, " %", out);
}

const char *format_count(uint64_t count, char out[FORMAT_BYTES])
{
    if (count < 10000000) {
        (void)decimal_whole(count, out);
    } else if (count < 1000000000) {
        three_digits((double)count / 1e6, "M", out);
    } else {
        three_digits((double)count / 1e9, "G", out);
    }
    return out;
}

const char *format_bytes(uint64_t bytes, char out[FORMAT_BYTES])
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    double amount = (double)bytes / 1024;
    size_t unit = 0;

    if (bytes < 1024) {
        (void)snprintf(out, FORMAT_BYTES, "%" PRIu64 " B", bytes);
        return out;
    }
    while (amount >= 1023.5 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        amount /= 1024;
        unit++;
    }
    (void)snprintf(out, FORMAT_BYTES, "%.*f %s", amount < 99.95 ? 1 : 0, amount, units[unit]);
    return out;
}
