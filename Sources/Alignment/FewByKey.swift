/// A dictionary of the few connections or contexts that a UE has at once: looked through, which costs less than a hash.
struct FewByKey<Key: Equatable & Sendable, Value: Sendable>: Sendable {
  private(set) var entries: [(key: Key, value: Value)] = []

  init() {}

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  private func position(_ key: Key) -> Int? {
    for position in entries.indices where entries[position].key == key { return position }
    return nil
  }

  subscript(key: Key) -> Value? {
    get { position(key).map { entries[$0].value } }
    set {
      switch (position(key), newValue) {
      case (let position?, let value?): entries[position].value = value
      case (let position?, nil): entries.remove(at: position)
      case (nil, let value?): entries.append((key, value))
      case (nil, nil): break
      }
    }
  }

  mutating func updateValue(_ value: Value, forKey key: Key) -> Value? {
    defer { self[key] = value }
    return self[key]
  }

  /// Its memory is kept: what was few once will be again.
  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }
}

/// A set of the few connections that a UE has at once; almost always one, which needs no memory of its own.
struct FewOf<Element: Equatable & Sendable>: Sendable {
  private var first: Element?
  /// Empty where there is no first.
  private var others: [Element] = []

  init() {}

  var count: Int { first == nil ? 0 : 1 + others.count }
  var isEmpty: Bool { first == nil }

  func contains(_ element: Element) -> Bool { first == element || !others.isEmpty && others.contains(element) }

  mutating func insert(_ element: Element) {
    if first == nil { first = element } else if !contains(element) { others.append(element) }
  }

  mutating func remove(_ element: Element) {
    if first == element {
      first = others.popLast()
    } else if !others.isEmpty, let position = others.firstIndex(of: element) {
      others.remove(at: position)
    }
  }
}
