import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// What one MME tells another of a UE: its NAS context, its AS key chain, what it can do, its bearers (TS 23.401 §5.7.2).
struct ForwardedContext: Sendable {
  var security: NASSecurity.SecurityContext
  /// The chain that AS is on; nil where the UE is idle.
  var chain: AccessStratumChain?
  var networkCapability: UENetworkCapability
  var msNetworkCapability: MSNetworkCapability?
  var additionalCapability: UEAdditionalSecurityCapability?
  var bearers: [Bearer]
  /// NAS security parameters to E-UTRAN, of which the UE makes the same context, where it comes from UTRAN or GERAN; else nil.
  var nasParameters: [UInt8]?
  /// What the target eNB gets.
  var pair: S1AP.SecurityContext? {
    guard nasParameters == nil else {
      // A KeNB of the mapped KASME takes the place of NH (TS 33.401 §9.2.2).
      return chain?.keNB.map { S1AP.SecurityContext(nextHopChainingCount: 0, nextHop: $0.octets) }
    }
    return chain?.pair
  }

  /// NAS is on another KASME than AS: a KeNB of the new one is still owed (TS 33.401 §7.2.10).
  var owesKeyChange: Bool { chain.map { $0.kasme != security.kasme } ?? false }
}

extension MME {
  /// The MM context of a UE (TS 29.274 §8.38): with the chain that AS is on where there is one, its KASME as the old one where NAS has
  /// left that.
  func mmContext(of index: Int, _ current: NASSecurity.SecurityContext, _ chain: AccessStratumChain?) -> MMContext {
    var eps = MMContext.EPSContext(
      keySetIdentifier: current.keySetIdentifier, integrity: current.algorithms.integrity.rawValue,
      ciphering: current.algorithms.ciphering.rawValue, downlinkNASCount: current.counts.nextToSend?.value ?? 0xFF_FFFF,
      uplinkNASCount: current.counts.largestAccepted?.value ?? 0, kasme: current.kasme.octets)
    if let chain {
      if chain.kasme == current.kasme || configuration.defects.contains(.forwardNewContextOnly) {
        eps.nextHop = chain.nextHopElement
      } else {
        // The new context has no chain yet: NHI is 0.
        eps.old = .init(keySetIdentifier: chain.keySetIdentifier, kasme: chain.kasme.octets, nextHop: chain.nextHopElement)
      }
    }
    var context = MMContext(.eps(eps))
    let rate = MMContext.AggregateBitRate(
      uplink: UInt32(clamping: configuration.maximumBitRateUplink / 1_000),
      downlink: UInt32(clamping: configuration.maximumBitRateDownlink / 1_000))
    context.subscribedBitRate = rate
    context.usedBitRate = rate
    context.ueNetworkCapability = ues[index].networkCapability?.octets ?? []
    context.msNetworkCapability = ues[index].msNetworkCapability?.octets ?? []
    var tail = EPSContextTail()
    if let additional = ues[index].additionalCapability {
      tail.additionalSecurityCapability = [
        UInt8(additional.ea >> 8), UInt8(additional.ea & 255), UInt8(additional.ia >> 8), UInt8(additional.ia & 255),
      ]
    }
    tail.contextType = current.type == .mapped ? .mapped : .native
    context.setEPSTail(tail)
    return context
  }

