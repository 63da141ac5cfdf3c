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

  mutating func removeAll() { entries.removeAll() }
}

/// A set of the few connections that a UE has at once.
struct FewOf<Element: Equatable & Sendable>: Sendable {
  private var elements: [Element] = []

  init() {}

  var count: Int { elements.count }
  var isEmpty: Bool { elements.isEmpty }

  func contains(_ element: Element) -> Bool {
    for other in elements where other == element { return true }
    return false
  }

  mutating func insert(_ element: Element) {
    if !contains(element) { elements.append(element) }
  }

  mutating func remove(_ element: Element) {
    for position in elements.indices where elements[position] == element {
      elements.remove(at: position)
      return
    }
  }
}
