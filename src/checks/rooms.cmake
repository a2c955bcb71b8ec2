# The map of the house: which doors a room may open, and which libraries it brings.
# It is written once, here: the build and the lint `lint/layers` both read it.
# Stairs only go down: a room may use only rooms that stand above it in this list.

hp_room(base)
hp_room(doc      USES base                           PKG yajl expat)
hp_room(cty      USES base doc                       PKG libutf8proc)
hp_room(tf       USES base doc cty                   PKG libpcre2-8)
hp_room(aws      USES base doc                       PKG libcurl libcrypto)
hp_room(hyperpod USES base doc cty tf aws)
hp_room(wire     USES base doc cty tf                PKG libprotobuf-c PROTO tfplugin6 goplugin)
hp_room(plugin   USES base wire tf                   PKG grpc libssl libcrypto libprotobuf-c)
hp_room(sim      USES base doc                       PKG libmicrohttpd libcrypto libpcre2-8 zlib
         FLOORS ground facts world call life core ec2 sagemaker sts server)
hp_room(probe    USES base                           PKG libcjson libcrypto HEADERS libfabric pmix WHEN HP_PROBE EMBED profiles
                 FLOORS facts result options judge report simulate node fabric engine)

# Programs: each is one main.c that builds its world and hands it down.
hp_program(terraform-provider-hyperpod src/main.c             USES base tf wire plugin hyperpod aws)
hp_program(hyperpod-sim                src/sim/main.c         USES base sim)
hp_program(hyperpod-probe              src/probe/main.c       USES base probe WHEN HP_PROBE)
hp_program(probe-clusters              src/probe/simulate/main.c USES base probe TEST_ONLY WHEN HP_PROBE)
hp_program(probe-pair                  src/probe/beside/main.c USES base probe TEST_ONLY WHEN HP_PROBE)
hp_program(vectors                     src/vectors/main.c     USES base doc cty aws   TEST_ONLY)
hp_program(terraform-provider-contrary src/contrary/main.c    USES base doc cty tf wire plugin TEST_ONLY)
