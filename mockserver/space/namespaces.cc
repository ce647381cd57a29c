#include "mockserver/space/namespaces.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::space {
namespace {

Status CheckName(std::string_view name) {
  const auto alphanumeric = [](char c) { return base::IsLetter(c) || base::IsDigit(c); };
  const bool right = !name.empty() && name.size() <= Namespaces::kLongestName &&
                     alphanumeric(name.front()) && std::ranges::all_of(name, [&](char c) {
                       return alphanumeric(c) || c == '.' || c == '_' || c == '-';
                     });
  if (right) return Status();
  return InvalidArgumentError(
      "the name of a namespace must be 1 to " + std::to_string(Namespaces::kLongestName) +
      " letters, digits, '.', '_' and '-', the first of them a letter or a digit");
}

Status Unknown(std::string_view name) {
  constexpr std::size_t kQuotedName = 100;
  return NotFoundError("unknown namespace \"" + base::Excerpt(name, kQuotedName) + '"');
}

Status Full() {
  return ResourceExhaustedError("the server has " + std::to_string(Namespaces::kMost) +
                                " namespaces, which is the limit; remove one");
}

}  // namespace

Namespace::Namespace(std::string name, std::unique_ptr<engine::Engine> engine,
                     std::shared_ptr<Environment> environment, const Settings& settings,
                     std::stop_token server_stop, Attachments attachments)
    : name_(std::move(name)),
      environment_(std::move(environment)),
      engine_(std::move(engine)),
      settings_(settings),
      server_stop_(std::move(server_stop)),
      attachments_(std::move(attachments)),
      relay_(server_stop_, [this] { stop_.request_stop(); }) {}

StatusOr<std::shared_ptr<Namespace>> Namespace::Fork(
    std::string name, const storage::Cancellation& cancellation) const {
  std::shared_ptr<Environment> environment = environment_->Fork(name);
  auto engine = engine_->Fork(cancellation, environment->identifiers, environment->clock);
  if (!engine.ok()) return engine.status();
  Attachments attachments;
  for (const std::shared_ptr<Attachment>& attachment : attachments_) {
    attachments.push_back(attachment->Fork());
  }
  return std::make_shared<Namespace>(std::move(name), *std::move(engine), std::move(environment),
                                     settings_, server_stop_, std::move(attachments));
}

Namespaces::Namespaces(std::shared_ptr<Namespace> main, const engine::Clock& clock)
    : clock_(clock) {
  namespaces_.emplace(kMain, std::move(main));
}

std::shared_ptr<Namespace> Namespaces::Peek(std::string_view name) const {
  std::shared_ptr<Namespace> space;
  {
    const base::ReaderLock lock(mutex_);
    const auto found = namespaces_.find(name);
    if (found == namespaces_.end()) return nullptr;
    space = found->second;
  }
  if (space->ttl().count() > 0 && space->IsExpired(clock_.Now())) return nullptr;
  return space;
}

std::shared_ptr<Namespace> Namespaces::Find(std::string_view name) const {
  std::shared_ptr<Namespace> space = Peek(name);
  if (!space) return nullptr;
  if (space->ttl().count() > 0) space->Touch(clock_.Now());
  if (name != kMain) Used(space);
  return space;
}

void Namespaces::MakeLast(const std::shared_ptr<Namespace>& space) const {
  std::erase_if(used_, [&](const std::weak_ptr<Namespace>& entry) {
    const std::shared_ptr<Namespace> other = entry.lock();
    return !other || other == space;
  });
  used_.push_back(space);
}

void Namespaces::Used(const std::shared_ptr<Namespace>& space) const {
  base::MutexLock lock(used_mutex_);
  if (!used_.empty() && used_.back().lock() == space) return;
  MakeLast(space);
  for (std::size_t attempts = used_.size(); attempts > 0 && used_.size() > kMostConnected;
       --attempts) {
    const std::shared_ptr<Namespace> idle = used_.front().lock();
    used_.erase(used_.begin());
    if (!idle) continue;
    lock.unlock();
    const bool released = idle->engine().ReleaseIdle();
    lock.lock();
    if (!released) MakeLast(idle);  // it is in use
  }
}

Status Namespaces::KeepStart(const storage::Cancellation& cancellation) {
  auto start = Find(kMain)->Fork(std::string(kMain), cancellation);
  if (!start.ok()) return start.status();
  const base::WriterLock lock(mutex_);
  start_ = *std::move(start);
  return Status();
}

std::shared_ptr<Namespace> Namespaces::Origin(std::string_view from) const {
  if (from.empty()) {
    const base::ReaderLock lock(mutex_);
    if (start_) return start_;
    from = kMain;
  }
  return Find(from);
}

std::vector<std::string> Namespaces::Names() const {
  const base::ReaderLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, space] : namespaces_) names.push_back(name);
  return names;
}

StatusOr<std::shared_ptr<Namespace>> Namespaces::Fork(std::string_view name, std::string_view from,
                                                      const storage::Cancellation& cancellation) {
  if (Status status = CheckName(name); !status.ok()) return status;
  RemoveExpired();
  const std::shared_ptr<Namespace> origin = Origin(from);
  if (!origin) return Unknown(from);
  StatusOr<std::shared_ptr<Namespace>> made = origin->Fork(std::string(name), cancellation);
  if (!made.ok()) return made;
  std::shared_ptr<Namespace> replaced;  // destroyed without the lock
  {
    const base::WriterLock lock(mutex_);
    if (name == kMain && !start_) {
      return FailedPreconditionError(
          "the namespace \"main\" is stored in a file and is not replaced");
    }
    const auto found = namespaces_.find(name);
    if (found != namespaces_.end()) {
      Identifiers& identifiers = (*made)->environment()->identifiers;
      // Sessions that continue keep their numbers. A seed gives the same ones again.
      if (!identifiers.seed()) {
        identifiers.ContinueAfter(found->second->environment()->identifiers);
      }
      replaced = std::exchange(found->second, *made);
    } else if (namespaces_.size() >= kMost) {
      return Full();
    } else {
      namespaces_.emplace(name, *made);
    }
  }
  if (replaced) replaced->RequestStop();
  return made;
}

void Namespaces::SetTtl(Namespace& space, std::chrono::nanoseconds ttl) const {
  space.Touch(clock_.Now());
  space.SetTtl(ttl);
}

void Namespaces::RemoveExpired() {
  const auto now = clock_.Now();
  std::vector<std::shared_ptr<Namespace>> removed;  // destroyed without the lock
  const base::WriterLock lock(mutex_);
  for (auto it = namespaces_.begin(); it != namespaces_.end();) {
    const bool in_use = it->second.use_count() > 1;
    if (in_use || !it->second->IsExpired(now)) {
      ++it;
      continue;
    }
    removed.push_back(std::move(it->second));
    it = namespaces_.erase(it);
  }
}

Status Namespaces::Remove(std::string_view name) {
  if (name == kMain) return InvalidArgumentError("the namespace \"main\" cannot be removed");
  std::shared_ptr<Namespace> removed;
  {
    const base::WriterLock lock(mutex_);
    const auto found = namespaces_.find(name);
    if (found == namespaces_.end()) return Unknown(name);
    removed = std::move(found->second);
    namespaces_.erase(found);
  }
  removed->RequestStop();
  return Status();
}

}  // namespace tql::space
