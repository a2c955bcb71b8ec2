#include "fixture.h"

static const char *deed;
static bool closed;
static bool open_it(struct tf_call *call)
{
    tf_set_str(call, "token", S("t-1"));
    tf_private_set(call, "token", S("t-1"));
    if (str_is(S("renews"), deed))
        tf_ephemeral_renew_at(call, 5000);
    if (str_is(S("unknown"), deed))
        tf_set(call, "token", cty_unknown(call->arena, &cty_string));
    if (str_is(S("fails"), deed))
        return diag_error(call->diags, NULL, "No", "It can't be had.");
    return true;
}
static bool renew_it(struct tf_call *call)
{
    if (str_is(S("fails"), deed))
        return diag_error(call->diags, NULL, "No", "It can't be kept.");
    if (str_is(S("renews"), deed))
        tf_ephemeral_renew_at(call, 9000);
    return true;
}
static bool close_it(struct tf_call *call)
{
    closed = str_is(tf_private_get(call, "token"), "t-1");
    return closed;
}
static const struct tf_attr attrs[] = {{"name", TF_STRING, .flags = TF_REQUIRED},
                                       {"token", TF_STRING, .flags = TF_COMPUTED | TF_SENSITIVE},
                                       {0}};
static const struct tf_ephemeral lease = {
    .type = "lab_lease", .attrs = attrs, .open = open_it, .renew = renew_it, .close = close_it};
static const struct tf_ephemeral only_open = {.type = "lab_only", .attrs = attrs, .open = open_it};
static const struct tf_ephemeral *const ephemerals[] = {&lease, &only_open, NULL};
static const struct tf_provider provider = {.ephemerals = ephemerals};
static struct bench bench;

static struct tf_ephemeral_answer opened(const char *what, const struct tf_offer *offer)
{
    struct tf_ephemeral_answer answer;
    deed = what;
    tf_ephemeral_open(bench.server, &bench.rpc, offer, object_of(&bench, "{\"name\":\"n\"}"),
                      &answer);
    return answer;
}

START_TEST(what_is_opened_is_renewed_and_closed_by_its_private_data)
{
    struct tf_ephemeral_answer renewed;
    bench_offer(&bench, &provider, TF_EPHEMERAL);
    struct tf_ephemeral_answer answer = opened("renews", bench.offer);
    ck_assert_silent(&bench);
    ck_assert_str(shown_value(&bench, answer.result), S("{name:\"n\",token:\"t-1\"}"));
    ck_assert_int_eq(answer.renew_at_ms, 5000);
    tf_ephemeral_renew(bench.server, &bench.rpc, bench.offer, answer.private_data, &renewed);
    ck_assert_int_eq(renewed.renew_at_ms, 9000);
    ck_assert_str(renewed.private_data, answer.private_data); /* OpenTofu closes by these */
    tf_ephemeral_close(bench.server, &bench.rpc, bench.offer, renewed.private_data);
    ck_assert_silent(&bench);
    ck_assert(closed);
    bench_end(&bench);
}
END_TEST

START_TEST(what_goes_wrong_is_told)
{
    struct tf_ephemeral_answer renewed;
    bench_offer(&bench, &provider, TF_EPHEMERAL);
    ck_assert_ptr_null(opened("fails", bench.offer).result);
    ck_assert_told(&bench, "It can't be had.");
    forget(&bench);
    ck_assert_ptr_null(opened("unknown", bench.offer).result);
    ck_assert_told(&bench, "the value is still unknown");
    forget(&bench);
    tf_ephemeral_renew(bench.server, &bench.rpc, bench.offer, S(""), &renewed);
    forget(&bench);
    deed = "fails";
    tf_ephemeral_renew(bench.server, &bench.rpc, bench.offer, S("kept"), &renewed);
    ck_assert_told(&bench, "It can't be kept.");
    ck_assert_str(renewed.private_data, S("kept"));
    ck_assert_int_eq(renewed.renew_at_ms, 0);
    forget(&bench);
    tf_ephemeral_close(bench.server, &bench.rpc, bench.offer, S(""));
    ck_assert_told(&bench, "The closing of lab_lease failed and did not say why");
    bench_end(&bench);
}
END_TEST

START_TEST(what_is_not_handed_out_is_closed_again)
{
    bench_offer(&bench, &provider, TF_EPHEMERAL);
    ck_assert_ptr_null(opened("unknown", bench.offer).result);
    ck_assert(closed); /* the client closes only what it was given */
    closed = false;
    forget(&bench);
    ck_assert_ptr_null(opened("fails", bench.offer).result);
    ck_assert(!closed);
    bench_end(&bench);
}
END_TEST

START_TEST(what_can_not_be_renewed_does_not_ask_for_it)
{
    struct tf_ephemeral_answer renewed;
    bench_offer(&bench, &provider, TF_EPHEMERAL);
    const struct tf_offer *offer = tf_offer_at(bench.server, TF_EPHEMERAL, 1);
    ck_assert_ptr_null(opened("renews", offer).result);
    ck_assert_told(&bench, "asks to be renewed, and has no verb for it");
    forget(&bench);
    ck_assert_ptr_nonnull(opened("", offer).result);
    tf_ephemeral_renew(bench.server, &bench.rpc, offer, S("kept"), &renewed);
    ck_assert_str(renewed.private_data, S("kept"));
    tf_ephemeral_close(bench.server, &bench.rpc, offer, S("kept"));
    ck_assert_silent(&bench);
    bench_end(&bench);
}
END_TEST

TESTS("tf/ephemeral", what_is_opened_is_renewed_and_closed_by_its_private_data,
      what_goes_wrong_is_told, what_is_not_handed_out_is_closed_again,
      what_can_not_be_renewed_does_not_ask_for_it)
