#include "record.h"
#include "training_plan.h"
#include <hp/base/test.h>

/* A region of a new state. */
static struct state state;
static struct region *region;

static void begin(void)
{
    state_init(&state, 7);
    region = state_region(&state, S("us-west-2"));
}

static struct record *some_record(enum record_kind kind, struct str name, int64_t now_ms)
{
    scoped(arena_freep) struct arena *arena = arena_new(4096);
    struct record *record = record_new(&state, region, kind, sizeof *record, S(""), name, now_ms);
    record_set(record, RECORD_CREATED, doc_object(arena), S(""), now_ms);
    return record;
}

START_TEST(a_record_is_gone_when_its_deletion_is_done)
{
    begin();
    struct record *record = some_record(RECORD_COMPUTE_QUOTA, S("a"), 0);
    ck_assert(!record_is_settled(record, 29999));
    ck_assert(record_is_settled(record, 30000));
    record_set(record, RECORD_DELETED, NULL, S(""), 30000);
    ck_assert(record_find(region, RECORD_COMPUTE_QUOTA, record->id, 49999) == record);
    ck_assert(record_find(region, RECORD_COMPUTE_QUOTA, record->id, 50000) == NULL);
    records_sweep(region, 49999);
    ck_assert_uint_eq(region->records.count, 1);
    records_sweep(region, 50000);
    ck_assert_uint_eq(region->records.count, 0);
    state_done(&state);
}
END_TEST

START_TEST(a_record_whose_deletion_failed_stays)
{
    begin();
    struct record *record = some_record(RECORD_EXTENSION, S("a"), 0);
    record_set(record, RECORD_DELETED, NULL, S("no"), 0);
    records_sweep(region, INT64_MAX);
    ck_assert(record_find(region, RECORD_EXTENSION, record->arn, INT64_MAX) == record);
    state_done(&state);
}
END_TEST

START_TEST(another_kind_or_a_name_does_not_find_a_record)
{
    begin();
    struct record *record = some_record(RECORD_COMPUTE_QUOTA, S("abcdefghijkl"), 0);
    ck_assert(record_find(region, RECORD_COMPUTE_QUOTA, S("abcdefghijkl"), 0) == NULL);
    ck_assert(record_find(region, RECORD_SCHEDULER_CONFIG, record->id, 0) == NULL);
    ck_assert(record_find(region, RECORD_COMPUTE_QUOTA, record->arn, 0) == record);
    state_done(&state);
}
END_TEST

static size_t bytes_of(const struct record *record)
{
    size_t bytes = 0;
    for (size_t i = 0; i < RECORD_VERSIONS; i++)
        bytes += record->kept[i].arena == NULL ? 0 : arena_used(record->kept[i].arena);
    return bytes;
}

START_TEST(a_hundred_thousand_updates_take_no_more_room_than_a_hundred)
{
    begin();
    for (int kind = 0; kind < RECORD_KINDS; kind++) {
        struct record *record = kind == RECORD_TRAINING_PLAN
                                    ? record_new(&state, region, RECORD_TRAINING_PLAN,
                                                 sizeof(struct training_plan), S(""), S("p"), 0)
                                    : some_record((enum record_kind)kind, S("a"), 0);
        size_t after_hundred = 0;
        for (int64_t i = 1; i <= 100000; i++) {
            scoped(arena_freep) struct arena *arena = arena_new(65536);
            struct doc *doc = doc_object(arena);
            doc_put(arena, doc, S("n"), doc_fmt(arena, "%010lld", (long long)i));
            doc_put(arena, doc, S("before"), /* what it borrows from goes when it comes */
                    record->version == 0 ? NULL : doc_get(record_settings(record), S("n")));
            record_set(record, RECORD_UPDATED, doc, S(""), i);
            if (i == 200)
                after_hundred = bytes_of(record);
        }
        ck_assert_uint_eq(bytes_of(record), after_hundred);
        ck_assert(str_is(doc_get_text(record_settings(record), S("n")), "0000100000"));
        ck_assert(str_is(doc_get_text(record_settings(record), S("before")), "0000099999"));
    }
    state_done(&state);
}
END_TEST

START_TEST(the_newest_hundred_versions_of_a_quota_are_kept_and_one_of_an_extension)
{
    scoped(arena_freep) struct arena *arena = arena_new(65536);
    begin();
    struct record *quota = some_record(RECORD_COMPUTE_QUOTA, S("a"), 0);
    struct record *extension = some_record(RECORD_EXTENSION, S("b"), 0);
    for (int64_t i = 2; i <= 150; i++) {
        struct doc *doc = doc_int(arena, i);
        record_set(quota, RECORD_UPDATED, doc, S(""), i);
        record_set(extension, RECORD_UPDATED, doc, S(""), i);
    }
    ck_assert_ptr_null(record_version(quota, 0));
    ck_assert_ptr_null(record_version(quota, 50));
    ck_assert(str_is(doc_text(record_version(quota, 51)), "51"));
    ck_assert_ptr_eq(record_version(quota, 150), record_settings(quota));
    ck_assert_ptr_null(record_version(quota, 151));
    ck_assert_ptr_null(record_version(extension, 149));
    ck_assert(str_is(doc_text(record_version(extension, 150)), "150"));
    state_done(&state);
}
END_TEST

START_TEST(an_id_of_an_offer_holds_the_offer_and_cannot_be_made_up)
{
    scoped(arena_freep) struct arena *arena = arena_new(65536);
    struct plan_offer offer = {1, 16, 1800000000, 48, 3, 2, 0}, back;
    begin();
    struct str id = offer_id(&state, arena, &offer);
    ck_assert(offer_of_id(&state, arena, id, &back));
    ck_assert_int_eq(back.instances, 16);
    ck_assert_int_eq(back.start_s, 1800000000);
    ck_assert_int_eq(back.zone, 3);
    ck_assert(!offer_of_id(&state, arena, S("tpo-1-17-1800000000-48-3-2-0-00000000"), &back));
    ck_assert(!offer_of_id(&state, arena, str_sub(id, 0, id.len - 1), &back));
    ck_assert(!offer_of_id(&state, arena, arena_fmt(arena, "%.*s-", STR(id)), &back));
    ck_assert(!offer_of_id(&state, arena, S("tpo"), &back));
    state_done(&state);
}
END_TEST

TESTS("sim/record", a_record_is_gone_when_its_deletion_is_done,
      a_hundred_thousand_updates_take_no_more_room_than_a_hundred,
      the_newest_hundred_versions_of_a_quota_are_kept_and_one_of_an_extension,
      a_record_whose_deletion_failed_stays, another_kind_or_a_name_does_not_find_a_record,
      an_id_of_an_offer_holds_the_offer_and_cannot_be_made_up)
