import Testing

@testable import Observer
