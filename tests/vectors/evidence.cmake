probatum_test(NAME vectors_evidence
  SOURCES vectors/evidence_golden_test.cpp support/memory_chain.cpp support/sample_loan.cpp
  DEPENDS probatum::evidence nlohmann_json::nlohmann_json)
