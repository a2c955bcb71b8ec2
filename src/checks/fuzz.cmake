# Runs one fuzzer over its kept corpus, and on from there for FUZZ_SECONDS (20; 0: the corpus only). What it finds on the
# way stays in the build folder and is where the next run begins.
file(MAKE_DIRECTORY ${WORK} ${WORK}-findings)
if(NOT EXISTS ${CORPUS})
  message(FATAL_ERROR "${FUZZER} has no corpus: ${CORPUS}")
endif()
set(seconds 20)
if(DEFINED ENV{FUZZ_SECONDS})
  set(seconds $ENV{FUZZ_SECONDS})
endif()
set(bound -max_total_time=${seconds})
if(seconds EQUAL 0)
  set(bound -runs=0)
endif()
execute_process(COMMAND ${FUZZER} ${bound} -timeout=20 -rss_limit_mb=2048 -artifact_prefix=${WORK}-findings/ ${WORK} ${CORPUS}
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${FUZZER} ended with ${result}. Its input lies in ${WORK}-findings; once it is mended, it belongs, as "
    "small as it can be (-minimize_crash=1), into ${CORPUS}")
endif()
