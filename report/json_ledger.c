#include "report/json_ledger.h"

#include "report/value.h"

#include <inttypes.h>
#include <math.h>

static void print_member(FILE *out, const char *key, const struct value *value)
{
    fprintf(out, ", \"%s\": ", key);
    value_print_json(out, value);
}

static void print_integer(FILE *out, const char *key, int64_t integer)
{
    struct value value;

    value_set_integer(&value, integer);
    print_member(out, key, &value);
}

static void print_time(FILE *out, const char *key, int64_t time_ns)
{
    struct value value;

    value_set_time(&value, time_ns);
    print_member(out, key, &value);
}

static void print_cause(FILE *out, const struct refusals *refusals, enum refusal_cause which)
{
    const struct occurrences *cause = &refusals->causes[which];
    struct value share;

    fprintf(out, "{\"cause\": \"%s\", \"refusals\": %" PRIu64, refusal_cause_name(which),
            cause->count);
    value_set_fraction(&share, (double)cause->count / (double)refusals->count);
    print_member(out, "share", &share);
    print_time(out, "first", cause->first_ns);
    print_time(out, "last", cause->last_ns);
    fputs(", \"examples\": [", out);
    for (size_t i = 0; i < occurrences_examples(cause); i++) {
        fprintf(out, "%s%" PRId64, i > 0 ? ", " : "", cause->examples[i]);
    }
    fputs("]}", out);
}

void json_refusals(FILE *out, const struct refusals *refusals)
{
    bool is_first = true;

    fputs("  \"refusals\": [", out);
    for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (refusals->causes[cause].count > 0) {
            fputs(is_first ? "\n    " : ",\n    ", out);
            print_cause(out, refusals, (enum refusal_cause)cause);
            is_first = false;
        }
    }
    fprintf(out, "%s],\n", is_first ? "" : "\n  ");
    fprintf(out, "  \"missed\": {\"not_offered\": %" PRIu64 ", \"refused\": %" PRIu64 "},\n",
            refusals->missed[MISSED_NOT_OFFERED], refusals->missed[MISSED_REFUSED]);
}

static void print_warnings(FILE *out, uint8_t warnings)
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

static void print_key(FILE *out, const struct key_history_key *key)
{
    struct value value;

    fputs("{\"key_name\": ", out);
    value_set_words(&value, key->name);
    value_print_json(out, &value);
    value_set_words(&value,
                    key->format < 0 ? NULL : ticket_layout_name((enum ticket_layout)key->format));
    print_member(out, "format", &value);
    print_warnings(out, key->warnings);
    print_integer(out, "hosts", (int64_t)key->hosts);
    print_integer(out, "servers", (int64_t)key->servers);
    print_time(out, "first_seen", key->first_seen_ns);
    print_time(out, "last_seen", key->last_seen_ns);
    print_integer(out, "issued", key->issued_count);
    print_integer(out, "offered", key->offered_count);
    print_integer(out, "accepted", key->accepted_count);
    print_integer(out, "refused", key->refused_count);
    fputs("}", out);
}

static void print_host(FILE *out, const struct key_history_host *host)
{
    const bool has_rotation = host->rotation_ns != HANDSHAKE_NULL;
    struct value value;

    fputs("{\"host\": ", out);
    value_set_text(&value, host->host.text, host->host.len);
    value_print_json(out, &value);
    print_integer(out, "keys", (int64_t)host->keys);
    print_integer(out, "keys_at_once", (int64_t)host->at_once);
    print_integer(out, "keys_shared", (int64_t)host->shared);
    print_integer(out, "rotation_s",
                  has_rotation ? host->rotation_ns / 1000000000 : HANDSHAKE_NULL);
    print_integer(out, "rotations", (int64_t)host->rotations);
    fputs("}", out);
}

void json_key_history(FILE *out, const struct key_history *history)
{
    const size_t keys = key_history_keys(history);
    const size_t hosts = key_history_hosts(history);

    fputs("  \"keys\": [", out);
    for (size_t i = 0; i < keys; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        print_key(out, key_history_key(history, i));
    }
    fprintf(out, "%s],\n  \"key_hosts\": [", keys > 0 ? "\n  " : "");
    for (size_t i = 0; i < hosts; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        print_host(out, key_history_host(history, i));
    }
    fprintf(out, "%s]", hosts > 0 ? "\n  " : "");
}

static void print_offers(FILE *out, const struct mechanisms_host *host, enum mechanism mechanism)
{
    const struct mechanisms_offers *offers = &host->offers[mechanism];
    const uint64_t all = offers->accepted + offers->refused;
    struct value rate;

    fprintf(out, ", \"%s\": {\"accepted\": %" PRIu64 ", \"refused\": %" PRIu64,
            mechanism_name(mechanism), offers->accepted, offers->refused);
    value_set_fraction(&rate, all == 0 ? (double)NAN : (double)offers->refused / (double)all);
    print_member(out, "refused_rate", &rate);
    fputs("}", out);
}

static void print_mechanisms(FILE *out, const struct mechanisms_host *host)
{
    const bool has_client = host->clients > 0;
    struct value value;

    fputs("{\"host\": ", out);
    value_set_text(&value, host->host.text, host->host.len);
    value_print_json(out, &value);
    for (int mechanism = 0; mechanism < MECHANISM_COUNT; mechanism++) {
        print_offers(out, host, (enum mechanism)mechanism);
    }
    print_integer(out, "ids_at_once", (int64_t)host->ids_at_once);
    print_integer(out, "id_lifetime_s", host->id_lifetime_s);
    print_integer(out, "id_cache_bytes", (int64_t)(host->ids_at_once * MECHANISMS_SESSION_BYTES));
    print_integer(out, "tickets_issued_bytes", (int64_t)host->issued_bytes);
    print_integer(out, "tickets_offered_bytes", (int64_t)host->offered_bytes);
    print_integer(out, "clients", (int64_t)host->clients);
    print_integer(out, "client_sessions_most",
                  has_client ? (int64_t)host->sessions.most : HANDSHAKE_NULL);
    print_integer(out, "client_sessions_median",
                  has_client ? (int64_t)host->sessions.median : HANDSHAKE_NULL);
    print_integer(out, "client_bytes_most",
                  has_client ? (int64_t)host->bytes.most : HANDSHAKE_NULL);
    print_integer(out, "client_bytes_median",
                  has_client ? (int64_t)host->bytes.median : HANDSHAKE_NULL);
    fputs("}", out);
}

void json_mechanisms(FILE *out, const struct mechanisms *mechanisms)
{
    const size_t hosts = mechanisms_hosts(mechanisms);

    fputs("  \"mechanisms\": [", out);
    for (size_t i = 0; i < hosts; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", out);
        print_mechanisms(out, mechanisms_host(mechanisms, i));
    }
    fprintf(out, "%s]", hosts > 0 ? "\n  " : "");
}
