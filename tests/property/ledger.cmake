find_package(rapidcheck REQUIRED)

probatum_test(NAME property_ledger
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/evidence_log_property_test.cpp ${CMAKE_CURRENT_LIST_DIR}/ledger_formats_property_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/state_tree_property_test.cpp
  DEPENDS probatum::ledger rapidcheck
  LABELS sanitized)
