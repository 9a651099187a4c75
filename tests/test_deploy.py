"""What is handed to operators is true: the settings on the page, the proxy's files, the units."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness.cluster import find_nginx
from tests.harness.processes import BIN, ROOT

pytestmark = pytest.mark.one_engine
UNITS = ROOT / "deploy" / "systemd"
PAGE = ROOT / "docs" / "operations.md"
OURS_ALONE = {"VERTSKAP_GATE", "PROMETHEUS_MULTIPROC_DIR"}  # set by our own programs for each other


def settings_read() -> set[str]:
    """Names in config.py and gunicorn.conf.py that are looked up in the environment, whatever else is named there."""
    names: set[str] = set()
    for path in (ROOT / "config.py", ROOT / "gunicorn.conf.py"):
        text = path.read_text(encoding="utf-8")
        names |= set(re.findall(r"""environ(?:\.get)?[(\[]["']([A-Z_]+)["']""", text))
        names |= set(re.findall(r'_(?:networks|seconds)\("([A-Z_]+)"', text))
    names |= {"SECRET_KEY", "BASE_URL", "TRUSTED_HOSTS"}
    return names - OURS_ALONE


def settings_told(page: Path) -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)`", page.read_text(encoding="utf-8"), re.M))


def test_every_setting_is_on_the_page_and_no_other() -> None:
    assert settings_told(PAGE) == settings_read()


def test_readme_names_no_setting_that_is_not_on_the_page() -> None:
    in_tests = {"TEST_DATABASE_URL", "VERTSKAP_CHROMIUM"}
    assert settings_told(ROOT / "README.md") - in_tests <= settings_told(PAGE)


def test_figures_on_the_page_are_those_that_are_given() -> None:
    source = (ROOT / "app" / "web" / "metrics.py").read_text(encoding="utf-8")
    told = set(re.findall(r"vertskap_[a-z_]+", PAGE.read_text(encoding="utf-8")))
    jobs = set(re.findall(r'^        "([a-z_]+)": \(', source, re.M))
    given = set(re.findall(r'"(vertskap_[a-z_]+)"', source)) | {f"vertskap_job_{name}" for name in jobs}
    assert {name.removesuffix("_total") for name in told} == given


def test_nginx_takes_the_proxys_files(tmp_path: Path) -> None:
    nginx = find_nginx()
    if nginx is None:
        pytest.skip("nginx is not installed")
    folder = ROOT / "deploy" / "nginx"
    certificate(tmp_path)
    text = (folder / "vertskap.conf").read_text(encoding="utf-8")
    text = re.sub(r"/etc/ssl/\S+\.pem", str(tmp_path / "pem"), text)
    text = re.sub(r"/etc/ssl/\S+\.key", str(tmp_path / "key"), text)
    text = text.replace("/var/log/nginx", str(tmp_path))
    text = re.sub(r"listen \[::\]:\S+.*", "", text)  # a machine without IPv6 can look at it too
    (tmp_path / "vertskap.conf").write_text(re.sub(r"listen (80|443)", r"listen 127.0.0.1:1\1", text))
    for name in ("vertskap-locations.conf", "vertskap-logging.conf"):
        shutil.copy(folder / name, tmp_path)
    paths = "".join(
        f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {paths} include {tmp_path}/vertskap.conf; }}"
    )
    tried = subprocess.run(
        [nginx, "-t", "-e", str(tmp_path / "log"), "-c", str(main)], capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr


def certificate(folder: Path) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=visits.example.org"]
    subprocess.run([*made, "-keyout", folder / "key", "-out", folder / "pem"], capture_output=True, check=True)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(
            text.replace("/opt/vertskap/.venv/bin", str(BIN)).replace("/opt/vertskap", str(ROOT))
        )
    units = ["vertskap-web@8001.service", "vertskap-web@8001.socket", "vertskap-scheduler@1.service"]
    units += ["vertskap-backup.service", "vertskap-backup.timer"]
    for name in units:
        template = re.sub(r"@\w+", "@", name)
        if template != name:
            shutil.copy(tmp_path / template, tmp_path / name)
    tried = subprocess.run(
        [analyze, "verify", "--man=no", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in tried.stderr.splitlines() if "vertskap" in line]
    assert said == []


@pytest.mark.parametrize("unit", ["vertskap-web@.service", "vertskap-scheduler@.service", "vertskap-backup.service"])
def test_units_let_the_application_do_little(unit: str) -> None:
    lines = (UNITS / unit).read_text(encoding="utf-8").splitlines()
    wanted = {
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "CapabilityBoundingSet=",
        "PrivateTmp=yes",
    }
    wanted |= {"SystemCallFilter=@system-service", "UMask=0077", "User=vertskap", "RestrictNamespaces=yes"}
    assert wanted - set(lines) == set()
