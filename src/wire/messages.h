/* protobuf-c in an arena: what is unpacked or made here is never freed by itself. */
#ifndef HP_WIRE_MESSAGES_H
#define HP_WIRE_MESSAGES_H

#include <hp/base/arena.h>
#include <tfplugin6.pb-c.h>

/* A message with its defaults. */
void *pb_new(struct arena *arena, const ProtobufCMessageDescriptor *descriptor);
/* NULL: the bytes are not such a message, or too large for the arena. */
void *pb_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                struct str bytes);
/* False: too large for the arena. */
bool pb_pack(struct arena *arena, const void *message, struct str *ret_bytes);

static inline struct str pb_str(ProtobufCBinaryData bytes)
{
    return (struct str){(const char *)bytes.data, bytes.len};
}
static inline ProtobufCBinaryData pb_bytes(struct str s)
{
    return (ProtobufCBinaryData){s.len, (uint8_t *)s.ptr};
}

#endif
