#include "tests/report/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void open_paper(struct paper *paper)
{
    paper->stream = open_memstream(&paper->text, &paper->len);
    assert_non_null(paper->stream);
}

static void rewrite(const char *path, const struct paper *paper)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(paper->text, 1, paper->len, file), paper->len);
    assert_int_equal(fclose(file), 0);
}

static void compare(const char *path, const struct paper *paper)
{
    char *wanted = calloc(1, paper->len + 2);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s is missing", path);
    }
    size_t len = fread(wanted, 1, paper->len + 1, file);
    (void)fclose(file);
    if (len != paper->len || memcmp(wanted, paper->text, len) != 0) {
        fail_msg("%s differs; what was written:\n%s", path, paper->text);
    }
    free(wanted);
}

void close_paper(struct paper *paper, const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "tests/report/golden/%s", name);
    assert_int_equal(fclose(paper->stream), 0);
    if (getenv("REPRISE_GOLDEN_UPDATE") != NULL) {
        rewrite(path, paper);
    } else {
        compare(path, paper);
    }
    free(paper->text);
}
