struct MessageRow {
  var message: S1APMessage
  var name: String
  var title: String
  var type: UInt16
  var criticality: Criticality
}
final class Grammar: @unchecked Sendable {
  static let shared = Grammar()
  var messages: [MessageRow] = []
  let types = UnsafeMutablePointer<TypeRow>.allocate(capacity: 1)
  var typeNames: [String] = []
  func message(_ m: S1APMessage) -> MessageRow? { messages.first { $0.message == m } }
  func names(of: Int) -> [String] { [] }
  func names(ofType: String) -> [String] { [] }
  func slot(named: String, in: Int) -> Int? { nil }
}
