#include "report/mechanisms.h"

#include "report/array.h"
#include "report/live_sessions.h"
#include "report/number_table.h"

#include <stdlib.h>
#include <string.h>

/* What handshakes tell of a host. */
struct sums {
    struct mechanisms_offers offers[MECHANISM_COUNT];
    uint64_t offered_bytes;
    bool has_session;
};

/* What sessions tell of a host before it has a name. */
struct issuer {
    int64_t id_lifetime_s;
    bool has_name;
    uint32_t place; /* in hosts */
};

struct mechanisms {
    struct query_filter filter;
    struct name_table *names; /* of hosts with handshakes: number into sums */
    struct sums *sums;
    size_t sums_capacity;
    struct ticket_estimates *estimates; /* by the same numbers */
    struct number_table *ids;           /* of hosts with sessions: number into issuers */
    struct issuer *issuers;
    size_t issuer_capacity;
    struct live_sessions *live; /* by the same numbers */
    struct mechanisms_host *hosts;
    size_t host_count;
    size_t host_capacity;
};

const char *mechanism_name(enum mechanism mechanism)
{
    static const char *const names[MECHANISM_COUNT] = {"id", "ticket", "psk"};
    return names[mechanism];
}

struct mechanisms *mechanisms_new(const struct query_filter *filter,
                                  const uint8_t key[NAME_TABLE_KEY_BYTES])
{
    struct mechanisms *mechanisms = calloc(1, sizeof(*mechanisms));
    if (mechanisms == NULL) {
        return NULL;
    }
    mechanisms->filter = *filter;
    mechanisms->names = name_table_new(key);
    mechanisms->estimates = ticket_estimates_new();
    mechanisms->ids = number_table_new(key);
    mechanisms->live = live_sessions_new(key);
    if (mechanisms->names == NULL || mechanisms->estimates == NULL || mechanisms->ids == NULL ||
        mechanisms->live == NULL) {
        mechanisms_free(mechanisms);
        return NULL;
    }
    return mechanisms;
}

void mechanisms_free(struct mechanisms *mechanisms)
{
    if (mechanisms != NULL) {
        name_table_free(mechanisms->names);
        ticket_estimates_free(mechanisms->estimates);
        free(mechanisms->sums);
        number_table_free(mechanisms->ids);
        free(mechanisms->issuers);
        live_sessions_free(mechanisms->live);
        free(mechanisms->hosts);
        free(mechanisms);
    }
}

/* ---- Handshakes ---- */

/* MECHANISM_COUNT: none of them was offered. */
static enum mechanism mechanism_of(enum offer offer)
{
    switch (offer) {
    case OFFER_ID:
        return MECHANISM_ID;
    case OFFER_TICKET:
        return MECHANISM_TICKET;
    case OFFER_PSK:
        return MECHANISM_PSK;
    case OFFER_UNKNOWN:
    case OFFER_NONE:
    case OFFER_COUNT:
        break;
    }
    return MECHANISM_COUNT;
}

/* A vector<0..2^16-1> (RFC 5077, 3.3; RFC 8446, 4.2.11), whatever a damaged database says. */
static uint16_t bytes_of(int64_t stored)
{
    if (stored < 0) {
        return 0;
    }
    return stored > UINT16_MAX ? UINT16_MAX : (uint16_t)stored;
}

/* The sums of a host, empty if it is new, and its number. NULL without memory. */
static struct sums *sums_of(struct mechanisms *mechanisms, const struct wire_text *host,
                            uint32_t *out)
{
    const uint32_t known = name_table_count(mechanisms->names);
    uint32_t number;
    struct sums *sums = array_reserve(mechanisms->sums, &mechanisms->sums_capacity,
                                      (size_t)known + 1, sizeof(*sums));
    if (sums == NULL) {
        return NULL;
    }
    mechanisms->sums = sums;
    if (!name_table_add(mechanisms->names, host->text, host->len, &number)) {
        return NULL;
    }
    if (number == known) {
        sums[number] = (struct sums){.offered_bytes = 0};
    }
    *out = number;
    return &sums[number];
}

