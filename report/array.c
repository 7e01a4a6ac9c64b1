#include "report/array.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

void *array_reserve(void *items, size_t *capacity, size_t wanted, size_t item_bytes)
{
    if (wanted <= *capacity && items != NULL) {
        return items;
    }
    size_t room = *capacity < FIRST_CAPACITY ? FIRST_CAPACITY : *capacity;
    while (room < wanted) {
        if (room > SIZE_MAX / 2) {
            return NULL;
        }
        room *= 2;
    }
    void *moved = reallocarray(items, room, item_bytes);
    if (moved != NULL) {
        *capacity = room;
    }
    return moved;
}
