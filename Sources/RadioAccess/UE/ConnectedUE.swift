import NASCrypto
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

  let handle: UEHandle
  let identifier: UInt32
  let stream: UInt16
  var mmeIdentifier: UInt32?
  var context = Context.awaitingMME
  /// The driver said that nothing reaches the UE at present.
  var radioUnavailable = false
}

/// AS security and bearers of one UE.
struct AccessStratumContext: Sendable, Equatable {
  struct Bearer: Sendable, Equatable {
    var identifier: UInt8
    /// Where the eNB wants downlink packets.
    var tunnelEndpoint: UInt32
  }
  var keNB: KeyMaterial
  var nextHopChainingCount: UInt8
  var capabilities: UESecurityCapabilities
  var ciphering: CipheringAlgorithm
  var integrity: IntegrityAlgorithm
  var bearers: [Bearer]
}
