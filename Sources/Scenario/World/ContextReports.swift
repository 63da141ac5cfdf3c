import NASCrypto
import NASMessages
import NASSecurity
import Trace

extension SecurityContexts {
  /// One report per context held, for the log; none held gives one that says so.
  func reports(owner: TraceEntity, imsi: String, cause: String) -> [SecurityContextReport] {
    var reports: [SecurityContextReport] = []
    if let current { reports.append(current.report(.current, owner: owner, imsi: imsi, cause: cause)) }
    switch nonCurrent {
    case .none: break
    case .fullNative(let native):
      reports.append(native.context.report(.nonCurrentFullNative, owner: owner, imsi: imsi, cause: cause))
    case .partialNative(let partial):
      reports.append(
        SecurityContextReport(
          owner: owner, imsi: imsi, kind: .nonCurrentPartialNative, eKSI: partial.keySetIdentifier, kasme: partial.kasme,
          cipheringAlgorithm: nil, integrityAlgorithm: nil, uplinkNASCount: .unused, downlinkNASCount: .unused, cause: cause))
    }
    if reports.isEmpty {
      reports.append(
        SecurityContextReport(
          owner: owner, imsi: imsi, kind: .deleted, eKSI: 7, kasme: nil, cipheringAlgorithm: nil, integrityAlgorithm: nil,
          uplinkNASCount: .unused, downlinkNASCount: .unused, cause: cause))
    }
    return reports
  }
}

extension SecurityContext {
  func report(_ kind: SecurityContextReport.Kind, owner: TraceEntity, imsi: String, cause: String) -> SecurityContextReport {
    SecurityContextReport(
      owner: owner, imsi: imsi, kind: kind, eKSI: keySetIdentifier, isMapped: type == .mapped, kasme: kasme,
      cipheringAlgorithm: algorithms.ciphering, integrityAlgorithm: algorithms.integrity,
      uplinkNASCount: side == .userEquipment ? counts.sendingState : counts.receivingState,
      downlinkNASCount: side == .userEquipment ? counts.receivingState : counts.sendingState, cause: cause)
  }
}

extension NASCountPair {
  /// 2^24 stands for "used up".
  fileprivate var sendingState: NASCountState { .next(nextToSend?.value ?? 0x100_0000) }
  fileprivate var receivingState: NASCountState { largestAccepted.map { .largestAccepted($0.value) } ?? .unused }
}
