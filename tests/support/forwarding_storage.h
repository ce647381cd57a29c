// A storage that forwards all calls; tests override those that are to fail.
#ifndef TQLKIT_TESTS_SUPPORT_FORWARDING_STORAGE_H_
#define TQLKIT_TESTS_SUPPORT_FORWARDING_STORAGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "mockserver/storage/storage.h"

namespace tql::testing {

class ForwardingTransaction : public storage::Transaction {
 public:
  explicit ForwardingTransaction(std::unique_ptr<storage::Transaction> real)
      : real_(std::move(real)) {}

  std::int64_t SchemaVersion() const override { return real_->SchemaVersion(); }
  Status PutDatabase(const plan::DatabaseDef& def) override { return real_->PutDatabase(def); }
  Status PutSchema(const plan::SchemaDef& def) override { return real_->PutSchema(def); }
  Status PutTable(const plan::TableDef& def) override { return real_->PutTable(def); }
  Status DeleteDatabase(plan::Id id) override { return real_->DeleteDatabase(id); }
  Status DeleteSchema(plan::Id id) override { return real_->DeleteSchema(id); }
  Status PutVersion(std::int64_t version, plan::Id last) override {
    return real_->PutVersion(version, last);
  }
  Status CreateTable(const plan::TableDef& def) override { return real_->CreateTable(def); }
  StatusOr<std::vector<plan::Inconvertible>> AlterTable(
      const plan::Alteration& alteration, const storage::Cancellation& cancellation) override {
    return real_->AlterTable(alteration, cancellation);
  }
  Status DropTable(plan::Id id) override { return real_->DropTable(id); }
  StatusOr<std::int64_t> Count(const plan::Query& query,
                               const storage::Cancellation& cancellation) override {
    return real_->Count(query, cancellation);
  }
  Status Truncate(plan::Id id) override { return real_->Truncate(id); }
  StatusOr<std::int64_t> Insert(const plan::Insert& insert,
                                const storage::Cancellation& cancellation) override {
    return real_->Insert(insert, cancellation);
  }
  StatusOr<std::int64_t> InsertBatches(const plan::TablePtr& table, const storage::NextRows& next,
                                       const storage::Cancellation& cancellation) override {
    return real_->InsertBatches(table, next, cancellation);
  }
  StatusOr<std::int64_t> Update(const plan::Update& update,
                                const storage::Cancellation& cancellation) override {
    return real_->Update(update, cancellation);
  }
  StatusOr<std::int64_t> Delete(const plan::Delete& del,
                                const storage::Cancellation& cancellation) override {
    return real_->Delete(del, cancellation);
  }
  Status Commit(const std::function<void()>& stored) override { return real_->Commit(stored); }

 private:
  std::unique_ptr<storage::Transaction> real_;
};

class ForwardingStorage : public storage::Storage {
 public:
  explicit ForwardingStorage(std::shared_ptr<storage::Storage> real) : real_(std::move(real)) {}

  StatusOr<std::optional<storage::CatalogRecords>> Reload(std::int64_t known) override {
    return real_->Reload(known);
  }
  StatusOr<std::unique_ptr<storage::Cursor>> Open(
      const plan::Query& query, const storage::Cancellation& cancellation) override {
    return real_->Open(query, cancellation);
  }
  StatusOr<std::int64_t> Count(const plan::Query& query,
                               const storage::Cancellation& cancellation) override {
    return real_->Count(query, cancellation);
  }
  StatusOr<storage::ShardCounts> ShardRows(const plan::TablePtr& table,
                                           const storage::Cancellation& cancellation) override {
    return real_->ShardRows(table, cancellation);
  }
  StatusOr<std::unique_ptr<storage::Transaction>> Begin(
      storage::Intent intent, const storage::Cancellation& cancellation) override {
    auto real = real_->Begin(intent, cancellation);
    if (!real.ok()) return real.status();
    return Wrap(*std::move(real));
  }
  StatusOr<storage::ForkedStorage> Fork(const storage::Cancellation& cancellation) override {
    return real_->Fork(cancellation);
  }
  std::uint64_t OwnBytes() const override { return real_->OwnBytes(); }
  bool ReleaseIdle() override { return real_->ReleaseIdle(); }

 protected:
  /// Returns the transaction that Begin() returns in the place of `real`.
  virtual std::unique_ptr<storage::Transaction> Wrap(std::unique_ptr<storage::Transaction> real) {
    return real;
  }

 private:
  std::shared_ptr<storage::Storage> real_;
};

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_FORWARDING_STORAGE_H_
