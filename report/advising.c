#include "report/advising.h"

static bool no_memory(struct error *error)
{
    return error_set(error, "not enough memory for the report");
}

static bool read_keys(struct query *query, const struct query_filter *filter, struct advice *advice,
                      struct error *error)
{
    struct key_use_record use;
    enum query_result result;

    if (!query_begin_keys(query, filter, error)) {
        return false;
    }
    while ((result = query_next_key(query, &use, error)) == QUERY_ROW) {
        if (!advice_add_key(advice, &use)) {
            return no_memory(error);
        }
    }
    return result == QUERY_DONE && (advice_finish(advice) || no_memory(error));
}

struct advice *advising_read(struct query *query, const struct query_filter *filter,
                             const struct summary *summary, struct host_counts_table *counts,
                             struct error *error)
{
    struct advice *advice = advice_new(summary, counts);

    if (advice == NULL) {
        (void)no_memory(error);
        return NULL;
    }
    if (!read_keys(query, filter, advice, error)) {
        advice_free(advice);
        return NULL;
    }
    return advice;
}
