/* A protocol writes requests and reads answers by the shape tables. Private to aws. */
#ifndef AWS_CODEC_H
#define AWS_CODEC_H

#include <hp/aws/wire.h>

/* Where in an input or an answer we are, for messages: "InstanceGroups[2].InstanceCount". */
struct spot {
    const struct spot *up;
    struct str name;
    size_t index; /* of a list's element, when name is empty */
};
struct str spot_text(struct arena *arena, const struct spot *spot);

struct codec {
    bool (*encode)(struct arena *arena, const struct aws_op *op, const struct doc *input,
                   struct aws_wire *ret_wire, struct aws_error *reterr);
    /* Trees of the parser may live in scratch; what is kept is copied into the arena. */
    bool (*decode)(struct arena *arena, struct arena *scratch, const struct aws_op *op,
                   struct str body, struct doc **ret_output, struct aws_error *reterr);
};
extern const struct codec codec_json11, codec_ec2, codec_query, codec_rest_json, codec_rest_xml;

const struct aws_member *member_find(const struct aws_shape *shape, struct str name);

/* A scalar of the caller's tree as text for the wire; AWS_TIME as RFC 3339. False: *reterr says
 * that it is not of that type. */
bool scalar_to_text(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
                    const struct spot *spot, struct str *ret_text, struct aws_error *reterr);
/* A text from the wire as a scalar of the caller's tree. */
bool scalar_from_text(struct arena *arena, const struct aws_shape *shape, struct str text,
                      const struct spot *spot, struct doc **ret_value, struct aws_error *reterr);

/* "1.5e9" or "1700000000.25": seconds since 1970, to milliseconds. */
bool seconds_parse(struct str text, int64_t *ret_ms);
struct str base64_of(struct arena *arena, struct str bytes);
bool base64_parse(struct arena *arena, struct str text, struct str *ret_bytes);

/* An object by its shape as JSON. */
bool json_body(struct arena *arena, const struct aws_shape *shape, const struct doc *object,
               struct str *ret_text, struct aws_error *reterr);

/* The same as XML: <name xmlns="…">…</name>. */
bool xml_text(struct arena *arena, const struct aws_shape *shape, const struct doc *value,
              struct str name, const char *xmlns, struct str *ret_text, struct aws_error *reterr);
/* An XML document's root by its shape; an empty text is an empty object. */
bool xml_read(struct arena *arena, struct arena *scratch, const struct aws_shape *shape,
              struct str text, struct doc **ret, struct aws_error *reterr);

bool not_a(struct arena *arena, enum aws_error_kind kind, const struct aws_shape *shape,
           const struct spot *spot, struct aws_error *reterr);

/* An answer may be larger than the memory the caller gave: asked before each piece. */
bool answer_has_room(struct arena *arena, size_t bytes, struct aws_error *reterr);

#endif
