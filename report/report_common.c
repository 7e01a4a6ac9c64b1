#include "report/report_common.h"

#include "base/keyed_hash.h"

#include <errno.h>
#include <string.h>

bool report_no_memory(struct error *error)
{
    return error_set(error, "not enough memory for the report");
}

bool report_all_taken(enum query_result result, struct error *error)
{
    return result == QUERY_DONE || (result == QUERY_ROW && report_no_memory(error));
}

bool report_random_key(uint8_t key[NAME_TABLE_KEY_BYTES], struct error *error)
{
    return keyed_hash_random(key, NAME_TABLE_KEY_BYTES) ||
           error_set(error, "the system has no random numbers to give");
}

bool report_is_written(FILE *out, struct error *error)
{
    if (fflush(out) != 0 || ferror(out) != 0) {
        return error_set(error, "the report could not be written: %s", strerror(errno));
    }
    return true;
}

struct formats_state report_state_of(const struct report_options *options)
{
    return (struct formats_state){
        .use_color = options->use_color, .columns = options->columns, .now_ns = options->now_ns};
}
