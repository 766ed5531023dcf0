"""Official mail as it travels: messages, calendar files, and the line to the mail server."""
