import NASCrypto
import RadioInterface
import S1AP

/// A UE that has an RRC connection with this eNB, and so a UE-associated logical S1 connection (or is about to get one).
struct ConnectedUE: Sendable, Equatable {
  /// What the eNB holds of the UE beyond the connection itself.
  enum Context: Sendable, Equatable {
    /// INITIAL UE MESSAGE sent, nothing of the MME yet: its id is not known.
    case awaitingMME
    /// NAS passes, no INITIAL CONTEXT SETUP so far.
    case signalling
    /// AS security is active and E-RABs exist.
    case secured(AccessStratumContext)
    /// The eNB asked for the release and waits for the command; NAS is not delivered any more.
    case releaseRequested
  }

  /// Negative, and known to no driver, as long as a UE in handover has not arrived.
  var handle: UEHandle
  let identifier: UInt32
  let stream: UInt16
  var mmeIdentifier: UInt32?
  var context = Context.awaitingMME
  /// The driver said that nothing reaches the UE at present.
  var radioUnavailable = false
  /// The driver said that downlink NAS is to wait.
  var holdsNAS = false
  var heldNAS: [[UInt8]] = []
  var radio: RadioProcedure?
  var mobility: Mobility?
  /// A handover that waits for `radio` to end.
  var postponed: (target: HandoverTarget, kind: HandoverKind)? {
    get { postponedTarget.map { ($0, postponedKind) } }
    set {
      postponedTarget = newValue?.target
      postponedKind = newValue?.kind ?? .s1
    }
  }
  private var postponedTarget: HandoverTarget?
  private var postponedKind = HandoverKind.s1
  /// Uplink NAS that waits for the MME's id (TS 36.413 §8.4.4: it comes with the acknowledge).
  var waitingUplink: [[UInt8]] = []

  init(handle: UEHandle, identifier: UInt32, stream: UInt16) {
    self.handle = handle
    self.identifier = identifier
    self.stream = stream
  }

  /// C-RNTI.
  var temporaryIdentity: UInt16 { UInt16(truncatingIfNeeded: identifier) }

  var secured: AccessStratumContext? {
    if case .secured(let context) = context { context } else { nil }
  }

  /// An inter-eNB handover is started and not finished (TS 33.401 §7.2.10).
  var isInHandover: Bool { mobility != nil }
}

/// AS security and bearers of one UE.
struct AccessStratumContext: Sendable, Equatable {
  struct Bearer: Sendable, Equatable {
    var identifier: UInt8
    /// Where the eNB wants downlink packets.
    var tunnelEndpoint: UInt32
  }
  var chain: ENodeBKeyChain
  var security: RadioSecurity
  var capabilities: UESecurityCapabilities
  var bearers: [Bearer]

  var algorithms: AccessStratumAlgorithms { security.algorithms }

  init(
    chain: ENodeBKeyChain, algorithms: AccessStratumAlgorithms, capabilities: UESecurityCapabilities, bearers: [Bearer],
    using engine: inout CryptoEngine
  ) {
    self.chain = chain
    security = RadioSecurity(keNB: chain.keNB, algorithms: algorithms, using: &engine)
    self.capabilities = capabilities
    self.bearers = bearers
  }

  /// The same UE and bearers under another KeNB.
  func under(
    _ chain: ENodeBKeyChain, algorithms: AccessStratumAlgorithms? = nil, using engine: inout CryptoEngine
  )
    -> AccessStratumContext
  {
    AccessStratumContext(
      chain: chain, algorithms: algorithms ?? self.algorithms, capabilities: capabilities, bearers: bearers, using: &engine)
  }
}
