import NASCrypto
import NASMessages
import Profiles
import S1AP
import Trace

extension ControlStep {
  func begin(_ run: ProfileRun, of step: ProfileStep) -> StepActivity {
    if !isOptional { run.mustAct(name, step) }
    let action: MessageAction =
      switch effect {
      case .hold(let releasedBy): .hold(releasedBy: releasedBy.map { run.filters($0)[0] })
      case .delay(let duration): .delay(duration)
      case .drop: .drop
      case .duplicate: .duplicate
      case .reorder(let behind): .reorder(behind: behind)
      case .alter(let alteration): .alter(alteration.messageAlteration)
      }
    for filter in run.filters(pattern) { run.driver.control.add(MessageRule(name, filter, action, times: times)) }
    return .ended()
  }
}

extension ControlStep.Alteration {
  fileprivate var messageAlteration: MessageAlteration {
    switch self {
    case .nasOctet(let at, let mask): .nasOctet(at: at, xor: mask)
    case .octet(let at, let mask): .octet(at: at, xor: mask)
    case .nas(let octets): .replaceNAS(octets)
    case .capabilities(let eea, let eia):
      .replace(
        .ueSecurityCapabilities,
        .sequence([
          .init("encryptionAlgorithms", .bits(UInt64(eea), count: 16)),
          .init("integrityProtectionAlgorithms", .bits(UInt64(eia), count: 16)),
        ]))
    }
  }
}

extension ProfileRun {
  /// What message control looks for; several where a name stands for several types. At least one.
  func filters(_ pattern: MessagePattern) -> [MessageFilter] {
    var filter = MessageFilter(
      direction: pattern.direction, eNB: pattern.cell.map { cellIndex($0) }, ue: pattern.ue.map { ueIndex($0) })
    if pattern.protection != nil { filter.securityHeaders = SecurityHeaderType.all.filter { pattern.protection.fits($0) } }
    switch pattern.message.kind {
    case .s1ap(let message): filter.message = message
    // The language does not let it come to this.
    case .s10: filter.eNB = -1
    case .serviceRequest: filter.securityHeader = .serviceRequest
    case .nas(let types):
      let wanted = types.filter { type in
        guard types.count > 1, let direction = pattern.direction else { return true }
        return type.isNetworkVariant == (direction == .downlink)
      }
      guard wanted.count == 1 else {
        return wanted.map { type in
          var one = filter
          one.nas = type
          return one
        }
      }
      filter.nas = wanted[0]
    }
    return [filter]
  }
}

extension SecurityHeaderType {
  fileprivate static let all: [SecurityHeaderType] = [
    .plain, .integrityProtected, .integrityProtectedAndCiphered, .integrityProtectedNewContext, .integrityProtectedAndCipheredNewContext,
  ]
}

extension ReleaseStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let isHolding = !run.driver.control.held(by: name).isEmpty
    run.driver.control.remove(name)
    run.see(.released(name), at: run.now)
    run.driver.release(name)
    return .ended(isHolding ? .passed : .failed("it holds nothing: no such message came"))
  }
}
