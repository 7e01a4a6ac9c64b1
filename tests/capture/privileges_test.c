#include "capture/privileges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOBODY = 65534 };

static void need_root(void)
{
    if (geteuid() != 0) {
        print_message("only root has something to give up\n");
        skip();
    }
}

static void find_becomes_who_called_sudo_else_nobody(void **state)
{
    struct privileges privileges;
    struct error error;

    (void)state;
    need_root();
    assert_int_equal(setenv("SUDO_UID", "12345", 1), 0);
    assert_int_equal(setenv("SUDO_GID", "23456", 1), 0);
    assert_true(privileges_find(NULL, &privileges, &error));
    assert_int_equal(privileges.uid, 12345);
    assert_int_equal(privileges.gid, 23456);
    assert_int_equal(setenv("SUDO_UID", "0", 1), 0);
    assert_true(privileges_find(NULL, &privileges, &error));
    assert_int_equal(privileges.uid, NOBODY);
    assert_int_equal(setenv("SUDO_UID", "1x", 1), 0);
    assert_true(privileges_find(NULL, &privileges, &error));
    assert_int_equal(privileges.uid, NOBODY);
    assert_int_equal(unsetenv("SUDO_UID"), 0);
    assert_true(privileges_find(NULL, &privileges, &error));
    assert_int_equal(privileges.uid, NOBODY);
    assert_string_equal(privileges.user, "nobody");
}

static void find_takes_a_name_or_a_number(void **state)
{
    struct privileges privileges;
    struct error error;

    (void)state;
    need_root();
    assert_true(privileges_find("daemon", &privileges, &error));
    assert_int_equal(privileges.uid, 1);
    assert_true(privileges_find("65534", &privileges, &error));
    assert_string_equal(privileges.user, "nobody");
    assert_false(privileges_find("no-such-user", &privileges, &error));
    assert_string_equal(error.text, "no-such-user: no such user");
}

/* What a child makes of a drop to nobody: 0 when nothing of root is left. */
static int drop_in_child(void)
{
    struct privileges privileges;
    struct error error;

    if (!privileges_find("nobody", &privileges, &error) || !privileges_drop(&privileges, &error)) {
        return 1;
    }
    if (getuid() != NOBODY || geteuid() != NOBODY || getgid() != NOBODY || setuid(0) == 0) {
        return 2;
    }
    return getgroups(0, NULL) <= 1 ? 0 : 3;
}

static void drop_leaves_no_way_back(void **state)
{
    int status;

    (void)state;
    need_root();
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(drop_in_child());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void give_file_follows_no_link(void **state)
{
    char folder[] = "/tmp/reprise-test-XXXXXX";
    char path[64];
    char link[64];
    struct stat status;
    struct privileges privileges;
    struct error error;

    (void)state;
    need_root();
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/file", folder);
    (void)snprintf(link, sizeof(link), "%s/link", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(symlink(path, link), 0);
    assert_true(privileges_find("nobody", &privileges, &error));
    assert_true(privileges_give_file(&privileges, link, &error));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_uid, 0);
    assert_true(privileges_give_file(&privileges, path, &error));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_uid, NOBODY);
    assert_int_equal(unlink(path), 0);
    assert_true(privileges_give_file(&privileges, path, &error));
    assert_int_equal(unlink(link), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(find_becomes_who_called_sudo_else_nobody),
        cmocka_unit_test(find_takes_a_name_or_a_number),
        cmocka_unit_test(drop_leaves_no_way_back),
        cmocka_unit_test(give_file_follows_no_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
