@_exported public import SMTPCore
@_exported public import SMTPTLS
