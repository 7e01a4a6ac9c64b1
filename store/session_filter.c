#include "store/session_filter.h"

#include "store/statements.h"

#include <stdlib.h>

enum { LINE_WORDS = 8, LINE_BITS = 512, BITS_OF_EACH = 5, LINE_SHIFT = 32 - 17 };

_Static_assert(SESSION_FILTER_LINES == 1 << 17, "the highest bits of 32 are a line's number");

void session_filter_clear(struct session_filter *filter)
{
    free(filter->words);
    *filter = (struct session_filter){0};
}

/* Tags are parts of keyed hashes: their bits are as good as random. The highest choose the line, so
 * that the index, which is read in the order of tags, fills one line after the other. */
static uint64_t *line_of(const struct session_filter *filter, int64_t tag)
{
    const uint64_t line = ((uint64_t)tag >> LINE_SHIFT) % SESSION_FILTER_LINES;

    return &filter->words[line * LINE_WORDS];
}

/* The others choose bits of it; they are fewer than these need. */
static uint64_t bits_of(int64_t tag)
{
    const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 / golden ratio */
    const uint64_t bits = (uint64_t)tag * odd;

    return bits ^ bits >> 32;
}

static uint64_t next_bit(uint64_t *bits)
{
    const uint64_t bit = *bits % LINE_BITS;

    *bits /= LINE_BITS;
    return bit;
}

void session_filter_add(struct session_filter *filter, int64_t tag)
{
    uint64_t bits = bits_of(tag);

    if (filter->words == NULL) {
        return;
    }
    uint64_t *const line = line_of(filter, tag);
    for (int i = 0; i < BITS_OF_EACH; i++) {
        const uint64_t bit = next_bit(&bits);
        line[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static bool may_have(const struct session_filter *filter, int64_t tag)
{
    uint64_t bits = bits_of(tag);
    const uint64_t *const line = line_of(filter, tag);
    bool is_possible = true;

    for (int i = 0; i < BITS_OF_EACH; i++) {
        const uint64_t bit = next_bit(&bits);
        is_possible = is_possible && (line[bit / 64] >> bit % 64 & 1) != 0;
    }
    return is_possible;
}

bool session_filter_excludes(struct session_filter *filter, int64_t tag)
{
    const bool is_read = filter->is_whole || (filter->has_read && tag <= filter->read);

    if (is_read && !may_have(filter, tag)) {
        return true;
    }
    filter->lookups++;
    return false;
}

/* Without memory for it there is none. */
static bool is_wanted(struct session_filter *filter)
{
    if (filter->is_whole || filter->lookups < SESSION_FILTER_LOOKUPS) {
        return false;
    }
    if (filter->words == NULL) {
        filter->words = calloc((size_t)SESSION_FILTER_LINES * LINE_WORDS, sizeof(*filter->words));
    }
    return filter->words != NULL;
}

static void take_tag(struct session_filter *filter, sqlite3_stmt *statement)
{
    filter->read = sqlite3_column_int64(statement, 0);
    filter->has_read = true;
    session_filter_add(filter, filter->read);
}

bool session_filter_read(struct session_filter *filter, struct database *db, struct error *error)
{
    sqlite3_stmt *const statement = db->statements[WRITE_READ_TAGS];
    enum database_step step;
    int count = 0;

    if (!is_wanted(filter)) {
        return true;
    }
    (void)sqlite3_bind_int64(statement, 1, filter->has_read ? filter->read : INT64_MIN);
    (void)sqlite3_bind_int(statement, 2, SESSION_FILTER_PIECE);
    while ((step = database_step(db, WRITE_READ_TAGS, error)) == DATABASE_ROW) {
        take_tag(filter, statement);
        count++;
    }
    filter->is_whole = step == DATABASE_DONE && count < SESSION_FILTER_PIECE;
    return step == DATABASE_DONE;
}
