#include "report/report_keys.h"

static bool no_memory(struct error *error)
{
    return error_set(error, "not enough memory for the report");
}

bool report_keys_finish(struct report_keys *keys)
{
    keys->owners = key_owners_new(keys->timeline);
    return keys->owners != NULL && key_history_finish(keys->history);
}

static bool read_all(struct report_keys *keys, struct query *query,
                     const struct query_filter *filter, struct error *error)
{
    struct key_use_record use;
    enum query_result result;

    if (!query_begin_keys(query, filter, error)) {
        return false;
    }
    while ((result = query_next_key(query, &use, error)) == QUERY_ROW) {
        if (!key_history_add(keys->history, &use) || !key_timeline_add(keys->timeline, &use)) {
            return no_memory(error);
        }
    }
    return result == QUERY_DONE && (report_keys_finish(keys) || no_memory(error));
}

bool report_keys_read(struct report_keys *keys, struct query *query,
                      const struct query_filter *filter, struct error *error)
{
    *keys = (struct report_keys){key_history_new(), key_timeline_new(), NULL};
    const bool is_read = keys->history != NULL && keys->timeline != NULL
                             ? read_all(keys, query, filter, error)
                             : no_memory(error);
    if (!is_read) {
        report_keys_clear(keys);
    }
    return is_read;
}

void report_keys_clear(struct report_keys *keys)
{
    key_owners_free(keys->owners);
    key_history_free(keys->history);
    key_timeline_free(keys->timeline);
    *keys = (struct report_keys){NULL, NULL, NULL};
}
