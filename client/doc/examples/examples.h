// The example code of the pages in client/doc. tests/client/doc_examples_test.cc runs each function
// with the sample database; tests/documentation_test.py checks that the code in the pages is from
// these files.
#ifndef TQLKIT_CLIENT_DOC_EXAMPLES_EXAMPLES_H_
#define TQLKIT_CLIENT_DOC_EXAMPLES_EXAMPLES_H_

#include <memory>
#include <string>

#include "tql/client.h"

namespace examples {

// connect.cc
tql::Status Connect(const std::string& url, const std::string& ca_file);
tql::Status PrintStores();
tql::StatusOr<tql::Client> ConnectWithUrlAlone();
tql::Status UseContexts(const tql::Client& client);
tql::Status UseInTwoProcesses(tql::Client& client);
tql::Status ForkNamespace(const tql::Url& url, const tql::Options& options);

// query.cc
tql::Status PrintTurnover(tql::Client client);
tql::Status PrintByName(tql::Client client);
tql::Status PrintWithNull(tql::Client client);
tql::Status PrintTable(tql::Client client);
tql::Status CountAndChange(tql::Client client);
tql::Status PrintAllSales(tql::Client client);
tql::Status PrintPages(const tql::Client& client);
tql::Status ReadCurrency(tql::Client client);

// stream.cc
tql::Status PrintEvents(tql::Client client);
tql::Status StopFromElsewhere(tql::Client client);
tql::Status ReportProgress(tql::Client client);

// script.cc
tql::Status RunScript(tql::Client client);
tql::Status PrintScript(tql::Client client);

// load.cc
tql::Status LoadFile(const std::string& url, const tql::Options& options, const std::string& path);

// questions.cc
tql::Status AnswerQuestions(tql::Client client);

// errors.cc
std::string Explain(tql::Client client, const std::string& statement);
tql::Options PatientOptions();
tql::Status InsertOnce(tql::Client client);
tql::Status ThrowInstead(tql::Client client);
tql::Status Observe(std::shared_ptr<tql::Transport> transport);

// async.cc
tql::Status InTheBackground(const tql::Client& client);

}  // namespace examples

#endif  // TQLKIT_CLIENT_DOC_EXAMPLES_EXAMPLES_H_
