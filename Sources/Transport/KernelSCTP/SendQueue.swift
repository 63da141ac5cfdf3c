/// Messages that the socket did not take yet, in order, bounded by their octets.
struct SendQueue {
  private var messages: [(octets: [UInt8], stream: UInt16)] = []
  private var head = 0
  private(set) var octets = 0

  var isEmpty: Bool { head == messages.count }
  var first: (octets: [UInt8], stream: UInt16)? { isEmpty ? nil : messages[head] }

  mutating func append(_ message: [UInt8], stream: UInt16) {
    messages.append((message, stream))
    octets += message.count
  }

  mutating func removeFirst() {
    precondition(!isEmpty)
    octets -= messages[head].octets.count
    messages[head].octets = []
    head += 1
    if head == messages.count {
      messages.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 256, head * 2 >= messages.count {
      messages.removeFirst(head)
      head = 0
    }
  }
}
