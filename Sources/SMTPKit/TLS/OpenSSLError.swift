import COpenSSL

/// An entry of OpenSSL's error queue, in words.
///
/// The queue belongs to the thread and outlives the call that filled it, so it has to be cleared before
/// each call whose outcome is asked for.
struct OpenSSLError: Hashable, Sendable {
    /// The library within OpenSSL, `ERR_LIB_…`.
    var library: Int32
    /// The reason's number, `SSL_R_…` and the like.
    var reasonCode: Int32
    /// The reason in OpenSSL's words: `certificate verify failed`.
    var reason: String

    /// Takes the earliest entry, the root of the trouble, and clears the rest.
    static func take() -> OpenSSLError {
        let code = ERR_get_error()
        defer { ERR_clear_error() }
        guard code != 0 else { return OpenSSLError(library: 0, reasonCode: 0, reason: "no reason given") }
        let reason = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            smtp_ERR_reason(code, text.baseAddress, text.count)
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
        return OpenSSLError(
            library: smtp_ERR_library(code),
            reasonCode: smtp_ERR_reason_code(code),
            reason: reason
        )
    }

    /// Takes the earliest entry's words only.
    static func takeReason() -> String { take().reason }
}
