#include "report/formats.h"
#include "report/report.h"

#include <string.h>

static const struct {
    const char *word;
    enum report_by by;
} groupings[] = {
    {"host", REPORT_BY_HOST}, {"client", REPORT_BY_CLIENT}, {"version", REPORT_BY_VERSION},
    {"app", REPORT_BY_APP},   {"hour", REPORT_BY_HOUR},     {"day", REPORT_BY_DAY},
};

static const struct {
    const char *word;
    enum report_sort sort;
} sorts[] = {
    {"handshakes", REPORT_SORT_HANDSHAKES},
    {"name", REPORT_SORT_NAME},
    {"rate", REPORT_SORT_RATE},
    {"refused", REPORT_SORT_REFUSED},
    {"saved", REPORT_SORT_SAVED},
};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

bool report_format_parse(const char *word, enum report_kind kind, enum report_format *out)
{
    const struct formats_entry *entry = formats_by_word(word);
    if (entry == NULL || !formats_has(entry, kind)) {
        return false;
    }
    *out = entry->format;
    return true;
}

void report_format_words(enum report_kind kind, char out[REPORT_WORDS_BYTES])
{
    size_t len = 0;
    const struct formats_entry *entry;

    out[0] = '\0';
    for (size_t i = 0; (entry = formats_at(i)) != NULL; i++) {
        if (formats_has(entry, kind) && !entry->is_alias) {
            len += (size_t)snprintf(out + len, REPORT_WORDS_BYTES - len, "%s%s",
                                    len > 0 ? ", " : "", entry->word);
        }
    }
}

bool report_by_parse(const char *word, enum report_by *out)
{
    for (size_t i = 0; i < COUNT_OF(groupings); i++) {
        if (strcmp(groupings[i].word, word) == 0) {
            *out = groupings[i].by;
            return true;
        }
    }
    return false;
}

bool report_sort_parse(const char *word, enum report_sort *out)
{
    for (size_t i = 0; i < COUNT_OF(sorts); i++) {
        if (strcmp(sorts[i].word, word) == 0) {
            *out = sorts[i].sort;
            return true;
        }
    }
    return false;
}

const char *report_by_name(enum report_by by)
{
    for (size_t i = 0; i < COUNT_OF(groupings); i++) {
        if (groupings[i].by == by) {
            return groupings[i].word;
        }
    }
    return NULL;
}
