import NASMessages

/// What the mobile equipment goes on with when it is switched on, beside what the USIM holds.
public struct MobileEquipmentState: Sendable, Equatable {
  /// T3396 of one access point (TS 24.301 §6.5.1.4.2).
  public struct AccessPointBackOff: Sendable, Equatable {
    /// nil where the UE had asked for none.
    public var accessPointName: AccessPointName?
    public var left: Duration

    public init(accessPointName: AccessPointName?, left: Duration) {
      self.accessPointName = accessPointName
      self.left = left
    }
  }

  /// What T3346 has left; nil when it does not run (§5.3.9).
  public var t3346: Duration?
  /// The T3396 that run.
  public var t3396: [AccessPointBackOff]
  /// UE radio capability IDs that networks gave (Annex C).
  public var radioCapabilityIDs: [AssignedRadioCapabilityID]
  /// Which temporary identity an attach goes by (Annex C).
  public var temporaryIdentityInNextUpdate: TemporaryIdentityInNextUpdate?
  /// P-TMSI and RAI, where the UE holds them.
  public var packetRegistration: PacketRegistration?
  /// The list of equivalent PLMNs (§5.3.4).
  public var equivalentPLMNs: [PLMN] = []
  /// Where T3346 was started (§5.3.9).
  public var t3346PLMN: PLMN?
  /// What T3245 has left; nil when it does not run. Zero: it ended while the UE was switched off, and the UE does at power-on what its expiry
  /// asks for (§5.3.7a).
  public var t3245: Duration?

  public init(t3346: Duration? = nil, t3396: [AccessPointBackOff] = [], radioCapabilityIDs: [AssignedRadioCapabilityID] = []) {
    self.t3346 = t3346
    self.t3396 = t3396
    self.radioCapabilityIDs = radioCapabilityIDs
  }

  /// Neither T3396 nor what follows it in the file.
  fileprivate var hasOnlyT3346: Bool { t3396.isEmpty && radioCapabilityIDs.isEmpty && !hasIdentities && t3245 == nil }

  fileprivate var hasIdentities: Bool {
    temporaryIdentityInNextUpdate != nil || packetRegistration != nil || !equivalentPLMNs.isEmpty || t3346PLMN != nil
  }

  /// The same with so much more, or less, of every timer left; one that has none left has ended, which T3245 remembers.
  public func moved(by time: Duration) -> MobileEquipmentState {
    var state = self
    state.t3346 = t3346.map { $0 + time }.flatMap { $0 > .zero ? $0 : nil }
    if state.t3346 == nil { state.t3346PLMN = nil }
    state.t3245 = t3245.map { max(.zero, $0 + time) }
    state.t3396 = t3396.compactMap { timer in
      timer.left + time > .zero ? AccessPointBackOff(accessPointName: timer.accessPointName, left: timer.left + time) : nil
    }
    return state
  }
}

/// What the mobile equipment itself remembers while it is switched off, beside the files of the USIM (TS 24.301 §5.3.7a, §5.3.9, §6.5.1.4.2,
/// Annex C).
/// It belongs to the IMSI that it was written for, and to no other.
///
/// In the frame of ``CheckedRecord`` with the letters `NVM`:
///
///     octets   content
///     14-21    when it was written: milliseconds since 1970
///     22-29    what T3346 then had left, in milliseconds; 0: it does not run
///
/// and, where there is any of it:
///
///     1 octet  how many T3396 follow; each: the access point's length and octets as in TS 23.003 §9.1 (FF: none was asked for), then
///              what is left in milliseconds, 8 octets
///     1 octet  how many UE radio capability IDs follow; each: PLMN, length, octets
///
/// and, where there is any of it:
///
///     1 octet  TIN: 0 none, 1 P-TMSI, 2 GUTI, 3 RAT-related TMSI
///     1 octet  how many equivalent PLMNs follow; 3 octets each
///     1 octet  how many octets follow: 0, or 10 of what P-TMSI and RAI are mapped to (PLMN, MME group, MME code, M-TMSI), or 13 with the
///              P-TMSI signature
///     1 octet  how many octets follow: 0, or the 3 of the PLMN where T3346 was started
///
/// and, where T3245 runs, or a valid security context lies beside it, or both:
///
///     8 octets what T3245 has left, in milliseconds; 0: it ended, and what its expiry does is yet to be done
///     4 octets the checksum of EF_EPSNSC as it was written for this IMSI: a file of another card beside it is found out
public struct MobileEquipmentMemory: Sendable, Equatable {
  static let record = CheckedRecord("NVM", name: "NVM")

