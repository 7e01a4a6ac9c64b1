#include "report/json_conduct.h"

#include "report/json_ledger.h"
#include "report/json_members.h"

#include <inttypes.h>

static void print_finding(FILE *out, const struct conduct_host *host, enum conduct_finding which)
{
    const struct conduct_found *found = &host->findings[which];

    fprintf(out, "\"conduct\": \"%s\", \"offers\": %" PRIu64 ", \"clients\": %" PRIu64,
            conduct_finding_name(which), found->seen.count, found->clients);
    json_integer(out, "age_s", found->age_s);
    json_integer(out, "lifetime_hint_s", found->hint_s);
    json_occurrences(out, &found->seen);
    fputs("}", out);
}

static void print_findings(FILE *out, const struct conduct_host *host)
{
    bool is_first = true;

    fputs(", \"conduct\": [", out);
    for (int which = 0; which < CONDUCT_FINDINGS; which++) {
        if (host->findings[which].seen.count > 0) {
            fputs(is_first ? "{" : ", {", out);
            print_finding(out, host, (enum conduct_finding)which);
            is_first = false;
        }
    }
    fputs("]", out);
}

static void print_faults(FILE *out, const struct conduct_host *host)
{
    bool is_first = true;

    fputs(", \"server_anomalies\": [", out);
    for (int which = 0; which < CONDUCT_FAULTS; which++) {
        if (host->faults[which].count > 0) {
            fprintf(out, "%s{\"anomaly\": \"%s\", \"handshakes\": %" PRIu64, is_first ? "" : ", ",
                    conduct_fault_name((enum conduct_fault)which), host->faults[which].count);
            json_occurrences(out, &host->faults[which]);
            fputs("}", out);
            is_first = false;
        }
    }
    fputs("]", out);
}

/* The other hosts that have this key. */
static void print_sharing(FILE *out, const struct report_keys *keys, const char key_name[33],
                          size_t host)
{
    size_t places[JSON_SHARING_MAX + 1];
    const size_t all = key_owners_of(keys->owners, key_name, JSON_SHARING_MAX + 1, places);
    size_t printed = 0;

    fprintf(out, ", \"hosts\": %zu, \"shared_with\": [", all);
    for (size_t i = 0; i < all && i <= JSON_SHARING_MAX && printed < JSON_SHARING_MAX; i++) {
        const struct wire_text *other = &key_timeline_host(keys->timeline, places[i])->host;
        struct value value;
        if (places[i] != host) {
            fputs(printed++ > 0 ? ", " : "", out);
            value_set_text(&value, other->text, other->len);
            value_print_json(out, &value);
        }
    }
    fputs("]", out);
}

static void print_key(FILE *out, const struct report_keys *keys, size_t host,
                      const struct key_timeline_use *use)
{
    struct value value;

    fputs("{\"key_name\": ", out);
    value_set_words(&value, use->name);
    value_print_json(out, &value);
    value_set_words(&value,
                    use->format < 0 ? NULL : ticket_layout_name((enum ticket_layout)use->format));
    json_member(out, "format", &value);
    json_ticket_warnings(out, use->warnings);
    value_set_address(&value, &use->server);
    json_member(out, "server", &value);
    json_integer(out, "server_port", use->server.port);
    json_time(out, "first_seen", use->first_seen_ns);
    json_time(out, "last_seen", use->last_seen_ns);
    json_integer(out, "issued", use->issued_count);
    json_integer(out, "offered", use->offered_count);
    json_integer(out, "accepted", use->accepted_count);
    json_integer(out, "refused", use->refused_count);
    print_sharing(out, keys, use->name, host);
    fputs("}", out);
}

static void print_keys(FILE *out, const struct report_keys *keys, const char *name, size_t len)
{
    size_t place;

    if (keys->owners == NULL || !key_owners_find(keys->owners, name, len, &place)) {
        fputs(", \"ticket_keys\": null", out);
        return;
    }
    const struct key_history_host *sums = key_history_host(keys->history, place);
    const struct key_timeline_host *host = key_timeline_host(keys->timeline, place);
    const bool has_rotation = sums->rotation_ns != HANDSHAKE_NULL;
    fprintf(out, ", \"ticket_keys\": {\"keys\": %" PRIu64, sums->keys);
    json_integer(out, "keys_at_once", (int64_t)sums->at_once);
    json_integer(out, "keys_shared", (int64_t)sums->shared);
    json_integer(out, "rotation_s", has_rotation ? sums->rotation_ns / 1000000000 : HANDSHAKE_NULL);
    json_integer(out, "rotations", (int64_t)sums->rotations);
    fputs(", \"seen\": [", out);
    for (size_t i = 0; i < host->count; i++) {
        fputs(i > 0 ? ", " : "", out);
        print_key(out, keys, place, key_timeline_use(keys->timeline, host->first + i));
    }
    fputs("]}", out);
}

void json_host_ledger(FILE *out, const struct report_ledger *ledger, const char *name, size_t len)
{
    struct conduct_host host;

    if (ledger->conduct != NULL) {
        (void)conduct_find(ledger->conduct, name, len, &host);
        fputs(", ", out);
        json_causes(out, host.refusals, host.refused, "");
        print_faults(out, &host);
        print_findings(out, &host);
    }
    print_keys(out, &ledger->keys, name, len);
}

/* Each on a line; before the first of all there is no comma. */
static void print_findings_of(FILE *out, const struct conduct_host *host, bool *is_first)
{
    struct value name;

    value_set_text(&name, host->name, host->name_len);
    for (int which = 0; which < CONDUCT_FINDINGS; which++) {
        if (host->findings[which].seen.count > 0) {
            fputs(*is_first ? "\n    {\"host\": " : ",\n    {\"host\": ", out);
            value_print_json(out, &name);
            fputs(", ", out);
            print_finding(out, host, (enum conduct_finding)which);
            *is_first = false;
        }
    }
}

void json_conduct(FILE *out, const struct conduct *conduct)
{
    bool is_first = true;
    struct conduct_host host;

    fputs("  \"conduct\": [", out);
    for (size_t place = 0; place < conduct_hosts(conduct); place++) {
        conduct_host(conduct, place, &host);
        print_findings_of(out, &host, &is_first);
    }
    fprintf(out, "%s],\n", is_first ? "" : "\n  ");
}
