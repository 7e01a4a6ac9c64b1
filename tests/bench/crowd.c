#include "tests/bench/crowd.h"

#include "tests/bench/stranger.h"

#include <stdlib.h>

/* Primes above any number of endpoints: a wave visits each once, and no two waves in one order, so
 * that a packet never finds its neighbour's cache line. */
static const uint64_t strides[] = {2654435761, 2246822519, 3266489917, 4294967291};

enum { STRIDES = sizeof(strides) / sizeof(strides[0]) };

struct crowd {
    const struct trace_options *options;
    struct trace_file *trace;
    struct endpoints *endpoints; /* colliding: as chosen; else NULL */
    int64_t time_us;
    uint8_t scratch[FLIGHT_MAX_BYTES];
};

static struct endpoints endpoints_of(const struct crowd *crowd, uint32_t index)
{
    return crowd->endpoints != NULL ? crowd->endpoints[index] : endpoints_of_number(index);
}

/* One packet from each of `count` connections, the first of which has the number `first`. */
static void write_wave(struct crowd *crowd, uint32_t first, uint32_t count, uint32_t wave)
{
    const uint64_t stride = strides[wave % STRIDES];
    const enum stranger_step step =
        wave < STRANGER_AGAIN ? (enum stranger_step)wave : STRANGER_AGAIN;

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t index = (uint32_t)(i * stride % count);
        const struct endpoints endpoints = endpoints_of(crowd, index);
        stranger_step(crowd->trace, &endpoints, first + index, step, crowd->time_us++);
    }
}

static void write_open(struct crowd *crowd)
{
    const struct trace_options *options = crowd->options;
    const uint32_t waves = STRANGER_AGAIN + options->rounds;

    for (uint32_t first = 0; first < options->conversations; first += options->open) {
        const uint32_t left = options->conversations - first;
        const uint32_t count = left < options->open ? left : options->open;
        for (uint32_t wave = 0; wave < waves; wave++) {
            write_wave(crowd, first, count, wave);
        }
    }
}

/* One after the other: a handshake under way is another matter than a connection that had one. */
static void write_done(struct crowd *crowd, struct truth *truth)
{
    const struct trace_options *options = crowd->options;
    struct wire scratch = {crowd->scratch, sizeof(crowd->scratch), 0};

    for (uint32_t number = 0; number < options->conversations; number++) {
        const struct endpoints endpoints = endpoints_of(crowd, number % options->open);
        stranger_resumes(crowd->trace, &endpoints, number, &scratch, crowd->time_us);
        crowd->time_us += 10;
    }
    truth->kinds[PLAN_12_ID] += options->conversations;
    truth->is_later = true;
}

/* Clients and ports at random; the servers' addresses make them collide. */
static bool choose_endpoints(struct crowd *crowd)
{
    const struct trace_options *options = crowd->options;
    struct random random = random_of(options->seed, 0);

    crowd->endpoints = calloc(options->open, sizeof(*crowd->endpoints));
    if (crowd->endpoints == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < options->open; i++) {
        const uint64_t addresses = random_next(&random);
        const uint32_t ports = (uint32_t)random_next(&random);
        crowd->endpoints[i] = (struct endpoints){
            .address = {(uint32_t)addresses, (uint32_t)(addresses >> 32)},
            .port = {(uint16_t)ports, (uint16_t)(ports >> 16)},
        };
    }
    if (options->hash != UNKEYED_COUNT) {
        const struct unkeyed_chooser chooser = unkeyed_chooser(options->hash);
        const uint32_t target = (uint32_t)random_next(&random);
        for (uint32_t i = 0; i < options->open; i++) {
            unkeyed_choose(&chooser, target, &crowd->endpoints[i]);
        }
    }
    return true;
}

bool crowd_write(const struct trace_options *options, struct trace_file *trace, struct truth *truth)
{
    struct crowd *crowd = calloc(1, sizeof(*crowd));
    bool is_done = false;

    if (crowd == NULL) {
        return false;
    }
    *crowd = (struct crowd){.options = options, .trace = trace, .time_us = TRACE_FILE_BEGIN_US};
    if (options->kind == TRACE_DONE) {
        write_done(crowd, truth);
        is_done = true;
    } else if (options->kind != TRACE_COLLIDING || choose_endpoints(crowd)) {
        write_open(crowd);
        truth->strangers += options->conversations;
        is_done = true;
    }
    free(crowd->endpoints);
    free(crowd);
    return is_done;
}
