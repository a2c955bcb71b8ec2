/* The table of contents at the end of a test file:
 *
 *     TESTS("aws/sigv4", a_vanilla_request_is_signed, the_token_is_signed_too)
 *
 * Each name is a START_TEST. Exit 0 only if every test passed and there was one; 77 is for tests
 * that say why they skip. Check prints its closing line. */
#ifndef HP_BASE_TEST_H
#define HP_BASE_TEST_H

#include <check.h>
#include <hp/base/str.h>
#include <stdlib.h>

#define TESTS(name, ...) TESTS_IN(int main(void), name, __VA_ARGS__)

/* The same in a function of that head, for a program whose main does something else first. */
#define TESTS_IN(head, name, ...)                                                                  \
    head                                                                                           \
    {                                                                                              \
        const TTest *const all[] = {__VA_ARGS__};                                                  \
        Suite *suite = suite_create(name);                                                         \
        TCase *tcase = tcase_create(name);                                                         \
        tcase_set_timeout(tcase, 60);                                                              \
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)                                    \
            tcase_add_test(tcase, all[i]);                                                         \
        suite_add_tcase(suite, tcase);                                                             \
        SRunner *runner = srunner_create(suite);                                                   \
        srunner_run_all(runner, CK_NORMAL);                                                        \
        int failed = srunner_ntests_failed(runner), ran = srunner_ntests_run(runner);              \
        srunner_free(runner);                                                                      \
        return failed == 0 && ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;                               \
    }

/* Strings that must be equal; shows both. */
#define ck_assert_str(actual, expected)                                                            \
    do {                                                                                           \
        struct str a_ = (actual), e_ = (expected);                                                 \
        ck_assert_msg(str_eq(a_, e_), "%s is\n  %.*s\nand should be\n  %.*s", #actual, STR(a_),    \
                      STR(e_));                                                                    \
    } while (0)

#endif
