import FuzzSupport

/// The fuzz targets of `smtp-probe`.
enum ProbeFuzzTargets {
    static let all = [
        FuzzTarget("script", check: FuzzedScript.check),
        FuzzTarget("policy", check: FuzzedPolicy.check),
    ]
}
