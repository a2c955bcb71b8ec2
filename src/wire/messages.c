#include "messages.h"

static void *pb_alloc(void *arg, size_t size)
{
    struct arena *arena = arg;
    return arena_has_room(arena, size + 64) ? arena_alloc(arena, size) : NULL;
}

static void pb_free(void *arg, void *pointer)
{
    (void)arg;
    (void)pointer; /* the arena frees it */
}

void *pb_new(struct arena *arena, const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = arena_alloc(arena, descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, message);
    return message;
}

void *pb_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor, struct str bytes)
{
    ProtobufCAllocator allocator = {pb_alloc, pb_free, arena};
    return protobuf_c_message_unpack(descriptor, &allocator, bytes.len,
                                     (const uint8_t *)(bytes.len == 0 ? "" : bytes.ptr));
}

bool pb_pack(struct arena *arena, const void *message, struct str *ret_bytes)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    if (!arena_has_room(arena, len + 64))
        return false;
    uint8_t *bytes = arena_alloc(arena, len);
    protobuf_c_message_pack(message, bytes);
    *ret_bytes = (struct str){(const char *)bytes, len};
    return true;
}
