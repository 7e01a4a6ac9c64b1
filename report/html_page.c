#include "report/html_page.h"

#include "report/escape.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define NARROW_SPACE "\xe2\x80\xaf" /* U+202F: does not break either */

static const struct {
    enum report_by by;
    const char *one;
    const char *many;
} words[] = {
    {REPORT_BY_HOST, "host", "hosts"},          {REPORT_BY_CLIENT, "client", "clients"},
    {REPORT_BY_VERSION, "version", "versions"}, {REPORT_BY_APP, "application", "applications"},
    {REPORT_BY_HOUR, "hour", "hours"},          {REPORT_BY_DAY, "day", "days"},
};

static size_t words_of(enum report_by by)
{
    size_t i = 0;

    while (i + 1 < sizeof(words) / sizeof(words[0]) && words[i].by != by) {
        i++;
    }
    return i;
}

const char *html_group_word(enum report_by by)
{
    return words[words_of(by)].one;
}

const char *html_groups_word(enum report_by by)
{
    return words[words_of(by)].many;
}

void html_examples(FILE *out, const struct occurrences *occurrences)
{
    fputs("<td>", out);
    for (size_t i = 0; i < occurrences_examples(occurrences); i++) {
        fprintf(out, "%s%" PRId64, i > 0 ? ", " : "", occurrences->examples[i]);
    }
    fputs("</td>", out);
}

void html_name(FILE *out, const char *name, size_t len)
{
    if (len == 0) {
        fputs("(none)", out);
    } else {
        escape_html(out, name, len);
    }
}

const char *html_count(uint64_t count, char out[FORMAT_BYTES])
{
    char digits[24];
    const size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, count);
    size_t at = 0;

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            memcpy(out + at, NARROW_SPACE, strlen(NARROW_SPACE));
            at += strlen(NARROW_SPACE);
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *html_plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

const char *html_duration(int64_t ns, char out[FORMAT_BYTES])
{
    return format_duration(ns == HANDSHAKE_NULL ? (double)NAN : (double)ns, out);
}

static const char *hint_words(int64_t hint_s, char out[FORMAT_BYTES])
{
    if (hint_s == 0) {
        (void)snprintf(out, FORMAT_BYTES, "left open");
        return out;
    }
    return format_seconds(hint_s, out);
}

const char *html_hints(const struct figures *figures, char out[FORMAT_BYTES])
{
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (figures->hint_min_s == HANDSHAKE_NULL) {
        (void)snprintf(out, FORMAT_BYTES, "-");
    } else if (figures->hint_min_s == figures->hint_max_s) {
        (void)hint_words(figures->hint_min_s, out);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "%.24s to %.24s", hint_words(figures->hint_min_s, low),
                       hint_words(figures->hint_max_s, high));
    }
    return out;
}

unsigned html_share(uint64_t part, uint64_t all)
{
    if (part == 0 || all == 0) {
        return 0;
    }
    const double percent = round(100 * (double)part / (double)all);
    return percent < 1 ? 1 : (unsigned)fmin(percent, 100);
}

void html_table_begin(const struct html_page *page, const char *class_name, const char *caption)
{
    fprintf(page->out, "<div class=\"wide\"><table class=\"%s\"><caption>%s</caption>\n",
            class_name, caption);
}

void html_table_end(const struct html_page *page)
{
    fputs("</table></div>\n", page->out);
}
