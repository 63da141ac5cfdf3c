"""Stand-in for the part of the CryptoMobile API that pycrate's LTE core uses; CryptoMobile itself is not on PyPI.

AES-based functions only, on `cryptography`. So this peer proves messages and behaviour, not cryptography.
"""
