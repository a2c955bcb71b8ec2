# Small lints; each is a ctest with the label lint.
add_test(NAME lint/layers COMMAND ${CMAKE_COMMAND} -P ${CMAKE_SOURCE_DIR}/src/checks/layers.cmake
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
add_test(NAME lint/banned COMMAND ${CMAKE_COMMAND} -P ${CMAKE_SOURCE_DIR}/src/checks/banned.cmake
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(lint/layers lint/banned PROPERTIES LABELS lint)
