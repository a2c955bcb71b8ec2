/* OpenSSL as these programs need it: of its default provider, the algorithms below. OpenSSL 3
 * compares a key that it reads with every decoder it has, by name; with fifteen of them instead of
 * forty a start takes a fifth less processor time, and half of it the root certificates that the
 * first HTTPS connection reads. What is not here is what no AWS endpoint, proxy or client of ours
 * speaks: DSA, SM2, Camellia, RC4, scrypt and the like.
 *
 * Before main, since the first use of OpenSSL settles it. No openssl.cnf is read and no module is
 * loaded: they belong to the machine's OpenSSL, not to ours. Where the narrow provider is refused,
 * OpenSSL goes on with its own. */
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/provider.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { most_kept = 48, most_doors = 16 };

static const char *const digests[] = {"SHA1",     "SHA2-224", "SHA2-256", "SHA2-384",
                                      "SHA2-512", "MD5",      "MD5-SHA1", NULL};
static const char *const ciphers[] = {"AES-128-GCM",
                                      "AES-256-GCM",
                                      "ChaCha20-Poly1305",
                                      "AES-128-CBC",
                                      "AES-256-CBC",
                                      "AES-128-CBC-HMAC-SHA1",
                                      "AES-256-CBC-HMAC-SHA1",
                                      "AES-128-CBC-HMAC-SHA256",
                                      "AES-256-CBC-HMAC-SHA256",
                                      "AES-256-CTR", /* this and ECB make random numbers */
                                      "AES-256-ECB",
                                      NULL};
static const char *const macs[] = {"HMAC", NULL};
static const char *const derivations[] = {"HKDF", "TLS13-KDF", "TLS1-PRF", NULL};
static const char *const random_sources[] = {"CTR-DRBG", "SEED-SRC", NULL};
static const char *const keys[] = {"EC", "RSA",  "RSA-PSS", "ED25519",  "X25519",
                                   "DH", "HMAC", "HKDF",    "TLS1-PRF", NULL};
static const char *const exchanges[] = {"ECDH", "X25519", "DH", NULL};
static const char *const signatures[] = {"ECDSA", "RSA", "ED25519", "HMAC", NULL};
static const char *const encryptions[] = {"RSA", NULL};
static const char *const decoders[] = {"EC", "RSA", "RSA-PSS", "ED25519", "DER", NULL};

/* Operations that are not here stay whole. `kept` is filled when the provider begins. */
static struct operation {
    int id;
    const char *const *names;
    OSSL_ALGORITHM kept[most_kept];
} operations[] = {
    {OSSL_OP_DIGEST, digests, {{0}}},
    {OSSL_OP_CIPHER, ciphers, {{0}}},
    {OSSL_OP_MAC, macs, {{0}}},
    {OSSL_OP_KDF, derivations, {{0}}},
    {OSSL_OP_RAND, random_sources, {{0}}},
    {OSSL_OP_KEYMGMT, keys, {{0}}},
    {OSSL_OP_KEYEXCH, exchanges, {{0}}},
    {OSSL_OP_SIGNATURE, signatures, {{0}}},
    {OSSL_OP_ASYM_CIPHER, encryptions, {{0}}},
    {OSSL_OP_DECODER, decoders, {{0}}},
};

OSSL_provider_init_fn ossl_default_provider_init; /* in libcrypto.a; no header names it */
static OSSL_FUNC_provider_query_operation_fn *query_all;

/* "EC:id-ecPublicKey:1.2.840.10045.2.1" goes by its first name. Microsoft's forms of keys are left
 * out. */
static bool is_kept(const OSSL_ALGORITHM *algorithm, const char *const *names)
{
    size_t len = strcspn(algorithm->algorithm_names, ":");
    if (strstr(algorithm->property_definition, "input=msblob") != NULL ||
        strstr(algorithm->property_definition, "input=pvk") != NULL)
        return false;
    for (; *names != NULL; names++)
        if (strlen(*names) == len && strncasecmp(*names, algorithm->algorithm_names, len) == 0)
            return true;
    return false;
}

static const OSSL_ALGORITHM *query(void *context, int id, int *no_cache)
{
    *no_cache = 0;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        if (operations[i].id == id)
            return operations[i].kept;
    return query_all(context, id, no_cache);
}

static void keep(void *context, struct operation *operation)
{
    int no_cache;
    size_t count = 0;
    const OSSL_ALGORITHM *each = query_all(context, operation->id, &no_cache);
    for (; each != NULL && each->algorithm_names != NULL && count < most_kept - 1; each++)
        if (is_kept(each, operation->names))
            operation->kept[count++] = *each;
}

/* The default provider's doors, but for the one where it is asked for its algorithms. */
static int begin(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out,
                 void **context)
{
    static OSSL_DISPATCH doors[most_doors];
    size_t count = 0;

    if (ossl_default_provider_init(handle, in, out, context) != 1)
        return 0;
    for (const OSSL_DISPATCH *door = *out; door->function_id != 0 && count < most_doors - 1;
         door++) {
        doors[count] = *door;
        if (door->function_id == OSSL_FUNC_PROVIDER_QUERY_OPERATION) {
            query_all = OSSL_FUNC_provider_query_operation(door);
            doors[count].function = (void (*)(void))query;
        }
        count++;
    }
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        keep(*context, &operations[i]);
    *out = doors;
    return 1;
}

__attribute__((constructor)) static void narrow(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    if (OSSL_PROVIDER_add_builtin(NULL, "narrow", begin) != 1 ||
        OSSL_PROVIDER_load(NULL, "narrow") == NULL)
        OSSL_PROVIDER_load(NULL, "default");
}
