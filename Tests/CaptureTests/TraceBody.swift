import NASCrypto
import Trace

typealias TraceBody = TraceEvent.Body

extension TraceEvent.Body {
  /// The octets of an S1AP-PDU.
  var pdu: [UInt8]? {
    if case .s1ap(_, _, _, let octets) = self { return octets }
    return nil
  }

  var direction: LinkDirection? {
    if case .s1ap(_, let direction, _, _) = self { return direction }
    return nil
  }

  var leg: S1Leg? {
    if case .s1ap(let leg, _, _, _) = self { return leg }
    return nil
  }
}
