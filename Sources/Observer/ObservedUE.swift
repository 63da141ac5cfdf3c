import NASCrypto
public import NASMessages
import Trace

/// What is known of one UE.
public struct ObservedUE: Sendable {
  public let index: Int
  public internal(set) var imsi: String? { didSet { name() } }
  public internal(set) var guti: GUTI? {
    didSet {
      revision &+= 1
      change = .more
      if imsi == nil { name() }
    }
  }
  /// Every context that its challenges made, oldest first; the oldest go when there are too many.
  public internal(set) var contexts: [ObservedContext] = []
  /// The one its last verified uplink message used.
  public internal(set) var currentContext: Int? { didSet { revision &+= 1 } }
  /// The one a verified SMC has named and no COMPLETE has taken yet, as it will be.
  public internal(set) var offer: ObservedContext? { didSet { revision &+= 1 } }
  /// PLMN of the TAI in its latest uplink S1AP message, 3 octets.
  public internal(set) var servingNetwork: [UInt8] = []
  /// How many of its messages may still be tried for a UE that is known: nothing else tells whose the connection of an anonymous one is.
  var proofsLeft = 4
  /// Another one whenever something changes that whoever judges the UE may ask for.
  private(set) var revision: UInt32 = 1
  /// What has changed since it was handed on last, if that is one context beside ``currentContext`` and ``offer``, as almost always.
  private var change = Change.nothing

  private enum Change {
    case nothing
    case context(Int)
    case more
  }

  /// What else stays as it is when one context goes on: its position, and it, with what is in use and on offer.
  public struct Step: Sendable {
    public let index: Int
    let position: Int
    let context: ObservedContext
    let currentContext: Int?
    let offer: ObservedContext?
  }

  /// What has changed since the last call, where one context does for it.
  mutating func takeStep() -> Step? {
    defer { change = .nothing }
    guard case .context(let position) = change else { return nil }
    return Step(index: index, position: position, context: contexts[position], currentContext: currentContext, offer: offer)
  }

  /// Goes on as another has.
  mutating func take(_ step: consuming Step) {
    contexts[step.position] = step.context
    currentContext = step.currentContext
    offer = step.offer
  }

  /// More contexts than a UE can have at once (TS 24.301 §4.4.2.1: two), for searches among what it had.
  static let maximumContexts = 8

  init(index: Int) {
    self.index = index
    name()
  }

  public var current: ObservedContext? { context(currentContext) }

  public func context(_ id: Int?) -> ObservedContext? {
    guard let id else { return nil }
    return contexts.first { $0.id == id }
  }

  /// IMSI, else GUTI, else a number.
  public private(set) var label = ""

  private mutating func name() {
    revision &+= 1
    change = .more
    label =
      if let imsi { imsi } else if let guti { "GUTI \(guti)" } else { "UE \(index)" }
  }

  // Inlined, so that of a UE in a table no more is copied than this.
  @inline(__always) public var reference: ObservedUEReference { ObservedUEReference(index: index, imsi: imsi, label: label) }

  mutating func store(_ context: ObservedContext) {
    revision &+= 1
    if let position = contexts.firstIndex(where: { $0.id == context.id }) {
      contexts[position] = context
      switch change {
      case .nothing: change = .context(position)
      case .context(position): break
      case .context, .more: change = .more
      }
    } else {
      contexts.append(context)
      change = .more
    }
    while contexts.count > Self.maximumContexts,
      let position = contexts.firstIndex(where: { $0.id != currentContext && $0.id != offer?.id && $0.id != context.id })
    {
      contexts.remove(at: position)
      change = .more
    }
  }
}
