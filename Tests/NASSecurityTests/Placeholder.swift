import Testing

@testable import NASSecurity
