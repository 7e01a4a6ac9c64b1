#include "tests/bench/mix.h"

#include "tests/bench/stranger.h"

#include "tests/bench/schedule.h"

#include <stdlib.h>

enum { STRANGERS_PER_HANDSHAKE = 100 };

struct mix {
    const struct trace_options *options;
    struct planner *planner;
    struct trace_file *trace;
    struct truth *truth;
    struct conversation *conversations; /* one for each slot */
    struct schedule schedule;
    uint32_t to_begin;
    uint32_t strangers; /* still to come */
    uint8_t scratch[FLIGHT_MAX_BYTES];
};

static bool is_flood(const struct trace_options *options)
{
    return options->kind == TRACE_SYN_FLOOD || options->kind == TRACE_HALF_HELLOS;
}

/* With each conversation that begins come its strangers, all at that time. */
static void let_strangers_in(struct mix *mix, int64_t time_us)
{
    for (int i = 0; i < STRANGERS_PER_HANDSHAKE && mix->strangers > 0; i++) {
        const uint32_t number = mix->truth->strangers++;
        mix->strangers--;
        if (mix->options->kind == TRACE_SYN_FLOOD) {
            stranger_knocks(mix->trace, number, time_us);
        } else {
            struct wire scratch = {mix->scratch, sizeof(mix->scratch), 0};
            stranger_breaks_off(mix->trace, number, &scratch, time_us);
        }
    }
}

static void begin_one(struct mix *mix, uint32_t slot, int64_t time_us)
{
    const struct plan plan = planner_next(mix->planner);

    conversation_begin(&mix->conversations[slot], &plan);
    schedule_add(&mix->schedule, time_us, slot);
    mix->to_begin--;
}

static void end_one(struct mix *mix, uint32_t slot, int64_t time_us)
{
    const struct plan *plan = &mix->conversations[slot].plan;

    planner_done(mix->planner, plan);
    mix->truth->kinds[plan->kind]++;
    if (mix->to_begin > 0) {
        begin_one(mix, slot, time_us);
    }
}

static void generate(struct mix *mix)
{
    const uint32_t open = mix->options->open;
    struct wire scratch = {mix->scratch, sizeof(mix->scratch), 0};
    struct schedule_entry entry;
    struct packet packet;

    /* The first ones begin within two seconds, not all at once. */
    for (uint32_t slot = 0; slot < open && mix->to_begin > 0; slot++) {
        begin_one(mix, slot, TRACE_FILE_BEGIN_US + (int64_t)slot * 2000000 / open);
    }
    while (schedule_next(&mix->schedule, &entry)) {
        struct conversation *conversation = &mix->conversations[entry.slot];
        const bool is_first = conversation->stage == 0;
        if (conversation_next(conversation, &scratch, &packet)) {
            const struct endpoints endpoints = endpoints_of_plan(&conversation->plan);
            trace_file_add(mix->trace, &endpoints, &packet, entry.time_us);
            schedule_add(&mix->schedule, entry.time_us + packet.pause_us, entry.slot);
        } else {
            end_one(mix, entry.slot, entry.time_us);
        }
        if (is_first) {
            let_strangers_in(mix, entry.time_us);
        }
    }
}

bool mix_write(const struct trace_options *options, struct trace_file *trace, struct truth *truth)
{
    struct mix *mix = calloc(1, sizeof(*mix));
    bool is_done = false;

    if (mix == NULL) {
        return false;
    }
    *mix = (struct mix){.options = options, .trace = trace, .truth = truth};
    mix->planner = planner_new(options->seed, flight_whole_records(options->bytes));
    mix->conversations = calloc(options->open, sizeof(*mix->conversations));
    mix->schedule.entries = calloc(options->open, sizeof(*mix->schedule.entries));
    if (mix->planner != NULL && mix->conversations != NULL && mix->schedule.entries != NULL) {
        mix->strangers = is_flood(options) ? options->conversations : 0;
        mix->to_begin = is_flood(options) ? (options->conversations + STRANGERS_PER_HANDSHAKE - 1) /
                                                STRANGERS_PER_HANDSHAKE
                                          : options->conversations;
        generate(mix);
        is_done = true;
    }
    free(mix->schedule.entries);
    free(mix->conversations);
    planner_free(mix->planner);
    free(mix);
    return is_done;
}
