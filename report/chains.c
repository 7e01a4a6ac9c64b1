#include "report/chains.h"

#include "report/array.h"
#include "report/statistics.h"

#include <stdlib.h>

static bool reserve(struct chains *chains)
{
    int64_t *lengths = array_reserve(chains->lengths, &chains->length_capacity, chains->count + 1,
                                     sizeof(*lengths));
    if (lengths == NULL) {
        return false;
    }
    chains->lengths = lengths;
    int64_t *spans =
        array_reserve(chains->spans_s, &chains->span_capacity, chains->count + 1, sizeof(*spans));
    if (spans == NULL) {
        return false;
    }
    chains->spans_s = spans;
    return true;
}

/* Times of a damaged database: any two can be given. */
static int64_t span_of(const struct session_record *session)
{
    if (session->issued_ns == HANDSHAKE_NULL || session->chain_start_ns == HANDSHAKE_NULL ||
        session->issued_ns < session->chain_start_ns) {
        return HANDSHAKE_NULL;
    }
    return (int64_t)(((uint64_t)session->issued_ns - (uint64_t)session->chain_start_ns) /
                     1000000000U);
}

bool chains_add(struct chains *chains, const struct session_record *session)
{
    if (session->chain_length < 2 || session->is_renewed) {
        return true;
    }
    if (!reserve(chains)) {
        return false;
    }
    chains->lengths[chains->count] = session->chain_length;
    chains->spans_s[chains->count++] = span_of(session);
    return true;
}

/* Those that are known, in the front; returns how many. */
static size_t keep_known(int64_t *values, size_t count)
{
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        if (values[i] != HANDSHAKE_NULL) {
            values[known++] = values[i];
        }
    }
    return known;
}

static void sum_up(int64_t *values, size_t count, int64_t *longest, int64_t *median)
{
    *longest = HANDSHAKE_NULL;
    *median = HANDSHAKE_NULL;
    if (count > 0) {
        statistics_sort(values, count);
        *longest = values[count - 1];
        *median = statistics_sorted_median(values, count);
    }
}

void chains_finish(struct chains *chains, struct chain_figures *out)
{
    out->count = chains->count;
    sum_up(chains->lengths, chains->count, &out->longest, &out->median);
    sum_up(chains->spans_s, keep_known(chains->spans_s, chains->count), &out->longest_s,
           &out->median_s);
    chains->count = 0;
}

void chains_clear(struct chains *chains)
{
    free(chains->lengths);
    free(chains->spans_s);
    *chains = (struct chains){0};
}
