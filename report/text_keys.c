#include "report/escape.h"
#include "report/format.h"
#include "report/formats.h"
#include "report/sentences.h"
#include "report/text_page.h"

#include <string.h>

enum {
    NAME_COLUMNS = 9,
    NAME_DIGITS = 8,
    FORMAT_COLUMNS = 8,
    COUNT_COLUMNS = 9,
    SMALL_COLUMNS = 7,
    SERVER_COLUMNS = 8,
    TIME_COLUMNS = 22,
    DAY_COLUMNS = 12,
    WIDE_COLUMNS = 100, /* a page with room for times, not only days */
    HOST_COLUMNS = 40,
    SHARED_COLUMNS = 66,
};

static void print_heading(FILE *out, const char *words, bool use_color)
{
    text_page_bold(out, use_color);
    fputs(words, out);
    text_page_plain(out, use_color);
    fputc('\n', out);
}

static void print_count(FILE *out, int columns, uint64_t count)
{
    char text[FORMAT_BYTES];
    fprintf(out, "%*s", columns, format_count(count, text));
}

static uint64_t count_of(int64_t stored)
{
    return stored < 0 ? 0 : (uint64_t)stored; /* a damaged database */
}

static void print_warnings(FILE *out, uint8_t warnings)
{
    for (int warning = 0; warning < TICKET_WARNING_COUNT; warning++) {
        if ((warnings >> warning & 1) != 0) {
            fprintf(out, "  %s\n", sentences_ticket_warning((enum ticket_warning)warning));
        }
    }
}

/* The name is hex, checked by nobody: the file may have been written by anybody. */
static void print_key(FILE *out, const struct key_history_key *key, bool is_wide)
{
    const char *(*const format_when)(int64_t, char *) = is_wide ? format_second : format_day;
    const int columns = is_wide ? TIME_COLUMNS : DAY_COLUMNS;
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];
    const char *format =
        key->format < 0 ? "-" : ticket_layout_name((enum ticket_layout)key->format);

    text_page_name(out, key->name, strnlen(key->name, NAME_DIGITS), NAME_COLUMNS);
    fprintf(out, "%-*s", FORMAT_COLUMNS, format);
    print_count(out, SMALL_COLUMNS, key->hosts);
    print_count(out, SERVER_COLUMNS, key->servers);
    fprintf(out, "%*s%*s", columns, format_when(key->first_seen_ns, first), columns,
            format_when(key->last_seen_ns, last));
    print_count(out, SMALL_COLUMNS, count_of(key->issued_count));
    print_count(out, COUNT_COLUMNS, count_of(key->accepted_count));
    print_count(out, SERVER_COLUMNS, count_of(key->refused_count));
    fputc('\n', out);
    print_warnings(out, key->warnings);
}

static void print_sharing(FILE *out, const struct report_keys *keys, size_t place)
{
    size_t others[KEY_OWNERS_NAMED];
    const size_t count = key_owners_sharing(keys->owners, place, others);

    for (size_t i = 0; i < count && i < KEY_OWNERS_NAMED; i++) {
        const struct wire_text *other = &key_timeline_host(keys->timeline, others[i])->host;
        fputs("  shared with ", out);
        (void)escape_terminal_cut(out, other->text, other->len, SHARED_COLUMNS);
        fputc('\n', out);
    }
    if (count > KEY_OWNERS_NAMED) {
        fputs("  shared with others, too: --format json has ten of each key\n", out);
    }
}

static void print_host(FILE *out, const struct report_keys *keys, size_t place)
{
    const struct key_history_host *host = key_history_host(keys->history, place);
    char text[FORMAT_BYTES];
    const bool has_rotation = host->rotation_ns != HANDSHAKE_NULL;

    text_page_name(out, host->host.text, host->host.len, HOST_COLUMNS);
    print_count(out, SMALL_COLUMNS, host->keys);
    print_count(out, COUNT_COLUMNS, host->at_once);
    print_count(out, COUNT_COLUMNS, host->shared);
    fprintf(out, "%*s\n", COUNT_COLUMNS + 6,
            has_rotation ? format_duration((double)host->rotation_ns, text) : "-");
    print_sharing(out, keys, place);
}

static void print_method(FILE *out)
{
    struct text_sentence sentence = {0};

    text_page_add(
        &sentence,
        "A key is known by its name, from three different tickets on; the same name is no "
        "proof of the same key. At once: the most keys between their first and last sight "
        "at one moment. Shared: those of them that other hosts have, too. New key after: "
        "the median time from one name's first sight to the next one's, at each server.");
    fputc('\n', out);
    text_page_paragraph(out, &sentence);
}

static void print_hosts(FILE *out, const struct report_keys *keys, bool use_color)
{
    char heading[128];

    (void)snprintf(heading, sizeof(heading), "%-*s%*s%*s%*s%*s", HOST_COLUMNS, "host",
                   SMALL_COLUMNS, "keys", COUNT_COLUMNS, "at once", COUNT_COLUMNS, "shared",
                   COUNT_COLUMNS + 6, "new key after");
    fputc('\n', out);
    print_heading(out, heading, use_color);
    for (size_t i = 0; i < key_history_hosts(keys->history); i++) {
        print_host(out, keys, i);
    }
    print_method(out);
}

void text_keys(FILE *out, const struct report_keys *keys, struct formats_state *state)
{
    const struct key_history *history = keys->history;
    const bool is_wide = state->columns >= WIDE_COLUMNS;
    const int columns = is_wide ? TIME_COLUMNS : DAY_COLUMNS;
    char heading[128];

    if (key_history_keys(history) == 0) {
        return;
    }
    (void)snprintf(heading, sizeof(heading), "%-*s%-*s%*s%*s%*s%*s%*s%*s%*s", NAME_COLUMNS, "name",
                   FORMAT_COLUMNS, "format", SMALL_COLUMNS, "hosts", SERVER_COLUMNS, "servers",
                   columns, "first seen", columns, "last seen", SMALL_COLUMNS, "issued",
                   COUNT_COLUMNS, "accepted", SERVER_COLUMNS, "refused");
    text_page_heading(out, "KEYS", state->use_color);
    print_heading(out, heading, state->use_color);
    for (size_t i = 0; i < key_history_keys(history); i++) {
        print_key(out, key_history_key(history, i), is_wide);
    }
    print_hosts(out, keys, state->use_color);
}
