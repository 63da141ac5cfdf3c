/// Something for each UE of a trace that has it, by the observer's index of the UE: found without hashing, and read and changed in place,
/// since what is kept of a UE is large and a capture has a message of another UE every time.
///
/// A value: a copy shares what neither side has changed since.
struct PerUE<Value: Sendable>: Sendable {
  /// Where one UE's is kept. Changed only while nobody else refers to it.
  private final class Place: @unchecked Sendable {
    // Reached through this table alone, whose own accesses do not overlap.
    @exclusivity(unchecked) var value: Value

    init(_ value: Value) { self.value = value }
  }

  private var places: [Place?] = []

  init() {}

  /// Reads a part of it without a copy of the whole; nil where the UE has none.
  /// - Parameter part: changes nothing: it is handed the place itself, and that is what spares the copy.
  func read<Part>(_ index: Int, _ part: (inout Value) -> Part) -> Part? {
    guard index < places.count, let place = places[index] else { return nil }
    return part(&place.value)
  }

  /// Changes it in place, where the UE has one.
  mutating func change(_ index: Int, _ body: (inout Value) -> Void) {
    guard index < places.count, places[index] != nil else { return }
    if !isKnownUniquelyReferenced(&places[index]) { places[index] = places[index].map { Place($0.value) } }
    if let place = places[index] { body(&place.value) }
  }

  subscript(index: Int) -> Value? {
    get { index < places.count ? places[index]?.value : nil }
    set {
      grow(to: index)
      places[index] = newValue.map(Place.init)
    }
  }

  subscript(index: Int, default fresh: @autoclosure () -> Value) -> Value {
    get { self[index] ?? fresh() }
    _modify {
      if index >= places.count { grow(to: index) }
      if places[index] == nil {
        places[index] = Place(fresh())
      } else if !isKnownUniquelyReferenced(&places[index]) {
        places[index] = places[index].map { Place($0.value) }
      }
      // Held by the table, which nobody else changes meanwhile: neither a count nor another look whether it is shared is needed.
      unowned(unsafe) let place = places[index]!
      yield &place.value
    }
  }

  func has(_ index: Int) -> Bool { index < places.count && places[index] != nil }

  /// Behind the last UE that has, or had, one.
  var end: Int { places.count }

  /// The UEs that have one, in order.
  var ues: [Int] { places.indices.filter { places[$0] != nil } }

  private mutating func grow(to index: Int) {
    while places.count <= index { places.append(nil) }
  }
}
