import SMTPKit
import Testing
