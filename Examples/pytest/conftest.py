pytest_plugins = ["smtpd_lite"]
