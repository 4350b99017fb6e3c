import CommandLineSupport

/// Options of swaks that are spelled otherwise here.
enum SwaksOptions {
    /// Says that there is no such option, with the one that is likely meant.
    static func explain(_ name: String, _ table: OptionTable) -> String {
        if let equivalent = equivalents[name] {
            return "there is no option \(name); in place of swaks' \(name): \(equivalent)"
        }
        if name.hasPrefix("--h-") {
            return "there is no option \(name); in place of swaks' --h-Name: --header 'Name: value'"
        }
        let near = Spelling.nearest(to: name, among: table.options.flatMap(\.names).filter { $0.hasPrefix("--") })
        return "there is no option \(name)" + (near.map { "; did you mean \($0)?" } ?? "")
    }

    /// The options of this tool for those of swaks.
    static let equivalents: [String: String] = [
        "-p": "HOST:PORT", "--port": "HOST:PORT", "--ehlo": "--helo", "--lhlo": "--helo with --lmtp",
        "--copy-routing": "--mx DOMAIN", "--socket": "unix:PATH", "--pipe": "nothing; connect to a socket",
        "-li": "--source", "--local-interface": "--source", "-lp": "nothing; the system picks the local port",
        "--local-port": "nothing; the system picks the local port", "--protocol": "--lmtp, smtps:// or --tls",
        "--drop-after-send": "--drop-after data", "--prdr": "nothing", "-tls": "--tls", "-tlso": "--tls-optional",
        "-tlsos": "--tls-optional", "--tls-optional-strict": "--tls-optional", "-tlsc": "--implicit-tls",
        "--tls-on-connect": "--implicit-tls", "-tlsp": "--tls-min and --tls-max",
        "--tls-protocol": "--tls-min and --tls-max", "--tls-cipher": "--ciphers", "--tls-verify": "--verify",
        "--tls-verify-target": "--name", "--tls-ca-path": "--ca", "--tls-cert": "--cert", "--tls-chain": "--cert",
        "--tls-key": "--key", "--tls-sni": "--sni", "--tls-get-peer-cert": "--json or -v",
        "--tls-get-peer-chain": "--json or -v", "-ao": "nothing; without --auth no one logs in",
        "--auth-optional": "nothing; without --auth no one logs in", "-au": "--auth-user",
        "-ap": "--auth-password-file",
        "-am": "--auth-mechanism", "-ae": "--auth-mechanism EXTERNAL", "-apt": "nothing; passwords are never shown",
        "--auth-plaintext": "nothing; passwords are never shown", "-ahp": "nothing; passwords are never shown",
        "--auth-hide-password": "nothing; passwords are never shown", "--proxy": "--proxy-header 'PROXY …'",
        "-d": "--data", "--attach-body": "--body", "--attach-type": "--attach 'FILE;type=TYPE'",
        "--attach-name": "--attach 'FILE;name=NAME'", "--add-header": "--header", "-ndf": ":raw of the shell",
        "--no-data-fixup": ":raw of the shell", "-nsf": "nothing", "--no-strip-from": "nothing", "-n": "--quiet",
        "--suppress-data": "nothing; the message is shown with -v only", "-hr": "--quiet", "--hide-receive": "--quiet",
        "-hs": "--quiet", "--hide-send": "--quiet", "-ha": "--quiet", "--hide-all": "--quiet", "-S": "--quiet",
        "--silent": "--quiet", "-stl": "--json, which has timing_ms",
        "--show-time-lapse": "--json, which has timing_ms",
        "--output": "the shell's redirection", "--output-file": "the shell's redirection", "--dump-mail": "--dump",
        "--config": "nothing; there is no configuration file", "--force-getpwuid": "nothing",
    ]
}
