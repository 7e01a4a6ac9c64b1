#include "report/tables.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static size_t width_of(const struct table *table, unsigned columns)
{
    size_t width = 0;

    for (size_t i = 0; tables_has_column(table, i); i++) {
        width += (columns >> i & 1) != 0 ? (size_t)table->columns[i].width : 0;
    }
    return width;
}

static void columns_leave_room_for_a_name_on_any_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < tables_count(); i++) {
        unsigned before = 0;
        for (unsigned page = 80; page <= 200; page++) {
            unsigned columns = tables_columns_on(tables_at(i), page);
            assert_true(width_of(tables_at(i), columns) + TABLES_NAME_COLUMNS_MIN <= page);
            assert_int_equal(columns & before, before); /* a wider page has all of a narrower */
            before = columns;
        }
        assert_int_equal(before & (before + 1), 0); /* at last all there are */
        assert_true(tables_has_column(tables_at(i), 0) && (before & 1) == 1);
    }
}

static const struct tables_column *column_in(const struct table *table, const char *lower)
{
    for (size_t i = 0; tables_has_column(table, i); i++) {
        if (strcmp(table->columns[i].lower, lower) == 0) {
            return &table->columns[i];
        }
    }
    return NULL;
}

static const struct tables_column *column_of(const char *lower)
{
    for (size_t i = 0; i < tables_count(); i++) {
        const struct tables_column *column = column_in(tables_at(i), lower);
        if (column != NULL) {
            return column;
        }
    }
    fail_msg("there is no column %s", lower);
    return NULL;
}

static const char mechanisms[] = ".full =id +ticket #psk";

static void check_bar(const char *lower, const struct figures *figures, const char *ascii,
                      const char *blocks)
{
    const struct tables_column *column = column_of(lower);
    char text[FORMAT_BYTES];

    column->cell(figures, text);
    assert_string_equal(text, ascii);
    tables_blocks(column)->cell(figures, text);
    assert_string_equal(text, blocks);
}

#define FULL "\u2591"
#define ID "\u2592"
#define TICKET "\u2593"
#define PSK "\u2588"

/* 10 of 20 columns are full, 5 by ID, 3 by ticket, 2 by PSK. */
static void shares_of_mechanisms_are_shares_of_the_bar(void **state)
{
    (void)state;
    struct figures figures = {.evaluated = 20, .resumed = 10, .rate = 0.5};

    figures.verdicts[VERDICT_FULL] = 10;
    figures.verdicts[VERDICT_RESUMED_ID] = 5;
    figures.verdicts[VERDICT_RESUMED_TICKET] = 3;
    figures.verdicts[VERDICT_RESUMED_PSK] = 2;
    figures.verdicts[VERDICT_UNKNOWN] = 100;
    check_bar(mechanisms, &figures, "..........=====+++##",
              FULL FULL FULL FULL FULL FULL FULL FULL FULL FULL ID ID ID ID ID TICKET TICKET TICKET
                  PSK PSK);
    figures.evaluated = 0;
    check_bar(mechanisms, &figures, "                    ", "                    ");
}

/* A third each of full, ID and ticket: they end at 6.67, 13.33 and 20, that is 7, 13 and 20. */
static void a_bar_is_whole_whatever_is_rounded(void **state)
{
    (void)state;
    struct figures figures = {.evaluated = 3, .resumed = 2, .rate = 2.0 / 3};
    char text[FORMAT_BYTES];

    figures.verdicts[VERDICT_FULL] = 1;
    figures.verdicts[VERDICT_RESUMED_ID] = 1;
    figures.verdicts[VERDICT_RESUMED_TICKET] = 1;
    column_of(mechanisms)->cell(&figures, text);
    assert_string_equal(text, ".......======+++++++");
    figures.evaluated = UINT64_MAX;
    figures.verdicts[VERDICT_FULL] = UINT64_MAX;
    figures.verdicts[VERDICT_RESUMED_ID] = 0;
    figures.verdicts[VERDICT_RESUMED_TICKET] = 0;
    column_of(mechanisms)->cell(&figures, text);
    assert_string_equal(text, "....................");
}

static void check_rate(double rate, const char *ascii, const char *blocks)
{
    struct figures figures = {.evaluated = 1, .rate = rate};

    check_bar("", &figures, ascii, blocks);
}

/* Ten blocks of eight steps: 0.66 is 52.8, so 53 of 80, six whole ones and five eighths. */
static void a_rate_is_drawn_in_eighths(void **state)
{
    (void)state;
    check_rate(0, "..........", "          ");
    check_rate(1, "##########", "\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588");
    check_rate(0.66, "#######...", "\u2588\u2588\u2588\u2588\u2588\u2588\u258b   ");
    check_rate(0.01, "..........", "\u258f         ");
    check_rate((double)NAN, "..........", "          ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_leave_room_for_a_name_on_any_page),
        cmocka_unit_test(shares_of_mechanisms_are_shares_of_the_bar),
        cmocka_unit_test(a_bar_is_whole_whatever_is_rounded),
        cmocka_unit_test(a_rate_is_drawn_in_eighths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
