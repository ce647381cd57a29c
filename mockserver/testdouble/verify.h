// Verification: whether the journal and the plan of a namespace are as a test expects.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_VERIFY_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_VERIFY_H_

#include "mockserver/space/namespaces.h"  // storage::Cancellation
#include "mockserver/testdouble/double.h"
#include "mockserver/testdouble/messages.h"
#include "tql/status.h"

namespace tql::testdouble {

/// Verifies, and again after each new record until it succeeds or until request.within() is over.
/// INVALID_ARGUMENT with its path for a match that is not valid; CANCELLED when the namespace ends
/// or the client leaves; RESOURCE_EXHAUSTED for expectations that take too long to match.
StatusOr<mockpb::VerifyResponse> Verify(const mockpb::VerifyRequest& request, const Double& space,
                                        const storage::Cancellation& cancellation);

/// The part of the journal that the request asks for; waits for a first entry until request.wait()
/// is over.
StatusOr<mockpb::Journal> ReadJournal(const mockpb::JournalRequest& request, const Double& space,
                                      const storage::Cancellation& cancellation);

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_VERIFY_H_
