probatum_test(NAME vectors_ledger
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/merkle_vectors_test.cpp ${CMAKE_CURRENT_LIST_DIR}/ledger_golden_test.cpp
  DEPENDS probatum::ledger nlohmann_json::nlohmann_json
  LABELS sanitized)
