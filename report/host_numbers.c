#include "report/host_numbers.h"

/* Ids count up from 1, and the versions of a host are few neighbours: up to 2048 hosts have a place
 * for each of theirs. */
static unsigned place_of(int64_t host, uint16_t version)
{
    return (unsigned)(((uint64_t)host * 4 + version) % HOST_NUMBERS_KEPT);
}

bool host_numbers_find(const struct host_numbers *numbers, int64_t host, uint16_t version,
                       uint32_t *out)
{
    const struct host_numbers_entry *entry = &numbers->kept[place_of(host, version)];

    if (host == 0 || entry->host != host || entry->version != version) {
        return false;
    }
    *out = entry->number;
    return true;
}

void host_numbers_keep(struct host_numbers *numbers, int64_t host, uint16_t version,
                       uint32_t number)
{
    numbers->kept[place_of(host, version)] =
        (struct host_numbers_entry){.host = host, .number = number, .version = version};
}
