/// Something large that few UEs have at a time, kept beside what holds it: of a UE much is looked at with every message, and what is not there
/// should not lie between.
@propertyWrapper
struct Rare<Value: Sendable>: Sendable {
  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  private var box: Box?

  init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

  var wrappedValue: Value? {
    get { box?.value }
    set {
      // Mostly there is none before and none after.
      guard newValue != nil || box != nil else { return }
      box = newValue.map(Box.init)
    }
  }
}
