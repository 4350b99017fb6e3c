import FuzzSupport

/// The fuzz targets of `smtpd-lite`.
enum ToolFuzzTargets {
    static let all = [FuzzTarget("show", check: FuzzedShow.check)]
}
