#include "tests/bench/stranger.h"

enum { SYN = 0x02, PSH = 0x08, ACK = 0x10 };

static uint32_t first_sequence(uint32_t number, enum side side)
{
    struct random random = random_of(number, PLAN_TAG_PATH);

    const uint64_t both = random_next(&random);
    return (uint32_t)(side == SIDE_CLIENT ? both : both >> 32);
}

void stranger_step(struct trace_file *trace, const struct endpoints *endpoints, uint32_t number,
                   enum stranger_step step, int64_t time_us)
{
    const enum side from = step == STRANGER_SYN_ACK ? SIDE_SERVER : SIDE_CLIENT;
    const enum side to = from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
    const struct packet packet = {
        .from = from,
        .tcp_flags =
            (uint8_t)((step <= STRANGER_SYN_ACK ? SYN : 0) | (step >= STRANGER_SYN_ACK ? ACK : 0)),
        .sequence = first_sequence(number, from) + (step >= STRANGER_ACK ? 1 : 0),
        .acknowledgement = step == STRANGER_SYN ? 0 : first_sequence(number, to) + 1,
        .payload = (const uint8_t *)"",
    };

    trace_file_add(trace, endpoints, &packet, time_us);
}

void stranger_knocks(struct trace_file *trace, uint32_t number, int64_t time_us)
{
    const struct endpoints endpoints = endpoints_of_number(number);

    stranger_step(trace, &endpoints, number, STRANGER_SYN, time_us);
}

static void open_connection(struct trace_file *trace, const struct endpoints *endpoints,
                            uint32_t number, int64_t time_us)
{
    stranger_step(trace, endpoints, number, STRANGER_SYN, time_us);
    stranger_step(trace, endpoints, number, STRANGER_SYN_ACK, time_us);
    stranger_step(trace, endpoints, number, STRANGER_ACK, time_us);
}

static struct plan plan_of(uint32_t number)
{
    return (struct plan){
        .kind = PLAN_12_ID,
        .seed = number + 1,
        .offered = number,
        .host = number % PLAN_HOSTS,
    };
}

/* The next words of one side; `sent`: bytes of both so far. */
static struct packet words(uint32_t number, enum side from, const uint32_t sent[2],
                           const struct wire *payload)
{
    const enum side to = from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;

    return (struct packet){
        .from = from,
        .tcp_flags = PSH | ACK,
        .sequence = first_sequence(number, from) + 1 + sent[from],
        .acknowledgement = first_sequence(number, to) + 1 + sent[to],
        .payload = payload->data,
        .payload_len = (uint32_t)payload->len,
    };
}

void stranger_breaks_off(struct trace_file *trace, uint32_t number, struct wire *scratch,
                         int64_t time_us)
{
    static const uint32_t nothing[2] = {0, 0};
    const struct endpoints endpoints = endpoints_of_number(number);
    const struct plan plan = plan_of(number);

    open_connection(trace, &endpoints, number, time_us);
    scratch->len = 0;
    flight_write(&plan, 0, scratch);
    scratch->len /= 2;
    const struct packet packet = words(number, SIDE_CLIENT, nothing, scratch);
    trace_file_add(trace, &endpoints, &packet, time_us);
}

void stranger_resumes(struct trace_file *trace, const struct endpoints *endpoints, uint32_t number,
                      struct wire *scratch, int64_t time_us)
{
    const struct plan plan = plan_of(number);
    uint32_t sent[2] = {0, 0};

    open_connection(trace, endpoints, number, time_us);
    for (uint32_t i = 0; i < flight_count(&plan); i++) {
        scratch->len = 0;
        flight_write(&plan, i, scratch);
        const struct packet packet = words(number, flight_side(&plan, i), sent, scratch);
        trace_file_add(trace, endpoints, &packet, time_us);
        sent[packet.from] += packet.payload_len;
    }
}
