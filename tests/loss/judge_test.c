#include "tests/loss/harm.h"
#include "tests/loss/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct handshake saying(enum verdict verdict, enum certainty certainty)
{
    struct handshake handshake;

    handshake_init(&handshake);
    handshake.verdict = verdict;
    handshake.certainty = certainty;
    return handshake;
}

static enum fate fate(enum verdict was, enum verdict now, enum certainty certainty)
{
    const struct handshake whole = saying(was, CERTAINTY_CERTAIN);
    const struct handshake harmed = saying(now, certainty);

    return judge_fate(&whole, &harmed);
}

static void another_class_is_wrong_and_a_resumption_false_however_likely(void **state)
{
    (void)state;
    assert_int_equal(fate(VERDICT_RESUMED_ID, VERDICT_FULL, CERTAINTY_CERTAIN), FATE_WRONG);
    assert_int_equal(fate(VERDICT_FULL, VERDICT_RESUMED_ID, CERTAINTY_LIKELY), FATE_FALSE);
    assert_int_equal(fate(VERDICT_RESUMED_ID, VERDICT_RESUMED_TICKET, CERTAINTY_LIKELY),
                     FATE_FALSE);
    assert_int_equal(fate(VERDICT_UNKNOWN, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN), FATE_FALSE);
    assert_int_equal(fate(VERDICT_UNKNOWN, VERDICT_FULL, CERTAINTY_CERTAIN), FATE_WRONG);
    assert_int_equal(fate(VERDICT_FAILED, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN), FATE_FALSE);
}

static void less_is_not_wrong(void **state)
{
    (void)state;
    const struct handshake whole = saying(VERDICT_FULL, CERTAINTY_CERTAIN);

    assert_int_equal(judge_fate(&whole, NULL), FATE_GONE);
    assert_int_equal(fate(VERDICT_FULL, VERDICT_FULL, CERTAINTY_LIKELY), FATE_KEPT);
    assert_int_equal(fate(VERDICT_FULL, VERDICT_UNKNOWN, CERTAINTY_CERTAIN), FATE_UNKNOWN);
    assert_int_equal(fate(VERDICT_RESUMED_ID, VERDICT_FULL, CERTAINTY_LIKELY), FATE_LIKELY);
    assert_int_equal(fate(VERDICT_FULL, VERDICT_FAILED, CERTAINTY_CERTAIN), FATE_ENDED);
    assert_int_equal(fate(VERDICT_FAILED, VERDICT_FULL, CERTAINTY_CERTAIN), FATE_END_UNSEEN);
}

static void a_record_too_many_is_wrong(void **state)
{
    (void)state;
    struct handshake one = saying(VERDICT_FULL, CERTAINTY_CERTAIN);
    struct handshake two[] = {one, one};
    const struct records whole = {&one, 1, 1};
    const struct records harmed = {two, 2, 2};
    struct judge judge = {0, {0}};

    judge_add(&judge, &whole, &harmed, "as meant");
    assert_int_equal(judge.total, 1);
    assert_int_equal(judge.fates[FATE_KEPT], 1);
    assert_int_equal(judge.fates[FATE_WRONG], 1);
}

static void make_trace(struct trace *trace)
{
    static const uint8_t bytes[100];

    trace_init(trace);
    for (uint32_t i = 0; i < 10000; i++) {
        const struct frame frame = {
            .time_ns = i, .captured_len = 100, .wire_len = i, .data = bytes};
        trace_add(trace, &frame);
    }
}

static void harm_is_as_much_as_asked_for_and_the_same_for_the_same_seed(void **state)
{
    (void)state;
    const struct harm harm = {.drop = 0.05, .reorder = 0.01, .snaplen = 96, .seed = 7};
    struct trace whole;
    struct trace harmed[2];
    size_t moved = 0;

    make_trace(&whole);
    harm_apply(&harm, &whole, &harmed[0]);
    harm_apply(&harm, &whole, &harmed[1]);
    assert_in_range(harmed[0].count, 9400, 9600);
    assert_int_equal(harmed[0].count, harmed[1].count);
    for (size_t i = 1; i < harmed[0].count; i++) {
        const struct frame *frame = &harmed[0].frames[i];
        assert_int_equal(frame->captured_len, 96);
        assert_true(frame->time_ns > frame[-1].time_ns);
        assert_int_equal(frame->wire_len, harmed[1].frames[i].wire_len);
        moved += frame->wire_len < frame[-1].wire_len ? 1 : 0;
    }
    assert_in_range(moved, 50, 300);
    trace_clear(&harmed[0]);
    trace_clear(&harmed[1]);
    trace_clear(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_class_is_wrong_and_a_resumption_false_however_likely),
        cmocka_unit_test(less_is_not_wrong),
        cmocka_unit_test(a_record_too_many_is_wrong),
        cmocka_unit_test(harm_is_as_much_as_asked_for_and_the_same_for_the_same_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
