import Testing

@testable import RadioAccess
