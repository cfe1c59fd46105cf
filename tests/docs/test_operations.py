"""What docs/operations.md has people write into files; its commands are root's, and followed in tests/machine."""

from daemon import run_reeld, write_config
from pages import read_block


def test_the_rule_is_one_that_check_takes(tmp_path):
    (tmp_path / "spool").mkdir()
    rule = read_block("operations.md", "Tuning", "toml")
    settings = {"spool": {"path": str(tmp_path / "spool")}, "api": {"url": "https://localhost:1"}}
    config = write_config(tmp_path / "reeld.toml", settings, rule)
    done = run_reeld("check", "--config", config)
    assert done.returncode == 0, done.stdout + done.stderr
    write_config(config, settings, rule.replace("throttled", "accepted"))
    assert run_reeld("check", "--config", config).returncode == 78
