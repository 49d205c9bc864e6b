#!/usr/bin/env python3
"""Every command starts here: `python3 manage.py demo`, `python3 manage.py test`, any management command.

Standard library only until the packages are there (ruling 30); what finds or installs them is fupin/bootstrap.py.
"""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location

ROOT = os.path.dirname(os.path.abspath(__file__))


def load_bootstrap():
    """fupin/bootstrap.py by its path: importing the package would import Celery, which a bare machine lacks."""
    spec = spec_from_file_location("fupin_bootstrap", os.path.join(ROOT, "fupin", "bootstrap.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_tests(arguments):
    import pytest

    os.chdir(ROOT)
    return pytest.main(arguments)


def main():
    if sys.version_info < (3, 11):
        sys.exit("需要 Python 3.11 或更高版本 / Python 3.11 or newer is needed: " + sys.version.split()[0])
    sys.argv[:] = argv = load_bootstrap().ensure_packages(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings")
    if argv[1:2] == ["test"]:
        sys.exit(run_tests(argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


if __name__ == "__main__":
    main()
