import Testing

@testable import NASCrypto
