/// Natural logarithm of a number from 1 up, to four digits; 0 below. Written here so that it is the
/// same on every machine and needs no library.
@inline(__always)
func logarithm(_ value: Float) -> Float {
    guard value > 1 else { return 0 }
    // The parts of a binary32 (IEEE 754, section 3.4): no infinity and no NaN comes here.
    let exponent = Float(Int32(truncatingIfNeeded: value.bitPattern >> 23) - 127)
    let m = Float(bitPattern: value.bitPattern & 0x7F_FFFF | 0x3F80_0000)
    // A polynomial for the logarithm on 1..<2.
    let fraction = (((-0.056570 * m + 0.447178) * m - 1.469956) * m + 2.821202) * m - 1.741793
    return max(0, exponent * 0.693147 + fraction)
}

/// e to the power of `-x` for `x` from 0 up, to five digits: (1 - x/n)^n by repeated squaring.
func decay(_ x: Double) -> Double {
    guard x > 0 else { return 1 }
    guard x < 40 else { return 0 }
    var value = 1 - x / 1_048_576
    for _ in 0..<20 { value *= value }
    return value
}
