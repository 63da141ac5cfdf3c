import NASCrypto
import RadioAccess
import S1AP
import TestNetwork
import Transport
import UserEquipment

/// Runs UEs and eNBs against an MME: one in process with simulated time, or a real one over a transport by the wall clock.
public protocol NetworkDriver: AnyObject {
  /// Time since the start of the run.
  var now: Duration { get }
  var ueCount: Int { get }
  var eNBCount: Int { get }
  func ue(_ index: Int) -> UE
  /// Brings the S1 associations up.
  func connect() throws(TransportError)
  /// Gives a UE an input, such as ``UE/Input/attach``.
  func command(_ input: UE.Input, ue: Int)
  /// Lets the network start a procedure.
  ///
  /// - Parameter atOnce: beside whatever runs, not after it.
  /// - Returns: false where the MME takes no orders from here; nothing has happened then.
  func order(_ command: NetworkCommand, imsi: String, atOnce: Bool) -> Bool
  /// Asks the MME to release a connected UE.
  func requestRelease(ue: Int, cause: Cause)
  /// What is held, lost or changed on S1.
  var control: MessageControl { get set }
  /// Lets what a rule of ``control`` holds go on.
  func release(_ rule: String)
  /// Lets the eNB that serves a UE hand it over to another eNB's cell.
  func handover(ue: Int, toENB target: Int, kind: HandoverKind)
  /// Lets the eNB that serves a UE hand it over to a cell of UTRAN or GERAN.
  ///
  /// - Returns: false where no SGSN would take it; nothing has happened then.
  func handover(ue: Int, to target: OtherSystemTarget) -> Bool
  /// Lets the SGSN hand a UE back to an eNB's cell; false where there is none.
  func returnToEUTRAN(ue: Int, toENB target: Int) -> Bool
  /// Gives the eNB that serves a UE an input about it; nothing while the UE has no connection.
  func serving(ue: Int, _ input: (UEHandle) -> ENodeB.Input)
  /// Lets an eNB send an S1AP-PDU that it would not send, past all that it does of itself.
  func send(s1ap octets: [UInt8], stream: UInt16, fromENB eNB: Int)
  /// Lets an idle UE camp on another eNB's cell.
  func camp(ue: Int, onENB eNB: Int)
  /// Whether UEs can get into the cell of an eNB.
  func setReachable(eNB: Int, _ isReachable: Bool)
  /// Whether access to the cell of an eNB is barred for what UEs originate.
  func setBarred(eNB: Int, _ isBarred: Bool)
  /// The UEs and eNBs as they are now.
  var radioNetwork: RadioNetwork { get }
  /// Lets the next thing happen, but nothing that is due after `deadline`.
  ///
  /// - Returns: false when nothing is left to happen until then.
  func advance(until deadline: Duration) throws(TransportError) -> Bool
  /// What the network side itself says of its contexts and of ours, where it can be asked: for the end of a run.
  ///
  /// - Parameter ues: whose own word is asked for; nil: all.
  func reportContexts(cause: String, ofUEs ues: Set<Int>?)
  /// Takes what happened since the last call, in order.
  func takeEffects() -> [TimedEffect]
  /// Is given each UE that took an input, and the time, before anything that the UE sends leaves this process: so that what a USIM
  /// keeps is kept first.
  var keeps: ((UE, Duration) -> Void)? { get set }
  /// Ends the associations in order.
  func shutDown()
  /// How long nothing must come before a peer counts as having said all it wanted.
  var quietPeriod: Duration { get }
  /// Whether messages of a UE's eNB wait because the peer does not take them as fast as they are sent.
  func hasBacklog(ue: Int) -> Bool
  /// The engine, for folds that run on the same thread.
  func withEngine<R>(_ body: (inout CryptoEngine) -> R) -> R
}

extension NetworkDriver {
  /// Of every UE.
  public func reportContexts(cause: String) { reportContexts(cause: cause, ofUEs: nil) }
}

/// An effect and when it happened.
public struct TimedEffect: Sendable {
  /// Since the start of the run.
  public var time: Duration
  /// What happened.
  public var effect: Effect
}
