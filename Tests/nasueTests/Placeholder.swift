import Testing

@testable import nasue
