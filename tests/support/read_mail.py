"""Takes a mail apart with Python's own readers of MIME and HTML, and prints it as JSON: read_mail.py FILE."""

import email
import email.policy
import html.parser
import json
import sys


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.links, self.text = [], [], [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attributes]
        self.links += [value for name, value in attributes if name in ("href", "src", "action", "background")]

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.tags.append("!--")


with open(sys.argv[1], "rb") as file:
    mail = email.message_from_binary_file(file, policy=email.policy.default)
parts = []
for part in mail.walk():
    if part.is_multipart():
        continue
    content = part.get_content()
    described = {"type": part.get_content_type(), "file": part.get_filename()}
    described["text"] = content if isinstance(content, str) else content.decode("utf-8")
    if part.get_content_type() == "text/html":
        page = Page()
        page.feed(described["text"])
        described["page"] = {"tags": sorted(set(page.tags)), "attributes": sorted(set(page.attributes)), "links": page.links, "text": page.text}
    parts.append(described)
headers = [[name, str(value)] for name, value in mail.items()]
defects = [str(defect) for part in mail.walk() for defect in part.defects]
print(json.dumps({"headers": headers, "parts": parts, "defects": defects, "type": mail.get_content_type()}))
