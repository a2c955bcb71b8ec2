/* What the resources share where their objects come from elsewhere: by identity, by a move; and
 * what a configuration made of them need not say. */
#include "hyperpod.h"

#include <hp/cty/codec.h>

struct str hp_arn_part(struct str arn, size_t index)
{
    struct str rest = arn, part = {0};

    for (size_t i = 0; i <= index; i++)
        if (!str_next(&rest, ':', &part))
            return S("");
    return part;
}

const struct cty_value *hp_identity_member(struct arena *arena, const struct cty_value *object,
                                           struct str name)
{
    const struct cty_value *arn = tf_value(object, "arn");

    if (!str_is(name, "account_id") || arn == NULL || cty_is_null(arn))
        return NULL;
    if (cty_is_unknown(arn))
        return cty_unknown(arena, &cty_string);
    struct str account = hp_arn_part(arn->text, 4);
    return account.len == 0 ? NULL : cty_str(arena, account);
}

bool hp_import_region(struct tf_call *call, struct str region, struct str where)
{
    if (!aws_region_is_known(region))
        return diag_error(call->diags, NULL, "Unknown region",
                          "\"%.*s\" in the %.*s has not the form of a region.", STR(region),
                          STR(where));
    tf_set_str(call, "region", region);
    return true;
}

bool hp_import_by_identity(struct tf_call *call)
{
    struct str wanted = tf_str(call->identity, "account_id"), ours;
    struct str region = tf_str(call->identity, "region");
    struct aws_error error;

    if (!hp_import_region(call, region.len > 0 ? region : hp_region(call), S("identity")))
        return false;
    if (wanted.len == 0)
        return true;
    if (!hp_account_id(call, &ours, &error))
        return hp_diag(call, NULL, &error, "checking the account of the identity");
    return str_eq(wanted, ours) ||
           diag_error(call->diags, NULL, "The object belongs to another account",
                      "Its identity says that it is in account %.*s, and the credentials in use "
                      "are of account %.*s. Import it with a provider for that account.",
                      STR(wanted), STR(ours));
}

bool hp_generate(struct tf_call *call)
{
    const struct hp_account *account = hp_account_of(call);
    const struct cty_value *tags = tf_value(call->state, "tags");

    if (account != NULL && account->client != NULL &&
        str_eq(tf_str(call->state, "region"), aws_client_region(account->client)))
        tf_set_null(call, "region");
    if (tags != NULL && cty_is_known(tags) && tags->count == 0)
        tf_set_null(call, "tags");
    return true;
}

/* ---- Moves ---- */

struct doc *hp_move_tags(struct arena *arena, const struct doc *tags)
{
    struct doc *map = doc_object(arena);

    doc_each (entry, tags) {
        struct str key =
            tags->kind == DOC_OBJECT ? entry->name : doc_get_text(entry->value, S("key"));
        struct str value = tags->kind == DOC_OBJECT ? doc_text(entry->value)
                                                    : doc_get_text(entry->value, S("value"));
        if (key.len > 0)
            doc_put(arena, map, key, doc_string(arena, value.ptr == NULL ? S("") : value));
    }
    return map->count == 0 ? NULL : map;
}

bool hp_move_to(struct tf_call *call, const struct doc *object)
{
    struct buf json = buf_in(call->arena, doc_default_limits.bytes);
    const struct cty_value *state = NULL;
    struct cty_error error = {0};

    if (doc_to_json(object, &json) &&
        cty_from_json(call->arena, call->type, buf_str(&json), CTY_WIRE, &state, &error)) {
        call->state = state;
        return true;
    }
    struct str where = error.path == NULL ? S("") : cty_path_text(call->arena, error.path);
    return diag_error(call->diags, NULL, "Unreadable state",
                      "The stored object that is to be moved makes no sense here: %.*s%s%.*s.",
                      STR(where), where.len > 0 ? ": " : "", STR(error.message));
}
