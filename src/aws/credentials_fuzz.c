/* Where keys come from, with everything in it from outside: the shared files, tokens in files, what
 * a process prints, and what the metadata service, the container's service, the SSO portal and STS
 * answer. Either there are keys, or a sentence says what was tried; no request has a line too many,
 * plaintext goes to nobody but this machine's own services, and no secret is told.
 *
 * The input: a byte that chooses the environment, then parts with four empty bytes between them:
 * the config file, the credentials file, the token's file or what the process prints, and the
 * answers, one after the other. Bytes 2, 3 and 4 in the files, in what is printed and in answers
 * of success stand for secrets (4: a private key), the byte 1 in an answer for what was sent. An
 * answer begins with three digits. */
#include "credentials.h"
#include "hostile.h"
#include "process.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

enum { INPUT_MAX = 32 << 10, MOST_SENDS = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct {
    struct str config, credentials, token, answers;
    struct arena *arena;
    int sends;
} outside;

/* --- in place of the file system and of processes --- */

static FILE *opened(struct str text)
{
    FILE *file = fmemopen((void *)text.ptr, text.len, "r");
    must(file != NULL, "a file is opened");
    return file;
}

/* The fuzzer itself keeps its files, too. */
FILE *fopen(const char *path, const char *mode)
{
    static const struct {
        const char *path;
        const struct str *text;
    } files[] = {{"/outside/config", &outside.config},
                 {"/outside/credentials", &outside.credentials},
                 {"/outside/token", &outside.token}};
    struct str name = str_of(path);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (str_is(name, files[i].path) ||
            (files[i].text == &outside.token && str_starts(name, S("/outside/home/"))))
            return files[i].text->len == 0 ? NULL : opened(*files[i].text);
    int flags =
        mode[0] == 'r' ? O_RDONLY : O_WRONLY | O_CREAT | (mode[0] == 'a' ? O_APPEND : O_TRUNC);
    int fd = open(path, flags | O_CLOEXEC, 0644);
    return fd < 0 ? NULL : fdopen(fd, mode);
}

/* A command out of a config file that somebody else wrote is not run here. */
void process_run(const struct world *world, struct arena *arena, struct str command,
                 struct stop_token *stop, struct process_end *ret)
{
    (void)world, (void)stop;
    must(command.len > 0, "a process has a command");
    *ret = (struct process_end){.why = PROCESS_ENDED,
                                .status = command.len % 2 == 0 ? 0 : 1,
                                .output = arena_str(arena, outside.token),
                                .complaint = S("a complaint")};
}

struct str process_end_text(struct arena *arena, const struct process_end *end)
{
    return arena_fmt(arena, "ended with status %d", end->status);
}

/* --- in place of the network --- */

/* A key of our own, as a string of JSON has it: a corpus keeps none. */
static const char *own_key(void)
{
    static char text[1024];
    char pem[512];
    if (text[0] != '\0')
        return text;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_mem());
    must(PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL) == 1,
         "a key is written");
    int len = BIO_read(bio, pem, sizeof pem);
    for (int i = 0, at = 0; i < len; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, pem[i] == '\n' ? "\\n" : "%c", pem[i]);
    BIO_free(bio);
    EVP_PKEY_free(key);
    return text;
}

static struct str with_secrets(struct arena *arena, struct str text)
{
    struct buf out = buf_in(arena, 2 << 20);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == 2)
            buf_putz(&out, SECRET_TOKEN);
        else if (text.ptr[i] == 3)
            buf_putz(&out, SECRET_KEY);
        else if (text.ptr[i] == 4)
            buf_putz(&out, own_key());
        else
            buf_putc(&out, text.ptr[i]);
    return out.overflow ? S("") : buf_str(&out);
}

static struct str with_echo(struct arena *arena, struct str text,
                            const struct http_request *request)
{
    struct buf out = buf_in(arena, 2 << 20);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != 1) {
            buf_putc(&out, text.ptr[i]);
            continue;
        }
        for (size_t j = 0; j < request->header_count; j++)
            buf_put(&out, request->headers[j].value);
    }
    return out.overflow ? S("") : buf_str(&out);
}

static struct str part(struct str *rest)
{
    static const struct str gap = S_INIT("\0\0\0\0");
    size_t end = str_find(*rest, gap);
    struct str first = str_sub(*rest, 0, end);
    *rest = end == SIZE_MAX ? S("") : str_from(*rest, end + gap.len);
    return first;
}

