"""Prints a line for each alert of each mail in a directory: the receiver and the alert's id. The alerts are the attachment of a mail."""

import email
import email.policy
import json
import os
import sys

for name in os.listdir(sys.argv[1]):
    with open(os.path.join(sys.argv[1], name), "rb") as file:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
    for part in mail.iter_attachments():
        for line in part.get_content().decode().splitlines():
            print(mail["To"], json.loads(line)["alert_id"])
