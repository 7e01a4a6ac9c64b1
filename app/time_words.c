#include "app/time_words.h"

#include "app/clock.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

/* Text not yet read. Every getter either advances, or returns false and changes nothing. */
struct text {
    const char *at;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_char(struct text *text, const char *allowed)
{
    if (*text->at == '\0' || strchr(allowed, *text->at) == NULL) {
        return false;
    }
    text->at++;
    return true;
}

/* Exactly `digits` digits, as a number from least to most. */
static bool take_fixed(struct text *text, unsigned digits, int least, int *out)
{
    int value = 0;

    for (unsigned i = 0; i < digits; i++) {
        if (!is_digit(text->at[i])) {
            return false;
        }
        value = value * 10 + (text->at[i] - '0');
    }
    if (value < least) {
        return false;
    }
    text->at += digits;
    *out = value;
    return true;
}

/* Digits, as many as there are, of a number that fits 64 bits. */
static bool take_number(struct text *text, int64_t *out)
{
    const char *at = text->at;
    int64_t value = 0;

    if (!is_digit(*at)) {
        return false;
    }
    for (; is_digit(*at); at++) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *at - '0', &value)) {
            return false;
        }
    }
    text->at = at;
    *out = value;
    return true;
}

/* An optional fraction of a second; digits beyond nanoseconds are read and dropped. */
static bool take_fraction(struct text *text, int64_t *out_ns)
{
    const char *at = text->at;
    int64_t unit = CLOCK_SECOND_NS / 10;
    int64_t value = 0;

    if (*at != '.') {
        *out_ns = 0;
        return true;
    }
    if (!is_digit(at[1])) {
        return false;
    }
    for (at++; is_digit(*at); at++) {
        value += (*at - '0') * unit;
        unit /= 10;
    }
    text->at = at;
    *out_ns = value;
    return true;
}

static bool to_ns(int64_t seconds, int64_t fraction_ns, int64_t *out)
{
    int64_t value;

    if (__builtin_mul_overflow(seconds, CLOCK_SECOND_NS, &value) ||
        __builtin_add_overflow(value, fraction_ns, &value) || value == INT64_MIN) {
        return false;
    }
    *out = value;
    return true;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, with the year beginning in March so
 * that the leap day comes last. */
static int64_t days_since_epoch(int year, int month, int day)
{
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t month_from_march = month <= 2 ? month + 9 : month - 3;
    const int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;

    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && is_leap ? 29 : days[month - 1];
}

/* full-date of RFC 3339, 5.6. */
static bool take_date(struct text *text, int64_t *out_days)
{
    struct text at = *text;
    int year;
    int month;
    int day;

    if (!take_fixed(&at, 4, 1, &year) || !take_char(&at, "-") || !take_fixed(&at, 2, 1, &month) ||
        !take_char(&at, "-") || !take_fixed(&at, 2, 1, &day)) {
        return false;
    }
    if (month > 12 || day > days_in_month(year, month)) {
        return false;
    }
    *text = at;
    *out_days = days_since_epoch(year, month, day);
    return true;
}

/* time-offset of RFC 3339: "Z" or +hh:mm or -hh:mm, as seconds east. */
static bool take_offset(struct text *text, int64_t *out_s)
{
    int hours;
    int minutes;

    if (take_char(text, "Zz")) {
        *out_s = 0;
        return true;
    }
    const int64_t sign = *text->at == '-' ? -1 : 1;
    if (!take_char(text, "+-") || !take_fixed(text, 2, 0, &hours) || !take_char(text, ":") ||
        !take_fixed(text, 2, 0, &minutes) || hours > 23 || minutes > 59) {
        return false;
    }
    *out_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* full-time of RFC 3339, as seconds of the day in UTC; second 60 is a leap second. */
static bool take_time(struct text *text, int64_t *out_s, int64_t *out_fraction_ns)
{
    int hour;
    int minute;
    int second;
    int64_t offset_s;

    if (!take_fixed(text, 2, 0, &hour) || !take_char(text, ":") ||
        !take_fixed(text, 2, 0, &minute) || !take_char(text, ":") ||
        !take_fixed(text, 2, 0, &second) || !take_fraction(text, out_fraction_ns) ||
        !take_offset(text, &offset_s)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    *out_s = hour * 3600 + minute * 60 + second - offset_s;
    return true;
}

static bool parse_rfc3339(struct text text, int64_t *out)
{
    int64_t days;
    int64_t seconds = 0;
    int64_t fraction_ns = 0;

    if (!take_date(&text, &days)) {
        return false;
    }
    if (*text.at != '\0' &&
        (!take_char(&text, "Tt ") || !take_time(&text, &seconds, &fraction_ns))) {
        return false;
    }
    return *text.at == '\0' && to_ns(days * 86400 + seconds, fraction_ns, out);
}

static bool parse_epoch(struct text text, int64_t *out)
{
    int64_t seconds;
    int64_t fraction_ns;

    return take_char(&text, "@") && take_number(&text, &seconds) &&
           take_fraction(&text, &fraction_ns) && *text.at == '\0' &&
           to_ns(seconds, fraction_ns, out);
}

/* Seconds of a unit that is the whole rest of a text; 0: no such unit. */
static int64_t unit_seconds(const char *text)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(units[i].unit, text) == 0) {
            return units[i].seconds;
        }
    }
    return 0;
}

static bool parse_ago(struct text text, int64_t now_ns, int64_t *out)
{
    int64_t count;
    int64_t ago_ns;
    int64_t result;

    if (!take_char(&text, "-") || !take_number(&text, &count)) {
        return false;
    }
    const int64_t unit = unit_seconds(text.at);
    if (unit == 0 || __builtin_mul_overflow(count, unit, &count) || !to_ns(count, 0, &ago_ns) ||
        __builtin_sub_overflow(now_ns, ago_ns, &result) || result == INT64_MIN) {
        return false;
    }
    *out = result;
    return true;
}

/* The midnight with which a day began: today's, or that of days before. mktime puts the date
 * right and knows the zone's changes, so a day may have 23 or 25 hours. */
static bool local_midnight(int64_t now_ns, int days_ago, int64_t *out)
{
    const time_t now = (time_t)(now_ns / CLOCK_SECOND_NS);
    struct tm date;

    if (localtime_r(&now, &date) == NULL) {
        return false;
    }
    date.tm_hour = 0;
    date.tm_min = 0;
    date.tm_sec = 0;
    date.tm_mday -= days_ago;
    date.tm_isdst = -1;
    const time_t midnight = mktime(&date);
    return midnight != (time_t)-1 && to_ns(midnight, 0, out);
}

bool time_words_parse(const char *text, int64_t now_ns, int64_t *out)
{
    const struct text whole = {text};

    if (strcmp(text, "now") == 0) {
        *out = now_ns;
        return true;
    }
    if (strcmp(text, "today") == 0) {
        return local_midnight(now_ns, 0, out);
    }
    if (strcmp(text, "yesterday") == 0) {
        return local_midnight(now_ns, 1, out);
    }
    return parse_epoch(whole, out) || parse_ago(whole, now_ns, out) || parse_rfc3339(whole, out);
}
