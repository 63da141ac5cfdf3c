import NASCrypto
import Trace
import UserEquipment

/// What an emulated network tells its driver, in the order it happened.
public enum Effect: Sendable {
  /// Something for the log.
  case trace(TraceEvent.Body)
  /// A UE tells its user something.
  case ue(Int, UE.Event)
  /// S1 is set up between an eNB and its MME.
  case s1SetupComplete(eNB: Int, mmeName: String?)
  /// S1 SETUP was refused, or not answered.
  case s1SetupFailed(eNB: Int, cause: String, willRetry: Bool)
}
