#include "report/json_ledger.h"

#include "report/json_members.h"

#include <inttypes.h>
#include <math.h>

/* A cause, and its share of all of these refusals. */
static void print_cause(FILE *out, const struct occurrences *causes, uint64_t all,
                        enum refusal_cause which)
{
    const struct occurrences *cause = &causes[which];
    struct value share;

    fprintf(out, "{\"cause\": \"%s\", \"refusals\": %" PRIu64, refusal_cause_name(which),
            cause->count);
    value_set_fraction(&share, (double)cause->count / (double)all);
    json_member(out, "share", &share);
    json_occurrences(out, cause);
    fputs("}", out);
}

void json_causes(FILE *out, const struct occurrences causes[REFUSAL_CAUSE_COUNT], uint64_t all,
                 const char *newline)
{
    bool is_first = true;

    fputs("\"refusals\": [", out);
    for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (causes[cause].count > 0) {
            fprintf(out, "%s%s%s", is_first ? "" : ",", is_first || *newline != '\0' ? "" : " ",
                    newline);
            print_cause(out, causes, all, (enum refusal_cause)cause);
            is_first = false;
        }
    }
    fputs(is_first || *newline == '\0' ? "]" : "\n  ]", out);
}

void json_refusals(FILE *out, const struct refusals *refusals)
{
    fputs("  ", out);
    json_causes(out, refusals->causes, refusals->count, "\n    ");
    fprintf(out, ",\n  \"missed\": {\"not_offered\": %" PRIu64 ", \"refused\": %" PRIu64 "},\n",
            refusals->missed[MISSED_NOT_OFFERED], refusals->missed[MISSED_REFUSED]);
}

static void print_key(FILE *out, const struct key_history_key *key)
{
    struct value value;

    fputs("{\"key_name\": ", out);
    value_set_words(&value, key->name);
    value_print_json(out, &value);
    value_set_words(&value,
                    key->format < 0 ? NULL : ticket_layout_name((enum ticket_layout)key->format));
    json_member(out, "format", &value);
    json_ticket_warnings(out, key->warnings);
    json_integer(out, "hosts", (int64_t)key->hosts);
    json_integer(out, "servers", (int64_t)key->servers);
    json_time(out, "first_seen", key->first_seen_ns);
    json_time(out, "last_seen", key->last_seen_ns);
    json_integer(out, "issued", key->issued_count);
    json_integer(out, "offered", key->offered_count);
    json_integer(out, "accepted", key->accepted_count);
    json_integer(out, "refused", key->refused_count);
    fputs("}", out);
}

/* Other hosts that have any of its keys. */
static void print_sharing(FILE *out, const struct report_keys *keys, size_t place)
{
    size_t others[KEY_OWNERS_NAMED];
    const size_t count = key_owners_sharing(keys->owners, place, others);
    struct value value;

    fputs(", \"shared_with\": [", out);
    for (size_t i = 0; i < count && i < KEY_OWNERS_NAMED; i++) {
        const struct wire_text *other = &key_timeline_host(keys->timeline, others[i])->host;
        fputs(i > 0 ? ", " : "", out);
        value_set_text(&value, other->text, other->len);
        value_print_json(out, &value);
    }
    fputs("]}", out);
}

static void print_host(FILE *out, const struct report_keys *keys, size_t place)
{
    const struct key_history_host *host = key_history_host(keys->history, place);
    const bool has_rotation = host->rotation_ns != HANDSHAKE_NULL;
    struct value value;

    fputs("{\"host\": ", out);
    value_set_text(&value, host->host.text, host->host.len);
    value_print_json(out, &value);
    json_integer(out, "keys", (int64_t)host->keys);
    json_integer(out, "keys_at_once", (int64_t)host->at_once);
    json_integer(out, "keys_shared", (int64_t)host->shared);
    json_integer(out, "rotation_s", has_rotation ? host->rotation_ns / 1000000000 : HANDSHAKE_NULL);
    json_integer(out, "rotations", (int64_t)host->rotations);
    print_sharing(out, keys, place);
}

void json_key_history(FILE *out, const struct report_keys *report_keys)
{
    const struct key_history *history = report_keys->history;
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
        print_host(out, report_keys, i);
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
    json_member(out, "refused_rate", &rate);
    fputs("}", out);
}

static void print_tls13(FILE *out, const struct ticket_estimates_host *tls13)
{
    json_integer(out, "tls13_handshakes", (int64_t)tls13->handshakes);
    json_integer(out, "tls13_estimates", (int64_t)tls13->known);
    json_integer(out, "tls13_estimated_tickets", (int64_t)tls13->tickets);
    json_integer(out, "tls13_estimated_bytes", (int64_t)tls13->bytes);
    json_integer(out, "tls13_issuing", (int64_t)tls13->issuing);
    json_integer(out, "tls13_confirmed", (int64_t)tls13->confirmed);
    json_integer(out, "tls13_offers", (int64_t)tls13->offers);
    json_integer(out, "tls13_offers_unfitting", (int64_t)tls13->unfitting);
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
    json_integer(out, "ids_at_once", (int64_t)host->ids_at_once);
    json_integer(out, "id_lifetime_s", host->id_lifetime_s);
    json_integer(out, "id_cache_bytes", (int64_t)(host->ids_at_once * MECHANISMS_SESSION_BYTES));
    json_integer(out, "tickets_issued_bytes", (int64_t)host->issued_bytes);
    json_integer(out, "tickets_offered_bytes", (int64_t)host->offered_bytes);
    json_integer(out, "clients", (int64_t)host->clients);
    json_integer(out, "client_sessions_most",
                 has_client ? (int64_t)host->sessions.most : HANDSHAKE_NULL);
    json_integer(out, "client_sessions_median",
                 has_client ? (int64_t)host->sessions.median : HANDSHAKE_NULL);
    json_integer(out, "client_bytes_most", has_client ? (int64_t)host->bytes.most : HANDSHAKE_NULL);
    json_integer(out, "client_bytes_median",
                 has_client ? (int64_t)host->bytes.median : HANDSHAKE_NULL);
    print_tls13(out, &host->tls13);
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
