"""Somebody at a shell in the machine who follows a page, and knows the key and the API's URL."""

from machine import ENVIRONMENT
from shell import Shell
from walk import Walk

EDITOR = "/usr/local/bin/editor"


class Person:
    """user: None for root. folder: where the shell stands, made anew."""

    def __init__(self, machine, folder, user=None):
        self.machine = machine
        home = f"/home/{user}" if user else "/root"
        environment = {**ENVIRONMENT, "PATH": f"/usr/local/bin:{ENVIRONMENT['PATH']}", "HOME": home, "EDITOR": EDITOR}
        self.shell = Shell("/", environment, machine.enter(user))
        self.shell.run(f"mkdir -p {folder}; cd {folder}")

    def walk(self, page, section):
        """Nothing in these pages stands for anything else."""
        return Walk(page, section, self.shell)

    def will_edit(self, script):
        """What the editor does the next time: a script for sed."""
        self.machine.write("/root/edits", script)
        self.machine.path("/root").chmod(0o755)  # sudoedit's editor is not root
        self.machine.write(EDITOR, '#!/bin/sh\nfor file; do :; done\nexec sed -i -f /root/edits "$file"\n', 0o755)

    def will_enter_the_api_of(self, service):
        """The URL, and a CA that no other machine trusts."""
        self.will_edit(f'/^ca_file = /d\ns|^#\\{{0,1\\}}url = .*|url = "https://localhost:{service.port}"\\n'
                       f'ca_file = "{service.stub}/ca.pem"|\n')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shell.close()
