import FuzzSupport

/// The fuzz targets of `SMTPTLS` that need OpenSSL.
enum TLSFuzzTargets {
    static let all = [FuzzTarget("certificate", check: FuzzedCertificate.check)]
}
