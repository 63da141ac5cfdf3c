import Glibc

/// What one thread makes for one other, at most so many at a time.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // All of it is touched only with the mutex held.
  private var elements: [Element?] = []
  private var first = 0
  private var isClosed = false
  private let capacity: Int
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let hasChanged: UnsafeMutablePointer<pthread_cond_t>

  init(capacity: Int) {
    self.capacity = capacity
    mutex = .allocate(capacity: 1)
    hasChanged = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(hasChanged, nil)
  }

  deinit {
    pthread_cond_destroy(hasChanged)
    pthread_mutex_destroy(mutex)
    hasChanged.deallocate()
    mutex.deallocate()
  }

  /// Waits while it is full.
  func add(_ element: Element) {
    pthread_mutex_lock(mutex)
    var tries = 0
    while elements.count - first >= capacity { wait(&tries) }
    elements.append(element)
    pthread_cond_signal(hasChanged)
    pthread_mutex_unlock(mutex)
  }

  /// Takes it if there is room.
  func offer(_ element: consuming Element) {
    pthread_mutex_lock(mutex)
    if elements.count - first < capacity {
      elements.append(element)
      pthread_cond_signal(hasChanged)
    }
    pthread_mutex_unlock(mutex)
  }

  /// The next one if there is one.
  func nextIfAny() -> Element? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return takeFirst()
  }

  /// Nothing more will come.
  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_signal(hasChanged)
    pthread_mutex_unlock(mutex)
  }

  /// Waits for the next one.
  /// - Returns: nil at the end.
  func next() -> Element? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var tries = 0
    while first == elements.count {
      if isClosed { return nil }
      wait(&tries)
    }
    return takeFirst()
  }

  /// Called with the mutex held, as often as what is waited for has not come: lets others run, and sleeps only after a while.
  private func wait(_ tries: inout Int) {
    guard tries < patienceOfThreads else {
      pthread_cond_wait(hasChanged, mutex)
      return
    }
    tries += 1
    pthread_mutex_unlock(mutex)
    sched_yield()
    pthread_mutex_lock(mutex)
  }

  private func takeFirst() -> Element? {
    guard first < elements.count, let element = elements[first] else { return nil }
    // So that who takes it is the only one to have it.
    elements[first] = nil
    first += 1
    if first == elements.count || first >= capacity {
      elements.removeFirst(first)
      first = 0
    }
    pthread_cond_signal(hasChanged)
    return element
  }
}

/// How often a thread lets others run before it sleeps: a thread that sleeps leaves its core idle, and to wake it takes longer than what it
/// waits for.
private let patienceOfThreads = 100
