#include "existing.h"
#include <hp/base/test.h>

static bool take(struct existing *existing, struct arena *arena, const char *json,
                 struct str *ret_why)
{
    struct doc *doc = NULL;
    struct doc_error error;
    const void *at;
    ck_assert(doc_from_json(arena, str_of(json), NULL, &doc, &error));
    return existing_take(existing, doc, &at, ret_why);
}

START_TEST(what_nobody_names_is_there)
{
    struct existing none = {.told = {false}};

    ck_assert(existing_has(&none, EXISTING_ROLE, S("arn:aws:iam::111122223333:role/any")));
    ck_assert(existing_has(&none, EXISTING_BUCKET, S("s3://any/x")));
    ck_assert(existing_has(&none, EXISTING_EKS_CLUSTER, S("sim")));
    ck_assert(!existing_has(&none, EXISTING_EKS_CLUSTER, S("other")));
    ck_assert(!existing_has(&none, EXISTING_EKS_CLUSTER, S("x/sim")));
}
END_TEST

START_TEST(names_arns_and_places_in_a_bucket_are_one_thing)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct existing existing = {.told = {false}};
    struct str why;

    ck_assert(take(&existing, arena,
                   "{\"buckets\":[\"a\",\"arn:aws:s3:::b\"],"
                   "\"roles\":[\"arn:aws:iam::111122223333:role/path/r\"]}",
                   &why));
    ck_assert(existing_has(&existing, EXISTING_BUCKET, S("s3://a/folder/x")));
    ck_assert(existing_has(&existing, EXISTING_BUCKET, S("https://b/x")));
    ck_assert(!existing_has(&existing, EXISTING_BUCKET, S("s3://c")));
    ck_assert(existing_has(&existing, EXISTING_ROLE, S("arn:aws:iam::111122223333:role/r")));
    ck_assert(!existing_has(&existing, EXISTING_ROLE, S("arn:aws:iam::111122223333:role/q")));
    ck_assert(existing_has(&existing, EXISTING_EKS_CLUSTER, S("sim")));
    existing_done(&existing);
}
END_TEST

START_TEST(what_is_wrong_changes_nothing)
{
    scoped(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct existing existing = {.told = {false}};
    struct str why = S("");

    ck_assert(take(&existing, arena, "{\"roles\":[\"r\"]}", &why));
    ck_assert(!take(&existing, arena, "{\"roles\":[],\"buckets\":[1]}", &why));
    ck_assert(!take(&existing, arena, "{\"roles\":[],\"bukets\":[]}", &why));
    ck_assert(!take(&existing, arena, "{\"buckets\":[\"arn:a:/b\"]}", &why));
    ck_assert(!take(&existing, arena, "{\"buckets\":[\"s3://arn:b\"]}", &why));
    ck_assert(!take(&existing, arena, "[]", &why));
    ck_assert(existing_has(&existing, EXISTING_ROLE, S("r")));
    ck_assert(existing_has(&existing, EXISTING_BUCKET, S("b")));
    ck_assert(take(&existing, arena, "{\"roles\":[]}", &why));
    ck_assert(!existing_has(&existing, EXISTING_ROLE, S("r")));
    existing_done(&existing);
}
END_TEST

TESTS("sim/existing", what_nobody_names_is_there, names_arns_and_places_in_a_bucket_are_one_thing,
      what_is_wrong_changes_nothing)