bool mechanisms_add_handshake(struct mechanisms *mechanisms, const struct record *record)
{
    const struct handshake *handshake = &record->handshake;
    const enum mechanism mechanism = mechanism_of(handshake->offered);

    const bool is_told = ticket_estimates_want(handshake);
    uint32_t number;

    if (mechanism == MECHANISM_COUNT && !is_told) {
        return true;
    }
    struct sums *sums = sums_of(mechanisms, &record->host, &number);
    if (sums == NULL ||
        (is_told && !ticket_estimates_add(mechanisms->estimates, number, handshake))) {
        return false;
    }
    if (mechanism == MECHANISM_COUNT) {
        return true;
    }
    sums->offers[mechanism].accepted += handshake->outcome == OUTCOME_ACCEPTED;
    sums->offers[mechanism].refused += handshake->outcome == OUTCOME_REFUSED;
    if (mechanism != MECHANISM_ID) {
        sums->offered_bytes += bytes_of(handshake->offered_bytes);
    }
    return true;
}

bool mechanisms_add_rolled(struct mechanisms *mechanisms, const struct wire_text *host,
                           const struct rolled_shape *rolled)
{
    const struct rollup_shape *shape = rolled->shape;
    const enum mechanism mechanism = mechanism_of(rolled->facts.offered);
    uint32_t number;
    struct sums *sums = sums_of(mechanisms, host, &number);

    if (sums == NULL || !ticket_estimates_add_rolled(mechanisms->estimates, number, rolled)) {
        return false;
    }
    if (mechanism == MECHANISM_COUNT) {
        return true;
    }
    sums->offers[mechanism].accepted +=
        rolled->facts.outcome == OUTCOME_ACCEPTED ? shape->count : 0;
    sums->offers[mechanism].refused += rolled->facts.outcome == OUTCOME_REFUSED ? shape->count : 0;
    if (mechanism != MECHANISM_ID) {
        sums->offered_bytes += (uint64_t)shape->offered_bytes;
    }
    return true;
}

/* ---- Sessions ---- */

/* The host of a session, new if need be, and its number. NULL without memory. */
static struct issuer *issuer_of(struct mechanisms *mechanisms, int64_t id, uint32_t *out)
{
    const uint32_t known = number_table_count(mechanisms->ids);
    struct issuer *issuers = array_reserve(mechanisms->issuers, &mechanisms->issuer_capacity,
                                           (size_t)known + 1, sizeof(*issuers));
    if (issuers == NULL) {
        return NULL;
    }
    mechanisms->issuers = issuers;
    if (!number_table_add(mechanisms->ids, id, out)) {
        return NULL;
    }
    if (*out == known) {
        issuers[known] = (struct issuer){.id_lifetime_s = MECHANISMS_LIFETIME_S};
    }
    return &issuers[*out];
}

/* 32 bits (RFC 5077, 3.3; RFC 8446, 4.6.1), likewise. */
static uint32_t lifetime_of(int64_t hint_s)
{
    if (hint_s <= 0) {
        return MECHANISMS_LIFETIME_S;
    }
    return hint_s > UINT32_MAX ? UINT32_MAX : (uint32_t)hint_s;
}

static bool add_issue(struct mechanisms *mechanisms, const struct session_figures *session,
                      uint32_t host)
{
    struct live_session issue = {
        .issued_ns = session->issued_ns,
        .lifetime_s = lifetime_of(session->lifetime_hint_s),
        .host = host,
        .bytes = session->kind == SESSION_ID ? 0 : bytes_of(session->bytes),
        .is_id = session->kind == SESSION_ID,
    };

    return live_sessions_client(mechanisms->live, session, &issue.client) &&
           live_sessions_add(mechanisms->live, &issue);
}

bool mechanisms_add_session(struct mechanisms *mechanisms, const struct session_figures *session)
{
    uint32_t number;
    struct issuer *issuer = issuer_of(mechanisms, session->host_id, &number);

    if (issuer == NULL) {
        return false;
    }
    if (session->kind == SESSION_ID && session->largest_accepted_age_s > issuer->id_lifetime_s) {
        issuer->id_lifetime_s = session->largest_accepted_age_s;
    }
    return session->issued_ns == HANDSHAKE_NULL || add_issue(mechanisms, session, number);
}

/* ---- Hosts ---- */

static bool add_host(struct mechanisms *mechanisms, const struct wire_text *name)
{
    struct mechanisms_host *hosts = array_reserve(mechanisms->hosts, &mechanisms->host_capacity,
                                                  mechanisms->host_count + 1, sizeof(*hosts));
    if (hosts == NULL) {
        return false;
    }
    mechanisms->hosts = hosts;
    hosts[mechanisms->host_count++] =
        (struct mechanisms_host){.host = *name, .id_lifetime_s = MECHANISMS_LIFETIME_S};
    return true;
}

