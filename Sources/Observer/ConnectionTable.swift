import Trace

/// The UE-associated logical S1 connections: which pair of identities on which leg belongs to which UE.
struct ConnectionTable: Sendable {
  struct Key: Hashable, Sendable {
    var leg: S1Leg
    var eNBUES1APID: UInt64

    /// In one word, since every message looks some up.
    func hash(into hasher: inout Hasher) {
      hasher.combine(eNBUES1APID &+ UInt64(truncatingIfNeeded: leg.eNB) << 32 &+ UInt64(truncatingIfNeeded: leg.mme) << 52)
    }
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

    func hash(into hasher: inout Hasher) { hasher.combine(mmeUES1APID &+ UInt64(truncatingIfNeeded: mme) << 52) }
  }

  /// A handover that was asked for and not yet answered: found again by its transparent container, which the MME passes on unchanged.
  private struct Preparation: Sendable {
    var mme: Int
    var container: [UInt8]
    var ue: Int
  }

  private static let maximumPreparations = 256

  private var ues: [Key: Int] = [:]
  /// What an ERROR INDICATION ended: an end that goes on nevertheless names the UE still.
  private var disowned: [Key: Int] = [:]
  private static let maximumDisowned = 1024
  private var networkSide: [NetworkKey: Int] = [:]
  private var networkIdentities: [Key: UInt64] = [:]
  private var preparations: [Preparation] = []
  /// Which connections a UE has.
  private var keys: [Int: [Key]] = [:]
  /// Connections on which an uplink message has verified.
  private var secured: Set<Key> = []

  mutating func markSecured(leg: S1Leg, eNB: UInt64?) {
    if let eNB { secured.insert(Key(leg: leg, eNBUES1APID: eNB)) }
  }

  func isSecured(leg: S1Leg, eNB: UInt64?) -> Bool { eNB.map { secured.contains(Key(leg: leg, eNBUES1APID: $0)) } ?? false }

  /// How many connections a UE has: two while a handover is under way.
  func connections(of ue: Int) -> Int { keys[ue]?.count ?? 0 }

  /// Whether an uplink message of the UE has verified on one of its connections.
  func isSecured(_ ue: Int) -> Bool { keys[ue]?.contains(where: secured.contains) ?? false }

  /// The UE has moved to this connection without a word to the one before: X2 handover. Left are the connections with the MME's identity
  /// that has moved here: one that the UE has opened since, at a radio failure, has another or none yet.
  /// - Returns: those that it has left.
  mutating func leaveOthers(of ue: Int, leg: S1Leg, eNB: UInt64?) -> [Key] {
    guard let eNB else { return [] }
    let kept = Key(leg: leg, eNBUES1APID: eNB)
    guard let identity = networkIdentities[kept] else { return [] }
    let left = (keys[ue] ?? []).filter { $0 != kept && $0.leg.mme == leg.mme && networkIdentities[$0] == identity }
    for key in left {
      set(nil, key)
      // The MME's identity goes on naming the UE.
      networkIdentities[key] = nil
    }
    return left
  }

  var count: Int { ues.count }
  /// How many identities of the network's side are remembered.
  var networkCount: Int { networkSide.count }

  func ue(leg: S1Leg, eNB: UInt64?, mme: UInt64?) -> Int? {
    if let eNB, let found = ues[Key(leg: leg, eNBUES1APID: eNB)] { return found }
    if let mme, let found = networkSide[NetworkKey(mme: leg.mme, mmeUES1APID: mme)] { return found }
    return disowned.isEmpty ? nil : eNB.flatMap { disowned[Key(leg: leg, eNBUES1APID: $0)] }
  }

  mutating func bind(_ ue: Int, leg: S1Leg, eNB: UInt64?, mme: UInt64?) {
    if let eNB { set(ue, Key(leg: leg, eNBUES1APID: eNB)) }
    if let eNB, let mme {
      let replaced = networkIdentities.updateValue(mme, forKey: Key(leg: leg, eNBUES1APID: eNB))
      if let replaced, replaced != mme { forget(NetworkKey(mme: leg.mme, mmeUES1APID: replaced), of: ue) }
    }
    if let mme { networkSide[NetworkKey(mme: leg.mme, mmeUES1APID: mme)] = ue }
  }

  private mutating func set(_ ue: Int?, _ key: Key) {
    let previous = ues[key]
    if !disowned.isEmpty { disowned[key] = nil }
    guard previous != ue else { return }
    if let previous {
      keys[previous]?.removeAll { $0 == key }
      if keys[previous]?.isEmpty == true { keys[previous] = nil }
    }
    if let ue { keys[ue, default: []].append(key) }
    ues[key] = ue
    if ue == nil { secured.remove(key) }
  }