static void must_go_home(const struct http_request *request)
{
    static const char *const hosts[] = {"169.254.169.254", "169.254.170.2", "169.254.170.23",
                                        "localhost",       "[::1]",         "[fd00:ec2::23]",
                                        "[fd00:ec2::254]", "127.0.0.1"};
    bool tls = str_starts(request->url, S("https://")), known = tls;
    struct str host = str_from(request->url, tls ? 8 : 7);
    host = str_sub(host, 0, str_find_char(host, '/'));
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        known |= str_is(host, hosts[i]);
    must(tls || known, "plaintext goes to this machine's own services");
    must(str_find_char(host, '@') == SIZE_MAX && str_find_char(host, '#') == SIZE_MAX,
         "an address is what it seems");
}

static bool answer(void *arg, struct arena *arena, const struct http_request *request,
                   struct stop_token *stop, int64_t deadline, struct http_answer *ret_answer,
                   struct http_failure *reterr)
{
    (void)arg, (void)stop, (void)deadline;
    must_be_clean(request);
    must(++outside.sends <= MOST_SENDS, "fetching ends");
    if (!str_has(outside.config, S("endpoint")))
        must_go_home(request);
    struct str said = part(&outside.answers);
    int64_t status;
    if (said.len < 3 || !str_to_int64(str_sub(said, 0, 3), &status)) {
        *reterr = (struct http_failure){HTTP_UNREACHABLE, false, S("nobody is there"), false};
        return false;
    }
    struct str body = str_trim(str_from(said, 3));
    bool keys = status == 200 && body.len > 0 && (body.ptr[0] == '{' || body.ptr[0] == '<');
    body = with_echo(arena, body, request);
    *ret_answer = (struct http_answer){.status = (int)status,
                                       .body = keys ? with_secrets(arena, body) : body};
    return true;
}

/* --- */

/* Secrets stand where a file keeps them, and nowhere else. */
static struct str config_of(struct arena *arena, struct str text)
{
    struct buf out = buf_in(arena, 2 << 20);
    struct str line;
    while (text.len > 0 && str_next(&text, '\n', &line)) {
        bool secret = str_starts(line, S("aws_secret_access_key")) ||
                      str_starts(line, S("aws_session_token"));
        buf_put(&out, secret ? with_secrets(arena, line) : line);
        buf_putc(&out, '\n');
    }
    return out.overflow ? S("") : buf_str(&out);
}

static void fetch_all(const struct still *still)
{
    struct arena *arena = outside.arena;
    const struct aws_config config = {.max_retries = 1};
    struct transport transport = {answer, NULL, NULL};
    struct aws_client *client = NULL;
    struct aws_error error = {0};
    struct credentials keys = {0};

    if (!client_new(&still->world, &config, &transport, arena, &client, &error)) {
        must_be_told(arena, &error);
        return;
    }
    struct fetch fetch = {.client = client, .arena = arena};
    for (int i = 0; i < 2; i++) { /* keys may be on the verge of their end */
        if (vault_take(client->vault, &fetch, &keys, &error))
            must(keys.access_key.len > 0 && keys.secret_key.len > 0 &&
                     is_one_line(secret_reveal(&keys.access_key)) &&
                     is_one_line(secret_reveal(&keys.token)),
                 "keys are whole, and can be sent");
        else
            must_be_told(arena, &error);
        credentials_done(&keys);
    }
    aws_client_free(client);
}

#define COMMON                                                                                     \
    "HOME", "/outside/home", "AWS_REGION", "us-west-2", "AWS_CONFIG_FILE", "/outside/config",      \
        "AWS_SHARED_CREDENTIALS_FILE", "/outside/credentials"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const worlds[][16] = {
        {COMMON},
        {COMMON, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials",
         "AWS_CONTAINER_AUTHORIZATION_TOKEN", SECRET_WORD},
        {COMMON, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials",
         "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/outside/token"},
        {COMMON, "AWS_WEB_IDENTITY_TOKEN_FILE", "/outside/token", "AWS_ROLE_ARN", "arn:aws:x"},
    };
    struct str input = {(const char *)bytes, size};
    struct still still;
    if (size < 1 || size > INPUT_MAX || has_secret(input))
        return 0;
    scoped(arena_freep) struct arena *arena = arena_new((size_t)128 << 20);
    still_begin(&still, worlds[bytes[0] % (sizeof worlds / sizeof worlds[0])]);
    input = str_from(input, 1);
    outside.arena = arena;
    outside.sends = 0;
    outside.config = config_of(arena, part(&input));
    outside.credentials = config_of(arena, part(&input));
    outside.token = with_secrets(arena, part(&input));
    outside.answers = input;
    fetch_all(&still);
    return 0;
}
