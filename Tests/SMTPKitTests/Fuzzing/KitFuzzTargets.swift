import FuzzSupport

/// The fuzz targets of `SMTPKit`.
enum KitFuzzTargets {
    static let all = [
        FuzzTarget("charset", check: FuzzedCharacterSets.check),
        FuzzTarget("record", check: FuzzedAppendRecord.check),
    ]
}
