import Testing

@testable import TestNetwork
