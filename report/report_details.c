#include "report/report_details.h"

#include "report/report_common.h"

#include <stdlib.h>

struct details {
    struct summary *summary;
    struct mechanisms *mechanisms;
};

static bool add_host(void *context, const struct query_rolled_host *host)
{
    const struct details *details = context;
    struct rolled_shape shape;
    bool is_added = summary_add_picture(details->summary, host);

    for (size_t i = 0; is_added && i < host->rollup->shape_count; i++) {
        rolled_shape_of(&host->rollup->shapes[i], &shape);
        is_added = mechanisms_add_rolled(details->mechanisms, &host->host, &shape);
    }
    return is_added;
}

static int compare_ids(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left;
    const int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int64_t *report_details_hosts(const struct summary *summary, size_t count)
{
    int64_t *ids = calloc(count + 1, sizeof(*ids));

    for (size_t place = 0; ids != NULL && place < count; place++) {
        ids[place] = summary_host_id(summary, place);
    }
    if (ids != NULL) {
        qsort(ids, count, sizeof(*ids), compare_ids);
    }
    return ids;
}

bool report_details_read(struct query *query, const struct query_hosts *hosts,
                         struct summary *summary, struct mechanisms *mechanisms,
                         struct error *error)
{
    struct details details = {summary, mechanisms};
    const struct rolled_taker taker = {add_host, &details};

    const bool is_read = report_all_taken(query_rollups_of(query, hosts, &taker, error), error);
    query_end_rollups(query);
    return is_read;
}
