import Trace

/// The UE-associated logical S1 connections: which pair of identities on which leg belongs to which UE.
struct ConnectionTable: Sendable {
  struct Key: Hashable, Sendable {
    var leg: S1Leg
    var eNBUES1APID: UInt64

    private var word: UInt64 { eNBUES1APID &+ UInt64(truncatingIfNeeded: leg.eNB) << 32 &+ UInt64(truncatingIfNeeded: leg.mme) << 52 }

    func hash(into hasher: inout Hasher) { hasher.combine(word) }

    // Every message looks some up.
    func _rawHashValue(seed: Int) -> Int { mixed(word, seed) }
  }

  /// A connection that has ended.
  struct Released: Sendable, Equatable {
    var ue: Int
    /// Nil where the message that ended it does not name it.
    var eNBUES1APID: UInt64?
    /// The UE has no other one.
    var isLast: Bool
  }

  private struct NetworkKey: Hashable, Sendable {
    var mme: Int
    var mmeUES1APID: UInt64

    private var word: UInt64 { mmeUES1APID &+ UInt64(truncatingIfNeeded: mme) << 52 }

    func hash(into hasher: inout Hasher) { hasher.combine(word) }

    func _rawHashValue(seed: Int) -> Int { mixed(word, seed) }
  }

  /// A handover that was asked for and not yet answered: found again by its transparent container, which the MME passes on unchanged.
  private struct Preparation: Sendable {
    var mme: Int
    var container: [UInt8]
    var ue: Int
    /// A HANDOVER REQUEST of it was seen. Another may come, where the request between the MMEs was late: by order it is of this one no more.
    var isRequested = false
  }

  private static let maximumPreparations = 256

  /// A connection as the eNB names it.
  private struct Entry: Sendable {
    var ue: Int
    /// MME UE S1AP ID, once a message has named both.
    var identity: UInt64?
    /// An uplink message has verified on it.
    var isSecured = false
    /// By a PATH SWITCH REQUEST that has no answer yet.
    var isAskedFor = false
  }

  // One table of all that is known of a connection: every message looks some up.
  private var entries: [Key: Entry] = [:]
  /// What an ERROR INDICATION ended: an end that goes on nevertheless names the UE still.
  private var disowned: [Key: Int] = [:]
  private static let maximumDisowned = 1024
  private var networkSide: [NetworkKey: Int] = [:]
  private var preparations: [Preparation] = []
  /// Which connections a UE has, and how many identities of the network's side name it, by its index.
  private var references: [(keys: [Key], names: Int)] = []
  /// UEs whose last reference has gone, and may have come again since.
  private(set) var unreferenced: [Int] = []
  /// Connections that were let go of, since their UE, or all UEs together, had too many.
  private(set) var dropped = 0
  static let maximumConnectionsOfUE = 64
  static let maximumConnections = 400_000

  mutating func markSecured(leg: S1Leg, eNB: UInt64?) {
    guard let eNB else { return }
    let key = Key(leg: leg, eNBUES1APID: eNB)
    if entries[key]?.isSecured == false { entries[key]?.isSecured = true }
  }

  func isSecured(leg: S1Leg, eNB: UInt64?) -> Bool { eNB.map { entries[Key(leg: leg, eNBUES1APID: $0)]?.isSecured == true } ?? false }

  func isKnown(leg: S1Leg, eNB: UInt64?) -> Bool { eNB.map { entries[Key(leg: leg, eNBUES1APID: $0)] != nil } ?? false }

  /// Whether a connection is to come into being with the answer to a PATH SWITCH REQUEST.
  func isAskedFor(leg: S1Leg, eNB: UInt64?) -> Bool { eNB.map { entries[Key(leg: leg, eNBUES1APID: $0)]?.isAskedFor == true } ?? false }

  mutating func setAskedFor(_ isAskedFor: Bool, leg: S1Leg, eNB: UInt64?) {
    if let eNB { entries[Key(leg: leg, eNBUES1APID: eNB)]?.isAskedFor = isAskedFor }
  }

  /// How many connections a UE has: two while a handover is under way.
  func connections(of ue: Int) -> Int { keys(of: ue).count }

  private func keys(of ue: Int) -> [Key] { ue < references.count ? references[ue].keys : [] }

  /// Whether an uplink message of the UE has verified on one of its connections.
  func isSecured(_ ue: Int) -> Bool { keys(of: ue).contains { entries[$0]?.isSecured == true } }

  /// Whether anything here names the UE.
  func isReferenced(_ ue: Int) -> Bool {
    ue < references.count && (!references[ue].keys.isEmpty || references[ue].names > 0)
      || preparations.contains { $0.ue == ue } || !disowned.isEmpty && disowned.values.contains(ue)
  }

  /// See ``unreferenced``, which is then empty.
  mutating func takeUnreferenced() -> [Int] {
    defer { unreferenced.removeAll() }
    return unreferenced
  }

  private mutating func noteLoss(of ue: Int) {
    if ue < references.count, references[ue].keys.isEmpty, references[ue].names == 0 { unreferenced.append(ue) }
  }

