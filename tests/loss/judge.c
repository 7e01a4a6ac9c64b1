#include "tests/loss/judge.h"

#include <stdio.h>
#include <stdlib.h>

/* Of a record that is not among those of the whole capture: nothing is allowed to prove anything
 * that was not proven. */
static enum fate fate_of_unproven(const struct handshake *harmed)
{
    if (verdict_is_resumed(harmed->verdict)) {
        return FATE_FALSE;
    }
    if (harmed->verdict == VERDICT_FAILED) {
        return FATE_ENDED;
    }
    return harmed->certainty == CERTAINTY_LIKELY ? FATE_LIKELY : FATE_WRONG;
}

enum fate judge_fate(const struct handshake *whole, const struct handshake *harmed)
{
    if (harmed == NULL) {
        return FATE_GONE;
    }
    if (harmed->verdict == whole->verdict) {
        return FATE_KEPT;
    }
    if (harmed->verdict == VERDICT_UNKNOWN) {
        return FATE_UNKNOWN;
    }
    if (whole->verdict == VERDICT_FAILED && harmed->verdict == VERDICT_FULL) {
        return FATE_END_UNSEEN;
    }
    return fate_of_unproven(harmed);
}

static const char *reason_or_dash(const struct handshake *handshake)
{
    const char *reason = reason_name(handshake->reason);

    return reason != NULL ? reason : "-";
}

static void tell(const char *title, const struct handshake *whole, const struct handshake *harmed)
{
    (void)fprintf(stderr, "%s: port %u: %s (%s), was %s (%s)\n    was %s\n    now %s\n", title,
                  harmed->client.port, verdict_name(harmed->verdict), reason_or_dash(harmed),
                  whole != NULL ? verdict_name(whole->verdict) : "nothing",
                  whole != NULL ? certainty_name(whole->certainty) : "-",
                  whole != NULL ? whole->messages : "-", harmed->messages);
}

static void note(struct judge *judge, enum fate fate, const char *title,
                 const struct handshake *whole, const struct handshake *harmed)
{
    judge->fates[fate]++;
    if (fate == FATE_WRONG || fate == FATE_FALSE ||
        (getenv("LOSS_VERBOSE") != NULL && fate != FATE_KEPT && harmed != NULL)) {
        tell(title, whole, harmed);
    }
}

static int64_t apart_ns(const struct handshake *a, const struct handshake *b)
{
    return a->time_ns > b->time_ns ? a->time_ns - b->time_ns : b->time_ns - a->time_ns;
}

/* The record of the whole capture that is nearest in time and not yet matched; count if none. */
static size_t nearest(const struct records *whole, const bool *is_matched,
                      const struct handshake *harmed)
{
    size_t best = whole->count;

    for (size_t i = 0; i < whole->count; i++) {
        const struct handshake *one = &whole->handshakes[i];
        if (is_matched[i] || records_compare_endpoints(one, harmed) != 0) {
            continue;
        }
        if (best == whole->count ||
            apart_ns(one, harmed) < apart_ns(&whole->handshakes[best], harmed)) {
            best = i;
        }
    }
    return best;
}

void judge_add(struct judge *judge, const struct records *whole, const struct records *harmed,
               const char *title)
{
    bool *is_matched = calloc(whole->count + 1, sizeof(*is_matched));

    if (is_matched == NULL) {
        abort();
    }
    judge->total += whole->count;
    for (size_t i = 0; i < harmed->count; i++) {
        const struct handshake *now = &harmed->handshakes[i];
        const size_t at = nearest(whole, is_matched, now);
        if (at < whole->count) {
            is_matched[at] = true;
            note(judge, judge_fate(&whole->handshakes[at], now), title, &whole->handshakes[at],
                 now);
        } else if (now->verdict != VERDICT_UNKNOWN) {
            note(judge, fate_of_unproven(now), title, NULL, now);
        }
    }
    for (size_t i = 0; i < whole->count; i++) {
        if (!is_matched[i]) {
            note(judge, FATE_GONE, title, &whole->handshakes[i], NULL);
        }
    }
    free(is_matched);
}
