/* Where keys come from, and how they stay fresh. Private to aws.
 *
 * The chain looks once, when the client is made, and ends in a recipe: keys that lie there, or a
 * way to fetch some. A recipe is const and lives as long as the client; what it fetches is kept by
 * the vault, which fetches anew before it expires. Sources: AWS SDKs and Tools Reference Guide,
 * "Standardized credential providers"; hashicorp/aws provider documentation for the order. */
#ifndef AWS_CREDENTIALS_H
#define AWS_CREDENTIALS_H

#include "settings.h"
#include "transport.h"

#include <hp/base/buf.h>
#include <hp/doc/doc.h>

struct credentials {
    struct secret access_key, secret_key, token;
    int64_t expires_ms; /* wall clock; 0: never */
};
void credentials_done(struct credentials *credentials);
struct credentials credentials_copy(const struct credentials *other);

/* The circumstances of fetching. */
struct fetch {
    struct aws_client *client;
    struct arena *arena; /* scratch; messages too */
    struct stop_token *stop;
    int64_t deadline_tick_ms; /* 0: none */
};

/* The circumstances of a call to STS on its behalf. */
struct aws_context fetch_from_sts(const struct fetch *fetch);

struct recipe {
    const char *source; /* "a process", for messages */
    /* False: *reterr is AWS_CREDENTIALS, or AWS_STOPPED; the message says what and why. */
    bool (*fetch)(const struct recipe *recipe, const struct fetch *fetch, struct credentials *ret,
                  struct aws_error *reterr);
    const struct recipe *base;  /* role: whose keys sign the request */
    struct aws_role role;       /* role, web identity */
    struct credentials fixed;   /* keys that lie there */
    struct secret word;         /* web identity, container: the token itself */
    struct str file;            /* the file of a token; SSO: the cached token */
    struct str command;         /* process */
    struct str url;             /* container: whole; IMDS: without path */
    struct str profile;         /* for messages: `aws sso login --profile NAME` */
    struct str region, account; /* SSO */
    struct str tried;           /* what the chain looked through before, for messages */
    struct str setting;         /* what of the configuration it comes from; empty: nothing */
    struct recipe *next;        /* all of a client */
};
void recipes_free(struct recipe *first); /* wipes; the memory itself is the arena's */
/* Keys that lie there: asking again gives the same. */
bool recipe_is_fixed(const struct recipe *recipe);
/* Its fetch; an error names the setting, and what the chain looked through before. */
bool recipe_fetch(const struct recipe *recipe, const struct fetch *fetch, struct credentials *ret,
                  struct aws_error *reterr);
/* Where the first keys come from the instance's role: that recipe; else NULL. */
const struct recipe *recipe_of_instance(const struct recipe *recipe);
/* The region of the instance, by its metadata service. */
bool imds_region(const struct recipe *recipe, const struct fetch *fetch, struct str *ret_region,
                 struct aws_error *reterr);

/* What goes on while the chain looks. */
struct search {
    struct sources *sources;
    struct arena *arena; /* the client's */
    struct recipe *all;
    struct aws_error *error;
    struct buf tried;
    size_t tried_count;
};
enum found { NOT_HERE, FOUND, BROKEN };

struct recipe *recipe_new(struct search *search, const char *source);
/* An input of two halves; both or none. */
enum found keys_take(struct search *search, const char *source, struct str access_key,
                     struct str secret_key, struct str token, const char *const names[2],
                     const struct recipe **ret);