  private mutating func grow(to ue: Int) {
    while references.count <= ue { references.append(([], 0)) }
  }

  /// The UE has moved to this connection without a word to the one before: X2 handover. Left are the connections with the MME's identity
  /// that has moved here: one that the UE has opened since, at a radio failure, has another or none yet.
  /// - Returns: those that it has left.
  mutating func leaveOthers(of ue: Int, leg: S1Leg, eNB: UInt64?) -> [Key] {
    guard let eNB else { return [] }
    let kept = Key(leg: leg, eNBUES1APID: eNB)
    guard let identity = entries[kept]?.identity else { return [] }
    let left = keys(of: ue).filter { $0 != kept && $0.leg.mme == leg.mme && entries[$0]?.identity == identity }
    // The MME's identity goes on naming the UE.
    for key in left { remove(key) }
    return left
  }

  var count: Int { entries.count }
  /// How many identities of the network's side are remembered.
  var networkCount: Int { networkSide.count }

  func ue(leg: S1Leg, eNB: UInt64?, mme: UInt64?) -> Int? {
    if let eNB, let found = entries[Key(leg: leg, eNBUES1APID: eNB)] { return found.ue }
    if let mme, let found = networkSide[NetworkKey(mme: leg.mme, mmeUES1APID: mme)] { return found }
    return disowned.isEmpty ? nil : eNB.flatMap { disowned[Key(leg: leg, eNBUES1APID: $0)] }
  }

  mutating func bind(_ ue: Int, leg: S1Leg, eNB: UInt64?, mme: UInt64?) {
    if let eNB {
      let key = Key(leg: leg, eNBUES1APID: eNB)
      let known = entries[key]
      if !disowned.isEmpty { disowned[key] = nil }
      if known?.ue != ue || (mme != nil && known?.identity != mme) {
        if known?.ue != ue {
          if let known { forget(key, of: known.ue) }
          grow(to: ue)
          references[ue].keys.append(key)
        }
        entries[key] = Entry(
          ue: ue, identity: mme ?? known?.identity, isSecured: known?.isSecured ?? false, isAskedFor: known?.isAskedFor ?? false)
        if let mme, let replaced = known?.identity, replaced != mme { forget(NetworkKey(mme: leg.mme, mmeUES1APID: replaced), of: ue) }
      }
    }
    if let mme {
      let key = NetworkKey(mme: leg.mme, mmeUES1APID: mme)
      let known = networkSide[key]
      if known != ue {
        grow(to: ue)
        references[ue].names += 1
        networkSide[key] = ue
        if let known { loseName(of: known) }
      }
    }
    if eNB != nil { dropSuperfluous(of: ue) }
  }

  /// A capture can open any number of connections: the oldest of a UE that has too many are let go of.
  private mutating func dropSuperfluous(of ue: Int) {
    guard ue < references.count else { return }
    while references[ue].keys.count > (entries.count > Self.maximumConnections ? 2 : Self.maximumConnectionsOfUE) {
      let key = references[ue].keys[0]
      dropped += 1
      if let identity = remove(key) { forget(NetworkKey(mme: key.leg.mme, mmeUES1APID: identity), of: ue) }
    }
  }

  private mutating func forget(_ key: Key, of ue: Int) {
    guard ue < references.count else { return }
    references[ue].keys.removeAll { $0 == key }
    noteLoss(of: ue)
  }

  private mutating func loseName(of ue: Int) {
    guard ue < references.count else { return }
    references[ue].names -= 1
    noteLoss(of: ue)
  }

  /// - Returns: the MME's identity of it, if it had one.
  @discardableResult
  private mutating func remove(_ key: Key) -> UInt64? {
    if !disowned.isEmpty { disowned[key] = nil }
    guard let known = entries.removeValue(forKey: key) else { return nil }
    forget(key, of: known.ue)
    return known.identity
  }

  /// Ends one connection.
  /// - Returns: the UE that it was of, if it was of one.
  mutating func release(leg: S1Leg, eNB: UInt64?, mme: UInt64?) -> Released? {
    let found = ue(leg: leg, eNB: eNB, mme: mme)
    let key = eNB.map { Key(leg: leg, eNBUES1APID: $0) }
    let isLast = found.map { isOnly(key, of: $0) } ?? false
    if let key {
      if let known = remove(key) { forget(NetworkKey(mme: leg.mme, mmeUES1APID: known), of: found) }
    }
    if let mme { forget(NetworkKey(mme: leg.mme, mmeUES1APID: mme), of: found) }
    return found.map { Released(ue: $0, eNBUES1APID: eNB, isLast: isLast) }
  }

  /// Whether a UE has no connection but this one. Those that it opened before and that the MME never answered do not count: a UE has one
  /// radio connection, and an eNB says nothing of one that it lost before it knew an identity of the MME's side.
  private func isOnly(_ key: Key?, of ue: Int) -> Bool {
    let known = keys(of: ue)
    guard !known.isEmpty else { return true }
    guard let key, let position = known.firstIndex(of: key) else { return false }
    return position == known.endIndex - 1 && !known[..<position].contains { entries[$0]?.identity != nil }
  }

