/* Records as no honest capture holds them: names of any bytes, numbers at their limits. The same
 * ones for the same seed. */
#ifndef REPRISE_TESTS_REPORT_HOSTILE_H
#define REPRISE_TESTS_REPORT_HOSTILE_H

#include "store/record.h"

uint32_t hostile_random(uint32_t *seed);
int64_t hostile_number(uint32_t *seed);
struct wire_text hostile_name(uint32_t *seed);
struct record hostile_record(uint32_t *seed);

/* Names that mean something to one format or another; NULL after the last. */
const char *hostile_text(size_t i);

#endif
