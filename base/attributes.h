#ifndef REPRISE_BASE_ATTRIBUTES_H
#define REPRISE_BASE_ATTRIBUTES_H

/* The caller must look at the result: ignoring it is a compile error under -Werror. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* printf-like: argument number `text` is the format, its values begin at number `first`. */
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* Kept apart: its callers' usual way should not pay for its registers. */
#define NOINLINE __attribute__((noinline))

/* Seldom called: kept apart from the code that runs for every packet. */
#define COLD __attribute__((cold, noinline))

#endif
