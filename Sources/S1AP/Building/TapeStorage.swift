/// Memory for a tape under construction, in one piece: nodes, then the octets of strings. Both are trivial, so nothing ends with it.
final class TapeStorage: ManagedBuffer<Void, TapeNode> {
  static func make(nodes: Int, octets: Int) -> TapeStorage {
    let size = MemoryLayout<TapeNode>.stride
    return unsafeDowncast(create(minimumCapacity: nodes + (octets + size - 1) / size) { _ in }, to: TapeStorage.self)
  }

  /// Where the nodes and, behind room for so many, the octets are.
  func parts(nodes count: Int) -> (UnsafeMutablePointer<TapeNode>, UnsafeMutablePointer<UInt8>) {
    withUnsafeMutablePointerToElements { ($0, UnsafeMutableRawPointer($0 + count).assumingMemoryBound(to: UInt8.self)) }
  }
}
