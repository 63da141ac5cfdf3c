import Synchronization

extension KeyMaterial {
  /// Test hook: what a key's memory holds after cleansing and before it goes back to the heap. Set by one test at a time.
  struct ReleaseObserver: Sendable {
    var body: @Sendable (_ id: UInt64, _ octets: UnsafeRawBufferPointer) -> Void
  }

  // An atomic flag in front, so that a release outside of that test costs one load and takes no lock.
  private static let isObserved = Atomic<Bool>(false)
  private static let observer = Mutex<ReleaseObserver?>(nil)

  static func setReleaseObserver(_ new: ReleaseObserver?) {
    observer.withLock { $0 = new }
    isObserved.store(new != nil, ordering: .releasing)
  }

  static func observeRelease(_ id: UInt64, _ octets: UnsafeRawBufferPointer) {
    guard isObserved.load(ordering: .relaxed) else { return }
    let current = observer.withLock { $0 }
    current?.body(id, octets)
  }
}
