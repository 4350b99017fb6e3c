import Foundation
import ProcessSupport
import Testing

/// Libraries and programs that send mail, each as its own documentation begins.
enum MailClient: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case nodemailer, phpMailer, rubyMail, netSMTP, go, aiosmtplib, smtplib, jakartaMail
    case mutt, sNail, msmtp, curl, swaks, gitSendEmail

    var testDescription: String { rawValue }

    /// Runs the client to its end.
    ///
    /// - Parameters:
    ///   - port: where the server listens on `localhost`.
    ///   - certificate: the file with the certificate to trust; without one the client is in its own defaults.
    func send(
        to port: Int, trusting certificate: String?, in folder: TemporaryFolder
    ) throws -> (status: Int32, output: String, errors: String) {
        var environment = ["HOME": folder.path]
        // What languages look at for authorities beside those of the system.
        if let certificate {
            environment.merge(["NODE_EXTRA_CA_CERTS": certificate, "SSL_CERT_FILE": certificate]) { $1 }
        }
        environment.merge(self.environment(folder)) { $1 }
        let words =
            try script.map { try program($0, "\(port)", certificate, folder) }
            ?? (try command("\(port)", certificate, folder))
        return try ChildProcess.run(words, environment: environment)
    }

    private func environment(_ folder: TemporaryFolder) -> [String: String] {
        switch self {
        case .nodemailer: ["NODE_PATH": "/usr/share/nodejs"]
        case .go: ["GOCACHE": folder.file("cache"), "GO111MODULE": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local"]
        case .gitSendEmail:
            [
                "GIT_AUTHOR_NAME": "Joe", "GIT_AUTHOR_EMAIL": "joe@example.org", "GIT_COMMITTER_NAME": "Joe",
                "GIT_COMMITTER_EMAIL": "joe@example.org",
            ]
        case _: [:]
        }
    }

    // MARK: Libraries

    /// A program for a library: its file name and text. Its arguments are the port and, with TLS, any other.
    private var script: (name: String, text: String)? {
        switch self {
        case .nodemailer: ("send.js", Self.nodeScript)
        case .phpMailer: ("send.php", Self.phpScript)
        case .rubyMail: ("mail.rb", Self.rubyMailScript)
        case .netSMTP: ("net.rb", Self.rubyNetScript)
        case .go: ("send.go", Self.goProgram)
        case .aiosmtplib: ("aio.py", Self.aioScript)
        case .smtplib: ("lib.py", Self.smtplibScript)
        case .jakartaMail: ("Send.java", Self.javaProgram)
        case .mutt, .sNail, .msmtp, .curl, .swaks, .gitSendEmail: nil
        }
    }

    private func program(
        _ script: (name: String, text: String), _ port: String, _ certificate: String?, _ folder: TemporaryFolder
    ) throws -> [String] {
        let file = try folder.write(script.text.utf8, to: script.name)
        let arguments = [file, port] + (certificate == nil ? [] : ["tls"])
        switch self {
        case .nodemailer: return ["node"] + arguments
        case .phpMailer: return ["php"] + (certificate.map { ["-d", "openssl.cafile=\($0)"] } ?? []) + arguments
        case .rubyMail, .netSMTP: return ["ruby"] + arguments
        case .go: return ["go", "run"] + arguments
        case .aiosmtplib: return ["\(BuiltTool.project)/.build-venv/bin/python"] + arguments
        case .jakartaMail:
            let trust = try certificate.map { try Self.javaTrust($0, folder) } ?? []
            let libraries = "/usr/share/java/jakarta-mail.jar:/usr/share/java/jakarta-activation.jar"
            return ["java"] + trust + ["-cp", libraries] + arguments
        case _: return ["python3"] + arguments
        }
    }

    /// Java trusts what is in a store of its own.
    private static func javaTrust(_ certificate: String, _ folder: TemporaryFolder) throws -> [String] {
        let store = folder.file("trust.p12")
        let result = try ChildProcess.run([
            "keytool", "-importcert", "-noprompt", "-alias", "server", "-file", certificate, "-keystore", store,
            "-storetype", "PKCS12", "-storepass", "changeit",
        ])
        guard result.status == 0 else { throw HarnessError("keytool: \(result.output)") }
        return ["-Djavax.net.ssl.trustStore=\(store)", "-Djavax.net.ssl.trustStorePassword=changeit"]
    }

    private static let nodeScript = """
        const [port, tls] = process.argv.slice(2);
        require("nodemailer").createTransport({ host: "localhost", port: +port, requireTLS: !!tls })
          .sendMail({ from: "joe@example.org", to: "ann@example.net", subject: "matrix", text: "hello" })
          .catch(error => { console.error(error.message); process.exit(1); });
        """

    private static let phpScript = """
        <?php
        require "libphp-phpmailer/autoload.php";
        $mail = new PHPMailer\\PHPMailer\\PHPMailer(true);
        $mail->isSMTP();
        $mail->Host = "localhost";
        $mail->Port = (int) $argv[1];
        if (isset($argv[2])) $mail->SMTPSecure = "tls";
        $mail->setFrom("joe@example.org");
        $mail->addAddress("ann@example.net");
        $mail->Subject = "matrix";
        $mail->Body = "hello";
        $mail->send();
        """

    private static let rubyMailScript = """
        require "mail"
        Mail.defaults { delivery_method :smtp, address: "localhost", port: ARGV[0].to_i }
        Mail.deliver { from "joe@example.org"; to "ann@example.net"; subject "matrix"; body "hello" }
        """

    private static let rubyNetScript = """
        require "net/smtp"
        Net::SMTP.start("localhost", ARGV[0].to_i) do |smtp|
          smtp.send_message("Subject: matrix\\n\\nhello\\n", "joe@example.org", "ann@example.net")
        end
        """

    private static let goProgram = """
        package main

        import (
        	"log"
        	"net/smtp"
        	"os"
        )

        func main() {
        	message := []byte("Subject: matrix\\r\\n\\r\\nhello\\r\\n")
        	err := smtp.SendMail("localhost:"+os.Args[1], nil, "joe@example.org", []string{"ann@example.net"}, message)
        	if err != nil {
        		log.Fatal(err)
        	}
        }
        """

    private static let aioScript = """
        import asyncio, email.message, sys, aiosmtplib
        message = email.message.EmailMessage()
        message["From"], message["To"], message["Subject"] = "joe@example.org", "ann@example.net", "matrix"
        message.set_content("hello")
        options = {"start_tls": True} if len(sys.argv) > 2 else {}
        asyncio.run(aiosmtplib.send(message, hostname="localhost", port=int(sys.argv[1]), **options))
        """

    private static let smtplibScript = """
        import smtplib, ssl, sys
        with smtplib.SMTP("localhost", int(sys.argv[1])) as server:
            if len(sys.argv) > 2: server.starttls(context=ssl.create_default_context())
            server.sendmail("joe@example.org", ["ann@example.net"], "Subject: matrix\\n\\nhello\\n")
        """

    private static let javaProgram = """
        import jakarta.mail.*;
        import jakarta.mail.internet.*;
        import java.util.Properties;

        public class Send {
            public static void main(String[] arguments) throws Exception {
                Properties properties = new Properties();
                properties.put("mail.smtp.host", "localhost");
                properties.put("mail.smtp.port", arguments[0]);
                if (arguments.length > 1) {
                    properties.put("mail.smtp.starttls.enable", "true");
                    properties.put("mail.smtp.starttls.required", "true");
                    properties.put("mail.smtp.ssl.checkserveridentity", "true");
                }
                MimeMessage message = new MimeMessage(Session.getInstance(properties));
                message.setFrom("joe@example.org");
                message.setRecipients(Message.RecipientType.TO, "ann@example.net");
                message.setSubject("matrix");
                message.setText("hello");
                Transport.send(message);
            }
        }
        """

    // MARK: Programs

    private func command(_ port: String, _ certificate: String?, _ folder: TemporaryFolder) throws -> [String] {
        let message = "From: joe@example.org\nTo: ann@example.net\nSubject: matrix\n\nhello\n"
        let file = try folder.write(message.utf8, to: "message")
        let addresses = ["--from", "joe@example.org", "--to", "ann@example.net"]
        switch self {
        case .mutt:
            // Since version 2 it wants TLS by default, wherever that comes from.
            let tls = certificate.map { "certificate_file=\($0)" } ?? "ssl_force_tls=no"
            let settings = "set smtp_url=smtp://localhost:\(port) from=joe@example.org copy=no \(tls)"
            return ["mutt", "-F", "/dev/null", "-e", settings, "-s", "matrix", "ann@example.net"]
        case .sNail:
            let settings = [
                "v15-compat", "mta=smtp://localhost:\(port)", "from=joe@example.org", "hostname=localhost",
                "smtp-auth=none", "sendwait",
            ]
            let tls = certificate.map { ["smtp-use-starttls", "tls-verify=strict", "tls-ca-file=\($0)"] } ?? []
            return ["s-nail", "-n"] + (settings + tls).flatMap { ["-S", $0] } + ["-s", "matrix", "ann@example.net"]
        case .msmtp:
            let tls = certificate.map { " --tls=on --tls-starttls=on --tls-trust-file=\($0)" } ?? ""
            let options = "--file=/dev/null --host=localhost --port=\(port) --from=joe@example.org\(tls)"
            return ["sh", "-c", "exec msmtp \(options) ann@example.net < \"$1\"", "sh", file]
        case .curl:
            return [
                "curl", "--silent", "--show-error", "--url", "smtp://localhost:\(port)", "--mail-from",
                "joe@example.org", "--mail-rcpt", "ann@example.net", "-T", file,
            ] + (certificate.map { ["--ssl-reqd", "--cacert", $0] } ?? [])
        case .swaks:
            return ["swaks", "--server", "localhost", "--port", port, "--header", "Subject: matrix"] + addresses
                + (certificate.map { ["-tls", "--tls-verify", "--tls-ca-path", $0] } ?? [])
        case .gitSendEmail:
            let separator = "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
            try folder.write((separator + message).utf8, to: "patch.eml")
            return ["git", "send-email", "--quiet", "--confirm=never", "--suppress-cc=all"] + addresses
                + ["--smtp-server=localhost", "--smtp-server-port=\(port)"]
                + (certificate.map { ["--smtp-encryption=tls", "--smtp-ssl-cert-path=\($0)"] } ?? [])
                + [folder.file("patch.eml")]
        case _: throw HarnessError("\(self) is a library")
        }
    }
}
