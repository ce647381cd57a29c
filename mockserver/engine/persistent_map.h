// An ordered map whose copies share what they have in common.
#ifndef TQLKIT_MOCKSERVER_ENGINE_PERSISTENT_MAP_H_
#define TQLKIT_MOCKSERVER_ENGINE_PERSISTENT_MAP_H_

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include "proto/base/copy_on_write.h"

namespace tql::engine {

/// Keys in order, each with its value. A copy takes constant time. A change copies the nodes from
/// the root of the tree (AVL) to the changed entry, unless no other map shares them: so logarithmic
/// time and memory.
///
/// Thread safety: maps that share nodes may belong to different threads. Pointers, references and
/// iterators are valid until this map changes or is destroyed.
template <typename Key, typename Value>
class PersistentMap {
  struct Node;
  using Link = base::CopyOnWrite<Node>;

 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = std::pair<const Key&, const Value&>;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = value_type;

    value_type operator*() const { return {path_.back()->key, *path_.back()->value}; }
    Iterator& operator++() {
      const Link& next = path_.back()->right;
      path_.pop_back();
      Descend(next);
      return *this;
    }
    bool operator==(const Iterator& other) const {
      return path_.empty() == other.path_.empty() &&
             (path_.empty() || path_.back() == other.path_.back());
    }

   private:
    friend class PersistentMap;
    void Descend(const Link& from) {
      for (const Link* link = &from; *link; link = &(*link)->left) path_.push_back(&**link);
    }
    std::vector<const Node*> path_;  // the entry, below it those that follow it
  };

  bool empty() const { return !root_; }
  Iterator begin() const {
    Iterator first;
    first.Descend(root_);
    return first;
  }
  Iterator end() const { return {}; }

  /// nullptr for an unknown key. Lookup may be any type that compares with Key.
  template <typename Lookup>
  const Value* Find(const Lookup& key) const {
    const Link* link = &root_;
    while (*link) {
      const Node& node = **link;
      if (key < node.key) {
        link = &node.left;
      } else if (node.key < key) {
        link = &node.right;
      } else {
        return &*node.value;
      }
    }
    return nullptr;
  }
  template <typename Lookup>
  bool contains(const Lookup& key) const {
    return Find(key) != nullptr;
  }
  /// Throws std::out_of_range for an unknown key.
  template <typename Lookup>
  const Value& at(const Lookup& key) const {
    if (const Value* value = Find(key)) return *value;
    throw std::out_of_range("PersistentMap::at");
  }

  /// The value, to be changed; a new one, Value(), for a new key.
  Value& Mutable(const Key& key) { return Reach(root_, key).Mutable(); }
  void Erase(const Key& key) {
    if (contains(key)) Erase(root_, key);
  }

 private:
  struct Node {
    Key key;
    base::CopyOnWrite<Value> value;  // apart from the node, which is copied more often
    Link left;
    Link right;
    int height = 1;
  };

  static base::CopyOnWrite<Value>& Reach(Link& link, const Key& key) {
    if (!link) {
      link = Link::Make(key, base::CopyOnWrite<Value>::Make(), Link(), Link());
      return link.Mutable().value;
    }
    Node& node = link.Mutable();
    if (!(key < node.key) && !(node.key < key)) return node.value;
    base::CopyOnWrite<Value>& value = Reach(key < node.key ? node.left : node.right, key);
    Balance(link);  // moves nodes of this map alone, so the reference stays valid
    return value;
  }

  /// The key exists.
  static void Erase(Link& link, const Key& key) {
    Node& node = link.Mutable();
    if (key < node.key) {
      Erase(node.left, key);
    } else if (node.key < key) {
      Erase(node.right, key);
    } else if (!node.left || !node.right) {
      Link child = std::move(node.left ? node.left : node.right);
      link = std::move(child);
      return;
    } else {
      TakeFirst(node.right, node);
    }
    Balance(link);
  }
  /// Moves the first entry of the tree into `to`.
  static void TakeFirst(Link& link, Node& to) {
    Node& node = link.Mutable();
    if (node.left) {
      TakeFirst(node.left, to);
      Balance(link);
      return;
    }
    to.key = std::move(node.key);
    to.value = std::move(node.value);
    Link right = std::move(node.right);
    link = std::move(right);
  }

  static int HeightOf(const Link& link) { return link ? link->height : 0; }
  static void Measure(Node& node) {
    node.height = 1 + std::max(HeightOf(node.left), HeightOf(node.right));
  }
  /// After a change of one level below `link`.
  static void Balance(Link& link) {
    Node& node = link.Mutable();
    const int difference = HeightOf(node.left) - HeightOf(node.right);
    if (difference > 1) {
      if (HeightOf(node.left->left) < HeightOf(node.left->right)) {
        Rotate(node.left, &Node::right, &Node::left);
      }
      Rotate(link, &Node::left, &Node::right);
    } else if (difference < -1) {
      if (HeightOf(node.right->right) < HeightOf(node.right->left)) {
        Rotate(node.right, &Node::left, &Node::right);
      }
      Rotate(link, &Node::right, &Node::left);
    } else {
      Measure(node);
    }
  }
  /// Makes the child `from` of the node its parent, and the node that one's child `to`.
  static void Rotate(Link& link, Link Node::*from, Link Node::*to) {
    Node& node = link.Mutable();
    Link child = std::move(node.*from);
    Node& top = child.Mutable();
    node.*from = std::move(top.*to);
    Measure(node);
    top.*to = std::move(link);
    Measure(top);
    link = std::move(child);
  }

  Link root_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_PERSISTENT_MAP_H_
