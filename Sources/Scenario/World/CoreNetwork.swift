import DequeModule
import NASCrypto
import NASSecurity
import TestNetwork
import Trace

/// The MMEs of the test network, as a value without I/O: the half of the network that faces eNBs.
public struct CoreNetwork: Sendable {
  /// An S1AP-PDU that an MME sends.
  public struct OutgoingS1AP: Sendable {
    /// The number of the MME that sends.
    public var mme: Int
    /// The association it goes out on: the number of the eNB.
    public var association: Int
    /// The encoded PDU.
    public var octets: [UInt8]
    /// The SCTP stream (TS 36.412 §7): 0 for what concerns no UE.
    public var stream: UInt16
  }

  /// A GTPv2-C message that an MME sends.
  public struct OutgoingGTP: Sendable {
    /// The number of the MME that sends.
    public var mme: Int
    /// Where it goes.
    public var address: CoreAddress
    public var octets: [UInt8]
  }

  struct Timer: Hashable, Sendable {
    var mme: Int
    var timer: MMETimer
  }

  /// By number.
  public internal(set) var mmes: [MME]
  /// What the first MME goes by in the log: others may be there that are none of ours.
  let firstNumber: Int
  /// What UTRAN and GERAN have in its place; nil without. It has the number after the MMEs'.
  public internal(set) var sgsn: SGSN?
  var timers = TimerQueue<Timer>()
  /// What was sent and not yet fetched, oldest first.
  public internal(set) var outgoing = Deque<OutgoingS1AP>()
  /// The same for S10.
  public internal(set) var outgoingGTP = Deque<OutgoingGTP>()
  /// What the SGSN tells UEs, oldest first: whose IMSI, and the container of the target eNB.
  var commanded = Deque<(imsi: String, container: [UInt8])>()
  /// The MME that has asked the HSS last: the others go on from there.
  private var askedLast = 0
  /// Whether effects carry the log's details; off for load.
  public var isTracing = true
  private var outputs: [MME.Output] = []

  /// - Parameter firstNumber: what the first MME goes by in the log; the others follow.
  public init(mmes: [MME], sgsn: SGSN? = nil, firstNumber: Int = 0) {
    self.mmes = mmes
    self.sgsn = sgsn
    self.firstNumber = firstNumber
  }

  /// When the next timer expires; nil when none runs.
  public mutating func nextDeadline() -> Duration? { timers.nextDeadline() }

  /// Gives an MME an input; what it sends goes to ``outgoing``.
  public mutating func feed(
    _ input: MME.Input, mme index: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    outputs.removeAll(keepingCapacity: true)
    if index != askedLast {
      let other = mmes[askedLast]
      mmes[index].shareSubscribers(of: other)
      askedLast = index
    }
    mmes[index].handle(input, at: now, using: &engine, into: &outputs)
    for output in outputs { take(output, of: index, at: now, into: &effects) }
  }

  /// Lets one expired timer act.
  ///
  /// - Returns: false when none has expired by `now`.
  public mutating func expire(at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]) -> Bool {
    guard let (timer, _) = timers.popExpired(by: now) else { return false }
    guard timer.mme < mmes.count else {
      feedSGSN(.timer(timer.timer), at: now, into: &effects)
      return true
    }
    if isTracing { effects.append(.trace(.timer(.mme(firstNumber + timer.mme), name: timer.timer.description, .expired))) }
    feed(.timer(timer.timer), mme: timer.mme, at: now, using: &engine, into: &effects)
    return true
  }

  private mutating func take(_ output: MME.Output, of index: Int, at now: Duration, into effects: inout [Effect]) {
    let number = firstNumber + index
    switch output {
    case .s1ap(let octets, let association, let stream):
      outgoing.append(OutgoingS1AP(mme: index, association: association, octets: octets, stream: stream))
    case .gtp(let octets, let address): outgoingGTP.append(OutgoingGTP(mme: index, address: address, octets: octets))
    case .startTimer(let timer, let after):
      timers.start(Timer(mme: index, timer: timer), at: now + after)
      if isTracing { effects.append(.trace(.timer(.mme(number), name: timer.description, .started))) }
    case .stopTimer(let timer):
      if timers.stop(Timer(mme: index, timer: timer)), isTracing {
        effects.append(.trace(.timer(.mme(number), name: timer.description, .stopped)))
      }
    case .securityContexts(let imsi, let contexts, let why):
      guard isTracing else { return }
      for report in contexts.reports(owner: .mme(number), imsi: imsi, cause: why) {
        effects.append(.trace(.securityContext(report)))
      }
    case .keNB(let imsi, let key, _):
      if isTracing { effects.append(.trace(.keNB(.mme(number), imsi: imsi, key: key, nextHopChainingCount: 0))) }
    case .state(let imsi, let name):
      if isTracing { effects.append(.trace(.state(.mme(number), imsi: imsi, name: name))) }
    case .procedure(let imsi, let words):
      if isTracing { effects.append(.trace(.note("MME \(number)\(imsi.map { ", UE \($0)" } ?? ""): \(words)"))) }
    case .discarded(let discard):
      effects.append(.trace(.discard(by: .mme(number), reason: discard.reason, clause: discard.clause)))
    }
  }
}
