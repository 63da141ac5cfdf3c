/// Something for each UE of a trace that has it, by the observer's index of the UE: found without hashing, and read and changed in place,
/// since what is kept of a UE is large and a capture has a message of another UE every time.
struct PerUE<Value: Sendable>: Sendable {
  /// The first is nobody's and always nil, so that every index has a place to be read at.
  private var values: [Value?] = [nil]

  init() {}

  subscript(index: Int) -> Value? {
    _read { yield values[index + 1 < values.count ? index + 1 : 0] }
    _modify {
      grow(to: index)
      yield &values[index + 1]
    }
  }

  subscript(index: Int, default fresh: @autoclosure () -> Value) -> Value {
    get { self[index] ?? fresh() }
    _modify {
      grow(to: index)
      if values[index + 1] == nil { values[index + 1] = fresh() }
      yield &values[index + 1]!
    }
  }

  /// The UEs that have one, in order.
  var ues: [Int] { values.indices.dropFirst().filter { values[$0] != nil }.map { $0 - 1 } }

  private mutating func grow(to index: Int) {
    while values.count <= index + 1 { values.append(nil) }
  }
}