  /// Ends one connection.
  /// - Returns: the UE that it was of, if it was of one.
  mutating func release(leg: S1Leg, eNB: UInt64?, mme: UInt64?) -> Released? {
    let found = ue(leg: leg, eNB: eNB, mme: mme)
    let key = eNB.map { Key(leg: leg, eNBUES1APID: $0) }
    let isLast = found.map { isOnly(key, of: $0) } ?? false
    if let key {
      set(nil, key)
      if let known = networkIdentities.removeValue(forKey: key) { forget(NetworkKey(mme: leg.mme, mmeUES1APID: known), of: found) }
    }
    if let mme { forget(NetworkKey(mme: leg.mme, mmeUES1APID: mme), of: found) }
    return found.map { Released(ue: $0, eNBUES1APID: eNB, isLast: isLast) }
  }

  /// Whether a UE has no connection but this one. Those that it opened before and that the MME never answered do not count: a UE has one
  /// radio connection, and an eNB says nothing of one that it lost before it knew an identity of the MME's side.
  private func isOnly(_ key: Key?, of ue: Int) -> Bool {
    guard let known = keys[ue] else { return true }
    guard let key, let position = known.firstIndex(of: key) else { return false }
    return position == known.endIndex - 1 && !known[..<position].contains { networkIdentities[$0] != nil }
  }

  /// Ends the connections of a leg that an ERROR INDICATION says to be unknown at one end: both ends drop those that have the erroneous
  /// identities (TS 36.413 §10.6).
  /// - Parameters:
  ///   - eNB: eNB UE S1AP ID, if that is erroneous.
  ///   - mme: MME UE S1AP ID, if that is.
  mutating func releaseUnknown(on leg: S1Leg, eNB: UInt64?, mme: UInt64?) -> [Released] {
    let erroneous = networkIdentities.keys.filter { $0.leg == leg && networkIdentities[$0] == mme && mme != nil }.map(\.eNBUES1APID)
    return Set(erroneous + [eNB].compactMap { $0 }).sorted().compactMap { id in
      let key = Key(leg: leg, eNBUES1APID: id)
      guard let ue = ues[key] else { return nil }
      let released = release(leg: leg, eNB: id, mme: networkIdentities[key])
      if disowned.count < Self.maximumDisowned { disowned[key] = ue }
      return released
    }
  }

  /// The MME's identity names the UE no more, unless a connection that a handover made goes on with it.
  private mutating func forget(_ identity: NetworkKey, of ue: Int?) {
    let isKept = ue.flatMap { keys[$0] }?.contains {
      $0.leg.mme == identity.mme && networkIdentities[$0] == identity.mmeUES1APID
    }
    if isKept != true { networkSide[identity] = nil }
  }

  /// Ends every connection of a leg.
  /// - Returns: those of UEs.
  mutating func releaseAll(on leg: S1Leg) -> [Released] {
    for key in disowned.keys where key.leg == leg { disowned[key] = nil }
    let keys = ues.keys.filter { $0.leg == leg }.sorted { $0.eNBUES1APID < $1.eNBUES1APID }
    return keys.compactMap { key in release(leg: leg, eNB: key.eNBUES1APID, mme: networkIdentities[key]) }
  }

  mutating func prepareHandover(of ue: Int, mme: Int, container: ArraySlice<UInt8>) {
    if preparations.count >= Self.maximumPreparations { preparations.removeFirst() }
    preparations.append(Preparation(mme: mme, container: Array(container), ue: ue))
  }

  /// The UE whose handover HANDOVER REQUEST belongs to: by the container, of another MME only if none of this one fits (inter-MME handover);
  /// by the MME UE S1AP ID where the MME keeps it; by order where one handover alone is asked for.
  /// - Returns: the UE, and the MME that was asked.
  mutating func handover(mme: Int, container: ArraySlice<UInt8>?, mmeUES1APID: UInt64?) -> (ue: Int, source: Int)? {
    var position: Int?
    if let container {
      position =
        preparations.lastIndex { $0.mme == mme && $0.container.elementsEqual(container) }
        ?? preparations.lastIndex { $0.container.elementsEqual(container) }
    }
    if position == nil, let mmeUES1APID, let ue = networkSide[NetworkKey(mme: mme, mmeUES1APID: mmeUES1APID)] {
      position = preparations.lastIndex { $0.ue == ue }
    }
    if position == nil, preparations.count == 1 { position = 0 }
    return position.map { preparations.remove(at: $0) }.map { ($0.ue, $0.mme) }
  }

  /// The handover that a UE was to make has come to nothing, or to its command.
  mutating func endPreparations(of ue: Int) { preparations.removeAll { $0.ue == ue } }
}
