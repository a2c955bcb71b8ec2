/* Everything that a provider offers, in one list: what has a schema, with its type. */
#include "tf.h"

static const struct tf_block no_blocks[1];
static const struct tf_timeouts no_timeouts;

static const struct tf_block *with_timeouts(struct arena *arena, const struct tf_block *own,
                                            const struct tf_timeouts *timeouts)
{
    size_t count = 0;

    if (!tf_has_timeouts(timeouts))
        return own == NULL ? no_blocks : own;
    each_block(block, own)
    {
        count++;
    }
    struct tf_block *blocks = arena_array(arena, struct tf_block, count + 2);
    for (size_t i = 0; i < count; i++)
        blocks[i] = own[i];
    blocks[count] = *tf_timeouts_block(arena, timeouts);
    return blocks;
}

static void add(struct arena *arena, struct tf_offers *offers, struct tf_offer offer)
{
    if (offer.timeouts == NULL)
        offer.timeouts = &no_timeouts;
    offer.blocks = with_timeouts(arena, offer.blocks, offer.timeouts);
    offer.type = tf_object_type(arena, offer.attrs, offer.blocks);
    offers->items[offers->count++] = offer;
}

static void add_resource(struct arena *arena, struct tf_offers *offers,
                         const struct tf_resource *resource)
{
    struct tf_offer offer = {.kind = TF_RESOURCE,
                             .name = resource->type,
                             .doc = resource->doc,
                             .version = resource->version,
                             .attrs = resource->attrs,
                             .blocks = resource->blocks,
                             .timeouts = &resource->timeouts,
                             .validate = resource->validate,
                             .resource = resource};
    if (resource->identity != NULL)
        offer.identity_type = tf_object_type(arena, resource->identity->attrs, NULL);
    add(arena, offers, offer);
    if (resource->list == NULL)
        return;
    add(arena, offers,
        (struct tf_offer){.kind = TF_LIST_RESOURCE,
                          .name = resource->type,
                          .doc = resource->list->doc,
                          .attrs = resource->list->attrs,
                          .blocks = resource->list->blocks,
                          .validate = resource->list->validate,
                          .identity_type = offer.identity_type,
                          .resource = resource});
}

static void add_data_source(struct arena *arena, struct tf_offers *offers,
                            const struct tf_data_source *source)
{
    add(arena, offers,
        (struct tf_offer){.kind = TF_DATA_SOURCE,
                          .name = source->type,
                          .doc = source->doc,
                          .attrs = source->attrs,
                          .blocks = source->blocks,
                          .timeouts = &source->timeouts,
                          .validate = source->validate,
                          .data_source = source});
}

static void add_ephemeral(struct arena *arena, struct tf_offers *offers,
                          const struct tf_ephemeral *ephemeral)
{
    add(arena, offers,
        (struct tf_offer){.kind = TF_EPHEMERAL,
                          .name = ephemeral->type,
                          .doc = ephemeral->doc,
                          .attrs = ephemeral->attrs,
                          .blocks = ephemeral->blocks,
                          .validate = ephemeral->validate,
                          .ephemeral = ephemeral});
}

struct tf_offers tf_offers_make(struct arena *arena, const struct tf_provider *provider)
{
    size_t most = 2; /* the provider and its meta */
    each_item(resource, provider->resources) most += 2;
    each_item(source, provider->data_sources) most++;
    each_item(ephemeral, provider->ephemerals) most++;

    struct tf_offers offers = {arena_array(arena, struct tf_offer, most), 0};
    add(arena, &offers,
        (struct tf_offer){.kind = TF_PROVIDER,
                          .name = provider->name,
                          .doc = provider->doc,
                          .attrs = provider->attrs,
                          .blocks = provider->blocks,
                          .validate = provider->validate});
    if (provider->meta != NULL)
        add(arena, &offers,
            (struct tf_offer){.kind = TF_META, .name = provider->name, .attrs = provider->meta});
    each_item(resource, provider->resources) add_resource(arena, &offers, *resource);
    each_item(source, provider->data_sources) add_data_source(arena, &offers, *source);
    each_item(ephemeral, provider->ephemerals) add_ephemeral(arena, &offers, *ephemeral);
    return offers;
}
