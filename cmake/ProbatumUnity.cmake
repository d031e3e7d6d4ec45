# probatum_unity(TARGET): under PROBATUM_UNITY the target's sources are compiled in groups. Parsing headers is the larger
# half of the work of most sources, and a group parses them once.
#
# What two sources call by one name in their anonymous namespaces cannot stand in one group: a source whose names clash
# with another's is named here and compiled alone.
set(PROBATUM_NOT_IN_UNITY
  # ledger
  finality.cpp memory_engine.cpp state_proof.cpp misbehaviour.cpp journal_writer.cpp
  # contracts
  accounts.cpp changes.cpp claim.cpp contract_rules.cpp contract_state.cpp governance_rules.cpp loan_invariants.cpp
  identifier.cpp loan_rules.cpp misbehaviour.cpp possession.cpp rational.cpp standing.cpp resolved.cpp roles.cpp succession.cpp view.cpp voucher.cpp voucher_kind.cpp
  # evidence
  verify_record.cpp recompute.cpp record_facts.cpp use_lists.cpp verify_chain.cpp verify_contract.cpp report_facts.cpp
  report_json.cpp
  # rpc
  claims_read.cpp contract_view.cpp methods_chain.cpp methods_contract.cpp methods_evidence.cpp methods_finance.cpp methods_governance.cpp methods_identity.cpp
  methods_published.cpp
  methods_prepare.cpp methods_transaction.cpp
  # tools
  governors.cpp
  schedule_table.cpp tls_files.cpp
  # heavy, and alone in what they include
  node.cpp transport.cpp server.cpp client.cpp tls_identity.cpp greeting.cpp
  # tests
  refusals_money.cpp refusals_registration.cpp refusals_signing.cpp refusals_test.cpp roles_matrix_test.cpp financing_test.cpp receivable_test.cpp voucher_test.cpp dates_test.cpp plan_test.cpp rational_test.cpp governance_test.cpp cli_test.cpp evidence_cli_test.cpp schedule_cli_test.cpp ceremony_test.cpp transport_test.cpp pace_test.cpp misbehaviour_test.cpp vote_test.cpp transaction_test.cpp)

function(probatum_unity target)
  if(NOT PROBATUM_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(name "${source}" NAME)
    if(name IN_LIST PROBATUM_NOT_IN_UNITY OR name MATCHES "_(property|golden)_test\\.cpp$")
      set_source_files_properties("${source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()
