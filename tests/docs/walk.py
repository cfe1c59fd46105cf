"""Following a page to the letter: the commands of a section as they stand there, in their order, and all of them."""

from pages import read_commands

# What no test can run, and why. Everything else that a page tells people to type is run.
NOT_RUN = {
    "./dev test": "it is what runs this",
    "./dev build": "it is done by then: what it has built is what is run",
    "./dev package": "`./dev test-service` begins with it; what it has made is what is installed",
}


class Walk:
    """substitutions: {text in a command: what stands for it here}.

    Each method names the next command by its first line: a page that says something else fails the test."""

    def __init__(self, page, section, shell, substitutions=None):
        self.shell, self.substitutions = shell, substitutions or {}
        self.name = f"{page}, {section}"
        self.left = [command for command in read_commands(page, section) if command.name not in NOT_RUN]
        assert self.left, f"{self.name}: no commands"

    def _take(self, name):
        assert self.left, f"{self.name}: no command is left, and {name} was to be run"
        command = self.left.pop(0)
        assert command.name == name, f"{command} is next, not {name}"
        text = command.text
        for here, there in self.substitutions.items():
            text = text.replace(here, there)
        return text

    def run(self, name, **options):
        return self.shell.run(self._take(name), **options)

    def follow(self, name, **options):
        return self.shell.follow(self._take(name), **options)

    def type(self, name, **options):
        return self.shell.type(self._take(name), **options)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            assert not self.left, "left out: " + "; ".join(map(str, self.left))
