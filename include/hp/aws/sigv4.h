/* AWS Signature Version 4: a request becomes an Authorization header, by stages that a test can
 * look at one by one.
 *
 * The signer signs what it is given: X-Amz-Date, X-Amz-Security-Token and Host stand among the
 * headers already. Headers that proxies and tracers change (connection, user-agent, …) are left
 * out. Source: AWS IAM User Guide, "Create a signed AWS API request"; botocore's auth.py for the
 * headers that are never signed. */
#ifndef HP_AWS_SIGV4_H
#define HP_AWS_SIGV4_H

#include <hp/base/arena.h>
#include <hp/base/secret.h>

struct aws_header {
    struct str name, value;
};

struct sigv4_request {
    struct str method;
    struct str path;  /* as it goes on the wire, without the query; empty: "/" */
    struct str query; /* as it goes on the wire, without '?' */
    const struct aws_header *headers;
    size_t header_count;
    struct str body;
    struct str payload_hash; /* stands in for the body's SHA-256 when it is not empty */
    bool path_as_sent;       /* S3: neither normalised nor encoded a second time */
};

/* Who signs, when, for what. */
struct sigv4_scope {
    struct str access_key;
    const struct secret *secret_key;
    struct str time; /* 20150830T123600Z, the value of X-Amz-Date */
    struct str region, service;
};

struct sigv4_stages {
    struct str canonical;      /* the canonical request */
    struct str to_sign;        /* the string to sign */
    struct str signed_headers; /* host;x-amz-date */
    struct str signature;      /* hex */
    struct str authorization;  /* the header's value */
};

/* Remembers derived keys (one a day, region and service), wiped when it ends. Thread safe. */
struct sigv4_keys;
struct sigv4_keys *sigv4_keys_new(void);
void sigv4_keys_free(struct sigv4_keys *keys); /* takes NULL too */

/* All stages live in the arena. keys NULL: derived anew. */
struct sigv4_stages sigv4_sign(struct arena *arena, struct sigv4_keys *keys,
                               const struct sigv4_scope *scope,
                               const struct sigv4_request *request);

/* Percent-encoding with the unreserved characters of RFC 3986 kept; slash: '/' is kept too. */
struct str aws_percent_encode(struct arena *arena, struct str s, bool keep_slash);
/* Lower-case hex of SHA-256. */
struct str aws_sha256_hex(struct arena *arena, struct str bytes);

#endif
