import Testing

@testable import Scenario

@Suite struct TimerQueueTests {
  @Test func timersExpireInOrderOfTheirDeadlines() {
    var queue = TimerQueue<String>()
    queue.start("b", at: .seconds(2))
    queue.start("a", at: .seconds(1))
    queue.start("c", at: .seconds(2))
    let first = queue.nextDeadline()
    #expect(first == .seconds(1))
    var order: [String] = []
    while let (id, _) = queue.popExpired(by: .seconds(2)) { order.append(id) }
    #expect(order == ["a", "b", "c"])
    #expect(queue.isEmpty)
  }

  @Test func startingARunningTimerStartsItAnew() {
    var queue = TimerQueue<Int>()
    queue.start(1, at: .seconds(1))
    queue.start(1, at: .seconds(5))
    let expired = [4, 5, 9].map { queue.popExpired(by: .seconds($0))?.id }
    #expect(expired == [nil, 1, nil])
  }

  @Test func aStoppedTimerDoesNotExpire() {
    var queue = TimerQueue<Int>()
    queue.start(1, at: .seconds(1))
    let stopped = [queue.stop(1), queue.stop(1)]
    #expect(stopped == [true, false])
    let next = queue.nextDeadline()
    #expect(next == nil)
  }

  @Test func copiesGoOnIndependently() {
    var queue = TimerQueue<Int>()
    queue.start(1, at: .seconds(1))
    var copy = queue
    copy.stop(1)
    let expired = queue.popExpired(by: .seconds(1))?.id
    #expect(expired == 1)
    #expect(copy.isEmpty)
  }

  /// Restarting a timer a million times must not keep a million entries.
  @Test func staleEntriesAreDropped() {
    var queue = TimerQueue<Int>()
    for round in 0..<100_000 { queue.start(round % 10, at: .milliseconds(round)) }
    #expect(queue.entryCount < 1000)
    var count = 0
    while queue.popExpired(by: .seconds(1_000)) != nil { count += 1 }
    #expect(count == 10)
  }
}
