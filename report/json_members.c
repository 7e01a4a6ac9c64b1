#include "report/json_members.h"

#include <inttypes.h>

void json_member(FILE *out, const char *key, const struct value *value)
{
    fprintf(out, ", \"%s\": ", key);
    value_print_json(out, value);
}

void json_integer(FILE *out, const char *key, int64_t integer)
{
    struct value value;

    value_set_integer(&value, integer);
    json_member(out, key, &value);
}

void json_time(FILE *out, const char *key, int64_t time_ns)
{
    struct value value;

    value_set_time(&value, time_ns);
    json_member(out, key, &value);
}

void json_occurrences(FILE *out, const struct occurrences *occurrences)
{
    json_time(out, "first", occurrences->first_ns);
    json_time(out, "last", occurrences->last_ns);
    fputs(", \"examples\": [", out);
    for (size_t i = 0; i < occurrences_examples(occurrences); i++) {
        fprintf(out, "%s%" PRId64, i > 0 ? ", " : "", occurrences->examples[i]);
    }
    fputs("]", out);
}

void json_ticket_warnings(FILE *out, uint8_t warnings)
{
    bool is_first = true;

    fputs(", \"warnings\": [", out);
    for (int warning = 0; warning < TICKET_WARNING_COUNT; warning++) {
        if ((warnings >> warning & 1) != 0) {
            fprintf(out, "%s\"%s\"", is_first ? "" : ", ",
                    ticket_warning_name((enum ticket_warning)warning));
            is_first = false;
        }
    }
    fputs("]", out);
}
