import Glibc

/// What one target does with an input: decode it, write what it decoded, decode that again, and insist on the same.
struct FuzzTarget: Sendable {
  var name: String
  var body: @Sendable ([UInt8]) -> Void

  static let all: [FuzzTarget] = [.nas, .protectedNAS, .s1ap, .aper, .pcap]

  /// The one that NASUE_FUZZ_TARGET names.
  static let chosen: FuzzTarget = {
    let name = getenv("NASUE_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = all.first(where: { $0.name == name }) else {
      fatalError("NASUE_FUZZ_TARGET must be one of \(all.map(\.name).joined(separator: ", "))")
    }
    return target
  }()
}

/// A property that did not hold: libFuzzer keeps the input.
func insist(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { fatalError(what()) }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // An array of just that size on the heap, so that the address sanitizer sees a read behind its end.
  FuzzTarget.chosen.body(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
