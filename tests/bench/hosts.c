#include "tests/bench/hosts.h"

void hosts_make(struct random *random, struct host *hosts, uint64_t *weights, uint32_t count,
                bool is_uniform)
{
    static const int64_t hints_s[] = {300, 7200, 86400, 0};
    uint64_t sum = 0;

    for (uint32_t h = 0; h < count; h++) {
        hosts[h] = (struct host){
            .mechanism = VERDICT_RESUMED_ID + random_below(random, 3),
            .resumed_percent = random_below(random, 100),
            .refused_percent = random_below(random, 20),
            .rtt_ns = random_between(random, 5, 120) * (int64_t)HOST_MS_NS,
            .hint_s = hints_s[random_below(random, 4)],
        };
        sum += is_uniform ? 1 : UINT32_MAX / (h + 1);
        weights[h] = sum;
    }
}

uint32_t hosts_pick(struct random *random, const uint64_t *weights, uint32_t count)
{
    const uint64_t wanted = random_next(random) % weights[count - 1];
    uint32_t low = 0;
    uint32_t high = count - 1;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (weights[middle] > wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}
