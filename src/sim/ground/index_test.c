#include "index.h"

#include <hp/base/test.h>
#include <stdio.h>

enum { names = 5000 };
static char texts[names][16];

static struct str name_of(int i)
{
    snprintf(texts[i], sizeof texts[i], "thing-%d", i);
    return str_of(texts[i]);
}

START_TEST(finds_each_of_thousands_and_nothing_else)
{
    struct index index = {.slots = NULL};
    ck_assert_ptr_null(index_find(&index, S("thing-1")));
    for (int i = 0; i < names; i++)
        index_add(&index, name_of(i), texts[i]);
    ck_assert_uint_eq(index.count, names);
    for (int i = 0; i < names; i++)
        ck_assert_ptr_eq(index_find(&index, name_of(i)), texts[i]);
    ck_assert_ptr_null(index_find(&index, S("thing-5000")));
    ck_assert_ptr_null(index_find(&index, S("")));
    index_done(&index);
}
END_TEST

START_TEST(what_is_removed_hides_nothing_that_stays)
{
    struct index index = {.slots = NULL};
    index_remove(&index, S("thing-1"));
    for (int i = 0; i < names; i++)
        index_add(&index, name_of(i), texts[i]);
    for (int i = 0; i < names; i++)
        if (i % 3 != 0)
            index_remove(&index, str_of(texts[i]));
    index_remove(&index, S("no-thing"));
    for (int i = 0; i < names; i++)
        ck_assert_ptr_eq(index_find(&index, str_of(texts[i])), i % 3 == 0 ? texts[i] : NULL);
    for (int i = 0; i < names; i += 3)
        index_remove(&index, str_of(texts[i]));
    ck_assert_uint_eq(index.count, 0);
    for (size_t i = 0; i < index.size; i++)
        ck_assert_ptr_null(index.slots[i].name.ptr);
    index_done(&index);
}
END_TEST

START_TEST(a_name_that_comes_again_is_found_as_the_new_thing)
{
    struct index index = {.slots = NULL};
    int first = 1, second = 2;
    index_add(&index, S("a"), &first);
    index_remove(&index, S("a"));
    index_add(&index, S("a"), &second);
    ck_assert_ptr_eq(index_find(&index, S("a")), &second);
    index_done(&index);
}
END_TEST

TESTS("sim/index", finds_each_of_thousands_and_nothing_else,
      what_is_removed_hides_nothing_that_stays, a_name_that_comes_again_is_found_as_the_new_thing)
