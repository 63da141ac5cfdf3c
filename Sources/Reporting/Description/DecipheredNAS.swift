public import NASMessages
public import Observer

/// What a holder of the keys (the Observer) says of a protected NAS message.
public struct DecipheredNAS: Sendable, Equatable {
  /// The message inside: `ATTACH ACCEPT`.
  public var name: String
  /// The message itself, if it could be read.
  public var message: NASMessage?
  /// The whole NAS COUNT, 24 bits; nil where it was not verified.
  public var count: UInt32?
  /// Key set identifier of the context that it is protected under, 0-6.
  public var eKSI: UInt8?
  /// Whether the MAC was verified; nil where nobody could try.
  public var isVerified: Bool?

  public init(name: String, message: NASMessage? = nil, count: UInt32? = nil, eKSI: UInt8? = nil, isVerified: Bool? = nil) {
    self.name = name
    self.message = message
    self.count = count
    self.eKSI = eKSI
    self.isVerified = isVerified
  }

  /// The Observer's word; nil where it knows no more than the octets show.
  public init?(_ observation: NASObservation) {
    switch observation.integrity {
    case .plain, .unverifiable: return nil
    case .verified, .stale: isVerified = true
    case .failed: isVerified = false
    }
    name = observation.message == nil && observation.serviceRequest == nil ? NASSummary.cipheredName : observation.name
    message = observation.message
    count = observation.integrity.count
    eKSI = observation.context?.eKSI
  }

  /// The Observer's word on the first NAS message of one event, out of what `Observer.consume` appended for that event.
  public init?(of event: Int, in observations: some Sequence<Observation>) {
    for observation in observations where observation.event == event {
      if case .nas(let nas) = observation.body {
        self.init(nas)
        return
      }
    }
    return nil
  }
}