bool mechanisms_name_host(struct mechanisms *mechanisms, const struct host_record *host)
{
    uint32_t number;

    if (!number_table_find(mechanisms->ids, host->id, &number) ||
        mechanisms->issuers[number].has_name) {
        return true;
    }
    mechanisms->issuers[number].has_name = true;
    mechanisms->issuers[number].place = (uint32_t)mechanisms->host_count;
    return add_host(mechanisms, &host->name);
}

/* Only a damaged database has sessions of hosts that it does not know. */
static bool add_nameless(struct mechanisms *mechanisms)
{
    const struct wire_text none = {.len = 0};
    const uint32_t place = (uint32_t)mechanisms->host_count;
    bool is_there = false;

    for (uint32_t i = 0; i < number_table_count(mechanisms->ids); i++) {
        struct issuer *issuer = &mechanisms->issuers[i];
        if (!issuer->has_name) {
            issuer->place = place;
            is_there = true;
        }
    }
    return !is_there || add_host(mechanisms, &none);
}

static void take_sums(struct mechanisms_host *host, const struct sums *sums)
{
    memcpy(host->offers, sums->offers, sizeof(host->offers));
    host->offered_bytes = sums->offered_bytes;
}

static bool measure_host(struct mechanisms *mechanisms, uint32_t place)
{
    struct mechanisms_host *host = &mechanisms->hosts[place];
    uint32_t number;
    struct sums *sums = sums_of(mechanisms, &host->host, &number);

    if (sums == NULL) {
        return false;
    }
    sums->has_session = true;
    host->has_session = true;
    host->tls13 = ticket_estimates_of(mechanisms->estimates, number);
    take_sums(host, sums);
    return live_sessions_measure(mechanisms->live, place, &mechanisms->filter, host);
}

static bool group_sessions(struct mechanisms *mechanisms)
{
    const uint32_t issuers = number_table_count(mechanisms->ids);
    uint32_t *places = calloc((size_t)issuers + 1, sizeof(*places));
    if (places == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < issuers; i++) {
        const struct issuer *issuer = &mechanisms->issuers[i];
        struct mechanisms_host *host = &mechanisms->hosts[issuer->place];
        places[i] = issuer->place;
        if (issuer->id_lifetime_s > host->id_lifetime_s) {
            host->id_lifetime_s = issuer->id_lifetime_s;
        }
    }
    const bool done =
        live_sessions_group(mechanisms->live, places, (uint32_t)mechanisms->host_count);
    free(places);
    return done;
}

static bool measure_hosts(struct mechanisms *mechanisms)
{
    if (!add_nameless(mechanisms) || !group_sessions(mechanisms)) {
        return false;
    }
    for (uint32_t place = 0; place < mechanisms->host_count; place++) {
        if (!measure_host(mechanisms, place)) {
            return false;
        }
    }
    return true;
}

static bool add_without_session(struct mechanisms *mechanisms, uint32_t number)
{
    const struct ticket_estimates_host tls13 = ticket_estimates_of(mechanisms->estimates, number);
    struct wire_text name = {.len = 0};
    size_t len;

    if (mechanisms->sums[number].has_session || tls13.handshakes == 0) {
        return true;
    }
    const char *text = name_table_name(mechanisms->names, number, &len);
    name.len = (uint8_t)len;
    memcpy(name.text, text, len);
    if (!add_host(mechanisms, &name)) {
        return false;
    }
    take_sums(&mechanisms->hosts[mechanisms->host_count - 1], &mechanisms->sums[number]);
    mechanisms->hosts[mechanisms->host_count - 1].tls13 = tls13;
    return true;
}

bool mechanisms_finish(struct mechanisms *mechanisms)
{
    ticket_estimates_settle(mechanisms->estimates);
    if (!measure_hosts(mechanisms)) {
        return false;
    }
    for (uint32_t i = 0; i < name_table_count(mechanisms->names); i++) {
        if (!add_without_session(mechanisms, i)) {
            return false;
        }
    }
    return true;
}

size_t mechanisms_hosts(const struct mechanisms *mechanisms)
{
    return mechanisms->host_count;
}

const struct mechanisms_host *mechanisms_host(const struct mechanisms *mechanisms, size_t place)
{
    return &mechanisms->hosts[place];
}

bool mechanisms_has_sessions(const struct mechanisms *mechanisms)
{
    return mechanisms->host_count > 0 && mechanisms->hosts[0].has_session; /* these come first */
}

bool mechanisms_has_tls13(const struct mechanisms *mechanisms)
{
    for (size_t i = 0; i < mechanisms->host_count; i++) {
        if (mechanisms->hosts[i].tls13.handshakes > 0) {
            return true;
        }
    }
    return false;
}
