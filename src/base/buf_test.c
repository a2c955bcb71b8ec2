#include <hp/base/buf.h>
#include <hp/base/test.h>

START_TEST(writers_append)
{
    struct buf buf = buf_on_heap(1000);

    buf_put(&buf, S("a\0b"));
    buf_putc(&buf, '-');
    buf_putz(&buf, "tail");
    buf_printf(&buf, "%03d", 7);

    ck_assert_str(buf_str(&buf), S("a\0b-tail007"));
    ck_assert_int_eq(buf.ptr[buf.len], 0);
    ck_assert(!buf.overflow);
    buf_done(&buf);
    ck_assert_str(buf_str(&buf), S(""));
}
END_TEST

START_TEST(what_does_not_fit_is_dropped_whole_and_everything_after_it_too)
{
    struct buf buf = buf_on_heap(10);

    buf_put(&buf, S("12345678"));
    buf_put(&buf, S("abc"));
    buf_put(&buf, S("9"));

    ck_assert(buf.overflow);
    ck_assert_str(buf_str(&buf), S("12345678"));
    buf_done(&buf);
}
END_TEST

START_TEST(the_maximum_itself_fits)
{
    struct buf buf = buf_on_heap(100);
    for (int i = 0; i < 100; i++)
        buf_putc(&buf, 'x');
    ck_assert(!buf.overflow);
    ck_assert_uint_eq(buf.len, 100);
    buf_printf(&buf, "%s", "");
    ck_assert(!buf.overflow);
    buf_printf(&buf, "%s", "y");
    ck_assert(buf.overflow);
    buf_done(&buf);
}
END_TEST

START_TEST(a_buffer_without_a_bound_of_its_own_works)
{
    struct buf buf = buf_on_heap(SIZE_MAX);
    buf_put(&buf, S("fits"));
    ck_assert_str(buf_str(&buf), S("fits"));
    buf_put(&buf, (struct str){"x", SIZE_MAX});
    ck_assert(buf.overflow);
    buf_done(&buf);
}
END_TEST

START_TEST(a_cleared_buffer_begins_anew)
{
    struct buf buf = buf_on_heap(4);
    buf_put(&buf, S("too long"));
    ck_assert(buf.overflow);
    buf_clear(&buf);
    buf_put(&buf, S("four"));
    ck_assert_str(buf_str(&buf), S("four"));
    ck_assert(!buf.overflow);
    buf_done(&buf);
}
END_TEST

START_TEST(in_an_arena_the_arenas_limit_is_an_overflow_and_no_end_of_the_process)
{
    scoped(arena_freep) struct arena *arena = arena_new(1000);
    struct buf buf = buf_in(arena, 1 << 20);

    for (int i = 0; i < 5000; i++)
        buf_putc(&buf, 'x');

    ck_assert(buf.overflow);
    ck_assert_uint_ge(buf.len, 400);
}
END_TEST

START_TEST(room_that_is_there_already_is_used_in_a_full_arena)
{
    scoped(arena_freep) struct arena *arena = arena_new(1024);
    struct buf buf = buf_in(arena, 1 << 20);
    buf_putc(&buf, 'a'); /* takes 64 */
    arena_alloc(arena, 944);
    ck_assert(!arena_has_room(arena, 64));

    buf_putc(&buf, 'b');

    ck_assert(!buf.overflow);
    ck_assert_str(buf_str(&buf), S("ab"));
}
END_TEST

TESTS("base/buf", writers_append, what_does_not_fit_is_dropped_whole_and_everything_after_it_too,
      the_maximum_itself_fits, a_buffer_without_a_bound_of_its_own_works,
      a_cleared_buffer_begins_anew,
      in_an_arena_the_arenas_limit_is_an_overflow_and_no_end_of_the_process,
      room_that_is_there_already_is_used_in_a_full_arena)
