probatum_test(NAME vectors_evidence
  SOURCES vectors/evidence_golden_test.cpp
  DEPENDS probatum::evidence test_chain nlohmann_json::nlohmann_json)