  /// When it was written, since 1970.
  public var written: Duration
  /// As it was then.
  public var state: MobileEquipmentState
  /// Of the EF_EPSNSC that was written for the IMSI (``checksum(ofContextFile:)``); nil where none is valid, or nobody wrote it down.
  public var contextChecksum: UInt32?

  public init(written: Duration = .zero, state: MobileEquipmentState) {
    self.written = written
    self.state = state
  }

  public init(written: Duration = .zero, t3346: Duration? = nil) {
    self.init(written: written, state: MobileEquipmentState(t3346: t3346))
  }

  /// What T3346 then had left; nil when it does not run.
  public var t3346: Duration? { state.t3346 }

  /// What there is when the UE is switched on at `now` (since 1970): t1 - t of every timer, or t1 when the clock cannot tell t since it was
  /// set back.
  public func state(at now: Duration) -> MobileEquipmentState { now < written ? state : state.moved(by: written - now) }

  /// What T3346 has left then; nil when it has ended.
  public func t3346Left(at now: Duration) -> Duration? { state(at: now).t3346 }

  public func encoded(imsi: String) -> [UInt8] {
    var content = bigEndian(written.milliseconds, count: 8) + bigEndian(state.t3346?.milliseconds ?? 0, count: 8)
    if !state.hasOnlyT3346 || contextChecksum != nil {
      let timers = state.t3396.prefix(255)
      content.append(UInt8(timers.count))
      for timer in timers {
        if let name = timer.accessPointName {
          let octets = name.labels.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 }
          content += [UInt8(truncatingIfNeeded: octets.count)] + octets
        } else {
          content.append(0xFF)
        }
        content += bigEndian(timer.left.milliseconds, count: 8)
      }
      let identities = state.radioCapabilityIDs.suffix(AssignedRadioCapabilityID.maximumKept)
      content.append(UInt8(identities.count))
      for one in identities {
        content += one.plmn.wireOctets + [UInt8(truncatingIfNeeded: one.identity.octets.count)] + one.identity.octets.prefix(255)
      }
      if state.hasIdentities || state.t3245 != nil || contextChecksum != nil { content += state.identities }
      if let t3245 = state.t3245 { content += bigEndian(t3245.milliseconds, count: 8) }
      if let contextChecksum { content += bigEndian(contextChecksum) }
    }
    return Self.record.encoded(content, imsi: imsi)
  }

  /// - Throws: ``USIMFileError`` when the octets are not this file's, or another card's.
  public init(decoding octets: [UInt8], imsi: String) throws(USIMFileError) {
    var reader = Reader(left: try Self.record.content(of: octets, imsi: imsi)[...])
    guard reader.left.count >= 16 else {
      throw USIMFileError(file: Self.record.name, reason: "\(reader.left.count) octets of content, expected 16 or more")
    }
    let written = try reader.number(8)
    guard written <= UInt64(Int64.max) else { throw USIMFileError(file: Self.record.name, reason: "written in no time that can be told") }
    var state = MobileEquipmentState(t3346: try reader.duration("T3346"))
    var checksum: UInt32?
    if !reader.left.isEmpty {
      for _ in 0..<(try reader.number(1)) {
        let length = try reader.number(1)
        let name = length == 0xFF ? nil : try reader.name(Int(length))
        guard let left = try reader.duration("T3396") else { continue }
        state.t3396.append(.init(accessPointName: name, left: left))
      }
      for _ in 0..<(try reader.number(1)) {
        let plmn = try reader.octets(3)
        let identity = try reader.octets(Int(try reader.number(1)))
        guard !identity.isEmpty else { throw USIMFileError(file: Self.record.name, reason: "a UE radio capability ID without digits") }
        state.radioCapabilityIDs.append(
          AssignedRadioCapabilityID(plmn: PLMN(plmn[0], plmn[1], plmn[2]), identity: UERadioCapabilityID(octets: identity)))
      }
      if !reader.left.isEmpty { try reader.identities(of: &state) }
      if reader.left.count >= 8 { state.t3245 = try reader.length("T3245") }
      if !reader.left.isEmpty { checksum = UInt32(truncatingIfNeeded: try reader.number(4)) }
      guard reader.left.isEmpty else {
        throw USIMFileError(file: Self.record.name, reason: "\(reader.left.count) octets more than it tells of")
      }
    }
    self.init(written: .milliseconds(Int64(written)), state: state)
    contextChecksum = checksum
  }

  /// What ``contextChecksum`` is of: the octets of EF_EPSNSC.
  public static func checksum(ofContextFile octets: [UInt8]) -> UInt32 { CheckedRecord.checksum(octets[...]) }

  private struct Reader {
    var left: ArraySlice<UInt8>

    mutating func octets(_ count: Int) throws(USIMFileError) -> [UInt8] {
      guard left.count >= count else { throw USIMFileError(file: record.name, reason: "it tells of more octets than it has") }
      defer { left = left.dropFirst(count) }
      return Array(left.prefix(count))
    }

    mutating func number(_ count: Int) throws(USIMFileError) -> UInt64 { UserEquipment.number(try octets(count)[...]) }

    mutating func plmn() throws(USIMFileError) -> PLMN {
      let octets = try octets(3)
      let plmn = PLMN(octets[0], octets[1], octets[2])
      guard plmn.hasDigits else { throw USIMFileError(file: record.name, reason: "three octets that are no PLMN's") }
      return plmn
    }

    mutating func identities(of state: inout MobileEquipmentState) throws(USIMFileError) {
      let tin = try octets(1)[0]
      state.temporaryIdentityInNextUpdate = TemporaryIdentityInNextUpdate(rawValue: tin)
      guard tin == 0 || state.temporaryIdentityInNextUpdate != nil else {
        throw USIMFileError(file: record.name, reason: "TIN \(tin), expected 0 to 3")
      }
      for _ in 0..<(try number(1)) { state.equivalentPLMNs.append(try plmn()) }
      let length = try number(1)
      if length > 0 {
        guard length == 10 || length == 13 else {
          throw USIMFileError(file: record.name, reason: "\(length) octets of P-TMSI and RAI, expected 10 or 13")
        }
        let guti = GUTI(
          plmn: try plmn(), mmeGroupID: UInt16(try number(2)), mmeCode: UInt8(try number(1)), mTMSI: UInt32(try number(4)))
        state.packetRegistration = PacketRegistration(
          mappedGUTI: guti, signature: length == 13 ? PTMSISignature(UInt32(try number(3))) : nil)
      }
      let place = try number(1)
      guard place == 0 || place == 3 else {
        throw USIMFileError(file: record.name, reason: "\(place) octets of the PLMN of T3346, expected 0 or 3")
      }
      if place == 3 { state.t3346PLMN = try plmn() }
    }

    /// nil: 0, the timer does not run.
    mutating func duration(_ timer: String) throws(USIMFileError) -> Duration? {
      let length = try length(timer)
      return length == .zero ? nil : length
    }

    /// GPRS timer 3 holds at most 31 times 320 hours; T3245 runs for a day at most (TS 24.008 §4.1.1.6).
    mutating func length(_ timer: String) throws(USIMFileError) -> Duration {
      let milliseconds = try number(8)
      guard milliseconds <= 31 * 320 * 3_600_000 else {
        throw USIMFileError(file: record.name, reason: "\(timer) of \(milliseconds) ms, longer than any network can ask for")
      }
      return .milliseconds(Int64(milliseconds))
    }

    mutating func name(_ length: Int) throws(USIMFileError) -> AccessPointName {
      let coded = try octets(length)
      var labels: [String] = []
      var rest = coded[...]
      while let count = rest.popFirst() {
        guard count > 0, count <= 63, rest.count >= count else {
          throw USIMFileError(file: record.name, reason: "an access point name that cannot be read")
        }
        labels.append(String(decoding: rest.prefix(Int(count)), as: UTF8.self))
        rest = rest.dropFirst(Int(count))
      }
      guard length <= 100, labels.allSatisfy({ !$0.contains(".") }) else {
        throw USIMFileError(file: record.name, reason: "an access point name that cannot be read")
      }
      return AccessPointName(labels.joined(separator: "."))
    }
  }
}

extension MobileEquipmentState {
  /// The last part of the file.
  fileprivate var identities: [UInt8] {
    let plmns = equivalentPLMNs.prefix(255)
    var octets = [temporaryIdentityInNextUpdate?.rawValue ?? 0, UInt8(plmns.count)] + plmns.flatMap(\.wireOctets)
    if let packet = packetRegistration {
      let guti = packet.mappedGUTI
      octets += [packet.signature == nil ? 10 : 13] + guti.plmn.wireOctets
      octets += bigEndian(UInt64(guti.mmeGroupID), count: 2) + [guti.mmeCode] + bigEndian(guti.mTMSI)
      if let signature = packet.signature { octets += bigEndian(UInt64(signature.value), count: 3) }
    } else {
      octets.append(0)
    }
    return octets + (t3346PLMN.map { [3] + $0.wireOctets } ?? [0])
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