  /// Ends the connections of a leg that an ERROR INDICATION says to be unknown at one end: both ends drop those that have the erroneous
  /// identities (TS 36.413 §10.6).
  /// - Parameters:
  ///   - eNB: eNB UE S1AP ID, if that is erroneous.
  ///   - mme: MME UE S1AP ID, if that is.
  mutating func releaseUnknown(on leg: S1Leg, eNB: UInt64?, mme: UInt64?) -> [Released] {
    let erroneous = entries.filter { $0.key.leg == leg && $0.value.identity == mme && mme != nil }.map(\.key.eNBUES1APID)
    return Set(erroneous + [eNB].compactMap { $0 }).sorted().compactMap { id in
      let key = Key(leg: leg, eNBUES1APID: id)
      guard let known = entries[key] else { return nil }
      let released = release(leg: leg, eNB: id, mme: known.identity)
      if disowned.count < Self.maximumDisowned { disowned[key] = known.ue }
      return released
    }
  }

  /// The MME's identity names the UE no more, unless a connection that a handover made goes on with it.
  private mutating func forget(_ identity: NetworkKey, of ue: Int?) {
    let isKept = ue.map(keys(of:))?.contains {
      $0.leg.mme == identity.mme && entries[$0]?.identity == identity.mmeUES1APID
    }
    guard isKept != true, let named = networkSide.removeValue(forKey: identity) else { return }
    loseName(of: named)
  }

  /// Ends every connection of a leg.
  /// - Returns: those of UEs.
  mutating func releaseAll(on leg: S1Leg) -> [Released] {
    for key in disowned.keys where key.leg == leg { disowned[key] = nil }
    let keys = entries.keys.filter { $0.leg == leg }.sorted { $0.eNBUES1APID < $1.eNBUES1APID }
    return keys.compactMap { key in release(leg: leg, eNB: key.eNBUES1APID, mme: entries[key]?.identity) }
  }

  mutating func prepareHandover(of ue: Int, mme: Int, container: [UInt8]) {
    if preparations.count >= Self.maximumPreparations { noteLoss(of: preparations.removeFirst().ue) }
    preparations.append(Preparation(mme: mme, container: container, ue: ue))
  }

  /// The UE whose handover HANDOVER REQUEST belongs to: by the container, of another MME only if none of this one fits (inter-MME handover);
  /// by the MME UE S1AP ID where the MME keeps it; by order where one handover alone is asked for.
  /// - Returns: the UE, and the MME that was asked. Nil too where eNBs gave several UEs one container and nothing tells which of them is meant.
  mutating func handover(mme: Int, container: [UInt8]?, mmeUES1APID: UInt64?) -> (ue: Int, source: Int)? {
    let kept = mmeUES1APID.flatMap { networkSide[NetworkKey(mme: mme, mmeUES1APID: $0)] }
    let open = preparations.indices.filter { !preparations[$0].isRequested }
    var position: Int?
    if let container {
      let fitting = open.filter { preparations[$0].container == container }
      let own = fitting.filter { preparations[$0].mme == mme }
      let best = own.isEmpty ? fitting : own
      position = best.last
      if let position, best.contains(where: { preparations[$0].ue != preparations[position].ue }) {
        guard let ofKept = fitting.last(where: { preparations[$0].ue == kept }) else { return nil }
        return request(ofKept)
      }
    }
    if position == nil, let kept { position = open.last { preparations[$0].ue == kept } }
    if position == nil, let container { position = again(container, mme: mme) }
    if position == nil, open.count == 1 { position = open[0] }
    return position.map { request($0) }
  }

  /// One of which a HANDOVER REQUEST was seen before: another MME may have had more than one request, where those of handovers that were given up
  /// came late.
  private func again(_ container: [UInt8], mme: Int) -> Int? {
    let fitting = preparations.indices.filter {
      preparations[$0].isRequested && preparations[$0].mme != mme && preparations[$0].container == container
    }
    guard let last = fitting.last, !fitting.contains(where: { preparations[$0].ue != preparations[last].ue }) else { return nil }
    return last
  }

  private mutating func request(_ position: Int) -> (ue: Int, source: Int) {
    preparations[position].isRequested = true
    return (preparations[position].ue, preparations[position].mme)
  }

  /// The handover that a UE was to make has come to nothing, or to its command.
  mutating func endPreparations(of ue: Int) {
    preparations.removeAll { $0.ue == ue }
    noteLoss(of: ue)
  }
}

/// A hash that costs a few cycles, of identities that nodes count up. The table's seed goes in.
private func mixed(_ word: UInt64, _ seed: Int) -> Int {
  var mixed = (word ^ UInt64(bitPattern: Int64(seed))) &* 0x9e37_79b9_7f4a_7c15
  mixed ^= mixed >> 32
  mixed &*= 0xd6e8_feb8_6659_fd93
  return Int(truncatingIfNeeded: mixed ^ mixed >> 32)
}