enum found broken(struct search *search, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Looked there, and it was not there. */
void tried(struct search *search, const char *source, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The sources: what asks for them, and the recipe. */
enum found keys_look_environment(struct search *search, const struct recipe **ret);
enum found profile_look(struct search *search, struct str profile, const struct recipe **ret);
enum found web_look_environment(struct search *search, const struct recipe **ret);
enum found web_look_profile(struct search *search, struct str profile, const struct recipe **ret);
enum found web_look_block(struct search *search, const struct recipe **ret);
enum found sso_look(struct search *search, struct str profile, const struct recipe **ret);
enum found login_look(struct search *search, struct str profile, const struct recipe **ret);
enum found process_look(struct search *search, struct str profile, const struct recipe **ret);
enum found container_look(struct search *search, const struct recipe **ret);
enum found imds_look(struct search *search, const struct recipe **ret);
struct recipe *role_recipe(struct search *search, const struct aws_role *role,
                           const struct recipe *base);
struct aws_role role_of_profile(struct search *search, struct str profile);
/* A role as the members of a request to STS; a session without a name gets one that tells it apart.
 */
struct doc *role_input(const struct fetch *fetch, const struct aws_role *role);
struct aws_role role_copy(struct arena *arena, const struct aws_role *role);
struct str profile_value(const struct sources *sources, struct str profile, const char *key);

/* What fetching needs again and again. */
bool fetch_fail(const struct fetch *fetch, struct aws_error *reterr, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A request without a signature, and without a proxy when `direct`. It is sent again, up to so many
 * `attempts`, when the answer is a 5xx, a 429 or lost. False: *reterr says that no answer came. */
struct fetch_wish {
    const char *method;
    struct str url;
    struct aws_header headers[2];
    size_t header_count;
    struct str body;
    int64_t each_ms; /* how long one attempt may take; 0: as the transport */
    unsigned attempts;
    bool direct;
    /* Not NULL: makes the last header's value anew for each attempt, with the key. */
    struct str (*anew)(const struct fetch *fetch, const struct fetch_wish *wish);
    struct str key;
};
bool fetch_http(const struct fetch *fetch, const struct fetch_wish *wish,
                struct http_answer *ret_answer, struct aws_error *reterr);
/* A file's text, without white space at its ends; wiped by the caller. */
bool fetch_file(const struct fetch *fetch, struct str path, const char *what, struct str *ret_text,
                struct aws_error *reterr);
/* The whole file of a login anew, beside the old one and then in its place; what cannot be written
 * stays as it was. */
void fetch_keep(const struct fetch *fetch, struct str path, const struct doc *login);
/* Which names a JSON or XML answer has for its parts. */
struct keys_names {
    const char *access_key, *secret_key, *token, *expiration;
    bool expiration_is_ms; /* a number: milliseconds since 1970 */
};
/* Takes the keys out of an answer, and wipes what it read. */
bool keys_from_doc(const struct fetch *fetch, const struct doc *doc, const struct keys_names *names,
                   const char *whose, struct credentials *ret, struct aws_error *reterr);
bool keys_from_json(const struct fetch *fetch, struct str text, const struct keys_names *names,
                    const char *whose, struct credentials *ret, struct aws_error *reterr);
extern const struct keys_names keys_of_metadata; /* AccessKeyId, …, Token, Expiration */
extern const struct keys_names keys_of_session;  /* the same with SessionToken */

/* Finds the recipe; *ret_all are all recipes made on the way, also on false. */
bool credentials_find(struct sources *sources, struct arena *arena, const struct recipe **ret,
                      struct recipe **ret_all, struct aws_error *reterr);

/* Keeps what a recipe gives, and fetches anew in time, by AWS's clock (client_is_past). Thread
 * safe: one thread fetches, and the others use what is there or wait when it is about to expire;
 * when it fails, those who waited fail with it. */
struct vault;
struct vault *vault_new(const struct world *world, const struct recipe *recipe);
void vault_free(struct vault *vault);
/* A copy of keys that are good now; the caller wipes it by credentials_done. */
bool vault_take(struct vault *vault, const struct fetch *fetch, struct credentials *ret,
                struct aws_error *reterr);
/* AWS takes these keys for expired, whatever their date says: they are not given again. False: no
 * others can be had, since they are fixed. */
bool vault_forget(struct vault *vault, const struct credentials *keys);
/* "the environment", for messages. */
const char *vault_source(const struct vault *vault);

#endif
