/// What the mobile equipment itself remembers while it is switched off, beside the files of the USIM: T3346 (TS 24.301 §5.3.9).
///
/// In the frame of ``CheckedRecord`` with the letters `NVM`:
///
///     octets   content
///     14-21    when it was written: milliseconds since 1970
///     22-29    what T3346 then had left, in milliseconds; 0: it does not run
public struct MobileEquipmentMemory: Sendable, Equatable {
  static let record = CheckedRecord("NVM", name: "NVM")

  /// When it was written, since 1970.
  public var written: Duration
  /// What T3346 then had left; nil when it does not run.
  public var t3346: Duration?

  public init(written: Duration = .zero, t3346: Duration? = nil) {
    self.written = written
    self.t3346 = t3346
  }

  /// What T3346 has left when the UE is switched on at `now` (since 1970): t1 - t, or t1 when the clock cannot tell t since it
  /// was set back; nil when it has ended.
  public func t3346Left(at now: Duration) -> Duration? {
    guard let t3346 else { return nil }
    let left = now < written ? t3346 : t3346 - (now - written)
    return left > .zero ? left : nil
  }

  public func encoded(imsi: String) -> [UInt8] {
    Self.record.encoded(bigEndian(written.milliseconds, count: 8) + bigEndian(t3346?.milliseconds ?? 0, count: 8), imsi: imsi)
  }

  /// - Throws: ``USIMFileError`` when the octets are not this file's, or another card's.
  public init(decoding octets: [UInt8], imsi: String) throws(USIMFileError) {
    let content = try Self.record.content(of: octets, imsi: imsi)
    guard content.count == 16 else {
      throw USIMFileError(file: Self.record.name, reason: "\(content.count) octets of content, expected 16")
    }
    let (written, left) = (number(content[..<8]), number(content[8...]))
    // GPRS timer 3 holds at most 31 times 320 hours.
    guard written <= UInt64(Int64.max), left <= 31 * 320 * 3_600_000 else {
      throw USIMFileError(file: Self.record.name, reason: "T3346 of \(left) ms, longer than any network can ask for")
    }
    self.init(written: .milliseconds(Int64(written)), t3346: left == 0 ? nil : .milliseconds(Int64(left)))
  }
}

extension Duration {
  /// Rounded up, so that a timer that runs does not become one that does not; 0 for what lies in the past.
  fileprivate var milliseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(seconds) * 1000 + UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
