# probatum_library(NAME ledger FOLDER ledger SOURCES ... HEADERS ... DEPENDS ... PRIVATE_DEPENDS ...)
#
# One static library with an include root of its own in the build tree that holds links to exactly the headers it lists.
# A header is therefore reachable only by linking the target that owns it: a stray include does not compile.
function(probatum_library)
  cmake_parse_arguments(ARG "" "NAME;FOLDER" "SOURCES;HEADERS;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  set(target probatum_${ARG_NAME})
  set(root "${CMAKE_BINARY_DIR}/include/${ARG_NAME}")
  foreach(header IN LISTS ARG_HEADERS)
    set(link "${root}/${ARG_FOLDER}/${header}")
    get_filename_component(folder "${link}" DIRECTORY)
    file(MAKE_DIRECTORY "${folder}")
    file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}/${header}" "${link}" SYMBOLIC)
  endforeach()
  # A target of headers alone still is a library, so that it can be linked like any other.
  if(NOT ARG_SOURCES)
    file(WRITE "${CMAKE_BINARY_DIR}/empty_${ARG_NAME}.cpp" "")
    set(ARG_SOURCES "${CMAKE_BINARY_DIR}/empty_${ARG_NAME}.cpp")
  endif()
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(probatum::${ARG_NAME} ALIAS ${target})
  target_include_directories(${target} PUBLIC "${root}")
  target_link_libraries(${target} PUBLIC ${ARG_DEPENDS} PRIVATE probatum_options ${ARG_PRIVATE_DEPENDS})
  # Under a sanitizer, sources full of JSON cost far more to compile than to run.
  if(PROBATUM_SANITIZE AND ARG_FOLDER MATCHES "^(rpc|tools)")
    target_compile_options(${target} PRIVATE -O0)
  endif()
  probatum_unity(${target})
endfunction()
