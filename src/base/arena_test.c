#include <hp/base/arena.h>
#include <hp/base/test.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(pieces_are_zeroed_aligned_and_apart)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    char *last = NULL;

    for (size_t size = 0; size < 200; size++) {
        char *piece = arena_alloc(arena, size);
        ck_assert_ptr_nonnull(piece);
        ck_assert_uint_eq((uintptr_t)piece % 16, 0);
        ck_assert_ptr_ne(piece, last);
        for (size_t i = 0; i < size; i++)
            ck_assert_int_eq(piece[i], 0);
        memset(piece, 0xff, size);
        last = piece;
    }
}
END_TEST

START_TEST(a_piece_that_grows_large_keeps_what_it_holds)
{
    scoped(arena_freep) struct arena *arena = arena_new(256 << 20);
    struct str other = arena_str(arena, S("other"));
    size_t size = 64;
    char *piece = arena_alloc(arena, size);

    memset(piece, 'x', size);
    while (size < 64 << 20) {
        piece = arena_grow(arena, piece, size, size * 2);
        ck_assert_int_eq(piece[0], 'x');
        ck_assert_int_eq(piece[size - 1], 'x');
        ck_assert_int_eq(piece[size] | piece[size + size / 2] | piece[2 * size - 1], 0);
        memset(piece + size, 'x', size);
        size *= 2;
    }
    memset(arena_alloc(arena, 100), 1, 100);
    ck_assert_int_eq(piece[size - 1], 'x');
    ck_assert_str(other, S("other"));
    ck_assert_uint_lt(arena_used(arena), 256 << 20);
}
END_TEST

START_TEST(what_was_made_since_a_mark_is_free_again)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct arena_mark empty = arena_mark(arena);
    struct str kept = arena_str(arena, S("kept"));
    struct arena_mark mark = arena_mark(arena);
    char *first = arena_alloc(arena, 100);

    memset(first, 0xff, 100);
    for (int round = 0; round < 100; round++) { /* more than the limit in all */
        arena_rewind(arena, mark);
        ck_assert_uint_eq(arena_used(arena), mark.used);
        char *again = arena_alloc(arena, 100);
        ck_assert_ptr_eq(again, first);
        ck_assert_int_eq(again[0] | again[99], 0);
        memset(arena_alloc(arena, 100 * 1000), 0xff, 100 * 1000);
        memset(again, 0xff, 100);
    }
    ck_assert_str(kept, S("kept"));
    arena_rewind(arena, empty);
    ck_assert_uint_eq(arena_used(arena), 0);
}
END_TEST

START_TEST(a_piece_larger_than_a_chunk_gets_its_own)
{
    scoped(arena_freep) struct arena *arena = arena_new(64 << 20);

    char *small = arena_alloc(arena, 10), *large = arena_alloc(arena, 5 << 20);
    memset(large, 1, 5 << 20);

    ck_assert_int_eq(small[9], 0);
    ck_assert_uint_ge(arena_used(arena), 5 << 20);
}
END_TEST

START_TEST(room_is_told_before_it_is_taken)
{
    scoped(arena_freep) struct arena *arena = arena_new(1000);

    ck_assert(arena_has_room(arena, 1000));
    ck_assert(!arena_has_room(arena, 1001));
    ck_assert(!arena_has_room(arena, SIZE_MAX));
    arena_alloc(arena, 500);
    ck_assert(!arena_has_room(arena, 500)); /* 500 was rounded up */
    ck_assert(arena_has_room(arena, 488));
}
END_TEST

/* In a child of its own, which must die of abort. */
static void ends_the_process(size_t size, size_t count)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        close(STDERR_FILENO); /* its last sentence is not for the test's log */
        arena_alloc_array(arena_new(1000), size, count);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

START_TEST(passing_the_limit_ends_the_process)
{
    ends_the_process(1001, 1);
    ends_the_process(SIZE_MAX / 2, 3);
    ends_the_process(SIZE_MAX, 1);
}
END_TEST

START_TEST(the_last_piece_grows_in_place_and_an_older_one_moves)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    char *piece = arena_alloc(arena, 20);
    memcpy(piece, "0123456789", 10);

    char *grown = arena_grow(arena, piece, 20, 100);
    ck_assert_ptr_eq(grown, piece);
    ck_assert_int_eq(grown[99], 0);

    arena_alloc(arena, 1);
    char *moved = arena_grow(arena, grown, 100, 200);
    ck_assert_ptr_ne(moved, grown);
    ck_assert_mem_eq(moved, "0123456789", 10);
    ck_assert_int_eq(moved[199], 0);
    ck_assert_ptr_eq(arena_grow(arena, moved, 200, 50), moved);
    ck_assert_ptr_nonnull(arena_grow(arena, NULL, 0, 5));
}
END_TEST

START_TEST(strings_are_copied_joined_and_formatted_with_a_nul_behind)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    char origin[] = "pod";

    struct str copy = arena_str(arena, str_of(origin));
    origin[0] = 'x';
    ck_assert_str(copy, S("pod"));
    ck_assert_int_eq(copy.ptr[copy.len], 0);
    ck_assert_str_eq(arena_z(arena, S("hyper")), "hyper");
    ck_assert_str(arena_cat(arena, S("hyper"), copy), S("hyperpod"));
    ck_assert_str(arena_cat(arena, (struct str){NULL, 0}, S("a")), S("a"));
    ck_assert_str(arena_fmt(arena, "%d groups in %.*s", 2, STR(copy)), S("2 groups in pod"));
    ck_assert_str(arena_lower(arena, S("ML.P5-\xc3\x84")), S("ml.p5-\xc3\x84"));
}
END_TEST

START_TEST(what_is_no_utf8_is_replaced_byte_by_byte)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    static const struct {
        struct str text, cleaned;
    } rows[] = {
        {S_INIT("a\xff"
                "b"),
         S_INIT("a\xef\xbf\xbd"
                "b")},
        {S_INIT("\xe2\x82"), S_INIT("\xef\xbf\xbd\xef\xbf\xbd")},
        {S_INIT("\xc3\xa4\xc3"), S_INIT("\xc3\xa4\xef\xbf\xbd")},
        {S_INIT("\xf0\x9f\x98\x80\x80"), S_INIT("\xf0\x9f\x98\x80\xef\xbf\xbd")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str(arena_utf8(arena, rows[i].text), rows[i].cleaned);

    struct str good = S("\xe2\x82\xac 5");
    ck_assert_ptr_eq(arena_utf8(arena, good).ptr, good.ptr);
}
END_TEST

START_TEST(a_nul_anywhere_is_replaced_too)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);

    ck_assert_str(arena_utf8(arena, S("ab\0c")), S("ab\xef\xbf\xbd"
                                                   "c"));
    ck_assert_str(arena_utf8(arena, S("\0")), S("\xef\xbf\xbd"));
}
END_TEST

TESTS("base/arena", pieces_are_zeroed_aligned_and_apart, what_was_made_since_a_mark_is_free_again,
      a_piece_that_grows_large_keeps_what_it_holds, a_piece_larger_than_a_chunk_gets_its_own,
      room_is_told_before_it_is_taken, passing_the_limit_ends_the_process,
      the_last_piece_grows_in_place_and_an_older_one_moves,
      strings_are_copied_joined_and_formatted_with_a_nul_behind,
      what_is_no_utf8_is_replaced_byte_by_byte, a_nul_anywhere_is_replaced_too)