  /// The other way round; nil for keys that are no context: an unknown algorithm, KSI 7, neither NH nor an old context with one for a UE
  /// that is connected.
  ///
  /// - Parameter isConnected: it comes by handover, so that AS keys have to be there.
  func forwarded(
    _ context: MMContext, bearers: [Bearer], isConnected: Bool, using engine: inout CryptoEngine
  ) -> ForwardedContext? {
    guard let eps = context.eps, eps.keySetIdentifier < 7, let ciphering = CipheringAlgorithm(rawValue: eps.ciphering),
      let integrity = IntegrityAlgorithm(rawValue: eps.integrity), context.ueNetworkCapability.count >= 2
    else { return nil }
    let tail: EPSContextTail
    do { tail = try context.epsTail } catch { return nil }
    let kasme = KeyMaterial(eps.kasme)
    let security = NASSecurity.SecurityContext(
      kasme: kasme, type: tail.contextType == .mapped ? .mapped : .native, keySetIdentifier: eps.keySetIdentifier, side: .mme,
      algorithms: NASAlgorithms(ciphering: ciphering, integrity: integrity),
      counts: NASCountPair(
        nextToSend: NASCount(eps.downlinkNASCount & 0xFF_FFFF), largestAccepted: NASCount(eps.uplinkNASCount & 0xFF_FFFF)), using: &engine)
    var chain: AccessStratumChain?
    if isConnected {
      if let old = eps.old, let next = old.nextHop {
        chain = AccessStratumChain(kasme: KeyMaterial(old.kasme), keySetIdentifier: old.keySetIdentifier, continuing: next)
        if configuration.defects.contains(.targetStartsNewChain) {
          let keNB = engine.deriveKeNB(kasme: kasme, uplinkNASCount: eps.uplinkNASCount & 0xFF_FFFF)
          chain = AccessStratumChain(kasme: kasme, keySetIdentifier: eps.keySetIdentifier, keNB: keNB, using: &engine)
          chain?.step(using: &engine)
        }
      } else if let next = eps.nextHop {
        chain = AccessStratumChain(kasme: kasme, keySetIdentifier: eps.keySetIdentifier, continuing: next)
      } else {
        return nil
      }
    }
    let additional = tail.additionalSecurityCapability
    return ForwardedContext(
      security: security, chain: chain, networkCapability: UENetworkCapability(octets: context.ueNetworkCapability),
      msNetworkCapability: context.msNetworkCapability.isEmpty ? nil : MSNetworkCapability(octets: context.msNetworkCapability),
      additionalCapability: additional.count < 4
        ? nil
        : UEAdditionalSecurityCapability(
          ea: UInt16(additional[0]) << 8 | UInt16(additional[1]), ia: UInt16(additional[2]) << 8 | UInt16(additional[3])),
      bearers: bearers)
  }

  /// The UE of a forwarded context is ours from now.
  mutating func adopt(_ context: ForwardedContext, as index: Int, _ why: String) {
    if let old = ues[index].guti { ueOfTMSI[old.mTMSI] = nil }
    if let proposed = ues[index].proposedGUTI { ueOfTMSI[proposed.mTMSI] = nil }
    ues[index].guti = nil
    ues[index].proposedGUTI = nil
    if let mapped = context.nasParameters == nil ? nil : MappedSecurityContext(context.security) {
      // The native context of before stays beside it, for an SMC to take into use (TS 24.301 §4.4.2.2).
      ues[index].security.takeByHandover(mapped)
    } else {
      ues[index].security = SecurityContexts(current: context.security)
    }
    ues[index].lastKeySetIdentifier = context.security.keySetIdentifier
    ues[index].networkCapability = context.networkCapability
    ues[index].msNetworkCapability = context.msNetworkCapability
    ues[index].additionalCapability = context.additionalCapability
    ues[index].bearers = context.bearers
    ues[index].trackingAreas = []
    setState(.registered, of: index)
    reportContexts(of: index, why)
  }

  /// The UE is another MME's from now: nothing of it stays.
  mutating func surrender(_ index: Int, _ why: String) {
    for guti in [ues[index].guti, ues[index].proposedGUTI] { if let guti { ueOfTMSI[guti.mTMSI] = nil } }
    ues[index].guti = nil
    ues[index].proposedGUTI = nil
    deregister(index)
    ues[index].security.deleteAll()
    reportContexts(of: index, why)
  }
}

extension KeyMaterial {
  /// For a message that has to hold the key.
  var octets: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension AccessStratumChain {
  var nextHopElement: MMContext.NextHop { .init(key: nextHop.octets, chainingCount: chainingCount) }
}
