#include "report/rolled.h"

_Static_assert((int)ROLLUP_EXAMPLES == (int)OCCURRENCES_EXAMPLES, "examples are as many");

void rolled_shape_of(const struct rollup_shape *shape, struct rolled_shape *out)
{
    out->shape = shape;
    facts_unpack(shape->facts, &out->facts);
    out->seen = (struct occurrences){
        .count = shape->count, .first_ns = shape->first_ns, .last_ns = shape->last_ns};
    for (size_t i = 0; i < OCCURRENCES_EXAMPLES; i++) {
        out->seen.examples[i] = shape->examples[i];
    }
}
