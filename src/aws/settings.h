/* What the user said, the environment, the files and the defaults, put together once. Private to
 * aws. */
#ifndef AWS_SETTINGS_H
#define AWS_SETTINGS_H

#include "http.h"
#include "profile.h"

#include <hp/aws/client.h>

/* What is looked through. */
struct sources {
    struct arena *arena; /* scratch */
    const struct world *world;
    const struct aws_config *config;
    struct profiles profiles;
    struct str profile;    /* the one that counts */
    bool profile_explicit; /* said in the configuration */
    struct str texts[16];  /* of the files, to be wiped */
    size_t text_count;
    struct str tried_files; /* for messages */
};

struct recipe;

struct settings {
    struct str region;
    struct str sts_region;
    const struct recipe *credentials; /* how they are had */
    struct recipe *recipes;           /* all that were made; freed with the client */
    struct http_settings http;
    struct str endpoints[16]; /* by settings_service_index; empty: AWS's own */
    bool fips, dualstack, sts_legacy;
    bool adaptive, s3_path_style, s3_legacy;
    unsigned attempts;
    int64_t quota; /* 0: none */
};

/* "~/x" by HOME. */
struct str sources_path(const struct sources *sources, struct str path);
/* Reads the files. False: one that was named is not there, or cannot be read. */
bool sources_open(struct sources *sources, struct aws_error *reterr);
void sources_close(struct sources *sources); /* wipes */
/* Of the profile that counts: credentials file, then config file; ptr NULL when in neither. */
struct str sources_get(const struct sources *sources, const char *key);
/* The configuration's value, else the variable's, else the profile's; empty is "not said". */
struct str sources_pick(const struct sources *sources, struct str said, const char *variable,
                        const char *key);

/* All but the region, where nobody says it: empty then. */
bool settings_find(struct sources *sources, struct arena *arena, struct settings *ret,
                   struct aws_error *reterr);
/* What was said, or what the instance tells, becomes the region of all calls. */
bool settings_take_region(const struct sources *sources, struct arena *arena, struct str region,
                          struct settings *ret, struct aws_error *reterr);
/* Is it https://host:port, or with http? */
bool url_checked(struct arena *arena, struct str url, struct aws_error *reterr);
/* The error's setting, when the configuration said that value; false. */
bool blame(struct aws_error *reterr, struct str said, const char *setting);
int settings_service_index(const char *id); /* -1: none of ours */

#endif
