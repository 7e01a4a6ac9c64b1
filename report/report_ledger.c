#include "report/report_ledger.h"

#include "report/report_common.h"

void report_ledger_clear(struct report_ledger *ledger)
{
    conduct_free(ledger->conduct);
    mechanisms_free(ledger->mechanisms);
    report_keys_clear(&ledger->keys);
    *ledger = (struct report_ledger){.conduct = NULL};
}

bool report_ledger_read_offers(struct query *query, const struct query_filter *filter,
                               const struct query_hosts *of, struct conduct *conduct,
                               struct error *error)
{
    struct offer_record offer;
    enum query_result result;

    if (!query_begin_offers(query, filter, error)) {
        return false;
    }
    while ((result = query_next_offer(query, &offer, error)) == QUERY_ROW) {
        const bool is_told = of == NULL || query_hosts_have(of, offer.host_id);
        if (is_told && !conduct_add_offer(conduct, &offer)) {
            return report_no_memory(error);
        }
    }
    return result == QUERY_DONE;
}
